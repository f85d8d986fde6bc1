"""Where Circulation runs: a stack on AWS, or the local one. A command works on its tables."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce, wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import boto3
import click
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError

from circulation.container import container
from circulation.errors import StoreUnavailable
from circulation.settings import SettingsError
from circulation.store import Store
from circulation.store.table import session
from cli.refused import Refused

DEFAULT_STATE = Path(".circulation")
ENVIRONMENT, LOCK, TOKEN = "environment.json", "lock", "token"
"""The files of a state directory that say how a stack is reached, that it runs, and as whom."""

RETRIES = {"mode": "standard", "total_max_attempts": 5}


def deployment_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say where to look, and refuse in one line what AWS refuses."""

    @wraps(command)
    def refusing(*args: Any, **options: Any) -> None:  # noqa: ANN401  the command's own
        try:
            command(*args, **options)
        except (BotoCoreError, ClientError, ResponseParserError, StoreUnavailable) as error:
            raise Refused(_reason(error)) from error
        except SettingsError as error:
            raise Refused(f"the stack is of another version than this command: {error}") from error

    options = (
        click.option("--stack", help="The name of a CloudFormation stack on AWS."),
        click.option(
            "--region",
            envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
            expose_value=False,
            callback=_setting("AWS_DEFAULT_REGION"),
            help="The stack's AWS region; your profile's by default.",
        ),
        click.option(
            "--profile",
            expose_value=False,
            callback=_setting("AWS_PROFILE"),
            help="The profile of your AWS configuration to use.",
        ),
        click.option(
            "--state",
            default=DEFAULT_STATE,
            show_default=True,
            type=click.Path(file_okay=False, path_type=Path),
            help="The state directory of a running local stack.",
        ),
    )
    return reduce(lambda decorated, option: option(decorated), reversed(options), refusing)


def store_of(stack: str | None, state: Path) -> Store:
    """Open the store of a deployed stack, or of the local one. Raises Refused."""
    if stack:
        be_patient(connect_timeout=10, read_timeout=30, retries=RETRIES)
        os.environ |= _environment_on_aws(stack)
    else:
        environment = environment_of_local_stack(state)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]  # a profile of a real account has nothing to say here
        os.environ |= environment
    container.cache_clear()
    return container().store


def be_patient(**settings: Any) -> None:  # noqa: ANN401  botocore's own
    """Change how long the store's clients wait: their defaults are for Lambda's network.

    Takes the arguments of botocore.config.Config; times are seconds.
    """
    defaults = session().get_default_client_config()
    session().set_default_client_config(defaults.merge(Config(**settings)))


@contextmanager
def announced(state: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Leave in the state directory how other commands reach what this process runs."""
    file = state / ENVIRONMENT
    write_private(file, json.dumps(dict(environment)))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner's eyes alone."""
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as draft:  # has mode 0600
        draft.write(text)
    Path(draft.name).replace(file)


def environment_of_local_stack(state: Path) -> dict[str, str]:
    """Read how the stack that runs on a state directory is reached. Raises Refused."""
    if not _is_running(state):  # what a killed stack has left may lead to another program by now
        raise Refused(f"no local stack is running on {state}; --state names another")
    environment: dict[str, str] = json.loads((state / ENVIRONMENT).read_text())
    return environment


def _is_running(state: Path) -> bool:
    """Tell whether a stack holds the lock of its state directory, and has said where it is."""
    try:
        with (state / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return (state / ENVIRONMENT).exists()
    except OSError:
        return False
    return False


def _environment_on_aws(stack: str) -> dict[str, str]:
    """Read the environment of the function that works on both tables, as commands do."""
    try:
        resource = boto3.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId="SealArticles"
        )
        function = boto3.client("lambda").get_function_configuration(
            FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"]
        )
    except ClientError as error:
        if "does not exist" in str(error):
            region = boto3.session.Session().region_name
            raise Refused(f"there is no stack {stack} of Circulation in {region}") from error
        raise
    except KeyError as error:
        raise Refused(f"the stack {stack} is not whole; was its deployment finished?") from error
    variables: dict[str, str] = function["Environment"]["Variables"]
    return variables


def _setting(variable: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    """Put an option into the environment, where every AWS client looks for it."""

    def put(_context: click.Context, _option: click.Parameter, value: str | None) -> None:
        if value:
            os.environ[variable] = value

    return put


def _reason(error: Exception) -> str:
    """Say in one line why AWS did not do what it was asked, and what helps."""
    reason = " ".join(str(error).split())
    for kind, advice in _ADVICE.items():
        if isinstance(error, kind):
            return f"{reason} {advice}"
    return reason


_ADVICE = {
    NoRegionError: "Name the stack's region with --region or AWS_DEFAULT_REGION.",
    ProfileNotFound: "`aws configure list-profiles` names those there are.",
    NoCredentialsError: "Log in with `aws configure` or `aws sso login`, or name a --profile.",
}
