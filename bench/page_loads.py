"""Loads of pages that count, in Chromium: when the number is there, and by how many requests."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory

import httpx
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from bench.loopback import serving
from bench.slow_network import Network, Relay, Site

SETTLE_MS = 200
"""What the page leaves to requests that the number does not wait for, before they are summed."""
LOAD_SECONDS = 20
START_SECONDS = 60
STOP_SECONDS = 60
TALLY_SECONDS = 30
_WIDGET_URL = re.compile(r"(http://127\.0\.0\.1:\d+)/widget\.js")
TOKEN = "local"  # noqa: S105  of a stack that is gone after the bench
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names for this machine: the widget counts nothing on localhost.
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    # Nor in a browser that says that a program drives it.
    "--disable-blink-features=AutomationControlled",
)
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>An article</title>
<link rel="icon" href="data:,"><script>
new MutationObserver((_, observer) => {{
  const ms = performance.now();
  const shown = document.querySelector("view-count")?.textContent;
  if (!/\\d/.test(shown)) return;
  observer.disconnect();
  setTimeout(() => {{
    const entries = performance.getEntriesByType("resource");
    const requests = entries.filter((each) => each.name.startsWith("{api}")).length;
    fetch("/shown", {{ method: "POST", body: JSON.stringify({{ ms, shown, requests }}) }});
  }}, {settle});
}}).observe(document, {{ childList: true, subtree: true, characterData: true }});
</script>{tag}</head><body><p>Views: <view-count></view-count></p>{more}</body></html>
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter as pages have it; API and ARTICLE in its mark-up stand for what they are."""

    key: str
    name: str
    tag: str
    script: str = ""
    """Of a stand-in: what is at /stand-in/KEY.js."""
    more: str = ""
    """What the page has below the number."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load took, from the start of the navigation until the number was in the page."""

    ms: float
    asked: tuple[str, ...]
    """The methods of the requests that reached the API."""
    connections: int
    """New ones to the API."""
    own: bool
    """The number had this very view in it."""


class Loads:
    """A browser, and the pages of each counter; articles are "1" and "2", sites have any name."""

    def __init__(self, network: Network, site_port: int, driver: Chrome) -> None:
        self._network = network
        self._port = site_port
        self._driver = driver
        self._views: dict[str, int] = {}
        self._visitors = 0

    def load(self, counter: Counter, article: str, site: str, *, connecting: int = 0) -> Load:
        """Open an article as somebody who has never been seen.

        The browser keeps scripts, preflights and connections by site (Chromium: network
        partitioning): the first article of a site is loaded cold, the next one warm.
        """
        path = f"/{counter.key}-{article}"
        views = self._views[path] = self._views.get(path, 0) + 1
        self._visitors += 1
        agent = (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/150.0.0.{self._visitors} Safari/537.36"
        )
        self._driver.execute_cdp_cmd("Network.setUserAgentOverride", {"userAgent": agent})
        network = self._network
        network.connecting, network.connections = connecting, 0
        network.asked.clear()
        self._driver.get(f"http://{site}.example:{self._port}{path}")
        try:
            report = network.reports.get(timeout=LOAD_SECONDS)
        except Empty:
            raise RuntimeError(f"{path} shows no number; asked were {network.asked}") from None
        asked = tuple(network.asked)
        preflights = asked.count("OPTIONS")
        # The browser's own list has scripts out of its cache as well, and no preflights.
        if len(asked) - preflights > report["requests"]:
            raise RuntimeError(
                f"{path}: the page knows of {report['requests']} requests, not {asked}"
            )
        shown = int(re.sub(r"\D", "", report["shown"]))
        return Load(report["ms"], asked, network.connections, own=shown == views)

    def check(self) -> None:
        """See that each load was counted, and once, whatever it showed. Raises RuntimeError."""
        deadline = time.monotonic() + TALLY_SECONDS
        for path, expected in self._views.items():
            while (counted := _views(self._network.stack, path)) != expected:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{path} was loaded {expected} times, counted {counted}")
                time.sleep(0.1)


@contextmanager
def loads(counters: tuple[Counter, ...]) -> Iterator[Loads]:
    """Start a stack, the network in front of it and a browser; all of them are gone afterwards."""
    with ExitStack() as started:
        folder = Path(started.enter_context(TemporaryDirectory()))
        network = Network(started.enter_context(_stack(folder)))
        api = f"http://127.0.0.1:{started.enter_context(serving(partial(Relay, network)))}"
        site_port = started.enter_context(serving(partial(Site, network)))
        for counter in counters:
            network.scripts[f"/stand-in/{counter.key}.js"] = counter.script.encode()
            for article in (f"{counter.key}-1", f"{counter.key}-2"):
                tag, more = (
                    markup.replace("API", api).replace("ARTICLE", article)
                    for markup in (counter.tag, counter.more)
                )
                page = PAGE.format(api=api, settle=SETTLE_MS, tag=tag, more=more)
                network.pages[f"/{article}"] = page
                _publish(network.stack, article)
        driver = _browser(folder / "profile")
        started.callback(driver.quit)
        yield Loads(network, site_port, driver)


@contextmanager
def _stack(folder: Path) -> Iterator[str]:
    """Run the local stack as a user starts it, on a port that is free; give its URL."""
    log_path = folder / "stack.log"
    command = [sys.executable, "-m", "circulation_cli", "serve", "--port=0", f"--token={TOKEN}"]
    command.append("--parameter=AllowedOrigins=*")  # the pages are of sites of their own
    with log_path.open("wb") as log:
        child = subprocess.Popen(
            [*command, "--state", str(folder / "state")], stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (match := _WIDGET_URL.search(log_path.read_text())):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the local stack did not start: {log_path.read_text()}")
            time.sleep(0.1)
        yield match[1]
    finally:
        child.terminate()
        child.wait(STOP_SECONDS)


def _publish(stack: str, article: str) -> None:
    submission = {
        "section": "city",
        "title": "An article",
        "body": "First light over the harbour.",
        "url": f"https://news.example/{article}",
        "published": "2026-01-31T08:00:00+04:00",
    }
    token = {"authorization": f"Bearer {TOKEN}"}
    httpx.put(f"{stack}/articles/{article}", json=submission, headers=token).raise_for_status()


def _views(stack: str, path: str) -> int:
    return int(httpx.get(f"{stack}/articles{path}/views").json()["views"])


def _browser(profile: Path) -> Chrome:
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    options.page_load_strategy = "none"  # the page itself says when its number is there
    return Chrome(options=options, service=Service(shutil.which("chromedriver")))
