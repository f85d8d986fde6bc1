import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.views.own_networks import SHORTEST_PREFIX, is_own, read_networks

OFFICE = read_networks("192.0.2.0/24,2001:db8:1::/48,198.51.100.7")


@pytest.mark.parametrize(
    "address",
    [
        "192.0.2.0", "192.0.2.255", "198.51.100.7", "2001:db8:1::", "2001:db8:1:ffff::9",
        "::ffff:192.0.2.17",
    ],
)  # fmt: skip
def test_an_address_in_one_of_the_networks_is_ones_own(address: str) -> None:
    assert is_own(address, OFFICE)


@pytest.mark.parametrize(
    "address",
    [
        "192.0.3.0", "192.0.1.255", "198.51.100.8", "2001:db8:2::", "::ffff:192.0.3.1",
        "::192.0.2.1", "", "unknown", "192.0.2.17:443", "192.0.2",
    ],
)  # fmt: skip
def test_any_other_address_and_what_is_none_is_a_readers(address: str) -> None:
    assert not is_own(address, OFFICE)


@given(st.ip_addresses().map(str))
def test_without_networks_nobody_is_left_out(address: str) -> None:
    assert not is_own(address, ())


@given(st.ip_addresses(), st.integers(0, 128))
def test_the_addresses_of_a_network_are_those_that_begin_as_it_does(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, length: int
) -> None:
    length = min(max(length, SHORTEST_PREFIX[address.version]), address.max_prefixlen)
    networks = read_networks(f"{address}/{length}")
    assert is_own(str(address), networks)
    for bit in range(address.max_prefixlen):
        other = type(address)(int(address) ^ 1 << (address.max_prefixlen - 1 - bit))
        if getattr(other, "ipv4_mapped", None) is None:
            assert is_own(str(other), networks) is (bit >= length)


@pytest.mark.parametrize(
    "wrong",
    ["192.0.2.0/33", "192.0.2.256", "news.example", "", " 192.0.2.1", "1::2::3", "0.0.0.0/0",
     "::/0", "10.0.0.0/7", "2000::/15"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{}", "192.0.2.1,{}", "{},2001:db8::/32"])
def test_a_network_that_is_wrong_is_named(wrong: str, form: str) -> None:
    with pytest.raises(ValueError, match="network") as error:
        read_networks(form.format(wrong))
    assert repr(wrong) in str(error.value)
