"""The layer as it is built: for this machine, to run it, and for Lambda, to look at it."""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from building import trim
from circulation.aws.sdk import SERVICES
from circulation_cli.local_stack.template import TEMPLATE, Template

ROOT = TEMPLATE.parent
DATA = Path(botocore.__file__).parent / "data"
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
    lines.append("import gc; assert gc.isenabled() and gc.get_freeze_count()")
    lines.append("import sys; print(*(m.__file__ for m in sys.modules.values()"
                 " if getattr(m, '__file__', None)), sep='\\n')")  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-S", "-c", "\n".join(lines)],  # -S: without what is installed here
        cwd=tmp_path,
        env=template.environment(
            dict.fromkeys(("SealQueue", "PingQueue"), "https://sqs.example/queue")
        )
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
    assert f"{host_layer}/circulation/runtime.py" in files
    assert not [each for each in files if "site-packages" in each or str(ROOT) in each]


def test_bytecode_is_taken_without_a_look_at_the_source(host_layer: Path) -> None:
    sources = [each for each in host_layer.rglob("*.py") if each.stat().st_size]
    tag = sys.implementation.cache_tag
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
        flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
        assert flags == UNCHECKED_HASH, source


def test_the_layer_carries_the_data_it_answers_by_and_no_tools(host_layer: Path) -> None:
    data = {each.name for each in (host_layer / "circulation/data").iterdir()}
    assert data == {
        "countries.json", "isbot.json", "numbers.json", "openapi.json", "sources.json",
        "spammers.json", "statistics.js",
    }  # fmt: skip
    assert not (host_layer / "lists").exists(), "what refreshes them stays at home"
    assert not (host_layer / "building").exists()
    assert not (host_layer / "contract").exists()


def test_the_layer_carries_no_service_that_is_not_called(host_layer: Path) -> None:
    services = {each.name for each in (host_layer / "botocore/data").iterdir() if each.is_dir()}
    assert services == SERVICES == set(trim.OPERATIONS)
    assert {each.name for each in (host_layer / "botocore/data").rglob("*-*.json*")} == {
        "sdk-default-configuration.json", "service-2.json",
    }  # fmt: skip


def test_the_layers_models_have_the_operations_that_the_store_calls() -> None:
    called = {
        name
        for each in (ROOT / "layers/circulation/circulation").rglob("*.py")
        for name in re.findall(r"_client(?:\(\))?\.([a-z_]+)\(", each.read_text())
    }
    kept = {xform_name(name) for names in trim.OPERATIONS.values() for name in names}
    # A day is recounted by hand with the whole of botocore, and by the clock of the table.
    assert called == kept | {"describe_table"}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_what_the_layers_models_have_is_botocores_but_for_its_documentation(
    host_layer: Path, service: str
) -> None:
    whole, kept = service_model(DATA, service), service_model(host_layer / "botocore/data", service)
    assert kept.metadata == whole.metadata
    assert sorted(kept.operation_names) == sorted(trim.OPERATIONS[service])
    for name in kept.operation_names:
        ours, theirs = kept.operation_model(name), whole.operation_model(name)
        assert (ours.http, ours.auth) == (theirs.http, theirs.auth)
        assert {each.name for each in ours.error_shapes} == {
            each.name for each in theirs.error_shapes
        }
        for pair in (
            (ours.input_shape, theirs.input_shape),
            (ours.output_shape, theirs.output_shape),
            *zip(ours.error_shapes, theirs.error_shapes, strict=True),
        ):
            assert layout(pair[0]) == layout(pair[1]), name


def service_model(data: Path, service: str) -> ServiceModel:
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    return ServiceModel(loader.load_service_model(service, "service-2"), service)


def layout(shape: Shape | None, above: tuple[str, ...] = ()) -> object:
    """A shape with all that it is made of; one inside itself is named alone."""
    if shape is None or shape.name in above:
        return shape and shape.name
    inside = (*above, shape.name)
    parts = [(name, layout(each, inside)) for name, each in getattr(shape, "members", {}).items()]
    parts += [
        (name, layout(getattr(shape, name), inside))
        for name in ("member", "key", "value")
        if hasattr(shape, name)
    ]
    return shape.name, shape.type_name, shape.serialization, shape.metadata, parts


HOSTS = """
import json, sys
from urllib.parse import urlsplit

from botocore.config import Config

asked = json.loads(sys.argv[1])
if asked["ours"]:
    from circulation.aws.sdk import session
else:
    from botocore.session import get_session as session
made = session()
made.set_credentials("access", "secret")
hosts = []
for service, operation in asked["operations"]:
    for region in asked["regions"]:
        client = made.create_client(service, region, config=Config(parameter_validation=False))
        url = client.generate_presigned_url(operation)
        hosts.append(f"{service} {region} {urlsplit(url).netloc}")
print(json.dumps(hosts))
"""


def test_the_layer_finds_the_endpoints_that_botocores_rules_find(host_layer: Path) -> None:
    session = botocore.session.get_session()
    asked = {
        "regions": [
            region
            for partition in session.get_available_partitions()
            for region in session.get_available_regions("dynamodb", partition)
        ],
        "operations": [("dynamodb", "get_item"), ("sqs", "send_message")],
    }
    found = [
        json.loads(
            subprocess.run(
                [sys.executable, *options, "-c", HOSTS, json.dumps(asked | {"ours": ours})],
                env={"PYTHONPATH": str(host_layer)} if ours else {},
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for ours, options in ((True, ["-S"]), (False, []))
    ]
    assert found[0] == found[1]
    assert "dynamodb eu-central-1 dynamodb.eu-central-1.amazonaws.com" in found[0]


def test_the_layer_for_lambda_is_built_for_arm64_on_any_host(tmp_path: Path) -> None:
    layer = build(tmp_path / "layer")
    libraries = list(layer.rglob("*.so"))
    assert libraries
    for library in libraries:
        assert int.from_bytes(library.read_bytes()[18:20], "little") == AARCH64, library
