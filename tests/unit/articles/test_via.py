import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.canonical_path import canonical_path
from circulation.articles.via import Via, with_via


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x?via=mail"),
        ("https://a.example/x?a=1", "https://a.example/x?a=1&via=mail"),
        ("https://a.example/x#top", "https://a.example/x?via=mail#top"),
        ("https://a.example/x?a#b?c", "https://a.example/x?a&via=mail#b?c"),
        ("https://a.example/x?", "https://a.example/x?via=mail"),
        ("https://a.example/x?via=share&a=1", "https://a.example/x?a=1&via=mail"),
        ("https://a.example/x?via=mail", "https://a.example/x?via=mail"),
        ("https://a.example/x?via=ferry", "https://a.example/x?via=ferry&via=mail"),
    ],
)
def test_a_marker_stands_before_the_fragment_and_for_any_other(url: str, expected: str) -> None:
    assert with_via(url, Via.MAIL) == expected


@given(via=st.sampled_from(Via), query=st.sampled_from(["", "?id=5", "?via=ferry&id=5", "?a"]))
def test_a_marked_address_leads_to_the_same_article(via: Via, query: str) -> None:
    url = f"https://news.example/city/clock{query}"
    assert canonical_path(with_via(url, via)) == canonical_path(url)
