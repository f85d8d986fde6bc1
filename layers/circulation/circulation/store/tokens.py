"""The publisher's token: only its SHA-256 is stored, as an SSM parameter."""

from datetime import datetime, timedelta
from functools import cache

from circulation.store.table import client_of, passing_faults_as_unavailable

KEEP = timedelta(minutes=5)
"""A changed token is known everywhere after this long."""


class Tokens:
    """Reads the parameter, seldom."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._client = cache(lambda: client_of("ssm"))
        self._read: tuple[str, datetime] | None = None

    def sha256(self, *, now: datetime) -> str:
        """Give the hex SHA-256 of the publisher's token. Raises StoreUnavailable."""
        if self._read is None or now - self._read[1] >= KEEP:
            with passing_faults_as_unavailable():
                answer = self._client().get_parameter(Name=self._parameter)
            self._read = (answer["Parameter"]["Value"], now)
        return self._read[0]
