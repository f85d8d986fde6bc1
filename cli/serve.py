"""circulation serve: the local stack, from template.yaml to a page in the browser."""

import fcntl
import logging
import os
import re
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import uvicorn

from circulation.article import read_submission
from circulation.container import container
from circulation.publishing import publish
from circulation.recounting import correct
from circulation.store.ledger import KEEP
from circulation.times import day_of
from cli.deployment import announced, be_patient
from cli.local_stack import demo
from cli.local_stack.emulator import EmulatorError, emulator
from cli.local_stack.gateway import Gateway
from cli.local_stack.queue_pump import QueuePump
from cli.local_stack.resources import make_queues, make_tables, make_token
from cli.local_stack.schedules import Schedules
from cli.local_stack.stream_pump import StreamPump
from cli.local_stack.template import Template
from cli.refused import Refused

LOCK_SECONDS = 3
EMULATOR_SECONDS = 30
OTHER_PORT = "choose another with --port (make run: PORT=…)"
OTHER_STATE = "choose another with --state (make run: STATE=…)"


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--state",
    default=".circulation",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where articles and counts are kept.",
)
@click.option("--token", envvar="CIRCULATION_TOKEN", default="local", help="The publisher's token.")
@click.option("--url", envvar="CIRCULATION_URL", help="Where pages reach the stack.")
def serve(port: int, state: Path, token: str, url: str | None) -> None:
    """Run Circulation on this machine: a stack for development, on 127.0.0.1 alone."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        _serve(port, state, token, _checked(url))
    except EmulatorError as error:
        raise Refused(str(error)) from error


def _serve(port: int, state: Path, token: str, url: str) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(_listener(port))
        base_url = url or f"http://127.0.0.1:{listener.getsockname()[1]}"
        lock = stack.enter_context(_locked(state))
        template = Template.load(_parameters(base_url))
        endpoint = stack.enter_context(emulator(state.resolve(), os.environ, lock))
        environment = _use_emulator(endpoint)
        # The emulator goes through a whole partition for each query, which DynamoDB does not; with
        # 100,000 articles that takes some three seconds.
        be_patient(read_timeout=EMULATOR_SECONDS)
        make_tables(template)
        environment |= template.environment(make_queues(template))
        os.environ |= environment
        stack.enter_context(announced(state, environment))
        make_token(token, container().store, now=datetime.now(UTC))
        _load_demo(base_url, state)
        _recount()
        for part in (StreamPump(template), QueuePump(template), Schedules(template)):
            part.start()
            stack.callback(part.stop)
        gateway = Gateway(template, demo.page, base_url)
        _announce(base_url, state)
        server = uvicorn.Server(
            uvicorn.Config(
                gateway,
                log_level="warning",
                access_log=False,
                lifespan="off",
                proxy_headers=False,  # the connection's address, whatever a client claims
            )
        )
        server.run(sockets=[listener])


def _stop(_number: int, _frame: object) -> None:
    """Leave by way of every clean-up, which a second signal must not cut short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


def _checked(url: str | None) -> str:
    """Take a URL such as https://count.example, to which the routes are added; empty if none."""
    told = (url or "").rstrip("/")
    if told and not re.fullmatch(r"https?://[^\s/?#@]+", told):
        raise Refused(f"CIRCULATION_URL must be like https://count.example, not {told}")
    return told


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise Refused(f"port {port} cannot be used: {error.strerror}; {OTHER_PORT}") from error
    listener.listen(1024)
    return listener


@contextmanager
def _locked(state: Path) -> Iterator[int]:
    """Hold the state directory, which two stacks at once would spoil; give the lock's descriptor.

    A stack that was killed leaves an emulator that holds the lock for as long as it saves.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = (state / "lock").open("w")
    except OSError as error:
        raise Refused(f"{state} cannot be used: {error.strerror}") from error
    with lock:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _locks(lock.fileno()):
            if time.monotonic() > deadline:
                raise Refused(f"another stack is running on {state}; {OTHER_STATE}")
            time.sleep(0.1)
        yield lock.fileno()


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parameters(base_url: str) -> dict[str, str]:
    return {
        "PublicationTitle": "The Daily Example",
        "PublicationUrl": f"{base_url}/demo/",
        "PublicationDescription": "A made-up newspaper that Circulation counts for",
        "PublicationZone": "Asia/Baku",
    }


def _use_emulator(endpoint: str) -> dict[str, str]:
    """Lead every AWS client to the emulator, with nothing of a real account; give how."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
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


def _load_demo(base_url: str, state: Path) -> None:
    """Publish the demo articles, once in the life of a state directory."""
    loaded = state / "demo-loaded"
    if loaded.exists():
        return
    now = datetime.now(UTC)
    for each in demo.articles(base_url, now):
        publish(read_submission(each["id"], each), container().store, now=now)
    loaded.touch()


def _recount() -> None:
    """Bring the counters to what the ledger says: the stream's last records may be gone."""
    now = datetime.now(UTC)
    for day in (day_of(now - timedelta(days=age)) for age in range(KEEP.days)):
        for drift in correct(day, container().store):
            click.echo(
                f"recounted {drift.article} on {day}: {drift.counted} -> {drift.recounted} views"
            )


def _announce(base_url: str, state: Path) -> None:
    click.echo(
        f"""Circulation is running, for development only; Ctrl-C stops it.

  demo site  {base_url}/demo/
  articles   {base_url}/articles
  feed       {base_url}/feed.rss
  widget     {base_url}/widget.js

Articles and counts are kept in {state}; CIRCULATION_TOKEN sets the publisher's token (local)."""
    )
