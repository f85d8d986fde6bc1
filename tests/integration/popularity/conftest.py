from datetime import timedelta

import pytest

from circulation.popularity.pace import Pace
from circulation.popularity.windows import Window
from circulation.runtime import Container
from tests.memory_store import store_in_memory


@pytest.fixture
def store() -> Container:
    """A container on tables in memory."""
    return store_in_memory()


@pytest.fixture(autouse=True)
def without_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every run look, and every ranking written that differs: pace has tests of its own."""
    at_once = dict.fromkeys(Window, Pace(timedelta(0), 0))
    monkeypatch.setattr("circulation.popularity.ranking.PACES", at_once)
    monkeypatch.setattr("circulation.popularity.pace.ENOUGH_VIEWS", 0)
