"""A correction: views that a publisher adds to an article's number, or takes off, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from circulation.errors import Fault, InvalidInput
from circulation.text import one_line
from circulation.times import format_time, parse_time

MAX_CORRECTIONS = 50
"""Corrections of one article. All of them are one transaction's when an export is imported."""
MAX_REASON = 500
MAX_BY = 100
MAX_VIEWS = 10**12
"""The most views that a correction adds or takes off, or that an older total is set to."""

_MAX_SUM = 100 * MAX_VIEWS
"""More views than a correction of a total can take off: a total is at most those of two imports,
and the corrections before it."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", flags=re.ASCII)
_FIELDS = {"id", "views", "total", "at", "by", "reason"}
_PROPOSED = {"views", "total", "reason", "nonce"}


@dataclass(frozen=True, slots=True)
class Correction:
    """Views added to an article's number, or taken off; by its id it is the same on every stack."""

    id: str
    views: int
    at: datetime
    by: str
    """The name of the publisher's token."""
    reason: str
    total: int | None = None
    """What the older counter's total was set to by it; None if it corrects what was counted."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a publisher asks for: either views to add, or what the older total shall be."""

    id: str
    reason: str
    views: int | None
    total: int | None

    def correction(
        self, shown: int, base: int, known: Iterable[Correction], *, at: datetime, by: str
    ) -> Correction | None:
        """Make the correction of an article's number; None if it changes nothing, or is known.

        Shown is the number, base the highest older total that was imported. Raises InvalidInput if
        the number would become negative.
        """
        known = list(known)
        if any(correction.id == self.id for correction in known):
            return None
        views = self.views
        if self.total is not None:
            views = self.total - older_total(base, known)
        if not views:
            return None
        if shown + views < 0:
            name = "total" if self.views is None else "views"
            raise InvalidInput(Fault(name, f"would make the number negative; it is {shown}"))
        return Correction(self.id, views, at, by, self.reason, self.total)


def older_total(base: int, corrections: Iterable[Correction]) -> int:
    """Give the older counter's total as it was corrected, from the highest one imported."""
    return base + sum(
        correction.views for correction in corrections if correction.total is not None
    )


def read_proposal(data: Mapping[str, Any], default_id: str) -> Proposal:
    """Read a proposal from a decoded JSON object. Raises InvalidInput that names every fault."""
    faults = [
        Fault(one_line(name)[:MAX_BY], "is not a field of a correction")
        for name in sorted(set(data) - _PROPOSED)[:MAX_CORRECTIONS]
    ]
    views, total, nonce = (data.get(name) for name in ("views", "total", "nonce"))
    reason = data.get("reason")
    if (views is None) == (total is None):
        faults.append(Fault("views", "is required, or else total"))
    elif views is not None and not (_is_number(views, -MAX_VIEWS, MAX_VIEWS) and views):
        wanted = f"must be a whole number from -{MAX_VIEWS} to {MAX_VIEWS}, not 0"
        faults.append(Fault("views", wanted))
    elif total is not None and not _is_number(total, 0, MAX_VIEWS):
        faults.append(Fault("total", f"must be a whole number from 0 to {MAX_VIEWS}"))
    if not _is_line(reason, MAX_REASON) or not one_line(str(reason)):
        faults.append(Fault("reason", f"must be a text of 1 to {MAX_REASON} characters"))
    if nonce is not None and not (isinstance(nonce, str) and _ID.fullmatch(nonce)):
        faults.append(Fault("nonce", f"must match ^{_ID.pattern}$"))
    if faults:
        raise InvalidInput(*faults)
    return Proposal(nonce or default_id, one_line(str(reason)), views, total)


def read_corrections(value: Any) -> tuple[Correction, ...]:  # noqa: ANN401  whatever JSON holds
    """Read corrections as an export has them. Raises ValueError."""
    if not isinstance(value, list) or len(value) > MAX_CORRECTIONS:
        raise ValueError(f"must be a list of at most {MAX_CORRECTIONS} corrections")
    corrections = tuple(map(_read_correction, value))
    if len({correction.id for correction in corrections}) < len(corrections):
        raise ValueError("has two corrections of one id")
    return corrections


def _read_correction(value: Any) -> Correction:  # noqa: ANN401  likewise
    if not isinstance(value, dict) or not set(value) <= _FIELDS:
        raise ValueError(f"must hold objects of {', '.join(sorted(_FIELDS))}")
    name, total, moment = (value.get(field) for field in ("id", "total", "at"))
    if not (isinstance(name, str) and _ID.fullmatch(name)):
        raise ValueError(f"has an id that does not match ^{_ID.pattern}$")
    if not _is_number(value.get("views"), -_MAX_SUM, _MAX_SUM):
        raise ValueError("has views that are no whole number")
    if total is not None and not _is_number(total, 0, MAX_VIEWS):
        raise ValueError("has a total that is no whole number")
    if not isinstance(moment, str):
        raise ValueError("has no time, at")  # noqa: TRY004  likewise
    by, reason = value.get("by", ""), value.get("reason", "")
    if not (_is_line(by, MAX_BY) and _is_line(reason, MAX_REASON)):
        raise ValueError(f"has texts of more than {MAX_BY} (by) or {MAX_REASON} characters")
    return Correction(
        name, value["views"], parse_time(moment), one_line(by), one_line(reason), total
    )


def correction_json(correction: Correction) -> dict[str, Any]:
    """Write a correction, as read_corrections reads it."""
    total = {} if correction.total is None else {"total": correction.total}
    return {
        "id": correction.id,
        "views": correction.views,
        **total,
        "at": format_time(correction.at),
        "by": correction.by,
        "reason": correction.reason,
    }


def _is_number(value: Any, least: int, most: int) -> bool:  # noqa: ANN401  likewise
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_line(value: Any, limit: int) -> bool:  # noqa: ANN401  likewise
    return isinstance(value, str) and len(value) <= limit
