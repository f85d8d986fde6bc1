import re
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.segment import decode_segment, encode_segment

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
TRICKY = st.text("~%?#/\\+;&=:@ 2357BEFbef.", min_size=1)


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("city", "city"),
        ("C#", "C~23"),
        ("C++", "C~2B~2B"),
        ("Why?", "Why~3F"),
        ("100%", "100~25"),
        ("AC\\DC; live", "AC~5CDC~3B%20live"),
        ("~tilde", "~7Etilde"),
        ("Əhməd Vəliyev", "%C6%8Fhm%C9%99d%20V%C9%99liyev"),
        ("e-mail_v1.0", "e-mail_v1.0"),
    ],
)
def test_a_name_is_written_as_a_segment(name: str, segment: str) -> None:
    assert encode_segment(name) == segment
    assert decode_segment(unquote(segment)) == name


@given(NAMES | TRICKY)
def test_a_name_survives_however_often_its_segment_is_decoded(name: str) -> None:
    segment = encode_segment(name)
    # Nothing that ends, cuts or folds a path is written, nor would be if the rest were decoded.
    assert re.fullmatch(r"(?:[A-Za-z0-9._~-]|%20|%[89A-F][0-9A-F]|%[017][0-9A-F])+", segment)
    for _ in range(3):
        segment = unquote(segment)
        assert not set("?#%/\\+;") & set(segment)
        assert decode_segment(segment) == name


@given(NAMES | TRICKY, NAMES | TRICKY)
def test_names_never_share_a_segment(one: str, other: str) -> None:
    assert (encode_segment(one) == encode_segment(other)) is (one == other)


@given(st.text("abcXYZ019 -._ƏЖ漢%?#+&'!", min_size=1))
def test_a_segment_that_was_percent_encoded_still_names_what_it_named(name: str) -> None:
    assert decode_segment(unquote(quote(name, safe=""))) == name


@pytest.mark.parametrize("segment", ["~", "a~", "~zz", "~41", "~20", "~2", "~~", "~C6~8F", "~00"])
def test_a_tilde_before_anything_else_is_itself(segment: str) -> None:
    assert decode_segment(segment) == segment


def test_the_case_of_a_code_says_nothing() -> None:
    assert decode_segment("C~2b~2B") == "C++"


@pytest.mark.parametrize("name", ["C#", "Why?"])
def test_the_documentation_writes_names_as_the_code_does(name: str) -> None:
    text = Path("docs/api.md").read_text(encoding="utf-8")
    assert f"`{name}` is `/tags/{encode_segment(name)}/feed.rss`" in text
