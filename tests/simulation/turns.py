"""Threads that take turns: one runs at a time, and at any call another may go on, as dice say."""

import random
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, TypeVar
from unittest import mock

WORKERS = 4
"""Threads of one batch."""
PASSING = 0.3
"""The chance at a call that another thread has its turn."""

T = TypeVar("T")
R = TypeVar("R")


class Crashed(BaseException):
    """The process ends between two calls: nothing of its code runs any more."""


class Turns:
    """Stands in for circulation.aws.parallel, so that a seed is a world."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._thread = threading.local()

    def for_each(self, items: Iterable[T], act: Callable[[T], R]) -> list[R]:
        """Call act with every item, a few at a time, and give the results in the items' order.

        As there, all calls end before an error of one of them is raised; but a crash ends all.
        """
        tasks = [_Task(lambda item=item: act(item), self._thread) for item in items]  # type: ignore[misc]
        left = list(tasks)
        while left:
            task = self._dice.choice(left[:WORKERS])
            task.go_on()
            if isinstance(task.error, Crashed):
                for other in left:
                    other.crash()
                break
            if task.is_over:
                left.remove(task)
        for task in tasks:
            if task.error:
                raise task.error
        return [task.result for task in tasks]

    def in_place(self) -> AbstractContextManager[object]:
        """Have the tally use these threads, so that a seed is a world."""
        return mock.patch("circulation.counting.tallying.for_each", self.for_each)

    def pass_on(self) -> None:
        """At a call: let another thread of the same batch go on meanwhile, perhaps."""
        task = getattr(self._thread, "task", None)
        if task and self._dice.random() < PASSING:
            task.pause()


class _Task:
    """One call on its own thread, which runs only between go_on and pause."""

    def __init__(self, act: Callable[[], object], thread: threading.local) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self.is_over = False
        self._act = act
        self._here = thread
        self._goes, self._pauses = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self._crashed = False

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
            self.result = self._act()
        except BaseException as error:  # noqa: BLE001  whoever waits for it raises it
            self.error = error
        self.is_over = True
        self._pauses.release()
