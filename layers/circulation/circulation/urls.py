"""Web addresses, judged in one place: what passes here can be split, joined and written anywhere.

An address is absolute, http or https, and names a host. Its normal form holds the characters of a
URI alone (RFC 3986, appendix A): whatever else stands in it is escaped, and an international name
is written in ASCII. A host passes that the name system can hold (RFC 1123, with the underscore
that some blogs have), in the form that browsers take (WHATWG URL, "host parsing"): what one program
reads as a host and another does not is refused. So is a user's name (RFC 9110, section 4.2.4).
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
    """Give the normal form of a web address; the normal form's is itself.

    Raises ValueError with the reason in words that follow the name of what holds the address.
    """
    parts = _ADDRESS.fullmatch(text)
    if not parts:
        raise ValueError("must be an absolute http or https URL")
    if _CONTROL.search(text) or (not text.isascii() and re.search(_CONTROL_OR_HALF, text)):
        raise ValueError("must hold no control characters")
    scheme, authority, path, query, fragment = parts.groups(default="")
    # Browsers take a backslash for a slash here; left in, it would end the host for them alone.
    path = path.replace("\\", "/")
    rest = _escaped(path) + query[:1] + _escaped(query[1:]) + fragment[:1] + _escaped(fragment[1:])
    return f"{scheme.lower()}://{_authority(authority)}{rest}"


def resolve_address(reference: str, base: str = "") -> str:
    """Give the normal form of an address that may be relative to another.

    White space around it, and line ends in it, are no part of it (WHATWG URL, "basic URL parser").
    Raises ValueError.
    """
    return web_address(urljoin(base, re.sub(r"[\t\n\r]", "", reference).strip()))


def address_or_none(reference: str, base: str = "") -> str | None:
    """Give the normal form of an address that may be relative, None where it is no address."""
    try:
        return resolve_address(reference, base)
    except ValueError:
        return None


def _escaped(text: str) -> str:
    return _NO_URI.sub(lambda found: quote(found[0], safe=""), text)


def _authority(text: str) -> str:
    if "@" in text:
        raise ValueError("must not name a user")
    parts = _AUTHORITY.fullmatch(text)
    if not parts or (parts[2] and int(parts[2]) > _MAX_PORT):
        raise ValueError(f"must name a host, and a port from 0 to {_MAX_PORT} or none")
    try:
        host = _literal(parts[1]) if parts[1].startswith("[") else _host(parts[1].lower())
    except ValueError as error:
        raise ValueError("must name a host such as news.example") from error
    return f"{host}:{int(parts[2])}" if parts[2] else host


def _literal(text: str) -> str:
    # Few addresses are of this kind, and the functions that count views import this module too.
    from ipaddress import IPv6Address  # noqa: PLC0415

    if "%" in text:  # RFC 6874's zones, which browsers refuse
        raise ValueError(text)
    return f"[{IPv6Address(text[1:-1]).compressed}]"


def _host(host: str) -> str:
    if len(host) > _MAX_NAME:
        raise ValueError(host)
    if not host.isascii() or host.startswith("xn--") or ".xn--" in host:
        from circulation.domain_names import ascii_name  # noqa: PLC0415  likewise

        host = ascii_name(host)
    if len(host) > _MAX_NAME or not _NAME.fullmatch(host):
        raise ValueError(host)
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.startswith("0x"):
        # Browsers take it for an IPv4 address, in this form or in others that nobody else does.
        from ipaddress import IPv4Address  # noqa: PLC0415

        IPv4Address(host)
    return host
