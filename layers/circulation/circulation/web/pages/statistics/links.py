"""The addresses of the pages of statistics and of their numbers: a query that says all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from circulation.statistics.figures import Against, Unit
from circulation.statistics.rollup import THE_SITE
from circulation.statistics.rows import Sort

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circulation.access.grant import Grant
    from circulation.statistics.figures import Span
    from circulation.statistics.rollup import Subject

_KEY = "share"
_PERIOD = ("period", "date", "from", "to")


@dataclass(frozen=True, slots=True)
class Links:
    """The state of a page, from which the addresses of other states are made."""

    state: Mapping[str, str] = field(default_factory=dict)
    """The query without what is as usual, in a fixed order."""

    def to(self, **changes: str) -> str:
        """Give the address of another state; an empty value takes a parameter away."""
        state = {**self.state, **changes}
        query = {name: value for name, value in state.items() if value and name != _KEY}
        if _KEY in state:
            query[_KEY] = state[_KEY]
        return f"?{urlencode(query)}"

    def to_span(self, span: Span, *, is_current: bool = False) -> str:
        """Give the address of a period; of the current one it names no date, as it moves on."""
        return self.to(**dict.fromkeys(_PERIOD, "") | _query_of(span, is_current=is_current))

    def api(self, path: str, **changes: str) -> str:
        """Give the address of the same state's numbers in the API: of site, sections or top."""
        return f"/statistics/{path}{self.to(sort='', **changes)}"

    def hidden(self, *names: str) -> dict[str, str]:
        """Give what a form must send besides the parameters that it has fields for."""
        return {name: value for name, value in self.state.items() if name not in names}


def links_of(  # noqa: PLR0913  what a page shows, and to whom
    span: Span,
    against: Against,
    grant: Grant,
    *,
    subject: Subject = THE_SITE,
    is_current: bool = False,
    sort: Sort = Sort.VIEWS,
) -> Links:
    """Make the links of a page that shows a period."""
    state = _query_of(span, is_current=is_current)
    if against is not Against.USUAL:
        state["compare"] = str(against)
    if subject.name:
        state[str(subject.kind)] = subject.name
    if order := order_of(sort):
        state["sort"] = order
    return Links({**state, **key_of(grant)})


def order_of(sort: Sort) -> str:
    """Give the parameter by which articles are sorted; empty for the usual order."""
    return "" if sort is Sort.VIEWS else str(sort)


def key_of(grant: Grant) -> dict[str, str]:
    """Give the parameter that lets a share link's holder go on; none for the others."""
    return {_KEY: grant.key} if grant.key else {}


def _query_of(span: Span, *, is_current: bool) -> dict[str, str]:
    if span.unit is Unit.RANGE:
        return {
            "period": "range",
            "from": span.first.isoformat(),
            "to": span.last.isoformat(),
        }
    query = {} if span.unit is Unit.DAY else {"period": str(span.unit)}
    return query if is_current else {**query, "date": span.first.isoformat()}
