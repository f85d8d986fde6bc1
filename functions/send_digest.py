"""SendDigest: sends a digest to portions of its subscribers, from the digest queue."""

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from circulation.logs import SQS, logged
from circulation.mail.delivering import Pace, Post, send_portion
from circulation.mail.digest_queue import read_portion
from circulation.metrics import measured
from circulation.runtime import container, warm_up

CONTAINERS = 2
"""The event source mapping's MaximumConcurrency, of which 2 is the least."""
METRICS = {
    "sent": "MailsSent",
    "refused": "MailsRefused",
    "uncertain": "MailsUncertain",
    "sent_again": "MailsSentAgain",
    "stopped_quota": "MailQuotaSpent",
    "stopped_ses": "DigestsStopped",
}


@cache
def pace() -> Pace:
    """Give what keeps this container's mails apart."""
    rate = container().settings.mails_per_second
    return Pace(CONTAINERS / rate, time.monotonic, time.sleep)


@logged(SQS)
@measured("SendDigest")
def handler(event: Mapping[str, Any], _context: object, metrics: Counter[str]) -> None:
    """Send the portion of each message; an error makes the queue deliver it again."""
    runtime = container()
    post = Post(runtime.mail_service, runtime.letterhead, lambda: datetime.now(UTC), pace().wait)
    for record in event["Records"]:
        counts = send_portion(read_portion(record["body"]), runtime.digest_stores, post)
        metrics.update({METRICS[name]: counts[name] for name in counts if name in METRICS})


warm_up()
