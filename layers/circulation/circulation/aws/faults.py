"""What a call that failed tells: its error code, and whether it may succeed later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circulation.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

# Error codes of temporary failures, where the same request may succeed later. Any other error is a
# bug and is raised as it is (Amazon DynamoDB Developer Guide: Error handling).
THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
}
_PASSING = THROTTLED | {
    "InternalServerError",
    "ServiceUnavailable",
    "TransactionConflictException",
    "TransactionInProgressException",
}


class passing_faults_as_unavailable:  # noqa: N801  it is called as a function would be
    """Turn temporary failures (throttling, timeouts, server errors) into StoreUnavailable.

    A class, as every call to DynamoDB goes through it, and a generator takes three times as long.
    """

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Raise StoreUnavailable in place of an error that passes."""
        if isinstance(error, Exception) and _passes(error):
            raise StoreUnavailable(str(error)) from error


def error_code(error: BaseException | None) -> str:
    """Give the code of an error that AWS answered with; empty for any other."""
    return str(answered(error).get("Error", {}).get("Code", ""))


def answered(error: BaseException | None) -> Mapping[str, Any]:
    """Give AWS's answer to a call, as the SDK has it; empty for an error that is none."""
    response = getattr(error, "response", None)
    return response if isinstance(response, dict) else {}


def _passes(error: Exception) -> bool:
    answer = answered(error)
    if not answer:
        # What raises these has imported it: no other error costs that time.
        from botocore.exceptions import ConnectionError, HTTPClientError  # noqa: A004, PLC0415

        return isinstance(error, ConnectionError | HTTPClientError)
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error_code(error) in _PASSING or status >= 500  # noqa: PLR2004
