"""Views by the address of their own that ViewDoor gives them, on the running stack."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.builders import submitted
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for
from tests.end_to_end.test_durability import refused

OPTIONS = ("--parameter=ViewDoor=url", "--parameter=ViewConcurrency=8")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    yield from running(tmp_path_factory.mktemp("door") / "state", "--view-port=0", *OPTIONS)


def test_views_by_both_addresses_are_one_number(stack: Stack) -> None:
    assert stack.publish("clock", submitted(url="https://news.example/clock")).is_success
    assert stack.view_at_door("clock", "127.0.0.5", "n1").json()["counted"]
    assert stack.view("clock", "127.0.0.5", "n1").json()["views"] == 1
    assert stack.view("clock", "127.0.0.5", "n2").json()["reason"] == "repeat"
    assert stack.view("clock", "127.0.0.6", "n3").json()["counted"]
    assert stack.view_at_door("clock", "127.0.0.7", "n4").json()["counted"]
    wait_for(lambda: stack.views("clock"), 3)
    assert stack.count("clock")["visitors"] == 3


def test_nothing_but_views_is_answered_there(stack: Stack) -> None:
    door = f"http://127.0.0.1:{stack.view_port}"
    for path in ("/articles", "/articles/clock/views", "/statistics", "/widget.js", "/demo/"):
        assert httpx.get(f"{door}{path}").status_code == 404
        assert httpx.get(f"{stack.url}{path}").status_code != 404
    answer = httpx.put(f"{door}/articles/a", headers={"authorization": "Bearer t0ken"})
    assert answer.status_code == 404


def test_the_demos_pages_name_the_door_and_may_reach_it(stack: Stack) -> None:
    answer = httpx.get(f"{stack.url}/demo/")
    door = f"http://127.0.0.1:{stack.view_port}"
    assert f'data-door="{door}"' in answer.text
    assert f"connect-src 'self' {door};" in answer.headers["content-security-policy"]


def test_a_port_that_is_taken_is_refused_in_one_line(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        place = ("--port", "0", "--state", str(tmp_path), "--view-port", port, *OPTIONS)
        assert "choose another with --view-port" in refused(*place)
