"""Remove the parts of an installed botocore that no function uses; the layer's Makefile runs this.

Botocore's code stays the same, over smaller data, which it reads at each cold start. tests/layer
compares it with the whole botocore.
"""

import json
import shutil
import sys
from gzip import decompress
from pathlib import Path
from typing import Any

Model = dict[str, Any]

OPERATIONS = {
    "dynamodb": (
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "Query",
        "Scan",
        "TransactWriteItems",
        "UpdateItem",
    ),
    "sesv2": ("SendEmail",),
    "sqs": ("SendMessage",),
}
"""The operations of AWS that functions call, by service."""

MODEL = "service-2.json"

NO_DOCSTRINGS = '''"""Left empty by the build of the layer: no function asks a client for help()."""


def ClientMethodDocstring(**_):
    return ""


PaginatorDocstring = WaiterDocstring = ClientMethodDocstring
'''


def main(packages: Path) -> None:
    """Trim the botocore in a folder of packages."""
    botocore = packages / "botocore"
    for folder in (botocore / "data").iterdir():
        if folder.is_dir():
            trim_service(folder)
    trim_endpoints(botocore / "data")
    # Making docstrings takes an HTML parser and a tenth of botocore's import.
    (botocore / "docs/__init__.py").write_text("")
    (botocore / "docs/docstring.py").write_text(NO_DOCSTRINGS)
    # It is for HTTP/2, which botocore does not use, and reads the packages' metadata.
    (packages / "urllib3/http2/__init__.py").write_text("")


def trim_service(folder: Path) -> None:
    """Keep the operations that are called in a service's newest model, and remove everything else.

    Paginators, waiters and examples are not used. Without the rules for endpoints, botocore finds
    the endpoint in endpoints.json: once for each client instead of once for each call.
    """
    if folder.name not in OPERATIONS:
        shutil.rmtree(folder)
        return
    *older, newest = sorted(folder.iterdir())
    for version in older:
        shutil.rmtree(version)
    model = json.loads(decompress((newest / f"{MODEL}.gz").read_bytes()))
    for file in newest.iterdir():
        file.unlink()
    write(newest / MODEL, trimmed(model, OPERATIONS[folder.name]))


def trimmed(model: Model, names: tuple[str, ...]) -> Model:
    """Give a model with the named operations only, and the shapes that they refer to."""
    operations = {name: plain(model["operations"][name]) for name in names}
    shapes: Model = {}
    waiting = [shape for operation in operations.values() for shape in references(operation)]
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = plain(model["shapes"][name])
            waiting += references(shapes[name])
    return {
        "version": model["version"],
        "metadata": model["metadata"],
        "operations": operations,
        "shapes": shapes,
    }


def plain(model: Model) -> Model:
    """Copy an operation, a shape or a reference to one, without documentation."""
    return {
        key: {name: plain(member) for name, member in value.items()}
        if key == "members"
        else plain(value)
        if isinstance(value, dict)
        else [plain(member) if isinstance(member, dict) else member for member in value]
        if isinstance(value, list)
        else value
        for key, value in model.items()
        if key != "documentation"
    }


def references(model: Model) -> list[str]:
    """Give the names of the shapes that an operation or a shape refers to."""
    referring = [
        *(model[key] for key in ("input", "output", "key", "value", "member") if key in model),
        *model.get("errors", ()),
        *model.get("members", {}).values(),
    ]
    return [reference["shape"] for reference in referring]


def trim_endpoints(data: Path) -> None:
    """Keep only the endpoints of the services that are called; the whole file has a megabyte."""
    path = data / "endpoints.json"
    endpoints = json.loads(path.read_bytes())
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in OPERATIONS if name in services}
    write(path, endpoints)
    (data / "partitions.json").unlink()  # only the rules for endpoints need it


def write(path: Path, content: Model) -> None:
    """Write JSON without white space."""
    path.write_text(json.dumps(content, separators=(",", ":")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
