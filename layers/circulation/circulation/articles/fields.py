"""How each of an article's fields is read from JSON and stored in an item."""

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
MAX_SOURCE_ID = 500
MAX_SOURCE_IDS = 10
MAX_ALIASES = 20

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", flags=re.ASCII)
"""The syntax of a language tag (BCP 47)."""


class Field(NamedTuple):
    """A field of an article. It is required if the class Article has no default for it."""

    read: Callable[[Any], Any]
    """Converts the JSON value; raises ValueError with a reason that completes a sentence."""
    json: str = ""
    """Its name in JSON; empty if that is the attribute's name."""
    to_attribute: Callable[[Any], Any] = lambda value: value
    """Converts the value to what an item stores."""
    from_attribute: Callable[[Any], Any] = lambda attribute: attribute


def read_text(value: Any) -> str:  # noqa: ANN401  anything that JSON can hold
    """Read a text."""
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  a fault of the input, not of the caller
    return legal(value)


def read_line(limit: int) -> Callable[[Any], str]:
    """Make a function that reads one line of text of at most limit characters."""

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
    """Read a list of names; repeated ones are left out."""
    if not isinstance(value, list) or len(value) > MAX_NAMES:
        raise ValueError(f"must be a list of at most {MAX_NAMES} texts")
    return tuple(dict.fromkeys(read_name(name) for name in value))


def read_authors(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read one author or a list of them."""
    return read_names([value] if isinstance(value, str) else value)


def read_body(value: Any) -> str:  # noqa: ANN401
    """Read a body of HTML, unsanitised."""
    text = read_text(value)
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MAX_BODY_BYTES:
        raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long")
    return text


def read_url(value: Any) -> str:  # noqa: ANN401
    """Read a web address, and normalise it."""
    text = read_text(value).strip()
    # The length is checked first, so that no time goes into addresses that are refused anyway.
    url = web_address(text) if len(text) <= MAX_URL else text
    if len(url) > MAX_URL:
        raise ValueError(f"must be at most {MAX_URL} characters long, escaped as RFC 3986 asks")
    return url


def read_urls(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read a list of web addresses, and normalise them; repeated ones are left out."""
    if not isinstance(value, list) or len(value) > MAX_ALIASES:
        raise ValueError(f"must be a list of at most {MAX_ALIASES} addresses")
    return tuple(dict.fromkeys(map(read_url, value)))


def read_source_ids(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Read a list of permanent ids of other systems; repeated ones are left out."""
    if not isinstance(value, list) or len(value) > MAX_SOURCE_IDS:
        raise ValueError(f"must be a list of at most {MAX_SOURCE_IDS} texts")
    return tuple(dict.fromkeys(map(read_line(MAX_SOURCE_ID), value)))


def read_flag(value: Any) -> bool:  # noqa: ANN401
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004  a fault of the input
    return value


def read_time(value: Any) -> datetime:  # noqa: ANN401
    """Read a time with its offset from UTC."""
    return parse_time(read_text(value))


def read_language(value: Any) -> str:  # noqa: ANN401
    """Read a language tag (BCP 47)."""
    text = read_text(value)
    if not LANGUAGE.fullmatch(text):
        raise ValueError("must be a language tag such as en or az-Latn (BCP 47)")
    return text
