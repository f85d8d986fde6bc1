"""The check of a move turns red for whatever is lost, changed or let through."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.moving_in.comparison import Comparison, compare, compare_addresses, percent
from bench.moving_in.exports import read_ghost, read_wordpress
from bench.moving_in.feeds import atom_titles, is_html, rss_titles
from bench.moving_in.pages import read_folder, read_html, split_page
from bench.moving_in.reading import (
    Article,
    State,
    compared,
    compared_embed,
    compared_image,
    read_body,
    read_text,
    title_of_html,
)
from bench.moving_in.report import Checked, write_report
from bench.moving_in.sources import find_sources
from bench.moving_in.times import read_time

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SITE = "https://news.example/"

CLASSIC = """The ferry leaves at six.

It is back by <strong>noon</strong>, as <a href="/timetable/">the timetable</a> says.
<ul>
<li>Bring a coat</li>
</ul>
Dogs travel free.

[caption id="attachment_7" width="640"]<img src="/quay-640x480.jpg"> The quay at dawn[/caption]

[gallery ids="8,9"]

https://youtu.be/abc_DEF-123

[promo box="1"]Half price on Mondays[/promo]
And [sic] so it stays."""

SHOWN = """<p>The ferry leaves at six.</p>
<p>It is back by <strong>noon</strong>,
as <a href="https://news.example/timetable/">the timetable</a> says.</p>
<ul><li>Bring a coat</li></ul><p>Dogs travel free.</p>
<figure><img src="https://news.example/quay.jpg"><figcaption>The quay at dawn</figcaption></figure>
<figure><img src="https://news.example/8.jpg"></figure>
<figure><img src="https://news.example/9.png"></figure>
<p><a href="https://www.youtube.com/watch?v=abc_DEF-123">A film on YouTube</a></p>
<p>Half price on Mondays<br>And [sic] so it stays.</p>"""
"""The same as its site shows it."""

WXR = """<?xml version="1.0"?><rss xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>N</title>
<wp:author><wp:author_login>ada</wp:author_login>
<wp:author_display_name>Ada Quay</wp:author_display_name></wp:author>{items}</channel></rss>"""


def wordpress_item(number: int, content: str = "x", **changes: str) -> str:
    fields = {
        "title": f"Item {number}",
        "link": f"https://news.example/{number}/",
        "dc:creator": "ada",
        "wp:post_id": str(number),
        "wp:post_date_gmt": "2026-01-02 03:04:05",
        "wp:status": "publish",
        "wp:post_type": "post",
        "wp:post_password": "",
    } | changes
    texts = "".join(f"<{name}><![CDATA[{text}]]></{name}>" for name, text in fields.items())
    return f"<item>{texts}<content:encoded><![CDATA[{content}]]></content:encoded></item>"


def attachment(number: int, name: str) -> str:
    url = f"https://news.example/{name}"
    return wordpress_item(number, **{"wp:post_type": "attachment", "wp:attachment_url": url})


@pytest.fixture
def source(tmp_path: Path) -> list[Article]:
    items = [
        wordpress_item(1, CLASSIC, title="Vec<T> &amp; the ferry"),
        wordpress_item(2, "Nobody has to know.", **{"wp:status": "draft", "title": "A secret"}),
        attachment(8, "8.jpg"),
        attachment(9, "9.png"),
    ]
    path = tmp_path / "export.xml"
    path.write_text(WXR.format(items="".join(items)))
    return read_wordpress(path, NOW)


def shown(html: str = SHOWN, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "where": "Vec<T> & the ferry",
        "titles": frozenset({"Vec<T> & the ferry"}),
        "published": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "authors": frozenset({"ada quay"}),
        "address": "news.example/1",
        "body": read_body(html, "https://news.example/1/"),
    }
    return Article(**fields | changes)


def missed(comparison: Comparison) -> set[str]:
    """Give the first words of what misses a target."""
    return {miss.split()[0] for miss in comparison.misses()}


def test_what_a_site_shows_of_its_export_is_whole(source: list[Article]) -> None:
    comparison = compare(source, [shown()])
    assert (comparison.misses(), comparison.losses) == ([], [])
    assert comparison.shares["images"].of == 3
    assert comparison.shares["captions"].of == 1
    assert comparison.shares["links"].of == 2


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        ("<p>Dogs travel free.</p>", {"words", "paragraphs"}),
        ("<li>Bring a coat</li>", {"words", "paragraphs"}),
        (' href="https://news.example/timetable/"', {"links"}),
        ('<figure><img src="https://news.example/9.png"></figure>', {"images"}),
        ('<img src="https://news.example/quay.jpg">', {"images"}),
        ("figcaption", {"captions"}),
        ('<a href="https://www.youtube.com/watch?v=abc_DEF-123">A film on YouTube</a>', {"links"}),
        ("</p>\n<p>", {"paragraphs"}),
    ],
)
def test_a_part_that_is_taken_out_is_missed(
    source: list[Article], lost: str, expected: set[str]
) -> None:
    assert lost in SHOWN
    html = SHOWN.replace(lost, "div" if lost == "figcaption" else " ")
    comparison = compare(source, [shown(html)])
    assert expected <= missed(comparison) <= expected | {"links"}
    assert comparison.losses


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("\n\nOne paragraph more.", {"words", "paragraphs"}),
        ('\n<img src="/10.jpg">', {"images"}),
        ('\n[gallery ids="8"]\n[audio src="/a.mp3"]', {"links"}),
        ('\n[caption width="1"]<img src="/8.jpg"> Another[/caption]', {"captions"}),
    ],
)
def test_a_part_that_only_the_source_has_is_missed(
    tmp_path: Path, more: str, expected: set[str]
) -> None:
    path = tmp_path / "export.xml"
    items = wordpress_item(1, CLASSIC + more, title="Vec<T> &amp; the ferry")
    path.write_text(WXR.format(items=items + attachment(8, "8.jpg") + attachment(9, "9.png")))
    assert expected <= missed(compare(read_wordpress(path, NOW), [shown()]))


def test_words_that_are_glued_together_are_lost(source: list[Article]) -> None:
    glued = SHOWN.replace("coat</li></ul><p>Dogs", "coatDogs")
    assert glued != SHOWN
    comparison = compare(source, [shown(glued)])
    assert {"words", "paragraphs"} <= missed(comparison)


def test_a_repetition_that_is_lost_is_missed() -> None:
    article = shown("<p>No, no, no.</p>")
    assert missed(compare([article], [shown("<p>No.</p>")])) == {"words", "paragraphs"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"titles": frozenset({"Vec & the ferry"})}, {"titles"}),
        ({"titles": frozenset({"Vec<T> &amp; the ferry"})}, {"titles"}),
        ({"published": datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)}, {"dates"}),
        ({"address": "news.example/item-1"}, {"addresses"}),
        ({"authors": frozenset({"ada"})}, {"authors"}),
    ],
)
def test_a_field_that_differs_is_missed(
    source: list[Article], changes: dict[str, Any], expected: set[str]
) -> None:
    comparison = compare(source, [shown(**changes)])
    assert missed(comparison) == expected
    assert len(comparison.losses) == 1


def test_a_shortcode_that_readers_see_is_none_of_the_sources_words(source: list[Article]) -> None:
    comparison = compare(source, [shown(f'{SHOWN}[gallery ids="8,9"]')])
    assert "of the words shown are not the source's" in comparison.misses()[0]


def test_a_draft_that_is_let_through_is_named(source: list[Article]) -> None:
    draft = next(article for article in source if article.state is State.PRIVATE)
    for let_through in (draft, replace(draft, address="news.example/elsewhere")):
        comparison = compare(source, [shown(), let_through])
        assert comparison.leaked == ["A secret: is private"]
        assert comparison.misses() == ["1 shown that the source does not publish"]
    unknown = shown(titles=frozenset({"Not of it"}), address="news.example/9", body=read_body("y"))
    assert compare(source, [shown(), unknown]).leaked == [f"{unknown.where}: is in no source"]


def test_a_sitemap_has_what_is_public_and_no_more(source: list[Article]) -> None:
    assert compare_addresses(source, ["news.example/1"]).misses() == []
    assert missed(compare_addresses(source, [])) == {"addresses"}
    assert compare_addresses(source, ["news.example/1", "news.example/2"]).leaked


def test_an_article_that_is_not_shown_is_missed_with_all_that_it_has(source: list[Article]) -> None:
    comparison = compare(source, [])
    assert {"articles", "words", "paragraphs", "links", "images"} <= missed(comparison)


def test_a_target_is_reached_at_its_very_number() -> None:
    articles = [
        shown(f"<p>{number}</p>", address=f"news.example/{number}", titles=frozenset({str(number)}))
        for number in range(200)
    ]
    assert "articles" not in missed(compare(articles, articles[1:]))
    assert "articles" in missed(compare(articles, articles[2:]))
    assert [percent(share) for share in (1, 0.99999, 0.995)] == ["100 %", "99.99 %", "99.50 %"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.PUBLIC),
        ({"wp:status": "draft"}, State.PRIVATE),
        ({"wp:status": "pending"}, State.PRIVATE),
        ({"wp:status": "private"}, State.PRIVATE),
        ({"wp:status": "trash"}, State.PRIVATE),
        ({"wp:status": "auto-draft"}, State.PRIVATE),
        ({"wp:post_password": "x"}, State.PRIVATE),
        ({"wp:status": "future", "wp:post_date_gmt": "2027-01-01 00:00:00"}, State.PRIVATE),
        ({"wp:status": "future"}, State.EITHER),
    ],
)
def test_the_states_of_wordpress(tmp_path: Path, changes: dict[str, str], state: State) -> None:
    path = tmp_path / "export.xml"
    path.write_text(WXR.format(items=wordpress_item(1, **changes)))
    (article,) = read_wordpress(path, NOW)
    assert article.state is state


def test_an_export_that_breaks_off_is_read_until_there(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    items = "<item><title>a</b></item>" + wordpress_item(1, "a\x10b&hellip;") + "<item><title>half"
    path.write_text(WXR.format(items=items))
    (article,) = read_wordpress(path, NOW)
    assert article.body.words == Counter(("ab",))
    for text in ("&nbsp;", "&#x10;", "&#38;"):
        path.write_text(WXR.format(items=f"{wordpress_item(1, 'x')}{text}"))
        (article,) = read_wordpress(path, NOW)
        assert article.authors == {"ada quay"}


def ghost_post(number: int, **changes: str) -> dict[str, str]:
    return {
        "id": str(number),
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "html": "<p>Open.</p>",
        "type": "post",
        "status": "published",
        "visibility": "public",
        "published_at": "2026-01-02T03:04:05.000Z",
    } | changes


def read_posts(tmp_path: Path, *posts: dict[str, str]) -> list[Article]:
    path = tmp_path / "ghost.json"
    path.write_text(json.dumps({"db": [{"data": {"posts": posts}}]}))
    return read_ghost(path, SITE, NOW)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.PUBLIC),
        ({"status": "draft"}, State.PRIVATE),
        ({"status": "sent"}, State.PRIVATE),
        ({"status": "scheduled", "published_at": "2027-01-01T00:00:00Z"}, State.PRIVATE),
        ({"visibility": "members"}, State.PRIVATE),
        ({"visibility": "paid"}, State.PRIVATE),
        ({"visibility": "tiers"}, State.PRIVATE),
    ],
)
def test_the_states_of_ghost(tmp_path: Path, changes: dict[str, str], state: State) -> None:
    (article,) = read_posts(tmp_path, ghost_post(1, **changes))
    assert article.state is state


def test_what_stands_behind_a_paywall_may_not_be_shown(tmp_path: Path) -> None:
    html = "<p>Open.</p><!--members-only--><p>For members.</p>"
    articles = read_posts(tmp_path, ghost_post(1, html=html))
    (article,) = articles
    assert compare(articles, [article]).misses() == []
    leaky = replace(article, body=read_body("<p>Open.</p><p>For members.</p>"))
    assert compare(articles, [leaky]).leaked == ["Post 1: shows “for members”"]


PAGE = """<!doctype html><html><head><title>A page</title>{head}</head><body><nav>Menu</nav>
<article class="teaser"><p>Short.</p></article>
<article><h1>A page</h1><p>The longer text of the page.</p></article></body></html>"""
DATED = '<meta property="article:published_time" content="2026-01-02T03:04:05Z">'
FACTS = """<script type="application/ld+json">
{"datePublished": "2026-01-02", "isAccessibleForFree": false}</script>"""


@pytest.mark.parametrize(
    ("name", "head", "states"),
    [
        ("page.html", DATED, [State.PUBLIC]),
        ("page.html", FACTS, [State.PRIVATE]),
        ("page.html", "", []),
        ("_drafts/page.html", DATED, [State.PRIVATE]),
        (".hidden/page.html", DATED, [State.PRIVATE]),
        ("node_modules/page.html", DATED, [State.PRIVATE]),
        ("draft_page.html", DATED, [State.PRIVATE]),
        ("page.html", DATED.replace("2026", "2027"), [State.PRIVATE]),
    ],
)
def test_the_states_of_pages(tmp_path: Path, name: str, head: str, states: list[State]) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(PAGE.format(head=head))
    articles = read_folder(tmp_path, SITE, NOW)
    assert [article.state for article in articles] == states
    for article in articles:
        assert article.body.paragraphs["the longer text of the page"] == 1
        assert "menu" not in article.body.words


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: T\ndraft: true\n---\nBody\n",
        '+++\ntitle = "T"\ndraft = true\n+++\nBody\n',
        '{"title": "T", "draft": true}\nBody\n',
    ],
)
def test_front_matter_is_read_in_three_languages(text: str) -> None:
    fields, body = split_page(text)
    assert (fields, body.strip()) == ({"title": "T", "draft": True}, "Body")


def test_the_head_of_a_page_is_text() -> None:
    page = "<title>A &amp; B</title>\x0b<body>\n<main><p>x</p></main></body>"
    fields, body = read_html(page)
    assert (fields["title"], body) == ("A & B", "<p>x</p>")


def test_a_fragment_has_no_head() -> None:
    assert read_html("<p>x</p>") == ({}, "<p>x</p>")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Vec<T> and Box<dyn Any>", "Vec<T> and Box<dyn Any>"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("<em>Now</em> in<br>print", "Now in print"),
    ],
)
def test_a_title_keeps_what_only_looks_like_an_element(title: str, expected: str) -> None:
    assert title_of_html(title) == expected
    assert expected in rss_titles(title)
    assert atom_titles(title, "text") == {title}
    assert atom_titles(title, "html") == {expected}


def test_no_reading_of_a_title_loses_a_type() -> None:
    assert all("<T>" in title for title in rss_titles("Vec&lt;T&gt;") if "&" not in title)
    assert is_html("see <b>this</b>")
    assert not is_html("see Vec<T>")


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (compared, "http://www.news.example/a/", "https://news.example/a"),
        (compared, "https://news.example/a%20b/index.html", "https://news.example/a b"),
        (compared_embed, "https://www.youtube.com/embed/x?rel=0", "https://youtu.be/x"),
        (compared_embed, "https://player.vimeo.com/video/5", "https://vimeo.com/5"),
        (compared_image, "https://news.example/a-300x200.jpg", "https://news.example/a.jpg"),
    ],
)
def test_two_ways_to_write_an_address_are_equal(
    read: Callable[[str], str], one: str, other: str
) -> None:
    assert read(one) == read(other) != ""


def test_what_is_no_address_is_none() -> None:
    assert [compared(text) for text in ("javascript:x()", "/a", "http://[", "")] == [""] * 4
    assert compared("mailto:a@news.example") == "mailto:a@news.example"


def test_what_leads_nowhere_is_no_link() -> None:
    assert not read_body('<a>a</a><a href="">b</a><a href=" ">c</a>', SITE).links


def test_a_lazy_image_is_one_that_its_page_shows() -> None:
    lazy = '<img src="data:image/gif;base64,R0" data-src="/real.jpg">'
    body = read_body(lazy, SITE)
    assert body.images == [frozenset({"news.example/real.jpg"})]
    assert read_body('<img src="/p.gif" width="1" height="1">', SITE).images == []


def test_pictures_of_a_gallery_have_their_captions(tmp_path: Path) -> None:
    picture = attachment(8, "8.jpg").replace(
        "</item>", "<excerpt:encoded>The pier</excerpt:encoded></item>"
    )
    path = tmp_path / "export.xml"
    path.write_text(WXR.format(items=wordpress_item(1, '[gallery ids="8,9"]') + picture))
    (article,) = read_wordpress(path, NOW)
    assert article.body.captions == Counter(("the pier",))
    assert article.body.images == [frozenset({"news.example/8.jpg"})]


def test_a_title_may_stand_for_a_text_that_is_missing() -> None:
    article = shown("")
    assert compare([article], [shown("<p>Vec&lt;T&gt; &amp; the ferry</p>")]).misses() == []


def test_what_no_reader_sees_has_no_words() -> None:
    html = "<style>a</style><script>b</script><section>One</section><section>Two</section>"
    assert read_body(html).words == Counter(("one", "two"))
    assert read_body("<p>a</p><button>Share").optional == Counter(("share",))
    assert read_text("a <script> b\n\nc").paragraphs == Counter(("a script b", "c"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wed, 5 Nov 2025 22:21:32 EST", datetime(2025, 11, 6, 3, 21, 32, tzinfo=UTC)),
        ("2024-08-08 22:44:26 -0700", datetime(2024, 8, 9, 5, 44, 26, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        ("Jul 08 2022", datetime(2022, 7, 8, tzinfo=UTC)),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        ("soon", None),
        (None, None),
    ],
)
def test_times_as_sources_write_them(text: object, expected: datetime | None) -> None:
    assert read_time(text) == expected


def test_each_feed_and_export_is_a_source_and_so_is_a_folder_of_pages(tmp_path: Path) -> None:
    for name, text in (
        ("README.md", "# Not one"),
        ("notes.txt", "<p>"),
        ("exports/wxr.xml", WXR.format(items="")),
        ("exports/ghost.json", '{"db": [{"data": {"posts": []}}]}'),
        ("feeds/a.json", '{"items": []}'),
        ("feeds/b.rss", "<rss/>"),
        ("pages/a.md", "---\n---"),
        ("site/_config.yml", ""),
        ("site/feed.xml", "<feed/>"),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    found = [str(path.relative_to(tmp_path)) for path in find_sources(tmp_path)]
    files = ["exports/ghost.json", "exports/wxr.xml", "feeds/a.json", "feeds/b.rss"]
    assert found == [*files, "pages", "site"]
    assert list(find_sources(tmp_path / "pages")) == [tmp_path / "pages"]


def test_a_report_names_what_misses_and_where(source: list[Article]) -> None:
    whole = Checked(
        "whole.xml", Counter(created=1), surfaces={"articles": compare(source, [shown()])}
    )
    late = shown(published=shown().published or NOW + timedelta(seconds=1))
    late.published = NOW
    lossy = Checked(
        "lossy.xml",
        Counter(created=1, refused=1, skipped=1),
        ["refused: B: url: is required", "skipped: P: is no post"],
        {name: compare(source, [late]) for name in ("articles", "feed.rss")},
        public=1,
    )
    broken = Checked("broken.xml", fault="cannot be compared: no feed")
    assert not whole.misses()
    report = write_report([whole, lossy, broken])
    assert "- **not reached** dates 0.00 % of 1, at least 100 % (articles, feed.rss)" in report
    assert "- articles: Vec<T> & the ferry: 2026-01-02 03:04:05+00:00 became" in report
    assert "- import: refused: B: url: is required" in report
    assert "is no post" not in report
    assert "- **not reached** cannot be compared: no feed" in report
    verdicts = [line.split(" | ")[-1] for line in report.splitlines() if "xml | 100" in line]
    assert verdicts == ["reached |", "not reached |"]
