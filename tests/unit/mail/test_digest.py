"""A frozen digest: what every subscriber is shown, in which nothing is left out or shown twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dynamodb_rules import item_size
from circulation.aws.attribute_values import encoded
from circulation.mail.digest import (
    MAX_BYTES,
    MAX_MOST_READ,
    MAX_NEWEST,
    MAX_SEEN,
    OVERLAP,
    SPANS,
    Digest,
    Entry,
    articles_shown,
    contents_for,
    entry_of,
    frozen_digest,
    read_digest,
    written_digest,
)
from circulation.mail.subscriber import Choices, Frequency
from circulation.mail.wording import harmless
from circulation.times import format_time

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
DAILY = Frequency.DAILY


def entry(number: int, section: str = "City", **changes: str) -> Entry:
    fields = {
        "id": f"article-{number}",
        "section": section,
        "title": f"Title {number}",
        "summary": f"Summary {number}",
        "url": f"https://daily.example/{number}",
        "language": "en",
        "published": format_time(NOW - timedelta(minutes=number)),
    }
    return entry_of(fields | changes)


def digest(
    newest: list[Entry], most_read: dict[str, list[tuple[Entry, int]]] | None = None
) -> Digest:
    return frozen_digest(
        DAILY, "2026-11-27", NOW, newest=newest, most_read=most_read or {}, seen=[]
    )


SECTIONS = ("City", "Sport", "Culture")


@given(
    sections=st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=60),
    ranks=st.dictionaries(
        st.sampled_from(["", *SECTIONS]), st.lists(st.integers(0, 90), unique=True, max_size=20)
    ),
    chosen=st.frozensets(st.sampled_from(SECTIONS)),
)
@settings(max_examples=200, deadline=None)
def test_no_mail_has_an_article_that_is_not_among_those_that_mails_may_have(
    sections: list[str], ranks: dict[str, list[int]], chosen: frozenset[str]
) -> None:
    newest = [entry(number, section) for number, section in enumerate(sections)]
    most_read = {
        name: [(entry(number, name or "City"), 100 - number) for number in numbers]
        for name, numbers in ranks.items()
    }
    made = digest(newest, most_read)
    contents = contents_for(made, Choices(sections=chosen))
    if contents:
        ranked = [each for each, _ in contents.most_read]
        assert {each.id for each in (*contents.newest, *ranked)} <= articles_shown(made)
    assert len(articles_shown(made)) <= (MAX_NEWEST + MAX_MOST_READ) * (1 + len(SECTIONS))


def test_the_newest_come_first_and_the_most_read_are_others() -> None:
    entries = [entry(number) for number in range(20)]
    ranking = [(each, 100 - place) for place, each in enumerate(entries)]
    contents = contents_for(digest(entries, {"": ranking}), Choices())
    assert [each.id for each in contents.newest] == [f"article-{n}" for n in range(MAX_NEWEST)]
    assert [each.id for each, _ in contents.most_read] == [
        f"article-{n}" for n in range(MAX_NEWEST, MAX_NEWEST + MAX_MOST_READ)
    ]


def test_only_the_chosen_sections_are_shown() -> None:
    entries = [entry(1), entry(2, "Sport"), entry(3, "Culture")]
    ranking = {"Sport": [(entry(4, "Sport"), 5)], "City": [(entry(5), 9)]}
    frozen = digest(entries, ranking)
    contents = contents_for(frozen, Choices(sections=frozenset({"Sport"})))
    assert [each.id for each in contents.newest] == ["article-2"]
    assert contents.most_read == ((entry(4, "Sport"), 5),)


def test_without_a_new_article_there_is_no_mail() -> None:
    frozen = digest([entry(1)], {"Sport": [(entry(2, "Sport"), 7)]})
    assert not contents_for(frozen, Choices(sections=frozenset({"Sport"})))
    assert contents_for(frozen, Choices())


@pytest.mark.parametrize("letter", ["a", "🗞", "ə"])
def test_a_digest_of_the_largest_articles_fits_into_an_item(letter: str) -> None:
    def large(number: int) -> Entry:
        return entry(
            number,
            letter * 90 + f"{number % 120}",
            title=letter * 500,
            summary=letter * 5_000,
            url="https://daily.example/" + "x" * 2_000,
            id=f"{number:064d}",
        )

    entries = [large(number) for number in range(1_500)]
    seen = [(f"{number:064d}", NOW) for number in range(2_000)]
    rankings = {each.section: [(each, 5)] * 17 for each in entries} | {
        "": [(each, 5) for each in entries]
    }
    frozen = frozen_digest(DAILY, "2026-11-27", NOW, newest=entries, most_read=rankings, seen=seen)
    written = written_digest(frozen)
    item = {"pk": "DIGEST#daily", "sk": "2026-11-27", "content": written}
    assert MAX_BYTES / 2 < item_size(encoded(item)) <= MAX_BYTES
    assert len(contents_for(frozen, Choices()).newest) == MAX_NEWEST
    assert len(frozen.seen) == MAX_SEEN
    assert read_digest(DAILY, "2026-11-27", written) == frozen


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 5 * 24 * 60), st.integers(0, int(OVERLAP.total_seconds()) // 60)),
        max_size=60,
    ),
    st.lists(st.booleans(), min_size=7, max_size=7),
)
def test_whatever_comes_in_late_is_in_one_digest(
    articles: list[tuple[int, int]], runs: list[bool]
) -> None:
    """Datelines and delays in minutes; some days have no digest."""
    start = NOW - timedelta(days=1)
    out = [
        (f"article-{place}", start + timedelta(minutes=at), start + timedelta(minutes=at + delay))
        for place, (at, delay) in enumerate(articles)
    ]
    shown: Counter[str] = Counter()
    last: Digest | None = None
    for day, runs_today in enumerate([*runs, True]):
        if not runs_today:
            continue
        now = NOW + timedelta(days=day)
        visible = sorted(
            ((time, name) for name, time, arrived in out if max(time, arrived) <= now),
            reverse=True,
        )
        since = last.seen_from if last else min(now - SPANS[DAILY], start)
        before = last.seen if last else frozenset()
        fresh = [(time, name) for time, name in visible if time >= since and name not in before]
        shown.update(name for _, name in fresh)
        last = frozen_digest(
            DAILY,
            f"day-{day}",
            now,
            newest=[],
            most_read={},
            seen=[(name, time) for time, name in visible],
        )
    assert shown == Counter(name for name, *_ in out)


@given(st.text() | st.text("=? \t\r\n\u202e\ud800qQ", max_size=40))
def test_a_harmless_text_is_one_line_that_no_header_minds(text: str) -> None:
    line = harmless(text, 300)
    assert line == line.strip()
    assert len(line) <= 300
    assert len(line.splitlines()) <= 1
    assert "=?" not in line.replace(" ", "")
    line.encode()
