"""A stack that `sam deploy` made on MiniStack, and its functions run from their packages."""

import base64
import io
import json
import os
import subprocess
import urllib.request
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3

from circulation_cli.local_stack.template import TEMPLATE, Template

RUNTIME = Path(__file__).with_name("runtime.py")
REGION = "eu-central-1"
GUARD = "AuthorizePublisher"


class FunctionError(Exception):
    """A function raised; the message is its traceback."""


class Stack:
    """The deployed stack: every function in a container of its own, started when it is invoked."""

    def __init__(self, name: str, folder: Path, python: str) -> None:
        self.name = name
        self.invoked: set[str] = set()
        self._folder = folder / name
        self._python = python
        self._containers: dict[str, subprocess.Popen[str]] = {}
        self._closing = ExitStack()
        self._template = Template.load({})
        self._resources: dict[str, str] = {}
        self.refresh()

    def refresh(self) -> None:
        """Take what was deployed last: its resources, and containers that start anew."""
        self.close()
        self._resources = {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in boto3.client("cloudformation")
            .get_paginator("list_stack_resources")
            .paginate(StackName=self.name)
            for resource in page["StackResourceSummaries"]
        }
        self._be_quiet()

    def close(self) -> None:
        """End every container."""
        self._closing.close()
        self._containers.clear()

    def __getitem__(self, resource: str) -> str:
        """Give a resource's name, or a queue's URL, by its name in the template."""
        return str(self._resources[resource])

    def outputs(self) -> dict[str, str]:
        """Give the outputs by name."""
        (stack,) = boto3.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Hand an event to a function. Raises FunctionError."""
        container = self._containers.get(function) or self._start(function)
        assert container.stdin
        assert container.stdout
        container.stdin.write(json.dumps(event, default=_base64) + "\n")
        container.stdin.flush()
        result = json.loads(container.stdout.readline())
        self.invoked.add(function)
        if "error" in result:
            raise FunctionError(result["error"])
        return result["answer"]

    def request(self, event: Mapping[str, Any]) -> Any:
        """Hand a request to the function of its route, through the authorizer where it has one.

        Answers {"statusCode": 403} where the authorizer does not let it in.
        """
        routes = {f"{route.method} {route.path}": route for route in self._template.routes()}
        route = routes[event["routeKey"]]
        if route.authorizer:
            result = self.invoke(GUARD, {**event, "type": "REQUEST"})
            if not result["isAuthorized"]:
                return {"statusCode": 403}
            admitted = {"authorizer": {"lambda": result.get("context", {})}}
            event = {**event, "requestContext": {**event["requestContext"], **admitted}}
        return self.invoke(route.function, event)

    def _start(self, function: str) -> subprocess.Popen[str]:
        client = boto3.client("lambda")
        found = client.get_function(FunctionName=self[function])
        # The environment that the stack gave it, and no more of this one than AWS gives.
        configuration = client.get_function_configuration(FunctionName=self[function])
        code = self._unpacked(configuration["CodeSha256"], found["Code"]["Location"])
        (layer,) = configuration["Layers"]
        content = client.get_layer_version_by_arn(Arn=layer["Arn"])["Content"]
        packages = self._unpacked(content["CodeSha256"], content["Location"])
        assert configuration["Runtime"] == "python3.13"
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "NO_PROXY")
        variables = configuration["Environment"]["Variables"]
        if variables.get("DIRECT_ENDPOINT"):  # the region's, where the emulator is not
            variables["DIRECT_ENDPOINT"] = os.environ["AWS_ENDPOINT_URL"]
        container = subprocess.Popen(
            [self._python, "-S", str(RUNTIME), configuration["Handler"]],
            cwd=code,
            env=variables
            | {name: os.environ[name] for name in names}
            | {
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_LAMBDA_FUNCTION_NAME": self[function],
                "LAMBDA_TASK_ROOT": str(code),
                "PYTHONPATH": f"{code}{os.pathsep}{packages / 'python'}",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._closing.callback(_end, container)
        assert container.stdout
        files = json.loads(container.stdout.readline())
        ours = [file for file in files if "circulation" in file and str(self._folder) not in file]
        assert not [file for file in files if "site-packages" in file or TEMPLATE.parent == file]
        assert not ours, f"{function} runs what is not in its packages: {ours}"
        self._containers[function] = container
        return container

    def _unpacked(self, sha256: str, location: str) -> Path:
        """Unpack a package, once whatever number of functions has it."""
        folder = self._folder / sha256.replace("/", "_")
        if not folder.exists():
            with urllib.request.urlopen(location) as answer:  # noqa: S310  the emulator's
                zipfile.ZipFile(io.BytesIO(answer.read())).extractall(folder)
        return folder

    def _be_quiet(self) -> None:
        """Keep the emulator, which has no python3.13, from waking functions by itself."""
        client = boto3.client("lambda")
        for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
            client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        events = boto3.client("events")
        for rule in events.list_rules()["Rules"]:
            events.disable_rule(Name=rule["Name"])


def _end(container: subprocess.Popen[str]) -> None:
    assert container.stdin
    assert container.stdout
    container.stdin.close()
    container.wait(30)
    container.stdout.close()


def _base64(value: bytes) -> str:
    """Write a binary attribute as events have it."""
    return base64.b64encode(value).decode()
