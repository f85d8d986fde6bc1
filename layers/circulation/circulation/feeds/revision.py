"""The revision of the writers: what decides a feed's bytes besides the articles."""

import hashlib
from functools import cache
from pathlib import Path

import circulation

PACKAGE = Path(circulation.__file__).parent


@cache
def revision(package: Path = PACKAGE) -> str:
    """Give a hash of the package's code, as other code may write the same articles differently.

    All of the code is included, because the writers use modules all over the package: if one were
    missed, readers would keep bytes that are no longer written. One too many only makes readers
    fetch the feeds once more after an update.
    """
    code = hashlib.blake2b(digest_size=6)
    for path in sorted(package.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()
