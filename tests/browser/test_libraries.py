"""The widget in applications made with the libraries that sites are made of, in real Chromium."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.conftest import Browser, published, tag
from tests.browser.site import HOST, Relay, Site
from tests.end_to_end.stack import Stack, wait_for

SOURCES = Path(__file__).parent / "libraries"

# Two animations: an old page that fades before the new one is there, and both at once.
STYLE = """<style>
.transition-main, .v-enter-active, .v-leave-active { transition: opacity 0.2s }
.is-next-container, .is-previous-container, .v-enter-from, .v-leave-to,
.is-animating .transition-main:only-of-type { opacity: 0 }
</style>"""
# What stands on the page each time that it is painted: headings and numbers.
RECORDER = """
read = () => [...document.querySelectorAll("main")].map(main =>
  ["h1", "view-count, [data-views]"].map(name => main.querySelector(name)?.textContent).join(": "));
seen = [];
(function record() {
  const now = read().join(" | ");
  if (seen.at(-1) != now) seen.push(now);
  requestAnimationFrame(record);
})();
"""
# What moves on a page while the next one is on its way.
BUSY = """
document.body.append(document.createElement("progress"));
const clock = document.getElementById("clock");
let ticks = 0;
const timer = setInterval(() => {
  clock.textContent = ++ticks;
  if (ticks < arguments[0]) return;
  clearInterval(timer);
  arguments[1]();
}, 20);
"""


@dataclass(frozen=True)
class Library:
    """What an application is made with, and how it is set up."""

    name: str
    body: str = ""
    """Attributes of the page's body."""
    plugins: tuple[str, ...] = ()
    transition: str | None = None
    number: str = "<view-count>…</view-count>"
    """The element that shows it; React's application has its own."""
    rendered: bool = False
    """Whether a server renders the pages, for the library to take over."""

    @property
    def loads_pages(self) -> bool:
        """Tell whether it loads the site's pages, rather than what it makes them of itself."""
        return self.name not in ("react", "vue")


LIBRARIES = {
    "Turbo": Library("turbo"),
    "Turbo, data-views": Library("turbo", number="<b data-views=''>…</b>"),
    "htmx 2": Library("htmx2", body='hx-boost="true"'),
    "htmx 4": Library("htmx4", body='hx-boost:inherited="true"'),
    "Swup": Library("swup"),
    "Swup, head and progress": Library("swup", plugins=("head", "progress")),
    "Swup, parallel": Library("swup", plugins=("head", "parallel")),
    "React Router": Library("react"),
    "React Router, rendered": Library("react", rendered=True),
    "Vue Router": Library("vue"),
    "Vue Router, out and in": Library("vue", transition="out-in"),
    "Vue Router, both at once": Library("vue", transition="default"),
    "Vue Router, label": Library("vue", number="<view-count label='#'>…</view-count>"),
    "Vue Router, rendered": Library("vue", rendered=True),
}
RENDERED = {name: library for name, library in LIBRARIES.items() if library.rendered}
# Whose next page is held back, with what else moves on the page meanwhile.
OTHERS = {"Swup", "Turbo, data-views", "Vue Router, label", *RENDERED}
SLOW = {name: library for name, library in LIBRARIES.items() if name not in OTHERS}
VIEWS_BEFORE = {"one": 1_000, "two": 2_001, "three": 3_002}
NUMBERS = {"home": "", "one": "1,001", "two": "2,002", "three": "3,003"}


@dataclass
class Application:
    """A front page and three articles, each called by its heading, in a browser."""

    articles: dict[str, str]
    stack: Stack
    site: Site
    relay: Relay
    browser: Browser

    def __post_init__(self) -> None:
        self.paths = {"home": "/home"} | {
            heading: f"/articles/{article}" for heading, article in self.articles.items()
        }

    def publish(self, library: Library, scripts: Path) -> None:
        """Put every page onto the site, and what a library that makes the pages makes them of."""
        settings = {
            "pages": {path: heading for heading, path in self.paths.items()},
            "library": library.name,
            "plugins": library.plugins,
            "transition": library.transition,
            "number": library.number,
        }
        rendered = render(settings, scripts) if library.rendered else {}
        links = "".join(f'<a href="{path}">{name}</a>' for name, path in self.paths.items())
        script = (scripts / f"{library.name}.js").read_text()
        self.site.put("/script.js", script, content_type="text/javascript")
        for heading, path in self.paths.items():
            head = (
                f'<meta charset="utf-8"><title>{heading}</title><link rel="icon" href="data:,">'
                f"{STYLE}<script>site = {json.dumps(settings)};{RECORDER}</script>"
                f"{tag(self.relay.url, crossorigin='')}<script defer src='/script.js'></script>"
            )
            if library.loads_pages:
                head += f'<link rel="canonical" href="https://{HOST}{path}">'
                body = (
                    f'<nav>{links}</nav><section><main id="swup" class="transition-main">'
                    f"<h1>{heading}</h1><p>Views: {library.number}</p></main></section>"
                )
            else:
                body = f'<div id="app">{rendered.get(path, "")}</div>'
                self.site.put(f"/content{path}", heading)
            self.site.put(
                path,
                f'<!doctype html><html lang="en"><head>{head}</head>'
                f'<body {library.body}><p id="clock"></p>{body}</body></html>',
            )

    def open(self, heading: str) -> None:
        self.browser.start(self.site.url(self.paths[heading]))

    def follow(self, heading: str) -> None:
        """Follow the link to a page."""
        self.browser.run(
            "document.querySelector(`nav [href='${arguments[0]}']`).click()", self.paths[heading]
        )

    def go(self, direction: str) -> None:
        """Go back or forward."""
        self.browser.run(f"history.{direction}()")

    def read(self) -> Any:
        """Give what stands on the page: heading and number."""
        return self.browser.run("return window.read?.()")

    def here(self, heading: str) -> list[str]:
        """Give what has to stand there while that page does alone."""
        return [f"{heading}: {NUMBERS[heading]}"]

    def shows(self, heading: str) -> set[str]:
        """Wait until a page is there alone, with its number, and stays; give what was painted."""
        wait_for(self.read, self.here(heading))
        self.browser.settle()
        assert self.read() == self.here(heading)
        assert self.browser.run("return location.pathname") == self.paths[heading]
        return self.painted()

    def painted(self) -> set[str]:
        """Give headings with their numbers as painted since this was last asked: each its own."""
        paintings: list[str] = self.browser.run("return seen.splice(0)")
        pairs = {pair for painting in paintings if painting for pair in painting.split(" | ")}
        allowed = {f"{name}: {text}" for name in NUMBERS for text in ("", "…", NUMBERS[name])}
        assert pairs <= allowed, paintings
        assert self.browser.complaints() == []
        return pairs

    def counted(self) -> list[str]:
        """Give the pages whose views were told, in their order."""
        urls = [unquote(view.path) for view in self.relay.views()]
        return [next(name for name, path in self.paths.items() if path in url) for url in urls]

    def views(self) -> dict[str, int]:
        return {heading: self.stack.views(article) for heading, article in self.articles.items()}

    def hold(self, heading: str) -> Callable[[], None]:
        """Let a page not come before the function that this gives is called."""
        path = self.paths[heading]
        events = [self.site.delayed[prefix + path] for prefix in ("", "/content")]
        for event in events:
            event.clear()

        def release() -> None:
            for event in events:
                event.set()

        return release

    def requests(self, heading: str) -> int:
        """Count how often a page was asked for."""
        return sum(path.endswith(self.paths[heading]) for path in self.site.asked)

    def leave(self, step: Callable[[str], None], argument: str, last: str, heading: str) -> bool:
        """Do a step to another page, wait until that is asked for, and let half a second pass.

        Tell whether it is asked for at all: an application may have kept it.
        """
        requests = self.requests(heading)
        step(argument)
        here = self.here(last)
        wait_for(lambda: self.requests(heading) > requests or self.read() != here, expected=True)
        self.browser.driver.execute_async_script(BUSY, 25)
        return self.requests(heading) > requests


def render(settings: dict[str, Any], scripts: Path) -> dict[str, str]:
    """Give the HTML that a server renders for each path."""
    answer = subprocess.run(
        ["node", scripts / "server.js"],
        input=json.dumps(settings),
        capture_output=True,
        text=True,
        check=True,
    )
    pages: dict[str, str] = json.loads(answer.stdout)
    return pages


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The applications as built, and what renders them."""
    folder = tmp_path_factory.mktemp("libraries")
    subprocess.run(["node", "build.mjs", folder], cwd=SOURCES, check=True)
    return folder


@pytest.fixture
def application(
    library: Library, scripts: Path, stack: Stack, site: Site, relay: Relay, browser: Browser
) -> Application:
    articles = {
        heading: published(stack, views_before=views) for heading, views in VIEWS_BEFORE.items()
    }
    application = Application(articles, stack, site, relay, browser)
    application.publish(library, scripts)
    return application


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_each_page_of_a_journey_counts_once_and_shows_its_number(application: Application) -> None:
    application.open("home")
    application.shows("home")
    application.browser.run("window.loaded = true")
    counted = ["home"]
    steps: list[tuple[Callable[[str], None], str, str, int]] = [
        (application.follow, "one", "one", 1),
        (application.follow, "two", "two", 1),
        (application.go, "back", "one", 1),
        (application.go, "forward", "two", 1),
        (application.follow, "three", "three", 1),
        (application.follow, "three", "three", 0),
    ]
    for step, argument, heading, views in steps:
        step(argument)
        application.shows(heading)
        counted += [heading] * views
        assert application.counted() == counted
    assert application.browser.run("return loaded"), "the browser itself loaded a page"
    application.browser.run("location.reload()")
    wait_for(lambda: application.browser.run("return window.loaded"), expected=None)
    application.shows("three")
    application.follow("one")  # a name that the head may have kept is now of the page before
    application.shows("one")
    assert application.counted() == [*counted, "three", "one"]
    assert application.views() == {"one": 1_001, "two": 2_002, "three": 3_003}


@pytest.mark.parametrize("library", SLOW.values(), ids=SLOW)
def test_a_page_keeps_its_number_while_the_next_one_is_on_its_way(
    application: Application,
) -> None:
    application.open("home")
    application.shows("home")
    application.follow("one")  # what follows applications is loaded now
    application.shows("one")
    counted = ["home", "one"]
    steps: list[tuple[Callable[[str], None], str, str, str]] = [
        (application.follow, "two", "one", "two"),
        (application.go, "back", "two", "one"),
    ]
    for step, argument, last, heading in steps:
        release = application.hold(heading)
        if application.leave(step, argument, last, heading):
            assert application.read() == application.here(last)
            assert application.counted() == counted
        release()
        pairs = application.shows(heading)
        assert {pair for pair in pairs if pair.startswith(last)} <= set(application.here(last))
        counted.append(heading)
        assert application.counted() == counted
    assert application.views() == {"one": 1_001, "two": 2_002, "three": 3_002}


@pytest.mark.parametrize("library", SLOW.values(), ids=SLOW)
def test_a_visit_that_is_called_off_leaves_the_number_and_counts_nothing(
    application: Application, library: Library
) -> None:
    application.open("home")
    application.shows("home")
    application.follow("one")
    application.shows("one")
    release = application.hold("two")
    assert application.leave(application.follow, "two", "one", "two")
    # Some libraries change the address at once, and back is then the page that is still there.
    moved = application.browser.run("return location.pathname") == application.paths["two"]
    there = "one" if moved else "home"
    application.go("back")
    application.shows(there)
    release()
    if library.name.startswith("htmx"):  # it shows what was called off all the same
        wait_for(lambda: application.read() == application.here(there), expected=False)
        application.browser.settle()
        application.painted()
        return
    assert application.shows(there) == set(application.here(there))
    assert application.counted() == ["home", "one"] + ["home"] * (not moved)
    assert application.views() == {"one": 1_001, "two": 2_001, "three": 3_002}


@pytest.mark.parametrize("library", [LIBRARIES["Swup"]], ids=["Swup"])
def test_a_page_that_is_longer_on_its_way_than_the_script_waits_counts_once(
    application: Application,
) -> None:
    application.open("one")
    application.shows("one")
    release = application.hold("two")
    application.leave(application.follow, "two", "one", "two")
    wait_for(application.counted, ["one", "two"])  # by its address alone
    release()
    wait_for(application.read, application.here("two"))
    application.browser.settle()
    assert application.read() == application.here("two")
    assert application.counted() == ["one", "two"]
    assert application.views() == {"one": 1_001, "two": 2_002, "three": 3_002}


@pytest.mark.parametrize("library", RENDERED.values(), ids=RENDERED)
def test_what_a_server_rendered_keeps_its_number_when_the_library_takes_it_over(
    application: Application,
) -> None:
    script = application.site.delayed["/script.js"]
    application.open("one")
    wait_for(application.read, application.here("one"))
    application.browser.run("seen.splice(0)")
    script.set()
    wait_for(lambda: application.browser.run("return window.started"), expected=True)
    assert application.shows("one") == set(application.here("one"))
    application.follow("two")
    application.shows("two")
    assert application.counted() == ["one", "two"]
