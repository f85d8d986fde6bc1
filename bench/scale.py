"""What counting and its sums take of a large library: time, calls, units and memory by size."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zlib
from collections import defaultdict
from dataclasses import asdict, astuple, dataclass
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from botocore.awsrequest import AWSResponse

from bench.container import most_resident
from bench.dynamodb_rules import item_size
from bench.invocation import FULL_CORE_MB, memory_of
from bench.results import table, verdict
from circulation.aws.sdk import make_session
from circulation.counting.keys import CLOSED, TRAITS, page_bucket
from circulation.counting.sealing import queue_days
from circulation.popularity.memory import Memory
from circulation.popularity.ranking import rank_popular
from circulation.runtime import Container
from circulation.statistics.rebuilding import read_all_standings
from circulation.statistics.rolling_up import RollupMemory, roll_up
from circulation.statistics.rollup import THE_SITE, Rollup
from circulation.times import day_before, days_until, end_of, start_of
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from circulation.settings import Settings

SIZES = ((1_000, 100), (100_000, 10_000))
"""Articles, and how many of them are viewed a day."""
COMPUTED = (1_000_000, 100_000)
TODAY = "2026-11-28"
YESTERDAY = day_before(TODAY)
HISTORY = 30
NOON = start_of(TODAY) + timedelta(hours=12)
HOSTS, COUNTRIES = 6, 4
MEGABYTE = 2**20
LISTED, LISTED_BYTES = '{"sk": {"S": "2026-10-01T00:00:00Z#{id}"}}', 420
"""What is read of an entry of the list of all articles, and the bytes of the whole entry."""
CALL, READ = 0.004, 0.025
"""Seconds of a call, and beside it of each megabyte that a query goes through."""
MEASURED = 1_000
"""Items of an answer that botocore reads."""
LIMIT = 900
"""Seconds that SealDay and RankPopular have."""
FILLED = 0.7
"""The most of a function's memory that may be filled (see memory)."""

ABOUT = f"""\
Libraries of articles that are written straight into tables in memory, a tenth of them viewed each
day, another tenth every day; all their days but today are sealed. The real code reads what is made
up as it is asked for, from JSON, and a process of its own does each step, so that its memory is
known. Computing is its CPU, with the decoding of JSON; what botocore does for an item beside that
stands in a table of its own, and comes on top where it is the client.
Waiting is a bound, as if no two calls were made at the same time: {CALL * 1000:.0f} ms a call, and
{READ * 1000:.0f} ms for each megabyte that a query goes through. What {COMPUTED[0]:,} articles,
{COMPUTED[1]:,} viewed a day, take is computed from both libraries along a line. Targets: each
step of RankPopular and SealDay within {LIMIT} s on the core that its memory gives it, and within
{FILLED:.0%} of its memory.
"""


@dataclass(slots=True)
class Taken:
    """What a step took."""

    cpu: float = 0.0
    megabytes: float = 0.0
    """What queries went through."""
    calls: float = 0.0
    units: float = 0.0
    """Read units."""
    memory: float = 0.0
    """Bytes that the process had at most, beyond what it had before the step."""

    def computed(self, smaller: Taken) -> Taken:
        """Compute what the larger library takes from this one and a smaller one, along a line."""
        factor = (COMPUTED[0] - SIZES[1][0]) / (SIZES[1][0] - SIZES[0][0])
        pairs = zip(astuple(self), astuple(smaller), strict=True)
        return Taken(*(here + factor * (here - there) for here, there in pairs))


class Library(DynamoDB):
    """Tables whose pages, counters and list are made up when they are read."""

    def __init__(self, articles: int, viewed: int, *, closed: str) -> None:
        super().__init__(lambda _: Fate.DONE, lambda *_: None)
        self.ids = [f"article-{number:07}-of-a-usual-slug" for number in range(articles)]
        self.viewed_a_day, self.closed = viewed, closed
        self.taken = Taken()
        self.page, self.wide_size = _written(_page_of("{id}", "{pk}"))
        self.hourly, _ = _written(_page_of("{id}", "{pk}", wide=False))
        self.narrow, _ = _written(_page_of("{id}", "{pk}", wide=False, hourly=False))
        self.days = {
            day: self._by_bucket(place) for place, day in enumerate(days_until(TODAY, HISTORY + 2))
        }

    def _by_bucket(self, place: int) -> dict[str, list[str]]:
        """Divide the articles that are viewed on a day, another part of all every day."""
        first = place * self.viewed_a_day % len(self.ids)
        buckets = defaultdict(list)
        for article in self.ids[first : first + self.viewed_a_day]:
            buckets[page_bucket(article)].append(article)
        return buckets

    def query(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Make up the pages of a day and the list of all articles."""
        partition = request["ExpressionAttributeValues"][":pk"]["S"]
        if partition.startswith("DAY#"):
            _, day, bucket = partition.split("#")
            ids = self.days.get(day, {}).get(bucket, [])
            names = request.get("ExpressionAttributeNames", {}).values()
            text = self.page if not names else self.hourly if "h00" in names else self.narrow
            sealed = ', "sealed": {"BOOL": true}' if day <= self.closed else ""
            return self._page(ids, self.wide_size, request, lambda article: (
                text.replace("{id}", article).replace("{pk}", partition).replace("{more}", sealed)
            ))  # fmt: skip
        if partition == "LIST#all":
            return self._page(self.ids, LISTED_BYTES, request, lambda article: (
                LISTED.replace("{id}", article)
            ))  # fmt: skip
        self.taken.calls += 1
        return super().query(**request)

    def _page(
        self, ids: list[str], size: int, request: Mapping[str, Any], write: Callable[[str], str]
    ) -> dict[str, Any]:
        start = int(request.get("ExclusiveStartKey", {"sk": {"S": "0"}})["sk"]["S"])
        end = start + MEGABYTE // size
        part = ids[start:end]
        began = time.thread_time()
        text = f"[{', '.join(map(write, part))}]"
        self.taken.cpu -= time.thread_time() - began
        units = -(-len(part) * size // 4096) or 1
        self.taken.units += units if request.get("ConsistentRead") else units / 2
        self.taken.megabytes += len(part) * size / MEGABYTE
        self.taken.calls += 1
        last = {"LastEvaluatedKey": {"sk": {"S": str(end)}}} if end < len(ids) else {}
        return {"Items": json.loads(text)} | last

    def batch_get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Make up counters, and months that have the day."""
        ((name, asked),) = request["RequestItems"].items()
        keys = [(key["pk"]["S"], key["sk"]["S"]) for key in asked["Keys"]]
        if not keys[0][0].startswith(("ARTICLE#", "ROLLUP#ARTICLE#")):
            self.taken.calls += 1
            return super().batch_get_item(**request)
        began = time.thread_time()
        write = _counter if keys[0][1] == "COUNT" else _month
        text = f"[{', '.join(write(*key) for key in keys)}]"
        self.taken.cpu -= time.thread_time() - began
        self.taken.calls += 1
        self.taken.units += len(keys) * (1 if asked.get("ConsistentRead") else 0.5)
        return {"Responses": {name: json.loads(text)}, "UnprocessedKeys": {}}

    def get_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Say which day is closed."""
        self.taken.calls += 1
        if request["Key"]["pk"]["S"] == CLOSED["pk"]:
            return {"Item": {"day": {"S": self.closed}}}
        return super().get_item(**request)

    def update_item(self, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        """Write what is small."""
        self.taken.calls += 1
        return super().update_item(**request)


def _written(item: Mapping[str, Any]) -> tuple[str, int]:
    text = json.dumps(item)
    return text.removesuffix("}") + "{more}}", item_size(item)


def _page_of(
    article: str, partition: str, *, wide: bool = True, hourly: bool = True
) -> dict[str, Any]:
    """Make a page as a day of some hundred readers leaves it."""
    numbers = {"views": 312, "visitors": 290} | (
        {f"h{hour:02}": 13 for hour in range(24)} if hourly else {}
    )
    traits = {
        **{f"r#host-number-{number}.example": 31 for number in range(HOSTS)},
        **{f"c#A{number}": 70 for number in range(COUNTRIES)},
        **{f"f#{name}": 100 for name in ("phone", "desktop", "tablet")},
        **{f"s#{name}": 50 for name in ("home", "search", "social", "share")},
        "k#autumn-letter": 20,
    }
    counted = numbers | (traits if wide else {})
    return {
        "pk": {"S": partition},
        "sk": {"S": article},
        **{name: {"N": str(number)} for name, number in counted.items()},
    }


def _counter(partition: str, key: str) -> str:
    """Make a counter that settled days, as publishing and seals leave it."""
    number = zlib.crc32(partition.encode())
    days = ", ".join(f'"{day}"' for day in days_until(YESTERDAY, 3))
    return f"""{{"pk": {{"S": "{partition}"}}, "sk": {{"S": "{key}"}}, "views": {{"N": "{number}"}},
"visitors": {{"N": "{number}"}}, "base": {{"N": "12345"}}, "sealed": {{"SS": [{days}]}},
"horizon": {{"S": "2026-11-13"}}, "title": {{"S": "What became of the harbour bridge {number}"}},
"section": {{"S": "section-{number % 20}"}}, "authors": {{"L": [{{"S": "Author {number % 99}"}}]}},
"tags": {{"L": [{{"S": "tag-{number % 300}"}}, {{"S": "tag-{number % 299}"}}]}},
"published": {{"S": "2026-{1 + number % 9:02}-{1 + number % 28:02}T12:00:00Z"}},
"open": {{"SS": ["{TODAY}"]}}}}"""


def _month(partition: str, month: str) -> str:
    """Make a month of an article, with three days of views."""
    days = {day[-2:]: {"L": [{"N": "312"}, {"N": "290"}]} for day in days_until(YESTERDAY, 3)}
    traits = {f"name-{number}": {"N": "31"} for number in range(4)}
    item = {"days": {"M": days}, **{name: {"M": traits} for name in TRAITS}}
    return json.dumps({"pk": {"S": partition}, "sk": {"S": month}, **item})


class _Names:
    library_table = "Library"


class _Queue:
    def send(self, _day: str, _articles: Sequence[str]) -> None:
        """Take a message."""


class Work:
    """The steps over one library; each is called in a process of its own."""

    def __init__(self, articles: int, viewed: int) -> None:
        self.articles, self.viewed = articles, viewed

    def _store(self, closed: str = YESTERDAY) -> tuple[Library, Container]:
        library = Library(self.articles, self.viewed, closed=closed)
        store = Container(cast("Settings", _Names), cast("Any", library), AT_ONCE)
        for day in days_until(day_before(YESTERDAY), HISTORY - 1):
            now = end_of(day)
            store.rollups.put(THE_SITE, day, Rollup(1, closed=True), as_of=now, clock=now)
        return library, store

    def first_run(self) -> Taken:
        """Let RankPopular run in a container that remembers nothing, and close yesterday."""
        library, store = self._store()
        return _measured(library, lambda: self._rank(store, Memory(), RollupMemory(), 0))

    def next_run(self) -> Taken:
        """Let it run again: most of its runs are such."""
        library, store = self._store()
        memory, rollups = Memory(), RollupMemory()
        self._rank(store, memory, rollups, 0)
        memory.traits = None  # it reads traits, as it does where many views come
        return _measured(library, lambda: self._rank(store, memory, rollups, 30))

    @staticmethod
    def _rank(store: Container, memory: Memory, rollups: RollupMemory, minutes: int) -> None:
        now = NOON + timedelta(minutes=minutes)
        found = rank_popular(store.charts, store.catalogue, store.books, memory, now=now)
        assert found  # noqa: S101  it looked
        roll_up(found, store.rollup_sources, rollups, now=now, clock=now)

    def queue(self) -> Taken:
        """Let SealDay queue a day that is not sealed."""
        library, store = self._store(day_before(YESTERDAY))
        now = start_of(TODAY) + timedelta(minutes=15)
        return _measured(library, lambda: self._queue(store, now, self.viewed))

    def queue_again(self) -> Taken:
        """Let it look at the day again when it is sealed."""
        library, store = self._store(day_before(YESTERDAY))
        library.closed, closed = YESTERDAY, library.closed
        get = library.get_item
        library.get_item = lambda **request: (  # type: ignore[method-assign]
            {"Item": {"day": {"S": closed}}}
            if request["Key"]["pk"]["S"] == CLOSED["pk"]
            else get(**request)
        )
        now = start_of(TODAY) + timedelta(hours=2)
        return _measured(library, lambda: self._queue(store, now, 0))

    @staticmethod
    def _queue(store: Container, now: Any, expected: int) -> None:  # noqa: ANN401
        queued = queue_days(store.books, cast("Any", _Queue()), now=now)
        assert queued == expected, queued  # noqa: S101  a figure of something else is none

    def standings(self) -> Taken:
        """Read what `circulation rebuild` has to know of all articles."""
        library, store = self._store()
        return _measured(
            library, lambda: read_all_standings(store.catalogue.library, store.books.counters)
        )

    def recount(self) -> Taken:
        """List a day's pages, as `circulation recount` does before it counts."""
        library, store = self._store()
        return _measured(library, lambda: list(store.books.day_book.pages(YESTERDAY)))


STEPS = {
    "first_run": ("RankPopular", "RankPopular, the first run of a container, which closes a day"),
    "next_run": ("RankPopular", "RankPopular, the next run, with traits"),
    "queue": ("SealDay", "SealDay, an open day"),
    "queue_again": ("SealDay", "SealDay, the second round"),
    "standings": ("", "circulation rebuild, what it knows of all articles"),
    "recount": ("", "circulation recount, a day's pages"),
}
"""The function that does a step, if there is one, and what the step is."""


def _measured(library: Library, act: Callable[[], object]) -> Taken:
    """Do a step; give what it took."""
    library.taken = Taken()
    before = most_resident()
    started = time.process_time()
    act()
    library.taken.cpu += time.process_time() - started
    library.taken.memory = most_resident() - before
    return library.taken


def take(step: str, articles: int, viewed: int) -> Taken:
    """Do a step in a process of its own."""
    command = [sys.executable, "-m", __name__, step, str(articles), str(viewed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def seconds_of(step: str, taken: Taken) -> float:
    """Give the seconds of a step on the cores of its function, one call after the other."""
    return taken.cpu / min(1.0, memory_of_step(step) / FULL_CORE_MB) + waiting_of(taken)


def waiting_of(taken: Taken) -> float:
    """Give the seconds that calls take, one after the other."""
    return taken.calls * CALL + taken.megabytes * READ


def memory_of_step(step: str) -> int:
    """Give the memory of the function that does a step, in MB; of a person's machine a core's."""
    function, _ = STEPS[step]
    return memory_of(function) if function else FULL_CORE_MB


def row_of(step: str, articles: int, viewed: int, taken: Taken) -> tuple[object, ...]:
    """Write what a step takes of a library, and whether it is within its limits."""
    function, what = STEPS[step]
    seconds = seconds_of(step, taken)
    filled = taken.memory / 2**20 / memory_of_step(step)
    within = verdict(max(seconds / LIMIT, filled / FILLED), 1) if function else ""
    return (
        what, f"{articles:,}, {viewed:,}", f"{taken.cpu:.2f}", f"{taken.calls:,.0f}",
        f"{taken.units:,.0f}", f"{taken.memory / 2**20:,.0f}", f"{waiting_of(taken):.0f}",
        f"{seconds:.0f}", within,
    )  # fmt: skip


def measure() -> str:
    """Write the tables."""
    rows, largest = [], dict[str, Taken]()
    for step in STEPS:
        small, large = (take(step, *size) for size in SIZES)
        largest[step] = large.computed(small)
        sized = zip((*SIZES, COMPUTED), (small, large, largest[step]), strict=True)
        rows += [row_of(step, *size, taken) for size, taken in sized]
    head = ("of", "articles, viewed", "CPU, s", "calls", "read units", "MB", "waiting, s", "s",
            f"≤ {LIMIT} s, {FILLED:.0%}")  # fmt: skip
    return f"{ABOUT}\n{table(head, rows)}\n{_most(largest)}\n{_sdk()}"


def _sdk() -> str:
    """Write what botocore takes for an item of an answer, beside the decoding of its JSON."""
    kinds = {
        "a page's numbers": _page_of("{id}", "{pk}", wide=False, hourly=False),
        "a page with its traits": _page_of("{id}", "{pk}"),
        "a counter": json.loads(_counter("ARTICLE#an-article", "COUNT")),
    }
    rows = [(name, f"{_parsing(item) * 1e6:.0f}") for name, item in kinds.items()]
    return table(("of it botocore takes", "µs an item"), rows)


def _parsing(item: Mapping[str, Any]) -> float:
    """Give the seconds that botocore takes for an item of a query, beside the decoding of JSON."""
    body = json.dumps({"Items": [item] * MEASURED, "Count": MEASURED}).encode()
    made = make_session()
    made.register(
        "before-send.dynamodb", lambda request, **_: AWSResponse(request.url, 200, {}, Body(body))
    )
    key = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    client = made.create_client("dynamodb", "us-east-1", **key)
    query = {
        "TableName": "Library",
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "p"}},
    }
    spent = []
    for _ in range(5):
        started = time.process_time()
        client.query(**query)
        whole = time.process_time() - started
        started = time.process_time()
        json.loads(body)
        spent.append(whole - (time.process_time() - started))
    return min(spent) / MEASURED


class Body(BytesIO):
    """A body as botocore reads it."""

    def stream(self) -> Iterator[bytes]:
        """Give all of it."""
        yield self.read()


def _most(largest: dict[str, Taken]) -> str:
    """Write the most that each function takes of the library that is computed."""
    rows = []
    for function in ("RankPopular", "SealDay"):
        steps = {step: taken for step, taken in largest.items() if STEPS[step][0] == function}
        seconds = max(seconds_of(step, taken) for step, taken in steps.items())
        filled = max(taken.memory / 2**20 / memory_of_step(step) for step, taken in steps.items())
        rows.append((function, f"{seconds:.0f}", f"{100 * filled:.0f}"))
    return table((f"the most of {COMPUTED[0]:,} articles", "seconds", "% of its memory"), rows)


if __name__ == "__main__":
    name, *size = sys.argv[1:]
    work = Work(*map(int, size))
    sys.stdout.write(json.dumps(asdict(getattr(work, name)())) + "\n")
