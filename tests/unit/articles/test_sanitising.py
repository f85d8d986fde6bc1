import pytest

from circulation.articles.sanitising import sanitise

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
        '<form action="/join">Your <button>address</button></form>',
        "<iframe>address</iframe>",
        "<style>address{}</style>",
        "<noscript>address</noscript>",
        "<select><option>address</option></select>",
        "<svg><title>address</title></svg>",
        '<img src="data:image/png;base64,AAAA" alt="address">',
        '<img alt="address > src=">',
    ],
)
def test_forms_frames_and_what_shows_nothing_go_with_all_that_is_in_them(removed: str) -> None:
    assert sanitise(f"<p>a</p>{removed}<p>b</p>", URL) == "<p>a</p><p>b</p>"


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
def test_an_image_whose_address_is_none_goes_and_a_link_keeps_its_words(address: str) -> None:
    told = f'<p>a<img src="{address}" alt="b"><a href="{address}">c</a></p>'
    link = f'<a href="{address}">' if address.startswith("mailto:") else "<a>"
    assert sanitise(told, URL) == f"<p>a{link}c</a></p>"


def test_addresses_in_a_body_are_in_normal_form() -> None:
    told = '<p><a href=" HTTPS://Bücher.example\\ə?a=[1] ">a</a><img src="a b.png"></p>'
    assert sanitise(told, URL) == (
        '<p><a href="https://xn--bcher-kva.example/%C9%99?a=%5B1%5D">a</a>'
        '<img src="https://news.example/city/a%20b.png"></p>'
    )
