import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.article import read_submission
from circulation.importing.feed import read_feed
from circulation.importing.items import SourceDefaults, SourceError, Verdict

READ = datetime(2026, 11, 27, 12, tzinfo=UTC)
GROUND = SourceDefaults("https://news.example/", "city", ZoneInfo("Asia/Baku"))

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>
<link>https://news.example/</link><language>az</language>
<item><title>Clock &amp;amp; tower</title><link>https://news.example/city/2643.html</link>
<guid isPermaLink="false">post 1</guid><pubDate>Fri, 26 Dec 2025 11:11:00 +0400</pubDate>
<dc:creator>A Writer</dc:creator><category>City</category><category>Clocks/towers</category>
<description>In short</description><content:encoded><![CDATA[<p>Whole</p>]]></content:encoded>
<enclosure url="/clock.jpg" type="image/jpeg" length="1"/></item>
<item><title>Second</title><link>/second</link><pubDate>Fri, 26 Dec 2025 12:00:00 GMT</pubDate>
<description>Only this</description></item>
</channel></rss>"""

RDF = """<?xml version="1.0" encoding="ISO-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://news.example/">
<title>News</title><link>https://news.example/</link></channel>
<item rdf:about="https://news.example/caf\u00e9"><title>Caf\u00e9</title>
<link>https://news.example/cafe</link><description>Text</description>
<dc:date>2025-12-26T11:11:00+04:00</dc:date></item></rdf:RDF>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<link href="/" rel="alternate"/><entry><id>/one</id><title>One</title><link href="/one"/>
<published>2025-12-26T11:11:00+04:00</published><updated>2025-12-27T11:11:00+04:00</updated>
<author><name>B</name></author>
<content type="html">&lt;p&gt;Body&lt;/p&gt;</content></entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "home_page_url": "https://news.example/",
    "items": [
        {"id": "7", "url": "/seven", "content_text": "A short note without a title, of one line.",
         "date_published": "2025-12-26T11:11:00", "tags": ["city", "x"],
         "authors": [{"name": "C"}]},
        "no item",
    ],
}  # fmt: skip


def found(
    content: str, encoding: str = "utf-8", defaults: SourceDefaults = GROUND
) -> list[dict[str, Any]]:
    told = [each.article for each in read_feed(content.encode(encoding), defaults) if each.article]
    for each in told:
        read_submission(each["id"], each)
    return told


def test_rss_gives_every_field_of_an_article() -> None:
    first, second = found(RSS)
    assert first == {
        "id": first["id"],
        "source_ids": ["news.example:post 1"],
        "section": "City",
        "title": "Clock & tower",
        "body": "<p>Whole</p>",
        "url": "https://news.example/city/2643.html",
        "published": "2025-12-26T07:11:00Z",
        "summary": "In short",
        "author": ["A Writer"],
        "tags": ["Clocks-towers"],
        "language": "az",
        "image": "https://news.example/clock.jpg",
    }
    assert (second["url"], second["section"]) == ("https://news.example/second", "city")
    assert (second["body"], "summary" in second) == ("Only this", False)
    assert ("body_is_summary" in first, second["body_is_summary"]) == (False, True)
    assert first["id"].startswith("2643-")


def test_rdf_is_read_in_the_encoding_that_it_declares() -> None:
    (told,) = found(RDF, "iso-8859-1")
    assert (told["title"], told["published"]) == ("Café", "2025-12-26T07:11:00Z")


def test_atom_tells_updates_and_relative_addresses() -> None:
    (told,) = found(ATOM)
    assert told["url"] == "https://news.example/one"
    assert told["updated"] == "2025-12-27T07:11:00Z"


def test_json_feed_gives_titles_to_notes_and_reads_local_times_in_the_zone() -> None:
    (told,) = found(json.dumps(JSON_FEED))
    assert told["title"] == "A short note without a title, of one line."
    assert (told["source_ids"][0], told["published"]) == ("news.example:7", "2025-12-26T07:11:00Z")
    assert (told["section"], told["tags"]) == ("city", ["x"])
    refused = [each for each in read_feed(json.dumps(JSON_FEED).encode(), GROUND) if each.reason]
    assert [each.where for each in refused] == ["item 2"]


def test_of_a_broken_feed_what_can_be_read_is_and_the_break_is_told() -> None:
    *whole, told = read_feed(RSS[: RSS.index("<item><title>Second")].encode(), GROUND)
    assert [each.article["title"] for each in whole if each.article] == ["Clock & tower"]
    assert "not well-formed" in told.reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>no feed</body></html>",
        b'{"items": 1}',
        b"{",
        b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel/></rss>',
    ],
)
def test_what_is_no_feed_or_declares_entities_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError):
        list(read_feed(content, GROUND))


@pytest.mark.parametrize(
    ("kind", "date"),
    [
        ("rss", "Sat, 31 Dec 2016 23:59:60 GMT"),
        ("rss", "Sat, 31 Dec 2016 15:59:60 -0800"),
        ("atom", "2016-12-31T23:59:60Z"),
        ("atom", "2016-12-31T15:59:60-08:00"),
        ("json", "2016-12-31T15:59:60.5-08:00"),
    ],
)
def test_a_leap_second_is_the_second_before_it(kind: str, date: str) -> None:
    content = {
        "json": json.dumps({"items": [ITEM | {"date_published": date}]}),
        "rss": RSS.replace("Fri, 26 Dec 2025 12:00:00 GMT", date),
        "atom": ATOM.replace("2025-12-26T11:11:00+04:00", date),
    }[kind]
    assert found(content)[-1]["published"] == "2016-12-31T23:59:59Z"


ITEM = {
    "id": "1", "url": "https://news.example/one", "title": "One", "content_text": "Text",
    "date_published": "2026-01-01T00:00:00Z",
}  # fmt: skip
FIELDS = [
    *ITEM, "external_url", "content_html", "summary", "image", "banner_image", "date_modified",
    "authors", "author", "tags", "language", "attachments",
]  # fmt: skip
ODD: list[Any] = [
    None, True, 5, -1.5, 10**4_000, "", "\ud800", "\x1b[2J", [], [5], [[]], [None], {}, {"a": {}},
    "https://[", "https://[oops/a", "https://host:99999/", "https://℀.example/", "//[", "x" * 9_000,
    "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-45",
]  # fmt: skip
ZONES = ["UTC", "Asia/Baku", "America/New_York", "Pacific/Kiritimati", "Africa/Monrovia"]
BAD_ADDRESSES = [
    "https://[oops/", "https://[", "https://h:99999/", "https://℀@h/", "//[x", "http://a]@b/é",
    "https://xn--a/", "https://u:p@h/", "https://256.1.1.1/",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_any_kind_spoils_its_own_item_alone(field: str, zone: str) -> None:
    defaults = SourceDefaults("https://news.example/", "city", ZoneInfo(zone))
    good = ITEM | {"id": "good", "url": "https://news.example/good"}
    for value in ODD:
        text = json.dumps({"items": [good, ITEM | {field: value}, good | {"id": "last"}]})
        articles = [item.article for item in read_feed(text.encode(), defaults) if item.article]
        ids = [articles[place]["source_ids"][0] for place in (0, -1)]
        assert ids == ["news.example:good", "news.example:last"], value


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
@pytest.mark.parametrize("kind", ["json", "rss", "atom"])
def test_an_empty_or_far_date_is_none(kind: str, date: str, zone: str) -> None:
    content = {
        "json": json.dumps({"items": [ITEM | {"date_published": date}]}),
        "rss": RSS.replace("Fri, 26 Dec 2025 12:00:00 GMT", date),
        "atom": ATOM.replace("2025-12-26T11:11:00+04:00", date)
        .replace("2025-12-27T11:11:00+04:00", date),
    }[kind]  # fmt: skip
    defaults = SourceDefaults("https://news.example/", "city", ZoneInfo(zone), READ)
    *_, warning, last = read_feed(content.encode(), defaults)
    assert (warning.verdict, date in warning.reason) == (Verdict.WARNING, True)
    assert last.article
    assert last.article["undated"]
    assert last.article["published"].startswith("2026-11-27T")


@pytest.mark.parametrize("address", BAD_ADDRESSES)
@pytest.mark.parametrize(
    "place",
    [
        "<link>https://news.example/city/2643.html</link>",
        "<link>https://news.example/</link>",
        'url="/clock.jpg"',
        "<p>Whole</p>",
    ],
)
def test_a_bad_address_in_a_feed_spoils_no_other_item(place: str, address: str) -> None:
    bad = re.sub(r"https://[^<\"]*|/clock.jpg|Whole", lambda _: address, place)
    assert place in RSS
    content = RSS.replace(place, bad.replace("<p>", f'<p><img src="{address}">'))
    told = [each.article for each in read_feed(content.encode(), GROUND) if each.article]
    assert [each["title"] for each in told] == ["Clock & tower", "Second"]
    assert told[-1]["url"] == "https://news.example/second"


def test_a_feed_of_very_long_words_is_read_at_once() -> None:
    long = "<" * 100_000
    content = RSS.replace("In short", long.replace("<", "&lt;"))
    first, _ = found(content)
    assert first["summary"].startswith("<<<")


@pytest.mark.parametrize("kind", ["a feed", "no feed"])
def test_what_a_site_answers_never_names_a_file(kind: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.rss"
    secret.write_text(RSS if kind == "a feed" else "secret")
    for content in (str(secret), f"{secret}\n", secret.as_uri(), f" {secret}", f"{secret}\0"):
        with pytest.raises(SourceError) as refused:
            list(read_feed(content.encode(), GROUND))
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "name",
    ["/dev/zero", "/proc/self/environ", ".", "/", "", "-", "http://127.0.0.1/", "file:///etc/passwd",
     "feed://127.0.0.1/", "ftp://127.0.0.1/"],
)  # fmt: skip
def test_the_name_of_a_device_or_an_address_is_no_feed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail("a file or a connection was opened")

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    with pytest.raises(SourceError):
        list(read_feed(name.encode(), GROUND))


def test_what_names_an_item_cannot_move_a_cursor_or_forge_a_line() -> None:
    title = "\x1b]0;pwned\x07\nWARNING forged\u2028line \x9b2J\u202eabc"
    content = json.dumps({"items": [{"title": title}, title]})
    told = list(read_feed(content.encode(), GROUND))
    # In the title of an article U+009B is what windows-1252 has there; in other texts it goes.
    assert told[0].where == "]0;pwned WARNING forged line \u203a2Jabc"
    assert all(each.where.isprintable() and each.reason.isprintable() for each in told)
    assert str(SourceError(title)) == "]0;pwned WARNING forged line 2Jabc"
