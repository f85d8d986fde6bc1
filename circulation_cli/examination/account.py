"""Ask AWS about a stack, by calls that describe, get and list, and change nothing."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from circulation_cli.examination.facts import (
    AlarmState,
    Concurrency,
    DeadLetters,
    FunctionState,
    GatewayState,
    LogGroup,
    MappingState,
    MetricsState,
    StackResource,
    StackState,
    TableState,
    Timetable,
)
from circulation_cli.examination.findings import Unanswered
from circulation_cli.refused import Refused

SCHEDULED = frozenset(
    {"SealDay", "RotateSalts", "RankPopular", "SyncFeed", "BeginDigest", "SendReports"}
)
"""Functions that a schedule invokes asynchronously."""
DATA_WITHIN = timedelta(days=2)
"""How old an alarm's data may be; also the time of the views that were tallied."""
MAX_QUERIES = 500
"""Metrics in one question (API_GetMetricData)."""
MAX_NAMES = 100
"""Alarms in one question (API_DescribeAlarms)."""

T = TypeVar("T")


def answer_or_reason(ask: Callable[[], T]) -> T | Unanswered:
    """Ask; give why there is no answer if there is none, such as a right that is missing."""
    try:
        return ask()
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        return Unanswered(" ".join(str(error).split()))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return Unanswered(f"the answer is not AWS's: it lacks {error}")


@dataclass(frozen=True)
class Account:
    """An account, in the region of a stack."""

    session: boto3.Session
    config: Config

    def client(self, service: str) -> Any:  # noqa: ANN401  botocore makes the classes at run time
        """Make the client of a service, once."""
        return _client(self.session, service, self.config)

    def is_aws(self) -> bool:
        """Tell whether AWS itself is asked, and not an emulator at an address of its own."""
        host = urlsplit(self.client("cloudformation").meta.endpoint_url).hostname or ""
        return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))

    def pages(self, service: str, operation: str, field: str, **request: object) -> Iterator[Any]:
        """Read what all pages of an answer have in a field."""
        for page in self.client(service).get_paginator(operation).paginate(**request):
            yield from page[field]

    def stack(self, name: str) -> StackState:
        """Describe a stack. Raises Refused and botocore's errors."""
        described = self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        resources = tuple(
            StackResource(
                resource["LogicalResourceId"],
                resource["ResourceType"],
                resource.get("PhysicalResourceId", ""),
            )
            for resource in self.pages(
                "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name
            )
        )
        if not resources:
            raise Refused(f"the stack {name} has no resources; was its deployment finished?")
        return StackState(
            {
                parameter["ParameterKey"]: parameter.get("ParameterValue", "")
                for parameter in described.get("Parameters", ())
            },
            described.get("StackStatus", ""),
            described.get("CreationTime"),
            resources,
            {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())},
        )

    def mappings(self, stack: StackState) -> list[MappingState]:
        """Describe the event source mappings."""
        found = []
        for resource in stack.of_kind("AWS::Lambda::EventSourceMapping"):
            mapping = self.client("lambda").get_event_source_mapping(UUID=resource.id)
            found.append(
                MappingState(
                    resource.name,
                    mapping.get("State", ""),
                    mapping.get("LastProcessingResult", ""),
                    mapping,
                )
            )
        return found

    def timetables(self, stack: StackState) -> list[Timetable]:
        """Describe the schedules: rules of EventBridge, and schedules in a zone."""
        found = []
        for rule in stack.of_kind("AWS::Events::Rule"):
            name = rule.id.rpartition("|")[2].rpartition("/")[2]
            state = self.client("events").describe_rule(Name=name)["State"]
            found.append(Timetable(rule.name, state == "ENABLED"))
        for schedule in stack.of_kind("AWS::Scheduler::Schedule"):
            state = self.client("scheduler").get_schedule(Name=schedule.id)["State"]
            found.append(Timetable(schedule.name, state == "ENABLED"))
        return found

    def alarms(self, stack: StackState, *, now: datetime) -> list[AlarmState]:
        """Describe the alarms, and when their metrics had data last."""
        names = {alarm.id: alarm.name for alarm in stack.of_kind("AWS::CloudWatch::Alarm")}
        ids, described = list(names), []
        for start in range(0, len(ids), MAX_NAMES):
            answer = self.client("cloudwatch").describe_alarms(
                AlarmNames=ids[start : start + MAX_NAMES], MaxRecords=MAX_NAMES
            )
            described += answer["MetricAlarms"]
        if missing := names.keys() - {alarm["AlarmName"] for alarm in described}:
            raise ValueError(f"alarms such as {names[min(missing)]}")
        newest = answer_or_reason(lambda: self._newest_data(described, now))
        return [
            AlarmState(
                names[alarm["AlarmName"]],
                alarm["StateValue"],
                alarm.get("StateUpdatedTimestamp"),
                bool(alarm.get("ActionsEnabled") and alarm.get("AlarmActions")),
                newest if isinstance(newest, Unanswered) else newest.get(alarm["AlarmName"]),
            )
            for alarm in described
        ]

    def _newest_data(self, alarms: Iterable[Any], now: datetime) -> dict[str, datetime]:
        """Give when the metrics of alarms had data last, of those that had some."""
        names: list[str] = []
        queries: list[dict[str, object]] = []
        for alarm in alarms:
            stats = [
                {"Metric": metric["MetricStat"]["Metric"]}
                for metric in alarm.get("Metrics", ())
                if "MetricStat" in metric
            ] or [
                {
                    "Metric": {
                        "Namespace": alarm["Namespace"],
                        "MetricName": alarm["MetricName"],
                        "Dimensions": alarm["Dimensions"],
                    }
                }
            ]
            for stat in stats:
                queries.append(
                    {
                        "Id": f"q{len(queries)}",
                        "MetricStat": {**stat, "Period": 3600, "Stat": "SampleCount"},
                    }
                )
                names.append(alarm["AlarmName"])
        newest: dict[str, datetime] = {}
        for start in range(0, len(queries), MAX_QUERIES):
            results = self.pages(
                "cloudwatch",
                "get_metric_data",
                "MetricDataResults",
                MetricDataQueries=queries[start : start + MAX_QUERIES],
                StartTime=now - DATA_WITHIN,
                EndTime=now,
            )
            for result in results:
                name = names[int(result["Id"][1:])]
                times = [*result["Timestamps"], *([newest[name]] if name in newest else [])]
                if times:
                    newest[name] = max(times)
        return newest

    def dead_letters(self, stack: StackState) -> list[DeadLetters]:
        """Count the messages in the queues of dead letters."""
        attribute = "ApproximateNumberOfMessages"
        return [
            DeadLetters(
                queue.name,
                int(
                    self.client("sqs").get_queue_attributes(
                        QueueUrl=queue.id, AttributeNames=[attribute]
                    )["Attributes"][attribute]
                ),
            )
            for queue in stack.of_kind("AWS::SQS::Queue")
            if queue.name.endswith("DeadLetterQueue")
        ]

    def concurrency(self, stack: StackState) -> Concurrency:
        """Read how many containers the account may run, and what RecordView has of them."""
        client = self.client("lambda")
        limits = client.get_account_settings()["AccountLimit"]
        reserved = client.get_function_concurrency(FunctionName=stack.id_of("RecordView"))
        return Concurrency(
            limits["ConcurrentExecutions"],
            limits["UnreservedConcurrentExecutions"],
            reserved.get("ReservedConcurrentExecutions"),
        )

    def tables(self, stack: StackState, library: str) -> list[TableState]:
        """Describe the tables; library is the name of the library, which may be an adopted one."""
        names = {table.name: table.id for table in stack.of_kind("AWS::DynamoDB::Table")}
        return [self._table(name, id_) for name, id_ in ({"Library": library} | names).items()]

    def _table(self, name: str, id_: str) -> TableState:
        client = self.client("dynamodb")
        table = client.describe_table(TableName=id_)["Table"]
        recoverable = expires = None
        if name == "Library":
            backups = client.describe_continuous_backups(TableName=id_)
            recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
            recoverable = recovery["PointInTimeRecoveryStatus"] == "ENABLED"
        if name != "Salts":  # whose items are deleted when they must be, not days later
            expiry = client.describe_time_to_live(TableName=id_)["TimeToLiveDescription"]
            on = expiry["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
            expires = on and expiry.get("AttributeName") == "ttl"
        stream = table.get("StreamSpecification", {})
        return TableState(
            name,
            table.get("DeletionProtectionEnabled", False),
            recoverable,
            expires,
            stream.get("StreamViewType", "") if stream.get("StreamEnabled") else "",
        )

    def functions(self, stack: StackState) -> list[FunctionState]:
        """Describe the functions."""
        return [
            self._function(function.name, function.id)
            for function in stack.of_kind("AWS::Lambda::Function")
        ]

    def _function(self, name: str, id_: str) -> FunctionState:
        client = self.client("lambda")
        described = client.get_function_configuration(FunctionName=id_)
        asynchronous: bool | None = None
        if name in SCHEDULED:
            try:
                client.get_function_event_invoke_config(FunctionName=id_)
            except client.exceptions.ResourceNotFoundException:
                asynchronous = False
            else:
                asynchronous = True
        return FunctionState(
            name,
            described["State"],
            described["LastUpdateStatus"],
            described["TracingConfig"]["Mode"],
            described["LoggingConfig"]["LogGroup"],
            asynchronous,
        )

    def gateway(self, stack: StackState) -> GatewayState:
        """Describe the API."""
        api, client = stack.id_of("Api"), self.client("apigatewayv2")
        routes = list(self.pages("apigatewayv2", "get_routes", "Items", ApiId=api))
        stage = client.get_stage(ApiId=api, StageName="$default")
        return GatewayState(
            frozenset(route["RouteKey"] for route in routes),
            frozenset(
                route["RouteKey"]
                for route in routes
                if route.get("AuthorizationType", "NONE") != "NONE"
            ),
            client.get_api(ApiId=api).get("IpAddressType", ""),
            bool(stage.get("AccessLogSettings", {}).get("DestinationArn")),
        )

    def log_groups(self, stack: StackState) -> list[LogGroup]:
        """Read for how long logs are kept."""
        found = []
        for resource in stack.of_kind("AWS::Logs::LogGroup"):
            groups = self.pages(
                "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=resource.id
            )
            (group,) = [group for group in groups if group["logGroupName"] == resource.id]
            found.append(LogGroup(resource.name, group.get("retentionInDays")))
        return found

    def metrics(self, name: str, *, now: datetime) -> MetricsState:
        """Read which metrics of its own a stack of a name has."""
        own = [{"Name": "stack", "Value": name}]
        listed = self.pages(
            "cloudwatch", "list_metrics", "Metrics", Namespace="Circulation", Dimensions=own
        )
        names = set()
        for metric in listed:
            dimensions = {entry["Name"]: entry["Value"] for entry in metric["Dimensions"]}
            with suppress(KeyError):
                names.add((dimensions["service"], metric["MetricName"]))
        metric = {
            "Namespace": "Circulation",
            "MetricName": "ViewsTallied",
            "Dimensions": [*own, {"Name": "service", "Value": "TallyViews"}],
        }
        (result,) = self.client("cloudwatch").get_metric_data(
            MetricDataQueries=[
                {"Id": "q0", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Sum"}}
            ],
            StartTime=now - DATA_WITHIN,
            EndTime=now,
        )["MetricDataResults"]
        return MetricsState(frozenset(names), sum(result["Values"]))


@cache
def _client(session: boto3.Session, service: str, config: Config) -> Any:  # noqa: ANN401
    return session.client(service, config=config)
