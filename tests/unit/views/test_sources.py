import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.via import Via
from circulation.counting.traits import MAX_CAMPAIGN, SOURCES, Source
from circulation.views.referrers import public_host
from circulation.views.sources import campaign_of, read_marks, source_of

OWN = ("https://news.example/", "https://m.news.example", "https://paper.example/daily", "*")
DATA = files("circulation").joinpath("data/sources.json")
LISTED: dict[str, list[str]] = json.loads(DATA.read_bytes())["hosts"]
ANY_TEXT = st.text(st.characters())  # with halves of surrogate pairs, as JSON may have them


def source(referrer: str | None = "", query: str = "") -> Source | None:
    return source_of(referrer, read_marks(query), OWN)


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("/", "home"),
        ("/index.html", "home"),
        ("https://news.example/", "home"),
        ("https://www.news.example/?a=1#b", "home"),
        ("//m.news.example:8080/", "home"),
        ("https://paper.example/daily/", "home"),
        ("/city", "section"),
        ("/city/", "section"),
        ("/search", "section"),
        ("/2026", "section"),
        ("/2026/03/", "section"),
        ("/world-news", "section"),
        ("/tag/harbour-clock-strikes", "section"),
        ("/authors/sam-of-the-sea", "section"),
        ("/page/12345", "section"),
        ("news.example", "section"),
        ("https://m.news.example", "section"),
        ("/city/the-harbour-clock", "article"),
        ("/city/the_harbour_clock.html?page=2", "article"),
        ("/news/264384", "article"),
        ("/264384.html", "article"),
        ("/2026/03/clock/", "article"),
        ("/2026/3/14/clock", "article"),
        ("HTTPS://NEWS.EXAMPLE/news/264384", "article"),
    ],
)
def test_a_page_of_ones_own_is_told_by_its_path(referrer: str, expected: str) -> None:
    assert source(referrer) == expected


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://www.google.az/", "search"),
        ("google.com", "search"),
        ("android-app://com.google.android.googlequicksearchbox/", "search"),
        ("https://docs.google.com/document", "other"),
        ("https://mail.google.com/", "mail"),
        ("https://t.co/abc", "social"),
        ("https://m.facebook.com/", "social"),
        ("https://de-de.facebook.com", "social"),
        ("https://notfacebook.com", "other"),
        ("https://t.me/", "social"),
        ("https://feedly.com/i/latest", "feed"),
        ("https://www.inoreader.com/", "feed"),
        ("https://blog.example/", "other"),
        ("https://evil.example/news.example/", "other"),
        ("https://news.example.evil.example/", "other"),
        ("https://192.0.2.7/", "other"),
        ("//localhost:8000/", "other"),
        ("about:blank", "other"),
        ("", "none"),
        (" ", "none"),
        (None, None),
    ],
)
def test_another_page_is_told_by_its_host(referrer: str | None, expected: str | None) -> None:
    assert source(referrer) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("via=mail", "mail"),
        ("?a=1&via=share", "share"),
        ("via=feed", "feed"),
        ("via=mail&utm_source=facebook", "mail"),
        ("utm_medium=email&utm_source=facebook", "mail"),
        ("utm_source=Newsletter", "mail"),
        ("utm_source=rss&utm_medium=web", "feed"),
        ("utm_medium=social", "social"),
        ("utm_medium=Social+Media", "social"),
        ("utm_source=facebook&utm_medium=cpc", "social"),
        ("utm_source=l.facebook.com", "social"),
        ("utm_source=google&utm_medium=cpc", "search"),
    ],
)
@pytest.mark.parametrize("referrer", [None, "", "/", "https://t.co/", "https://blog.example/"])
def test_a_mark_in_the_link_is_believed_before_the_referrer(
    query: str, expected: str, referrer: str | None
) -> None:
    assert source(referrer, query) == expected


@pytest.mark.parametrize("query", ["utm_campaign=spring", "utm_source=partner&utm_medium=banner"])
def test_a_campaign_of_no_known_kind_leaves_it_to_the_referrer(query: str) -> None:
    assert source("https://t.co/", query) == "social"
    assert source("/", query) == "home"
    assert source("", query) == source(None, query) == "other"


@pytest.mark.parametrize(
    "query", ["via=ferry", "via=", "Via=mail", "fbclid=1", "utm_term=email", "utm_source="]
)
def test_other_parameters_mark_nothing(query: str) -> None:
    assert read_marks(query) == {}
    assert source("", query) == "none"


@pytest.mark.parametrize(
    ("query", "campaign"),
    [
        ("utm_campaign=Spring%20Fair&utm_source=partner", "spring fair"),
        ("utm_source=partner", "partner"),
        ("utm_campaign=&utm_source=partner", "partner"),
        ("utm_campaign=first&utm_campaign=second", "first"),
        ("utm_campaign=+a%0D%0A%09b%00+", "a b"),
        ("utm_campaign=%D0%92%D0%95%D0%A1%D0%9D%D0%90", "весна"),
        ("utm_campaign=%FF", "\ufffd"),
        ("utm_campaign=john%2540example.org", None),
        ("utm_campaign=john%EF%BC%A0example.org", None),
        ("utm_campaign=a%E2%80%AEb%7F%1B", "ab"),
        ("utm_campaign=%E2%80%8B", None),
        (f"utm_campaign={'x' * 100}", "x" * MAX_CAMPAIGN),
        (f"utm_campaign={'x' * (MAX_CAMPAIGN - 1)}+y", "x" * (MAX_CAMPAIGN - 1)),
        ("utm_campaign=robin@mail.example", None),
        ("utm_campaign=to-robin%40mail.example", None),
        ("utm_medium=email", None),
        ("via=mail", None),
        ("", None),
    ],
)
def test_a_campaign_is_a_short_clean_name(query: str, campaign: str | None) -> None:
    assert campaign_of(read_marks(query)) == campaign


@given(referrer=st.none() | ANY_TEXT, query=ANY_TEXT)
def test_whatever_is_told_it_is_a_source_or_none(referrer: str | None, query: str) -> None:
    assert source(referrer, query) in {None, *SOURCES}


@given(query=ANY_TEXT.map(lambda text: f"utm_campaign={text}&utm_source={text}"))
def test_whatever_a_campaign_is_called_it_can_be_stored(query: str) -> None:
    campaign = campaign_of(read_marks(query))
    assert campaign is None or 0 < len(campaign.encode()) <= 4 * MAX_CAMPAIGN


def test_the_list_holds_hosts_as_referrers_are_reduced_to_them() -> None:
    assert LISTED.keys() <= SOURCES
    for hosts in LISTED.values():
        assert hosts == sorted(set(hosts))
        assert all(public_host(host) == host for host in hosts)


def test_each_marker_of_ours_names_a_source() -> None:
    assert {source(None, f"via={via}") for via in Via} == {"mail", "share", "feed"}
