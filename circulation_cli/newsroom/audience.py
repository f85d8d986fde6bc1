"""The made-up readers: how many open an article in which hour, and where they come from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import exp, sqrt
from random import Random
from typing import TYPE_CHECKING

from circulation.counting.breakdown import Breakdown, empty_breakdown
from circulation.counting.traits import Source, Traits
from circulation.times import hour_of
from circulation.views.hit import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import tzinfo

    from circulation_cli.newsroom.pieces import Piece

HOUR = timedelta(hours=1)
LIFE = 24 * 80
"""Hours after which nobody but an evergreen's readers opens an article."""
REPEATS = 0.06
"""The part of the views that are of somebody who was there before on the day."""
UNKNOWN = 0.04
"""The part of the views whose country or device is not known."""
FEW = 0.0005
"""Views an hour below which nobody comes."""
MANY = 40
"""From here on a number is split by a normal distribution, not view by view."""

# By local hour and weekday; news is read in the morning, at noon and in the evening.
_HOURS = (
    0.35, 0.2, 0.13, 0.1, 0.12, 0.3, 0.75, 1.3, 1.7, 1.5, 1.3, 1.2,
    1.45, 1.4, 1.15, 1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.35, 1.0, 0.65,
)  # fmt: skip
_WEEKDAYS = (1.1, 1.1, 1.08, 1.06, 1.0, 0.78, 0.88)

_SOURCES = {
    Source.HOME: 30,
    Source.SECTION: 7,
    Source.ARTICLE: 9,
    Source.SEARCH: 17,
    Source.SOCIAL: 13,
    Source.MAIL: 6,
    Source.FEED: 3,
    Source.SHARE: 3,
    Source.OTHER: 3,
    Source.NONE: 9,
}
_OF_STORY = {Source.SOCIAL: 3.0, Source.SHARE: 4.0, Source.HOME: 1.2, Source.SEARCH: 0.7}
"""How much more a breaking story has of them."""
_HOSTS = {
    Source.SEARCH: {"www.google.com": 80, "www.bing.com": 8, "duckduckgo.com": 7, "yandex.az": 5},
    Source.SOCIAL: {"www.facebook.com": 42, "t.me": 24, "t.co": 17, "www.instagram.com": 12,
                    "www.reddit.com": 5},
    Source.FEED: {"feedly.com": 70, "www.inoreader.com": 30},
    Source.OTHER: {"forum.example": 45, "weather.example": 35, "links.example": 20},
    Source.MAIL: {"mail.google.com": 60, "outlook.office.com": 40},
}  # fmt: skip
_CAMPAIGNS = {
    Source.MAIL: {"daily-letter": 74, "weekly-letter": 20, "": 6},
    Source.SOCIAL: {"": 90, "autumn-series": 6, "video-clips": 4},
}
_COUNTRIES = {
    "AZ": 61, "TR": 12, "GE": 7, "DE": 5, "US": 4, "RU": 3, "GB": 2, "UA": 1.5, "FR": 1.2, "NL": 1,
    "KZ": 1, "IL": 0.7, "PL": 0.6,
}  # fmt: skip
_DEVICES = {"phone": 66, "desktop": 29, "tablet": 5}
_FILTERED = {Reason.BOT: 0.11, Reason.PREFETCH: 0.03, Reason.PRIVACY: 0.01, Reason.OWN: 0.004}
"""Hits that do not count, per view."""


@dataclass(slots=True)
class ReadDay:
    """An article's UTC day."""

    hours: dict[int, int] = field(default_factory=dict)
    """Views by hour of the day."""
    breakdown: Breakdown = field(default_factory=empty_breakdown)
    visitors: int = 0
    filtered: dict[str, int] = field(default_factory=dict)

    @property
    def views(self) -> int:
        """The views of all hours."""
        return sum(self.hours.values())


class Audience:
    """The readers of a publication until now, the same for the same seed."""

    def __init__(self, seed: int, days: int, *, now: datetime, zone: tzinfo) -> None:
        self.seed = seed
        self.now = now
        self._zone = zone
        self._first = hour_of(now) - timedelta(days=days + 1)
        self._days = days

    @cached_property
    def _rhythm(self) -> list[float]:
        """How much is read in each hour from the first to that of now."""
        rhythm, local_date, mood = [], None, 1.0
        number = (hour_of(self.now) - self._first) // HOUR + 1
        for place in range(number):
            local = (self._first + place * HOUR).astimezone(self._zone)
            if local.date() != local_date:
                local_date = local.date()
                mood = Random(f"{self.seed}/{local_date}").lognormvariate(0, 0.09)  # noqa: S311
            growth = 0.85 + 0.3 * place / number
            rhythm.append(_HOURS[local.hour] * _WEEKDAYS[local.weekday()] * mood * growth)
        return rhythm

    def hours_of(self, piece: Piece) -> dict[datetime, int]:
        """Draw the views of an article by UTC hour, of the hours that have any."""
        random = Random(f"{self.seed}/{piece.id}/views")  # noqa: S311
        start = hour_of(piece.published)
        place = (start - self._first) // HOUR
        late = (piece.published - start) / HOUR
        begun = (self.now - hour_of(self.now)) / HOUR
        last = len(self._rhythm) - 1
        drawn = {}
        for age, rhythm in enumerate(self._rhythm[place:]):
            interest = (
                piece.reach * (_STORY_DECAY if piece.is_story else _DECAY)[age] if age < LIFE else 0
            )
            mean = (interest + piece.evergreen / 24) * rhythm
            if age == 0:
                mean *= 1 - late
            if place + age == last:
                mean *= begun if age else max(0.0, begun - late) / max(1 - late, 1e-9)
            if mean < FEW and not piece.evergreen:
                continue
            if views := draw(random, mean):
                drawn[start + age * HOUR] = views
        return drawn

    def days_of(self, piece: Piece, hours: Mapping[datetime, int]) -> Iterator[tuple[str, ReadDay]]:
        """Sum an article's hours to UTC days, and tell where their readers came from."""
        days: dict[str, ReadDay] = {}
        for hour, views in hours.items():
            days.setdefault(hour.date().isoformat(), ReadDay()).hours[hour.hour] = views
        sources = _sources_of(piece, self.seed)
        for day, read in days.items():
            random = Random(f"{self.seed}/{piece.id}/{day}")  # noqa: S311
            self._break_down(read, sources, random)
            yield day, read

    def _break_down(self, read: ReadDay, sources: Mapping[str, float], random: Random) -> None:
        views = read.views
        referrers, countries, devices, by_source, campaigns = read.breakdown
        by_source.update(split(random, views, sources))
        for source, number in list(by_source.items()):
            if hosts := _HOSTS.get(Source(source)):
                referrers.update(split(random, number, hosts))
            if names := _CAMPAIGNS.get(Source(source)):
                campaigns.update(split(random, number, names))
        campaigns.pop("", None)
        known = views - draw(random, views * UNKNOWN)
        countries.update(split(random, max(0, known), _COUNTRIES))
        devices.update(split(random, max(0, known), _DEVICES))
        read.visitors = max(1, views - draw(random, views * REPEATS))
        filtered = ((reason, draw(random, views * part)) for reason, part in _FILTERED.items())
        read.filtered = {str(reason): hits for reason, hits in filtered if hits}

    def views_of(
        self, piece: Piece, hour: datetime, number: int
    ) -> Iterator[tuple[datetime, Traits]]:
        """Give single views of an hour: when each was, before now, and its traits."""
        random = Random(f"{self.seed}/{piece.id}/{hour}")  # noqa: S311
        sources = _sources_of(piece, self.seed)
        begin = max(hour, piece.published)
        seconds = (min(self.now, hour + HOUR) - begin).total_seconds()
        for _ in range(number):
            source = _choose(random, sources)
            at = begin + timedelta(seconds=int(random.random() * max(seconds - 1, 0)))
            hosts, names = _HOSTS.get(Source(source)), _CAMPAIGNS.get(Source(source))
            known = random.random() >= UNKNOWN
            yield (
                at,
                Traits(
                    referrer=_choose(random, hosts) if hosts else None,
                    country=_choose(random, _COUNTRIES) if known else None,
                    form_factor=_choose(random, _DEVICES) if known else None,
                    source=source,
                    campaign=(_choose(random, names) or None) if names else None,
                ),
            )


def draw(random: Random, mean: float) -> int:
    """Draw from a Poisson distribution, of a large mean from the normal one that is close to it."""
    if mean >= MANY:
        return max(0, round(random.gauss(mean, sqrt(mean))))
    bound, product, drawn = exp(-mean), random.random(), 0
    while product > bound:
        product *= random.random()
        drawn += 1
    return drawn


def split(random: Random, number: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Split a number over names by chance, according to their weights; the sum is the number."""
    if number <= MANY:
        return Counter(random.choices(list(weights), list(weights.values()), k=number))
    parts, left, rest = {}, number, sum(weights.values())
    for name, weight in weights.items():
        part = min(1.0, weight / rest) if rest > 0 else 1.0
        drawn = round(random.gauss(left * part, sqrt(left * part * (1 - part))))
        if drawn := min(left, max(0, drawn)):
            parts[name] = drawn
        left, rest = left - drawn, rest - weight
    if left:  # what rounding has left
        name = next(iter(weights))
        parts[name] = parts.get(name, 0) + left
    return parts


def _choose(random: Random, weights: Mapping[str, float]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def _sources_of(piece: Piece, seed: int) -> dict[str, float]:
    """Give the weights of an article's sources: each has a mixture of its own."""
    random = Random(f"{seed}/{piece.id}/sources")  # noqa: S311
    more = _OF_STORY if piece.is_story else {}
    return {
        str(source): weight * random.lognormvariate(0, 0.5) * more.get(source, 1)
        for source, weight in _SOURCES.items()
    }


def _decays(*parts: tuple[float, float]) -> Sequence[float]:
    """Give the part of an article's views in each hour of its life: sums of exponential decays."""
    return [
        sum(share * (exp(-age / mean) - exp(-(age + 1) / mean)) for share, mean in parts)
        for age in range(LIFE)
    ]


_DECAY = _decays((0.5, 9), (0.33, 40), (0.17, 280))
_STORY_DECAY = _decays((1.0, 22))
