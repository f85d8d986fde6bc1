"""IP addresses that do not lead to a public host, by the IANA registries.

Python's own tables are not used, as those of 3.11, 3.12 and 3.13 differ.

IPv4: the blocks of the IANA IPv4 Special-Purpose Address Registry, also those that are globally
reachable in part, with multicast (RFC 5771) and the reserved class E (RFC 1112).
IPv6: everything but global unicast (IANA IPv6 Address Space: 2000::/3), and in it the blocks of the
IANA IPv6 Special-Purpose Address Registry. This covers loopback, IPv4-compatible, local-use NAT64
(64:ff9b:1::/48), discard-only, segment routing (5f00::/16), unique local, link-local, site-local
and multicast addresses.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network (RFC 791)
        "10.0.0.0/8",  # private use (RFC 1918)
        "100.64.0.0/10",  # shared address space of carriers' NAT (RFC 6598)
        "127.0.0.0/8",  # loopback (RFC 1122)
        "168.63.129.16/32",  # in no registry: Azure's host, where virtual machines get secrets
        "169.254.0.0/16",  # link-local (RFC 3927), and the metadata services of clouds
        "172.16.0.0/12",  # private use (RFC 1918)
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
        "192.0.2.0/24",  # documentation (RFC 5737)
        "192.31.196.0/24",  # AS112 (RFC 7535)
        "192.52.193.0/24",  # AMT (RFC 7450)
        "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
        "192.168.0.0/16",  # private use (RFC 1918)
        "192.175.48.0/24",  # direct delegation of AS112 (RFC 7534)
        "198.18.0.0/15",  # benchmarking (RFC 2544)
        "198.51.100.0/24",  # documentation (RFC 5737)
        "203.0.113.0/24",  # documentation (RFC 5737)
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and limited broadcast (RFC 8190)
    )
)
_GLOBAL_IPV6 = IPv6Network("2000::/3")
_IPV6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments (RFC 2928), Teredo and ORCHID among them
        "2001:db8::/32",  # documentation (RFC 3849)
        "2002::/16",  # 6to4, which embeds an IPv4 address (RFC 3056)
        "2620:4f:8000::/48",  # direct delegation of AS112 (RFC 7534)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # embeds the IPv4 address that it leads to (RFC 6052)


def is_public(address: str) -> bool:
    """Say whether an IP address, with or without a zone, leads to a public host.

    If an IPv6 address embeds the IPv4 address that it leads to, the IPv4 address decides.
    Raises ValueError if the text is not an IP address.
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None and ip not in _NAT64:
            return ip in _GLOBAL_IPV6 and not any(ip in block for block in _IPV6)
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    return not any(ip in block for block in _IPV4)
