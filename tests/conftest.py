import os
from collections.abc import Iterator

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
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        make_tables(template)
        for name, value in template.environment(make_queues(template)).items():
            monkeypatch.setenv(name, value)
        container.cache_clear()
        yield container().store
        container.cache_clear()
