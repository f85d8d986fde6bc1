"""A request, read from an HTTP API event in payload format 2.0."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from circulation.errors import ArticleNotFound, BodyTooLarge, MalformedBody
from circulation.ids import is_id


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks. Header names are in small letters; address and body never go to a log."""

    id: str
    route: str
    """The route as template.yaml has it: GET /articles/{id}."""
    base_url: str
    """Where this API was reached, without a slash at the end."""
    at: datetime
    """When the API received the request, stamped once for all that follows."""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    body: bytes = b""
    scopes: frozenset[str] | None = None
    """What the token is for that the authorizer let in; None where it let none in."""

    @property
    def method(self) -> str:
        """The HTTP method, in capital letters."""
        return self.route.partition(" ")[0]

    @property
    def article_id(self) -> str:
        """The article's id in the path. Raises ArticleNotFound when it can be no id."""
        told = self.path["id"]
        if not is_id(told):
            raise ArticleNotFound(told)
        return told

    def json(self, *, limit: int) -> dict[str, Any]:
        """Decode the body as a JSON object, whatever type it is sent as; empty is an empty object.

        Raises BodyTooLarge above limit bytes, and MalformedBody.
        """
        if len(self.body) > limit:
            raise BodyTooLarge(limit)
        try:
            data = json.loads(self.body.decode() or "{}", parse_constant=_refused)
        except json.JSONDecodeError as error:
            raise MalformedBody(f"The body is not JSON: {error}.") from error
        except (ValueError, RecursionError) as error:
            raise MalformedBody("The body is not JSON in UTF-8, or too deep.") from error
        if not isinstance(data, dict):
            raise MalformedBody("The body is not a JSON object.")
        return data


def request_of_event(event: Mapping[str, Any]) -> Request:
    """Read an event (API Gateway: Lambda proxy integrations for HTTP APIs, payload format 2.0).

    Raises MalformedBody when the body is not the base64 that it says it is.
    """
    context = event["requestContext"]
    headers = _texts(event.get("headers", {}))
    return Request(
        id=context["requestId"],
        route=event["routeKey"],
        base_url=f"{_scheme(headers)}://{context['domainName']}",
        at=datetime.fromtimestamp(context["timeEpoch"] / 1000, UTC),
        path=_texts(event.get("pathParameters", {})),
        query=_texts(event.get("queryStringParameters", {})),
        headers=headers,
        address=context["http"]["sourceIp"],
        body=_body(event),
        scopes=_scopes(context),
    )


def _scheme(headers: Mapping[str, str]) -> str:
    """Tell by which scheme the request came; API Gateway itself speaks HTTPS alone.

    Whether it replaces a header of this name that a client sends is documented nowhere, and the
    addresses in feeds begin with it.
    """
    scheme = headers.get("x-forwarded-proto", "")
    return scheme if scheme in ("http", "https") else "https"


def _scopes(context: Mapping[str, Any]) -> frozenset[str] | None:
    """Read what the authorizer answered (API Gateway: Lambda authorizers for HTTP APIs)."""
    answer = (context.get("authorizer") or {}).get("lambda")
    return frozenset(answer["scopes"].split()) if answer else None


def _texts(named: Mapping[str, str]) -> Mapping[str, str]:
    """Give texts that can be written as UTF-8: JSON may name half of a surrogate pair."""
    return {
        name: text if text.isascii() else text.encode(errors="replace").decode()
        for name, text in named.items()
    }


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body", "")
    if not event.get("isBase64Encoded"):
        # JSON may name half of a surrogate pair; it is dropped with the other illegal characters.
        return str(body).encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedBody("The body is not the base64 that the event announces.") from error


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
