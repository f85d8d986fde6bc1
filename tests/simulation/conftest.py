import os
from collections.abc import Iterator

import boto3
import pytest

from circulation.settings import Settings
from circulation_cli.local_stack.ministack import ministack
from circulation_cli.local_stack.resources import make_tables
from circulation_cli.local_stack.template import Template


def settings_of_world() -> Settings:
    told = {
        "PublicationTitle": "The Daily Example",
        "PublicationUrl": "https://news.example/",
        "PublicationDescription": "News",
    }
    return Settings(Template.load(told).environment({"SealQueue": "https://sqs.example/seals"}))


@pytest.fixture(scope="session", autouse=True)
def stack() -> Iterator[None]:
    """The name of the stack, under which functions put out metrics."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STACK_NAME", "simulated")
        yield


@pytest.fixture(scope="session")
def settings() -> Settings:
    return settings_of_world()


def keep_what_expires() -> None:
    """Have the engine delete nothing: by its clock the simulated days are long over."""
    client = boto3.client("dynamodb")
    for table in client.list_tables()["TableNames"]:
        told = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if told["TimeToLiveStatus"] == "ENABLED":
            client.update_time_to_live(
                TableName=table,
                TimeToLiveSpecification={"Enabled": False, "AttributeName": "ttl"},
            )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real DynamoDB over HTTP, with the template's tables."""
    state = tmp_path_factory.mktemp("state")
    before = dict(os.environ)
    with (state / "lock").open("w") as lock, ministack(state, before, lock.fileno()) as url:
        os.environ |= {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "NO_PROXY": "127.0.0.1",
        }
        try:
            make_tables(Template.load({}))
            keep_what_expires()
            yield url
        finally:
            os.environ.clear()
            os.environ |= before
