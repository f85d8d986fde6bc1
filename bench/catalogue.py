"""Libraries of 1,000 and 100,000 articles: what each route that readers wait for takes of them."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.parsers import create_parser

from bench import deployment
from bench.results import table, verdict
from circulation.articles.article import Submission, read_submission
from circulation.articles.exporting import export_articles
from circulation.articles.items import attributes_of_entry
from circulation.articles.keys import (
    MILESTONES,
    edition_key,
    listing_partition,
    place,
    section_share_key,
)
from circulation.articles.listing import Kind, Listing, is_milestone, listings_of, month_of
from circulation.articles.publishing import publish_all
from circulation.aws.attribute_values import encoded
from circulation.aws.sdk import session
from circulation.counting.keys import page_key
from circulation.mail.delivering import freeze
from circulation.mail.subscriber import Frequency
from circulation.popularity.windows import Window
from circulation.runtime import container
from circulation.times import days_until, format_time, milliseconds
from functions import read_articles, serve_feeds
from tests.simulation.dynamodb import DynamoDB, Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circulation.articles.article import Article

SIZES = (1_000, 10_000, 100_000)
GOAL = 1_000_000
NOW = datetime(2026, 11, 27, 8, 20, tzinfo=UTC)
YEARS, SECTIONS = 20, 20
STORED = 300
"""Of the newest articles, which are stored whole. What no route reads of the others is left out."""
ARTICLES_OF_AUTHOR, ARTICLES_OF_TAG = 50, 20
DENSE = 30_000
"""Articles of one second in a month of their own: an archive without dates."""
REPEATS = 5
CALL_SECONDS = 0.004
CORE = 0.29
"""Of a core, what 512 MB have."""
MAX_SECONDS, MAX_BYTES = 1.0, 6_291_556
BEYOND = 1e9
"""Articles that stand for any number: nothing grows with them."""
YEAR = {"from": "2025-11-27", "to": "2026-11-27"}
BODY = f"<p>{'word ' * 800}</p>"
SUMMARY = "What became of the harbour bridge after the storm, and who is to pay for it. " * 3

BOUNDED = ("/feeds.opml",)
"""What has reached a bound in the largest library: feeds of each kind."""

ABOUT = f"""\
What a request takes in a container that has read nothing, of libraries whose listings, editions and
sizes were written straight into tables in memory: {YEARS} years, {SECTIONS} sections, an author for
{ARTICLES_OF_AUTHOR} articles, a tag for {ARTICLES_OF_TAG}; bodies of 4 KB, summaries of 230
characters. Of {GOAL:,} articles each figure is the line through those of {SIZES[1]:,} and
{SIZES[2]:,}, but at least the latter; of {", ".join(BOUNDED)} it is the latter, where a bound is
reached. Seconds are a model for 512 MB, {CORE} of a core: the CPU here, of which the tables in
memory are a part, what botocore's parser takes for each attribute, and
{CALL_SECONDS * 1000:.0f} ms a call. Bytes are those of Lambda's answer without gzip. Targets: of
{GOAL:,} articles ≤ {MAX_SECONDS:g} s and ≤ 6 MB.
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one request, or one write, takes."""

    units: float
    calls: float
    attributes: float = 0
    """What the items of the answers have."""
    length: float = 0
    """Bytes of the answer."""
    cpu: float = 0
    """Seconds."""
    memory: float = 0
    """Bytes that are allocated at most, beside the tables."""

    def seconds(self) -> float:
        """Give the seconds of the model."""
        return (
            self.cpu + self.attributes * seconds_of_attribute()
        ) / CORE + self.calls * CALL_SECONDS

    def of_more(self, smaller: Taken, articles: int) -> Taken:
        """Give what is taken of a library of more articles.

        Units, calls, attributes and bytes are on the line through those of two libraries that were
        measured, and not less than those of the larger one. CPU and memory are as much for an
        attribute.
        """
        steps = (articles - SIZES[2]) / (SIZES[2] - SIZES[1])
        units, calls, attributes, length = (
            after + max(0.0, after - before) * steps
            for before, after in (
                (smaller.units, self.units),
                (smaller.calls, self.calls),
                (smaller.attributes, self.attributes),
                (smaller.length, self.length),
            )
        )
        more = attributes / max(1, self.attributes)
        return Taken(units, calls, attributes, length, self.cpu * more, self.memory * more)


class _Tables(DynamoDB):
    """Tables in memory that count the attributes that they answer with: those asked for alone."""

    answered = 0

    def get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = super().get_item(**request)
        self.answered += len(answer.get("Item", ()))
        return answer

    def batch_get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = super().batch_get_item(**request)
        self.answered += sum(len(item) for found in answer["Responses"].values() for item in found)
        return answer

    def query(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = super().query(**request)
        if names := request.get("ExpressionAttributeNames"):
            wanted = set(names.values())
            answer["Items"] = [
                {name: value for name, value in item.items() if name in wanted}
                for item in answer["Items"]
            ]
        self.answered += sum(map(len, answer.get("Items", ())))
        return answer


class Library:
    """The tables of a site with a number of articles."""

    def __init__(self, articles: int) -> None:
        self.tables = _Tables(lambda _: Fate.DONE, lambda *_: None, metered=True)
        self.names = Counter[Listing]()
        self.articles = articles
        with self.behind():
            for start in range(0, STORED, 100):
                self.publish([_submission(number) for number in range(start, start + 100)])
            for number in range(STORED, articles):
                self._put(_submission(number).article)
            for number in range(DENSE if articles == max(SIZES) else 0):
                article = _submission(articles + number).article
                self._put(replace(article, published=datetime(2001, 5, 1, tzinfo=UTC)))
            self._write_editions()
            self._rank()

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Put the tables behind the functions, whose containers have read nothing."""
        environment = deployment.template().environment(deployment.QUEUES)
        with (
            patch.dict(os.environ, environment),
            patch("circulation.runtime.client_of_tables", lambda _: self.tables),
        ):
            container.cache_clear()
            yield
            container.cache_clear()

    def publish(self, submissions: list[Submission]) -> None:
        """Publish as a publisher does."""
        publish_all(submissions, container().catalogue, container().books, now=NOW)

    def _put(self, article: Article) -> None:
        """Write the entries of an article, and count it where it belongs."""
        key = place(article.published, article.id)
        for listing in listings_of(article):
            shown = attributes_of_entry(article) if listing.kind is Kind.ALL else {}
            self._store({"pk": listing_partition(listing), "sk": key} | shown)
            self.names[listing] += 1
        if is_milestone(article.id, article.url):
            self._store({"pk": MILESTONES, "sk": key})
        self.names[month_of(article)] += 1

    def _write_editions(self) -> None:
        for listing, articles in self.names.items():
            edition = {"number": articles, "changed": format_time(NOW), "shown": True}
            self._store(edition_key(listing) | edition)
            if listing.kind is Kind.SECTION:
                for share in range(8):
                    number = articles // 8 + (share < articles % 8)
                    size = {"articles": number, "changes": number}
                    self._store(section_share_key(listing.name, share) | size)

    def _rank(self) -> None:
        ranking = tuple((_id_of(number), 1_000 - number) for number in range(150))
        for section in (None, "section-0"):
            container().rankings.put(Window.DAY, section, ranking, as_of=NOW, clock=NOW)
        for day in days_until("2026-11-27", 400):
            page = page_key(_id_of(0), day) | {"views": 123, "visitors": 120, "h08": 123}
            self._store(page)

    def _store(self, item: dict[str, Any]) -> None:
        self.tables.put(container().settings.library_table, encoded(item))

    def measure(self, act: Callable[[], Any], *, writes: bool = False, per: int = 1) -> Taken:
        """Measure what something takes in a container that has read nothing; per is of how many."""
        found = []
        with self.behind():
            for _ in range(1 if writes else REPEATS):
                container.cache_clear()
                tables = self.tables
                before = tables.read_units, tables.write_units, tables.calls.total()
                tables.answered = 0
                started = time.process_time()
                answer = act()
                cpu = time.process_time() - started
                units = tables.write_units - before[1] if writes else tables.read_units - before[0]
                length = len(json.dumps(answer, ensure_ascii=False)) if answer else 0
                calls = tables.calls.total() - before[2]
                found.append(Taken(units / per, calls / per, tables.answered, length, cpu / per))
            if writes:
                return found[0]
            container.cache_clear()
            tracemalloc.start()
            act()
            memory = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return replace(min(found, key=lambda taken: taken.cpu), memory=memory)


def _id_of(number: int) -> str:
    return f"article-{number:07}-of-a-usual-slug"


def _submission(number: int, **changes: Any) -> Submission:  # noqa: ANN401
    """Give an article: the newest is number 0, the others go back evenly over the years."""
    age = timedelta(hours=number) if number < STORED else timedelta(
        days=13 + (number * 7_919) % (365 * YEARS), seconds=number % 86_400
    )  # fmt: skip
    fields = {
        "section": f"section-{number % SECTIONS}",
        "title": f"What became of the harbour bridge, number {number}",
        "summary": SUMMARY,
        "author": f"A Usual Byline {number // ARTICLES_OF_AUTHOR}",
        "tags": [f"tag-{number // ARTICLES_OF_TAG}"],
        "image": f"https://news.example/images/{number}.jpg",
        "body": BODY,
        "url": f"https://news.example/2026/11/what-became-of-the-harbour-bridge-{number}",
        "published": format_time(NOW - age),
    }
    return read_submission(_id_of(number), fields | changes)


def ask(route: str, path: dict[str, str] | None = None, **query: str) -> dict[str, Any]:
    """Ask the function that has a route."""
    function = serve_feeds if "feed" in route or "sitemap" in route else read_articles
    answer: dict[str, Any] = function.handler(
        {
            "version": "2.0",
            "routeKey": f"GET {route}",
            "rawPath": route,
            "headers": {"accept-encoding": "identity"},
            "pathParameters": path or {},
            "queryStringParameters": query,
            "requestContext": {
                "domainName": "api.example",
                "http": {"method": "GET", "sourceIp": "192.0.2.1"},
                "requestId": "bench",
                "timeEpoch": milliseconds(NOW),
            },
        },
        None,
    )
    assert answer["statusCode"] == 200 or "by-url" in route, answer  # noqa: PLR2004, S101
    return answer


def _feed_of(kind: str, name: str) -> dict[str, Any]:
    return ask(f"/{kind}s/{{{kind}}}/feed.rss", {kind: name})


def _freeze() -> None:
    runtime = container()
    digests, frequency = runtime.digests, Frequency.WEEKLY
    freeze(frequency, "2026-11-27", digests, runtime.catalogue, runtime.rankings, now=NOW)


def _export() -> None:
    runtime = container()
    stores = runtime.catalogue, runtime.books, runtime.corrections
    export_articles(None, *stores, limit=100)


ASKED: dict[str, Callable[[], Any]] = {
    "/sections": lambda: ask("/sections"),
    "/sitemap.xml": lambda: ask("/sitemap.xml"),
    "/sitemap.xml of a month": lambda: ask("/sitemap.xml", month="2016-03"),
    "/news-sitemap.xml": lambda: ask("/news-sitemap.xml"),
    "/feeds.opml": lambda: ask("/feeds.opml"),
    "/feed.rss": lambda: ask("/feed.rss"),
    "a section's feed": lambda: _feed_of("section", "section-0"),
    "an author's feed": lambda: _feed_of("author", "A Usual Byline 0"),
    "a tag's feed": lambda: _feed_of("tag", "tag-0"),
    "/articles": lambda: ask("/articles"),
    "100 titles": lambda: ask("/articles", limit="100", fields="title,summary,url"),
    "100 titles of a section": lambda: ask(
        "/articles", limit="15", fields="title,summary,url", section="section-0"
    ),
    "most read first": lambda: ask("/articles", order="views", limit="100", fields="title"),
    "/popular": lambda: ask("/popular", limit="100"),
    "by-url": lambda: ask(
        "/articles/by-url",
        url="https://news.example/2026/11/what-became-of-the-harbour-bridge-7",
    ),
    "an article": lambda: ask("/articles/{id}", {"id": _id_of(7)}),
    "its year of days": lambda: ask("/articles/{id}/views/daily", {"id": _id_of(0)}, **YEAR),
    "a page of the export": _export,
    "a weekly digest": _freeze,
}  # fmt: skip
"""What readers wait for, and what is scheduled, by its name."""


@cache
def seconds_of_attribute() -> float:
    """Give the seconds that botocore's parser takes for an attribute, of a page of 500 items."""
    model = session().get_service_model("dynamodb").operation_model("Query")
    item = encoded(attributes_of_entry(_submission(0).article) | {"sk": place(NOW, _id_of(0))})
    body = json.dumps({"Items": [item] * 500, "Count": 500}).encode()
    parser, spent = create_parser("json"), []
    for _ in range(REPEATS):
        before = time.process_time()
        parser.parse({"body": body, "headers": {}, "status_code": 200}, model.output_shape)
        spent.append(time.process_time() - before)
    return min(spent) / 500 / len(item)


@cache
def library(articles: int) -> Library:
    """Give a library of so many articles."""
    return Library(articles)


def borne(middle: Taken, large: Taken) -> float:
    """Give how many articles there are where a second, or an answer's bytes, are reached."""
    later = large.of_more(middle, GOAL)
    growths = (
        (large.seconds(), later.seconds(), MAX_SECONDS),
        (large.length, later.length, MAX_BYTES),
    )
    return min(
        SIZES[2] + (limit - now) * (GOAL - SIZES[2]) / (then - now) if then > now else BEYOND
        for now, then, limit in growths
    )


def measure() -> str:
    """Write the tables."""
    small, middle, large = (
        {name: library(size).measure(act) for name, act in ASKED.items()} for size in SIZES
    )
    middle |= {name: large[name] for name in BOUNDED}
    shown = (SIZES[0], SIZES[2])
    head = (
        "asked", *(f"{what}, {size:,}" for size in shown for what in ("units", "calls", "CPU ms")),
        *(f"{what}, {GOAL:,}" for what in ("units", "seconds", "KB", "memory MB")),
    )  # fmt: skip
    rows = []
    for name in ASKED:
        later = large[name].of_more(middle[name], GOAL)
        rows.append((
            name,
            *(cell for taken in (small[name], large[name])
              for cell in (f"{taken.units:.1f}", f"{taken.calls:g}", f"{taken.cpu * 1000:.1f}")),
            f"{later.units:.0f}", f"{later.seconds():.2f}", f"{later.length / 1000:.0f}",
            f"{later.memory / 1e6:.1f}",
        ))  # fmt: skip
    limits = {name: borne(middle[name], large[name]) for name in ASKED}
    seconds = {name: large[name].of_more(middle[name], GOAL).seconds() for name in ASKED}
    part = library(SIZES[2]).measure(lambda: ask("/sitemap.xml", month="2001-05", part="2"))
    seconds["a part of a month"] = part.seconds()
    tables = (table(head, rows), _part(part), _writes(), _verdict(limits, seconds))
    return f"{ABOUT}\n" + "\n".join(tables)


def _part(taken: Taken) -> str:
    """Write what a part of a month takes that has as many articles as a month can have."""
    head = ("of a month of 30,000 articles of one second", "units", "calls", "seconds", "KB")
    row = ("a part of its sitemap", f"{taken.units:.0f}", f"{taken.calls:g}",
           f"{taken.seconds():.2f}", f"{taken.length / 1000:.0f}")  # fmt: skip
    return table(head, [row])


def _writes() -> str:
    """Write what publishing takes, which is what an import takes for each article."""
    head = ("published", *(f"{what}, {size:,}" for size in (SIZES[0], SIZES[2])
                           for what in ("write units", "calls", "CPU ms")))  # fmt: skip
    new = 2 * GOAL
    archive = [_submission(new + number) for number in range(1, 101)]
    sent = {
        "an article": [_submission(new)],
        "an edit of its title": [_submission(0, title="Another")],
        "100 of an archive, each": archive,
        "the same again, each": archive,
    }
    rows = []
    for name, submissions in sent.items():
        cells: list[str] = []
        for size in (SIZES[0], SIZES[2]):
            publish = partial(library(size).publish, submissions)
            taken = library(size).measure(publish, writes=True, per=len(submissions))
            cells += [f"{taken.units:.1f}", f"{taken.calls:.2f}", f"{taken.cpu * 1000:.1f}"]
        rows.append((name, *cells))
    return table(head, rows)


def _verdict(limits: dict[str, float], seconds: dict[str, float]) -> str:
    """Write the largest library that every route can bear, and the slowest of the routes."""
    first, slowest = min(limits, key=limits.__getitem__), max(seconds, key=seconds.__getitem__)
    articles = int(float(f"{limits[first]:.2g}"))
    largest = table(
        ("the first to reach 1 s or 6 MB", "articles"), [("every route", f"{articles:,}")]
    )
    slow = table(
        (f"of {GOAL:,} articles", "seconds at most"), [("slowest", f"{seconds[slowest]:.2f}")]
    )
    return (
        f"{largest}\nIt is {first}: {verdict(GOAL, articles)}.\n\n{slow}\nIt is {slowest}: "
        f"{verdict(seconds[slowest], MAX_SECONDS)}.\n"
    )
