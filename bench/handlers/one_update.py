"""The least that counts with boto3: one UpdateItem of its client, which answers with the number."""

import json
import os
from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Count one view and answer with the number."""
    article = event["pathParameters"]["id"]
    answer = dynamodb.update_item(
        TableName=os.environ["VIEWS_TABLE"],
        Key={"id": {"S": article}},
        UpdateExpression="ADD #views :one",
        ExpressionAttributeNames={"#views": "views"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    views = int(answer["Attributes"]["views"]["N"])
    return {"statusCode": 200, "body": json.dumps({"article": article, "views": views})}
