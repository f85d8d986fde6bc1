"""Parsers in JavaScript: feedsmith for feeds, marked for Markdown (package.json)."""

import json
import subprocess
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("read.mjs")
_SECONDS = 120


class UnreadError(Exception):
    """A source that the parsers of a check cannot read; the message says why."""


def parse_feed(text: str) -> tuple[str, dict[str, Any]]:
    """Give a feed's format (rss, rdf, atom, json) and what is in it. Raises UnreadError."""
    parsed = _read("feed", text)
    return parsed["format"], parsed["feed"]


def render_markdown(texts: list[str]) -> list[str]:
    """Write Markdown texts as HTML. Raises UnreadError."""
    rendered: list[str] = _read("markdown", json.dumps(texts))
    return rendered


def _read(kind: str, text: str) -> Any:  # noqa: ANN401  any JSON
    run = subprocess.run(
        ["node", str(_SCRIPT), kind],
        input=text.encode(errors="replace"),
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    if run.returncode:
        lines = [line for line in run.stderr.decode().splitlines() if "Error" in line]
        raise UnreadError(lines[0] if lines else run.stderr.decode()[-200:])
    return json.loads(run.stdout)
