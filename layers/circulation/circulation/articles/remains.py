"""What remains of an unpublished article, as an export has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from circulation.articles.article import read_submission, read_total
from circulation.articles.fields import read_name, read_source_ids
from circulation.counting.correction import Correction, read_corrections
from circulation.errors import Fault, InvalidInput
from circulation.ids import is_id
from circulation.times import parse_time

_ANSWERED_ONLY = {"id", "views", "views_corrected", "was_public"}


@dataclass(frozen=True, slots=True)
class Remains:
    """What an export has of an unpublished article."""

    id: str
    section: str
    published: datetime
    unpublished: datetime
    views_before: int = 0
    views_counted: int = 0
    corrections: tuple[Correction, ...] = ()
    source_ids: tuple[str, ...] = ()
    """The permanent ids that other systems know the article by: a feed must not bring it back."""

    @property
    def was_public(self) -> bool:
        """Whether the article was visible when it was unpublished."""
        return self.published <= self.unpublished


def are_remains(data: Mapping[str, Any]) -> bool:
    """Tell whether a decoded JSON object is what remains of an article, not a submission."""
    return data.get("unpublished") is not None


def read_remains(article_id: str, data: Mapping[str, Any]) -> Remains:
    """Read what remains of an article from a decoded JSON object.

    Raises InvalidInput that names every invalid field.
    """
    readers = {
        "section": read_name,
        "published": _read_time,
        "unpublished": _read_time,
        "views_before": read_total,
        "views_counted": read_total,
        "corrections": read_corrections,
        "source_ids": read_source_ids,
    }
    required = {"section", "published", "unpublished"}
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    if not is_id(article_id):
        faults.append(Fault("id", "must match ^[a-z0-9][a-z0-9-]{0,63}$"))
    for name, read in readers.items():
        value = data.get(name)
        if value is None:
            faults += [Fault(name, "is required")] if name in required else []
            continue
        try:
            values[name] = read(value)
        except ValueError as error:
            faults.append(Fault(name, str(error)))
    if unknown := sorted(set(data) - readers.keys() - _ANSWERED_ONLY):
        faults.append(Fault("*", f"{len(unknown)} fields are not those of an unpublished article"))
    if faults:
        raise InvalidInput(*faults)
    return Remains(article_id, **values)


def read_entry(article_id: str, data: Mapping[str, Any]) -> str:
    """Read an entry of a batch and give its article's id: a submission's, or what remains of one.

    Raises InvalidInput.
    """
    if are_remains(data):
        return read_remains(article_id, data).id
    return read_submission(article_id, data).article.id


def _read_time(value: Any) -> datetime:  # noqa: ANN401  whatever JSON holds
    if not isinstance(value, str):
        raise ValueError("must be a time with an offset")  # noqa: TRY004  a fault of the input
    return parse_time(value)
