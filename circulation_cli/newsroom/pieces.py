"""The made-up articles: what is published when, and what becomes of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from circulation.articles.article import Submission, read_submission
from circulation.times import format_time
from circulation_cli.newsroom.phrases import (
    BEATS,
    BYLINES,
    SENTENCES,
    STORY_CORRECTED,
    STORY_FIRST,
    STORY_RETITLED,
    STORY_SECTION,
    STORY_TAGS,
    STORY_TITLE,
    Beat,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

PREFIX = "year-"
"""How the ids of the made-up articles begin."""
STORY = f"{PREFIX}story"
MAILED_AT = time(7)
"""The local time at which the day's digest is frozen."""
MAILED_EVERY = 0.7
"""The part of the articles that a digest has."""
RETITLED, CORRECTED = 0.15, 0.3
"""The parts of the articles that get another title, and another text."""
TWO_TAGS, TWO_AUTHORS = 0.4, 0.15
"""The parts of the articles that have two of them."""
EVERGREEN = 0.1
"""The part of the articles that are read for ever."""
TYPICAL_REACH, SPREAD = 2_200, 0.9
"""The median of an article's views, and how far they differ (of a lognormal distribution)."""
_OPENING_HOURS = (1, 2, 5, 8, 7, 6, 6, 5, 6, 6, 5, 4, 3, 2, 1)
"""How much is published in the local hours from 6 on."""
_WORKING_DAYS = (10, 10, 10, 10, 9, 4, 4)


@dataclass(frozen=True, slots=True)
class Writing:
    """A version of an article, and when it was stored."""

    at: datetime
    submission: Submission


@dataclass(frozen=True, slots=True)
class Piece:
    """A made-up article."""

    id: str
    published: datetime
    writings: tuple[Writing, ...]
    """Its versions, the first of them that of its publication."""
    reach: float
    """About how many views it gets in all."""
    evergreen: float = 0
    """Views a day for ever."""
    mailed: datetime | None = None
    """When the digest that has it was frozen."""

    @property
    def is_story(self) -> bool:
        """Whether it is the breaking one."""
        return self.id == STORY


def write_pieces(  # noqa: PLR0913  what a year consists of
    number: int, days: int, *, seed: int, now: datetime, zone: tzinfo, base_url: str
) -> list[Piece]:
    """Write a number of articles over so many days until now, the oldest first.

    A few of them are of today, if it has begun long enough ago.
    """
    random = Random(f"{seed}/pieces")  # noqa: S311  the same articles for the same seed
    times = sorted(_times(number, days, random, now, zone))
    titles = _titles(random)
    pieces = []
    for place, published in enumerate(times):
        beat = random.choices(BEATS, [beat.share for beat in BEATS])[0]
        pieces.append(
            _piece(place, published, beat, next(titles[beat.section]), random, now, zone, base_url)
        )
    return pieces


def write_story(*, now: datetime, zone: tzinfo, base_url: str) -> Piece:
    """Write the breaking story: of this morning, retitled and corrected once, and mailed."""
    morning = _at(now, time(6, 40), zone)
    published = morning if now - morning >= timedelta(hours=1.5) else now - timedelta(hours=1.5)
    published = published.replace(second=0, microsecond=0)
    fields = {
        "section": STORY_SECTION,
        "title": STORY_TITLE,
        "body": _html(STORY_FIRST),
        "summary": STORY_FIRST[0],
        "url": f"{base_url}/demo/articles/{STORY}",
        "published": format_time(published),
        "author": [BYLINES[0], BYLINES[-1]],
        "tags": list(STORY_TAGS),
        "language": "en",
    }
    retitled, corrected = (published + timedelta(minutes=minutes) for minutes in (35, 65))
    versions: list[tuple[datetime, dict[str, Any]]] = [
        (published, {}),
        (retitled, {"title": STORY_RETITLED, "updated": format_time(retitled)}),
        (corrected, {"body": _html(STORY_CORRECTED), "updated": format_time(corrected)}),
    ]
    return Piece(
        STORY,
        published,
        _writings(STORY, fields, versions),
        reach=16_000,
        mailed=published + timedelta(minutes=50),
    )


def _times(
    number: int, days: int, random: Random, now: datetime, zone: tzinfo
) -> Iterator[datetime]:
    """Give the times of publication, of which none is in the last ten minutes."""
    dates = [(now.astimezone(zone) - timedelta(days=back)).date() for back in range(days)]
    weights = [_WORKING_DAYS[date.weekday()] for date in dates]
    latest = now - timedelta(minutes=10)
    found = 0
    while found < number:
        # The last day has its share of them whatever its weekday, so that it is not empty.
        recent = found < 2 + number // 200
        date = dates[0] if recent else random.choices(dates, weights)[0]
        hour = 6 + random.choices(range(len(_OPENING_HOURS)), _OPENING_HOURS)[0]
        local = datetime.combine(date, time(hour, random.randrange(60)), tzinfo=zone)
        moment = local.astimezone(now.tzinfo)
        if moment > latest:
            moment = latest - timedelta(minutes=random.randrange(300))
        yield moment.replace(second=random.randrange(60), microsecond=0)
        found += 1


def _titles(random: Random) -> dict[str, Iterator[tuple[str, str]]]:
    """Give, by section, endless titles with their tags; none comes twice until all have come."""
    return {beat.section: _titles_of(beat, random) for beat in BEATS}


def _titles_of(beat: Beat, random: Random) -> Iterator[tuple[str, str]]:
    made = [
        (f"{subject}{'' if news[0] in ',:' else ' '}{news}", tag)
        for tag, subjects in beat.subjects.items()
        for subject in subjects
        for news in beat.news
    ]
    random.shuffle(made)
    part = 1
    while True:
        for title, tag in made:
            yield (title if part == 1 else f"{title} (part {part})"), tag
        part += 1


def _piece(  # noqa: PLR0913, PLR0917  what an article is made of
    place: int,
    published: datetime,
    beat: Beat,
    titled: tuple[str, str],
    random: Random,
    now: datetime,
    zone: tzinfo,
    base_url: str,
) -> Piece:
    piece, (title, tag) = f"{PREFIX}{place + 1:04}", titled
    tags = [tag, *random.sample(sorted(beat.subjects.keys() - {tag}), random.random() < TWO_TAGS)]
    sentences = random.sample(SENTENCES, random.randrange(4, 9))
    fields = {
        "section": beat.section,
        "title": title,
        "body": _html([f"{title}.", *sentences]),
        "summary": sentences[0],
        "url": f"{base_url}/demo/articles/{piece}",
        "published": format_time(published),
        "author": random.sample(BYLINES, 2 if random.random() < TWO_AUTHORS else 1),
        "tags": tags,
        "language": "en",
    }
    versions: list[tuple[datetime, dict[str, Any]]] = [(published, {})]
    if random.random() < RETITLED:
        at = published + timedelta(minutes=random.randrange(20, 400))
        versions.append((at, {"title": f"{title}: what we know", "updated": format_time(at)}))
    if random.random() < CORRECTED:
        at = versions[-1][0] + timedelta(minutes=random.randrange(15, 600))
        body = _html([f"{title}.", *sentences, "A figure in this article was corrected."])
        versions.append((at, {"body": body, "updated": format_time(at)}))
    mailed = _next(published, MAILED_AT, zone)
    return Piece(
        piece,
        published,
        _writings(piece, fields, [version for version in versions if version[0] <= now]),
        reach=TYPICAL_REACH * random.lognormvariate(0, SPREAD),
        evergreen=random.uniform(3, 9) if random.random() < EVERGREEN else 0,
        mailed=mailed if random.random() < MAILED_EVERY and mailed <= now else None,
    )


def _writings(
    piece: str, fields: dict[str, Any], versions: Sequence[tuple[datetime, dict[str, Any]]]
) -> tuple[Writing, ...]:
    """Make the versions of an article, each with the changes of those before it."""
    made = []
    for at, changes in versions:
        fields |= changes
        made.append(Writing(at, read_submission(piece, fields)))
    return tuple(made)


def _html(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _at(now: datetime, moment: time, zone: tzinfo) -> datetime:
    """Give a local time of today's local date."""
    local = now.astimezone(zone)
    return datetime.combine(local.date(), moment, tzinfo=zone).astimezone(now.tzinfo)


def _next(after: datetime, moment: time, zone: tzinfo) -> datetime:
    """Give the first such local time after an instant."""
    that_day = _at(after, moment, zone)
    return that_day if that_day > after else _at(after + timedelta(days=1), moment, zone)
