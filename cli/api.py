"""The HTTP API of a stack, as a publisher calls it."""

import json
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import httpx

from cli.refused import Refused

LOCAL = "http://127.0.0.1:8080"
MAX_BATCH = 100
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""Of JSON in UTF-8: Lambda takes an event of 6 MB, in which each quote is escaped."""
ATTEMPTS = 6
TIMEOUT = 60.0

Json = dict[str, Any]


def api_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which stack is called, and as whom."""
    command = click.option(
        "--token", envvar="CIRCULATION_TOKEN", help="The publisher's token.", metavar="TOKEN"
    )(command)
    return click.option(
        "--url",
        envvar="CIRCULATION_URL",
        help=f"Where the API is, {LOCAL} unless told.",
        metavar="URL",
    )(command)


def api_of(url: str | None, token: str | None) -> "Api":
    """Call the stack that options, environment or the configuration name. Raises Refused."""
    told = _configured()
    address = url or told.get("url") or LOCAL
    if not address.startswith(("http://", "https://")):
        raise Refused(f"the API's address must begin with https://, not {address}")
    local = address.startswith(("http://127.0.0.1", "http://localhost"))
    secret = token or told.get("token") or ("local" if local else "")
    return Api(httpx.Client(base_url=address.rstrip("/"), timeout=TIMEOUT), secret)


def configuration_file() -> Path:
    """Tell where the configuration is: on Linux ~/.config/circulation/config.toml."""
    return Path(click.get_app_dir("circulation")) / "config.toml"


def _configured() -> dict[str, str]:
    file = configuration_file()
    if not file.exists():
        return {}
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    return {name: str(told[name]) for name in ("url", "token") if name in told}


class Busy(Refused):
    """The stack did not answer, or could not do it just now; it may another time."""


@dataclass(frozen=True, slots=True)
class Api:
    """A stack's API. Every method raises Refused with what the stack said against it."""

    client: httpx.Client
    token: str

    def get(self, path: str, **query: str | int | None) -> Json:
        """Read one resource."""
        told = {name: value for name, value in query.items() if value is not None}
        return self._answered("GET", path, params=told)

    def put(self, article: Json) -> str:
        """Publish an article; tell whether it was created or updated."""
        answer = self._sent("PUT", f"/articles/{article.get('id')}", json=article)
        self._check(answer)
        return "created" if answer.status_code == httpx.codes.CREATED else "updated"

    def put_all(self, articles: Sequence[Json]) -> list[Json]:
        """Publish up to 100 articles, again while the stack is busy; tell what became of each.

        To publish them twice changes nothing.
        """
        content = json.dumps({"articles": articles}, ensure_ascii=False)
        request = {"content": content.encode(errors="replace")}
        for attempt in range(1, ATTEMPTS):
            try:
                return self._batch(request)
            except Busy:
                time.sleep(2**attempt / 10)
        return self._batch(request)

    def delete(self, article: str) -> None:
        """Unpublish an article."""
        self._check(self._sent("DELETE", f"/articles/{article}"))

    def articles(self, **query: str | int | None) -> Iterator[Json]:
        """Read every article of a list, page by page."""
        cursor = None
        while True:
            page = self.get("/articles", cursor=cursor, **query)
            yield from page["articles"]
            cursor = page.get("cursor")
            if not cursor:
                return

    def _batch(self, request: Json) -> list[Json]:
        results: list[Json] = self._answered("POST", "/articles/batch", **request)["results"]
        return results

    def _answered(self, method: str, path: str, **request: Any) -> Json:  # noqa: ANN401  httpx's own
        answer = self._sent(method, path, **request)
        self._check(answer)
        told: Json = answer.json()
        return told

    def _sent(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            return self.client.request(method, path, headers=headers, **request)
        except httpx.HTTPError as error:
            raise Busy(f"{self.client.base_url} cannot be reached: {error}") from error

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        try:
            told = answer.json()
        except ValueError:
            told = {}
        faults = "; ".join(f"{each['field']} {each['detail']}" for each in told.get("errors", []))
        reason = faults or told.get("detail") or told.get("message") or answer.reason_phrase
        if answer.status_code in (401, 403):
            reason = f"{reason} Tell the publisher's token with --token or CIRCULATION_TOKEN."
        busy = answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error
        kind = Busy if busy else Refused
        raise kind(f"{answer.request.method} {answer.request.url.path}: {reason}")
