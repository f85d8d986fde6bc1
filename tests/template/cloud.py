"""An account in which the template is deployed, and whatever it is asked is recorded."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.model import OperationModel
from botocore.validate import validate_parameters

from tests.template.deployment import Deployment

Answer = dict[str, Any]


class Http:
    """What botocore looks at of an HTTP answer."""

    def __init__(self, status: int) -> None:
        self.status_code = status
        self.headers: dict[str, str] = {}


class Cloud:
    """Answers as AWS does if the deployment is well; a test changes what is not.

    Every answer has the shape that botocore's description of the service demands.
    """

    def __init__(self, deployment: Deployment, *, now: datetime) -> None:
        self.deployment, self.now = deployment, now
        self._resolved: dict[str, Mapping[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.changed: dict[str, Callable[[Answer, Mapping[str, Any]], None]] = {}
        """What a test makes of an operation's answer, with the parameters of the call."""
        self.refused: dict[str, str] = {}
        """Error codes, by operation."""
        self.session = boto3.Session("x", "y", region_name="eu-central-1")
        self.watch(self.session.events)
        self.session.events.register("before-call.*.*", self._answer)

    def reset(self) -> None:
        """Be well again, and have been asked nothing."""
        self.asked.clear()
        self.changed.clear()
        self.refused.clear()

    def watch(self, events: Any) -> None:
        """Record every call of clients with such events."""
        events.register("before-parameter-build.*.*", self._note)

    def _note(
        self, params: Mapping[str, Any], model: OperationModel, context: Any, **_: Any
    ) -> None:
        self.asked.append((model.service_model.service_name, model.name))
        context["asked"] = params

    def _answer(self, model: OperationModel, context: Any, **_: Any) -> tuple[Http, Answer]:
        if code := self.refused.get(model.name):
            return Http(400), {"Error": {"Code": code, "Message": f"may not {model.name}"}}
        params = context["asked"]
        answer: Answer = getattr(self, model.name)(params)
        if model.name in self.changed:
            self.changed[model.name](answer, params)
        if "Error" in answer:
            return Http(404), answer
        validate_parameters(answer, model.output_shape)
        return Http(200), answer

    def _properties(self, kind: str, id_: str) -> Answer:
        for name, properties in self._resources(kind).items():
            if self.id_of(name) == id_:
                return {"name": name, **properties}
        raise LookupError(f"{kind} {id_}")

    def _resources(self, kind: str) -> Mapping[str, Any]:
        """Give the resources of a type, which take long to resolve."""
        if kind not in self._resolved:
            self._resolved[kind] = self.deployment.resources(kind)
        return self._resolved[kind]

    def id_of(self, name: str) -> str:
        return str(self.deployment.resolve({"Ref": name}))

    def DescribeStacks(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        described = {
            "StackName": self.deployment.stack,
            "CreationTime": self.now - timedelta(days=30),
            "StackStatus": "UPDATE_COMPLETE",
            "Parameters": [
                {"ParameterKey": name, "ParameterValue": str(value)}
                for name, value in self.deployment.parameters.items()
                if "::" not in name
            ],
            "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "https://api.example"}],
        }
        return {"Stacks": [described]}

    def ListStackResources(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        kinds = {resource["Type"] for resource in self.deployment.document["Resources"].values()}
        found = [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": self.id_of(name),
                "ResourceType": kind,
                "LastUpdatedTimestamp": self.now,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for kind in sorted(kinds)
            for name in self._resources(kind)
        ]
        return {"StackResourceSummaries": found}

    def GetFunctionConfiguration(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        function = self._properties("AWS::Lambda::Function", asked["FunctionName"])
        return {
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "TracingConfig": {"Mode": _traced(function)},
            "LoggingConfig": {"LogGroup": function["LoggingConfig"]["LogGroup"]},
        }

    def GetFunctionEventInvokeConfig(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        return {"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}

    def GetEventSourceMapping(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        mapping = self._properties("AWS::Lambda::EventSourceMapping", asked["UUID"])
        settings: Answer = {
            name: mapping[name]
            for name in (
                "BatchSize",
                "BisectBatchOnFunctionError",
                "FunctionResponseTypes",
                "MaximumRecordAgeInSeconds",
                "MaximumRetryAttempts",
                "ParallelizationFactor",
                "StartingPosition",
                "TumblingWindowInSeconds",
            )
            if name in mapping
        }
        if "MaximumBatchingWindowInSeconds" in mapping:
            settings["MaximumBatchingWindowInSeconds"] = int(
                mapping["MaximumBatchingWindowInSeconds"]
            )
        state = "Enabled" if mapping.get("Enabled", True) else "Disabled"
        return {"State": state, "LastProcessingResult": "OK", **settings}

    def DescribeRule(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        rule = self._properties("AWS::Events::Rule", asked["Name"])
        return {"Name": asked["Name"], "State": rule.get("State", "ENABLED")}

    def GetSchedule(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        schedule = self._properties("AWS::Scheduler::Schedule", asked["Name"])
        return {"Name": asked["Name"], "State": schedule.get("State", "ENABLED")}

    def DescribeAlarms(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        return {"MetricAlarms": [self._alarm(name) for name in asked["AlarmNames"]]}

    def _alarm(self, id_: str) -> Answer:
        alarm = self._properties("AWS::CloudWatch::Alarm", id_)
        metric = {
            name: alarm[name]
            for name in ("Namespace", "MetricName", "Dimensions", "Metrics")
            if name in alarm
        }
        return metric | {
            "AlarmName": id_,
            "StateValue": "OK",
            "StateUpdatedTimestamp": self.now,
            "ActionsEnabled": True,
            "AlarmActions": alarm.get("AlarmActions") or ["arn:aws:sns:eu-central-1:1:t"],
        }

    def GetMetricData(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        results = [
            {"Id": query["Id"], "Timestamps": [self.now - timedelta(hours=1)], "Values": [4.0]}
            for query in asked["MetricDataQueries"]
        ]
        return {"MetricDataResults": results}

    def ListMetrics(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        metric = {
            "Namespace": asked["Namespace"],
            "MetricName": "ViewsTallied",
            "Dimensions": [*asked["Dimensions"], {"Name": "service", "Value": "TallyViews"}],
        }
        return {"Metrics": [metric]}

    def GetQueueAttributes(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        return {"Attributes": dict.fromkeys(asked["AttributeNames"], "0")}

    def GetAccountSettings(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
        return {"AccountLimit": limits}

    def GetFunctionConcurrency(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        return {}

    def _table(self, id_: str) -> Answer:
        return self._properties("AWS::DynamoDB::Table", id_)

    def DescribeTable(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        table = self._table(asked["TableName"])
        stream = table.get("StreamSpecification")
        described: Answer = {
            "DeletionProtectionEnabled": table.get("DeletionProtectionEnabled", False)
        }
        if stream:
            described["StreamSpecification"] = {"StreamEnabled": True, **stream}
        return {"Table": described}

    def DescribeContinuousBackups(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        backups = self._table(asked["TableName"]).get("PointInTimeRecoverySpecification", {})
        status = "ENABLED" if backups.get("PointInTimeRecoveryEnabled") else "DISABLED"
        recovery = {"PointInTimeRecoveryStatus": status}
        return {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": recovery,
            }
        }

    def DescribeTimeToLive(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        expiry = self._table(asked["TableName"]).get("TimeToLiveSpecification")
        if not expiry:
            return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
        named = {"TimeToLiveStatus": "ENABLED", "AttributeName": expiry["AttributeName"]}
        return {"TimeToLiveDescription": named}

    def DescribeLogGroups(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        name = asked["logGroupNamePrefix"]
        group = self._properties("AWS::Logs::LogGroup", name)
        own = {"logGroupName": name, "retentionInDays": int(group["RetentionInDays"])}
        return {"logGroups": [own, {"logGroupName": f"{name}-other"}]}

    def _paths(self) -> Mapping[str, Any]:
        (api,) = self._resources("AWS::ApiGatewayV2::Api").values()
        paths: Mapping[str, Any] = api["Body"]["paths"]
        return paths

    def GetRoutes(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        routes = [
            {
                "RouteKey": f"{method.upper()} {path}",
                "AuthorizationType": "CUSTOM" if described.get("security") else "NONE",
            }
            for path, methods in self._paths().items()
            for method, described in methods.items()
            if method != "parameters"
        ]
        return {"Items": routes}

    def GetStage(self, asked: Mapping[str, Any]) -> Answer:  # noqa: N802
        return {"StageName": asked["StageName"]}

    def GetApi(self, _: Mapping[str, Any]) -> Answer:  # noqa: N802
        (api,) = self._resources("AWS::ApiGatewayV2::Api").values()
        (server,) = api["Body"]["servers"]
        return {
            "Name": "news",
            "ProtocolType": "HTTP",
            "RouteSelectionExpression": "$request.method $request.path",
            "IpAddressType": server["x-amazon-apigateway-endpoint-configuration"]["ipAddressType"],
        }


def _traced(function: Answer) -> str:
    """Give the tracing that Lambda shows: PassThrough where the template names none."""
    return str(function.get("TracingConfig", {}).get("Mode", "PassThrough"))
