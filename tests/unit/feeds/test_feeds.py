"""What every feed keeps to, one sentence a rule."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from circulation.articles.article import Article
from circulation.articles.fields import read_url
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publication import FeedStyle, Publication
from circulation.feeds.atom import atom
from circulation.feeds.channel import MEDIA_TYPES, Channel, Format, Popularity, uri
from circulation.feeds.dates import rfc822
from circulation.feeds.json_feed import json_feed
from circulation.feeds.rss import rss
from circulation.feeds.sitemap import Page, news_language, sitemap
from circulation.text import legal, one_line
from circulation.times import parse_time
from circulation.urls import web_address
from tests.builders import HOSTILE_TITLES, article, json_feed_faults

PUBLICATION = Publication(
    "Fish & <Chips>",
    "https://news.example/",
    "News & more",
    "en",
    ZoneInfo("Asia/Baku"),
    image="https://news.example/logo.png",
)
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
HUB = "https://hub.example/"

WRITERS: dict[Format, Callable[[Channel], bytes]] = {
    Format.RSS: rss,
    Format.ATOM: atom,
    Format.JSON: json_feed,
}
ANY_TEXT = st.text(
    st.characters()
    | st.characters(categories=["Cs", "Cc", "Cn"])
    | st.sampled_from("]]>&<\"'\r\n\t\u202e\u0645\U0001f5de\ufffe\uffff\ud83d\x08")
)


def channel(*articles: Article, **changes: Any) -> Channel:
    return replace(Channel(PUBLICATION, "https://api.example/feed.rss", articles), **changes)


def parsed(*articles: Article, **changes: Any) -> ET.Element:
    root = ET.fromstring(rss(channel(*articles, **changes)))  # noqa: S314  our own bytes
    found = root.find("channel")
    assert found is not None
    return found


def first_item(told: Article, **changes: Any) -> ET.Element:
    item = parsed(told, **changes).find("item")
    assert item is not None
    return item


def atom_feed(*articles: Article, **changes: Any) -> ET.Element:
    return ET.fromstring(atom(channel(*articles, **changes)))  # noqa: S314


def told_json(*articles: Article, **changes: Any) -> Any:
    return json.loads(json_feed(channel(*articles, **changes)))


def links(feed: ET.Element) -> dict[str, str]:
    return {each.get("rel", ""): each.get("href", "") for each in feed.findall(f"{ATOM}link")}


@pytest.mark.parametrize("write", WRITERS.values())
def test_the_same_articles_give_the_same_bytes(write: Callable[[Channel], bytes]) -> None:
    assert write(channel(article())) == write(channel(article()))


@pytest.mark.parametrize("write", WRITERS.values())
def test_a_character_that_xml_forbids_is_nowhere(write: Callable[[Channel], bytes]) -> None:
    for forbidden in ("\x00", "\x08", "\x0c", "\x1f", "\ud83d", "\ufffe", "\uffff"):
        bad = f"a{forbidden}b"
        told = article(title=bad, summary=bad, body=bad, section=bad, authors=(bad,), tags=(bad,))
        publication = replace(PUBLICATION, title=bad, description=bad)
        written = write(channel(told, publication=publication, name=bad))
        clean = article(
            title="ab", summary="ab", body="ab", section="ab", authors=("ab",), tags=("ab",)
        )
        publication = replace(PUBLICATION, title="ab", description="ab")
        assert written == write(channel(clean, publication=publication, name="ab"))


def test_markup_in_an_rss_title_is_text_to_every_reader() -> None:
    told = rss(channel(article(title="1 < 2 & <b>bold</b>")))
    assert b"<title>1 &#x3C; 2 &#x26; &#x3C;b&#x3E;bold&#x3C;/b&#x3E;</title>" in told


def test_the_summary_comes_before_the_full_text_and_is_escaped_plain_text() -> None:
    item = first_item(article(summary="1 < 2 & so on"))
    names = [each.tag for each in item]
    assert names.index("description") < names.index(CONTENT)
    assert item.findtext("description") == "1 &lt; 2 &amp; so on"
    assert item.findtext(CONTENT) == article().body


def test_without_a_summary_the_beginning_of_the_body_is_one() -> None:
    body = "<p>" + "word " * 100 + "</p>" + '<p>A <a href="https://x.example/>">link</a>.</p>' * 99
    summary = first_item(article(body=body)).findtext("description") or ""
    assert summary == ("word " * 59).strip() + "…"
    assert len(summary) <= 300


def test_the_guid_is_a_tag_uri_that_survives_every_edit_and_equals_the_atom_id() -> None:
    edited = article(title="Other", url="https://news.example/new", published=parse_time(
        "2027-01-01T00:00:00Z"
    ))  # fmt: skip
    ids = {
        value
        for told in (article(), edited)
        for value in (
            first_item(told).findtext("guid"),
            atom_feed(told).findtext(f"{ATOM}entry/{ATOM}id"),
            told_json(told)["items"][0]["id"],
        )
    }
    assert ids == {"tag:news.example,2026:articles/harbour-clock"}
    guid = first_item(article()).find("guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"


def test_the_ids_outlive_a_change_of_the_sites_address_when_the_authority_is_told() -> None:
    moved = replace(PUBLICATION, url="https://moved.example/", feed_authority="news.example")
    for write in (rss, atom, json_feed):
        assert b"tag:news.example,2026:articles/harbour-clock" in write(
            channel(article(), publication=moved)
        )
    assert atom_feed(publication=moved).findtext(f"{ATOM}id") == "tag:news.example,2026:feeds/feed"


def test_rss_dates_are_rfc_822_in_the_publications_zone_by_the_rules_of_that_day() -> None:
    summer = PUBLICATION.local(parse_time("2012-07-01T00:00:00Z"))
    assert rfc822(summer) == "Sun, 01 Jul 2012 05:00:00 +0500"
    assert first_item(article()).findtext("pubDate") == "Sat, 14 Mar 2026 12:00:00 +0400"


@settings(deadline=None)  # the machine may be busy
@given(
    st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001
    st.integers(-840, 840),
)
def test_any_date_is_written_as_the_standard_library_writes_it(
    moment: datetime, offset: int
) -> None:
    told = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    assert rfc822(told) == format_datetime(told)


def test_every_author_is_a_dc_creator() -> None:
    item = first_item(article(authors=("A & B", "C")))
    assert [each.text for each in item.findall(CREATOR)] == ["A & B", "C"]


def test_an_image_is_an_enclosure_with_address_type_and_length() -> None:
    item = first_item(article(image="https://news.example/a.JPG?w=1"))
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {
        "url": "https://news.example/a.JPG?w=1",
        "type": "image/jpeg",
        "length": "0",
    }
    entry = atom_feed(article(image="https://news.example/a.webp")).find(f"{ATOM}entry")
    assert entry is not None
    assert links(entry)["enclosure"] == "https://news.example/a.webp"


def test_more_images_are_media_content_each_once() -> None:
    told = article(
        image="https://x.example/a.png",
        body='<p><img src="https://x.example/a.png"><img alt="src=&quot;b&gt;" src="https://x.example/b?'
        'a=1&amp;b=2"><img src="https://x.example/c.gif"><img src="https://x.example/c.gif"></p>',
    )
    for item in (first_item(told), atom_feed(told).find(f"{ATOM}entry")):
        assert item is not None
        assert [each.get("url") for each in item.findall(f"{MEDIA}content")] == [
            "https://x.example/b?a=1&b=2",
            "https://x.example/c.gif",
        ]


def test_an_image_of_a_type_that_its_address_does_not_tell_is_media_content() -> None:
    item = first_item(article(image="https://x.example/image"))
    assert item.find("enclosure") is None
    assert [each.get("url") for each in item.findall(f"{MEDIA}content")] == [
        "https://x.example/image"
    ]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://x.example/a?b=c&d=%20#e", "https://x.example/a?b=c&d=%20#e"),
        ("https://x.example/xəbər", "https://x.example/x%C9%99b%C9%99r"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ('https://x.example/"<a>"', "https://x.example/%22%3Ca%3E%22"),
    ],
)
def test_every_address_is_absolute_and_in_the_characters_of_a_uri(
    address: str, written: str
) -> None:
    told = article(url=address)
    assert first_item(told).findtext("link") == uri(address) == written
    assert told_json(told)["items"][0]["url"] == written


def test_the_channel_says_what_it_is() -> None:
    told = parsed()
    assert told.findtext("title") == "Fish & <Chips>"
    assert told.findtext("link") == "https://news.example/"
    assert told.findtext("description") == "News & more"
    assert told.findtext("language") == "en"
    assert links(told)["self"] == "https://api.example/feed.rss"
    assert told.findtext("image/url") == "https://news.example/logo.png"
    assert told.findtext("image/title") == told.findtext("title")
    assert told.findtext("image/link") == told.findtext("link")
    assert parsed(name="city").findtext("title") == "Fish & <Chips>: city"
    without = replace(PUBLICATION, image="")
    assert parsed(publication=without).find("image") is None


def test_ttl_says_in_minutes_what_max_age_says_in_seconds() -> None:
    assert parsed().findtext("ttl") == "15"
    assert parsed(style=FeedStyle(max_age=3_600)).findtext("ttl") == "60"


def test_articles_stand_in_the_order_they_are_given() -> None:
    told = (article("new"), article("old"))
    assert [each.findtext("guid") for each in parsed(*told).findall("item")] == [
        "tag:news.example,2026:articles/new",
        "tag:news.example,2026:articles/old",
    ]


def test_last_build_date_is_the_newest_change_and_never_now() -> None:
    old = article("a", changed=parse_time("2026-03-14T10:00:00Z"))
    edited = article("b", changed=parse_time("2026-03-14T20:00:00Z"))
    assert parsed(old, edited).findtext("lastBuildDate") == "Sun, 15 Mar 2026 00:00:00 +0400"
    assert parsed().find("lastBuildDate") is None
    waited = article("c", changed=parse_time("2026-03-01T00:00:00Z"))
    assert parsed(waited).findtext("lastBuildDate") == "Sat, 14 Mar 2026 12:00:00 +0400"


def test_views_are_in_the_feed_of_popular_articles_alone_and_only_as_json() -> None:
    popular = Popularity("24h", {"harbour-clock": 348})
    (item,) = told_json(article(), popularity=popular)["items"]
    assert item["_views"] == {"window": "24h", "views": 348}
    assert "_views" not in told_json(article())["items"][0]
    for write in (rss, atom):
        assert b"348" not in write(channel(article(), popularity=popular))


def test_atom_has_what_rfc_4287_requires() -> None:
    feed = atom_feed(article(authors=("A",), updated=parse_time("2026-03-14T10:00:00Z")))
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    for each in (feed, entry):
        for required in ("id", "title", "updated", "author"):
            assert each.find(f"{ATOM}{required}") is not None
    assert links(feed)["alternate"] == "https://news.example/"
    assert links(entry)["alternate"] == article().url
    assert entry.findtext(f"{ATOM}updated") == "2026-03-14T14:00:00+04:00"
    assert entry.findtext(f"{ATOM}published") == "2026-03-14T12:00:00+04:00"
    assert atom_feed().findtext(f"{ATOM}updated") == "2026-01-01T04:00:00+04:00"


def test_json_feed_has_text_ids_authors_language_next_page_and_hubs() -> None:
    told = told_json(
        article(authors=("A", "B"), language="az"),
        next_url="https://api.example/feed.json?before=x",
        style=FeedStyle(hub=HUB),
    )
    assert not json_feed_faults(told)
    assert told["language"] == "en"
    assert told["next_url"] == "https://api.example/feed.json?before=x"
    assert told["hubs"] == [{"type": "WebSub", "url": HUB}]
    (item,) = told["items"]
    assert item["id"] == "tag:news.example,2026:articles/harbour-clock"
    assert item["authors"] == [{"name": "A"}, {"name": "B"}]
    assert item["language"] == "az"


def test_the_hub_and_the_next_page_are_named_in_every_format() -> None:
    more = {"style": FeedStyle(hub=HUB), "next_url": "https://api.example/next"}
    for feed in (parsed(**more), atom_feed(**more)):
        assert links(feed)["hub"] == HUB
        assert links(feed)["next"] == "https://api.example/next"
    assert not {"hub", "next"} & set(links(parsed()))


def test_summaries_alone_are_given_where_the_full_text_is_not_to_be() -> None:
    more = {"style": FeedStyle(full_text=False)}
    told = article(summary="In short", body="<p>All of it</p>")
    assert first_item(told, **more).find(CONTENT) is None
    for write in (rss, atom, json_feed):
        assert b"All of it" not in write(channel(told, **more))
    item = told_json(told, **more)["items"][0]
    assert item["content_text"] == item["summary"] == "In short"
    assert not json_feed_faults(told_json(told, **more))


def test_the_media_types_are_those_that_are_registered_or_specified() -> None:
    assert MEDIA_TYPES == {
        "rss": "application/rss+xml",
        "atom": "application/atom+xml",
        "json": "application/feed+json",
    }


FIELDS = ("title", "summary", "body", "section", "author", "tag", "publication", "description")


def full(texts: dict[str, str]) -> Channel:
    """A channel with a text in every field that holds any."""
    told = article(
        title=texts["title"],
        summary=texts["summary"],
        body=texts["body"],
        section=texts["section"],
        authors=(texts["author"],),
        tags=(texts["tag"],),
        url=f"https://news.example/{texts['tag']}",
    )
    publication = replace(PUBLICATION, title=texts["publication"], description=texts["description"])
    return channel(told, publication=publication, name=texts["tag"])


@pytest.mark.parametrize("body", ["a]]>b", "]]\x08>", "]\ufffe]>", "<p>]]&gt;</p>", "a\r\nb\r"])
def test_nothing_in_a_body_ends_the_element_that_holds_it(body: str) -> None:
    assert first_item(article(body=body)).findtext(CONTENT) == legal(body)
    entry = atom_feed(article(body=body)).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}content") == legal(body)


@settings(deadline=None)  # the machine may be busy
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANY_TEXT)))
def test_expat_and_lxml_read_any_text_back_less_what_xml_forbids(texts: dict[str, str]) -> None:
    texts = texts | {"section": f"s{texts['section']}", "tag": f"t{texts['tag']}"}
    expected = {name: legal(text) for name, text in texts.items()}
    parsers: tuple[Any, ...] = (ET.fromstring, etree.fromstring)
    for parse in parsers:
        told = parse(rss(full(texts)))
        for path, field in {
            "channel/description": "description",
            "channel/item/title": "title",
            f"channel/item/{CONTENT}": "body",
            f"channel/item/{CREATOR}": "author",
        }.items():
            assert (told.findtext(path) or "") == expected[field], path
        terms = [each.text for each in told.findall("channel/item/category")]
        assert terms == list(dict.fromkeys((expected["section"], expected["tag"])))
        told = parse(atom(full(texts)))
        entry = told.find(f"{ATOM}entry")
        for path, field in {
            "title": "title",
            "content": "body",
            f"author/{ATOM}name": "author",
        }.items():
            assert (entry.findtext(ATOM + path) or "") == expected[field], path
        assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == terms
        assert (told.findtext(f"{ATOM}subtitle") or "") == expected["description"]


@settings(deadline=None)  # the machine may be busy
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANY_TEXT)))
def test_any_text_gives_a_valid_json_feed(texts: dict[str, str]) -> None:
    told = json.loads(json_feed(full(texts)))
    assert not json_feed_faults(told)
    (item,) = told["items"]
    assert item.get("title", "") == legal(texts["title"])
    assert item.get("content_html", "") == legal(texts["body"])


# feedparser takes some of Latin-1, which XML allows, for what an older encoding has made of UTF-8.
@settings(deadline=None)  # the machine may be busy
@given(ANY_TEXT.map(lambda text: re.sub("[\x80-\xff]", "", text)))
def test_feedparser_reads_any_title_back(text: str) -> None:
    title = one_line(text)
    for write in (rss, atom):
        told = feedparser.parse(write(channel(article(title=text))))
        assert not told.bozo
        assert one_line(told.entries[0].get("title", "")) == title


@pytest.mark.parametrize("write", [rss, atom])
def test_feedparser_reads_titles_bodies_and_authors(write: Callable[[Channel], bytes]) -> None:
    told = feedparser.parse(write(channel(article(authors=("A & B", "C"), tags=("x",)))))
    assert not told.bozo
    assert told.feed.title == "Fish & <Chips>"
    entry = told.entries[0]
    assert entry.content[0].value == "<p>At noon it struck twelve.</p>"
    assert [each.name for each in entry.authors] == ["A & B", "C"]
    assert [each.term for each in entry.tags] == ["city", "x"]


def test_the_same_50_articles_with_hostile_titles_read_alike_in_all_three_formats() -> None:
    articles = [
        article(
            f"a{number}",
            title=HOSTILE_TITLES[number % len(HOSTILE_TITLES)] + f" {number}",
            summary=f"In short: {HOSTILE_TITLES[-1 - number % len(HOSTILE_TITLES)]}",
            body=f"<p>At noon &amp; later: {number} &lt; 51.</p>",
            authors=("A & <B>", "Əli"),
            tags=("x & y", "نص"),
        )
        for number in range(50)
    ]
    read = [_read(write(channel(*articles))) for write in (rss, atom)]
    assert [entry["title"] for entry in read[0]] == [each.title for each in articles]
    assert read[0] == read[1] == _read_json(json_feed(channel(*articles)))


def _read_json(told: bytes) -> list[dict[str, Any]]:
    """Read a JSON feed, which feedparser does not know, as feedparser reads the others."""
    return [
        {
            "id": each["id"],
            "title": each["title"],
            "link": each["url"],
            "published": parse_time(each["date_published"]).timetuple()[:6],
            "content": each["content_html"],
            "authors": [author["name"] for author in each["authors"]],
            "tags": each["tags"],
        }
        for each in json.loads(told)["items"]
    ]


def _read(told: bytes) -> list[dict[str, Any]]:
    found = feedparser.parse(told)
    assert not found.bozo, found.bozo_exception
    return [
        {
            "id": each.id,
            "title": each.title,
            "link": each.link,
            "published": each.published_parsed[:6],
            "content": each.content[0].value,
            "authors": [author.name for author in each.authors],
            "tags": [tag.term for tag in each.tags],
        }
        for each in found.entries
    ]


def test_a_feed_links_to_the_page_that_it_is_of_in_every_format() -> None:
    page = "https://news.example/sections/city%20hall"
    changes = {"page": page, "name": "city hall (section)"}
    assert parsed(**changes).findtext("link") == page
    assert links(atom_feed(**changes))["alternate"] == page
    assert told_json(**changes)["home_page_url"] == page
    assert parsed(**changes).findtext("title") == "Fish & <Chips>: city hall (section)"
    assert parsed().findtext("link") == "https://news.example/"


def test_the_page_of_a_listing_is_where_the_publication_says() -> None:
    publication = replace(
        PUBLICATION,
        section_url="https://news.example/s/{name}/",
        author_url="https://news.example/?by={name}",
    )
    pages = {
        Listing(
            Kind.SECTION, "Şəhər & co/2"
        ): "https://news.example/s/%C5%9E%C9%99h%C9%99r%20%26%20co%2F2/",
        Listing(Kind.AUTHOR, "A {name}"): "https://news.example/?by=A%20%7Bname%7D",
        Listing(Kind.TAG, "clock"): "https://news.example/",
        ALL: "https://news.example/",
    }
    assert {listing: publication.page_of(listing) for listing in pages} == pages


def test_a_recording_is_the_enclosure_and_the_picture_stands_beside_it() -> None:
    sound = "https://x.example/show.mp3?a=1&b=2"
    body = (
        '<figure><a href="https://x.example/page">page</a></figure>'
        '<figure><a href="https://x.example/show.mp3?a=1&amp;b=2">show.mp3</a></figure>'
    )
    show = article(body=body, image="https://x.example/a.png")
    enclosed = first_item(show).find("enclosure")
    assert enclosed is not None
    assert enclosed.attrib == {"url": sound, "type": "audio/mpeg", "length": "0"}
    pictures = [media.get("url") for media in first_item(show).findall(f"{MEDIA}content")]
    assert pictures == ["https://x.example/a.png"]
    entry = atom_feed(show).find(f"{ATOM}entry")
    assert entry is not None
    assert links(entry)["enclosure"] == sound
    item = told_json(show)["items"][0]
    assert item["attachments"] == [{"url": sound, "mime_type": "audio/mpeg"}]
    assert "attachments" not in told_json(article(image="https://x.example/a.png"))["items"][0]


def test_an_empty_summary_is_left_out() -> None:
    picture = article(summary=None, body='<p><img src="https://news.example/a.png"></p>')
    assert first_item(picture).find("description") is None
    assert atom_feed(picture).find(f"{ATOM}entry/{ATOM}summary") is None
    assert "summary" not in told_json(picture)["items"][0]


URI = re.compile(r"https?://[A-Za-z0-9.:-]+(?:[A-Za-z0-9._~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*")


@pytest.mark.parametrize(
    "path",
    ["50%-off/[x]/ü", "a%2fb%zz%", "a b|c^d`e{f}", "?q=[1]%", "#[1]", "a\\b", "\u3002", "%%41"],
)
def test_whatever_stands_in_an_address_it_is_written_as_a_uri(path: str) -> None:
    url = read_url(f"https://news.example/{path}")
    picture = article(url=url, image=read_url(f"https://x.example/{path}.png"))
    addresses = [
        first_item(picture).findtext("link"),
        *(part.get("url") for part in parsed(picture).iter() if part.get("url")),
        *(part.get("href") for part in atom_feed(picture).iter() if part.get("href")),
        told_json(picture)["items"][0]["url"],
        *re.findall("<loc>(.*?)</loc>", sitemap([Page(url, article().published)]).decode()),
    ]
    for address in addresses:
        assert URI.fullmatch(unescape(address or "")), address


@pytest.mark.parametrize("control", ["\x00", "\x1f", "\x7f", "\x85", "\x9f", "\ud800"])
def test_an_address_with_a_control_character_is_refused(control: str) -> None:
    with pytest.raises(ValueError, match="control characters"):
        web_address(f"https://news.example/a{control}b")


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"), ("az", "az"), ("zh", "zh-cn"), ("zh-CN", "zh-cn"), ("zh-Hans-HK", "zh-cn"),
        ("zh-TW", "zh-tw"), ("zh-Hant-TW", "zh-tw"), ("zh-Hant", "zh-tw"), ("zh-HK", "zh-tw"),
    ],
)  # fmt: skip
def test_news_are_in_a_language_that_google_knows(tag: str, language: str) -> None:
    assert news_language(tag) == language
