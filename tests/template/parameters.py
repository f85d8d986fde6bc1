"""Write docs/parameters.md from template.yaml: `python -m tests.template.parameters`."""

from typing import Any

from circulation_cli.local_stack.template import TEMPLATE, Template

PAGE = TEMPLATE.parent / "docs/parameters.md"
HEAD = """# Parameters

<!-- Written by `python -m tests.template.parameters` from template.yaml. -->

What a deployment can choose, in the groups of the console. One without a default is required.
"""


def page(template: Template) -> str:
    """Write the page: a table for each group of parameters."""
    parameters = template.document["Parameters"]
    interface = template.document["Metadata"]["AWS::CloudFormation::Interface"]
    parts = [HEAD]
    for group in interface["ParameterGroups"]:
        parts += [f"## {group['Label']['default']}\n"]
        parts += ["| parameter | default | allowed | what it is |", "|---|---|---|---|"]
        parts += [_row(name, parameters[name]) for name in group["Parameters"]]
        parts += [""]
    return "\n".join(parts).rstrip() + "\n"


def _row(name: str, parameter: dict[str, Any]) -> str:
    default = "none, required"
    if "Default" in parameter:
        default = f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty"
    return f"| `{name}` | {default} | {_allowed(parameter)} | {parameter['Description']} |"


def _allowed(parameter: dict[str, Any]) -> str:
    if "AllowedValues" in parameter:
        return ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    if "MaxValue" in parameter:
        return f"{parameter['MinValue']} to {parameter['MaxValue']}"
    if "MinValue" in parameter:
        return f"{parameter['MinValue']} or more"
    if "AllowedPattern" in parameter:
        return f"`{parameter['AllowedPattern'].replace('|', chr(92) + '|')}`"
    return "any text"


if __name__ == "__main__":
    PAGE.write_text(page(Template.load({})), encoding="utf-8")
