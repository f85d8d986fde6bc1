"""Write docs/api.md and data/openapi.json from docs/openapi.yaml: `make api`."""

import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
SOURCE = ROOT / "docs/openapi.yaml"
PAGE = ROOT / "docs/api.md"
ANSWER = ROOT / "layers/circulation/circulation/data/openapi.json"

HEAD = "# The HTTP API\n\n<!-- Written by `make api` from openapi.yaml. -->\n"


def contract() -> dict[str, Any]:
    """Read the contract, an OpenAPI document."""
    document: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return document


def page(document: dict[str, Any]) -> str:
    """Write the contract as a Markdown page: the routes of each tag with their descriptions."""
    parts = [HEAD, document["info"]["description"].strip(), ""]
    for tag in document["tags"]:
        parts += [f"## {tag['name']}", ""]
        parts += [tag["description"].strip(), ""] if "description" in tag else []
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if operation["tags"] == [tag["name"]]:
                    parts += [f"### `{method.upper()} {path}`", ""]
                    parts += [*_description(operation)]
    return "\n".join(parts).rstrip() + "\n"


def _description(operation: dict[str, Any]) -> list[str]:
    parts = [operation["description"].strip(), ""] if "description" in operation else []
    return [*parts, *_read_units(operation)]


def _read_units(operation: dict[str, Any]) -> list[str]:
    """Write how many read units of the tables a request takes at most."""
    if "x-read-units" not in operation:
        return []
    units, edition = operation["x-read-units"], operation.get("x-read-units-of-an-edition")
    more = f"; {edition} more when what it is of has changed" if edition else ""
    return [f"Reads at most {units} units{more}.", ""]


def answer(document: dict[str, Any]) -> str:
    """Write the contract as the JSON that the API serves."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    PAGE.write_text(page(contract()), encoding="utf-8")
    ANSWER.write_text(answer(contract()), encoding="utf-8")
