"""The words that readers see: one catalogue a language, whole in English and Azerbaijani."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

_CATALOGUES = {"az": "azerbaijani", "en": "english"}
_DEFAULT = "en"


class Words:
    """A language's texts by key. Made by words_in alone."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        """The language of the texts (BCP 47): en or az."""
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """Give a text with its placeholders filled in. Raises KeyError for an unknown key."""
        return self._texts[key].format_map(values)

    def plural(self, key: str, number: int, **values: object) -> str:
        """Give the text for a number: of its plural forms, the one that the number takes.

        English and Azerbaijani have two, `one` and `other`; `one` is for 1 alone (CLDR plural
        rules, of integers). The text has the number as `{number}`.
        """
        form = "one" if number == 1 else "other"
        return self(f"{key}.{form}", number=self.write_number(number), **values)

    def write_number(self, number: int) -> str:
        """Write a number with its thousands apart: 2,803."""
        return f"{number:,}".replace(",", self._texts["number.group"])

    def write_decimal(self, number: float) -> str:
        """Write a number to a tenth: 2.4."""
        whole, tenths = f"{number:.1f}".split(".")
        return f"{self.write_number(int(whole))}{self._texts['number.decimal']}{tenths}"

    def write_date(self, moment: date | datetime) -> str:
        """Write a date: 27 November 2026."""
        return f"{moment.day} {self.name_month(moment.month)} {moment.year}"

    def name_month(self, number: int) -> str:
        """Give a month's name, from 1 for January."""
        return self._texts["months"].split()[number - 1]

    def shorten_month(self, number: int) -> str:
        """Give a month's abbreviation, from 1 for January: Jan (CLDR, abbreviated)."""
        return self._texts["months.short"].split()[number - 1]

    def shorten_weekday(self, moment: date | datetime) -> str:
        """Give the abbreviation of a date's day of the week: Fri (CLDR, abbreviated)."""
        return self._texts["weekdays.short"].split()[moment.weekday()]

    def name_weekday(self, moment: date | datetime) -> str:
        """Give the name of a date's day of the week: Friday."""
        return self._texts["weekdays"].split(", ")[moment.weekday()]


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """Give the texts of one of the languages, en or az, by key."""
    module = import_module(f"circulation.words.{_CATALOGUES[language]}")
    return module.TEXTS  # type: ignore[no-any-return]


def words_in(language: str) -> Words:
    """Give the words of a language (BCP 47: az, az-Latn, en-GB); English for any other language."""
    first = language.partition("-")[0].lower()
    known = first if first in _CATALOGUES else _DEFAULT
    return Words(known, texts_of(known))
