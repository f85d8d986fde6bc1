"""Where Circulation runs: a stack on AWS, or the local one. A command works on its tables."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from circulation.container import container
from circulation.store import Store
from cli.refused import Refused

ENVIRONMENT = "environment.json"


def deployment_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where to look."""
    command = click.option("--stack", help="The name of a CloudFormation stack on AWS.")(command)
    return click.option(
        "--state",
        default=".circulation",
        show_default=True,
        type=click.Path(file_okay=False, path_type=Path),
        help="The state directory of a running local stack.",
    )(command)


def store_of(stack: str | None, state: Path) -> Store:
    """Open the store of a deployed stack, or of the local one. Raises Refused."""
    os.environ |= _environment_on_aws(stack) if stack else _environment_of_local_stack(state)
    container.cache_clear()
    return container().store


@contextmanager
def announced(state: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Leave in the state directory how other commands reach what this process runs."""
    file = state / ENVIRONMENT
    file.touch(mode=0o600)
    file.write_text(json.dumps(dict(environment)))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _environment_of_local_stack(state: Path) -> dict[str, str]:
    try:
        told: dict[str, str] = json.loads((state / ENVIRONMENT).read_text())
    except OSError as error:
        raise Refused(f"no local stack is running on {state}; see --state and --stack") from error
    return told


def _environment_on_aws(stack: str) -> dict[str, str]:
    """Read the environment that the stack gave its functions."""
    try:
        resource = boto3.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId="RecordView"
        )
        function = boto3.client("lambda").get_function_configuration(
            FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"]
        )
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"the stack {stack} cannot be read: {error}") from error
    told: dict[str, str] = function["Environment"]["Variables"]
    return told
