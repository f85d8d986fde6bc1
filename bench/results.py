"""results.md: one section for each bench, with what is needed to measure it again."""

import os
import platform
import re
import statistics
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

HEAD = """# What was measured

Written by `make bench`; a section is replaced when its bench runs again. Ratios compare runs that
alternate within minutes on one machine; absolute times are this machine's. Lower is better.
"""
PACKAGES = (
    "botocore",
    "boto3",
    "aws-lambda-powertools",
    "aws-xray-sdk",
    "awslambdaric",
    "feedgen",
    "feedgenerator",
    "lxml",
    "ministack",
)

RESULTS = Path(__file__).parent / "results.md"

Row = Sequence[object]


def table(head: Row, rows: Iterable[Row]) -> str:
    """Write a Markdown table; numbers stand to the right."""
    written = [[_cell(cell) for cell in row] for row in rows]
    right = [all(_is_number(row[place]) for row in written) for place in range(len(head))]
    lines = [
        [str(cell) for cell in head],
        ["--:" if is_right else "---" for is_right in right],
        *written,
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def median_range(samples: Sequence[float], *, scale: float = 1.0, digits: int = 0) -> str:
    """Write the median of samples with the smallest and the largest."""
    figures = (statistics.median(samples), min(samples), max(samples))
    middle, low, high = (f"{figure * scale:.{digits}f}" for figure in figures)
    return f"{middle} ({low}–{high})"


def verdict(value: float, limit: float) -> str:
    """Say whether a figure is within its target."""
    return "reached" if value <= limit else "not reached"


def figure(section: str, row: str, column: str, path: Path = RESULTS) -> float:
    """Read a figure that another bench has measured out of results.md; of a median, no range.

    Raises LookupError where there is none.
    """
    text = path.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    heads = [line for line in lines if column in line]
    found = [line for line in lines if line[0] == row]
    if not (heads and found):
        raise LookupError(f"results.md has no {column} of {row} in {section}")
    return float(found[0][heads[0].index(column)].partition(" ")[0].replace(",", ""))


def keep(path: Path, name: str, body: str, *, order: Sequence[str]) -> str:
    """Put a bench's section in its place in results.md, with its origin; give the section."""
    return put(path, name, f"{_origin(name)}\n\n{body}", order=order)


def put(path: Path, name: str, body: str, *, order: Sequence[str]) -> str:
    """Put a section in its place in results.md; give the section."""
    text = path.read_text() if path.exists() else ""
    sections = dict(
        re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    )
    sections[name] = f"\n{body.strip()}\n\n"
    text = "\n".join(
        [HEAD, *(f"## {section}\n{sections[section]}" for section in order if section in sections)]
    )
    path.write_text(re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n")
    return f"## {name}\n{sections[name]}"


def _origin(name: str) -> str:
    """Say how, when, on what and with which versions a section was measured."""
    pins = (Path(__file__).parents[1] / "locks" / "bench.txt").read_text()
    found = re.findall(rf"^({'|'.join(PACKAGES)})==([^ ]+)", pins, flags=re.MULTILINE)
    versions = ", ".join(" ".join(pin) for pin in found)
    return (
        f"`make bench ONLY={name}` · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC · "
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()} "
        f"{platform.machine()} · Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    try:
        processors = Path("/proc/cpuinfo").read_text()
    except OSError:
        processors = ""
    model = re.search(r"^model name\s*: (.+)$", processors, flags=re.MULTILINE)
    return model[1] if model else platform.processor()


def _cell(cell: object) -> str:
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)


def _is_number(cell: str) -> bool:
    return re.match(r"[≤<$]? ?\d", cell) is not None
