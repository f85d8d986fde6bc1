"""A real engine for benches: MiniStack with the template's tables, called by the real code."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import deployment
from circulation.aws.sdk import session
from circulation.runtime import container
from circulation_cli.local_stack.ministack import ministack
from circulation_cli.local_stack.resources import make_tables


@contextmanager
def engine() -> Iterator[str]:
    """Run MiniStack with the template's tables; give its URL.

    This process then is a function's container.
    """
    with tempfile.TemporaryDirectory() as state, (Path(state) / "lock").open("w") as lock:
        environment = dict(os.environ)
        with ministack(Path(state), environment, lock.fileno()) as endpoint:
            os.environ |= deployment.template().environment(deployment.QUEUES) | {
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": endpoint,
                "DIRECT_ENDPOINT": "",  # what meters calls listens to the SDK's
                "POWERTOOLS_METRICS_DISABLED": "true",
            }
            session.cache_clear()
            container.cache_clear()
            make_tables(deployment.template())
            try:
                yield endpoint
            finally:
                for name in set(os.environ) - set(environment):
                    del os.environ[name]
                session.cache_clear()
                container.cache_clear()
