"""SendLetter: single mails that somebody asked for on a page, from the letter queue."""

import json
import logging
import os
from collections import Counter
from collections.abc import Mapping
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
def handler(event: Mapping[str, Any], metrics: Counter[str]) -> None:
    """Send what each message asks for; an error makes the queue deliver it again."""
    for record in event["Records"]:
        ((kind, letter),) = json.loads(record["body"]).items()
        metrics[_LETTERS[kind](letter)] += 1


def _answer_ask(letter: Mapping[str, Any]) -> str:
    """Send a confirmation; a mail that SES refuses for good is not tried again."""
    runtime, now = container(), datetime.now(UTC)
    ask, stores = read_ask(letter), (runtime.subscribers, runtime.limits)
    try:
        outcome = answer_ask(ask, *stores, _post(), now=now, random_bytes=os.urandom)
    except MailRefused as error:
        _log.warning("SES refused a confirmation: %s", error)
        return "ConfirmationsRefused"
    return "ConfirmationsSent" if outcome == "sent" else "ConfirmationsHeldBack"


def _ask_sender(letter: Mapping[str, Any]) -> str:
    """Ask who recommends an article for a yes."""
    stores, now = container().recommendation_stores, datetime.now(UTC)
    key, network = letter["key"], letter["network"]
    try:
        outcome = ask_sender(key, network, stores, _post(), now=now, random_bytes=os.urandom)
    except MailRefused as error:
        _log.warning("SES refused a confirmation: %s", error)
        return "ConfirmationsRefused"
    return "ConfirmationsSent" if outcome == "sent" else "ConfirmationsHeldBack"


def _send_recommendation(letter: Mapping[str, Any]) -> str:
    """Send a recommendation that its sender has confirmed."""
    stores, now = container().recommendation_stores, datetime.now(UTC)
    waiting = letter["key_hash"]
    try:
        outcome = send_recommendation(waiting, stores, _post(), now=now, random_bytes=os.urandom)
    except MailRefused as error:
        _log.warning("SES refused a recommendation: %s", error)
        return "RecommendationsRefused"
    return "RecommendationsSent" if outcome == "sent" else "RecommendationsHeldBack"


def _post() -> Post:
    runtime = container()
    settings = runtime.settings
    return Post(
        runtime.mail_service, settings.sender, settings.publication, settings.confirmations_per_day
    )


_LETTERS = {
    "ask": _answer_ask,
    "recommend": _ask_sender,
    "recommendation": _send_recommendation,
}
warm_up()
