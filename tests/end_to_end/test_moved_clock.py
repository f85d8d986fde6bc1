"""A laptop's life: it sleeps, and its clock is set back and forth, over midnights too."""

import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.builders import BROWSER, submitted
from tests.end_to_end import stack as running
from tests.end_to_end.moved_clock import FIRED, FOLLOWED, LOOKS, MOVES
from tests.end_to_end.stack import Stack, wait_for

START = datetime(2026, 3, 14, 12, 2, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
READER = "127.0.3.9"
ARTICLES = ("clock", "bus")


class Laptop:
    """A stack on a machine that sleeps and whose clock is set, and what its readers were told."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder
        self.views: dict[str, Counter[str]] = {article: Counter() for article in ARTICLES}
        self._step = START - datetime.now(UTC)
        self._slept = timedelta(0)
        self._note()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._step + self._slept

    def set_clock(self, step: timedelta) -> None:
        self._step += step
        self._move()

    def sleep(self, duration: timedelta) -> None:
        self._slept += duration
        self._move()

    def read(self, number: int = 3) -> None:
        """Have one address read each article as so many browsers; each view has to be counted."""
        for article, days in self.views.items():
            for _ in range(number):
                browser = f"{BROWSER} v{sum(days.values())}"
                answer = self.stack.view(article, READER, **{"user-agent": browser})
                assert answer.status_code == 200, answer.text
                assert answer.json()["counted"], answer.text
                days[self.now().date().isoformat()] += 1

    def check_counts(self) -> None:
        """See to it that every count and every day is what was acknowledged."""
        for article, days in self.views.items():
            wait_for(partial(self.stack.views, article), days.total())
            answer = httpx.get(f"{self.stack.url}/articles/{article}/views/daily?days=30").json()
            daily = {each["day"]: each["views"] for each in answer["days"] if each["views"]}
            today = self.now().date().isoformat()
            assert daily == {day: views for day, views in days.items() if day <= today}

    def check_rankings(self) -> None:
        """See to it that rankings and totals go on, once the next of them are due."""
        fired = self.fired()["RankPopular"]
        self.sleep(5 * MINUTE)
        assert self.fired()["RankPopular"] == fired + 1
        lifetime = {article: days.total() for article, days in self.views.items()}
        assert self.ranked() == lifetime
        total = httpx.get(f"{self.stack.url}/counter/TOTAL.json").json()["count"]
        demo = sum(self._demo().values())
        assert int("".join(filter(str.isdigit, total))) == demo + sum(lifetime.values())

    def ranked(self) -> dict[str, int]:
        return {name: views for name, views in self._popular().items() if name in ARTICLES}

    def fired(self) -> Counter[str]:
        return Counter((self.folder / FIRED).read_text().split())

    def jobs(self) -> int:
        """Count what waits in the queues."""
        with closing(
            sqlite3.connect(f"file:{self.stack.state}/stack.db?mode=ro", uri=True)
        ) as file:
            (number,) = file.execute("SELECT COUNT(*) FROM messages").fetchone()
            return int(number)

    def _demo(self) -> dict[str, int]:
        return {name: views for name, views in self._popular().items() if name not in ARTICLES}

    def _popular(self) -> dict[str, int]:
        query = {"window": "all", "limit": "100"}
        articles = httpx.get(f"{self.stack.url}/popular", params=query).json()["articles"]
        return {each["id"]: each["window_views"] for each in articles}

    def _note(self) -> str:
        moves = f"{self._step.total_seconds()} {self._slept.total_seconds()}"
        new = self.folder / "new"
        new.write_text(moves)
        new.replace(self.folder / MOVES)
        return moves

    def _move(self) -> None:
        moves = self._note()
        wait_for((self.folder / FOLLOWED).read_text, moves)
        looks = self._looks()
        # The look that was under way may have begun before.
        wait_for(lambda: self._looks() >= looks + 2, expected=True)

    def _looks(self) -> int:
        return int((self.folder / LOOKS).read_text() or "0")


@pytest.fixture
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Laptop]:
    module = "tests.end_to_end.moved_clock"
    command = [sys.executable, "-m", module, str(tmp_path), "serve", "--token", "t0ken"]
    monkeypatch.setattr(running, "command", lambda: command)
    stack = Stack(tmp_path / "state")
    laptop = Laptop(stack, tmp_path)
    stack.start()
    try:
        for article in ARTICLES:
            url = f"https://news.example/{article}"
            published = submitted(published="2026-01-01T00:00:00Z", url=url)
            assert stack.publish(article, published).is_success
        yield laptop
    finally:
        code = stack.stop()
    assert code == 0, stack.log.read_text()


def test_whatever_becomes_of_the_clock_every_acknowledged_view_is_counted(laptop: Laptop) -> None:
    wait_for(lambda: len(laptop.fired()), 3)
    laptop.read()
    laptop.check_counts()

    fired = laptop.fired()
    for step in (-timedelta(seconds=30), HOUR, -HOUR, 16 * MINUTE):
        laptop.set_clock(step)
        laptop.read()
        laptop.check_counts()
        laptop.check_rankings()
    assert not (laptop.fired() - fired).keys() & {"SealDay", "RotateSalts"}
    # Once for each step that leads forth, and once for what becomes due afterwards.
    assert (laptop.fired() - fired)["RankPopular"] <= 6

    laptop.sleep(START.replace(hour=23, minute=50) - laptop.now())
    laptop.read()
    laptop.set_clock(30 * MINUTE)
    laptop.read()
    laptop.set_clock(-28 * MINUTE)
    laptop.read()
    laptop.check_counts()
    laptop.check_rankings()

    fired = laptop.fired()
    laptop.set_clock(3 * DAY)
    laptop.read()
    laptop.set_clock(-3 * DAY)
    laptop.read()
    laptop.check_counts()
    laptop.check_rankings()
    assert (laptop.fired() - fired)["RankPopular"] <= 2
    assert not (laptop.fired() - fired)["SealDay"]

    # A day later the clock is believed again: yesterday is sealed, and nothing changes by it.
    fired = laptop.fired()
    laptop.sleep(DAY)
    wait_for(lambda: (laptop.fired() - fired)["SealDay"], 1)
    wait_for(laptop.jobs, 0)
    laptop.check_counts()
    laptop.read()
    laptop.check_counts()
    laptop.check_rankings()
    assert max((laptop.fired() - fired).values()) <= 2
