import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto import mock_aws

from circulation.container import container
from circulation.store import Store
from cli.local_stack.resources import make_queues, make_tables
from cli.local_stack.template import Template


@pytest.fixture(scope="session")
def template() -> Template:
    return Template.load(
        {
            "PublicationTitle": "The Daily Example",
            "PublicationUrl": "https://news.example/",
            "PublicationDescription": "News & more",
            "PublicationZone": "Asia/Baku",
        }
    )


@pytest.fixture
def store(template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the functions use, on moto's tables made from template.yaml."""
    with mocked_aws(template, monkeypatch) as queues:
        for name, value in template.environment(queues).items():
            monkeypatch.setenv(name, value)
        container.cache_clear()
        yield container().store
        container.cache_clear()


@contextmanager
def mocked_aws(template: Template, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Make the template's tables and queues in moto; give the URL of each queue."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        make_tables(template)
        yield make_queues(template)
