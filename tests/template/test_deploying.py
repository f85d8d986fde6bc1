"""What an operator meets when deploying: parameters, outputs, a library that was there before."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from circulation_cli.local_stack.template import TEMPLATE, Template
from circulation_cli.main import circulation

PARAMETERS: Mapping[str, Mapping[str, Any]] = Template.load({}).document["Parameters"]
PSEUDO = {
    "AWS::StackName": "newsroom",
    "AWS::Region": "eu-central-1",
    "AWS::URLSuffix": "amazonaws.com",
    "Api": "a1b2c3",
}
EXECUTE_API = "https://a1b2c3.execute-api.eu-central-1.amazonaws.com"


def with_values(template: Template, values: Mapping[str, str]) -> Template:
    """Give the template with other values for some parameters."""
    named = {name: value for name, value in template.parameters.items() if name in PARAMETERS}
    return Template.load({**named, **values})


def outputs(template: Template) -> dict[str, str]:
    return {
        name: shown(output["Value"], template)
        for name, output in template.document["Outputs"].items()
        if "Condition" not in output or template.holds(output["Condition"])
    }


def shown(value: Any, template: Template) -> str:
    """Evaluate an output's value as CloudFormation does."""
    if isinstance(value, str):
        return value
    ((function, operand),) = value.items()
    if function == "Fn::If":
        condition, if_true, if_false = operand
        return shown(if_true if template.holds(condition) else if_false, template)
    if function == "Ref":
        return PSEUDO.get(operand) or template.resolve(value)
    assert function == "Fn::Sub", function
    text, names = (operand, {}) if isinstance(operand, str) else operand
    values = PSEUDO | {name: shown(part, template) for name, part in names.items()}
    return re.sub(r"\$\{([^}]+)\}", lambda match: values[match[1]], text)


def references(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give every place where the template names a resource, with the functions around it."""
    if isinstance(value, list):
        for part in value:
            yield from references(part, path)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name in ("Ref", "Fn::GetAtt", "DependsOn"):
                yield path, part if isinstance(part, str) else part[0]
            elif name == "Fn::Sub":
                text = part if isinstance(part, str) else part[0]
                yield from ((path, match) for match in re.findall(r"\$\{(\w+)", text))
                yield from references(part, path)
            else:
                inside = part[0] if name == "Fn::If" else name
                yield from references(part, (*path, str(inside)))


def accepts(parameter: Mapping[str, Any], value: str) -> bool:
    """Tell whether CloudFormation takes a value for a parameter."""
    return (
        re.search(parameter.get("AllowedPattern", ""), value) is not None
        and len(value) >= parameter.get("MinLength", 0)
        and value in map(str, parameter.get("AllowedValues", [value]))
        and (
            parameter["Type"] != "Number"
            or parameter.get("MinValue", 0) <= float(value) <= parameter.get("MaxValue", 10**9)
        )
    )


@pytest.mark.parametrize("name", [name for name in PARAMETERS if "Default" in PARAMETERS[name]])
def test_a_default_is_a_value_that_the_parameter_takes(name: str) -> None:
    assert accepts(PARAMETERS[name], str(PARAMETERS[name]["Default"]))


@pytest.mark.parametrize("name", [name for name in PARAMETERS if PARAMETERS[name].get("NoEcho")])
def test_a_hidden_parameter_has_a_word_to_type_as_its_prompt_takes_no_empty_answer(
    name: str,
) -> None:
    assert PARAMETERS[name].get("Default") != ""


def test_the_origin_secret_is_hidden_long_or_none(template: Template) -> None:
    parameter = PARAMETERS["OriginSecret"]
    assert parameter["NoEcho"] is True
    for secret in ("x" * 20, "0123456789abcdef!~-_" * 3):
        assert accepts(parameter, secret)
        secretive = with_values(template, {"OriginSecret": secret})
        assert secret in secretive.environment({}).values()
    for guessable in ("", "secret", "None", "none ", "x" * 19, "ä" * 20, "with spaces in it, many"):
        assert not accepts(parameter, guessable)
    assert not {"none"} & set(template.environment({}).values())


def test_the_library_is_named_in_one_place_that_knows_of_an_existing_one(
    template: Template,
) -> None:
    around = [path for path, name in references(template.document) if name == "Library"]
    assert len(around) > 10
    assert {path[-1] for path in around} == {"MakesLibrary"}
    text = TEMPLATE.read_text()
    assert text.count("!GetAtt Library.Arn") == text.count("!Ref Library,") == 1


@pytest.mark.parametrize("name", ["restored", "Other-Library-1ABC", "a.b_c-9" * 30])
def test_a_stack_goes_on_with_an_existing_library(template: Template, name: str) -> None:
    adoption = {"ExistingLibrary": name, "LibraryAdoptedOn": "2026-01-31"}
    assert all(accepts(PARAMETERS[parameter], value) for parameter, value in adoption.items())
    adopting = with_values(template, adoption)
    assert "Library" not in adopting.resources("AWS::DynamoDB::Table")
    assert adopting.environment({})["LIBRARY_TABLE"] == outputs(adopting)["LibraryTable"] == name
    assert adopting.environment({})["LIBRARY_ADOPTED_ON"] == "2026-01-31"
    assert template.environment({})["LIBRARY_TABLE"] == "Library"


def test_adopting_a_library_says_since_when(template: Template) -> None:
    rule = template.document["Rules"]["AdoptionHasADay"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExistingLibrary"}, ""]}]}
    (assertion,) = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "LibraryAdoptedOn"}, ""]}]}


@pytest.mark.parametrize(
    "url", ["", "https://count.example", "https://a.b.c.news.example:8443", "http://count.example"]
)
def test_outputs_name_the_address_that_readers_use(template: Template, url: str) -> None:
    assert accepts(PARAMETERS["ApiUrl"], url)
    shown_outputs = outputs(with_values(template, {"ApiUrl": url}))
    readers = url or EXECUTE_API
    assert shown_outputs["ApiUrl"] == readers
    assert shown_outputs["FeedUrl"] == f"{readers}/feed.rss"
    assert f'src="{readers}/widget.js"' in shown_outputs["WidgetTag"]
    for name, value in shown_outputs.items():
        if name != "ApiHost" and url:
            assert "execute-api" not in value, name
    assert f"https://{shown_outputs['ApiHost']}" == EXECUTE_API


@pytest.mark.parametrize("url", ["https://count.example/", "https://count.example/base", "x"])
def test_the_address_that_readers_use_has_no_path(url: str) -> None:
    assert not accepts(PARAMETERS["ApiUrl"], url)


def test_the_tag_is_that_of_the_documents(template: Template) -> None:
    shown_outputs = outputs(with_values(template, {"ApiUrl": "https://count.example"}))
    assert f"```html\n{shown_outputs['WidgetTag']}\n```" in Path("docs/embed.md").read_text()


@pytest.mark.parametrize("name", ["MakeToken", "PublishArticle"])
def test_the_next_commands_are_commands(template: Template, name: str) -> None:
    words = shlex.split(outputs(template)[name])
    words = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    assert words.pop(0) == "circulation"
    command: click.Command = circulation
    context = click.Context(command)
    while isinstance(command, click.Group):
        following = command.get_command(context, words.pop(0))
        assert following
        command = following
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_an_output_that_has_a_parameters_name_has_its_value(template: Template) -> None:
    for name in set(PARAMETERS) & set(template.document["Outputs"]):
        value = "https://count.example"
        assert outputs(with_values(template, {name: value}))[name] == value


def test_queues_leave_a_new_accounts_ten_containers_to_readers(template: Template) -> None:
    # Without mail: who sends it has left the sandbox, and with it a new account.
    without_mail = Template(template.document, {**template.parameters, "MailSender": ""})
    limits = [
        mapping["ScalingConfig"]["MaximumConcurrency"] for _, mapping in without_mail.events("SQS")
    ]
    assert sum(limits) <= 5


def test_stacks_of_one_account_share_no_layer_and_no_log_group(template: Template) -> None:
    (layer,) = template.resources("AWS::Serverless::LayerVersion").values()
    names = [layer["LayerName"]]
    names += [
        group["LogGroupName"]
        for group in template.resources("AWS::Logs::LogGroup").values()
        if "LogGroupName" in group
    ]
    assert len(names) > 1
    for name in names:
        assert "${AWS::StackName}" in name["Fn::Sub"]
    assert layer["RetentionPolicy"] == "Delete"


def test_the_access_logs_delivery_is_allowed_without_a_policy_that_grows(
    template: Template,
) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    name, _ = api["AccessLogSettings"]["Fn::If"][1]["DestinationArn"]["Fn::GetAtt"]
    group = template.resources("AWS::Logs::LogGroup")[name]["LogGroupName"]["Fn::Sub"]
    assert group.startswith("/aws/vendedlogs/")
