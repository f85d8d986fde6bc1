"""Who is not a reader: programs that say so in their user agent, or that say nothing."""

import json
import re
import string
from dataclasses import dataclass
from functools import cache, lru_cache
from pkgutil import get_data

MIN_USER_AGENT = 12
MAX_USER_AGENT = 1024  # the rest is not looked at: no browser's is half as long
REMEMBERED = 1024

# What the list misses: the HTTP libraries of iOS and Android, which apps use without a browser, a
# feed reader, and services and tools that drive a browser.
_UNLISTED = (
    "akregator",
    "assetnote",
    "cfnetwork/",
    "dalvik/",
    "gtmetrix",
    "miniature.io/",
    "puppeteer",
)
# What the list takes for a program's word, and is a device's or a browser's own. It is taken out,
# and the rest of the user agent has to speak for itself.
_DEVICES = (
    # The model of an Android phone, whatever its maker calls it: Discovery, Newsday, M bot, Radar.
    r"(?<=\(linux; )(?:(?:u|arm|arm_64|x86_64); )?android [\d.]+; "
    r"(?:[a-z]{2}(?:[-_][a-z]{2})?; )?[^;()]*"
    r"|\b(?:ce-html|bada)/1\.0;"  # television sets; Samsung's phones before Android
    r"|\.catcher\d"  # Vidaa's television sets
    r"|(?<=; )htc; radar"  # a Windows phone
    r"|sogoumse,sogoumobilebrowser"  # a browser
    r"|process/tools"  # WeChat's browser
)
# With JavaScript's flag i only ASCII letters are alike in both cases. Its white space is more than
# that of re.ASCII (ECMA-262, WhiteSpace and LineTerminator), but no pattern tells it from a tab.
_JAVASCRIPT_SPACES = (
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_FOLDED = str.maketrans(
    string.ascii_uppercase + _JAVASCRIPT_SPACES,
    string.ascii_lowercase + "\t" * len(_JAVASCRIPT_SPACES),
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The isbot list, sorted by what finds a pattern fastest; for folded text."""

    prefixes: tuple[str, ...]
    literals: tuple[str, ...]
    regexes: tuple[tuple[str, str], ...]
    """A literal that every match holds, or an empty one, and the pattern."""


def is_bot(user_agent: str) -> bool:
    """Tell whether a user agent is a program's, or too short to be any browser's."""
    return len(user_agent) < MIN_USER_AGENT or _is_program(user_agent[:MAX_USER_AGENT])


def is_listed(user_agent: str) -> bool:
    """Tell whether the isbot list has a user agent, as isbot itself does."""
    return _matches(user_agent.translate(_FOLDED))


@lru_cache(maxsize=REMEMBERED)
def _is_program(user_agent: str) -> bool:
    text = user_agent.translate(_FOLDED)
    if any(word in text for word in _UNLISTED):
        return True
    return _matches(text) and _matches(_compiled(_DEVICES).sub("", text))


def _matches(text: str) -> bool:
    listed = _patterns()
    return (
        text.startswith(listed.prefixes)
        or any(literal in text for literal in listed.literals)
        or any(needle in text and _compiled(regex).search(text) for needle, regex in listed.regexes)
    )


@cache
def _patterns() -> _Patterns:
    listed = json.loads(get_data("circulation", "data/isbot.json") or b"")
    return _Patterns(
        prefixes=tuple(listed["prefixes"]),
        literals=tuple(listed["literals"]),
        regexes=tuple((each["holds"], each["regex"]) for each in listed["regexes"]),
    )


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    """Compile a pattern when a text first holds its literal: for most, a browser's never does."""
    return re.compile(regex, flags=re.ASCII)
