"""International domain names, in ASCII as the name system has them (RFC 5890, IDNA 2008).

Letters are folded as UTS #46 has it, which is how browsers read a name; of what that lets through,
only letters, digits, marks and symbols, and no name that can be written in two ways.
"""

import re
import unicodedata

_ENCODED = "xn--"
_MAX_LABEL = 63
_DOTS = re.compile(r"[\u3002\uff0e\uff61]")  # UTS #46, section 4.5
# RFC 5892: letters, digits and marks. Symbols are what UTS #46 adds to them.
_CATEGORIES = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "So"}
# Of these, what shows nothing, describes a character or replaces one (Unicode:
# Default_Ignorable_Code_Point, IDS_Binary_Operator, and the block Specials).
_NO_LETTER = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2ff0-\u2fff\u3164\u31ef\ufe00-\ufe0f\uffa0"
    r"\ufff0-\uffff\U000e0100-\U000e01ef]"
)


def ascii_name(host: str) -> str:
    """Write a name in ASCII; one in ASCII is checked. Raises ValueError for no such name."""
    labels = [_unicode_label(each) for each in _mapped(_DOTS.sub(".", host)).split(".")]
    classes = [[unicodedata.bidirectional(letter) for letter in each] for each in labels]
    if any({"R", "AL", "AN"} & set(each) for each in classes):
        for each in classes:
            _check_direction(each)
    return ".".join(map(_ascii_label, labels))


def _unicode_label(label: str) -> str:
    text = label
    if label.startswith(_ENCODED):
        if len(label) > _MAX_LABEL:
            raise ValueError(label)
        text = label.removeprefix(_ENCODED).encode("ascii").decode("punycode")
        # It must be the one way to write what it stands for.
        if text.isascii() or _ascii_label(text) != label:
            raise ValueError(label)
    if text.isascii():
        return text
    categories = [unicodedata.category(each) for each in text if not each.isascii()]
    if (
        _mapped(text) != text
        or unicodedata.category(text[0])[0] == "M"
        or not _CATEGORIES.issuperset(categories)
        or _NO_LETTER.search(text)
    ):
        raise ValueError(label)
    return text


def _mapped(text: str) -> str:
    """Fold case and compatibility forms; the two letters stay that IDNA 2008 took back."""
    composed = unicodedata.normalize("NFKC", text).replace("\u1e9e", "\u00df")
    folded = (each if each in "\u00df\u03c2" else each.casefold() for each in composed)
    return unicodedata.normalize("NFKC", "".join(folded))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"{_ENCODED}{label.encode('punycode').decode()}"


def _check_direction(classes: list[str]) -> None:
    """Check a label of a name with letters that run from right to left (RFC 5893, section 2)."""
    told = set(classes)
    ends = next((each for each in reversed(classes) if each != "NSM"), "")
    neutral = {"EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
    if classes[:1] == ["L"]:
        fits = told <= neutral | {"L"} and ends in ("L", "EN")
    else:
        fits = classes[:1] in (["R"], ["AL"]) and told <= neutral | {"R", "AL", "AN"}
        fits = fits and ends in ("R", "AL", "EN", "AN") and not {"EN", "AN"} <= told
    if classes and not fits:
        raise ValueError("mixes directions")
