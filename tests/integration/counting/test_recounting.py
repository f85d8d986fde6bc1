"""A large article-day is recounted in parts, each from where it stopped."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from circulation.aws.attribute_values import encoded
from circulation.counting.counts import DayCount
from circulation.counting.keys import BUCKETS, ledger_partition, page_bucket, recount_key
from circulation.counting.ledger import KEEP, Ledger
from circulation.counting.line_sums import LineSum
from circulation.counting.recounting import QueuedRecount, ResumableRecount, recount_partition
from circulation.counting.seal_queue import PartitionJob, PortionJob
from circulation.counting.sealing import SEAL_AFTER, Sealed, seal
from circulation.counting.sealing_jobs import do_job
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.times import end_of, milliseconds, start_of
from tests.builders import NOW, TODAY, publish_all

ARTICLE = "harbour-clock"
LARGE, CHECKPOINT, LINES = 5, 2, 7
AFTER = end_of(TODAY) + SEAL_AFTER
TRUE = DayCount(LINES * len(BUCKETS), LINES * len(BUCKETS), {NOW.hour: LINES * len(BUCKETS)})
JOB = PartitionJob(TODAY, ARTICLE, "3")


class Queue:
    """Stands in for the seal queue, and for time that is short or not."""

    def __init__(self) -> None:
        self.jobs: list[PortionJob | PartitionJob] = []
        self.late = False

    def send(self, day: str, articles: list[str]) -> None:
        self.jobs.append(PortionJob(day, articles))

    def send_partition(self, job: PartitionJob) -> None:
        self.jobs.append(job)

    def take(self) -> list[PortionJob | PartitionJob]:
        taken, self.jobs = self.jobs, []
        return taken


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def day(store: Container) -> Container:
    """A day on which an article had more visitors in each partition than are recounted at once."""
    publish_all(store, ARTICLE)
    store.books.day_book.open(ARTICLE, TODAY)
    for bucket in BUCKETS:
        for number in range(LINES):
            enter(store, bucket, number)
    return store


def enter(store: Container, bucket: str, number: int, article: str = ARTICLE) -> None:
    key = {"pk": ledger_partition(article, TODAY, bucket), "sk": f"{bucket}{number}"}
    line = key | {"n": 1, "at": milliseconds(NOW)}
    store.client.put_item(TableName=store.settings.ledger_table, Item=encoded(line))


def recounter(store: Container, queue: Queue) -> QueuedRecount:
    seal_queue = cast("Any", queue)
    return QueuedRecount(
        store.ledger, store.recounts, seal_queue, lambda: queue.late, LARGE, CHECKPOINT
    )


def done(
    job: PortionJob | PartitionJob, store: Container, queue: Queue, *, now: datetime = AFTER
) -> list[Sealed]:
    return list(do_job(job, store.books, recounter(store, queue), clock=lambda: now))


def final(store: Container) -> DayCount | None:
    page = store.books.day_book.page(ARTICLE, TODAY)
    return page.count if page.sealed else None


def test_a_large_article_is_sealed_by_whoever_finishes_the_last_of_16_parts(
    day: Container, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done(PortionJob(TODAY, [ARTICLE]), day, queue) == []
    jobs = queue.take()
    assert jobs == [PartitionJob(TODAY, ARTICLE, bucket) for bucket in BUCKETS]
    for job in jobs[:-1]:
        assert done(job, day, queue) == []
        assert final(day) is None
    (sealed,) = done(jobs[-1], day, queue)
    assert (sealed.drift.recounted, sealed.complete) == (TRUE.views, True)
    assert final(day) == TRUE
    assert day.books.count(ARTICLE).views == TRUE.views
    assert queue.take() == []
    monkeypatch.setattr(Ledger, "sum_lines", lambda *_, **__: pytest.fail("recounted again"))
    for job in (jobs[0], PortionJob(TODAY, [ARTICLE])):  # they may come again
        assert [sealed.again for sealed in done(job, day, queue)] == [True]
    assert day.books.count(ARTICLE).views == TRUE.views


def test_only_what_is_not_done_is_queued_again(day: Container, queue: Queue) -> None:
    done(PortionJob(TODAY, [ARTICLE]), day, queue)
    jobs = queue.take()
    for job in jobs[:9]:
        done(job, day, queue)
    done(PortionJob(TODAY, [ARTICLE]), day, queue)
    assert queue.take() == jobs[9:]
    for job in jobs[9:-1]:
        done(job, day, queue)
    recounter(day, queue).work_off(cast("PartitionJob", jobs[-1]))  # and it died before the seal
    assert [sealed.again for sealed in done(PortionJob(TODAY, [ARTICLE]), day, queue)] == [False]
    assert final(day) == TRUE


def test_an_article_that_is_not_large_is_recounted_at_once_and_leaves_nothing(
    store: Container, queue: Queue
) -> None:
    publish_all(store, ARTICLE)
    store.books.day_book.open(ARTICLE, TODAY)
    for bucket in BUCKETS:
        for number in range(LARGE - 1):
            enter(store, bucket, number)
    (sealed,) = done(PortionJob(TODAY, [ARTICLE]), store, queue)
    assert sealed.drift.recounted == 16 * (LARGE - 1)
    assert set(store.recounts.all_reached(ARTICLE, TODAY).values()) == {LineSum()}


def test_one_large_partition_makes_an_article_large(store: Container, queue: Queue) -> None:
    store.books.day_book.open(ARTICLE, TODAY)
    for number in range(LARGE):
        enter(store, "f", number)
    assert done(PortionJob(TODAY, [ARTICLE]), store, queue) == []
    assert len(queue.take()) == 16


def test_when_time_is_short_the_rest_is_queued_and_goes_on_from_there(
    day: Container, queue: Queue
) -> None:
    queue.late = True
    for reached in (2, 4, 6):
        assert done(JOB, day, queue) == []
        assert day.recounts.reached(ARTICLE, TODAY, "3").views == reached
        assert queue.take() == [JOB]
    assert done(JOB, day, queue) == []
    assert day.recounts.reached(ARTICLE, TODAY, "3").done
    assert queue.take() == []
    portion = PortionJob(TODAY, [ARTICLE, "other"])
    day.books.day_book.open("other", TODAY)
    assert done(portion, day, queue) == []
    waiting = [job.articles for job in queue.take() if isinstance(job, PortionJob)]
    assert sorted(waiting, key=str) == [[ARTICLE], ["other"]]


def test_of_a_day_that_is_not_over_nothing_is_noted(day: Container, queue: Queue) -> None:
    """Its lines still change, so that a sum over some of them would be none of the final ones."""
    for job in (JOB, PortionJob(TODAY, [ARTICLE])):
        with pytest.raises(ValueError, match="not over"):
            done(job, day, queue, now=AFTER - timedelta(seconds=1))
    assert day.recounts.reached(ARTICLE, TODAY, "3") == LineSum()


def item(store: Container) -> dict[str, Any]:
    return store.library_table.get(recount_key(ARTICLE, TODAY, "3")) or {}


def test_a_checkpoint_has_its_sums_and_their_last_line_and_expires_with_the_lines(
    day: Container, queue: Queue
) -> None:
    queue.late = True
    done(JOB, day, queue)
    hours = [2 * (hour == NOW.hour) for hour in range(24)]
    expires = int((start_of(TODAY) + KEEP).timestamp())
    sums = {"views": 2, "visitors": 2, "hours": hours, "ttl": expires}
    key = {"pk": f"RECOUNT#{TODAY}#{page_bucket(ARTICLE)}", "sk": f"{ARTICLE}#3"}
    assert item(day) == key | sums | {"next": "31"}
    queue.late = False
    done(JOB, day, queue)
    assert {"done", "next"} & item(day).keys() == {"done"}
    assert item(day)["views"] == LINES


@pytest.mark.parametrize("done_before", [False, True])
def test_who_is_behind_changes_nothing_and_goes_on_from_where_the_other_is(
    day: Container, done_before: bool
) -> None:
    further = LineSum(6, 6, (6,) + (0,) * 23, "" if done_before else "35", done_before)
    assert day.recounts.advance(ARTICLE, TODAY, "3", further) == further
    for behind in (LineSum(2, 2, (2,) + (0,) * 23, "31"), further):
        assert day.recounts.advance(ARTICLE, TODAY, "3", behind) == further
    assert day.recounts.reached(ARTICLE, TODAY, "3") == further
    if not done_before:
        finished = LineSum(7, 7, (7,) + (0,) * 23, "36", done=True)
        assert day.recounts.advance(ARTICLE, TODAY, "3", finished) == finished
        assert day.recounts.reached(ARTICLE, TODAY, "3").done


def test_a_twin_that_is_further_is_followed(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[str] = []
    sum_lines = day.ledger.sum_lines

    def note(*where: str, since: LineSum, at_most: int) -> LineSum:
        starts.append(since.last)
        summed = sum_lines(*where, since=since, at_most=at_most)
        if not since.last:
            twin = sum_lines(*where, since=since, at_most=6)
            day.recounts.advance(ARTICLE, TODAY, "3", twin)
        return summed

    monkeypatch.setattr(day.ledger, "sum_lines", note)
    reached = recount_partition(
        JOB, day.ledger, day.recounts, is_late=lambda: False, checkpoint=CHECKPOINT
    )
    assert starts == ["", "35"]
    assert (reached.views, reached.done) == (LINES, True)


class Interrupted(BaseException):
    """Like KeyboardInterrupt."""


def test_a_recount_by_hand_takes_up_where_it_was_interrupted(
    day: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[str] = Counter()
    first = True
    table, query = day.ledger_table, day.ledger_table.query

    def counting(partition: str, **how: Any) -> Iterator[dict[str, Any]]:
        for line in query(partition, **how):
            read[partition[-1]] += 1
            yield line
        if read["9"] == 4 and first:
            raise Interrupted

    monkeypatch.setattr(table, "query", counting)
    by_hand = ResumableRecount(day.ledger, day.recounts, lambda: AFTER, LARGE, CHECKPOINT)
    with pytest.raises(Interrupted):
        by_hand.recount(ARTICLE, TODAY)
    assert day.recounts.reached(ARTICLE, TODAY, "9").views == 2
    read.clear()
    first = False
    sealed = seal(ARTICLE, TODAY, day.books, by_hand, now=AFTER, closed="")
    assert sealed
    assert sealed.drift.recounted == TRUE.views
    assert final(day) == TRUE
    small = {"0": LARGE}  # that it is large is found anew
    assert read == small | {"9": 5} | dict.fromkeys("abcdef", LINES)


@pytest.mark.parametrize("hours", [0, 70])
def test_whether_lines_expired_is_asked_when_a_recount_by_hand_is_done(
    day: Container, hours: int
) -> None:
    """It may take hours, of which the seal that began it knows nothing."""
    ends = AFTER + timedelta(hours=hours + 1)
    by_hand = ResumableRecount(day.ledger, day.recounts, lambda: ends, LARGE, CHECKPOINT)
    sealed = seal(ARTICLE, TODAY, day.books, by_hand, now=AFTER, closed="")
    assert sealed
    assert sealed.complete is (hours == 0)


@pytest.mark.parametrize("article", [ARTICLE, "other"])
def test_an_article_whose_recount_fails_does_not_stop_the_portion(
    day: Container, queue: Queue, monkeypatch: pytest.MonkeyPatch, article: str
) -> None:
    day.books.day_book.open("other", TODAY)
    sum_lines = Ledger.sum_lines

    def fail(ledger: Ledger, name: str, *where: str, **how: Any) -> LineSum:
        if name == article:
            raise StoreUnavailable("throttled")
        return sum_lines(ledger, name, *where, **how)

    monkeypatch.setattr(Ledger, "sum_lines", fail)
    with pytest.raises(StoreUnavailable):
        done(PortionJob(TODAY, [ARTICLE, "other"]), day, queue)
    assert len(queue.take()) == (0 if article == ARTICLE else 16)
    assert day.books.day_book.page("other", TODAY).sealed is (article == ARTICLE)
