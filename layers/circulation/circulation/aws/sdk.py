"""The SDK: botocore's sessions and clients, as Lambda's network and a cold start want them."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.handlers import BUILTIN_HANDLERS, add_retry_headers

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

SERVICES = frozenset({"dynamodb", "sesv2", "sqs"})
"""The AWS services that are called, by their botocore names."""

# Inside AWS's network a call that is slow to connect or to answer is most likely lost.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
    parameter_validation=False,
    tcp_keepalive=True,
    user_agent="circulation",  # botocore composes its own for each call, in a sixth of its time
)

CALL_ERRORS = (BotoCoreError, ClientError)
"""The errors that a call to AWS can raise."""

# At level INFO it logs at each start where it found its credentials and its endpoint.
logging.getLogger("botocore").setLevel(logging.WARNING)


@cache
def session() -> botocore.session.Session:
    """Give the one botocore session of the process: reading its data files takes longest."""
    return make_session()


def make_session(config: Config | None = None) -> botocore.session.Session:
    """Make a botocore session; config overrides the settings for Lambda's network."""
    created = botocore.session.Session(include_builtin_handlers=False)
    for event, handler, *_ in BUILTIN_HANDLERS:
        # For example s3 in before-call.s3.PutObject. Nine in ten handlers are for other services or
        # for documentation, and each one costs time at a cold start. The headers that number the
        # attempts are left out too: no service needs them, and to make and sign them takes a
        # twentieth of the call.
        service = event.split(".")[1:2]
        if (not service or service[0] in SERVICES) and handler is not add_retry_headers:
            created.register(event, handler)
    created.set_default_client_config(_CONFIG.merge(config) if config else _CONFIG)
    return created


def client_of(service: str, *, attempts: int | None = None, timeout: float | None = None) -> Any:  # noqa: ANN401  botocore makes the class at run time
    """Make a client of a service (botocore's name of it), which threads may share.

    Attempts limits how often a call is made, instead of the common setting; timeout is in seconds,
    once for the connection and once for the answer.
    """
    if attempts is None:
        return session().create_client(service)
    config = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    if timeout is not None:
        config = config.merge(Config(connect_timeout=timeout, read_timeout=timeout))
    return session().create_client(service, config=config)


def connect(*, attempts: int | None = None) -> DynamoDBClient:
    """Make a DynamoDB client; attempts limits how often a call is made."""
    return client_of("dynamodb", attempts=attempts)  # type: ignore[no-any-return]
