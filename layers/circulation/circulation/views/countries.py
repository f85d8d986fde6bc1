"""Country codes of hits."""

from circulation.counting.traits import COUNTRIES


def country_code(text: str) -> str | None:
    """Give the ISO 3166-1 alpha-2 code, in upper case, that a text is; None if it is none.

    A text that is not ASCII is none: "ß" in upper case would be "SS", South Sudan.
    """
    code = text.upper() if text.isascii() else ""
    return code if code in COUNTRIES else None
