"""Expiry: delete items whose time to live is over, as DynamoDB does and engines do not."""

from collections.abc import Callable
from contextlib import suppress

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from circulation_cli.local_stack.clock import Clock
from circulation_cli.local_stack.template import Template
from circulation_cli.local_stack.workers import Worker

EVERY_SECONDS = 3_600.0


class Expiry:
    """Deletes expired items every hour, as long as the clock is steady."""

    def __init__(self, template: Template, clock: Clock, *, died: Callable[[str], None]) -> None:
        self._attributes = {
            name: properties["TimeToLiveSpecification"]["AttributeName"]
            for name, properties in template.resources("AWS::DynamoDB::Table").items()
            if "TimeToLiveSpecification" in properties
        }
        self._clock = clock
        self.worker = Worker("expiry", self.run_round, died=died)

    def run_round(self) -> float:
        """Delete what has expired; give the seconds until the next round."""
        if self._clock.is_steady():
            with suppress(BotoCoreError, ClientError):  # the next round deletes the rest
                for table, attribute in self._attributes.items():
                    self._sweep(table, attribute)
        return EVERY_SECONDS

    def _sweep(self, table: str, attribute: str) -> None:
        client = boto3.client("dynamodb")
        expired = {
            "ExpressionAttributeNames": {"#ttl": attribute},
            "ExpressionAttributeValues": {":now": {"N": f"{self._clock.now().timestamp():.0f}"}},
        }
        pages = client.get_paginator("scan").paginate(
            TableName=table,
            FilterExpression="#ttl < :now",
            ProjectionExpression="pk, sk",
            **expired,
        )
        for page in pages:
            for key in page["Items"]:
                if self.worker.is_stopping:
                    return
                client.delete_item(TableName=table, Key=key)
