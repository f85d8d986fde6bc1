"""A server of the pages of statistics with made figures, which can fail as servers do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from circulation.access.grant import By, Grant
from circulation.errors import CirculationError, ShareEnded, StoreUnavailable, TokenRequired
from circulation.statistics.site_queries import calendar_of
from circulation.web.pages.statistics.article_page import article_now_sheet, article_sheet
from circulation.web.pages.statistics.details import write_details
from circulation.web.pages.statistics.frame import Sheet, write_part, write_response
from circulation.web.pages.statistics.site_page import now_sheet, site_sheet
from circulation.web.pages.statistics.states import problem_page
from circulation.web.problems import problem
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.statistics_parameters import choice
from tests.servers import serving
from tests.unit.web.pages.statistics.article_figuring import shown, story
from tests.unit.web.pages.statistics.figuring import (
    AT,
    TODAY,
    article,
    day,
    now,
    publication,
    site,
    week,
)

if TYPE_CHECKING:
    from circulation.statistics.figures import SiteFigures

TOKEN, SHARE = "read-me", "good-share"
REFRESH = 1
"""Seconds of the made tally window."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that leaves breaks its connections: that is no fault of the test."""


class Newsroom:
    """Serves the pages to whoever has the token, a share link's key, or where they are public."""

    def __init__(self, language: str = "en") -> None:
        self.publication = publication(language, "المثال" if language == "ar" else "The Gazette")
        self.figures: SiteFigures = day()
        self.now = now()
        self.is_public = False
        self.fails = False
        self.breaks = False
        """Whether it is the gateway that answers, in JSON."""
        self.delay = threading.Event()
        """Answers wait until it is set."""
        self.delay.set()
        self.asked: list[str] = []
        """The query of every request, in its order."""
        newsroom = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                query = dict(parse_qsl(address.query))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = newsroom.answer(address.path, query, headers)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", answer.content_type)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/statistics"

    @contextmanager
    def serving(self) -> Iterator[None]:
        with serving(self._server):
            try:
                yield
            finally:
                self.delay.set()

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Response:
        self.delay.wait(10)
        request = Request(
            "request-1", "GET /statistics", self.url, AT, query=query, headers=headers
        )
        if path == "/favicon.ico":
            return Response(404)
        self.asked.append("&".join(f"{name}={value}" for name, value in query.items()))
        if self.breaks:
            return json_response({"message": "Service Unavailable"}, status=503)
        try:
            grant = self._admit(request)
            if path != "/statistics":
                return json_response({"path": path})
            return self._page(request, grant)
        except CirculationError as error:
            return problem_page(request, problem(error), self.publication)

    def _admit(self, request: Request) -> Grant:
        if self.fails:
            raise StoreUnavailable("the test says so")
        authorization = request.headers.get("authorization")
        if authorization == f"Bearer {TOKEN}":
            return Grant(By.TOKEN)
        if authorization:
            raise TokenRequired
        if request.query.get("share") == SHARE:
            return Grant(By.SHARE, key=SHARE)
        if "share" in request.query:
            raise ShareEnded
        if self.is_public:
            return Grant(By.PUBLIC)
        raise TokenRequired

    def _page(self, request: Request, grant: Grant) -> Response:
        chosen = choice(request, calendar_of(self.publication))
        figures = week() if chosen.span.first != chosen.span.last else self.figures
        shown = replace(figures, span=chosen.span, against=chosen.against, subject=chosen.subject)
        is_current = chosen.span.first <= TODAY <= chosen.span.last
        made = replace(
            site(shown),
            publication=self.publication,
            grant=grant,
            now=self.now if is_current else None,
            sort=chosen.sort,
            refresh=REFRESH,
        )
        part = request.query.get("part", "")
        if "article" in request.query and part != "details":
            return self._article(part, grant)
        if "article" in request.query:
            panels = write_details(article(request.query["article"]), self.publication, made.links)
            return write_part(Sheet("An article", panels))
        if part == "now":
            return write_part(now_sheet(made))
        return write_response(site_sheet(made), self.publication)

    def _article(self, part: str, grant: Grant) -> Response:
        views, publication = self.now.views, self.publication
        if part == "now":
            return write_part(article_now_sheet("An article", views, publication, AT))
        made = shown(story(now=views))
        one = replace(made, publication=publication, grant=grant, refresh=REFRESH)
        return write_response(article_sheet(one), publication)
