import pytest

from circulation.ids import is_id
from circulation.importing.identity import stable_id


@pytest.mark.parametrize(
    ("own", "url", "expected"),
    [
        ("264384", "https://news.example/politics/x.html", "264384"),
        ("9b7114425bee6e3b17baf7c0", "", "9b7114425bee6e3b17baf7c0"),
        ("https://news.example/?p=7", "https://news.example/politics/264384.html", "264384"),
        ("", "https://news.example/politics/264384/?utm_source=rss", "264384"),
    ],
)
def test_an_own_id_or_a_number_in_the_address_is_the_id(own: str, url: str, expected: str) -> None:
    assert stable_id(own, url) == expected


def test_else_it_is_a_slug_with_a_hash_so_that_equal_endings_stay_apart() -> None:
    urls = [
        "https://news.example/2025/review",
        "https://news.example/2026/review",
        "https://news.example/2026/#review",
        "https://news.example/2026/#other",
        "https://news.example/xəbərlər/Şəhər",
        "https://news.example/",
        f"https://news.example/{'long-' * 40}",
    ]
    ids = [stable_id("", each) for each in urls]
    assert len(set(ids)) == len(urls)
    assert all(map(is_id, ids))
    assert ids[0].startswith("review-")
    assert ids == [stable_id("", each) for each in urls]


def test_the_way_an_address_is_written_changes_no_id() -> None:
    one = stable_id("", "https://news.example/city/review/")
    assert stable_id("", "http://www.news.example/city/review?utm_medium=feed") == one


def test_what_has_no_address_is_told_by_what_the_source_calls_it() -> None:
    assert is_id(stable_id("tag:news.example,2025:Ü", ""))
    assert stable_id("tag:a", "") != stable_id("tag:b", "")
