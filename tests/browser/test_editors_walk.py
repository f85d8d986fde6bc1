"""An editor's walk through the statistics of a made-up year, on the morning of a breaking story."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from circulation.statistics.sentence import FACTOR_FROM
from circulation.times import day_before
from circulation_cli.newsroom.phrases import STORY_RETITLED
from circulation_cli.newsroom.pieces import STORY
from tests.browser.conftest import Browser
from tests.end_to_end.stack import Stack, wait_for

SIZE = ("--articles=60", "--days=60", "--seed=20", "--story")
READERS = 150
TALLY_WINDOW = 60
"""Seconds."""
REVOKED_AFTER = 90
"""A link ends within a minute after it was revoked."""
NO_SCRIPT = {"profile__managed_default_content_settings__javascript": 2}
NUMBERS = """
    const texts = (selector) => [...document.querySelectorAll(selector)].map(
        (found) => found.textContent.replace(/\\s+/g, " ").trim());
    return {
        sentence: texts(".lead h1, .lead p"),
        facts: texts(".facts b"),
        chart: texts("#chart-numbers tbody tr"),
        articles: texts(".articles tr[data-article] .total"),
        tables: texts(".barlist tbody tr"),
    };
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with two months of a newspaper, and a story of this morning."""
    state = tmp_path_factory.mktemp("year") / "state"
    command(state, "demo", *SIZE)
    stack = Stack(state, "--token=t0ken")
    stack.start()
    yield stack
    stack.stop()


@pytest.fixture(scope="module")
def ended(filled: Stack) -> str:
    """A link that opened the site and was revoked: begun early, as it ends within a minute."""
    link = share(filled, "ending")
    assert httpx.get(link, timeout=30).status_code == 200
    command(filled.state, "share", "revoke", "ending")
    return link


def command(state: Path, *arguments: str) -> str:
    """Run the command line on a state directory; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "circulation_cli", *arguments, "--state", str(state)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def share(stack: Stack, name: str) -> str:
    return command(stack.state, "share", "new", name, "--site", "--days", "1")


def answer(stack: Stack, path: str) -> Any:
    told = httpx.get(
        f"{stack.url}/statistics/{path}", headers={"authorization": "Bearer t0ken"}, timeout=30
    )
    assert told.status_code == 200, told.text
    return told.json()


def sign_in(editor: Browser, stack: Stack) -> None:
    editor.open(f"{stack.url}/statistics")
    field = editor.driver.find_element("id", "token")
    field.send_keys("t0ken", Keys.ENTER)
    wait_for(lambda: bool(editor.text(".lead h1")), expected=True)


def first_mover(editor: Browser) -> str:
    """Ask for the page anew, and give what is first of what moves now."""
    url = editor.driver.current_url
    editor.open(url)
    wait_for(lambda: bool(editor.text(".lead h1")), expected=True)
    return " ".join((editor.text(".movers li") or "").split())


def said(sentence: str) -> float | int:
    """Read what a sentence says of the difference: per cent, or how many times the usual."""
    if times := re.search(r"([\d.]+) times", sentence):
        return float(times[1])
    percent, direction = re.findall(r"([\d,]+)\s%\s(above|below)", sentence)[0]
    number = int(percent.replace(",", ""))
    return number if direction == "above" else -number


@pytest.mark.usefixtures("ended")
def test_on_the_day_of_a_story_an_editor_finds_it_first_and_every_number_the_same(
    filled: Stack, browse: Callable[..., Browser]
) -> None:
    editor = browse()
    sign_in(editor, filled)

    # What moves now, within a tally window.
    for number in range(READERS):
        filled.view(STORY, f"127.0.{number // 250 + 1}.{number % 250 + 1}")
    wait_for(lambda: first_mover(editor)[: len(STORY_RETITLED)], STORY_RETITLED, TALLY_WINDOW)
    assert answer(filled, "live")["movers"][0]["article"] == STORY

    # The sentence is the API's, and so is its per cent; a full hour may come between the two.
    def both() -> tuple[str | None, str]:
        first_mover(editor)
        return editor.text(".lead h1"), answer(filled, "site")["sentences"][0]

    wait_for(lambda: len(set(both())), 1)
    figures = answer(filled, "site")
    views, before, percent = figures["views"].values()
    times = percent >= FACTOR_FROM
    assert said(figures["sentences"][0]) == (round(views / before, 1) if times else percent)
    assert STORY_RETITLED in (editor.text(".lead") or "")


def test_every_chart_is_read_by_keyboard_alone(
    filled: Stack, browse: Callable[..., Browser]
) -> None:
    editor = browse()
    editor.open(share(filled, "keyboard"))
    charts: list[str] = editor.run("return [...document.querySelectorAll('.chart')].map(c => c.id)")
    assert charts[:2] == ["chart", "minutes"]
    read: dict[str, tuple[str, str]] = {}
    for _ in range(300):
        ActionChains(editor.driver).send_keys(Keys.TAB).perform()
        at = editor.run("return document.activeElement.closest('.walk')?.closest('.chart').id")
        if not at or at in read:
            continue
        before = readout(editor, at)
        ActionChains(editor.driver).send_keys(Keys.HOME).perform()
        first = readout(editor, at)
        ActionChains(editor.driver).send_keys(Keys.ARROW_RIGHT).perform()
        read[at] = (first, readout(editor, at))
        assert before
        if read.keys() == set(charts):
            break
    assert sorted(read) == sorted(charts)
    for chart, (first, second) in read.items():
        rows: list[str] = editor.run(
            "return [...document.querySelectorAll(`#${arguments[0]} .numbers tbody th`)]"
            ".map(head => head.textContent)",
            chart,
        )
        assert first.startswith(rows[0])
        assert second.startswith(rows[1])


def readout(browser: Browser, chart: str) -> str:
    """Give what a chart says of the point that was walked to: by sight and by ear the same."""
    shown, heard = browser.run(
        "const chart = document.getElementById(arguments[0]);"
        "return [chart.querySelector('.readout').textContent,"
        " chart.querySelector('.walk').getAttribute('aria-valuetext')]",
        chart,
    )
    assert re.findall(r"\d+", shown) == re.findall(r"\d+", heard)
    text: str = heard
    return text


def test_a_shared_link_opens_in_a_fresh_profile_without_javascript_and_revoked_does_not(
    filled: Stack, ended: str, browse: Callable[..., Browser]
) -> None:
    link = share(filled, "desk")
    today = answer(filled, "site")["from"]
    day = day_before(today)
    plain = browse(**NO_SCRIPT)
    plain.open(link)
    assert plain.text(".lead h1")

    # Of a day that is over the numbers stand still.
    past = f"{link}{'&' if '?' in link else '?'}date={day}"
    plain.open(past)
    scripted = browse()
    scripted.open(past)
    without, with_script = plain.run(NUMBERS), scripted.run(NUMBERS)
    assert without == with_script
    assert len(without["chart"]) == 24
    assert len(without["tables"]) > 20
    figures = answer(filled, f"site?date={day}")
    shown = [int(row["views"]) for row in answer(filled, f"top?date={day}")["top"]]
    assert [_number(text) for text in without["articles"]] == shown
    assert _number(without["facts"][0]) == figures["views"]["views"]
    assert sum(shown) <= figures["views"]["views"]

    wait_for(lambda: httpx.get(ended, timeout=30).status_code, 410, REVOKED_AFTER)
    fresh = browse()
    fresh.open(ended)
    assert "ended" in (fresh.text("h1") or "")
    assert fresh.text(".lead") is None
    plain.open(link)  # the other one opens still
    assert plain.text(".lead h1")


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))
