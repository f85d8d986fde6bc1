"""The browser's main thread on pages with many numbers: with the widget, beside the page alone."""

import json
import shutil
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from bench.loopback import serving
from bench.page_loads import SWITCHES
from bench.results import table, verdict
from circulation import widget

NUMBERS = (100, 1_000, 10_000)
CHANGES = 40
EVERY_MS = 60
ROUNDS = 5
TARGET_NUMBERS = 1_000
TARGET_RATIO = 1.3
LONG_TASK_MS = 50
FILL_SECONDS = 60
VIEWS = 1_234
WHEN = ("while_changing", "while_loading")

INTRODUCTION = f"""\
A page with a number for each of many articles, all of them filled, is changed {CHANGES} times, once
in {EVERY_MS} ms, by a paragraph at its end: a clock, a chat or an advertisement does that. The
ratio is that of the main thread's work (CDP's TaskDuration, CPU time), with the script to without
it, where the numbers stand in the page from the start: medians of {ROUNDS} rounds in turn. Long
tasks are those over {LONG_TASK_MS} ms (W3C Long Tasks), the most of any round: while the page
changes, and from the start of loading until all numbers are there; in brackets those of the page
alone. Both depend on the machine.
"""

PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Articles</title>
<link rel="icon" href="data:,"><script>
long = 0;
new PerformanceObserver((list) => { long += list.getEntries().length })
  .observe({ type: "longtask", buffered: true });
</script>TAG</head><body><ul>ROWS</ul></body></html>
"""
FILLED = """
const texts = [...document.querySelectorAll("[data-views]")].map((each) => each.textContent);
return document.readyState == "complete" && texts.every((text) => text == "1,234");
"""
CHANGE = f"""
const done = arguments[0];
let left = {CHANGES};
const change = () => {{
  document.body.append(document.createElement("p"));
  left-- ? setTimeout(change, {EVERY_MS}) : setTimeout(done, 500);
}};
change();
"""


@dataclass(frozen=True, slots=True)
class Busy:
    """The main thread's work while a page changed, in seconds, and long tasks."""

    seconds: float
    while_changing: int
    while_loading: int


class _Site(BaseHTTPRequestHandler):
    """The pages, and the API's answers to the script."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/views":
            ids = parse_qs(query)["ids"][0].split(",")
            views = [{"article": article, "views": VIEWS} for article in ids]
            self._answer(json.dumps({"views": views}), "application/json")
        elif path.endswith(".js"):
            name = widget.current() if path == "/widget.js" else Path(path).stem
            script = widget.script(name)
            self._answer(script.body if script else b"", widget.CONTENT_TYPE)
        else:
            numbers, _, tag = urlsplit(self.path).path.strip("/").partition("/")
            self._answer(page(int(numbers), script=tag == "with"), "text/html; charset=utf-8")

    def _answer(self, body: str | bytes, content_type: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


def page(numbers: int, *, script: bool) -> str:
    """Write a page with so many numbers, which the script is to fill or which stand there."""
    text = "…" if script else f"{VIEWS:,}"
    rows = "".join(
        f'<li>An article <b data-views="article-{number % 500}">{text}</b></li>'
        for number in range(numbers)
    )
    tag = '<script async src="/widget.js" data-article=""></script>' if script else ""
    return PAGE.replace("TAG", tag).replace("ROWS", rows)


def measure() -> str:
    """Measure pages of each size, with the script and without, in turn."""
    missing = [tool for tool in ("chromium", "chromedriver") if not shutil.which(tool)]
    if missing:
        raise SystemExit(
            f"the main thread's bench needs {' and '.join(missing)}: "
            "apt-get install chromium chromium-driver"
        )
    measured: dict[int, tuple[list[Busy], list[Busy]]] = {}
    with _browser() as (driver, port):
        for numbers in NUMBERS:
            alone, script = measured[numbers] = ([], [])
            for _ in range(ROUNDS):
                alone.append(_busy(driver, f"http://news.example:{port}/{numbers}/without"))
                script.append(_busy(driver, f"http://news.example:{port}/{numbers}/with"))
    return report(measured)


def report(measured: dict[int, tuple[list[Busy], list[Busy]]]) -> str:
    """Write what was measured by numbers on a page: without the script, and with it."""
    ratios = {
        numbers: statistics.median(busy.seconds for busy in script)
        / statistics.median(busy.seconds for busy in alone)
        for numbers, (alone, script) in measured.items()
    }
    rows = [
        (
            f"{numbers:,}", f"{ratios[numbers]:.2f}",
            *("{1} ({0})".format(*_longest(what, rounds)) for what in WHEN),
        )
        for numbers, rounds in measured.items()
    ]  # fmt: skip
    head = ("numbers", "main thread, with / without", "long tasks, changing", "long tasks, loading")
    ratio = ratios[TARGET_NUMBERS]
    changing = [_longest("while_changing", rounds) for rounds in measured.values()]
    alone, script = _longest("while_loading", measured[TARGET_NUMBERS])
    return (
        f"{INTRODUCTION}\n{table(head, rows)}\n"
        f"A ratio ≤ {TARGET_RATIO} at {TARGET_NUMBERS:,} numbers is "
        f"{verdict(ratio, TARGET_RATIO)}. No more long tasks than the page alone has, while one "
        f"of up to {max(measured):,} numbers changes, is "
        f"{verdict(max(with_it - without for without, with_it in changing), 0)}; while "
        f"{TARGET_NUMBERS:,} are filled first, {verdict(script, alone)}.\n"
    )


def _longest(what: str, rounds: tuple[list[Busy], list[Busy]]) -> tuple[int, int]:
    """Give the most long tasks of any round: without the script, and with it."""
    alone, script = (max(getattr(busy, what) for busy in side) for side in rounds)
    return alone, script


def _busy(driver: Chrome, url: str) -> Busy:
    driver.get(url)
    WebDriverWait(driver, FILL_SECONDS, poll_frequency=0.5).until(
        lambda _: driver.execute_script(FILLED)
    )
    driver.execute_async_script("setTimeout(arguments[0], 500)")
    loading = driver.execute_script("const before = long; long = 0; return before")
    before = _working(driver)
    driver.execute_async_script(CHANGE)
    seconds = _working(driver) - before
    return Busy(seconds, driver.execute_script("return long"), loading)


def _working(driver: Chrome) -> float:
    metrics: list[dict[str, Any]] = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "TaskDuration")


@contextmanager
def _browser() -> Iterator[tuple[Chrome, int]]:
    """Start a browser and a site; give the site's port."""
    with ExitStack() as started:
        folder = Path(started.enter_context(TemporaryDirectory()))
        port = started.enter_context(serving(_Site))
        options = ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for switch in (*SWITCHES, f"--user-data-dir={folder / 'profile'}"):
            options.add_argument(switch)
        driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        started.callback(driver.quit)
        driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
        driver.set_script_timeout(60)
        yield driver, port
