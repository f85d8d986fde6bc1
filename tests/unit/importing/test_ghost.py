import json
from pathlib import Path
from typing import Any

import pytest

from circulation.articles.sanitising import sanitise
from circulation.importing.ghost_markup import lexical_to_html, mobiledoc_to_html, public_part
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, Verdict
from tests.unit.importing.archives import articles, others, read


def post(**fields: Any) -> dict[str, Any]:
    defaults = {
        "id": "a1", "title": "Clock", "slug": "clock", "status": "published", "type": "post",
        "visibility": "public", "html": "<p>Words</p>", "published_at": "2025-12-26T07:11:00.000Z",
    }  # fmt: skip
    return defaults | fields


def export(*posts: dict[str, Any], **tables: Any) -> str:
    return json.dumps({"db": [{"data": {"posts": posts, **tables}}]})


LEXICAL = {"root": {"type": "root", "children": [
    {"type": "paragraph", "children": [{"type": "text", "text": "1 < 2"}]}]}}  # fmt: skip
MOBILEDOC = {"version": "0.3.1", "markups": [["b"]], "cards": [["html", {"html": "x"}]],
             "sections": [[1, "p", [[0, [0], 1, "Words"]]], [10, 0]]}  # fmt: skip
GHOST: dict[str, Any] = json.loads(
    export(
        post(),
        post(id="a2", html="", lexical=json.dumps(LEXICAL)),
        post(id="a3", html="", mobiledoc=json.dumps(MOBILEDOC)),
        tags=[{"id": "t1", "name": "City"}],
        posts_tags=[{"post_id": "a1", "tag_id": "t1", "sort_order": 0}],
        users=[{"id": "u1", "name": "Ann Writer"}],
        posts_authors=[{"post_id": "a1", "author_id": "u1", "sort_order": 0}],
        posts_meta=[{"post_id": "a2", "email_only": 0}],
        settings=[{"key": "locale", "value": "az"}],
    )
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ghost.json"


def test_a_post_is_joined_with_its_tags_and_authors(path: Path) -> None:
    tables = {
        "tags": [{"id": "t1", "name": "City &amp; <T>"}, {"id": "t2", "name": "#internal"},
                 {"id": "t3", "name": "x"}],
        "posts_tags": [{"post_id": "a1", "tag_id": "t3", "sort_order": 1},
                       {"post_id": "a1", "tag_id": "t1", "sort_order": 0},
                       {"post_id": "a1", "tag_id": "t2", "sort_order": 2}],
        "users": [{"id": "u1", "name": "Ann Writer"}, {"id": "u2", "name": "Bob"}],
        "posts_authors": [{"post_id": "a1", "author_id": "u2", "sort_order": 1},
                          {"post_id": "a1", "author_id": "u1", "sort_order": 0}],
        "settings": [{"key": "locale", "value": "az"}, {"key": "title", "value": "News"}],
    }  # fmt: skip
    fields = {
        "html": '<p><a href="__GHOST_URL__/x/">x</a></p>', "custom_excerpt": "Short &amp; 1 < 2",
        "feature_image": "__GHOST_URL__/content/images/f.jpg",
        "updated_at": "2025-12-27T07:11:00.000Z",
    }  # fmt: skip
    (article,) = articles(read(path, export(post(**fields), **tables)))
    assert article == {
        "id": "a1",
        "source_ids": ["news.example:a1"],
        "section": "City & <T>",
        "title": "Clock",
        "body": '<p><a href="https://news.example/x/">x</a></p>',
        "url": "https://news.example/clock/",
        "published": "2025-12-26T07:11:00Z",
        "updated": "2025-12-27T07:11:00Z",
        "summary": "Short & 1 < 2",
        "author": ["Ann Writer", "Bob"],
        "tags": ["x"],
        "language": "az",
        "image": "https://news.example/content/images/f.jpg",
    }


def test_an_export_needs_the_address_of_its_site(path: Path) -> None:
    with pytest.raises(SourceError, match="--site"):
        read(path, export(post()), SourceDefaults())


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "sent"},
        {"status": ""},
        {"status": "published", "visibility": "members"},
        {"visibility": "paid"},
        {"visibility": "tiers"},
        {"visibility": "product:gold"},
        {"status": "scheduled", "visibility": "paid"},
        {"visibility": "paid", "html": "<p>Free</p><!--members-only--><p>Secret</p>"},
        {"html": "<!--members-only--><p>Secret</p>"},
        {"html": '<!--kg-gated-block:begin nonMember:false memberSegment:"" --><p>Secret</p>'
                 "<!--kg-gated-block:end-->"},
    ],
)  # fmt: skip
def test_what_is_not_for_everyone_is_private(path: Path, fields: dict[str, Any]) -> None:
    items = read(path, export(post(**{"title": "Secret"} | fields), post(id="a2")))
    assert others(items) == [("Secret", Verdict.PRIVATE)]
    assert [article["id"] for article in articles(items)] == ["a2"]


def test_a_post_for_mail_alone_is_private_before_and_after_it_is_sent(path: Path) -> None:
    meta = [{"post_id": "a1", "email_only": 1}, {"post_id": "a2", "email_only": 0}]
    items = read(path, export(post(status="scheduled"), post(id="a2"), posts_meta=meta))
    assert [item.verdict for item in items] == [Verdict.PRIVATE, Verdict.ARTICLE]


@pytest.mark.parametrize("fields", [{"type": "page"}, {"type": "", "page": 1}])
def test_pages_are_skipped(path: Path, fields: dict[str, Any]) -> None:
    assert others(read(path, export(post(**fields)))) == [("Clock", Verdict.SKIPPED)]


def test_a_scheduled_post_comes_with_its_time(path: Path) -> None:
    fields = {"status": "scheduled", "published_at": "2030-01-01T00:00:00.000Z"}
    (article,) = articles(read(path, export(post(**fields))))
    assert article["published"] == "2030-01-01T00:00:00Z"


PAYWALLED = "<p>Free</p><!--members-only--><p>Secret</p>"
LEXICAL_PAYWALL = {"root": {"type": "root", "children": [
    {"type": "paragraph", "children": [{"type": "text", "text": "Free"}]},
    {"type": "paywall"},
    {"type": "paragraph", "children": [{"type": "text", "text": "Secret"}]},
]}}  # fmt: skip
MOBILEDOC_PAYWALL = {
    "version": "0.3.1", "markups": [], "atoms": [], "cards": [["paywall", {}]],
    "sections": [[1, "p", [[0, [], 0, "Free"]]], [10, 0], [1, "p", [[0, [], 0, "Secret"]]]],
}  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        {"html": PAYWALLED},
        {"html": PAYWALLED.replace("members-only", " members-only ")},
        {"html": None, "lexical": json.dumps(LEXICAL_PAYWALL)},
        {"html": None, "mobiledoc": json.dumps(MOBILEDOC_PAYWALL)},
    ],
)
def test_of_a_public_post_with_a_paywall_the_public_part_comes_and_it_is_named(
    path: Path, fields: dict[str, Any]
) -> None:
    items = read(path, export(post(**fields)))
    assert articles(items)[0]["body"] == "<p>Free</p>"
    assert others(items) == [("Clock", Verdict.WARNING)]


@pytest.mark.parametrize(
    ("body", "public", "has_hidden"),
    [
        (('a<!--kg-gated-block:begin nonMember:false memberSegment:"status:free" -->s'
         "<!--kg-gated-block:end-->b"), "ab", True),
        ('a<!--kg-gated-block:begin nonMember:true memberSegment:"" -->s<!--kg-gated-block:end-->b',
         "asb", False),
        ("a<!--kg-gated-block:begin memberSegment:'status:-free'-->s", "a", True),
        ("a<!--kg-card-begin: html-->b<!--kg-card-end: html-->",
         "a<!--kg-card-begin: html-->b<!--kg-card-end: html-->", False),
    ],
)  # fmt: skip
def test_blocks_for_members_are_left_out(body: str, public: str, has_hidden: bool) -> None:
    assert public_part(body) == (public, has_hidden)


def test_the_address_is_the_posts_own_wherever_it_was_published_first(path: Path) -> None:
    found = articles(
        read(path, export(post(canonical_url="https://medium.example/foo-1234"), post(id="a2")))
    )
    assert {article["url"] for article in found} == {"https://news.example/clock/"}


def test_code_injections_are_never_taken(path: Path) -> None:
    fields = {"codeinjection_head": "INJECTED", "codeinjection_foot": "INJECTED"}
    assert "INJECTED" not in json.dumps(articles(read(path, export(post(**fields)))))


@pytest.mark.parametrize("title", ["Vec<T> and Box<dyn Any>", "1 < 2 & 3 > 2"])
def test_titles_are_text(path: Path, title: str) -> None:
    assert articles(read(path, export(post(title=title))))[0]["title"] == title


def test_a_post_without_text_is_known_by_its_title(path: Path) -> None:
    (article,) = articles(read(path, export(post(html="", title="1 < 2"))))
    assert (article["body"], article["body_is_summary"]) == ("<p>1 &lt; 2</p>", True)


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": "x"},
        {"published_at": 10**30},
        {"title": 3},
        {"slug": None},
        {"html": 5, "lexical": "[", "mobiledoc": "{"},
        {"mobiledoc": json.dumps({"sections": [[10, 99], [1], 3, [3, "ul", [3]], [1, "p", [3]]]}),
         "html": ""},
        {"lexical": json.dumps({"root": {"type": "root", "children": [3, {"type": 4}]}}),
         "html": ""},
    ],
)  # fmt: skip
def test_a_bad_field_spoils_no_other_post(path: Path, fields: dict[str, Any]) -> None:
    items = read(path, export(post(id="a0"), post(**fields), post(id="a2")))
    assert [item.article["id"] for item in items if item.article][::2] == ["a0", "a2"]


@pytest.mark.parametrize(
    ("stored", "published"),
    [
        ("2016-12-31T23:59:60.000Z", "2016-12-31T23:59:59Z"),
        (1766733060000, "2025-12-26T07:11:00Z"),
        ("2025-12-26 07:11:00", "2025-12-26T07:11:00Z"),
    ],
)
def test_times_are_read(path: Path, stored: object, published: str) -> None:
    defaults = SourceDefaults("https://news.example/")
    items: list[SourceItem] = read(path, export(post(published_at=stored)), defaults)
    assert articles(items)[0]["published"] == published


CARDS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("image", "image", {"src": "https://a.example/i.jpg", "alt": "Alt", "caption": "Cap <b>1</b>"},
     ['src="https://a.example/i.jpg"', 'alt="Alt"', "Cap <b>1</b>"]),
    ("gallery", "gallery", {"images": [{"src": "https://a.example/1.jpg"},
                                       {"src": "https://a.example/2.jpg"}], "caption": "Both"},
     ["1.jpg", "2.jpg", "Both"]),
    ("markdown", "markdown", {"markdown": "# Hi\n\nthere *you*"},
     ["<h1>Hi</h1>", "<em>you</em>"]),
    ("html", "html", {"html": "<p>Raw</p>"}, ["<p>Raw</p>"]),
    ("embed", "embed", {"url": "https://a.example/v", "html": "", "caption": "Film"},
     ['href="https://a.example/v"', "Film"]),
    ("bookmark", "bookmark", {"url": "https://a.example/b",
                              "metadata": {"title": "Book & mark", "description": "About"}},
     ['<a href="https://a.example/b">Book &amp; mark</a>', "About"]),
    ("codeblock", "code", {"code": "a < b\n\nc", "language": "c++", "caption": "Code"},
     ["a &lt; b\n\nc", "Code"]),
    ("callout", "callout", {"calloutText": "Mind <b>it</b>"}, ["<p>Mind <b>it</b></p>"]),
    ("toggle", "toggle", {"heading": "Question", "content": "<p>Answer</p>"},
     ["<h2>Question</h2>", "<p>Answer</p>"]),
    ("button", "button", {"buttonText": "Go", "buttonUrl": "https://a.example/go"},
     ['<a href="https://a.example/go">Go</a>']),
    ("file", "file", {"src": "https://a.example/f.pdf", "fileTitle": "File"},
     ['<a href="https://a.example/f.pdf">File</a>']),
    ("header", "header", {"header": "Head", "subheader": "Below"}, ["<h2>Head</h2>", "Below"]),
    ("product", "product", {"productTitle": "Thing", "productDescription": "<p>Fine</p>"},
     ["Thing", "Fine"]),
    ("horizontalrule", "hr", {}, ["<hr>"]),
]  # fmt: skip


@pytest.mark.parametrize(("lexical", "mobiledoc", "payload", "shown"), CARDS)
def test_cards_are_written_by_both_editors(
    lexical: str, mobiledoc: str, payload: dict[str, Any], shown: list[str]
) -> None:
    state = {"root": {"type": "root", "children": [{"type": lexical} | payload]}}
    document = {"version": "0.3.1", "cards": [[mobiledoc, payload]], "sections": [[10, 0]]}
    body = lexical_to_html(json.dumps(state))
    assert body == mobiledoc_to_html(json.dumps(document))
    safe = sanitise(body, "https://a.example/")
    assert all(part in safe for part in shown)


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_players_are_written(kind: str) -> None:
    card = {"type": kind, "src": "https://a.example/m", "title": "Name", "caption": ""}
    body = lexical_to_html(json.dumps({"root": {"type": "root", "children": [card]}}))
    assert f'<{kind} src="https://a.example/m" controls></{kind}>' in body


@pytest.mark.parametrize(
    "card",
    [
        {"type": "email", "html": "Secret"},
        {"type": "email-cta", "html": "Secret"},
        {"type": "html", "html": "Secret", "visibility": {"web": {"nonMember": False}}},
        {"type": "call-to-action", "textValue": "Secret", "visibility": {"showOnWeb": False}},
    ],
)
def test_cards_that_are_not_for_strangers_are_left_out(card: dict[str, Any]) -> None:
    state = {"root": {"type": "root", "children": [card]}}
    assert lexical_to_html(json.dumps(state)) == ""


def test_lexical_text_keeps_its_structure() -> None:
    def text(words: str, formats: int = 0) -> dict[str, Any]:
        return {"type": "extended-text", "text": words, "format": formats}

    children = [
        {"type": "extended-heading", "tag": "h3", "children": [text("Head")]},
        {"type": "paragraph", "children": [
            text("a < b ", 0), text("bold", 3), {"type": "linebreak"}, text("x()", 16),
            {"type": "link", "url": "https://a.example/?a=1&b=2", "children": [text("link")]},
        ]},
        {"type": "list", "listType": "number", "children": [
            {"type": "listitem", "children": [text("one")]}]},
        {"type": "extended-quote", "children": [text("quoted")]},
        {"type": "paragraph", "children": []},
    ]  # fmt: skip
    state = {"root": {"type": "root", "children": children}}
    assert lexical_to_html(json.dumps(state)) == (
        "<h3>Head</h3>"
        "<p>a &lt; b <em><strong>bold</strong></em><br><code>x()</code>"
        '<a href="https://a.example/?a=1&amp;b=2">link</a></p>'
        "<ol><li>one</li></ol><blockquote>quoted</blockquote>"
    )


def test_lists_of_lexical_begin_and_nest_as_on_the_site() -> None:
    def item(*children: dict[str, Any]) -> dict[str, Any]:
        return {"type": "listitem", "children": list(children)}

    inner = {"type": "list", "children": [item({"type": "text", "text": "b"})]}
    items = [item({"type": "text", "text": "a"}), item(inner), item({"type": "text", "text": "c"})]
    state = {"root": {"type": "list", "listType": "number", "start": 3, "children": items}}
    assert lexical_to_html(json.dumps(state)) == (
        '<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>'
    )


def test_a_post_whose_text_is_damaged_is_named(path: Path) -> None:
    items = read(path, export(post(html="", lexical='{"root": {"chil')))
    assert others(items) == [(items[0].where, Verdict.WARNING)]


def test_mobiledoc_text_keeps_its_structure() -> None:
    document = {
        "version": "0.3.1",
        "markups": [["strong"], ["a", ["href", "https://a.example/?a=1&b=2"]], ["script"]],
        "atoms": [["soft-return", "", {}], ["mention", "@ann", {}]],
        "cards": [],
        "sections": [
            [1, "h2", [[0, [], 0, "Head"]]],
            [1, "p", [[0, [0], 0, "bold"], [0, [1], 1, "link"], [0, [], 1, " both"],
                      [1, [], 0, 0], [1, [], 0, 1], [0, [2], 1, "a < b"]]],
            [3, "ol", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
            [2, "https://a.example/i.jpg"],
        ],
    }  # fmt: skip
    assert mobiledoc_to_html(json.dumps(document)) == (
        '<h2>Head</h2><p><strong>bold<a href="https://a.example/?a=1&amp;b=2">link</a>'
        " both</strong>"
        "<br>@anna &lt; b</p><ol><li>one</li><li>two</li></ol>"
        '<figure><img src="https://a.example/i.jpg" alt=""></figure>'
    )


def test_a_post_with_mobiledoc_alone_is_read(path: Path) -> None:
    document = {"version": "0.3.1", "sections": [[1, "p", [[0, [], 0, "Words"]]]]}
    fields = {"html": None, "lexical": None, "mobiledoc": json.dumps(document)}
    assert articles(read(path, export(post(**fields))))[0]["body"] == "<p>Words</p>"


def test_a_post_with_plain_text_alone_is_read(path: Path) -> None:
    fields = {"html": None, "plaintext": "a < b\n\nc"}
    assert articles(read(path, export(post(**fields))))[0]["body"] == "<p>a &lt; b</p><p>c</p>"
