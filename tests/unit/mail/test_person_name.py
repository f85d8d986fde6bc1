"""A name of a person is one line that a mail program shows as a name, and as nothing else."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from circulation.mail.person_name import MAX_PERSON_NAME, read_name

HOSTILE = [
    "", " ", "x" * 61, "Win at www.prize.example", "WWW.x", "http://a", "Sam @home", "sam@mail",
    "prize.example", "x.com", "Prize.Example now", "a\u200b.com", "prize\u3002com",
    "prize\uff0ecom",
    "prize\uff61com", "prize\u2024com", "pr\u0456ze.com", "prize.co\u0301m", "prize\u0301.com",
    "prize\u200d.com", "prize.\u200dcom", "192.0.2.1", "\uff57\uff57\uff57.x",
    "http\uff1a\uff0f\uff0fa",
    "Sam\r\nBcc: kim@mail.example", "Sam\nTo", "Sam\x00", "Sam\x85Kim", "Sam\u2028Kim",
    "Sam\u2029Kim",
    "\u202eSam", "Sam\u2066", "Sam\u061c", "Sam\ufeff", "S\u00adam", "\u200d", "...", "\u0301",
    "=?utf-8?q?a?=", "= ?x", "\uff1d\uff1f", "\ud800", "\ue000", "Sam\tKim",
]  # fmt: skip
NAMES = [
    "Sam", "J. R. R. Tolkien", "J.R.R. Tolkien", "Anne-Marie O\u2019Hara", "St. John",
    "Gülşən Əliyeva",
    "\u0645\u062d\u0645\u062f", "\u0645\u06cc\u200c\u062e\u0648",
    "क्\u200dष", "李小龍", "Zoë & Kim", "Sam jr.", "x" * 60, "M.I.A.",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        read_name(text)


@pytest.mark.parametrize("text", NAMES)
def test_names_of_people_are_taken(text: str) -> None:
    assert read_name(f"  {text.replace(' ', '  ')} ") == text


PARTS = st.sampled_from(
    [
        "www",
        ".",
        "com",
        "://",
        "@",
        "=",
        "?",
        "\r\n",
        "\u202e",
        "\u200d",
        "\u3002",
        " ",
        "a",
        "\u0301",
    ]
)


@given(st.one_of(st.text(max_size=70), st.lists(PARTS, max_size=12).map("".join)))
@example("a.\u200dcom")
def test_whatever_is_taken_is_one_line_without_a_link(text: str) -> None:
    try:
        name = read_name(text)
    except ValueError:
        return
    assert 1 <= len(name) <= MAX_PERSON_NAME
    assert name == name.strip()
    assert read_name(name) == name
    plain = unicodedata.normalize("NFKC", name)
    assert not re.search(r"://|www\.|@|=\s*\?|[^\W\d_]\.[^\W\d_]{2,}", plain, re.IGNORECASE)
    assert not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs") for letter in name)
    assert not any(unicodedata.bidirectional(letter) in BIDI_CONTROLS for letter in name)


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
