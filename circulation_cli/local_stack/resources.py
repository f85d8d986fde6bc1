"""The template's tables and a first token, which are created if they are missing."""

from datetime import datetime
from typing import Any

import boto3

from circulation.access.token_hashes import Tokens
from circulation.access.tokens import Scope, Token, sha256_of
from circulation.aws.table import Change, Table
from circulation_cli.local_stack.template import Template

LOCAL = "local"
"""The name of the local stack's first token."""
_NOTE = {"pk": "LOCAL", "sk": "TOKEN"}


def make_tables(template: Template) -> None:
    """Create the tables that are missing."""
    client = boto3.client("dynamodb")
    existing = client.list_tables()["TableNames"]
    for name, properties in template.resources("AWS::DynamoDB::Table").items():
        if name not in existing:
            client.create_table(**_request(name, properties))
            client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
            if ttl := properties.get("TimeToLiveSpecification"):
                client.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)


def make_token(secret: str, tokens: Tokens, table: Table, *, now: datetime) -> bool:
    """Store a token of the name LOCAL with all scopes, unless the same secret was stored before.

    So a revoked token stays revoked until there is another secret. The secret's hash is noted in
    the tokens' table, so that neither can be lost without the other. Tells whether the token is
    valid now.
    """
    sha256 = sha256_of(secret)
    if (table.get(_NOTE, consistent=True) or {}).get("sha256") == sha256:
        return any(token.sha256 == sha256 for token in tokens.all())
    tokens.replace(Token(LOCAL, sha256, frozenset(Scope), now))
    table.update(_NOTE, Change.setting({"sha256": sha256}))
    return True


def _request(name: str, properties: Any) -> dict[str, Any]:  # noqa: ANN401  CloudFormation's
    """Make the parameters of CreateTable from the properties of CloudFormation's resource."""
    request = {
        part: properties[part] for part in ("AttributeDefinitions", "KeySchema", "BillingMode")
    }
    stream = properties.get("StreamSpecification")
    if stream:
        request["StreamSpecification"] = {"StreamEnabled": True, **stream}
    return request | {"TableName": name}
