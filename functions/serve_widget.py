"""ServeWidget: the script that a site puts on its pages."""

from circulation.web.handler import http_handler
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.widget import CONTENT_TYPE, script

MAX_AGE = 3_600


def widget_js(_request: Request) -> Response:
    """Give the script."""
    return Response(200, script(), CONTENT_TYPE, max_age=MAX_AGE)


handler = http_handler({"GET /widget.js": widget_js})
