# ruff: noqa: E501, ISC004  markup is easier to read on one line
import re

import pytest

from circulation.articles.sanitising import sanitise
from circulation.text import plain

URL = "https://news.example/city/harbour-clock"


@pytest.mark.parametrize(
    "hostile",
    [
        "<p>x<script>alert(1)</script></p>",
        '<p onclick="alert(1)">x</p>',
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p>x<iframe src="https://x.example"></iframe></p>',
        '<p style="position:fixed">x</p>',
        "<p>x</p><style>p{}</style>",
    ],
)
def test_nothing_that_runs_or_covers_the_page_stays(hostile: str) -> None:
    clean = sanitise(hostile, URL)
    assert "x" in clean
    assert not any(word in clean for word in ("script", "onclick", "iframe", "style", "alert")), (
        clean
    )


def test_running_text_stays_as_it_is() -> None:
    body = '<p>a <em>b</em> <a href="https://x.example/?a=1&amp;b=2">c</a></p>'
    assert sanitise(body, URL) == body


def test_plain_text_becomes_paragraphs() -> None:
    assert sanitise("one\n\ntwo & three\n \n\n", URL) == "<p>one</p>\n<p>two &amp; three</p>"


def test_lines_of_spaces_that_do_not_break_are_blank() -> None:
    told = "one\n\u00a0\ntwo\n\n \u00a0 \n\nthree\n\u00a0"
    assert sanitise(told, "https://news.example/") == "<p>one</p>\n<p>two</p>\n<p>three</p>"


def test_blank_lines_part_paragraphs_where_no_element_does() -> None:
    assert sanitise("one <b>two</b>\n\nthree &amp; four", URL) == (
        "<p>one <b>two</b></p>\n<p>three &amp; four</p>"
    )
    assert sanitise("<p>one\n\ntwo</p>", URL) == "<p>one\n\ntwo</p>"


@pytest.mark.parametrize(
    ("told", "absolute"),
    [
        ('<a href="/x?a=1&amp;b=2">x</a>', '<a href="https://news.example/x?a=1&amp;b=2">x</a>'),
        ('<a href="../sport/y">x</a>', '<a href="https://news.example/sport/y">x</a>'),
        ('<a href="#note">x</a>', f'<a href="{URL}#note">x</a>'),
        ('<a href="//cdn.example/x">x</a>', '<a href="https://cdn.example/x">x</a>'),
        ('x<img src="a.jpg" alt="b">', 'x<img src="https://news.example/city/a.jpg" alt="b">'),
    ],
)
def test_a_relative_address_is_found_from_the_articles_own(told: str, absolute: str) -> None:
    assert sanitise(f"<p>{told}</p>", URL) == f"<p>{absolute}</p>"


@pytest.mark.parametrize(
    "removed",
    [
        "<iframe>address</iframe>",
        "<style>address{}</style>",
        "<noscript>address</noscript>",
        "<title>address</title>",
        "<template>address</template>",
        "<script>address</script>",
        '<img src="data:image/png;base64,AAAA">',
        '<img title="address > src=">',
        "<p> &nbsp;<br></p>",
        "<figure><a href='/address'> </a></figure>",
        "<svg><path d='address'/></svg>",
        "<!-- address -->",
    ],
)
def test_what_shows_nothing_goes_with_all_that_is_in_it(removed: str) -> None:
    assert sanitise(f"<p>a</p>{removed}<p>b</p>", URL) == "<p>a</p><p>b</p>"


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<form action="/join">Your <button>address</button></form>',
         "<div>Your <span>address</span></div>"),
        ("<select><option>one<option>two</select>", "<p><span> one two</span></p>"),
        ("<textarea>one</textarea>", "<p>one</p>"),
        ("<svg><title>one</title><path/></svg>", "<p>one</p>"),
        ("<svg><title>one</title><text>two</text><text>three</text></svg>", "<p>two three</p>"),
        ('<img src="data:image/png;base64,AAAA" alt="one &amp; two">', "<p>one &amp; two</p>"),
        ('<img alt="one > src=">', "<p>one &gt; src=</p>"),
        ("<xmp><b>one</b></xmp>", "<pre>&lt;b&gt;one&lt;/b&gt;</pre>"),
        ("<![CDATA[one < two]]>", "<p>one &lt; two</p>"),
        ("<video><p>one</p></video>", "<p>one</p>"),
    ],
)  # fmt: skip
def test_what_a_browser_shows_as_words_stays(markup: str, shown: str) -> None:
    assert sanitise(f"<p>a</p>{markup}<p>b</p>", URL) == f"<p>a</p>{shown}<p>b</p>"


@pytest.mark.parametrize(
    "name",
    [
        "form", "select", "button", "object", "noscript", "textarea", "title", "script", "style",
        "iframe", "template", "svg", "math", "xmp", "plaintext", "noembed", "noframes", "video",
        "audio", "details", "fieldset", "option", "marquee", "applet", "canvas", "map", "frameset",
        "body", "head", "center", "nobr", "font", "figure", "ruby", "pre", "dialog", "listing",
    ],
)  # fmt: skip
@pytest.mark.parametrize("attributes", ["", ' id="x" src="javascript:x"'])
def test_what_was_left_open_swallows_nothing(name: str, attributes: str) -> None:
    clean = sanitise(f"<p>one</p><{name}{attributes}><p>two</p><p>three <b>four</b></p>", URL)
    assert plain(clean).replace(f"<{name}>", "").split() == ["one", "two", "three", "four"]
    assert clean.count("<p>") >= 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Use the <script> tag. The rest.", "Use the &lt;script&gt; tag. The rest."),
        ("A <title> or a <textarea>, so.", "A &lt;title&gt; or a &lt;textarea&gt;, so."),
        ("Use vector<int> and map<K,V> now", "Use vector&lt;int&gt; and map&lt;K,V&gt; now"),
        ("1 < 2 and 3 > 2", "1 &lt; 2 and 3 &gt; 2"),
        ("see <https://x.example/> for more", "see &lt;https://x.example/&gt; for more"),
        ("AT&T, Q&A; x", "AT&amp;T, Q&amp;A; x"),
        ("one <b two", "one &lt;b two"),
        ("one <!-- two", "one  two"),
        ("one <? two", "one &lt;? two"),
        ("one <b>two</b", "one <b>two&lt;/b</b>"),
    ],
)
def test_text_that_looks_like_markup_is_not_cut(text: str, shown: str) -> None:
    assert sanitise(text, URL) == f"<p>{shown}</p>"


@pytest.mark.parametrize(
    "name",
    [
        "section", "article", "main", "aside", "header", "footer", "nav", "address", "center",
        "details", "summary", "fieldset", "legend", "dialog", "hgroup", "search", "form", "div",
        "blockquote", "dd", "li", "figcaption", "h6", "p", "pre", "option", "menu", "dir",
    ],
)  # fmt: skip
def test_blocks_never_glue_words(name: str) -> None:
    clean = sanitise(f"<{name}>One</{name}><{name}>Two</{name}><b>x</b>", URL)
    assert [*filter(None, re.split(r"\s|<[^>]*>", clean))] == ["One", "Two", "x"]
    assert sanitise(f"<b>a</b><{name}>One</{name}>b", URL).count("<p>") + (name == "option") >= 2


@pytest.mark.parametrize(
    "markup",
    [
        '<ol type="a" start="3" reversed=""><li value="5">x</li></ol>',
        "<dl><dt>a</dt><dd>b</dd></dl>",
        "<p><ruby>x<rp>(</rp><rt>y</rt><rp>)</rp></ruby></p>",
        '<p>Hello<wbr>World <bdi>a</bdi> <bdo dir="rtl">b</bdo></p>',
        '<blockquote cite="https://x.example/a">q</blockquote>',
        '<table><colgroup><col span="2"></colgroup><tbody><tr><td align="right">1</td></tr></tbody></table>',
        "<details><summary>Q</summary>A</details>",
        '<pre><code class="language-python">print(1)\n\n\nprint(2)</code></pre>',
        '<p>x<sup id="r1"><a href="https://news.example/city/harbour-clock#f1">1</a></sup></p>'
        '<ol><li id="f1">note <a href="https://news.example/city/harbour-clock#r1">back</a></li></ol>',
        '<p><a href="tel:+994124371234">call</a> <a href="sms:+1?body=a%20b">s</a></p>',
        '<p><math display="inline" alttext="x"><mfrac><mn>1</mn><mi>x</mi></mfrac></math></p>',
        "<p><math><mi>x</mi><mo>&lt;</mo><mspace></mspace><msqrt><mn>2</mn></msqrt></math></p>",
        '<p><del datetime="2026-01-01">a</del> <ins>b</ins> <time datetime="2026">c</time></p>',
    ],
)
def test_what_has_a_meaning_stays_as_it_is(markup: str) -> None:
    assert sanitise(markup, URL) == markup


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<strike>a</strike> <tt>b</tt>", "<p><s>a</s> <code>b</code></p>"),
        ("<acronym title='x'>a</acronym>", '<p><abbr title="x">a</abbr></p>'),
        ("<big>a</big><font color=red>b</font>", "<p>ab</p>"),
        ('<pre class="x lang-py">a</pre>', '<pre class="language-py">a</pre>'),
        ('<p class="language-x" id="alone">a</p>', "<p>a</p>"),
        ('<table><tr><td style="text-align: right">1</table>',
         '<table><tbody><tr><td align="right">1</td></tr></tbody></table>'),
        ('<a href="tel:+994 12 437">a</a>', '<p><a href="tel:+99412437">a</a></p>'),
        ('<a href="MAILTO:a@b.example?subject=a b">a</a>',
         '<p><a href="mailto:a@b.example?subject=a%20b">a</a></p>'),
        ("<math><mtext>a<b>b</b></mtext><semantics><mi>c</mi>"
         "<annotation encoding='application/x-tex'>d</annotation></semantics></math>",
         "<p><math><mtext>ab</mtext><semantics><mi>c</mi></semantics></math></p>"),
        ("<pre>\n\n\na</pre>", "<pre>a</pre>"),
    ],
)  # fmt: skip
def test_what_is_out_of_date_becomes_what_is_not(markup: str, shown: str) -> None:
    assert sanitise(markup, URL) == shown


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<h2>T</h2>one\n\ntwo", "<h2>T</h2><p>one</p>\n<p>two</p>"),
        ("one\n\ntwo\n<ul><li>a</li></ul>\nthree <i>b</i>\n \nfour",
         "<p>one</p>\n<p>two</p><ul><li>a</li></ul><p>three <i>b</i></p>\n<p>four</p>"),
        ("<b>one\n\ntwo</b>\n\nthree", "<p><b>one\n\ntwo</b></p>\n<p>three</p>"),
        ("<div>one\n\ntwo</div>", "<div><p>one</p>\n<p>two</p></div>"),
        ("<div>one\ntwo</div>", "<div>one\ntwo</div>"),
        ("<pre>one\n\ntwo</pre>", "<pre>one\n\ntwo</pre>"),
        ("<br>one<br><br>two<br>", "<p>one<br><br>two</p>"),
        ("<p>one</p>\n\n<p>two</p>\n", "<p>one</p>\n\n<p>two</p>"),
        ("<a href='/x'><div>one</div></a>\n\ntwo",
         '<a href="https://news.example/x"><div>one</div></a><p>two</p>'),
    ],
)  # fmt: skip
def test_bare_text_is_parted_by_blank_lines_also_beside_blocks(markup: str, shown: str) -> None:
    assert sanitise(markup, URL) == shown


def test_an_image_with_an_address_stays_whatever_its_other_words() -> None:
    image = '<img alt="a &gt; src=&quot;b" src="https://x.example/a.png">'
    assert sanitise(f"<p>{image}</p>", URL) == f"<p>{image}</p>"


@pytest.mark.parametrize(
    "address",
    [
        "http://a]@news.example/é.png", "http://℀@example.com/a.png", "http://u[@host/é.png",
        "http://a@b[@h/é", "https://[oops/a.png", "https://host:99999/", "https://xn--a/a.png",
        "https://256.1.1.1/", "http:a.png", "https://u:p@host/a.png", "//[x", "mailto:a@b.example",
    ],
)  # fmt: skip
def test_of_an_image_without_an_address_and_of_such_a_link_the_words_stay(address: str) -> None:
    body = f'<p>a<img src="{address}" alt="b"><a href="{address}">c</a></p>'
    link = f'<a href="{address}">c</a>' if address.startswith("mailto:") else "c"
    assert sanitise(body, URL) == f"<p>a b {link}</p>"


def test_addresses_in_a_body_are_in_normal_form() -> None:
    told = '<p><a href=" HTTPS://Bücher.example\\ə?a=[1] ">a</a><img src="a b.png"></p>'
    assert sanitise(told, URL) == (
        '<p><a href="https://xn--bcher-kva.example/%C9%99?a=%5B1%5D">a</a>'
        '<img src="https://news.example/city/a%20b.png"></p>'
    )


def test_a_link_without_an_address_to_which_nothing_leads_is_what_it_holds() -> None:
    once = sanitise('<p><a id="document">a <i>b</i></a></p>', URL)
    assert once == "<p>a <i>b</i></p>"
    assert sanitise(once, URL) == once
