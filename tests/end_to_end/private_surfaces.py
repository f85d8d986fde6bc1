"""Everything that a stack shows to everyone, searched for what no one may see.

`python -m tests.end_to_end.private_surfaces` writes the table of private states and surfaces.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from circulation.importing.identity import propose_id, scoped_id
from tests.builders import BROWSER
from tests.end_to_end.private_sources import PUBLIC, Item, Source, write_sources
from tests.end_to_end.stack import Stack, wait_for

WAIT_SECONDS = 60
COMMAND = (sys.executable, "-m", "circulation_cli")
LISTS = {
    "articles": "/articles?limit=100",
    "sections": "/sections",
    "feed.rss": "/feed.rss",
    "feed.atom": "/feed.atom",
    "feed.json": "/feed.json",
    "feeds.opml": "/feeds.opml",
    "sitemap": "/sitemap.xml",
    "news sitemap": "/news-sitemap.xml",
    "popular": "/popular?window=all&limit=100",
    "popular feed": "/popular/feed.json?window=all",
    "front page": "/demo/",
}
"""What lists many articles, to be searched for an item's mark."""
OWN = {
    "its section": "/articles?section={mark}",
    "its section's feed": "/sections/{mark}/feed.rss",
    "its tag's feed": "/tags/{mark}%20tag/feed.json",
    "its author's feed": "/authors/{mark}/feed.atom",
}
"""What would be there because of the item."""
BY_ID = {
    "by id": "/articles/{id}",
    "print page": "/articles/{id}/print",
    "views by id": "/articles/{id}/views",
    "page of views": "/articles/{id}/views.html",
}
"""What is asked for by an id; it must not be found, or not have what is hidden."""
BY_URL = {"by address": "/articles/by-url"}
SURFACES = (*LISTS, *OWN, *BY_ID, *BY_URL, "views by ids", "views by address")


@dataclass(slots=True)
class Site:
    """A stack with every source in it, and what it answers."""

    stack: Stack
    sources: list[Source]
    client: httpx.Client
    outcomes: dict[str, str] = field(default_factory=dict)
    """What the import of each format said, for a failed test."""
    lists: dict[str, str] = field(default_factory=dict)

    def items(self) -> Iterator[Item]:
        for source in self.sources:
            yield from source.items

    def import_all(self) -> None:
        """Import every source as a publisher would, by the command."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = pool.map(self._import, self.sources)
            forms = [source.form for source in self.sources]
            self.outcomes = dict(zip(forms, outcomes, strict=True))

    def _import(self, source: Source) -> str:
        run = subprocess.run(
            [*COMMAND, "import", str(source.path), "--site", source.site, "--json"],
            env=os.environ | {"CIRCULATION_URL": self.stack.url, "CIRCULATION_TOKEN": "t0ken"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return run.stdout + run.stderr

    def open_all(self) -> None:
        """Open every item as a reader would, so that it could become popular."""
        for item in self.items():
            self.client.post("/views", params={"url": item.url})

    def read_lists(self) -> None:
        self.lists = {name: "".join(self._pages(path)) for name, path in LISTS.items()}

    def _pages(self, path: str) -> Iterator[str]:
        url = path
        while url:
            answer = self.client.get(url)
            yield answer.text
            url = answer.links.get("next", {}).get("url", "")

    def leaks(self, item: Item, surface: str) -> int:
        """Count how often a surface shows an item."""
        if surface in LISTS:
            return self.lists[surface].count(item.mark)
        if surface in OWN:
            answer = self.client.get(OWN[surface].format(mark=item.mark))
            if surface == "its section":
                return answer.status_code == 200 and len(answer.json()["articles"])
            return int(answer.status_code == 200)
        return sum(self._finds(item, surface))

    def _finds(self, item: Item, surface: str) -> Iterator[bool]:
        if surface in BY_ID:
            for name in _ids_of(item):
                answer = self.client.get(BY_ID[surface].format(id=name))
                yield (
                    item.mark in answer.text if item.has_hidden_part else answer.status_code != 404
                )
        elif surface in BY_URL:
            for address in item.addresses:
                answer = self.client.get(BY_URL[surface], params={"url": address})
                yield answer.status_code != 404
        elif surface == "views by ids":
            names = _ids_of(item)
            answer = self.client.get("/views", params={"ids": ",".join(names)}).json()
            yield sorted(answer["unknown"]) != sorted(names)
        else:
            for address in item.addresses:
                answer = self.client.get("/views", params={"url": address})
                yield answer.json()["article"] is not None


def _ids_of(item: Item) -> list[str]:
    """Give the ids that the item would have; those of an open page do not have its mark."""
    if item.has_hidden_part:
        return [item.own_id]
    host = item.site.partition("//")[2]
    proposed = [propose_id("", scoped_id(item.url, host), item.url)]
    return [*proposed, item.own_id] if item.form in ("WordPress", "Ghost") else proposed


@contextmanager
def filled(stack: Stack, folder: Path) -> Iterator[Site]:
    """Bring every source into a running stack, read by readers; it is ranked at a new start."""
    headers = {"user-agent": BROWSER}
    with httpx.Client(base_url=stack.url, headers=headers, timeout=30) as client:
        site = Site(stack, list(write_sources(folder)), client)
        site.import_all()
        site.open_all()
        wordpress = next(source.items[0] for source in site.sources if source.form == "WordPress")
        # 99 of the export, and ours.
        wait_for(lambda: stack.views(wordpress.own_id), 100, WAIT_SECONDS)
        stack.stop()
        stack.start()
        popular = LISTS["popular"]
        wait_for(lambda: wordpress.mark in client.get(popular).text, True, WAIT_SECONDS)
        site.read_lists()
        yield site


def table(site: Site) -> str:
    """Write how often each surface shows what is private: a row for each state."""
    lines = [
        f"| format | state | {' | '.join(SURFACES)} |",
        f"| --- | --- |{' --: |' * len(SURFACES)}",
    ]
    total = 0
    for item in site.items():
        if item.state == PUBLIC:
            continue
        counts = {surface: int(site.leaks(item, surface)) for surface in surfaces_of(item)}
        total += sum(counts.values())
        cells = [str(counts.get(surface, "-")) for surface in SURFACES]
        lines.append(f"| {item.form} | {item.state} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"Shown in all: {total}"]) + "\n"


def surfaces_of(item: Item) -> tuple[str, ...]:
    """Give where an item is looked for: of a page for everyone, only its hidden part is private."""
    return (*LISTS, *BY_ID) if item.has_hidden_part else SURFACES


def main() -> None:
    """Fill a stack of its own and write the table."""
    with tempfile.TemporaryDirectory() as temporary:
        local = Stack(Path(temporary) / "state", "--token=t0ken")
        local.start()
        try:
            with filled(local, Path(temporary) / "sources") as site:
                sys.stdout.write(table(site))
        finally:
            local.stop()


if __name__ == "__main__":
    main()
