"""What a function logs that nobody waits for: one JSON line, which names the run."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation_cli.local_stack.template import Template
from tests.builders import record, stream_event

SCHEDULED = {"id": "event-1", "time": "2026-03-14T15:18:00Z"}
QUEUED = {
    "Records": [
        {"messageId": f"message-{number}", "body": '{"feeds": [], "day": "", "articles": []}'}
        for number in (1, 2)
    ]
}
RECORDS = stream_event(*({**record(number), "eventID": f"record-{number}"} for number in (1, 2)))
EVENTS: dict[str, tuple[Mapping[str, Any], str]] = {
    "Schedule": (SCHEDULED, "event-1"),
    "SQS": (QUEUED, "message-1 message-2"),
    "DynamoDB": (RECORDS, "record-1"),
}
"""What wakes functions, and the id by which a run is found."""

RUN = """
import json, logging, sys
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace

root = logging.StreamHandler(sys.stderr)  # as Lambda's runtime has one before it loads a function
logging.getLogger().addHandler(root)
function = import_module("functions." + sys.argv[1])

def log_and_fail():
    logging.getLogger("circulation.any.module").warning("not %s", "taken")
    raise LookupError("as the test wants it")

function.container = log_and_fail
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="run-1"
)
for _ in range(2):
    with suppress(LookupError):
        function.handler(json.loads(sys.argv[2]), context)
"""


def woken(template: Template) -> dict[str, str]:
    """The kind of event that wakes each function that answers no request, by its module."""
    return {
        function["Handler"].partition(".")[0]: event["Type"]
        for function in template.functions().values()
        for event in function.get("Events", {}).values()
        if event["Type"] != "HttpApi"
    }


def lines(module: str, event: Mapping[str, Any], **environment: str) -> tuple[list[str], list[str]]:
    """Run a function that logs and fails, twice; give the lines of its log and of the runtime's."""
    run = subprocess.run(
        [sys.executable, "-c", RUN, module, json.dumps(event)],
        env=os.environ
        | {"AWS_DEFAULT_REGION": "eu-central-1", "STACK_NAME": "s", "DIRECT_ENDPOINT": ""}
        | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout.splitlines(), run.stderr.splitlines()


MODULES = woken(Template.load({}))


def test_there_are_functions_that_nobody_waits_for() -> None:
    assert set(MODULES.values()) == set(EVENTS)
    assert len(MODULES) == 7


@pytest.mark.parametrize("module", MODULES)
def test_a_line_is_json_once_and_names_the_run(module: str) -> None:
    event, correlation = EVENTS[MODULES[module]]
    log, runtimes = lines(module, event, AWS_LAMBDA_FUNCTION_NAME="f")
    assert not runtimes, "a line is written once"
    first, second = map(json.loads, log)
    assert (first["cold_start"], second["cold_start"]) == (True, False)
    for line in (first, second):
        assert line["message"] == "not taken"
        assert line["level"] == "WARNING"
        assert line["correlation_id"] == correlation
        assert line["function_request_id"] == "run-1"
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)


def test_a_window_that_ends_without_a_record_has_a_run_all_the_same() -> None:
    log, _ = lines("tally_views", stream_event(), AWS_LAMBDA_FUNCTION_NAME="f")
    assert "correlation_id" not in json.loads(log[0])


def test_outside_of_lambda_logging_is_the_processs_own() -> None:
    log, runtimes = lines("seal_day", SCHEDULED)
    assert not log
    assert runtimes == ["not taken"] * 2
