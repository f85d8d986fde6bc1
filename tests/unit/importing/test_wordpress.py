from pathlib import Path
from typing import Any

import pytest

from circulation.importing.items import SourceError, Verdict
from tests.unit.importing.archives import articles, others, read

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>News</title><link>https://news.example</link><language>az-Latn</language>
<wp:author><wp:author_login>ann</wp:author_login>
<wp:author_display_name><![CDATA[Ann &amp; Co]]></wp:author_display_name></wp:author>
{items}</channel></rss>"""

POST = """<item><title>Clock</title><link>https://news.example/city/clock/</link>
<dc:creator>ann</dc:creator><guid isPermaLink="false">https://news.example/?p=7</guid>
<content:encoded><![CDATA[One

Two]]></content:encoded><excerpt:encoded><![CDATA[Short]]></excerpt:encoded>
<wp:post_id>7</wp:post_id><wp:post_date>2025-12-26 11:11:00</wp:post_date>
<wp:post_date_gmt>2025-12-26 07:11:00</wp:post_date_gmt><wp:post_name>clock</wp:post_name>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password></wp:post_password>
<category domain="category" nicename="city"><![CDATA[City]]></category>
<category domain="post_tag" nicename="x"><![CDATA[x]]></category>
<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>346</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
</item>"""
PICTURE = """<item><title>The &amp;amp; pic</title><wp:post_id>9</wp:post_id>
<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>
<wp:attachment_url>https://news.example/pic.jpg</wp:attachment_url></item>"""
BARE = """<item><title><![CDATA[{title}]]></title><link>https://news.example/?p={id}</link>
<content:encoded><![CDATA[{content}]]></content:encoded>
<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded><wp:post_id>{id}</wp:post_id>
<wp:post_date_gmt>2025-12-26 07:11:00</wp:post_date_gmt><wp:status>{status}</wp:status>
<wp:post_parent>{parent}</wp:post_parent><wp:post_type>{kind}</wp:post_type>{more}</item>"""


def wxr(*items: str) -> str:
    return WXR.replace("{items}", "".join(items))


def post(**fields: Any) -> str:
    defaults = {
        "title": "Clock", "content": "Words", "excerpt": "", "id": 7, "status": "publish",
        "parent": 0, "kind": "post", "more": "",
    }  # fmt: skip
    return BARE.format(**(defaults | fields))


def meta(key: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "site.xml"


def test_a_post_comes_with_its_author_picture_terms_language_and_total(path: Path) -> None:
    (article,) = articles(read(path, wxr(POST, PICTURE)))
    assert article == {
        "id": "7",
        "source_ids": ["https://news.example/?p=7"],
        "section": "City",
        "title": "Clock",
        "body": "<p>One</p>\n<p>Two</p>",
        "url": "https://news.example/city/clock/",
        "published": "2025-12-26T07:11:00Z",
        "summary": "Short",
        "author": ["Ann & Co"],
        "tags": ["x"],
        "language": "az-Latn",
        "image": "https://news.example/pic.jpg",
        "views_before": 346,
    }


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Q&amp;A: 1 &lt; 2", "Q&A: 1 < 2"),
        ("A &amp; B &#8211; C", "A & B \u2013 C"),
        ("Vec&lt;T&gt; &amp;amp; co", "Vec<T> &amp; co"),
        ("Title <em>With</em> <b>Mark<sup>up</sup></b>", "Title With Markup"),
        ("Plain & simple: 1 < 2", "Plain & simple: 1 < 2"),
    ],
)
def test_titles_terms_and_excerpts_are_shown_as_html_is(
    path: Path, stored: str, shown: str
) -> None:
    terms = "".join(
        f'<category domain="{domain}" nicename="n"><![CDATA[{stored}{domain}]]></category>'
        for domain in ("category", "post_tag", "post_format")
    )
    (article,) = articles(read(path, wxr(post(title=stored, excerpt=stored, more=terms))))
    assert (article["title"], article["summary"]) == (shown, shown)
    assert (article["section"], article["tags"]) == (f"{shown}category", [f"{shown}post_tag"])


def test_tags_of_the_oldest_exports_are_tags(path: Path) -> None:
    terms = "<category>City</category><category domain='tag'>x</category>"
    (article,) = articles(read(path, wxr(post(more=terms))))
    assert (article["section"], article["tags"]) == ("City", ["x"])


def test_a_title_in_xml_elements_is_whole(path: Path) -> None:
    item = post().replace(
        "<![CDATA[Clock]]>", "Clock <em>tower</em> &nbsp;&mdash; <b>opens</b> now"
    )
    items = read(path, wxr(item))
    assert articles(items)[0]["title"] == "Clock tower — opens now"
    assert len(items) == 1


def test_the_primary_category_is_the_section(path: Path) -> None:
    category = "<wp:category><wp:term_id>{}</wp:term_id><wp:cat_name>{}</wp:cat_name></wp:category>"
    terms = "".join(f'<category domain="category">{name}</category>' for name in ("A", "B &amp; C"))
    channel = (
        category.format(3, "A") + category.format(4, "B &amp;amp; C") + category.format(5, "D")
    )
    for field, section in (("_yoast_wpseo_primary_category", "B & C"), ("other", "A")):
        (article,) = articles(read(path, wxr(channel, post(more=terms + meta(field, "4")))))
        assert article["section"] == section
        assert sorted([article["section"], *article["tags"]]) == ["A", "B & C"]
    (article,) = articles(read(path, wxr(channel, post(more=terms + meta(field, "5")))))
    assert article["section"] == "A"


def test_co_authors_are_the_authors(path: Path) -> None:
    terms = "".join(
        f'<category domain="author" nicename="cap-{login}">{login}</category>'
        for login in ("bob", "ann", "zoe")
    )
    more = meta("cap-user_login", "bob") + meta("cap-display_name", "Bob &amp; Co")
    guest = post(id=60, kind="guest-author", more=more)
    (article,) = articles(read(path, wxr(post(more=terms), guest)))
    assert article["author"] == ["Bob & Co", "Ann & Co", "zoe"]


@pytest.mark.parametrize(
    "status", ["draft", "pending", "private", "auto-draft", "trash", "inherit", "acf-disabled"]
)
def test_what_is_not_published_is_private(path: Path, status: str) -> None:
    items = read(path, wxr(post(title="Secret", status=status), post(id=8)))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert [article["id"] for article in articles(items)] == ["8"]


def test_a_scheduled_post_comes_with_its_time(path: Path) -> None:
    (article,) = articles(read(path, wxr(post(status="future").replace("2025", "2030"))))
    assert article["published"] == "2030-12-26T07:11:00Z"


MEMBERS = 'a:1:{i:0;s:1:"3";}'


@pytest.mark.parametrize(
    "more",
    [
        "<wp:post_password>x</wp:post_password>",
        meta("_members_access_role", "subscriber"),
        meta("_jetpack_newsletter_access", "paid_subscribers"),
        meta("_is_paid", "1"),
        meta("rcp_subscription_level", MEMBERS),
        meta("rcp_access_level", "3"),
        meta("rcp_user_level", "Subscriber"),
        meta("_wpmem_block", "1"),
        meta("pms-content-restrict-user-status", "loggedin"),
        meta(
            "um_content_restriction",
            'a:2:{s:26:"_um_custom_access_settings";s:1:"1";s:14:"_um_accessible";s:1:"2";}',
        ),
    ],
)
def test_what_is_for_a_password_or_for_members_is_private(path: Path, more: str) -> None:
    items = read(path, wxr(post(title="Secret", more=more)))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert not articles(items)


@pytest.mark.parametrize(
    "more",
    [
        "<wp:post_password></wp:post_password>",
        meta("_jetpack_newsletter_access", "everybody"),
        meta("_is_paid", "0"),
        meta("rcp_access_level", "None"),
        meta("rcp_user_level", "All"),
        meta("rcp_user_level", 'a:1:{i:0;s:3:"all";}'),
        meta("_wpmem_block", "0"),
        meta("pms-content-restrict-user-status", ""),
        meta(
            "um_content_restriction",
            'a:2:{s:26:"_um_custom_access_settings";s:1:"0";s:14:"_um_accessible";s:1:"2";}',
        ),
    ],
)
def test_a_plugin_that_lets_everyone_in_hides_nothing(path: Path, more: str) -> None:
    assert len(articles(read(path, wxr(post(more=more))))) == 1


@pytest.mark.parametrize(
    ("kind", "content", "private"),
    [
        ("single_post", "7", ["7"]),
        ("category", "city", ["7"]),
        ("tag", "x", ["7"]),
        ("all", "", ["7", "8"]),
        ("all_post", "", ["7", "8"]),
        ("single_page", "7", []),
    ],
)
def test_rules_of_memberpress_in_the_export_are_followed(
    path: Path, kind: str, content: str, private: list[str]
) -> None:
    more = meta("_mepr_rules_type", kind) + meta("_mepr_rules_content", content)
    rule = post(title="Rule", id=50, kind="memberpressrule", more=more)
    items = read(path, wxr(POST, post(id=8, title="Free"), rule))
    public = [article["id"] for article in articles(items)]
    assert sorted(public + private) == ["7", "8"]
    assert len([item for item in items if item.verdict == Verdict.PRIVATE]) == len(private)


def test_a_rule_that_is_not_understood_is_named(path: Path) -> None:
    rule = post(id=50, kind="memberpressrule", more=meta("_mepr_rules_type", "partial"))
    warnings = [item for item in read(path, wxr(post(), rule)) if item.verdict == Verdict.WARNING]
    assert len(warnings) == 1
    assert "partial" in warnings[0].reason


def test_of_a_post_with_a_part_for_members_the_rest_comes_and_it_is_named(path: Path) -> None:
    content = "Free.\n\n[membership level=&quot;1&quot;]Secret.[/membership]\n\nFree too."
    items = read(path, wxr(post(content=content.replace("&quot;", '"'))))
    assert articles(items)[0]["body"] == "<p>Free.</p>\n<p>Free too.</p>"
    assert others(items) == [("Clock", Verdict.WARNING)]


def test_of_an_excerpt_with_a_part_for_members_the_rest_comes(path: Path) -> None:
    excerpt = "Free. [restrict]Secret.[/restrict]"
    items = read(path, wxr(post(excerpt=excerpt), post(id=8, content="", excerpt=excerpt)))
    first, second = articles(items)
    assert (first["summary"], second["summary"]) == ("Free.", "Free.")
    assert "Secret" not in second["body"]
    assert others(items) == [("Clock", Verdict.WARNING)] * 2


def test_a_hidden_block_is_left_out_and_named(path: Path) -> None:
    shared = '<!-- wp:group --><!-- wp:p {"metadata":{"blockVisibility":false}} /--><p>s</p>'
    content = (
        '<p>a</p><!-- wp:block {"ref":9,"metadata":{"blockVisibility":false}} /-->'
        '<!-- wp:group {"metadata":{"blockVisibility":false}} --><!-- wp:group --><p>b</p>'
        "<!-- /wp:group --><p>c</p><!-- /wp:group --><p>d</p>"
        '<!-- wp:block {"ref":9} /-->'
    )
    block = post(id=9, kind="wp_block", content=shared)
    items = read(path, wxr(post(content=content), block))
    assert articles(items)[0]["body"] == "<p>a</p><p>d</p><p>s</p>"
    assert others(items)[0] == ("Clock", Verdict.WARNING)


def test_a_name_that_is_a_mail_address_is_no_author(path: Path) -> None:
    (article,) = articles(read(path, wxr(post(more="<dc:creator>a@x.example</dc:creator>"))))
    assert "author" not in article


def test_a_post_that_is_all_for_members_is_private(path: Path) -> None:
    items = read(path, wxr(post(title="", content="[restrict]Secret[/restrict]")))
    assert [item.verdict for item in items] == [Verdict.PRIVATE]


@pytest.mark.parametrize("kind", ["page", "attachment", "nav_menu_item", "wp_block", "product"])
def test_what_is_no_post_is_skipped(path: Path, kind: str) -> None:
    assert others(read(path, wxr(post(kind=kind)))) == [("Clock", Verdict.SKIPPED)]


def test_a_post_that_does_not_say_its_status_is_refused(path: Path) -> None:
    items = read(path, wxr(post().replace("<wp:status>publish</wp:status>", ""), post(id=8)))
    assert others(items) == [("Clock", Verdict.REFUSED)]
    assert len(articles(items)) == 1


def test_the_last_post_of_an_export_that_is_cut_off_is_refused_as_it_may_be_private(
    path: Path,
) -> None:
    whole = wxr(post(id=7), post(id=8, more="<wp:post_password>x</wp:post_password>"))
    items = read(path, whole[: whole.rindex("<wp:post_password>")])
    assert [article["id"] for article in articles(items)] == ["7"]
    assert others(items)[0] == ("Clock", Verdict.REFUSED)


def test_an_export_that_is_cut_off_between_posts_gives_all_of_them(path: Path) -> None:
    whole = wxr(post(id=7), post(id=8))
    items = read(path, whole[: whole.rindex("</channel>")])
    assert [article["id"] for article in articles(items)] == ["7", "8"]


def test_of_a_malformed_export_the_posts_around_the_break_are_read(path: Path) -> None:
    broken = post(id=8).replace("<![CDATA[Clock]]>", "One & two")
    items = read(path, wxr(broken, post()))
    assert [article["id"] for article in articles(items)] == ["8", "7"]
    warnings = [item for item in items if item.verdict == Verdict.WARNING]
    assert len({item.reason for item in warnings}) == len(warnings) > 0


def test_an_export_without_a_post_says_so(path: Path) -> None:
    (item,) = read(path, wxr())
    assert (item.verdict, item.reason) == (Verdict.WARNING, "it has no item")


def test_an_export_with_entities_of_its_own_is_refused(path: Path) -> None:
    bomb = wxr(post()).replace("<rss", '<!DOCTYPE rss [<!ENTITY a "x">]><rss', 1)
    with pytest.raises(SourceError, match="entities"):
        read(path, bomb)


@pytest.mark.parametrize(
    "forbidden",
    ["\x10", "\x00", "\x1f", "\x0b", "\ufffe", "\uffff", "&#x10;", "&#0;", "&#31;", "&#xFFFE;"],
)
@pytest.mark.parametrize("place", ["Clo{}ck", "Wo{}rds"])
def test_what_xml_forbids_is_dropped_and_spoils_nothing(
    path: Path, forbidden: str, place: str
) -> None:
    word = place.replace("{}", "")
    changed = post().replace(f"<![CDATA[{word}]]>", place.replace("{}", forbidden))
    items = read(path, wxr(post(id=6), changed, post(id=8)))
    assert [article["id"] for article in articles(items)] == ["6", "7", "8"]
    assert not others(items)
    assert word in (articles(items)[1]["title"], articles(items)[1]["body"].strip("<p>/"))


def test_a_reference_across_two_blocks_of_the_file_is_dropped_too(path: Path) -> None:
    for length in range(32_740, 32_790):
        content = wxr(post(content="")).partition("<item>")
        filler = "x" * (length - len(content[0]))
        item = post(title=f"Clock {filler}").replace("<![CDATA[", "").replace("]]>", "&#x10;", 1)
        items = read(path, wxr(item.replace("]]>", ""), post(id=8)))
        assert [item.verdict for item in items] == [Verdict.ARTICLE, Verdict.ARTICLE]


def test_bytes_that_are_no_utf_8_are_replaced(path: Path) -> None:
    items = read(
        path, wxr(post(content="Caf? au lait"), post(id=8)).encode().replace(b"f?", b"f\xe9")
    )
    assert [article["body"] for article in articles(items)] == [
        "<p>Caf\ufffd au lait</p>",
        "<p>Words</p>",
    ]


def test_an_export_in_another_encoding_is_read(path: Path) -> None:
    text = wxr(post(title="Überdauern")).replace("UTF-8", "ISO-8859-1")
    assert articles(read(path, text.encode("latin-1")))[0]["title"] == "Überdauern"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("views", "346"),
        ("post_views_count", "346"),
        ("tie_views", "346"),
        ("_count-views_all", "346"),
        ("penci_post_views_count", "346"),
        ("entry_views", "346"),
        ("better-views-count", "346"),
        ("jnews_view_counter", "346"),
        ("wpb_post_views_count", "346"),
    ],
)
def test_totals_of_common_themes_and_plugins_are_read(path: Path, field: str, value: str) -> None:
    more = meta(field, value) + meta("_edit_last", "1")
    assert articles(read(path, wxr(post(more=more))))[0]["views_before"] == 346


def test_the_largest_total_is_taken_and_what_is_none_is_not(path: Path) -> None:
    more = meta("views", "3") + meta("tie_views", "346") + meta("entry_views", "9.5k")
    assert articles(read(path, wxr(post(more=more))))[0]["views_before"] == 346
    assert "views_before" not in articles(read(path, wxr(post(more=meta("views", "-1")))))[0]


FILES = (
    post(
        id=9, kind="attachment", status="inherit", parent=7, title="One", excerpt="Cap <b>1</b>",
        more="<wp:attachment_url>https://news.example/1.jpg</wp:attachment_url>"
        "<wp:menu_order>2</wp:menu_order>" + meta("_wp_attachment_image_alt", "Alt &amp; 1"),
    ),
    post(
        id=10, kind="attachment", status="inherit", parent=7, title="Two",
        more="<wp:attachment_url>https://news.example/2.PNG</wp:attachment_url>"
        "<wp:menu_order>1</wp:menu_order>",
    ),
    post(
        id=11, kind="attachment", status="inherit", parent=7, title="Song",
        more="<wp:attachment_url>https://news.example/song.mp3</wp:attachment_url>",
    ),
)  # fmt: skip
FIRST = (
    '<figure><img src="https://news.example/1.jpg" alt="Alt &amp; 1">'
    "<figcaption>Cap <b>1</b></figcaption></figure>"
)
SECOND = '<figure><img src="https://news.example/2.PNG" alt="Two"></figure>'


def test_a_gallery_shows_the_pictures_of_its_ids(path: Path) -> None:
    (article,) = articles(read(path, wxr(post(content='[gallery ids="9,10"]'), *FILES)))
    assert article["body"] == FIRST + SECOND


def test_a_gallery_without_ids_shows_the_pictures_attached_in_their_order(path: Path) -> None:
    (article,) = articles(read(path, wxr(post(content="[gallery]"), *FILES)))
    assert article["body"] == SECOND + FIRST


def test_files_that_the_export_does_not_have_are_named(path: Path) -> None:
    items = read(path, wxr(post(content='Words\n\n[gallery ids="9,98,99"]'), *FILES))
    (warning,) = [item for item in items if item.verdict == Verdict.WARNING]
    assert "98, 99" in warning.reason


def test_a_playlist_shows_its_sounds(path: Path) -> None:
    (article,) = articles(read(path, wxr(post(content='[playlist ids="11"]'), *FILES)))
    assert '<audio src="https://news.example/song.mp3" controls>' in article["body"]
    assert "Song" in article["body"]


@pytest.mark.parametrize(
    ("fields", "title", "body"),
    [
        ({"title": ""}, "Words", "<p>Words</p>"),
        ({"content": ""}, "Clock", SECOND + "\n" + FIRST),
        (
            {"content": "", "excerpt": "Short &amp;\n\nlong"},
            "Clock",
            "<p>Short &amp;</p>\n<p>long</p>",
        ),
        ({"title": "", "content": ""}, "Cap 1", SECOND + "\n" + FIRST),
        ({"content": "", "id": 8}, "Clock", "<p>Clock</p>"),
        ({"content": "<!-- wp:spacer /-->", "title": "1 < 2", "id": 8}, "1 < 2", "<p>1 &lt; 2</p>"),
        (
            {"title": "", "content": '<img src="/x.jpg">', "id": 8},
            "2025-12-26",
            '<p><img src="/x.jpg"></p>',
        ),
    ],
)
def test_a_post_without_title_or_text_is_shown_by_what_it_has(
    path: Path, fields: dict[str, Any], title: str, body: str
) -> None:
    (article,) = articles(read(path, wxr(post(**fields), *FILES)))
    assert (article["title"], article["body"]) == (title, body)


def test_a_body_that_is_made_of_the_excerpt_or_title_is_said_to_be_a_summary(path: Path) -> None:
    items = wxr(post(), post(id=8, content=""), post(id=9, content="", excerpt="Short"))
    found = [article.get("body_is_summary") for article in articles(read(path, items))]
    assert found == [None, True, True]


def test_a_post_with_nothing_in_it_is_refused_and_named(path: Path) -> None:
    items = read(path, wxr(post(title="", content="")))
    assert others(items) == [("https://news.example/?p=7", Verdict.REFUSED)]


def test_former_slugs_are_former_addresses(path: Path) -> None:
    old = meta("_wp_old_slug", "tower") + meta("_wp_old_slug", "clock") + meta("_wp_old_slug", "a")
    item = POST.replace("</item>", f"{old}</item>")
    (article,) = articles(read(path, wxr(item)))
    assert article["aliases"] == [
        "https://news.example/city/tower/",
        "https://news.example/city/a/",
    ]


def test_blocks_that_posts_share_stand_in_their_places(path: Path) -> None:
    block = "<!-- wp:paragraph -->\n<p>Shared</p>\n<!-- /wp:paragraph -->"
    shared = post(id=30, kind="wp_block", content=block)
    secret = post(id=31, kind="wp_block", content="Secret", status="draft")
    content = (
        '<!-- wp:block {"ref":30,"content":{"a":{}}} /-->\n<p>Own</p><!-- wp:block {"ref":31} /-->'
    )
    (article,) = articles(read(path, wxr(post(content=content), shared, secret)))
    assert article["body"] == "<p>Shared</p>\n\n<p>Own</p>"


def test_shared_blocks_do_not_grow_without_bounds(path: Path) -> None:
    block = post(id=30, kind="wp_block", content="x" * 100_000)
    content = '<!-- wp:block {"ref":30,"content":{"a":{}}} /-->' * 5_000
    (item, *_) = read(path, wxr(post(content=content), block))
    assert item.article
    assert len(item.article["body"]) < 2_000_000


@pytest.mark.parametrize(
    ("stored", "published"),
    [
        ("<wp:post_date_gmt>2016-12-31 23:59:60</wp:post_date_gmt>", "2016-12-31T23:59:59Z"),
        ("<pubDate>Sat, 31 Dec 2016 15:59:60 -0800</pubDate>", "2016-12-31T23:59:59Z"),
        ("<wp:post_date>2025-12-26 11:11:00</wp:post_date>", "2025-12-26T07:11:00Z"),
    ],
)
def test_times_are_read(path: Path, stored: str, published: str) -> None:
    item = post().replace("<wp:post_date_gmt>2025-12-26 07:11:00</wp:post_date_gmt>", stored)
    assert articles(read(path, wxr(item)))[0]["published"] == published


def test_posts_without_a_time_are_first_seen_when_they_are_read_in_their_order(
    path: Path,
) -> None:
    zeros = [post(id=id_).replace("2025-12-26 07:11:00", "0000-00-00 00:00:00") for id_ in (7, 8)]
    found = articles(read(path, wxr(*zeros)))
    assert [article["published"] for article in found] == [
        "2026-01-01T23:59:59Z",
        "2026-01-01T23:59:58Z",
    ]
    assert all(article["undated"] for article in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<link>https://news.example/city/clock/</link>", "<link>https://[oops/</link>"),
        (">346<", f">{'9' * 5_000}<"),
        (">346<", ">\u00b2<"),
        ("2025-12-26 07:11:00", "0000-00-00 00:00:00"),
        ("2025-12-26 07:11:00", "0001-01-01 00:00:00"),
        ("<![CDATA[Short]]>", "&lt;" * 50_000),
        ("<wp:post_id>7", "<wp:post_id><!-- c -->7"),
        ("<wp:postmeta>", "<wp:postmeta><!-- c --><?p x?>"),
        ("<dc:creator>", "<undeclared:name>x</undeclared:name><dc:creator>"),
        ("https://news.example/pic.jpg", "https://host:99999/pic.jpg"),
        ("https://news.example/pic.jpg", "[" * 1_000),
        ("One\n", "[gallery ids='" + "9," * 5_000 + "'][caption]" * 100 + "\n"),
    ],
)
def test_a_bad_field_of_a_post_spoils_no_other_post(path: Path, old: str, new: str) -> None:
    bad, good = POST + PICTURE, POST.replace(">7<", ">8<")
    assert old in bad
    text = wxr(good, bad.replace(old, new), good).replace("?>\n", "?><!-- before -->\n")
    ids = [item.article["id"] for item in read(path, text) if item.article]
    assert (ids[0], ids[-1], len(ids)) == ("8", "8", 3)


def test_posts_that_have_one_guid_stay_apart(path: Path) -> None:
    posts = [POST.replace(">7<", f">{number}<") for number in (7, 8)]
    found = articles(read(path, wxr(*posts)))
    assert [article["id"] for article in found] == ["7", "8"]
    assert len({tuple(article["source_ids"]) for article in found}) == 2
