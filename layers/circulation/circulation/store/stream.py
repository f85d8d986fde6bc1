"""The ledger's stream: a Lambda event of DynamoDB changes, read into a batch of lines."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from circulation.errors import MalformedBatch
from circulation.store.keys import ledger_article_day
from circulation.tally import Batch, LedgerLine, mark_of
from circulation.times import day_of, start_of

_log = logging.getLogger(__name__)


def batch_of_event(event: Mapping[str, Any]) -> Batch:
    """Read an event of the ledger's event source mapping.

    Marks are compared within a shard only, so the event must name its shard: only a mapping with a
    tumbling window does (AWS Lambda: Implementing stateful DynamoDB stream processing). A record
    that cannot be read is logged and left out, so that it cannot block its shard for ever. Raises
    MalformedBatch when no shard is named.
    """
    shard = event.get("shardId")
    if not shard or not isinstance(shard, str):
        raise MalformedBatch("the event names no shardId: the mapping has no tumbling window")
    lines, malformed = [], 0
    for record in event.get("Records", ()):
        try:
            line = _line(record)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            malformed += 1
            _log.error("malformed ledger record: %r %s", error, json.dumps(record, default=str))
        else:
            lines.append(line)
    return Batch(shard, lines, malformed)


def _line(record: Mapping[str, Any]) -> LedgerLine:
    change = record["dynamodb"]
    article, day = ledger_article_day(change["Keys"]["pk"]["S"])
    if record["eventName"] not in ("INSERT", "MODIFY"):
        raise ValueError(f"{record['eventName']} is not a view; the mapping filters it out")
    if day_of(start_of(day)) != day or not change["SequenceNumber"].isdecimal():
        raise ValueError("no day or no sequence number")
    return LedgerLine(
        article,
        day,
        mark_of(change["SequenceNumber"]),
        record["eventName"] == "INSERT",
        datetime.fromtimestamp(int(change["NewImage"]["at"]["N"]) / 1000, UTC),
    )
