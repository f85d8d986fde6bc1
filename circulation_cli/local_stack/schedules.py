"""The schedules: invoke functions by their cron expressions, as EventBridge does."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from circulation_cli.local_stack.clock import Clock
from circulation_cli.local_stack.function import Function, FunctionFailed
from circulation_cli.local_stack.template import Template
from circulation_cli.local_stack.workers import Worker

POLL_SECONDS = 1.0
FINAL = frozenset({"RotateSalts", "SealDay"})
"""Functions whose work cannot be undone: they wait until the clock is steady."""


class Schedules:
    """Invokes functions when they are due, and all of them once at the start.

    If the machine slept or its clock was set forward, a function that was due several times is
    invoked once, with the current time.
    """

    def __init__(self, template: Template, clock: Clock, *, died: Callable[[str], None]) -> None:
        self._crons: dict[str, list[tuple[str, ZoneInfo | None]]] = {}
        for name, event in template.active_events("Schedule"):
            self._crons.setdefault(name, []).append((cron_of(event["Schedule"]), None))
        for name, event in template.active_events("ScheduleV2"):
            cron = cron_of(template.resolve(event["ScheduleExpression"]))
            zone = ZoneInfo(template.resolve(event["ScheduleExpressionTimezone"]))
            self._crons.setdefault(name, []).append((cron, zone))
        self._functions = {name: template.function(name) for name in self._crons}
        self._clock = clock
        self._due = dict.fromkeys(self._crons, clock.now())
        self._last = clock.now()
        self.worker = Worker("scheduler", self.run_round, died=died)

    def run_round(self) -> float:
        """Invoke the functions that are due; give the seconds until the next round."""
        now = self._clock.now()
        is_steady = self._clock.is_steady()
        if now < self._last:  # the clock was set back, so the planned times are too late
            self._due = {name: self._following(name, now) for name in self._crons}
        self._last = now
        for name, due in self._due.items():
            if self.worker.is_stopping:
                break
            if due <= now and (is_steady or name not in FINAL):
                fire(self._functions[name], now)
                self._due[name] = self._following(name, now)
        return POLL_SECONDS

    def _following(self, name: str, now: datetime) -> datetime:
        return min(following(cron, zone, now) for cron, zone in self._crons[name])


def following(cron: str, zone: ZoneInfo | None, now: datetime) -> datetime:
    """Give the next time of a cron expression in a zone; None is the clock's own.

    An hour that the zone leaves out comes at the next one, and one that comes twice may come once
    or twice: functions are invoked for either (EventBridge Scheduler: Time zones).
    """
    if zone is None:
        return next(CronSim(cron, now))
    return next(CronSim(cron, now.astimezone(zone))).astimezone(now.tzinfo)


def cron_of(schedule: str) -> str:
    """Turn EventBridge's cron(minutes hours days months weekdays years) into five cron fields.

    Raises ValueError for schedules without an equivalent: other kinds, years, numbered weekdays.
    """
    fields = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) ([^\s0-9]+) \*\)", schedule)
    if not fields:
        raise ValueError(f"the local stack knows no schedule like {schedule}")
    return " ".join(fields.groups()).replace("?", "*")


def fire(function: Function, now: datetime) -> None:
    """Invoke a function with the event of its schedule; an error of it is in the log."""
    with suppress(FunctionFailed):  # the schedule goes on, as in EventBridge; the log has the error
        function.invoke({"source": "aws.events", "time": now.isoformat(timespec="seconds")})
