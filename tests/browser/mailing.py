"""What tests of mail have in common: a stack whose clock they move, and its outbox."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx

from tests.end_to_end import moved_clock
from tests.end_to_end.stack import PLAIN, Stack, wait_for

EARLY = datetime(2025, 12, 27, 2, tzinfo=UTC)
"""In Baku it is six o'clock."""
DIGEST = datetime(2025, 12, 27, 3, 0, 30, tzinfo=UTC)


class Mailing:
    """A stack that sends mail, under a clock that tests move; it starts before the digest's hour.

    Options are the command's. Its folder is its own.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self._clock = folder / "clock"
        self._clock.mkdir()
        program = [sys.executable, "-m", moved_clock.__name__, str(self._clock), "serve"]
        self.stack = Stack(folder / "state", "--token=t0ken", *options, program=program)

    @property
    def url(self) -> str:
        return self.stack.url

    def running(self) -> Iterator["Mailing"]:
        """Start it; stop it afterwards."""
        self.set_clock(EARLY)
        self.stack.start()
        yield self
        self.stack.stop()

    def set_clock(self, moment: datetime) -> None:
        """Set the stack's clock, which is read at any time: the file is replaced as a whole."""
        step = (moment - datetime.now(UTC)).total_seconds()
        new = self._clock / "new"
        new.write_text(f"{step} 0")
        new.replace(self._clock / moved_clock.MOVES)

    def outbox(self) -> list[str]:
        """Give the paths of the mails' pages, newest first, as the outbox lists them."""
        page = httpx.get(f"{self.url}/demo/outbox", verify=PLAIN).text
        return re.findall(r'<a href="(/demo/outbox/[^"]+)"', page)

    def mail(self, path: str) -> EmailMessage:
        source = httpx.get(f"{self.url}{path}/source", verify=PLAIN).content
        return message_from_bytes(source, policy=default)

    def newest_mail(self, number: int) -> EmailMessage:
        """Wait until so many mails were sent; give the last."""
        wait_for(lambda: len(self.outbox()), number, seconds=60)
        return self.mail(self.outbox()[0])


def link(mail: EmailMessage, ending: str) -> str:
    """Give the address in a mail's text that an expression matches at its end."""
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = [line for line in text.split() if re.fullmatch(rf"http\S+{ending}", line)]
    assert found, text
    return str(found[0])
