"""The ledger's stream: shards that split, of which the tally gets pieces, as often as it may be."""

import random
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.expressions import Item

SLOTS = 64
"""Of the hash ring that the shards divide among them."""
RETENTION = timedelta(hours=24)
"""How long a record can be read (DynamoDB Developer Guide: Change data capture)."""
ZOMBIE = 30
"""Records before the next one that a given-up call may still hand in, at most."""

Record = dict[str, Any]


@dataclass(slots=True)
class Shard:
    """A part of the stream: what changed in some of the ledger's partitions, in order."""

    name: str
    slots: frozenset[int]
    parent: "Shard | None" = None
    records: list[Record] = field(default_factory=list)
    written: list[datetime] = field(default_factory=list)
    first: int = 0
    """The oldest record that can still be read."""
    done: list[int] = field(default_factory=lambda: [0])
    """How far each lane is delivered; one lane, or more with a ParallelizationFactor above 1."""

    def is_drained(self) -> bool:
        return all(done == len(self.records) for done in self.done)


@dataclass(slots=True)
class Piece:
    """Records of a shard as one call of the tally gets them."""

    shard: Shard
    lane: int
    start: int
    end: int

    def event(self) -> dict[str, Any]:
        lanes = len(self.shard.done)
        records = [
            record
            for record in self.shard.records[self.start : self.end]
            if lanes == 1 or hash_slot(record["dynamodb"]["Keys"]["pk"]["S"]) % lanes == self.lane
        ]
        return {"Records": records, "shardId": self.shard.name, "state": {}}

    def finish(self) -> None:
        self.shard.done[self.lane] = max(self.shard.done[self.lane], self.end)


class Stream:
    """The shards, open and closed; the sequence numbers grow by a digit on the way."""

    def __init__(
        self, dice: random.Random, *, records: int, sizes: Sequence[int], lanes: int = 1
    ) -> None:
        """Begin with two shards; records is about how many there will be, sizes those of pieces."""
        self._dice = dice
        self._sequence = 10**12 - records // 2
        self._sizes = sizes
        self._lanes = lanes
        self.shards = [self._shard(f"{half}", range(half, SLOTS, 2)) for half in range(2)]
        self._open = list(self.shards)

    def append(
        self, partition: str, sort: str, before: Item | None, after: Item, *, at: datetime
    ) -> None:
        """Take a change of the ledger."""
        slot = hash_slot(partition)
        (shard,) = (shard for shard in self._open if slot in shard.slots)
        self._sequence += 1
        shard.written.append(at)
        shard.records.append(
            {
                "eventName": "MODIFY" if before else "INSERT",
                "dynamodb": {
                    "Keys": {"pk": {"S": partition}, "sk": {"S": sort}},
                    "NewImage": after,
                    "SequenceNumber": str(self._sequence),
                },
            }
        )

    def split(self) -> None:
        """Close an open shard; its children go on, and are read once it is drained."""
        parent = max(self._open, key=lambda shard: len(shard.slots))
        self._open.remove(parent)
        ordered = sorted(parent.slots)
        for half in (ordered[: len(ordered) // 2], ordered[len(ordered) // 2 :]):
            child = self._shard(f"{parent.name}/{half[0]}", half, parent)
            self.shards.append(child)
            self._open.append(child)

    def piece(self) -> Piece | None:
        """Cut a piece as the mapping does: from the next record, or before it by a zombie."""
        waiting = list(self._waiting())
        if not waiting:
            return None
        shard = self._dice.choice(waiting)
        lane = self._dice.randrange(self._lanes)
        start = done = shard.done[lane]
        if self._dice.random() < 0.1:
            start = max(shard.first, done - self._dice.randrange(ZOMBIE))
        end = min(len(shard.records), max(start + 1, done + self._dice.choice(self._sizes)))
        return Piece(shard, lane, start, end)

    def rests(self) -> Iterator[Piece]:
        """Give all that is not done, parents first."""
        for shard in self.shards:
            for lane, done in enumerate(shard.done):
                if done < len(shard.records):
                    yield Piece(shard, lane, done, len(shard.records))

    def forget(self, before: datetime) -> list[Record]:
        """Drop the records from before a time; give those that were never done."""
        lost: list[Record] = []
        for shard in self.shards:
            old = bisect_left(shard.written, before)
            lost += shard.records[min(shard.done) : old]
            shard.first, shard.done = old, [max(done, old) for done in shard.done]
        return lost

    def _shard(self, name: str, slots: Iterable[int], parent: Shard | None = None) -> Shard:
        return Shard(name, frozenset(slots), parent, done=[0] * self._lanes)

    def _waiting(self) -> Iterator[Shard]:
        for shard in self.shards:
            if not shard.is_drained() and (shard.parent is None or shard.parent.is_drained()):
                yield shard


def hash_slot(partition: str) -> int:
    """Place a ledger partition on the ring, the same in every run."""
    return zlib.crc32(partition.encode()) % SLOTS
