from collections.abc import Iterator
from pathlib import Path

import feedparser
import httpx
import pytest

from tests.builders import BROWSER, submitted
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for

SITE = "https://news.example"


def test_an_article_is_published_viewed_counted_and_served_also_after_a_restart(
    own_stack: Stack,
) -> None:
    told = submitted(section="politics", title="Baku asks", views_before=346)
    assert own_stack.publish("264384", told).status_code == 201
    for address in ("127.0.0.11", "127.0.0.12", "127.0.0.13"):
        assert own_stack.view("264384", address).json()["counted"]
    wait_for(lambda: own_stack.views("264384"), 349)
    assert own_stack.view("264384", "127.0.0.12").json() == {
        "article": "264384",
        "views": 349,
        "visitors": 3,
        "counted": False,
        "reason": "repeat",
    }
    assert own_stack.stop() == 0
    own_stack.start()
    assert own_stack.views("264384") == 349
    article = httpx.get(f"{own_stack.url}/articles/264384").json()
    assert (article["views"], article["title"]) == (349, "Baku asks")
    titles = [each.title for each in feedparser.parse(f"{own_stack.url}/feed.rss").entries]
    assert "Baku asks" in titles


def test_the_first_run_has_demo_articles_in_four_sections(stack: Stack) -> None:
    articles = httpx.get(f"{stack.url}/articles").json()["articles"]
    assert len(articles) >= 8
    assert len({each["section"] for each in articles}) == 4


def test_the_demo_site_shows_every_article_with_its_widget(stack: Stack) -> None:
    front = httpx.get(f"{stack.url}/", follow_redirects=True)
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    for each in httpx.get(f"{stack.url}/articles").json()["articles"]:
        assert f'data-views="{each["id"]}"' in front.text
        page = httpx.get(f"{stack.url}/demo/articles/{each['id']}").text
        assert f'data-article="{each["id"]}"' in page
    assert httpx.get(f"{stack.url}/demo/articles/nobody").status_code == 404


def test_problems_are_problem_json_whoever_finds_them(stack: Stack) -> None:
    answers = {
        401: httpx.put(f"{stack.url}/articles/x", json={}),
        403: httpx.put(
            f"{stack.url}/articles/x", json={}, headers={"authorization": "Bearer wrong"}
        ),
        404: httpx.get(f"{stack.url}/nothing/here"),
        413: httpx.post(f"{stack.url}/articles/night-bus/views", content=b"x" * 11_000_000),
        422: stack.publish("x", {}),
    }
    for status, answer in answers.items():
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_publisher_alone_learns_where_readers_came_from(stack: Stack) -> None:
    url = f"{stack.url}/articles/library-hours"
    assert stack.publish("library-hours", submitted(id="library-hours")).status_code in (200, 201)
    told = {"referrer": "https://search.example/?q=x", "width": 390}
    assert httpx.post(f"{url}/views", json=told, headers={"user-agent": BROWSER}).json()["counted"]
    httpx.post(f"{url}/views", headers={"user-agent": BROWSER, "sec-gpc": "1"})
    wait_for(lambda: stack.statistics("library-hours").json()["views"], 1)
    statistics = stack.statistics("library-hours").json()
    assert statistics["referrers"] == {"search.example": 1}
    assert statistics["form_factors"] == {"phone": 1}
    none = {"bot": 0, "prefetch": 0, "late": 0, "own": 0}
    assert statistics["filtered"] == none | {"privacy": 1}
    assert httpx.get(f"{url}/statistics").status_code == 401
    wrong = {"authorization": "Bearer wrong"}
    assert httpx.get(f"{url}/statistics", headers=wrong).status_code == 403


@pytest.fixture
def site_stack(tmp_path: Path) -> Iterator[Stack]:
    """A running stack that lets pages of SITE ask."""
    yield from running(tmp_path / "state", f"--parameter=AllowedOrigins={SITE}")


def test_pages_of_an_allowed_origin_may_count_and_read_and_others_may_not(
    site_stack: Stack,
) -> None:
    views = f"{site_stack.url}/articles/night-bus/views"
    for origin, status in ((SITE, 200), ("https://evil.example", 403)):
        headers = {"origin": origin, "user-agent": BROWSER}
        asks = headers | {"access-control-request-method": "POST"}
        preflight = httpx.options(views, headers=asks)
        assert preflight.status_code == (204 if status == 200 else status)
        for answer in (httpx.get(views, headers=headers), httpx.post(views, headers=headers)):
            assert answer.status_code == status
            allowed = answer.headers.get("access-control-allow-origin")
            assert allowed == (origin if status == 200 else None)


@pytest.mark.parametrize("name", ["origin", "referer"])
@pytest.mark.parametrize("value", ["", "null", "about:client", "http://["])
def test_what_is_no_origin_is_not_an_allowed_one(stack: Stack, name: str, value: str) -> None:
    answer = httpx.get(f"{stack.url}/articles", headers={name: value})
    assert answer.status_code == (200 if name == "referer" and not value else 403)


@pytest.mark.parametrize(
    "path",
    [
        "/articles?section=sport",
        "/popular?window=all",
        "/articles/night-bus/views/daily",
        "/articles/night-bus/views/hourly",
        "/feed.rss",
        "/feed.atom",
        "/feed.json",
        "/sections/sport/feed.rss",
        "/popular/feed.json",
        "/feeds.opml",
        "/sitemap.xml",
        "/news-sitemap.xml",
        "/widget.js",
        "/health",
    ],
)
def test_head_and_304_and_gzip_go_over_the_wire(stack: Stack, path: str) -> None:
    for _ in range(5):  # unless the schedules rank anew meanwhile
        plain, head, zipped, again = asked_four_ways(stack.url + path)
        if again.headers.get("etag") == plain.headers.get("etag"):
            break
    assert head.status_code == plain.status_code == 200
    assert head.headers["content-length"] == str(len(plain.content))
    assert zipped.content == plain.content
    if "etag" in plain.headers:
        assert (again.status_code, again.content) == (304, b"")


def asked_four_ways(url: str) -> tuple[httpx.Response, ...]:
    """Ask plainly, with HEAD, for gzip, and on condition that it changed."""
    identity = {"accept-encoding": "identity"}
    plain = httpx.get(url, headers=identity)
    known = {"if-none-match": plain.headers.get("etag", '"none"')}
    return (
        plain,
        httpx.head(url, headers=identity),
        httpx.get(url, headers={"accept-encoding": "gzip"}),
        httpx.get(url, headers=identity | known),
    )


def test_a_visitor_is_known_by_the_connection_and_not_by_what_a_header_claims(
    stack: Stack,
) -> None:
    for told in ("10.0.0.1", "10.0.0.2"):
        answer = stack.view("soil-sensors", "127.0.0.1", **{"x-forwarded-for": told}).json()
    assert answer["reason"] == "repeat"


@pytest.mark.parametrize("header", ["host", "x-forwarded-host", "forwarded"])
def test_links_name_the_stacks_own_address_and_not_what_a_header_claims(
    stack: Stack, header: str
) -> None:
    claim = "localhost:1" if header == "host" else "host=evil.example"
    feed = httpx.get(f"{stack.url}/feed.rss", headers={header: claim}).text
    assert f'href="{stack.url}/feed.rss" rel="self"' in feed
    assert claim not in feed
