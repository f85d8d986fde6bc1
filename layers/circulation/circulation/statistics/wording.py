"""Write what is said of a period in a language: the sentence of the day, and the second one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circulation.statistics.figures import Against
from circulation.statistics.sentence import Direction, say
from circulation.statistics.spans import is_monthly, is_single_day
from circulation.times import moved
from circulation.words.customs import has_twelve_hours

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from circulation.statistics.figures import SiteFigures
    from circulation.statistics.sentence import Difference, Outlier, Sentence, Story
    from circulation.words.texts import Words

_KEY = "statistics.sentence"
_HALF_DAY = 12
_REFERENCES = {
    Against.USUAL: "usual.{unit}",
    Against.PREVIOUS: "previous.{unit}",
    Against.YEAR: "year_before",
    Against.WEEKDAYS: "weekdays",
}
_USUAL = "usual"
"""The reference in a sentence after one that says what is usual."""


def write_sentences(
    figures: SiteFigures, words: Words, language: str = "", *, mark: Callable[[str], str] = str
) -> tuple[str, ...]:
    """Write the sentence of a period without its full stop, and the second one if there is any.

    Language (BCP 47) says how hours are written; that of the words unless it is given. Titles and
    sections stand in the second one as `mark` has them.
    """
    sentence = say(figures)
    first = _write_first(sentence, words, language or words.language)
    if sentence.story:
        return first, _write_story(sentence.story, sentence, words, mark)
    if sentence.outlier:
        return first, _write_outlier(sentence.outlier, sentence, words, mark)
    return (first,)


def write_hour(moment: datetime, words: Words, language: str) -> str:
    """Write a local time of a full hour or half: 14:00, or 2 PM where clocks count to twelve."""
    if not has_twelve_hours(language):
        return f"{moment:%H:%M}"
    hour = str(moment.hour % _HALF_DAY or _HALF_DAY)
    half = "am" if moment.hour < _HALF_DAY else "pm"
    minute = f":{moment:%M}" if moment.minute else ""
    return words(f"{_KEY}.{half}", hour=f"{hour}{minute}")


def write_time(moment: datetime, words: Words, language: str, *, seconds: bool = False) -> str:
    """Write a local time to the minute or second: 14:05, 2:05 PM where clocks count to twelve."""
    after = f"{moment:%M:%S}" if seconds else f"{moment:%M}"
    if not has_twelve_hours(language):
        return f"{moment:%H}:{after}"
    half = "am" if moment.hour < _HALF_DAY else "pm"
    return words(f"{_KEY}.{half}", hour=f"{moment.hour % _HALF_DAY or _HALF_DAY}:{after}")


def write_percent(number: int, words: Words) -> str:
    """Write a number of per cent: 18 %."""
    return words(f"{_KEY}.percent", number=words.write_number(number))


def write_difference(
    difference: Difference, words: Words, reference: str = _USUAL, **names: str
) -> str:
    """Write how a number stands to a reference: 18 % above a usual Thursday."""
    if difference.direction is Direction.AS_USUAL:
        return words(f"{_KEY}.as.{reference}", **names)
    return words(
        f"{_KEY}.{difference.direction}",
        percent=write_percent(difference.percent, words),
        factor=words.write_decimal(difference.factor),
        reference=words(f"{_KEY}.than.{reference}", **names),
    )


def _write_first(sentence: Sentence, words: Words, language: str) -> str:
    text = words.plural(f"{_KEY}.views", sentence.views)
    weekday = words.name_weekday(sentence.span.first)
    if not sentence.started:
        return words(f"{_KEY}.so_far", views=text)
    if sentence.difference:
        reference = _reference_of(sentence)
        difference = write_difference(sentence.difference, words, reference, weekday=weekday)
        text = words(f"{_KEY}.compared", views=text, difference=difference)
    if sentence.extreme:
        extreme = words(f"{_KEY}.{sentence.extreme}.{sentence.span.unit}", weekday=weekday)
        text = words(f"{_KEY}.compared", views=text, difference=extreme)
    if sentence.until is None:
        return text
    return words(f"{_KEY}.until", end=_write_end(sentence, words, language), text=text)


def _write_end(sentence: Sentence, words: Words, language: str) -> str:
    """Write until when a period that runs is compared: an hour, a day or a month."""
    span, until = sentence.span, sentence.until
    if until is None:
        raise ValueError("the period is over")
    if is_single_day(span):
        return words(f"{_KEY}.until_hour", hour=write_hour(until, words, language))
    last = moved(until, -timedelta(hours=1))
    if is_monthly(span):
        return words(f"{_KEY}.until_month", month=words.name_month(last.month))
    return words(f"{_KEY}.until_day", weekday=words.name_weekday(last), date=words.write_date(last))


def _reference_of(sentence: Sentence) -> str:
    return _REFERENCES[sentence.against].format(unit=sentence.span.unit)


def _later_reference_of(sentence: Sentence) -> str:
    return _USUAL if sentence.against is Against.USUAL else _reference_of(sentence)


def _write_story(story: Story, sentence: Sentence, words: Words, mark: Callable[[str], str]) -> str:
    text = words.plural(f"{_KEY}.story", story.views, title=mark(story.title))
    if not story.without:
        return text
    without = words(
        f"{_KEY}.without",
        period=words(f"{_KEY}.period.{sentence.span.unit}"),
        difference=write_difference(story.without, words, _later_reference_of(sentence)),
    )
    return f"{text} {without}"


def _write_outlier(
    outlier: Outlier, sentence: Sentence, words: Words, mark: Callable[[str], str]
) -> str:
    section = mark(outlier.section)
    if sentence.against is Against.USUAL and outlier.others_as_usual:
        difference = words(
            f"{_KEY}.bare.{outlier.difference.direction}",
            percent=write_percent(outlier.difference.percent, words),
            factor=words.write_decimal(outlier.difference.factor),
        )
        return words(f"{_KEY}.section_alone", section=section, difference=difference)
    difference = write_difference(outlier.difference, words, _later_reference_of(sentence))
    return words(f"{_KEY}.section", section=section, difference=difference)
