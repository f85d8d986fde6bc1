"""A mail's parts for display, from any bytes: what cannot be read is left out, and nothing raises.

Mails are read by the library's older policy (email.policy.compat32), whose headers are plain texts:
the newer one parses them, and raises for some that no mail program would refuse.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser

Headers = list[tuple[str, str]]

ONE_CLICK = "List-Unsubscribe=One-Click"
"""The value of List-Unsubscribe-Post, and the body of the request (RFC 8058, section 3.2)."""


@dataclass(frozen=True, slots=True)
class MailParts:
    """What a mail program shows of a mail."""

    headers: Headers = field(default_factory=list)
    """Names and decoded values in their order."""
    text: str = ""
    """The first text/plain part; empty if there is none."""
    html: str = ""
    """The first text/html part, likewise."""

    def header(self, name: str) -> str:
        """Give the first value of a header; empty if there is none."""
        return next(iter(_values(self.headers, name)), "")

    @property
    def one_click_url(self) -> str:
        """The address for unsubscribing with one click; empty if a mail program offers no button.

        RFC 8058, section 4: one List-Unsubscribe with an HTTPS address, and one
        List-Unsubscribe-Post with its only value. Here http will do, for the local stack.
        """
        unsubscribe = _values(self.headers, "List-Unsubscribe")
        if len(unsubscribe) != 1 or _values(self.headers, "List-Unsubscribe-Post") != [ONE_CLICK]:
            return ""
        url = re.search(r"<\s*(https?://[^\s<>]+)\s*>", unsubscribe[0])
        return url[1] if url else ""


def read_parts(raw: bytes) -> MailParts:
    """Read a mail's parts; of one that the library cannot parse, give what could be read."""
    try:
        message = message_from_bytes(raw)
        parts = list(message.walk())
    except Exception:  # noqa: BLE001  such as RecursionError for parts within parts
        return MailParts(read_headers(raw))
    return MailParts(
        _headers_of(message), _first_text(parts, "text/plain"), _first_text(parts, "text/html")
    )


def read_headers(raw: bytes) -> Headers:
    """Read a mail's headers alone."""
    return _headers_of(BytesHeaderParser().parsebytes(raw))


def plain_text(value: str) -> str:
    """Give a text that UTF-8 can write, as a header of any bytes may be none."""
    return value.encode(errors="replace").decode()


def _headers_of(message: Message) -> Headers:
    return [(plain_text(name), _decoded(value)) for name, value in message.raw_items()]


def _values(headers: Headers, name: str) -> list[str]:
    return [value for known, value in headers if known.lower() == name.lower()]


def _decoded(value: object) -> str:
    """Decode a header's value (RFC 2047), and unfold it; one that is damaged stays as it is."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    try:
        return plain_text(str(make_header(decode_header(unfolded))))
    except (LookupError, MessageError, ValueError):  # an unknown charset, a broken base64
        return plain_text(unfolded)


def _first_text(parts: Sequence[Message], content_type: str) -> str:
    for part in parts:
        if part.get_content_type() == content_type and not part.is_multipart():
            return _text_of(part)
    return ""


def _text_of(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)  # noqa: S101  a part without parts has no other
        return plain_text(content.decode(part.get_content_charset("utf-8"), errors="replace"))
    except Exception:  # noqa: BLE001  an unknown charset, and whatever else the library finds
        return plain_text(str(part.get_payload()))
