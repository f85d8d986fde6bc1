"""An ask: what somebody typed into the form, on its way to the mail that asks for a yes."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import Choices, Frequency
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MAX_SECTIONS = 100
IPV4_PREFIX, IPV6_PREFIX = 24, 48
"""Bits that the limit of a network looks at: what one customer of a provider is given at most."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asked for. Its network is a keyed hash, never an address."""

    id: str
    """The request's, by which a message that is delivered twice is known."""
    mailbox: Mailbox
    choices: Choices
    at: datetime
    network: str
    base_url: str
    """Where the API is reached, without a trailing slash."""


def ask_json(ask: Ask) -> dict[str, Any]:
    """Write an ask as JSON."""
    return {
        "id": ask.id,
        "address": ask.mailbox.address,
        "frequency": ask.choices.frequency,
        "sections": sorted(ask.choices.sections),
        "at": format_time(ask.at),
        "network": ask.network,
        "base_url": ask.base_url,
    }


def read_ask(data: Mapping[str, Any]) -> Ask:
    """Read an ask that ask_json wrote."""
    choices = Choices(Frequency(data["frequency"]), frozenset(data["sections"]))
    return Ask(
        data["id"],
        Mailbox(data["address"]),
        choices,
        parse_time(data["at"]),
        data["network"],
        data["base_url"],
    )


def network_of(address: str) -> str:
    """Give the network of an address: an IPv4 /24 or an IPv6 /48; any other text as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    parsed = mapped or parsed
    prefix = IPV4_PREFIX if isinstance(parsed, ipaddress.IPv4Address) else IPV6_PREFIX
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def network_hash(salt: bytes, address: str) -> str:
    """Hash the network of an address under a day's salt; it never equals a visitor's hash."""
    text = network_of(address).encode(errors="surrogatepass")
    return hashlib.blake2b(text, key=salt, digest_size=16, person=b"network").hexdigest()
