"""Log bytes per successful view: what reaches CloudWatch, and is paid for, while nothing fails."""

import json
import os
import tempfile
from itertools import islice

from bench import deployment
from bench.container import container
from bench.deployment import Deployment
from bench.dynamodb_stand_in import stand_in
from bench.events import article_ids, views
from bench.results import table, verdict

VIEWS = 1_000
TARGET = 0

_ID = "8286a188-ba32-4475-8077-530cd35c09a9"
PLATFORM_LINES = (
    f"START RequestId: {_ID} Version: $LATEST\n"
    f"END RequestId: {_ID}\n"
    f"REPORT RequestId: {_ID}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 512 MB\t"
    "Max Memory Used: 98 MB\t\n"
)
"""What Lambda adds to each invocation in the text format; in the JSON format these lines are of
level INFO, and SystemLogLevel WARN drops them (Developer Guide: Configuring advanced logging
controls, System log level event mapping)."""

_ACCESS = {
    "$context.requestTime": "23/Nov/2026:12:00:00 +0000",
    "$context.routeKey": "POST /articles/{id}/views",
    "$context.status": "200",
    "$context.responseLatency": "14",
    "$context.requestId": "JKJaXmPLvHcESHA=",
    "$context.integrationErrorMessage": "-",
}


ABOUT = f"""\
Target: circulation writes {TARGET} bytes for a successful view. {VIEWS:,} counted views; standard
output and error of the container, with the template's logging configuration and defaults.
"""


def measure() -> str:
    """Count what the product and the typical handler write for the same views."""
    with stand_in() as dynamodb:
        ours, typical = (
            log_bytes(container, dynamodb) / VIEWS
            for container in (deployment.product(), deployment.typical())
        )
    platform = len(PLATFORM_LINES.encode())
    together = ours + (not drops_platform_lines()) * platform
    access = access_line_bytes()
    by_default = access if writes_access_log() else 0
    rows = [
        ("the function", f"{ours:.1f}", f"{typical:.0f}"),
        ("Lambda (START, END, REPORT)", 0 if drops_platform_lines() else platform, platform),
        ("together", f"{together:.1f}", f"{typical + platform:.0f}"),
        ("together, with the API", f"{together + by_default:.1f}", f"{typical + platform:.0f}"),
    ]  # fmt: skip
    head = ("who writes", "circulation", "typical")
    return (
        f"{ABOUT}\n{table(head, rows)}\nThe target is {verdict(together + by_default, TARGET)}. "
        f"With AccessLog the API writes {access} bytes for every request of the stage as well; the "
        "typical stack has no access log."
    )


def log_bytes(deployed: Deployment, dynamodb: str) -> int:
    """Count the bytes that a container writes while it answers the views, its start left out."""
    with tempfile.TemporaryFile() as log:
        events = views(article_ids(50))
        with container(deployed, dynamodb, log=log) as started:
            started.invoke(next(events))
            before = os.fstat(log.fileno()).st_size
            for event in islice(events, VIEWS):
                answer = started.invoke(event)
                answered = json.loads(answer["body"])
                assert answered.get("counted", True), answered  # noqa: S101  only these are asked about
            return os.fstat(log.fileno()).st_size - before


def drops_platform_lines() -> bool:
    """Tell whether the template keeps Lambda's own lines out of the log."""
    logging = deployment.template().document["Globals"]["Function"]["LoggingConfig"]
    return bool(logging["LogFormat"] == "JSON" and logging["SystemLogLevel"] == "WARN")


def writes_access_log() -> bool:
    """Tell whether the API logs its requests unless asked for."""
    template = deployment.template()
    return template.holds(template.http_api()["AccessLogSettings"]["Fn::If"][0])


def access_line_bytes() -> int:
    """Give the length of the API's access line for a view, where it has an access log."""
    _, settings, _ = deployment.template().http_api()["AccessLogSettings"]["Fn::If"]
    line: str = settings["Format"]
    for name, value in _ACCESS.items():
        line = line.replace(name, value)
    return len(f"{line}\n".encode())
