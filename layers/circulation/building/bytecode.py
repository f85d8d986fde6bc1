"""Compile a folder of packages for Lambda, with the Python version that runs them there.

Packaging changes the files' dates, so bytecode that is checked against them would be ignored: this
bytecode is not checked (PEP 552). Docstrings, a third of it, are left out, because every byte is
read at each cold start. It has the file name of unoptimised bytecode, as Lambda does not run -OO.
"""

import py_compile
import sys
from importlib.util import cache_from_source
from pathlib import Path


def main(packages: Path) -> None:
    """Compile every module."""
    for source in packages.rglob("*.py"):
        py_compile.compile(
            str(source),
            cache_from_source(source, optimization=""),
            doraise=True,
            optimize=2,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
