"""An article: one published piece, and the rules for what may be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from circulation.errors import Fault, InvalidInput
from circulation.ids import is_id
from circulation.text import legal, one_line
from circulation.times import parse_time
from circulation.urls import web_address

MAX_BODY_BYTES = 256 * 1024
MAX_TITLE = 500
MAX_SUMMARY = 5_000
MAX_NAME = 100
MAX_NAMES = 20
MAX_URL = 2_048
MAX_TOTAL = 10**12
"""Views that an older counter or another stack can have counted."""
MAX_UNKNOWN = 20
"""Of fields that no article has; of further ones only the number is told."""

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", flags=re.ASCII)
"""The shape of a language tag (BCP 47)."""
_ANSWERED_ONLY = {"id", "views"}  # what an answer adds; sent back, it is no fault


@dataclass(frozen=True, slots=True)
class Article:
    """One published piece. Times are UTC; the body is HTML, sanitised before it is stored.

    The addresses of the piece and of its image are web addresses in normal form.
    """

    id: str
    section: str
    title: str
    body: str
    url: str
    published: datetime
    updated: datetime | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    changed: datetime | None = field(default=None, compare=False)
    """When this version reached the library; stamped there, so it is no part of the content."""

    def revised(self) -> datetime:
        """Tell when the publisher last touched the piece: updated, or else published."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Submission:
    """What a publisher sends: an article, and what was counted of it elsewhere, if anything."""

    article: Article
    views_before: int | None = None
    """The total of an older counter, which counting here goes on from."""
    views_counted: int | None = None
    """Views that a stack of ours had counted beside that total, as an export tells them."""

    def base(self, counted: int) -> int:
        """Give the older total that the article must have at least, by the views counted here.

        An export tells a lifetime number, which may have been counted here itself: it is no
        addition to what is counted here, but a number that the lifetime is not below.
        """
        total = self.views_before or 0
        if self.views_counted is None:
            return total
        return max(0, total + self.views_counted - counted)


def read_submission(article_id: str, data: Mapping[str, Any]) -> Submission:
    """Make a submission of a decoded JSON object.

    Raises InvalidInput that names every field that cannot be taken.
    """
    form = _Form(data)
    if not is_id(article_id) or data.get("id", article_id) != article_id:
        form.fault("id", "must match ^[a-z0-9][a-z0-9-]{0,63}$ and equal the id in the path")
    section = form.required("section", _name)
    title = form.required("title", _line(MAX_TITLE))
    body = form.required("body", _body)
    url = form.required("url", _url)
    published = form.required("published", _time)
    updated = form.optional("updated", _time)
    summary = form.optional("summary", _line(MAX_SUMMARY))
    authors = form.optional("author", _authors)
    language = form.optional("language", _language)
    tags = form.optional("tags", _names)
    image = form.optional("image", _url)
    views_before = form.optional("views_before", _total)
    views_counted = form.optional("views_counted", _total)
    unknown = sorted(set(data) - form.known - _ANSWERED_ONLY)
    for name in unknown[:MAX_UNKNOWN]:
        form.fault(one_line(name)[:MAX_NAME], "is not a field of an article")
    if len(unknown) > MAX_UNKNOWN:
        form.fault("*", f"{len(unknown) - MAX_UNKNOWN} more are no fields of an article")
    # The five required values are None only when a fault was noted for them.
    if form.faults or None in (section, title, body, url, published):
        raise InvalidInput(*form.faults)
    assert section and title and body and url and published  # noqa: S101, PT018  for mypy alone
    return Submission(
        Article(
            id=article_id,
            section=section,
            title=title,
            body=body,
            url=url,
            published=published,
            updated=updated,
            summary=summary or None,
            authors=authors or (),
            language=language,
            tags=tags or (),
            image=image,
        ),
        views_before,
        views_counted,
    )


T = TypeVar("T")


class _Form:
    """Reads fields one by one and remembers every fault instead of stopping at the first."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.faults: list[Fault] = []
        self.known: set[str] = set()

    def fault(self, name: str, reason: str) -> None:
        self.faults.append(Fault(name, reason))

    def required(self, name: str, read: Callable[[Any], T]) -> T | None:
        if self._data.get(name) in (None, ""):
            self.known.add(name)
            self.fault(name, "is required")
            return None
        return self.optional(name, read)

    def optional(self, name: str, read: Callable[[Any], T]) -> T | None:
        self.known.add(name)
        value = self._data.get(name)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError as error:
            self.fault(name, str(error))
            return None


def _text(value: Any) -> str:  # noqa: ANN401  anything that JSON can hold
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  a fault of the input, not of the caller
    return legal(value)


def _line(limit: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:  # noqa: ANN401
        text = one_line(_text(value))
        if not text:
            raise ValueError("must not be empty")
        if len(text) > limit:
            raise ValueError(f"must be at most {limit} characters long")
        return text

    return read


def _name(value: Any) -> str:  # noqa: ANN401
    text = _line(MAX_NAME)(value)
    # A slash would split the feed's path; "*" means every section in the ranking.
    if "/" in text or text in ("*", ".", ".."):
        raise ValueError('must not contain "/" or be "*", "." or ".."')
    return text


def _names(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if not isinstance(value, list) or len(value) > MAX_NAMES:
        raise ValueError(f"must be a list of at most {MAX_NAMES} texts")
    return tuple(dict.fromkeys(_name(each) for each in value))


def _authors(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    return _names([value] if isinstance(value, str) else value)


def _body(value: Any) -> str:  # noqa: ANN401
    text = _text(value)
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MAX_BODY_BYTES:
        raise ValueError(f"must be at most {MAX_BODY_BYTES} bytes long")
    return text


def _url(value: Any) -> str:  # noqa: ANN401
    text = _text(value).strip()
    # Looked at first, so that no time goes into what is refused anyway.
    url = web_address(text) if len(text) <= MAX_URL else text
    if len(url) > MAX_URL:
        raise ValueError(f"must be at most {MAX_URL} characters long, escaped as RFC 3986 asks")
    return url


def _time(value: Any) -> datetime:  # noqa: ANN401
    return parse_time(_text(value))


def _language(value: Any) -> str:  # noqa: ANN401
    text = _text(value)
    if not LANGUAGE.fullmatch(text):
        raise ValueError("must be a language tag such as en or az-Latn (BCP 47)")
    return text


def _total(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004
    if not 0 <= value <= MAX_TOTAL:
        raise ValueError(f"must be between 0 and {MAX_TOTAL}")
    return value
