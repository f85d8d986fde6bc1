from dataclasses import replace

import pytest

from circulation.errors import OriginRefused
from circulation.views.visitor import network
from circulation.web.request import Request, request_of_event
from circulation.web.viewer import Viewer, check_origin, viewer_of
from tests.builders import http_event

SECRET = "a-long-secret"


def request(**headers: str) -> Request:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return request_of_event(http_event("POST /articles/{id}/views", headers=told))


def through_cloudfront(address: str, **headers: str) -> Viewer:
    told = request(x_origin_secret=SECRET, cloudfront_viewer_address=address, **headers)
    return viewer_of(told, origin_secret=SECRET)


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("198.51.100.10:46532", "198.51.100.10"),
        ("2001:db8::8a2e:370:7334:46532", "2001:db8::8a2e:370:7334"),
        ("2001:db8:1:2:3:4:5:6:443", "2001:db8:1:2:3:4:5:6"),
        ("2600:300:f:abcd::9:9985", "2600:300:f:abcd::9"),  # all of it could be an address
        ("[2001:db8::1]:443", "2001:db8::1"),
    ],
)
def test_behind_cloudfront_the_viewers_address_is_the_one_it_tells(told: str, address: str) -> None:
    assert through_cloudfront(told).address == address


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("198.51.100.10", "198.51.100.10"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("::1", "::1"),
        ("2001:db8::a:b:c:d", "2001:db8::a:b:c:d"),
    ],
)
def test_a_proxy_may_leave_out_the_port(sent: str, address: str) -> None:
    assert through_cloudfront(sent).address == address


@pytest.mark.parametrize(
    "sent",
    [
        *("2001:db8:1:2::6", "2001:db8:1:2::5:6", "2001:db8:1:2:a::7", "2001:db8::4:5:6:7"),
        "::ffff:198.51.100.10",  # an IPv4 reader of a server that listens on both families
    ],
)
def test_without_a_port_an_ipv6_address_is_still_of_its_own_network(sent: str) -> None:
    assert network(through_cloudfront(sent).address) == network(sent)


@pytest.mark.parametrize(
    "sent",
    [
        *("", ":", "::443:", "-", "unknown", "unknown:0", "null:0", "undefined", "unix:", "unix::"),
        *("300.1.1.1:80", "300.1.1.1", ":443", "198.51.100.10:1,203.0.113.7:2"),
        *("198.51.100.10, 203.0.113.7", "198.51.100.10,203.0.113.7:2", "2001:db8::1::443:"),
    ],
)
def test_an_address_that_is_none_leaves_the_connections_own(sent: str) -> None:
    assert through_cloudfront(sent).address == "192.0.2.1"


def test_behind_cloudfront_the_country_is_the_one_it_tells() -> None:
    assert through_cloudfront("198.51.100.10:1", cloudfront_viewer_country="AZ").country == "AZ"
    assert through_cloudfront("198.51.100.10:1").country == ""


@pytest.mark.parametrize("sent", [None, "", "wrong", "a-long-secret ", "gé"])
def test_without_the_secret_nothing_is_believed_that_a_client_can_send(sent: str | None) -> None:
    told = request(
        cloudfront_viewer_address="198.51.100.10:1",
        cloudfront_viewer_country="AZ",
        x_forwarded_for="198.51.100.11",
        **({} if sent is None else {"x_origin_secret": sent}),
    )
    assert viewer_of(told, origin_secret=SECRET) == Viewer("192.0.2.1")


@pytest.mark.parametrize("sent", [None, "", "anything"])
def test_where_no_secret_is_set_no_secret_opens(sent: str | None) -> None:
    told = request(
        cloudfront_viewer_address="198.51.100.10:1",
        **({} if sent is None else {"x_origin_secret": sent}),
    )
    assert viewer_of(told, origin_secret="") == Viewer("192.0.2.1")


ALLOWED = frozenset({"https://news.example"})


@pytest.mark.parametrize("origin", ["https://news.example", "https://News.Example"])
def test_a_page_of_an_allowed_origin_may_count(origin: str) -> None:
    check_origin(request(origin=origin), allowed=ALLOWED)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://news.example", "https://news.example:8443", "null", ""],
)
def test_a_page_of_another_origin_may_not(origin: str) -> None:
    with pytest.raises(OriginRefused):
        check_origin(request(origin=origin), allowed=ALLOWED)


def test_a_request_that_names_no_origin_may_not_count_where_a_list_is_set() -> None:
    with pytest.raises(OriginRefused):
        check_origin(replace(request(), headers={}), allowed=ALLOWED)


def test_any_page_may_count_where_no_list_is_set() -> None:
    check_origin(request(), allowed=frozenset({"*"}))
    check_origin(request(origin="https://evil.example"), allowed=frozenset({"*"}))


@pytest.mark.parametrize("allowed", [ALLOWED, frozenset({"*"})])
def test_an_address_that_is_opened_in_a_tab_is_on_no_page(allowed: frozenset[str]) -> None:
    page = next(iter(ALLOWED))
    for destination in ("image", "script", "empty", "iframe"):
        loaded = {"referer": f"{page}/", "sec-fetch-dest": destination}
        check_origin(replace(request(), headers=loaded), allowed=allowed)
    with pytest.raises(OriginRefused):
        check_origin(
            replace(request(), headers=loaded | {"sec-fetch-dest": "document"}), allowed=allowed
        )
