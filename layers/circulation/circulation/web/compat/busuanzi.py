"""Busuanzi's counter, as its script calls it: JSONP by the address of the page that loads it."""

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
    """Read the name of the function to call. Raises InvalidInput for what is no name."""
    told = request.query.get("jsonpCallback", "")
    if not _NAME.fullmatch(told):
        raise InvalidInput(Fault("jsonpCallback", "must be the name of a function"))
    return told


def jsonp(name: str, site: Total, views: int) -> Response:
    """Call the function with the numbers, in the frame that Busuanzi's users cut off by length."""
    told = {
        "site_uv": site.visitors,
        "page_pv": views,
        "version": VERSION,
        "site_pv": site.views,
    }
    text = f"try{{{name}({json.dumps(told, separators=(',', ':'))});}}catch(e){{}}"
    return Response(200, text.encode(), CONTENT_TYPE, headers=EMBEDDED)
