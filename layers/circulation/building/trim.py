"""Take out of an installed botocore what no function asks for; its Makefile runs this.

What is left is botocore's own code over smaller data, and what it reads at each cold start.
tests/layer compares the two.
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
    "sqs": ("SendMessage",),
}
"""What is called of AWS, by service."""

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
    # Only who asks for HTTP/2 needs it, which botocore does not; it reads the packages' metadata.
    (packages / "urllib3/http2/__init__.py").write_text("")


def trim_service(folder: Path) -> None:
    """Leave the newest model of a service that is called, and of that the operations.

    Paginators, waiters and examples are not used. Without its rules for endpoints, botocore takes
    a service's from endpoints.json: once for each client, and not once for each call.
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
    """Give the operations of a model, and the shapes that they reach."""
    operations = {name: plain(model["operations"][name]) for name in names}
    shapes: Model = {}
    waiting = [each for operation in operations.values() for each in references(operation)]
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


def plain(told: Model) -> Model:
    """Give an operation, a shape or a reference to one without its documentation."""
    return {
        key: {name: plain(member) for name, member in value.items()}
        if key == "members"
        else plain(value)
        if isinstance(value, dict)
        else [plain(each) if isinstance(each, dict) else each for each in value]
        if isinstance(value, list)
        else value
        for key, value in told.items()
        if key != "documentation"
    }


def references(told: Model) -> list[str]:
    """Name the shapes that an operation or a shape refers to."""
    referring = [
        *(told[key] for key in ("input", "output", "key", "value", "member") if key in told),
        *told.get("errors", ()),
        *told.get("members", {}).values(),
    ]
    return [each["shape"] for each in referring]


def trim_endpoints(data: Path) -> None:
    """Leave the endpoints of the services that are called, out of a megabyte of every service's."""
    path = data / "endpoints.json"
    told = json.loads(path.read_bytes())
    for partition in told["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in OPERATIONS if name in services}
    write(path, told)
    (data / "partitions.json").unlink()  # it is for the rules alone


def write(path: Path, told: Model) -> None:
    """Write JSON without white space."""
    path.write_text(json.dumps(told, separators=(",", ":")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
