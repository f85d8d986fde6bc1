import http.client
import socket
from typing import Any

import pytest

from circulation.sources import fetch as fetching
from circulation.sources.fetch import fetch
from circulation.sources.found import SourceError


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving_to(monkeypatch, "93.184.216.34", address)
    with pytest.raises(SourceError, match="no public address"):
        fetch("https://feeds.example/rss")


@pytest.mark.parametrize(
    "url", ["http://feeds.example/", "file:///etc/passwd", "https://a:b@feeds.example/", "https://"]
)
def test_only_https_addresses_are_fetched(url: str) -> None:
    with pytest.raises(SourceError):
        fetch(url)


class Answers:
    """Stands for connections: gives answers in turn, and keeps where each led."""

    def __init__(self, *told: tuple[int, dict[str, str], bytes]) -> None:
        self.told = list(told)
        self.asked: list[str] = []

    def get(self, url: str, _headers: Any, _deadline: Any) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(url)
        return self.told.pop(0)


def test_a_redirect_is_followed_by_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers((301, {"location": "/new"}, b""), (200, {"etag": '"1"'}, b"feed"))
    monkeypatch.setattr(fetching, "_get", answers.get)
    assert fetch("https://feeds.example/old").content == b"feed"
    assert answers.asked == ["https://feeds.example/old", "https://feeds.example/new"]
    monkeypatch.undo()
    resolving_to(monkeypatch, "127.0.0.1")
    with pytest.raises(SourceError, match="no public address"):
        fetch("https://feeds.example/new")


def test_redirects_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(*[(302, {"location": "/on"}, b"")] * 10)
    monkeypatch.setattr(fetching, "_get", answers.get)
    with pytest.raises(SourceError, match="on and on"):
        fetch("https://feeds.example/")


def test_nothing_new_has_no_content_and_an_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_get", Answers((304, {}, b"")).get)
    assert fetch("https://feeds.example/").content is None
    monkeypatch.setattr(fetching, "_get", Answers((503, {}, b"")).get)
    with pytest.raises(SourceError, match="answered 503"):
        fetch("https://feeds.example/")


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving_to(monkeypatch, "93.184.216.34")
    led: list[Any] = []

    def connect(address: Any, *_: Any) -> socket.socket:
        led.append(address)
        raise ConnectionRefusedError("as the test wants it")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(SourceError, match="as the test wants it"):
        fetch("https://feeds.example/")
    assert led == [("93.184.216.34", 443)]


def test_an_answer_that_is_too_long_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        status = 200

        def read(self, size: int) -> bytes:
            return b"x" * size

    resolving_to(monkeypatch, "93.184.216.34")
    monkeypatch.setattr(http.client.HTTPSConnection, "request", lambda *_, **__: None)
    monkeypatch.setattr(http.client.HTTPSConnection, "getresponse", lambda _: Endless())
    with pytest.raises(SourceError, match="longer than 20 MB"):
        fetch("https://feeds.example/")
