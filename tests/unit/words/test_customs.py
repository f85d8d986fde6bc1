import pytest

from circulation.words.customs import first_weekday, has_twelve_hours


@pytest.mark.parametrize(
    ("language", "weekday"),
    [("az", 0), ("en", 0), ("en-GB", 0), ("en-US", 6), ("EN-us", 6), ("ar", 5), ("dv-MV", 4),
     ("he", 6), ("az-Latn-AZ", 0), ("pt-PT", 6)],
)  # fmt: skip
def test_weeks_begin_as_in_the_region_of_the_language(language: str, weekday: int) -> None:
    assert first_weekday(language) == weekday


@pytest.mark.parametrize(
    ("language", "twelve"),
    [("az", False), ("en", False), ("en-GB", False), ("en-US", True), ("fr-CA", False)],
)
def test_the_clock_is_that_of_the_region(language: str, twelve: bool) -> None:
    assert has_twelve_hours(language) == twelve
