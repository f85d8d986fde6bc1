"""Which pip builds the layer: sam's own environment may have none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from circulation_cli.local_stack.template import TEMPLATE

MAKE = shutil.which("make") or "make"
WITH_PIP = "#!/bin/sh\n"
WITHOUT_PIP = '#!/bin/sh\n[ "$1 $2" != "-m pip" ]\n'


def planned(folder: Path, programs: dict[str, str], *arguments: str, dry: bool = True) -> str:
    """Give what make would do, or says, where these programs are all that PATH has."""
    for name, script in programs.items():
        program = folder / name
        program.write_text(script)
        program.chmod(0o755)
    run = subprocess.run(
        [
            MAKE,
            *(["--dry-run"] if dry else []),
            "--directory",
            str(TEMPLATE.parent / "layers/circulation"),
            "build-CirculationLayer",
            f"ARTIFACTS_DIR={folder / 'layer'}",
            *arguments,
        ],
        env={"PATH": str(folder), "HOME": os.devnull},
        check=False,
        capture_output=True,
        text=True,
    )
    return run.stdout if dry else run.stderr


@pytest.mark.parametrize(
    ("programs", "pip"),
    [
        ({"python3": WITH_PIP, "pip3": WITH_PIP}, "python3 -m pip"),
        ({"python3": WITHOUT_PIP, "python3.13": WITH_PIP, "pip": WITH_PIP}, "python3.13 -m pip"),
        ({"python3": WITHOUT_PIP, "python3.13": WITHOUT_PIP, "pip3": WITH_PIP}, "pip3"),
        ({"python3": WITHOUT_PIP, "pip": WITH_PIP}, "pip"),
        ({"python3": WITHOUT_PIP, "uv": WITH_PIP}, "uv tool run pip"),
    ],
)
def test_the_first_pip_that_runs_is_taken(
    tmp_path: Path, programs: dict[str, str], pip: str
) -> None:
    assert f"\n{pip} install " in planned(tmp_path, programs)


def test_a_pip_may_be_named(tmp_path: Path) -> None:
    assert "\nmine install " in planned(tmp_path, {"python3": WITH_PIP}, "PIP=mine")


@pytest.mark.parametrize("programs", [{}, {"python3": WITHOUT_PIP}])
def test_without_a_pip_the_build_says_what_to_do(tmp_path: Path, programs: dict[str, str]) -> None:
    message = planned(tmp_path, programs, dry=False)
    assert "The layer's build found no pip" in message
    assert "PIP=" in message
