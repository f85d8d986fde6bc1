"""Metrics: what a function counted, for CloudWatch, in one line of embedded metric format (EMF).

Each metric stands in one namespace under two dimensions: `stack`, so that the alarms of one site
know nothing of another's in the same account, and `service`, the function's name in template.yaml.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from circulation import settings

NAMESPACE = "Circulation"
REQUESTS_REFUSED = "RequestsRefused"
"""Requests that were well-formed and answered 5xx, such as views that no table took."""

Event = Mapping[str, Any]
C = TypeVar("C")
R = TypeVar("R")


def emit(service: str, counts: Mapping[str, int]) -> None:
    """Write a function's counts by name of metric to standard output, from where Lambda logs them.

    A count of 0 is left out: a custom metric is paid for by the hours in which it has data.
    """
    counts = {name: count for name, count in counts.items() if count}
    if not counts:
        return
    # Importing this takes 40 ms and more, and what serves requests hardly ever comes here.
    from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # noqa: PLC0415

    # One object for each line: those that are shared keep their values while metrics are disabled.
    metrics = EphemeralMetrics(namespace=NAMESPACE, service=service)
    metrics.add_dimension("stack", settings.stack_name())
    for name, count in counts.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    metrics.flush_metrics()


def measured(
    service: str,
) -> Callable[[Callable[[Event, C, Counter[str]], R]], Callable[[Event, C], R]]:
    """Make a Lambda handler of a function that counts: `@measured("SealDay")`.

    The function gets a Counter of metrics after the event and the context. What it has counted is
    emitted when it ends, also with an error: what was done before that is done, and not counted
    again.
    """

    def decorated(function: Callable[[Event, C, Counter[str]], R]) -> Callable[[Event, C], R]:
        @wraps(function)
        def handler(event: Event, context: C) -> R:
            counts: Counter[str] = Counter()
            try:
                return function(event, context, counts)
            finally:
                emit(service, counts)

        return handler

    return decorated
