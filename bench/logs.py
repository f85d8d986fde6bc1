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
TARGET = 20

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
Target: circulation ≤ {TARGET} bytes per view. {VIEWS:,} counted views; standard output and error of
the container, with the template's logging configuration.
"""


def measure() -> str:
    """Count what the product and the typical handler write for the same views."""
    with stand_in() as dynamodb:
        ours, typical = (
            log_bytes(container, dynamodb) / VIEWS
            for container in (deployment.product(), deployment.typical())
        )
    platform = len(PLATFORM_LINES.encode())
    rows = [
        ("the function", f"{ours:.1f}", f"{typical:.0f}"),
        ("Lambda (START, END, REPORT)", 0 if drops_platform_lines() else platform, platform),
        ("together", f"{ours + (not drops_platform_lines()) * platform:.1f}",
         f"{typical + platform:.0f}"),
    ]  # fmt: skip
    access = access_line_bytes()
    access_sentence = (
        f"The API writes an access line of {access} bytes as well, for every request of the stage; "
        "the typical stack has none."
        if access
        else "The API writes no access log."
    )
    head = ("who writes", "circulation", "typical")
    target = f"The function's target is {verdict(ours, TARGET)}."
    return f"{ABOUT}\n{table(head, rows)}\n{target} {access_sentence}"


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


def access_line_bytes() -> int:
    """Give the length of the API's access line for a view, 0 where the template has none."""
    (api,) = deployment.template().resources("AWS::Serverless::HttpApi").values()
    line: str = api.get("AccessLogSettings", {}).get("Format", "")
    for name, value in _ACCESS.items():
        line = line.replace(name, value)
    return len(f"{line}\n".encode()) if line else 0
