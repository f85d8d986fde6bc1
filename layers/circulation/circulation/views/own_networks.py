"""The networks of the publication itself, whose views are left out: compared and never stored."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SHORTEST_PREFIX = {4: 8, 6: 16}
"""By IP version: a shorter one is a mistake, as it would leave out a part of the whole Internet."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Read networks and addresses, separated by commas: 192.0.2.0/24,2001:db8::/48,198.51.100.7.

    Of an address with a length, only so many bits count: 192.0.2.7/24 is a network, too. Raises
    ValueError that names the first one that is wrong.
    """
    return tuple(map(_read_network, text.split(",")))


def is_own(address: str, networks: Collection[Network]) -> bool:
    """Tell whether a viewer's address is in one of the networks; a text that is none is in none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    # An IPv4 address may come in the form of IPv6 (RFC 4291, section 2.5.5.2).
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return any(parsed in network or (mapped and mapped in network) for network in networks)


def _read_network(text: str) -> Network:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError(f"{text!r} is no network such as 192.0.2.0/24 or 2001:db8::/48") from error
    if network.prefixlen < SHORTEST_PREFIX[network.version]:
        shortest = SHORTEST_PREFIX[network.version]
        raise ValueError(f"{text!r} is too large a network, as it is shorter than /{shortest}")
    return network
