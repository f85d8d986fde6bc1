"""Requests about recommendations: what a form or a program sends."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeVar

from circulation.errors import Fault, InvalidInput
from circulation.mail.mailbox import MAX_ADDRESS, read_mailbox
from circulation.mail.person_name import HAS_LINK, MAX_PERSON_NAME, read_name
from circulation.mail.recommendation import Person, Recommendation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from circulation.web.response import Response
    from circulation.web.subscriptions import Sent
    from circulation.words.texts import Words

T = TypeVar("T")

FIELDS = ("article", "name", "address", "friend_name", "friend_address", "opened")


def read_recommendation(sent: Sent, article: str, base_url: str, at: datetime) -> Recommendation:
    """Read what was typed about an article. Raises InvalidInput, which names every fault."""
    faults: list[Fault] = []
    name, friend_name = (_read(field, sent, read_name, faults) for field in ("name", "friend_name"))
    mailbox, friend_mailbox = (
        _read(field, sent, read_mailbox, faults) for field in ("address", "friend_address")
    )
    if not (name and friend_name and mailbox and friend_mailbox):
        raise InvalidInput(*faults)
    sender, friend = Person(name, mailbox), Person(friend_name, friend_mailbox)
    return Recommendation(article, sender, friend, at, base_url)


def typed_of(sent: Sent) -> dict[str, str]:
    """Give what was typed, to be shown again; nothing longer than any field takes."""
    return {field: sent.first(field)[:MAX_ADDRESS] for field in FIELDS}


def explain_faults(problem: Response, typed: Mapping[str, str], words: Words) -> dict[str, str]:
    """Say what is wrong as readers understand it, by field, from a problem of status 422."""
    faults = json.loads(problem.body)["errors"]
    return {
        fault["field"]: _explained(fault["field"], fault["detail"], typed, words)
        for fault in faults
    }


def _explained(field: str, reason: str, typed: Mapping[str, str], words: Words) -> str:
    text = typed[field].strip()
    if text and reason == HAS_LINK:
        return words("recommend.link_in_name")
    if text and field.endswith("name"):
        return words("recommend.odd_name", number=MAX_PERSON_NAME)
    if field == "friend_address" and re.search(r"[,;\s]|@.*@", text):
        return words("recommend.several")
    return words(f"recommend.no_{field}")


def _read(field: str, sent: Sent, read: Callable[[str], T], faults: list[Fault]) -> T | None:
    try:
        return read(sent.first(field))
    except ValueError as error:
        faults.append(Fault(field, str(error)))
        return None
