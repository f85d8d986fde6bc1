"""The widget in Chromium, on the demo site of the local stack."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import BROWSER
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
    "--virtual-time-budget=10000",  # milliseconds that the page may take to become quiet
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from running(tmp_path_factory.mktemp("state"))


def open_page(url: str, profile: Path, user_agent: str = BROWSER) -> str:
    """Open a page in a fresh browser and give its document once it is quiet."""
    run = subprocess.run(
        [
            "chromium",
            *SWITCHES,
            f"--user-data-dir={profile}",
            f"--user-agent={user_agent}",
            "--dump-dom",
            url,
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return run.stdout


def shown(document: str) -> str:
    told = re.search(r"<view-count>(.*?)</view-count>", document)
    assert told, document
    return told[1]


def test_opening_an_article_counts_once_and_shows_the_number(stack: Stack, tmp_path: Path) -> None:
    url = f"{stack.url}/demo/articles/harbour-clock"
    before = stack.views("harbour-clock")
    assert shown(open_page(url, tmp_path / "first")) == f"{before + 1:,}"
    assert shown(open_page(url, tmp_path / "again")) == f"{before + 1:,}"
    # The window is as wide as Chromium makes it without a screen: 800 pixels.
    wait_for(lambda: stack.statistics("harbour-clock").json()["form_factors"], {"tablet": 1})


def test_a_bot_sees_the_number_and_is_not_in_it(stack: Stack, tmp_path: Path) -> None:
    before = stack.views("soil-sensors")
    page = f"{stack.url}/demo/articles/soil-sensors"
    robot = f"{BROWSER} (compatible; Examplebot/1.0)"
    assert shown(open_page(page, tmp_path, robot)) == str(before)
    assert stack.views("soil-sensors") == before
    assert stack.statistics("soil-sensors").json()["filtered"]["bot"] == 1


def test_the_front_page_shows_every_count_and_counts_nothing(stack: Stack, tmp_path: Path) -> None:
    before = stack.views("night-bus")
    document = open_page(f"{stack.url}/demo/", tmp_path)
    numbers = re.findall(r'data-views="[^"]+">([^<]*)<', document)
    assert len(numbers) >= 8
    assert all(re.fullmatch(r"[\d,]+", each) for each in numbers)
    assert stack.views("night-bus") == before


def test_a_page_on_this_machine_shows_the_number_and_counts_only_when_told_to(
    stack: Stack, tmp_path: Path
) -> None:
    before = stack.views("bird-count")
    for attribute, expected in (("", before), ("data-allow-local", before + 1)):
        page = tmp_path / f"page{attribute}.html"
        page.write_text(
            "<view-count></view-count>"
            f'<script async src="{stack.url}/widget.js" data-article="bird-count" {attribute}>'
            "</script>"
        )
        document = open_page(page.as_uri(), tmp_path / f"profile{attribute}")
        assert shown(document) == str(expected)


def test_a_page_whose_language_is_written_wrong_has_its_number_all_the_same(
    stack: Stack, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<html lang="en_US"><view-count></view-count>'
        f'<script async src="{stack.url}/widget.js" data-article="ice-hall"></script>'
    )
    assert shown(open_page(page.as_uri(), tmp_path / "profile")) == f"{stack.views('ice-hall'):,}"
