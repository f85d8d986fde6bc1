"""Whatever stops in silence has an alarm, and every alarm can fire."""

import ast
import copy
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from cronsim import CronSim

import functions
from circulation import mail
from circulation.access.token_hashes import ATTEMPTS
from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.aws.mail_service import MailRefused
from circulation.aws.sdk import connect
from circulation.counting.drift import Drift
from circulation.counting.sealing import Sealed
from circulation.errors import StoreUnavailable
from circulation.mail.ask import Ask, ask_json
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import Choices
from circulation.metrics import NAMESPACE, emit
from circulation.runtime import Container
from circulation_cli.local_stack.function import Invocation
from circulation_cli.local_stack.schedules import cron_of
from circulation_cli.local_stack.template import TEMPLATE, Template
from functions import (
    authorize_publisher,
    record_mail_events,
    record_view,
    rotate_salts,
    seal_articles,
    send_digest,
    send_letter,
    tally_views,
)
from tests.builders import NOW, TODAY, article, http_event, record, stream_event, submitted

EVERYTHING = Template.load(
    {
        "PublicationTitle": "The Daily Example",
        "PublicationUrl": "https://news.example/",
        "PublicationDescription": "News & more",
        "SyncFeedUrl": "https://cms.example/feed",
        "WebSubHub": "https://hub.example/",
        "MailSender": "news@news.example",
        "MailPublisher": "Example Press",
        "MailPostalAddress": "1 Example Quay, 1000 Exampletown",
        "ReportTo": "desk@news.example",
    }
)
"""The template of a stack that has all of the parts that a parameter switches on."""
OPERATIONS = (TEMPLATE.parent / "docs/operations.md").read_text(encoding="utf-8")

DIMENSIONS = {
    # Lambda Developer Guide: Types of metrics for Lambda functions
    ("AWS/Lambda", "Errors"): {"FunctionName": "AWS::Serverless::Function"},
    ("AWS/Lambda", "Throttles"): {"FunctionName": "AWS::Serverless::Function"},
    ("AWS/Lambda", "IteratorAge"): {"FunctionName": "AWS::Serverless::Function"},
    # API Gateway Developer Guide: Monitor CloudWatch metrics for HTTP APIs
    ("AWS/ApiGateway", "5xx"): {"ApiId": "AWS::Serverless::HttpApi"},
    # Amazon SQS Developer Guide: Available CloudWatch metrics for Amazon SQS
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName": "AWS::SQS::Queue"},
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): {"QueueName": "AWS::SQS::Queue"},
    # Amazon DynamoDB Developer Guide: DynamoDB metrics and dimensions
    ("AWS/DynamoDB", "SuccessfulRequestLatency"): {
        "TableName": "AWS::DynamoDB::Table",
        "Operation": "",  # an operation's name
    },
}
"""The dimensions under which AWS publishes each metric, and the resource that each names."""

HAPPENED = {
    ("LinesMalformed", "TallyViews"),
    ("TallyDrift", "SealArticles"),
    ("SealedAfterExpiry", "SealArticles"),
    ("DigestsStopped", "SendDigest"),
    ("DigestsStopped", "RecordMailEvents"),
    ("MailQuotaSpent", "SendDigest"),
}
"""Metrics of what has happened already; the end of their alarm is no news."""
SCHEDULES = {"Schedule": "Schedule", "ScheduleV2": "ScheduleExpression"}
"""The property that says when, by the type of event: of EventBridge, and of its Scheduler."""
REFUSED = {"SendLetter"}
"""Functions that count the mails that SES refuses for good."""


@pytest.fixture(scope="session")
def template() -> Template:
    return EVERYTHING


@dataclass(frozen=True)
class Watch:
    """A metric that an alarm reads."""

    alarm: str
    namespace: str
    metric: str
    dimensions: frozenset[tuple[str, str]]
    """By name; a resource stands for itself, by its name in the template."""
    statistic: str
    period: int

    @property
    def subject(self) -> str:
        """The one resource that the metric is of."""
        return min(value for name, value in self.dimensions if name not in ("Operation", "stack"))


def alarms(template: Template) -> dict[str, Mapping[str, Any]]:
    return template.resources("AWS::CloudWatch::Alarm")


def resource_named(value: Mapping[str, Any] | str, template: Template) -> str:
    """Give a resource's name in the template, or the text that a dimension has."""
    if isinstance(value, str):
        return value
    if "Fn::GetAtt" in value:
        return str(value["Fn::GetAtt"][0])
    return template.resolve(value)


def watches(template: Template) -> Iterator[Watch]:
    for name, alarm in alarms(template).items():
        stats = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
        if not stats:
            stats = [{"Metric": alarm, "Stat": alarm["Statistic"], "Period": alarm["Period"]}]
        for stat in stats:
            metric = stat["Metric"]
            dimensions = frozenset(
                (dimension["Name"], resource_named(dimension["Value"], template))
                for dimension in metric["Dimensions"]
            )
            key = (metric["Namespace"], metric["MetricName"])
            yield Watch(name, *key, dimensions, stat["Stat"], stat["Period"])


def triggers(template: Template) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give what wakes each function but requests: its name, the kind of event, its properties."""
    for name, function in template.functions().items():
        for event in function.get("Events", {}).values():
            if event["Type"] != "HttpApi":
                yield name, event["Type"], event["Properties"]


def longest_pause(schedules: list[str]) -> timedelta:
    """Give the longest time that passes between two runs, over a week."""
    start = datetime(2026, 3, 14, tzinfo=UTC)
    runs: set[datetime] = set()
    for schedule in schedules:
        for run in CronSim(cron_of(schedule), start):
            if run > start + timedelta(days=7):
                break
            runs.add(run)
    return max(later - earlier for earlier, later in pairwise(sorted(runs)))


def gaps(template: Template) -> list[str]:
    """Name what may stop, fail or go wrong without an alarm."""
    watched = list(watches(template))

    def watch(metric: str, subject: str) -> bool:
        return any((found.metric, found.subject) == (metric, subject) for found in watched)

    wanted = [
        *(("5xx", api) for api in template.resources("AWS::Serverless::HttpApi")),
        *((metric, "RecordView") for metric in ("RequestsRefused", "Errors", "Throttles")),
        *(
            (metric, function)
            for function in template.authorizers().values()
            for metric in ("Errors", "RequestsRefused")
        ),
        *HAPPENED,
    ]
    unknown = []
    for function, kind, event in triggers(template):
        wanted.append(("Errors", function))
        if kind in SCHEDULES:
            if not overdue_alarms(template, function):
                unknown.append(f"missing runs of {function}")
        elif kind == "DynamoDB":
            wanted += [("Throttles", function), ("IteratorAge", function)]
            wanted += [("ViewsTallied", function), ("SuccessfulRequestLatency", "Ledger")]
        elif kind == "SQS":
            queue = event["Queue"]["Fn::GetAtt"][0]
            wanted.append(("ApproximateAgeOfOldestMessage", queue))
            if "RedrivePolicy" not in template.resources("AWS::SQS::Queue")[queue]:
                unknown.append(f"dead letters of {queue}")
        else:
            unknown.append(f"{function} woken by {kind}")
    for queue in template.resources("AWS::SQS::Queue").values():
        if "RedrivePolicy" in queue:
            dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            wanted.append(("ApproximateNumberOfMessagesVisible", dead))
    wanted += [("ConfirmationsRefused", name) for name in template.functions() if name in REFUSED]
    return unknown + [
        f"{metric} of {subject}" for metric, subject in wanted if not watch(metric, subject)
    ]


def overdue_alarms(template: Template, function: str) -> list[timedelta]:
    """Give after how long without a run that ended well each alarm of a function fires."""
    return [
        timedelta(seconds=watch.period * alarms(template)[watch.alarm]["EvaluationPeriods"])
        for watch in watches(template)
        if (watch.metric, watch.subject, watch.statistic) == ("Errors", function, "Minimum")
        and alarms(template)[watch.alarm]["TreatMissingData"] == "breaching"
    ]


def changed(template: Template, change: Callable[[dict[str, Any]], None]) -> Template:
    document = copy.deepcopy(dict(template.document))
    change(document["Resources"])
    return Template(document, template.parameters)


def test_nothing_stops_in_silence(template: Template) -> None:
    assert gaps(template) == []
    assert len({function for function, _, _ in triggers(template)}) > 6


@pytest.mark.parametrize("name", alarms(EVERYTHING))
def test_no_alarm_can_be_left_out(template: Template, name: str) -> None:
    left = changed(template, lambda resources: resources.pop(name))
    function = name.removesuffix("Errors")
    if name in {"SealDayErrors", "BeginDigestErrors"}:  # they say it at once
        assert overdue_alarms(template, function)[0] > timedelta(hours=3)
        assert "Sum" not in errors_by_statistic(left, function)
    else:
        assert gaps(left)


def errors_by_statistic(template: Template, function: str) -> set[str]:
    return {
        watch.statistic
        for watch in watches(template)
        if (watch.metric, watch.subject) == ("Errors", function)
    }


@pytest.mark.parametrize(
    "event",
    [
        {"Type": "Schedule", "Properties": {"Schedule": "cron(0 4 * * ? *)"}},
        {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["SealQueue", "Arn"]}}},
        {"Type": "DynamoDB", "Properties": {"Stream": {"Fn::GetAtt": ["Ledger", "StreamArn"]}}},
        {"Type": "ScheduleV2", "Properties": {"ScheduleExpression": "rate(1 day)"}},
        {"Type": "SNS", "Properties": {}},
    ],
    ids=lambda event: event["Type"],
)
def test_no_function_that_nobody_waits_for_can_be_added_without_an_alarm(
    template: Template, event: Mapping[str, Any]
) -> None:
    def add(resources: dict[str, Any]) -> None:
        properties = {"Handler": "new.handler", "Events": {"Wakes": event}}
        resources["New"] = {"Type": "AWS::Serverless::Function", "Properties": properties}

    assert any("New" in gap for gap in gaps(changed(template, add)))


def test_a_queue_without_dead_letters_is_a_gap(template: Template) -> None:
    def lose(resources: dict[str, Any]) -> None:
        del resources["SealQueue"]["Properties"]["RedrivePolicy"]

    assert gaps(changed(template, lose)) == ["dead letters of SealQueue"]


def test_a_scheduled_function_is_overdue_soon_after_its_longest_pause(template: Template) -> None:
    schedules: dict[str, list[str]] = {}
    for function, kind, event in triggers(template):
        if kind in SCHEDULES:
            schedule = template.resolve(event[SCHEDULES[kind]])
            schedules.setdefault(function, []).append(schedule)
    for function, expressions in schedules.items():
        pause = longest_pause(expressions)
        (limit,) = overdue_alarms(template, function)
        assert pause < limit <= pause + timedelta(hours=3), function
        if limit > timedelta(hours=3):  # too late for a night on which it failed
            assert "Sum" in errors_by_statistic(template, function), function


def test_what_is_off_without_a_parameter_has_no_alarm_that_costs(template: Template) -> None:
    conditions = {
        function: template.document["Resources"][function].get("Condition")
        or next(iter(re.findall(r"'Fn::If': \['(\w+)'", str(event))), None)
        for function, kind, event in triggers(template)
        if kind in {*SCHEDULES, "SQS"}
    }
    assert conditions["PingHub"] == "TellsHub"
    owners = {
        event["Queue"]["Fn::GetAtt"][0]: function
        for function, kind, event in triggers(template)
        if kind == "SQS"
    }
    for name, queue in template.resources("AWS::SQS::Queue").items():
        if "RedrivePolicy" in queue:
            dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            owners[dead] = owners[name]
    for watch in watches(template):
        function = owners.get(watch.subject, watch.subject)
        condition = template.document["Resources"][watch.alarm].get("Condition")
        assert condition == conditions.get(function), watch.alarm


def test_a_message_waits_longer_than_its_attempts_take_and_less_than_it_is_kept(
    template: Template,
) -> None:
    queues = template.resources("AWS::SQS::Queue")
    ages = [watch for watch in watches(template) if watch.metric.startswith("ApproximateAge")]
    for watch in ages:
        queue = queues[watch.subject]
        attempts = queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"]
        threshold = alarms(template)[watch.alarm]["Threshold"]
        assert attempts < threshold < queue["MessageRetentionPeriod"] / 2, watch.alarm
    assert ages


@pytest.mark.parametrize("watch", list(watches(EVERYTHING)), ids=lambda watch: watch.alarm)
def test_a_metric_of_aws_is_read_by_the_dimensions_that_it_has(
    template: Template, watch: Watch
) -> None:
    if watch.namespace == NAMESPACE:
        assert {name for name, _ in watch.dimensions} == {"stack", "service"}
        return
    documented = DIMENSIONS[watch.namespace, watch.metric]
    assert {name for name, _ in watch.dimensions} == set(documented)
    for name, value in watch.dimensions:
        if kind := documented[name]:
            assert value in template.resources(kind), value


@pytest.mark.parametrize("name", alarms(EVERYTHING))
def test_an_alarm_says_whose_it_is_and_tells_the_topic_of_its_end(
    template: Template, name: str
) -> None:
    alarm = alarms(template)[name]
    tell = {"Fn::If": ["TellsOfAlarms", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
    assert alarm["AlarmActions"] == tell
    wrong = {
        watch.alarm for watch in watches(template) if (watch.metric, watch.subject) in HAPPENED
    }
    assert alarm["OKActions"] == ({"Ref": "AWS::NoValue"} if name in wrong else tell)
    assert alarm["AlarmDescription"]["Fn::Sub"].startswith("${AWS::StackName}: ")
    assert "AlarmName" not in alarm  # CloudFormation's begins with the stack's and this one


@pytest.mark.parametrize("name", alarms(EVERYTHING))
def test_an_alarm_is_within_the_bounds_of_cloudwatch(template: Template, name: str) -> None:
    # API reference of PutMetricAlarm: Period, and EvaluationPeriods
    alarm = alarms(template)[name]
    (period,) = {watch.period for watch in watches(template) if watch.alarm == name}
    assert period % 60 == 0
    assert period * alarm["EvaluationPeriods"] <= (604_800 if period >= 3600 else 86_400)
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    breaching = alarm["TreatMissingData"] == "breaching"
    assert breaching == name.endswith("Overdue")
    if breaching:  # a new stack has run nothing yet
        warm_up = alarm["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"]
        assert period * alarm["EvaluationPeriods"] <= 60 * warm_up <= 60 * 2_880


@pytest.mark.parametrize("watch", list(watches(EVERYTHING)), ids=lambda watch: watch.alarm)
def test_an_alarm_is_named_for_what_an_operator_looks_at(watch: Watch) -> None:
    subjects = {
        watch.subject,
        watch.metric,
        watch.subject.replace("DeadLetterQueue", "DeadLetters"),
    }
    if watch.metric == "SuccessfulRequestLatency":  # read beside the metric of TallyViews
        return
    assert any(watch.alarm.startswith(subject) for subject in subjects), watch


def test_the_tally_is_far_from_losing_views_when_its_alarm_fires(template: Template) -> None:
    behind = alarms(template)["TallyViewsLag"]
    day = timedelta(hours=24)  # as long as a stream keeps a record
    waited = timedelta(milliseconds=behind["Threshold"])
    assert waited + timedelta(seconds=behind["Period"] * behind["EvaluationPeriods"]) < day / 12
    silent = alarms(template)["TallyViewsStopped"]
    (period,) = {watch.period for watch in watches(template) if watch.alarm == "TallyViewsStopped"}
    assert timedelta(seconds=period * silent["EvaluationPeriods"]) < day / 8
    window = template.document["Parameters"]["TallyWindowSeconds"]["MaxValue"]
    assert window < period / 4  # a view is tallied in its period or the next


# What is emitted


Emitted = Callable[[], list[tuple[str, str, frozenset[tuple[str, str]]]]]


@pytest.fixture
def emitted(capsys: pytest.CaptureFixture[str]) -> Emitted:
    """Give the namespace, name and dimensions of each metric that was printed since."""

    def parsed() -> list[tuple[str, str, frozenset[tuple[str, str]]]]:
        found = []
        for text in capsys.readouterr().out.splitlines():
            line = json.loads(text)
            for directive in line["_aws"]["CloudWatchMetrics"]:
                (names,) = directive["Dimensions"]
                dimensions = frozenset((name, line[name]) for name in names)
                for metric in directive["Metrics"]:
                    assert line[metric["Name"]] != [0.0]
                    found.append((directive["Namespace"], metric["Name"], dimensions))
        return found

    return parsed


@pytest.fixture
def broken(store: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make every call of the tables time out from then on."""
    publish(Submission(article()), store.catalogue, store.books, now=NOW)

    def time_out(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://dynamodb.example")

    def break_tables() -> None:
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
        store.tokens_client = connect(attempts=ATTEMPTS)
        for client in (store.client, store.tokens_client):
            client.meta.events.register_first("before-send.dynamodb.*", time_out)

    return break_tables


def of(service: str, *metrics: str) -> set[tuple[str, str, frozenset[tuple[str, str]]]]:
    dimensions = frozenset({("stack", "circulation"), ("service", service)})
    return {(NAMESPACE, metric, dimensions) for metric in metrics}


def refuse_a_token() -> None:
    headers = {"authorization": "Bearer unknown"}
    event = http_event("DELETE /articles/{id}", path={"id": "harbour-clock"}, headers=headers)
    assert authorize_publisher.handler(event, None) == {"isAuthorized": False}


BODIES: dict[str, Any] = {
    "/articles/{id}": submitted(),
    "/articles/batch": {"articles": [submitted() | {"id": "harbour-clock"}]},
    "/api/v2/log": {"url": "https://news.example/city/harbour-clock"},
}


def sealed(drift: int, *, complete: bool = True) -> Sealed:
    return Sealed(Drift("harbour-clock", 1, 1 + drift), complete=complete)


def seal(*portion: Sealed | Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run SealArticles on a portion that comes to this, an error at its end."""

    def do_job(*_: object, **__: object) -> Iterator[Sealed]:
        for result in portion:
            if isinstance(result, Exception):
                raise result
            yield result

    monkeypatch.setattr(seal_articles, "do_job", do_job)
    body = json.dumps({"day": TODAY, "articles": ["a", "b"]})
    seal_articles.handler({"Records": [{"body": body}]}, Invocation(300))


def refuse_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run SendLetter on a mail that SES refuses for good."""

    def refuse(*_: object, **__: object) -> str:
        raise MailRefused("the address is not verified")

    monkeypatch.setattr(send_letter, "answer_ask", refuse)
    ask = Ask("a", Mailbox("sam@mail.example"), Choices(), NOW, "network", "https://api.example")
    body = json.dumps({"ask": ask_json(ask)})
    send_letter.handler({"Records": [{"body": body}]}, None)


def stop_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run SendDigest where SES sends no more, and RecordMailEvents where too many bounced."""
    counts = Counter(stopped_ses=1, stopped_quota=1)
    monkeypatch.setattr(send_digest, "send_portion", lambda *_: counts)
    portion = json.dumps({"frequency": "daily", "date": TODAY, "bucket": "00"})
    send_digest.handler({"Records": [{"body": portion}]}, None)
    monkeypatch.setattr(record_mail_events, "apply_event", lambda *_: "DigestsStopped")
    event = {"eventType": "Bounce", "mail": {}}
    record_mail_events.handler({"Records": [{"body": json.dumps(event)}]}, None)


@pytest.mark.usefixtures("store")
def test_every_metric_with_an_alarm_is_emitted_under_the_alarms_dimensions(
    template: Template,
    emitted: Emitted,
    broken: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STACK_NAME", "news")
    tally_views.handler(stream_event(record(1), {"eventName": "INSERT"}), None)
    seal(sealed(1, complete=False), monkeypatch=monkeypatch)
    refuse_a_letter(monkeypatch)
    stop_digests(monkeypatch)
    broken()
    event = http_event("POST /articles/{id}/views", path={"id": "harbour-clock"})
    assert record_view.handler(event, None)["statusCode"] == 503
    refuse_a_token()
    found = set(emitted())
    alarmed = {
        (watch.namespace, watch.metric, watch.dimensions)
        for watch in watches(
            Template(template.document, {**template.parameters, "AWS::StackName": "news"})
        )
        if watch.namespace == NAMESPACE
    }
    assert alarmed
    assert alarmed <= found


def test_every_metric_of_counting_is_emitted_as_the_documents_have_it(
    emitted: Emitted, broken: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN_NETWORKS", "203.0.113.9")
    tally_views.handler(stream_event(record(1), {"eventName": "INSERT"}), None)
    tally_views.handler(stream_event(record(1)), None)
    seal(sealed(1, complete=False), monkeypatch=monkeypatch)
    filtered: list[dict[str, Any]] = [
        {"headers": {"user-agent": "Googlebot/2.1"}},
        {"headers": {"sec-gpc": "1"}},
        {"headers": {"sec-purpose": "prefetch"}},
        {"address": "203.0.113.9"},
    ]
    for number, sent in enumerate(filtered):
        at = NOW + timedelta(minutes=2 * number)
        path = {"id": "harbour-clock"}
        event = http_event("POST /articles/{id}/views", path=path, at=at, **sent)
        assert record_view.handler(event, None)["statusCode"] == 200
    for time in ("2026-03-14T12:00:00Z", "2026-03-15T00:30:00Z"):
        rotate_salts.handler({"time": time}, None)
    late = http_event(
        "POST /articles/{id}/views",
        path={"id": "harbour-clock"},
        at=datetime(2026, 3, 15, 0, 45, tzinfo=UTC),
        body={"age": 3_600_000},
    )
    assert json.loads(record_view.handler(late, None)["body"])["reason"] == "late"
    broken()
    assert record_view.handler(late, None)["statusCode"] == 503
    refuse_a_token()
    found = {(metric, dict(dimensions)["service"]) for _, metric, dimensions in emitted()}
    services = {service for _, service in found}
    documented = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", OPERATIONS, flags=re.MULTILINE))
    assert found == {(metric, service) for metric, service in documented if service in services}


def test_a_request_that_is_answered_5xx_is_a_metric_of_its_function(
    template: Template, emitted: Emitted, broken: Callable[[], None]
) -> None:
    broken()
    refusing = set()
    for route in template.routes():
        event = http_event(
            f"{route.method} {route.path}",
            path=dict.fromkeys(re.findall(r"{(\w+)\+?}", route.path), "harbour-clock"),
            query={"url": "/city/harbour-clock", "p": "/city/harbour-clock"},
            headers={"if-match": "*"},
            body=BODIES.get(route.path, ""),
        )
        status = template.function(route.function).invoke(event)["statusCode"]
        if status >= 500:
            refusing.add(route.function)
        expected = of(route.function, "RequestsRefused") if status >= 500 else set()
        assert set(emitted()) == expected, (route, status)
    # Without RecommendByMail it reads nothing, and answers 404.
    asked = {route.function for route in template.routes()} - {"ServeRecommendations"}
    assert refusing == asked


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("error", [StoreUnavailable("throttled"), KeyError("a bug")], ids=repr)
def test_what_was_sealed_before_an_error_is_emitted(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        with pytest.raises(type(error)):
            seal(*map(sealed, range(number)), error, monkeypatch=monkeypatch)
        lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
        assert [line["ArticlesSealed"] for line in lines] == ([[number]] if number else [])
        drift = sum(range(number))
        assert [line["TallyDrift"] for line in lines if "TallyDrift" in line] == (
            [[drift]] if drift else []
        )


def test_a_function_that_answers_requests_loads_powertools_only_when_it_has_to_say_something() -> (
    None
):
    names = ", ".join(
        f"functions.{path.stem}"
        for path in Path(functions.__file__).parent.glob("*.py")
        if "http_handler" in path.read_text()
    )
    program = f"import sys, {names}; sys.exit('aws_lambda_powertools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_two_stacks_have_no_metric_in_common(
    emitted: Emitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stack in ("news", "staging"):
        monkeypatch.setenv("STACK_NAME", stack)
        emit("TallyViews", {"ViewsTallied": 1})
    first, second = emitted()
    assert first != second


def test_the_stacks_name_is_cloudformations_own(template: Template) -> None:
    variables = template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["STACK_NAME"] == {"Ref": "AWS::StackName"}


# docs/operations.md


SECTIONS = dict(
    re.findall(r"^### (\w+)\n\n(.*?)(?=^#|\Z)", OPERATIONS, flags=re.MULTILINE | re.DOTALL)
)


def test_every_alarm_has_its_paragraph_in_the_order_of_the_template(template: Template) -> None:
    assert list(SECTIONS) == list(alarms(template))


@pytest.mark.parametrize("name", SECTIONS)
def test_a_paragraph_says_what_it_means_where_to_look_what_to_do_and_when_it_ends(
    name: str,
) -> None:
    parts = re.findall(r"^- \*\*(\w+)\*\*: ", SECTIONS[name], flags=re.MULTILINE)
    assert parts == ["Means", "Look", "Do", "Ends"]


def test_every_metric_that_a_function_counts_is_described(template: Template) -> None:
    names = re.compile(r"(?:[A-Z][a-z]+){2,}")
    rooms = (Path(functions.__file__).parent, Path(mail.__file__).parent)
    texts = {
        node.value
        for room in rooms
        for path in room.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    counted = set(filter(names.fullmatch, texts)) - template.functions().keys()
    assert {"MailsSent", "SubscribersSuppressed", "ViewsTallied"} <= counted
    table = OPERATIONS.partition("| metric | service | counts |")[2].partition("\n\n")[0]
    assert counted - set(re.findall(r"`(\w+)`", table)) == set()


def test_the_cost_is_that_of_the_metrics_that_the_alarms_read(template: Template) -> None:
    always, by_condition = (
        0,
        dict.fromkeys(("SyncsFeed", "TellsHub", "SendsMail", "SendsReports"), 0),
    )
    for watch in watches(template):
        condition = template.document["Resources"][watch.alarm].get("Condition")
        if condition:
            by_condition[condition] += 1
        else:
            always += 1
    read = re.search(r"(\d+) metrics at \$0\.10 .*?\$(\d\.\d\d) a month", OPERATIONS, re.DOTALL)
    assert read
    assert (int(read[1]), float(read[2])) == (always, always / 10)
    extra = re.search(
        r"`SyncFeedUrl` adds (\d+), `WebSubHub` (\d+), `MailSender` (\d+), "
        r"`ReportTo` or `ReportWebhook` (\d+)",
        OPERATIONS,
    )
    assert extra
    assert [int(number) for number in extra.groups()] == list(by_condition.values())
