"""The tables, queues and parameters of the template, made where they are missing."""

from contextlib import suppress
from typing import Any

import boto3

from circulation.tokens import text_of, tokens_of
from cli.local_stack.template import Template


def make_tables(template: Template) -> None:
    """Make the tables that are not there yet."""
    client = boto3.client("dynamodb")
    there = client.list_tables()["TableNames"]
    for name, properties in template.resources("AWS::DynamoDB::Table").items():
        if name not in there:
            client.create_table(**_request(name, properties))
            client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
            if ttl := properties.get("TimeToLiveSpecification"):
                client.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)


def make_queues(template: Template) -> dict[str, str]:
    """Make the queues that are not there yet; give the URL of each by its name."""
    client = boto3.client("sqs")
    return {
        name: client.create_queue(QueueName=name)["QueueUrl"]
        for name in template.resources("AWS::SQS::Queue")
    }


def put_parameters(template: Template) -> None:
    """Set the first token to what the template says now; those that were made since stay."""
    client = boto3.client("ssm")
    for name, properties in template.resources("AWS::SSM::Parameter").items():
        told = tokens_of(template.resolved(properties["Value"]))
        with suppress(client.exceptions.ParameterNotFound):
            told = tokens_of(client.get_parameter(Name=name)["Parameter"]["Value"]) | told
        client.put_parameter(
            Name=name, Value=text_of(told), Type=properties["Type"], Overwrite=True
        )


def _request(name: str, properties: Any) -> dict[str, Any]:  # noqa: ANN401  CloudFormation's
    """Say in the API's words what CloudFormation's properties say."""
    request = {
        part: properties[part] for part in ("AttributeDefinitions", "KeySchema", "BillingMode")
    }
    stream = properties.get("StreamSpecification")
    if stream:
        request["StreamSpecification"] = {"StreamEnabled": True, **stream}
    return request | {"TableName": name}
