"""Problems: every error as application/problem+json (RFC 9457)."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    BodyTooLarge,
    CirculationError,
    DigestNotFound,
    Fault,
    InvalidInput,
    ListingNotFound,
    ListingRetired,
    MalformedBody,
    NotShared,
    OriginRefused,
    PageNotFound,
    PreconditionFailed,
    PublishConflict,
    RecommendationsOff,
    ScopeMissing,
    ScriptNotFound,
    ShareEnded,
    StoreUnavailable,
    SubscriptionNotFound,
    TokenRequired,
    TooManyViews,
)
from circulation.web.response import Response, json_response

RETRY_AFTER = 2
"""Seconds; a throttled table soon has capacity again."""

_STATUS: dict[type[CirculationError], HTTPStatus] = {
    ArticleGone: HTTPStatus.GONE,
    ArticleNotFound: HTTPStatus.NOT_FOUND,
    BodyTooLarge: HTTPStatus(413),  # named Content Too Large since RFC 9110
    DigestNotFound: HTTPStatus.NOT_FOUND,
    InvalidInput: HTTPStatus(422),
    ListingNotFound: HTTPStatus.NOT_FOUND,
    ListingRetired: HTTPStatus.GONE,
    MalformedBody: HTTPStatus.BAD_REQUEST,
    NotShared: HTTPStatus.FORBIDDEN,
    OriginRefused: HTTPStatus.FORBIDDEN,
    PageNotFound: HTTPStatus.NOT_FOUND,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    PublishConflict: HTTPStatus.CONFLICT,
    RecommendationsOff: HTTPStatus.NOT_FOUND,
    ScopeMissing: HTTPStatus.FORBIDDEN,
    ScriptNotFound: HTTPStatus.NOT_FOUND,
    ShareEnded: HTTPStatus.GONE,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    SubscriptionNotFound: HTTPStatus.NOT_FOUND,
    TokenRequired: HTTPStatus.UNAUTHORIZED,
    TooManyViews: HTTPStatus.TOO_MANY_REQUESTS,
}


def problem(error: CirculationError) -> Response:
    """Make the answer for an error. Errors that are bugs have no status and must not come here."""
    status = _STATUS[type(error)]
    detail = str(error)
    retry_after = error.retry_after if isinstance(error, TooManyViews) else None
    challenge = "Bearer" if isinstance(error, TokenRequired) else None
    if isinstance(error, ScopeMissing):  # RFC 6750, section 3.1
        challenge = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, StoreUnavailable):
        retry_after = RETRY_AFTER
        # AWS's message is for the log; all that a client can do is try again.
        detail = "The request could not be stored or read just now. Try again."
    faults: dict[str, Any] = {}
    if isinstance(error, InvalidInput):
        faults["errors"] = faults_json(error.faults)
    return problem_response(status, detail, retry_after=retry_after, challenge=challenge, **faults)


def faults_json(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Write each fault with its field."""
    return [{"field": fault.field, "detail": fault.reason} for fault in faults]


def detail_of(problem: Response) -> str:
    """Read the detail of a problem."""
    detail: str = json.loads(problem.body)["detail"]
    return detail


def problem_response(
    status: HTTPStatus,
    detail: str,
    *,
    retry_after: int | None = None,
    challenge: str | None = None,
    **members: Any,  # noqa: ANN401
) -> Response:
    """Make a problem of the type about:blank, whose title is the phrase of the status.

    Retry_after is in seconds; challenge says which token is required (RFC 9110, section 11.6.1).
    """
    # The address may have a key in it, such as a share link's.
    headers = {"referrer-policy": "no-referrer"}
    headers |= {} if retry_after is None else {"retry-after": str(retry_after)}
    headers |= {} if challenge is None else {"www-authenticate": challenge}
    return json_response(
        {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        | members,
        status,
        content_type="application/problem+json",
        headers=headers,
    )
