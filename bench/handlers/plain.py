"""The same with boto3 alone: a resource, one counter item, no tools around it."""

import json
import os
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["VIEWS_TABLE"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Count one view and answer with the number."""
    article = event["pathParameters"]["id"]
    table.update_item(
        Key={"id": article},
        UpdateExpression="ADD #views :one",
        ExpressionAttributeNames={"#views": "views"},
        ExpressionAttributeValues={":one": 1},
    )
    item = table.get_item(Key={"id": article})["Item"]
    return {
        "statusCode": 200,
        "body": json.dumps({"article": article, "views": int(item["views"])}),
    }
