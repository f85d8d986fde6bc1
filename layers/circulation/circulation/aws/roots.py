"""Whom a connection to AWS trusts: Amazon's own authority where that is enough, for it loads soon.

To load all 127 roots that the SDK trusts takes twelve times as long as to find and to load Amazon's
five.
"""

from __future__ import annotations

import ssl
from binascii import a2b_base64
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_AMAZONS = (
    b'\n# Label: "Amazon Root CA ',
    b'\n# Label: "Starfield Services Root Certificate Authority - G2"',
)
"""How botocore's bundle names the roots of Amazon Trust Services (amazontrust.com/repository)."""
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"


class Roots:
    """The certificates that vouch for a host: few at first, and all if those do not suffice."""

    def __init__(self, host: str, environment: Mapping[str, str]) -> None:
        """Load the first of them. Raises OSError.

        A bundle that the environment names (AWS_CA_BUNDLE) is taken whole, as is the SDK's for a
        host outside amazonaws.com, or where it does not name Amazon's.
        """
        named = environment.get("AWS_CA_BUNDLE")
        self._bundle = named or sdk_bundle()
        few = b"".join(_amazons(self._bundle)) if not named and _is_amazons(host) else b""
        self._few = _context() if few else None
        if self._few:
            self._few.load_verify_locations(cadata=few)
        self.context = self._few or self._all()
        """What connections are made with."""

    def widen(self, used: ssl.SSLContext) -> bool:
        """Take all roots after some did not suffice, and tell whether those were the few.

        Raises OSError.
        """
        if used is self._few and self.context is used:
            self.context = self._all()
        return used is self._few

    def _all(self) -> ssl.SSLContext:
        context = _context()
        context.load_verify_locations(self._bundle)
        return context


def _context() -> ssl.SSLContext:
    """Make a context that trusts nobody; it checks certificates and names."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _is_amazons(host: str) -> bool:
    return host.partition(":")[0].endswith(".amazonaws.com")


def sdk_bundle() -> str:
    """Give the file of the certificates that the SDK trusts, without importing it."""
    sdk = PathFinder.find_spec("botocore")
    assert sdk  # noqa: S101  the layer has it
    assert sdk.origin  # noqa: S101  likewise
    return sdk.origin.replace("__init__.py", "cacert.pem")


def _amazons(bundle: str) -> Iterator[bytes]:
    """Read Amazon's roots out of a bundle that names what is in it, in DER. Raises OSError."""
    with open(bundle, "rb") as file:  # noqa: PTH123  to import pathlib takes longer than all this
        content = file.read()
    for label in _AMAZONS:
        _, *certificates = content.split(label)
        for certificate in certificates:
            yield a2b_base64(certificate.partition(_BEGIN)[2].partition(_END)[0])
