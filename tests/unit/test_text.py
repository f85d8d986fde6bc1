from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from circulation.text import legal, one_line, plain, shortened

any_text = st.text(st.characters() | st.characters(categories=["Cs", "Cc"]) | st.just("\ufffe"))


@given(any_text)
def test_legal_text_never_breaks_an_xml_parser(text: str) -> None:
    kept = legal(text)
    escaped = kept.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read = fromstring(f"<t>{escaped}</t>".encode()).text or ""  # noqa: S314  our own bytes
    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_of_all_characters_those_that_xml_forbids_are_dropped() -> None:
    # XML 1.0, section 2.2, production 2: Char.
    allowed = {*"\t\n\r", *map(chr, range(0x20, 0xD800)), *map(chr, range(0xE000, 0xFFFE)),
               *map(chr, range(0x10000, 0x110000))}  # fmt: skip
    assert all((legal(each) == each) is (each in allowed) for each in map(chr, range(0x110000)))


def test_legal_text_keeps_everything_that_xml_allows() -> None:
    assert legal("a\tb\n\U0001f600 ə") == "a\tb\n\U0001f600 ə"


def test_one_line_folds_white_space() -> None:
    assert one_line(" a\n\tb\x08  c ") == "a b c"


def test_plain_gives_the_words_of_html() -> None:
    markup = '<p>One &amp; <b>two</b></p><p>three<br>four <img alt="a > b" src="x"></p>'
    assert plain(markup) == "One & two three four"


def test_shortened_cuts_at_a_words_end() -> None:
    assert shortened("one two three", 13) == "one two three"
    assert shortened("one two, three", 10) == "one two…"
    assert shortened("abcdefghij", 5) == "abcd…"
