"""Events as AWS sends them, in their full size: an HTTP API's view, and a stream's ledger lines."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from circulation.counting.keys import TRAITS, ledger_key
from circulation.counting.traits import Source
from circulation.times import day_of, format_time, milliseconds
from circulation.views.visitor import visitor_hash

NOON = datetime(2046, 11, 23, 12, tzinfo=UTC)
"""When all views come: far ahead, as the engine deletes ledger lines some days after theirs."""
DAY = day_of(NOON)
WINDOW = timedelta(minutes=15)
"""The tumbling window of a batch."""
SALT = bytes(range(32))
PAYLOAD_BYTES = 6 * 1024 * 1024
"""Lambda's quota for a synchronous invocation: a batch of the event source mapping fits in it."""

HOSTS = (
    "t.co",
    "news.google.com",
    "www.google.com",
    "l.facebook.com",
    "m.facebook.com",
    "bing.com",
)
"""Where readers came from, besides the site itself."""
_TRAITS = (
    ("", *HOSTS),
    ("AZ", "TR", "DE", "US"),
    ("phone", "desktop", "tablet"),
    tuple(Source),
    ("", "", "autumn-letter", "weekend"),
)
"""Values of a line's traits, in the order of their attributes."""

_USER_AGENTS = [
    f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 "
    f"{form}Safari/537.36"
    for system, form in (
        ("Windows NT 10.0; Win64; x64", ""),
        ("Macintosh; Intel Mac OS X 10_15_7", ""),
        ("Linux; Android 10; K", "Mobile "),
    )
    for version in range(126, 142)
]


def article_ids(count: int, prefix: str = "article") -> list[str]:
    """Name articles as a publishing system would number them."""
    return [f"{prefix}-{264_000 + number}" for number in range(count)]


def address(number: int) -> str:
    """Give each reader an IPv4 address of their own."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def views(articles: Sequence[str], *, start: int = 0) -> Iterator[dict[str, Any]]:
    """Give views without end, each by another reader, as payload 2.0 events."""
    number = start
    while True:
        yield view(articles[number % len(articles)], number)
        number += 1


def view(article: str, reader: int) -> dict[str, Any]:
    """Give one reader's view as a payload 2.0 event with a browser's usual headers."""
    agent = _USER_AGENTS[reader % len(_USER_AGENTS)]
    path = f"/articles/{article}/views"
    return {
        "version": "2.0",
        "routeKey": "POST /articles/{id}/views",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "accept-encoding": "gzip, deflate, br, zstd",
            "accept-language": "az,en;q=0.9",
            "content-length": "48",
            "content-type": "text/plain;charset=UTF-8",
            "host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            "origin": "https://news.example",
            "referer": "https://news.example/",
            "sec-fetch-dest": "empty",
            "sec-fetch-mode": "no-cors",
            "sec-fetch-site": "cross-site",
            "user-agent": agent,
            "x-amzn-trace-id": "Root=1-6923a1b2-0123456789abcdef01234567",
            "x-forwarded-for": address(reader),
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "a1b2c3d4e5",
            "http": {
                "method": "POST",
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": address(reader),
                "userAgent": agent,
            },
            "requestId": f"JKJaXmPLvHcESH{reader:08}=",
            "routeKey": "POST /articles/{id}/views",
            "stage": "$default",
            "time": f"{NOON:%d/%b/%Y:%H:%M:%S +0000}",
            "timeEpoch": milliseconds(NOON),
        },
        "pathParameters": {"id": article},
        "body": json.dumps({"nonce": f"{reader:032x}"}),
        "isBase64Encoded": False,
    }


def batch(
    articles: Sequence[str], count: int, *, shard: str = "shardId-00000001763899200000-a1b2c3d4"
) -> dict[str, Any]:
    """Give the event of a mapping with a tumbling window: one view each of articles in turn."""
    return {
        "Records": [
            record(articles[number % len(articles)], number, number) for number in range(count)
        ],
        "shardId": shard,
        "eventSourceARN": _STREAM,
        "window": {"start": format_time(NOON), "end": format_time(NOON + WINDOW)},
        "state": {},
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
    }


def record(article: str, reader: int, place: int, *, at: datetime = NOON) -> dict[str, Any]:
    """Give the stream record of a reader's first view; place is its turn within the shard."""
    visitor = visitor_hash(SALT, article, address(reader), _USER_AGENTS[0])
    key = {name: {"S": value} for name, value in ledger_key(article, DAY, visitor).items()}
    return {
        "eventID": f"{reader:032x}",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": int(at.timestamp()),
            "Keys": key,
            "NewImage": {
                **key,
                "n": {"N": "1"},
                "at": {"N": str(milliseconds(at))},
                "x": {"S": f"{reader:032x}"},
                **_traits(reader),
                "ttl": {"N": str(int((at + timedelta(days=4)).timestamp()))},
            },
            "SequenceNumber": f"1405400000000000{place:010}",
            "SizeBytes": 178,
            "StreamViewType": "NEW_IMAGE",
        },
        "eventSourceARN": _STREAM,
    }


def _traits(reader: int) -> dict[str, dict[str, str]]:
    """Give the attributes of a view's traits; readers from the site itself have no referrer."""
    chosen = {
        name: values[reader * 2_654_435_761 % 2**32 * len(values) >> 32]
        for name, values in zip(TRAITS, _TRAITS, strict=True)
    }
    return {name: {"S": str(value)} for name, value in chosen.items() if value}


_STREAM = (
    "arn:aws:dynamodb:us-east-1:123456789012:table/circulation-Ledger-1ABCDEFGHIJKL/stream/"
    "2026-11-01T08:00:00.000"
)
