"""Deployments, on whose tables a command works: stacks on AWS and local ones."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce, wraps
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import boto3
import click
from botocore.config import Config
from botocore.configprovider import ConstantProvider
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError
from botocore.session import Session

from circulation.aws.sdk import make_session
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.settings import Settings, SettingsError
from circulation_cli.refused import Refused

DEFAULT_STATE = Path(".circulation")
ENVIRONMENT, LOCK, TOKEN = "environment.json", "lock", "token"
"""The files of a state directory: how its stack is reached, the lock while it runs, and a token."""

RETRIES = {"mode": "standard", "total_max_attempts": 5}


PATIENT = Config(connect_timeout=10, read_timeout=30, retries=RETRIES)
"""For a publisher's network; the usual settings of clients are for Lambda's network."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The stack that a command works on: the named one on AWS, or else the local one."""

    state: Path
    """The state directory of the local stack."""
    stack: str | None = None
    """The name of a CloudFormation stack."""
    region: str | None = None
    """The AWS region of the stack; None is that of the profile, or of the environment."""
    profile: str | None = None
    """The profile of the AWS configuration to use; None is that of the environment."""

    def container(self, function: str = "SealArticles") -> Container:
        """Open the tables of a function of the stack, by its name in the template.

        Raises Refused, SettingsError and botocore's errors.
        """
        return self._on_aws(self.stack, function) if self.stack else self._on_this_machine()

    def api_url(self) -> str:
        """Give the address at which readers reach the API, without a slash at its end.

        Raises Refused and botocore's errors.
        """
        if not self.stack:
            return environment_of_local_stack(self.state)["CIRCULATION_URL"].rstrip("/")
        described = self.session().client("cloudformation").describe_stacks(StackName=self.stack)
        outputs = {
            output["OutputKey"]: output["OutputValue"]
            for output in described["Stacks"][0].get("Outputs", ())
        }
        if "ApiUrl" not in outputs:
            raise Refused(f"the stack {self.stack} is not whole; was its deployment finished?")
        return str(outputs["ApiUrl"]).rstrip("/")

    def session(self) -> boto3.Session:
        """Open a session of the account that the stack on AWS is in."""
        return boto3.Session(region_name=self.region, profile_name=self.profile)

    def local_parameters(self) -> dict[str, str]:
        """Give what the local stack was started with, by the names of the template's parameters.

        Only of those that a function has in its environment. Raises Refused.
        """
        return {
            "".join(map(str.capitalize, name.split("_"))): value
            for name, value in environment_of_local_stack(self.state).items()
        }

    def _on_aws(self, stack: str, function: str) -> Container:
        account = self.session()
        environment = _environment_on_aws(stack, account, function)
        session = make_session(PATIENT)
        for variable, value in (("region", self.region), ("profile", self.profile)):
            if value:
                session.set_config_variable(variable, value)
        client = session.create_client("dynamodb")
        return Container(
            Settings(environment),
            client,
            tokens_client=client,
            make_queue_client=partial(session.create_client, "sqs"),
        )

    def _on_this_machine(self) -> Container:
        """Ignore the user's AWS configuration, which is for a real account."""
        environment = environment_of_local_stack(self.state)
        session = make_session(Config(proxies={}))
        for variable in ("config_file", "credentials_file"):
            session.set_config_variable(variable, os.devnull)
        session.get_component("config_store").set_config_provider("profile", ConstantProvider(None))
        try:
            session.set_credentials(
                environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
            )
            client = session.create_client(
                "dynamodb",
                region_name=environment["AWS_DEFAULT_REGION"],
                endpoint_url=environment["AWS_ENDPOINT_URL"],
            )
        except KeyError as error:
            raise SettingsError(f"{error.args[0]} is not set") from error
        return Container(
            Settings(environment),
            client,
            tokens_client=client,
            make_queue_client=partial(
                self._local_queue_client, session, environment["AWS_DEFAULT_REGION"]
            ),
        )

    def _local_queue_client(self, session: Session, region: str) -> Any:  # noqa: ANN401  botocore makes the class at run time
        """Make a client whose messages go into the local stack's own database."""
        from circulation_cli.local_stack.queues import Queues  # noqa: PLC0415  serve's extra has it
        from circulation_cli.local_stack.state import State  # noqa: PLC0415  likewise

        Queues(State(self.state)).answer(session)
        return session.create_client("sqs", region_name=region)


def deployment_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name a deployment, and turn errors of AWS into Refused.

    The command gets the options as one argument, deployment.
    """

    @wraps(command)
    def refusing(
        *args: Any,  # noqa: ANN401  the command's own
        stack: str | None,
        region: str | None,
        profile: str | None,
        state: Path,
        **options: Any,  # noqa: ANN401  likewise
    ) -> None:
        deployment = Deployment(state, stack, region, profile)
        try:
            command(*args, deployment=deployment, **options)
        except (BotoCoreError, ClientError, ResponseParserError, StoreUnavailable) as error:
            raise Refused(_reason(error)) from error
        except SettingsError as error:
            raise Refused(f"the stack is of another version than this command: {error}") from error

    options = (
        click.option("--stack", help="The name of a CloudFormation stack on AWS."),
        click.option(
            "--region",
            envvar=["AWS_REGION", "AWS_DEFAULT_REGION"],
            help="The stack's AWS region; your profile's by default.",
        ),
        click.option("--profile", help="The profile of your AWS configuration to use."),
        click.option(
            "--state",
            default=DEFAULT_STATE,
            show_default=True,
            type=click.Path(file_okay=False, path_type=Path),
            help="The state directory of a running local stack.",
        ),
    )
    return reduce(lambda decorated, option: option(decorated), reversed(options), refusing)


@contextmanager
def announce_stack(state: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Write to the state directory how other commands reach this process, until the block ends."""
    file = state / ENVIRONMENT
    write_private(file, json.dumps(dict(environment)))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Write a file atomically, readable by its owner only."""
    with NamedTemporaryFile("w", dir=file.parent, delete=False) as draft:  # has mode 0600
        draft.write(text)
    Path(draft.name).replace(file)


def environment_of_local_stack(state: Path) -> dict[str, str]:
    """Read the environment that reaches the stack on a state directory. Raises Refused."""
    if not _is_running(state):  # a killed stack's port may belong to another program by now
        raise Refused(f"no local stack is running on {state}; --state names another")
    environment: dict[str, str] = json.loads((state / ENVIRONMENT).read_text())
    return environment


def _is_running(state: Path) -> bool:
    """Tell whether a stack holds the lock of a state directory and has announced itself there."""
    try:
        with (state / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return (state / ENVIRONMENT).exists()
    except OSError:
        return False
    return False


def _environment_on_aws(stack: str, account: boto3.Session, logical_id: str) -> dict[str, str]:
    """Read the environment of the function that uses the same tables as the command."""
    try:
        resource = account.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=logical_id
        )
        function = account.client("lambda").get_function_configuration(
            FunctionName=resource["StackResourceDetail"]["PhysicalResourceId"]
        )
    except ClientError as error:
        if "does not exist" in str(error):
            raise Refused(
                f"there is no stack {stack} of Circulation in {account.region_name}"
            ) from error
        raise
    except KeyError as error:
        raise Refused(f"the stack {stack} is not whole; was its deployment finished?") from error
    variables: dict[str, str] = function["Environment"]["Variables"]
    return variables


def _reason(error: Exception) -> str:
    """Write an error of AWS in one line, with advice if there is some."""
    reason = " ".join(str(error).split())
    for kind, advice in _ADVICE.items():
        if isinstance(error, kind):
            return f"{reason.rstrip('.')}. {advice}"
    return reason


_ADVICE = {
    NoRegionError: "Name the stack's region with --region or AWS_DEFAULT_REGION.",
    ProfileNotFound: "`aws configure list-profiles` names those there are.",
    NoCredentialsError: "Log in with `aws configure` or `aws sso login`, or name a --profile.",
}
