"""The publisher's tokens: their SHA-256 by name, in one SSM parameter."""

from datetime import datetime, timedelta
from functools import cache

from circulation.store.table import client_of, passing_faults_as_unavailable
from circulation.tokens import tokens_of

KEEP = timedelta(minutes=5)
"""A changed token is known everywhere after this long."""


class Tokens:
    """Reads the parameter, seldom."""

    def __init__(self, parameter: str) -> None:
        self._parameter = parameter
        self._client = cache(lambda: client_of("ssm"))
        self._read: tuple[dict[str, str], datetime] | None = None

    def known(self, *, now: datetime) -> dict[str, str]:
        """Give the tokens' SHA-256 by name, at most KEEP old. Raises StoreUnavailable."""
        if self._read is None or now - self._read[1] >= KEEP:
            self._read = (self.all(), now)
        return self._read[0]

    def all(self) -> dict[str, str]:
        """Read the tokens' SHA-256 by name. Raises StoreUnavailable."""
        with passing_faults_as_unavailable():
            answer = self._client().get_parameter(Name=self._parameter)
        return tokens_of(answer["Parameter"]["Value"])
