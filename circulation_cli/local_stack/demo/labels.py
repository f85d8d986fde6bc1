"""The names of sections as the demo shows them: with a capital, unless two would look the same."""

from collections import Counter
from collections.abc import Iterable, Mapping

_DOTTED = ("az", "tr")
"""Languages in which the capital of i has a dot."""


def label_sections(names: Iterable[str], language: str) -> Mapping[str, str]:
    """Give the label of each section by its name, in alphabetical order whatever the case.

    Names are compared letter by letter, so "City" and "city" are two sections; they are then shown
    as they are.
    """
    ordered = sorted(names, key=lambda name: (name.casefold(), name))
    capitals = {name: _capitalise(name, language) for name in ordered}
    times = Counter(capitals.values())
    return {name: label if times[label] == 1 else name for name, label in capitals.items()}


def _capitalise(name: str, language: str) -> str:
    is_dotted = name.startswith("i") and language.lower().split("-")[0] in _DOTTED
    return ("İ" if is_dotted else name[:1].title()) + name[1:]
