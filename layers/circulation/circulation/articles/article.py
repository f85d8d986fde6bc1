"""An article: a published piece, and the rules that a submission must meet."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import datetime
from typing import Annotated, Any, TypeVar

from circulation.articles.fields import (
    MAX_NAME,
    MAX_SUMMARY,
    MAX_TITLE,
    Field,
    read_authors,
    read_body,
    read_flag,
    read_language,
    read_line,
    read_name,
    read_names,
    read_source_ids,
    read_time,
    read_url,
    read_urls,
)
from circulation.counting.correction import Correction, read_corrections
from circulation.errors import Fault, InvalidInput
from circulation.ids import is_id
from circulation.text import one_line
from circulation.times import format_time, parse_time

MAX_TOTAL = 10**12
"""The most views that a submission may bring along from another counter or stack."""
MAX_UNKNOWN = 20
"""Unknown fields that an error names; of further ones it only gives the number."""

_ANSWERED_ONLY = {
    "id",
    "views",
    "views_corrected",
}  # added by answers; accepted when they are sent back
_TIME = Field(read_time, to_attribute=format_time, from_attribute=parse_time)


@dataclass(frozen=True, slots=True)
class Article:
    """One published piece. Times are UTC; the body is HTML, sanitised before it is stored.

    The addresses of the piece and of its image are web addresses in normal form. This class is the
    one table of the fields: JSON, items and the check of docs/openapi.yaml are derived from it.
    """

    id: str
    section: Annotated[str, Field(read_name)]
    title: Annotated[str, Field(read_line(MAX_TITLE))]
    body: Annotated[str, Field(read_body)]
    url: Annotated[str, Field(read_url)]
    published: Annotated[datetime, _TIME]
    updated: Annotated[datetime | None, _TIME] = None
    summary: Annotated[str | None, Field(read_line(MAX_SUMMARY))] = None
    authors: Annotated[
        tuple[str, ...], Field(read_authors, json="author", from_attribute=tuple)
    ] = ()
    language: Annotated[str | None, Field(read_language)] = None
    tags: Annotated[tuple[str, ...], Field(read_names, from_attribute=tuple)] = ()
    image: Annotated[str | None, Field(read_url)] = None
    source_ids: tuple[str, ...] = ()
    """What other systems know the article by (identity.source_key); not part of what is shown."""
    changed: datetime | None = field(default=None, compare=False)
    """When this version was stored. Set by the library, so not part of the content."""

    def revised(self) -> datetime:
        """Give the time of the publisher's last change: updated, or else published."""
        return self.updated or self.published

    def later_update(self) -> datetime | None:
        """Give the time of the update, if it is a later minute than the publication."""
        if not self.updated or self.updated <= self.published:
            return None
        minutes = {
            moment.replace(second=0, microsecond=0) for moment in (self.updated, self.published)
        }
        return self.updated if len(minutes) > 1 else None

    def has_image_in_body(self) -> bool:
        """Say whether the body shows the image already, as in many imported articles."""
        # Of what HTML escapes, an address in normal form has only this.
        address = (self.image or "").replace("&", "&amp;")
        return bool(address) and f' src="{address}"' in self.body


FIELDS: dict[str, Field] = {
    name: annotation.__metadata__[0]
    for name, annotation in Article.__annotations__.items()
    if hasattr(annotation, "__metadata__")
}
"""The fields that a publisher sends, by attribute."""

JSON_NAMES = {name: field.json or name for name, field in FIELDS.items()}
"""The names of the fields in JSON, by attribute."""

REQUIRED = FIELDS.keys() & {member.name for member in fields(Article) if member.default is MISSING}


@dataclass(frozen=True, slots=True)
class Submission:
    """An article as it is sent in, perhaps with views that were counted elsewhere."""

    article: Article
    views_before: int | None = None
    """The total of an older counter, to which views counted here are added."""
    views_counted: int | None = None
    """Views that another Circulation stack counted beside that total, from its export."""
    source_ids: tuple[str, ...] = ()
    """The permanent ids of the article in the systems that it comes from, unique among all systems,
    such as an RSS guid. With them, the article's own id is a proposal (identity.resolve)."""
    aliases: tuple[str, ...] = ()
    """Other addresses of the article, such as former ones."""
    shared_url: bool = False
    """Other articles have the same address, so that it identifies none of them."""
    body_is_summary: bool = False
    """The source gives a summary alone; a longer body that is stored already stays."""
    corrections: tuple[Correction, ...] = ()
    """Corrections of the number on another stack, from its export."""
    undated: bool = False
    """The source gives no time: the article's is when it was first seen, and a stored one stays."""

    def base(self, counted: int) -> int:
        """Give the least older total of the article, by the number of views counted here.

        The lifetime number in an export may have been counted here in part, so it is not added to
        the views counted here: the lifetime number here becomes at least as high.
        """
        total = self.views_before or 0
        if self.views_counted is None:
            return total
        return max(0, total + self.views_counted - counted)


def read_submission(article_id: str, data: Mapping[str, Any]) -> Submission:
    """Read a submission from a decoded JSON object.

    Raises InvalidInput that names every invalid field.
    """
    form = _Form(data)
    if not is_id(article_id) or data.get("id", article_id) != article_id:
        form.fault(
            "id", "must match ^[a-z0-9][a-z0-9-]{0,63}$, equal the id in the path and be free"
        )
    values = {
        name: (form.required if name in REQUIRED else form.optional)(JSON_NAMES[name], field.read)
        for name, field in FIELDS.items()
    }
    views_before = form.optional("views_before", read_total)
    views_counted = form.optional("views_counted", read_total)
    corrections = form.optional("corrections", read_corrections) or ()
    source_ids = form.optional("source_ids", read_source_ids)
    aliases = form.optional("aliases", read_urls)
    flags = {
        name: form.optional(name, read_flag) or False
        for name in ("shared_url", "body_is_summary", "undated")
    }
    unknown = sorted(set(data) - form.known - _ANSWERED_ONLY)
    for name in unknown[:MAX_UNKNOWN]:
        form.fault(one_line(name)[:MAX_NAME], "is not a field of an article")
    if len(unknown) > MAX_UNKNOWN:
        form.fault("*", f"{len(unknown) - MAX_UNKNOWN} more are no fields of an article")
    if form.faults:
        raise InvalidInput(*form.faults)
    sent = {name: value for name, value in values.items() if value is not None}
    article = Article(id=article_id, **sent)
    return Submission(
        article,
        views_before,
        views_counted,
        source_ids or (),
        aliases or (),
        corrections=corrections,
        **flags,
    )


T = TypeVar("T")


class _Form:
    """Reads fields one by one and collects every fault instead of stopping at the first."""

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


def read_total(value: Any) -> int:  # noqa: ANN401  whatever JSON holds
    """Read the views that a submission brings along. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")  # noqa: TRY004
    if not 0 <= value <= MAX_TOTAL:
        raise ValueError(f"must be between 0 and {MAX_TOTAL}")
    return value
