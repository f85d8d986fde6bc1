"""The widget: the scripts that a site embeds, as `make widget` builds them from widget/.

A build is named by a hash of its bytes, so that its address always shows the same script: browsers
may cache it for good, and pages may pin it (Subresource Integrity). Builds that sites may still
refer to stay in the package.
"""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

CONTENT_TYPE = "text/javascript; charset=utf-8"
MAX_GZIP_BYTES = 1_220
"""Of the script that counts and shows; every sentence that names it is checked against this."""
MAX_LISTS_GZIP_BYTES = 1_300
"""Of the script that is loaded where a page has lists, labels or short numbers."""
MAX_NAVIGATION_GZIP_BYTES = 1_600
"""Of the script that is loaded where a page becomes another one without being loaded anew."""

_BUILD = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Script:
    """A build, plain and compressed with Brotli (RFC 7932)."""

    body: bytes
    brotli: bytes


@cache
def current() -> str:
    """Give the name of the build that /widget.js is now."""
    names: dict[str, str] = json.loads(files(__name__).joinpath("builds.json").read_bytes())
    return names["widget"]


@lru_cache(maxsize=16)
def script(build: str) -> Script | None:
    """Give a build by its name (6 hex digits); None if there is no such build."""
    file = files(__name__).joinpath(f"builds/{build}.js")
    if not _BUILD.fullmatch(build) or not file.is_file():
        return None
    return Script(file.read_bytes(), files(__name__).joinpath(f"builds/{build}.js.br").read_bytes())
