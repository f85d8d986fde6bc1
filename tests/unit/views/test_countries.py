import pytest

from circulation.counting.traits import COUNTRIES
from circulation.views.countries import country_code


def test_the_list_is_iso_3166_1s_249() -> None:
    assert len(COUNTRIES) == 249
    assert all(len(each) == 2 and each.isascii() and each.isupper() for each in COUNTRIES)


@pytest.mark.parametrize(("text", "code"), [("AZ", "AZ"), ("az", "AZ"), ("Gb", "GB")])
def test_a_country_is_told_in_capitals(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "A", "AZE", " AZ", "AZ\n", "31", "<>", "UK", "EU", "XK", "XX", "ZZ", "T1", "ß", "\u0131t"],
)
def test_anything_else_is_no_country(text: str) -> None:
    assert country_code(text) is None
