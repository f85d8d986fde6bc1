"""A journey through every route and every trigger of the template, for what is called and read.

Each function has its own environment and a fresh container, as on AWS.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from circulation.access.grant import Extent
from circulation.access.share import Share
from circulation.access.tokens import Scope, Token, sha256_of
from circulation.articles.lookup import article_at
from circulation.aws.mail_service import MailService, MailThrottled
from circulation.aws.sdk import session
from circulation.importing.fetch import Fetched
from circulation.mail.ask import Ask, ask_json
from circulation.mail.keys import MAIL_KEY
from circulation.mail.mailbox import read_mailbox
from circulation.mail.recommendation import REFUSING, Person, Recommendation
from circulation.mail.subscriber import (
    Choices,
    bucket_of,
    key_hash,
    link_key,
    subscriber_id,
    subscriber_of_link,
)
from circulation.mail.subscribers import Pending
from circulation.mail.webhook import Webhook
from circulation.runtime import container
from circulation.settings import Settings
from circulation.statistics.alerts import Alert, Kind
from circulation.statistics.rollup import THE_SITE, Rollup
from circulation.widget import current
from circulation_cli.local_stack.function import Invocation
from circulation_cli.local_stack.template import Template
from tests.builders import (
    NOW,
    TODAY,
    TOKEN,
    digest,
    digest_entry,
    http_event,
    record,
    stream_event,
    submitted,
)
from tests.conftest import mocked_aws

PARAMETERS = {
    "WebSubHub": "https://hub.example/",
    "ApiUrl": "https://api.example",
    "SyncFeedUrl": "https://cms.example/feed",
    "RecommendByMail": "on",
    "ReportTo": "desk@news.example",
    "ReportWebhook": "https://hooks.example/news",
    "ReportSecret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
SYNCED = """<rss version="2.0"><channel><link>https://cms.example/</link><item><title>T</title>
<link>https://cms.example/1234.html</link>
<guid>https://cms.example/?p=1234</guid><pubDate>Fri, 13 Mar 2026 11:11:00 GMT</pubDate>
<category>{section}</category><description>Text</description></item></channel></rss>"""
PAGE = "https://news.example/city/harbour-clock"
NAMES = {"id": "harbour-clock", "section": "city", "tag": "clocks", "author": "A. Writer"}
PATHS = {
    **{f"{{{name}}}": value for name, value in NAMES.items()},
    "{build}": f"{current()}.js",
    "{frequency}": "daily",
    "{date}": "2026-03-13",
    "{path+}": "city/harbour-clock.json",
}
QUERIES: dict[str, list[dict[str, str]]] = {
    "GET /articles": [{}, {"order": "views"}, {"section": "city"}],
    "GET /views": [{"ids": "harbour-clock"}, {"url": PAGE}],
    "GET /articles/by-url": [{"url": PAGE}, {"url": f"{PAGE}?id=1"}],
    "POST /views": [{"url": PAGE}],
    "GET /count": [{"p": "/city/harbour-clock", "rnd": "a"}],
    "POST /count": [{"p": "/city/harbour-clock", "rnd": "b"}],
    "GET /busuanzi": [{"jsonpCallback": "f"}],
    "GET /popular": [{}, {"section": "city"}, {"window": "2026-03-14"}, {"tag": "harbour"}],
    "GET /feed.rss": [{}, {"before": ""}],
    "GET /counter/{path+}": [{}, {"start": "week"}],
    **{f"GET {path}": [{"url": PAGE}] for path in ("/api/v2/log", "/api/v1/log", "/log")},
}
SHARE_KEY = "a-key-of-a-share-link"
READER, CONFIRMATION = "sam@mail.example", "a-key-of-a-confirmation"
BODIES: dict[str, object] = {
    "POST /subscriptions": {"address": READER},
    "POST /recommendations": {
        "article": NAMES["id"],
        "name": "Sam",
        "address": READER,
        "friend_name": "Robin",
        "friend_address": "robin@mail.example",
    },
    "POST /articles/batch": {
        "articles": [
            submitted(id="other", url=f"{PAGE}/other"),
            {
                "id": "gone",
                "section": "city",
                "published": "2026-03-13T12:00:00Z",
                "unpublished": "2026-03-14T12:00:00Z",
            },
        ]
    },
    "POST /articles/{id}/merge": {"into": "other"},
    "POST /articles/{id}/corrections": {"views": -1, "reason": "a robot"},
    "PUT /articles/{id}": submitted(tags=["clocks"], author="A. Writer", views_before=346),
    **{f"POST {path}": {"url": PAGE} for path in ("/api/v2/log", "/api/v1/log", "/log")},
}
FORMER = "asked-for"
"""The id under which the article was submitted when it stood at its address already."""
LAST = [
    "POST /subscriptions/{key}/unsubscribe",
    "POST /articles/{id}/merge",
    "DELETE /articles/{id}",
]
"""What takes away what the other routes need."""


@dataclass(frozen=True)
class Call:
    """A call to AWS."""

    function: str
    action: str
    resource: str
    """Its name in the template."""
    keys: tuple[str, ...] = ()
    """The partition keys of the items, as dynamodb:LeadingKeys has them."""
    in_transaction: bool = False


@dataclass
class Journey:
    """What was done on it."""

    template: Template
    calls: list[Call] = field(default_factory=list)
    read: dict[str, set[str]] = field(default_factory=dict)
    """The variables that each function read."""
    routes: set[str] = field(default_factory=set)
    told: list[list[str]] = field(default_factory=list)
    """What the hub was told."""


@pytest.fixture(scope="module")
def journey(template: Template) -> Iterator[Journey]:
    """Do everything once that makes any function call AWS or read a setting."""
    made = Journey(Template(template.document, {**template.parameters, **PARAMETERS}))
    with pytest.MonkeyPatch.context() as patch, mocked_aws(made.template, patch) as queues:
        _Traveller(made, patch, queues).travel()
        yield made
    container.cache_clear()


class _Environment(Mapping[str, str]):
    """The environment of this process, which notes the names that are read of it."""

    def __init__(self, read: set[str]) -> None:
        self._read = read

    def __getitem__(self, name: str) -> str:
        self._read.add(name)
        return os.environ[name]

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


class _Traveller:
    def __init__(self, made: Journey, patch: pytest.MonkeyPatch, queues: dict[str, str]) -> None:
        self._made = made
        self._patch = patch
        self._queues = queues
        self._function = ""
        self._bounced = ""

    def travel(self) -> None:
        feeds = (SYNCED.format(section=section).encode() for section in ("city", "sport"))
        self._patch.setattr("functions.sync_feed.fetch", lambda *_: Fetched(next(feeds), {}))
        self._patch.setattr(
            "functions.ping_hub.ping", lambda _, feeds: self._made.told.append(list(feeds))
        )
        self._patch.setattr("circulation.runtime.Settings", self._settings)
        session().register("before-parameter-build", self._note)
        try:
            self._publish()
            self._subscribe()
            self._recommend()
            self._view()
            self._wake()
            self._send_digest()
            self._report()
            self._visit()
            self._close()
        finally:
            session().unregister("before-parameter-build", self._note)

    def _settings(self) -> Settings:
        """Give the settings of a function, which note what it reads of its environment."""
        return Settings(_Environment(self._made.read.setdefault(self._function, set())))

    def _publish(self) -> None:
        route = "PUT /articles/{id}"
        self._ask(route)
        self._ask(route, body=submitted(section="sport", views_before=400, url=f"{PAGE}/moved"))
        self._ask(route)
        self._ask(route, names={"id": FORMER})
        older = submitted(id="older", url=f"{PAGE}/older", published="2026-03-11T12:00:00Z")
        self._ask(route, names={"id": "older"}, body=older)

    def _subscribe(self) -> None:
        """Ask, be answered, and confirm; before that, every function makes the mail key itself."""
        self._ask("POST /subscriptions")
        ask = Ask("a", read_mailbox(READER), Choices(), NOW, "network", "https://api.example")
        letter = {"Records": [{"body": json.dumps({"ask": ask_json(ask)})}]}
        self._patch.setattr(MailService, "send", self._note_mail)
        self._invoke("SendLetter", letter)
        self._function = "the command line"
        for function, route in (
            ("ServeSubscriptions", "GET /subscriptions/{key}"),
            ("ServeRecommendations", "GET /recommendations/{key}/refuse"),
        ):
            self._function = "the command line"
            container().subscribers_table.delete(MAIL_KEY)
            self._invoke(function, http_event(route, path={"key": "unknown"}))
        self._function, store = "the command line", container()
        mail_key = store.subscribers.mail_key(bytes)
        person = subscriber_id(mail_key, read_mailbox(READER))
        PATHS["{key}"] = link_key(mail_key, person)
        for key in (CONFIRMATION, "other"):
            pending = Pending(read_mailbox(READER), Choices(), NOW, "text")
            store.subscribers.put_pending(key_hash(key), pending, now=NOW)
        confirm = "POST /subscriptions/confirm/{key}"
        self._ask(confirm, names={"key": "other"})

    def _recommend(self) -> None:
        """Ask, be answered, have SES take no mail just now, send, and complain."""
        self._ask("POST /recommendations", at=datetime(2026, 3, 17, tzinfo=UTC))
        self._function, store = "the command line", container()
        mail_key = store.subscribers.mail_key(bytes)
        friend = Person("Robin", read_mailbox("robin@mail.example"))
        person = subscriber_id(mail_key, friend.mailbox)
        PATHS["{refusal}"] = link_key(mail_key, person, REFUSING)
        sender = Person("Sam", read_mailbox(READER))
        asked = Recommendation(
            NAMES["id"], sender, friend, datetime.now(UTC), "https://api.example"
        )
        for key in (CONFIRMATION, "other"):
            store.recommendations.put(key_hash(key), asked)
        letters = (
            {"recommend": {"key": "other", "network": "network"}},
            {"recommendation": {"key_hash": key_hash("other")}},
        )
        with self._patch.context() as patch:
            patch.setattr(MailService, "send", _throttle)
            with pytest.raises(MailThrottled):
                self._invoke("SendLetter", {"Records": [{"body": json.dumps(letters[1])}]})
        for letter in letters:
            self._invoke("SendLetter", {"Records": [{"body": json.dumps(letter)}]})
        tags = {"k": ["recommendation"], "s": [person]}
        mail = {"tags": tags, "messageId": "message-1"}
        complaint = {"eventType": "Complaint", "complaint": {}, "mail": mail}
        self._invoke("RecordMailEvents", {"Records": [{"body": json.dumps(complaint)}]})

    def _note_mail(self, *_: object) -> str:
        for resource in ("identity", "configuration-set"):
            for action in ("ses:SendEmail", "ses:SendRawEmail"):
                self._add(action, resource, ())
        return "message-1"

    def _throttle_mail(self, *_: object) -> str:
        raise MailThrottled("Maximum sending rate exceeded")

    def _view(self) -> None:
        views = "POST /articles/{id}/views"
        for _ in range(2):
            self._ask(views)
        past_midnight = datetime(2026, 3, 15, 0, 1, tzinfo=UTC)
        self._ask(views, at=past_midnight, address="192.0.2.9")
        self._ask(views, headers={"user-agent": "bot"})
        self._ask(views, headers={"dnt": "1"})
        viewed = record(1, r={"S": "a.example"}, at=datetime.now(UTC))  # just now, for LIVE#*
        self._invoke("TallyViews", stream_event(viewed))

    def _wake(self) -> None:
        self._invoke("RankPopular", {"time": "2026-03-14T15:10:00Z"})
        self._invoke("SyncFeed", {"time": "2026-03-14T15:18:00Z"})
        self._be_the_command_line()
        synced = article_at("https://cms.example/1234.html", container().addresses)
        assert synced
        self._invoke("TallyViews", stream_event(record(2, synced)))
        self._invoke("SyncFeed", {"time": "2026-03-14T15:33:00Z"})
        self._be_the_command_line()
        secret = Token("cms", sha256_of(TOKEN), frozenset(Scope), NOW)
        container().tokens.add(secret)
        link = Share("desk", sha256_of(SHARE_KEY), Extent.SITE, "", NOW, NOW + timedelta(days=30))
        container().shares.add(link, now=NOW)
        container().digests.freeze(digest(digest_entry(1), date="2026-03-13"))
        authorization = {"authorization": f"Bearer {TOKEN}"}
        asked = http_event("DELETE /articles/{id}", headers=authorization, scopes=None)
        self._invoke("AuthorizePublisher", asked)
        pings = {"feeds": ["https://api.example/feed.rss"]}
        self._invoke("PingHub", {"Records": [{"body": json.dumps(pings)}]})

    def _be_the_command_line(self) -> None:
        self._function = "the command line"
        os.environ |= self._made.template.environment(self._queues)
        container.cache_clear()

    def _send_digest(self) -> None:
        """Begin a day's digest, send a subscriber's portion, and record what became of it."""
        self._invoke("BeginDigest", {"time": "2026-03-14T15:30:00Z"})
        self._function = "the command line"
        person = subscriber_of_link(container().deliveries.mail_key(), PATHS["{key}"])
        assert person
        portion = {"frequency": "daily", "date": TODAY, "bucket": bucket_of(person)}
        sending = {"Records": [{"body": json.dumps(portion)}]}
        with self._patch.context() as patch:
            patch.setattr(MailService, "send", self._throttle_mail)
            self._invoke("SendDigest", sending)
        self._invoke("SendDigest", sending)
        self._bounce(person, "Transient")
        self._bounced = person

    def _report(self) -> None:
        """Send the week's report, and alerts of the site and of an article."""
        self._patch.setattr(Webhook, "send", lambda *_, **__: None)
        with self._patch.context() as patch:
            alert = Alert(Kind.ABOVE, NOW, 1_000, 100)
            patch.setattr("circulation.mail.reporting.site_alert", lambda _, **_at: alert)
            patch.setattr("circulation.mail.reporting.leading_article", lambda _: NAMES["id"])
            patch.setattr("circulation.mail.reporting.last_hour", lambda _: NOW)
            sent = self._invoke("SendReports", {"time": "2026-03-20T12:20:00Z"})
        assert sent == {"sent": 4}

    def _bounce(self, person: str, kind: str) -> None:
        bounce = {"bounceType": kind, "timestamp": "2026-03-14T15:31:00Z"}
        tags = {"d": [f"daily-{TODAY}"], "s": [person]}
        mail = {"messageId": "message-1", "tags": tags}
        body = json.dumps({"eventType": "Bounce", "bounce": bounce, "mail": mail})
        self._invoke("RecordMailEvents", {"Records": [{"body": body}]})

    def _visit(self) -> None:
        routes = [f"{route.method} {route.path}" for route in self._made.template.routes()]
        for route in sorted(set(routes) - set(LAST)):
            method, _, path = route.partition(" ")
            if path.startswith("/statistics"):
                bearer = {"authorization": f"Bearer {TOKEN}"}
                for period in ("day", "year"):
                    self._ask(route, query={"period": period}, headers=bearer, scopes=None)
                self._ask(route, query={"share": SHARE_KEY}, scopes=None)
                continue
            for query in QUERIES.get(f"GET {path}" if method == "HEAD" else route, [{}]):
                self._ask(route, query={name: told for name, told in query.items() if told})
        self._ask("GET /counter/{path+}", names={"path": "TOTAL.json"}, query={"start": "week"})
        self._ask("GET /feed.rss", headers={"user-agent": "Feedly/1.0 (16 subscribers)"})
        for route in ("/articles/{id}", "/articles/{id}/views.svg", "/articles/{id}/statistics"):
            self._ask(f"GET {route}", names={"id": FORMER})
        self._ask("POST /articles/{id}/views", names={"id": FORMER})
        self._ask("POST /views", query={"url": "https://cms.example/new"})

    def _close(self) -> None:
        for route in LAST:
            self._ask(route, names={"id": FORMER} if route.startswith("DELETE") else None)
        self._bounce(self._bounced, "Permanent")
        self._invoke("SealDay", {"time": "2026-03-15T00:15:00Z"})
        portion = {"day": TODAY, "articles": ["harbour-clock"]}
        part = {"day": TODAY, "article": "harbour-clock", "partition": "0"}
        for job, seconds in ((portion, 0), (part, 300), (portion, 300)):
            self._invoke("SealArticles", {"Records": [{"body": json.dumps(job)}]}, seconds)
        self._invoke("SealDay", {"time": "2026-03-15T01:15:00Z"})
        self._be_the_command_line()
        portion["articles"] = [page.article for page in container().books.day_book.pages(TODAY)]
        # Of articles before the first day with views there is no curve.
        container().rollups.put(THE_SITE, "2026-03-10", Rollup(), as_of=NOW, clock=NOW)
        self._invoke("SealArticles", {"Records": [{"body": json.dumps(portion)}]})
        self._invoke("SealDay", {"time": "2026-03-15T02:15:00Z"})
        self._invoke("RankPopular", {"time": "2026-03-15T02:20:00Z"})
        for time in ("2026-03-20T20:00:00Z", "2026-03-21T00:30:00Z", "2026-03-24T00:00:00Z"):
            self._invoke("RotateSalts", {"time": time})

    def _ask(self, route: str, names: dict[str, str] | None = None, **event: Any) -> None:
        """Send a request to the function that the template has for the route."""
        method, _, path = route.partition(" ")
        (function,) = {
            each.function
            for each in self._made.template.routes()
            if (each.method, each.path) == (method, path)
        }
        named = {name.strip("{}+"): told for name, told in PATHS.items() if name in path}
        named |= {"key": CONFIRMATION} if "confirm" in path else {}
        named |= {"key": PATHS["{refusal}"]} if "refuse" in path else {}
        event = {"body": BODIES.get(route, ""), **event}
        event["headers"] = {"referer": PAGE, **event.get("headers", {})}
        asked = http_event(route, path={**named, **(names or {})}, **event)
        self._made.routes.add(route)
        answer = self._invoke(function, asked)
        assert answer["statusCode"] < 400, (route, answer)

    def _invoke(self, function: str, event: dict[str, Any], seconds: float = 900) -> Any:
        template, self._function = self._made.template, function
        environment = template.environment_of(function, self._queues)
        for name in template.environment(self._queues):
            self._patch.delenv(name, raising=False)
        for name, value in environment.items():
            self._patch.setenv(name, value)
        container.cache_clear()
        return template.function(function).handler(event, Invocation(seconds))

    def _note(self, params: dict[str, Any], event_name: str, **_rest: object) -> None:
        _, service, operation = event_name.split(".")
        if service == "dynamodb":
            for action, table, items in _items_of(operation, params):
                key = self._hash_key(table)
                keys = tuple(dict.fromkeys(item[key]["S"] for item in items))
                transaction = operation == "TransactWriteItems"
                self._add(f"dynamodb:{action}", table, keys, in_transaction=transaction)
        else:
            self._add(f"{service}:{operation}", params["QueueUrl"].rpartition("/")[2], ())

    def _add(
        self, action: str, resource: str, keys: tuple[str, ...], *, in_transaction: bool = False
    ) -> None:
        self._made.calls.append(Call(self._function, action, resource, keys, in_transaction))

    def _hash_key(self, table: str) -> str:
        schema = self._made.template.resources("AWS::DynamoDB::Table")[table]["KeySchema"]
        return str(schema[0]["AttributeName"])


def _throttle(*_: object) -> str:
    raise MailThrottled("SES says no")


def _items_of(
    operation: str, params: dict[str, Any]
) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Give each action of an operation with its table and what names the items."""
    match operation:
        case "TransactWriteItems":
            for action in params["TransactItems"]:
                ((kind, told),) = action.items()
                yield f"{kind}Item", told["TableName"], [told.get("Key") or told["Item"]]
        case "BatchGetItem":
            for table, told in params["RequestItems"].items():
                yield operation, table, told["Keys"]
        case "Query":
            assert params["KeyConditionExpression"].startswith("pk = :pk")
            yield (
                operation,
                params["TableName"],
                [{"pk": params["ExpressionAttributeValues"][":pk"]}],
            )
        case "Scan":
            yield operation, params["TableName"], []
        case _:
            yield operation, params["TableName"], [params["Key"]]
