"""Markdown with footnotes, code and components, and the tags of templates in it."""

from pathlib import Path

import pytest

from circulation.importing.markdown import render_markdown, without_components
from circulation.importing.shortcodes import Tags, expand_shortcodes
from tests.unit.importing.sites import article_of, page, read_site


def link_to(name: str) -> str:
    return f"/{name}/" if name != "none" else ""


def test_footnotes_lead_to_their_text_and_back() -> None:
    html = render_markdown("One.[^1]\n\n[^1]: Two.\n")
    for part in ('href="#fn1"', 'id="fnref1"', 'id="fn1"', "Two.", 'href="#fnref1"'):
        assert part in html


def test_code_says_its_language_and_terms_are_defined() -> None:
    assert '<code class="language-python">' in render_markdown("```python\nx\n```\n")
    assert "<dt>Term</dt>\n<dd>Meaning</dd>" in render_markdown("Term\n: Meaning\n")


@pytest.mark.parametrize("info", ["rust", "rust,linenos", "rust{1,3}", "rust {lines=2}", " rust"])
def test_what_else_stands_beside_a_language_goes(info: str) -> None:
    assert '<code class="language-rust">x' in render_markdown(f"```{info}\nx\n```\n")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## Title {#id .class}\n", "<h2>Title</h2>\n"),
        ("Text\n{: .note }\n", "<p>Text</p>\n"),
        ("![a](b.png){: width=1}\n", '<p><img src="b.png" alt="a" /></p>\n'),
        ("~~a~~\n", "<p><s>a</s></p>\n"),
        ("```\n{: .note }\n```\n", "<pre><code>{: .note }\n</code></pre>\n"),
        ("A set {1, 2} and {a: b}.\n", "<p>A set {1, 2} and {a: b}.</p>\n"),
    ],
)
def test_what_sets_classes_is_not_shown(text: str, html: str) -> None:
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("import A from 'a'\nexport const b = {\n  c: 1\n}\n\n# T\n", "\n\n# T\n"),
        ("<Note kind='a > b' of={{ x: '}' }}>Two *three*</Note>\n", "Two *three*\n"),
        ("<Chart />x<Chart.Bar of={() => 1}/>y\n", "xy\n"),
        ("<>One</> <p>two</p>\n", "One <p>two</p>\n"),
        ("a{/* note */}b\n", "ab\n"),
        ("importing is exporting\n", "importing is exporting\n"),
        ("import is a word here\n", "import is a word here\n"),
        ("1 <A never ends\n\nnext\n", "1  never ends\n\nnext\n"),
        ("```jsx\nimport A\n<A/>\n```\n", "```jsx\nimport A\n<A/>\n```\n"),
        ("a < B and c > D\n", "a < B and c > D\n"),
    ],
)
def test_components_go_and_what_they_enclose_stays(text: str, plain: str) -> None:
    assert without_components(text) == plain


FIGURE = (
    '<figure><a href="/l"><img src="/a.png" alt="A &lt;b&gt;"></a><figcaption>T C</figcaption>'
    "</figure>"
)
YOUTUBE = '<iframe src="https://www.youtube.com/embed/abc"></iframe>'
VIMEO = '<iframe src="https://player.vimeo.com/video/123"></iframe>'
ANY = Tags(outputs=True, in_code=True, values={"site.baseurl": "/b", "page.title": "Ti"})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('{{< figure src="/a.png" alt="A <b>" title="T" caption="C" link="/l" >}}', FIGURE),
        ("{{< youtube abc >}}", YOUTUBE),
        ('{{< youtube id="abc" autoplay="true" />}}', YOUTUBE),
        ("{{% vimeo 123 %}}", VIMEO),
        ('{{ youtube(id="abc") }}', YOUTUBE),
        ("{% youtube abc %}", YOUTUBE),
        ('{% include youtube.html id="abc" %}', YOUTUBE),
        ('{% include figure.html src="/a.png" %}', '<figure><img src="/a.png" alt=""></figure>'),
        ("{% asset_img a.png 300 A tower %}", '<figure><img src="a.png" alt="A tower"></figure>'),
        (
            '{{< tweet user="ann" id="1" >}}',
            ('<blockquote class="twitter-tweet"><a href="https://twitter.com/ann/status/1">'
            "https://twitter.com/ann/status/1</a></blockquote>"),
        ),
        (
            "{% gist ann/1 %}",
            '<p><a href="https://gist.github.com/ann/1">https://gist.github.com/ann/1</a></p>',
        ),
        ('{{< video src="/a.mp4" >}}', '<video src="/a.mp4"><a href="/a.mp4">/a.mp4</a></video>'),
        ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "```ruby\nputs 1\n```"),
        ("{{< highlight go >}}\na ``` b\n{{< /highlight >}}", "````go\na ``` b\n````"),
        ("{% codeblock lang:js A title %}\nx\n{% endcodeblock %}", "```js\nx\n```"),
        ("{% raw %}{{ page.title }} {% x %}{% endraw %}", "{{ page.title }} {% x %}"),
        ("{% comment %}secret{% endcomment %}a", "a"),
        ("{{</* youtube abc */>}}", "{{< youtube abc >}}"),
        ("[a]({% post_url 2024-01-02-b %})", "[a](/2024-01-02-b/)"),
        ('[a]({{< ref "b.md" >}})', "[a](/b.md/)"),
        ("{% post_link b 'The text' %}", '<a href="/b/">The text</a>'),
        ("{% post_link none %}", "none"),
        ("{{ site.baseurl }}/x {{ page.title }} {{ site.unknown }}", "/b/x Ti"),
        ("{{ '/x' | relative_url }}", "/b/x"),
        ("{{< notice warning >}}Keep *this*.{{< /notice >}}", "Keep *this*."),
        ("{% if page.x %}One{% else %}two{% endif %}", "Onetwo"),
        ("{% include header.html %}a", "a"),
        ("{{- x -}}{%- y -%}a", "a"),
        ("{% highlight %}never ends", "never ends"),
        ("{{ never ends", "{{ never ends"),
    ],
)  # fmt: skip
def test_a_tag_is_what_it_stands_for(text: str, html: str) -> None:
    assert expand_shortcodes(text, ANY, link_to).strip() == html


@pytest.mark.parametrize(
    "text",
    ["{{ x }}", "```\n{% raw %}{{< youtube abc >}}\n```\n", "~~~\n{% x %}\n~~~\n", "{ % x % }"],
)
def test_what_is_no_tag_of_a_generator_stays(text: str) -> None:
    assert expand_shortcodes(text, Tags(), link_to) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{{ youtube(id="abc", autoplay=true) }}', YOUTUBE),
        ('{{ image(src="a.png", alt="a | b") }}', '<figure><img src="a.png" alt="a | b"></figure>'),
        ('{{/* youtube(id="abc") */}}', '{{ youtube(id="abc") }}'),
        ("{{ x }}", "{{ x }}"),
    ],
)
def test_of_zolas_values_calls_alone_are_shortcodes(text: str, shown: str) -> None:
    assert expand_shortcodes(text, Tags(calls=True), link_to).strip() == shown


def test_the_caption_of_a_figure_is_markdown_and_its_title_is_not() -> None:
    figure = expand_shortcodes(
        '{{< figure src="a" title="A *b*" caption="C **d** [e](/f)" >}}', Tags(), link_to
    )
    assert '<figcaption>A *b* C <strong>d</strong> <a href="/f">e</a></figcaption>' in figure


def test_a_quote_encloses_markdown() -> None:
    html = render_markdown(
        expand_shortcodes("{% blockquote A %}a *b*{% endblockquote %}", ANY, str)
    )
    assert html.split() == ["<blockquote>", "<p>a", "<em>b</em></p>", "</blockquote>"]


def test_a_link_to_a_page_is_its_address(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "_config.yml": "baseurl: /b\npermalink: /:categories/:title/",
        "_posts/2024-01-02-a.md": "See [it]({% post_url 2024-01-03-b %}) {{ site.baseurl }}/x.",
        "_posts/2024-01-03-b.md": "---\ncategories: k\n---\nx",
    }
    items = read_site(tmp_path, files)
    body = article_of(items["_posts/2024-01-02-a.md"])["body"]
    assert body == '<p>See <a href="https://news.example/b/k/b/">it</a> /b/x.</p>\n'


def test_a_hugo_link_names_a_page_by_its_end(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "hugo.toml": "",
        "content/a.md": page(body='[x]({{< relref "posts/b.md#part" >}}) [y]({{< ref "none" >}})'),
        "content/posts/b.md": page("slug: bee"),
        "content/posts/c.mdx": page(body="import A from 'a'\n\n<A>x</A>"),
    }
    items = read_site(tmp_path, files)
    assert (
        'href="https://news.example/posts/bee/#part"' in article_of(items["content/a.md"])["body"]
    )
    assert article_of(items["content/posts/c.mdx"])["body"] == "<p>x</p>\n"
