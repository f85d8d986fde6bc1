"""Busuanzi's counter as its script calls it: JSONP, by the address of the page that loads it."""

import json
import re

from circulation.counting.counts import Total
from circulation.errors import Fault, InvalidInput
from circulation.web.pages.pixel import EMBEDDED
from circulation.web.request import Request
from circulation.web.response import Response

CONTENT_TYPE = "application/javascript; charset=utf-8"
VERSION = 2.4

_NAME = re.compile(r"[A-Za-z_$][\w$]{0,99}", flags=re.ASCII)


def callback(request: Request) -> str:
    """Read the name of the function to call. Raises InvalidInput if it is no name."""
    name = request.query.get("jsonpCallback", "")
    if not _NAME.fullmatch(name):
        raise InvalidInput(Fault("jsonpCallback", "must be the name of a function"))
    return name


def jsonp(name: str, site: Total, views: int) -> Response:
    """Call the function with the numbers, in the wrapping that Busuanzi's clients cut by length.

    Name is that of the function, and views are the page's.
    """
    numbers = {
        "site_uv": site.visitors,
        "page_pv": views,
        "version": VERSION,
        "site_pv": site.views,
    }
    text = f"try{{{name}({json.dumps(numbers, separators=(',', ':'))});}}catch(e){{}}"
    return Response(200, text.encode(), CONTENT_TYPE, headers=EMBEDDED)
