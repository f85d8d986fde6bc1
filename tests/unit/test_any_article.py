"""Whatever a publisher sends is refused by its fields, or can be shown in every form there is."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from circulation.articles.article import MAX_UNKNOWN, Article, read_submission
from circulation.articles.canonical_path import canonical_path
from circulation.articles.publication import FeedStyle, Publication
from circulation.articles.publishing import sanitise_article
from circulation.articles.queries import CountedArticle
from circulation.counting.counts import Count
from circulation.errors import InvalidInput
from circulation.feeds.atom import atom
from circulation.feeds.channel import Channel, Popularity
from circulation.feeds.json_feed import json_feed
from circulation.feeds.opml import Outline, opml
from circulation.feeds.rss import rss
from circulation.feeds.sitemap import Page, news_sitemap, sitemap
from circulation.urls import web_address
from circulation.web.json.articles import article_json, article_ld_json
from circulation.web.pages.frame import frame_page
from circulation.web.pages.print_page import print_page
from circulation.web.response import json_response
from tests.builders import json_feed_faults, submitted
from tests.unit.test_urls import urls

PUBLICATION = Publication(
    "Fish & <Chips>", "https://news.example/", "News", "en", ZoneInfo("Asia/Baku")
)

text = st.text(st.characters() | st.sampled_from("<>&\"'\r\n\x00\x1b\x85\u202e\ufffe\ud800"))
times = st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Asia/Baku")])).map(
    datetime.isoformat
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text | urls | times,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)
bodies = st.lists(
    st.one_of(
        text,
        st.sampled_from(["<p>", "</p>", "<b>", "<ul><li>", "]]>", "<!--", "<table><td>", "\n\n"]),
        st.builds('<img src="{}" alt="x">'.format, urls),
        st.builds("<a href='{}'>x</a>".format, urls),
    ),
    max_size=8,
).map("".join)


def published(data: dict[str, Any]) -> Article | None:
    """Do what publishing does before anything is stored; None where it refuses."""
    try:
        return sanitise_article(read_submission("x", data).article)
    except InvalidInput:
        return None


def check(article: Article) -> None:
    """Write an article in every form; each is well-formed, and has web addresses alone."""
    for style in (FeedStyle(), FeedStyle(full_text=False)):
        channel = Channel(PUBLICATION, "https://api.example/feed.rss", [article], style=style)
        popular = replace(channel, popularity=Popularity("24h", {article.id: 1}))
        for written in (rss(channel), atom(channel)):
            root = etree.fromstring(written)
            found = [*root.xpath("//@url | //@href"), *root.xpath("//item/link/text()")]
            assert all(web_address(url) == url for url in found), found
        for told in (json_feed(channel), json_feed(popular)):
            assert not json_feed_faults(json.loads(told))
    outline = Outline(article.section, "https://api.example/feed.rss", PUBLICATION.url)
    written_sitemap = sitemap([Page(article.url, article.revised())])
    for written in (opml(PUBLICATION, [outline], []), news_sitemap([article], PUBLICATION)):
        etree.fromstring(written)
    assert etree.fromstring(written_sitemap)[0][0].text == article.url
    counted = CountedArticle(article, Count(article.id, 1, 1))
    for shown in (article_json(counted, PUBLICATION), article_ld_json(counted, PUBLICATION)):
        assert json.loads(json_response(shown).body)
    for page in (print_page(article, PUBLICATION), frame_page(article, 1, PUBLICATION)):
        assert page.decode().startswith("<!doctype html>")
    assert canonical_path(article.url).startswith("/")
    assert urlsplit(article.url).hostname


@settings(deadline=None)
@given(urls, urls, bodies)
def test_any_address_is_refused_or_works_everywhere(url: str, image: str, body: str) -> None:
    article = published(submitted(url=url, image=image, body=body))
    if article:
        check(article)
    # However bad the others are, the body's addresses never stand in the way.
    article = published(submitted(body=f"<p>x</p>{body}"))
    assert article
    check(article)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*submitted(), "updated", "summary", "author", "language", "tags", "image",
                         "views_before", "id", "views"]) | text,
        anything,
        max_size=4,
    )
)  # fmt: skip
def test_any_fields_are_refused_or_shown(changes: dict[str, Any]) -> None:
    article = published(submitted() | changes)
    if article:
        check(article)


@settings(deadline=None)
@given(text, text, text, times)
def test_any_words_are_refused_or_shown(title: str, section: str, tag: str, at: str) -> None:
    article = published(
        submitted(title=title, section=section, tags=[tag], author=tag, summary=title, published=at)
    )
    if article:
        check(article)


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example:99999/a", "https://256.1.1.1/x", "https://1.2.3.4.5/",
        "https://host:port/", "https://exa^mple/", "https://%zz/", "https://a|b/", "https://xn--a/",
        "https://a%00b/", "https://[v1.x]/", "https://ex<ample/x", "https://[oops/", "https://℀.x/",
        "https://a@b/", "https://:p@b/", "ftp://x", "https:///x", "x",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_a_fault_of_its_field(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_submission("x", submitted(url=url, image=url))
    assert [fault.field for fault in refused.value.faults] == ["url", "image"]


def test_an_address_is_kept_in_normal_form() -> None:
    article = read_submission("x", submitted(url="https://xəbər.example/ə b")).article
    assert article.url == "https://xn--xbr-dtbb.example/%C9%99%20b"


@pytest.mark.parametrize("number", [MAX_UNKNOWN, MAX_UNKNOWN + 1, 100_000])
def test_of_many_unknown_fields_some_are_named_and_the_rest_is_counted(number: int) -> None:
    unknown = {f"field-{place:06}": "x" for place in range(number)}
    with pytest.raises(InvalidInput) as refused:
        read_submission("x", submitted() | unknown)
    named = [fault for fault in refused.value.faults if fault.field.startswith("field-")]
    assert len(named) == MAX_UNKNOWN
    rest = [fault.reason for fault in refused.value.faults if fault.field == "*"]
    left = number - MAX_UNKNOWN
    assert rest == ([f"{left} more are no fields of an article"] if left else [])
