"""Names keep their direction within a text of another one."""

from circulation.web.pages.statistics.isolates import marked, without_marks, write_marked

MARKS = set("\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}")


def test_what_is_marked_in_a_text_is_written_apart_from_it() -> None:
    text = f"<{marked('a & b')}> and {marked('c')}"
    assert write_marked(text) == "&lt;<bdi>a &amp; b</bdi>&gt; and <bdi>c</bdi>"
    assert write_marked(text, str.upper) == "&lt;A & B&gt; and C"
    assert without_marks(text) == "<a & b> and c"


def test_a_name_cannot_end_its_mark() -> None:
    name = "a\N{POP DIRECTIONAL ISOLATE}<\N{FIRST STRONG ISOLATE}b"
    assert write_marked(marked(name)) == "<bdi>a&lt;b</bdi>"
