"""RecordView: POST /articles/{id}/views."""

import os

from circulation.container import container, warm_up
from circulation.recording import record_hit
from circulation.web import parameters
from circulation.web.handler import http_handler
from circulation.web.representations import recorded_json
from circulation.web.request import Request
from circulation.web.response import Response, json_response


def record_view(request: Request) -> Response:
    """Count the view, if it is one, and answer with the count that includes it."""
    settings, store = container().settings, container().store
    hit = parameters.hit(request, respect_opt_outs=settings.respect_opt_outs)
    recorded = record_hit(
        hit,
        store,
        now=request.at,
        repeat_window=settings.repeat_window,
        random_bytes=os.urandom,
    )
    return json_response(recorded_json(recorded))


handler = http_handler({"POST /articles/{id}/views": record_view})
warm_up()
