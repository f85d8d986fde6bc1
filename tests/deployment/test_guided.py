"""The commands of docs/deploying.md, from a clean clone to the connection to AWS, in a terminal."""

from collections.abc import Mapping
from pathlib import Path

from circulation_cli.local_stack.template import Template
from tests.deployment import terminal
from tests.deployment.conftest import ANSWERS, DEPLOY

NOBODY = "http://127.0.0.1:9"
SAMS_OWN = {
    "Confirm changes before deploy",
    "Allow SAM CLI IAM role creation",
    "Disable rollback",
    "Save arguments to configuration file",
    "SAM configuration file",
    "SAM configuration environment",
}


def test_the_page_has_an_answer_for_every_prompt_that_takes_no_empty_one() -> None:
    parameters = Template.load({}).document["Parameters"]
    demanding = {
        name
        for name, parameter in parameters.items()
        if "Default" not in parameter or parameter.get("NoEcho")
    }
    assert demanding == set(ANSWERS) - {"Stack Name", "AWS Region"}


def test_guided_deployment_goes_through_to_the_connection_to_aws(
    clone: Path, environ: Mapping[str, str]
) -> None:
    where = {**environ, "AWS_ENDPOINT_URL": NOBODY, "AWS_MAX_ATTEMPTS": "1"}
    code, screen, prompts = terminal.run(DEPLOY.split(), clone, where, ANSWERS)
    assert code == 1
    assert f'Could not connect to the endpoint URL: "{NOBODY}/"' in screen
    parameters = Template.load({}).document["Parameters"]
    assert prompts[:2] == ["Stack Name", "AWS Region"]
    assert set(prompts[2:]) == set(parameters) | SAMS_OWN
    assert ANSWERS["OriginSecret"] == "none"
