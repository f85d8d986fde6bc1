from pathlib import Path
from typing import Any

import pytest

from circulation.importing.feed import read_feed
from circulation.importing.items import SourceDefaults, SourceError, Verdict
from tests.unit.importing.archives import GROUND, articles, others, read

BACKUP = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:app='http://purl.org/atom/app#'
 xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:media='http://search.yahoo.com/mrss/'>
<id>tag:blogger.com,1999:blog-1.archive</id><title type='text'>News</title>{}</feed>"""
ENTRY = """<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id>
<published>2025-12-26T11:11:00.001+04:00</published><updated>2025-12-27T11:11:00+04:00</updated>
<category scheme='http://schemas.google.com/g/2005#kind'
 term='http://schemas.google.com/blogger/2008/kind#{kind}'/>
<category scheme='http://www.blogger.com/atom/ns#' term='City'/>
<category scheme='http://www.blogger.com/atom/ns#' term='x'/>
<title type='text'>{title}</title><content type='html'>&lt;p&gt;Words&lt;/p&gt;</content>
<link rel='replies' type='text/html' href='https://old.example/replies'/>
<link rel='alternate' type='text/html' href='https://old.example/2025/12/clock.html'/>
<author><name>Ann Writer</name><email>noreply@blogger.com</email></author>
<media:thumbnail url='https://old.example/s72-c/t.jpg' width='72' height='72'/>{more}</entry>"""
TAKEOUT = """<?xml version='1.0' encoding='utf-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<id>tag:blogger.com,1999:blog-1</id><title>News</title>{}</feed>"""
TAKEN = """<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id>
<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>
<author><name>Ann Writer</name><uri/><blogger:type>BLOGGER</blogger:type></author>
<title>{title}</title><content type='html'>&lt;p&gt;Words&lt;/p&gt;</content>
<blogger:metaDescription>Short</blogger:metaDescription>
<blogger:created>2025-12-25T07:11:00Z</blogger:created>
<published>2025-12-26T07:11:00.001Z</published><updated>2025-12-27T07:11:00Z</updated>
<blogger:location/><category scheme='tag:blogger.com,1999:blog-1' term='City&#10;x'/>
<blogger:filename>/2025/12/clock.html</blogger:filename><link/><enclosure/>
<blogger:trashed>{trashed}</blogger:trashed></entry>"""


def entry(**fields: Any) -> str:
    return ENTRY.format(**({"number": 7, "kind": "post", "title": "Clock", "more": ""} | fields))


def taken(**fields: Any) -> str:
    defaults = {"number": 7, "kind": "POST", "status": "LIVE", "title": "Clock", "trashed": ""}
    return TAKEN.format(**(defaults | fields))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "feed.atom"


EXPECTED = {
    "id": "7",
    "source_ids": ["tag:blogger.com,1999:blog-1.post-7"],
    "section": "City",
    "title": "Clock",
    "body": "<p>Words</p>",
    "published": "2025-12-26T07:11:00Z",
    "updated": "2025-12-27T07:11:00Z",
    "author": ["Ann Writer"],
    "tags": ["x"],
}


def test_a_post_of_the_backup_comes_with_its_labels_and_address(path: Path) -> None:
    assert articles(read(path, BACKUP.format(entry()))) == [
        EXPECTED
        | {
            "url": "https://old.example/2025/12/clock.html",
            "image": "https://old.example/s1600/t.jpg",
        }
    ]


def test_a_post_of_takeout_gets_its_address_of_the_site(path: Path) -> None:
    assert articles(read(path, TAKEOUT.format(taken()))) == [
        EXPECTED | {"url": "https://news.example/2025/12/clock.html", "summary": "Short"}
    ]
    with pytest.raises(SourceError, match="--site"):
        read(path, TAKEOUT.format(taken()), SourceDefaults())


@pytest.mark.parametrize("kind", ["settings", "template", "page", "comment"])
def test_what_is_no_post_of_the_backup_is_never_taken(path: Path, kind: str) -> None:
    items = read(path, BACKUP.format(entry(kind=kind, title="Secret") + entry(number=8)))
    assert others(items) == [("Secret", Verdict.SKIPPED)]
    assert [article["id"] for article in articles(items)] == ["8"]


@pytest.mark.parametrize("kind", ["PAGE", "COMMENT", "SETTINGS", ""])
def test_what_is_no_post_of_takeout_is_never_taken(path: Path, kind: str) -> None:
    items = read(path, TAKEOUT.format(taken(kind=kind, title="Secret") + taken(number=8)))
    assert others(items) == [("Secret", Verdict.SKIPPED)]
    assert [article["id"] for article in articles(items)] == ["8"]


@pytest.mark.parametrize("draft", ["yes", "YES", " yes ", "true"])
def test_a_draft_of_the_backup_is_private(path: Path, draft: str) -> None:
    more = f"<app:control><app:draft>{draft}</app:draft></app:control>"
    items = read(path, BACKUP.format(entry(title="Secret", more=more) + entry(number=8)))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert [article["id"] for article in articles(items)] == ["8"]


def test_a_post_that_is_no_draft_says_so(path: Path) -> None:
    more = "<app:control><app:draft>no</app:draft></app:control>"
    assert len(articles(read(path, BACKUP.format(entry(more=more))))) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "DRAFT"},
        {"status": "SOFT_TRASHED"},
        {"status": ""},
        {"trashed": "2025-12-28T00:00:00Z"},
    ],
)
def test_a_draft_of_takeout_and_what_is_in_the_trash_are_private(
    path: Path, fields: dict[str, str]
) -> None:
    items = read(path, TAKEOUT.format(taken(title="Secret", **fields) + taken(number=8)))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert [article["id"] for article in articles(items)] == ["8"]


def test_a_scheduled_post_comes_with_its_time(path: Path) -> None:
    scheduled = taken(status="SCHEDULED").replace("2025-12-26", "2030-12-26")
    (article,) = articles(read(path, TAKEOUT.format(scheduled)))
    assert article["published"] == "2030-12-26T07:11:00Z"


def test_titles_are_text(path: Path) -> None:
    backup = read(path, BACKUP.format(entry(title="Vec&lt;T&gt; &amp;amp; co")))
    takeout = read(path, TAKEOUT.format(taken(title="It&amp;#39;s Vec&lt;T&gt;")))
    assert articles(backup)[0]["title"] == "Vec<T> &amp; co"
    assert articles(takeout)[0]["title"] == "It's Vec<T>"


def test_plain_text_is_text(path: Path) -> None:
    text = entry().replace("type='html'>&lt;p&gt;Words", "type='text'>Use &lt;b&gt; Words")
    assert articles(read(path, BACKUP.format(text)))[0]["body"].startswith("Use &lt;b&gt; Words")


def test_a_post_without_text_is_known_by_its_title(path: Path) -> None:
    empty = entry().replace("&lt;p&gt;Words&lt;/p&gt;", "")
    (article,) = articles(read(path, BACKUP.format(empty)))
    assert (article["body"], article["body_is_summary"]) == ("Clock", True)


@pytest.mark.parametrize("form", [BACKUP.format(entry(number=8) + entry()),
                                  TAKEOUT.format(taken(number=8) + taken())])  # fmt: skip
def test_of_an_archive_that_is_cut_off_the_last_post_is_refused(path: Path, form: str) -> None:
    items = read(path, form[: form.rindex("</content>")])
    assert [article["id"] for article in articles(items)] == ["8"]
    assert items[1].verdict in (Verdict.REFUSED, Verdict.PRIVATE)


def test_control_characters_spoil_nothing(path: Path) -> None:
    items = read(path, BACKUP.format(entry(title="Clo\x10ck &nbsp;&#x1f;") + entry(number=8)))
    assert [article["title"] for article in articles(items)] == ["Clock", "Clock"]
    assert not others(items)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2025-12-26T11:11:00.001+04:00", "x"),
        ("https://old.example/2025/12/clock.html", "https://[oops/"),
        (".post-7", ".x"),
        ("'City'", "''"),
        ("<title type='text'>Clock</title>", ""),
        ("<content type='html'>&lt;p&gt;Words&lt;/p&gt;</content>", ""),
    ],
)
def test_a_bad_field_spoils_no_other_post(path: Path, old: str, new: str) -> None:
    bad = entry().replace(old, new)
    assert bad != entry()
    items = read(path, BACKUP.format(entry(number=6) + bad + entry(number=8)))
    assert [item.article["id"] for item in items if item.article][::2] == ["6", "8"]


@pytest.mark.parametrize(
    "about",
    [
        "http://wordpress.org/export/1.2/",
        "http://schemas.google.com/blogger/2018",
        "tag:blogger.com,1999:blog-1.archive",
        "term='http://schemas.google.com/blogger/2008/kind#post'",
    ],
)
def test_a_feed_with_an_article_about_archives_is_a_feed(path: Path, about: str) -> None:
    feed = f"""<feed xmlns='http://www.w3.org/2005/Atom'>
<title>News</title><entry><id>urn:x:1</id>
<title>About</title><link href='https://news.example/about/'/>
<updated>2025-12-26T07:11:00Z</updated><content type='html'>&lt;p&gt;xmlns={about}</content>
</entry></feed>"""
    assert [article["title"] for article in articles(read(path, feed))] == ["About"]


DRAFT = "<{0}:control xmlns:{0}='{1}'><{0}:draft>yes</{0}:draft></{0}:control>"


@pytest.mark.parametrize("prefix", ["app", "pub"])
@pytest.mark.parametrize("space", ["http://www.w3.org/2007/app", "http://purl.org/atom/app#"])
def test_a_draft_in_any_feed_is_private(prefix: str, space: str) -> None:
    secret = entry(title="Secret", more=DRAFT.format(prefix, space))
    items = list(read_feed(BACKUP.format(secret + entry(number=8)).encode(), GROUND))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert [article["title"] for article in articles(items)] == ["Clock"]


@pytest.mark.parametrize("kind", ["settings", "template", "page", "comment"])
def test_a_backup_that_is_read_as_a_feed_gives_its_posts_alone(kind: str) -> None:
    feed = BACKUP.format(entry(kind=kind, title="Secret") + entry(number=8)).encode()
    items = list(read_feed(feed, GROUND))
    assert others(items) == [("Secret", Verdict.SKIPPED)]
    (article,) = articles(items)
    assert (article["section"], article["tags"]) == ("City", ["x"])


@pytest.mark.parametrize(
    "fields", [{"kind": "COMMENT"}, {"status": "DRAFT"}, {"trashed": "2025-12-28T00:00:00Z"}]
)
def test_takeout_that_is_read_as_a_feed_gives_its_public_posts_alone(
    fields: dict[str, str],
) -> None:
    feed = TAKEOUT.format(taken(title="Secret", **fields) + taken(number=8)).encode()
    items = list(read_feed(feed, GROUND))
    assert "Secret" not in [item.article["title"] for item in items if item.article]
    assert len([item for item in items if item.article]) == 1
