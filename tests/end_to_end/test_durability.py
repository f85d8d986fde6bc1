import os
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import httpx
import pytest

from circulation_cli.local_stack.dynoxide import DATABASE
from circulation_cli.local_stack.state import FILE, FORMAT, State
from tests.end_to_end.stack import START_SECONDS, Stack, command, wait_for

VIEWERS = 500


def view_until_answered(stack: Stack, viewer: int, answered: threading.Semaphore) -> bool:
    """View as one of many addresses, trying again with the same nonce as the widget would."""
    address = f"127.0.{viewer // 250 + 1}.{viewer % 250 + 1}"
    deadline = time.monotonic() + 3 * START_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = stack.view("night-bus", address, nonce=f"viewer-{viewer}")
        except (OSError, HTTPException):
            continue  # the stack is down
        answered.release()
        return answer.status_code == 200 and bool(answer.json()["counted"])
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_answered_view_is_lost_or_doubled_when_the_stack_stops_and_starts(
    own_stack: Stack, number: signal.Signals
) -> None:
    before = own_stack.views("night-bus")
    answered = threading.Semaphore(0)
    with ThreadPoolExecutor(16) as pool:
        views = [
            pool.submit(view_until_answered, own_stack, viewer, answered)
            for viewer in range(VIEWERS)
        ]
        for _ in range(VIEWERS // 3):
            answered.acquire()
        code = own_stack.stop(number)
        own_stack.start()
    assert all(each.result() for each in views)
    assert code == (-number if number is signal.SIGKILL else 0)
    wait_for(lambda: own_stack.views("night-bus"), before + VIEWERS)
    own_stack.stop()
    own_stack.start()
    assert own_stack.views("night-bus") == before + VIEWERS


def refused(*arguments: str) -> str:
    """Run the command, which must refuse with exit code 2, and give what it says."""
    run = subprocess.run(
        [*command(), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.returncode, run.stdout) == (2, "")
    return run.stderr


def test_a_taken_port_is_one_line_and_exit_code_2(stack: Stack, tmp_path: Path) -> None:
    told = refused("--port", str(stack.port), "--state", str(tmp_path))
    assert told.count("\n") == 1
    assert str(stack.port) in told


def test_a_state_in_use_is_one_line_and_exit_code_2(stack: Stack) -> None:
    told = refused("--port", "0", "--state", str(stack.state))
    assert told.count("\n") == 1
    assert str(stack.state) in told


def test_a_state_that_cannot_be_made_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = refused("--port", "0", "--state", str(tmp_path / "file" / "state"))
    assert told.count("\n") == 1


def test_an_engine_that_ends_stops_the_stack_with_a_line_and_exit_code_2(
    own_stack: Stack,
) -> None:
    (engine,) = own_stack.children()
    os.kill(engine, signal.SIGKILL)
    assert own_stack.wait() == 2
    assert "dynoxide has ended" in own_stack.log.read_text().splitlines()[-1]


def test_a_damaged_state_is_refused_and_left_as_it_is(own_stack: Stack) -> None:
    own_stack.stop()
    file = own_stack.state / DATABASE
    whole = file.read_bytes()
    damaged = bytes(100) + whole[100:]
    file.write_bytes(damaged)
    told = refused("--port", "0", "--state", str(own_stack.state))
    assert told.count("\n") == 1
    assert str(file) in told
    assert file.read_bytes() == damaged
    file.write_bytes(whole)
    own_stack.start()
    assert own_stack.views("night-bus") >= 0


def test_a_state_of_an_earlier_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    file = tmp_path / "tables" / "dynamodb.json"
    file.write_text("{}")
    told = refused("--port", "0", "--state", str(tmp_path))
    assert told.count("\n") == 1
    assert "circulation export" in told
    assert "circulation import" in told
    assert sorted(each.name for each in tmp_path.iterdir()) == ["lock", "tables"]
    assert file.read_text() == "{}"


def test_a_state_whose_counters_hold_open_days_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.note("format", "2")
    state.close()
    before = (tmp_path / FILE).read_bytes()
    told = refused("--port", "0", "--state", str(tmp_path))
    assert told.count("\n") == 1
    assert f"{tmp_path} is of format 2, not {FORMAT}: run what made it, `circulation export" in told
    made_by_looking = {"lock", f"{FILE}-shm", f"{FILE}-wal"}
    assert {file.name for file in tmp_path.iterdir()} - made_by_looking == {FILE}
    assert (tmp_path / FILE).read_bytes() == before


def test_a_state_of_another_format_or_engine_is_refused_and_left_as_it_is(
    own_stack: Stack,
) -> None:
    own_stack.stop()
    place = ("--port", "0", "--state", str(own_stack.state))
    assert "kept by dynoxide, not by ministack" in refused(*place, "--engine", "ministack")
    state = State(own_stack.state)
    state.note("format", "1000")
    assert "of format 1000, not" in refused(*place)
    state.note("format", str(FORMAT))
    state.close()
    own_stack.start()
    assert own_stack.views("night-bus") >= 0


def test_a_url_that_is_none_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    told = refused("--port", "0", "--state", str(tmp_path), "--url", "count.example/x")
    assert told.count("\n") == 1


def test_the_demo_is_loaded_until_it_was_loaded_whole_and_then_never_again(
    own_stack: Stack,
) -> None:
    url = f"{own_stack.url}/articles/night-bus"
    httpx.delete(url, headers={"authorization": "Bearer t0ken"})
    own_stack.stop()
    own_stack.start()
    assert httpx.get(url).status_code == 410
    own_stack.stop()
    state = State(own_stack.state)
    state.note("demo", "")  # as where the first start was cut off
    state.close()
    own_stack.start()
    assert httpx.get(url).status_code == 200
