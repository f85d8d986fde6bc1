"""RecordMailEvents: what SES says became of mails, from the mail event queue."""

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any

from circulation.logs import SQS, logged
from circulation.mail.delivering import apply_event
from circulation.mail.mail_event import read_event
from circulation.mail.recommending import apply_recommendation_event
from circulation.mail.subscribing import apply_confirmation_event
from circulation.metrics import measured
from circulation.runtime import container, warm_up

_log = logging.getLogger(__name__)


@logged(SQS)
@measured("RecordMailEvents")
def handler(event: Mapping[str, Any], _context: object, metrics: Counter[str]) -> None:
    """Apply the event of each message; an error makes the queue deliver it again."""
    runtime = container()
    for record in event["Records"]:
        happened = read_event(record["body"])
        if happened is None:
            _log.warning("a message is no event of SES")
            continue
        name = (
            apply_event(happened, runtime.deliveries)
            or apply_confirmation_event(happened, runtime.subscribers)
            or apply_recommendation_event(happened, runtime.recommendations)
        )
        if name:
            metrics[name] += 1


warm_up()
