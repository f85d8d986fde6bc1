"""What pages embed: the scripts, the pixel, the badge, the frame, and views told by address."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from circulation.aws.table import Table
from circulation.errors import StoreUnavailable
from circulation.runtime import Container, container
from circulation.throttle import BURST
from circulation.web.pages.pixel import PIXEL
from circulation.widget import (
    MAX_GZIP_BYTES,
    MAX_LISTS_GZIP_BYTES,
    MAX_NAVIGATION_GZIP_BYTES,
    current,
    script,
)
from functions import publish_articles, read_articles, record_view, serve_widget
from tests.builders import HOSTILE_TITLES, NOW, TOKEN, http_event, integrity, submitted

BUILDS = Path("layers/circulation/circulation/widget/builds")
CLOCK = {"id": "harbour-clock"}


@pytest.fixture(autouse=True)
def library(store: Container) -> Container:
    publish(views_before=1_234)
    return store


def publish(article_id: str = "harbour-clock", **changes: Any) -> None:
    event = http_event(
        "PUT /articles/{id}",
        path={"id": article_id},
        body=submitted(**{"id": article_id} | changes),
    )
    assert publish_articles.handler(event, None)["statusCode"] in (200, 201)


def ask(route: str, **told: Any) -> dict[str, Any]:
    event = http_event(route, path=told.pop("path", CLOCK), **told)
    if route.startswith("POST") or route.endswith(".gif"):
        return record_view.handler(event, None)
    reads = read_articles if route == "GET /views" else serve_widget
    answer: dict[str, Any] = reads.handler(event, None)
    return answer


def views() -> int:
    answer = read_articles.handler(http_event("GET /articles/{id}/views", path=CLOCK), None)
    return int(json.loads(answer["body"])["views"])


# The scripts.


@pytest.mark.parametrize("told", ["", "gzip", "gzip, deflate, br", "br;q=0, gzip", "br"])
def test_the_script_comes_in_the_smallest_way_that_the_browser_takes(told: str) -> None:
    answer = ask("GET /widget.js", headers={"accept-encoding": told})
    raw: str = answer["body"]
    body = base64.b64decode(raw) if answer["isBase64Encoded"] else raw.encode()
    built = script(current())
    assert built
    coding = answer["headers"].get("content-encoding", "")
    if "br" in told and "br;q=0" not in told:
        assert (coding, body) == ("br", built.brotli)
    elif "gzip" in told:
        assert (coding, gzip.decompress(body)) == ("gzip", built.body)
    else:
        assert (coding, body) == ("", built.body)
    assert answer["headers"]["cache-control"] == "public, max-age=3600"
    assert answer["headers"]["content-type"] == "text/javascript; charset=utf-8"
    assert "accept-encoding" in answer["headers"]["vary"]


def test_codings_have_etags_of_their_own_and_know_them_again() -> None:
    tags = set()
    for told in ("", "gzip", "br"):
        tag = ask("GET /widget.js", headers={"accept-encoding": told})["headers"]["etag"]
        again = {"accept-encoding": told, "if-none-match": tag}
        assert ask("GET /widget.js", headers=again)["statusCode"] == 304
        tags.add(tag)
    assert len(tags) == 3


def test_the_scripts_take_no_more_bytes_than_their_limits() -> None:
    names = json.loads((BUILDS.parent / "builds.json").read_text())
    limits = {
        "widget": MAX_GZIP_BYTES,
        "lists": MAX_LISTS_GZIP_BYTES,
        "navigation": MAX_NAVIGATION_GZIP_BYTES,
    }
    assert limits.keys() == names.keys()
    for name, limit in limits.items():
        built = script(names[name])
        assert built
        assert len(gzip.compress(built.body, 9, mtime=0)) <= limit
        assert len(built.brotli) < len(gzip.compress(built.body, 9, mtime=0))


SIZES = [
    (str(path), size)
    for path in [Path("README.md"), Path("CHANGELOG.md"), *sorted(Path("docs").rglob("*.md"))]
    for size in re.findall(
        r"(?:script|Script|widget|Widget|counter)[^.|\n]*?(?:at most|of|:) ([\d,]+) bytes",
        path.read_text(encoding="utf-8"),
    )
]


@pytest.mark.parametrize(("path", "size"), SIZES)
def test_a_sentence_that_names_the_scripts_size_names_its_limit(path: str, size: str) -> None:
    assert size == f"{MAX_GZIP_BYTES:,}", path


def test_the_documents_name_the_scripts_size() -> None:
    assert {"README.md", "CHANGELOG.md", "docs/first-steps.md"} <= {path for path, _ in SIZES}


def test_a_build_has_an_address_of_its_own_that_may_be_kept_for_good() -> None:
    answer = ask("GET /widget/{build}", path={"build": f"{current()}.js"})
    assert answer["body"] == ask("GET /widget.js")["body"]
    assert answer["headers"]["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["ffffff.js", "..%2F__init__.py", "../builds.json", "x", ""])
def test_a_build_that_never_was_is_not_found(name: str) -> None:
    answer = ask("GET /widget/{build}", path={"build": name})
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"


def test_every_build_is_named_by_its_bytes() -> None:
    builds = sorted(BUILDS.glob("*.js"))
    assert current() in {each.stem for each in builds}
    for each in builds:
        assert hashlib.sha256(each.read_bytes()).hexdigest()[:6] == each.stem
        assert each.with_suffix(".js.br").is_file()


def test_the_script_leads_to_the_present_builds_of_the_others() -> None:
    built = script(current())
    assert built
    names = json.loads((BUILDS.parent / "builds.json").read_text())
    others = re.findall(r'"/widget/([0-9a-f]{6})\.js"', built.body.decode())
    assert {current(), *others} == set(names.values())
    assert all(script(other) for other in others)


def test_embed_md_pins_the_present_build_by_its_hash() -> None:
    text = Path("docs/embed.md").read_text(encoding="utf-8")
    assert f"/widget/{current()}.js" in text
    assert integrity(current()) in text


# Views by address.


def post_page(url: str, **told: Any) -> Any:
    answer = ask("POST /views", query={"url": url}, **told)
    assert answer["statusCode"] == 200, answer
    return json.loads(answer["body"])


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/city/harbour-clock",
        "http://www.news.example:8080/city//harbour-clock/?utm_source=x&fbclid=y#top",
        "https://news.example/city/harbour-clock/index.html",
        "/city/harbour%2Dclock",
        "https://news.example/city/harbour-clock?comment=5&page=2",
        f"https://news.example/city/harbour-clock?fbclid={'x' * 2_100}",
    ],
)
def test_a_view_of_a_page_is_one_of_its_article(url: str) -> None:
    assert post_page(url, body={"nonce": "n"}) == {
        "article": "harbour-clock",
        "views": 1_235,
        "visitors": 1,
        "counted": True,
    }


def test_a_view_of_a_page_and_one_of_its_article_are_the_same() -> None:
    post_page("/city/harbour-clock")
    answer = ask("POST /articles/{id}/views", request_id="another")
    assert json.loads(answer["body"])["reason"] == "repeat"


@pytest.mark.parametrize("url", ["https://news.example/about", "https://[bad", "/", "?"])
def test_a_page_that_is_no_article_counts_nothing_and_is_no_error(url: str) -> None:
    assert post_page(url) == {
        "article": None,
        "views": None,
        "visitors": None,
        "counted": False,
        "reason": "unknown",
    }


@pytest.mark.parametrize("query", [{}, {"url": ""}, {"url": "x" * 8_193}])
def test_a_page_without_an_address_is_named_as_the_fault(query: dict[str, str]) -> None:
    answer = ask("POST /views", query=query)
    assert answer["statusCode"] == 422
    assert json.loads(answer["body"])["errors"][0]["field"] == "url"


def test_a_pages_count_can_be_read_by_its_address() -> None:
    query = {"url": "https://news.example/city/harbour-clock?ref=x"}
    told = json.loads(ask("GET /views", query=query)["body"])
    assert told == {"article": "harbour-clock", "views": 1_234, "visitors": 0, "as_of": None}
    assert json.loads(ask("GET /views", query={"url": "/other"})["body"]) == {
        "article": None,
        "views": None,
        "visitors": None,
        "as_of": None,
    }


# The pixel.


def test_the_pixel_counts_and_is_kept_by_nobody() -> None:
    answer = ask("GET /articles/{id}/views.gif")
    assert base64.b64decode(answer["body"]) == PIXEL
    assert len(PIXEL) == 43
    assert answer["headers"]["content-type"] == "image/gif"
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["cross-origin-resource-policy"] == "cross-origin"
    told = json.loads(ask("POST /articles/{id}/views", request_id="another")["body"])
    assert (told["reason"], told["visitors"]) == ("repeat", 1)


def test_asking_for_the_pixels_head_counts_nothing() -> None:
    answer = ask("HEAD /articles/{id}/views.gif")
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert json.loads(ask("POST /articles/{id}/views")["body"])["counted"] is True


def test_a_pixel_that_is_loaded_ahead_counts_nothing() -> None:
    ask("GET /articles/{id}/views.gif", headers={"sec-purpose": "prefetch"})
    assert json.loads(ask("POST /articles/{id}/views")["body"])["counted"] is True


def test_a_pixel_of_no_article_is_not_found() -> None:
    answer = ask("GET /articles/{id}/views.gif", path={"id": "no-such"})
    assert answer["statusCode"] == 404


def test_the_pixel_is_throttled_like_any_view() -> None:
    statuses = [
        ask("GET /articles/{id}/views.gif", request_id=f"r{number}")["statusCode"]
        for number in range(BURST + 1)
    ]
    assert statuses == [200] * BURST + [429]


# The badge.


def badge(**query: str) -> dict[str, Any]:
    return ask("GET /articles/{id}/views.svg", query=query)


def test_the_badge_shows_the_number_to_eyes_and_ears() -> None:
    answer = badge()
    image = etree.fromstring(answer["body"].encode())
    assert image.get("aria-label") == "views: 1,234"
    assert "".join(image.itertext()).endswith("views1,234")
    assert answer["headers"]["content-type"] == "image/svg+xml; charset=utf-8"
    assert answer["headers"]["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer["headers"]["x-content-type-options"] == "nosniff"
    assert views() == 1_234


@pytest.mark.parametrize(
    ("language", "number"), [("de", "1.234"), ("ar-EG", "\u0661\u066c\u0662\u0663\u0664")]
)
def test_a_badge_writes_its_number_as_the_publication_does(
    store: Container, monkeypatch: pytest.MonkeyPatch, language: str, number: str
) -> None:
    del store
    monkeypatch.setenv("PUBLICATION_LANGUAGE", language)
    container.cache_clear()
    image = etree.fromstring(badge()["body"].encode())
    assert image.get("aria-label") == f"views: {number}"


@pytest.mark.parametrize("label", HOSTILE_TITLES)
def test_a_badge_says_whatever_its_label_is_and_nothing_else(label: str) -> None:
    image = etree.fromstring(badge(label=f"{label}\x08")["body"].encode())
    assert image.get("aria-label") == f"{' '.join(label.split())}: 1,234"
    assert {each.tag.partition("}")[2] for each in image.iter()} == {
        "svg", "title", "clipPath", "rect", "g", "path", "text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("color", "told"), [("fc0", "#ffcc00"), ("#1A6FB0", "#1a6fb0"), ("Teal", "#008080")]
)
def test_a_badge_has_the_colour_that_is_asked_for(color: str, told: str) -> None:
    assert f'fill="{told}"' in badge(color=color)["body"]


def test_a_number_can_be_read_on_every_colour() -> None:
    assert "<text x" in badge(color="yellow")["body"]
    assert 'fill="#1b1b1b"' in badge(color="yellow")["body"]
    assert 'fill="#1b1b1b"' not in badge(color="navy")["body"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"color": 'red" onload="alert(1)'}, "color"),
        ({"color": "rebeccapurple"}, "color"),
        ({"label": "x" * 61}, "label"),
    ],
)
def test_what_a_badge_cannot_be_is_named(query: dict[str, str], field: str) -> None:
    answer = badge(**query)
    assert answer["statusCode"] == 422
    image = etree.fromstring(answer["body"].encode())
    assert image.findtext("{*}desc").startswith(f"{field}: must")


def test_badges_that_look_otherwise_never_stand_for_each_other() -> None:
    tags = {badge(**each)["headers"]["etag"] for each in ({}, {"color": "red"}, {"label": "x"})}
    assert len(tags) == 3
    event = {"query": {"color": "red"}, "headers": {"if-none-match": badge()["headers"]["etag"]}}
    assert ask("GET /articles/{id}/views.svg", **event)["statusCode"] == 200


# The frame.


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_the_frame_has_a_title_and_the_number(title: str) -> None:
    publish(title=title)
    answer = ask("GET /articles/{id}/views.html")
    page = html.fromstring(answer["body"].encode())
    assert page.findtext("head/title") == f"Views of “{' '.join(title.split())}”"
    assert page.findtext("body/p/b") == "1,234"


@pytest.mark.parametrize(
    ("language", "number"),
    [
        (None, "1,234"),
        ("az", "1.234"),
        ("fr", "1\u202f234"),
        ("pl", "1234"),
        ("fa", "\u06f1\u066c\u06f2\u06f3\u06f4"),
    ],
)
def test_the_frame_writes_its_number_as_the_article_does(language: str, number: str) -> None:
    publish(language=language)
    page = html.fromstring(ask("GET /articles/{id}/views.html")["body"].encode())
    assert page.findtext("body/p/b") == number


def test_any_page_may_frame_it_and_nothing_runs_in_it() -> None:
    answer = ask("GET /articles/{id}/views.html")
    policy = answer["headers"]["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("; sandbox")
    assert "unsafe-inline" not in policy
    assert answer["headers"]["cache-control"] == "public, max-age=10"


@pytest.mark.parametrize("kind", ["svg", "html", "gif"])
def test_what_shows_an_unpublished_article_is_gone(kind: str) -> None:
    event = http_event(
        "DELETE /articles/{id}",
        path=CLOCK,
        headers={"authorization": f"Bearer {TOKEN}"},
        at=NOW + timedelta(seconds=1),
    )
    publish_articles.handler(event, None)
    assert ask(f"GET /articles/{{id}}/views.{kind}")["statusCode"] == 410


# Whatever goes wrong, something is displayed: browsers show an image or a frame of any status.

EMBEDS: dict[str, dict[str, str]] = {
    "GET /articles/{id}/views.svg": {"id": "harbour-clock"},
    "GET /articles/{id}/views.html": {"id": "harbour-clock"},
    "GET /articles/{id}/views.gif": {"id": "harbour-clock"},
    "GET /counter/{path+}": {"path": "/city/harbour-clock.svg"},
    "GET /counter/{path+} as html": {"path": "/city/harbour-clock.html"},
    "GET /counter/{path+} as png": {"path": "/city/harbour-clock.png"},
    "GET /count": {},
}
Break = Callable[[pytest.MonkeyPatch, Container], dict[str, Any]]


def unknown(*_: object) -> dict[str, Any]:
    return {"path": {"id": "no-such", "path": "/no-such.{kind}"}, "query": {"p": "/no-such"}}


def no_id(*_: object) -> dict[str, Any]:
    return {"path": {"id": "No Id <&>", "path": "\x01 <&>\ufffe.{kind}"}, "query": {"p": "<&>"}}


def unpublished(_patch: object, _store: object) -> dict[str, Any]:
    event = http_event("DELETE /articles/{id}", path=CLOCK, at=NOW + timedelta(seconds=1))
    publish_articles.handler(event, None)
    return {"query": {"p": "/city/harbour-clock"}}


def not_yet_due(_patch: object, _store: object) -> dict[str, Any]:
    publish(published="2027-01-01T00:00:00Z")
    return {"query": {"p": "/city/harbour-clock"}}


def bad_query(*_: object) -> dict[str, Any]:
    wrong = {
        "label": "x" * 61,
        "color": "<&>",
        "style": "x" * 10_001,
        "start": "<&>",
        "p": "x" * 9_999,
    }
    return {"query": wrong}


def store_is_away(patch: pytest.MonkeyPatch, _store: Container) -> dict[str, Any]:
    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("the table <is> away")

    for name in ("get", "get_many", "query", "update"):
        patch.setattr(Table, name, fail)
    return {"query": {"p": "/city/harbour-clock"}}


def too_many(_patch: object, _store: object) -> dict[str, Any]:
    for number in range(BURST):
        ask("GET /articles/{id}/views.gif", request_id=f"many-{number}")
    return {"query": {"p": "/city/harbour-clock"}}


@pytest.mark.parametrize(
    "broken",
    [unknown, no_id, unpublished, not_yet_due, bad_query, store_is_away, too_many],
)
@pytest.mark.parametrize("embed", EMBEDS)
def test_what_pages_embed_always_displays(
    embed: str, broken: Break, monkeypatch: pytest.MonkeyPatch, store: Container
) -> None:
    told = broken(monkeypatch, store)
    kind = embed.rpartition(" as ")[2] if " as " in embed else "svg"
    path = EMBEDS[embed] | {
        name: value.format(kind=kind)
        for name, value in told.get("path", {}).items()
        if name in EMBEDS[embed]
    }
    route = embed.partition(" as ")[0]
    function = record_view if route.endswith(("views.gif", "/count")) else serve_widget
    event = http_event(route, path=path, query=told["query"])
    answer = function.handler(event, None)
    content_type = answer["headers"]["content-type"]
    if content_type == "image/gif":
        assert base64.b64decode(answer["body"]) == PIXEL
    elif content_type.startswith("image/svg+xml"):
        image = etree.fromstring(answer["body"].encode())
        assert "views" in image.get("aria-label").lower()
        assert "sandbox" in answer["headers"]["content-security-policy"]
    else:
        assert content_type == "text/html; charset=utf-8"
        assert html.fromstring(answer["body"].encode()).find("body") is not None
        assert "sandbox" in answer["headers"]["content-security-policy"]
    assert answer["headers"]["cross-origin-resource-policy"] == "cross-origin"
    if answer["statusCode"] >= 400:
        assert answer["headers"]["cache-control"] == "no-store"
        assert "1,234" not in answer["body"]
    if answer["statusCode"] in (429, 503):
        assert int(answer["headers"]["retry-after"]) > 0


@pytest.mark.parametrize(
    ("broken", "status"),
    [(unknown, 404), (no_id, 404), (unpublished, 410), (not_yet_due, 404), (store_is_away, 503)],
)
@pytest.mark.parametrize("kind", ["svg", "html", "gif"])
def test_a_status_says_why_there_is_no_number(
    kind: str, broken: Break, status: int, monkeypatch: pytest.MonkeyPatch, store: Container
) -> None:
    path = broken(monkeypatch, store).get("path", CLOCK)
    assert ask(f"GET /articles/{{id}}/views.{kind}", path=path)["statusCode"] == status


def test_a_badge_without_a_number_keeps_its_label_and_colour() -> None:
    told = {"label": "reads", "color": "teal"}
    answer = ask("GET /articles/{id}/views.svg", path={"id": "no-such"}, query=told)
    image = etree.fromstring(answer["body"].encode())
    assert image.get("aria-label") == "reads: \u2013"
    assert 'fill="#008080"' in answer["body"]
