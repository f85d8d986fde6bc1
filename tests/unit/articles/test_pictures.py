# ruff: noqa: E501, ISC004  markup is easier to read on one line
import re

import pytest

from circulation.articles.sanitising import sanitise

URL = "https://news.example/city/harbour-clock"
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def pictures(markup: str) -> list[str]:
    return re.findall(r'<img[^>]* src="https://x.example/([^"]*)"', sanitise(markup, URL))


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<img src="https://x.example/a.png">', ["a.png"]),
        (f'<img src="{BLANK}" data-src="https://x.example/a.png">', ["a.png"]),
        ('<img src="https://x.example/blank.png" data-lazy-src="https://x.example/a.png">', ["a.png"]),
        ('<img data-original="//x.example/a.png">', ["a.png"]),
        ('<img src="https://x.example/s.png" srcset="https://x.example/l.png 2x">', ["s.png"]),
        ('<img srcset="https://x.example/s.png 300w, https://x.example/l.png 1200w">', ["l.png"]),
        ('<img data-srcset="https://x.example/l,w_9.png 2x,https://x.example/s.png 1x" src="x.gif">',
         ["l,w_9.png"]),
        ('<img srcset="https://x.example/a.png, https://x.example/b.png 1.5x">', ["b.png"]),
        (f'<img data-src="https://x.example/a.png" src="{BLANK}">'
         '<noscript><img src="https://x.example/a.png"></noscript>', ["a.png"]),
        (f'<figure><div><img src="{BLANK}" data-src="https://x.example/a-s.png"></div>\n'
         '<noscript><img src="https://x.example/a.png"></noscript></figure>', ["a-s.png"]),
        (f'<img src="{BLANK}"><noscript><img src="https://x.example/a.png"></noscript>', ["a.png"]),
        ('<p>x</p><noscript><img src="https://x.example/a.png"></noscript>', ["a.png"]),
        ('<p>x</p><noscript><img width=1 src="https://x.example/p.gif"></noscript>', []),
        ('<picture><source srcset="https://x.example/w.webp"><img src="https://x.example/a.png">'
         "</picture>", ["a.png"]),
        ('<picture><source srcset="https://x.example/s.webp 1x, https://x.example/l.webp 2x"><img>'
         "</picture>", ["l.webp"]),
        ('<picture><source data-srcset="https://x.example/l.webp 2x">'
         f'<img src="{BLANK}" class="lazyload"></picture>', ["l.webp"]),
        ('<a href="/x"><img data-src="https://x.example/a.png"></a>', ["a.png"]),
    ],
)  # fmt: skip
def test_a_picture_is_found_wherever_its_address_stands(markup: str, found: list[str]) -> None:
    assert pictures(markup) == found


def test_what_stands_in_a_picture_that_is_never_closed_stays() -> None:
    markup = '<p>One <picture><img src="https://x.example/a.png"> two <b>three</b></p>'
    text = sanitise(markup, "https://news.example/a")
    assert re.sub(r"<[^>]*>|\s+", " ", text).split() == ["One", "two", "three"]
    assert pictures(markup) == ["a.png"]


def test_what_a_noscript_says_beside_pictures_stays_if_it_leads_anywhere() -> None:
    poll = '<noscript><a href="https://x.example/poll">Poll</a></noscript>'
    assert sanitise(poll, URL) == '<p><a href="https://x.example/poll">Poll</a></p>'
