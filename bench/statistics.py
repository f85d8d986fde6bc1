"""The page of statistics: what a view of it reads from small and large libraries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bench import deployment
from bench.results import table, verdict
from circulation.access.grant import Extent
from circulation.access.share import Share
from circulation.access.tokens import sha256_of
from circulation.articles.article import read_submission
from circulation.articles.publishing import publish_all
from circulation.aws.attribute_values import encoded
from circulation.counting.breakdown import MAX_HOSTS, Breakdown
from circulation.counting.keys import page_key
from circulation.counting.tally import Batch, LedgerLine, mark_of
from circulation.counting.traits import COUNTRIES, FORM_FACTORS, Source, Traits
from circulation.popularity.periods import Period
from circulation.popularity.top import top_of_day
from circulation.runtime import Container
from circulation.settings import Settings
from circulation.statistics.article_month import ArticleDay, month_of_days
from circulation.statistics.live_views import LiveViews
from circulation.statistics.rollup import THE_SITE, Rollup, Subject, SubjectKind
from circulation.statistics.summing import MAX_NAMED, MAX_TOP, sum_days
from circulation.times import day_of, days_until, format_time, milliseconds
from circulation.web.request import request_of_event
from circulation.web.statistics_access import admit
from circulation.web.statistics_pages import answer_page
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circulation.popularity.windows import Ranking

SIZES = (100, 10_000, 100_000)
NOW = datetime(2026, 11, 27, 8, 20, tzinfo=UTC)
TODAY = day_of(NOW)
CLOSED = "2026-11-24"
"""The last day that the running month has; those after it are open, one seal is late."""
DAYS, YEARS = 400, 6
"""UTC days and years that have roll-ups."""
LISTED = 500
"""Articles that are stored with a counter and pages: those that a list may name."""
PAGE_HOSTS, PAGE_COUNTRIES = 40, 20
"""Names on the page of a much read article's day."""
SHARDS = 4
MAX_UNITS, MAX_CALLS = 120, 8
KEY = "a-share-key"
FIRST = "article-00000-of-a-usual-slug"

PAGES = {
    "today": {},
    "yesterday": {"date": "2026-11-26"},
    "a week": {"period": "week"},
    "two weeks beside a year before": {
        "from": "2026-11-14", "to": "2026-11-27", "compare": "year",
    },
    "a month": {"period": "month", "date": "2026-10-01"},
    "a year": {"period": "year", "date": "2025-01-01"},
    "two years": {"from": "2024-12-01", "to": "2026-11-27"},
    "five years": {"period": "range", "from": "2021-12-01", "to": "2026-11-27"},
    "a section today": {"section": "section-0"},
    "a section's month": {"section": "section-0", "period": "month", "date": "2026-10-01"},
    "a section's two months": {
        "section": "section-0", "period": "range", "from": "2026-10-01", "to": "2026-11-27",
    },
    "an article": {"article": FIRST},
    "an article's month": {"article": FIRST, "period": "month", "date": "2026-10-01"},
    "an article's five years": {
        "article": FIRST, "period": "range", "from": "2021-12-01", "to": "2026-11-27",
    },
}  # fmt: skip
"""What is asked for, by its name."""

ABOUT = f"""\
A view of the page by a share link, in a container that has read nothing: the units of its reads, as
DynamoDB bills them, and its calls, on tables in memory. Sections, authors, tags, hosts and tops are
as many as so many articles fill, up to the bounds of a roll-up; {DAYS} days and {YEARS} years are
rolled up, the last half hour has {SHARDS} shards. Written straight into the tables are what a view
may read, so that articles which no list names are in sums alone. Targets: ≤ {MAX_UNITS} units, ≤
{MAX_CALLS} calls, whatever the number of articles.
"""


class Reading(NamedTuple):
    """What one view of the page takes."""

    units: float
    calls: int


class _Library:
    """The tables of a site with a number of articles, all of which are read every day."""

    def __init__(self, articles: int) -> None:
        self.dynamodb = DynamoDB(lambda _: Fate.DONE, lambda *_: None, metered=True)
        self._articles = articles
        self.ids = [f"article-{number:05}-of-a-usual-slug" for number in range(articles)]
        self.store = self.container()
        self._publish()
        self._write_rollups()
        self._write_pages()
        self._write_live()
        link = Share("bench", sha256_of(KEY), Extent.SITE, "", NOW, NOW + timedelta(days=1))
        self.store.shares.add(link, now=NOW)

    def container(self) -> Container:
        """Make a container that has read nothing."""
        settings = Settings(deployment.template().environment(deployment.QUEUES))
        client = cast("Any", self.dynamodb)
        return Container(settings, client, AT_ONCE, tokens_client=client)

    def view(self, query: dict[str, str]) -> Reading:
        """View the page once."""
        runtime = self.container()
        units, calls = self.dynamodb.read_units, self.dynamodb.calls.total()
        event = {
            "version": "2.0",
            "routeKey": "GET /statistics",
            "rawPath": "/statistics",
            "headers": {},
            "queryStringParameters": {**query, "share": KEY},
            "requestContext": {
                "domainName": "api.example",
                "http": {"method": "GET", "sourceIp": "192.0.2.1"},
                "requestId": "bench",
                "timeEpoch": milliseconds(NOW),
            },
        }
        request = request_of_event(event)
        grant = admit(request, lambda: runtime.tokens, lambda: runtime.shares, is_public=False)
        answer_page(
            request, grant, runtime.figure_stores, runtime.settings.publication, refresh=900
        )
        return Reading(self.dynamodb.read_units - units, self.dynamodb.calls.total() - calls)

    def _publish(self) -> None:
        listed = self.ids[:LISTED]
        for start in range(0, len(listed), 100):
            submissions = [
                read_submission(
                    article,
                    {
                        "section": f"section-{number % 8}",
                        "title": f"What became of the harbour bridge, number {number}",
                        "author": f"A Usual Byline {number % 40}",
                        "tags": [f"tag-{number % 60}"],
                        "body": "<p>Text</p>",
                        "url": f"https://news.example/{number}",
                        "published": format_time(NOW - timedelta(hours=number)),
                    },
                )
                for number, article in enumerate(listed[start : start + 100], start)
            ]
            publish_all(submissions, self.store.catalogue, self.store.books, now=NOW)

    def _write_rollups(self) -> None:
        """Write the roll-ups of every day and month, all of them as wide as the articles allow."""
        rollups, charts = self.store.rollups, self.store.charts
        section = Subject(SubjectKind.SECTION, "section-0")
        ranking = tuple((article, 100_000 // rank) for rank, article in enumerate(self.ids, 1))
        top = top_of_day(dict(ranking), 2 * self._articles, closed=True)
        day, month = self._rollup(ranking, hourly=True), self._rollup(ranking, hourly=False)
        none: dict[str, int] = {}
        narrow = replace(
            sum_days(section, [day], closed=False), hours=day.hours, filtered=none,
            sections=none, authors=none, tags=none,
        )  # fmt: skip
        for name in days_until(TODAY, DAYS):
            rollups.put(THE_SITE, name, day, as_of=NOW, clock=NOW)
            rollups.put(section, name, narrow, as_of=NOW, clock=NOW)
            charts.tops.put(Period(name), top, as_of=NOW, clock=NOW)
        for name in _months():
            runs = TODAY.startswith(name)
            month = replace(month, closed=not runs, until=CLOSED if runs else "")
            of_section = replace(narrow, hours={}, closed=month.closed, until=month.until)
            rollups.put(THE_SITE, name, month, as_of=NOW, clock=NOW)
            rollups.put(section, name, of_section, as_of=NOW, clock=NOW)
            charts.tops.put(Period(name), top, as_of=NOW, clock=NOW)
            content = month_of_days(
                ArticleDay(f"{name}-{number:02}", 1_234, 1_200, _breakdown(MAX_HOSTS, 60, 20))
                for number in range(1, 29)
            )
            rollups.put_article_month(FIRST, name, content)

    def _rollup(self, ranking: Ranking, *, hourly: bool) -> Rollup:
        few, many = min(self._articles, MAX_NAMED), min(self._articles // 10, MAX_NAMED)
        return Rollup(
            1_234_567,
            1_123_456,
            dict.fromkeys(range(24), 54_321) if hourly else {},
            _breakdown(min(self._articles, MAX_HOSTS), min(self._articles, 100), 50),
            {"bot": 12_345, "prefetch": 1_234, "privacy": 123},
            self._articles,
            tuple(ranking[:MAX_TOP]),
            {f"section-{number}": 12_345 for number in range(min(8, few))},
            {f"A Usual Byline {number}": 12_345 for number in range(many)},
            {f"tag-{number}": 12_345 for number in range(many)},
        )

    def _write_pages(self) -> None:
        breakdown = _breakdown(PAGE_HOSTS, PAGE_COUNTRIES, 5)
        traits = {
            f"{prefix}#{name}": views
            for prefix, sums in zip("rcfsk", breakdown, strict=True)
            for name, views in sums.items()
        }
        numbers = {
            "views": 12_345,
            "visitors": 12_000,
            **{f"h{hour:02}": 514 for hour in range(24)},
        }
        pages = [(article, day) for article in self.ids[:LISTED] for day in days_until(TODAY, 5)]
        for article, day in pages:
            item = {**page_key(article, day), **numbers, **traits}
            self.dynamodb.put(self.store.settings.library_table, encoded(item))

    def _write_live(self) -> None:
        for minute in range(30):
            at = NOW - timedelta(minutes=30 - minute)
            for shard in range(SHARDS):
                lines = [
                    LedgerLine(
                        self.ids[(number * 7 + shard) % min(LISTED, self._articles)],
                        TODAY, mark_of(str(minute * 1_000 + number)), True, at,
                        Traits(source=str(Source.HOME)),
                    )
                    for number in range(200)
                ]  # fmt: skip
                views = LiveViews(self.store.library_table)
                views.put(Batch(f"shard-{shard}", lines), now=at)


def _months() -> Iterable[str]:
    last = 2026 * 12 + 10
    for number in range(last - 12 * YEARS + 1, last + 1):
        yield f"{number // 12}-{number % 12 + 1:02}"


def _breakdown(hosts: int, countries: int, campaigns: int) -> Breakdown:
    return Breakdown(
        Counter({f"a-host-{number}.example": 1_234 for number in range(hosts)}),
        Counter(dict.fromkeys(sorted(COUNTRIES)[:countries], 1_234)),
        Counter(dict.fromkeys(sorted(FORM_FACTORS), 12_345)),
        Counter(dict.fromkeys(map(str, Source), 12_345)),
        Counter({f"a-campaign-{number}": 1_234 for number in range(campaigns)}),
    )


@cache
def readings(articles: int) -> dict[str, Reading]:
    """View every page once in a library of so many articles."""
    library = _Library(articles)
    return {name: library.view(query) for name, query in PAGES.items()}


def measure() -> str:
    """Write the table."""
    by_size = {articles: readings(articles) for articles in SIZES}
    head = ("a view of", *(f"{what}, {articles:,}" for articles in SIZES for what in
            ("units", "calls")))  # fmt: skip
    rows = [
        (name, *(cell for articles in SIZES
                 for cell in (f"{by_size[articles][name].units:.1f}",
                              by_size[articles][name].calls)))
        for name in PAGES
    ]  # fmt: skip
    every = [reading for of_size in by_size.values() for reading in of_size.values()]
    units, calls = max(r.units for r in every), max(r.calls for r in every)
    most = table(("the dearest view", "units", "calls"), [("most", f"{units:.1f}", calls)])
    return (
        f"{ABOUT}\n{table(head, rows)}\n{most}\nUnits: {verdict(units, MAX_UNITS)}; "
        f"calls: {verdict(calls, MAX_CALLS)}.\n"
    )
