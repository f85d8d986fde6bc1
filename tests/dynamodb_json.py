"""DynamoDB's JSON in bytes: its requests as the SDK's methods take them, and its answers.

Binary values are in base64 (Amazon DynamoDB Developer Guide: DynamoDB low-level API).
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any


def read_content(body: bytes) -> dict[str, Any]:
    """Read a request; binary values are bytes."""
    # Most requests have none, and a look at every object takes long.
    content: dict[str, Any] = (_DECODER.decode if b'"B' in body else json.loads)(body.decode())
    return content


def write_content(content: Mapping[str, Any]) -> bytes:
    """Write an answer."""
    return _ENCODER.encode(content).encode()


def refusal(response: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is answered to a request that the SDK raises as an error with such a response.

    See Developer Guide: Error handling with DynamoDB.
    """
    rest = {
        name: value for name, value in response.items() if name not in ("Error", "ResponseMetadata")
    }
    error = response["Error"]
    kind = f"com.amazonaws.dynamodb.v20120810#{error['Code']}"
    return {"__type": kind, "message": error["Message"], **rest}


def _with_bytes(content: dict[str, Any]) -> dict[str, Any]:
    """Read an attribute's bytes, as the SDK hands them over."""
    match content:
        case {"B": str(text), **rest} if not rest:
            return {"B": b64decode(text)}
        case {"BS": [*texts], **rest} if not rest:
            return {"BS": [b64decode(text) for text in texts]}
    return content


def _in_base64(value: object) -> str:
    assert isinstance(value, bytes)
    return b64encode(value).decode()


_DECODER = json.JSONDecoder(object_hook=_with_bytes)
_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_in_base64)
