import pytest

from circulation.markup import sanitised


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
    clean = sanitised(hostile)
    assert "x" in clean
    assert not any(word in clean for word in ("script", "onclick", "iframe", "style", "alert")), (
        clean
    )


def test_running_text_stays_as_it_is() -> None:
    body = '<p>a <em>b</em> <a href="https://x.example/?a=1&amp;b=2">c</a></p>'
    assert sanitised(body) == body


def test_plain_text_becomes_paragraphs() -> None:
    assert sanitised("one\n\ntwo & three\n \n\n") == "<p>one</p>\n<p>two &amp; three</p>"
