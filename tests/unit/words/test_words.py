import string
from datetime import date

import pytest

from circulation.words.texts import texts_of, words_in

LANGUAGES = ("az", "en")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_whole(language: str) -> None:
    texts, english = texts_of(language), texts_of("en")
    assert texts.keys() == english.keys()
    for key, text in texts.items():
        assert text.strip(), key
        assert placeholders(text) == placeholders(english[key]), key


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "en"), ("EN-gb", "en"), ("az", "az"), ("az-Latn", "az"), ("ar", "en"), ("", "en")],
)
def test_a_language_that_has_no_catalogue_is_answered_in_english(
    language: str, expected: str
) -> None:
    assert words_in(language).language == expected


def test_dates_and_numbers_are_written_as_the_language_writes_them() -> None:
    day = date(2026, 11, 27)
    english, azerbaijani = words_in("en"), words_in("az")
    assert (english.write_date(day), english.name_weekday(day)) == ("27 November 2026", "Friday")
    assert (azerbaijani.write_date(day), azerbaijani.name_weekday(day)) == (
        "27 noyabr 2026", "cümə",
    )  # fmt: skip
    assert english.write_number(1_234_567) == "1,234,567"
    assert azerbaijani.write_number(1_234_567) == "1.234.567"


def test_every_month_has_a_name() -> None:
    for language in LANGUAGES:
        assert len({words_in(language).name_month(number) for number in range(1, 13)}) == 12
