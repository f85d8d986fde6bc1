"""What a public request reads and answers is bounded: by what stands beside its route, and by AWS.

On tables in memory that meter as DynamoDB does, with 10,000 articles, some of the largest.
"""

import inspect
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulation.articles import keys
from circulation.articles.article import Article
from circulation.articles.change import Revision
from circulation.articles.editions import MAX_DUE
from circulation.articles.fields import MAX_BODY_BYTES, MAX_NAME
from circulation.articles.listing import Kind, Listing
from circulation.aws.attribute_values import encoded
from circulation.aws.table import Change, Table
from circulation.counting.counts import TOTAL, Total
from circulation.counting.keys import page_key
from circulation.mail.ask import MAX_SECTIONS
from circulation.mail.digest import MAX_BYTES, MAX_SEEN, frozen_digest, written_digest
from circulation.mail.keys import subscriber_key
from circulation.mail.letter_queue import LetterQueue
from circulation.mail.mailbox import read_mailbox
from circulation.mail.recommendation import REFUSING, Person, Recommendation
from circulation.mail.recommendations import Recommendations
from circulation.mail.subscriber import (
    Choices,
    Consent,
    Frequency,
    Subscriber,
    key_hash,
    link_key,
    subscriber_id,
)
from circulation.mail.subscribers import Pending, Subscribers
from circulation.popularity.periods import Period
from circulation.popularity.top import top_of_day
from circulation.popularity.windows import Window
from circulation.runtime import Container, container
from circulation.times import days_until
from circulation.web.handler import Handler
from circulation_cli.local_stack.template import Template
from contract.write import contract
from functions import (
    read_articles,
    read_statistics,
    record_view,
    serve_digests,
    serve_feeds,
    serve_recommendations,
    serve_subscriptions,
    serve_widget,
)
from tests.builders import NOW, TODAY, article, digest_entry, http_event
from tests.memory_store import metered_tables, store_on
from tests.simulation.dynamodb import DynamoDB

ARTICLES = 10_000
LATER = NOW + timedelta(minutes=5)
MAX_ANSWER = 6_291_556
"""Lambda quotas: invocation payload of a synchronous response."""
MAX_HEADERS = 10_240
"""API Gateway quotas for HTTP APIs: total combined size of request line and header values."""
LARGE = 100
"""From the newest on: so many articles fill an answer, and as many of the largest size follow."""
FUNCTIONS = (
    read_articles,
    read_statistics,
    record_view,
    serve_digests,
    serve_feeds,
    serve_recommendations,
    serve_subscriptions,
    serve_widget,
)
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, operations in contract()["paths"].items()
    for method, operation in operations.items()
    if "security" not in operation
}
LARGEST = f"a{ARTICLES - 2 * LARGE}"
SECTIONS = [f"{number:03}".rjust(MAX_NAME, "\U0001f5de")[::-1] for number in range(MAX_SECTIONS)]
AS_MANY = SECTIONS[:13]
"""As many of them as a form has room for, where each byte of a name takes three."""
FORM = {"content-type": "application/x-www-form-urlencoded"}
SAM = read_mailbox(f"sam@{'m' * 60}.{'m' * 60}.{'m' * 60}.example")
PERSON = subscriber_id(bytes(32), SAM)
CONFIRMING = "k" * 43
NAMES = {
    "section": "city",
    "tag": "tag-7",
    "author": "author-3",
    "key": link_key(bytes(32), PERSON),
}
PAGE = "https://news.example/articles/a9000?b=1&c=2"


def body(character: str, size: int) -> str:
    return f"<p>{character * ((size - 7) // len(character.encode()))}</p>"


def stands(number: int, character: str = '"') -> Article:
    """One of many articles, the newest with the highest number."""
    made = article(
        f"a{number}",
        section="city" if number % 20 < 15 else f"section-{number % 20}",
        tags=(f"tag-{number % 40}", f"only-{number}"),
        authors=(f"author-{number % 10}",),
        url=f"https://news.example/articles/a{number}",
        published=NOW - timedelta(minutes=ARTICLES - number),
        body="<p>Text</p>" * 100,
    )
    back = ARTICLES - 1 - number
    if back < LARGE:
        return replace(made, body=body(character, 13_000))
    if back < 2 * LARGE:
        names = tuple(f"{name}{character * 90}" for name in range(20))
        return replace(
            made,
            body=body(character, MAX_BODY_BYTES),
            title=character * 500,
            summary=character * 5_000,
            url=f"{made.url}/{'x' * 1_900}",
            tags=("tag-7", *names[1:]),
            authors=("author-3", *names[1:]),
        )
    return made


def shelve(store: Container, articles: list[Article]) -> None:
    revisions = [Revision(each.id, None, each, None, 0) for each in articles]
    assert not store.catalogue.library.shelve(revisions, now=NOW)
    listings = {listing: each for each in revisions for listing in each.editions()}
    for listing, revision in listings.items():
        begun = store.catalogue.editions.begin(listing, [revision], NOW)
        store.catalogue.editions.close(begun, [revision], NOW)


def rank(store: Container, articles: list[Article]) -> None:
    """Rank the newest; of a section, after as many that do not stand in it as are looked at."""
    newest = [each.id for each in reversed(articles)]
    elsewhere = [each.id for each in reversed(articles) if each.section != "city"]
    here = [each.id for each in reversed(articles) if each.section == "city"]
    for window in Window:
        for section, ids in ((None, newest[:500]), ("city", elsewhere[:100] + here[:50])):
            ranking = tuple((each, 1_000 - place) for place, each in enumerate(ids))
            store.rankings.put(window, section, ranking, as_of=NOW, clock=NOW)
    views = {each: 1_000_000 - place for place, each in enumerate(newest[:600])}
    for period in (Period(TODAY), Period(TODAY[:7])):
        top = top_of_day(views, 10**9, closed=False)
        store.charts.tops.put(period, top, as_of=NOW, clock=NOW)


def fill_days(dynamodb: DynamoDB, store: Container, table: str, article_id: str) -> None:
    """Write a year of the largest pages, and of the site's days."""
    hosts = {f"r#{place:02}{'h' * 100}": 10**6 for place in range(100)}
    for day in days_until(TODAY, 400):
        page = page_key(article_id, day) | {"views": 10**8, "visitors": 10**8} | hosts
        dynamodb.put(table, encoded(page))
        store.site.put(day, Total(10**9, 10**9), as_of=NOW, clock=NOW)
    store.site.put(TOTAL, Total(10**11, 10**11), as_of=NOW, clock=NOW)


def fill_sections(dynamodb: DynamoDB, store: Container) -> None:
    """Write the editions of as many sections as a form shows, before all others by their names."""
    table = store.settings.library_table
    due = {keys.place(NOW + timedelta(days=1, minutes=n), f"{n}".zfill(64)) for n in range(MAX_DUE)}
    edition = store.library_table.get(keys.edition_key(Listing(Kind.SECTION, "city")))
    assert edition
    for section in SECTIONS:
        key = keys.edition_key(Listing(Kind.SECTION, section))
        dynamodb.put(table, encoded(edition | key | {"due": due}))


def subscribe(dynamodb: DynamoDB) -> None:
    """Write a person who chose all sections, and what somebody else is asked to confirm."""
    table = Table(cast("Any", dynamodb), "Subscribers")
    subscribers, choices = Subscribers(table), Choices(sections=frozenset(SECTIONS))
    assert subscriber_id(subscribers.mail_key(bytes), SAM) == PERSON
    consent = Consent(NOW, NOW, "0" * 64)
    subscribers.erase(PERSON)  # a test before may have changed the person
    subscribers.add(Subscriber(PERSON, SAM, choices, consent))
    bounces = [f"2026-03-14T15:09:26Z#{'x' * 60}{number}" for number in range(4)]
    table.update(subscriber_key(PERSON), Change.setting({"bounces": bounces}))
    subscribers.put_pending(key_hash(CONFIRMING), Pending(SAM, choices, NOW, "0" * 64), now=NOW)
    names = Person("\U0001f5de" * 60, SAM), Person("\U0001f5de" * 60, SAM)
    asked = Recommendation(LARGEST, *names, NOW, "https://api.example")
    Recommendations(table).put(key_hash(CONFIRMING), asked)


def freeze_digests(store: Container) -> None:
    """Freeze as many digests as any answer reads, of the largest size."""
    text = "ə" * 300
    newest = [
        digest_entry(
            number,
            section=f"section-{number % 60}",
            title=text,
            summary=text,
            url=f"https://news.example/{'x' * 1_900}",
        )
        for number in range(300)
    ]
    seen = [(f"a{number}".ljust(64, "x"), NOW) for number in range(MAX_SEEN)]
    for day in days_until(TODAY, 50):
        for frequency in Frequency:
            made = frozen_digest(frequency, day, NOW, newest=newest, most_read={}, seen=seen)
            assert 0.9 * MAX_BYTES < len(written_digest(made).encode()) <= MAX_BYTES
            store.digests.freeze(made)


@pytest.fixture(scope="module")
def dynamodb() -> DynamoDB:
    made = metered_tables()
    store = store_on(made)
    articles = [stands(number) for number in range(ARTICLES)]
    shelve(store, articles)
    rank(store, articles)
    fill_days(made, store, store.settings.library_table, "a9000")
    store.books.counters.raise_base("a9000", 346)
    freeze_digests(store)
    fill_sections(made, store)
    shelve(store, [article("coming", section="secret", published=NOW + timedelta(days=300))])
    return made


@pytest.fixture
def tables(
    dynamodb: DynamoDB, template: Template, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DynamoDB]:
    """The tables, behind the functions."""
    queues = {"SealQueue": "https://sqs.example/seals", "LetterQueue": "https://sqs.example/mails"}
    environment = template.environment(queues) | {"RECOMMEND_BY_MAIL": "on"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("circulation.runtime.client_of_tables", lambda _: dynamodb)
    monkeypatch.setattr(LetterQueue, "send", lambda *_: None)
    subscribe(dynamodb)
    container.cache_clear()
    yield dynamodb
    container.cache_clear()


def handler_of(route: str) -> Handler:
    """Find the function that has a route."""
    for function in FUNCTIONS:
        if route in inspect.getclosurevars(function.handler).nonlocals["routes"]:
            handler: Handler = function.handler
            return handler
    raise LookupError(route)


def ask(tables: DynamoDB, route: str, at: datetime = LATER, **asked: Any) -> tuple[Any, float]:
    """Give the answer, and the read units that it took."""
    before = tables.read_units
    answer = handler_of(route)(http_event(route, at=at, **asked), None)
    return answer, tables.read_units - before


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def place(number: int) -> str:
    return keys.place(NOW - timedelta(minutes=ARTICLES - number), f"a{number}")


BEFORE_LARGE = cursor(place(ARTICLES - LARGE))
BEFORE_MIXED = cursor(place(ARTICLES - LARGE + 10))
YEAR = {"from": "2025-03-14", "to": "2026-03-14"}
FEED_CASES: list[dict[str, Any]] = [
    {},
    {"query": {"before": BEFORE_LARGE}},
    {"query": {"before": BEFORE_MIXED}},
    {"query": {"before": cursor("9999-12-31T23:59:59Z#z")}},
    {"query": {"before": cursor("0001-01-01T00:00:00Z#a")}},
]
TYPED = {
    "article": LARGEST,
    "name": "Sam",
    "address": SAM.address,
    "friend_name": "Robin",
    "friend_address": SAM.address,
}
POPULAR = [{"limit": "1"}, {"limit": "100"}]
CASES: dict[str, list[dict[str, Any]]] = {
    "GET /articles": [
        {"query": query}
        for query in (
            {"limit": "100"},
            {"limit": "100", "cursor": BEFORE_MIXED},
            {"limit": "100", "section": "city"},
            {"limit": "100", "tag": "tag-7"},
            {"limit": "100", "tag": "x" * 100, "fields": "title"},
            {"limit": "1", "since": "0001-01-03", "until": "9999-12-29"},
            {"limit": "100", "format": "text"},
        )
    ]
    + [
        {"query": {"order": "views", "window": window, **section, **limit}}
        for window in ("all", "24h")
        for section in ({}, {"section": "*"}, {"section": "all"}, {"section": "city"})
        for limit in POPULAR
    ]
    + [{"query": {"order": "views", "limit": "100", "cursor": cursor(f"{902}#a9901")}}],
    "GET /popular": [
        {"query": {"window": window, **section, **limit}}
        for window in ("all", "1h")
        for section in ({}, {"section": "*"}, {"section": "city"}, {"section": "x" * 100})
        for limit in POPULAR
    ]
    + [
        {"query": {"window": window, "limit": "100", **among}}
        for window in ("all", "24h", TODAY, TODAY[:7], "9998-12", "2020-01-01")
        for among in (
            {},
            {"tag": "tag-7"},
            {"published_within": "366d"},
            {"section": "city"},
            {"section": "city", "tag": "tag-7", "published_within": "1h"},
            {"section": "city", "tag": "tag-7", "published_within": "366d"},
            {"tag": "x" * 100},
        )
    ],
    "GET /views": [
        {"query": {"ids": ",".join(f"a{number}" for number in range(9_900, 10_000))}},
        {"query": {"ids": ",".join(f"{number}" * 20 for number in range(10, 110))}},
        {"query": {"url": PAGE}},
    ],
    "GET /articles/{id}/views/daily": [
        {"query": YEAR},
        {"query": {"from": "9999-01-01", "to": "9999-12-31"}},
    ],
    "GET /articles/{id}/views/hourly": [
        {"query": {"from": "2026-02-12"}},
        {"query": {"to": "2026-02-12"}},
    ],
    "GET /counter/{path+}": [
        {"path": {"path+": f"{page}.{kind}", "path": f"{page}.{kind}"}, "query": query}
        for page in (TOTAL, "articles/a9000", "nowhere", "articles/a9000?b=1")
        for kind in ("json", "html", "svg")
        for query in ({}, {"start": "2025-03-14", "end": "2026-03-14"}, {"style": '"' * 10_000})
    ],
    "GET /articles/by-url": [
        {"query": {"url": PAGE}},
        {"query": {"url": "/nowhere?x=" + "y" * 8_000}},
    ],
    "POST /views": [{"query": {"url": PAGE}}],
    "POST /count": [{"query": {"p": "/articles/a9000?x=1"}}],
    "GET /count": [{"query": {"p": "/articles/a9000?x=1"}}],
    "GET /busuanzi": [{"query": {"jsonpCallback": "b"}, "headers": {"referer": PAGE}}],
    "GET /sitemap.xml": [
        {"query": query}
        for query in (
            {},
            {"page": "2"},
            *({"month": month} for month in ("2026-03", "2026-04", "1999-01", "9999-12")),
            *({"month": "2026-03", "part": part} for part in ("2", "9000")),
        )
    ],
    "GET /digests/{frequency}/{date}": [
        {"path": {"frequency": frequency, "date": date}}
        for frequency in ("daily", "weekly", "hourly")
        for date in (TODAY, "2026-01-01", "today")
    ],
    "POST /subscriptions": [
        {"body": urlencode({"address": SAM.address}), "headers": FORM},
        {
            "body": urlencode({"address": SAM.address, "section": AS_MANY}, doseq=True),
            "headers": FORM,
        },
        {"body": {"address": "sam"}, "headers": {"accept": "text/html"}},
    ],
    **{
        f"{method} /{mails}/confirm/{{key}}": [{"path": {"key": CONFIRMING}}]
        for method in ("GET", "POST")
        for mails in ("subscriptions", "recommendations")
    },
    "POST /subscriptions/{key}": [
        {"body": urlencode({"section": AS_MANY}, doseq=True), "headers": FORM},
        {"body": {"frequency": "hourly"}, "headers": {"accept": "text/html"}},
    ],
    "POST /recommendations": [
        {"body": TYPED | changes, "headers": {"accept": "text/html"}}
        for changes in ({}, {"address": "sam"})
    ],
    **{
        f"{method} /recommendations/{{key}}/refuse": [
            {"path": {"key": link_key(bytes(32), PERSON, REFUSING)}}
        ]
        for method in ("GET", "POST")
    },
    "GET /widget/{build}": [{"path": {"build": "0.js"}}],
    **{
        f"GET {path}/feed.{each}": FEED_CASES
        for path in ("", "/sections/{section}", "/tags/{tag}", "/authors/{author}")
        for each in ("rss", "atom", "json")
    },
    **{
        f"GET /popular/feed.{each}": [
            {"query": {"window": "all", **section}}
            for section in ({}, {"section": "*"}, {"section": "city"}, {"section": "x" * 100})
        ]
        for each in ("rss", "atom", "json")
    },
    **{f"GET {path}/log": [{"query": {"url": PAGE}}] for path in ("/api/v1", "/api/v2", "")},
    **{f"POST {path}/log": [{"body": {"url": PAGE}}] for path in ("/api/v1", "/api/v2", "")},
}
BY_ID = [{"path": {"id": each}} for each in ("a9000", LARGEST, "nobody", "coming")]


def requests_of(route: str) -> list[dict[str, Any]]:
    found = CASES.get(route, [{}])
    if "{id}" in route:
        return [each | told for each in found for told in BY_ID]
    return [{"path": NAMES} | each for each in found]


@pytest.mark.parametrize("route", OPERATIONS)
def test_no_request_reads_or_answers_more_than_is_written_beside_its_route(
    route: str, tables: DynamoDB
) -> None:
    bound = OPERATIONS[route]["x-read-units"]
    edition = OPERATIONS[route].get("x-read-units-of-an-edition", 0)
    for asked in requests_of(route):
        container.cache_clear()
        first, units = ask(tables, route, **asked)
        assert units <= bound + edition, (asked, units)
        calls = tables.calls.total()
        again, units = ask(tables, route, **asked)
        assert units <= bound, (asked, units)
        assert tables.calls.total() - calls <= 15, asked
        zipped, _ = ask(
            tables,
            route,
            **{**asked, "headers": {"accept-encoding": "gzip", **asked.get("headers", {})}},
        )
        for answer in (first, again, zipped):
            assert answer["statusCode"] < 500
            assert len(json.dumps(answer, ensure_ascii=False).encode()) <= MAX_ANSWER, asked
            assert sum(map(len, answer["headers"].values())) <= MAX_HEADERS, asked


GARBAGE = st.one_of(
    st.text(max_size=40),
    st.text("0123456789-:TZ#.+%*,;=\"'/\\", max_size=40),
    st.sampled_from(
        ["*", "all", "TOTAL", "-1", "0", "99999999999999999999", "1e999", "NaN", "\ud800"]
    ),
    st.binary(max_size=60).map(lambda raw: urlsafe_b64encode(raw).decode()),
    st.dates().map(str),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
    st.tuples(st.integers(0, 10**15), st.sampled_from(["a1", "x", "coming"])).map(
        lambda rank: cursor(f"{rank[0]}#{rank[1]}")
    ),
    st.datetimes().map(lambda moment: cursor(f"{moment:%Y-%m-%dT%H:%M:%SZ}#a1")),
    st.text("a", min_size=90, max_size=110),
)
TAGS = st.builds(
    '"{}-{:x}-{:x}"'.format,
    st.sampled_from(["0" * 16, "KNOWN"]),
    st.integers(0, 2**80),
    st.integers(0, 16**10 - 1),
)
HEADERS = (
    "a-im", "accept", "accept-encoding", "if-none-match", "if-modified-since", "origin", "referer",
    "user-agent", "x-forwarded-proto", "sec-purpose", "sec-gpc", "cloudfront-viewer-address",
)  # fmt: skip


def parameters_of(route: str, kind: str) -> list[str]:
    found = OPERATIONS[route].get("parameters", [])
    return [each["name"] for each in found if each.get("in") == kind]


@st.composite
def garbled(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A request of a public route, some of whose parameters and headers are garbage."""
    route = draw(st.sampled_from(sorted(OPERATIONS)))
    query = {name: draw(GARBAGE) for name in parameters_of(route, "query") if draw(st.booleans())}
    path = {name.rstrip("+"): draw(GARBAGE) for name in parameters_of(route, "path")}
    if "{id}" in route and draw(st.booleans()):
        path = {"id": "a9000"}
    known = {name: value for name, value in NAMES.items() if f"{{{name}}}" in route}
    path |= known if draw(st.booleans()) else {}
    names = draw(st.lists(st.sampled_from(HEADERS), unique=True, max_size=4))
    headers = {name: draw(GARBAGE | TAGS) for name in names}
    headers |= {"a-im": "feed"} if draw(st.booleans()) else {}
    asked = {"query": query, "path": path, "headers": headers}
    return route, asked | ({"body": draw(GARBAGE)} if route.startswith("POST") else {})


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(told=garbled())
def test_whatever_a_request_holds_it_is_answered_and_reads_no_more(
    tables: DynamoDB, told: tuple[str, dict[str, Any]]
) -> None:
    route, asked = told
    if "KNOWN" in asked["headers"].get("if-none-match", ""):
        plain = {**asked, "headers": {}}
        (answer, _) = ask(tables, route, **plain)
        known = answer["headers"].get("etag", '"0')[1:17]
        asked["headers"]["if-none-match"] = asked["headers"]["if-none-match"].replace(
            "KNOWN", known
        )
    bound = OPERATIONS[route]["x-read-units"]
    edition = OPERATIONS[route].get("x-read-units-of-an-edition", 0)
    answer, units = ask(tables, route, **asked)
    assert answer["statusCode"] < 500
    assert units <= bound + edition
    assert sum(map(len, answer["headers"].values())) <= MAX_HEADERS


@pytest.mark.parametrize(
    "seconds", ["ffffffffff", "3afff4417f", "3afff44180", "00000000", "7fffffffff"]
)
@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_an_etag_that_a_client_made_up_is_none_of_ours(
    tables: DynamoDB, seconds: str, ending: str
) -> None:
    route = f"GET /feed.{ending}"
    real = ask(tables, route)[0]["headers"]["etag"]
    headers = {"a-im": "feed", "if-none-match": f'{real[:17]}-0-{seconds}"'}
    assert ask(tables, route, headers=headers)[0]["statusCode"] in (200, 226)


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "1", "noise": "x" * 9_000},
        {"limit": "1", "fields": ",".join(["title"] * 1_500)},
        {"limit": "1", "since": f"2020-01-01T00:00:00.{'0' * 8_000}Z"},
        {"limit": "1", "section": "city", "unknown": "é" * 3_000, "window": ""},
    ],
)
def test_the_link_to_the_next_page_repeats_what_is_known_in_its_shortest_form(
    tables: DynamoDB, query: dict[str, str]
) -> None:
    query = {name: value for name, value in query.items() if value}
    link = ask(tables, "GET /articles", query=query)[0]["headers"]["link"]
    assert 'rel="next"' in link
    assert len(link) < 500


def test_made_up_addresses_drive_no_feed_out_of_a_containers_memory(tables: DynamoDB) -> None:
    ask(tables, "GET /feed.rss")
    kept = container().renditions
    before = len(kept)
    for number in range(100):
        moment = NOW - timedelta(minutes=LARGE * 3 + number)
        query = {"before": cursor(f"{moment:%Y-%m-%dT%H:%M:%SZ}#a")}
        ask(tables, "GET /feed.rss", query=query)
        ask(tables, "GET /popular/feed.rss", query={"section": f"made-up-{number}"})
        ask(tables, "GET /sitemap.xml", query={"month": "2026-03", "part": str(number + 1)})
    assert len(kept) == before
    assert len(container().archive) <= 50
    assert ask(tables, "GET /feed.rss")[1] == 1


@pytest.mark.parametrize("section", ["*", "all", "section#city", "ALL", "TOTAL"])
def test_no_name_stands_for_the_whole_site(tables: DynamoDB, section: str) -> None:
    answer, units = ask(tables, "GET /popular", query={"section": section, "window": "all"})
    assert json.loads(answer["body"])["articles"] == []
    assert units <= 1


def test_of_what_is_not_public_yet_nobody_is_told_more_than_of_what_is_unknown(
    tables: DynamoDB,
) -> None:
    """Whatever names an article: the answers are those for one that never was."""
    store = container()
    withdrawn = article(
        "withdrawn", url="https://news.example/w", published=NOW + timedelta(days=1)
    )
    shelve(store, [replace(withdrawn, url="https://news.example/w"), article("seen", url="/seen")])
    for name, standing in (("withdrawn", withdrawn), ("seen", article("seen", url="/seen"))):
        assert not store.catalogue.library.shelve([Revision(name, standing, None, 1, 1)], now=NOW)
    for route in OPERATIONS:
        container.cache_clear()  # and with it who sent too much
        if "{id}" in route:
            unknown, future, seen, gone = (
                ask(tables, route, at=at, path={"id": each})[0]
                for each, at in (
                    ("nobody", LATER),
                    ("coming", LATER),
                    ("seen", LATER),
                    ("withdrawn", NOW + timedelta(days=2)),
                )
            )
            assert future == json.loads(json.dumps(unknown).replace("nobody", "coming")), route
            assert gone == json.loads(json.dumps(unknown).replace("nobody", "withdrawn")), route
            assert (seen["statusCode"], unknown["statusCode"]) == (410, 404), route
    container.cache_clear()
    pages = ("/never", "/city/harbour-clock", "/w")
    for route, name in (
        ("GET /articles/by-url", "url"),
        ("GET /views", "url"),
        ("POST /views", "url"),
        ("GET /api/v2/log", "url"),
        ("GET /count", "p"),
    ):
        answers = [ask(tables, route, query={name: page})[0] for page in pages]
        assert answers[0] == answers[1] == answers[2], route
    answer, _ = ask(tables, "GET /views", query={"ids": "nobody,coming,withdrawn,seen"})
    assert json.loads(answer["body"])["unknown"] == ["nobody", "coming", "withdrawn", "seen"]


def test_every_public_route_says_what_it_reads() -> None:
    assert [route for route, told in OPERATIONS.items() if "x-read-units" not in told] == []
