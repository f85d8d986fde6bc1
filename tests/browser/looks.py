"""A page as everybody sees it: on a phone and a desktop, in both schemes, and by axe-core."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.browser.conftest import Browser

WIDGET = Path(__file__).parents[2] / "widget"
AXE = WIDGET / "node_modules/axe-core/axe.min.js"
SCHEMES = ("light", "dark")


def look(browser: Browser, width: int, height: int, scheme: str) -> None:
    """Show pages in a window of a size, in the colours that its reader likes."""
    browser.command(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=height, deviceScaleFactor=1, mobile=width < 500,
    )  # fmt: skip
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.command("Emulation.setEmulatedMedia", features=media)


def faults(
    browser: Browser, sizes: Mapping[str, tuple[int, int]], *, whole: bool = True
) -> dict[str, Any]:
    """Give what is wrong with the page that is open, by look: what axe finds, and what is cut.

    It is not loaded again for each: no script asks for the window's size or the scheme, so that
    what a page looks like is the style sheet's alone.
    """
    found: dict[str, Any] = {}
    for size, (width, height) in sizes.items():
        for scheme in SCHEMES:
            look(browser, width, height, scheme)
            wrong = violations(browser, whole=whole)
            if browser.run("return document.documentElement.scrollWidth") > width:
                wrong.append("wider than the window")
            found |= {f"{size} {scheme}": wrong} if wrong else {}
    return found


def violations(browser: Browser, *, whole: bool = True) -> list[Any]:
    """Run axe-core; give what it finds, with the elements.

    A whole page is held against all rules, best practice too; what stands in a frame, of which
    that asks for landmarks and a heading, against those of WCAG.
    """
    if browser.run("return typeof axe") == "undefined":
        browser.run(AXE.read_text(encoding="utf-8"))
    rules = {} if whole else {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = browser.driver.execute_async_script(
        "const [rules, tell] = arguments;"
        "axe.run(rules).then(tell, error => tell({violations: [String(error)]}))",
        rules,
    )
    return [
        each if isinstance(each, str) else (each["id"], [node["html"] for node in each["nodes"]])
        for each in found["violations"]
    ]
