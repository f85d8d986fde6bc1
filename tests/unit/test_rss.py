from dataclasses import replace
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.article import Article
from circulation.feeds.channel import MAX_AGE, Channel
from circulation.feeds.dates import rfc822
from circulation.feeds.rss import rss
from circulation.publication import Publication
from circulation.text import legal, one_line
from circulation.times import parse_time
from tests.builders import article

PUBLICATION = Publication(
    "Fish & <Chips>", "https://news.example/", "News & more", "en", ZoneInfo("Asia/Baku")
)
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def feed(*articles: Article) -> bytes:
    return rss(Channel(PUBLICATION, "https://api.example/feed.rss", articles))


def first_item(told: Article) -> ET.Element:
    item = ET.fromstring(feed(told)).find("channel/item")  # noqa: S314  our own bytes
    assert item is not None
    return item


def test_the_same_articles_give_the_same_bytes() -> None:
    assert feed(article()) == feed(article())


def test_last_build_date_is_the_newest_change() -> None:
    old = article("a", changed=parse_time("2026-03-14T10:00:00Z"))
    edited = article("b", changed=parse_time("2026-03-14T20:00:00Z"))
    assert b"<lastBuildDate>Sun, 15 Mar 2026 00:00:00 +0400</lastBuildDate>" in feed(old, edited)
    assert b"lastBuildDate" not in feed()


def test_ttl_says_in_minutes_what_max_age_says_in_seconds() -> None:
    assert f"<ttl>{MAX_AGE / 60:.0f}</ttl>".encode() in feed()


def test_markup_in_a_title_is_text_to_every_reader() -> None:
    told = feed(article(title="1 < 2 & <b>bold</b>"))
    assert b"<title>1 &#x3C; 2 &#x26; &#x3C;b&#x3E;bold&#x3C;/b&#x3E;</title>" in told


def test_the_guid_is_a_tag_uri_that_survives_every_edit() -> None:
    def guid(told: Article) -> str | None:
        return first_item(told).findtext("guid")

    edited = article(title="Other", url="https://news.example/new", published=parse_time(
        "2027-01-01T00:00:00Z"
    ))  # fmt: skip
    assert guid(article()) == guid(edited) == "tag:news.example,2026:articles/harbour-clock"


def test_the_summary_comes_before_the_full_text() -> None:
    names = [each.tag for each in first_item(article())]
    assert names.index("description") < names.index(CONTENT)


def test_dates_are_in_the_publications_zone_by_the_rules_of_that_day() -> None:
    summer = PUBLICATION.local(parse_time("2012-07-01T00:00:00Z"))
    assert rfc822(summer) == "Sun, 01 Jul 2012 05:00:00 +0500"
    assert b"<pubDate>Sat, 14 Mar 2026 12:00:00 +0400</pubDate>" in feed(article())


@given(st.text(st.characters() | st.characters(categories=["Cs", "Cc"]), min_size=1))
def test_any_text_comes_back_as_it_went_in_less_what_xml_forbids(text: str) -> None:
    told = replace(
        article(), title=one_line(text), summary=legal(text), body=f"<p>]]>{legal(text)}</p>"
    )
    item = first_item(told)
    newlines = legal(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (item.findtext("title") or "").split() == one_line(text).split()
    assert item.findtext(CONTENT) == f"<p>]]>{newlines}</p>"


@pytest.mark.parametrize("title", ["AT&T <script> “ə” 🗞", "نص عربي", "1 < 2 > 0 & more"])
def test_feedparser_reads_titles_bodies_and_authors(title: str) -> None:
    told = feedparser.parse(feed(article(title=title, authors=("A & B", "C"), tags=("x",))))
    assert not told.bozo
    assert told.feed.title == "Fish & <Chips>"
    entry = told.entries[0]
    assert entry.title == title
    assert entry.content[0].value == "<p>At noon it struck twelve.</p>"
    assert [each.name for each in entry.authors] == ["A & B", "C"]
    assert [each.term for each in entry.tags] == ["city", "x"]
