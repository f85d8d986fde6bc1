"""A container that takes views starts without the SDK, and what it loads then is little."""

import json
import subprocess
import sys

from bench.dynamodb_stand_in import stand_in
from bench.events import article_ids, views
from circulation_cli.local_stack.template import Template

PROGRAM = """
import json, sys
from functions import record_view
answer = record_view.handler(json.load(sys.stdin), None)
json.dump([answer["statusCode"], sorted(sys.modules)], sys.stdout)
"""
HEAVY = {"botocore", "urllib3", "dateutil", "email", "gzip", "http.client", "pathlib", "zoneinfo"}
OF_OTHERS = {
    "circulation.articles.article",
    "circulation.aws.sdk",
    "circulation.popularity",
    "circulation.web.renditions",
}


def test_a_view_is_counted_without_the_sdk_and_without_what_it_does_not_need(
    template: Template,
) -> None:
    event = next(views(article_ids(1)))
    with stand_in() as endpoint:
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps(event),
            env=template.environment({})
            | {
                "DIRECT_ENDPOINT": endpoint,
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "AWS_DEFAULT_REGION": "eu-central-1",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    status, modules = json.loads(run.stdout)
    assert status == 200
    assert "circulation.aws.direct_client" in modules
    assert not (HEAVY | OF_OTHERS) & set(modules)
