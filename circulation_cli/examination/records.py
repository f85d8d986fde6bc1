"""Ask a stack's tables, by Query and GetItem alone: its tokens, and how its past days were."""

from datetime import datetime, timedelta

from circulation.runtime import Container
from circulation.times import day_of
from circulation_cli.examination.facts import DaysState, TokenState

LOOKED_AT = 3
"""Past days whose pages are read: the last ones that the ledger still has lines of."""


def read_tokens(container: Container) -> list[TokenState]:
    """Read the tokens. Raises botocore's errors and StoreUnavailable."""
    return [
        TokenState(token.name, tuple(sorted(token.scopes)), token.created)
        for token in container.tokens.all()
    ]


def read_days(container: Container, *, now: datetime) -> DaysState:
    """Read the pages of the last days that are over, the canary's among them. Raises likewise."""
    day_book = container.books.day_book
    drift: dict[str, dict[str, int]] = {}
    unsealed: dict[str, int] = {}
    number = 0
    for past in range(1, LOOKED_AT + 1):
        day = day_of(now - timedelta(days=past))
        drift[day] = {}
        for page in day_book.pages(day):
            number += page.sealed
            unsealed[day] = unsealed.get(day, 0) + (not page.sealed)
            if page.drift:
                drift[day][page.article] = page.drift
    return DaysState(day_book.closed_until(), unsealed, drift, number)
