from collections.abc import Iterator
from itertools import repeat
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from circulation.articles.publication import Publication
from circulation.feeds.opml import Outline, opml
from circulation.feeds.sitemap import (
    MAX_URLS,
    Page,
    bounds_of_parts,
    index,
    news_sitemap,
    sitemap,
)
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
    (url,) = parsed(sitemap(pages(1)))
    assert url.findtext(f"{SITEMAP}loc") == "https://news.example/a?b=1&c=%C9%99"
    assert url.findtext(f"{SITEMAP}lastmod") == "2026-03-14T15:09:26Z"


def test_a_sitemap_has_at_most_50_000_addresses() -> None:
    assert MAX_URLS == 50_000
    assert len(locations(sitemap(pages(50_001), size=50_000_000))) == 50_000


def test_a_sitemap_ends_before_it_grows_too_long_to_be_answered() -> None:
    written = sitemap(pages(10), size=300)
    assert len(locations(written)) == 2
    assert len(locations(sitemap(pages(2)))) == 2


def test_a_site_without_articles_has_an_empty_sitemap() -> None:
    assert locations(sitemap([])) == []


def test_the_index_names_every_sitemap_and_its_last_change() -> None:
    told = index([Page("https://x.example/1?a&b", NOW), Page("https://x.example/2", NOW)])
    assert locations(told) == ["https://x.example/1?a&b", "https://x.example/2"]
    assert parsed(told)[0].findtext(f"{SITEMAP}lastmod") == "2026-03-14T15:09:26Z"


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(0, [0]), (7, [7]), (8, [4, 4]), (11, [4, 7]), (12, [4, 4, 4]), (1_000, [4] * 250)],
)
def test_a_month_is_divided_at_every_fourth_milestone_and_its_last_part_is_no_small_one(
    number: int, sizes: list[int]
) -> None:
    milestones = [f"2026-03-{place:05}" for place in range(number)]
    bounds = bounds_of_parts(milestones, "2026-03-", "2026-03-~")
    found = [sum(first <= place < end for place in milestones) for first, end in bounds]
    assert found == sizes
    assert [first for first, _ in bounds[1:]] == [end for _, end in bounds[:-1]]


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
