"""Subscribing: from what somebody typed to a yes, and from there to the end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulation.mail.confirmation import confirmation_message, consent_text
from circulation.mail.limits import limits_of
from circulation.mail.mail_event import Harm, harm_of, tag_of
from circulation.mail.message import mime_bytes
from circulation.mail.subscriber import key_hash, make_key, subscriber_id, subscriber_of_link
from circulation.mail.subscribers import Pending, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.aws.mail_service import MailService
    from circulation.mail.ask import Ask
    from circulation.mail.limits import Limits
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.sender import Sender
    from circulation.mail.subscriber import Choices
    from circulation.mail.subscribers import Standing, Subscribers

_TAG = "confirmation"


@dataclass(frozen=True, slots=True)
class Post:
    """What a letter is written and sent with."""

    service: MailService
    sender: Sender
    publication: Publication
    confirmations_per_day: int


def answer_ask(  # noqa: PLR0913  what an answer is made of
    ask: Ask,
    subscribers: Subscribers,
    limits: Limits,
    post: Post,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
) -> str:
    """Send the mail that asks for a yes, and give `sent`, or why it was not sent.

    That is `suppressed` for a mailbox that nothing is sent to, or the kind of limit that is
    reached: address, network or stack. The key is stored before the mail is sent, so that whoever
    gets it can use it. Raises the mail service's errors and StoreUnavailable; then it may be tried
    again, with another key.
    """
    mail_key = subscribers.mail_key(random_bytes)
    person = subscriber_id(mail_key, ask.mailbox)
    if subscribers.find_state(person) is State.SUPPRESSED:
        return State.SUPPRESSED.value
    inbox = subscriber_id(mail_key, ask.mailbox.inbox)
    reached = limits.admit(
        ask.id, limits_of(inbox, ask.network, post.confirmations_per_day, now=now), now=now
    )
    if reached:
        return reached.kind
    key = make_key(random_bytes)
    text = hashlib.sha256(consent_text(post.publication).encode()).hexdigest()
    pending = Pending(ask.mailbox, ask.choices, ask.at, text)
    message = confirmation_message(
        pending, f"{ask.base_url}/subscriptions/confirm/{key}", post.sender, post.publication
    )
    mail = mime_bytes(message)
    subscribers.put_pending(key_hash(key), pending, now=now)
    tags = {"k": _TAG, "s": person}
    post.service.send(mail, post.sender.mailbox.address, ask.mailbox.address, tags)
    return "sent"


def apply_confirmation_event(event: Mapping[str, Any], subscribers: Subscribers) -> str:
    """Suppress whose confirmation bounced or annoyed; give the metric that counts it.

    An event may come twice; one about another mail changes nothing.
    """
    harm = harm_of(event) if tag_of(event, "k") == _TAG else None
    if harm is None:
        return ""
    subscribers.suppress(tag_of(event, "s"))
    return "ConfirmationsBounced" if harm is Harm.BOUNCED else "ConfirmationsComplained"


def find_subscriber(
    key: str, subscribers: Subscribers, random_bytes: Callable[[int], bytes]
) -> Standing | None:
    """Give who a link of a mail is for; None if it is nobody's, or nothing is stored any more."""
    person = subscriber_of_link(subscribers.mail_key(random_bytes), key)
    return subscribers.find(person) if person else None


def save_choices(
    key: str, choices: Choices, subscribers: Subscribers, random_bytes: Callable[[int], bytes]
) -> bool:
    """Change what the person of a link is sent; tell whether there is such a subscriber."""
    person = subscriber_of_link(subscribers.mail_key(random_bytes), key)
    return bool(person) and subscribers.change(str(person), choices)


def unsubscribe(
    key: str, subscribers: Subscribers, random_bytes: Callable[[int], bytes], *, now: datetime
) -> bool:
    """End the subscription of a link's person; tell whether the link is a person's at all.

    A link is good for ever, also when the subscription has ended already.
    """
    person = subscriber_of_link(subscribers.mail_key(random_bytes), key)
    if person is None:
        return False
    subscribers.end(person, now=now)
    return True


def export_person(
    standing: Standing, mail_key: bytes, limits: Limits, *, now: datetime
) -> dict[str, Any]:
    """Give everything that is stored of a person's subscription, as JSON has it."""
    attributes = {
        name: sorted(value) if isinstance(value, set) else value
        for name, value in sorted(standing.attributes.items())
    }
    person = standing.subscriber
    inbox = subscriber_id(mail_key, person.mailbox.inbox) if person else standing.id
    asked = limits.count_of(inbox, now=now)
    return {"id": standing.id, **attributes, "mails_asked_for": asked}


def erase_person(
    mailbox: Mailbox, mail_key: bytes, subscribers: Subscribers, limits: Limits
) -> bool:
    """Delete everything that is stored of a mailbox; tell whether there was anything."""
    person = subscriber_id(mail_key, mailbox)
    known = subscribers.erase(person)
    pending = subscribers.erase_pending(mailbox)
    asked = limits.forget(subscriber_id(mail_key, mailbox.inbox))
    return known or bool(pending) or asked
