"""Renditions: answers that are cached for as long as what they show stays the same."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Rendition:
    """The bytes of an answer, and the address of the next page."""

    body: bytes
    next_url: str = ""

    @property
    def size(self) -> int:
        """The number of bytes, uncompressed."""
        return len(self.body)

    @cached_property
    def zipped(self) -> bytes:
        """The body in gzip, compressed once."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


@dataclass(slots=True)
class Renditions:
    """A cache of the last used renditions, each by its address and in its newest edition."""

    max_bytes: int
    """Of all of them together; the last one is cached whatever its size."""
    max_number: int
    _by_address: OrderedDict[str, tuple[str, Rendition]] = field(default_factory=OrderedDict)
    _bytes: int = 0

    def __len__(self) -> int:
        return len(self._by_address)

    def find(self, address: str, edition: str) -> Rendition | None:
        """Find the rendition of an edition; None if it is not cached."""
        stored = self._by_address.get(address)
        if stored is None or stored[0] != edition:
            return None
        self._by_address.move_to_end(address)
        return stored[1]

    def keep(self, address: str, edition: str, rendition: Rendition) -> Rendition:
        """Cache and give back the rendition of an edition, instead of the last at its address."""
        replaced = self._by_address.pop(address, None)
        self._bytes += rendition.size - (replaced[1].size if replaced else 0)
        self._by_address[address] = (edition, rendition)
        while len(self._by_address) > self.max_number or (
            self._bytes > self.max_bytes and len(self._by_address) > 1
        ):
            _, (_, dropped) = self._by_address.popitem(last=False)
            self._bytes -= dropped.size
        return rendition
