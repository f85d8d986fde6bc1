import gzip
import ipaddress
import socket
import ssl
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import urllib3.util.connection
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from circulation.importing import fetch as fetching
from circulation.importing.fetch import fetch, post_once
from circulation.importing.items import SourceError
from circulation.outgoing.special_addresses import is_public


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "::1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "224.0.0.1"],
)  # fmt: skip
def test_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving_to(monkeypatch, "93.184.216.34", address)
    with pytest.raises(SourceError, match="no public address"):
        fetch("https://feeds.example/rss")


@pytest.mark.parametrize(
    "url", ["http://feeds.example/", "file:///etc/passwd", "https://a:b@feeds.example/", "https://"]
)
def test_only_https_addresses_are_fetched(url: str) -> None:
    with pytest.raises(SourceError):
        fetch(url)


class Answers:
    """Stands for connections: gives answers in turn, and keeps where each led."""

    def __init__(self, *told: tuple[int, dict[str, str], bytes]) -> None:
        self.told = list(told)
        self.asked: list[str] = []

    def get(self, url: str, _headers: Any, _deadline: Any) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(url)
        return self.told.pop(0)


def test_a_redirect_is_followed_by_the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers((301, {"location": "/new"}, b""), (200, {"etag": '"1"'}, b"feed"))
    monkeypatch.setattr(fetching, "get_once", answers.get)
    assert fetch("https://feeds.example/old").content == b"feed"
    assert answers.asked == ["https://feeds.example/old", "https://feeds.example/new"]
    monkeypatch.undo()
    resolving_to(monkeypatch, "127.0.0.1")
    with pytest.raises(SourceError, match="no public address"):
        fetch("https://feeds.example/new")


def test_redirects_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(*[(302, {"location": "/on"}, b"")] * 10)
    monkeypatch.setattr(fetching, "get_once", answers.get)
    with pytest.raises(SourceError, match="on and on"):
        fetch("https://feeds.example/")


def test_nothing_new_has_no_content_and_an_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "get_once", Answers((304, {}, b"")).get)
    assert fetch("https://feeds.example/").content is None
    monkeypatch.setattr(fetching, "get_once", Answers((503, {}, b"")).get)
    with pytest.raises(SourceError, match="answered 503"):
        fetch("https://feeds.example/")


def test_the_connection_goes_to_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolving_to(monkeypatch, "93.184.216.34")
    led: list[Any] = []

    def connect(address: Any, *_: Any, **__: Any) -> socket.socket:
        led.append(address)
        raise ConnectionRefusedError("as the test wants it")

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    with pytest.raises(SourceError, match="as the test wants it"):
        fetch("https://feeds.example/")
    assert led == [("93.184.216.34", 443)]


def inside(*blocks: str) -> list[str]:
    """The first, the last and a middle address of each block."""
    networks = map(ipaddress.ip_network, blocks)
    return [
        str(each)
        for network in networks
        for each in (network[0], network[network.num_addresses // 2], network[-1])
    ]


def v6(prefix: str, address: str) -> str:
    """An address of IPv6 that ends in one of IPv4."""
    return str(ipaddress.IPv6Address(f"{prefix}{address}"))


SPECIAL = inside(
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    "::/128", "::1/128", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48",
    "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "4000::/3", "::ffff:0:0:0/96",
)  # fmt: skip
PRIVATE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "168.63.129.16", "0.0.0.0"]  # noqa: S104
EMBEDDED = [
    v6(prefix, address)
    for prefix in ("::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "64:ff9b:1:ffff::")
    for address in PRIVATE
]


@pytest.mark.parametrize("address", [*SPECIAL, *EMBEDDED, "fe80::1%eth0", "2002:7f00:1::"])
def test_no_special_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "1.1.1.1", "100.63.255.255", "172.32.0.0", "192.0.1.0",
     "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2600::", "2001:200::1",
     "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_what_python_calls_private_is_not_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if getattr(address, "ipv4_mapped", None):
        return
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert address in ipaddress.ip_network("64:ff9b::/96") or not is_public(str(address))


@pytest.mark.parametrize(
    "url",
    ["https://:p@feeds.example/", "https://@feeds.example/", "https://u@feeds.example/",
     "https://feeds.example:99999/", "https://[oops/", "https://℀.example/", "https://a b.example/",
     "https://feeds.example/\nx", "HTTP://feeds.example/", "gopher://feeds.example/", ""],
)  # fmt: skip
def test_an_address_that_programs_read_differently_is_not_asked(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was resolved"))
    with pytest.raises(SourceError):
        fetch(url)


@pytest.mark.parametrize("location", ["http://feeds.example/", "file:///x", "https://[", "//u@h/"])
def test_a_redirect_to_another_kind_of_address_is_not_followed(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (302, {"location": location}, b"")
    first = fetching.get_once
    asked: list[str] = []

    def get(url: str, headers: Any, deadline: Any) -> Any:
        asked.append(url)
        return answer if len(asked) == 1 else first(url, headers, deadline)

    monkeypatch.setattr(fetching, "get_once", get)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("it was resolved"))
    with pytest.raises(SourceError):
        fetch("https://feeds.example/")


STAGES = {
    "headers": b"HTTP/1.1 200 OK\r\nx: ",
    "body": b"HTTP/1.1 200 OK\r\n\r\n",
    "length": b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
}


def drip(connection: socket.socket, start: bytes) -> None:
    """Send a byte now and then, for as long as anybody takes them."""
    connection.sendall(start)
    while True:
        connection.sendall(b"x")
        Event().wait(0.01)


def serve(server: socket.socket, stage: str, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            connection, _ = server.accept()
            with suppress(OSError), connection:
                if stage == "handshake":
                    drip(connection, b"\x16\x03\x03\x40\x00")
                with context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(65_536)
                    drip(secure, STAGES[stage])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of feeds.example and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feeds.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "pem"
    form = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def dripping(stage: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site that drips: each byte comes long before a read's timeout, and they never end."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(fetching, "public_address", lambda *_: "127.0.0.1")
    monkeypatch.setattr(fetching, "DEADLINE", 0.5)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server, stage, serving), daemon=True)
        thread.start()
        yield f"https://feeds.example:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("stage", ["handshake", *STAGES])
def test_a_server_that_drips_is_left_after_the_deadline(
    stage: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = pytest.raises(SourceError, match=r"longer than 0\.5 seconds")
    with dripping(stage, certificate, monkeypatch) as url, slow:
        fetch(url)


@pytest.mark.parametrize("stage", ["handshake", "headers"])
def test_a_receiver_that_drips_is_left_after_the_deadline(
    stage: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = pytest.raises(SourceError, match=r"feeds\.example cannot .* longer than 0\.5 seconds")
    with dripping(stage, certificate, monkeypatch) as url, slow:
        post_once(f"{url}/s3cret", {}, b"{}")


class Site:
    """An https site on this machine, by the name feeds.example; its address is taken for public."""

    def __init__(self, server: socket.socket, context: ssl.SSLContext) -> None:
        self.url = f"https://feeds.example:{server.getsockname()[1]}"
        self.answers: dict[str, bytes] = {}
        """By path; one that goes on is sent again and again."""
        self.endless = False
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self._server = server
        self._context = context
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with suppress(OSError), connection:
                    self._answer(self._context.wrap_socket(connection, server_side=True))

    def _answer(self, connection: ssl.SSLSocket) -> None:
        with connection:
            request = connection.recv(65_536)
            head, _, body = request.partition(b"\r\n\r\n")
            if b"content-length: " in head.lower():
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                while len(body) < length:
                    body += connection.recv(65_536)
                request = head + b"\r\n\r\n" + body
            self.requests.append(request)
            answer = self.answers[request.split()[1].decode()]
            connection.sendall(answer)
            while self.endless:
                connection.sendall(b"x" * 65_536)


@pytest.fixture
def site(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    resolve = socket.getaddrinfo

    def resolve_example(host: str, *rest: Any, **options: Any) -> Any:
        address = {"inner.example": "127.0.0.2"}.get(host, "127.0.0.1")
        return resolve(address, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_example)
    with socket.create_server(("127.0.0.1", 0)) as server:
        site = Site(server, serving)
        thread = Thread(target=site.serve, daemon=True)
        thread.start()
        yield site
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def answer(status: str, content: bytes = b"", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", *headers, "connection: close"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + content


def test_an_answer_has_its_content_and_its_headers(site: Site) -> None:
    site.answers["/rss?a=1"] = answer("200 OK", b"feed", 'ETag: "1"', "content-length: 4")
    fetched = fetch(f"{site.url}/rss?a=1", {"if-none-match": '"0"'})
    assert (fetched.content, fetched.headers["etag"]) == (b"feed", '"1"')
    request, *headers = site.requests[0].decode().lower().split("\r\n")
    assert request == "get /rss?a=1 http/1.1"
    assert f"host: {site.url.removeprefix('https://')}" in headers
    assert 'if-none-match: "0"' in headers
    assert "user-agent: circulation" in headers
    assert site.names == ["feeds.example"], "the name is asked for, not the address"


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1", "inner.feeds.example"])
def test_the_certificate_has_to_be_the_names(site: Site, host: str) -> None:
    with pytest.raises(SourceError, match="certificate is not valid for"):
        fetch(site.url.replace("feeds.example", host))
    assert not site.requests


def test_a_certificate_that_nobody_trusts_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ssl, "create_default_context", lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    with pytest.raises(SourceError, match="certificate verify failed"):
        fetch(site.url)
    assert not site.requests


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_resolved_and_judged_anew(site: Site, status: int) -> None:
    site.answers["/old"] = answer(f"{status} Moved", b"", "location: /new")
    site.answers["/new"] = answer("200 OK", b"feed")
    assert fetch(f"{site.url}/old").content == b"feed"
    inner = site.url.replace("feeds", "inner")
    site.answers["/old"] = answer(f"{status} Moved", b"", f"location: {inner}/new")
    with pytest.raises(SourceError, match=r"inner\.example is at 127\.0\.0\.2"):
        fetch(f"{site.url}/old")
    assert len(site.requests) == 3


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_no_proxy_of_the_environment_is_asked(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answers["/"] = answer("200 OK", b"feed")
    assert fetch(site.url).content == b"feed"


def test_an_answer_that_is_too_long_is_cut_off(site: Site) -> None:
    site.answers["/"] = answer("200 OK")
    site.endless = True
    with pytest.raises(SourceError, match="longer than 20 MB"):
        fetch(site.url)


def test_a_content_that_ends_early_is_an_error(site: Site) -> None:
    site.answers["/"] = answer("200 OK", b"fee", "content-length: 4")
    with pytest.raises(SourceError, match="cannot be read"):
        fetch(site.url)


def test_content_that_is_sent_in_gzip_is_decoded(site: Site) -> None:
    site.answers["/"] = answer("200 OK", gzip.compress(b"feed"), "content-encoding: gzip")
    assert fetch(site.url).content == b"feed"
    site.answers["/"] = answer("200 OK", b"no gzip", "content-encoding: gzip")
    with pytest.raises(SourceError, match="cannot be read"):
        fetch(site.url)


@pytest.mark.parametrize("layers", [1, 2])
def test_what_is_too_long_once_it_is_decoded_is_cut_off(
    site: Site, monkeypatch: pytest.MonkeyPatch, layers: int
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 2**20)
    bomb = b"x" * (64 * 2**20)
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    encoding = ", ".join(["gzip"] * layers)
    site.answers["/"] = answer("200 OK", bomb, f"content-encoding: {encoding}")
    tracemalloc.start()
    with pytest.raises(SourceError, match="longer than 1 MB"):
        fetch(site.url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20, "it is not decoded whole"


def test_what_is_posted_arrives_as_it_was_sent(site: Site) -> None:
    site.answers["/hook?key=s3cret"] = answer("204 No Content")
    assert post_once(f"{site.url}/hook?key=s3cret", {"webhook-id": "1"}, b'{"a":"\xc3\xa9"}') == 204
    head, _, body = site.requests[0].partition(b"\r\n\r\n")
    request, *headers = head.decode().lower().split("\r\n")
    assert request == "post /hook?key=s3cret http/1.1"
    assert {"webhook-id: 1", "content-length: 10"} <= set(headers)
    assert body == b'{"a":"\xc3\xa9"}'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_a_post_is_followed(site: Site, status: int) -> None:
    site.answers["/hook"] = answer(f"{status} Elsewhere", b"", f"location: {site.url}/other")
    assert post_once(f"{site.url}/hook", {}, b"{}") == status
    assert len(site.requests) == 1


def test_whatever_follows_the_status_of_a_post_is_not_read(site: Site) -> None:
    site.answers["/hook"] = answer("200 OK", b"no gzip", "content-encoding: gzip")
    assert post_once(f"{site.url}/hook", {}, b"{}") == 200
    site.answers["/hook"] = answer("200 OK", b"short", "content-length: 100")
    assert post_once(f"{site.url}/hook", {}, b"{}") == 200
    site.endless = True
    tracemalloc.start()
    assert post_once(f"{site.url}/hook", {}, b"{}") == 200
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20


@pytest.mark.parametrize(
    "url",
    [
        "https://inner.example/s3cret", "http://feeds.example/s3cret", "https://feeds.example:0/s3cret",
        "https://user:s3cret@feeds.example/", "https://feeds.example:1/s3cret", "s3cret",
        "https://feeds.example/s3cret\r\nx: y", "https://" + "a" * 70 + ".example/s3cret",
    ],
)  # fmt: skip
def test_an_error_of_a_post_tells_nothing_of_its_path(site: Site, url: str) -> None:
    with pytest.raises(SourceError) as raised:
        post_once(url, {}, b"{}")
    assert "s3cret" not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not site.requests
