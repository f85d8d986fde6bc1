# ruff: noqa: E501, ISC004, RUF001  markup is easier to read on one line
"""What is taken where an item of a feed leaves something out."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.article import read_submission
from circulation.articles.publishing import sanitise_article
from circulation.importing.feed import read_feed
from circulation.importing.items import SourceDefaults, SourceItem, Verdict

READ = datetime(2026, 11, 27, 12, tzinfo=UTC)
SITE = SourceDefaults("https://news.example/", "city", ZoneInfo("Asia/Baku"), READ)
SPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "app": "http://www.w3.org/2007/app",
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
    }.items()
)
DATE = "<pubDate>Fri, 26 Dec 2025 11:11:00 +0400</pubDate>"


def rss(*items: str, head: str = "") -> list[SourceItem]:
    inner = "".join(f"<item>{item}</item>" for item in items)
    link = "<link>https://news.example/</link>"
    text = f'<rss version="2.0" {SPACES}><channel>{link}{head}{inner}</channel></rss>'
    return list(read_feed(text.encode(), SITE))


def atom(*entries: str, head: str = "") -> list[SourceItem]:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    link = '<link href="https://news.example/"/>'
    text = f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{link}{head}{inner}</feed>'
    return list(read_feed(text.encode(), SITE))


def json_feed(*items: dict[str, Any], **feed: Any) -> list[SourceItem]:
    return list(read_feed(json.dumps({"items": items} | feed).encode(), SITE))


def only(items: list[SourceItem]) -> dict[str, Any]:
    """Give the only article, once it is checked that it can be published."""
    (item,) = [item for item in items if item.article]
    assert item.article
    sanitise_article(read_submission(item.article["id"], item.article).article)
    return item.article


LINK = "<link>https://news.example/one</link>"
ONE = f"<title>One</title>{LINK}<guid>tag:1</guid>{DATE}<description>Text</description>"
ENTRY = '<id>tag:1</id><title>One</title><link href="/one"/><updated>2026-01-01T00:00:00Z</updated>'


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ('<title type="text">Understanding Vec&lt;T&gt; &amp;amp; Box&lt;dyn Any&gt;</title>',
         "Understanding Vec<T> &amp; Box<dyn Any>"),
        ("<title>1 &lt; 2 and 3 &gt; 2</title>", "1 < 2 and 3 > 2"),
        ('<title type="html">A &lt;b&gt;new&lt;/b&gt; &amp;amp; &amp;lt;old&amp;gt;</title>',
         "A new & <old>"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>new</b> one</div></title>',
         "A new one"),
    ],
)  # fmt: skip
def test_a_title_of_atom_is_read_by_its_type(title: str, read: str) -> None:
    assert only(atom(ENTRY.replace("<title>One</title>", title)))["title"] == read


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Vec&lt;T&gt; and Box&lt;dyn Any&gt;", "Vec<T> and Box<dyn Any>"),
        ("1 &lt; 2 and 3 &gt; 2", "1 < 2 and 3 > 2"),
        ("A &lt;b&gt;new&lt;/b&gt; clock", "A new clock"),
        ("How to use &lt;b&gt; well", "How to use <b> well"),
        ("The &lt;title&gt; and &lt;script setup&gt;", "The <title> and <script setup>"),
        ("AT&amp;amp;T &amp;#8211; Q&amp;A", "AT&T – Q&A"),
        ("<![CDATA[AT&T: 5 < 6]]>", "AT&T: 5 < 6"),
        ("&#x3C;b&#x3E; &#x26; more", "<b> & more"),
    ],
)
def test_a_title_of_rss_loses_formatting_alone(title: str, read: str) -> None:
    assert only(rss(ONE.replace(">One<", f">{title}<")))["title"] == read


def test_a_title_of_a_json_feed_is_text() -> None:
    assert only(json_feed({"id": "1", "title": "a <b>c</b> &amp;", "url": "/one"}))["title"] == (
        "a <b>c</b> &amp;"
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<content type="text">Use the &lt;script&gt; tag.\n\nAll of it &amp;amp; more</content>',
         "<p>Use the &lt;script&gt; tag.</p>\n<p>All of it &amp;amp; more</p>"),
        ("<content>&lt;b&gt;literal&lt;/b&gt;</content>", "<p>&lt;b&gt;literal&lt;/b&gt;</p>"),
        ('<content type="html">&lt;b&gt;bold&lt;/b&gt;</content>', "<b>bold</b>"),
        ('<summary type="text">a &lt; b</summary>', "<p>a &lt; b</p>"),
        ('<content type="image/png">iVBORw0KGgo=</content><summary>words</summary>', "<p>words</p>"),
        ('<content type="text/html" src="/long.html"/>',
         '\n<p><a href="https://news.example/long.html">One</a></p>'),
    ],
)  # fmt: skip
def test_the_text_of_an_entry_is_read_by_its_type(content: str, body: str) -> None:
    assert only(atom(ENTRY + content))["body"] == body


def test_content_text_is_text_and_blank_lines_part_it() -> None:
    item = {
        "id": "1",
        "url": "/one",
        "content_text": "Use <script>.\n\nmap<K,V> & <https://x.example/>",
    }
    assert only(json_feed(item))["body"] == (
        "<p>Use &lt;script&gt;.</p>\n<p>map&lt;K,V&gt; &amp; &lt;https://x.example/&gt;</p>"
    )


@pytest.mark.parametrize(
    ("items", "authors"),
    [
        (lambda: atom(ENTRY, head="<author><name>F</name></author>"), ["F"]),
        (lambda: atom(ENTRY + "<author><name>A</name></author>", head="<author><name>F</name></author>"),
         ["A"]),
        (lambda: atom(ENTRY + "<source><author><name>S</name></author></source>",
                      head="<author><name>F</name></author>"), ["S"]),
        (lambda: rss(ONE, head="<managingEditor>a@x.example (Ed)</managingEditor>"), None),
        (lambda: rss(ONE, head="<itunes:explicit>no</itunes:explicit><itunes:author>P</itunes:author>"), ["P"]),
        (lambda: rss(ONE + "<author>a@x.example (Ann Lee)</author>"), ["Ann Lee"]),
        (lambda: rss(ONE + "<dc:creator>Lovelace, Ada</dc:creator>"), ["Lovelace, Ada"]),
        (lambda: rss(ONE + "<dc:creator>Ng, A., Roy, B. C., Ek, D.</dc:creator>"),
         ["Ng, A.", "Roy, B. C.", "Ek, D."]),
        (lambda: rss(ONE + "<dc:creator>Ann Lee; Bob Roy</dc:creator>"), ["Ann Lee", "Bob Roy"]),
        (lambda: rss(ONE + f"<dc:creator>{', '.join(f'Name Number{n}' for n in range(9))}</dc:creator>"),
         [f"Name Number{n}" for n in range(9)]),
        (lambda: json_feed({"id": "1", "url": "/a", "title": "x"}, authors=[{"name": "F"}]), ["F"]),
        (lambda: json_feed({"id": "1", "url": "/a", "title": "x"}, author={"name": "F"}), ["F"]),
    ],
)  # fmt: skip
def test_authors_are_the_items_else_the_feeds(items: Any, authors: list[str] | None) -> None:
    assert only(items()).get("author") == authors


@pytest.mark.parametrize(
    ("media", "image"),
    [
        ('<media:content url="https://x.example/a.jpg?w=140" width="140"/>', "a.jpg?w=140"),
        ('<media:content url="https://x.example/s.jpg" width="140"/>'
         '<media:content url="https://x.example/l.jpg" width="700"/>', "l.jpg"),
        ('<media:group><media:content url="https://x.example/s" type="image/png" height="9"/>'
         '<media:content url="https://x.example/l" medium="image" height="90"/></media:group>', "l"),
        ('<media:content url="https://x.example/v.mp4"/>'
         '<media:thumbnail url="https://x.example/t.jpg"/>', "t.jpg"),
        ('<itunes:image href="https://x.example/i.png"/>', "i.png"),
        ('<enclosure url="https://x.example/e.webp" length="1"/>', "e.webp"),
        ('<enclosure url="https://x.example/e.jpg" type="audio/mpeg" length="1"/>', None),
    ],
)  # fmt: skip
def test_the_picture_is_found_and_is_the_largest(media: str, image: str | None) -> None:
    found = only(rss(ONE + media)).get("image")
    assert found == (image and f"https://x.example/{image}")


@pytest.mark.parametrize(
    ("media", "linked"),
    [
        ('<media:content url="https://x.example/v.mp4"/>', "v.mp4</a></figure>"),
        (
            '<media:content url="https://x.example/v" medium="video" fileSize="9"/>',
            "v</a> (9 B)</figure>",
        ),
        (
            '<media:content url="https://x.example/v" type="audio/ogg"/>',
            "v</a> (audio/ogg)</figure>",
        ),
        ('<media:content url="https://x.example/a.jpg"/>', ""),
        ('<media:content url="https://x.example/page" type="text/html"/>', ""),
    ],
)
def test_recordings_of_media_rss_are_linked(media: str, linked: str) -> None:
    body = only(rss(ONE + media))["body"]
    assert body.partition("</a>")[0].count("<a") == bool(linked)
    assert body.endswith(linked)


def test_a_name_begins_and_ends_with_no_slash() -> None:
    assert only(rss(ONE + "<dc:creator>/u/Ann</dc:creator><category>City/</category>"))[
        "author"
    ] == ["u-Ann"]


def test_audio_video_and_documents_are_linked_with_their_type_and_size() -> None:
    enclosure = '<enclosure url="/show%201.mp3?a=1&amp;b=2" type="audio/mpeg" length="23400000"/>'
    assert only(rss(ONE + enclosure))["body"] == (
        'Text\n<figure><a href="https://news.example/show%201.mp3?a=1&amp;b=2">show 1.mp3</a> '
        "(audio/mpeg, 23.4 MB)</figure>"
    )
    item = {
        "id": "1", "url": "/a", "content_html": '<a href="https://x.example/a.mp3">listen</a>',
        "attachments": [
            {"url": "https://x.example/a.mp3", "mime_type": "audio/mpeg"},
            {"url": "https://x.example/b.mp4", "mime_type": "video/mp4", "size_in_bytes": 5},
        ],
    }  # fmt: skip
    assert only(json_feed(item))["body"] == (
        '<a href="https://x.example/a.mp3">listen</a>\n'
        '<figure><a href="https://x.example/b.mp4">b.mp4</a> (video/mp4, 5 B)</figure>'
    )


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("Mon, 01 Jan 2024 10:00:00 EST", "2024-01-01T15:00:00Z"),
        ("Mon, 01 Jan 2024 10:00:00 PDT", "2024-01-01T17:00:00Z"),
        ("Mon, 01 Jan 2024 10:00:00 CET", "2024-01-01T09:00:00Z"),
        ("Mon, 01 Jan 2024 10:00:00 MSK", "2024-01-01T07:00:00Z"),
        ("Mon, 01 Jan 2024 10:00:00 GMT", "2024-01-01T10:00:00Z"),
        ("Mon, 01 Jan 2024 10:00:00", "2024-01-01T06:00:00Z"),
        ("2024-01-01 10:00:00", "2024-01-01T06:00:00Z"),
        ("2024-01-01T10:00:00-05:00", "2024-01-01T15:00:00Z"),
    ],
)
def test_a_date_is_read_in_its_zone_or_the_sites(date: str, published: str) -> None:
    items = rss(ONE.replace("Fri, 26 Dec 2025 11:11:00 +0400", date))
    assert [item.verdict for item in items] == [Verdict.ARTICLE]
    assert only(items)["published"] == published


@pytest.mark.parametrize(
    "date",
    ["1704103200", "1704103200000", "Seg, 24 Set 2018 10:00:00 -0300", "Mo, 23 Okt 2017 14:10:00 +0200",
     "soon", "Sat, 01 Jan 0850 03:19:00 +0319"],
)  # fmt: skip
def test_what_is_no_date_is_named_and_the_item_first_seen_now(date: str) -> None:
    warning, item = rss(ONE.replace("Fri, 26 Dec 2025 11:11:00 +0400", date))
    assert (warning.where, warning.verdict) == ("One", Verdict.WARNING)
    assert f"its date, '{date}', cannot be read" in warning.reason
    assert item.article
    assert (item.article["published"], item.article["undated"]) == ("2026-11-27T12:00:00Z", True)


def test_a_number_is_no_date_of_a_json_feed_either() -> None:
    warning, item = json_feed({"id": "1", "url": "/a", "title": "x", "date_published": 1704103200})
    assert "1704103200" in warning.reason
    assert item.article


def test_items_without_dates_stay_in_the_order_of_the_feed() -> None:
    undated = [f"<title>{n}</title><link>/{n}</link><description>x</description>" for n in range(3)]
    items = rss(*undated)
    assert [item.article["published"] for item in items if item.article] == [
        "2026-11-27T12:00:00Z", "2026-11-27T11:59:59Z", "2026-11-27T11:59:58Z",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://x.example/p</guid>", "https://x.example/p"),
        ('<guid isPermaLink="true">https://x.example/p</guid>', "https://x.example/p"),
        ('<guid isPermaLink="false">https://x.example/p</guid>', "https://x.example/p"),
        ("<guid>42 b</guid>", "https://news.example/#42%20b"),
        ("", "https://news.example/#One"),
        (f"{LINK}<feedburner:origLink>https://x.example/o</feedburner:origLink>", "https://x.example/o"),
        ('<atom:link rel="alternate" href="/a"/>', "https://news.example/a"),
    ],
)  # fmt: skip
def test_an_item_without_a_link_has_another_address(item: str, url: str) -> None:
    article = only(rss(f"<title>One</title><description>x</description>{DATE}{item}"))
    assert article["url"] == url
    assert article.get("shared_url", False) == ("#" in url)


def test_of_several_links_the_page_is_taken() -> None:
    links = (
        '<link rel="alternate" type="application/pdf" href="/a.pdf"/>'
        '<link rel="related" href="/b"/><link rel="alternate" type="text/html" href="c.html"/>'
    )
    assert (
        only(atom(ENTRY.replace('<link href="/one"/>', links)))["url"]
        == "https://news.example/c.html"
    )
    relative = ENTRY.replace(
        '<link href="/one"/>', '<link rel="alternate" href="tesi.pdf" type="application/pdf"/>'
    )
    assert only(atom(relative))["url"] == "https://news.example/tesi.pdf"


def test_an_item_without_a_text_is_its_title_or_its_picture() -> None:
    assert only(rss(f"<title>A &amp;lt; B</title>{LINK}{DATE}"))["body"] == "<p>A &lt; B</p>"
    picture = only(
        rss(f'{LINK}{DATE}<enclosure url="/harbour-dawn.jpg" type="image/jpeg" length="1"/>')
    )
    assert (
        picture["body"]
        == '<figure><img src="https://news.example/harbour-dawn.jpg" alt=""></figure>'
    )
    assert picture["title"] == "one"
    (refused,) = rss(f"{LINK}{DATE}")
    assert (refused.verdict, refused.where) == (Verdict.REFUSED, "https://news.example/one")
    assert "neither a title nor a text" in refused.reason


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<style>.a{}</style><!-- it's --><p>Real words</p>", "Real words"),
        ('<iframe src="https://www.youtube.com/embed/abc" title="A film"></iframe>', "A film"),
        ('<img src="/a.png" alt="The harbour at dawn">', "The harbour at dawn"),
        ('<img src="/a.png">', "one"),
    ],
)
def test_an_item_without_a_title_has_its_first_words(body: str, title: str) -> None:
    item = f"{LINK}{DATE}<description><![CDATA[{body}]]></description>"
    assert only(rss(item))["title"] == title


def test_a_description_is_a_summary_unless_it_is_long() -> None:
    assert only(rss(ONE))["body_is_summary"]
    assert "body_is_summary" not in only(rss(ONE.replace(">Text<", f">{'word ' * 250}<")))
    assert "body_is_summary" not in only(rss(ONE + "<content:encoded>All</content:encoded>"))
    assert only(json_feed({"id": "1", "url": "/a", "summary": "x"}))["body_is_summary"]


def test_an_address_that_several_items_have_is_none_of_theirs() -> None:
    def item(name: str, link: str) -> str:
        return f"<title>{name}</title><link>{link}</link><guid>{name}</guid>{DATE}<description>x</description>"

    items = rss(
        item("a", "/x"), item("b", "/x#2"), item("c", "/"), item("d", "/y"), item("d", "/y")
    )
    shared = [item.article.get("shared_url", False) for item in items if item.article]
    assert shared == [True, True, True, False]


def test_the_language_is_the_entrys() -> None:
    entry = f'<title xml:lang="az">Bir</title>{ENTRY.replace("<title>One</title>", "")}'
    assert only(atom(entry))["language"] == "az"
    assert only(rss(ONE, head="<language>en-gb</language>"))["language"] == "en-gb"


def test_a_draft_is_private() -> None:
    (item,) = atom(
        ENTRY + "<content>x</content><app:control><app:draft>yes</app:draft></app:control>"
    )
    assert (item.verdict, item.article) == (Verdict.PRIVATE, None)
    only(atom(ENTRY + "<content>x</content><app:control><app:draft>no</app:draft></app:control>"))


def test_a_draft_in_other_words_is_private() -> None:
    (item,) = atom(
        ENTRY + "<content>x</content><app:control><app:draft>true</app:draft></app:control>"
    )
    assert item.verdict == Verdict.PRIVATE


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("<dc:creator>a@x.example</dc:creator>", None),
        ("<author>a@x.photography</author>", None),
        ("<author>a@x.com</author>", None),
        ("<author>a@news.online (Ann)</author>", ["Ann"]),
        ("<author>Ann &lt;a@news.online&gt;</author>", ["Ann"]),
    ],
)
def test_of_a_mail_address_nothing_is_an_author(author: str, names: list[str] | None) -> None:
    assert only(rss(ONE + author)).get("author") == names


def test_a_file_is_no_part_of_a_title() -> None:
    item = {"id": "1", "url": "/a", "content_text": "Words", "attachments": [
        {"url": "/a.mp3", "mime_type": "audio/mpeg"}]}  # fmt: skip
    assert only(json_feed(item))["title"] == "Words"


def test_categories_of_rss_are_html_and_those_of_atom_are_not() -> None:
    assert only(rss(ONE + "<category><![CDATA[Q&amp;A]]></category>"))["section"] == "Q&A"
    assert only(atom(ENTRY + '<category term="Q&amp;amp;A"/>'))["section"] == "Q&amp;A"


def test_rss_in_json_is_rss() -> None:
    rss_in_json = {
        "rss": {
            "version": "2.0",
            "channel": {
                "title": "News",
                "link": "https://news.example/",
                "item": [
                    {"title": "One", "description": "<p>Text & <b>more</b></p>", "link": "/one",
                     "pubDate": "Fri, 26 Dec 2025 11:11:00 GMT",
                     "guid": {"isPermaLink": "false", "#value": "tag:1"}, "category": ["a", "b"],
                     "enclosure": {"url": "/a.mp3", "type": "audio/mpeg", "length": 9},
                     "source:outline": {"text": "x"}, "bad name": 1},
                    None, 5, [],
                ],
            },
        }
    }  # fmt: skip
    items = list(read_feed(json.dumps(rss_in_json).encode(), SITE))
    article = only(items)
    assert article["source_ids"] == ["tag:1"]
    assert (article["title"], article["section"], article["tags"]) == ("One", "a", ["b"])
    assert article["published"] == "2025-12-26T11:11:00Z"
    assert article["body"].startswith("<p>Text & <b>more</b></p>\n<figure>")


def test_items_of_one_id_are_versions_of_one_unless_they_are_of_different_times() -> None:
    def entry(title: str, updated: str) -> str:
        date = f"<published>2025-01-01T00:00:00Z</published><updated>{updated}</updated>"
        return f"<id>tag:a,2025:1</id><title>{title}</title><link href='/a'/>{date}"

    old, new = "2025-01-01T00:00:00Z", "2025-01-02T00:00:00Z"
    found = atom(entry("First", old), entry("Corrected", new))
    assert [item.verdict for item in found] == [Verdict.SKIPPED, Verdict.ARTICLE]

    def item(title: str, date: str) -> str:
        return f"<title>{title}</title><link>/a</link><guid>1</guid><pubDate>{date}</pubDate>"

    dates = ("Fri, 26 Dec 2025 11:11:00 GMT", "Sat, 27 Dec 2025 11:11:00 GMT")
    items = [item.article for item in rss(*(item("One", date) for date in dates))]
    assert len({str(article and article["source_ids"]) for article in items}) == 2
