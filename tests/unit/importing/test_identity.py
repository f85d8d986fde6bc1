import pytest

from circulation.ids import is_id
from circulation.importing.identity import post_number, propose_id, scoped_id


@pytest.mark.parametrize(
    ("own_id", "source_id", "expected"),
    [
        ("264384", "", "264384"),
        ("9b7114425bee6e3b17baf7c0", "", "9b7114425bee6e3b17baf7c0"),
        ("", "https://news.example/?p=7", "7"),
        ("", "http://news.example/?post_type=story&p=7", "7"),
        ("7", "https://news.example/?p=9", "7"),
    ],
)
def test_a_short_id_of_the_source_is_the_id(own_id: str, source_id: str, expected: str) -> None:
    assert propose_id(own_id, source_id, "https://news.example/politics/264384.html") == expected


def test_else_it_is_a_slug_with_a_hash_so_that_equal_endings_stay_apart() -> None:
    urls = [
        "https://news.example/2025/review",
        "https://news.example/2026/review",
        "https://other.example/2026/review",
        "https://news.example/2026/#review",
        "https://news.example/2026/#other",
        "https://news.example/news/12345.html",
        "https://news.example/sport/12345.html",
        "https://news.example/xəbərlər/Şəhər",
        "https://news.example/",
        f"https://news.example/{'long-' * 40}",
    ]
    ids = [propose_id("", "", url) for url in urls]
    assert len(set(ids)) == len(urls)
    assert all(map(is_id, ids))
    assert ids[0].startswith("review-")
    assert ids == [propose_id("", "", url) for url in urls]


def test_items_that_share_an_address_differ_by_the_ids_of_their_source() -> None:
    home = "https://radio.example/"
    ids = [propose_id("", f"tag:radio.example,2025:{number}", home) for number in range(200)]
    assert len(set(ids)) == len(ids)


def test_the_way_an_address_is_written_changes_no_id() -> None:
    one = propose_id("", "", "https://news.example/city/review/")
    assert propose_id("", "", "http://www.news.example/city/review?utm_medium=feed") == one


def test_an_id_that_is_unique_in_its_source_alone_is_scoped_by_its_host() -> None:
    assert scoped_id(" 42 ", "news.example") == "news.example:42"
    assert scoped_id("42", "other.example") != scoped_id("42", "news.example")
    for uri in ("https://news.example/?p=42", "tag:news.example,2025:42", "urn:uuid:1"):
        assert scoped_id(uri, "other.example") == uri
    assert scoped_id("", "news.example") == ""
    long = scoped_id("x" * 1000, "news.example")
    assert len(long) < 100
    assert long != scoped_id("x" * 1001, "news.example")


@pytest.mark.parametrize(
    "source_id", ["", "42", "https://news.example/?p=0", "tag:a?p=4", "https://x.example/?p=1&p=2"]
)
def test_what_is_no_guid_of_wordpress_has_no_post_number(source_id: str) -> None:
    assert post_number(source_id) == ""
