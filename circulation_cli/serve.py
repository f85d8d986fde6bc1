"""circulation serve: run the local stack, from template.yaml to a demo page in the browser."""

import fcntl
import logging
import os
import re
import secrets
import signal
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import click
import uvicorn
from botocore.config import Config

from circulation.articles.article import read_submission
from circulation.articles.publishing import publish
from circulation.aws.sdk import session
from circulation.runtime import container
from circulation.settings import SettingMissing, Settings, SettingsError
from circulation_cli.deployment import DEFAULT_STATE, LOCK, TOKEN, announce_stack, write_private
from circulation_cli.local_stack import demo
from circulation_cli.local_stack.child import EngineError
from circulation_cli.local_stack.clock import Clock
from circulation_cli.local_stack.demo.mail_pages import MailPages
from circulation_cli.local_stack.dynoxide import Binary, dynoxide, trim_stream
from circulation_cli.local_stack.expiry import Expiry
from circulation_cli.local_stack.gateway import Gateway
from circulation_cli.local_stack.guard import Application, Guard, Policy, Receive, Scope, Send
from circulation_cli.local_stack.mail_server import MailServer
from circulation_cli.local_stack.ministack import ministack
from circulation_cli.local_stack.outbox import Outbox
from circulation_cli.local_stack.queue_pump import QueuePump
from circulation_cli.local_stack.queues import Queues, queue_urls
from circulation_cli.local_stack.resources import make_tables, make_token
from circulation_cli.local_stack.schedules import Schedules
from circulation_cli.local_stack.state import FORMAT, OtherState, State, check_state
from circulation_cli.local_stack.stream_pump import Positions, StreamPump
from circulation_cli.local_stack.template import ParameterError, Template
from circulation_cli.local_stack.view_door import ViewDoor
from circulation_cli.local_stack.workers import Supervisor
from circulation_cli.refused import Refused

LOCK_SECONDS = 3
"""How long to wait for another stack's lock."""
ENGINE_SECONDS = 30
"""How long the functions wait for a response of the engine."""
BINARIES = Path(click.get_app_dir("circulation"))
"""The cache of engines' binaries."""

MAIL_EVENTS = "MailEventQueue"
"""The queue to which the events of mails go."""

DYNOXIDE, MINISTACK = "dynoxide", "ministack"
OTHER_PORT = "choose another with --port (make run: PORT=…)"
OTHER_VIEW_PORT = "choose another with --view-port"
OTHER_STATE = "choose another with --state (make run: STATE=…)"


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--view-port",
    default=8081,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port of the address that ViewDoor=url has views sent to.",
)
@click.option(
    "--state",
    default=DEFAULT_STATE,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory in which articles and counts are stored.",
)
@click.option("--token", help="The publisher's token; a random one by default.")
@click.option("--url", help="The URL at which pages reach the stack: https://count.example.")
@click.option(
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of template.yaml, such as PublicationZone=Europe/Berlin.",
)
@click.option(
    "--engine",
    type=click.Choice([DYNOXIDE, MINISTACK]),
    help="The database of the tables; by default dynoxide if it has a binary for this platform.",
)
def serve(  # noqa: PLR0913, PLR0917  its options
    port: int,
    view_port: int,
    state: Path,
    token: str | None,
    url: str | None,
    parameters: tuple[str, ...],
    engine: str | None,
) -> None:
    """Run Circulation on this machine, reachable at 127.0.0.1 only."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    supervisor = Supervisor()
    try:
        _serve(
            port,
            view_port,
            state,
            _check_token(token),
            _check_url(url),
            _read_parameters(parameters),
            engine,
            supervisor,
        )
    except (EngineError, OtherState, ParameterError, SettingsError) as error:
        raise Refused(str(error)) from error
    except SystemExit:
        if not supervisor.reason:
            raise
    if supervisor.reason:
        raise Refused(supervisor.reason)


def _serve(  # noqa: PLR0913, PLR0917  likewise
    port: int,
    view_port: int,
    folder: Path,
    token: str | None,
    url: str,
    parameters: dict[str, str],
    engine: str | None,
    supervisor: Supervisor,
) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(port, OTHER_PORT))
        own_url = _url_of(listener)
        base_url = url or own_url
        tables = stack.enter_context(open_tables(folder, base_url, parameters, engine))
        state, template, queues = tables.state, tables.template, tables.queues
        environment = tables.environment
        clock, outbox = Clock(state), Outbox(state)
        mail_server = MailServer(outbox, queues, MAIL_EVENTS, now=clock.now, died=supervisor.died)
        stack.callback(mail_server.close)
        environment["AWS_ENDPOINT_URL_SESV2"] = mail_server.url
        os.environ |= environment
        _check_settings(container().settings)
        secret = _store_token(folder / TOKEN, token)
        runtime = container()
        is_valid = make_token(secret, runtime.tokens, runtime.library_table, now=datetime.now(UTC))
        stack.enter_context(announce_stack(folder, environment | {"CIRCULATION_URL": own_url}))
        _load_demo(base_url, state)
        stream = StreamPump(
            template,
            Positions(state),
            trim=partial(trim_stream, folder) if tables.are_durable else None,
            died=supervisor.died,
        )
        stack.callback(stream.finish)
        for worker in (
            mail_server.worker,  # stopped last, as the others send mail
            stream.worker,
            QueuePump(template, queues, died=supervisor.died).worker,
            Schedules(template, clock, died=supervisor.died).worker,
            Expiry(template, clock, died=supervisor.died).worker,
        ):
            # Before the start: if the worker dies at once, SystemExit may be raised right there.
            stack.callback(worker.stop)
            worker.start()
        origins = frozenset(filter(None, parameters.get("AllowedOrigins", "").split(",")))
        mail_pages = MailPages(outbox, base_url)
        gateway = Gateway(template, lambda path: mail_pages.page(path) or demo.page(path), base_url)
        applications: dict[str, Application] = {own_url: gateway}
        listeners, door = [listener], template.function_url()
        if door:
            listeners.append(stack.enter_context(_listen(view_port, OTHER_VIEW_PORT)))
            view_url = _url_of(listeners[1])
            applications[view_url] = ViewDoor(template, door, view_url)
            demo.name_door(view_url)
        guard = Guard(_by_address(applications), Policy(base_url, origins), supervisor)
        server = uvicorn.Server(
            uvicorn.Config(
                guard,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",  # the API has none; an upgrade is a request like any other
                proxy_headers=False,  # the connection's address, whatever a client claims
            )
        )
        _end_by_signal(server)
        addresses = [base_url, *list(applications)[1:]]
        _announce(addresses, folder, secret if is_valid else "", durable=tables.are_durable)
        server.run(sockets=listeners)


@dataclass(frozen=True, slots=True)
class OpenTables:
    """The tables and queues of a state directory, which is locked."""

    state: State
    template: Template
    queues: Queues
    environment: dict[str, str]
    """What the functions' and this process's environment was set to."""
    are_durable: bool
    """Whether the engine has every write on disk at once, and stores the stream."""


@contextmanager
def open_tables(
    folder: Path, base_url: str, parameters: Mapping[str, str], engine: str | None = None
) -> Iterator[OpenTables]:
    """Lock a state directory, run its engine and make the tables that are missing.

    Raises Refused, EngineError, OtherState and ParameterError.
    """
    binary = Binary.for_this_machine()
    name = engine or (DYNOXIDE if binary else MINISTACK)
    with ExitStack() as stack:
        lock = stack.enter_context(_lock_state(folder))
        check_state(folder, name)
        state = State(folder)
        stack.callback(state.close)
        state.note("format", str(FORMAT))
        state.note("engine", name)
        template = Template.load(_demo_parameters(base_url) | dict(parameters))
        if template.parameters["ExistingLibrary"]:
            raise Refused(f"ExistingLibrary is for stacks on AWS; {OTHER_STATE}")
        endpoint = stack.enter_context(_run_engine(name, binary, folder.resolve(), lock))
        environment = _use_engine(endpoint)
        # MiniStack reads a whole partition for each query, which takes longer than in DynamoDB.
        _wait_for_answers(ENGINE_SECONDS)
        queues = Queues(state)
        queues.answer(session())
        make_tables(template)
        environment |= template.environment(queue_urls(template))
        if environment["DIRECT_ENDPOINT"]:
            environment["DIRECT_ENDPOINT"] = endpoint
        os.environ |= environment
        yield OpenTables(state, template, queues, environment, name == DYNOXIDE)


@contextmanager
def _run_engine(name: str, binary: Binary | None, folder: Path, lock: int) -> Iterator[str]:
    """Run the engine of the tables; give its URL. Raises EngineError."""
    if name == MINISTACK:
        with ministack(folder, os.environ, lock) as url:
            yield url
        return
    if binary is None:
        raise EngineError("dynoxide has no binary for this platform; take --engine ministack")
    with dynoxide(binary.fetch(BINARIES, os.environ), folder, os.environ, lock) as url:
        yield url


def _read_parameters(parameters: Iterable[str]) -> dict[str, str]:
    """Read texts of the form NAME=VALUE. Raises Refused for any other."""
    values = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals:
            raise Refused(f"--parameter takes NAME=VALUE, not {text}")
        values[name] = value
    return values


def _check_token(token: str | None) -> str | None:
    """Check that an Authorization header can carry a token, and give it. Raises Refused."""
    if token is not None and not re.fullmatch(r"[\x21-\x7e]+", token):
        raise Refused("--token takes ASCII characters without spaces, at least one")
    return token


def _store_token(file: Path, token: str | None) -> str:
    """Store the publisher's token in a file and give it: token, else the file's, else a new one."""
    known = file.read_text().strip() if file.exists() else ""
    secret = token or known or secrets.token_urlsafe(32)
    write_private(file, f"{secret}\n")
    return secret


def _stop(_number: int, _frame: object) -> None:
    """Exit through every clean-up, which a second signal must not interrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _end_by_signal(server: uvicorn.Server) -> None:
    """Let signals ask the server to end instead of raising SystemExit.

    An event loop that is left by an exception in the middle of a step never ends. The running
    server has handlers of its own, which do the same.
    """

    def end(_number: int, _frame: object) -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _check_url(url: str | None) -> str:
    """Check a URL such as https://count.example, which the routes are appended to; empty for None.

    Raises Refused.
    """
    base_url = (url or "").rstrip("/")
    if base_url and not re.fullmatch(r"https?://[^\s/?#@]+", base_url):
        raise Refused(f"--url must be like https://count.example, not {base_url}")
    return base_url


def _listen(port: int, other: str) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise Refused(f"port {port} cannot be used: {error.strerror}; {other}") from error
    listener.listen(1024)
    return listener


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


def _by_address(applications: Mapping[str, Application]) -> Application:
    """Pass every request on to the application of the address at which it came in."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        host, port = scope["server"]
        await applications[f"http://{host}:{port}"](scope, receive, send)

    return application


@contextmanager
def _lock_state(state: Path) -> Iterator[int]:
    """Lock a state directory, which two stacks would corrupt; give the lock's file descriptor.

    The engine of a killed stack holds the lock until it has saved its tables. Raises Refused.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)  # salts and tokens are in it
        lock = (state / LOCK).open("w")
    except OSError as error:
        raise Refused(f"{state} cannot be used: {error.strerror}") from error
    with lock:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(lock.fileno()):
            if time.monotonic() > deadline:
                raise Refused(f"another stack is running on {state}; {OTHER_STATE}")
            time.sleep(0.1)
        yield lock.fileno()


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _demo_parameters(base_url: str) -> dict[str, str]:
    return {
        "PublicationTitle": "The Daily Example",
        "ApiUrl": base_url,  # a digest has no request to take it from
        "PublicationUrl": f"{base_url}/demo/",
        "PublicationDescription": "A made-up newspaper that Circulation counts for",
        "PublicationZone": "Asia/Baku",
        "MailSender": "news@daily.example",
        "MailPublisher": "The Daily Example",
        "MailPostalAddress": "1 Example Quay, 1000 Exampletown",
        "MailsPerSecond": "50",
    }


def _check_settings(settings: Settings) -> None:
    """Read every setting, so that errors appear now and not in a function. Raises SettingsError.

    A stack that sends no mail has no settings of mail.
    """
    for name, attribute in vars(Settings).items():
        if isinstance(attribute, cached_property):
            with suppress(SettingMissing):
                getattr(settings, name)


def _wait_for_answers(seconds: float) -> None:
    """Set how long the functions' clients wait for a response, which in Lambda is shorter."""
    defaults = session().get_default_client_config()
    session().set_default_client_config(defaults.merge(Config(read_timeout=seconds)))


def _use_engine(endpoint: str) -> dict[str, str]:
    """Set the environment so that every AWS client uses the engine, and give what was set.

    Variables of a real AWS account are removed.
    """
    for name in [variable for variable in os.environ if variable.startswith("AWS_")]:
        del os.environ[name]
    environment = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": secrets.token_hex(),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
        "POWERTOOLS_METRICS_DISABLED": "true",
    }
    os.environ |= environment
    return environment


def _load_demo(base_url: str, state: State) -> None:
    """Publish the demo articles, once for each state directory."""
    if state.fact("demo"):
        return
    runtime, now = container(), datetime.now(UTC)
    for article in demo.articles(base_url, now):
        publish(read_submission(article["id"], article), runtime.catalogue, runtime.books, now=now)
    state.note("demo", now.isoformat())


def _announce(addresses: Sequence[str], folder: Path, token: str, *, durable: bool) -> None:
    """Print the stack's addresses and token; an empty token means that the file's was revoked.

    The first address is the API's; another one, where there is one, is that of views.
    """
    promise = (
        f"Articles, counts and the token are kept in {folder}."
        if durable
        else f"Articles, counts and the token are saved in {folder} when it is stopped; "
        "it keeps nothing after a crash on this platform."
    )
    base_url, *view_urls = addresses
    views = "".join(f"\n  views      {url}" for url in view_urls)
    click.echo(
        f"""Circulation is running on this machine alone; Ctrl-C stops it.

  demo site  {base_url}/demo/
  articles   {base_url}/articles
  feed       {base_url}/feed.rss
  widget     {base_url}/widget.js{views}
  token      {token or f"revoked; `circulation token new NAME --state {folder}` makes another"}

{promise}"""
    )
