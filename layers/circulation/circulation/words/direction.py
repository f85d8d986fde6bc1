"""The direction in which a language is written."""

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}
"""Languages written from right to left unless their tag names another script (BCP 47)."""
_RIGHT_TO_LEFT_SCRIPTS = {"adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"}
_SCRIPT_LENGTH = 4


def direction(language: str) -> str:
    """Give the direction in which a language (BCP 47) is written: ltr or rtl."""
    first, *rest = language.lower().split("-")
    scripts = [subtag for subtag in rest if len(subtag) == _SCRIPT_LENGTH and subtag.isalpha()]
    rightward = first in _RIGHT_TO_LEFT if not scripts else scripts[0] in _RIGHT_TO_LEFT_SCRIPTS
    return "rtl" if rightward else "ltr"
