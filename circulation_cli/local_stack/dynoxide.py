"""The engine dynoxide: DynamoDB with streams on SQLite. Each write is on disk before its response.

It is a binary of another project (MIT or Apache-2.0), with an npm package for each platform.
dynoxide.json has the version, the packages and their hashes.
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

from circulation_cli.local_stack.child import EngineError, port_closed_to_browsers, run_child

DATABASE = "dynoxide.db"
"""The file of a state directory with its tables and streams."""

_MEMBER = "package/dynoxide"
_FETCH_SECONDS = 60
# Without an index for the order of a stream's records, the engine reads all of them for each write:
# after 40,000 views a write would take ten times as long as the first.
_INDEX = """
    CREATE INDEX IF NOT EXISTS circulation_stream_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))"""
# The last record is kept: the engine numbers the next one after it, and no number may be reused.
_TRIM = """
    DELETE FROM _stream_records
    WHERE table_name = :table AND CAST(sequence_number AS INTEGER) <= :through AND id <
    (SELECT MAX(id) FROM _stream_records WHERE table_name = :table)"""


@dataclass(frozen=True, slots=True)
class Binary:
    """The engine's npm package for one platform."""

    package: str
    version: str
    integrity: str
    """The SHA-512 of the package's tarball in npm's form: sha512-{base64}."""

    @classmethod
    def for_this_machine(cls) -> Self | None:
        """Give the binary for this platform; None if there is none."""
        pins = json.loads(files(__package__).joinpath("dynoxide.json").read_text())
        name = f"{platform.system()}-{platform.machine()}".lower()
        pin = pins["binaries"].get(name)
        return cls(version=pins["version"], **pin) if pin else None

    def fetch(self, cache: Path, environ: Mapping[str, str]) -> Path:
        """Fetch the binary unless it is in the cache directory; give its path there.

        Raises EngineError if it cannot be fetched or its hash is wrong.
        """
        path = cache / f"dynoxide-{self.version}"
        if not path.exists():
            tarball = self._read_tarball(environ)
            digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
            if f"sha512-{digest}" != self.integrity:
                raise EngineError(f"{self.package} {self.version} is not the package it should be")
            _unpack(tarball, path)
        return path

    def _read_tarball(self, environ: Mapping[str, str]) -> bytes:
        """Download the package by the npm client, or without one from npm's configured registry."""
        npm = shutil.which("npm")
        try:
            return self._pack(npm) if npm else self._download(environ)
        except (OSError, subprocess.SubprocessError) as error:
            raise EngineError(
                f"{self.package} {self.version} cannot be fetched: {error}"
            ) from error

    def _pack(self, npm: str) -> bytes:
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

    def _download(self, environ: Mapping[str, str]) -> bytes:
        registry = _read_registry(environ, Path.home() / ".npmrc")
        name = self.package.rpartition("/")[2]
        url = f"{registry}/{self.package}/-/{name}-{self.version}.tgz"
        if not url.startswith(("https://", "http://")):
            raise OSError("there is no npm, and no npm_config_registry names a registry")
        with urllib.request.urlopen(url, timeout=_FETCH_SECONDS) as answer:  # noqa: S310  checked above
            content: bytes = answer.read()
            return content


def _read_registry(environ: Mapping[str, str], npmrc: Path) -> str:
    """Read the registry from npm's settings; empty if they name none."""
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
    unpacked.replace(path)  # atomic, even if another process does the same


@contextmanager
def dynoxide(binary: Path, state: Path, environ: Mapping[str, str], lock: int) -> Iterator[str]:
    """Run the engine on a state directory; give its URL. Raises EngineError."""
    database = state / DATABASE
    if database.exists():
        _check(database)
    with (
        port_closed_to_browsers() as port,
        run_child(
            "dynoxide",
            [str(binary), "serve", "--host=127.0.0.1", f"--port={port}", f"--db-path={database}"],
            log=state / "dynoxide.log",
            environment={name: environ[name] for name in ("PATH", "HOME") if name in environ},
            lock=lock,
            is_ready=lambda: _is_listening(port),
        ),
    ):
        with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
            connection.execute(_INDEX)
        yield f"http://127.0.0.1:{port}"


def trim_stream(state: Path, table: str, through: int) -> None:
    """Delete the records of a table's stream through a sequence number, as DynamoDB after a day.

    If the engine's database is locked, the records stay until the next call.
    """
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(state / DATABASE, timeout=10)) as connection,
        connection,
    ):
        connection.execute(_TRIM, {"table": table, "through": through})


def _check(database: Path) -> None:
    """Check the database before the engine opens it. Raises EngineError if it is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT COUNT(*) FROM _tables").fetchone()
    except sqlite3.DatabaseError as error:
        raise EngineError(f"{database} is damaged ({error}); restore it or move it away") from error


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
