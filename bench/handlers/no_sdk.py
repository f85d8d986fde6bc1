"""The floor: the same two calls by the standard library alone, signed by hand."""

import hashlib
import hmac
import http.client
import json
import os
import time
from typing import Any
from urllib.parse import urlsplit

_URL = urlsplit(os.environ["AWS_ENDPOINT_URL"])
_ENDPOINT = _URL.netloc
_REGION = os.environ["AWS_REGION"]
_connection: http.client.HTTPConnection
if _URL.scheme == "https":
    import ssl

    _roots = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
    _connection = http.client.HTTPSConnection(_ENDPOINT, context=_roots)
else:
    _connection = http.client.HTTPConnection(_ENDPOINT)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Count one view and answer with the number."""
    request = {
        "TableName": os.environ["VIEWS_TABLE"],
        "Key": {"id": {"S": event["pathParameters"]["id"]}},
    }
    call("GetItem", request)
    answer = call(
        "UpdateItem",
        request
        | {
            "UpdateExpression": "ADD #views :one",
            "ExpressionAttributeNames": {"#views": "views"},
            "ExpressionAttributeValues": {":one": {"N": "1"}},
            "ReturnValues": "UPDATED_NEW",
        },
    )
    body = {"article": event["pathParameters"]["id"], "views": answer["Attributes"]["views"]["N"]}
    return {"statusCode": 200, "body": json.dumps(body)}


def call(operation: str, request: dict[str, Any]) -> Any:  # noqa: ANN401  whatever it answers
    """Call DynamoDB (IAM User Guide: Create a signed AWS API request)."""
    body = json.dumps(request).encode()
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "host": _ENDPOINT,
        "x-amz-date": moment,
        "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"],
        "x-amz-target": f"DynamoDB_20120810.{operation}",
    }
    signed = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{moment[:8]}/{_REGION}/dynamodb/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}".encode()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
        f"SignedHeaders={signed}, Signature={hmac.digest(key, to_sign, 'sha256').hex()}"
    )
    _connection.request("POST", "/", body, headers)
    return json.loads(_connection.getresponse().read())
