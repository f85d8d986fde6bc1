"""A state directory as a running stack has it, without the stack."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from circulation_cli.deployment import LOCK, TOKEN, announce_stack


@contextmanager
def running_on(state: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Leave there how a stack is reached and the token "local-t0ken", and hold its lock."""
    state.mkdir(exist_ok=True)
    (state / TOKEN).write_text("local-t0ken\n")
    with (state / LOCK).open("w") as lock, announce_stack(state, environment):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
