"""Pages of others get nothing from a local stack, neither its gateway nor its engine, in Chromium.

What a page can try is tried by pages of many origins; then the same script runs on pages that may
use the stack, and each try that changed nothing before does what it was to do.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any

import boto3
import httpx
import pytest

from circulation_cli.local_stack.child import PORTS_CLOSED_TO_BROWSERS, reserve_port
from tests.browser.conftest import Browser, page, tag
from tests.browser.site import Site
from tests.builders import submitted
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for
from tests.servers import serving

EVIL = "evil.example"
NAMES = "--host-resolver-rules=MAP *.example 127.0.0.1"
"""Leads every name of the tests here, which is what a DNS server of an attacker does."""

READS = {
    "fetch": "fetch(api + '/articles').then(answer => answer.text())",
    "fetch-no-cors": "fetch(api + '/articles', {mode: 'no-cors'}).then(text)",
    "request": "new Promise((yes, no) => { const asked = new XMLHttpRequest();"
    " asked.onload = () => yes(asked.responseText); asked.onerror = no;"
    " asked.open('GET', api + '/articles'); asked.send() })",
}
"""What reads: each gives the text that came."""

LOADS = {
    "image": "load('img', {src: pixel('image')})",
    "image-cors": "load('img', {src: pixel('image-cors'), crossOrigin: 'anonymous'})",
    "script": "load('script', {src: pixel('script')})",
    "style": "load('link', {rel: 'stylesheet', href: pixel('style')})",
    "frame": "load('iframe', {src: pixel('frame')})",
    "object": "load('object', {data: pixel('object')})",
    "embed": "load('embed', {src: pixel('embed')})",
    "video": "load('video', {src: pixel('video')})",
    "events": "new EventSource(pixel('events'))",
    "get": "fetch(pixel('get'))",
    "get-no-cors": "fetch(pixel('get-no-cors'), {mode: 'no-cors'})",
    "form-get": "form('get', pixel('form-get'))",
    "socket": "new WebSocket(pixel('socket').replace('http', 'ws'))",
    "post": "fetch(views('post'), {method: 'POST', body: '{}'})",
    "post-no-cors": "fetch(views('post-no-cors'), {method: 'POST', mode: 'no-cors', body: '{}'})",
    "post-json": "fetch(views('post-json'), {method: 'POST', body: '{}',"
    " headers: {'content-type': 'application/json'}})",
    "beacon": "navigator.sendBeacon(views('beacon'), '{}')",
    "form-post": "form('post', views('form-post'))",
}
"""What counts a view of the article of its name."""

WRITES = {
    "put": "fetch(api + '/articles/made-by-put', {method: 'PUT', headers, body: submission})",
    "batch": "fetch(api + '/articles/batch', {method: 'POST', headers,"
    " body: JSON.stringify({articles: [{...JSON.parse(submission), id: 'made-by-batch'}]})})",
    "delete": "fetch(api + '/articles/victim-delete', {method: 'DELETE', headers})",
}
"""What publishes and unpublishes, by a page that even knows the token."""

SCRIPT = """
const [api, submission, tries, done] = arguments;
const headers = {authorization: 'Bearer t0ken', 'content-type': 'application/json'};
const article = name => `${api}/articles/victim-${name}`;
const pixel = name => article(name) + '/views.gif', views = name => article(name) + '/views';
const text = async answer => {
  if (answer.type === 'opaque') throw 'opaque';
  return answer.text();
};
const add = (name, told) => {
  const element = Object.assign(document.createElement(name), told);
  (document.body ?? document.documentElement).append(element);
  return element;
};
const load = (name, told) => new Promise(resolve => {
  add(name, told).onload = resolve;
  setTimeout(resolve, 1000);
});
const form = (method, action) => {
  const frame = add('iframe', {name: 'target' + Math.random()});
  add('form', {method, action, target: frame.name, enctype: 'text/plain'}).submit();
};
Promise.allSettled(tries.map(each => Promise.resolve().then(() => eval(each)).then(String)))
  .then(ends => setTimeout(done, 500, ends.map(each => each.value ?? null)));
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack as `make run` starts it: nobody named any origin."""
    for stack in running(tmp_path_factory.mktemp("closed") / "state"):
        for name in (*LOADS, "delete", "popup", "link"):
            stack.publish(f"victim-{name}", submitted(url=f"https://news.example/{name}"))
        yield stack


def engine_of(stack: Stack) -> tuple[int, Any]:
    """Give the port of a stack's engine, and a client of it, as any program of this machine has."""
    environment = json.loads((stack.state / "environment.json").read_text())
    endpoint = environment["AWS_ENDPOINT_URL"]
    client = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    return int(endpoint.rpartition(":")[2]), client


def everything(stack: Stack) -> Any:
    """Give what a page might change: the tables, all views in the ledger, articles and counts."""
    _, engine = engine_of(stack)
    articles = httpx.get(f"{stack.url}/articles?limit=100&fields=title,views").json()["articles"]
    tables, ledger = engine.list_tables()["TableNames"], engine.scan(TableName="Ledger")["Items"]
    return tables, ledger, articles


def attempt(browser: Browser, api: str, tries: list[str]) -> list[str | None]:
    """Try everything on the page that is open; give what was read, None where nothing was."""
    browser.driver.set_script_timeout(30)
    submission = json.dumps(submitted(url="https://news.example/made"))
    ends: list[str | None] = browser.driver.execute_async_script(SCRIPT, api, submission, tries)
    return ends


@dataclass(frozen=True, slots=True)
class Attacker:
    """Opens a page of another origin in a browser."""

    browser: Browser
    site: Site
    stack: Stack
    folder: Path

    def ordinary(self, host: str = EVIL) -> None:
        self.browser.open(self.site.put("/", page("Hello"), host))

    def under_a_name_like_ours(self) -> None:
        self.ordinary("127.0.0.1.example")

    def without_referrer(self) -> None:
        self.browser.open(self.site.put("/", page("Hello"), EVIL, referrer_policy="no-referrer"))

    def of_no_origin(self) -> None:
        policy = "sandbox allow-scripts allow-forms allow-popups"
        headers = {"content_security_policy": policy}
        self.browser.open(self.site.put("/", page("Hello"), EVIL, **headers))

    def from_a_file(self) -> None:
        file = self.folder / "page.html"
        file.write_text(page("Hello"))
        self.browser.open(file.as_uri())

    def as_data(self) -> None:
        self.browser.open("data:text/html,Hello")

    def by_rebinding(self) -> None:
        """The attacker's own name leads to the gateway, whose page is then of its origin."""
        self.browser.open(f"http://{EVIL}:{self.stack.port}/demo/")


ATTACKS = [
    Attacker.ordinary,
    Attacker.under_a_name_like_ours,
    Attacker.without_referrer,
    Attacker.of_no_origin,
    Attacker.from_a_file,
    Attacker.as_data,
    Attacker.by_rebinding,
]


@pytest.fixture
def attacker(browse: Callable[..., Browser], site: Site, stack: Stack, tmp_path: Path) -> Attacker:
    return Attacker(browse(NAMES), site, stack, tmp_path)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_page_of_others_reads_and_changes_nothing(
    stack: Stack, attacker: Attacker, attack: Callable[[Attacker], None]
) -> None:
    before = everything(stack)
    for host in ("127.0.0.1", "localhost", "0.0.0.0", EVIL):  # noqa: S104  an address to ask
        attack(attacker)
        api = f"http://{host}:{stack.port}"
        read = attempt(attacker.browser, api, list(READS.values()))
        assert not any("victim" in (text or "") for text in read), read
        attempt(attacker.browser, api, [*LOADS.values(), *WRITES.values()])
        assert everything(stack) == before


@pytest.mark.parametrize("name", ["frame", "popup", "popup-after-a-click"])
def test_a_page_of_others_sees_nothing_of_what_it_opens_and_no_view_comes_of_it(
    stack: Stack, attacker: Attacker, name: str
) -> None:
    before = everything(stack)
    attacker.ordinary()
    for path in ("/articles/victim-popup/views.gif", "/count?p=/popup", "/busuanzi", "/articles"):
        address = json.dumps(f"{stack.url}{path}")
        opening = (
            f"document.body.appendChild(document.createElement('iframe')).src = {address}"
            if name == "frame"
            else f"window.opened = open({address})"
        )
        attacker.browser.command(
            "Runtime.evaluate", expression=opening, userGesture=name == "popup-after-a-click"
        )
        attacker.browser.settle()
        seen = attacker.browser.run(
            "try { return (window.opened ?? frames[0])?.document.body.textContent }"
            "catch { return null }"
        )
        assert not seen
    assert everything(stack) == before


def test_pages_of_this_machine_do_what_others_try_in_vain(stack: Stack, attacker: Attacker) -> None:
    browser, site = attacker.browser, attacker.site
    browser.open(site.put("/", page("A site as its publisher writes it"), "localhost"))
    read = attempt(browser, stack.url, [READS["fetch"], READS["request"], *LOADS.values()])
    assert all("victim" in (text or "") for text in read[:2])
    wait_for(
        lambda: {name: stack.views(f"victim-{name}") for name in LOADS}, dict.fromkeys(LOADS, 1)
    )
    browser.open(f"{stack.url}/demo/")
    read = attempt(browser, stack.url, [*READS.values(), *WRITES.values()])
    assert all("victim" in (text or "") for text in read[: len(READS)])
    assert httpx.get(f"{stack.url}/articles/made-by-put").status_code == 200
    assert httpx.get(f"{stack.url}/articles/made-by-batch").status_code == 200
    assert httpx.get(f"{stack.url}/articles/victim-delete").status_code == 410


def test_a_link_of_another_page_that_a_reader_follows_leads_to_the_demo(
    stack: Stack, attacker: Attacker
) -> None:
    demo = f"{stack.url}/demo/articles/victim-link"
    attacker.browser.open(attacker.site.put("/", page(f"<a href='{demo}'>Read it</a>"), EVIL))
    attacker.browser.driver.find_element("css selector", "a").click()
    attacker.browser.shows("1")
    wait_for(lambda: stack.views("victim-link"), 1)


def test_the_widget_of_a_site_on_another_port_of_this_machine_counts_and_shows(
    stack: Stack, browse: Callable[..., Browser], site: Site
) -> None:
    stack.publish("developed", submitted(url="https://news.example/developed", views_before=346))
    body = f"{tag(stack.url, 'developed', data_allow_local='')}<view-count>…</view-count>"
    browser = browse()
    browser.open(site.put("/", page(body), "localhost"))
    browser.shows("347")
    wait_for(lambda: stack.views("developed"), 347)
    assert browser.complaints() == []


class Sink:
    """Counts who connects to a port."""

    def __init__(self) -> None:
        self.connections = 0

    @contextmanager
    def listening(self, port: int) -> Iterator[int]:
        sink = self

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                sink.connections += 1

        class Server(ThreadingTCPServer):
            allow_reuse_address = True

        server = Server(("127.0.0.1", port), Handler)
        with serving(server):
            yield int(server.server_address[1])


ENGINE_TRIES = [
    "fetch(api, {method: 'POST', mode: 'no-cors', body: '{}'})",
    "fetch(api + '/_ministack/reset', {method: 'POST', body: '{}'})",
    "fetch(api, {method: 'POST', headers: {'X-Amz-Target': 'DynamoDB_20120810.DeleteTable'}})",
    "load('img', {src: api})",
    "load('script', {src: api})",
    "load('iframe', {src: api})",
    "form('post', api)",
    "navigator.sendBeacon(api, '{}')",
    "new EventSource(api)",
    "new WebSocket(api.replace('http', 'ws'))",
    "open(api)",
]
GROUPS = 5


def test_no_page_reaches_any_port_that_an_engine_may_have(
    stack: Stack, attacker: Attacker, site: Site
) -> None:
    used, engine = engine_of(stack)
    assert used in PORTS_CLOSED_TO_BROWSERS
    tables = engine.list_tables()["TableNames"]  # any program may ask
    assert "Ledger" in tables
    own = (f"{stack.url}/demo/", site.put("/", page("Hello"), "localhost"))
    for where in (*own, site.url("/", EVIL)):
        attacker.browser.open(where)
        for host in ("127.0.0.1", "localhost", EVIL):
            attempt(attacker.browser, f"http://{host}:{used}", ENGINE_TRIES)
            assert engine.list_tables()["TableNames"] == tables
    for each in range(GROUPS):  # other stacks of this machine find the other ports free
        connections = connections_from(attacker.browser, PORTS_CLOSED_TO_BROWSERS[each::GROUPS])
        *closed, control = connections.values()  # the same tries reach a port that is open to pages
        assert not any(closed), connections
        assert control >= len(ENGINE_TRIES) - 2


def connections_from(browser: Browser, ports: Sequence[int]) -> dict[int, int]:
    """Listen at the ports, and at one that is open to pages, which comes last; try each."""
    with ExitStack() as listening:
        sinks: dict[int, Sink] = {}
        for port in (*ports, 0):
            sink = Sink()
            with suppress(OSError):  # an engine has it, or another program
                listening.enter_context(reserve_port(port))
                sinks[listening.enter_context(sink.listening(port))] = sink
        tries = [
            each.replace("api", f"'http://127.0.0.1:{port}'")
            for port in sinks
            for each in ENGINE_TRIES
        ]
        attempt(browser, "", tries)
    return {port: sink.connections for port, sink in sinks.items()}
