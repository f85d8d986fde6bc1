import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import boto3
import pytest
from hypothesis import settings
from moto import mock_aws
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber

from circulation.aws.sdk import session
from circulation.runtime import Container, container
from circulation_cli.local_stack.resources import make_tables
from circulation_cli.local_stack.template import Template
from tests.dynamodb_wire import DynamoDBWire

REGION = "eu-central-1"
CLIENT_CONFIG = session().get_default_client_config()
"""How long functions wait; the command line and the local stack change it for their process."""
# No test fails because the machine is busy; that time grows no faster than a text has its own test.
settings.register_profile("untimed", settings(), deadline=None)
# What the second Python does otherwise shows in few examples; the first seeks the rare ones.
settings.register_profile("second-python", settings(), deadline=None, max_examples=20)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Give sets one order in the workers, as the Makefile does in every process."""
    os.environ.setdefault("PYTHONHASHSEED", "0")


def pytest_report_header() -> str | None:
    """Say whether a seed that is printed makes the same simulated world again."""
    if sys.flags.hash_randomization:
        return "PYTHONHASHSEED is not 0 in this process: a simulation's seed makes another world."
    return None


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep what shares a module's fixtures on one worker; everything else goes to any.

    And mark what is stored behind the SDK.
    """
    assert isinstance(item, pytest.Function)
    # Nothing public of pytest tells, before a test runs, the scope of the fixtures that it uses.
    fixtures = chain.from_iterable(item._fixtureinfo.name2fixturedefs.values())  # noqa: SLF001
    if any(fixture.scope == "module" for fixture in fixtures):
        item.add_marker(pytest.mark.xdist_group(item.path.stem))
    if "empty_resources" in item.fixturenames:
        item.add_marker(pytest.mark.moto)


@pytest.fixture(scope="session")
def template() -> Template:
    return Template.load(
        {
            "PublicationTitle": "The Daily Example",
            "PublicationUrl": "https://news.example/",
            "PublicationDescription": "News & more",
            "PublicationZone": "Asia/Baku",
            "MailSender": "news@news.example",
            "MailPublisher": "Example Press",
            "MailPostalAddress": "1 Example Quay, 1000 Exampletown",
            "ReportTo": "desk@news.example",
            "DirectCalls": "off",  # what listens to calls listens to the SDK's
        }
    )


@dataclass(frozen=True)
class EmptyResources:
    """The template's tables and queues as they are made, to start each test from.

    Moto takes longer to make them than most tests take.
    """

    session: boto3.Session
    """What has read botocore's descriptions of the services, which takes as long again."""
    tables: Mapping[str, Any]
    """Moto's own objects, by name."""
    queues: Mapping[str, str]
    """The URL of each queue."""
    environment: Mapping[str, str]
    """Of the functions, as the template has it."""

    @classmethod
    def of(cls, template: Template) -> Self:
        with pytest.MonkeyPatch.context() as patch, mocked_aws(template, patch) as queues:
            session = boto3.DEFAULT_SESSION
            assert session
            tables = deepcopy(_backend("dynamodb").tables)
            return cls(session, tables, queues, template.environment(queues))

    def reset(self, *, tables: bool = True) -> None:
        """Leave nothing in moto but the empty queues and, if they are used, the empty tables."""
        BackendDict.reset()
        if tables:
            _backend("dynamodb").tables = deepcopy(self.tables)
        for name in self.queues:
            _backend("sqs").create_queue(name)


@pytest.fixture(scope="session")
def empty_resources(template: Template) -> EmptyResources:
    return EmptyResources.of(template)


@pytest.fixture
def store_on_moto(
    empty_resources: EmptyResources, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    """The store that the functions use, on moto's tables made from template.yaml."""
    with _stored(empty_resources, monkeypatch, tables=True) as made:
        yield made


@pytest.fixture(scope="session")
def dynamodb_wire(template: Template) -> DynamoDBWire:
    return DynamoDBWire(template)


@pytest.fixture
def store_on_wire(
    empty_resources: EmptyResources, dynamodb_wire: DynamoDBWire, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Container]:
    """The store that the functions use, whose calls the SDK makes to tables in memory.

    They take a small part of moto's time, whose are the queues.
    """
    dynamodb_wire.empty()
    sessions = session(), empty_resources.session.events
    for each in sessions:
        each.register("before-send.dynamodb", dynamodb_wire.answer)
    try:
        with _stored(empty_resources, monkeypatch, tables=False) as made:
            yield made
    finally:
        for each in sessions:
            each.unregister("before-send.dynamodb", dynamodb_wire.answer)


@pytest.fixture
def store(store_on_wire: Container) -> Container:
    """The store of a test that says nothing of what stands behind the SDK."""
    return store_on_wire


@contextmanager
def _stored(
    resources: EmptyResources, monkeypatch: pytest.MonkeyPatch, *, tables: bool
) -> Iterator[Container]:
    """Give a store that has nothing yet, and leave none to the next test."""
    set_credentials(monkeypatch)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", resources.session)
    # What mock_aws does as well, to stop calls that are not the SDK's, takes longer than a test.
    monkeypatch.setattr(botocore_stubber, "enabled", True)
    resources.reset(tables=tables)
    session().set_default_client_config(CLIENT_CONFIG)
    for name, value in resources.environment.items():
        monkeypatch.setenv(name, value)
    container.cache_clear()
    yield container()
    container.cache_clear()


@pytest.fixture
def own_process() -> Iterator[None]:
    """Undo afterwards what the command line sets for its process."""
    environment, config = dict(os.environ), session().get_default_client_config()
    yield
    os.environ.clear()
    os.environ.update(environment)
    session().set_default_client_config(config)
    container.cache_clear()


@contextmanager
def mocked_aws(template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Make the template's tables and queues in moto; give the URL of each queue."""
    set_credentials(monkeypatch)
    with mock_aws():
        make_tables(template)
        yield make_queues(template)


def set_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the SDK know a region and made-up keys, and nothing of this machine's account."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def make_queues(template: Template) -> dict[str, str]:
    """Make the template's queues; give the URL of each by its name."""
    client = boto3.client("sqs")
    return {
        name: client.create_queue(QueueName=name)["QueueUrl"]
        for name in template.resources("AWS::SQS::Queue")
    }


def _backend(service: str) -> Any:
    return get_backend(service)[DEFAULT_ACCOUNT_ID][REGION]  # type: ignore[call-overload]
