"""Ask a stack's API, by GET, HEAD and OPTIONS alone, and none that counts a view."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote, urlsplit

import httpx
from lxml import etree

from circulation_cli.examination.facts import Behaviour, HttpAnswer, Operation, RouteAnswers
from circulation_cli.examination.findings import Unanswered

NOBODY = "circulation-doctor"
"""What stands in a path for what is not there, and in place of a token."""
QUERIES = {"/views": f"?ids={NOBODY}"}
"""What is asked beside the path, where one of several parameters is needed."""
MAX_FEEDS = 20
"""Feeds of feeds.opml that are asked."""
USER_AGENT = "circulation-doctor"


@dataclass(frozen=True)
class Visitor:
    """A client of the API, which reads."""

    client: httpx.Client
    names: Mapping[str, str] = field(default_factory=dict)
    """What stands for a parameter of a path: the id, section, tag and author of an article."""

    @classmethod
    def of(cls, client: httpx.Client) -> "Visitor":
        """Make a visitor that knows the newest article, if there is one. Raises HTTPError."""
        visitor = cls(client)
        articles = visitor.ask("GET", "/articles?limit=1&fields=section,tags,author")
        try:
            (article,) = httpx.Response(200, content=articles.content).json()["articles"]
            authors = article.get("author") or []
            author = authors if isinstance(authors, str) else next(iter(authors), "")
            names = {
                "id": str(article["id"]),
                "section": str(article.get("section") or ""),
                "tag": str(next(iter(article.get("tags") or ()), "")),
                "author": str(author),
            }
        except (KeyError, TypeError, ValueError):
            names = {}
        return cls(client, {name: text for name, text in names.items() if text})

    def ask(self, method: str, path: str, **headers: str) -> HttpAnswer:
        """Send a request. Raises httpx.HTTPError."""
        sent = {
            "user-agent": USER_AGENT,
            "accept-encoding": "identity",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        answer = self.client.request(method, path, headers=sent)
        return HttpAnswer(
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            answer.content,
        )

    def ask_routes(self, operations: Iterable[Operation]) -> Iterator[RouteAnswers]:
        """Ask each route by GET and HEAD."""
        for operation in operations:
            wanted = re.findall(r"{([^}+]+)\+?}", operation.path)
            path = re.sub(r"{([^}+]+)\+?}", self._fill, operation.path)
            known = all(name in self.names for name in wanted)
            path += QUERIES.get(path, "")
            answers = (self._answer_or_reason(method, path) for method in ("GET", "HEAD"))
            yield RouteAnswers(operation, known, *answers)

    def _fill(self, place: re.Match[str]) -> str:
        return quote(self.names.get(place[1], NOBODY), safe="")

    def _answer_or_reason(self, method: str, path: str) -> HttpAnswer | Unanswered:
        try:
            return self.ask(method, path)
        except httpx.HTTPError as error:
            return Unanswered(f"cannot be reached: {error}")

    def observe(self, origin: str, *, door: str = "", own_domain: bool = False) -> Behaviour:
        """Ask what docs/aws-assumptions.md asks of an API; door is the address of views alone.

        Raises httpx.HTTPError.
        """
        ask = partial(self.ask, "GET")
        feed = ask("/feed.rss")
        article = self.names.get("id")
        return Behaviour(
            preflight=self._preflight("/articles/x/views", origin),
            preflight_of_door=self._preflight(f"{door}/articles/x/views", origin) if door else None,
            origin=origin,
            without_token=ask("/export"),
            with_wrong_token=ask("/export", authorization=f"Bearer {NOBODY}"),
            with_slash=ask("/export/"),
            empty_segment=ask(f"/counter/%2F{NOBODY}.json"),
            by_url=ask("/articles/by-url"),
            feed=feed,
            feed_head=self.ask("HEAD", "/feed.rss"),
            feed_again=ask("/feed.rss", if_none_match=feed.headers.get("etag", '"none"')),
            compressed=ask("/openapi.json", accept_encoding="gzip"),
            separated=ask(f"/articles/{article}%2Fviews") if article else None,
            feeds=self._ask_feeds(),
            own_domain=own_domain,
            health=ask("/health", origin=origin),
        )

    def _preflight(self, address: str, origin: str) -> HttpAnswer:
        return self.ask("OPTIONS", address, origin=origin, access_control_request_method="POST")

    def _ask_feeds(self) -> dict[str, int]:
        """Ask the feeds that feeds.opml lists by HEAD; give their statuses by address."""
        listed = self.ask("GET", "/feeds.opml").content
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            outlines = etree.fromstring(listed, parser).iter("outline")
            addresses = [outline.get("xmlUrl", "") for outline in outlines]
        except etree.XMLSyntaxError:
            return {"/feeds.opml": 0}
        paths = (
            urlsplit(address)._replace(scheme="", netloc="").geturl()
            for address in addresses
            if address
        )
        return {path: self.ask("HEAD", path).status for path in list(paths)[:MAX_FEEDS]}
