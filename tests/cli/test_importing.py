"""circulation import: what is told of each item, what is sent, and how it goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from circulation_cli.api import Api
from circulation_cli.main import circulation
from tests.builders import submitted

ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>
<pubDate>{date}</pubDate><description>Words</description></item>"""
PAST, FUTURE = "Fri, 26 Dec 2025 11:11:00 GMT", "Fri, 26 Dec 2098 11:11:00 GMT"
Run = Callable[..., Result]


class Stack:
    """A stack that takes every article; remembers what it was sent."""

    def __init__(self) -> None:
        self.articles: list[dict[str, Any]] = []
        self.fails_after = 1_000_000

    def answer(self, request: httpx.Request) -> httpx.Response:
        batch = json.loads(request.content)["articles"]
        if len(self.articles) >= self.fails_after:
            return httpx.Response(500, text="no")
        self.articles += batch
        results = [{"id": f"of-{article['id']}", "status": "created"} for article in batch]
        return httpx.Response(200, json={"results": results})


@pytest.fixture
def stack() -> Stack:
    return Stack()


@pytest.fixture
def run(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Run:
    transport = httpx.MockTransport(stack.answer)

    def api_of(*_: object) -> Api:
        client = httpx.Client(base_url="https://count.example", transport=transport)
        return Api(client, "t0ken")

    monkeypatch.setattr("circulation_cli.api.api_of", api_of)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(circulation, ["import", *arguments])

    return run


def feed(path: Path, *items: str) -> str:
    path.write_text(
        "<rss version='2.0'><channel><title>S</title><link>https://news.example/</link>"
        f"{''.join(items)}</channel></rss>"
    )
    return str(path)


def item(number: int, **changes: str) -> str:
    fields = {
        "title": f"Title {number}",
        "link": f"https://news.example/{number}/",
        "guid": f"tag:news.example,2025:{number}",
        "date": PAST,
    }
    return ITEM.format(**fields | changes)


def test_a_dry_run_says_what_would_be_public_private_and_refused(
    tmp_path: Path, run: Run, stack: Stack
) -> None:
    long = "x" * 3_000
    source = feed(
        tmp_path / "a.rss", item(1), item(2, date=FUTURE), item(3, link=f"https://a.example/{long}")
    )
    done = run(source, "--dry-run", "--json")
    statuses = [json.loads(text)["status"] for text in done.stdout.splitlines()]
    assert sorted(statuses) == ["public", "refused", "scheduled"]
    assert "3 found: 1 public, 1 scheduled, 1 refused" in done.stderr
    assert done.exit_code == 1
    assert not stack.articles


def test_an_item_twice_is_taken_once_and_another_one_of_its_id_is_refused(
    tmp_path: Path, run: Run, stack: Stack
) -> None:
    articles = [
        submitted(id="a", source_ids=["tag:news.example,2025:1"], title=title)
        for title in ("One", "One", "Two")
    ]
    source = tmp_path / "a.ndjson"
    source.write_text("".join(f"{json.dumps(article)}\n" for article in articles))
    done = run(str(source))
    assert done.exit_code == 1
    assert "skipped: One: stands in this source before" in done.stderr
    assert "refused: Two: tag:news.example,2025:1 is another article" in done.stderr
    assert [article["title"] for article in stack.articles] == ["One"]


def test_the_report_has_every_outcome_and_an_interrupted_import_goes_on_by_it(
    tmp_path: Path, run: Run, stack: Stack
) -> None:
    source = feed(tmp_path / "a.rss", *map(item, range(250)))
    report = tmp_path / "report.ndjson"
    stack.fails_after = 200
    assert run(source, "--report", str(report)).exit_code == 2
    lines = [json.loads(text) for text in report.read_text().splitlines()]
    assert [line["id"] for line in lines] == [f"of-{a['id']}" for a in stack.articles]
    with report.open("a") as file:
        file.write('{"id": "cut o')
    stack.fails_after = 1_000_000
    assert "exists" in run(source, "--report", str(report)).stderr
    done = run(source, "--report", str(report), "--resume")
    assert (done.exit_code, len(stack.articles)) == (0, 250)
    assert "250 found: 50 created, 200 done, 0 refused" in done.stdout


def test_resuming_needs_the_report(tmp_path: Path, run: Run) -> None:
    source = feed(tmp_path / "a.rss", item(1))
    assert run(source, "--resume").exit_code == 2
    bad = tmp_path / "bad"
    bad.write_text("no report\n{}\n")
    done = run(source, "--resume", "--report", str(bad))
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1


def test_two_articles_of_one_address_say_that_it_identifies_neither(
    tmp_path: Path, run: Run, stack: Stack
) -> None:
    lines = [submitted(id=name, url="https://news.example/live") for name in ("a", "b")]
    path = tmp_path / "a.ndjson"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert run(str(path)).exit_code == 0
    assert [article.get("shared_url", False) for article in stack.articles] == [False, True]


def test_a_damaged_source_is_a_warning_and_no_refusal(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.rss"
    path.write_text(Path(feed(path, item(1))).read_text().replace("</channel></rss>", ""))
    done = run(str(path), "--dry-run")
    assert done.exit_code == 3
    assert "1 found: 1 public, 0 refused, 1 warning" in done.stdout


def test_totals_that_no_article_has_are_listed(tmp_path: Path, run: Run, stack: Stack) -> None:
    totals = tmp_path / "views.csv"
    rows = "".join(f"/none/{number},{number}\n" for number in range(9))
    totals.write_text(f"path,views\n/1/,346\n{rows}/2/,many\n")
    report = tmp_path / "report.ndjson"
    source = feed(tmp_path / "a.rss", item(1))
    done = run(source, "--views", str(totals), "--report", str(report))
    assert [article["views_before"] for article in stack.articles] == [346]
    assert "/none/0" in done.stderr
    assert "4 more rows" in done.stderr
    assert done.exit_code == 1  # a row could not be read
    lines = [json.loads(text) for text in report.read_text().splitlines()]
    assert len([line for line in lines if line["status"] == "unmatched"]) == 9


def test_an_address_that_is_no_text_refuses_its_article_alone(tmp_path: Path, run: Run) -> None:
    source = tmp_path / "articles.ndjson"
    urls = "https://news.example/\ud800", "https://news.example/b"
    lines = [submitted(url=url) | {"id": f"a{number}"} for number, url in enumerate(urls)]
    source.write_text("\n".join(map(json.dumps, lines)))
    result = run(str(source), "--dry-run")
    assert result.exit_code == 1, result.exception
    assert "2 found: 1 public, 1 refused" in result.stdout


def test_what_remains_of_a_merged_article_is_imported_too(tmp_path: Path, run: Run) -> None:
    source = tmp_path / "export.ndjson"
    merged = {"id": "b", "section": "city", "published": "2024-01-01T00:00:00Z"}
    merged["unpublished"] = "2024-02-01T00:00:00Z"
    lines = [submitted() | {"id": "a"}, merged]
    source.write_text("\n".join(json.dumps(line | {"source_ids": ["urn:x:1"]}) for line in lines))
    result = run(str(source))
    assert result.exit_code == 0, result.stderr
    assert "2 found: 2 created, 0 refused" in result.stdout


def test_articles_of_one_address_are_not_sent_again_by_a_resumed_import(
    tmp_path: Path, run: Run, stack: Stack
) -> None:
    same = "https://news.example/live/"
    source = feed(tmp_path / "feed.xml", item(1, link=same), item(2, link=same))
    lines = [submitted(url=same) | {"id": name} for name in ("a", "b")]
    export = tmp_path / "export.ndjson"
    export.write_text("\n".join(map(json.dumps, lines)))
    for number, path in enumerate((source, str(export))):
        report = str(tmp_path / f"report-{number}")
        assert run(path, "--report", report).exit_code == 0
        stack.articles.clear()
        result = run(path, "--report", report, "--resume")
        assert "2 found: 2 done" in result.stdout
        assert not stack.articles
