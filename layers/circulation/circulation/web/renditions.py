"""Renditions: answers that were written, kept for as long as what they show stays the same."""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

MAX_BYTES = 48 * 1024 * 1024
"""A container has 512 MB, of which the code takes a fifth."""
MAX_RENDITIONS = 500


@dataclass(frozen=True)
class Rendition:
    """Bytes as they were written, and what a Link header says of the pages beside them."""

    body: bytes
    next_url: str = ""

    @cached_property
    def zipped(self) -> bytes:
        """The same, compressed once."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


@dataclass(slots=True)
class Renditions:
    """The renditions that were asked for last, each under its address and in its newest edition."""

    _kept: OrderedDict[str, tuple[str, Rendition]] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def get(self, address: str, edition: str, write: Callable[[], Rendition]) -> Rendition:
        """Give the rendition of an edition, written if it is not kept."""
        kept = self._kept.pop(address, None)
        if kept:
            self._bytes -= len(kept[1].body)
        rendition = kept[1] if kept and kept[0] == edition else write()
        self._kept[address] = (edition, rendition)
        self._bytes += len(rendition.body)
        while len(self._kept) > MAX_RENDITIONS or (self._bytes > MAX_BYTES and len(self._kept) > 1):
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= len(dropped.body)
        return rendition
