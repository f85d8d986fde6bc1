"""Calls without the SDK: a plain answer is taken, and of whatever else the SDK makes the call."""

import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

from bench.authority import ROOTS, Certificate, certificate
from circulation.aws import connection, roots
from circulation.aws.direct_client import CallRefused, DirectClient
from circulation.aws.table import Change, ConditionFailed, Table

KEY = {"pk": "P", "sk": "a"}
WIRE_KEY = {"pk": {"S": "P"}, "sk": {"S": "a"}}
ITEM = {**WIRE_KEY, "views": {"N": "12"}, "salt": {"B": "AAH/"}}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "first",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_SESSION_TOKEN": "token",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
BY_SDK = {"Item": {**WIRE_KEY, "by": {"S": "the SDK"}}}

Reply = Callable[[bytes], bytes]


def plain(content: Any, status: str = "200 OK", *extra: str) -> bytes:
    body = json.dumps(content).encode()
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: application/x-amz-json-1.0",
        f"Content-Length: {len(body)}",
        f"x-amz-crc32: {zlib.crc32(body)}",
        *extra,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


FOUND = plain({"Item": ITEM})


def error(code: str, status: str = "400 Bad Request", **more: Any) -> bytes:
    return plain({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more}, status)


@dataclass
class Request:
    """What came: over which connection, and what it was."""

    connection: int
    headers: dict[str, str]
    body: Any


@dataclass
class Server:
    """Answers each request with the next of its replies, and then as if it had what is asked.

    A reply of nothing closes the connection; None leaves it open and says nothing.
    """

    tls: ssl.SSLContext | None = None
    replies: list[bytes | None] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answer: Reply = lambda _: FOUND
    closes: bool = False
    """Whether connections are closed after an answer, without a word."""

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                opened = self._listener.accept()[0]
                self._connections.append(opened)
            except OSError:
                return
            number = len(self._connections)
            threading.Thread(target=self._serve, args=(opened, number), daemon=True).start()

    def _serve(self, opened: socket.socket, number: int) -> None:
        try:
            if self.tls:
                opened = self.tls.wrap_socket(opened, server_side=True)
            with opened, opened.makefile("rb") as lines:
                while request := self._read(lines, number):
                    self.requests.append(request)
                    body = json.dumps(request.body).encode()
                    reply = self.replies.pop(0) if self.replies else self.answer(body)
                    if reply is None:
                        continue
                    opened.sendall(reply)
                    if not reply or self.closes:
                        return
        except (OSError, LookupError):  # it went away, or speaks something else
            return

    def _read(self, lines: Any, number: int) -> Request | None:
        if not lines.readline():
            return None
        headers = {}
        while line := lines.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return Request(number, headers, json.loads(lines.read(int(headers["content-length"]))))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # or its thread would go on to wait
        self._listener.close()


class Sdk:
    """The SDK's client: tells what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.made = 0

    def make(self) -> "Sdk":
        self.made += 1
        return self

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self.calls.append((name, request))
            return BY_SDK

        return call


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def sdk() -> Sdk:
    return Sdk()


class Connect(Protocol):
    def __call__(
        self,
        server: Server,
        environment: Mapping[str, str] = ...,
        *,
        scheme: str = ...,
        clock: Callable[[], float] = ...,
    ) -> DirectClient: ...


@pytest.fixture
def connect(sdk: Sdk) -> Iterator[Connect]:
    with ExitStack() as stack:

        def made(
            server: Server,
            environment: Mapping[str, str] = ENVIRONMENT,
            *,
            scheme: str = "http",
            clock: Callable[[], float] = time.time,
        ) -> DirectClient:
            endpoint = f"{scheme}://127.0.0.1:{server.port}"
            client = DirectClient(endpoint, environment, sdk.make, clock)
            stack.callback(client.close)
            return client

        yield made


@pytest.fixture
def client(server: Server, connect: Connect) -> DirectClient:
    return connect(server)


def get(client: DirectClient) -> Any:
    return client.get_item(TableName="T", Key=WIRE_KEY, ConsistentRead=True)


def test_a_plain_answer_is_taken_and_the_sdk_not_made(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    assert get(client) == {"Item": ITEM}
    (request,) = server.requests
    assert request.body == {"TableName": "T", "Key": WIRE_KEY, "ConsistentRead": True}
    assert request.headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert request.headers["accept-encoding"] == "identity"
    assert sdk.made == 0


def test_an_item_that_is_not_there_is_no_reason_to_ask_the_sdk(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    server.replies = [plain({})]
    assert get(client) == {}
    assert sdk.made == 0


def test_an_answer_may_come_in_pieces_of_any_size(
    client: DirectClient, sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (1, 7, 100, 65_536):
        monkeypatch.setattr(connection, "CHUNK", size)
        assert get(client) == {"Item": ITEM}
    assert sdk.made == 0


def test_a_large_answer_is_read_whole(client: DirectClient, server: Server, sdk: Sdk) -> None:
    large = {"Item": {**ITEM, "text": {"S": "x" * 1_000_000}}}
    server.replies = [plain(large)]
    assert get(client) == large
    assert sdk.made == 0


def test_a_connection_is_used_again(client: DirectClient, server: Server) -> None:
    for _ in range(3):
        get(client)
    assert [request.connection for request in server.requests] == [1, 1, 1]


def test_a_connection_that_was_closed_while_it_rested_is_replaced(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    server.closes = True
    for _ in range(3):
        assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 2, 3]
    assert sdk.made == 0


def test_a_call_over_a_connection_that_just_ends_is_made_over_a_new_one(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    get(client)
    server.replies = [b""]
    assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 1, 2]
    assert sdk.made == 0


@pytest.mark.parametrize(
    "headers",
    [
        ("Connection: close",),
        ("CONNECTION: CLOSE",),
        ("connection: keep-alive, close",),
        ("Connection: close", "Connection: keep-alive"),
    ],
)
def test_a_connection_is_not_kept_where_the_answer_says_so(
    client: DirectClient, server: Server, sdk: Sdk, headers: tuple[str, ...]
) -> None:
    server.replies = [plain({"Item": ITEM}, "200 OK", *headers)]
    get(client)
    get(client)
    assert [request.connection for request in server.requests] == [1, 2]
    assert sdk.made == 0


def test_an_answer_that_comes_after_another_is_not_that_of_the_next_call(
    client: DirectClient, server: Server
) -> None:
    server.replies = [b"HTTP/1.1 103 Early Hints\r\nContent-Length: 2\r\n\r\n{}"]
    assert get(client) == BY_SDK
    assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 2]


def test_what_is_left_behind_an_answer_is_not_that_of_the_next_call(
    client: DirectClient, server: Server, sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CHUNK", len(FOUND))  # it is not read with the answer
    server.replies = [FOUND + plain({"Item": {}})]
    for _ in range(2):
        assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 2]
    assert sdk.made == 0


def test_names_of_headers_may_be_written_in_any_case(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    head, _, body = FOUND.partition(b"\r\n\r\n")
    server.replies = [head.upper() + b"\r\n\r\n" + body]
    assert get(client) == {"Item": ITEM}
    assert sdk.made == 0


def test_a_checksum_may_be_missing(client: DirectClient, server: Server, sdk: Sdk) -> None:
    server.replies = [FOUND.replace(b"x-amz-crc32", b"x-other")]
    assert get(client) == {"Item": ITEM}
    assert sdk.made == 0


def test_a_connection_is_used_again_after_an_error_that_was_read_whole(
    client: DirectClient, server: Server
) -> None:
    server.replies = [error("InternalServerError", "500 Internal Server Error")]
    assert get(client) == BY_SDK
    assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 1]


BODY = b'{"Item":{}}'
ODD = {
    "its checksum is wrong": FOUND.replace(b"x-amz-crc32: ", b"x-amz-crc32: 1"),
    "it is cut up": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n%b\r\n0\r\n\r\n"
    % BODY,
    "it is packed": plain({}, "200 OK", "Content-Encoding: gzip"),
    "it has two lengths": FOUND.replace(b"\r\n", b"\r\nContent-Length: 1\r\n", 1),
    "its length is signed": FOUND.replace(b"Content-Length: ", b"Content-Length: +"),
    "its length is immense": b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000),
    "it is no UTF-8": b'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"\xff"',
    "it has no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "it has no length": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    "it is longer than it says": FOUND + b" ",
    "it is of an older HTTP": FOUND.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "it is no HTTP": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "it is no JSON": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\noops",
    "its headers have no end": b"HTTP/1.1 200 OK\r\nx: " + b"x" * 200_000 + b"\r\n\r\n",
    "it goes on": b"HTTP/1.1 100 Continue\r\n\r\n" + FOUND,
    "it leads elsewhere": plain({}, "301 Moved"),
    "the request is too large": plain({}, "413 Payload Too Large"),
    "it throttles": error("ProvisionedThroughputExceededException"),
    "it is broken": error("InternalServerError", "500 Internal Server Error"),
    "it is unavailable": b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n",
    "the clock is wrong": error("InvalidSignatureException"),
    "the keys are old": error("ExpiredTokenException"),
    "the request is wrong": error("ValidationException"),
    "it is a list": plain([], "400 Bad Request"),
    "nothing comes": b"",
}


@pytest.mark.parametrize("reply", ODD.values(), ids=ODD)
def test_of_any_other_answer_the_sdk_makes_the_call_and_the_next_is_made_without_it(
    client: DirectClient, server: Server, sdk: Sdk, reply: bytes
) -> None:
    server.replies = [reply]
    assert get(client) == BY_SDK
    request = {"TableName": "T", "Key": WIRE_KEY, "ConsistentRead": True}
    assert sdk.calls == [("get_item", request)]
    assert get(client) == {"Item": ITEM}
    assert len(sdk.calls) == 1


def test_an_answer_that_ends_early_is_none(client: DirectClient, server: Server, sdk: Sdk) -> None:
    server.closes = True
    for length in range(1, len(FOUND)):
        server.replies = [FOUND[:length]]
        assert get(client) == BY_SDK
    assert len(sdk.calls) == len(FOUND) - 1


def test_the_sdk_is_asked_when_no_answer_comes_in_time(
    client: DirectClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.05)
    server.replies = [None]
    assert get(client) == BY_SDK
    assert get(client) == {"Item": ITEM}
    assert [request.connection for request in server.requests] == [1, 2]


def test_the_sdk_is_asked_where_nobody_listens(sdk: Sdk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = DirectClient(f"http://127.0.0.1:{port}", ENVIRONMENT, sdk.make)
    assert get(client) == BY_SDK


def test_the_sdk_is_asked_where_a_name_is_unknown(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = DirectClient("http://dynamodb.eu-central-1.example", ENVIRONMENT, sdk.make)
    assert get(client) == BY_SDK


def test_credentials_are_read_for_every_call(server: Server, connect: Connect) -> None:
    environment = dict(ENVIRONMENT)
    client = connect(server, environment)
    get(client)
    environment |= {"AWS_ACCESS_KEY_ID": "second", "AWS_SESSION_TOKEN": "other"}
    get(client)
    before, after = (request.headers for request in server.requests)
    assert "Credential=first/" in before["authorization"]
    assert "Credential=second/" in after["authorization"]
    assert (before["x-amz-security-token"], after["x-amz-security-token"]) == ("token", "other")


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_the_sdk_finds_credentials_that_are_not_in_the_environment(
    server: Server, connect: Connect, name: str
) -> None:
    left = {variable: value for variable, value in ENVIRONMENT.items() if variable != name}
    assert get(connect(server, left)) == BY_SDK
    assert not server.requests


def test_a_call_is_signed_at_its_own_time(server: Server, connect: Connect) -> None:
    clock = iter([1_773_500_966.9, 1_773_500_967.1])
    client = connect(server, clock=lambda: next(clock))
    get(client)
    get(client)
    times = [request.headers["x-amz-date"] for request in server.requests]
    assert times == ["20260314T150926Z", "20260314T150927Z"]


def test_a_condition_that_fails_shows_the_item(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    failed = error("ConditionalCheckFailedException", Item=ITEM, message="no")
    server.replies = [failed, failed]
    with pytest.raises(CallRefused) as refused:
        client.update_item(TableName="T", Key=WIRE_KEY)
    assert refused.value.response["Item"] == ITEM
    with pytest.raises(ConditionFailed) as shown:
        Table(client, "T").update(KEY, Change.setting({"n": 1}))  # type: ignore[arg-type]
    assert shown.value.item == {**KEY, "views": 12, "salt": b"\0\1\xff"}
    assert sdk.made == 0
    assert [request.connection for request in server.requests] == [1, 1]


def test_bytes_are_sent_and_read_in_base64(client: DirectClient, server: Server) -> None:
    table = Table(client, "T")  # type: ignore[arg-type]
    item = table.get(KEY)
    assert item
    assert item["salt"] == b"\0\1\xff"
    server.replies = [plain({"Attributes": {"both": {"BS": ["AAH/", "AA=="]}}})]
    changed = table.update(KEY, Change.setting({"one": b"\0\1\xff", "both": {b"\0\1\xff", b"\0"}}))
    assert changed == {"both": {b"\0\1\xff", b"\0"}}
    sent = server.requests[-1].body["ExpressionAttributeValues"]
    assert sent == {":set0": {"B": "AAH/"}, ":set1": {"BS": ["AA==", "AAH/"]}}


def test_a_write_whose_answer_was_lost_is_made_again_by_the_sdk_with_its_own_bytes(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    server.replies = [b""]
    Table(client, "T").update(KEY, Change.setting({"one": b"\0"}))  # type: ignore[arg-type]
    assert len(server.requests) == 1
    ((name, request),) = sdk.calls
    assert name == "update_item"
    assert request["ExpressionAttributeValues"] == {":set0": {"B": b"\0"}}


def test_every_other_call_is_the_sdks(client: DirectClient, server: Server, sdk: Sdk) -> None:
    Table(client, "T").delete(KEY)  # type: ignore[arg-type]
    assert [name for name, _ in sdk.calls] == ["delete_item"]
    assert not server.requests


def test_threads_share_a_client_and_get_their_own_answers(
    client: DirectClient, server: Server, sdk: Sdk
) -> None:
    server.answer = lambda body: plain({"Item": json.loads(body)["Key"]})
    threads, calls = 16, 400

    def ask(number: int) -> Any:
        key = {"pk": {"S": f"{number}"}, "sk": {"S": "a"}}
        return client.get_item(TableName="T", Key=key)["Item"]["pk"]["S"]

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(ask, range(calls))) == [f"{number}" for number in range(calls)]
    assert max(request.connection for request in server.requests) <= threads
    assert sdk.made == 0


def test_threads_make_the_sdk_once(server: Server, sdk: Sdk, connect: Connect) -> None:
    client = connect(server, {})
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: get(client), range(64))) == [BY_SDK] * 64
    assert sdk.made == 1


@pytest.fixture(scope="module")
def certified() -> Iterator[Certificate]:
    with certificate() as made:
        yield made


@contextmanager
def serving_as(certificate: Certificate) -> Iterator[Server]:
    """A server with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain, certificate.key)
    made = Server(context)
    yield made
    made.close()


@pytest.fixture
def secured(certified: Certificate) -> Iterator[Server]:
    with serving_as(certified) as made:
        yield made


def test_calls_are_made_by_tls(
    secured: Server, sdk: Sdk, certified: Certificate, connect: Connect
) -> None:
    trusting = ENVIRONMENT | {"AWS_CA_BUNDLE": str(certified.bundle)}
    client = connect(secured, trusting, scheme="https")
    for _ in range(3):
        assert get(client) == {"Item": ITEM}
    assert [request.connection for request in secured.requests] == [1, 1, 1]
    secured.closes = True
    for _ in range(3):
        assert get(client) == {"Item": ITEM}
    secured.replies = [b""]
    assert get(client) == BY_SDK
    assert sdk.made == 1


def test_nothing_is_sent_to_who_has_no_certificate_that_is_trusted(
    secured: Server, connect: Connect
) -> None:
    assert get(connect(secured, scheme="https")) == BY_SDK
    assert not secured.requests


def test_nothing_is_sent_to_who_has_a_certificate_of_another_name(
    secured: Server, sdk: Sdk, certified: Certificate
) -> None:
    trusting = ENVIRONMENT | {"AWS_CA_BUNDLE": str(certified.bundle)}
    client = DirectClient(f"https://localhost:{secured.port}", trusting, sdk.make)
    assert get(client) == BY_SDK
    assert not secured.requests


AMAZONS = "dynamodb.test.amazonaws.com"


@pytest.fixture(scope="module")
def named() -> Iterator[Certificate]:
    with certificate(f"DNS:{AMAZONS}") as made:
        yield made


@pytest.fixture
def at_amazon(named: Certificate) -> Iterator[Server]:
    """A server with the certificate of a host of Amazon's."""
    with serving_as(named) as made:
        yield made


class ConnectAmazon(Protocol):
    def __call__(self, label: str, host: str = ...) -> DirectClient: ...


@pytest.fixture
def connect_amazon(
    at_amazon: Server, named: Certificate, sdk: Sdk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ConnectAmazon]:
    """Connect to a host, with its certificate in the SDK's bundle under a label."""
    resolve = socket.getaddrinfo

    def found(_: object, *how: Any) -> Any:
        return resolve("127.0.0.1", *how)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with ExitStack() as stack:

        def made(label: str, host: str = AMAZONS) -> DirectClient:
            bundle = tmp_path / "bundle"
            entry = f'\n# Label: "{label}"\n{named.chain.read_text()}'
            bundle.write_text(ROOTS.read_text() + (entry if label else ""))
            monkeypatch.setattr(roots, "sdk_bundle", lambda: str(bundle))
            client = DirectClient(f"https://{host}:{at_amazon.port}", ENVIRONMENT, sdk.make)
            stack.callback(client.close)
            return client

        yield made


def widened(caplog: pytest.LogCaptureFixture) -> int:
    return sum("do not vouch" in record.message for record in caplog.records)


def test_amazons_roots_suffice_for_what_they_vouch_for(
    connect_amazon: ConnectAmazon, sdk: Sdk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert get(connect_amazon("Amazon Root CA 9")) == {"Item": ITEM}
    assert sdk.made == widened(caplog) == 0


def test_all_roots_are_taken_for_a_host_that_amazons_do_not_vouch_for(
    connect_amazon: ConnectAmazon, at_amazon: Server, sdk: Sdk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    at_amazon.closes = True
    client = connect_amazon("Another Root")
    for _ in range(3):
        assert get(client) == {"Item": ITEM}
    assert sdk.made == 0
    assert widened(caplog) == 1, "it is remembered"


def test_threads_that_amazons_roots_fail_at_once_all_go_on(
    connect_amazon: ConnectAmazon, sdk: Sdk
) -> None:
    client = connect_amazon("Another Root")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: get(client), range(32))) == [{"Item": ITEM}] * 32
    assert sdk.made == 0


@pytest.mark.parametrize("label", ["Amazon Root CA 9", "Another Root"])
def test_nothing_is_sent_to_a_host_with_the_certificate_of_another_of_amazons(
    connect_amazon: ConnectAmazon, at_amazon: Server, label: str
) -> None:
    client = connect_amazon(label, "dynamodb.other.amazonaws.com")
    for _ in range(2):
        assert get(client) == BY_SDK
    assert not at_amazon.requests


def test_nothing_is_sent_to_a_host_of_amazons_that_no_root_vouches_for(
    connect_amazon: ConnectAmazon, at_amazon: Server
) -> None:
    client = connect_amazon("")
    for _ in range(2):
        assert get(client) == BY_SDK
    assert not at_amazon.requests


def test_nothing_is_sent_in_clear_to_who_speaks_no_tls(server: Server, connect: Connect) -> None:
    assert get(connect(server, scheme="https")) == BY_SDK
    assert not server.requests
