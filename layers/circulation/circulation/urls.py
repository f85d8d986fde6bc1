"""Validate and normalise web addresses: a normal form can be split, joined and written anywhere.

An address is absolute, http or https, and has a host. Its normal form consists of the characters
of a URI (RFC 3986, appendix A): other characters are escaped, and an international domain name is
converted to ASCII. The host must be valid in DNS (RFC 1123, and underscores, which some blogs
have) and be written as browsers parse it (WHATWG URL, "host parsing"): a host that some programs
parse differently is refused. So is a user name (RFC 9110, section 4.2.4).
"""

import re
from urllib.parse import quote, urljoin

_ADDRESS = re.compile(
    r"(https?)://([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?", flags=re.ASCII | re.IGNORECASE | re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_OR_HALF = r"[\x80-\x9f\ud800-\udfff]"
_NO_URI = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!$%&'()*+,./0-9:;=?@A-Z_a-z~-]+")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_MAX_NAME = 253  # RFC 1035, section 2.3.4, as text
_MAX_PORT = 65_535


def web_address(text: str) -> str:
    """Give the normal form of a web address; normalising it again changes nothing.

    Raises ValueError with a reason that completes a sentence after the field's name.
    """
    parts = _ADDRESS.fullmatch(text)
    if not parts:
        raise ValueError("must be an absolute http or https URL")
    if _CONTROL.search(text) or (not text.isascii() and re.search(_CONTROL_OR_HALF, text)):
        raise ValueError("must hold no control characters")
    scheme, authority, path, query, fragment = parts.groups(default="")
    # Browsers read a backslash as a slash here; left in, it would end the host for them alone.
    path = path.replace("\\", "/")
    rest = (
        escape_uri(path)
        + query[:1]
        + escape_uri(query[1:])
        + fragment[:1]
        + escape_uri(fragment[1:])
    )
    return f"{scheme.lower()}://{_normalise_authority(authority)}{rest}"


def resolve_address(reference: str, base: str = "") -> str:
    """Give the normal form of an address that may be relative to base.

    White space around it, and tabs and line ends in it, are removed (WHATWG URL, "basic URL
    parser"). Raises ValueError like web_address.
    """
    return web_address(urljoin(base, re.sub(r"[\t\n\r]", "", reference).strip()))


def address_or_none(reference: str, base: str = "") -> str | None:
    """Give the normal form of an address that may be relative to base; None if it is invalid."""
    try:
        return resolve_address(reference, base)
    except ValueError:
        return None


def escape_uri(text: str) -> str:
    """Escape what is no character of a URI, and `%` that begins no escape (RFC 3986)."""
    return _NO_URI.sub(lambda match: quote(match[0], safe=""), text)


def _normalise_authority(text: str) -> str:
    if "@" in text:
        raise ValueError("must not name a user")
    parts = _AUTHORITY.fullmatch(text)
    if not parts or (parts[2] and int(parts[2]) > _MAX_PORT):
        raise ValueError(f"must name a host, and a port from 0 to {_MAX_PORT} or none")
    try:
        host = (
            _normalise_ipv6(parts[1])
            if parts[1].startswith("[")
            else _normalise_host(parts[1].lower())
        )
    except ValueError as error:
        raise ValueError("must name a host such as news.example") from error
    return f"{host}:{int(parts[2])}" if parts[2] else host


def _normalise_ipv6(text: str) -> str:
    # Imported here: few addresses need it, and the functions that count views must start fast.
    from ipaddress import IPv6Address  # noqa: PLC0415

    if "%" in text:  # a zone (RFC 6874), which browsers refuse
        raise ValueError(text)
    return f"[{IPv6Address(text[1:-1]).compressed}]"


def _normalise_host(host: str) -> str:
    if len(host) > _MAX_NAME:
        raise ValueError(host)
    if not host.isascii() or host.startswith("xn--") or ".xn--" in host:
        from circulation.domain_names import ascii_name  # noqa: PLC0415  as above

        host = ascii_name(host)
    if len(host) > _MAX_NAME or not _NAME.fullmatch(host):
        raise ValueError(host)
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # Browsers parse it as an IPv4 address, also in forms that other programs do not accept.
        from ipaddress import IPv4Address  # noqa: PLC0415

        IPv4Address(host)
    return host
