"""A deployment: the transformed template with the values that CloudFormation would put in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_VALUE = object()
"""What AWS::NoValue is: the property is left out."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The transformed template, deployed with values for its parameters."""

    document: Mapping[str, Any]
    parameters: Mapping[str, str]
    region: str = "eu-central-1"
    partition: str = "aws"
    stack: str = "circulation"
    account: str = field(default="123456789012", init=False)

    def resources(self, kind: str) -> dict[str, Any]:
        """Give the properties of every resource of a type that is made, resolved, by its name."""
        return {
            name: self.resolve(resource.get("Properties", {}))
            for name, resource in self.document["Resources"].items()
            if resource["Type"] == kind and self._holds(resource.get("Condition"))
        }

    def resource(self, kind: str) -> Any:
        """Give the properties of the only resource of a type, resolved."""
        (found,) = self.resources(kind).values()
        return found

    def outputs(self) -> dict[str, Any]:
        """Give the value of every output, resolved, by its name."""
        return {
            name: self.resolve(output["Value"])
            for name, output in self.document["Outputs"].items()
            if self._holds(output.get("Condition"))
        }

    def resolve(self, node: Any) -> Any:
        """Put values in the place of intrinsic functions, all the way down."""
        if isinstance(node, list):
            return [value for each in node if (value := self.resolve(each)) is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                return self._call(name, argument)
        resolved = {name: self.resolve(value) for name, value in node.items()}
        return {name: value for name, value in resolved.items() if value is not NO_VALUE}

    def _call(self, name: str, argument: Any) -> Any:  # noqa: C901, PLR0911  one for each function
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::If":
                condition, then, otherwise = argument
                return self.resolve(then if self._holds(condition) else otherwise)
            case "Fn::Equals":
                first, second = (str(self.resolve(each)) for each in argument)
                return first == second
            case "Fn::Not":
                return not self.resolve(argument[0])
            case "Fn::Or":
                return any(map(self.resolve, argument))
            case "Condition":
                return self._holds(argument)
            case "Fn::Split":
                separator, text = argument
                return self.resolve(text).split(separator)
            case "Fn::Select":
                index, parts = argument
                return self.resolve(parts)[index]
            case "Fn::GetAtt":
                resource, attribute = argument
                if attribute == "FunctionUrl":  # with a slash at its end
                    return f"https://a1b2c3.lambda-url.{self.region}.on.aws/"
                return self._arn(resource) if attribute == "Arn" else f"{resource}.{attribute}"
            case "Fn::Sub":
                return self._substitute(argument)
        raise NotImplementedError(name)

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::NoValue": NO_VALUE,
            "AWS::Partition": self.partition,
            "AWS::Region": self.region,
            "AWS::StackName": self.stack,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.document["Resources"]:
            return self._physical(name)
        return self.parameters[name]

    def _substitute(self, argument: Any) -> str:
        text, values = argument if isinstance(argument, list) else (argument, {})

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in values:
                return str(self.resolve(values[name]))
            resource, _, attribute = name.partition(".")
            return str(
                self._call("Fn::GetAtt", [resource, attribute]) if attribute else self._ref(name)
            )

        return re.sub(r"\$\{([\w:.]+)\}", value, text)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self.resolve(self.document["Conditions"][condition]))

    def _physical(self, name: str) -> str:
        """Name a resource as CloudFormation does: at most 64 letters of stack, id and chance."""
        if self.document["Resources"][name]["Type"] == "AWS::ApiGatewayV2::Api":
            return "a1b2c3d4e5"
        return f"{self.stack[: 64 - 14 - len(name)]}-{name}-1ABCDEFGHIJKL"[:64]

    def _arn(self, name: str) -> str:
        """Give the ARN of a function, with whose length that of others is about the same."""
        return (
            f"arn:{self.partition}:lambda:{self.region}:{self.account}"
            f":function:{self._physical(name)}"
        )


def intrinsics(node: Any) -> Iterator[tuple[str, Any]]:
    """Give every call of an intrinsic function in a part of a template, with its argument."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("Ref", "Condition") or name.startswith("Fn::"):
                yield name, value
            yield from intrinsics(value)
    elif isinstance(node, list):
        for value in node:
            yield from intrinsics(value)
