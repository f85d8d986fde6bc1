"""A message: the only place in which a mail is written, so that nothing in it becomes a header."""

import hashlib
import re
from dataclasses import dataclass
from email import policy
from email.charset import QP, Charset
from email.header import Header, decode_header, make_header
from email.message import Message as Mail
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from email.utils import quote
from typing import cast
from urllib.parse import urlsplit

from circulation.mail.mailbox import Mailbox, read_mailbox

MAX_BYTES = 90 * 1024
"""Gmail cuts a mail at some 102 KB, and what unsubscribes stands at its end."""
MAX_HEADER = 300
"""Characters of a subject or a name."""
ONE_CLICK = "List-Unsubscribe=One-Click"
"""What List-Unsubscribe-Post must say, to the letter (RFC 8058, section 3.1)."""

# Not folded again: what is long is an address, which has to stay in one piece on one line.
_THIS_MACHINE = {"127.0.0.1", "localhost"}
_SMTP = policy.compat32.clone(linesep="\r\n", max_line_length=0)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
# Control characters, what separates lines, and format characters that turn or hide what follows.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_FOLD = re.compile(r"\r?\n(?=[ \t])")  # RFC 5322, section 2.2.3
_ENCODED_WORD = re.compile(r"=\s*\?")


class UnsafeMessageError(ValueError):
    """A message would have, or be, something else than was asked for; in one line."""


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """How a receiver of a list ends it (RFC 8058; RFC 2919 for the list's name)."""

    url: str
    """HTTPS; it names the person and the list by itself. A POST unsubscribes, a GET never does."""
    list_id: str
    """A domain name that names the list, such as digest.count.example."""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail from the publication to one person, as text and as HTML of the same content."""

    sender: Mailbox
    sender_name: str
    recipient: Mailbox
    subject: str
    text: str
    html: str
    unsubscribing: Unsubscribing | None = None
    """None for what answers a person, such as the mail that asks for a confirmation."""
    reply_to: Mailbox | None = None


def can_unsubscribe(url: str) -> bool:
    """Tell whether a mail may name an address that unsubscribes: HTTPS (RFC 8058, section 3.1).

    An address of this machine will do, so that the local stack can show what a mail program does.
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)


def mime_bytes(message: Message) -> bytes:
    """Write a message as MIME (RFC 5322, RFC 2045), lines ended by CR LF, every byte ASCII.

    What a header must not hold is refused, never repaired: control characters, `=?`, a second
    address. The finished bytes are then parsed and compared with what was asked for, because a
    library may write a header of its own out of an encoded word (CVE-2024-6923 in Python 3.11).
    Raises UnsafeMessageError.
    """
    contents = {"plain": message.text, "html": message.html}
    digest = hashlib.sha256("\0".join(contents.values()).encode(errors="replace")).hexdigest()
    # "=_" stands in no quoted-printable text (RFC 2045, section 6.7).
    mail = MIMEMultipart("alternative", boundary=f"=_{digest[:32]}", policy=_SMTP)
    for name, value in _headers(message).items():
        mail[name] = value
    for subtype, content in contents.items():
        if not _has_bytes(content):
            raise UnsafeMessageError("the content has half a surrogate pair")
        mail.attach(MIMEText(content, subtype, _UTF8, policy=_SMTP))  # type: ignore[arg-type]
    written = mail.as_bytes(policy=_SMTP)
    if len(written) > MAX_BYTES:
        raise UnsafeMessageError(f"the mail has {len(written)} bytes, more than {MAX_BYTES}")
    _check(written, message)
    return written


def _headers(message: Message) -> dict[str, str]:
    """Give the headers as they are written: in ASCII, folded where they are long."""
    headers = {
        "From": f"{_phrase(message.sender_name)} <{_address(message.sender)}>",
        "To": _address(message.recipient),
        "Subject": _encoded(_line(message.subject, "the subject"), "Subject"),
    }
    if message.reply_to:
        headers["Reply-To"] = _address(message.reply_to)
    if message.unsubscribing:
        headers["List-Unsubscribe"] = f"<{_https(message.unsubscribing.url)}>"
        headers["List-Unsubscribe-Post"] = ONE_CLICK
        headers["List-Id"] = f"<{_line(message.unsubscribing.list_id, 'the list')}>"
    return headers


def _phrase(name: str) -> str:
    """Write a name before an address: a quoted string, or encoded words (RFC 2047, section 5)."""
    text = _line(name, "the sender's name")
    return f'"{quote(text)}"' if text.isascii() else _encoded(text, "From")


def _encoded(text: str, name: str) -> str:
    """Write a text in ASCII, as encoded words where it is not."""
    if text.isascii():
        return text
    # The newer header classes of Python 3.11 lose a space between two encoded words.
    return Header(text, _UTF8, maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _address(mailbox: Mailbox) -> str:
    """Give an address as it is written; one that read_mailbox did not make is refused."""
    try:
        read_again = read_mailbox(mailbox.address)
    except ValueError as error:
        raise UnsafeMessageError(f"the address {error}") from error
    if read_again != mailbox:
        raise UnsafeMessageError("the address is not in its plain form")
    return mailbox.address


def _line(value: str, name: str) -> str:
    """Check what a header says. Raises UnsafeMessageError; it names the part, not its value."""
    if value != value.strip() or not 0 < len(value) <= MAX_HEADER:
        raise UnsafeMessageError(f"{name} must have 1 to {MAX_HEADER} characters, none around it")
    if _UNSEEN.search(value) or not _has_bytes(value):
        raise UnsafeMessageError(f"{name} must be one line of text without control characters")
    if _ENCODED_WORD.search(value):
        raise UnsafeMessageError(f"{name} must not have =?, which begins an encoded word")
    return value


def _has_bytes(text: str) -> bool:
    """Tell whether a text can be written in UTF-8: half a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _https(url: str) -> str:
    """Check the address that unsubscribes: HTTPS, printable ASCII, no bracket that ends it."""
    if not can_unsubscribe(url) or not re.fullmatch(r"[!-;=?-~]{1,900}", url):
        raise UnsafeMessageError("the address that unsubscribes must be one of HTTPS, in ASCII")
    return url


def _check(written: bytes, message: Message) -> None:
    """Read the bytes as a receiver does, and compare. Raises UnsafeMessageError."""
    unsubscribing = message.unsubscribing
    name, address = message.sender_name, message.sender.address
    expected = {
        "From": f'"{quote(name)}" <{address}>' if name.isascii() else f"{name} <{address}>",
        "To": message.recipient.address,
        "Subject": message.subject,
    }
    if message.reply_to:
        expected["Reply-To"] = message.reply_to.address
    if unsubscribing:
        expected["List-Unsubscribe"] = f"<{unsubscribing.url}>"
        expected["List-Unsubscribe-Post"] = ONE_CLICK
        expected["List-Id"] = f"<{unsubscribing.list_id}>"
    # The newer header classes read a space between two encoded words of a name, where none is, and
    # take five times as long; but they alone tell one address from several.
    mail = BytesParser(policy=policy.compat32).parsebytes(written)
    headers = {
        key: str(make_header(decode_header(_FOLD.sub("", value)))) for key, value in mail.items()
    }
    senders = policy.default.header_factory("From", _FOLD.sub("", mail["From"])).addresses
    if (
        not written.isascii()
        or sorted(mail.keys()) != sorted([*expected, "MIME-Version", "Content-Type"])
        or any(headers[key] != value for key, value in expected.items())
        or [sender.addr_spec for sender in senders] != [address]
        or _contents(mail) != [message.text.splitlines(), message.html.splitlines()]
    ):
        raise UnsafeMessageError("the mail reads otherwise than it was written")


def _contents(mail: Mail) -> list[list[str]]:
    """Give the lines of each part of a mail that was read; a mail of one part is one itself."""
    parts = (part for part in mail.walk() if not part.is_multipart())
    payloads = (cast("bytes", part.get_payload(decode=True)) for part in parts)
    return [payload.decode(errors="replace").splitlines() for payload in payloads]
