"""The ledger's stream: read a batch of ledger lines from a Lambda event of DynamoDB changes."""

import json
import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from circulation.counting.keys import TRAITS, ledger_article_day
from circulation.counting.tally import SEQUENCE_DIGITS, Batch, LedgerLine, mark_of
from circulation.counting.traits import COUNTRIES, FORM_FACTORS, MAX_CAMPAIGN, SOURCES, Traits
from circulation.errors import MalformedBatch
from circulation.times import day_of, moment_of, start_of

_log = logging.getLogger(__name__)

_HOST = re.compile(r"[a-z0-9.-]{1,253}")


def batch_of_event(event: Mapping[str, Any]) -> Batch:
    """Read an event of the ledger's event source mapping.

    Marks are only compared within a shard, so the event must name its shard, which it does if the
    mapping has a tumbling window (AWS Lambda: Implementing stateful DynamoDB stream processing). A
    record that cannot be read is logged and skipped, so that it does not block its shard. Raises
    MalformedBatch if no shard is named.
    """
    shard = event.get("shardId")
    if not shard or not isinstance(shard, str):
        raise MalformedBatch("the event names no shardId: the mapping has no tumbling window")
    lines, malformed = [], 0
    for record in event.get("Records", ()):
        try:
            line = _read_line(record)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            malformed += 1
            _log.error("malformed ledger record: %r %s", error, json.dumps(record, default=str))
        else:
            lines.append(line)
    return Batch(shard, lines, malformed)


def _read_line(record: Mapping[str, Any]) -> LedgerLine:
    change, kind = record["dynamodb"], record["eventName"]
    article, day = _read_article_day(change["Keys"]["pk"]["S"])
    number, image = change["SequenceNumber"], change["NewImage"]
    if kind not in ("INSERT", "MODIFY"):
        raise ValueError(f"{kind} is not a view; the mapping filters it out")
    if not number.isdecimal() or len(number) > SEQUENCE_DIGITS:
        raise ValueError(f"{number} is no sequence number")
    return LedgerLine(
        article,
        day,
        mark_of(number),
        kind == "INSERT" and "a" not in image,
        moment_of(int(image["at"]["N"])),
        _read_traits(image),
    )


@lru_cache(maxsize=16 * 1024)  # a batch has thousands of lines and few partitions
def _read_article_day(partition: str) -> tuple[str, str]:
    """Read article and day from a ledger partition's name, and check the day. Raises ValueError."""
    article, day = ledger_article_day(partition)
    if day_of(start_of(day)) != day:
        raise ValueError(f"{day} is no day")
    return article, day


def _read_traits(image: Mapping[str, Any]) -> Traits:
    """Read the traits of a line's newest view; those that are missing or no text are None."""
    texts = []
    for name in TRAITS:
        value = image.get(name)
        text = value.get("S") if isinstance(value, dict) else None
        texts.append(text if isinstance(text, str) else None)
    return _traits_of(*texts)


@lru_cache(maxsize=8 * 1024)  # a batch has thousands of lines, and many are of the same traits
def _traits_of(
    referrer: str | None,
    country: str | None,
    form_factor: str | None,
    source: str | None,
    campaign: str | None,
) -> Traits:
    """Give the traits that are valid; the others are None, and the view still counts."""
    return Traits(
        referrer if referrer and _HOST.fullmatch(referrer) else None,
        country if country in COUNTRIES else None,
        form_factor if form_factor in FORM_FACTORS else None,
        source if source in SOURCES else None,
        campaign if campaign and len(campaign) <= MAX_CAMPAIGN else None,
    )
