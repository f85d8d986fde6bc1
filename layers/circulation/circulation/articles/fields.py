"""Fields: how each of an article's fields is read out of JSON, and laid out in an item."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from circulation.text import legal, one_line
from circulation.times import parse_time
from circulation.urls import web_address

MAX_BODY_BYTES = 256 * 1024
MAX_TITLE = 500
MAX_SUMMARY = 5_000
MAX_NAME = 100
MAX_NAMES = 20
MAX_URL = 2_048

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", flags=re.ASCII)
"""The shape of a language tag (BCP 47)."""


class Field(NamedTuple):
    """A field of an article. It is required where the article's class has no default for it."""

    read: Callable[[Any], Any]
    """Makes its value of what JSON has; raises ValueError, whose text tells what is wrong."""
    json: str = ""
    """Its name in JSON, where that is another than the attribute's."""
    to_attribute: Callable[[Any], Any] = lambda value: value
    """Makes of its value what an item holds."""
    from_attribute: Callable[[Any], Any] = lambda attribute: attribute


def read_text(value: Any) -> str:  # noqa: ANN401  anything that JSON can hold
    """Read a text."""
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  a fault of the input, not of the caller
    return legal(value)


def read_line(limit: int) -> Callable[[Any], str]:
    """Make a reader of one line of text, at most limit characters long."""

    def read(value: Any) -> str:  # noqa: ANN401
        text = one_line(read_text(value))
        if not text:
            raise ValueError("must not be empty")
        if len(text) > limit:
            raise ValueError(f"must be at most {limit} characters long")
        return text

    return read


def read_name(value: Any) -> str:  # noqa: ANN401
    """Read the name of a section, tag or author."""
    text = read_line(MAX_NAME)(value)
    # A slash would split the feed's path; "*" means every section in the ranking.
    if "/" in text or text in ("*", ".", ".."):
        raise ValueError('must not contain "/" or be "*", "." or ".."')
    return text


def read_names(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read a list of names, each once."""
    if not isinstance(value, list) or len(value) > MAX_NAMES:
        raise ValueError(f"must be a list of at most {MAX_NAMES} texts")
    return tuple(dict.fromkeys(read_name(each) for each in value))


def read_authors(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read one author or a list of them."""
    return read_names([value] if isinstance(value, str) else value)


def read_body(value: Any) -> str:  # noqa: ANN401
    """Read a body, HTML as it was sent."""
    text = read_text(value)
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MAX_BODY_BYTES:
        raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long")
    return text


def read_url(value: Any) -> str:  # noqa: ANN401
    """Read a web address, in normal form."""
    text = read_text(value).strip()
    # Looked at first, so that no time goes into what is refused anyway.
    url = web_address(text) if len(text) <= MAX_URL else text
    if len(url) > MAX_URL:
        raise ValueError(f"must be at most {MAX_URL} characters long, escaped as RFC 3986 asks")
    return url


def read_time(value: Any) -> datetime:  # noqa: ANN401
    """Read a time with its offset from UTC."""
    return parse_time(read_text(value))


def read_language(value: Any) -> str:  # noqa: ANN401
    """Read a language tag (BCP 47)."""
    text = read_text(value)
    if not LANGUAGE.fullmatch(text):
        raise ValueError("must be a language tag such as en or az-Latn (BCP 47)")
    return text
