"""The schedules: what EventBridge does with a function's cron expressions."""

import re
import threading
from contextlib import suppress
from datetime import UTC, datetime

from cronsim import CronSim

from cli.local_stack.function import Function, FunctionFailed
from cli.local_stack.template import Template


class Schedules:
    """Wakes functions by the clock, and once at the start for what was missed before."""

    def __init__(self, template: Template) -> None:
        self._due: list[tuple[str, Function]] = [
            (cron_of(event["Schedule"]), template.function(function))
            for function, event in template.events("Schedule")
        ]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedules")

    def start(self) -> None:
        """Fire each function once, then by its schedules."""
        for function in dict.fromkeys(function for _, function in self._due):
            _fire(function, datetime.now(UTC))
        self._thread.start()

    def stop(self) -> None:
        """End; a function that is running is waited for."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        now = datetime.now(UTC)
        while not self._stopping.is_set():
            following = [(next(CronSim(cron, now)), function) for cron, function in self._due]
            now = min(at for at, _ in following)
            if not self._stopping.wait(max(0.0, (now - datetime.now(UTC)).total_seconds())):
                for function in (function for at, function in following if at == now):
                    _fire(function, now)


def cron_of(schedule: str) -> str:
    """Turn EventBridge's cron(minutes hours days months weekdays years) into five cron fields.

    Raises ValueError for what has no equal: another kind of schedule, years, numbered weekdays.
    """
    told = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) ([^\s0-9]+) \*\)", schedule)
    if not told:
        raise ValueError(f"the local stack knows no schedule like {schedule}")
    return " ".join(told.groups()).replace("?", "*")


def _fire(function: Function, at: datetime) -> None:
    with suppress(FunctionFailed):  # as EventBridge, the schedule goes on; the log has the reason
        function.invoke({"source": "aws.events", "time": at.isoformat(timespec="seconds")})
