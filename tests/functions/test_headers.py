"""What every answer carries, whatever the route and the status."""

import pytest

from circulation_cli.local_stack.template import Template
from tests.builders import http_event


@pytest.mark.usefixtures("store")
def test_no_browser_guesses_another_type_than_the_one_that_is_told(template: Template) -> None:
    path = dict.fromkeys(("id", "key", "name", "build", "path", "window", "frequency", "date"), "x")
    answers = {
        f"{route.method} {route.path}": template.function(route.function).invoke(
            http_event(f"{route.method} {route.path}", path=path)
        )
        for route in template.routes()
    }
    assert len(answers) > 40
    for key, answer in answers.items():
        assert answer["headers"]["x-content-type-options"] == "nosniff", key
