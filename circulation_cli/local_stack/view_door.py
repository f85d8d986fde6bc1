"""The address of their own that views may have: a function's URL. An ASGI application.

It behaves as Lambda does between a client and a function, with the source beside each rule. Its own
errors are problems (RFC 9457) here, with the same status.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from urllib.parse import urlsplit

from circulation_cli.local_stack.exchange import (
    MAX_EVENT,
    Answer,
    Receive,
    Send,
    cors_headers,
    read_body,
    refused,
    send_answer,
    size_of,
)
from circulation_cli.local_stack.function import FunctionFailed
from circulation_cli.local_stack.http_event import Headers, Scope, request_headers, url_event
from circulation_cli.local_stack.template import FunctionUrl, Template


class ViewDoor:
    """A function's URL, at an address of this machine."""

    def __init__(self, template: Template, door: FunctionUrl, url: str) -> None:
        self._url = urlsplit(url)
        self._cors = door.cors
        self._function = template.function(door.function)
        self._concurrency = door.concurrency
        self._under_way = 0
        self._threads = ThreadPoolExecutor(door.concurrency, thread_name_prefix="view door")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        headers = request_headers(scope)
        allowed = cors_headers(self._cors, scope["method"], headers)
        body = await read_body(receive, MAX_EVENT)
        if scope["method"] == "OPTIONS" and allowed:
            # Lambda answers a preflight itself (KensioSoftware/yulin#1217).
            await send_answer({"statusCode": HTTPStatus.OK}, allowed, send)
        elif self._under_way >= self._concurrency:
            # "Whenever your function concurrency exceeds the reserved concurrency, your function
            # URL returns an HTTP 429 status code" (Throttling function URLs). Whether that has the
            # headers of CORS is not documented; here it has none, which is the worse for a page.
            await send_answer(refused(HTTPStatus(429), "All that is reserved is in use."), {}, send)
        else:
            self._under_way += 1
            try:
                answer = await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._answer, scope, headers, body
                )
            finally:
                self._under_way -= 1
            await send_answer(answer, allowed, send)

    def _answer(self, scope: Scope, headers: Headers, body: bytes | None) -> Answer:
        event = None if body is None else url_event(self._url, scope, headers, body)
        if event is None or size_of(event) > MAX_EVENT:
            return refused(HTTPStatus(413), f"A function takes at most {MAX_EVENT} bytes.")
        try:
            answer: Answer = self._function.invoke(event)
        except FunctionFailed:
            # "502 Bad Gateway: Internal Server Error" (Monitoring Lambda function URLs).
            return refused(HTTPStatus.BAD_GATEWAY, "The function failed; see the log.")
        return answer
