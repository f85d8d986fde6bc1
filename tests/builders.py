"""Builders: the smallest example of each thing, with whatever a test cares about changed."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from circulation.articles.article import Article, Submission, read_submission
from circulation.articles.publishing import publish
from circulation.counting.tally import LedgerLine, mark_of
from circulation.counting.traits import Traits
from circulation.mail.digest import Digest, Entry, entry_of, frozen_digest
from circulation.mail.subscriber import Frequency
from circulation.runtime import Container
from circulation.times import format_time
from circulation.views.hit import Hit
from circulation.widget import script

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
TODAY = "2026-03-14"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TOKEN = "a-token-for-tests"


def submitted(**changes: Any) -> dict[str, Any]:
    """What a publisher sends; None leaves a field out."""
    article_id = changes.get("id", "harbour-clock")
    told = {
        "section": "city",
        "title": "The harbour clock keeps time again",
        "body": "<p>At noon it struck twelve.</p>",
        "url": f"https://news.example/city/{article_id}",
        "published": "2026-03-14T12:00:00+04:00",
    } | changes
    return {name: value for name, value in told.items() if value is not None}


def article(article_id: str = "harbour-clock", **changes: Any) -> Article:
    url = f"https://news.example/city/{article_id}"
    return replace(read_submission(article_id, submitted(url=url)).article, **changes)


def hit(article_id: str = "harbour-clock", address: str = "192.0.2.1", **changes: Any) -> Hit:
    return replace(Hit(article_id, address, BROWSER, nonce="nonce-1"), **changes)


def line(
    number: int,
    article_id: str = "harbour-clock",
    *,
    day: str = TODAY,
    new_visitor: bool = True,
    at: datetime = NOW,
    **traits: str,
) -> LedgerLine:
    mark = mark_of(str(number))
    return LedgerLine(article_id, day, mark, new_visitor, at, Traits(**traits))


def publish_all(store: Container, *article_ids: str) -> None:
    """Publish articles long before now; only what is published has a counter."""
    for article_id in article_ids:
        published = article(article_id, url=f"https://news.example/{article_id}")
        publish(Submission(published), store.catalogue, store.books, now=NOW - timedelta(days=30))


def digest_entry(number: int, **changes: str) -> Entry:
    """An article of a digest, the newer the lower its number."""
    fields = {
        "id": f"article-{number}",
        "section": "City",
        "title": f"Harbour ferry runs aground {number}",
        "summary": "All 212 passengers are safe.",
        "url": f"https://news.example/{number}?a=1#top",
        "language": "",
        "published": format_time(NOW - timedelta(minutes=number)),
    }
    return entry_of(fields | changes)


def digest(
    *entries: Entry,
    frequency: Frequency = Frequency.DAILY,
    date: str = TODAY,
    most_read: tuple[tuple[Entry, int], ...] = (),
) -> Digest:
    ranked = {"": most_read}
    return frozen_digest(frequency, date, NOW, newest=entries, most_read=ranked, seen=[])


def pages(store: Container, day: str = TODAY) -> dict[str, int]:
    """Give the tallied views of every article in the day book."""
    return {each.article: each.count.views for each in store.books.day_book.pages(day)}


def record(
    number: int,
    article_id: str = "harbour-clock",
    *,
    name: str = "INSERT",
    at: datetime = NOW,
    **told: Any,
) -> dict[str, Any]:
    """A stream record of a ledger line, as Lambda gets it; told are attribute values."""
    return {
        "eventID": f"event-{number}",
        "eventName": name,
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"pk": {"S": f"{article_id}#{TODAY}#a"}, "sk": {"S": f"visitor-{number}"}},
            "NewImage": {"n": {"N": "1"}, "at": {"N": str(int(at.timestamp() * 1000))}} | told,
            "SequenceNumber": str(number),
            "StreamViewType": "NEW_IMAGE",
        },
    }


def stream_event(*records: dict[str, Any], shard: str | None = "shardId-1") -> dict[str, Any]:
    event: dict[str, Any] = {"Records": list(records), "state": {}}
    return event | ({"shardId": shard} if shard else {})


def http_event(route: str, **changes: Any) -> dict[str, Any]:
    """A payload 2.0 event; path, query, headers and body (an object or text) as a test needs.

    Scopes are those of the publisher's token that the authorizer let in, None where it let none in.
    """
    method, _, path = route.partition(" ")
    body = changes.get("body", "")
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "headers": {"user-agent": BROWSER} | changes.get("headers", {}),
        "pathParameters": changes.get("path", {}),
        "queryStringParameters": changes.get("query", {}),
        "requestContext": {
            "domainName": "api.example",
            "http": {"method": method, "sourceIp": changes.get("address", "192.0.2.1")},
            "requestId": changes.get("request_id", "request-1"),
            "timeEpoch": int(changes.get("at", NOW).timestamp() * 1000),
            **_authorizer(changes.get("scopes", "publish read")),
        },
        "body": body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def by_url(method: str, path: str, **changes: Any) -> dict[str, Any]:
    """Make the event of a request by a function URL, with nulls as its documentation has them.

    Lambda developer guide: Invoking Lambda function URLs.
    """
    event = http_event(f"{method} {path}", **changes)
    context = event["requestContext"] | {
        "accountId": "anonymous",
        "authentication": None,
        "authorizer": None,
        "domainName": "a1b2c3.lambda-url.eu-central-1.on.aws",
        "stage": "$default",
        "routeKey": "$default",
    }
    return event | {
        "routeKey": "$default",
        "pathParameters": None,
        "stageVariables": None,
        "queryStringParameters": changes.get("query"),
        "body": event["body"] or None,
        "requestContext": context,
    }


def _authorizer(scopes: str | None) -> dict[str, Any]:
    if scopes is None:
        return {}
    return {"authorizer": {"lambda": {"publisher": "tests", "scopes": scopes}}}


def integrity(build: str) -> str:
    """What a page pins a build of the widget with (Subresource Integrity, section 3.2)."""
    told = script(build)
    assert told
    return f"sha384-{base64.b64encode(hashlib.sha384(told.body).digest()).decode()}"


HOSTILE_TITLES = (
    "AT&T <script>alert(1)</script> “ə” 🗞",
    "نص عربي \u202e right to left",
    "1 < 2 > 0 & more",
    "&amp; &lt;b&gt; &#38; already escaped",
    "]]> ends <![CDATA[ nothing",
    "<b>bold</b> <!-- no comment -->",
    "\"quotes\" and 'apostrophes'",
    "Zəngəzur dəhlizi: 混合 Ελληνικά Журнал",
)


def json_feed_faults(told: Any) -> list[str]:
    """Name what JSON Feed 1.1 forbids or misses in a feed (https://www.jsonfeed.org/version/1.1/)."""
    texts = {"title", "home_page_url", "feed_url", "description", "next_url", "icon", "language"}
    faults = [] if told.get("version") == "https://jsonfeed.org/version/1.1" else ["version"]
    faults += [name for name in texts & set(told) if not isinstance(told[name], str)]
    faults += [name for name in set(told) - texts if name not in _FEED and name[0] != "_"]
    faults += [] if "title" in told else ["title"]
    for hub in told.get("hubs", []):
        faults += [] if set(hub) == {"type", "url"} else ["hubs"]
    ids = [each.get("id") for each in told["items"]]
    faults += [] if len(set(ids)) == len(ids) else ["ids"]
    for item in told["items"]:
        faults += [name for name, value in item.items() if not _ITEM.get(name, _own)(value, name)]
        faults += [] if isinstance(item.get("id"), str) and item["id"] else ["id"]
        faults += [] if {"content_html", "content_text"} & set(item) else ["content"]
    return faults


_FEED = {"version", "items", "authors", "hubs"}


def _own(value: Any, name: str) -> bool:
    return name.startswith("_") and isinstance(value, dict)


def _is_text(value: Any, _name: str) -> bool:
    return isinstance(value, str)


def _is_time(value: Any, _name: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None


def _are_authors(value: Any, _name: str) -> bool:
    return bool(value) and all(set(each) == {"name"} and each["name"] for each in value)


def _are_texts(value: Any, _name: str) -> bool:
    return bool(value) and all(isinstance(each, str) and each for each in value)


_ITEM = {
    **dict.fromkeys(
        ("id", "url", "title", "content_html", "content_text", "summary", "image", "language"),
        _is_text,
    ),
    "date_published": _is_time,
    "date_modified": _is_time,
    "authors": _are_authors,
    "tags": _are_texts,
}
