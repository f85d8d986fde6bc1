import pytest

from circulation.visitor import bucket_of, visitor_hash
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


def test_an_odd_address_still_counts_as_somebody() -> None:
    assert of("unknown") != of("192.0.2.1")


@pytest.mark.parametrize(("visitor", "bucket"), [("AAAA", "0"), ("8AAA", "f"), ("-AAA", "f")])
def test_the_bucket_is_the_hashs_first_hex_digit(visitor: str, bucket: str) -> None:
    assert bucket_of(visitor) == bucket


def test_visitors_spread_over_all_16_buckets() -> None:
    assert len({bucket_of(of(f"192.0.2.{host}")) for host in range(256)}) == 16
