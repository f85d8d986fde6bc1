"""A function of the template, invoked in this process."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_log = logging.getLogger(__name__)


class FunctionFailed(Exception):  # noqa: N818
    """The handler raised; its traceback is in the log."""


@dataclass(frozen=True, slots=True)
class Function:
    """A handler and the name of its function in the template."""

    name: str
    handler: Callable[[Mapping[str, Any], object], Any]

    def invoke(self, event: Mapping[str, Any]) -> Any:  # noqa: ANN401  whatever it answers
        """Call the handler with an event. Raises FunctionFailed for any exception in it."""
        try:
            return self.handler(event, None)
        except Exception as error:
            _log.exception("%s failed", self.name)
            raise FunctionFailed(self.name) from error
