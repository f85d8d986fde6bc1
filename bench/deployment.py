"""Deployments: what Lambda would have on its disk for each handler, built for this machine."""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from circulation_cli.local_stack.template import TEMPLATE, Template

ROOT = TEMPLATE.parent
BUILT = ROOT / "build/bench"
HANDLERS = Path(__file__).parent / "handlers"
QUEUES = {
    "SealQueue": "https://sqs.us-east-1.amazonaws.com/123456789012/seals",
    "PingQueue": "https://sqs.us-east-1.amazonaws.com/123456789012/pings",
    "DigestQueue": "https://sqs.us-east-1.amazonaws.com/123456789012/digests",
    "LetterQueue": "https://sqs.us-east-1.amazonaws.com/123456789012/letters",
}
TYPICAL = ("aws-lambda-powertools", "aws-xray-sdk", "boto3")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A handler with the folders that it is imported from."""

    name: str
    handler: str
    folders: tuple[Path, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@cache
def template() -> Template:
    """Read the product's template."""
    return Template.load(
        {
            "PublicationTitle": "The Daily Example",
            "PublicationUrl": "https://news.example",
            "PublicationDescription": "News",
            "PublicationZone": "Asia/Baku",
            "MailSender": "digest@news.example",
            "MailPublisher": "Example Press",
            "MailPostalAddress": "1 Example Quay, 1000 Exampletown",
        }
    )


@cache
def product() -> Deployment:
    """Build the layer with its own Makefile, for this machine's Python, and copy the functions."""
    task = _emptied("product") / "task"
    shutil.copytree(ROOT / "functions", task, ignore=shutil.ignore_patterns("__pycache__"))
    layer = BUILT / "product/layer"
    system = "manylinux2014" if sys.platform == "linux" else "macosx_11_0"
    subprocess.run(
        [
            "make",
            *("--directory", str(ROOT / "layers/circulation"), "build-CirculationLayer"),
            f"ARTIFACTS_DIR={layer}",
            f"PIP={sys.executable} -m pip",
            f"PLATFORM={system}_{platform.machine()}",
            f"PYTHON_VERSION={sys.version_info.major}.{sys.version_info.minor}",
            f"COMPILERS={sys.executable}",
        ],
        check=True,
        capture_output=True,
    )
    return Deployment(
        "circulation",
        template().functions()["RecordView"]["Handler"],
        (task, layer / "python"),
        template().environment_of("RecordView", QUEUES),
    )


def product_of(function: str) -> Deployment:
    """Give the product with one of its functions as the handler."""
    return replace(
        product(),
        name=function,
        handler=template().functions()[function]["Handler"],
        environment=template().environment_of(function, QUEUES),
    )


@cache
def product_by_sdk() -> Deployment:
    """Have the same make every call by the SDK, as where DirectCalls is off."""
    return replace(
        product(),
        name="circulation by the SDK",
        environment={**product().environment, "DIRECT_ENDPOINT": ""},
    )


@cache
def typical() -> Deployment:
    """Lay out what a user would write, as `sam build` leaves it: unpacked wheels, no bytecode."""
    return _packaged("typical", TYPICAL)


@cache
def typical_compiled() -> Deployment:
    """Lay out the same with bytecode that Lambda can use, as the product's layer has it."""
    return _compiled("typical", TYPICAL)


@cache
def plain() -> Deployment:
    """Lay out a handler with boto3 alone, as `sam build` leaves it."""
    return _packaged("plain", ("boto3",))


@cache
def plain_compiled() -> Deployment:
    """Lay out the same with bytecode that Lambda can use."""
    return _compiled("plain", ("boto3",))


@cache
def one_update() -> Deployment:
    """Lay out the handler that makes one UpdateItem, with bytecode."""
    return _compiled("one_update", ("boto3",))


@cache
def no_sdk() -> Deployment:
    """Lay out the handler that does without an SDK."""
    return _packaged("no_sdk")


@cache
def bare() -> Deployment:
    """Lay out the handler that does nothing."""
    return _packaged("bare")


@cache
def runtime() -> Path:
    """Install Lambda's runtime interface client where it can be imported alone."""
    target = _emptied("runtime")
    _install(target, "awslambdaric")
    _compile(target)
    return target


def _packaged(handler: str, packages: tuple[str, ...] = (), folder: str = "") -> Deployment:
    task = _emptied(folder or handler)
    if packages:
        _install(task, *packages)
    shutil.copy(HANDLERS / f"{handler}.py", task)
    return Deployment(
        (folder or handler).replace("_", " "),
        f"{handler}.handler",
        (task,),
        {"VIEWS_TABLE": "Views", "POWERTOOLS_SERVICE_NAME": "views"},
    )


def _compiled(handler: str, packages: tuple[str, ...]) -> Deployment:
    deployment = _packaged(handler, packages, folder=f"{handler}_compiled")
    _compile(deployment.folders[0])
    return deployment


def _emptied(name: str) -> Path:
    folder = BUILT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _install(target: Path, *packages: str) -> None:
    """Unpack pinned wheels; their bytecode is left out, as `sam build` leaves it out."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Without the hashes: with them pip wants those of the packages that are named here, too.
    lock = (ROOT / "locks" / "bench.txt").read_text()
    pins = BUILT / "pins.txt"
    pins.write_text("\n".join(re.findall(r"^[^ #]+==[^ ]+", lock, re.MULTILINE)))
    subprocess.run(
        [*pip, "--no-compile", "--target", str(target), "--constraint", str(pins), *packages],
        check=True,
        capture_output=True,
    )


def _compile(folder: Path) -> None:
    compiler = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*compiler, str(folder)], check=True)
