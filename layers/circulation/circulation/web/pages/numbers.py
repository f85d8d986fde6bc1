"""Numbers as languages write them; the Unicode CLDR has how, `make lists` refreshes it."""

import json
from functools import cache, lru_cache
from pkgutil import get_data
from typing import NamedTuple

THOUSANDS = 3
"""Digits in the last group, which is of three in every language."""


class Style(NamedTuple):
    """How a language writes whole numbers."""

    mark: str
    """Stands between groups."""
    least: int
    """The digits before the first mark at least: with 2 it is 1234, and 12 345."""
    group: int
    """Digits in a group above the thousands: 2 in India."""
    digits: str
    """Zero to nine."""


ENGLISH = Style(",", 1, 3, "0123456789")


def written(number: int, language: str) -> str:
    """Write a number, 0 or more, as a language does (BCP 47); one that is not known as English."""
    style = _style(language)
    text = str(number)
    groups = [text[-THOUSANDS:]]
    text = text[:-THOUSANDS]
    if len(text) >= style.least:
        while text:
            groups.insert(0, text[-style.group :])
            text = text[: -style.group]
    told = style.mark.join(groups) if not text else text + groups[0]
    return told.translate(str.maketrans(ENGLISH.digits, style.digits))


@lru_cache(maxsize=256)
def _style(language: str) -> Style:
    """Find a language's style, or that of its tag without its last parts (RFC 4647, 3.4)."""
    tag = language.lower()
    while tag:
        if tag in _styles():
            return _styles()[tag]
        tag = tag.rpartition("-")[0]
    return ENGLISH


@cache
def _styles() -> dict[str, Style]:
    listed = json.loads(get_data("circulation", "data/numbers.json") or b"")["styles"]
    return {
        tag.lower(): Style(each["mark"], each["least"], each["group"], each["digits"])
        for each in listed
        for tag in each["languages"]
    }
