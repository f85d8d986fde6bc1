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
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_URI = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!$%&'()*+,./0-9:;=?@A-Z_a-z~-]+")
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
_DOTS = re.compile(r"[\u3002\uff0e\uff61]")  # UTS #46, section 4.5
_MAX_NAME = 253  # RFC 1035, section 2.3.4, as text
_MAX_LABEL = 63
_MAX_PORT = 65_535
_ENCODED = "xn--"

# RFC 5892: letters, digits and marks. Symbols are what UTS #46 adds to them.
_LABEL_CATEGORIES = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "So"}
# Of these, what shows nothing, describes a character or replaces one (Unicode:
# Default_Ignorable_Code_Point, IDS_Binary_Operator, and the block Specials).
_NO_LETTER = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2ff0-\u2fff\u3164\u31ef\ufe00-\ufe0f\uffa0"
    r"\ufff0-\uffff\U000e0100-\U000e01ef]"
)


def web_address(text: str) -> str:
    """Give the normal form of a web address; the normal form's is itself.

    Raises ValueError with the reason in words that follow the name of what holds the address.
    """
    parts = _ADDRESS.fullmatch(text)
    if not parts:
        raise ValueError("must be an absolute http or https URL")
    if _CONTROL.search(text):
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
    if not host.isascii() or host.startswith(_ENCODED) or f".{_ENCODED}" in host:
        host = _international(host)
    if len(host) > _MAX_NAME or not _NAME.fullmatch(host):
        raise ValueError(host)
    if _ENDS_IN_NUMBER.fullmatch(host):
        from ipaddress import IPv4Address  # noqa: PLC0415

        IPv4Address(host)
    return host


def _international(host: str) -> str:
    """Write a name in ASCII (RFC 5890, as UTS #46 maps it). Raises ValueError for no such name."""
    import unicodedata  # noqa: PLC0415

    labels = [_unicode_label(each) for each in _mapped(_DOTS.sub(".", host)).split(".")]
    classes = [[unicodedata.bidirectional(letter) for letter in each] for each in labels]
    if any({"R", "AL", "AN"} & set(each) for each in classes):
        for each in classes:
            _check_direction(each)
    return ".".join(map(_ascii_label, labels))


def _unicode_label(label: str) -> str:
    import unicodedata  # noqa: PLC0415

    text = label
    if label.startswith(_ENCODED):
        if len(label) > _MAX_LABEL:
            raise ValueError(label)
        text = label.removeprefix(_ENCODED).encode("ascii").decode("punycode")
        # It must be the one way to write what it stands for.
        if text.isascii() or _ascii_label(text) != label:
            raise ValueError(label)
    if text.isascii():
        return text
    categories = [unicodedata.category(each) for each in text if not each.isascii()]
    if (
        _mapped(text) != text
        or unicodedata.category(text[0])[0] == "M"
        or not _LABEL_CATEGORIES.issuperset(categories)
        or _NO_LETTER.search(text)
    ):
        raise ValueError(label)
    return text


def _mapped(text: str) -> str:
    """Fold case and compatibility forms; the two letters stay that IDNA 2008 took back."""
    import unicodedata  # noqa: PLC0415

    composed = unicodedata.normalize("NFKC", text).replace("\u1e9e", "\u00df")
    folded = (each if each in "\u00df\u03c2" else each.casefold() for each in composed)
    return unicodedata.normalize("NFKC", "".join(folded))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"{_ENCODED}{label.encode('punycode').decode()}"


def _check_direction(classes: list[str]) -> None:
    """Check a label of a name with letters that run from right to left (RFC 5893, section 2)."""
    told = set(classes)
    ends = next((each for each in reversed(classes) if each != "NSM"), "")
    neutral = {"EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
    if classes[:1] == ["L"]:
        fits = told <= neutral | {"L"} and ends in ("L", "EN")
    else:
        fits = classes[:1] in (["R"], ["AL"]) and told <= neutral | {"R", "AL", "AN"}
        fits = fits and ends in ("R", "AL", "EN", "AN") and not {"EN", "AN"} <= told
    if classes and not fits:
        raise ValueError("mixes directions")
