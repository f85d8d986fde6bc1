"""Renditions: answers that were written, kept for as long as what they show stays the same."""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Sequence
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

    def get(self, address: str, edition: str, write: Callable[[], Rendition]) -> Rendition:
        """Give the rendition of an edition, written if it is not kept."""
        kept = self._kept.pop(address, None)
        if kept:
            self._bytes -= kept[1].size
        rendition = kept[1] if kept and kept[0] == edition else write()
        self._kept[address] = (edition, rendition)
        self._bytes += rendition.size
        while len(self._kept) > self.max_number or (
            self._bytes > self.max_bytes and len(self._kept) > 1
        ):
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped.size
        return rendition
