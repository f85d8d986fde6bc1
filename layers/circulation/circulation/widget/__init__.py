"""The widget: the script that counts a view and shows the number on a site's pages."""

from functools import cache
from importlib.resources import files

CONTENT_TYPE = "text/javascript; charset=utf-8"


@cache
def script() -> bytes:
    """Give the script that a page loads."""
    return files(__name__).joinpath("widget.js").read_bytes()
