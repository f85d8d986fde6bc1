"""What a function may do is what it does: template.yaml's statements beside the calls made."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from circulation.container import container
from circulation.sources.fetch import Fetched
from circulation.store import Store
from circulation.store.table import session
from cli.local_stack.template import Template
from tests.builders import TODAY, TOKEN, http_event, record, stream_event, submitted

Call = tuple[str, str, str]
"""Function, IAM action, and the resource it is on, by its name in the template."""


SYNCED = """<rss version="2.0"><channel><link>https://cms.example/</link><item><title>T</title>
<link>https://cms.example/1234.html</link><pubDate>Fri, 13 Mar 2026 11:11:00 GMT</pubDate>
<category>{section}</category><description>Text</description></item></channel></rss>"""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What a hub was told."""
    told: list[list[str]] = []
    monkeypatch.setenv("WEB_SUB_HUB", "https://hub.example/")
    monkeypatch.setattr("functions.ping_hub.ping", lambda _, feeds: told.append(list(feeds)))
    monkeypatch.setenv("API_URL", "https://api.example")
    monkeypatch.setenv("SYNC_FEED_URL", "https://cms.example/feed")
    feeds = (SYNCED.format(section=each).encode() for each in ("city", "sport"))
    monkeypatch.setattr("functions.sync_feed.fetch", lambda *_: Fetched(next(feeds), {}))
    return told


@pytest.fixture
def calls(store: Store, hub: object) -> Iterator[list[tuple[str, str]]]:  # noqa: ARG001  the environment comes first
    """The calls that are made to AWS: IAM action and resource."""
    made: list[tuple[str, str]] = []

    def listen(params: dict[str, Any], event_name: str, **_rest: object) -> None:
        _, service, operation = event_name.split(".")
        if operation == "TransactWriteItems":
            for each in params["TransactItems"]:
                ((kind, told),) = each.items()
                made.append((f"dynamodb:{kind}Item", told["TableName"]))
        elif operation == "BatchGetItem":
            made.extend(("dynamodb:BatchGetItem", table) for table in params["RequestItems"])
        else:
            resource = params.get("TableName") or params.get("Name") or params["QueueUrl"]
            made.append((f"{service}:{operation}", resource.rpartition("/")[2]))

    session().register("before-parameter-build", listen)
    assert container().store is store
    container.cache_clear()  # clients hear of what was registered before they were made
    yield made
    session().unregister("before-parameter-build", listen)


def journey(invoke: Callable[[str, dict[str, Any]], Any]) -> None:
    """Do everything once that makes any function call AWS."""
    path = {"id": "harbour-clock"}
    put = http_event("PUT /articles/{id}", path=path, body=submitted(views_before=346))
    invoke("PublishArticles", put)
    put = http_event("PUT /articles/{id}", path=path, body=submitted(section="sport"))
    invoke("PublishArticles", put)
    for _ in range(2):
        invoke("RecordView", http_event("POST /articles/{id}/views", path=path))
    past_midnight = datetime(2026, 3, 15, 0, 1, tzinfo=UTC)
    later = http_event(
        "POST /articles/{id}/views", path=path, at=past_midnight, address="192.0.2.9"
    )
    invoke("RecordView", later)
    invoke("TallyViews", stream_event(record(1)))
    invoke("ReadArticles", http_event("GET /articles"))
    for route in ("/articles/{id}", "/articles/{id}/views", "/health"):
        invoke("ReadArticles", http_event(f"GET {route}", path=path))
    invoke("RankPopular", {"time": "2026-03-14T15:10:00Z"})
    invoke("ReadArticles", http_event("GET /popular"))
    invoke("ReadStatistics", http_event("GET /articles/{id}/statistics", path=path))
    crawled = http_event("POST /articles/{id}/views", path=path, headers={"user-agent": "bot"})
    invoke("RecordView", crawled)
    for route in ("/feed.rss", "/popular/feed.json", "/feeds.opml"):
        invoke("ServeFeeds", http_event(f"GET {route}"))
    for route in ("/widget.js", "/articles/{id}/views.svg", "/articles/{id}/views.html"):
        invoke("ServeWidget", http_event(f"GET {route}", path=path))
    for page in ("city/harbour-clock.json", "TOTAL.json"):
        asked = {"path": {"path": page}, "query": {"start": "week"}}
        invoke("ServeWidget", http_event("GET /counter/{path+}", **asked))
    for _ in range(2):
        invoke("SyncFeed", {"time": "2026-03-14T15:18:00Z"})
    authorization = {"authorization": f"Bearer {TOKEN}"}
    invoke("AuthorizePublisher", http_event("DELETE /articles/{id}", headers=authorization))
    invoke("PublishArticles", http_event("DELETE /articles/{id}", path=path))
    pings = {"feeds": ["https://api.example/feed.rss"]}
    invoke("PingHub", {"Records": [{"body": json.dumps(pings)}]})
    invoke("SealDay", {"time": "2026-03-15T00:15:00Z"})
    portion = {"day": TODAY, "articles": ["harbour-clock"]}
    invoke("SealArticles", {"Records": [{"body": json.dumps(portion)}]})
    invoke("SealDay", {"time": "2026-03-15T01:15:00Z"})
    for time in ("2026-03-20T20:00:00Z", "2026-03-21T00:10:00Z"):
        invoke("RotateSalts", {"time": time})


def allowed(template: Template) -> Iterator[Call]:
    for name, function in template.functions().items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                yield name, statement["Action"], _resource(statement["Resource"])


def _resource(told: dict[str, Any]) -> str:
    """Read the resource's name out of GetAtt, or out of an ARN that ends with a reference."""
    if "Fn::GetAtt" in told:
        return str(told["Fn::GetAtt"][0])
    return str(told["Fn::Sub"]).rpartition("${")[2].rstrip("}")


def test_each_function_may_do_what_it_does_and_nothing_else(
    template: Template,
    calls: list[tuple[str, str]],
    hub: list[list[str]],
) -> None:
    made: set[Call] = set()

    def invoke(name: str, event: dict[str, Any]) -> None:
        calls.clear()
        answer = template.function(name).handler(event, None)
        assert (answer or {}).get("statusCode", 200) < 300, answer
        made.update((name, *each) for each in calls)

    journey(invoke)
    assert made == set(allowed(template))
    assert hub == [["https://api.example/feed.rss"]]
