"""Real readers on the live local stack: 200 articles, in every format."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation_cli.deployment import Deployment
from tests.builders import HOSTILE_TITLES, submitted
from tests.end_to_end.stack import PLAIN, Stack
from tests.servers import serving

ARTICLES = 200
AUTHOR = "/authors/%C6%8Fli%20%26%20V%C9%99li/feed.json"
SCRIPT = Path(__file__).with_name("read.mjs")
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
BODY = "<p>Mətn, текст, 文字, نص &amp; <em>more</em> ]]&gt; 🗞.</p>" * 20


class Asked(ThreadingHTTPServer):
    """Hands requests on to the stack, and keeps what became of each."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(("127.0.0.1", 0), _Relay)
        self.stack = stack
        self.answers: list[int] = []


class _Relay(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Asked)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        url = self.server.stack.url + self.path
        with httpx.stream("GET", url, headers=headers, verify=PLAIN) as answer:
            body = b"".join(answer.iter_raw())
        self.server.answers.append(answer.status_code)
        self.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("state"), "--token=t0ken")
    running.start()
    yield running
    running.stop()


def submission(number: int, **changes: Any) -> dict[str, Any]:
    return (
        submitted(
            title=f"{number}: {HOSTILE_TITLES[number % len(HOSTILE_TITLES)]}",
            section="xəbərlər & <şəhər>",
            author=["Əli & Vəli"],
            body=BODY,
            published=(YESTERDAY - timedelta(minutes=number)).isoformat(timespec="seconds"),
            url=f"https://news.example/xəbər/{number}?a=1&b=2",
            image=f"https://news.example/{number}.jpg",
        )
        | changes
    )


@pytest.fixture(scope="module")
def titles(stack: Stack) -> dict[str, str]:
    """Every article's title by its id in feeds; 200 of them came in yesterday."""
    store = Deployment(stack.state).container()
    for number in range(ARTICLES):
        told = read_submission(f"a{number}", submission(number))
        publish(told, store.catalogue, store.books, now=YESTERDAY)
    stack.publish("a0", submission(0, title="What came in today"))
    pages = list(_pages(stack, "/feed.json"))
    return {each["id"]: each["title"] for page in pages for each in page.json()["items"]}


def _pages(stack: Stack, path: str) -> Iterator[httpx.Response]:
    """Follow a feed to its oldest page by its Link headers."""
    url = stack.url + path
    while url:
        page = httpx.get(url, verify=PLAIN)
        assert page.status_code == 200
        yield page
        url = page.links.get("next", {}).get("url", "")


def _node(reader: str, told: bytes) -> Any:
    run = subprocess.run(
        ["node", str(SCRIPT), reader], input=told, capture_output=True, check=True, timeout=60
    )
    return json.loads(run.stdout)


def _feedparser(told: bytes) -> list[dict[str, str]]:
    found = feedparser.parse(told)
    assert not found.bozo
    return [{"id": each.id, "title": each.title, "link": each.link} for each in found.entries]


def test_all_articles_are_in_the_pages_of_the_feed(titles: dict[str, str]) -> None:
    assert len([each for each in titles if ":articles/a" in each]) == ARTICLES


@pytest.mark.parametrize(
    ("reader", "ending"),
    [
        ("feedparser", "rss"),
        ("feedparser", "atom"),
        ("rss-parser", "rss"),
        ("rss-parser", "atom"),
        ("feedsmith", "rss"),
        ("feedsmith", "atom"),
        ("feedsmith", "json"),
    ],
)
def test_a_reader_finds_every_article_once_with_its_title(
    stack: Stack, titles: dict[str, str], reader: str, ending: str
) -> None:
    found: dict[str, str] = {}
    for page in _pages(stack, f"/feed.{ending}"):
        told = page.content
        for each in _feedparser(told) if reader == "feedparser" else _node(reader, told):
            assert each["id"] not in found
            assert each["link"].isascii()
            found[each["id"]] = each["title"]
    assert found == titles


@pytest.mark.usefixtures("titles")
def test_every_page_is_valid_by_the_schema_of_json_feed(stack: Stack) -> None:
    for path in (
        "/feed.json",
        "/popular/feed.json",
        "/authors/%C6%8Fli%20%26%20V%C9%99li/feed.json",
    ):
        for page in _pages(stack, path):
            assert _node("schema", page.content) == []
    broken = json.dumps({"version": "x", "items": [{}]}).encode()
    assert _node("schema", broken)


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_newsboat_lists_every_article_once_and_asks_for_changes_alone(
    stack: Stack, titles: dict[str, str], tmp_path: Path, ending: str
) -> None:
    pages = [str(page.url).removeprefix(stack.url) for page in _pages(stack, f"/feed.{ending}")]
    (tmp_path / "config").write_text("reload-threads 1\n")
    asked = Asked(stack)
    with serving(asked):
        urls = [f"http://127.0.0.1:{asked.server_port}{page}" for page in pages]
        (tmp_path / "urls").write_text("\n".join(urls))
        for _ in range(3):
            _newsboat(tmp_path)
        reloads = [
            asked.answers[start : start + len(pages)] for start in (0, len(pages), 2 * len(pages))
        ]
        assert reloads[0] == [200] * len(pages)
        assert set(reloads[1]) <= {200, 304}
        assert reloads[2] == [304] * len(pages)
        assert _items(tmp_path) == sorted(titles)
        stack.publish("a7", submission(7, title=f"Edited in {ending}"))
        _newsboat(tmp_path)
    assert asked.answers[3 * len(pages) :] == [226] + [304] * (len(pages) - 1)
    told = sqlite3.connect(tmp_path / "cache.db")
    (title,) = told.execute("select title from rss_item where guid like '%/a7'").fetchone()
    told.close()
    assert title == f"Edited in {ending}"
    assert _items(tmp_path) == sorted(titles)


def _newsboat(folder: Path) -> None:
    files = ["-u", "urls", "-c", "cache.db", "-C", "config"]
    run = subprocess.run(
        ["newsboat", *files, "-x", "reload"],
        cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def _items(folder: Path) -> list[str]:
    told = sqlite3.connect(folder / "cache.db")
    ids = [row[0] for row in told.execute("select guid from rss_item order by guid")]
    told.close()
    return ids
