"""Problems: every error as application/problem+json (RFC 9457)."""

import json
from http import HTTPStatus
from typing import Any

from circulation.errors import (
    ArticleGone,
    ArticleNotFound,
    BodyTooLarge,
    CirculationError,
    InvalidInput,
    ListingNotFound,
    ListingRetired,
    MalformedBody,
    OriginRefused,
    PageNotFound,
    PreconditionFailed,
    PublishConflict,
    ScriptNotFound,
    StoreUnavailable,
    TooManyViews,
)
from circulation.web.response import Response, json_response

RETRY_AFTER = 2
"""Seconds; a throttled table has room again in the next one."""

_STATUS: dict[type[CirculationError], HTTPStatus] = {
    ArticleGone: HTTPStatus.GONE,
    ArticleNotFound: HTTPStatus.NOT_FOUND,
    BodyTooLarge: HTTPStatus(413),  # named Content Too Large since RFC 9110
    InvalidInput: HTTPStatus(422),
    ListingNotFound: HTTPStatus.NOT_FOUND,
    ListingRetired: HTTPStatus.GONE,
    MalformedBody: HTTPStatus.BAD_REQUEST,
    OriginRefused: HTTPStatus.FORBIDDEN,
    PageNotFound: HTTPStatus.NOT_FOUND,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    PublishConflict: HTTPStatus.CONFLICT,
    ScriptNotFound: HTTPStatus.NOT_FOUND,
    StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyViews: HTTPStatus.TOO_MANY_REQUESTS,
}


def problem(error: CirculationError) -> Response:
    """Answer with the problem that an error is; a bug is none and must not come here."""
    status = _STATUS[type(error)]
    detail = str(error)
    retry_after = error.retry_after if isinstance(error, TooManyViews) else None
    if isinstance(error, StoreUnavailable):
        retry_after = RETRY_AFTER
        # What the store said is for the log; the client can only try again.
        detail = "The request could not be stored or read just now. Try again."
    faults: dict[str, Any] = {}
    if isinstance(error, InvalidInput):
        faults["errors"] = [
            {"field": fault.field, "detail": fault.reason} for fault in error.faults
        ]
    return problem_response(status, detail, retry_after=retry_after, **faults)


def detail_of(problem: Response) -> str:
    """Read what a problem says of itself."""
    told: str = json.loads(problem.body)["detail"]
    return told


def problem_response(
    status: HTTPStatus,
    detail: str,
    *,
    retry_after: int | None = None,
    **members: Any,  # noqa: ANN401
) -> Response:
    """Make a problem of the type about:blank, whose title is the status's own phrase."""
    return json_response(
        {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
        | members,
        status,
        content_type="application/problem+json",
        headers={} if retry_after is None else {"retry-after": str(retry_after)},
    )
