"""Commands on a deployed stack: what AWS refuses is one line that says what helps."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import boto3
import click
import pytest
from botocore.loaders import JSONFileLoader
from click.testing import CliRunner, Result

from circulation.aws.sdk import session
from circulation_cli.deployment import ENVIRONMENT, PATIENT, Deployment
from circulation_cli.local_stack.template import Template
from circulation_cli.main import circulation
from tests.cli.account import Account
from tests.cli.commands import commands_of
from tests.cli.state import running_on
from tests.servers import serving

ERROR = "<ErrorResponse><Error><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"
STACK = """<DescribeStackResourceResponse><DescribeStackResourceResult><StackResourceDetail>{}
</StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>"""


NEEDED: dict[tuple[str, ...], tuple[str, ...]] = {
    ("share", "new"): ("--site", "--days", "7"),
}
"""Options that a command does not go without."""


def on_a_stack(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Name every command that works on a deployed stack, with arguments that it takes."""
    if isinstance(command, click.Group):
        for name, below in commands_of(command).items():
            yield from on_a_stack(below, (*words, name))
    elif any(parameter.name == "stack" for parameter in command.params):
        arguments = [
            parameter for parameter in command.params if isinstance(parameter, click.Argument)
        ]
        example = {
            "address": "sam@mail.example",
            "date": "2026-01-31",
            "day": "2026-01-31",
            "file": __file__,
            "frequency": "daily",
            "name": "ann",
        }
        yield (*words, *(example[str(argument.name)] for argument in arguments))


COMMANDS = [(*command, *NEEDED.get(command[:2], ())) for command in on_a_stack(circulation)]


load_file = JSONFileLoader.load_file


@cache
def load_once(path: str) -> Any:
    """Read one of botocore's descriptions once for all sessions: reading takes most of a test."""
    return load_file(JSONFileLoader(), path)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Be a user without region, credentials and configuration; no command writes that."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setattr(JSONFileLoader, "load_file", lambda _, path: load_once(path))
    yield
    assert session().get_default_client_config().read_timeout < PATIENT.read_timeout


class Aws(BaseHTTPRequestHandler):
    """Answers every call alike."""

    answer: ClassVar[tuple[int, str]]

    def do_POST(self) -> None:
        status, body = self.answer
        self.send_response(status)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, str], None]]:
    """An account in which every call gets the answer that is set."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    with serving(server):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        yield lambda status, body: setattr(Aws, "answer", (status, body))


def run(*words: str) -> Result:
    return CliRunner().invoke(circulation, words)


def refusal(result: Result) -> str:
    assert result.exit_code == 2, result
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_region_is_asked_for(command: tuple[str, ...]) -> None:
    assert "--region" in refusal(run(*command, "--stack", "news"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_credentials_are_asked_for(command: tuple[str, ...]) -> None:
    line = refusal(run(*command, "--stack", "news", "--region", "eu-central-1"))
    assert "aws sso login" in line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_profile_that_is_not_there_is_named(command: tuple[str, ...]) -> None:
    assert "(work)" in refusal(run(*command, "--stack", "news", "--profile", "work"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, ERROR.format("ValidationError", "Stack 'news' does not exist"), "no stack news"),
        (400, ERROR.format("ValidationError", "Resource X does not exist for stack news"), "news"),
        (403, ERROR.format("AccessDenied", "User x may not\nperform y"), "User x may not perform"),
        (403, ERROR.format("ExpiredToken", "The security token is expired"), "expired"),
        (400, ERROR.format("Throttling", "Rate exceeded"), "Rate exceeded"),
        (500, "<html>\n<body>gateway\nfailed</body></html>", "500"),
        (200, STACK.format("<ResourceStatus>CREATE_FAILED</ResourceStatus>"), "not whole"),
        (200, "not\nxml", "parse"),
    ],
)
def test_what_aws_refuses_is_one_line(
    aws: Callable[[int, str], None], command: tuple[str, ...], status: int, body: str, reason: str
) -> None:
    aws(status, body)
    line = refusal(run(*command, "--stack", "news", "--region", "eu-central-1"))
    assert reason in line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_account_that_cannot_be_reached_is_one_line(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert "127.0.0.1:9" in refusal(run(*command, "--stack", "news", "--region", "eu-central-1"))


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_the_region_comes_from_either_variable(
    aws: Callable[[int, str], None], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "sa-east-1")
    aws(400, ERROR.format("ValidationError", "Stack 'news' does not exist"))
    assert "sa-east-1" in refusal(run(*COMMANDS[0], "--stack", "news"))


def test_a_laptop_has_longer_than_lambda_to_connect_and_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(boto3, "Session", lambda **_: Account({}))
    container = Deployment(Path(), "news", "sa-east-1").container()
    config = container.client.meta.config
    assert config.connect_timeout >= 10
    assert config.read_timeout >= 30
    assert container.client.meta.region_name == "sa-east-1"


def test_stacks_are_reached_side_by_side_and_the_environment_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, template: Template
) -> None:
    before = dict(os.environ)
    named = template.environment({})
    monkeypatch.setattr(boto3, "Session", lambda **_: Account(named | {"LIBRARY_TABLE": "News"}))
    with running_on(tmp_path, reached(template)):
        here = Deployment(tmp_path).container()
    there = Deployment(tmp_path, "news", "sa-east-1", None).container()
    assert (here.library_table.name, there.library_table.name) == ("Library", "News")
    assert here.client.meta.endpoint_url == "http://127.0.0.1:9"
    assert there.client.meta.endpoint_url == "https://dynamodb.sa-east-1.amazonaws.com"
    assert dict(os.environ) == before


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy"])
def test_no_proxy_is_asked_for_a_local_stack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, template: Template, variable: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "http://192.0.2.1:3128")
    with running_on(tmp_path, reached(template)):
        line = refusal(run("token", "list", "--state", str(tmp_path)))
    assert "127.0.0.1:9" in line
    assert "192.0.2.1" not in line


def reached(template: Template) -> dict[str, str]:
    """What a local stack says of itself; nothing answers there."""
    return template.environment(dict.fromkeys(("SealQueue", "PingQueue"), "https://q.example")) | {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }


def test_a_local_stack_is_asked_whatever_profile_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, template: Template
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "work")
    with running_on(tmp_path, reached(template)):
        line = refusal(run("token", "list", "--state", str(tmp_path)))
    assert "127.0.0.1:9" in line


def test_a_stack_of_another_version_is_refused(tmp_path: Path) -> None:
    with running_on(tmp_path, {"AWS_DEFAULT_REGION": "eu-central-1"}):
        line = refusal(run("token", "list", "--state", str(tmp_path)))
    assert "another version" in line


def test_the_tables_that_a_killed_stack_has_left_word_of_are_not_asked(tmp_path: Path) -> None:
    with running_on(tmp_path, {"AWS_DEFAULT_REGION": "eu-central-1"}):
        left = (tmp_path / ENVIRONMENT).read_text()
    (tmp_path / ENVIRONMENT).write_text(left)
    line = refusal(run("token", "list", "--state", str(tmp_path)))
    assert line.startswith(f"Error: no local stack is running on {tmp_path}; ")
