"""How tests are divided among workers: what shares a stack or a table runs on one of them."""

import os

import pytest


@pytest.fixture(scope="module")
def shared() -> object:
    return object()


@pytest.mark.usefixtures("shared")
def test_what_shares_a_fixture_of_a_module_stays_on_one_worker(
    request: pytest.FixtureRequest,
) -> None:
    # xdist writes the group behind the name, or else has no groups, and says nothing.
    is_in_group = request.node.nodeid.endswith("@test_workers")
    assert is_in_group == ("PYTEST_XDIST_WORKER" in os.environ)
