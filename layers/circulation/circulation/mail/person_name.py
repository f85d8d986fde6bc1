"""A person's name: what somebody typed, in the form in which it may stand in a mail to another."""

import re
import unicodedata

MAX_PERSON_NAME = 60
"""Characters; a name of many people in one mailbox fits, an advertisement does not."""
HAS_LINK = "must have no link in it"
_JOINERS = "\u200c\u200d"
"""What names in Persian and in scripts of India are joined and parted with."""
# Mail programs make a link of whatever looks like an address, without a scheme too. A dot may stand
# between initials (J.R.R. Tolkien) and at the end of a word (St. John). Of the full stops those
# that a domain name takes instead (IDNA: UTS 46, section 4); NFKD has replaced the others.
_LINK = re.compile(r"://|www\.|@|\w[.\u3002]\w{2,}|\d[.\u3002]\d", flags=re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


def read_name(text: str) -> str:
    """Read a person's name: spaces around it and between its words are made single ones.

    Refused are links, an @, `=?` (which begins an encoded word, RFC 2047), characters that control,
    turn or hide what stands beside them, and what has no letter and no digit. Raises ValueError,
    whose text tells what is wrong.
    """
    name = re.sub(" +", " ", text.strip())
    if not 1 <= len(name) <= MAX_PERSON_NAME:
        raise ValueError(f"must have 1 to {MAX_PERSON_NAME} characters")
    if any(unicodedata.category(letter) in _UNSEEN for letter in name if letter not in _JOINERS):
        raise ValueError("must be one line of text without control characters")
    plain = _plain(name)
    if _LINK.search(plain):
        raise ValueError(HAS_LINK)
    if re.search(r"=\s*\?", plain):
        raise ValueError("must not have =? in it")
    if not any(map(str.isalnum, plain)):
        raise ValueError("must have a letter")
    return name


def _plain(name: str) -> str:
    """Reduce a name to what a reader sees: no marks, no joiners, no compatibility characters."""
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name)
        if not unicodedata.category(letter).startswith("M") and letter not in _JOINERS
    )
