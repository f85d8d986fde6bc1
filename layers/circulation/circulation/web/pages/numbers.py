"""Write numbers as languages do, by the Unicode CLDR; `make lists` refreshes its data."""

import json
from functools import cache, lru_cache
from pkgutil import get_data
from typing import NamedTuple

THOUSANDS = 3
"""Digits in the last group, in every language."""


class Style(NamedTuple):
    """How a language writes whole numbers."""

    mark: str
    """The separator of groups."""
    least: int
    """The least digits before the first mark: with 2 it is 1234 and 12 345."""
    group: int
    """Digits in a group above the thousands: 2 in India."""
    digits: str
    """The digits zero to nine."""


ENGLISH = Style(",", 1, 3, "0123456789")


def format_number(number: int, language: str) -> str:
    """Write a number, 0 or more, as a language does (BCP 47); as English if it is unknown."""
    style = _style_of(language)
    text = str(number)
    groups = [text[-THOUSANDS:]]
    text = text[:-THOUSANDS]
    if len(text) >= style.least:
        while text:
            groups.insert(0, text[-style.group :])
            text = text[: -style.group]
    grouped = style.mark.join(groups) if not text else text + groups[0]
    return grouped.translate(str.maketrans(ENGLISH.digits, style.digits))


@lru_cache(maxsize=256)
def _style_of(language: str) -> Style:
    """Find the style of a language tag, or of the tag without its last subtags (RFC 4647, 3.4)."""
    tag = language.lower()
    while tag:
        if tag in _load_styles():
            return _load_styles()[tag]
        tag = tag.rpartition("-")[0]
    return ENGLISH


@cache
def _load_styles() -> dict[str, Style]:
    styles = json.loads(get_data("circulation", "data/numbers.json") or b"")["styles"]
    return {
        tag.lower(): Style(style["mark"], style["least"], style["group"], style["digits"])
        for style in styles
        for tag in style["languages"]
    }
