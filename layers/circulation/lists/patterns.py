"""JavaScript's patterns in Python: what isbot writes, sorted by what finds it fastest.

The result is for re.ASCII and for text as circulation.views.bots folds it. A pattern that cannot
be said exactly raises UnknownSyntax, so that a person looks at the new version of the list.
"""

import itertools
import re
from dataclasses import dataclass, field

MAX_EXPANDED = 20

_TOKEN = re.compile(
    r"(?P<escape>\\.)"
    r"|\[(?P<negated>\^?)(?P<members>(?:\\.|[^\]\\])+)\]"
    r"|(?P<opening>\((?:\?(?:[:=!]|<[=!])|(?!\?)))"
    r"|(?P<closing>\))"
    r"|(?P<quantifier>(?:[*+?]|\{\d+(?:,\d*)?\})\??)"
    r"|(?P<anchor>[\^$])"
    r"|(?P<bar>\|)"
    r"|(?P<literal>[^\\\[\](){}*+?^$|.])"
)
_MEMBER = re.compile(r"\\.|[^\\]")
_SETS = "wds"  # the escapes that stand for more than one character
_NEGATIVE_LOOKBEHIND = "(?<!"


class UnknownSyntax(Exception):  # noqa: N818
    """A pattern uses what is not known to mean the same in both languages."""


@dataclass(slots=True)
class Sorted:
    """A list of patterns by kind."""

    prefixes: list[str] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    regexes: list[dict[str, str]] = field(default_factory=list)
    """Each with a literal that every match "holds" (perhaps empty), and the "regex"."""


def sorted_patterns(patterns: list[str]) -> Sorted:
    """Translate and sort JavaScript patterns that are matched with the flag i.

    Raises UnknownSyntax.
    """
    result = Sorted()
    for pattern in patterns:
        tokens = _tokens(pattern)
        anchored = tokens[0].group() == "^"
        texts = _texts(tokens[1:] if anchored else tokens)
        if texts is None:
            result.regexes.append({"holds": _needle(tokens), "regex": _python(tokens)})
        elif anchored:
            result.prefixes += texts
        else:
            result.literals += texts
    return result


def _tokens(pattern: str) -> list[re.Match[str]]:
    found, at = [], 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise UnknownSyntax(f"{pattern!r}, from its character {at}")
        found.append(token)
        at = token.end()
    spoken = "".join(each.group() for each in found if not each["escape"])
    if not pattern.isascii() or re.sub(r"\\.", "", spoken) != re.sub(r"\\.", "", spoken).lower():
        raise UnknownSyntax(f"{pattern!r} is not in lower-case ASCII")
    return found


def _texts(tokens: list[re.Match[str]]) -> list[str] | None:
    """Give every text that the tokens match, or None when they are too many or not plain."""
    choices = [_characters(token) for token in tokens]
    texts = [""]
    for each in choices:
        if each is None or len(texts) * len(each) > MAX_EXPANDED:
            return None
        texts = ["".join(pair) for pair in itertools.product(texts, each)]
    return texts


def _characters(token: re.Match[str]) -> list[str] | None:
    """Give the characters that a token may stand for, when they are few."""
    if token["literal"]:
        return [token.group()]
    if token["escape"] == r"\d":
        return list("0123456789")
    if token["escape"]:
        return None if token.group()[1].isalnum() else [token.group()[1]]
    members = _MEMBER.findall(token["members"] or "")
    if not members or token["negated"] or any(each[-1].isalnum() for each in members):
        return None
    if "-" in members[1:-1]:
        return None
    return [each[-1] for each in members]


def _needle(tokens: list[re.Match[str]]) -> str:
    """Give the longest literal outside of groups that every match holds."""
    runs, depth = [""], 0
    for token, after in itertools.zip_longest(tokens, tokens[1:]):
        depth += bool(token["opening"]) - bool(token["closing"])
        characters = None if depth else _characters(token)
        if token["bar"] and not depth:
            return ""
        if characters and len(characters) == 1 and not (after and after["quantifier"]):
            runs[-1] += characters[0]
        else:
            runs.append("")
    return max(runs, key=len)


def _python(tokens: list[re.Match[str]]) -> str:
    said, at = "", 0
    while at < len(tokens):
        token = tokens[at]
        if token.group() == _NEGATIVE_LOOKBEHIND:
            end = _closing(tokens, at)
            inner = tokens[at + 1 : end]
            if any(each["opening"] for each in inner):
                raise UnknownSyntax("a group in a lookbehind")
            # Python wants one width: none of the alternatives may stand before, each by itself.
            said += "".join(f"(?<!{each})" for each in _alternatives(inner))
            at = end
        elif token.group() == "(?<=":
            raise UnknownSyntax("a positive lookbehind")
        elif token["members"]:
            said += f"[{token['negated']}{_class(token['members'])}]"
        elif token["escape"]:
            said += _escape(token.group())
        elif token.group() == "$":
            said += r"\Z"  # "$" would pass over a last line break
        else:
            said += token.group()
        at += 1
    try:
        re.compile(said, flags=re.ASCII)
    except re.error as error:
        raise UnknownSyntax(said) from error
    return said


def _closing(tokens: list[re.Match[str]], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += bool(tokens[index]["opening"]) - bool(tokens[index]["closing"])
        if not depth:
            return index
    raise UnknownSyntax("a group without its end")


def _alternatives(tokens: list[re.Match[str]]) -> list[str]:
    found: list[list[re.Match[str]]] = [[]]
    for token in tokens:
        if token["bar"]:
            found.append([])
        else:
            found[-1].append(token)
    return [_python(each) for each in found]


def _escape(escape: str) -> str:
    if escape[1].isalnum() and escape[1] not in _SETS + "b":
        raise UnknownSyntax(escape)
    return escape


def _class(members: str) -> str:
    """Write the members of a class; a hyphen beside a set is itself, as in JavaScript."""
    said, listed = "", _MEMBER.findall(members)
    for index, member in enumerate(listed):
        if member[0] == "\\" and member[1].isalnum() and member[1] not in _SETS:
            raise UnknownSyntax(f"[{members}]")
        if member == "-" and not _is_range(listed, index):
            said += r"\-"
        else:
            said += rf"\{member}" if member in "[&~|" else member
    return said


def _is_range(members: list[str], index: int) -> bool:
    """Tell whether the hyphen at an index makes a range of what stands at its sides."""
    if not 0 < index < len(members) - 1:
        return False
    sides = members[index - 1], members[index + 1]
    return not any(each[0] == "\\" and each[1] in _SETS for each in sides)
