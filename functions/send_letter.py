"""SendLetter: single mails that somebody asked for on a page, from the letter queue."""

import json
import logging
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from circulation.aws.mail_service import MailRefused
from circulation.logs import SQS, logged
from circulation.mail.ask import read_ask
from circulation.mail.recommending import ask_sender, send_recommendation
from circulation.mail.subscribing import Post, answer_ask
from circulation.metrics import measured
from circulation.runtime import container, warm_up

_log = logging.getLogger(__name__)


@logged(SQS)
@measured("SendLetter")
def handler(event: Mapping[str, Any], _context: object, metrics: Counter[str]) -> None:
    """Send what each message asks for; an error makes the queue deliver it again."""
    for record in event["Records"]:
        ((kind, letter),) = json.loads(record["body"]).items()
        metrics[_outcome(kind, letter)] += 1


@dataclass(frozen=True, slots=True)
class _Letters:
    """What letters of a kind are called, and the metrics of what becomes of them."""

    name: str
    sent: str
    held_back: str
    refused: str


_CONFIRMATIONS = _Letters(
    "confirmation", "ConfirmationsSent", "ConfirmationsHeldBack", "ConfirmationsRefused"
)
_RECOMMENDATIONS = _Letters(
    "recommendation", "RecommendationsSent", "RecommendationsHeldBack", "RecommendationsRefused"
)


def _outcome(kind: str, letter: Mapping[str, Any]) -> str:
    """Send a letter; one that SES refuses for good is not tried again."""
    letters, send = _KINDS[kind]
    try:
        outcome = send(letter, datetime.now(UTC))
    except MailRefused as error:
        _log.warning("SES refused a %s: %s", letters.name, error)
        return letters.refused
    return letters.sent if outcome == "sent" else letters.held_back


def _answer_ask(letter: Mapping[str, Any], now: datetime) -> str:
    """Send a confirmation."""
    runtime = container()
    ask, stores = read_ask(letter), (runtime.subscribers, runtime.limits)
    return answer_ask(ask, *stores, _post(), now=now, random_bytes=os.urandom)


def _ask_sender(letter: Mapping[str, Any], now: datetime) -> str:
    """Ask who recommends an article for a yes."""
    stores, key, network = container().recommendation_stores, letter["key"], letter["network"]
    return ask_sender(key, network, stores, _post(), now=now, random_bytes=os.urandom)


def _send_recommendation(letter: Mapping[str, Any], now: datetime) -> str:
    """Send a recommendation that its sender has confirmed."""
    stores, waiting = container().recommendation_stores, letter["key_hash"]
    return send_recommendation(waiting, stores, _post(), now=now, random_bytes=os.urandom)


def _post() -> Post:
    runtime = container()
    settings = runtime.settings
    return Post(
        runtime.mail_service, settings.sender, settings.publication, settings.confirmations_per_day
    )


_KINDS = {
    "ask": (_CONFIRMATIONS, _answer_ask),
    "recommend": (_CONFIRMATIONS, _ask_sender),
    "recommendation": (_RECOMMENDATIONS, _send_recommendation),
}
warm_up()
