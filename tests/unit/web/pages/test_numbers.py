"""Numbers as languages write them; tests/browser compares them with a browser's own."""

import json
from pkgutil import get_data

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.web.pages.numbers import format_number

STYLES = json.loads(get_data("circulation", "data/numbers.json") or b"")["styles"]
LANGUAGES = [language for style in STYLES for language in style["languages"]]


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 0, "0"),
        ("en", 999, "999"),
        ("en", 1_234_567, "1,234,567"),
        ("az", 1_234, "1.234"),
        ("az-Latn-AZ", 1_234, "1.234"),
        ("fr", 1_234, "1\u202f234"),
        ("ru", 12_345, "12\u00a0345"),
        ("de-CH", 1_234, "1'234"),
        ("pl", 1_234, "1234"),
        ("pl", 12_345, "12\u00a0345"),
        ("pt-PT", 1_234, "1234"),
        ("pt", 1_234, "1.234"),
        ("es", 1_234, "1234"),
        ("es-MX", 1_234, "1,234"),
        ("hi", 1_234_567, "12,34,567"),
        ("EN-in", 1_234_567_890, "1,23,45,67,890"),
        ("fa", 1_234, "\u06f1\u066c\u06f2\u06f3\u06f4"),
        ("xx", 1_234, "1,234"),
        ("en_US", 1_234, "1,234"),
        ("", 1_234, "1,234"),
    ],
)
def test_a_number_is_written_as_a_language_does(language: str, number: int, text: str) -> None:
    assert format_number(number, language) == text


@given(st.sampled_from(LANGUAGES), st.integers(0, 10**15))
def test_the_digits_are_the_numbers_own_in_every_language(language: str, number: int) -> None:
    (style,) = (each for each in STYLES if language in each["languages"])
    digits = format_number(number, language).replace(style["mark"], "")
    assert "".join(str(style["digits"].index(each)) for each in digits) == str(number)


@given(st.text(), st.integers(0, 10**15))
def test_no_language_tag_is_too_strange(language: str, number: int) -> None:
    assert format_number(number, language)
