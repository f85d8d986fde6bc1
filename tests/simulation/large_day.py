"""A large article-day whose seal is cut off, doubled and lost: the real recount in parts.

Its ledger has lines in 16 partitions, of which some are large. Jobs of the seal queue come in any
order, twice, beside themselves, and are broken off at any call; time passes, and lines may expire
meanwhile. At the end the faults cease, and what is left is done. All follows from a seed.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.attribute_values import encoded
from circulation.counting.keys import BUCKETS, count_key, ledger_partition
from circulation.counting.ledger import KEEP
from circulation.counting.recounting import QueuedRecount
from circulation.counting.seal_queue import PartitionJob, PortionJob
from circulation.counting.sealing import SEAL_AFTER, queue_days
from circulation.counting.sealing_jobs import do_job
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.times import day_before, end_of, milliseconds, start_of
from tests.builders import NOW, TODAY, article, line
from tests.simulation.dynamodb import ATTEMPTS, DynamoDB, Fate

LARGE = 8
CHECKPOINTS = (1, 3, 4)
"""Lines between two checkpoints, of versions that run beside each other."""
ARTICLE = "harbour-clock"
EXPIRES = start_of(TODAY) + KEEP
LATE = EXPIRES - timedelta(minutes=80)
"""When lines are all there, and some will have expired before a recount that begins is done."""
Job = PortionJob | PartitionJob


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of what can fails, as chances between 0 and 1."""

    failing: float = 0.05
    """Of all calls: broken off before, or done with the answer lost."""
    twin: float = 0.08
    """Of all calls: another job, or the same, is done before it."""
    lost: float = 0.2
    """Of all jobs that fail: they go to the dead letters."""
    late: float = 0.1
    """How often time is found to be short."""
    expiring: bool = False
    """Lines expire while they are recounted; all of them were tallied."""


class LargeDay:
    def __init__(self, seed: int, settings: Settings, plan: Plan) -> None:
        self.broken: list[str] = []
        self.checkpoints = 0
        self._dice = random.Random(seed)  # noqa: S311  chance that can be repeated
        self._plan = plan
        self._faulty, self._passing, self._losing, self._depth = False, False, 0, 0
        self._jobs: list[Job] = []
        self._doing: list[Job] = []
        self._dynamodb = DynamoDB(self._fate, self._written)
        self._settings, self._library = settings, settings.library_table
        self._store = Container(settings, cast("Any", self._dynamodb))
        self._store.seal_queue = cast("Any", self)
        self._now = LATE if plan.expiring else end_of(TODAY) + SEAL_AFTER
        self._fill()

    def _fill(self) -> None:
        publish(Submission(article(ARTICLE)), self._store.catalogue, self._store.books, now=NOW)
        self._store.books.day_book.close(day_before(TODAY))
        self._store.books.day_book.open(ARTICLE, TODAY)
        self._views = self._visitors = 0
        self._hours: Counter[int] = Counter()
        for bucket in BUCKETS:
            for number in range(self._dice.choice([0, 1, 2, 3, 7, 8, 9, 20])):
                self._enter(bucket, number)
        share = 1 if self._plan.expiring else self._dice.choice([0, self._dice.random(), 1])
        self._tallied = round(self._views * share)
        if self._tallied:
            lines = [line(number, ARTICLE) for number in range(1, self._tallied + 1)]
            tally(Batch("s", lines), self._store.books)

    def _enter(self, bucket: str, number: int) -> None:
        at = start_of(TODAY) + timedelta(seconds=self._dice.randrange(86_400))
        views, anonymous = self._dice.choice([1, 1, 1, 2, 5]), self._dice.random() < 0.1
        told = {"n": views, "at": milliseconds(at), "a": anonymous or None}
        key = {"pk": ledger_partition(ARTICLE, TODAY, bucket), "sk": f"{bucket}{number:03}"}
        self._dynamodb.put(self._settings.ledger_table, encoded(key | told))
        self._views += views
        self._visitors += not anonymous
        self._hours[at.hour] += views

    def send(self, day: str, articles: Sequence[str]) -> None:
        """Stand in for the seal queue."""
        self._jobs.append(PortionJob(day, articles))

    def send_partition(self, job: PartitionJob) -> None:
        self._jobs.append(job)

    def run(self) -> "LargeDay":
        self._faulty = True
        for _ in range(3):
            self._queue()
            for _ in range(60):
                self._do_some()
        self._faulty = False
        self._jobs.clear()  # they lie with the dead letters
        for _ in range(2):
            self._queue()
            while self._jobs:
                self._do_some()
        self._judge()
        return self

    def _queue(self) -> None:
        for _ in range(9):
            try:
                queue_days(self._store.books, self._store.seal_queue, now=self._now)
            except StoreUnavailable:
                continue
            return

    def _do_some(self) -> None:
        """Do a job; one that fails comes again, and so do some that do not."""
        if not self._jobs:
            return
        job = self._jobs.pop(self._dice.randrange(len(self._jobs)))
        if self._faulty and self._dice.random() < 0.15:
            self._jobs.append(job)
        if not self._do(job) and self._dice.random() >= self._plan.lost:
            self._jobs.append(job)
        self._pass(minutes=5)

    def _do(self, job: Job) -> bool:
        store = Container(self._settings, cast("Any", self._dynamodb))
        recounter = QueuedRecount(
            store.ledger,
            store.recounts,
            cast("Any", self),
            self._is_late,
            LARGE,
            self._dice.choice(CHECKPOINTS),
        )
        self._doing.append(job)
        try:
            list(do_job(job, store.books, recounter, clock=lambda: self._now))
        except StoreUnavailable:
            return False
        finally:
            self._doing.pop()
        return True

    def _is_late(self) -> bool:
        return self._faulty and self._dice.random() < self._plan.late

    def _pass(self, *, minutes: float) -> None:
        """Let some time pass; what has expired is deleted, some of it sooner than the rest."""
        if not self._plan.expiring:
            return
        self._now += timedelta(minutes=minutes * self._dice.random())
        if self._now < EXPIRES:
            return
        self._passing = True
        for table, kind in ((self._settings.ledger_table, ARTICLE), (self._library, "RECOUNT")):
            for pk, sk in [*self._dynamodb.tables.get(table, ())]:
                if pk.startswith(f"{kind}#") and self._dice.random() < 0.02:
                    key = {"pk": {"S": pk}, "sk": {"S": sk}}
                    self._dynamodb.delete_item(TableName=table, Key=key)
        self._passing = False

    def _fate(self, _name: str) -> Fate:
        if self._losing:
            self._losing -= 1
            return Fate.LOST
        if not self._faulty or self._passing:
            return Fate.DONE
        self._pass(minutes=0.2)
        if self._dice.random() < self._plan.twin and self._depth < 3 and self._doing:
            self._depth += 1
            if self._dice.random() < 0.5:
                self._do(self._doing[-1])
            else:
                self._do_some()
            self._depth -= 1
        chance = self._dice.random()
        if chance < self._plan.failing / 2:
            raise StoreUnavailable("before it was done")
        if chance < self._plan.failing:
            self._losing = ATTEMPTS - 1
            return Fate.LOST
        return Fate.DONE

    def _written(self, _table: str, key: tuple[str, str], *_: object) -> None:
        self.checkpoints += key[0].startswith("RECOUNT#")

    def _judge(self) -> None:
        page = self._store.books.day_book.page(ARTICLE, TODAY)
        true = (self._views, self._visitors)
        found = (page.count.views, page.count.visitors)
        if not page.sealed:
            self.broken.append("it was never sealed")
        if self._plan.expiring and not self._tallied <= page.count.views <= self._views:
            self.broken.append(f"of {self._tallied} tallied views {page.count.views} are left")
        if not self._plan.expiring and found != true:
            self.broken.append(f"{found} views and visitors were recounted of {true}")
        if sum(page.count.hours.values()) != page.count.views:
            self.broken.append("its hours do not add up")
        if (
            not self._plan.expiring
            and self._tallied < self._views
            and page.count.hours != dict(self._hours)
        ):
            self.broken.append("its hours are not those of the lines")
        count = self._store.library_table.get(count_key(ARTICLE)) or {}
        if count.get("views", 0) != page.count.views:
            self.broken.append(f"{count.get('views')} of {page.count.views} views were settled")
