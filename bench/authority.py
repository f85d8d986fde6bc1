"""A certificate for this machine's loopback, and the bundles of roots that a client has with it."""

import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore

from circulation.aws.roots import Roots

ROOTS = Path(botocore.__file__).with_name("cacert.pem")
"""What botocore trusts: a client reads all of it before its first call."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM."""

    chain: Path
    key: Path
    bundle: Path
    """botocore's roots, and this certificate as one more."""
    few: Path
    """Those that DynamoDB is first asked to prove itself by, and this certificate as one more."""


@contextmanager
def certificate(name: str = "IP:127.0.0.1") -> Iterator[Certificate]:
    """Make a certificate that signs itself, with openssl, for a day; name is its only one."""
    with tempfile.TemporaryDirectory() as folder:
        chain, key, bundle, few = (
            Path(folder) / file for file in ("chain", "key", "bundle", "few")
        )
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", "/CN=stand-in", "-addext", f"subjectAltName={name}"),
                *("-out", str(chain), "-keyout", str(key)),
            ],
            check=True,
            capture_output=True,
        )
        bundle.write_text(ROOTS.read_text() + chain.read_text())
        amazons = Roots("dynamodb.us-east-1.amazonaws.com", {}).context.get_ca_certs(
            binary_form=True
        )
        few.write_text("".join(map(ssl.DER_cert_to_PEM_cert, amazons)) + chain.read_text())
        yield Certificate(chain, key, bundle, few)
