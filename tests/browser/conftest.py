"""Real Chromium on a live stack; chromedriver leaves tabs, prerendering and bfcache alone."""

import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.browser.site import HOST, Asked, Relay, Site
from tests.builders import submitted
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
    "--window-size=1000,900",
]
# A page sees that chromedriver drives it, and such a page is not counted.
UNDRIVEN = "--disable-blink-features=AutomationControlled"

_versions = itertools.count(100)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that pages of a site may use, as they may where it is deployed."""
    state = tmp_path_factory.mktemp("browser") / "state"
    yield from running(state, "--parameter=AllowedOrigins=*")


@pytest.fixture
def article(stack: Stack) -> str:
    """A new article with 346 views from an older counter."""
    return published(stack)


@pytest.fixture
def other(stack: Stack) -> str:
    return published(stack)


def published(stack: Stack, **told: Any) -> str:
    article = f"article-{next(_numbers)}"
    url = f"https://{HOST}/articles/{article}"
    answer = stack.publish(article, submitted(**{"url": url, "views_before": 346} | told))
    assert answer.status_code == 201, answer.text
    return article


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with site.serving():
        yield site
        for each in site.delayed.values():
            each.set()


@pytest.fixture
def relay(stack: Stack) -> Iterator[Relay]:
    relay = Relay(f"127.0.0.1:{stack.port}")
    with relay.serving():
        yield relay
        relay.held.set()
        for each in relay.delayed.values():
            each.set()


@dataclass
class Browser:
    """A browser of a reader whom nobody else in these tests is: its user agent is its own."""

    driver: Chrome
    said: list[str] = field(default_factory=list)

    def start(self, url: str) -> None:
        """Go to a page and wait for nothing."""
        self.driver.get(url)

    def open(self, url: str) -> None:
        """Go to a page and wait until all of it is there."""
        self.start(url)
        self.arrives(url)

    def arrives(self, url: str) -> None:
        """Wait until all of a page is there."""
        wait_for(lambda: self.run("return [location.href, document.readyState]"), [url, "complete"])

    def run(self, script: str, *told: object) -> Any:
        """Run a script in the page; one that a navigation cuts off runs in the page it led to."""
        while True:
            try:
                return self.driver.execute_script(script, *told)
            except WebDriverException as error:
                if not any(each in str(error) for each in ("navigation", "detached", "no such")):
                    raise

    def settle(self) -> None:
        """Let everything happen that the page has set about: timers, and what they lead to."""
        self.driver.execute_async_script("setTimeout(arguments[0], 300)")

    def text(self, selector: str) -> str | None:
        """Give the text of the first such element, None where there is none."""
        found: str | None = self.run(
            "return document.querySelector(arguments[0])?.textContent", selector
        )
        return found

    def shows(self, expected: str, selector: str = "view-count") -> None:
        """Wait until an element shows a text."""
        wait_for(lambda: self.text(selector), expected)

    def command(self, name: str, **told: object) -> Any:
        return self.driver.execute_cdp_cmd(name, told)

    def complaints(self) -> list[str]:
        """Give what the console has said of errors."""
        told = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        self.said += [each["message"] for each in told]
        return self.said


@pytest.fixture
def browse(tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """Start a browser: with switches of its own, with preferences, driven openly or not."""
    drivers: list[Chrome] = []

    def start(
        *switches: str, driven: bool = False, agent: str = "", **preferences: object
    ) -> Browser:
        agent = agent or new_agent()
        profile = tmp_path / f"profile-{len(drivers)}"
        driver = start_chrome(
            f"--user-data-dir={profile}",
            f"--user-agent={agent}",
            *([] if driven else [UNDRIVEN]),
            *switches,
            preferences=preferences,
        )
        drivers.append(driver)
        return Browser(driver)

    yield start
    for each in drivers:
        each.quit()


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser whose profiles are shared out to tests, as one takes two seconds to start."""
    profile = tmp_path_factory.mktemp("profile")
    driver = start_chrome(f"--user-data-dir={profile}", UNDRIVEN, bidi=True)
    yield driver
    driver.quit()


@pytest.fixture
def browser(chrome: Chrome) -> Iterator[Browser]:
    """A new profile, with nothing kept from another test, and a window of it.

    Where a page is left with a request that is still to come, or a tab is opened behind another,
    such a profile does not do as a reader's does: a test of that starts a browser of its own.
    """
    home = chrome.current_window_handle
    profile = chrome.browser.create_user_context()
    chrome.emulation.set_user_agent_override(new_agent(), user_contexts=[profile])
    chrome.switch_to.window(chrome.browsing_context.create(type="window", user_context=profile))
    chrome.get_log("browser")  # type: ignore[no-untyped-call]
    yield Browser(chrome)
    chrome.switch_to.window(home)
    chrome.browser.remove_user_context(profile)


def new_agent() -> str:
    """Give a user agent that no other reader in these tests has."""
    return (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{next(_versions)}.0.0.0 Safari/537.36"
    )


def start_chrome(
    *switches: str, bidi: bool = False, preferences: Mapping[str, object] | None = None
) -> Chrome:
    """Start a browser; WebDriver BiDi, which alone makes further profiles, says so in its log."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    options.enable_bidi = bidi
    for each in (*SWITCHES, *switches):
        options.add_argument(each)
    if preferences:
        options.add_experimental_option(
            "prefs", {name.replace("__", "."): value for name, value in preferences.items()}
        )
    options.page_load_strategy = "none"  # many a test is about what happens before it is loaded
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(30)  # axe on a busy machine
    return driver


def tag(api: str, article: str | None = None, **told: str) -> str:
    """Write the script tag that a site puts on its pages; attributes without a value are empty."""
    attributes = {"data-article": article} if article is not None else {}
    attributes |= {name.replace("_", "-"): value for name, value in told.items()}
    text = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<script async src="{api}/widget.js"{text}></script>'


def page(body: str, head: str = "", language: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A page</title>'
        f'<link rel="icon" href="data:,">{head}</head><body>{body}</body></html>'
    )


def nonces(views: list[Asked]) -> list[str]:
    return [each.json()["nonce"] for each in views]
