from collections.abc import Iterator
from pathlib import Path

import pytest

from circulation_cli.local_stack.state import State
from tests.local_stack.machine import Machine


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path)
    yield state
    state.close()


@pytest.fixture
def machine() -> Machine:
    return Machine()
