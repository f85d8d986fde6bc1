import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.canonical_path import MAX_BYTES, canonical_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://news.example/politics/264384.html", "/politics/264384.html"),
        ("http://www.news.example:8080/politics//264384.html#top", "/politics/264384.html"),
        ("/politics/264384.html?utm_source=x&fbclid=y", "/politics/264384.html"),
        ("https://news.example", "/"),
        ("https://news.example/index.html", "/"),
        ("https://news.example/city/index.php?id=7&a=1", "/city?a=1&id=7"),
        ("https://news.example/city/", "/city"),
        ("https://news.example/x%C9%99b%C9%99r", "/x%C9%99b%C9%99r"),
        ("https://news.example/xəbər", "/x%C9%99b%C9%99r"),
        ("https://news.example/A/b", "/A/b"),
        ("https://news.example/?p=12&ref=x", "/?p=12"),
    ],
)
def test_what_does_not_choose_the_page_is_folded(url: str, path: str) -> None:
    assert canonical_path(url) == path


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("via=mail", ""),
        ("a=1&via=share", "?a=1"),
        ("via=ferry", "?via=ferry"),
        ("via=Mail", "?via=Mail"),
        ("VIA=mail", "?VIA=mail"),
    ],
)
def test_only_the_traces_of_our_own_mails_are_dropped(query: str, kept: str) -> None:
    assert canonical_path(f"https://news.example/a?{query}") == f"/a{kept}"


def test_a_long_path_is_told_apart_by_its_hash() -> None:
    one, two = (canonical_path(f"/{'x' * 2_000}{end}") for end in "ab")
    assert one != two
    assert len(one) == len(two) == MAX_BYTES


@given(st.text(max_size=60))
def test_a_canonical_path_is_its_own_canonical_path(text: str) -> None:
    try:
        path = canonical_path(f"/{text}")
    except ValueError:
        return
    assert canonical_path(path) == path
    assert path.isascii()
