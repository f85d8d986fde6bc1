"""Renditions: answers that were written, kept for as long as what they show stays the same."""

import gzip
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Rendition:
    """Bytes as they were written, and what a Link header says of the pages beside them."""

    body: bytes
    next_url: str = ""
    parts: Sequence[bytes] = ()
    """What stands under addresses of its own beside the body, such as the pages of an index."""

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.body) + sum(map(len, self.parts))

    @cached_property
    def zipped(self) -> bytes:
        """The same, compressed once."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


@dataclass(slots=True)
class Renditions:
    """The renditions that were asked for last, each under its address and in its newest edition."""

    max_bytes: int
    """Of all of them together; the last one is kept whatever it has."""
    max_number: int
    _kept: OrderedDict[str, tuple[str, Rendition]] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def find(self, address: str, edition: str) -> Rendition | None:
        """Give the rendition of an edition, None where it is not kept."""
        kept = self._kept.get(address)
        if kept is None or kept[0] != edition:
            return None
        self._kept.move_to_end(address)
        return kept[1]

    def keep(self, address: str, edition: str, rendition: Rendition) -> Rendition:
        """Keep the rendition of an edition in the place of any other at its address; give it."""
        replaced = self._kept.pop(address, None)
        self._bytes += rendition.size - (replaced[1].size if replaced else 0)
        self._kept[address] = (edition, rendition)
        while len(self._kept) > self.max_number or (
            self._bytes > self.max_bytes and len(self._kept) > 1
        ):
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped.size
        return rendition
