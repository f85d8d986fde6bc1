"""Threads that take turns: one runs at a time, and at any call another may go on, as dice say."""

import random
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Self
from unittest import mock

WORKERS = 4
"""Threads of one batch."""
PASSING = 0.3
"""The chance at a call that another thread has its turn."""


class Crashed(BaseException):
    """The process ends between two calls: nothing of its code runs any more."""


class Turns:
    """Stands in for the threads of circulation.aws.parallel, so that a seed is a world."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._thread = threading.local()

    def in_place(self) -> AbstractContextManager[object]:
        """Have whatever is done in parallel use these threads, also if it is little."""
        return mock.patch.multiple(
            "circulation.aws.parallel", thread_pool=self._pool, WORKERS=WORKERS, FEW=1
        )

    def _pool(self, _workers: int) -> "_Pool":
        return _Pool(self._dice, self._thread)

    def pass_on(self) -> None:
        """At a call: let another thread of the same batch go on meanwhile, perhaps."""
        task = getattr(self._thread, "task", None)
        if task and self._dice.random() < PASSING:
            task.pause()


class _Pool:
    """Begins its tasks when all are submitted.

    As in a true pool, all of them end before an error of one of them is raised. A crash ends all,
    whatever other errors there are.
    """

    def __init__(self, dice: random.Random, thread: threading.local) -> None:
        self._dice = dice
        self._thread = thread
        self._left: list[_Task] = []

    def __enter__(self) -> Self:
        return self

    def submit(self, act: Callable[[], object]) -> "_Task":
        task = _Task(act, self._thread)
        self._left.append(task)
        return task

    def __exit__(self, *_error: object) -> None:
        while self._left:
            task = self._dice.choice(self._left)
            task.go_on()
            if task.crashed:
                for other in self._left:
                    other.crash()
                raise Crashed
            if task.is_over:
                self._left.remove(task)


class _Task:
    """One call on its own thread, which runs only between go_on and pause."""

    def __init__(self, act: Callable[[], object], thread: threading.local) -> None:
        self._result: Any = None
        self._error: BaseException | None = None
        self.is_over = False
        self._act = act
        self._here = thread
        self._goes, self._pauses = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self._crashed = False

    def result(self) -> Any:
        """Give what it came to, or raise its error."""
        if self._error:
            raise self._error
        return self._result

    @property
    def crashed(self) -> bool:
        """Whether the process ended in it."""
        return isinstance(self._error, Crashed)

    def go_on(self) -> None:
        """Let it run until it pauses or ends."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._goes.release()
        self._pauses.acquire()

    def pause(self) -> None:
        """From within: wait for the next turn. Raises Crashed if the process ended meanwhile."""
        self._pauses.release()
        self._goes.acquire()
        if self._crashed:
            raise Crashed

    def crash(self) -> None:
        """End it where it stands."""
        self._crashed = True
        if self._thread and not self.is_over:
            self.go_on()

    def _run(self) -> None:
        self._goes.acquire()
        self._here.task = self
        try:
            self._result = self._act()
        except BaseException as error:  # noqa: BLE001  whoever waits for it raises it
            self._error = error
        self.is_over = True
        self._pauses.release()
