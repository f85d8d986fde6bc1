"""What the widget tells of how a reader came to a page, and what becomes of it, in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Browser, page, tag
from tests.browser.site import HOST, Relay, Site
from tests.end_to_end.stack import Stack, wait_for

COUNT = "Views: <view-count>…</view-count>"
SEARCH = "www.baidu.com"  # on the list, and not on the browser's list of sites that are HTTPS only


@pytest.fixture
def url(site: Site, relay: Relay, article: str) -> str:
    """The address of a page that counts an article."""
    return site.put("/a", page(f"{COUNT} {tag(relay.url, article)}"))


def arrive(browser: Browser, url: str) -> None:
    """Follow a link to a page, and wait until it has counted."""
    follow = (
        "const link = document.createElement('a');"
        "link.href = arguments[0]; document.body.append(link); setTimeout(() => link.click())"
    )
    browser.run(follow, url)
    browser.shows("347")


def sums(stack: Stack, article: str, name: str) -> dict[str, int]:
    """Read an article's views by a trait, once they are tallied."""
    wait_for(lambda: stack.statistics(article).json()["views"], 1)
    found: dict[str, int] = stack.statistics(article).json()[name]
    return found


@pytest.mark.parametrize(
    ("before", "told", "source"),
    [
        ("/", "/", "home"),
        ("/city?token=secret#more", "/city", "section"),
        ("/news/264384?token=secret", "/news/264384", "article"),
    ],
)
def test_a_page_of_the_site_is_told_without_its_query(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    article: str,
    url: str,
    before: str,
    told: str,
    source: str,
) -> None:
    site.put(told, page("the page before"))
    browser.open(site.url(before))
    arrive(browser, url)
    (view,) = relay.views()
    assert view.json()["referrer"] == f"//{HOST}:{site.port}{told}"
    assert b"secret" not in view.body
    assert sums(stack, article, "sources") == {source: 1}
    assert sums(stack, article, "referrers") == {}


def test_of_another_site_only_the_host_is_told(
    stack: Stack, site: Site, relay: Relay, browse: Callable[..., Browser], article: str, url: str
) -> None:
    browser = browse(f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP {SEARCH} 127.0.0.1")
    site.put("/search", page("found", head='<meta name="referrer" content="unsafe-url">'))
    browser.open(site.url("/search?q=secret", SEARCH))
    arrive(browser, url)
    (view,) = relay.views()
    assert view.json()["referrer"] == f"//{SEARCH}:{site.port}"
    assert sums(stack, article, "sources") == {"search": 1}
    assert sums(stack, article, "referrers") == {"baidu.com": 1}


def test_a_page_that_no_page_led_to_says_so(
    stack: Stack, relay: Relay, browser: Browser, article: str, url: str
) -> None:
    browser.open(url)
    browser.shows("347")
    (view,) = relay.views()
    assert (view.json()["referrer"], view.json()["query"]) == ("", None)
    assert sums(stack, article, "sources") == {"none": 1}


@pytest.mark.parametrize(
    ("query", "told", "source", "campaign"),
    [
        (
            "utm_source=partner&utm_medium=email&utm_campaign=Spring%20Fair&utm_content=42&x=secret",
            ["utm_source=partner", "utm_medium=email", "utm_campaign=Spring%20Fair"],
            {"mail": 1},
            {"spring fair": 1},
        ),
        ("secret=1&via=share", ["via=share"], {"share": 1}, {}),
    ],
)
def test_of_the_pages_own_query_only_the_marks_of_a_link_are_told(
    stack: Stack,
    relay: Relay,
    browser: Browser,
    article: str,
    url: str,
    query: str,
    told: list[str],
    source: dict[str, int],
    campaign: dict[str, int],
) -> None:
    browser.open(f"{url}?{query}")
    browser.shows("347")
    (view,) = relay.views()
    assert view.json()["query"] == told
    assert sums(stack, article, "sources") == source
    assert sums(stack, article, "campaigns") == campaign


def test_in_an_application_the_page_before_led_to_the_next_one(
    stack: Stack, relay: Relay, browser: Browser, other: str, url: str
) -> None:
    browser.open(f"{url}?via=mail")
    browser.shows("347")
    browser.run("history.pushState({}, '', arguments[0])", f"/articles/{other}")
    wait_for(lambda: stack.views(other), 347)
    first, second = [view.json() for view in relay.views()]
    assert (first["referrer"], first["query"]) == ("", ["via=mail"])
    assert (second["referrer"], second["query"]) == ("/a", None)
    assert sums(stack, other, "sources") == {"section": 1}


def test_a_browser_that_is_switched_off_shows_numbers_and_counts_nothing_until_it_is_on(
    relay: Relay, browser: Browser, other: str, url: str
) -> None:
    browser.start(f"{url}#circulation=off")
    browser.arrives(f"{url}#")
    browser.shows("346")
    browser.run("location.assign(arguments[0])", f"{url}?again")
    wait_for(lambda: browser.run("return location.search"), "?again")
    browser.shows("346")
    browser.run("Circulation.view(arguments[0])", other)
    browser.settle()
    assert relay.views() == []
    browser.start(f"{url}?on#circulation=on")
    browser.arrives(f"{url}?on#")
    browser.shows("347")
    browser.open(url)
    browser.shows("347")
    assert len(relay.views()) == 2


def test_a_page_that_is_no_article_switches_the_browser_off_and_its_address_hands_nothing_on(
    browser: Browser, site: Site, relay: Relay, url: str
) -> None:
    front = site.put("/front", page(tag(relay.url, "")))
    browser.start(f"{front}#circulation=off")
    browser.arrives(f"{front}#")
    browser.open(url)
    browser.shows("346")
    browser.settle()
    assert relay.views() == []


@pytest.mark.parametrize("place", ["", "#circulation", "#circulation-off", "#top"])
def test_nothing_is_stored_in_the_browser_of_a_reader(
    browser: Browser, url: str, place: str
) -> None:
    browser.open(f"{url}{place}")
    browser.shows("347")
    stored: list[Any] = browser.run("return [localStorage.length, sessionStorage.length]")
    assert stored == [0, 0]
    assert browser.run("return document.cookie") == ""


def test_a_browser_without_storage_counts(
    browser: Browser, site: Site, relay: Relay, article: str
) -> None:
    refused = (
        "<script>Object.defineProperty(window, 'localStorage',"
        "{ get() { throw new DOMException('', 'SecurityError') } })</script>"
    )
    body = f"{refused}{COUNT} {tag(relay.url, article)}"
    browser.open(f"{site.put('/a', page(body))}#circulation=off")
    browser.shows("347")
    assert browser.complaints() == []
