"""circulation totals and export, by the functions on tables in memory."""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation_cli.main import circulation
from functions import publish_articles, read_articles
from tests.builders import http_event, line, submitted
from tests.memory_store import store_in_memory

CLOCK = "harbour-clock"
ROUTES: dict[str, tuple[str, ModuleType]] = {
    r"/articles/(?P<id>[^/]+)/corrections": ("/articles/{id}/corrections", publish_articles),
    r"/articles/batch": ("/articles/batch", publish_articles),
    r"/export": ("/export", publish_articles),
    r"/views": ("/views", read_articles),
    r"/articles/(?P<id>[^/]+)": ("/articles/{id}", publish_articles),
}
Run = Callable[..., Result]


class Stack:
    """A stack whose functions answer requests directly."""

    def __init__(self) -> None:
        self.store = store_in_memory()
        self.busy = 0
        """So many requests are stored, and their answers are lost."""

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        for pattern, (route, function) in ROUTES.items():
            if match := re.fullmatch(pattern, path):
                event = http_event(
                    f"{request.method} {route}",
                    path=match.groupdict(),
                    query=dict(request.url.params),
                    body=request.content.decode(),
                )
                answer = function.handler(event, None)
                if self.busy and request.method == "POST":
                    self.busy -= 1
                    return httpx.Response(503)
                return httpx.Response(answer["statusCode"], text=answer["body"])
        raise LookupError(path)

    def publish(self, article_id: str, **changes: Any) -> None:
        event = http_event("PUT /articles/{id}", path={"id": article_id}, body=submitted(**changes))
        assert publish_articles.handler(event, None)["statusCode"] in (200, 201)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Stack:
    made = Stack()

    def current() -> Container:
        return made.store

    client = httpx.Client
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.setattr(publish_articles, "container", current)
    monkeypatch.setattr(read_articles, "container", current)
    monkeypatch.setattr(
        httpx, "Client", lambda **told: client(**told, transport=httpx.MockTransport(made.answer))
    )
    made.publish(CLOCK, views_before=346)
    tally(Batch("s", [line(1), line(2)]), made.store.books)
    return made


@pytest.fixture
def run(stack: Stack) -> Run:  # noqa: ARG001  it answers
    def invoke(*arguments: str, status: int = 0) -> Result:
        target = ["--url", "https://api.example", "--token", "t"]
        result = CliRunner().invoke(circulation, [*arguments, *target])
        assert result.exit_code == status, (result.output, result.exception)
        return result

    return invoke


def test_a_number_is_shown_by_its_parts(run: Run) -> None:
    run("totals", "set", CLOCK, "46", "--why", "wrong column")
    run("totals", "correct", CLOCK, "-1", "--why", "attack of 3 May")
    shown = run("totals", "show", CLOCK).output.splitlines()
    assert [entry.split() for entry in shown[:4]] == [
        ["older", "total", "46", "imported", "as", "346"],
        ["counted", "here", "2"],
        ["corrections", "-1"],
        ["views", "47"],
    ]
    assert sorted(shown[4:]) == [  # they are of one second
        "2026-03-14T15:09:26Z  tests  -1  attack of 3 May",
        "2026-03-14T15:09:26Z  tests  total 46  wrong column",
    ]


def test_json_is_the_answer_of_the_api(run: Run) -> None:
    answer = json.loads(run("totals", "set", CLOCK, "0", "--why", "x", "--json").output)
    assert (answer["views"], answer["views_corrected"]) == (2, -346)
    assert json.loads(run("totals", "show", CLOCK, "--json").output) == answer


def test_an_answer_that_is_lost_corrects_once(run: Run, stack: Stack) -> None:
    stack.busy = 2
    run("totals", "correct", CLOCK, "-46", "--why", "x")
    assert stack.store.books.count(CLOCK).views == 302


@pytest.mark.parametrize(
    "arguments",
    [
        ("correct", CLOCK, "0", "--why", "x"),
        ("correct", CLOCK, "-349", "--why", "x"),
        ("correct", CLOCK, "-1", "--why", " "),
        ("correct", CLOCK, "-1", "--why", "x" * 501),
        ("correct", "No id", "-1", "--why", "x"),
        ("correct", "nobody", "-1", "--why", "x"),
        ("correct", CLOCK, "many", "--why", "x"),
        ("correct", CLOCK, "-1"),
        ("set", CLOCK, "-1", "--why", "x"),
        ("set", CLOCK, "--why", "x"),
        ("set", "--why", "x"),
        ("set", CLOCK, "1", "--file", "x", "--why", "x"),
        ("set", "--file", "nowhere.csv", "--why", "x"),
        ("show", "nobody"),
    ],
)
def test_what_cannot_be_done_is_refused(run: Run, stack: Stack, arguments: tuple[str, ...]) -> None:
    assert run("totals", *arguments, status=2).stderr
    assert stack.store.books.count(CLOCK).views == 348


def test_totals_of_a_file_are_set(run: Run, stack: Stack, tmp_path: Path) -> None:
    stack.publish("other", url="https://news.example/other", views_before=999)
    file = tmp_path / "totals.csv"
    file.write_text("url,views\n/city/harbour-clock,46\n/other/,300\n/nowhere,1\n/x,many\n")
    options = ("totals", "set", "--file", str(file), "--why", "moved")
    first = run(*options, status=1)
    assert first.stdout == "2 corrected, 2 refused\n"
    assert "line 4: no article is published at /nowhere" in first.stderr
    assert "line 5: many is no number" in first.stderr
    assert run(*options, status=1).stdout == "2 refused, 2 unchanged\n"
    counts = stack.store.books.counts([CLOCK, "other"])
    assert {name: count.views for name, count in counts.items()} == {CLOCK: 48, "other": 300}


def test_an_export_is_a_backup(
    run: Run, stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.publish("coming", url="https://news.example/coming", published="2999-03-14T12:00:00Z")
    stack.publish("gone", url="https://news.example/gone", views_before=7)
    run("totals", "correct", "gone", "-4", "--why", "attack")
    event = http_event("DELETE /articles/{id}", path={"id": "gone"})
    assert publish_articles.handler(event, None)["statusCode"] == 204
    monkeypatch.setattr("circulation_cli.articles.EXPORT_LIMIT", 1)
    lines = run("export").output
    assert [json.loads(entry)["id"] for entry in lines.splitlines()] == ["coming", CLOCK, "gone"]
    backup = tmp_path / "backup.ndjson"
    backup.write_text(lines)
    assert "3 unchanged" in run("import", str(backup)).output
    assert run("export").output == lines
    stack.store = store_in_memory()
    assert "3 created" in run("import", str(backup)).output
    assert "3 unchanged" in run("import", str(backup)).output
    restored = [json.loads(entry) for entry in run("export").output.splitlines()]
    numbers = [(entry["id"], entry["views"], entry.get("unpublished")) for entry in restored]
    assert [entry[:2] for entry in numbers] == [("coming", 0), (CLOCK, 348), ("gone", 3)]
    assert [bool(entry[2]) for entry in numbers] == [False, False, True]


def test_an_export_of_unpublished_articles_alone_is_read(
    run: Run, stack: Stack, tmp_path: Path
) -> None:
    event = http_event("DELETE /articles/{id}", path={"id": CLOCK})
    assert publish_articles.handler(event, None)["statusCode"] == 204
    backup = tmp_path / "backup.ndjson"
    backup.write_text(run("export").output)
    stack.store = store_in_memory()
    assert "1 created" in run("import", str(backup)).output
    assert json.loads(run("totals", "show", CLOCK, "--json").output)["views"] == 348


def test_an_import_says_what_became_of_each_total(
    run: Run, stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation_cli.import_report.SHOWN_ROWS", 2)
    source, file = tmp_path / "a.ndjson", tmp_path / "totals.csv"
    source.write_text(json.dumps(submitted(id=CLOCK)))
    file.write_text("page;views\n/city/harbour-clock;70.000\n/x;1\n/y;-\n/z;2\n/w;3\n")
    arguments = ("import", str(source), "--views", str(file))
    assert "--decimal" in run(*arguments, status=2).stderr
    result = run(*arguments, "--decimal", ",", status=1)
    for said in (
        "totals: note: views are the column views", "totals: refused: line 4: - is no number",
        "totals: no article: line 3: /x: 1 views", "totals: no article: line 5: /z: 2 views",
        "totals: no article: 1 more rows",
    ):  # fmt: skip
        assert said in result.stderr
    assert stack.store.books.count(CLOCK).views == 70_002


def test_an_export_in_csv_has_the_corrections(run: Run, stack: Stack, tmp_path: Path) -> None:
    stack.publish(CLOCK, title="=1+1")
    run("totals", "correct", CLOCK, "-48", "--why", 'attack, "x"')
    content = run("export", "--format", "csv").output
    (row,) = csv.DictReader(io.StringIO(content))
    assert (row["title"], row["views"], row["views_corrected"]) == ("'=1+1", "300", "-48")
    file = tmp_path / "export.csv"
    file.write_text(content)
    source = tmp_path / "article.ndjson"
    source.write_text(json.dumps(submitted(id=CLOCK)))
    for store in (stack.store, store_in_memory()):
        stack.store = store
        for _ in range(2):
            run("import", str(source), "--views", str(file))
            assert store.books.count(CLOCK).views == 300
