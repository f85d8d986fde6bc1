"""Wording: how a choice, a section list and a time are said in a mail and on its pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from circulation.text import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from circulation.articles.publication import Publication
    from circulation.mail.sender import Sender
    from circulation.mail.subscriber import Frequency
    from circulation.words.texts import Words

MAX_TITLE = 200
"""Of the publication, in a header."""
MAX_IMPRINT = 600

# What would turn, hide or end a line.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ENCODED_WORD = re.compile(r"=[=\s]*(\??)")
"""What begins an encoded word of a header (RFC 2047), where its last sign is there."""


def harmless(text: str, limit: int) -> str:
    """Make a text fit for any part of a mail: one line that neither turns nor hides what follows.

    `=?` loses its sign, since it begins an encoded word in a header; long text is cut at a word.
    """
    line = one_line(_UNSEEN.sub(" ", text))
    return shortened(one_line(_ENCODED_WORD.sub(lambda sign: sign[1] or sign[0], line)), limit)


def publication_name(publication: Publication) -> str:
    """Give the publication's title as a mail has it; its host where nothing is left of it."""
    return harmless(publication.title, MAX_TITLE) or urlsplit(publication.url).hostname or "·"


def imprint(sender: Sender) -> str:
    """Name who publishes, and where: laws on mail ask for it in every one."""
    return harmless(f"{sender.publisher}, {sender.postal_address}", MAX_IMPRINT)


def digest_name(frequency: Frequency, words: Words) -> str:
    """Name a digest: daily digest."""
    return words(f"mail.digest.{frequency}")


def section_list(sections: Collection[str], words: Words) -> str:
    """Name sections: City, Culture and Science; none stands for all."""
    if not sections:
        return words("mail.all_sections")
    *names, last = sorted(sections)
    return words("mail.and", first=", ".join(names), last=last) if names else last


def section_number(sections: Collection[str], words: Words) -> str:
    """Say how many sections: 3 sections; none stands for all."""
    return words.plural("mail.sections", len(sections)) if sections else words("mail.all_sections")


def local_moment(moment: datetime, publication: Publication, words: Words) -> str:
    """Write an instant as the publication's local time: 26 November 2026 at 14:32."""
    local = publication.local(moment)
    return words("mail.moment", date=words.write_date(local), time=f"{local:%H:%M}")
