"""The names of countries in the languages of the catalogues: those of the Unicode CLDR."""

import json
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data


def name_country(code: str, language: str) -> str:
    """Name a country of ISO 3166-1 in a language of the catalogues; an unknown code stays."""
    return _names()[language].get(code, code)


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    listed = json.loads(get_data("circulation", "data/countries.json") or b"")
    return listed["names"]  # type: ignore[no-any-return]
