"""A clone, built as docs/deploying.md says, and the emulator that it is deployed to."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest

from circulation_cli.local_stack.child import port_closed_to_browsers, run_child
from circulation_cli.local_stack.ministack import is_healthy
from circulation_cli.local_stack.template import TEMPLATE
from tests.deployment import terminal
from tests.deployment.stack import REGION, Stack

ROOT = TEMPLATE.parent
PAGE = (ROOT / "docs/deploying.md").read_text()
DEPLOYING = PAGE.partition("\n## Deploy to AWS\n")[2].partition("\n## ")[0]
ANSWERS = dict(re.findall(r"^\| `(\w[\w ]*)` \| .*?`([^`]+)`", DEPLOYING, flags=re.MULTILINE))
METRIC_MATH = re.compile(
    r"^  \w+:\n(?:    .*\n)*?      Metrics:\n(?:    .*\n)*", flags=re.MULTILINE
)
"""Alarms over several metrics, which MiniStack refuses to make."""
BUILD, DEPLOY = re.findall(r"```sh\n(.*?)```", DEPLOYING, flags=re.DOTALL)[0].splitlines()


@pytest.fixture(scope="session")
def python() -> str:
    """The Python of the functions, which `make deployment` names."""
    return os.environ["LAMBDA_PYTHON"]


@pytest.fixture(scope="session")
def environ(tmp_path_factory: pytest.TempPathFactory, python: str) -> dict[str, str]:
    """An operator with the SAM CLI and credentials of no account."""
    sam = ROOT / ".venv-sam/bin"
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return own | {
        "PATH": f"{sam}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path_factory.mktemp("home")),
        "TERM": "xterm",
        "COLUMNS": "200",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        # The layer for this machine, which has no arm64, compiled by the functions' own Python.
        "PLATFORM": f"manylinux2014_{platform.machine()}",
        "COMPILERS": python,
        "PIP": f"{sys.executable} -m pip",
    }


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory, environ: dict[str, str]) -> Path:
    """A clean clone of what is committed or about to be, built as docs/deploying.md says."""
    folder = tmp_path_factory.mktemp("clone")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for file in files.splitlines():
        if (ROOT / file).exists():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, folder / file)
    code, screen, _ = terminal.run(BUILD.split(), folder, environ, {})
    assert code == 0, screen
    built = folder / ".aws-sam/build/template.yaml"
    built.write_text(METRIC_MATH.sub("", built.read_text()))
    return folder


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """MiniStack with all of its services; nothing in this process reaches anything else."""
    folder = tmp_path_factory.mktemp("ministack")
    with port_closed_to_browsers() as port, pytest.MonkeyPatch.context() as patch:
        url = f"http://127.0.0.1:{port}"
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        patch.setenv("AWS_ENDPOINT_URL", url)
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        with (
            (folder / "lock").open("w") as lock,
            run_child(
                "MiniStack",
                [sys.executable, "-m", "ministack"],
                log=folder / "ministack.log",
                environment={
                    "PATH": os.environ["PATH"],
                    "HOME": str(folder),
                    "TMPDIR": str(folder),
                    "STATE_DIR": str(folder / "state"),
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(port),
                    "PERSIST_STATE": "0",
                    "IOT_MTLS_ENABLED": "0",
                    "LOG_LEVEL": "WARNING",
                },
                lock=lock.fileno(),
                is_ready=lambda: is_healthy(url),
            ),
        ):
            yield url


@pytest.fixture(scope="session")
def deploy(
    clone: Path, emulator: str, environ: dict[str, str], python: str
) -> Iterator[Callable[..., Stack]]:
    """Deploy a stack, or update it, without questions: deploy("name", Parameter="value")."""
    folder = clone.with_name("unpacked")
    stacks: dict[str, Stack] = {}

    def deployed(name: str, **parameters: str) -> Stack:
        overrides = [f"{parameter}={value}" for parameter, value in parameters.items()]
        words = ["sam", "deploy", "--stack-name", name, "--capabilities", "CAPABILITY_IAM"]
        words += ["--resolve-s3", "--no-confirm-changeset", "--parameter-overrides", *overrides]
        where = environ | {"AWS_ENDPOINT_URL": emulator}
        run = subprocess.run(
            words, cwd=clone, env=where, check=False, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stdout + run.stderr
        if name in stacks:
            stacks[name].refresh()
        else:
            stacks[name] = Stack(name, folder, python)
        return stacks[name]

    yield deployed
    for stack in stacks.values():
        stack.close()
