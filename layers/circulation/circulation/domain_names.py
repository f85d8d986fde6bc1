"""International domain names in the ASCII form that DNS uses (RFC 5890, IDNA 2008).

Names are mapped as UTS #46 says, like in browsers. The result may consist of letters, digits, marks
and symbols only, and names that can be written in two ways are refused.
"""

import re
import unicodedata

_ENCODED = "xn--"
_MAX_LABEL = 63
_DOTS = re.compile(r"[\u3002\uff0e\uff61]")  # UTS #46, section 4.5
# Letters, digits and marks (RFC 5892), and symbols (So), which UTS #46 adds.
_CATEGORIES = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "So"}
# Characters of these categories that are invisible, or that describe or replace a character
# (Unicode: Default_Ignorable_Code_Point, IDS_Binary_Operator, and the block Specials).
_NO_LETTER = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2ff0-\u2fff\u3164\u31ef\ufe00-\ufe0f\uffa0"
    r"\ufff0-\uffff\U000e0100-\U000e01ef]"
)


def ascii_name(host: str) -> str:
    """Convert a host name to ASCII; one in ASCII is checked. Raises ValueError if it is invalid."""
    labels = [_decode_label(label) for label in _fold(_DOTS.sub(".", host)).split(".")]
    classes = [[unicodedata.bidirectional(letter) for letter in label] for label in labels]
    if any({"R", "AL", "AN"} & set(label_classes) for label_classes in classes):
        for label_classes in classes:
            _check_direction(label_classes)
    return ".".join(map(_encode_label, labels))


def _decode_label(label: str) -> str:
    text = label
    if label.startswith(_ENCODED):
        if len(label) > _MAX_LABEL:
            raise ValueError(label)
        text = label.removeprefix(_ENCODED).encode("ascii").decode("punycode")
        # Only the canonical encoding of a label is valid.
        if text.isascii() or _encode_label(text) != label:
            raise ValueError(label)
    if text.isascii():
        return text
    categories = [unicodedata.category(character) for character in text if not character.isascii()]
    if (
        _fold(text) != text
        or unicodedata.category(text[0])[0] == "M"
        or not _CATEGORIES.issuperset(categories)
        or _NO_LETTER.search(text)
    ):
        raise ValueError(label)
    return text


def _fold(text: str) -> str:
    """Fold case and compatibility forms, except sharp s and final sigma, which IDNA 2008 allows."""
    composed = unicodedata.normalize("NFKC", text).replace("\u1e9e", "\u00df")
    folded = (
        character if character in "\u00df\u03c2" else character.casefold() for character in composed
    )
    return unicodedata.normalize("NFKC", "".join(folded))


def _encode_label(label: str) -> str:
    return label if label.isascii() else f"{_ENCODED}{label.encode('punycode').decode()}"


def _check_direction(classes: list[str]) -> None:
    """Check a label of a name that has right-to-left letters (RFC 5893, section 2).

    Classes are the bidirectional classes of the label's characters. Raises ValueError.
    """
    present = set(classes)
    last = next((direction for direction in reversed(classes) if direction != "NSM"), "")
    neutral = {"EN", "ES", "CS", "ET", "ON", "BN", "NSM"}
    if classes[:1] == ["L"]:
        fits = present <= neutral | {"L"} and last in ("L", "EN")
    else:
        fits = classes[:1] in (["R"], ["AL"]) and present <= neutral | {"R", "AL", "AN"}
        fits = fits and last in ("R", "AL", "EN", "AN") and not {"EN", "AN"} <= present
    if classes and not fits:
        raise ValueError("mixes directions")
