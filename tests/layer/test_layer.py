"""The layer as it is built: for this machine, to run it, and for Lambda, to look at it."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.local_stack.template import TEMPLATE, Template

ROOT = TEMPLATE.parent
AARCH64 = 183  # e_machine in an ELF header
UNCHECKED_HASH = 1  # PEP 552: the flags in a .pyc header


def build(target: Path, **variables: str) -> Path:
    told = {"ARTIFACTS_DIR": str(target), "PIP": f"{sys.executable} -m pip", **variables}
    arguments = [f"{name}={value}" for name, value in told.items()]
    make = ["make", "--directory", str(ROOT / "layers/circulation"), "build-CirculationLayer"]
    subprocess.run([*make, *arguments], check=True, capture_output=True, text=True)
    return target / "python"


@pytest.fixture(scope="module")
def host_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    system = "manylinux2014" if sys.platform == "linux" else "macosx_11_0"
    return build(
        tmp_path_factory.mktemp("host"),
        PLATFORM=f"{system}_{platform.machine()}",
        PYTHON_VERSION=f"{sys.version_info.major}.{sys.version_info.minor}",
        COMPILERS=sys.executable,
    )


def test_every_handler_is_imported_from_the_built_folders_alone(
    host_layer: Path, tmp_path: Path, template: Template
) -> None:
    code = shutil.copytree(ROOT / "functions", tmp_path / "task")
    handlers = [each["Handler"].partition(".")[0] for each in template.functions().values()]
    lines = [f"import {module}; {module}.handler" for module in handlers]
    lines.append("import sys; print(*(m.__file__ for m in sys.modules.values()"
                 " if getattr(m, '__file__', None)), sep='\\n')")  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-S", "-c", "\n".join(lines)],  # -S: without what is installed here
        cwd=tmp_path,
        env=template.environment()
        | {
            "PYTHONPATH": f"{code}{os.pathsep}{host_layer}",
            "AWS_LAMBDA_FUNCTION_NAME": "test",  # so that the functions warm up
            "AWS_DEFAULT_REGION": "eu-central-1",
        },
        check=True,
        capture_output=True,
        text=True,
    )
    files = run.stdout.splitlines()
    assert f"{host_layer}/circulation/container.py" in files
    assert not [each for each in files if "site-packages" in each or str(ROOT) in each]


def test_bytecode_is_taken_without_a_look_at_the_source(host_layer: Path) -> None:
    sources = [each for each in host_layer.rglob("*.py") if each.stat().st_size]
    tag = sys.implementation.cache_tag
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
        assert flags == UNCHECKED_HASH, source


def test_the_layer_carries_no_service_that_is_not_called(host_layer: Path) -> None:
    services = {each.name for each in (host_layer / "botocore/data").iterdir() if each.is_dir()}
    assert services == {"dynamodb", "ssm"}


def test_the_layer_for_lambda_is_built_for_arm64_on_any_host(tmp_path: Path) -> None:
    layer = build(tmp_path / "layer")
    libraries = list(layer.rglob("*.so"))
    assert libraries
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == AARCH64, library
