"""Where Circulation runs: a stack on AWS, or the local one. A command works on its tables."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import boto3
import click
from botocore.exceptions import BotoCoreError, ClientError

from circulation.container import container
from circulation.errors import StoreUnavailable
from circulation.store import Store
from cli.refused import Refused

ENVIRONMENT = "environment.json"

_TABLES = {"LEDGER_TABLE": "Ledger", "LIBRARY_TABLE": "Library"}
"""The resources of template.yaml that commands work on, by the settings that name them."""


def deployment_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where to look; what AWS has against it is no traceback."""

    @wraps(command)
    def refusing(*arguments: object, **options: object) -> None:
        try:
            command(*arguments, **options)
        except (StoreUnavailable, BotoCoreError, ClientError) as error:
            raise Refused(f"the tables cannot be used: {error}") from error

    refusing = click.option("--stack", help="The name of a CloudFormation stack on AWS.")(refusing)
    return click.option(
        "--state",
        default=".circulation",
        show_default=True,
        type=click.Path(file_okay=False, path_type=Path),
        help="The state directory of a running local stack.",
    )(refusing)


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
    """Find the tables that commands work on among the stack's resources."""
    client = boto3.client("cloudformation")
    try:
        return {
            variable: client.describe_stack_resource(StackName=stack, LogicalResourceId=table)[
                "StackResourceDetail"
            ]["PhysicalResourceId"]
            for variable, table in _TABLES.items()
        }
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"the stack {stack} cannot be read: {error}") from error
