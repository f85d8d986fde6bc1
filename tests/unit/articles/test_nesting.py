"""What a parser makes of a body is bounded before the parser has it."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.fields import MAX_BODY_BYTES
from circulation.articles.markup_tree import MAX_DEPTH
from circulation.articles.nesting import close_elements, is_heavy
from circulation.articles.repairing import repair
from circulation.articles.sanitising import sanitise
from circulation.text import plain

URL = "https://news.example/a"

inline = st.sampled_from(["b", "i", "em", "a", "span", "code"])
block = st.sampled_from(["p", "div", "ul", "li", "blockquote", "h2", "table", "tr", "td"])
tag = st.one_of(
    st.builds("<{}>".format, inline | block),
    st.builds("</{}>".format, inline | block),
    st.sampled_from(
        ["text ", " <", "a < b", "<br>", "<hr/>", '<a href="/x?a=1&amp;b=>2">', "<img src=a.png>",
         "<!-- <p> -->", "<!-->", "<!--", "<script><p></script>", "<svg/>", "<svg>", "</svg>",
         "<![CDATA[x]]>", "<p class='\">'>", "<o:p>", "</o:p>", "<P/>", "<title>", "<select>",
         "<table><td>", "</table>", "<b title='1'>", "<i title=2>", "</", '<a b="c', "&amp;"]
    ),
)  # fmt: skip
soup = st.lists(tag, max_size=60).map("".join)


def clean(markup: str) -> str:
    return nh3.clean(markup, link_rel=None)


def closed(markup: str) -> str:
    return close_elements(repair(markup))


@st.composite
def well_formed(draw: st.DrawFn, depth: int = 1) -> str:
    """Markup as editors write it: blocks in blocks, words in blocks, all of it closed."""
    words = st.sampled_from(
        ["one", "<b>two</b>", '<a href="https://x.example/?a=1&amp;b=2">three</a>', "<br>",
         '<img src="https://x.example/a.png" alt="a &gt; b">', "<i>four <b>five</b></i>", "6&lt;7"]
    )  # fmt: skip
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["p", "h2", "blockquote", "ul", "table", "pre", "div"]))
        inner = " ".join(draw(st.lists(words, min_size=1, max_size=4)))
        if kind in ("blockquote", "div") and depth:
            inner = draw(well_formed(depth=depth - 1))
        if kind == "ul":
            inner = f"<li>{inner}</li><li>{inner}</li>"
        if kind == "table":
            inner = f"<tbody><tr><th>x</th><td>{inner}</td></tr></tbody>"
        parts.append(f"<{kind}>{inner}</{kind}>")
    return "\n".join(parts)


@given(well_formed())
def test_what_is_well_formed_stays_as_it_is(markup: str) -> None:
    assert closed(markup) == markup


@given(soup)
def test_whatever_is_written_nests_and_stays_so(markup: str) -> None:
    once = closed(markup)
    assert closed(once) == once
    # The sanitiser finds nothing to mend that would make it longer: each tag is there once.
    assert len(clean(once)) <= len(once) + 100 * once.count("<")


@given(soup)
def test_no_words_are_lost_that_a_browser_shows(markup: str) -> None:
    if any(part in markup for part in ("<sc", "<sv", "<t", "<!--", "<sel")):  # what HTML leaves out
        return
    words = clean(closed(markup)).count("text")
    assert words == clean(repair(markup)).count("text")


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p>a <b>b<p>c", "<p>a <b>b</b></p><p>c</p>"),
        ("<ul><li>a<li><p>b<li>c</ul>d", "<ul><li>a</li><li><p>b</p></li><li>c</li></ul>d"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
        ("<table><tr><td>1<td>2<tr><td>3</table>",
         "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<div><table><td></div>x</table></div>", "<div><table><td>x</td></table></div>"),
        ("<i>a<div>b</i>c</div>", "<i>a<div>bc</div></i>"),
        ("<A HREF=/x>a</A>", '<a href="/x">a</a>'),
        ("</p></b>x", "x"),
        ("a < b <", "a &lt; b &lt;"),
        ("<script>if (a < b) '<p>'</script >x", "x"),
        ("<svg><path/><p></svg>x", "x"),
        ("<!-- <p> --><!doctype html><?php x ?>x", "x"),
        ("<p title='a\"b'>x", '<p title="a&quot;b">x</p>'),
    ],
)  # fmt: skip
def test_what_was_left_open_is_closed_where_browsers_do(markup: str, written: str) -> None:
    assert closed(markup) == written


HEAVY = {
    "deep": lambda n: "<div>" * n,
    "deep lists": lambda n: "<ul><li>" * n,
    "deep inline": lambda n: "<span>" * n,
    "deep unknown": lambda n: "<p>" + "<x-y>" * n,
    "deep quotes, not closed in a cell": lambda n: "<blockquote><table><td></blockquote>" * n,
    "hidden ends": lambda n: "<div><!-- </div> --><title></div></title>" * n,
    "hidden ends in attributes": lambda n: "<div title='</div>'>" * n,
    "formatting": lambda n: "<p>" + "".join(f"<i title={k}>" for k in range(n)) + "<p>x" * n,
    "formatting in blocks": lambda n: "<b><i><u><s><em><tt>" * 30 + "<div>x</div>" * n,
    "links in tables": lambda n: "<a href=x><table>" * n,
    "links in blocks": lambda n: "<a href=x><div>" * n,
}


@pytest.mark.parametrize("kind", HEAVY)
def test_markup_that_would_grow_is_refused_in_words(kind: str) -> None:
    markup = HEAVY[kind](4_000)
    assert is_heavy(markup)
    with pytest.raises(ValueError, match=r"^must "):
        sanitise(markup, URL)


@pytest.mark.parametrize("kind", HEAVY)
def test_markup_that_is_let_through_does_not_grow(kind: str) -> None:
    """Nearly the largest of each kind that is not refused, found by halving."""
    least, most = 1, 4_000
    written = sanitise(HEAVY[kind](least), URL)
    while most - least > max(1, least // 16):
        middle = (least + most) // 2
        try:
            written = sanitise(HEAVY[kind](middle), URL)
            least = middle
        except ValueError:
            most = middle
    # What grows at all grows with the square.
    assert len(written) * (most / least) ** 2 < 8 * 1024 * 1024


@pytest.mark.parametrize(
    "paragraph",
    [
        '<p>Some <b>bold</b> words and <a href="/x">a link</a> in a usual paragraph.</p>\n',
        "<p>A paragraph that nobody closed, with <i>emphasis</i><br>and lines<br>of its own.\n",
        "<table><tr><td>1</td><td><b>2</b></td><td>3</td></tr></table>\n",
        "<li>One<ul><li>Two</li></ul></li>\n",
        "<figure><img src='/a.png' alt='x'><figcaption>Words</figcaption></figure>\n",
        "<!-- wp:paragraph --><p>Words</p><!-- /wp:paragraph -->\n\n",
        "A line of text, and more\n\n",
    ],
)
def test_a_long_article_passes(paragraph: str) -> None:
    number = MAX_BODY_BYTES // len(paragraph)
    words = plain(sanitise(paragraph, URL)).split()
    assert words
    assert plain(sanitise(paragraph * number, URL)).split() == words * number


def test_depth_is_bounded_just_there() -> None:
    assert close_elements("<div>" * MAX_DEPTH).endswith("</div>" * MAX_DEPTH)
    with pytest.raises(ValueError, match=f"at most {MAX_DEPTH} deep"):
        close_elements("<div>" * (MAX_DEPTH + 1))
