"""The template as CloudFormation gets it: transformed by the SAM translator that is pinned."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from boto3.session import Session
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from circulation_cli.local_stack.template import Template

REGION = "eu-central-1"
PACKAGED = "s3://bucket/key"
"""Where `sam package` would have put the code: the translator takes no path of this machine."""

Transform = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def transform(template: Template) -> Transform:
    """Transform the template, or a changed one, with the values that a deployment gives it."""

    def run(changed: Mapping[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
        # A copy has a node for each use of an anchor, as what `sam build` writes has.
        document = json.loads(json.dumps(changed or template.document))
        for resource in document["Resources"].values():
            for name in ("CodeUri", "ContentUri"):
                if name in resource.get("Properties", {}):
                    resource["Properties"][name] = PACKAGED
        translator = Translator(None, Parser(), boto_session=Session(region_name=REGION))
        values = {**template.parameters, **parameters}
        transformed = translator.translate(document, values, get_managed_policy_map=dict)
        return dict(json.loads(json.dumps(transformed)))

    return run


@pytest.fixture(scope="session")
def transformed(transform: Transform) -> Mapping[str, Any]:
    """The template as CloudFormation gets it, with the values that the tests deploy."""
    return transform()
