"""The endpoints of other counters, held against requests as their scripts send them."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.popularity.memory import Memory
from circulation.popularity.ranking import rank_popular
from circulation.runtime import Container, container
from circulation.web.pages.pixel import PIXEL
from functions import publish_articles, record_view, serve_widget
from tests.builders import NOW, TODAY, http_event, line, pages, submitted

# As Chromium sends them for GoatCounter's count.js: a beacon, or an image where there is none.
BEACON = {"origin": "https://news.example", "referer": "https://news.example/"}
IMAGE = {"referer": "https://news.example/", "sec-fetch-dest": "image"}
CAPTURED = {
    "a page": ("POST", "/count?p=%2Fcity%2Fharbour-clock&t=About%20us%20%26&s=800&b=0&rnd=znhzu"),
    "version 5": (
        "POST",
        "/count?p=%2Fcity%2Fharbour-clock&t=x&s=800%2C600%2C1&b=0&q=%3Fv5%3D1&rnd=uop2q",
    ),
    "a canonical address": (
        "POST",
        "/count?p=%2Fcity%2Fharbour-clock%2F%3Futm_source%3Dnews&s=800&b=0&q=%3Fid%3D5&rnd=ao4ex",
    ),
    "a referrer": (
        "POST",
        "/count?p=%2Fcity%2Fharbour-clock&r=http%3A%2F%2Fsearch.example%2F&t=x&s=800&b=0&rnd=r97s2",
    ),
    "a zoomed window": (
        "POST",
        "/count?p=%2Fcity%2Fharbour-clock&s=1366%2C768%2C1.3333333333333333&b=0&rnd=ijl",
    ),
    "a screen of no sense": ("POST", "/count?p=%2Fcity%2Fharbour-clock&s=wide&b=0&rnd=ijl"),
    "no session": ("POST", "/count?p=%2Fcity%2Fharbour-clock&t=x&s=800&b=0&ns=true&rnd=2xu86"),
    "an image": ("GET", "/count?p=%2Fcity%2Fharbour-clock&t=Fallback&s=800&b=0&rnd=k6qn6"),
    "an index page": ("POST", "/count?p=%2Fcity%2Fharbour-clock%2Findex.html&b=0&rnd=a"),
    "no slash": ("POST", "/count?p=city%2Fharbour-clock&b=0&rnd=a"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def library(store: Container) -> Container:
    event = http_event(
        "PUT /articles/{id}", path={"id": "harbour-clock"}, body=submitted(views_before=1_233)
    )
    assert publish_articles.handler(event, None)["statusCode"] == 201
    return store


def send(method: str, target: str, **told: Any) -> dict[str, Any]:
    """Send a request as it stands in a capture."""
    url = urlsplit(target)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    handler = record_view if url.path in ("/count", "/busuanzi") else serve_widget
    handler = record_view if method == "POST" else handler
    event = http_event(f"{method} {url.path}", query=query, **told)
    answer: dict[str, Any] = handler.handler(event, None)
    return answer


def rank(store: Container) -> None:
    """Rank the articles, as RankPopular does on its first run."""
    rank_popular(store.charts, store.catalogue, store.books, Memory(), now=NOW)


def entered(store: Container) -> int:
    """Count the views that the ledger holds."""
    return store.ledger.recount("harbour-clock", TODAY).views


# GoatCounter: counting.


@pytest.mark.parametrize("name", CAPTURED)
def test_goatcounters_script_counts_a_view(library: Container, name: str) -> None:
    method, target = CAPTURED[name]
    answer = send(method, target, headers=BEACON if method == "POST" else IMAGE)
    assert answer["statusCode"] == 200
    assert base64.b64decode(answer["body"]) == PIXEL
    assert answer["headers"]["content-type"] == "image/gif"
    assert answer["headers"]["cache-control"] == "no-store"
    assert "x-goatcounter" not in answer["headers"]
    assert entered(library) == 1
    assert list(pages(library)) == ["harbour-clock"]


def test_a_hit_that_is_sent_again_counts_once_and_says_why(library: Container) -> None:
    method, target = CAPTURED["a page"]
    send(method, target, headers=BEACON, request_id="r1")
    again = send("GET", target, headers=IMAGE, request_id="r2")  # the beacon's fallback
    assert "x-goatcounter" not in again["headers"]  # the same nonce: it is the same view
    other = send(method, target.replace("znhzu", "other"), headers=BEACON, request_id="r3")
    assert other["headers"]["x-goatcounter"].startswith("ignored because")
    assert entered(library) == 1


@pytest.mark.parametrize(
    ("target", "status", "reason"),
    [
        ("/count?p=%2Fcity%2Fharbour-clock&b=153&rnd=bx7bj", 200, "ignored because it is a bot"),
        ("/count?p=ext-example.com&e=true&b=0&rnd=ijlpn", 200, "ignored because events"),
        ("/count?p=%2Fnowhere&b=0&rnd=a", 200, "ignored because no article is published"),
        ("/count?b=0&rnd=a", 400, "not valid: path: must be set"),
        ("/count?p=&b=0&rnd=a", 400, "not valid: path: must be set"),
        ("/count?p=%2Fcity%2Fharbour-clock&b=100&rnd=a", 400, "wrong value: b=100"),
        ("/count?p=%2Fcity%2Fharbour-clock&b=x%0Ay&rnd=a", 400, "wrong value: b=x?y"),
        ("/count?p=%2Fcity%2Fharbour-clock&b=%20&rnd=a", 400, "wrong value: b="),
        ("/count?p=%2Fcity%2Fharbour-clock&b=%20x%20&rnd=a", 400, "wrong value: b= x"),
        (f"/count?p=%2F{'x' * 2048}&b=0&rnd=a", 414, "ignored because path is longer"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_is_not_counted_is_told_in_a_header_beside_the_pixel(
    library: Container, method: str, target: str, status: int, reason: str
) -> None:
    answer = send(method, target, headers=BEACON)
    assert answer["statusCode"] == status
    assert base64.b64decode(answer["body"]) == PIXEL
    header = answer["headers"]["x-goatcounter"]
    assert header.startswith(reason)
    assert header == header.strip()  # what a value that HTTP carries cannot differ in
    assert entered(library) == 0


def test_a_bot_by_its_name_and_a_page_loaded_ahead_are_not_counted(library: Container) -> None:
    _, target = CAPTURED["a page"]
    for headers in ({"user-agent": "Googlebot/2.1"}, {"sec-purpose": "prefetch"}):
        assert send("POST", target, headers=headers)["headers"]["x-goatcounter"]
    assert entered(library) == 0


def test_asking_for_the_head_of_a_count_counts_nothing(library: Container) -> None:
    assert send("HEAD", CAPTURED["a page"][1])["statusCode"] == 200
    assert entered(library) == 0


@pytest.mark.parametrize("at", [NOW - timedelta(days=30), NOW + timedelta(seconds=9)])
def test_a_page_whose_article_is_not_to_be_read_is_no_articles(
    library: Container, at: datetime
) -> None:
    """Before its time, and when it was taken back."""
    path = {"id": "harbour-clock"}
    publish_articles.handler(http_event("DELETE /articles/{id}", path=path), None)
    if at < NOW:
        event = http_event("PUT /articles/{id}", path=path, body=submitted())
        publish_articles.handler(event, None)
    answer = send("POST", CAPTURED["a page"][1], at=at)
    assert answer["headers"]["x-goatcounter"].startswith("ignored because no article")
    assert json.loads(send("POST", "/views?url=%2Fcity%2Fharbour-clock", at=at)["body"]) == {
        "article": None,
        "views": None,
        "visitors": None,
        "counted": False,
        "reason": "unknown",
    }
    assert '"page_pv":0' in busuanzi(at=at)["body"]
    told = json.loads(send("POST", "/api/v2/log", body={"url": PAGE}, at=at)["body"])
    assert told["data"]["page_pv"] == 0
    assert entered(library) == 0


@pytest.mark.parametrize("target", ["/count?p=%2Fx", "/busuanzi?jsonpCallback=f", "/log?url=x"])
def test_the_head_of_anything_has_no_body(target: str) -> None:
    assert send("HEAD", target, headers=IMAGE)["body"] == ""


def test_a_count_tells_referrer_and_screen(library: Container) -> None:
    send("POST", CAPTURED["a referrer"][1], headers=BEACON)
    (line,) = lines(library)
    assert (line["r"], line["f"]) == ("search.example", "tablet")


MARKED = "city/harbour-clock?utm_campaign=Spring&via=mail#top"


@pytest.mark.parametrize(
    ("method", "target", "told"),
    [
        ("POST", "/count?p=%2Fcity%2Fharbour-clock&q=%3Futm_campaign%3DSpring%26via%3Dmail", {}),
        ("POST", f"/count?p=%2F{quote(MARKED.partition('#')[0], safe='')}&q=%3Fid%3D5", {}),
        ("GET", "/busuanzi?jsonpCallback=f", {"referer": f"https://news.example/{MARKED}"}),
        ("POST", "/api/v2/log", {"url": f"https://news.example/{MARKED}"}),
    ],
)
def test_whatever_counts_tells_of_the_link_that_led_to_the_page(
    library: Container, method: str, target: str, told: dict[str, str]
) -> None:
    url = {"body": {"url": told["url"]}} if "url" in told else {}
    referer = {"referer": told["referer"]} if "referer" in told else {}
    answer = send(method, target, headers=BEACON | referer, **url)
    assert answer["statusCode"] == 200
    (line,) = lines(library)
    assert (line["s"], line["k"]) == ("mail", "spring")


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        ("", "none"),
        ("&r=https%3A%2F%2Fnews.example%2F", "home"),
        ("&r=https%3A%2F%2Ft.co", "social"),
    ],
)
def test_goatcounters_script_tells_what_led_to_the_page(
    library: Container, referrer: str, source: str
) -> None:
    send("POST", f"/count?p=%2Fcity%2Fharbour-clock&rnd=a{referrer}", headers=BEACON)
    (line,) = lines(library)
    assert line["s"] == source


def test_a_script_that_tells_no_referrer_has_no_source(library: Container) -> None:
    busuanzi("https://news.example/city/harbour-clock")
    (line,) = lines(library)
    assert "s" not in line


def lines(store: Container) -> list[dict[str, Any]]:
    return [
        item
        for bucket in "0123456789abcdef"
        for item in store.ledger_table.query(f"harbour-clock#{TODAY}#{bucket}")
    ]


# GoatCounter: the visitor counter.


def counter(path: str, **query: str) -> dict[str, Any]:
    return serve_widget.handler(
        http_event("GET /counter/{path+}", path={"path": path}, query=query), None
    )


@pytest.mark.parametrize(
    "path",
    [
        "/city/harbour-clock.json",  # as API Gateway decodes %2F
        "%2Fcity%2Fharbour-clock.json",
        "city/harbour-clock.json",
        "/city/harbour-clock/.json",
        "/city/harbour-clock/index.html.json",
        "/city/harbour-clock?utm_source=x.json",
    ],
)
def test_a_pages_numbers_are_text_in_json(path: str) -> None:
    answer = counter(path)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"count": "1\u202f233", "count_unique": "0"}
    assert answer["headers"]["cache-control"] == "public, max-age=10"
    assert int(re.sub(r"\D", "", json.loads(answer["body"])["count"])) == 1_233


@pytest.mark.parametrize(
    "path",
    ["/", "//", "/index.php", "/city/harbour-clock", "/a.b/c", ".", "json", "/a.JSON"],
)
def test_an_address_that_was_cut_is_an_unknown_page(path: str) -> None:
    # What is left of /?id=1.json is not taken for the page at /.
    front = http_event(
        "PUT /articles/{id}", path={"id": "front"}, body=submitted(url="https://news.example/")
    )
    publish_articles.handler(front, None)
    assert counter("/.json")["statusCode"] == 200
    answer = counter(path)
    assert answer["statusCode"] == 404
    assert answer["headers"]["cache-control"] == "no-store"
    assert json.loads(answer["body"]) == {"count": "0", "count_unique": "0"}


@pytest.mark.parametrize("kind", ["json", "html", "svg"])
def test_a_page_without_an_article_is_a_zero_that_nobody_keeps(kind: str) -> None:
    answer = counter(f"/brand-new.{kind}")
    assert answer["statusCode"] == 404
    assert answer["headers"]["cache-control"] == "no-store"
    assert "0" in answer["body"]
    # It is published, and is there at once.
    event = http_event(
        "PUT /articles/{id}", path={"id": "new"}, body=submitted(url="https://x.example/brand-new")
    )
    publish_articles.handler(event, None)
    assert counter(f"/brand-new.{kind}")["statusCode"] == 200


def test_the_total_is_the_sites(library: Container) -> None:
    body = submitted(url="https://news.example/other", views_before=67)
    publish_articles.handler(
        http_event("PUT /articles/{id}", path={"id": "other"}, body=body), None
    )
    rank(library)
    assert json.loads(counter("TOTAL.json")["body"])["count"] == "1\u202f300"
    assert "Views for this site:" in counter("TOTAL.html")["body"]
    assert json.loads(counter("TOTAL.json", start="week")["body"])["count"] == "0"


@pytest.mark.parametrize(
    ("query", "views"),
    [
        ({"start": "week"}, 3),
        ({"start": "month"}, 3),
        ({"start": "year"}, 3),
        ({"start": TODAY}, 3),
        ({"start": TODAY, "end": TODAY}, 3),
        ({"end": TODAY}, 3),
        ({"end": "2026-03-13"}, 0),
        ({"start": "2026-03-01", "end": "2026-12-31"}, 3),
    ],
)
def test_a_range_of_days_counts_both_its_ends(
    library: Container, query: dict[str, str], views: int
) -> None:
    tally(Batch("s", [line(1), line(2), line(3, new_visitor=False)]), library.books)
    assert json.loads(counter("/city/harbour-clock.json", **query)["body"])["count"] == str(views)


@pytest.mark.parametrize("path", ["/city/harbour-clock.json", "TOTAL.json"])
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    at=st.datetimes(datetime(2026, 3, 15), datetime(2026, 3, 25), timezones=st.just(UTC)),  # noqa: DTZ001
    ahead=st.integers(0, 400),
    ends=st.booleans(),
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_day_that_has_begun_for_the_site_alone_has_no_views_yet(
    library: Container, path: str, zone: str, at: datetime, ahead: int, ends: bool
) -> None:
    library.books.day_book.open("harbour-clock", TODAY)
    start = (at.astimezone(ZoneInfo(zone)) + timedelta(days=ahead)).date()
    query = {"start": f"{start}"} | ({"end": f"{start + timedelta(days=7)}"} if ends else {})
    event = http_event("GET /counter/{path+}", path={"path": path}, query=query, at=at)
    answer = serve_widget.handler(event, None)
    assert answer["statusCode"] == 200, answer["body"]
    if start > at.date():
        assert json.loads(answer["body"]) == {"count": "0", "count_unique": "0"}


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/a.json", {"start": "yesterday"}, "start"),
        ("/a.json", {"end": "week"}, "end"),
        ("/a.json", {"start": "2020-01-01"}, "start"),
        ("/a.json", {"start": "2026-03-10", "end": "2026-03-09"}, "start"),
        ("/a.json", {"start": "2027-01-02", "end": "2027-01-01"}, "start"),
        ("/a.json", {"style": "x" * 10_001}, "style"),
    ],
)
def test_what_cannot_be_answered_is_named(path: str, query: dict[str, str], field: str) -> None:
    answer = counter(path, **query)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"][0]["field"] == field


HOSTILE_STYLES = (
    "</style><script>alert(1)</script>",
    "a > b { color: red } ]]> <!-- & --> \x08",
    '#gcvc { background: url("https://evil.example/") }',
)


@pytest.mark.parametrize("style", HOSTILE_STYLES)
def test_a_style_styles_and_does_nothing_else(style: str) -> None:
    image = etree.fromstring(counter("/city/harbour-clock.svg", style=style)["body"].encode())
    assert {each.tag.partition("}")[2] for each in image.iter()} == {
        "svg", "title", "style", "rect", "g", "text",
    }  # fmt: skip
    page = counter("/city/harbour-clock.html", style=style)
    shown = html.fromstring(page["body"].encode())
    assert [each.tag for each in shown.iter("style", "script", "img")] == ["style"]
    policy = page["headers"]["content-security-policy"]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def test_a_harmless_style_stays_as_it_is() -> None:
    style = "@media (width < 600px) { #gcvc > text { & b { content: '\"quoted\" & more' } } }"
    assert style in counter("/city/harbour-clock.html", style=style)["body"]
    image = etree.fromstring(counter("/city/harbour-clock.svg", style=style)["body"].encode())
    assert image.findtext("{http://www.w3.org/2000/svg}style") == style


def test_variants_never_stand_for_each_other() -> None:
    variants = [{}, {"style": "a{}"}, {"style": "b{}"}, {"no_branding": "1"}]
    answers = [counter("/city/harbour-clock.svg", **each) for each in variants]
    assert len({each["body"] for each in answers}) == 4
    assert len({each["headers"]["etag"] for each in answers}) == 4
    assert 'height="60"' in answers[3]["body"]


# Busuanzi.


def busuanzi(referer: str = "https://news.example/city/harbour-clock/?x#y", **told: Any) -> Any:
    headers = {"referer": referer} if referer else {}
    name = told.pop("callback", "BusuanziCallback_357485751210")
    return send("GET", f"/busuanzi?jsonpCallback={quote(name)}", headers=headers, **told)


def test_busuanzis_script_counts_the_page_that_loads_it(library: Container) -> None:
    rank(library)
    answer = busuanzi("https://news.example/city/harbour-clock/?utm_source=x")
    assert answer["statusCode"] == 200
    assert answer["body"] == (
        'try{BusuanziCallback_357485751210({"site_uv":0,"page_pv":1234,"version":2.4,'
        '"site_pv":1233});}catch(e){}'
    )
    assert answer["headers"]["content-type"].startswith("application/javascript")
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert answer["headers"]["cache-control"] == "no-store"
    assert entered(library) == 1


def test_a_page_without_an_article_has_no_views_and_counts_none(library: Container) -> None:
    assert '"page_pv":0' in busuanzi("https://news.example/")["body"]
    assert entered(library) == 0


@pytest.mark.parametrize("name", ["", "alert(1)//", "a.b", "a" * 101, "1a", "ä"])
def test_only_the_name_of_a_function_is_called(library: Container, name: str) -> None:
    assert busuanzi(callback=name)["statusCode"] == 422
    assert entered(library) == 0


def test_a_page_that_does_not_say_where_it_is_cannot_be_counted() -> None:
    answer = busuanzi("")
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"][0]["field"] == "Referer"


def test_a_script_that_is_another_sites_is_refused_where_origins_are_named(
    library: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://news.example")
    container.cache_clear()
    assert busuanzi("https://evil.example/city/harbour-clock")["statusCode"] == 403
    assert busuanzi("https://news.example.evil/city/harbour-clock")["statusCode"] == 403
    assert busuanzi("https://news.example/city/harbour-clock")["statusCode"] == 200
    assert entered(library) == 1


# Vercount.

PAGE = "https://news.example/city/harbour-clock/?a=1#top"


def test_vercounts_script_counts_a_view(library: Container) -> None:
    rank(library)
    answer = send("POST", "/api/v2/log", body={"url": PAGE, "isNewUv": True})
    assert json.loads(answer["body"]) == {
        "status": "success",
        "message": "Data updated successfully",
        "data": {"site_uv": 0, "site_pv": 1_233, "page_pv": 1_234},
    }
    assert answer["headers"]["cache-control"] == "no-store"
    assert entered(library) == 1


@pytest.mark.parametrize("path", ["/log", "/api/v1/log"])
def test_vercounts_older_scripts_count_a_view(library: Container, path: str) -> None:
    body = {"url": PAGE, "token": "k3f9zq"}
    answer = send("POST", f"{path}?jsonpCallback=VisitorCountCallback", body=body)
    assert json.loads(answer["body"]) == {"site_uv": 0, "site_pv": 0, "page_pv": 1_234}
    assert entered(library) == 1


@pytest.mark.parametrize("path", ["/api/v2/log", "/log", "/api/v1/log"])
def test_reading_vercounts_numbers_counts_nothing(library: Container, path: str) -> None:
    answer = send("GET", f"{path}?url={quote(PAGE, safe='')}")
    told = json.loads(answer["body"])
    assert told.get("data", told)["page_pv"] == 1_233
    assert answer["headers"]["cache-control"] == "public, max-age=10"
    unknown = send("GET", f"{path}?url=https%3A%2F%2Fnews.example%2Fnew")
    assert unknown["headers"]["cache-control"] == "no-store"
    assert entered(library) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"url": 5}, 422), ({"url": ""}, 422), ("{", 400), ({"url": "x" * 10_300}, 413)],
)
def test_what_is_no_page_is_refused(library: Container, body: Any, status: int) -> None:
    assert send("POST", "/api/v2/log", body=body)["statusCode"] == status
    assert entered(library) == 0


def test_another_counters_views_and_the_widgets_are_the_same_readers(library: Container) -> None:
    send("POST", "/api/v2/log", body={"url": PAGE}, request_id="r1")
    send("POST", CAPTURED["a page"][1], request_id="r2")
    busuanzi(request_id="r3")
    event = http_event("POST /articles/{id}/views", path={"id": "harbour-clock"}, request_id="r4")
    assert json.loads(record_view.handler(event, None)["body"])["reason"] == "repeat"
    assert entered(library) == 1
