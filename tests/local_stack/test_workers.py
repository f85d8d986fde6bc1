import asyncio
import os
import signal
import threading
from typing import Any

import pytest

from circulation_cli.local_stack.guard import Guard, Policy
from circulation_cli.local_stack.workers import Supervisor, Worker


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The signals that would have been sent."""
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *signal_: sent.append(signal_))
    return sent


def asked(supervisor: Supervisor, path: str = "/health") -> tuple[int, bytes]:
    """Ask a guarded application that answers nothing but 204."""
    messages: list[Any] = []

    async def application(_scope: object, _receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    guard = Guard(application, Policy("http://127.0.0.1:8080"), supervisor)
    scope = {"method": "GET", "path": path, "headers": [(b"host", b"127.0.0.1:8080")]}
    asyncio.run(guard(scope, receive, send))
    return messages[0]["status"], messages[1]["body"]


@pytest.mark.parametrize(
    "error", [RuntimeError("no disk"), SystemExit("no disk"), MemoryError("no disk")]
)
def test_a_worker_that_dies_is_seen_by_health_and_ends_the_process_in_order(
    error: BaseException, signals: list[tuple[int, int]]
) -> None:
    supervisor, died = Supervisor(), threading.Event()
    assert asked(supervisor) == (204, b"")
    rounds = iter([0.0, 0.0])

    def work() -> float:
        for seconds in rounds:
            return seconds
        raise error

    def notice(reason: str) -> None:
        supervisor.died(reason)
        died.set()

    worker = Worker("tally", work, died=notice)
    worker.start()
    assert died.wait(30)
    worker.stop()
    assert signals == [(os.getpid(), signal.SIGTERM)]
    status, body = asked(supervisor)
    assert status == 503
    assert f"the tally has ended: {type(error).__name__}: no disk".encode() in body


def test_the_reason_is_told_and_the_first_one_stays(signals: list[tuple[int, int]]) -> None:
    supervisor = Supervisor()
    supervisor.died("the tally has ended: no disk")
    supervisor.died("the scheduler has ended")
    assert signals == [(os.getpid(), signal.SIGTERM)] * 2
    for path in ("/health", "/articles/x/views"):
        status, body = asked(supervisor, path)
        assert status == 503
        assert b"the tally has ended: no disk" in body


def test_a_worker_goes_on_until_it_is_stopped() -> None:
    third = threading.Event()
    rounds: list[int] = []

    def work() -> float:
        rounds.append(1)
        if len(rounds) == 3:
            third.set()
        return 0.0

    worker = Worker("tally", work, died=pytest.fail)
    worker.start()
    assert third.wait(30)
    assert not worker.is_stopping
    worker.stop()
    done = len(rounds)
    assert worker.is_stopping
    assert len(rounds) == done


def test_a_worker_that_is_stopped_before_it_starts_does_nothing() -> None:
    rounds: list[int] = []

    def work() -> float:
        rounds.append(1)
        return 0.0

    worker = Worker("tally", work, died=pytest.fail)
    worker.stop()
    worker.start()
    worker.stop()
    assert rounds == []
