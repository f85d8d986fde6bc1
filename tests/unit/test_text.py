import unicodedata
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.text import beginning, displayed, legal, one_line, plain, shortened

any_text = st.text(st.characters() | st.characters(categories=["Cs", "Cc"]) | st.just("\ufffe"))


@given(any_text)
def test_legal_text_never_breaks_an_xml_parser(text: str) -> None:
    kept = legal(text)
    escaped = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = fromstring(f"<t>{escaped}</t>".encode()).text or ""  # noqa: S314  our own bytes
    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_of_all_characters_those_that_xml_forbids_are_dropped() -> None:
    # XML 1.0, section 2.2, production 2: Char; without the controls that it discourages.
    allowed = {*"\t\n\r", *map(chr, range(0x20, 0x80)), *map(chr, range(0xA0, 0xD800)),
               *map(chr, range(0xE000, 0xFFFE)), *map(chr, range(0x10000, 0x110000))}  # fmt: skip
    assert all((legal(each) == each) is (each in allowed) for each in map(chr, range(0x110000)))


def test_legal_text_keeps_everything_that_xml_allows() -> None:
    assert legal("a\tb\n\U0001f600 ə") == "a\tb\n\U0001f600 ə"


def test_controls_of_latin_1_are_what_they_are_in_windows_1252() -> None:
    assert (
        legal("\x93Harbour\x94 \x96 5 \x80\x85\x81\x9d") == "\u201cHarbour\u201d \u2013 5 €\u2026"
    )


def test_one_line_folds_white_space() -> None:
    assert one_line(" a\n\tb\x08  c ") == "a b c"


def test_plain_gives_the_words_of_html() -> None:
    markup = '<p>One &amp; <b>two</b></p><p>three<br>four <img alt="a > b" src="x"></p>'
    assert plain(markup) == "One & two three four"


def test_shortened_cuts_at_a_words_end() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("abcdefghij", 5) == "abcd…"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <!-- b > c -->d", "a d"),
        ("a<!-->b", "ab"),
        ("a <!-- never closed <b>", "a"),
        ('a <b title="never closed> c', 'a <b title="never closed> c'),
        ("a <b c <i>d</i>", "a <b c d"),
        ("<![CDATA[a]]>b", "b"),
        ("<p title='a > b'>c</p>", "c"),
        ("&#99999999999;&#xFFFFFFFFF;&#0;", "\ufffd\ufffd\ufffd"),
        (f"a&#{'9' * 5_000};b", "a\ufffdb"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_plain_takes_what_was_never_sanitised(markup: str, words: str) -> None:
    assert plain(markup) == words


@given(st.lists(st.sampled_from(["<", ">", '"', "'", "<!--", "-->", "a ", "&#", "9" * 9, "</p>"])))
def test_plain_and_beginning_never_raise_and_agree(parts: list[str]) -> None:
    markup = "".join(parts)
    assert beginning(markup, 1_000) == shortened(plain(markup), 1_000)


@given(any_text)
def test_what_is_displayed_is_one_line_that_can_be_seen(text: str) -> None:
    told = displayed(text)
    assert told.isprintable()
    assert len(told) <= 500
    assert not {unicodedata.category(letter) for letter in told} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert displayed(told) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\x1b[2J\nWARNING b", "a[2J WARNING b"),
        ("a\x9b31mb\x85c\x90d", "a31mb cd"),
        ("abc\u202edef\u2066g\u200b", "abcdefg"),
        ("a\u2028b\u2029c\x0bd", "a b cd"),
        ("Zəngəzur dəhlizi: 混合 نص", "Zəngəzur dəhlizi: 混合 نص"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_what_a_terminal_would_obey_is_left_out(text: str, told: str) -> None:
    assert displayed(text) == told
