"""Folders of pages as sites have them, written to a temporary place and read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from circulation.articles.article import read_submission
from circulation.importing.items import SourceDefaults, SourceItem
from circulation.importing.source import read_source

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SITE = SourceDefaults("https://news.example/", "news", ZoneInfo("UTC"), NOW)
UNKNOWN_SITE = SourceDefaults(now=NOW)

MARKDOWN = """---
title: "Clock: a tower"
date: 2025-12-26 11:11:00
categories: [City, Towers]
tags: x, y
author: Ann Writer
url: /city/clock/
---
# One

Two & *three*
"""

TOML = """+++
title = "Clock"
date = 2025-12-26T07:11:00Z
tags = ["x", 3.10]
[params]
author = { name = "Ann Writer" }
+++
import Chart from "./chart"

<Chart of={{ a: 1 }}>Two</Chart> {{< figure src="a.png" >}} {% raw %}{{ x }}{% endraw %}
"""

PAGE = """<!doctype html><html lang="az"><head><title>Clock</title>
<link rel="canonical" href="https://news.example/clock.html">
<meta property="article:published_time" content="2025-12-26T11:11:00+04:00">
<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": "Ann"}}</script>
<meta name="description" content="Short"></head>
<body><nav>menu</nav><article><p>Text</p></article></body></html>"""


def write_site(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files, by their places in the folder, and give the folder."""
    for place, content in files.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read_site(
    folder: Path, files: dict[str, str | bytes], defaults: SourceDefaults = SITE
) -> dict[str, SourceItem]:
    """Write a site and give its items by their places."""
    return {item.where: item for item in read_source(write_site(folder, files), defaults)}


def article_of(item: SourceItem) -> dict[str, Any]:
    """Give an item's article, which the API would take."""
    assert item.article, item.reason
    read_submission(item.article["id"], item.article)
    return item.article


def addresses(items: dict[str, SourceItem]) -> dict[str, str]:
    """Give the address of each article."""
    return {place: article_of(item)["url"] for place, item in items.items() if item.article}


def verdicts(items: dict[str, SourceItem]) -> dict[str, str]:
    """Give what became of each file that is no article."""
    return {place: str(item.verdict) for place, item in items.items() if not item.article}


def page(matter: str = "", body: str = "Text", date: str = "2026-01-31") -> str:
    """Write a Markdown page with a date and other front matter."""
    return f"---\ndate: {date}\n{matter}\n---\n{body}\n"
