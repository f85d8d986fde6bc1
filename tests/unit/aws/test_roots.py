"""Whom a connection to AWS trusts."""

import ssl
from pathlib import Path
from typing import Any

import pytest

from bench.authority import ROOTS
from circulation.aws import roots
from circulation.aws.roots import Roots

HOST = "dynamodb.eu-central-1.amazonaws.com"


def names(context: ssl.SSLContext) -> set[str]:
    certificates: list[Any] = context.get_ca_certs()
    return {dict(part[0] for part in found["subject"])["commonName"] for found in certificates}


def trusts_all(context: ssl.SSLContext) -> bool:
    return len(context.get_ca_certs()) > 100


def test_amazons_five_are_what_a_host_of_amazons_is_trusted_by() -> None:
    # AWS: https://www.amazontrust.com/repository/
    assert names(Roots(HOST, {}).context) == {
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    }
    assert len(Roots(f"{HOST}:443", {}).context.get_ca_certs()) == 5


@pytest.mark.parametrize(
    "host",
    [
        "dynamodb.cn-north-1.amazonaws.com.cn",
        "dynamodb.eu-central-1.api.aws",
        "dynamodb.example",
        "amazonaws.com.example",
        "notamazonaws.com",
        "127.0.0.1:8000",
    ],
)
def test_every_other_host_is_trusted_by_all(host: str) -> None:
    assert trusts_all(Roots(host, {}).context)


def test_a_bundle_that_the_environment_names_is_taken_whole() -> None:
    assert trusts_all(Roots(HOST, {"AWS_CA_BUNDLE": str(ROOTS)}).context)


def test_a_bundle_without_names_is_taken_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bundle"
    lines = ROOTS.read_text().splitlines()
    bare.write_text("\n".join(line for line in lines if not line.startswith("#")))
    monkeypatch.setattr(roots, "sdk_bundle", lambda: str(bare))
    assert trusts_all(Roots(HOST, {}).context)


def test_all_are_taken_once_after_the_few() -> None:
    trusted = Roots(HOST, {})
    few = trusted.context
    assert trusted.widen(few)
    whole = trusted.context
    assert trusts_all(whole)
    assert trusted.widen(few), "another thread used the few, too"
    assert trusted.context is whole
    assert not trusted.widen(whole), "there are no more"


@pytest.mark.parametrize("host", [HOST, "127.0.0.1"])
def test_certificates_and_names_are_checked(host: str) -> None:
    trusted = Roots(host, {})
    first = trusted.context
    trusted.widen(first)
    for context in (first, trusted.context):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
