"""DKIM as SES signs and receivers verify (RFC 6376), relaxed/relaxed, by Ed25519 keys (RFC 8463).

The package dkimpy does as much, but has no wheel, and no release since July 2024.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

Field = tuple[bytes, bytes]
"""A header field: its name, and what follows the colon, with its folds."""


def sign(mail: bytes, names: Iterable[str], key: Ed25519PrivateKey) -> bytes:
    """Put a signature before a mail, over those of the named header fields that it has."""
    fields, body = split(mail)
    present = {name.lower() for name, _ in fields}
    signed = [name for name in names if name.lower().encode() in present]
    value = (
        b" v=1; a=ed25519-sha256; c=relaxed/relaxed; d=news.example; s=ses;\r\n"
        b" h=" + ":".join(signed).encode() + b";\r\n bh=" + _body_hash(body) + b";\r\n b="
    )
    signature = base64.b64encode(key.sign(_signed_hash(fields, signed, value)))
    return b"DKIM-Signature:" + value + signature + b"\r\n" + mail


def verify(mail: bytes, key: Ed25519PublicKey) -> bool:
    """Tell whether the signature of a mail is valid (RFC 6376, section 6.1)."""
    fields, body = split(mail)
    (value,) = [value for name, value in fields if name.lower() == b"dkim-signature"]
    tags = {
        name.strip(): re.sub(rb"\s", b"", content)
        for name, _, content in (part.partition(b"=") for part in value.split(b";"))
    }
    names = tags[b"h"].decode().split(":")
    unsigned = re.sub(rb"(;\s*b\s*=)[^;]*", rb"\1", value)
    try:
        hashed = _signed_hash(fields, names, unsigned)
        key.verify(base64.b64decode(tags[b"b"]), hashed)
    except InvalidSignature:
        return False
    return tags[b"bh"] == _body_hash(body)


def split(mail: bytes) -> tuple[list[Field], bytes]:
    """Give the header fields of a mail, and its body."""
    head, _, body = mail.partition(b"\r\n\r\n")
    lines = re.split(rb"\r\n(?![ \t])", head)
    return [(name, value) for name, _, value in (line.partition(b":") for line in lines)], body


def _signed_hash(fields: list[Field], names: Iterable[str], signature: bytes) -> bytes:
    """Hash the signed fields, of several of a name the last first, and the signature without b=."""
    left: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        left.setdefault(name.strip().lower(), []).append(value)
    hashed = hashlib.sha256()
    for name in (name.lower().encode() for name in names):
        if left.get(name):
            hashed.update(_relaxed(name, left[name].pop()) + b"\r\n")
    hashed.update(_relaxed(b"dkim-signature", signature))
    return hashed.digest()


def _relaxed(name: bytes, value: bytes) -> bytes:
    """Write a header field in one line, each run of white space as a space (section 3.4.2)."""
    return name + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _body_hash(body: bytes) -> bytes:
    """Hash a body without white space at the ends of lines, nor empty lines at its end (3.4.4)."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return base64.b64encode(hashlib.sha256(b"".join(line + b"\r\n" for line in lines)).digest())
