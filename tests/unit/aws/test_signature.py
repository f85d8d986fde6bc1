"""Signatures are those of botocore, whatever is signed."""

import string

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from circulation.aws.signature import Credentials, signed_headers

NAMES = st.text(string.ascii_letters + string.digits + "+/=", min_size=1, max_size=40)
REGIONS = st.sampled_from(["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"])
MOMENTS = st.datetimes().map(lambda moment: moment.strftime("%Y%m%dT%H%M%SZ").zfill(16))
HOSTS = st.sampled_from(
    ["dynamodb.us-east-1.amazonaws.com", "dynamodb.cn-north-1.amazonaws.com.cn", "127.0.0.1:8000"]
)
OPERATIONS = st.sampled_from(["GetItem", "BatchGetItem", "Query", "UpdateItem"])


def read_headers(lines: str) -> dict[str, str]:
    assert lines.endswith("\r\n")
    return dict(line.split(":", 1) for line in lines.split("\r\n")[:-1])


@given(
    operation=OPERATIONS,
    host=HOSTS,
    region=REGIONS,
    body=st.binary(max_size=300),
    keys=st.builds(Credentials, NAMES, NAMES, st.just("") | NAMES),
    at=MOMENTS,
)
def test_a_signature_is_the_one_that_botocore_makes(
    operation: str, host: str, region: str, body: bytes, keys: Credentials, at: str
) -> None:
    target = f"DynamoDB_20120810.{operation}"
    ours = read_headers(signed_headers(target, host, region, body, keys, at))
    request = AWSRequest("POST", f"https://{host}/", data=body)
    request.context["timestamp"] = at
    request.headers["X-Amz-Target"] = target
    request.headers["Content-Type"] = "application/x-amz-json-1.0"
    request.headers["User-Agent"] = "circulation"
    request.headers["X-Amz-Date"] = at
    if keys.token:
        request.headers["X-Amz-Security-Token"] = keys.token
    signer = SigV4Auth(
        BotocoreCredentials(keys.access_key, keys.secret_key, keys.token), "dynamodb", region
    )
    canonical = signer.canonical_request(request)
    scoped = signer.string_to_sign(request, canonical)
    signature = signer.signature(scoped, request)
    theirs = (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(request)}, "
        f"SignedHeaders={signer.signed_headers(signer.headers_to_sign(request))}, "
        f"Signature={signature}"
    )
    assert ours.pop("authorization") == theirs
    signed = {name.lower(): value for name, value in request.headers.items()}
    del signed["user-agent"]
    assert ours == signed | {"host": host}
