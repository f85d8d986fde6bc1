import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.article import read_submission
from circulation.importing import folder as folder_source
from circulation.importing import lines, source, totals
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.importing.source import open_source, read_source
from circulation.importing.totals import Total, read_totals

GROUND = SourceDefaults("https://news.example/", "news", ZoneInfo("Asia/Baku"))
Put = Callable[..., Path]

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>News</title><link>https://news.example</link>
<wp:author><wp:author_login>ann</wp:author_login>
<wp:author_display_name><![CDATA[Ann Writer]]></wp:author_display_name></wp:author>
{items}</channel></rss>"""

POST = """<item><title>Clock</title><link>https://news.example/?p=7</link><dc:creator>ann</dc:creator>
<content:encoded><![CDATA[One

Two]]></content:encoded><excerpt:encoded><![CDATA[Short]]></excerpt:encoded>
<wp:post_id>7</wp:post_id><wp:post_date>2025-12-26 11:11:00</wp:post_date>
<wp:post_date_gmt>2025-12-26 07:11:00</wp:post_date_gmt><wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
<category domain="category" nicename="city"><![CDATA[City]]></category>
<category domain="post_tag" nicename="x"><![CDATA[x]]></category>
<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>346</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
</item>"""
PICTURE = """<item><title>pic</title><wp:post_id>9</wp:post_id>
<wp:post_type>attachment</wp:post_type>
<wp:attachment_url>https://news.example/pic.jpg</wp:attachment_url></item>"""

GHOST = {
    "db": [
        {
            "data": {
                "posts": [
                    {"id": "a1", "title": "Clock", "slug": "clock", "status": "published",
                     "html": "<p>__GHOST_URL__/x</p>", "published_at": "2025-12-26T07:11:00.000Z"},
                    {"id": "a2", "title": "Draft", "slug": "d", "status": "draft", "html": "x"},
                    {"id": "a3", "title": "About", "slug": "about", "type": "page"},
                    {"id": "a4", "title": "Unrendered", "slug": "u", "status": "published",
                     "published_at": "2025-12-26T07:11:00.000Z", "html": None,
                     "lexical": json.dumps({"root": {"type": "root", "children": [
                         {"type": "paragraph",
                          "children": [{"type": "text", "text": "1 < 2"}]}]}})},
                ],
                "tags": [{"id": "t1", "name": "City"}, {"id": "t2", "name": "#internal"},
                         {"id": "t3", "name": "x"}],
                "posts_tags": [{"post_id": "a1", "tag_id": "t3", "sort_order": 1},
                               {"post_id": "a1", "tag_id": "t1", "sort_order": 0},
                               {"post_id": "a1", "tag_id": "t2", "sort_order": 2}],
                "users": [{"id": "u1", "name": "Ann Writer"}],
                "posts_authors": [{"post_id": "a1", "author_id": "u1", "sort_order": 0}],
            }
        }
    ]
}  # fmt: skip

MARKDOWN = """---
title: "Clock: a tower"
date: 2025-12-26 11:11:00
categories: [City, Towers]
tags: x, y
author: Ann Writer
url: /city/clock/
---
# One

Two & *three*
"""

PAGE = """<!doctype html><html lang="az"><head><title>Clock</title>
<link rel="canonical" href="https://news.example/clock.html">
<meta property="article:published_time" content="2025-12-26T11:11:00+04:00">
<meta name="description" content="Short"></head>
<body><nav>menu</nav><article><p>Text</p></article></body></html>"""


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    return write


def taken(found: list[SourceItem]) -> list[dict[str, Any]]:
    told = [each.article for each in found if each.article]
    for each in told:
        read_submission(each["id"], each)
    return told


def test_a_wordpress_post_comes_with_its_author_picture_terms_and_total(put: Put) -> None:
    path = put("site.xml", WXR.format(items=POST + PICTURE))
    (told,) = taken(list(read_source(path, GROUND)))
    assert told == {
        "id": "7",
        "section": "City",
        "title": "Clock",
        "body": "One\n\nTwo",
        "url": "https://news.example/?p=7",
        "published": "2025-12-26T07:11:00Z",
        "summary": "Short",
        "author": ["Ann Writer"],
        "tags": ["x"],
        "image": "https://news.example/pic.jpg",
        "views_before": 346,
    }


def test_what_is_no_published_post_is_skipped_and_said_why(put: Put) -> None:
    items = "".join(
        POST.replace(*change)
        for change in (
            (">publish<", ">draft<"),
            (">post<", ">page<"),
            ("<wp:status>", "<wp:post_password>x</wp:post_password><wp:status>"),
        )
    )
    found = list(read_source(put("site.xml", WXR.format(items=items)), GROUND))
    assert [(each.skipped, bool(each.reason)) for each in found] == [(True, True)] * 3


def test_of_a_malformed_export_the_articles_around_the_break_are_read(put: Put) -> None:
    broken = POST.replace("Clock", "One & two").replace(">7<", ">8<")
    path = put("site.xml", WXR.format(items=broken + POST))
    found = list(read_source(path, GROUND))
    assert [each["id"] for each in taken(found)] == ["8", "7"]
    assert any("not well-formed" in each.reason for each in found)


def test_an_export_that_is_cut_off_gives_what_is_whole(put: Put) -> None:
    whole = WXR.format(items=POST + POST.replace(">7<", ">8<"))
    found = list(read_source(put("site.xml", whole[: whole.rindex("<wp:status>")]), GROUND))
    assert "7" in [each["id"] for each in taken(found)]
    assert any("not well-formed" in each.reason for each in found)


def test_an_export_with_entities_of_its_own_is_refused(put: Put) -> None:
    bomb = WXR.format(items=POST).replace(
        "<rss", '<!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss', 1
    )
    with pytest.raises(SourceError, match="entities"):
        list(read_source(put("site.xml", bomb), GROUND))


def test_a_ghost_export_is_joined_with_its_tags_and_authors(put: Put) -> None:
    found = list(read_source(put("ghost.json", json.dumps(GHOST)), GROUND))
    clock, unrendered = taken(found)
    assert clock == {
        "id": "a1",
        "section": "City",
        "title": "Clock",
        "body": "<p>https://news.example/x</p>",
        "url": "https://news.example/clock/",
        "published": "2025-12-26T07:11:00Z",
        "author": ["Ann Writer"],
        "tags": ["x"],
    }
    assert unrendered["body"] == "<p>1 &lt; 2</p>"
    assert [each.where for each in found if each.skipped] == ["Draft", "About"]
    with pytest.raises(SourceError, match="--site"):
        list(read_source(put("ghost.json", json.dumps(GHOST)), SourceDefaults()))


def test_a_folder_of_markdown_and_html_is_read_in_the_sites_zone(put: Put) -> None:
    put("site/a.md", MARKDOWN)
    put("site/deep/b.html", PAGE)
    put("site/c.md", "---\ndraft: true\n---\nx")
    put("site/d.md", "---\ntitle: [broken\n---\nx")
    folder = put("site/no-article.txt", "x").parent
    found = list(read_source(folder, GROUND))
    markdown, page = taken(found)
    assert markdown["url"] == "https://news.example/city/clock/"
    assert markdown["published"] == "2025-12-26T07:11:00Z"
    assert (markdown["section"], markdown["tags"]) == ("City", ["Towers", "x", "y"])
    assert "<h1>One</h1>" in markdown["body"]
    assert (page["body"], page["summary"], page["language"]) == ("<p>Text</p>", "Short", "az")
    assert [(each.where, each.skipped) for each in found if each.reason] == [
        ("c.md", True),
        ("d.md", False),
    ]


def test_our_own_lines_come_back_with_their_totals(put: Put) -> None:
    line = {"id": "a", "title": "T", "section": "s", "body": "b", "url": "https://a.example/",
            "published": "2025-12-26T07:11:00Z", "views": 346}  # fmt: skip
    found = list(read_source(put("all.ndjson", f"{json.dumps(line)}\n\nnothing\n"), GROUND))
    assert taken(found)[0]["views_counted"] == 346
    assert [each.where for each in found if each.reason] == ["line 3"]


@pytest.mark.parametrize(
    "content",
    [
        "id,views\n264384,346\n",
        "URL;Pageviews\nhttps://news.example/x/?utm_source=y;300\n/x/index.html;46\n",
        '{"264384": 346}',
        '[{"path": "/x", "total": "346"}]',
    ],
)
def test_totals_are_found_by_id_and_by_address(put: Put, content: str) -> None:
    totals = read_totals(put("totals", content))
    assert totals.of({"id": "264384", "url": "https://news.example/x"}) == Total(346)
    assert totals.of({"id": "other", "url": "https://news.example/y"}) is None


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"views": 346}, 346),
        ({"views": 346, "views_before": 300}, 46),
        ({"views": 300, "views_before": 346}, 0),
        ({"views": 346, "views_before": 300, "views_counted": 46}, 46),
        ({"views_before": 346}, None),
        ({"views": None}, None),
        ({"views": "many"}, "many"),  # the API says what is wrong with it
    ],
)
def test_lifetime_views_of_a_line_are_never_an_older_total(
    put: Put, fields: dict[str, Any], counted: object
) -> None:
    line = {"id": "a", "title": "T"} | fields
    found = next(read_source(put("all.ndjson", json.dumps(line)), GROUND)).article
    assert found
    assert found.get("views_counted") == counted
    assert found.get("views_before") == fields.get("views_before")
    assert "views" not in found


@pytest.mark.parametrize(
    "content",
    [
        "id,section,views,views_before,views_counted\na,city,351,346,5\n",
        '[{"id": "a", "views": 351, "views_before": 346, "views_counted": 5}]',
        "url,views_counted,views_before\nhttps://news.example/x?utm_source=y,2,300\n/x/,3,46\n",
    ],
)
def test_totals_of_our_own_export_are_known_by_their_parts(put: Put, content: str) -> None:
    totals = read_totals(put("totals", content))
    assert totals.of({"id": "a", "url": "https://news.example/x"}) == Total(346, 5)


def test_an_export_whose_parts_were_cut_apart_is_refused(put: Put) -> None:
    with pytest.raises(SourceError, match="views_before"):
        read_totals(put("totals", "id,views,views_counted\na,351,5\n"))


@pytest.mark.parametrize("content", ["id,views\nx,many\n", "a,b\n1,2\n", "[1]", '{"x": -1}'])
def test_totals_that_cannot_be_read_are_refused_with_their_place(put: Put, content: str) -> None:
    with pytest.raises(SourceError):
        read_totals(put("totals", content))


def bomb(levels: int) -> str:
    """Front matter whose tags are 10 to the power of the levels."""
    lines = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels))
    return f"---\ntitle: x\na0: &a0 [x]\n{lines}\ntags: *a{levels - 1}\n---\nText\n"


@pytest.mark.parametrize(
    "front",
    [
        bomb(20),
        "---\na: &a [*a]\n---\nx",
        "---\na: &a {b: 1}\nc:\n  <<: *a\n---\nx",
        f"---\ntags: {'[' * 5_000}{']' * 5_000}\n---\nx",
        "---\n" + "".join(" " * n + "a:\n" for n in range(500)) + "---\nx",
        "---\na: !!python/object/apply:os.system ['id']\n---\nx",
        "---\ndate: 2026-13-45\n---\nx",
        "---\ndate: !!timestamp x\n---\nx",
        "---\n? [a]\n: b\n---\nx",
        '{\n"tags": ' + "[" * 50_000 + "]" * 50_000 + "\n}\nx",
    ],
)
def test_front_matter_that_would_grow_is_refused_and_other_pages_are_read(
    put: Put, front: str
) -> None:
    put("b.md", MARKDOWN)
    path = put("a.md", front)
    told = list(read_source(path.parent, GROUND))
    assert [bool(each.article) for each in told if each.where == "b.md"] == [True]
    assert [each.article for each in told if each.where == "a.md"] == [None]


def test_keys_and_values_of_any_kind_are_read(put: Put) -> None:
    front = (
        "---\n1: x\n2.5: y\ntitle: 2026\ntags: [3.11, 2026-01-01, [a], {b: c}, {name: d}, true]\n"
    )
    (told,) = taken(list(read_source(put("a.md", f"{front}date: 2026-01-01\n---\nx"), GROUND)))
    assert (told["title"], told["tags"]) == ("2026", ["3.11", "2026-01-01", "d"])


@pytest.mark.parametrize(
    "date", ["10 foo", "1e999", "1" * 5_000, "0001-01-01", "99999999999999", "x"]
)
def test_a_date_in_words_that_is_none_is_left_out(put: Put, date: str) -> None:
    (told,) = read_source(put("a.md", f"---\ntitle: x\ndate: '{date}'\n---\nx"), GROUND)
    assert told.article
    assert "published" not in told.article


LEAP_SECOND, SECOND_BEFORE = "2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts/a.md", f"---\ndate: {LEAP_SECOND}\n---\nText"),
        ("posts/a.md", "---\ndate: 2016-12-31 15:59:60 -8\n---\nText"),
        ("posts/a.md", '---\ndate: "31 Dec 2016 23:59:60 UTC"\n---\nText'),
        ("posts/a.html", f'<meta name="date" content="{LEAP_SECOND}"><body><p>Text</p></body>'),
        (
            "ghost.json",
            json.dumps({"db": [{"data": {"posts": [{
                "id": "a", "slug": "a", "status": "published", "html": "<p>x</p>",
                "published_at": "2016-12-31T23:59:60.000Z"}]}}]}),
        ),
        (
            "wxr.xml",
            WXR.format(items=POST.replace("2025-12-26 07:11:00", "2016-12-31 23:59:60")),
        ),
        (
            "wxr.xml",
            WXR.format(
                items=POST.replace(
                    "<wp:post_date_gmt>2025-12-26 07:11:00</wp:post_date_gmt>",
                    "<pubDate>Sat, 31 Dec 2016 15:59:60 -0800</pubDate>",
                )
            ),
        ),
    ],
)  # fmt: skip
def test_a_leap_second_is_the_second_before_it(put: Put, name: str, content: str) -> None:
    path = put(name, content)
    source = path.parent if name.startswith("posts/") else path
    (article,) = taken(list(read_source(source, GROUND)))
    assert article["published"] == SECOND_BEFORE


def test_a_link_out_of_the_folder_is_not_followed(put: Put, tmp_path: Path) -> None:
    secret = put("secret.md", MARKDOWN.replace("Clock", "Secret"))
    page = put("site/page.md", MARKDOWN)
    folder = page.parent
    (folder / "out.md").symlink_to(secret)
    (folder / "up.md").symlink_to(Path("../secret.md"))
    (folder / "deep").symlink_to(tmp_path)
    (folder / "twice.md").symlink_to(folder / "out.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "device.md").symlink_to("/dev/zero")
    (folder / "nowhere.md").symlink_to(folder / "none.md")
    (folder / "inside.md").symlink_to(page)
    told = {each.where: each for each in read_source(folder, GROUND)}
    assert {where for where, each in told.items() if each.article} == {"page.md", "inside.md"}
    assert "Secret" not in str(told)
    assert {where for where, each in told.items() if "out of the folder" in each.reason} >= {
        "out.md", "up.md", "twice.md", "device.md",
    }  # fmt: skip


def test_what_is_no_file_is_not_opened(put: Put) -> None:
    folder = put("page.md", MARKDOWN).parent
    os.mkfifo(folder / "pipe.md")
    assert [each.where for each in read_source(folder, GROUND)] == ["page.md"]
    for name in (str(folder / "pipe.md"), "/dev/zero"):
        with pytest.raises(SourceError, match="no file and no folder"), open_source(name):
            pytest.fail("it was opened")


def test_files_and_lines_are_bounded(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_source, "MAX_PAGE_BYTES", 100)
    (told,) = read_source(put("a.md", "x" * 101), GROUND)
    assert "longer than" in told.reason
    line = json.dumps({"id": "a", "title": "b"})
    monkeypatch.setattr(lines, "MAX_LINE", 100)
    path = put("x.ndjson", f"{line}\n{'x' * 250}\n{line}\n")
    told_lines = list(lines.read_lines(path))
    assert [bool(each.article) for each in told_lines] == [True, False, True]
    assert [each.where for each in told_lines] == ["b", "line 2", "b"]
    monkeypatch.setattr(totals, "MAX_BYTES", 10)
    with pytest.raises(SourceError, match="longer than"):
        read_totals(put("totals.csv", "id,views\na,1\n"))


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        buffer = None

        def read(self, size: int) -> bytes:
            return b"x" * size

    endless = Endless()
    endless.buffer = endless  # type: ignore[assignment]
    monkeypatch.setattr("sys.stdin", endless)
    monkeypatch.setattr(source, "MAX_STREAM_BYTES", 1_000_000)
    with pytest.raises(SourceError, match="longer than"), open_source("-"):
        pytest.fail("it was read")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<link>https://news.example/?p=7</link>", "<link>https://[oops/</link>"),
        (">346<", f">{'9' * 5_000}<"),
        (">346<", ">\u00b2<"),
        ("2025-12-26 07:11:00", "0000-00-00 00:00:00"),
        ("2025-12-26 07:11:00", "0001-01-01 00:00:00"),
        ("<![CDATA[Short]]>", "&lt;" * 50_000),
        ("<wp:post_id>7", "<wp:post_id><!-- c -->7"),
        ("<wp:postmeta>", "<wp:postmeta><!-- c --><?p x?>"),
        ("<dc:creator>", "<undeclared:name>x</undeclared:name><dc:creator>"),
        ("https://news.example/pic.jpg", "https://host:99999/pic.jpg"),
    ],
)
def test_a_bad_field_of_a_post_spoils_no_other_post(put: Put, old: str, new: str) -> None:
    bad, good = POST + PICTURE, POST.replace(">7<", ">8<")
    assert old in bad
    items = good + bad.replace(old, new) + good
    path = put("site.xml", WXR.format(items=items).replace("?>\n", "?><!-- before -->\n"))
    told = [each.article["id"] for each in read_source(path, GROUND) if each.article]
    assert (told[0], told[-1], len(told)) == ("8", "8", 3)
