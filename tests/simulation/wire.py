"""DynamoDB at the other end of DirectClient's connections: requests and answers in bytes.

The tables and the fates of attempts are a world's; what an attempt that fails looks like in bytes,
dice say. DirectClient and Connection, which write and read them, are the product's own, and what
they leave to the SDK comes to the same tables by its way.
"""

import os
import random
import re
import zlib
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple, cast

from botocore.exceptions import ClientError

from circulation.aws.connection import Connection
from circulation.aws.direct_client import API, DirectClient
from tests.dynamodb_json import read_content, refusal, write_content
from tests.simulation.dynamodb import NOT_DONE, DynamoDB, Fate

METHODS = {
    "GetItem": "get_item",
    "BatchGetItem": "batch_get_item",
    "Query": "query",
    "UpdateItem": "update_item",
}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
Piece = bytes | None
"""What is received at once; None if nothing comes in time."""
END = b""
"""As a socket tells that the other side has closed it."""
ODD = 0.2
"""Of all answers that come: they come in pieces, or are the last of their connection, or more
than one."""
NUMBER = re.compile(rb'"N":"-?\d*(\d)"')


class Coming(NamedTuple):
    """What comes of a request, and what comes then though nobody asked."""

    answer: Sequence[Piece]
    after: Sequence[Piece] = ()


class Line:
    """A connection, in the place of its socket."""

    def __init__(self, answer: Callable[[bytes], Coming]) -> None:
        self._answer = answer
        self._coming: deque[Piece] = deque()
        self._ready, self._rings = os.pipe()
        self._is_closed = False

    def fileno(self) -> int:
        """Give what can be read from as soon as something comes that nobody asked for."""
        return self._ready

    def sendall(self, request: bytes) -> None:
        if END in self._coming:  # nobody is there any more
            return
        answer, after = self._answer(request)
        self._coming += [*answer, *after]
        if after:
            os.write(self._rings, b"!")

    def recv(self, _size: int) -> bytes:
        piece = self._coming.popleft() if self._coming else None
        if piece is None:
            raise TimeoutError
        if piece == END:
            self._coming.appendleft(END)
        return piece

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            os.close(self._ready)
            os.close(self._rings)

    __del__ = close


class Wire:
    """Opens connections to tables."""

    def __init__(self, dynamodb: DynamoDB, dice: random.Random) -> None:
        self._fate = dynamodb.fate
        self._tables = copy(dynamodb)
        self._tables.fate = lambda _: Fate.DONE  # or each attempt would have two
        self._tables.calls = Counter()
        self._dice = dice

    def open(self, *_: object) -> Connection:
        if self._fate("connect") is not Fate.DONE:
            raise TimeoutError
        return Connection(cast("Any", Line(self._answer)))

    def _answer(self, request: bytes) -> Coming:
        method, body = read_request(request)
        fate = self._fate(method)
        if fate in NOT_DONE:
            return self._dice.choice(BEFORE)
        answer = self._done(method, body)
        return self._plain(answer) if fate is Fate.DONE else self._lost(answer)

    def _done(self, method: str, body: bytes) -> bytes:
        try:
            return http(200, getattr(self._tables, method)(**read_content(body)))
        except ClientError as error:
            return http(400, refusal(error.response))

    def _plain(self, answer: bytes) -> Coming:
        """Have an answer come, in any of the ways in which it may."""
        if self._dice.random() >= ODD:
            return Coming([answer])
        cut = self._dice.randrange(1, len(answer))
        last = answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        return self._dice.choice(
            [
                Coming([answer[:cut], answer[cut:]]),
                Coming([last], [END]),
                Coming([answer], [END]),
                Coming([answer], [answer]),
            ]
        )

    def _lost(self, answer: bytes) -> Coming:
        """Have an answer not come, or too late, or not as it was."""
        cut = self._dice.randrange(1, len(answer))
        return self._dice.choice(
            [
                Coming([END]),
                Coming([None, answer]),
                Coming([answer[:cut], END]),
                Coming([answer[:cut], None, answer[cut:]]),
                Coming([_garbled(answer, self._dice)]),
                Coming([answer + answer]),
                Coming([b"HTTP/1.1 100 Continue\r\n\r\n", answer]),
                Coming([http(500, {})]),
            ]
        )


def direct_client(dynamodb: DynamoDB, dice: random.Random) -> DirectClient:
    """Make the product's client of some tables, with the stand-in of the SDK's as its net."""
    return DirectClient(
        "http://dynamodb.eu-central-1.amazonaws.com",
        ENVIRONMENT,
        lambda: dynamodb,
        clock=lambda: 0,
        open_connection=Wire(dynamodb, dice).open,
    )


def read_request(request: bytes) -> tuple[str, bytes]:
    """Read which of the SDK's methods a request stands for, and its body."""
    head, _, body = request.partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    headers = dict(line.split(":", 1) for line in lines)
    assert start == "POST / HTTP/1.1"
    assert int(headers["content-length"]) == len(body)
    return METHODS[headers["x-amz-target"].removeprefix(f"{API}.")], body


def http(status: int, content: Mapping[str, Any]) -> bytes:
    """Write an answer as DynamoDB does."""
    body = write_content(content)
    head = (
        f"HTTP/1.1 {status} -\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
    )
    return head.encode() + body


def refused(code: str, status: int = 400) -> bytes:
    """Write the answer to what is not done, with the reason."""
    return http(status, refusal({"Error": {"Code": code, "Message": code}}))


def _garbled(answer: bytes, dice: random.Random) -> bytes:
    """Change a digit of an answer's numbers, or its last byte if it has none."""
    digits = [found.start(1) for found in NUMBER.finditer(answer)]
    if not digits:
        return answer[:-1] + b"!"
    place = dice.choice(digits)
    other = (int(answer[place : place + 1]) + dice.randrange(1, 10)) % 10
    return answer[:place] + b"%d" % other + answer[place + 1 :]


BEFORE = (
    Coming([refused("ProvisionedThroughputExceededException")]),
    Coming([refused("ThrottlingException")]),
    Coming([refused("InternalServerError", 500)]),
    Coming([b"HTTP/1.1 503 -\r\nContent-Length: 4\r\n\r\nbusy"]),
    Coming([END]),
    Coming([None]),
)
"""What comes of a request that is not done."""
