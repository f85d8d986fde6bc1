"""Countries: the code of the country that a hit came from."""

from circulation.counting.traits import COUNTRIES


def country_code(text: str) -> str | None:
    """Give the upper-case code that a text is, or None when it is no country's.

    Only ASCII is looked at: "ß" in capitals is "SS", and that is South Sudan.
    """
    code = text.upper() if text.isascii() else ""
    return code if code in COUNTRIES else None
