"""dynoxide, the engine: DynamoDB with streams over SQLite, each write on disk before its answer.

A binary of another project (MIT or Apache-2.0), which comes as an npm package for each platform.
dynoxide.json names the version, the packages, and the hash that each must have.
"""

import base64
import hashlib
import json
import platform
import shutil
import socket
import sqlite3
import subprocess
import tarfile
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Self

from circulation_cli.local_stack.child import EngineError, port_closed_to_browsers, running

DATABASE = "dynoxide.db"
"""The file of a state directory in which everything is kept."""

_MEMBER = "package/dynoxide"
_FETCH_SECONDS = 60
# The order of a stream's records. Without an index for it the engine goes through all records of
# a stream for each write, and a write after 40,000 views would take ten times as long as the first.
_INDEX = """
    CREATE INDEX IF NOT EXISTS circulation_stream_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))"""
# The last record stays: the engine numbers the next one after it, and numbers must never return.
_TRIM = """
    DELETE FROM _stream_records
    WHERE table_name = :table AND CAST(sequence_number AS INTEGER) <= :through AND id <
    (SELECT MAX(id) FROM _stream_records WHERE table_name = :table)"""


@dataclass(frozen=True, slots=True)
class Binary:
    """The engine for one platform, as the npm registry has it."""

    package: str
    version: str
    integrity: str
    """The SHA-512 of the package's tarball, as npm writes it: sha512-{base64}."""

    @classmethod
    def for_this_machine(cls) -> Self | None:
        """Give the binary that runs here; None where there is none."""
        pins = json.loads(files(__package__).joinpath("dynoxide.json").read_text())
        name = f"{platform.system()}-{platform.machine()}".lower()
        found = pins["binaries"].get(name)
        return cls(version=pins["version"], **found) if found else None

    def fetched(self, cache: Path, environ: Mapping[str, str]) -> Path:
        """Give the binary's path in a cache directory, fetching it where it is not there yet.

        Raises EngineError when it cannot be fetched, or is not what it should be.
        """
        path = cache / f"dynoxide-{self.version}"
        if not path.exists():
            tarball = self._tarball(environ)
            digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
            if f"sha512-{digest}" != self.integrity:
                raise EngineError(f"{self.package} {self.version} is not the package it should be")
            _unpack(tarball, path)
        return path

    def _tarball(self, environ: Mapping[str, str]) -> bytes:
        """Read the package by the npm client, or without one from the registry that it would ask.

        Only npm's own settings say which registry that is.
        """
        npm = shutil.which("npm")
        try:
            return self._packed(npm) if npm else self._downloaded(environ)
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineError(
                f"{self.package} {self.version} cannot be fetched: {error}"
            ) from error

    def _packed(self, npm: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(  # noqa: S603  its package and version are our own
                [npm, "pack", "--silent", f"{self.package}@{self.version}"],
                cwd=folder,
                check=True,
                capture_output=True,
                timeout=_FETCH_SECONDS,
            )
            (tarball,) = Path(folder).glob("*.tgz")
            return tarball.read_bytes()

    def _downloaded(self, environ: Mapping[str, str]) -> bytes:
        registry = _registry(environ, Path.home() / ".npmrc")
        name = self.package.rpartition("/")[2]
        url = f"{registry}/{self.package}/-/{name}-{self.version}.tgz"
        if not url.startswith(("https://", "http://")):
            raise OSError("there is no npm, and no npm_config_registry names a registry")
        with urllib.request.urlopen(url, timeout=_FETCH_SECONDS) as answer:  # noqa: S310  checked above
            content: bytes = answer.read()
            return content


def _registry(environ: Mapping[str, str], npmrc: Path) -> str:
    """Read which registry npm is set to use; empty where nothing says."""
    lines = npmrc.read_text().splitlines() if npmrc.exists() else []
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    registry = environ.get("npm_config_registry") or settings.get("registry", "")
    return registry.strip().rstrip("/")


def _unpack(tarball: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=BytesIO(tarball)) as archive:
        member = archive.extractfile(_MEMBER)
        assert member  # noqa: S101  the hash says what is in it
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            shutil.copyfileobj(member, file)
    unpacked = Path(file.name)
    unpacked.chmod(0o755)
    unpacked.replace(path)  # whole or not at all, whoever else does it at the same time


@contextmanager
def dynoxide(binary: Path, state: Path, environ: Mapping[str, str], lock: int) -> Iterator[str]:
    """Run the engine on a state directory; give its URL. Raises EngineError."""
    database = state / DATABASE
    if database.exists():
        _check(database)
    with (
        port_closed_to_browsers() as port,
        running(
            "dynoxide",
            [str(binary), "serve", "--host=127.0.0.1", f"--port={port}", f"--db-path={database}"],
            log=state / "dynoxide.log",
            environment={name: environ[name] for name in ("PATH", "HOME") if name in environ},
            lock=lock,
            is_ready=lambda: _answers(port),
        ),
    ):
        with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
            connection.execute(_INDEX)
        yield f"http://127.0.0.1:{port}"


def trim_stream(state: Path, table: str, through: int) -> None:
    """Forget the records of a table's stream up to a sequence number; DynamoDB does after a day.

    Where the engine is too busy the records stay for the next time.
    """
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(state / DATABASE, timeout=10)) as connection,
        connection,
    ):
        connection.execute(_TRIM, {"table": table, "through": through})


def _check(database: Path) -> None:
    """Refuse a damaged state before the engine opens it."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT COUNT(*) FROM _tables").fetchone()
    except sqlite3.DatabaseError as error:
        raise EngineError(f"{database} is damaged ({error}); restore it or move it away") from error


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
