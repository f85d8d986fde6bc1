"""Numbers of views as other systems write them: 1234, 70.0, 1,234 or 1.234.

Whether a mark is decimal or groups thousands is decided by all numbers of a file.
"""

import re
from collections.abc import Iterable

from circulation.articles.article import MAX_TOTAL
from circulation.importing.items import SourceError
from circulation.text import shortened

MARKS = ".,"
_SHOWN = 40
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'\u2019](?=\d{3}(?!\d))")
"""What groups thousands and nothing else (CLDR: symbols of numbers, group)."""
_OTHER = {".": ",", ",": "."}
# Whether numbers show that a mark is decimal, groups thousands, or, as in 1.234, hardly can be
# decimal, because no number of views has a fraction. 70.000 shows nothing.
_DECIMAL = {
    mark: re.compile(
        rf"(?!0*+[1-9]\d{{0,2}}\{mark}\d{{3}}$)\d+\{mark}\d+"
        rf"|\d{{1,3}}(?:\{_OTHER[mark]}\d{{3}})+\{mark}\d+"
    )
    for mark in MARKS
}
_GROUPS = {
    mark: re.compile(
        rf"[1-9]\d{{0,2}}(?:\{mark}\d{{3}}){{2,}}"
        rf"|[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+\{_OTHER[mark]}\d+"
    )
    for mark in MARKS
}
_WHOLE_IF_GROUPS = {mark: re.compile(rf"[1-9]\d{{0,2}}\{mark}(?!000)\d{{3}}") for mark in MARKS}
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]000")
_MAX_LENGTH = 64


def find_decimal_mark(texts: Iterable[str]) -> str:
    """Find the decimal mark by all numbers of a file; empty if none of them has a mark.

    Raises SourceError if the numbers contradict each other, or could be read either way.
    """
    strong: dict[str, str] = {}
    weak: dict[str, str] = {}
    ambiguous = ""
    for text in map(_without_spaces, texts):
        if len(text) > _MAX_LENGTH or not ("." in text or "," in text):
            continue
        for mark in MARKS:
            if _DECIMAL[mark].fullmatch(text):
                strong.setdefault(mark, text)
            elif _GROUPS[mark].fullmatch(text):
                strong.setdefault(_OTHER[mark], text)
            elif _WHOLE_IF_GROUPS[mark].fullmatch(text):
                weak.setdefault(_OTHER[mark], text)
        if _AMBIGUOUS.fullmatch(text):
            ambiguous = ambiguous or text
    found = strong or weak
    if len(found) > 1:
        numbers = " and ".join(found.values())
        raise SourceError(
            f"{numbers} contradict each other: say with --decimal which mark is decimal, . or ,"
        )
    if not found and ambiguous:
        whole, _, _ = ambiguous.replace(",", ".").partition(".")
        raise SourceError(
            f"{ambiguous} may be {whole} or {whole}000: say with --decimal which mark is decimal"
        )
    return next(iter(found), "")


def read_number(text: str, decimal: str) -> int:
    """Read a whole number of views; decimal is the decimal mark, empty if no mark is allowed.

    Raises ValueError.
    """
    plain = _without_spaces(text)
    if len(plain) <= _MAX_LENGTH:
        whole, fraction = plain, ""
        if decimal:
            grouped, _, fraction = plain.partition(decimal)
            mark = re.escape(_OTHER[decimal])
            is_grouped = re.fullmatch(rf"\d{{1,3}}(?:{mark}\d{{3}})+", grouped, flags=re.ASCII)
            whole = grouped.replace(_OTHER[decimal], "") if is_grouped else grouped
        if whole.isascii() and whole.isdigit() and not fraction.strip("0"):
            number = int(whole)
            if number <= MAX_TOTAL:
                return number
    shown = shortened(text.strip(), _SHOWN)
    raise ValueError(f"{shown or 'an empty cell'} is no number of views")


def _without_spaces(text: str) -> str:
    return _SPACES.sub("", text.strip())
