"""The publisher's token of a local stack, from its first start to its last."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.builders import submitted
from tests.end_to_end.stack import STOP_SECONDS, Stack

CLIENT = {"CIRCULATION_URL": "https://count.example", "CIRCULATION_TOKEN": "exported"}
"""What a publisher exports for the stack on AWS."""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    for name, value in CLIENT.items():
        monkeypatch.setenv(name, value)
    stack = Stack(tmp_path / "state")
    yield stack
    stack.stop()


def printed(stack: Stack) -> str:
    """Start and stop a stack; give what it prints of its token."""
    stack.start()
    stack.stop()
    return line(stack)


def line(stack: Stack) -> str:
    (told,) = re.findall(r"^  token +(.+)$", stack.log.read_text(), flags=re.MULTILINE)
    return str(told)


def status(stack: Stack, token: str) -> int:
    bearer = {"authorization": f"Bearer {token}"}
    return httpx.get(f"{stack.url}/articles/x/statistics", headers=bearer).status_code


def circulation(stack: Stack, *arguments: str) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "circulation_cli", *arguments, "--state", str(stack.state)],
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS,
        check=True,
    )
    return told.stdout.strip()


def test_it_is_random_printed_kept_for_its_owner_and_nothing_else_is_let_in(
    stack: Stack, tmp_path: Path
) -> None:
    stack.start()
    file = stack.state / "token"
    token = line(stack)
    assert re.fullmatch(r"[\w-]{43}", token)
    assert file.read_text() == f"{token}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.state / "environment.json").stat().st_mode) == 0o600
    assert f"http://127.0.0.1:{stack.port}/demo/" in stack.log.read_text()
    assert "count.example" not in stack.log.read_text()
    assert status(stack, token) == 404
    for wrong in ("local", "exported", token[:-1]):
        assert status(stack, wrong) in (401, 403), wrong
    article = tmp_path / "article.json"
    article.write_text(json.dumps(submitted(id="first")))
    assert circulation(stack, "publish", str(article)) == "created first"
    stack.stop()
    file.chmod(0o644)
    assert printed(stack) == token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = Stack(tmp_path / "other")
    assert printed(other) not in (token, "local")


def test_a_revoked_one_stays_out_and_the_start_says_how_to_get_another(stack: Stack) -> None:
    stack.start()
    token = line(stack)
    assert circulation(stack, "token", "revoke", "local") == "revoked local"
    stack.stop()
    stack.start()
    told = line(stack)
    assert token not in told
    assert told.startswith("revoked; ")
    command = re.findall("`circulation (.+?)`", told)[0].replace("NAME", "cms").split()
    assert status(stack, token) == 403
    assert status(stack, circulation(stack, *command[:3])) == 404


def test_without_its_file_a_new_one_takes_its_place(stack: Stack) -> None:
    last = printed(stack)
    file = stack.state / "token"
    for left in (None, "", "\n"):
        file.unlink()
        if left is not None:
            file.write_text(left)
        stack.start()
        token = line(stack)
        assert len(token) == len(last), left
        assert token != last, left
        assert (status(stack, last), status(stack, token)) == (403, 404), left
        stack.stop()
        last = token


def test_one_that_is_named_takes_its_place_and_stays(stack: Stack) -> None:
    first = printed(stack)
    stack.options = ("--token", "local")
    assert printed(stack) == "local"
    stack.options = ()
    stack.start()
    assert line(stack) == "local"
    assert (status(stack, first), status(stack, "local")) == (403, 404)


@pytest.mark.parametrize("token", ["", " ", "two words", "line\nbreak", "ə"])
def test_one_that_no_header_can_carry_is_refused(tmp_path: Path, token: str) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "circulation_cli",
            "serve",
            "--port=0",
            f"--state={tmp_path}",
            "--token",
            token,
        ],
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS,
        check=False,
        env=os.environ | CLIENT,
    )
    assert (told.returncode, told.stderr.count("\n")) == (2, 1)
    assert "--token takes" in told.stderr
    assert not (tmp_path / "token").exists()
