"""WordPress's stored content as its site shows it."""

import pytest
from lxml import html as lxml_html

from circulation.articles.sanitising import sanitise
from circulation.importing.wordpress_access import public_part, shown_blocks
from circulation.importing.wordpress_markup import add_paragraphs, render_content
from circulation.importing.wordpress_shortcodes import Attachment, Media, replace_shortcodes

LIBRARY = {
    "1": Attachment("https://news.example/1.jpg", "One", caption="First <b>picture</b>"),
    "2": Attachment("https://news.example/2.jpg", alt='"Two"'),
}


def rendered(content: str) -> str:
    return render_content(content, Media(LIBRARY, ["2"]))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One\r\n\r\n\r\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("One\n \t \nTwo", "<p>One</p>\n<p>Two</p>"),
        ("An address on\nthree\nlines", "<p>An address on<br>\nthree<br>\nlines</p>"),
        ("One<br />\nTwo", "<p>One<br>\nTwo</p>"),
        ("One<br>\n<br/>Two", "<p>One</p>\n<p>Two</p>"),
        ("One<br>", "<p>One</p>"),
        ("", ""),
        (" \n\n ", ""),
        # Blocks stand for themselves.
        ("<h2>T</h2>one\n\ntwo", "<h2>T</h2><p>one</p>\n<p>two</p>"),
        ("one\n<h2>T</h2>\ntwo", "<p>one</p>\n<h2>T</h2><p>two</p>"),
        (
            "one\n\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n\ntwo",
            "<p>one</p>\n<ul><li>a</li><li>b</li></ul><p>two</p>",
        ),
        ("one<hr />two", "<p>one</p>\n<hr /><p>two</p>"),
        ("<blockquote>q</blockquote>", "<blockquote><p>q</p>\n</blockquote>"),
        ("<blockquote><p>q</p></blockquote>\n\ntwo", "<blockquote><p>q</p></blockquote><p>two</p>"),
        (
            "<blockquote>a\n\nb<cite>c</cite></blockquote>",
            "<blockquote><p>a</p>\n<p>b<cite>c</cite></p>\n</blockquote>",
        ),
        # Elements that hold text or paragraphs.
        ("<div>one</div>", "<div>one</div>"),
        ("<div>\none\ntwo\n</div>", "<div>one<br>\ntwo</div>"),
        ("<div>one\n\ntwo</div>", "<div><p>one</p>\n<p>two</p>\n</div>"),
        ("<div>\n\none</div>", "<div><p>one</p>\n</div>"),
        (
            "<ul><li>a\n\nb</li><li>c<ul><li>d</li></ul>e</li></ul>",
            "<ul><li><p>a</p>\n<p>b</p>\n</li><li>c<ul><li>d</li></ul><p>e</p>\n</li></ul>",
        ),
        (
            "<table><tr>\n<td>a\nb</td>\n<th>c</th></tr></table>",
            "<table><tr><td>a<br>\nb</td><th>c</th></tr></table>",
        ),
        ("<dl><dt>a</dt><dd>b\n\nc</dd></dl>", "<dl><dt>a</dt><dd><p>b</p>\n<p>c</p>\n</dd></dl>"),
        # Paragraphs that are there already.
        ("<p>one</p>\n<p>two</p>", "<p>one</p><p>two</p>"),
        ("<p>one\n\ntwo</p>three", "<p>one</p>\n<p>two</p><p>three</p>"),
        ('<p class="x">one<p>two', '<p class="x">one</p><p>two'),
        ("<p>one<ul><li>a</li></ul>two", "<p>one</p><ul><li>a</li></ul><p>two</p>"),
        # Phrases.
        ("<h2>a\nb</h2>", "<h2>a<br>\nb</h2>"),
        (
            "<figure>\n<img src=a>\n<figcaption>c</figcaption>\n</figure>",
            "<figure><img src=a><figcaption>c</figcaption></figure>",
        ),
        # What stays as it is.
        (
            "a\n\n<pre>x\n\n  y\n<b>z</b></pre>\n\nb",
            "<p>a</p>\n<pre>x\n\n  y\n<b>z</b></pre><p>b</p>",
        ),
        ("a <script>x\n\ny</script> b", "<p>a <script>x\n\ny</script> b</p>"),
        ("<iframe src=a>\n\n</iframe>", "<p><iframe src=a>\n\n</iframe></p>"),
        ("<svg><p>\n\n</p></svg>", "<p><svg><p>\n\n</p></svg></p>"),
        (
            '<a title="x\n\ny" href="z">a</a>\n\nb',
            '<p><a title="x\n\ny" href="z">a</a></p>\n<p>b</p>',
        ),
        # What is not finished loses nothing.
        ("a\n\n<pre>b\n\nc", "<p>a</p>\n<p><pre>b</p>\n<p>c</p>"),
        ("a <b\n\nc", "<p>a <b\n\nc</p>"),
        ("a < b\n\nc > d", "<p>a < b</p>\n<p>c > d</p>"),
        ("</div>a</p></li>", "<p>a</p>"),
        # Comments and pages.
        ("a\n\n<!--more Read on-->\n\nb<!--nextpage-->c", "<p>a</p>\n<p>b</p>\n<p>c</p>"),
        ("a<!-- x -->b", "<p>ab</p>"),
        ("a<!-- x", "<p>a<!-- x</p>"),
    ],
)
def test_stored_text_stands_in_the_paragraphs_of_its_site(stored: str, shown: str) -> None:
    assert rendered(stored) == shown


@pytest.mark.parametrize(
    "element", ["p", "ul", "table", "div", "section", "details", "pre", "form"]
)
def test_no_word_is_lost_or_glued_to_another_whatever_stands_between(element: str) -> None:
    inner = {"ul": "<li>in</li>", "table": "<tr><td>in</td></tr>"}.get(element, "in")
    stored = f"before\n\n<{element}>{inner}</{element}>after\n\nend"
    document = lxml_html.fragment_fromstring(rendered(stored), create_parent=True)
    assert [text.strip() for text in document.itertext() if text.strip()] == [
        "before", "in", "after", "end",
    ]  # fmt: skip
    assert [part.text for part in document.iter("p")][-2:] == ["after", "end"]


BLOCKS = """<!-- wp:paragraph {"align":"center"} -->
<p>One
line</p>
<!-- /wp:paragraph -->

<!-- wp:list --><ul><!-- wp:list-item --><li>a</li><!-- /wp:list-item --></ul><!-- /wp:list -->

<!-- wp:latest-posts {"postsToShow":3} /-->
<!-- wp:embed {"url":"https://vimeo.com/1234"} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://vimeo.com/1234
</div></figure>
<!-- /wp:embed -->"""


def test_the_block_for_embedded_things_links_to_any_address() -> None:
    stored = '<!-- wp:embed --><figure><div class="wp-block-embed__wrapper">{}</div></figure>'
    result = rendered(stored.replace("{}", "\nhttps://news.example/x\n"))
    assert '<a href="https://news.example/x">https://news.example/x</a>' in result
    assert rendered("<div>\nhttps://news.example/x\n</div>") == "<div>https://news.example/x</div>"


def test_blocks_lose_their_comments_and_get_no_paragraphs() -> None:
    result = rendered(BLOCKS)
    assert "wp:" not in result
    assert "<p>One\nline</p>" in result
    assert "<br" not in result
    assert '<iframe src="https://player.vimeo.com/video/1234"></iframe>' in result


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            '[caption id="attachment_9" width="300"]<img src="a.jpg" /> The text[/caption]',
            '<figure><img src="a.jpg" /><figcaption>The text</figcaption></figure>',
        ),
        (
            '[caption width="3"]<a href="b"><img src="a.jpg"></a>A <em>b</em> [1][/caption]',
            (
                '<figure><a href="b"><img src="a.jpg"></a>'
                "<figcaption>A <em>b</em> [1]</figcaption></figure>"
            ),
        ),
        (
            '[caption width="3" caption="Old"]<img src="a.jpg">[/caption]',
            '<figure><img src="a.jpg"><figcaption>Old</figcaption></figure>',
        ),
        (
            "[caption id=\u201da\u201d]<img src=a>b[/caption]",
            "<figure><img src=a><figcaption>b</figcaption></figure>",
        ),
        ("[caption]No picture[/caption]", "No picture"),
        ('[caption]<img src="a.jpg">Open', '<img src="a.jpg">Open'),
        (
            "[embed width=3]https://news.example/x[/embed]",
            '<a href="https://news.example/x">https://news.example/x</a>',
        ),
        (
            "[embed]https://www.youtube.com/watch?v=abcdefghijk&amp;t=3[/embed]",
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        (
            "[youtube https://youtu.be/abcdefghijk]",
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        (
            "[youtube=https://www.youtube.com/watch?v=abcdefghijk&w=640]",
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        (
            '[youtube id="abcdefghijk"]',
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        (
            "[embedyt]https://www.youtube.com/watch?v=abcdefghijk[/embedyt]",
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        ("[vimeo 12345]", '<iframe src="https://player.vimeo.com/video/12345"></iframe>'),
        (
            "[dailymotion id=x8abc]",
            '<iframe src="https://www.dailymotion.com/embed/video/x8abc"></iframe>',
        ),
        (
            '[soundcloud url="https://soundcloud.com/a/b"]',
            '<a href="https://soundcloud.com/a/b">https://soundcloud.com/a/b</a>',
        ),
        (
            "[tweet 123456]",
            '<a href="https://twitter.com/i/status/123456">https://twitter.com/i/status/123456</a>',
        ),
        (
            '[audio mp3="https://news.example/a.mp3"][/audio]',
            '<audio src="https://news.example/a.mp3" controls></audio>',
        ),
        ("[audio a.ogg]", '<audio src="a.ogg" controls></audio>'),
        ("[audio /a.ogg|titles=x]", '<audio src="/a.ogg" controls></audio>'),
        (
            '[video width="640" mp4="/a.mp4"]Words[/video]',
            '<video src="/a.mp4" controls></video>Words',
        ),
        (
            "[video]https://news.example/a.webm[/video]",
            '<video src="https://news.example/a.webm" controls></video>',
        ),
        (
            '[gallery ids="2,1"]',
            (
                '<figure><img src="https://news.example/2.jpg" alt="&quot;Two&quot;"></figure>'
                '<figure><img src="https://news.example/1.jpg" alt="One">'
                "<figcaption>First <b>picture</b></figcaption></figure>"
            ),
        ),
        ("[gallery exclude=2]", ""),
        (
            '[sourcecode language="c"]a < b\n\n[x][/sourcecode]',
            "<pre><code>a &lt; b\n\n[x]</code></pre>",
        ),
        ("[code]a &lt; b[/code]", "<pre><code>a &lt; b</code></pre>"),
        # Unknown ones go, and their text stays.
        ('[row][col width="3"]Text[/col][/row]', "Text"),
        ("[b]bold[/b] [quote=Ann]words[/quote]", "bold words"),
        ('a [contact-form-7 id="3" title="x"] b', "a  b"),
        ("a [line /] b [toc]", "a  b "),
        # What is none stays.
        ("[1] [sic] [...] [note to self] [don't] [a=b] [2024-01] []", None),
        ("arr[i] x[0] [link](https://news.example/)", None),
        ('<a title="[gallery ids=1]" href="[caption]">x</a>', None),
        ("<pre>[x y=1] [[1,2],[3]]</pre>", None),
        ("<code>[foo bar=1]</code> <code>if [[ -f x ]]</code>", None),
        ("[[1]] [[wiki link]]", None),
        # Two brackets show a shortcode.
        ('[[gallery ids="1"]] [[row id=1]]', '[gallery ids="1"] [row id=1]'),
        ("[[caption]x[/caption]]", "[caption]x[/caption]"),
        ("<code>[[gallery]]</code>", "<code>[gallery]</code>"),
        # Addresses on lines of their own.
        (
            "https://youtu.be/abcdefghijk",
            '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>',
        ),
        (
            "a\n https://vimeo.com/1 \nb",
            'a\n<iframe src="https://player.vimeo.com/video/1"></iframe>\nb',
        ),
        (
            "<p>https://vimeo.com/1</p>",
            '<p><iframe src="https://player.vimeo.com/video/1"></iframe></p>',
        ),
        ("https://news.example/a.mp3", '<audio src="https://news.example/a.mp3" controls></audio>'),
        ("See https://vimeo.com/1 there", None),
        ("https://news.example/x\nhttps://notvimeo.com/1", None),
        ("<b>https://vimeo.com/1</b>", None),
        ('<a href="https://vimeo.com/1">\nhttps://vimeo.com/1\n</a>', None),
        ("<pre>\nhttps://vimeo.com/1\n</pre>", None),
    ],
)
def test_shortcodes_and_addresses_become_what_their_site_shows(
    stored: str, shown: str | None
) -> None:
    result = replace_shortcodes(stored, Media(LIBRARY, ["2"]))
    assert result == (stored if shown is None else shown)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<p>[gallery ids=1]</p>", ('<figure><img src="https://news.example/1.jpg" alt="One">'
         "<figcaption>First <b>picture</b></figcaption></figure>")),
        ("<p></p><p> </p><p>a</p>", "<p>a</p>"),
        ("<p><p>a</p></p>", "<p>a</p>"),
        ("<div></div>", "<div></div>"),
    ],
)  # fmt: skip
def test_no_empty_paragraph_is_left(stored: str, shown: str) -> None:
    assert rendered(stored) == shown


def test_a_caption_stands_between_paragraphs() -> None:
    stored = 'One\n[caption width="3"]<img src="a.jpg"> A\nb[/caption]\nTwo'
    assert rendered(stored) == (
        '<p>One</p>\n<figure><img src="a.jpg"><figcaption>A<br>\nb</figcaption></figure><p>Two</p>'
    )


@pytest.mark.parametrize(
    ("stored", "public"),
    [
        ("a [members_logged_in]s[/members_logged_in] b", "a  b"),
        ("a [private_Gold Level]s[/private_Gold Level] b", "a  b"),
        ("a [members-only]s[/members-only] b", "a  b"),
        ("a [restrict paid=true]s [restrict]t[/restrict] u[/restrict] b", "a  b"),
        ('a [pms-restrict subscription_plans="1"]s[/pms-restrict]', "a "),
        (
            (
                "<!-- wp:premium-content/subscriber-view --><p>s</p>"
                "<!-- /wp:premium-content/subscriber-view --><p>b</p>"
            ),
            "<p>b</p>",
        ),
        ("<p>a</p><!-- wp:jetpack/paywall /--><p>s</p>", "<p>a</p>"),
        ("<p>a</p><!-- wp:pmpro/membership {} --><p>s</p>", "<p>a</p>"),
    ],
)
def test_what_is_for_members_is_left_out(stored: str, public: str) -> None:
    assert public_part(stored) == (public, True)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('a<!-- wp:p {"blockVisibility":{"hideBlock":true}} -->b<!-- /wp:p -->c', "ac"),
        ('a<!-- wp:p {"x":{"visibilityByRole":"logged-in"}} -->b<!-- /wp:p -->c', "ac"),
        ('a<!-- wp:p {"metadata":{"blockVisibility":false}} -->b', "a"),
        ('a<!-- wp:p {"metadata":{"blockVisibility":false}} /-->b', "ab"),
        ('<!-- wp:p {"x":{"visibilityByRole":"logged-out"}} -->b', None),
        ('<!-- wp:p {"metadata":{"blockVisibility":{"viewport":{"mobile":false}}}} -->b', None),
    ],
)
def test_a_block_that_the_site_hides_is_left_out(stored: str, shown: str | None) -> None:
    assert shown_blocks(stored) == (stored if shown is None else shown)


@pytest.mark.parametrize(
    "stored",
    [
        "a [restrict] b",  # never closed: it hides nothing on the site either
        'a [membership level="0"]Join us[/membership]',
        'a [pms-restrict display_to="not_logged_in"]Join us[/pms-restrict]',
        "The [[membership]s[/membership]] shortcode",
        "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->",
        "[membership-levels]a[/membership-levels]",
    ],
)
def test_what_is_for_everyone_is_not_left_out(stored: str) -> None:
    assert public_part(stored) == (stored, False)


# The shapes of WordPress's theme unit test: what a classic post is made of.
CLASSIC = """Lead of <strong>bold
words</strong>.

<h3>Lists</h3>
Before the list.
<ol>
 \t<li>One
<ul>
 \t<li>Nested</li>
</ul>
</li>
 \t<li>Two</li>
</ol>
[caption id="attachment_1" width="150"]<img src="/a.jpg" alt="A"> A caption.[/caption]
Text beside it.

<table>
<tbody>
<tr>
<td>Cell</td>
</tr>
</tbody>
</table>
<pre>def f():

    return [1]</pre>
[gallery ids="1"]

Last [1] words."""


def test_a_classic_post_comes_through_the_sanitiser_whole() -> None:
    body = sanitise(rendered(CLASSIC), "https://news.example/a/")
    document = lxml_html.fragment_fromstring(body, create_parent=True)
    paragraphs = [" ".join(part.text_content().split()) for part in document.iter("p")]
    assert paragraphs == [
        "Lead of bold words.",
        "Before the list.",
        "Text beside it.",
        "Last [1] words.",
    ]
    assert [caption.text_content() for caption in document.iter("figcaption")] == [
        "A caption.",
        "First picture",
    ]
    assert [image.get("src") for image in document.iter("img")] == [
        "https://news.example/a.jpg",
        "https://news.example/1.jpg",
    ]
    assert [item.text.strip() for item in document.iter("li")] == ["One", "Nested", "Two"]
    assert document.findtext(".//pre") == "def f():\n\n    return [1]"
    assert "[caption" not in body


@pytest.mark.parametrize("depth", [5, 5_000])
@pytest.mark.parametrize("name", ["div", "blockquote", "ul", "b", "p"])
def test_deep_nesting_is_written_out(name: str, depth: int) -> None:
    result = add_paragraphs(f"<{name}>" * depth + "deep" + f"</{name}>" * depth)
    assert "deep" in result
    assert len(result) < 30 * depth + 100


def test_shortcodes_in_shortcodes_end_somewhere() -> None:
    result = replace_shortcodes("[caption]<img src=a>" * 500 + "x" + "[/caption]" * 500, Media())
    assert "x" in result
    assert "caption]" not in result
