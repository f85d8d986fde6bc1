import pytest

from circulation.web.pages.statistics.frame import Sheet, write_sheet
from circulation.web.pages.statistics.script import policy, script
from tests.unit.web.pages.statistics.figuring import publication


def test_the_script_is_at_most_ten_kilobytes() -> None:
    assert len(script().encode()) <= 10_000


def test_the_policy_allows_nothing_inline_but_the_style_and_the_script() -> None:
    assert "unsafe" not in policy()
    assert policy().count("'sha256-") == 2


@pytest.mark.parametrize(
    ("language", "clock"),
    [("ar", "en-u-hc-h12"), ("en-US", "en-u-hc-h12"), ("de", "en-u-hc-h23"), ("az", "az-u-hc-h23")],
)
def test_the_script_writes_times_in_the_words_of_the_page(language: str, clock: str) -> None:
    page = write_sheet(Sheet("", ""), publication(language)).decode()
    assert f'data-clock="{clock}"' in page
