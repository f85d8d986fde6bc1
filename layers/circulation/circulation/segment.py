"""A segment: a name as one part of an address's path, whoever carries the address.

Between a client and a function a path is decoded once or twice, and cut or changed where a
character means something to a path: API Gateway decodes it before it routes, and cuts it at a "?"
that was encoded (middleapi/standard-server#93); others take "+" for a space, end a path at "#" or
";", or turn a backslash. So no such character is written as "%3F", which becomes one on the way: it
is written "~3F", which all leave as it is ("~" is unreserved: RFC 3986, section 2.3).
"""

import re
from urllib.parse import quote

_PLAIN = "-._"
_MARKS = frozenset(
    chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum() and chr(code) not in _PLAIN
)
"""What is written with "~": every ASCII character but letters, digits, the space and -._"""

_WRITTEN = {ord(mark): f"~{ord(mark):02X}" for mark in _MARKS}
_MARK = re.compile("~([0-9A-Fa-f]{2})")


def encode_segment(name: str) -> str:
    """Write a name as a segment: C# is C~23, and what is not ASCII is percent-encoded UTF-8."""
    return quote(name.translate(_WRITTEN), safe="")


def decode_segment(segment: str) -> str:
    """Read the name in a segment that was percent-decoded, once or oftener.

    A "~" before anything but the code of such a character stands for itself, as any character
    does: /tags/C%23/feed.rss is the tag C# wherever it arrives whole.
    """
    return _MARK.sub(_read, segment)


def _read(match: re.Match[str]) -> str:
    mark = chr(int(match[1], 16))
    return mark if mark in _MARKS else match[0]
