"""Feeds: writing one beside what a user would write it with, and answering for it again."""

import contextlib
import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedgenerator
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from feedgen.feed import FeedGenerator
from lxml import etree

from bench import deployment
from bench.direct_wire import answered_directly
from bench.results import table, verdict
from circulation.articles.article import Article
from circulation.articles.items import item_of_article
from circulation.articles.publication import Publication
from circulation.aws.attribute_values import encoded
from circulation.aws.sdk import connect, session
from circulation.feeds.atom import atom
from circulation.feeds.channel import Channel
from circulation.feeds.json_feed import json_feed
from circulation.feeds.rss import rss
from circulation.feeds.selection import Selection
from circulation.runtime import Container
from circulation.settings import Settings
from functions import serve_feeds

REPEATS = 15
ITEMS = 50
BODY_BYTES = 6_000
REPEATED, NOT_MODIFIED = 0.03, 0.025
"""Targets at the wire, as ratios."""
BY_SDK = (0.12, 0.107)
"""The same where the SDK makes the call."""
GROWTH = (10, 100, 1_000)
NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
CONTENT = "http://purl.org/rss/1.0/modules/content/"
CREATOR = "http://purl.org/dc/elements/1.1/"
SITE = "https://news.example/"

ABOUT = f"""\
Targets, at the wire: a repeated request ≤ {REPEATED} and a 304 ≤ {NOT_MODIFIED} of writing with
feedgen and gzip, and where the SDK makes the call, DirectCalls being off, ≤ {BY_SDK[0]} and
≤ {BY_SDK[1]}.
{ITEMS} articles of {BODY_BYTES:,} bytes of HTML, each with a summary; medians of
{REPEATS} alternating runs, CPU of this process. The others write the same fields as RSS.
"""

Write = Callable[[list[Article]], bytes]


def measure() -> str:
    """Write, answer again, and grow."""
    writers: dict[str, Write] = {
        "feedgen": with_feedgen,
        "feedgenerator": with_feedgenerator,
        "ElementTree": with_element_tree,
        "lxml": with_lxml,
        "circulation, RSS": lambda published: rss(channel(published)),
        "circulation, Atom": lambda published: atom(channel(published)),
        "circulation, JSON Feed": lambda published: json_feed(channel(published)),
    }
    published = list(articles(ITEMS))
    written = timed({name: _writing(write, published) for name, write in writers.items()})
    rows = [
        (
            name,
            f"{spent:.2f}",
            f"{spent / written['feedgen']:.2f}",
            f"{len(writers[name](published)):,}",
        )
        for name, spent in written.items()
    ]
    growth = [
        (
            f"{number:,}",
            *(
                f"{spent:.2f}"
                for spent in timed(
                    {
                        name: _writing(writers[name], list(articles(number)))
                        for name in ("feedgen", "circulation, RSS")
                    }
                ).values()
            ),
        )
        for number in GROWTH
    ]
    return "\n".join(
        [
            ABOUT,
            table(("written with", "ms", "of feedgen", "bytes"), rows),
            _answered_again(published),
            "Growth with the number of articles, ms:\n",
            table(("articles", "feedgen", "circulation, RSS"), growth),
        ]
    )


def articles(number: int) -> Iterator[Article]:
    """Make articles of running text, the newest first."""
    paragraph = (
        "<p>The council met on Tuesday &amp; voted on "
        f'<a href="{SITE}plan?page=1&amp;of=2">the plan</a> for the <em>harbour</em>; '
        "then it rained.</p>"
    )
    body = paragraph * (BODY_BYTES // len(paragraph))
    for place in range(number):
        yield Article(
            id=f"article-{place}",
            section="city",
            title=f"The harbour & the clock <{place}>",
            body=body,
            url=f"{SITE}city/{place}",
            published=NOW - timedelta(minutes=place),
            summary="The clock keeps time again.",
            authors=("City desk",),
            tags=("harbour",),
            changed=NOW - timedelta(minutes=place),
        )


def channel(published: list[Article]) -> Channel:
    """Give the channel of some articles."""
    publication = Publication("The Daily Example", SITE, "News", "en", ZoneInfo("Asia/Baku"))
    return Channel(publication, "https://api.example/feed.rss", published)


def with_feedgen(published: list[Article]) -> bytes:
    """Write with feedgen."""
    feed = FeedGenerator()
    feed.load_extension("dc")
    feed.title("The Daily Example")
    feed.link(href=SITE)
    feed.description("News")
    for article in published:
        entry = feed.add_entry(order="append")
        entry.guid(article.id, permalink=False)
        entry.title(article.title)
        entry.link(href=article.url)
        entry.published(article.published)
        entry.description(article.summary)
        entry.content(article.body, type="CDATA")
        entry.dc.dc_creator(article.authors[0])
        entry.category(term=article.section)
    return bytes(feed.rss_str())


class _WithContent(feedgenerator.Rss201rev2Feed):  # type: ignore[misc]  # it has no types
    """RSS with content:encoded, which feedgenerator leaves to those who extend it."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": CONTENT}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:  # noqa: ANN401
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


def with_feedgenerator(published: list[Article]) -> bytes:
    """Write with feedgenerator, which is Django's."""
    feed = _WithContent("The Daily Example", SITE, "News")
    for article in published:
        feed.add_item(
            article.title,
            article.url,
            article.summary,
            content=article.body,
            author_name=article.authors[0],
            pubdate=article.published,
            unique_id=article.id,
            categories=[article.section],
        )
    return str(feed.writeString("utf-8")).encode()


def with_element_tree(published: list[Article]) -> bytes:
    """Write with the standard library's ElementTree."""
    return bytes(ET.tostring(_tree(ET, published), encoding="utf-8"))


def with_lxml(published: list[Article]) -> bytes:
    """Write with lxml."""
    return bytes(etree.tostring(_tree(etree, published), encoding="utf-8"))


def _tree(library: Any, published: list[Article]) -> Any:  # noqa: ANN401  either library's element
    root = library.Element("rss", version="2.0")
    feed = library.SubElement(root, "channel")
    for article in published:
        item = library.SubElement(feed, "item")
        for name, text in {
            "title": article.title,
            "link": article.url,
            "guid": article.id,
            "pubDate": article.published.strftime("%a, %d %b %Y %H:%M:%S %z"),
            "description": article.summary,
            f"{{{CONTENT}}}encoded": article.body,
            f"{{{CREATOR}}}creator": article.authors[0],
            "category": article.section,
        }.items():
            library.SubElement(item, name).text = text
    return root


def _answered_again(published: list[Article]) -> str:
    """Compare answers of a container that has the feed with writing it each time."""
    rows = []
    stored = json.dumps({"Item": encoded(edition())}).encode()
    for seam, client, (repeated, not_modified) in (
        ("the wire", answered_directly(stored), (REPEATED, NOT_MODIFIED)),
        ("the wire by the SDK", wire_client(), BY_SDK),
        ("the client", StubbedClient(published), (REPEATED, NOT_MODIFIED)),
    ):
        with handler(client) as answer:
            if seam != "the client":
                _prime(answer, published)
            event = asked()
            etag = answer(event)["headers"]["etag"]
            fresh = asked(etag)
            assert answer(fresh)["statusCode"] == 304  # noqa: S101, PLR2004  else it is no 304
            spent = timed(
                {
                    "theirs": lambda: gzip.compress(with_feedgen(published), 6),
                    "again": lambda: answer(event),  # noqa: B023  called here and now
                    "fresh": lambda: answer(fresh),  # noqa: B023
                }
            )
            rows.append(
                (
                    seam,
                    f"{spent['theirs']:.2f}",
                    f"{spent['again']:.3f}",
                    f"{spent['again'] / spent['theirs']:.3f}",
                    f"≤ {repeated}",
                    verdict(spent["again"] / spent["theirs"], repeated),
                    f"{spent['fresh']:.3f}",
                    f"{spent['fresh'] / spent['theirs']:.3f}",
                    f"≤ {not_modified}",
                    verdict(spent["fresh"] / spent["theirs"], not_modified),
                )
            )
    head = (
        "stubbed at", "feedgen + gzip, ms", "repeated, ms", "of it", "target", "",
        "304, ms", "304, of it", "target of a 304", "",
    )  # fmt: skip
    return (
        "A container that has the edition: the whole of ServeFeeds with its one read. At the\n"
        "wire, the request is made and signed and then answered; at the client, a stub takes the\n"
        "client's place.\n\n" + table(head, rows)
    )


class StubbedClient:
    """Stands in for DynamoDB's client: an edition, a listing and its articles."""

    def __init__(self, published: list[Article]) -> None:
        self._articles = published

    def get_item(self, **_: object) -> dict[str, Any]:
        """Give the edition."""
        return {"Item": encoded(edition())}

    def query(self, **_: object) -> dict[str, Any]:
        """Give the listing."""
        places = [{"sk": f"2026-03-14T15:09:26Z#{article.id}"} for article in self._articles]
        return {"Items": [encoded(place) for place in places]}

    def batch_get_item(self, *, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        """Give the articles."""
        (name,) = RequestItems
        items = [encoded(item_of_article(article, 1, 1)) for article in self._articles]
        return {"Responses": {name: items}, "UnprocessedKeys": {}}


def edition() -> dict[str, Any]:
    """Give the edition's item."""
    return {
        "pk": "EDITION",
        "sk": "all",
        "number": 7,
        "changed": "2026-03-14T15:09:26Z",
        "shown": True,
    }


def wire_client() -> Any:  # noqa: ANN401  botocore's client
    """Give our own client, which is answered with the edition before anything is sent."""
    session().set_credentials("access", "secret", "token")
    session().set_config_variable("region", "us-east-1")
    client = connect()
    body = json.dumps({"Item": encoded(edition())}).encode()

    def reply(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return AWSResponse(request.url, 200, {}, _Body(body))

    client.meta.events.register("before-send.dynamodb", reply)
    return client


class _Body:
    """What botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


@contextlib.contextmanager
def handler(client: Any) -> Iterator[Callable[[dict[str, Any]], Any]]:  # noqa: ANN401
    """Give ServeFeeds' handler over tables that the client answers for."""
    loaded = Settings(deployment.template().environment(deployment.QUEUES))
    runtime = Container(loaded, client)
    with patch.object(serve_feeds, "container", lambda: runtime):
        yield lambda event: serve_feeds.handler(event, None)


def _prime(answer: Callable[[dict[str, Any]], Any], published: list[Article]) -> None:
    """Let the container write the feed once, of articles that do not come over the wire."""
    selection = Selection(published)
    with patch.object(serve_feeds, "select", lambda *_, **__: selection):
        answer(asked())


def asked(etag: str = "") -> dict[str, Any]:
    """Give the event of a reader who takes gzip, with what it has."""
    headers = {"accept-encoding": "gzip"} | ({"if-none-match": etag} if etag else {})
    return {
        "routeKey": "GET /feed.rss",
        "headers": headers,
        "requestContext": {
            "domainName": "api.example",
            "http": {"method": "GET", "sourceIp": "192.0.2.1"},
            "requestId": "request-1",
            "timeEpoch": int((NOW + timedelta(hours=1)).timestamp() * 1000),
        },
    }


def timed(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Give the median CPU of each, in ms, of alternating runs."""
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(REPEATS):
        for name, run in runs.items():
            times = 0
            before = time.process_time()
            while times < 1 or time.process_time() - before < 0.01:  # noqa: PLR2004  the clock's grain
                run()
                times += 1
            spent[name].append((time.process_time() - before) * 1000 / times)
    return {name: statistics.median(samples) for name, samples in spent.items()}


def _writing(write: Write, published: list[Article]) -> Callable[[], bytes]:
    return lambda: write(published)
