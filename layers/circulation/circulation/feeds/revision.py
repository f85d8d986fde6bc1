"""The revision of the writers: what else than the articles decides a feed's bytes."""

import hashlib
from functools import cache
from pathlib import Path

import circulation

PACKAGE = Path(circulation.__file__).parent


@cache
def revision(package: Path = PACKAGE) -> str:
    """Give a hash of the code that writes: other code may write the same articles otherwise.

    All of the package's code goes in. What the writers use is spread over it: to name one module
    too few would leave readers with bytes that are no longer written, and one too many only has
    them read the feeds once more after an update.
    """
    code = hashlib.blake2b(digest_size=6)
    for path in sorted(package.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()
