"""The widget: the scripts that a site puts on its pages, as `make widget` builds them from widget/.

A build is named by its bytes, so that its address never shows anything else: pages may keep it for
good and pin it by its hash (Subresource Integrity). Builds that sites may still name are kept.
"""

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

CONTENT_TYPE = "text/javascript; charset=utf-8"

_BUILD = re.compile(r"[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Script:
    """A build, and the same compressed with Brotli (RFC 7932)."""

    body: bytes
    brotli: bytes


@cache
def current() -> str:
    """Name the build that /widget.js is now."""
    told: dict[str, str] = json.loads(files(__name__).joinpath("builds.json").read_bytes())
    return told["widget"]


@lru_cache(maxsize=16)
def script(build: str) -> Script | None:
    """Give a build, None where there is none of the name."""
    file = files(__name__).joinpath(f"builds/{build}.js")
    if not _BUILD.fullmatch(build) or not file.is_file():
        return None
    return Script(file.read_bytes(), files(__name__).joinpath(f"builds/{build}.js.br").read_bytes())
