"""The stores of the tests of statistics: on tables in memory."""

import pytest

from circulation.runtime import Container
from tests.memory_store import store_in_memory


@pytest.fixture
def store() -> Container:
    """A container on tables in memory."""
    return store_in_memory()
