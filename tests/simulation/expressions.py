"""DynamoDB's condition and update expressions, as far as our tables write them, made callable.

Items are attributes in DynamoDB's own types ({"n": {"N": "1"}}). The grammar is that of the
developer guide: "Condition and filter expressions: syntax", "Update expressions".
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Item = dict[str, dict[str, Any]]
Names = Mapping[str, str]
Values = Mapping[str, dict[str, Any]]
Condition = Callable[[Item, Names, Values], bool]
Update = Callable[[Item, Names, Values], Item]
_Operand = Callable[[Item, Names, Values], dict[str, Any] | None]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[<>=(),+-]|[#:]?\w+)")


@cache
def condition(text: str) -> Condition:
    """Read a condition. Raises ValueError for what it does not know."""
    parser = _Parser(text)
    holds = parser.any_of()
    parser.end()
    return holds


@cache
def update(text: str) -> Update:
    """Read an update, which gives the changed item and leaves the given one as it is."""
    parser = _Parser(text)
    actions: list[Callable[[Item, Item, Names, Values], None]] = []
    while parser.tokens:
        clause = parser.take()
        action = {
            "SET": parser.set_one,
            "ADD": parser.add_one,
            "REMOVE": parser.remove_one,
            "DELETE": parser.delete_one,
        }[clause]
        actions.append(action())
        while parser.taken(","):
            actions.append(action())

    def changed(item: Item, names: Names, values: Values) -> Item:
        after = dict(item)
        for act in actions:
            act(item, after, names, values)
        return after

    return changed


class _Parser:
    """Takes tokens from the front; each method reads one construct of the grammar."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        if "".join(self.tokens) != "".join(text.split()):
            raise ValueError(f"no expression: {text}")

    def take(self) -> str:
        return self.tokens.pop(0)  # type: ignore[no-any-return]

    def taken(self, token: str) -> bool:
        if self.tokens and self.tokens[0] == token:
            self.tokens.pop(0)
            return True
        return False

    def need(self, token: str) -> None:
        if not self.taken(token):
            raise ValueError(f"{token} is missing before {self.tokens}")

    def end(self) -> None:
        if self.tokens:
            raise ValueError(f"what is {self.tokens}")

    def any_of(self) -> Condition:
        first = self.all_of()
        if not self.taken("OR"):
            return first
        rest = self.any_of()
        return lambda item, names, values: first(item, names, values) or rest(item, names, values)

    def all_of(self) -> Condition:
        first = self.one()
        if not self.taken("AND"):
            return first
        rest = self.all_of()
        return lambda item, names, values: first(item, names, values) and rest(item, names, values)

    def one(self) -> Condition:
        if self.taken("NOT"):
            holds = self.one()
            return lambda item, names, values: not holds(item, names, values)
        if self.taken("("):
            holds = self.any_of()
            self.need(")")
            return holds
        if self.tokens[0] in ("attribute_exists", "attribute_not_exists"):
            wanted = self.take() == "attribute_exists"
            self.need("(")
            path = self.take()
            self.need(")")
            return lambda item, names, _: (names.get(path, path) in item) is wanted
        if self.taken("contains"):
            self.need("(")
            path = self.take()
            self.need(",")
            member = self.take()
            self.need(")")
            return lambda item, names, values: _contains(item.get(names[path]), values[member])
        return self.comparison()

    def comparison(self) -> Condition:
        left, sign, right = self.operand(), self.take(), self.operand()

        def holds(item: Item, names: Names, values: Values) -> bool:
            one, two = left(item, names, values), right(item, names, values)
            if one is None or two is None:
                return False  # what is not there compares with nothing
            ((kind, a),), ((other, b),) = one.items(), two.items()
            if kind != other:
                return sign == "<>"
            if kind == "N":
                a, b = int(a), int(b)
            elif kind in _SETS:
                a, b = set(a), set(b)
            return bool(_COMPARE[sign](a, b))

        return holds

    def operand(self) -> _Operand:
        token = self.take()
        if token == "size":
            self.need("(")
            path = self.take()
            self.need(")")
            return lambda item, names, _values: _size(item.get(names.get(path, path)))
        if token.startswith(":"):
            return lambda _item, _names, values: values[token]
        return lambda item, names, _values: item.get(names.get(token, token))

    def set_one(self) -> Callable[[Item, Item, Names, Values], None]:
        path = self.take()
        self.need("=")
        value = self.summand()
        if self.tokens and self.tokens[0] in ("+", "-"):
            sign, more, first = {"+": 1, "-": -1}[self.take()], self.summand(), value

            def value(item: Item, names: Names, values: Values) -> dict[str, Any] | None:
                return _sum(first(item, names, values), more(item, names, values), sign)

        def act(before: Item, after: Item, names: Names, values: Values) -> None:
            told = value(before, names, values)
            if told is None:
                raise ValueError(f"{path} is set to an attribute that is not there")
            after[names.get(path, path)] = told

        return act

    def summand(self) -> _Operand:
        if not self.taken("if_not_exists"):
            return self.operand()
        self.need("(")
        path = self.operand()
        self.need(",")
        otherwise = self.operand()
        self.need(")")
        return lambda item, names, values: (
            path(item, names, values) or otherwise(item, names, values)
        )

    def add_one(self) -> Callable[[Item, Item, Names, Values], None]:
        path, amount = self.take(), self.take()

        def act(before: Item, after: Item, names: Names, values: Values) -> None:
            name = names.get(path, path)
            more = values[amount]
            ((kind, members),) = more.items()
            if kind in _SETS:
                after[name] = {kind: sorted({*before.get(name, {kind: ()})[kind], *members})}
            else:
                after[name] = _sum(before.get(name, {"N": "0"}), more)

        return act

    def delete_one(self) -> Callable[[Item, Item, Names, Values], None]:
        """Take members out of a set; one that is left empty is no attribute any more."""
        path, members = self.take(), self.take()

        def act(before: Item, after: Item, names: Names, values: Values) -> None:
            name = names.get(path, path)
            left = {*before.get(name, {"SS": ()})["SS"]} - {*values[members]["SS"]}
            after.pop(name, None)
            if left:
                after[name] = {"SS": sorted(left)}

        return act

    def remove_one(self) -> Callable[[Item, Item, Names, Values], None]:
        path = self.take()

        def act(_before: Item, after: Item, names: Names, _values: Values) -> None:
            after.pop(names.get(path, path), None)

        return act


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


_SETS = {"SS", "BS"}


def _contains(whole: dict[str, Any] | None, member: dict[str, Any]) -> bool:
    ((kind, value),) = member.items()
    return whole is not None and value in whole.get(f"{kind}S", ())


def _size(whole: dict[str, Any] | None) -> dict[str, Any] | None:
    if whole is None:
        return None
    ((_kind, members),) = whole.items()
    return {"N": str(len(members))}


def _sum(one: dict[str, Any] | None, two: dict[str, Any] | None, sign: int = 1) -> dict[str, Any]:
    if one is None or two is None:
        raise ValueError("a sum of what is not there")
    return {"N": str(int(one["N"]) + sign * int(two["N"]))}
