"""How languages write numbers, from the Unicode CLDR's JSON packages.

https://www.unicode.org/reports/tr35/tr35-numbers.html: section 2.3 (symbols), 2.4 (patterns and
minimumGroupingDigits), 1 (numbering systems).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Style = tuple[str, int, int, str]
"""The group separator, the least digits before the first one (minimumGroupingDigits), the digits of
a group above the thousands, and the ten digits."""


def number_styles(numbers: Path, core: Path) -> list[dict[str, Any]]:
    """Give each style of writing whole numbers with its language tags.

    Numbers and core are the folders of the CLDR packages. A tag is left out if the tag without its
    last part has the same style.
    """
    systems = json.loads((core / "supplemental/numberingSystems.json").read_bytes())
    digits = {
        name: system.get("_digits", "")
        for name, system in systems["supplemental"]["numberingSystems"].items()
    }
    styles = dict(_read_styles(numbers, digits))
    tags: dict[Style, list[str]] = {}
    for tag in sorted(styles):
        if inherited(tag.rpartition("-")[0], styles) != styles[tag]:
            tags.setdefault(styles[tag], []).append(tag)
    return [
        {"mark": mark, "least": least, "group": group, "digits": ten, "languages": languages}
        for (mark, least, group, ten), languages in sorted(tags.items())
    ]


def inherited(tag: str, styles: Mapping[str, Style]) -> Style | None:
    """Find a tag's style by removing last parts until there is one (RFC 4647, section 3.4)."""
    while tag and tag not in styles:
        tag = tag.rpartition("-")[0]
    return styles.get(tag)


def _read_styles(numbers: Path, digits: Mapping[str, str]) -> Iterator[tuple[str, Style]]:
    for path in sorted(numbers.glob("main/*/numbers.json")):
        tag = path.parent.name
        rules = json.loads(path.read_bytes())["main"][tag]["numbers"]
        system = rules["defaultNumberingSystem"]
        pattern = rules[f"decimalFormats-numberSystem-{system}"]["standard"]
        *_, group, thousands = pattern.partition(".")[0].split(",")
        if len(thousands) != 3:  # noqa: PLR2004  digits: one minor language's, which is a slip
            continue
        yield (
            tag,
            (
                rules[f"symbols-numberSystem-{system}"]["group"],
                int(rules["minimumGroupingDigits"]),
                len(group) if "#," in pattern and pattern.count(",") > 1 else 3,
                digits[system],
            ),
        )
