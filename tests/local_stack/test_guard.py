from http import HTTPStatus

import pytest

from circulation_cli.local_stack.guard import Policy

HERE = {"host": "127.0.0.1:8080"}
POLICY = Policy("http://127.0.0.1:8080")


def status(policy: Policy, method: str = "GET", **headers: str) -> HTTPStatus | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    refusal = policy.refusal(method, HERE | named)
    return refusal[0] if refusal else None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:9", "[::1]:8080"])
def test_this_machine_may_be_named_in_every_way(host: str) -> None:
    assert status(POLICY, host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "",
        "[",
        "localhost.evil:1",
        "0.0.0.0:8080",
        "127.0.0.1.nip.example",
        "a.localhost",
        "192.168.0.5:8080",
        "[::]:8080",
    ],
)
def test_another_name_that_leads_here_is_refused(host: str) -> None:
    assert status(POLICY, host=host) is HTTPStatus.MISDIRECTED_REQUEST


def test_the_stacks_own_address_is_a_name_of_it() -> None:
    policy = Policy("https://count.example")
    assert status(policy, host="count.example") is None
    assert status(policy, host="count.example", origin="https://count.example") is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "",
        "http://127.0.0.1@evil.example", "http://evil.example:8080", "http://localhost.evil.example",
        "file://", "file://localhost", "app://localhost", "chrome-extension://localhost",
        "localhost", "//localhost", "http://0.0.0.0:8080",
    ],
)  # fmt: skip
def test_a_page_of_another_origin_is_refused_whatever_it_asks(method: str, origin: str) -> None:
    assert status(POLICY, method, origin=origin) is HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    "origin",
    ["http://127.0.0.1:8080", "http://localhost:3000", "https://[::1]:1", "http://localhost"],
)
def test_pages_of_this_machine_may_ask(origin: str) -> None:
    assert status(POLICY, "POST", origin=origin, sec_fetch_site="cross-site") is None


@pytest.mark.parametrize("site", ["same-site", "cross-site", "none"])
def test_a_page_without_a_referrer_may_ask_its_own_stack_alone(site: str) -> None:
    assert status(POLICY, "POST", origin="null", sec_fetch_site="same-origin") is None
    refused = status(POLICY, "POST", origin="null", sec_fetch_site=site)
    assert refused is HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("destination", ["image", "script", "iframe", "document", "empty"])
def test_what_a_page_of_another_site_loads_is_refused_also_without_its_origin(
    destination: str,
) -> None:
    loads = {"sec_fetch_site": "cross-site", "sec_fetch_dest": destination}
    assert status(POLICY, **loads) is HTTPStatus.FORBIDDEN
    page = {"referer": "https://evil.example/page"}
    assert status(POLICY, **loads, **page) is HTTPStatus.FORBIDDEN
    assert status(POLICY, **page) is HTTPStatus.FORBIDDEN  # a browser that says no more
    assert status(POLICY, **loads, referer="http://localhost:3000/") is None


def test_a_reader_may_follow_a_link_here() -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_user": "?1", "sec_fetch_dest": "document"}
    assert status(POLICY, **link) is None
    assert status(POLICY, "POST", **link) is HTTPStatus.FORBIDDEN
    frame = link | {"sec_fetch_dest": "iframe"}
    assert status(POLICY, **frame) is HTTPStatus.FORBIDDEN
    opened = {name: value for name, value in link.items() if name != "sec_fetch_user"}
    assert status(POLICY, **opened) is HTTPStatus.FORBIDDEN  # by the page, with nobody's click
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
        assert status(POLICY, method, **link) is HTTPStatus.FORBIDDEN


def test_a_page_of_this_machine_may_load_things_from_any_of_its_ports() -> None:
    for site in ("same-site", "cross-site"):
        loads = {"sec_fetch_site": site, "sec_fetch_dest": "image"}
        assert status(POLICY, **loads, referer="http://localhost:3000/post") is None
    assert status(POLICY, sec_fetch_site="same-site", sec_fetch_dest="script") is None


def test_a_preflight_for_a_private_network_is_refused() -> None:
    asks = {
        "access_control_request_method": "POST",
        "access_control_request_private_network": "true",
    }
    refused = status(POLICY, "OPTIONS", origin="https://evil.example", **asks)
    assert refused is HTTPStatus.FORBIDDEN
    assert status(POLICY, "OPTIONS", origin="http://localhost:3000", **asks) is None


def test_who_types_the_address_and_programs_are_let_through() -> None:
    assert status(POLICY) is None
    assert status(POLICY, "PUT") is None
    assert status(POLICY, sec_fetch_site="none", sec_fetch_dest="document") is None
    assert status(POLICY, sec_fetch_site="same-origin", referer="http://127.0.0.1:8080/") is None


def test_origins_that_were_named_may_ask() -> None:
    policy = Policy("http://127.0.0.1:8080", ["https://staging.example"])
    assert status(policy, "POST", origin="https://staging.example") is None
    assert status(policy, "POST", origin="https://evil.example") is HTTPStatus.FORBIDDEN
    image = {"sec_fetch_site": "cross-site", "referer": "https://staging.example/"}
    assert status(policy, **image) is None
    assert status(Policy("http://127.0.0.1", ["*"]), origin="https://any.example") is None
