"""circulation share over the tables: what a link opens, its end, and that it is shown once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from click.testing import CliRunner, Result

from circulation.access.grant import Extent
from circulation.access.keys import SHARES
from circulation.access.share import MAX_SHARES
from circulation.access.tokens import is_name, sha256_of
from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.runtime import Container
from circulation_cli import share as command
from circulation_cli.deployment import Deployment
from circulation_cli.refused import Refused
from tests.builders import NOW, article

API = "https://api.example"


@pytest.fixture(autouse=True)
def stack(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(Deployment, "container", lambda *_: store)
    monkeypatch.setattr(Deployment, "api_url", lambda _: API)
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    return store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.share, arguments)


def refusal(*arguments: str) -> str:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result
    return result.stderr


@pytest.mark.parametrize(
    ("option", "extent", "subject", "query"),
    [
        (["--site"], Extent.SITE, "", {}),
        (["--section", "city"], Extent.SECTION, "city", {"section": ["city"]}),
        (
            ["--article", "harbour-clock"],
            Extent.ARTICLE,
            "harbour-clock",
            {"article": ["harbour-clock"]},
        ),
    ],
)
def test_a_link_is_made_for_one_thing_and_printed_once(
    stack: Container, option: list[str], extent: Extent, subject: str, query: dict[str, list[str]]
) -> None:
    result = run("new", "desk", *option, "--days", "3")
    assert result.exit_code == 0, result.output
    address = urlsplit(result.stdout.strip())
    asked = parse_qs(address.query)
    (key,) = asked.pop("share")
    assert (f"{address.scheme}://{address.netloc}", address.path) == (API, "/statistics")
    assert asked == query
    (made,) = stack.shares.all()
    assert (made.name, made.extent, made.subject) == ("desk", extent, subject)
    assert made.sha256 == sha256_of(key)
    assert made.until - made.created == timedelta(days=3)
    assert key not in str(list(stack.library_table.query(SHARES)))
    assert key not in run("list").stdout + run("list", "--json").stdout


def test_two_links_have_two_keys_and_names_of_their_own(stack: Container) -> None:
    links = {run("new", "--site", "--days", "1").stdout for _ in range(2)}
    assert len(links) == 2
    names = [link.name for link in stack.shares.all()]
    assert all(name.startswith("site-") and is_name(name) for name in names)


def test_a_date_is_the_last_day_in_the_publications_time_zone(stack: Container) -> None:
    assert str(stack.settings.zone) == "Asia/Baku"  # UTC+4
    run("new", "desk", "--site", "--until", "2099-12-31")
    (made,) = stack.shares.all()
    assert made.until == datetime(2099, 12, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--days", "1"], "one thing"),
        (["--site", "--section", "city", "--days", "1"], "one thing"),
        (["--site"], "one end"),
        (["--site", "--days", "1", "--until", "2099-12-31"], "one end"),
        (["--site", "--until", "2020-01-31"], "over"),
        (["--site", "--until", "soon"], "soon"),
        (["--site", "--days", "0"], "--days"),
        (["--section", "citty", "--days", "1"], "citty"),
        (["--article", "harbor-clock", "--days", "1"], "harbor-clock"),
        (["--site", "--days", "1", "A Name"], "no name"),
    ],
)
def test_what_is_not_meant_is_refused(stack: Container, arguments: list[str], reason: str) -> None:
    assert reason in refusal("new", *arguments)
    assert stack.shares.all() == []


def test_a_name_is_given_once_and_no_link_is_made_beyond_the_bound() -> None:
    for number in range(MAX_SHARES):
        assert run("new", f"s{number}", "--site", "--days", "1").exit_code == 0
    assert "revoke it first" in refusal("new", "s1", "--site", "--days", "1")
    assert f"{MAX_SHARES} links" in refusal("new", "more", "--site", "--days", "1")


def test_links_are_listed_with_what_they_open_and_whether_they_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("new", "desk", "--section", "city", "--days", "1")
    made: dict[str, Any] = json.loads(run("new", "all", "--site", "--days", "9", "--json").stdout)
    assert made["link"].startswith(f"{API}/statistics?share=")
    later = datetime.now(UTC) + timedelta(days=2)

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return later.astimezone(tz)

    monkeypatch.setattr(command, "datetime", Later)
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)}
    assert rows["all"] == {key: value for key, value in made.items() if key != "link"}
    assert rows["desk"]["status"] == "ended"
    first, second = run("list").stdout.splitlines()
    assert first.split("\t") == ["all", "site", made["until"], "open"]
    assert second.split("\t") == ["desk", "section city", rows["desk"]["until"], "ended"]


def test_a_link_is_revoked_by_its_name(stack: Container) -> None:
    run("new", "desk", "--site", "--days", "1")
    assert "no link 'other'" in refusal("revoke", "other")
    assert run("revoke", "desk").stdout == "revoked desk\n"
    assert stack.shares.all() == []
    assert "no link" in refusal("revoke", "desk")


class Stacks:
    """CloudFormation, with the outputs of a stack."""

    def __init__(self, **outputs: str) -> None:
        self._outputs = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]

    def client(self, _service: str) -> "Stacks":
        return self

    def describe_stacks(self, **_: str) -> Any:
        return {"Stacks": [{"Outputs": self._outputs}]}


def test_a_link_of_a_deployed_stack_has_the_address_that_its_outputs_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(boto3, "Session", lambda **_: Stacks(ApiUrl="https://count.example/"))
    assert Deployment(Path(), "news").api_url() == "https://count.example"
    monkeypatch.setattr(boto3, "Session", lambda **_: Stacks())
    with pytest.raises(Refused, match="not whole"):
        Deployment(Path(), "news").api_url()
