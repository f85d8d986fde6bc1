"""A Lambda container for one function, run by python3.13 over unpacked packages and nothing else.

It reads one event a line and answers each with one line, {"answer": …} or {"error": …}; the first
line says which files were loaded. What a function prints goes to stderr, as it would to its log.
Nothing in it reaches another machine: whatever tries to is an error.
"""

import importlib
import json
import os
import sys
import traceback
from types import SimpleNamespace

THIS_MACHINE = {"127.0.0.1", "localhost"}


def stay_here(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse to look up the address of another machine, as every connection begins."""
    if event == "socket.getaddrinfo":
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        if host not in THIS_MACHINE:
            raise AssertionError(f"{host} is not this machine")


def main(handler: str) -> None:
    """Load module.function and answer events until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    module, _, name = handler.partition(".")
    function = getattr(importlib.import_module(module), name)
    files = [getattr(loaded, "__file__", None) for loaded in sys.modules.values()]
    print(json.dumps([file for file in files if file]), file=answers, flush=True)
    context = SimpleNamespace(
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        memory_limit_in_mb=512,
        invoked_function_arn="",
        aws_request_id="",
        get_remaining_time_in_millis=lambda: 300_000,
    )
    for line in sys.stdin:
        try:
            result = {"answer": function(json.loads(line), context)}
        except Exception:  # noqa: BLE001  whatever a function raises, as Lambda does
            result = {"error": traceback.format_exc()}
        print(json.dumps(result), file=answers, flush=True)


sys.addaudithook(stay_here)
main(sys.argv[1])
