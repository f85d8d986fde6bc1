"""A function of the template, invoked in this process."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_log = logging.getLogger(__name__)


class FunctionFailed(Exception):  # noqa: N818
    """The handler raised; its traceback is in the log."""


class Invocation:
    """The context of a call (circulation.logs.Context)."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Give what is left of the function's time; nothing here ends it after that."""
        return max(0, round(1000 * (self._end - time.monotonic())))


@dataclass(frozen=True, slots=True)
class Function:
    """A handler, and the name and the time of its function in the template."""

    name: str
    handler: Callable[[Mapping[str, Any], Any], Any]
    timeout: float = 3
    """Seconds; Lambda's own where nothing is said (AWS::Lambda::Function)."""

    def invoke(self, event: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever it answers
        """Call the handler with an event. Raises FunctionFailed for any exception in it."""
        try:
            return self.handler(event, Invocation(self.timeout))
        except Exception as error:
            _log.exception("%s failed", self.name)
            raise FunctionFailed(self.name) from error
