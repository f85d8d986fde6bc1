"""Every key of the tables, found in the rooms that make them."""

import importlib.util
import inspect
import itertools
import pkgutil
from collections.abc import Iterator
from typing import NamedTuple

import circulation
from circulation.articles.listing import Kind, Listing
from circulation.statistics.rollup import Subject, SubjectKind

VALUES: dict[str, tuple[object, ...]] = {
    "listing": tuple(Listing(kind, "" if kind is Kind.ALL else f"{{{kind}}}") for kind in Kind),
    "path": ("{canonical path}",),
    "section": (None, "{section}"),
    "section_name": ("{section}",),
    "subject": tuple(
        Subject(kind, "" if kind is SubjectKind.SITE else f"{{{kind}}}") for kind in SubjectKind
    ),
    "subscriber": ("00",),
    "visitor": ("AAAA",),
}
"""What stands for arguments; any other is its name in braces, as docs/table.md writes it."""


class MadeKey(NamedTuple):
    """A key that a room makes; the sort key is None where only a partition is named."""

    room: str
    partition: str
    sort_key: str | None

    @property
    def prefix(self) -> str:
        """What the keys of its kind begin with."""
        return self.partition.partition("#")[0]


def made_keys() -> Iterator[MadeKey]:
    for module in pkgutil.iter_modules(circulation.__path__):
        name = f"circulation.{module.name}.keys"
        if module.ispkg and importlib.util.find_spec(name):
            for member in vars(importlib.import_module(name)).items():
                for key in _keys(f"circulation.{module.name}", *member):
                    yield MadeKey(module.name, *key)


def _keys(room: str, name: str, member: object) -> Iterator[tuple[str, str | None]]:
    if name.startswith("_"):
        return
    if inspect.isfunction(member) and member.__module__ == f"{room}.keys":
        if name.endswith(("_key", "_partition")):
            parameters = inspect.signature(member).parameters
            values = [VALUES.get(each, (f"{{{each}}}",)) for each in parameters]
            for arguments in itertools.product(*values):
                yield _key(member(*arguments))
    elif isinstance(member, str | dict) and name.isupper():
        yield _key(member)


def _key(made: str | dict[str, str]) -> tuple[str, str | None]:
    if isinstance(made, str):
        return made, None
    partition, *sort_keys = made.values()
    return partition, sort_keys[0] if sort_keys else None
