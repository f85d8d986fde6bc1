import json
from pathlib import Path
from typing import Any

from lists.numerals import number_styles

SYSTEMS = {"latn": {"_digits": "0123456789"}, "deva": {"_digits": "०१२३४५६७८९"}, "roman": {}}


def put(folder: Path, tag: str, system: str = "latn", **told: Any) -> None:
    file = folder / "numbers/main" / tag / "numbers.json"
    file.parent.mkdir(parents=True)
    numbers = {
        "defaultNumberingSystem": system,
        "minimumGroupingDigits": told.get("least", "1"),
        f"symbols-numberSystem-{system}": {"group": told.get("mark", ",")},
        f"decimalFormats-numberSystem-{system}": {"standard": told.get("pattern", "#,##0.###")},
    }
    file.write_text(json.dumps({"main": {tag: {"numbers": numbers}}}))


def test_a_language_is_named_where_it_differs_from_the_one_above_it(tmp_path: Path) -> None:
    supplemental = tmp_path / "core/supplemental/numberingSystems.json"
    supplemental.parent.mkdir(parents=True)
    supplemental.write_text(json.dumps({"supplemental": {"numberingSystems": SYSTEMS}}))
    put(tmp_path, "en")
    put(tmp_path, "en-GB")
    put(tmp_path, "en-IN", pattern="#,##,##0.###")
    put(tmp_path, "pt", mark=".")
    put(tmp_path, "pt-PT", mark="\u00a0", least="2")
    put(tmp_path, "mr", "deva", pattern="#,##,##0.###")
    put(tmp_path, "tok", pattern="#,#0.###")
    styles = number_styles(tmp_path / "numbers", tmp_path / "core")
    assert {tag: each | {"languages": None} for each in styles for tag in each["languages"]} == {
        tag: {"mark": mark, "least": least, "group": group, "digits": digits, "languages": None}
        for tag, mark, least, group, digits in (
            ("en", ",", 1, 3, "0123456789"),
            ("en-IN", ",", 1, 2, "0123456789"),
            ("pt", ".", 1, 3, "0123456789"),
            ("pt-PT", "\u00a0", 2, 3, "0123456789"),
            ("mr", ",", 1, 2, "०१२३४५६७८९"),
        )
    }
