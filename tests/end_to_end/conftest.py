from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack for a module's tests, which leave it running."""
    yield from running(tmp_path_factory.mktemp("state"))


@pytest.fixture
def own_stack(tmp_path: Path) -> Iterator[Stack]:
    """A running stack for one test, to stop and start as it likes."""
    yield from running(tmp_path / "state")


def running(state: Path, *options: str) -> Iterator[Stack]:
    stack = Stack(state, "--token=t0ken", *options)
    stack.start()
    yield stack
    stack.stop()
