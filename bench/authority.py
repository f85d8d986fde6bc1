"""A certificate for this machine's loopback, and the bundle of roots that a client has with it."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore

ROOTS = Path(botocore.__file__).with_name("cacert.pem")
"""What botocore trusts: a client reads all of it before its first call."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM."""

    chain: Path
    key: Path
    bundle: Path
    """botocore's roots, and this certificate as one more."""


@contextmanager
def certificate() -> Iterator[Certificate]:
    """Make a certificate of 127.0.0.1 that signs itself, with openssl, for a day."""
    with tempfile.TemporaryDirectory() as folder:
        chain, key, bundle = (Path(folder) / name for name in ("chain", "key", "bundle"))
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
                *("-out", str(chain), "-keyout", str(key)),
            ],
            check=True,
            capture_output=True,
        )
        bundle.write_text(ROOTS.read_text() + chain.read_text())
        yield Certificate(chain, key, bundle)
