import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from circulation_cli.local_stack.queues import URL, Queues
from circulation_cli.local_stack.state import State


@pytest.fixture
def sqs(state: State) -> Any:
    """An SQS client as the functions make it, whose requests the queues answer."""
    session = botocore.session.Session()
    Queues(state).answer(session)
    return session.create_client(
        "sqs",
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def bodies(state: State, queue: str) -> list[str]:
    return [message.body for message in Queues(state).waiting(queue)]


def test_what_botocore_sends_waits_in_its_queue_and_in_no_other(state: State, sqs: Any) -> None:
    first = sqs.send_message(QueueUrl=f"{URL}SealQueue", MessageBody="Şəhər 1")
    sqs.send_message(QueueUrl=f"{URL}PingQueue", MessageBody="ping")
    second = sqs.send_message(QueueUrl=f"{URL}SealQueue", MessageBody="2")
    assert bodies(state, "SealQueue") == ["Şəhər 1", "2"]
    assert bodies(state, "PingQueue") == ["ping"]
    assert first["MessageId"] != second["MessageId"]


def test_a_batch_is_sent_in_its_order(state: State, sqs: Any) -> None:
    entries = [{"Id": f"{number}", "MessageBody": json.dumps(number)} for number in range(10)]
    answer = sqs.send_message_batch(QueueUrl=f"{URL}PingQueue", Entries=entries)
    assert [sent["Id"] for sent in answer["Successful"]] == [entry["Id"] for entry in entries]
    assert bodies(state, "PingQueue") == [f"{number}" for number in range(10)]


def test_messages_survive_the_process(tmp_path: Path) -> None:
    for number in range(3):
        state = State(tmp_path)
        Queues(state).send("SealQueue", f"{number}")
        state.close()
    state = State(tmp_path)
    assert bodies(state, "SealQueue") == ["0", "1", "2"]
    state.close()


def test_a_message_whose_function_fails_ends_among_the_dead_letters(state: State) -> None:
    queues = Queues(state)
    queues.send("SealQueue", "portion")
    for attempt in range(5):
        (message,) = queues.waiting("SealQueue")
        assert message.failures == attempt
        queues.record_failure(message, attempts=5, dead_letters="SealDeadLetterQueue")
    assert bodies(state, "SealQueue") == []
    assert bodies(state, "SealDeadLetterQueue") == ["portion"]


def test_a_message_that_is_done_is_forgotten_and_its_neighbours_stay(state: State) -> None:
    queues = Queues(state)
    for body in ("a", "b", "c"):
        queues.send("SealQueue", body)
    _, done, _ = queues.waiting("SealQueue")
    queues.delete(done)
    assert bodies(state, "SealQueue") == ["a", "c"]


def test_a_message_with_a_delay_waits_for_it_also_over_a_restart(state: State) -> None:
    now = 1_000.0
    queues = Queues(state, lambda: now)
    queues.send("DigestQueue", "later", delay=900)
    queues.send("DigestQueue", "now")
    assert [message.body for message in queues.waiting("DigestQueue")] == ["now"]
    now += 899
    assert [message.body for message in queues.waiting("DigestQueue")] == ["now"]
    now += 1
    again = Queues(state, lambda: now)
    assert [message.body for message in again.waiting("DigestQueue")] == ["later", "now"]
    for message in again.waiting("DigestQueue"):
        again.delete(message)
    assert again.waiting("DigestQueue") == []
