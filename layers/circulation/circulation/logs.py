"""Logs: which run of a function wrote a line, for the functions that nobody waits for."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from circulation.settings import in_lambda

Event = Mapping[str, Any]
C = TypeVar("C")
R = TypeVar("R")

EVENT_BRIDGE = "id"
"""The correlation of what a schedule wakes."""
SQS = "join(' ', Records[].messageId)"
"""The correlation of what a queue wakes: every message of the batch."""
DYNAMODB_STREAM = "Records[0].eventID"
"""The correlation of what a stream wakes: the first record; a window may end without one."""


class Context(Protocol):
    """What Lambda gives a handler beside the event (Lambda Developer Guide: context object)."""

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds that are left until the function times out."""


def logged(
    correlation: str,
) -> Callable[[Callable[[Event, C], R]], Callable[[Event, C], R]]:
    """Make every line that the package logs name the run of the handler: `@logged(SQS)`.

    Correlation is a JMESPath expression: where in the event the id of what woke the function is.
    A line has it as correlation_id, beside function_request_id, cold_start and what else Powertools
    adds. Outside of Lambda the handler stays as it is: functions share a process there, and
    Powertools knows of one run at a time.
    """

    def decorated(handler: Callable[[Event, C], R]) -> Callable[[Event, C], R]:
        if not in_lambda():
            return handler
        # No request pays for this import: it is done where somebody asks for it (decision 13).
        from aws_lambda_powertools import Logger  # noqa: PLC0415

        # Of the package's name, so that its modules' own loggers are children of this one. The time
        # is as Lambda reads it out of a JSON line (Lambda Developer Guide: JSON log format).
        logger = Logger(service="circulation", utc=True, use_rfc3339=True)
        return logger.inject_lambda_context(handler, correlation_id_path=correlation)

    return decorated
