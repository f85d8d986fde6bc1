"""Bots: programs whose user agent says so, or is too short to be a browser's."""

import json
import re
import string
from functools import cache, lru_cache
from pkgutil import get_data
from typing import NamedTuple

MIN_USER_AGENT = 12
MAX_USER_AGENT = 1024  # characters examined; a browser's has less than half of that
REMEMBERED = 1024  # results cached

# Missing from the list: the HTTP libraries of iOS and Android, which apps use without a browser, a
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
# Names of devices and browsers that the list matches by mistake. They are removed before a second
# match, which decides.
_DEVICES = (
    # The model of an Android phone, which may be any word: Discovery, Newsday, M bot, Radar.
    r"(?<=\(linux; )(?:(?:u|arm|arm_64|x86_64); )?android [\d.]+; "
    r"(?:[a-z]{2}(?:[-_][a-z]{2})?; )?[^;()]*"
    r"|\b(?:ce-html|bada)/1\.0;"  # television sets; Samsung's phones before Android
    r"|\.catcher\d"  # Vidaa's television sets
    r"|(?<=; )htc; radar"  # a Windows phone
    r"|sogoumse,sogoumobilebrowser"  # a browser
    r"|process/tools"  # WeChat's browser
)
# isbot matches with JavaScript's flag i, here only for ASCII letters. JavaScript has more white
# space than re.ASCII (ECMA-262, WhiteSpace and LineTerminator), but no pattern distinguishes it
# from a tab.
_JAVASCRIPT_SPACES = (
    "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_FOLDED = str.maketrans(
    string.ascii_uppercase + _JAVASCRIPT_SPACES,
    string.ascii_lowercase + "\t" * len(_JAVASCRIPT_SPACES),
)


class _Patterns(NamedTuple):
    """The isbot list by the fastest way to match each pattern, for folded text."""

    prefixes: tuple[str, ...]
    literals: tuple[str, ...]
    regexes: tuple[tuple[str, str], ...]
    """Pairs of a literal that every match contains (may be empty) and the regular expression."""


def is_bot(user_agent: str) -> bool:
    """Tell whether a user agent is a program's, or too short to be a browser's."""
    return len(user_agent) < MIN_USER_AGENT or _is_program(user_agent[:MAX_USER_AGENT])


def is_listed(user_agent: str) -> bool:
    """Tell whether the isbot list matches a user agent, with the same result as isbot itself."""
    return _matches(user_agent.translate(_FOLDED))


@lru_cache(maxsize=REMEMBERED)
def _is_program(user_agent: str) -> bool:
    text = user_agent.translate(_FOLDED)
    if any(word in text for word in _UNLISTED):
        return True
    return _matches(text) and _matches(_compile(_DEVICES).sub("", text))


def _matches(text: str) -> bool:
    patterns = _load_patterns()
    return (
        text.startswith(patterns.prefixes)
        or any(literal in text for literal in patterns.literals)
        or any(
            needle in text and _compile(regex).search(text) for needle, regex in patterns.regexes
        )
    )


@cache
def _load_patterns() -> _Patterns:
    isbot_list = json.loads(get_data("circulation", "data/isbot.json") or b"")
    return _Patterns(
        prefixes=tuple(isbot_list["prefixes"]),
        literals=tuple(isbot_list["literals"]),
        regexes=tuple((entry["holds"], entry["regex"]) for entry in isbot_list["regexes"]),
    )


@cache
def _compile(regex: str) -> re.Pattern[str]:
    """Compile a pattern on first use; most are never used, as browsers lack their literals."""
    return re.compile(regex, flags=re.ASCII)
