from zoneinfo import ZoneInfo

import pytest

from circulation.articles.publication import Publication
from circulation.times import format_time, parse_time


@pytest.mark.parametrize(
    ("utc", "local"),
    [
        ("2025-12-26T07:11:00Z", "2025-12-26T11:11:00+04:00"),
        ("2015-07-01T07:00:00Z", "2015-07-01T12:00:00+05:00"),  # Baku had summer time until 2016
        ("1900-05-05T08:00:00Z", "1900-05-05T11:19:00+03:19"),  # and 3:19:24 before 1924
        ("9999-12-29T00:00:00Z", "9999-12-29T04:00:00+04:00"),
        ("0001-01-03T00:00:00Z", "0001-01-03T03:19:00+03:19"),
    ],
)
def test_times_are_local_by_the_rules_of_their_day_and_can_be_read_back(
    utc: str, local: str
) -> None:
    publication = Publication("t", "https://x.example", "d", "az", ZoneInfo("Asia/Baku"))
    written = format_time(publication.local(parse_time(utc)))
    assert written == local
    assert parse_time(written) == parse_time(utc)
