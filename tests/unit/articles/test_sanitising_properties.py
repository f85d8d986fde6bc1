"""What holds for every body: it is safe, its words stay, sanitising it again changes nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.sanitising import sanitise
from circulation.text import legal, plain

URL = "https://news.example/city/harbour-clock"

words = st.sampled_from(
    ["one ", "two", " three ", "4 &lt; 5", "&amp;", "\n\n", "\n", " ", "&nbsp;"]
)
INLINE = [
    "b", "i", "em", "strong", "a", "span", "code", "sup", "q", "cite", "u", "s", "small", "mark",
    "abbr", "ruby", "kbd", "bdi",
]  # fmt: skip
inline = st.sampled_from(INLINE)
# Blocks that hold phrases, and those that also hold blocks. A heading in a heading, or a paragraph
# in one, is ended by the inner one, whose end leaves the rest outside: so browsers read it.
leaf = st.sampled_from(["p", "figcaption", "h2", "pre", "li", "dt", "dd", "summary", "address"])
container = st.sampled_from(
    ["div", "section", "blockquote", "figure", "ul", "ol", "dl", "details", "aside", "table"]
)


def wrap(name: str, content: str) -> str:
    if name == "table":
        return f"<table><tbody><tr><td>{content}</td></tr></tbody></table>"
    return f'<{name} href="/x">{content}</{name}>' if name == "a" else f"<{name}>{content}</{name}>"


phrase = st.recursive(
    words, lambda inner: st.builds(wrap, inline, st.lists(inner, max_size=3).map("".join)),
    max_leaves=4,
)  # fmt: skip
flow = st.recursive(
    phrase | st.builds(wrap, leaf, st.lists(phrase, max_size=3).map("".join)),
    lambda inner: st.builds(wrap, container, st.lists(inner, max_size=3).map("".join)),
    max_leaves=8,
)
allowed = st.lists(flow, max_size=5).map("".join)

PIECES = [
    "text ", "\n\n", "<", ">", '"', "'", "&lt;", "&", "<!--", "-->", "<![CDATA[", "]]>", "<br>",
    '<img src="/a.png">', '<img data-src="/b.png" src="data:x">', "<img alt='words'>",
    '<iframe src="https://www.youtube.com/embed/abcdef"></iframe>', "<iframe>", "</iframe>",
    '<video src="/v.mp4" poster="/p.jpg">', "</video>", '<embed src="/e">', "<object data='/o'>",
    "</object>", "<noscript>", "</noscript>", '<p id="n">', '<a href="#n">', "<picture>",
    '<source srcset="/s.png 2x">', "</picture>", '<blockquote class="twitter-tweet">',
    "<svg>", "</svg>", "<math>", "</math>", "<mtext>", "<mi>",
    "<annotation-xml encoding='text/html'>",
    "<mglyph>", "<malignmark>", "<foreignobject>", "<desc>", "<style>", "</style>", "<title>",
    "</title>", "<script>", "</script>", "<textarea>", "</textarea>", "<select>", "<option>",
    "<form>", "</form>", "<table>", "<tr>", "<td>", "</table>", "<caption>", "<col>", "<p>", "</p>",
    "<a href='/x'>", "</a>", "<b>", "</b>", "<i>", "<span>", "</span>", "<div>", "</div>", "<li>",
    "<ul>", "</ul>", "<dd>", "<h2>", "</h2>", "<pre>\n", "</pre>", "<figure>", "</figure>", "<hr>",
    "<ruby>", "<rt>", "<details>", "<summary>", "<template>", "</template>", "<plaintext>",
]  # fmt: skip
soup = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def sanitised(body: str) -> str:
    """Sanitise a body; one that is refused is empty."""
    try:
        return sanitise(body, URL)
    except ValueError:
        return ""


def words_of(markup: str) -> list[str]:
    """Give the words as a browser shows them: blocks part them, other elements do not."""
    bare = re.sub(rf"</?(?:{'|'.join(INLINE)})(?: [^>]*)?>", "", markup)
    return plain(re.sub(r"<[^>]*>", " ", bare)).split()


@given(allowed)
def test_the_words_of_allowed_markup_are_the_same_after_it(markup: str) -> None:
    assert words_of(sanitise(markup, URL)) == words_of(markup)


@given(allowed)
def test_allowed_markup_sanitised_twice_is_as_sanitised_once(markup: str) -> None:
    once = sanitise(markup, URL)
    assert sanitise(once, URL) == once


@given(soup)
def test_any_markup_sanitised_twice_is_as_sanitised_once(markup: str) -> None:
    once = sanitised(markup)
    assert sanitised(once) == once


@given(soup)
def test_no_text_of_any_markup_is_lost_that_is_not_hidden(markup: str) -> None:
    if any(
        hidden in markup for hidden in ("<!--", "<s", "<t", "<no", "<iframe", "<v", "<ob", "<ann")
    ):
        return
    assert sanitised(markup).count("text") >= markup.count("text ") or not sanitised(markup)


@given(soup | st.text().map(legal))
def test_whatever_comes_is_safe(markup: str) -> None:
    check_is_safe(sanitised(markup))


class Reader(HTMLParser):
    """Notes every tag and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", {"": data}))


FORBIDDEN = {
    "script", "style", "iframe", "frame", "object", "embed", "applet", "svg", "form", "input",
    "base", "meta", "link", "template", "noscript", "annotation-xml", "mglyph", "malignmark",
    "comment", "foreignobject", "video", "audio", "source", "textarea", "select", "button", "title",
    "xmp",
}  # fmt: skip
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|sms:)[^\s\"<>]*")


def check_is_safe(markup: str) -> None:
    """Check that markup executes nothing, whoever parses it, and shows nothing but an article."""
    reader = Reader()
    reader.feed(markup)
    reader.close()
    for name, attributes in reader.tags:
        assert name not in FORBIDDEN, markup
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), markup
            assert attribute not in ("style", "srcset", "srcdoc", "action", "name", "xlink:href")
            if attribute in ("href", "src", "cite"):
                assert ADDRESS.fullmatch(value or ""), markup
    # Parsed and written again, as by a page that shows it, it is the same: nothing in it mutates.
    names = {name for _, attributes in reader.tags for name in attributes}
    tags = {name for name, _ in reader.tags}
    schemes = {"http", "https", "mailto", "sms", "tel"}
    assert markup.replace("\u00a0", "&nbsp;") == nh3.clean(
        markup, tags=tags, attributes={"*": names}, url_schemes=schemes, link_rel=None
    )


# Markup that deceived other sanitisers, one piece a line: what one parser takes for a formula or a
# drawing and the next for HTML, addresses that execute, attributes.
HOSTILE = (Path(__file__).parent / "hostile.txt").read_text().splitlines()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_deceives_other_sanitisers_is_safe(hostile: str) -> None:
    clean = sanitise(f"<p>a</p>{hostile}", URL)
    check_is_safe(clean)
    assert sanitise(clean, URL) == clean


@pytest.mark.parametrize("number", [1, 40])
def test_all_of_it_together_is_safe_too(number: int) -> None:
    check_is_safe(sanitised("".join(HOSTILE) * number))
