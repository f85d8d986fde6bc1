import socket
from collections import deque
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from circulation_cli.local_stack.child import (
    EngineError,
    port_closed_to_browsers,
)


def test_a_port_is_reserved_before_anybody_listens_at_it_and_free_again_afterwards(
    tmp_path: Path,
) -> None:
    with port_closed_to_browsers(tmp_path) as first:
        with port_closed_to_browsers(tmp_path) as second:
            assert second != first
        with port_closed_to_browsers(tmp_path) as third:
            assert third == second
    with port_closed_to_browsers(tmp_path) as fourth:
        assert fourth == first


def test_a_port_at_which_another_program_listens_is_passed_over(tmp_path: Path) -> None:
    with port_closed_to_browsers(tmp_path) as free:
        pass
    with (
        closing(socket.create_server(("127.0.0.1", free))),
        port_closed_to_browsers(tmp_path) as port,
    ):
        assert port != free


def test_when_all_ports_are_taken_it_is_said_in_one_line(tmp_path: Path) -> None:
    with ExitStack() as stack:
        # Others of this machine may have taken some of them already.
        reserved = (port_closed_to_browsers(tmp_path) for _ in range(100))
        with pytest.raises(EngineError, match="stop one first"):
            deque(map(stack.enter_context, reserved))


def test_what_goes_wrong_while_a_port_is_reserved_is_not_taken_for_a_taken_port(
    tmp_path: Path,
) -> None:
    with pytest.raises(OSError, match="no disk"), port_closed_to_browsers(tmp_path):
        raise OSError("no disk")
