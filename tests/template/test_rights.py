"""docs/*-policy.json: what resource types of CloudFormation need, and what commands call."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.session import Session
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from click.testing import CliRunner
from samtranslator.translator.transform import transform

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.sdk import make_session
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation_cli import deployment
from circulation_cli.local_stack.template import Template
from circulation_cli.main import circulation
from tests.builders import NOW, TODAY, article, line
from tests.cli.account import Account
from tests.integration.mail.conftest import DATE, digest

# Of the services below a resource type needs these only for what the template does not use.
UNUSED = {
    "dynamodb:AssociateTableReplica",
    "dynamodb:CreateTableReplica",
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:DisableKinesisStreamingDestination",
    "dynamodb:EnableKinesisStreamingDestination",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:ListTagsOfResource",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutRolePermissionsBoundary",
    "lambda:AssociateRuntimeAlias",
    "lambda:PassCapacityProvider",
    "logs:AssociateKmsKey",
    "logs:CreateLogStream",
    "logs:DescribeLogStreams",
    "logs:DisassociateKmsKey",
    "logs:PutBearerTokenAuthentication",
    "logs:PutLogEvents",
    "logs:PutLogGroupDeletionProtection",
}
SERVICES = {
    "apigateway", "cloudwatch", "dynamodb", "events", "iam", "lambda", "logs", "scheduler", "ses",
    "sns", "sqs",
}  # fmt: skip


class ManagedPolicies(dict[str, str]):
    """Stands for AWS's list of managed policies, which the translator would ask for."""

    def load(self) -> Mapping[str, str]:
        return {
            name: f"arn:aws:iam::aws:policy/{name}"
            for name in (
                "AWSLambdaBasicExecutionRole",
                "AWSLambdaDynamoDBExecutionRole",
                "AWSLambdaSQSQueueExecutionRole",
                "AWSXRayDaemonWriteAccess",
                "AWSXrayWriteOnlyAccess",
            )
        }


def statements(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(f"docs/{name}").read_text())["Statement"]
    return found


def patterns(name: str) -> Iterator[str]:
    for statement in statements(name):
        action = statement["Action"]
        yield from [action] if isinstance(action, str) else action


def allows(name: str, action: str) -> bool:
    # IAM heeds no capitals in actions.
    return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns(name))


@pytest.fixture(scope="module")
def kinds() -> set[str]:
    """The types of resources that CloudFormation makes of the template."""
    document = json.loads(json.dumps(Template.load({}).document))
    for resource in document["Resources"].values():
        for name in {"CodeUri", "ContentUri"} & set(resource.get("Properties", {})):
            resource["Properties"][name] = "s3://bucket/key"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        made = transform(document, {}, ManagedPolicies())
    return {resource["Type"] for resource in made["Resources"].values()}


def test_the_policy_to_deploy_has_what_the_resource_types_need(kinds: set[str]) -> None:
    assert "AWS::IAM::Role" in kinds
    for kind in kinds:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-central-1", kind).schema
        for step in ("create", "read", "update", "delete"):
            handler: dict[str, Any] = schema["handlers"].get(step, {})
            for action in handler.get("permissions", []):
                if action.split(":")[0] in SERVICES and action not in UNUSED:
                    assert allows("deploy-policy.json", action), f"{kind}: {action}"


def test_every_service_of_the_template_is_in_the_policy_to_deploy(kinds: set[str]) -> None:
    services = {kind.split("::")[1].lower().replace("apigatewayv2", "apigateway") for kind in kinds}
    assert services - {"ssm"} <= SERVICES
    assert {pattern.split(":")[0] for pattern in patterns("deploy-policy.json")} == SERVICES | {
        "cloudformation",
        "s3",
    }


@pytest.mark.parametrize("name", ["deploy-policy.json", "stack-policy.json"])
def test_a_right_on_everything_is_only_for_what_has_no_name_of_the_stacks(name: str) -> None:
    whole = {statement["Sid"] for statement in statements(name) if statement["Resource"] == "*"}
    assert whole <= {"StackTemplates", "Mappings", "LogDelivery"}
    assert "*" not in set(patterns(name))


def test_the_policy_for_the_command_line_has_what_it_calls(
    store_on_moto: Container, template: Template, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: set[str] = set()

    def listen(event_name: str, **_rest: object) -> None:
        _, service, operation = event_name.split(".")
        called.add(f"{service}:{operation}")

    publish(Submission(article()), store_on_moto.catalogue, store_on_moto.books, now=NOW)
    tally(Batch("shard", [line(1)]), store_on_moto.books)
    store_on_moto.digests.freeze(digest())
    csv = tmp_path / "subscribers.csv"
    csv.write_text("address\nsam@mail.example\n")
    queues = dict.fromkeys(template.resources("AWS::SQS::Queue"), "https://queue.example")
    queues["DigestQueue"] = store_on_moto.settings.digest_queue_url
    variables = template.environment(queues)

    def listened(config: Config) -> Session:
        made = make_session(config)
        made.register("before-parameter-build", listen)
        return made

    monkeypatch.setattr(boto3, "Session", lambda **_: Account(variables))
    monkeypatch.setattr(deployment, "make_session", listened)
    for words in (
        ("token", "new", "ann"),
        ("token", "list"),
        ("token", "revoke", "ann"),
        ("recount", TODAY, "--write"),
        ("subscribers", "import", str(csv)),
        ("subscribers", "list"),
        ("subscribers", "export"),
        ("subscribers", "erase", "sam@mail.example"),
        ("digest", "show"),
        ("digest", "resume", "daily", DATE),
    ):
        done = CliRunner().invoke(circulation, [*words, "--stack", "circulation"])
        assert done.exit_code == 0, done.output
    assert {"dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:Scan", "sqs:SendMessage"} <= called
    for action in called:
        if not action.startswith("ssm:"):
            assert allows("stack-policy.json", action), action
