"""The wheel in an environment of its own, as pipx makes one: the publisher's command, and serve."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

import pytest

from circulation_cli.local_stack.template import TEMPLATE
from tests.builders import submitted
from tests.end_to_end.stack import Stack, wait_for

ROOT = TEMPLATE.parent


@dataclass(frozen=True)
class Environment:
    """A virtual environment without anything of this checkout."""

    folder: Path

    def install(self, *requirements: str) -> None:
        """Install with the versions that are locked, which metadata has to allow."""
        pins = self.folder / "pins.txt"
        lock = (ROOT / "locks" / "run.txt").read_text()
        pins.write_text("\n".join(re.findall(r"^[^ #]+==[^ ]+", lock, re.MULTILINE)))
        pip = [str(self.folder / "bin" / "pip"), "install", "--quiet", "--no-compile"]
        subprocess.run([*pip, "--constraint", pins, *requirements], check=True)

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def command(self) -> str:
        return str(self.folder / "bin" / "circulation")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", folder, ROOT], check=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="module")
def publisher(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel without its extra."""
    return installed(str(wheel), tmp_path_factory.mktemp("publisher"))


@pytest.fixture(scope="module")
def server(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with its extra."""
    return installed(f"{wheel}[serve]", tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def served(server: Environment) -> Iterator[Stack]:
    """A stack that the wheel's own command runs."""
    program = [server.command, "serve"]
    stack = Stack(server.folder / "state", "--token=t0ken", program=program)
    stack.start()
    yield stack
    stack.stop()


def installed(requirement: str, folder: Path) -> Environment:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    environment = Environment(folder)
    environment.install(requirement)
    return environment


def test_it_brings_two_packages_and_no_other_name(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {
        "circulation",
        "circulation_cli",
    }


def test_it_brings_the_template_and_the_functions_as_they_are(wheel: Path) -> None:
    archive = ZipFile(wheel)
    for file in (TEMPLATE, *(ROOT / "functions").glob("*.py")):
        assert archive.read(f"circulation_cli/stack/{file.relative_to(ROOT)}") == file.read_bytes()


def test_its_metadata_has_lower_bounds_and_no_address(wheel: Path) -> None:
    archive = ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = HeaderParser().parsestr(archive.read(name).decode())
    for requirement in metadata.get_all("Requires-Dist", []):
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+(; extra == 'serve')?", requirement)
    fields = set(metadata.keys())
    assert fields.isdisjoint({"Home-page", "Project-URL", "Author", "Author-email", "Maintainer"})
    assert metadata["License-Expression"] == "Apache-2.0"


def test_it_says_its_version_and_its_commands(publisher: Environment) -> None:
    version = publisher.run("--version")
    assert (version.returncode, version.stdout) == (0, "circulation, version 0.1.0\n")
    for arguments in (["--help"], ["publish", "--help"], ["token", "new", "--help"]):
        assert publisher.run(*arguments).returncode == 0


def test_a_publisher_needs_no_server(publisher: Environment, stack: Stack) -> None:
    file = publisher.folder / "hello.json"
    file.write_text(json.dumps(submitted(id="hello")))
    target = {"CIRCULATION_URL": stack.url, "CIRCULATION_TOKEN": "t0ken"}
    assert publisher.run("publish", str(file), **target).stdout == "created hello\n"
    assert json.loads(publisher.run("show", "hello", "--json", **target).stdout)["id"] == "hello"
    exported = publisher.run("export", **target).stdout
    (publisher.folder / "export.ndjson").write_text(exported)
    again = publisher.run("import", "export.ndjson", **target)
    assert again.returncode == 0, again.stderr
    assert re.fullmatch(r"\d+ found: .*\b0 refused\n", again.stdout)
    tokens = publisher.run("token", "list", "--state", str(stack.state.resolve()))
    assert tokens.stdout.startswith("local\t"), tokens.stderr


@pytest.mark.parametrize("arguments", [["serve"], ["serve", "--help"]])
def test_serve_without_its_extra_says_what_it_needs(
    publisher: Environment, arguments: list[str]
) -> None:
    done = publisher.run(*arguments)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: circulation serve needs ")
    assert "install circulation[serve]" in line


def test_serve_runs_the_whole_stack_from_the_wheel(server: Environment, served: Stack) -> None:
    file = server.folder / "hello.json"
    file.write_text(json.dumps(submitted(id="hello")))
    # Without an address it is the stack of the folder that the command runs in.
    state = ["--state", str(served.state)]
    assert server.run("publish", str(file), *state).stdout == "created hello\n"
    assert served.view("hello", "127.0.0.9").status_code == 200
    wait_for(lambda: served.views("hello"), 1)
