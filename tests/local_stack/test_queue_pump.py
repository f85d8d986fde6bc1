from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from circulation_cli.local_stack import queue_pump
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.queue_pump import RETRY_SECONDS, QueuePump
from circulation_cli.local_stack.queues import Queues
from circulation_cli.local_stack.state import State
from circulation_cli.local_stack.template import Template
from tests.local_stack.machine import Time


class Worked:
    """The functions of all queues: what they were handed, and what they cannot do."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.impossible: set[str] = set()

    def __call__(self, event: Mapping[str, Any], _: object) -> None:
        (record,) = event["Records"]
        self.bodies.append(record["body"])
        if record["body"] in self.impossible:
            raise RuntimeError


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(queue_pump, "time", time)
    return time


@pytest.fixture
def queues(tmp_path: Path) -> Iterator[Queues]:
    state = State(tmp_path)
    yield Queues(state)
    state.close()


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    worked = Worked()
    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, worked))
    return worked


@pytest.fixture
def pump(template: Template, queues: Queues, worked: Worked, time: Time) -> QueuePump:
    assert not worked.bodies
    assert not time.seconds
    return QueuePump(template, queues, died=pytest.fail)


def rounds(pump: QueuePump, number: int = 1) -> None:
    for _ in range(number):
        pump.run_round()


def test_a_message_is_handed_over_once_and_is_gone(
    pump: QueuePump, queues: Queues, worked: Worked
) -> None:
    for body in ("1", "2"):
        queues.send("SealQueue", body)
    rounds(pump, 3)
    assert worked.bodies == ["1", "2"]
    assert not queues.waiting("SealQueue")


def test_what_a_function_leaves_for_later_is_handed_over_in_the_next_round(
    template: Template, queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SealArticles queues its own job again when its time is short."""
    bodies: list[str] = []

    def leave(event: Mapping[str, Any], _: object) -> None:
        (record,) = event["Records"]
        bodies.append(record["body"])
        if len(bodies) < 3:
            queues.send("SealQueue", record["body"])

    monkeypatch.setattr(Template, "function", lambda _, name: Function(name, leave))
    pump = QueuePump(template, queues, died=pytest.fail)
    queues.send("SealQueue", "part")
    for number in (1, 2, 3, 3):
        rounds(pump)
        assert bodies == ["part"] * number


def test_a_message_that_fails_comes_again_later_and_keeps_nobody_waiting(
    pump: QueuePump, queues: Queues, worked: Worked, time: Time
) -> None:
    worked.impossible = {"1"}
    for body in ("1", "2"):
        queues.send("SealQueue", body)
    rounds(pump, 3)
    assert worked.bodies == ["1", "2"]
    time.seconds += RETRY_SECONDS
    worked.impossible.clear()
    rounds(pump, 3)
    assert worked.bodies == ["1", "2", "1"]
    assert not queues.waiting("SealQueue")


def test_what_cannot_be_done_is_put_aside_after_as_many_attempts_as_the_template_says(
    template: Template, pump: QueuePump, queues: Queues, worked: Worked, time: Time
) -> None:
    policy = template.resources("AWS::SQS::Queue")["SealQueue"]["RedrivePolicy"]
    worked.impossible = {"1"}
    queues.send("SealQueue", "1")
    for _ in range(policy["maxReceiveCount"] + 3):
        rounds(pump)
        time.seconds += 86_400  # after sleep
    assert worked.bodies == ["1"] * policy["maxReceiveCount"]
    dead_letters = policy["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert [message.body for message in queues.waiting(dead_letters)] == ["1"]
