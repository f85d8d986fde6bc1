"""template.yaml: the parts of it that the local stack needs."""

import importlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from circulation_cli.local_stack.function import Function

Properties = Mapping[str, Any]

PSEUDO_PARAMETERS = {
    "AWS::StackName": "circulation",
    "AWS::Region": "eu-central-1",
    "AWS::URLSuffix": "amazonaws.com",
}
"""Values of CloudFormation's pseudo parameters (User Guide) for the local stack."""

_IN_WHEEL = Path(__file__).parents[1] / "stack"
"""Where a wheel has the template and the functions (pyproject.toml); missing in a checkout."""

TEMPLATE, FUNCTIONS = (
    (_IN_WHEEL / "template.yaml", "circulation_cli.stack.functions")
    if _IN_WHEEL.exists()
    else (Path(__file__).parents[2] / "template.yaml", "functions")
)
"""The template's path, and the package of the handlers that it names."""


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short forms: !Ref x becomes {"Ref": x}.

    Libyaml's, which PyYAML's wheels have: in Python the template takes half a second.
    """


def _short_form(loader: yaml.CSafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.ScalarNode)  # noqa: S101  no short form takes a mapping here
    value = loader.construct_scalar(node)
    return {name: value.split(".", 1) if tag == "GetAtt" else value}


_Loader.add_multi_constructor("!", _short_form)


class ParameterError(Exception):
    """A parameter's value for which CloudFormation would refuse the stack."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the HTTP API, its function, and its authorizer if it has one."""

    method: str
    path: str
    function: str
    authorizer: str | None

    @property
    def key(self) -> str:
        """The routeKey of events: GET /articles/{id}."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Cors:
    """The CORS configuration (x-amazon-apigateway-cors object)."""

    origins: frozenset[str]
    """The allowed origins, such as https://news.example; * for any."""
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed_headers: tuple[str, ...]
    max_age: int
    """Seconds that a browser may cache the response to a preflight request."""


@dataclass(frozen=True, slots=True)
class FunctionUrl:
    """A function's own URL, which anybody may call."""

    function: str
    cors: Cors
    concurrency: int
    """How many requests the function handles at once, its reserved concurrency."""


@dataclass(frozen=True, slots=True)
class Template:
    """The parsed template, and the values of its parameters by name, as text."""

    document: Mapping[str, Any]
    parameters: Mapping[str, str]

    @classmethod
    def load(cls, parameters: Mapping[str, str], path: Path = TEMPLATE) -> Self:
        """Read the template, with defaults for parameters that are not in parameters.

        Raises ParameterError for a name or a value that CloudFormation would refuse (User Guide:
        Parameters, Rules).
        """
        document = yaml.load(path.read_text(), _Loader)  # noqa: S506  a SafeLoader
        defaults = {
            name: str(parameter["Default"])
            for name, parameter in document["Parameters"].items()
            if "Default" in parameter
        }
        for name, value in parameters.items():
            if name in PSEUDO_PARAMETERS:
                continue
            if name not in document["Parameters"]:
                raise ParameterError(f"the template has no parameter {name}")
            if fault := _find_fault(document["Parameters"][name], value):
                raise ParameterError(f"{name} {fault}")
        template = cls(document, PSEUDO_PARAMETERS | defaults | dict(parameters))
        for rule in document["Rules"].values():
            for assertion in rule["Assertions"] if template.holds(rule["RuleCondition"]) else ():
                if not template.holds(assertion["Assert"]):
                    raise ParameterError(assertion["AssertDescription"])
        return template

    def resources(self, kind: str) -> dict[str, Properties]:
        """Give the properties of the resources of a type whose condition is true, by name."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.document["Resources"].items()
            if resource["Type"] == kind
            and ("Condition" not in resource or self.holds(resource["Condition"]))
        }

    def functions(self) -> dict[str, Properties]:
        """Give the properties of the functions by name."""
        return self.resources("AWS::Serverless::Function")

    def function(self, name: str) -> Function:
        """Import a function's handler."""
        properties = self.document["Globals"]["Function"] | self.functions()[name]
        module, _, handler = properties["Handler"].partition(".")
        imported = importlib.import_module(f"{FUNCTIONS}.{module}")
        return Function(name, getattr(imported, handler), properties["Timeout"])

    def events(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """Give each event of a type, as the function's name and the event's properties."""
        for name, properties in self.functions().items():
            for event in properties.get("Events", {}).values():
                if event["Type"] == kind:
                    yield name, event["Properties"]

    def active_events(self, kind: str) -> Iterator[tuple[str, Properties]]:
        """Give the events of a type that are enabled.

        A schedule is disabled by its State, an event source mapping by Enabled (AWS SAM: Schedule,
        SQS, DynamoDB).
        """
        for name, event in self.events(kind):
            if self._is_on(event):
                yield name, event

    def _is_on(self, event: Properties) -> bool:
        enabled = self.resolve(event.get("Enabled", "true")).lower()
        return enabled != "false" and self.resolve(event.get("State", "ENABLED")) == "ENABLED"

    def http_api(self) -> Properties:
        """Give the properties of the HTTP API."""
        (api,) = self.resources("AWS::Serverless::HttpApi").values()
        return api

    def routes(self) -> list[Route]:
        """Give the routes of the HTTP API, from its OpenAPI document."""
        return [
            Route(method.upper(), path, _function_of(operation), _authorizer_of(operation))
            for path, operations in self.http_api()["DefinitionBody"]["paths"].items()
            for method, operation in self._operations(operations).items()
            if method != "parameters"
        ]

    def _operations(self, operations: Properties) -> Properties:
        """Give the operations of a path, which may be there on a condition only (Fn::If)."""
        if "Fn::If" not in operations:
            return operations
        condition, operations_if_true, _ = operations["Fn::If"]
        return operations_if_true if self.holds(condition) else {}

    def authorizers(self) -> dict[str, str]:
        """Give the function's name of each authorizer."""
        return {
            name: authorizer["FunctionArn"]["Fn::GetAtt"][0]
            for name, authorizer in self.http_api()["Auth"]["Authorizers"].items()
        }

    def cors(self) -> Cors:
        """Give the CORS configuration of the HTTP API."""
        cors = self.http_api()["DefinitionBody"]["x-amazon-apigateway-cors"]
        return Cors(
            frozenset(self.resolve_list(cors["allowOrigins"])),
            tuple(cors["allowMethods"]),
            tuple(cors["allowHeaders"]),
            tuple(cors["exposeHeaders"]),
            cors["maxAge"],
        )

    def function_url(self) -> FunctionUrl | None:
        """Give the URL of the one function that has one (AWS::Lambda::Url); None where none has."""
        for url in self.resources("AWS::Lambda::Url").values():
            name, cors = url["TargetFunctionArn"]["Ref"], url["Cors"]
            reserved = self.functions()[name]["ReservedConcurrentExecutions"]
            return FunctionUrl(
                name,
                Cors(
                    frozenset(self.resolve_list(cors["AllowOrigins"])),
                    tuple(cors["AllowMethods"]),
                    tuple(cors["AllowHeaders"]),
                    tuple(cors["ExposeHeaders"]),
                    cors["MaxAge"],
                ),
                int(self.resolve(reserved)),
            )
        return None

    def environment(self, queues: Mapping[str, str]) -> dict[str, str]:
        """Merge the environments of all functions, for a process that runs all of them."""
        environment: dict[str, str] = {}
        for function in self.functions():
            environment |= self.environment_of(function, queues)
        return environment

    def environment_of(self, function: str, queues: Mapping[str, str]) -> dict[str, str]:
        """Give a function's environment; queues has the URLs of the queues by name."""
        common = self.document["Globals"]["Function"]["Environment"]["Variables"]
        own = self.functions()[function].get("Environment", {}).get("Variables", {})
        return {name: self.resolve(value, queues) for name, value in {**common, **own}.items()}

    def resolve(
        self, value: Mapping[str, Any] | str | int, queues: Mapping[str, str] | None = None
    ) -> str:
        """Give the value of a text, an Fn::If, an Fn::Sub, or a reference to what has a name.

        That is a parameter, queue or resource. A queue's value is its URL in queues, another
        resource's its name; in an Fn::Sub what is no parameter stands for itself.
        """
        if not isinstance(value, Mapping):
            return str(value)
        if "Fn::If" in value:
            condition, if_true, if_false = value["Fn::If"]
            return self.resolve(if_true if self.holds(condition) else if_false, queues)
        if "Fn::Sub" in value:
            return re.sub(
                r"\$\{([\w:]+)\}",
                lambda match: self.parameters.get(match[1], match[1]),
                value["Fn::Sub"],
            )
        name = value["Ref"]
        if queues and name in queues:
            return queues[name]
        return name if name in self.document["Resources"] else self.parameters[name]

    def holds(self, condition: str | Mapping[str, Any]) -> bool:
        """Tell whether a condition is true, which is given by name or as !Equals, !Not or !Or."""
        if isinstance(condition, str):
            return self.holds(self.document["Conditions"][condition])
        ((function, operands),) = condition.items()
        if function == "Fn::Not":
            return not self.holds(operands[0])
        if function == "Fn::Or":
            return any(map(self.holds, operands))
        assert function == "Fn::Equals", function  # noqa: S101  the template has no other
        left, right = map(self.resolve, operands)
        return left == right

    def resolve_list(self, value: Mapping[str, Any] | list[str]) -> list[str]:
        """Give the values of a list, or of a text that Fn::Split splits."""
        if isinstance(value, list):
            return [self.resolve(part) for part in value]
        separator, text = value["Fn::Split"]
        return self.resolve(text).split(separator)


def _find_fault(parameter: Properties, value: str) -> str:
    """Give the reason why CloudFormation would refuse a parameter's value, or nothing."""
    if "AllowedValues" in parameter and value not in map(str, parameter["AllowedValues"]):
        return f"must be one of {', '.join(map(str, parameter['AllowedValues']))}"
    pattern = parameter.get("AllowedPattern", ".*")
    if not re.fullmatch(pattern, value, flags=re.DOTALL):
        return str(parameter.get("ConstraintDescription", f"must match {pattern}"))
    if len(value) < parameter.get("MinLength", 0):
        return f"must have {parameter['MinLength']} characters or more"
    return _find_number_fault(parameter, value) if parameter["Type"] == "Number" else ""


def _find_number_fault(parameter: Properties, value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return "must be a number"
    if number < parameter.get("MinValue", number):
        return f"must be {parameter['MinValue']} or more"
    if number > parameter.get("MaxValue", number):
        return f"must be {parameter['MaxValue']} or less"
    return ""


def _function_of(operation: Properties) -> str:
    """Read the function's name from the URI of a route's integration."""
    uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    return re.sub(r".*\$\{(\w+)\.Arn\}.*", r"\1", uri)


def _authorizer_of(operation: Properties) -> str | None:
    return next((name for scheme in operation.get("security", []) for name in scheme), None)
