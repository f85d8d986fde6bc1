"""The token that the local stack begins with, and where the command finds a stack's tables."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from circulation.access.keys import TOKENS
from circulation.access.tokens import Scope, Token, sha256_of
from circulation.runtime import Container
from circulation_cli.local_stack.resources import LOCAL, make_token
from circulation_cli.local_stack.template import Template
from circulation_cli.main import circulation
from tests.builders import NOW


def tokens(store: Container) -> dict[str, str]:
    return {token.name: token.sha256 for token in store.tokens.all()}


def test_the_first_start_lets_the_token_in_for_everything(store: Container) -> None:
    make_token("secret", store.tokens, store.library_table, now=NOW)
    assert store.tokens.all() == [Token(LOCAL, sha256_of("secret"), frozenset(Scope), NOW)]


@pytest.mark.parametrize("revoked", [True, False])
def test_a_later_start_with_the_same_token_changes_nothing(store: Container, revoked: bool) -> None:
    make_token("secret", store.tokens, store.library_table, now=NOW)
    store.tokens.add(Token("cms", sha256_of("cms"), frozenset(Scope), NOW))
    if revoked:
        store.tokens.revoke(LOCAL)
    before = list(store.library_table.query(TOKENS))
    for day in range(1, 4):
        make_token("secret", store.tokens, store.library_table, now=NOW + timedelta(days=day))
    assert list(store.library_table.query(TOKENS)) == before


def test_a_start_with_another_token_lets_that_in_and_no_other_of_its_own(store: Container) -> None:
    make_token("secret", store.tokens, store.library_table, now=NOW)
    store.tokens.add(Token("cms", sha256_of("cms"), frozenset(Scope), NOW))
    make_token("other", store.tokens, store.library_table, now=NOW)
    assert tokens(store) == {"cms": sha256_of("cms"), LOCAL: sha256_of("other")}
    store.tokens.revoke(LOCAL)
    make_token("secret", store.tokens, store.library_table, now=NOW)
    assert tokens(store) == {"cms": sha256_of("cms"), LOCAL: sha256_of("secret")}


def test_a_start_that_was_cut_off_is_made_up_for(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store.library_table, "update", stop)
        with pytest.raises(KeyboardInterrupt):
            make_token("secret", store.tokens, store.library_table, now=NOW)
    make_token("secret", store.tokens, store.library_table, now=NOW)
    store.tokens.revoke(LOCAL)
    assert not make_token("secret", store.tokens, store.library_table, now=NOW)
    assert tokens(store) == {}


def test_a_start_says_whether_its_token_is_let_in(store: Container) -> None:
    assert make_token("secret", store.tokens, store.library_table, now=NOW)
    assert make_token("secret", store.tokens, store.library_table, now=NOW)
    store.tokens.revoke(LOCAL)
    store.tokens.add(Token(LOCAL, sha256_of("made by hand"), frozenset(Scope), NOW))
    assert not make_token("secret", store.tokens, store.library_table, now=NOW)
    assert make_token("other", store.tokens, store.library_table, now=NOW)


class CloudFormation:
    """Knows the resources of one stack: an account's session, and both clients of it."""

    region_name = "eu-central-1"

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def client(self, _service: str) -> Self:
        return self

    def describe_stack_resource(self, *, StackName: str, LogicalResourceId: str) -> Any:  # noqa: N803
        if StackName != "news":
            told = {"Error": {"Code": "ValidationError", "Message": "no such stack"}}
            raise ClientError(told, "DescribeStackResource")
        return {"StackResourceDetail": {"PhysicalResourceId": LogicalResourceId}}

    def get_function_configuration(self, *, FunctionName: str) -> Any:  # noqa: N803
        assert FunctionName == "SealArticles"
        return {"Environment": {"Variables": self._environment}}


@pytest.fixture
def stack(
    store_on_moto: Container, template: Template, monkeypatch: pytest.MonkeyPatch
) -> Container:
    """A deployed stack, of which CloudFormation knows the function that works on both tables."""
    known = CloudFormation(template.environment_of("SealArticles", {}))
    monkeypatch.setattr(boto3, "Session", lambda **_: known)
    assert store_on_moto.library_table.name == "Library"
    assert store_on_moto.tokens.all() == []
    # Opened above: what the environment says of it goes.
    for name in ("LIBRARY_TABLE", "LEDGER_TABLE", "SALTS_TABLE", "SEAL_QUEUE_URL"):
        monkeypatch.delenv(name)
    return store_on_moto


def run(*arguments: str) -> Any:
    return CliRunner().invoke(circulation, arguments)


def test_the_tokens_of_a_stack_are_made_in_the_table_of_the_stack(stack: Container) -> None:
    made = run("token", "new", "cms", "--stack", "news")
    assert made.exit_code == 0, made.output
    assert tokens(stack) == {"cms": sha256_of(made.output.strip())}
    assert run("token", "list", "--stack", "news").output.startswith("cms\tpublish,read\t")
    assert run("token", "revoke", "cms", "--stack", "news").exit_code == 0
    assert tokens(stack) == {}


def test_a_day_of_a_stack_is_recounted_in_its_tables(stack: Container) -> None:
    stack.books.day_book.open("harbour-clock", "2026-03-14")
    told = run("recount", "2026-03-14", "--write", "--stack", "news")
    assert told.exit_code == 0, told.output
    assert "1 articles, 0 with drift" in told.output


def test_a_stack_that_is_not_there_is_one_line_and_exit_code_2(
    stack: Container, tmp_path: Path
) -> None:
    for options in (("--stack", "other"), ("--state", str(tmp_path))):
        told = run("token", "list", *options)
        assert told.exit_code == 2
        assert len(told.output.splitlines()) == 1
    assert tokens(stack) == {}


def test_a_table_that_may_not_be_used_is_one_line_and_exit_code_2(
    stack: Container,
) -> None:
    boto3.client("dynamodb").delete_table(TableName=stack.library_table.name)
    for command in (("list",), ("new", "cms"), ("revoke", "cms")):
        told = run("token", *command, "--stack", "news")
        assert (told.exit_code, told.output.count("\n")) == (2, 1)
        assert "ResourceNotFoundException" in told.output
