"""PingHub: tells the WebSub hub of feeds that changed, from the ping queue."""

import json
from collections.abc import Mapping
from typing import Any

from circulation.feeds.websub import ping
from circulation.logs import SQS, logged
from circulation.runtime import container, warm_up


@logged(SQS)
def handler(event: Mapping[str, Any], _context: object) -> None:
    """Ping the hub once for the feeds of all messages; an error makes the queue try again."""
    feeds = [url for record in event["Records"] for url in json.loads(record["body"])["feeds"]]
    ping(container().settings.hub, dict.fromkeys(feeds))


warm_up()
