"""circulation stats, by the function on tables in memory."""

import csv
import io
import json
import re
from collections.abc import Callable

import httpx
import pytest
from click.testing import CliRunner, Result

from circulation.access.tokens import Scope, Token, sha256_of
from circulation.statistics.rollup import THE_SITE, Rollup
from circulation_cli.main import circulation
from circulation_cli.stats import sparkline
from functions import read_statistics
from tests.builders import NOW, TODAY, http_event
from tests.memory_store import metered_tables, store_on

Run = Callable[..., Result]


def answer(request: httpx.Request) -> httpx.Response:
    """Answer as the stack does."""
    path = request.url.path.removeprefix("/statistics/")
    match = re.fullmatch("articles/(.+)", path)
    event = http_event(
        "GET /statistics/articles/{id}" if match else f"GET /statistics/{path}",
        path={"id": match[1]} if match else {},
        query=dict(request.url.params),
        headers={"authorization": request.headers.get("authorization", "")},
        scopes=None,
    )
    told = read_statistics.handler(event, None)
    return httpx.Response(told["statusCode"], text=told["body"])


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    tables = metered_tables()
    store = store_on(tables)
    store.tokens_client = tables  # type: ignore[assignment]
    store.tokens.add(Token("desk", sha256_of("t"), frozenset({Scope.READ}), NOW))
    hours = {hour: 10 * hour for hour in range(10)}
    day = Rollup(450, 1, hours, sections={"city": 300, "[red]sport": 150})
    store.rollups.put(THE_SITE, TODAY, day, as_of=NOW, clock=NOW)
    monkeypatch.setattr(read_statistics, "container", lambda: store)
    client = httpx.Client
    monkeypatch.setattr(
        httpx, "Client", lambda **told: client(**told, transport=httpx.MockTransport(answer))
    )

    def invoke(*arguments: str, status: int = 0, token: str = "t") -> Result:  # noqa: S107  of the stack above
        target = ["--url", "https://api.example", "--token", token]
        result = CliRunner().invoke(circulation, ["stats", *arguments, *target])
        assert result.exit_code == status, (result.output, result.exception)
        return result

    return invoke


def test_the_site_is_shown_in_a_sentence_a_line_of_blocks_and_tables(run: Run) -> None:
    shown = run("site", "--compare", "none").output
    assert "450 views" in shown
    assert "▁" in shown
    assert "█" in shown
    assert re.search(r"city\s+300\s+67%", shown)
    assert "[red]sport" in shown


def test_tables_of_sections_authors_and_tags_are_shown(run: Run) -> None:
    assert "city" in run("sections", "--limit", "1").output
    assert "other" in run("sections", "--limit", "1").output
    assert run("authors").output == ""
    assert run("tags", "--period", "week").output == ""


def test_json_and_csv_are_those_of_the_api(run: Run) -> None:
    assert json.loads(run("site", "--json").output)["all_views"] == 450
    rows = list(csv.DictReader(io.StringIO(run("sections", "--csv").output)))
    assert [row["views"] for row in rows] == ["300", "150"]


def test_nothing_to_show_is_shown_so(run: Run) -> None:
    assert "0 views in the last five minutes" in run("live").output
    assert run("top").output == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("site", "--date", "2026-02-30"),
        ("top", "--period", "range"),
        ("article", "NO ID"),
        ("article", "none"),
        ("site", "--json", "--csv"),
    ],
)
def test_bad_input_is_refused_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    refused = run(*arguments, status=2)
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1


def test_a_wrong_token_is_refused(run: Run) -> None:
    assert "token" in run("site", token="wrong", status=2).stderr


def test_a_sparkline_is_as_high_as_its_largest_number() -> None:
    assert sparkline([0, 7, 14, None]) == "▁▄█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""
