"""The HTTP API of a stack, as a publisher calls it."""

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
"""Of a batch in an event of Lambda's, which takes 6 MB: as text, or a third longer in base64."""
TIMEOUT = 60.0
BUSY_PATIENCE = 120.0
"""Seconds to wait altogether for a stack that says that it is busy (429 or 503)."""
FAULT_PATIENCE = 6.0
"""Seconds to wait altogether for one that fails otherwise, or does not answer."""
LONGEST_WAIT = 10.0
"""Seconds between two attempts, unless the stack asks for more (Retry-After)."""

Json = dict[str, Any]
ApiOf = Callable[[], "Api"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """An API and who calls it, as far as one source names them: empty is what it does not name."""

    url: str = ""
    token: str = ""


def api_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which stack is called, and as whom; the command gets api_of.

    That opens the API, which not every run of a command needs.
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
        click.option("--url", metavar="URL", help="Where the API is."),
        click.option("--token", metavar="TOKEN", help="The publisher's token."),
        click.option(
            "--state",
            type=click.Path(file_okay=False, path_type=Path),
            help=f"The state directory of a running local stack.  [default: {DEFAULT_STATE}]",
        ),
    )
    return reduce(lambda decorated, option: option(decorated), reversed(options), calling)


def api_of(url: str | None, token: str | None, state: Path | None) -> "Api":
    """Call the stack that options, environment or configuration name, else the local one.

    A state directory that is named goes before environment and configuration. Raises Refused.
    """
    sources = [Target(url or "", token or "")]
    if state:
        sources.append(_local(state))
    else:
        environment = Target(
            os.environ.get("CIRCULATION_URL", ""), os.environ.get("CIRCULATION_TOKEN", "")
        )
        sources += [environment, _configured()]
        try:
            sources.append(_local(DEFAULT_STATE))
        except Refused as error:
            if not any(source.url for source in sources):
                raise Refused(f"{error.message}, and --url another stack") from error
    target = chosen(sources)
    if not target.url.startswith(("http://", "https://")):
        raise Refused(f"the API's address must begin with https://, not {target.url}")
    if target.token and target.url.startswith("http://") and not _is_local(target.url):
        raise Refused(f"the token would go to {target.url} in clear: use https://")
    try:
        client = httpx.Client(base_url=target.url, timeout=TIMEOUT)
    except httpx.InvalidURL as error:
        raise Refused(f"{target.url} is no address: {error}") from error
    return Api(client, target.token)


def chosen(sources: Sequence[Target]) -> Target:
    """Choose the first address, and the first token that is for it.

    A token is for the address that its own source names, or for any where that names none. So none
    goes to a stack that it is not of.
    """
    addresses = [source.url.rstrip("/") for source in sources]
    address = next(filter(None, addresses), "")
    tokens = (
        source.token
        for source, own in zip(sources, addresses, strict=True)
        if source.token and own in ("", address)
    )
    return Target(address, next(tokens, ""))


def _local(state: Path) -> Target:
    """Read which stack runs on a state directory, and its token. Raises Refused."""
    url = environment_of_local_stack(state)["CIRCULATION_URL"]
    file = state / TOKEN
    return Target(url, file.read_text().strip() if file.exists() else "")


def _is_local(address: str) -> bool:
    """Tell whether an address is of this machine, whatever stands behind its beginning."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def configuration_file() -> Path:
    """Tell where the configuration is: on Linux ~/.config/circulation/config.toml."""
    return Path(click.get_app_dir("circulation")) / "config.toml"


def _configured() -> Target:
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
    """The stack did not answer, or could not do it just now; it may another time."""

    patience: float = FAULT_PATIENCE
    """Seconds that are worth waiting for it, altogether."""
    retry_after: float = 0.0
    """Seconds that the stack asks to wait before the next attempt."""


@dataclass(frozen=True, slots=True)
class Api:
    """A stack's API. Every method raises Refused with what the stack said against it."""

    client: httpx.Client
    token: str
    sleep: Callable[[float], None] = time.sleep

    def get(self, path: str, field: str, **query: str | int | None) -> Json:
        """Read one resource, which has the field."""
        params = {name: value for name, value in query.items() if value is not None}
        return self._answered("GET", path, field, params=params)

    def put(self, article: Json) -> str:
        """Publish an article; tell whether it was created or updated, or stood there as it is."""
        (result,) = self.put_all([article])
        if faults := faults_of(result):
            raise Refused(faults)
        status: str = result["status"]
        return status

    def put_all(self, articles: Sequence[Json]) -> list[Json]:
        """Publish up to 100 articles, again while the stack is busy; tell what became of each.

        To publish them twice changes nothing.
        """
        content = batch_of(articles)
        # Without its type API Gateway hands a body on as base64, which is a third longer.
        headers = {"content-type": "application/json"}

        def send() -> list[Json]:
            answer = self._answered(
                "POST", "/articles/batch", "results", content=content, headers=headers
            )
            results: list[Json] = answer["results"]
            return results

        return self._patiently(send)

    def delete(self, article: str) -> None:
        """Unpublish an article."""
        self._check(self._sent("DELETE", f"/articles/{article}"))

    def articles(self, **query: str | int | None) -> Iterator[Json]:
        """Read every article of a list, page by page."""
        cursor = None
        while True:
            page = self._patiently(
                partial(self.get, "/articles", "articles", cursor=cursor, **query)
            )
            yield from page["articles"]
            cursor = page.get("cursor")
            if not cursor:
                return

    def _patiently(self, do: Callable[[], T]) -> T:
        """Do something that may be done twice, until it is done or no more waiting is worth it."""
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

    def _answered(self, method: str, path: str, field: str, **request: Any) -> Json:  # noqa: ANN401  httpx's own
        """Read an answer that has a field, as a stack's has; another service's may be anything."""
        answer = self._sent(method, path, **request)
        self._check(answer)
        body = _object_of(answer)
        if field not in body:
            raise Refused(
                f"{method} {answer.request.url.path}: the answer is not a stack's; "
                f"is {self.client.base_url} the address of one?"
            )
        return body

    def _sent(self, method: str, path: str, **request: Any) -> httpx.Response:  # noqa: ANN401
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
        except (KeyError, TypeError):  # a proxy's or another service's
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
            busy.patience, busy.retry_after = BUSY_PATIENCE, _seconds(answer)
        raise busy


def batch_of(articles: Sequence[Json]) -> bytes:
    """Write the body that publishes articles; half a surrogate pair, which has no UTF-8, is ?."""
    return json.dumps({"articles": articles}, ensure_ascii=False).encode(errors="replace")


def length_in_event(article: Json) -> int:
    """Count the bytes that an article takes in the event, where quotes of the JSON are escaped."""
    text = json.dumps(article, ensure_ascii=False)
    return len(json.dumps(text, ensure_ascii=False).encode(errors="replace"))


def faults_of(result: Json) -> str:
    """Say what a batch's result has against its article; empty where it was taken."""
    return "; ".join(f"{fault['field']}: {fault['detail']}" for fault in result.get("errors", []))


def _object_of(answer: httpx.Response) -> Json:
    """Read a body that is a JSON object; empty for any other."""
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _seconds(answer: httpx.Response) -> float:
    """Read Retry-After where it is seconds (RFC 9110, section 10.2.3); 0 where it is not."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0
