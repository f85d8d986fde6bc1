"""A local stack of a check's own: started on a temporary state, filled by the command, stopped."""

import json
import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

_TOKEN = "check"  # noqa: S105  of a stack that ends with the check
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_SECONDS = 120
_IMPORT_SECONDS = 1200


class StackError(Exception):
    """The stack could not be started or filled; the message says why."""


@contextmanager
def running_stack(command: str) -> Iterator[str]:
    """Run `circulation serve` on an empty state and give its address; it ends with the block."""
    with tempfile.TemporaryDirectory() as state:
        log = Path(state) / "serve.log"
        options = ["--port", "0", "--state", f"{state}/state", "--token", _TOKEN]
        with log.open("wb") as output:
            server = subprocess.Popen([command, "serve", *options], stdout=output, stderr=output)
        try:
            url = _wait_for(log, server)
            _empty(url)
            yield url
        finally:
            server.terminate()
            server.wait(_SECONDS)


def import_source(
    command: str, url: str, source: Path, site: str
) -> tuple[Counter[str], list[str]]:
    """Import a source and give how many items had which status, and what was said of others."""
    run = subprocess.run(
        [command, "import", str(source), "--site", site, "--json"],
        env=os.environ | {"CIRCULATION_URL": url, "CIRCULATION_TOKEN": _TOKEN},
        capture_output=True,
        text=True,
        timeout=_IMPORT_SECONDS,
        check=False,
    )
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    outcomes = [json.loads(line) for line in lines]
    statuses = Counter(outcome["status"] for outcome in outcomes)
    if run.returncode not in (0, 1) and not outcomes:
        raise StackError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "no answer")
    reasons = [
        f"{outcome['status']}: {outcome['where']}: {outcome['reason']}"
        for outcome in outcomes
        if outcome.get("reason")
    ]
    return statuses, reasons


def _wait_for(log: Path, server: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        text = log.read_text(errors="replace")
        if (found := _ADDRESS.search(text)) and "demo" in text:
            return found[0]
        if server.poll() is not None:
            raise StackError(text.strip()[-500:])
        time.sleep(0.05)
    raise StackError("the stack did not start")


def _empty(url: str) -> None:
    """Unpublish the articles that a new stack shows as a demonstration."""
    with urlopen(f"{url}/articles?limit=100", timeout=_SECONDS) as answer:  # noqa: S310  the stack
        articles = json.load(answer)["articles"]
    for article in articles:
        request = Request(  # noqa: S310  the stack
            f"{url}/articles/{article['id']}",
            method="DELETE",
            headers={"Authorization": f"Bearer {_TOKEN}"},
        )
        urlopen(request, timeout=_SECONDS).close()  # noqa: S310
