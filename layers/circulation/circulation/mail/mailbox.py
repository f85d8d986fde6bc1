"""A mailbox: one person's address, in the form in which it may stand in a header."""

import re
from dataclasses import dataclass

from circulation.domain_names import ascii_name

MAX_ADDRESS = 254
"""Characters that a path has room for (RFC 5321, section 4.5.3.1.3, without its brackets)."""
MAX_LOCAL_PART = 64
"""Characters before the @ (RFC 5321, section 4.5.3.1.1)."""

# RFC 5321, section 4.1.2: Dot-string. A quoted local part and an address literal are lawful, but no
# provider of mailboxes gives them out, and both need escaping wherever the address is written.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", flags=re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_GMAIL = ("gmail.com", "googlemail.com")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}", flags=re.ASCII)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that one mail goes to. Made by read_mailbox alone."""

    address: str

    @property
    def identity(self) -> str:
        """The form by which two ways of writing one address are known to be the same.

        Only the receiving host knows whether upper and lower case differ (RFC 5321, section 2.4);
        none does in practice, and a person must not be able to subscribe twice by another case.
        """
        return self.address.lower()

    @property
    def inbox(self) -> "Mailbox":
        """The mailbox in which mail to this address arrives, as far as the address may tell.

        Many providers ignore what follows a plus sign (RFC 5233), and Gmail the dots. What keeps
        somebody from being written to goes by it, or another way of writing would get around it.
        """
        local_part, _, domain = self.identity.rpartition("@")
        local_part = local_part.partition("+")[0] or local_part
        if domain in _GMAIL:
            local_part, domain = local_part.replace(".", ""), _GMAIL[0]
        return Mailbox(f"{local_part}@{domain}")


def read_mailbox(text: str) -> Mailbox:
    """Read the address that a person typed: spaces around it are dropped, the domain is folded.

    Refused is what is not one plain address: several, a display name, a quoted local part, an
    address literal, a name without a dot, `=?` (which begins an encoded word, RFC 2047), anything
    but ASCII before the @. Raises ValueError, whose text tells what is wrong.
    """
    local_part, at, host = text.strip(" \t\r\n").rpartition("@")
    if not at:
        raise ValueError("must have an @")
    if len(local_part) > MAX_LOCAL_PART or not _LOCAL_PART.fullmatch(local_part):
        raise ValueError("must be one address, such as name@example.org")
    try:
        domain = ascii_name(host) if len(host) <= MAX_ADDRESS else host
    except ValueError as error:
        raise ValueError("must have a domain that exists in the name system") from error
    if not _DOMAIN.fullmatch(domain):
        raise ValueError("must have a domain, such as example.org")
    address = f"{local_part}@{domain}"
    if len(address) > MAX_ADDRESS:
        raise ValueError(f"must be at most {MAX_ADDRESS} characters long")
    if "=?" in address:
        raise ValueError("must be one address, such as name@example.org")
    return Mailbox(address)
