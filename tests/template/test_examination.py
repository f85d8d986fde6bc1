"""circulation doctor on a deployed stack: what is well, each thing that is not, and no change."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from circulation.access.tokens import Scope, Token
from circulation.counting.counts import DayCount, Labels
from circulation.runtime import Container
from circulation.times import day_of
from circulation_cli import doctor as command
from circulation_cli.deployment import Deployment as Target
from circulation_cli.examination import assumptions
from circulation_cli.examination.account import Account
from circulation_cli.examination.api_rules import COUNTING
from circulation_cli.examination.stack_rules import (
    PING_MAPPING,
    STREAM_MAPPING,
    STREAM_SETTINGS,
    SYNC_TIMETABLE,
)
from circulation_cli.local_stack.template import Template
from circulation_cli.main import circulation
from tests.template.cloud import Cloud
from tests.template.conftest import Transform
from tests.template.deployment import Deployment
from tests.template.test_assumptions import PAGE, ROWS

NOW = datetime.now(UTC)
POLICY = json.loads(Path("docs/doctor-policy.json").read_text())
READING = re.compile(r"Describe|Get|List|Query|BatchGet")
IAM = {"cloudwatch": "cloudwatch", "apigatewayv2": "apigateway"}


@pytest.fixture(scope="session")
def deployed(template: Template, transform: Transform) -> Deployment:
    """A stack that uses all that there is, but for what costs something."""
    with_all = {"WebSubHub": "https://hub.example/", "SyncFeedUrl": "https://cms.example/feed"}
    return Deployment(transform(None, **with_all), {**template.parameters, **with_all})


class Api:
    """The stack's API; a test changes what it answers by method and path."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.changed: dict[str, httpx.Response | Exception] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        key = f"{request.method} {path}"
        self.asked.append((request.method, path))
        changed = self.changed.get(key)
        if isinstance(changed, Exception):
            raise changed
        if changed is None:
            changed = self._answer(request, path)
        if request.method == "HEAD":
            length = changed.headers.get("content-length", str(len(changed.content)))
            headers = {**changed.headers, "content-length": length}
            return httpx.Response(changed.status_code, headers=headers)
        return changed

    def _answer(self, request: httpx.Request, path: str) -> httpx.Response:
        if request.method == "OPTIONS":
            allow = {"access-control-allow-origin": "*", "access-control-allow-methods": "GET,POST"}
            return httpx.Response(204, headers=allow)
        if path.startswith("/export") or path.endswith(("/statistics", "/corrections")):
            if path.startswith("/statistics"):
                return page(401, "text/html", b"<p>")
            known = "authorization" in request.headers
            return page(403 if known else 401, "application/json", b'{"message":"x"}')
        if path.startswith("/statistics"):
            kind = "text/html" if path == "/statistics/" else "application/problem+json"
            return page(401, kind, b"<p>")
        return self._public(request, path)

    def _public(self, request: httpx.Request, path: str) -> httpx.Response:
        gzip = "gzip" in request.headers.get("accept-encoding", "")
        if path == "/openapi.json" and gzip:
            import gzip as packing  # noqa: PLC0415

            headers = {"content-encoding": "gzip"}
            return page(200, "application/json", packing.compress(b"{}"), **headers)
        if path == "/articles" and "limit" in str(request.url):
            entry = {"id": "a", "section": "city", "tags": ["t"], "author": ["L"]}
            return page(200, "application/json", json.dumps({"articles": [entry]}).encode())
        if path == "/feeds.opml":
            listed = b'<opml><outline xmlUrl="https://api.example/feed.rss"/></opml>'
            return page(200, "text/x-opml", listed)
        if request.headers.get("if-none-match"):
            return httpx.Response(304)
        return page(*documented(path))


def page(status: int, kind: str, content: bytes, **headers: str) -> httpx.Response:
    own = {"content-type": kind, "x-content-type-options": "nosniff", "etag": '"e"'}
    own["access-control-allow-origin"] = "*"
    return httpx.Response(status, headers={**own, **headers}, content=content)


CONTRACT = json.loads(
    (
        Path(command.__file__).parents[1] / "layers/circulation/circulation/data/openapi.json"
    ).read_bytes()
)["paths"]


def documented(path: str) -> tuple[int, str, bytes]:
    """Answer as the contract says of a path, in its first media type."""
    literal_first = sorted(CONTRACT.items(), key=lambda entry: entry[0].count("{"))
    for known, methods in literal_first:
        pattern = re.sub(r"\\{\w+\\\+\\}", ".+", re.escape(known))
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", pattern)
        if "get" in methods and re.fullmatch(pattern, path.replace("%2F", "/")):
            status = 200
            if re.search(r"\{(build|key|date|path\+)\}", known) or "recommend" in known:
                status = 404
            if any(
                p.get("required") and p.get("in") == "query"
                for p in methods["get"].get("parameters", ())
            ):
                status = 422
            described = methods["get"]["responses"][str(status)]
            kind = next(iter(described.get("content", {})), "application/problem+json")
            return status, kind, b"<x/>"
    return 404, "application/json", b'{"message":"Not Found"}'


@pytest.fixture(scope="session")
def account(deployed: Deployment) -> Cloud:
    """One account for all tests, whose clients take seconds to make."""
    return Cloud(deployed, now=NOW)


@pytest.fixture
def cloud(account: Cloud, store: Container, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = account
    cloud.reset()
    token = Token("cms", "0" * 64, frozenset(Scope), NOW - timedelta(days=3))
    store.tokens.add(token)
    yesterday = day_of(NOW - timedelta(days=1))
    book = store.books.day_book
    book.open("a", yesterday)
    book.seal(book.page("a", yesterday), DayCount(0, 0, {}), complete=True, labels=Labels())
    book.close(yesterday)
    cloud.watch(store.client.meta.events)
    monkeypatch.setattr(Target, "container", lambda _: store)
    monkeypatch.setattr(Target, "session", lambda _: cloud.session)
    return cloud


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    api = Api()
    client = partial(httpx.Client, transport=httpx.MockTransport(api))
    monkeypatch.setattr("circulation_cli.doctor.httpx.Client", client)
    return api


def run(*options: str) -> Result:
    return CliRunner().invoke(circulation, ["doctor", "--stack", "circulation", *options])


def found(*options: str) -> tuple[int, dict[str, list[dict[str, Any]]], dict[str, Any]]:
    """Run it; give the exit code, the findings by level, and what became of assumptions."""
    result = run("--json", *options)
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    assert not result.stderr, result.stderr
    outcome = json.loads(result.stdout)
    levels: dict[str, list[dict[str, Any]]] = {}
    for finding in outcome["findings"]:
        levels.setdefault(finding["level"], []).append(finding)
    return result.exit_code, levels, outcome["assumptions"]


@pytest.mark.usefixtures("api", "cloud")
def test_a_stack_that_is_deployed_as_the_template_says_is_well() -> None:
    code, levels, _ = found()
    levels.pop("ok")
    assert (code, levels) == (0, {})


def well_but(level: str, *options: str) -> dict[str, str]:
    """Run it; give what is not well, all of one level, by subject."""
    code, levels, _ = found(*options)
    levels.pop("ok", None)
    assert list(levels) == [level], levels
    assert code == (0 if level == "warn" else 1)
    return {finding["subject"]: finding["text"] for finding in levels[level]}


@pytest.mark.usefixtures("api", "cloud")
def test_what_it_answers_of_the_assumptions_is_what_the_page_says() -> None:
    _, levels, told = found()
    answered = {number for finding in levels["ok"] for number in finding["assumptions"]}
    assert answered | {32} == assumptions.ASKED | assumptions.IN_PART
    assert told["holds"] == sorted(assumptions.ASKED)
    assert told["in part"] == sorted(assumptions.IN_PART - {32})  # the stack has no ApiUrl
    assert told["by hand"] == sorted({*assumptions.BY_HAND, *assumptions.ASKED_OF_CANARY, 32})
    assert told["wrong"] == []


def test_the_page_and_the_command_name_every_assumption_once_and_alike() -> None:
    listed = re.findall(
        r"^\| (always|in part|with `--canary`|by hand)[^|]* \| ([\d, ]+) \|$", PAGE, re.MULTILINE
    )
    page = {name: [int(number) for number in row.split(", ")] for name, row in listed}
    assert page == {
        "always": sorted(assumptions.ASKED),
        "in part": sorted(assumptions.IN_PART),
        "with `--canary`": sorted(assumptions.ASKED_OF_CANARY),
        "by hand": sorted(assumptions.BY_HAND),
    }
    numbers = sorted(number for row in page.values() for number in row)
    assert numbers == [int(row[0]) for row in ROWS]


def test_it_changes_nothing_and_has_the_rights_that_it_needs_and_no_others(
    cloud: Cloud, api: Api
) -> None:
    found()
    assert {method for method, _ in api.asked} == {"GET", "HEAD", "OPTIONS"}
    assert not {path for _, path in api.asked} & COUNTING
    assert not [path for _, path in api.asked if path.endswith("views.gif")]
    assert all(READING.match(operation) for _, operation in cloud.asked), cloud.asked
    rights = {
        "apigateway:GET" if service == "apigatewayv2" else f"{prefix(service)}:{operation}"
        for service, operation in cloud.asked
        if operation != "ListTables"
    }
    look, tables, _canary = POLICY["Statement"]
    allowed = {*look["Action"], *tables["Action"]}
    # The first is asked before anything else, where the tables of a stack are found.
    assert rights | {"cloudformation:DescribeStackResource"} == allowed


def prefix(service: str) -> str:
    return {"eventbridge": "events"}.get(service, service)


Change = Callable[[dict[str, Any], Mapping[str, Any]], None]


def setting(**values: Any) -> Change:
    return lambda answer, _: answer.update(values)


def of(name: str, **values: Any) -> Change:
    """Change the answer about one resource alone."""

    def change(answer: dict[str, Any], asked: Mapping[str, Any]) -> None:
        if any(f"-{name}-" in str(value) for value in asked.values()):
            answer.update(values)

    return change


def first(field: str, **values: Any) -> Change:
    return lambda answer, _: answer[field][0].update(values)


def alarm(name: str, **values: Any) -> Change:
    def change(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        for entry in answer["MetricAlarms"]:
            if f"-{name}-" in entry["AlarmName"]:
                entry.update(values)

    return change


def without(field: str, number: int) -> Change:
    return lambda answer, _: answer[field].pop(number)


LIMITS = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 50}
NO_BACKUP = {
    "ContinuousBackupsStatus": "ENABLED",
    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
}


@pytest.mark.parametrize(
    ("operation", "change", "level", "subject", "text"),
    [
        (
            "DescribeStacks",
            first("Stacks", StackStatus="UPDATE_ROLLBACK_COMPLETE"),
            "warn",
            "stack",
            "undone",
        ),
        ("DescribeStacks", first("Stacks", StackStatus="UPDATE_FAILED"), "fail", "stack", "FAILED"),
        (
            "GetEventSourceMapping",
            of("TallyViewsLedgerStream", State="Disabled"),
            "fail",
            "mapping TallyViewsLedgerStream",
            "is Disabled",
        ),
        (
            "GetEventSourceMapping",
            of("TallyViewsLedgerStream", TumblingWindowInSeconds=0),
            "fail",
            "mapping TallyViewsLedgerStream",
            "TumblingWindowInSeconds is 0 instead of 900",
        ),
        (
            "GetEventSourceMapping",
            of("TallyViewsLedgerStream", ParallelizationFactor=10),
            "fail",
            "mapping TallyViewsLedgerStream",
            "ParallelizationFactor is 10",
        ),
        (
            "GetEventSourceMapping",
            of("TallyViewsLedgerStream", MaximumBatchingWindowInSeconds=5),
            "fail",
            "mapping TallyViewsLedgerStream",
            "is 5 instead of 60",
        ),
        (
            "GetEventSourceMapping",
            of("TallyViewsLedgerStream", LastProcessingResult="PROBLEM: Function call failed"),
            "fail",
            "mapping TallyViewsLedgerStream",
            "PROBLEM",
        ),
        (
            "GetEventSourceMapping",
            of("SealArticlesPortions", State="Disabled"),
            "fail",
            "mapping SealArticlesPortions",
            "is Disabled",
        ),
        (
            "DescribeRule",
            of("SealDayAfterMidnight", State="DISABLED"),
            "fail",
            "schedule SealDayAfterMidnight",
            "disabled",
        ),
        (
            "GetSchedule",
            setting(State="DISABLED"),
            "fail",
            "schedule BeginDigestAtItsHour",
            "disabled",
        ),
        (
            "DescribeAlarms",
            alarm("TallyViewsLag", StateValue="ALARM"),
            "fail",
            "alarm TallyViewsLag",
            "in ALARM since",
        ),
        (
            "DescribeAlarms",
            alarm("TallyDrift", StateValue="INSUFFICIENT_DATA"),
            "warn",
            "alarms without data",
            "TallyDrift",
        ),
        (
            "DescribeAlarms",
            alarm("TallyDrift", ActionsEnabled=False),
            "warn",
            "alarms' topic",
            "1 of",
        ),
        ("DescribeAlarms", without("MetricAlarms", 0), "open", "alarms", "lacks alarms such as"),
        (
            "GetQueueAttributes",
            of("SealDeadLetterQueue", Attributes={"ApproximateNumberOfMessages": "3"}),
            "fail",
            "SealDeadLetterQueue",
            "3 messages",
        ),
        (
            "GetAccountSettings",
            setting(
                AccountLimit={"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
            ),
            "warn",
            "concurrency",
            "new account",
        ),
        (
            "GetAccountSettings",
            setting(AccountLimit=LIMITS),
            "warn",
            "concurrency",
            "50 unreserved",
        ),
        (
            "GetFunctionConcurrency",
            setting(ReservedConcurrentExecutions=0),
            "fail",
            "concurrency",
            "no view is counted",
        ),
        (
            "DescribeContinuousBackups",
            setting(ContinuousBackupsDescription=NO_BACKUP),
            "fail",
            "table Library",
            "no point-in-time",
        ),
        (
            "DescribeTable",
            of("Library", Table={"DeletionProtectionEnabled": False}),
            "fail",
            "table Library",
            "not protected",
        ),
        ("DescribeTable", of("Ledger", Table={}), "fail", "table Ledger", "streams nothing"),
        (
            "DescribeTimeToLive",
            of("Ledger", TimeToLiveDescription={"TimeToLiveStatus": "DISABLED"}),
            "fail",
            "table Ledger",
            "ttl",
        ),
        (
            "GetFunctionConfiguration",
            of("RecordView", State="Failed"),
            "fail",
            "function RecordView",
            "is Failed",
        ),
        (
            "GetFunctionConfiguration",
            of("RecordView", LastUpdateStatus="Failed"),
            "fail",
            "function RecordView",
            "update is Failed",
        ),
        (
            "GetFunctionConfiguration",
            of("RecordView", TracingConfig={"Mode": "Active"}),
            "fail",
            "function RecordView",
            "not PassThrough",
        ),
        (
            "GetFunctionConfiguration",
            of("RecordView", LoggingConfig={"LogGroup": "/aws/lambda/x"}),
            "fail",
            "function RecordView",
            "logs to",
        ),
        ("GetApi", setting(IpAddressType="ipv4"), "fail", "address type", "ipv4"),
        ("GetRoutes", without("Items", 0), "fail", "routes", "POST /articles/{id}/views"),
        (
            "GetStage",
            setting(AccessLogSettings={"DestinationArn": "arn"}),
            "fail",
            "access log",
            "on, though",
        ),
        ("ListMetrics", setting(Metrics=[]), "warn", "metrics", "none"),
        (
            "DescribeLogGroups",
            first("logGroups", retentionInDays=90),
            "fail",
            "logs FunctionLogs",
            "for 90 days, not for 30",
        ),
        (
            "DescribeLogGroups",
            lambda answer, _: answer["logGroups"][0].pop("retentionInDays"),
            "fail",
            "logs ApiLogs",
            "for ever",
        ),
    ],
)
@pytest.mark.usefixtures("api")
def test_each_thing_that_is_not_well_is_found(
    cloud: Cloud, operation: str, change: Change, level: str, subject: str, text: str
) -> None:
    cloud.changed[operation] = change
    assert text in well_but(level)[subject]


def test_a_route_without_its_authorizer_is_found(cloud: Cloud, api: Api) -> None:
    assert not api.changed

    def open_all(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        for route in answer["Items"]:
            route["AuthorizationType"] = "NONE"

    cloud.changed["GetRoutes"] = open_all
    assert "PUT /articles/{id}" in well_but("fail")["authorizer"]


@pytest.mark.usefixtures("api")
def test_invocations_that_are_set_up_otherwise_are_found(cloud: Cloud) -> None:
    def set_up(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        answer.clear()

    cloud.changed["GetFunctionEventInvokeConfig"] = set_up
    assert "otherwise" in well_but("fail")["function SealDay"]


@pytest.mark.usefixtures("api")
def test_an_overdue_function_without_data_is_found_unless_the_stack_is_new(cloud: Cloud) -> None:
    def silence(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        for result in answer["MetricDataResults"]:
            result["Timestamps"] = result["Values"] = []

    cloud.changed["GetMetricData"] = silence
    code, levels, told = found()
    assert (
        "has not run" in {f["subject"]: f["text"] for f in levels["fail"]}["alarm SealDayOverdue"]
    )
    assert [finding["subject"] for finding in levels["warn"]] == ["tally"]
    assert (code, 38 in told["wrong"], 13 in told["by hand"]) == (1, True, True)
    cloud.changed["DescribeStacks"] = first("Stacks", CreationTime=NOW - timedelta(hours=3))
    code, levels, told = found()
    assert (code, "fail" in levels, 38 in told["by hand"]) == (0, False, True)


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize(
    "operation",
    [
        "DescribeAlarms",
        "DescribeContinuousBackups",
        "DescribeLogGroups",
        "DescribeRule",
        "DescribeTable",
        "DescribeTimeToLive",
        "GetAccountSettings",
        "GetApi",
        "GetEventSourceMapping",
        "GetFunctionConcurrency",
        "GetFunctionConfiguration",
        "GetFunctionEventInvokeConfig",
        "GetMetricData",
        "GetQueueAttributes",
        "GetRoutes",
        "GetSchedule",
        "GetStage",
        "ListMetrics",
    ],
)
def test_what_may_not_be_asked_is_open_and_never_well(cloud: Cloud, operation: str) -> None:
    """So is what an emulator does not have. The other questions are answered all the same."""
    cloud.refused[operation] = "AccessDenied"
    code, levels, told = found()
    assert code == 1
    assert all("AccessDenied" in finding["text"] for finding in levels["open"])
    assert set(levels) == {"ok", "open"}
    assert len(levels["ok"]) > 20
    assert told["wrong"] == []


@pytest.mark.usefixtures("api")
def test_concurrency_has_to_be_reserved_for_a_function_url(cloud: Cloud) -> None:
    def door(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        named = {"ViewDoor": "url", "ViewConcurrency": "20"}
        stack = answer["Stacks"][0]
        stack["Parameters"] = [
            parameter for parameter in stack["Parameters"] if parameter["ParameterKey"] not in named
        ] + [{"ParameterKey": name, "ParameterValue": value} for name, value in named.items()]

    cloud.changed["DescribeStacks"] = door
    assert "not ViewConcurrency's 20" in well_but("fail")["concurrency"]
    cloud.changed["GetFunctionConcurrency"] = setting(ReservedConcurrentExecutions=20)
    assert found()[0] == 0


def test_the_preflight_of_a_function_url_is_asked(cloud: Cloud, api: Api) -> None:
    def door(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        url = {"OutputKey": "ViewUrl", "OutputValue": "https://x.lambda-url.eu-central-1.on.aws"}
        answer["Stacks"][0]["Outputs"].append(url)

    cloud.changed["DescribeStacks"] = door
    assert found()[0] == 0
    api.changed["OPTIONS /articles/x/views"] = httpx.Response(403)
    assert set(well_but("fail")) == {"preflight", "preflight of ViewUrl"}


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("key", "answer", "subject"),
    [
        ("OPTIONS /articles/x/views", httpx.Response(204), "preflight"),
        ("GET /export/", page(200, "application/json", b"{}"), "slash at the end"),
        ("GET /articles/by-url", page(404, "application/problem+json", b"{}"), "literal path"),
        (
            "HEAD /feed.rss",
            page(200, "application/rss+xml", b"", **{"content-length": "1"}),
            "HEAD's length",
        ),
        ("GET /openapi.json", page(200, "application/json", b"{}"), "compression"),
        (
            "GET /articles/a%2Fviews",
            page(404, "application/json", b'{"message":"Not Found"}'),
            "escaped paths",
        ),
        ("HEAD /feed.rss", page(404, "application/rss+xml", b""), "escaped paths"),
        ("GET /health", page(503, "application/problem+json", b"{}"), "health"),
        (
            "GET /sections",
            page(404, "application/json", b'{"message":"Not Found"}'),
            "GET /sections",
        ),
        (
            "GET /sections",
            page(500, "application/json", b'{"message":"Internal Server Error"}'),
            "GET /sections",
        ),
        ("GET /sections", page(200, "text/html", b"<p>"), "GET /sections"),
        ("GET /sections", httpx.ConnectTimeout("too long"), "GET /sections"),
        ("HEAD /sections", page(404, "application/json", b""), "GET /sections"),
        (
            "GET /articles/a/statistics",
            page(200, "application/json", b"{}"),
            "GET /articles/{id}/statistics",
        ),
        (
            "GET /widget.js",
            httpx.Response(200, headers={"content-type": "text/javascript"}, content=b"x"),
            "GET /widget.js",
        ),
    ],
)
def test_each_answer_that_is_not_as_documented_is_found(
    api: Api, key: str, answer: httpx.Response | Exception, subject: str
) -> None:
    api.changed[key] = answer
    code, levels, _ = found()
    assert code == 1
    assert subject in {finding["subject"] for finding in levels["fail"]}


@pytest.mark.usefixtures("cloud")
def test_an_api_that_cannot_be_reached_fails(api: Api) -> None:
    api.changed["GET /articles"] = httpx.ConnectError("no route to host")
    assert "no route to host" in well_but("fail")["API"]


@pytest.mark.usefixtures("api", "cloud")
def test_days_that_are_not_closed_and_drift_are_found(store: Container) -> None:
    day = day_of(NOW - timedelta(days=2))
    book = store.books.day_book
    book.open("b", day)
    book.seal(book.page("b", day), DayCount(2, 1, {}), complete=True, labels=Labels())
    assert "2 views on" in well_but("fail")["drift"]
    closed = {"pk": "DAYS", "sk": "CLOSED"}
    store.library_table.delete(closed)
    book.close(day_of(NOW - timedelta(days=9)))
    assert "closed only up to" in well_but("fail")["days"]
    store.library_table.delete(closed)
    assert "none is closed" in well_but("fail")["days"]


@pytest.mark.usefixtures("api", "cloud")
def test_a_stack_that_nobody_may_publish_to_is_worth_a_word(store: Container) -> None:
    store.tokens.revoke("cms")
    assert well_but("warn")["tokens"] == "none may publish"
    store.tokens.add(Token("reader", "1" * 64, frozenset({Scope.READ}), NOW))
    assert "reader (read, 0 days old)" in well_but("warn")["tokens"]


@pytest.mark.usefixtures("api")
def test_lines_say_what_to_do_and_how_many_there_are(cloud: Cloud) -> None:
    cloud.changed["GetApi"] = setting(IpAddressType="ipv4")
    cloud.refused["GetRoutes"] = "AccessDenied"
    result = run()
    lines = result.stdout.splitlines()
    assert all(
        re.match(r"(ok|warn|fail|open) +\S|docs/aws-assumptions.md, ", line) for line in lines[:-1]
    )
    (line,) = [line for line in lines if line.startswith("open")]
    assert "AccessDenied" in line
    assert line.endswith("docs/operations.md#the-doctor has the rights that this needs")
    assert lines[-1].endswith("1 not answered")


def test_its_settings_and_exceptions_are_the_templates(
    deployed: Deployment, template: Template
) -> None:
    mapping = deployed.resources("AWS::Lambda::EventSourceMapping")[STREAM_MAPPING]
    exact = {name: mapping[name] for name in STREAM_SETTINGS}
    assert exact == STREAM_SETTINGS
    counting = {
        route.path
        for route in template.routes()
        if route.method == "GET" and route.function == "RecordView"
    }
    assert counting == COUNTING
    assert SYNC_TIMETABLE in deployed.resources("AWS::Events::Rule")
    assert PING_MAPPING in deployed.resources("AWS::Lambda::EventSourceMapping")


@pytest.mark.usefixtures("api")
def test_what_a_stack_does_not_use_may_be_off(cloud: Cloud) -> None:
    def unused(answer: dict[str, Any], _: Mapping[str, Any]) -> None:
        for parameter in answer["Stacks"][0]["Parameters"]:
            if parameter["ParameterKey"] in ("WebSubHub", "SyncFeedUrl"):
                parameter["ParameterValue"] = ""

    cloud.changed["GetEventSourceMapping"] = of(PING_MAPPING, State="Disabled")
    cloud.changed["DescribeRule"] = of(SYNC_TIMETABLE, State="DISABLED")
    subjects = {f"mapping {PING_MAPPING}", f"schedule {SYNC_TIMETABLE}"}
    assert set(well_but("fail")) == subjects
    cloud.changed["DescribeStacks"] = unused
    assert found()[0] == 0


@pytest.mark.usefixtures("api")
def test_an_emulator_tells_nothing_of_aws_and_what_it_lacks_is_open(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.changed["GetApi"] = lambda answer, _: answer.pop("IpAddressType")
    assert "not answered" in well_but("open")["address type"]
    lacking: Change = lambda answer, _: answer.pop("TumblingWindowInSeconds", None)  # noqa: E731
    cloud.changed["GetEventSourceMapping"] = lacking
    lacks = "not answered: the answer lacks TumblingWindowInSeconds"
    assert well_but("open")[f"mapping {STREAM_MAPPING}"] == lacks
    assert found()[2]["holds"]
    monkeypatch.setattr(Account, "is_aws", lambda _: False)
    assert {name for name, numbers in found()[2].items() if numbers} == {"by hand"}
