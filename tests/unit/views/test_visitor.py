import base64
import hashlib

import pytest

from circulation.counting.keys import bucket_of
from circulation.views.visitor import nonce_hash, visitor_hash
from tests.builders import BROWSER

SALT = bytes(range(32))


def of(address: str = "192.0.2.1", salt: bytes = SALT, article: str = "a") -> str:
    return visitor_hash(salt, article, address, BROWSER)


def test_the_same_visitor_of_an_article_has_the_same_hash_all_day() -> None:
    assert of() == of()
    assert len(of()) == 22


def test_another_article_day_address_or_browser_gives_another_hash() -> None:
    hashes = {
        of(),
        of(article="b"),
        of(salt=bytes(32)),
        of("192.0.2.2"),
        visitor_hash(SALT, "a", "192.0.2.1", "another browser"),
    }
    assert len(hashes) == 5


def test_an_ipv6_visitor_is_a_64_bit_network() -> None:
    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9")
    assert of("2001:db8:1:2::1") != of("2001:db8:1:3::1")


def test_an_ipv4_address_written_as_ipv6_is_the_same_visitor() -> None:
    assert of("::ffff:192.0.2.1") == of("192.0.2.1")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::", "2001:db8:1:2::/64"),
    ],
)
def test_the_hash_is_keyed_blake2b_of_article_address_and_browser(address: str, told: str) -> None:
    text = f"a\0{told}\0{BROWSER}".encode()
    digest = hashlib.blake2b(text, key=SALT, digest_size=16).digest()
    assert of(address) == base64.urlsafe_b64encode(digest).decode().rstrip("=")


def test_the_hash_stays_what_it_was() -> None:
    assert of("192.0.2.1") == "ASG3MU9Oqen7E5_kwPHE7Q"
    assert of("2001:db8:1:2::1") == "UlwPqhDMoQk9CVWy-lVHfg"


def test_nobodys_hash_is_the_nonces_and_never_a_visitors() -> None:
    assert nonce_hash(SALT, "a", "n1") == nonce_hash(SALT, "a", "n1")
    hashes = {
        nonce_hash(SALT, "a", "n1"),
        nonce_hash(SALT, "a", "n2"),
        nonce_hash(SALT, "b", "n1"),
        nonce_hash(bytes(32), "a", "n1"),
    }
    assert len(hashes) == 4
    assert nonce_hash(SALT, "a", f"192.0.2.1\0{BROWSER}") != of("192.0.2.1")


def test_an_odd_address_still_counts_as_somebody() -> None:
    assert of("unknown") != of("192.0.2.1")


@pytest.mark.parametrize(("visitor", "bucket"), [("AAAA", "0"), ("8AAA", "f"), ("-AAA", "f")])
def test_the_bucket_is_the_hashs_first_hex_digit(visitor: str, bucket: str) -> None:
    assert bucket_of(visitor) == bucket


def test_visitors_spread_over_all_16_buckets() -> None:
    assert len({bucket_of(of(f"192.0.2.{host}")) for host in range(256)}) == 16
