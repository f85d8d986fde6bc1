"""What a user would write instead: powertools all around, a boto3 resource, one counter item."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
tracer = Tracer()
metrics = Metrics(namespace="Views")
app = APIGatewayHttpResolver()
table = boto3.resource("dynamodb").Table(os.environ["VIEWS_TABLE"])


@app.post("/articles/<article>/views")
@tracer.capture_method
def record_view(article: str) -> dict[str, Any]:
    """Count one view and answer with the number."""
    table.update_item(
        Key={"id": article},
        UpdateExpression="ADD #views :one",
        ExpressionAttributeNames={"#views": "views"},
        ExpressionAttributeValues={":one": 1},
    )
    item = table.get_item(Key={"id": article})["Item"]
    metrics.add_metric(name="ViewRecorded", unit=MetricUnit.Count, value=1)
    logger.info("View recorded", extra={"article": article})
    return {"article": article, "views": int(item["views"])}


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_HTTP)
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer the HTTP API."""
    return app.resolve(event, context)
