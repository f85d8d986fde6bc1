"""Read archives that a test writes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from circulation.articles.article import read_submission
from circulation.importing.items import SourceDefaults, SourceItem, Verdict
from circulation.importing.source import read_source

GROUND = SourceDefaults(
    "https://news.example/", "news", ZoneInfo("Asia/Baku"), datetime(2026, 1, 2, tzinfo=UTC)
)


def read(path: Path, content: str | bytes, defaults: SourceDefaults = GROUND) -> list[SourceItem]:
    """Write a file and read it as a source."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_source(path, defaults))


def articles(items: list[SourceItem]) -> list[dict[str, Any]]:
    """Give the articles among a source's items, each of them valid."""
    found = [item.article for item in items if item.article]
    for article in found:
        read_submission(article["id"], article)
    return found


def others(items: list[SourceItem]) -> list[tuple[str, Verdict]]:
    """Give what is no article, with its verdict."""
    return [(item.where, item.verdict) for item in items if not item.article]
