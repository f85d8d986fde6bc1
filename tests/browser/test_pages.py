"""The pages that we write ourselves, in real Chromium: the demo site, print versions, frames."""

import subprocess
from urllib.parse import quote

import httpx
import pytest

from circulation.web.pages.numbers import format_number
from tests.browser.conftest import Browser
from tests.browser.looks import WIDGET, faults, violations
from tests.browser.site import Site
from tests.end_to_end.stack import Stack, wait_for

PAGES = {
    "front": "/demo/",
    "section": "/demo/sections/city",
    "tag": "/demo/tags/harbour",
    "author": "/demo/authors/City%20desk",
    "missing": "/demo/articles/nobody",
    "outbox": "/demo/outbox",
    "subscribe": "/subscriptions",
    "article": "/demo/articles/harbour-clock",
    "right to left": "/demo/articles/night-library",
    "print": "/articles/harbour-clock/print",
    "print right to left": "/articles/night-library/print",
    "frame": "/articles/harbour-clock/views.html",
    "GoatCounter's frame": f"/counter/{quote('/demo/articles/harbour-clock', safe='')}.html",
}
FRAMES = ("frame", "GoatCounter's frame")
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    stack: Stack, site: Site, browser: Browser, name: str
) -> None:
    url = stack.url + PAGES[name]
    # Under the policy of a frame no script runs, axe no more than any other.
    browser.open(site.put("/framed", httpx.get(url).text) if name in FRAMES else url)
    filled(browser)
    assert faults(browser, SIZES, whole=name not in FRAMES) == {}


def filled(browser: Browser) -> None:
    """Wait until every number of the page is there."""
    numbers = (
        "return [...document.querySelectorAll('view-count,[data-views]')]"
        ".every(each => each.textContent != '…')"
    )
    wait_for(lambda: browser.run(numbers), expected=True)


# Of those that Chromium knows, most of what is spoken, with regions that write numbers otherwise.
LANGUAGES = [
    *("ar", "ar-EG", "bg", "bn", "ca", "cs", "da", "de", "de-AT", "de-CH", "el", "en", "en-GB"),
    *("en-IN", "es", "es-419", "es-MX", "et", "fa", "fi", "fr", "fr-CA", "he", "hi", "hr", "hu"),
    *("id", "it", "ja", "ko", "lt", "lv", "mr", "ms", "nl", "no", "pl", "pt", "pt-PT", "ro", "ru"),
    *("sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh", "zh-Hant-TW"),
]


def test_a_badge_and_a_frame_write_numbers_as_the_browser_does(browser: Browser) -> None:
    numbers = [0, 7, 999, 1_000, 1_234, 9_999, 12_345, 123_456, 1_234_567, 1_234_567_890]
    shown = browser.run(
        "return arguments[0].map(language =>"
        "arguments[1].map(number => number.toLocaleString(language)))",
        LANGUAGES,
        numbers,
    )
    assert dict(zip(LANGUAGES, shown, strict=True)) == {
        language: [format_number(number, language) for number in numbers] for language in LANGUAGES
    }


def test_what_shows_no_article_is_displayed_all_the_same(
    stack: Stack, site: Site, browser: Browser
) -> None:
    images = (
        "articles/nobody/views.svg",
        "articles/ice-hall/views.svg?color=%3C",
        "articles/nobody/views.gif",
        "counter/nobody.svg",
        "counter/nobody.png",
        "counter/nobody.svg?start=x",
    )
    frames = {
        "articles/nobody/views.html": "No views",
        "counter/nobody.html": "Views for this page",
    }
    body = "".join(f'<img src="{stack.url}/{each}" alt="">' for each in images) + "".join(
        f'<iframe src="{stack.url}/{each}" title="Views" width="140" height="26"></iframe>'
        for each in frames
    )
    browser.open(site.put("/embeds", f"<!doctype html><title>Embeds</title>{body}"))
    widths = browser.run("return [...document.images].map(each => each.naturalWidth)")
    assert len(widths) == len(images)
    assert min(widths) > 0
    for number, title in enumerate(frames.values()):
        browser.driver.switch_to.frame(number)
        assert browser.driver.execute_script("return document.title") == title
        browser.driver.switch_to.default_content()


def test_axe_is_there_and_finds_what_is_wrong(stack: Stack, browser: Browser) -> None:
    browser.open(f"{stack.url}/demo/")
    browser.run("document.body.append(document.createElement('img'))")
    assert "image-alt" in [name for name, _ in violations(browser)]


def test_opening_an_article_of_the_demo_counts_once_and_shows_the_number(
    stack: Stack, browser: Browser
) -> None:
    before = stack.views("ice-hall")
    for _ in range(2):
        browser.open(f"{stack.url}/demo/articles/ice-hall")
        browser.shows(f"{before + 1:,}")
    wait_for(lambda: stack.views("ice-hall"), before + 1)
    wait_for(lambda: stack.statistics("ice-hall").json()["form_factors"], {"desktop": 1})
    assert browser.complaints() == []


def test_the_front_page_shows_every_count_and_counts_nothing(
    stack: Stack, browser: Browser
) -> None:
    before = stack.views("night-bus")
    browser.open(f"{stack.url}/demo/")
    browser.shows(f"{before:,}", "main [data-views='night-bus']")
    filled(browser)
    numbers = "return document.querySelectorAll('main [data-views]').length"
    assert browser.run(numbers) >= 8
    assert stack.views("night-bus") == before
    assert browser.complaints() == []


def test_the_number_and_the_list_of_the_demo_move_nothing(stack: Stack, browser: Browser) -> None:
    shifts = (
        "new PerformanceObserver(list => (window.shifts ??= []).push(...list.getEntries()"
        ".map(each => each.value))).observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("/demo/", "/demo/articles/chess-harbour"):
        browser.open(stack.url + path)
        filled(browser)
        browser.run(f"window.shifts = []; {shifts}")
        browser.driver.execute_async_script(
            "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
        )
        assert sum(browser.run("return shifts")) < 0.01


def test_the_builds_are_what_the_sources_make() -> None:
    run = subprocess.run(
        ["npm", "run", "--silent", "check"], cwd=WIDGET, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
