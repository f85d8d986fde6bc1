import time
from collections.abc import Mapping
from typing import Any

import pytest

from circulation.logs import Context
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.template import Template


@pytest.mark.parametrize(
    ("name", "seconds"), [("SealArticles", 300), ("SealDay", 900), ("RecordView", 29)]
)
def test_a_function_has_the_time_that_the_template_gives_it(
    template: Template, name: str, seconds: float
) -> None:
    assert template.function(name).timeout == seconds


def test_a_function_is_told_how_much_of_its_time_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    left = []

    def handler(event: Mapping[str, Any], context: Context) -> None:
        nonlocal now
        for seconds in event["seconds"]:
            now += seconds
            left.append(context.get_remaining_time_in_millis())

    Function("Sealing", handler, timeout=300).invoke({"seconds": [0, 240, 59.5, 10]})
    assert left == [300_000, 60_000, 500, 0]
