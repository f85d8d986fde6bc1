"""A request, read from an HTTP API event in payload format 2.0."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from circulation.errors import ArticleNotFound, BodyTooLarge, MalformedBody
from circulation.ids import is_counted_id, is_id
from circulation.times import moment_of


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks. Header names are in lower case.

    Address, query and body must never be logged: whose they are, and which link they open.
    """

    id: str
    route: str
    """The route as in template.yaml: GET /articles/{id}."""
    base_url: str
    """The address of the API that was called, without a trailing slash. What answers say is
    public_url."""
    at: datetime
    """When API Gateway received the request; the one time that all of its handling uses."""
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    body: bytes = b""
    scopes: frozenset[str] | None = None
    """The scopes of the token that the authorizer let in; None if it let none in."""
    publisher: str = ""
    """The name of that token."""

    @property
    def method(self) -> str:
        """The HTTP method, in upper case."""
        return self.route.partition(" ")[0]

    def public_url(self, api_url: str) -> str:
        """Give the API's address for readers, to begin every address with that an answer says.

        It is the one that is set (Settings.api_url), or else the one that was called. Neither has
        a trailing slash.
        """
        return api_url or self.base_url

    @property
    def article_id(self) -> str:
        """The article's id in the path. Raises ArticleNotFound if it is no valid id."""
        article_id = self.path["id"]
        if not is_id(article_id):
            raise ArticleNotFound(article_id)
        return article_id

    @property
    def counted_id(self) -> str:
        """The id in the path under which views are counted. Raises ArticleNotFound likewise."""
        counted_id = self.path["id"]
        if not is_counted_id(counted_id):
            raise ArticleNotFound(counted_id)
        return counted_id

    def json(self, *, limit: int) -> dict[str, Any]:
        """Decode the body as a JSON object, whatever its media type; an empty one if it is empty.

        Raises BodyTooLarge above limit bytes, and MalformedBody.
        """
        if len(self.body) > limit:
            raise BodyTooLarge(limit)
        try:
            data = json.loads(self.body.decode() or "{}", parse_constant=_refuse)
        except json.JSONDecodeError as error:
            raise MalformedBody(f"The body is not JSON: {error}.") from error
        except (ValueError, RecursionError) as error:
            raise MalformedBody("The body is not JSON in UTF-8, or too deep.") from error
        if not isinstance(data, dict):
            raise MalformedBody("The body is not a JSON object.")
        return data


def request_of_event(event: Mapping[str, Any]) -> Request:
    """Read an event (API Gateway: Lambda proxy integrations for HTTP APIs, payload format 2.0).

    Raises MalformedBody if the body should be base64 and is not.
    """
    context = event["requestContext"]
    headers = _replace_surrogates(event.get("headers", {}))
    return Request(
        id=context["requestId"],
        route=event["routeKey"],
        base_url=f"{_scheme_of(headers)}://{context['domainName']}",
        at=moment_of(context["timeEpoch"]),
        path=_replace_surrogates(event.get("pathParameters", {})),
        query=_replace_surrogates(event.get("queryStringParameters", {})),
        headers=headers,
        address=context["http"]["sourceIp"],
        body=_body_of(event),
        scopes=_scopes_of(context),
        publisher=_answer_of(context).get("publisher", ""),
    )


def _scheme_of(headers: Mapping[str, str]) -> str:
    """Give the scheme that the client used; API Gateway itself only serves HTTPS.

    It is undocumented whether API Gateway replaces this header if a client sends one, and the
    addresses in feeds start with it, so only the two schemes are accepted.
    """
    scheme = headers.get("x-forwarded-proto", "")
    return scheme if scheme in ("http", "https") else "https"


def _scopes_of(context: Mapping[str, Any]) -> frozenset[str] | None:
    answer = _answer_of(context)
    return frozenset(answer["scopes"].split()) if answer else None


def _answer_of(context: Mapping[str, Any]) -> Mapping[str, str]:
    """Read the authorizer's answer (API Gateway: Lambda authorizers for HTTP APIs)."""
    return (context.get("authorizer") or {}).get("lambda") or {}


def _replace_surrogates(named: Mapping[str, str]) -> Mapping[str, str]:
    """Replace lone surrogates, which JSON can have and UTF-8 cannot."""
    return {
        name: text if text.isascii() else text.encode(errors="replace").decode()
        for name, text in named.items()
    }


def _body_of(event: Mapping[str, Any]) -> bytes:
    body = event.get("body", "")
    if not event.get("isBase64Encoded"):
        # A lone surrogate in the JSON string is dropped later, with other illegal characters.
        return str(body).encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedBody("The body is not the base64 that the event announces.") from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
