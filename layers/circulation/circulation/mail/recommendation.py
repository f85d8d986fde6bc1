"""A recommendation: what one reader has us write to another, once, about one article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from circulation.mail.mailbox import Mailbox

REFUSING = "refuse"
"""The purpose of the key by which somebody refuses recommendations."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by name and mailbox, as typed into the form."""

    name: str
    mailbox: Mailbox


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What somebody asked for."""

    article: str
    """The article's id."""
    sender: Person
    friend: Person
    asked: datetime
    base_url: str
    """Where the API is reached, without a trailing slash."""
