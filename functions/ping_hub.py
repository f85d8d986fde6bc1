"""PingHub: feeds that changed, from the ping queue."""

import json
from collections.abc import Mapping
from typing import Any

from circulation.feeds.websub import ping
from circulation.runtime import container, warm_up


def handler(event: Mapping[str, Any], _context: object) -> None:
    """Tell the hub of all feeds of the messages at once; an error makes the queue try again."""
    feeds = [each for record in event["Records"] for each in json.loads(record["body"])["feeds"]]
    ping(container().settings.hub, dict.fromkeys(feeds))


warm_up()
