from collections.abc import Iterator
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from circulation.articles.publication import Publication
from circulation.feeds.opml import Outline, opml
from circulation.feeds.sitemap import MAX_URLS, Page, index, news_sitemap, split
from circulation.text import legal
from tests.builders import NOW, article

PUBLICATION = Publication(
    "Fish & <Chips>", "https://news.example/", "News", "az-Latn", ZoneInfo("Asia/Baku")
)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def parsed(told: bytes) -> Any:
    return etree.fromstring(told)


def locations(told: bytes) -> list[str]:
    return [each.text for each in parsed(told).iter(f"{SITEMAP}loc")]


def pages(number: int) -> Iterator[Page]:
    yield from repeat(Page("https://news.example/a?b=1&c=ə", NOW), number)


def test_a_sitemap_has_the_address_and_last_change_of_every_article() -> None:
    (told,) = split(pages(1))
    (url,) = parsed(told)
    assert url.findtext(f"{SITEMAP}loc") == "https://news.example/a?b=1&c=%C9%99"
    assert url.findtext(f"{SITEMAP}lastmod") == "2026-03-14T15:09:26Z"


def test_sitemaps_are_split_at_50_000_addresses() -> None:
    assert MAX_URLS == 50_000
    assert [len(locations(each)) for each in split(pages(50_001), size=50_000_000)] == [50_000, 1]
    assert len(split(pages(50_000), size=50_000_000)) == 1


def test_sitemaps_are_split_before_they_grow_too_long_to_be_answered() -> None:
    told = split(pages(10), size=300)
    assert sum(len(locations(each)) for each in told) == 10
    assert len(told) > 3


def test_the_first_sitemaps_stay_as_they_are_when_articles_are_added() -> None:
    assert split(pages(7), urls=3)[:2] == split(pages(9), urls=3)[:2]


def test_a_site_without_articles_has_one_empty_sitemap() -> None:
    assert [locations(each) for each in split([])] == [[]]


def test_the_index_names_every_sitemap() -> None:
    told = index(["https://x.example/1?a&b", "https://x.example/2"])
    assert locations(told) == ["https://x.example/1?a&b", "https://x.example/2"]


def test_the_news_sitemap_tells_publication_language_time_and_title() -> None:
    told = news_sitemap([article(title="A & <B>"), article(language="en-GB")], PUBLICATION)
    first, second = parsed(told).iter(f"{NEWS}news")
    assert first.findtext(f"{NEWS}publication/{NEWS}name") == "Fish & <Chips>"
    assert first.findtext(f"{NEWS}publication/{NEWS}language") == "az"
    assert second.findtext(f"{NEWS}publication/{NEWS}language") == "en"
    assert first.findtext(f"{NEWS}publication_date") == "2026-03-14T12:00:00+04:00"
    assert first.findtext(f"{NEWS}title") == "A & <B>"


def test_opml_lists_feeds_and_groups_and_leaves_empty_groups_out() -> None:
    told = opml(
        PUBLICATION,
        [Outline("Fish & <Chips>", "https://api.example/feed.rss", PUBLICATION.url)],
        [
            ("Sections", [Outline("city", "https://api.example/s", "https://news.example/s")]),
            ("Tags", []),
        ],
    )
    site, sections = parsed(told).find("body")
    assert dict(site.attrib) == {
        "type": "rss",
        "text": "Fish & <Chips>",
        "title": "Fish & <Chips>",
        "xmlUrl": "https://api.example/feed.rss",
        "htmlUrl": "https://news.example/",
    }
    assert sections.get("text") == "Sections"
    assert [each.get("text") for each in sections] == ["city"]


@settings(deadline=None)  # the machine may be busy
@given(st.text(st.characters() | st.characters(categories=["Cs", "Cc"])))
def test_any_name_and_title_are_read_back_less_what_xml_forbids(text: str) -> None:
    told = opml(PUBLICATION, [Outline(f"x{text}", "https://api.example/s", PUBLICATION.url)], [])
    assert parsed(told).find("body/outline").get("text") == legal(f"x{text}")
    told = news_sitemap([article(title=text)], PUBLICATION)
    assert (next(parsed(told).iter(f"{NEWS}title")).text or "") == legal(text)
