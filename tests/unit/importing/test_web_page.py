"""HTML pages as a site shows them: the article, what the page says of it, and what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from circulation.importing.items import SourceItem
from circulation.importing.web_page import read_web_page
from tests.unit.importing.sites import (
    UNKNOWN_SITE,
    addresses,
    article_of,
    page,
    read_site,
    verdicts,
)

TIME = '<meta property="article:published_time" content="2024-03-01T10:00:00Z">'


def html(body: str, head: str = TIME) -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def read(folder: Path, body: str, head: str = TIME) -> SourceItem:
    return read_site(folder, {"a.html": html(body, head)})["a.html"]


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>Story</p></article>",
        "<main><p>Story</p></main>",
        '<div role="main"><p>Story</p></div>',
        "<p>Story</p>",
        "<article><p>A teaser, longer</p></article><main><article><p>Story</p></article></main>",
        ('<main><article class="teaser"><p>Teaser of another</p></article><article id="real">'
        "<p>Story</p></article></main>"),
        ('<main><article><h2><a href="/b">Another</a></h2><p>Long teaser</p></article>'
        "<article><p>Story</p></article></main>"),
        "<article><p>Short</p></article><article><h1>T</h1><p>Story</p></article>",
        "<aside><article><p>A much longer one</p></article></aside><article><p>Story</p></article>",
        "<article><nav>menu</nav><script>x()</script><style>a{}</style><p>Story</p></article>",
        '<article><div class="entry-content"><p>Story</p></div><p>Share this</p></article>',
        '<div itemprop="articleBody"><p>Story</p></div><article><p>Related</p></article>',
        '<main><p>Story</p><article class="related-post"><p>Other</p></article></main>',
        "<article><h1>T</h1><p>Story</p></article>",
    ],
)  # fmt: skip
def test_the_body_is_that_of_the_main_article(tmp_path: Path, body: str) -> None:
    head = f'{TIME}<meta property="og:title" content="T">'
    assert article_of(read(tmp_path, body, head))["body"] == "<p>Story</p>"


MICROFORMATS = """<header class="h-card"><a class="p-name" rel="author" href="/">Site</a></header>
<aside><time class="dt-published" datetime="2020-01-01">x</time></aside>
<div class="h-entry"><a class="p-author h-card" href="/ann"><span class="p-name">Ann</span></a>
<h1 class="p-name">Title</h1><p class="p-summary">Short</p><div class="e-content"><p>Story</p></div>
<time class="dt-published" datetime="2024-03-01T10:00:00Z">x</time>
<a class="p-category" href="/x">x</a></div>"""


def test_microformats_are_those_of_the_entry(tmp_path: Path) -> None:
    article = article_of(read(tmp_path, MICROFORMATS, "<title>Title | Site</title>"))
    assert article | {"id": ""} == {
        "id": "",
        "section": "news",
        "title": "Title",
        "body": "<p>Story</p>",
        "url": "https://news.example/a.html",
        "published": "2024-03-01T10:00:00Z",
        "summary": "Short",
        "author": ["Ann"],
        "tags": ["x"],
    }


def test_an_author_of_the_whole_site_is_not_the_articles(tmp_path: Path) -> None:
    body = '<header><a rel="author" href="/">Site</a></header><article><p>z</p></article>'
    assert "author" not in article_of(read(tmp_path, body))


def test_text_that_begins_an_article_stays_text(tmp_path: Path) -> None:
    article = article_of(read(tmp_path, "<article>1 &lt; 2 &amp; <b>3</b></article>"))
    assert article["body"] == "1 &lt; 2 &amp; <b>3</b>"


def test_what_a_page_hides_and_the_comments_of_readers_are_left_out(tmp_path: Path) -> None:
    body = (
        '<article><p hidden>s</p><p>a</p><p hidden="until-found">b</p>'
        '<section id="comments">s</section><div class="comments-area x">s</div>c</article>'
    )
    assert article_of(read(tmp_path, body))["body"] == ('<p>a</p><p hidden="until-found">b</p>c')


def test_addresses_are_resolved_against_the_base_of_the_page(tmp_path: Path) -> None:
    body = (
        '<article><a href="x">x</a><a href="#n">n</a><img src="i.jpg" srcset="a.jpg 1x, /b.jpg 2x">'
        "</article>"
    )
    article = article_of(read(tmp_path, body, f'<base href="https://cdn.example/b/">{TIME}'))
    assert article["body"] == (
        '<a href="https://cdn.example/b/x">x</a><a href="#n">n</a>'
        '<img src="https://cdn.example/b/i.jpg"'
        ' srcset="https://cdn.example/b/a.jpg 1x, https://cdn.example/b.jpg 2x">'
    )


LINKED_DATA: dict[str, Any] = {
    "@context": "https://schema.org", "@type": "NewsArticle", "headline": "Head",
    "datePublished": "2024-03-03T10:00:00Z", "dateModified": "2024-03-04T10:00:00Z",
    "author": [{"@type": "Person", "name": "Ann"}, {"name": "Bob, Jr."}], "articleSection": "City",
    "keywords": ["x", "y"], "image": {"@type": "ImageObject", "url": "https://news.example/i.png"},
    "description": "Short", "inLanguage": "az",
    "mainEntityOfPage": {"@id": "https://news.example/head/"},
}  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        LINKED_DATA,
        [{"@type": "Organization", "name": "N"}, LINKED_DATA],
        {"@graph": [{"@type": "WebSite", "name": "N"}, LINKED_DATA | {"@type": ["BlogPosting"]}]},
        {"@type": "WebPage", "mainEntity": LINKED_DATA},
        LINKED_DATA | {"@type": "https://schema.org/Article"},
    ],
)
def test_json_ld_says_what_the_article_is(tmp_path: Path, data: Any) -> None:
    head = f'<title>T</title><script type="application/ld+json">{json.dumps(data)}</script>'
    assert article_of(read(tmp_path, "<article><p>z</p></article>", head)) | {"id": ""} == {
        "id": "",
        "section": "City",
        "title": "Head",
        "body": "<p>z</p>",
        "url": "https://news.example/head/",
        "published": "2024-03-03T10:00:00Z",
        "updated": "2024-03-04T10:00:00Z",
        "summary": "Short",
        "author": ["Ann", "Bob, Jr."],
        "tags": ["x", "y"],
        "language": "az",
        "image": "https://news.example/i.png",
    }


@pytest.mark.parametrize("text", ["{", "[1, null, {}]", "[" * 5_000, '{"@graph": 5}', ""])
def test_json_ld_that_is_none_is_passed_over(tmp_path: Path, text: str) -> None:
    head = f'{TIME}<script type="application/ld+json">{text}</script>'
    assert article_of(read(tmp_path, "<p>z</p>", head))["body"] == "<p>z</p>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="date" content="2024-03-01T10:00:00Z">', ""),
        ('<meta name="DC.date.issued" content="2024-03-01T10:00:00Z">', ""),
        ('<meta itemprop="datePublished" content="2024-03-01T10:00:00Z">', ""),
        ("", '<time datetime="2024-03-01T10:00:00Z">1 March</time>'),
        ("", '<time datetime="PT5M">5 min</time><time datetime="2024-03-01T10:00:00Z">x</time>'),
        ("", ('<time datetime="2020-01-01">x</time><time class="dt-published" '
             'datetime="2024-03-01T10:00:00Z">x</time>')),
        ("", ('<time datetime="2020-01-01">x</time><time itemprop="datePublished" '
             'datetime="2024-03-01T10:00:00Z">x</time>')),
    ],
)  # fmt: skip
def test_a_date_is_found_under_its_usual_names(tmp_path: Path, head: str, body: str) -> None:
    article = article_of(read(tmp_path, f"<article><p>z</p>{body}</article>", head))
    assert article["published"] == "2024-03-01T10:00:00Z"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="robots" content="noindex">',
        '<meta name="ROBOTS" content="NOINDEX, nofollow">',
        '<meta name="googlebot" content="none">',
        '<meta property="article:content_tier" content="locked">',
        *(
            f'<script type="application/ld+json">{json.dumps(LINKED_DATA | extra)}</script>'
            for extra in (
                {"isAccessibleForFree": False},
                {"isAccessibleForFree": "False"},
                {"isAccessibleForFree": "https://schema.org/False"},
                {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}},
                {"@type": "WebPage", "isAccessibleForFree": "false"},
            )
        ),
    ],
)
def test_what_a_site_does_not_show_or_list_is_private(tmp_path: Path, head: str) -> None:
    item = read(tmp_path, "<article><p>z</p></article>", TIME + head)
    assert (item.article, str(item.verdict)) == (None, "private")
    assert item.reason


@pytest.mark.parametrize(
    "extra", [{"isAccessibleForFree": True}, {"isAccessibleForFree": "True"}, {"hasPart": []}]
)
def test_what_is_free_is_an_article(tmp_path: Path, extra: dict[str, Any]) -> None:
    data = json.dumps(LINKED_DATA | extra)
    head = f'<meta name="robots" content="index, follow"><script type="application/ld+json">{data}'
    assert article_of(read(tmp_path, "<p>z</p>", f"{head}</script>"))


OWN = '<meta property="og:url" content="https://news.example/a/index.html">'
LINKED = (
    '<article><h1><a href="{}">T</a></h1><time datetime="2024-01-01">x</time><p>z</p></article>'
)


def test_a_heading_that_leads_to_another_page_is_a_lists(tmp_path: Path) -> None:
    assert str(read(tmp_path, LINKED.format("/b/"), OWN).verdict) == "skipped"
    own = article_of(read(tmp_path, LINKED.format("../a/"), OWN))
    assert own["url"] == "https://news.example/a/"
    assert article_of(read(tmp_path, LINKED.format("https://x.example/"), OWN + TIME))


TEASERS = "".join(
    f'<article><h2><a href="/{n}">T{n}</a></h2><time datetime="2024-01-0{n}">x</time></article>'
    for n in (1, 2, 3)
)


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (f"<main>{TEASERS}</main>", ""),
        (TEASERS, ""),
        (f'<div class="x">{TEASERS}</div>', '<meta property="og:type" content="website">'),
        ("<p>x</p>", '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'),
        ("<p>x</p>", ('<meta http-equiv="refresh" content="0; url=/b/"><meta name="date" '
                     'content="2024-01-01">')),
    ],
)  # fmt: skip
def test_a_list_and_a_page_that_leads_elsewhere_are_skipped(
    tmp_path: Path, body: str, head: str
) -> None:
    item = read(tmp_path, body, head)
    assert (item.article, str(item.verdict)) == (None, "skipped")
    assert item.reason


def test_the_times_of_a_list_are_not_its_own(tmp_path: Path) -> None:
    entries = '<li><time datetime="2024-01-01">x</time> <a href="/a/">A</a></li>' * 3
    for body in (f"<main><ul>{entries}</ul></main>", f"<article><ul>{entries}</ul></article>"):
        item = read(tmp_path, body, "<title>Archive</title>")
        assert (item.article, str(item.verdict)) == (None, "skipped")


def test_addresses_of_built_pages_are_those_of_their_files(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "foo.html": html("<p>x</p>"),
        "2024/post/index.html": html("<p>y</p>"),
        "b/c.htm": html("<p>y</p>"),
        "d.html": html("<p>z</p>", f'{TIME}<link rel="Canonical" href="/dee/">'),
        "copy.html": html("<p>z</p>", f'{TIME}<link rel=canonical href="https://x.example/e">'),
    }
    assert addresses(read_site(tmp_path, files)) == {
        "foo.html": "https://news.example/foo.html",
        "2024/post/index.html": "https://news.example/2024/post/",
        "b/c.htm": "https://news.example/b/c.htm",
        "d.html": "https://news.example/dee/",
        "copy.html": "https://news.example/copy.html",
    }


def encoded(declaration: str, encoding: str, text: str = "Café Новости") -> bytes:
    return html(f"<p>{text}</p>", f"{declaration}<title>{text}</title>{TIME}").encode(encoding)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (encoded("", "utf-8"), "Café Новости"),
        (encoded("", "utf-8-sig"), "Café Новости"),
        (encoded("", "utf-16"), "Café Новости"),
        (encoded('<meta charset="utf-16">', "utf-8"), "Café Новости"),
        (encoded("", "cp1252", "Café €"), "Café €"),
        (encoded("<meta charset=windows-1251>", "cp1251", "Новости"), "Новости"),
        (encoded("<meta charset='iso-8859-1'>", "cp1252", "Café €"), "Café €"),
        (encoded('<meta http-equiv="Content-Type" content="text/html; charset=KOI8-R">', "koi8-r",
                 "Новости"), "Новости"),
        (encoded('<meta charset="x-sjis">', "cp932", "新聞"), "新聞"),
        (encoded('<meta charset="gb2312">', "gb18030", "镕基"), "镕基"),
        (encoded('<meta charset="nonsense">', "utf-8"), "Café Новости"),
        (encoded('<meta charset="rot13">', "utf-8"), "Café Новости"),
        (encoded('<!-- <meta charset="koi8-r"> -->', "utf-8"), "Café Новости"),
        (encoded('<meta charset="koi8-r">', "utf-8-sig"), "Café Новости"),
        (encoded("<meta charset=utf-8>", "cp1252", "Caf\xe9 x"), "Caf\ufffd x"),
    ],
)  # fmt: skip
def test_a_page_is_decoded_as_a_browser_does(tmp_path: Path, content: bytes, text: str) -> None:
    article = article_of(read_site(tmp_path, {"a.html": content})["a.html"])
    assert (article["title"], article["body"]) == (text, f"<p>{text}</p>")


MEDIUM = """<!DOCTYPE html><html><head><title>Story</title></head><body>
<article class="h-entry"><header><h1 class="p-name">Story</h1></header>
<section data-field="subtitle" class="p-summary">Short</section>
<section data-field="body" class="e-content"><h3 class="graf graf--h3 graf--title">Story</h3>
<p class="graf">Words</p></section><footer><p>By <a href="https://medium.com/@ann"
class="p-author h-card">Ann</a> on <a href="https://medium.com/p/1"><time class="dt-published"
datetime="2019-04-05T10:00:00.000Z">April 5</time></a>.</p><p><a
href="https://medium.com/@ann/story-1" class="p-canonical">Canonical link</a></p></footer>
</article></body></html>"""


def test_a_medium_export_gives_its_posts_alone(tmp_path: Path) -> None:
    undated = MEDIUM.replace('class="dt-published"', "").replace("datetime=", "title=")
    files: dict[str, str | bytes] = {
        "posts/2019-04-05_Story-1.html": MEDIUM,
        "posts/draft_Secret-2.html": undated,
        "claps/claps-0001.html": MEDIUM,
        "bookmarks/bookmarks-0001.html": MEDIUM,
        "profile/profile.html": MEDIUM,
        "README.html": MEDIUM,
    }
    items = read_site(tmp_path, files)
    assert verdicts(items) == {"posts/draft_Secret-2.html": "private"}
    article = article_of(items["posts/2019-04-05_Story-1.html"])
    assert article | {"id": ""} == {
        "id": "",
        "section": "news",
        "title": "Story",
        "body": '<p class="graf">Words</p>',
        "url": "https://medium.com/@ann/story-1",
        "published": "2019-04-05T10:00:00Z",
        "summary": "Short",
        "author": ["Ann"],
    }
    assert addresses(read_site(tmp_path, files, UNKNOWN_SITE)) == addresses(items)


def test_a_page_that_nests_too_deep_is_refused_alone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.html": html("<div>" * 600 + "x"),
        "b.html": html("<p>x</p>"),
    }
    items = read_site(tmp_path, files)
    assert addresses(items).keys() == {"b.html"}
    assert "deep" in items["a.html"].reason


def test_a_fragment_is_what_it_is(tmp_path: Path) -> None:
    fragment = "<h2>T</h2><p>x</p>"
    assert read_web_page(fragment).body == fragment
    (item,) = read_site(tmp_path, {"a.html": page("title: T", fragment)}).values()
    assert article_of(item)["body"].strip() == fragment
