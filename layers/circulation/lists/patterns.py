"""Translation of isbot's JavaScript patterns to Python, sorted by the fastest way to match them.

The result is for re.ASCII and for text that circulation.views.bots has folded. A pattern without
an exact translation raises UnknownSyntax, so that a person checks the new version of the list.
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
    """A pattern has syntax that may have another meaning in Python."""


@dataclass(slots=True)
class Sorted:
    """A list of patterns by kind."""

    prefixes: list[str] = field(default_factory=list)
    literals: list[str] = field(default_factory=list)
    regexes: list[dict[str, str]] = field(default_factory=list)
    """A literal that every match contains ("holds", may be empty) and the expression ("regex")."""


def sorted_patterns(patterns: list[str]) -> Sorted:
    """Translate and sort JavaScript patterns that are matched with flag i.

    Raises UnknownSyntax.
    """
    result = Sorted()
    for pattern in patterns:
        tokens = _split(pattern)
        anchored = tokens[0].group() == "^"
        texts = _expand(tokens[1:] if anchored else tokens)
        if texts is None:
            result.regexes.append({"holds": _longest_literal(tokens), "regex": _translate(tokens)})
        elif anchored:
            result.prefixes += texts
        else:
            result.literals += texts
    return result


def _split(pattern: str) -> list[re.Match[str]]:
    tokens, at = [], 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise UnknownSyntax(f"{pattern!r}, from its character {at}")
        tokens.append(token)
        at = token.end()
    literal_text = "".join(token.group() for token in tokens if not token["escape"])
    if (
        not pattern.isascii()
        or re.sub(r"\\.", "", literal_text) != re.sub(r"\\.", "", literal_text).lower()
    ):
        raise UnknownSyntax(f"{pattern!r} is not in lower-case ASCII")
    return tokens


def _expand(tokens: list[re.Match[str]]) -> list[str] | None:
    """Give every text that tokens match; None if there are too many, or an unlimited number."""
    choices = [_characters_of(token) for token in tokens]
    texts = [""]
    for characters in choices:
        if characters is None or len(texts) * len(characters) > MAX_EXPANDED:
            return None
        texts = ["".join(pair) for pair in itertools.product(texts, characters)]
    return texts


def _characters_of(token: re.Match[str]) -> list[str] | None:
    """Give the characters that a token matches if it lists them or means digits; else None."""
    if token["literal"]:
        return [token.group()]
    if token["escape"] == r"\d":
        return list("0123456789")
    if token["escape"]:
        return None if token.group()[1].isalnum() else [token.group()[1]]
    members = _MEMBER.findall(token["members"] or "")
    if not members or token["negated"] or any(member[-1].isalnum() for member in members):
        return None
    if "-" in members[1:-1]:
        return None
    return [member[-1] for member in members]


def _longest_literal(tokens: list[re.Match[str]]) -> str:
    """Give the longest literal outside of groups that every match contains; may be empty."""
    runs, depth = [""], 0
    for token, after in itertools.zip_longest(tokens, tokens[1:]):
        depth += bool(token["opening"]) - bool(token["closing"])
        characters = None if depth else _characters_of(token)
        if token["bar"] and not depth:
            return ""
        if characters and len(characters) == 1 and not (after and after["quantifier"]):
            runs[-1] += characters[0]
        else:
            runs.append("")
    return max(runs, key=len)


def _translate(tokens: list[re.Match[str]]) -> str:
    regex, at = "", 0
    while at < len(tokens):
        token = tokens[at]
        if token.group() == _NEGATIVE_LOOKBEHIND:
            end = _find_closing(tokens, at)
            inner = tokens[at + 1 : end]
            if any(token["opening"] for token in inner):
                raise UnknownSyntax("a group in a lookbehind")
            # A lookbehind in Python has one width, so each alternative gets one of its own.
            regex += "".join(
                f"(?<!{alternative})" for alternative in _translate_alternatives(inner)
            )
            at = end
        elif token.group() == "(?<=":
            raise UnknownSyntax("a positive lookbehind")
        elif token["members"]:
            regex += f"[{token['negated']}{_translate_class(token['members'])}]"
        elif token["escape"]:
            regex += _translate_escape(token.group())
        elif token.group() == "$":
            regex += r"\Z"  # Python's "$" also matches before a last line break
        else:
            regex += token.group()
        at += 1
    try:
        re.compile(regex, flags=re.ASCII)
    except re.error as error:
        raise UnknownSyntax(regex) from error
    return regex


def _find_closing(tokens: list[re.Match[str]], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += bool(tokens[index]["opening"]) - bool(tokens[index]["closing"])
        if not depth:
            return index
    raise UnknownSyntax("a group without its end")


def _translate_alternatives(tokens: list[re.Match[str]]) -> list[str]:
    alternatives: list[list[re.Match[str]]] = [[]]
    for token in tokens:
        if token["bar"]:
            alternatives.append([])
        else:
            alternatives[-1].append(token)
    return [_translate(alternative) for alternative in alternatives]


def _translate_escape(escape: str) -> str:
    if escape[1].isalnum() and escape[1] not in _SETS + "b":
        raise UnknownSyntax(escape)
    return escape


def _translate_class(members: str) -> str:
    """Write the members of a class; a hyphen beside a set is literal, as in JavaScript."""
    regex, tokens = "", _MEMBER.findall(members)
    for index, member in enumerate(tokens):
        if member[0] == "\\" and member[1].isalnum() and member[1] not in _SETS:
            raise UnknownSyntax(f"[{members}]")
        if member == "-" and not _is_range(tokens, index):
            regex += r"\-"
        else:
            regex += rf"\{member}" if member in "[&~|" else member
    return regex


def _is_range(members: list[str], index: int) -> bool:
    """Tell whether the hyphen at an index makes a range of the members beside it."""
    if not 0 < index < len(members) - 1:
        return False
    sides = members[index - 1], members[index + 1]
    return not any(side[0] == "\\" and side[1] in _SETS for side in sides)
