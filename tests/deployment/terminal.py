"""A command in a terminal of its own, answered as an operator reading docs/deploying.md would."""

import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 180
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PROMPT = re.compile(r"^\s*(?:#.*\n\s*)*(?P<name>[^\n]*?)(?P<default> \[[^\n]*\])?: $")


class Stuck(Exception):  # noqa: N818
    """A prompt refused its answer; the message is the screen."""


def run(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], answers: Mapping[str, str]
) -> tuple[int, str, list[str]]:
    """Run a command to its end; give its exit code, its screen, and the prompts in their order.

    A prompt is answered with what the answers have for the last word of its name (`Parameter X`),
    or for the whole of it, and else with Enter. Raises Stuck.
    """
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        words, cwd=folder, env=dict(environ), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    screen, prompts = "", list[str]()
    deadline = time.monotonic() + SECONDS
    try:
        while (part := _read(ours, deadline)) is not None:
            screen += ESCAPES.sub("", part).replace("\r", "")
            found = PROMPT.match(screen.rpartition("\n")[2])
            if not found:
                continue
            name = found["name"].strip().removeprefix("Parameter ")
            if prompts.count(name) > 1:
                raise Stuck(screen)
            prompts.append(name)
            os.write(ours, f"{answers.get(name, '')}\n".encode())
        return child.wait(SECONDS), screen, prompts
    finally:
        child.kill()
        child.wait()
        os.close(ours)


def _read(terminal: int, deadline: float) -> str | None:
    """Read what is there, waiting for it until the deadline; None at the end."""
    ready, _, _ = select.select([terminal], [], [], max(0, deadline - time.monotonic()))
    if not ready:
        raise Stuck("nothing more was shown")
    try:
        return os.read(terminal, 65536).decode(errors="replace") or None
    except OSError:  # Linux says so when the other end is closed
        return None
