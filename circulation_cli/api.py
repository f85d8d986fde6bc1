"""A client of a stack's HTTP API, for publishers."""

import ipaddress
import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce, wraps
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
import httpx

from circulation_cli.deployment import DEFAULT_STATE, TOKEN, environment_of_local_stack
from circulation_cli.refused import Refused

MAX_BATCH = 100
MAX_BATCH_BYTES = 4 * 1024 * 1024
"""Bytes of a batch in Lambda's event, which takes 6 MB, also if it is a third longer in base64."""
TIMEOUT = 60.0
"""Seconds."""
BUSY_PATIENCE = 120.0
"""Seconds to wait altogether for a stack that reports to be busy (status 429 or 503)."""
FAULT_PATIENCE = 6.0
"""Seconds to wait altogether for a stack that fails otherwise, or does not respond."""
LONGEST_WAIT = 10.0
"""Seconds between two attempts, unless the stack asks for more (Retry-After)."""

Json = dict[str, Any]
ApiOf = Callable[[], "Api"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """An API's URL and a publisher's token from one source; empty where the source has none."""

    url: str = ""
    token: str = ""


def api_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options for a stack's URL, token and state directory.

    The command gets api_of in their place, a function that opens the API; not every run needs it.
    """

    @wraps(command)
    def calling(
        *args: Any,  # noqa: ANN401  the command's own
        url: str | None,
        token: str | None,
        state: Path | None,
        **options: Any,  # noqa: ANN401  likewise
    ) -> None:
        command(*args, api_of=partial(api_of, url, token, state), **options)

    options = (
        click.option("--url", metavar="URL", help="The URL of the API."),
        click.option("--token", metavar="TOKEN", help="The publisher's token."),
        click.option(
            "--state",
            type=click.Path(file_okay=False, path_type=Path),
            help=f"The state directory of a running local stack.  [default: {DEFAULT_STATE}]",
        ),
    )
    return reduce(lambda decorated, option: option(decorated), reversed(options), calling)


def api_of(url: str | None, token: str | None, state: Path | None) -> "Api":
    """Open the API of the stack named by options, environment or configuration, else the local one.

    A state directory takes precedence over environment and configuration. Raises Refused.
    """
    sources = [Target(url or "", token or "")]
    if state:
        sources.append(_read_local_target(state))
    else:
        environment = Target(
            os.environ.get("CIRCULATION_URL", ""), os.environ.get("CIRCULATION_TOKEN", "")
        )
        sources += [environment, _read_configuration()]
        try:
            sources.append(_read_local_target(DEFAULT_STATE))
        except Refused as error:
            if not any(source.url for source in sources):
                raise Refused(f"{error.message}, and --url another stack") from error
    target = choose_target(sources)
    if not target.url.startswith(("http://", "https://")):
        raise Refused(f"the API's address must begin with https://, not {target.url}")
    if target.token and target.url.startswith("http://") and not _is_local(target.url):
        raise Refused(f"the token would go to {target.url} in clear: use https://")
    try:
        client = httpx.Client(base_url=target.url, timeout=TIMEOUT)
    except httpx.InvalidURL as error:
        raise Refused(f"{target.url} is no address: {error}") from error
    return Api(client, target.token)


def choose_target(sources: Sequence[Target]) -> Target:
    """Choose the first URL, and the first token that is valid for it.

    A token is valid for the URL of its own source, or for any if the source has none. So no token
    is sent to another stack than its own.
    """
    addresses = [source.url.rstrip("/") for source in sources]
    address = next(filter(None, addresses), "")
    tokens = (
        source.token
        for source, own in zip(sources, addresses, strict=True)
        if source.token and own in ("", address)
    )
    return Target(address, next(tokens, ""))


def _read_local_target(state: Path) -> Target:
    """Read the URL and token of the stack that runs on a state directory. Raises Refused."""
    url = environment_of_local_stack(state)["CIRCULATION_URL"]
    file = state / TOKEN
    return Target(url, file.read_text().strip() if file.exists() else "")


def _is_local(address: str) -> bool:
    """Tell whether the host of a URL is this machine."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def configuration_file() -> Path:
    """Give the path of the configuration file: on Linux ~/.config/circulation/config.toml."""
    return Path(click.get_app_dir("circulation")) / "config.toml"


def _read_configuration() -> Target:
    file = configuration_file()
    if not file.exists():
        return Target()
    try:
        configured = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{file} cannot be read: {error}") from error
    for name, value in configured.items():
        if name not in ("url", "token"):
            raise Refused(f"{file}: {name} is no setting; there are url and token")
        if not isinstance(value, str):
            raise Refused(f"{file}: {name} must be a text")
    return Target(**configured)


class Busy(Refused):
    """The stack did not respond, or could not process the request now; a later one may succeed."""

    patience: float = FAULT_PATIENCE
    """Seconds to wait for it, altogether."""
    retry_after: float = 0.0
    """Seconds that the stack asks to wait before the next attempt (Retry-After)."""


@dataclass(frozen=True, slots=True)
class Api:
    """A stack's API. Every method raises Refused with the stack's reason."""

    client: httpx.Client
    token: str
    sleep: Callable[[float], None] = time.sleep

    def get(self, path: str, field: str, **query: str | int | None) -> Json:
        """Read the resource at a path as JSON, which must have the field."""
        params = {name: value for name, value in query.items() if value is not None}
        return self._request_object("GET", path, field, params=params)

    def put(self, article: Json) -> str:
        """Publish an article; give its status: created, updated or unchanged."""
        (result,) = self.put_all([article])
        if faults := faults_of(result):
            raise Refused(faults)
        status: str = result["status"]
        return status

    def put_all(self, articles: Sequence[Json]) -> list[Json]:
        """Publish up to MAX_BATCH articles, again while the stack is busy; give their results.

        A result is {"id", "status"}, with "errors" if the article was refused. Publishing twice
        changes nothing.
        """
        content = batch_of(articles)
        # Without the type, API Gateway passes the body on in base64, which is a third longer.
        headers = {"content-type": "application/json"}

        def send() -> list[Json]:
            answer = self._request_object(
                "POST", "/articles/batch", "results", content=content, headers=headers
            )
            results: list[Json] = answer["results"]
            return results

        return self._repeat_while_busy(send)

    def delete(self, article: str) -> None:
        """Unpublish an article, by its id."""
        self._check(self._send("DELETE", f"/articles/{article}"))

    def corrections(self, article: str) -> Json:
        """Read an article's number by its parts, with the corrections."""
        path = f"/articles/{article}/corrections"
        return self._repeat_while_busy(partial(self.get, path, "corrections"))

    def correct(self, article: str, proposal: Json) -> Json:
        """Correct an article's number, again while the stack is busy; give it by its parts.

        The proposal has a nonce, so that the correction is made once.
        """
        path = f"/articles/{article}/corrections"
        return self._repeat_while_busy(
            partial(self._request_object, "POST", path, "corrections", json=proposal)
        )

    def statistics(self, path: str, query: Json) -> Json:
        """Read what a route below /statistics answers."""
        return self._repeat_while_busy(partial(self._read_statistics, path, query)).json()  # type: ignore[no-any-return]

    def statistics_csv(self, path: str, query: Json) -> str:
        """Read a list of what a route below /statistics answers, as CSV."""
        query = query | {"format": "csv"}
        return self._repeat_while_busy(partial(self._read_statistics, path, query)).text

    def _read_statistics(self, path: str, query: Json) -> httpx.Response:
        answer = self._send("GET", f"/statistics/{path}", params=query)
        self._check(answer)
        return answer

    def merge(self, article: str, into: str) -> Json:
        """Merge an article into another one; give that one's number by its parts."""
        send = partial(
            self._request_object,
            "POST",
            f"/articles/{article}/merge",
            "corrections",
            json={"into": into},
        )
        return self._repeat_while_busy(send)

    def article_at(self, address: str) -> str | None:
        """Give the id of the article that is visible at an address; None if none is."""
        found = self._repeat_while_busy(partial(self.get, "/views", "article", url=address))
        article: str | None = found["article"]
        return article

    def articles(self, path: str = "/articles", **query: str | int | None) -> Iterator[Json]:
        """Read every article of a list, page by page; query has the list's parameters."""
        cursor = None
        while True:
            page = self._repeat_while_busy(
                partial(self.get, path, "articles", cursor=cursor, **query)
            )
            yield from page["articles"]
            cursor = page.get("cursor")
            if not cursor:
                return

    def _repeat_while_busy(self, do: Callable[[], T]) -> T:
        """Repeat an idempotent request until it succeeds or the patience with the stack ends."""
        waited = 0.0
        for attempt in count(1):
            try:
                return do()
            except Busy as busy:
                wait = max(busy.retry_after, min(2**attempt / 10, LONGEST_WAIT))
                if waited + wait > busy.patience:
                    raise
                self.sleep(wait)
                waited += wait
        raise AssertionError  # count never ends

    def _request_object(self, method: str, path: str, field: str, **request: Any) -> Json:  # noqa: ANN401  httpx's own
        """Send a request and read its JSON object; one without the field is no stack's."""
        answer = self._send(method, path, **request)
        self._check(answer)
        body = _object_of(answer)
        if field not in body:
            raise Refused(
                f"{method} {answer.request.url.path}: the answer is not a stack's; "
                f"is {self.client.base_url} the address of one?"
            )
        return body

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= request.pop("headers", {})
        try:
            return self.client.request(method, path, headers=headers, **request)
        except httpx.HTTPError as error:
            raise Busy(f"{self.client.base_url} cannot be reached: {error}") from error

    def _check(self, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        problem = _object_of(answer)
        try:
            faults = [f"{fault['field']} {fault['detail']}" for fault in problem["errors"]]
        except (KeyError, TypeError):  # the response of a proxy or of another service
            faults = []
        stated = "; ".join(faults) or problem.get("detail") or problem.get("message")
        reason = stated or answer.reason_phrase
        if answer.status_code in (401, 403):
            reason = f"{reason} Tell the publisher's token with --token or CIRCULATION_TOKEN."
        refusal = f"{answer.request.method} {answer.request.url.path}: {reason}"
        says_busy = answer.status_code in (429, 503)
        if not says_busy and not answer.is_server_error:
            raise Refused(refusal)
        busy = Busy(refusal)
        if says_busy:
            busy.patience, busy.retry_after = BUSY_PATIENCE, _retry_after(answer)
        raise busy


def batch_of(articles: Sequence[Json]) -> bytes:
    """Write the body of a batch; a lone surrogate, which UTF-8 cannot encode, becomes "?"."""
    return json.dumps({"articles": articles}, ensure_ascii=False).encode(errors="replace")


def length_in_event(article: Json) -> int:
    """Count the bytes of an article in Lambda's event, in which its JSON is escaped again."""
    text = json.dumps(article, ensure_ascii=False)
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))


def faults_of(result: Json) -> str:
    """Write the faults in a result of a batch; empty if its article was published."""
    return "; ".join(f"{fault['field']}: {fault['detail']}" for fault in result.get("errors", []))


def _object_of(answer: httpx.Response) -> Json:
    """Read a response's JSON object; empty for any other body."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _retry_after(answer: httpx.Response) -> float:
    """Read Retry-After in seconds (RFC 9110, section 10.2.3); 0 if it is missing or a date."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
