"""The command line as a client of the API: who is told a token, what it sends, how it waits."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from circulation.importing.items import SourceItem
from circulation_cli import api as api_module
from circulation_cli.api import (
    BUSY_PATIENCE,
    FAULT_PATIENCE,
    MAX_BATCH,
    Api,
    Busy,
    Target,
    api_of,
    choose_target,
)
from circulation_cli.deployment import DEFAULT_STATE, ENVIRONMENT
from circulation_cli.importing import import_
from circulation_cli.main import circulation
from circulation_cli.refused import Refused
from tests.builders import submitted
from tests.cli.state import running_on

EVENT_BYTES = 6 * 1024 * 1024 - 64 * 1024
"""What Lambda takes, without what headers and the rest of a request have at most."""
DONE = {"results": [{"id": "a", "status": "created", "views": 0}]}


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration of this test's own, in an empty folder and environment."""
    file = tmp_path / "config.toml"
    monkeypatch.setattr(api_module, "configuration_file", lambda: file)
    monkeypatch.chdir(tmp_path)
    for name in ("CIRCULATION_URL", "CIRCULATION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return file


class Stack:
    """A stack that answers as it is told, the last answer for ever; and a clock."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.waits: list[float] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(told, Exception):
            raise told
        return httpx.Response(told.status_code, headers=told.headers, content=told.content)

    def api(self) -> Api:
        transport = httpx.MockTransport(self.answer)
        client = httpx.Client(base_url="https://count.example", transport=transport)
        return Api(client, "t0ken", sleep=self.waits.append)


def busy(status: int = 503, retry_after: str | None = None) -> httpx.Response:
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return httpx.Response(status, headers=headers, json={"detail": "busy"})


# Whom a token is told.


@pytest.mark.usefixtures("configuration")
@pytest.mark.parametrize(
    "url",
    [
        "http://count.example",
        "http://127.0.0.1.count.example",
        "http://localhost.count.example",
        "http://127.0.0.1@count.example",
        "http://192.168.0.5:8080",
        "http://[2001:db8::1]",
        "http://0.0.0.0:8080",
        "http://[::1",
    ],
)
def test_no_token_goes_out_in_clear(url: str) -> None:
    with pytest.raises(Refused, match="in clear: use https"):
        api_of(url, "t0ken", None)
    assert api_of(url.replace("[::1", "other.example"), None, None).token == ""


@pytest.mark.usefixtures("configuration")
@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8101", "http://127.8.0.1", "http://localhost:8080", "http://[::1]:8080"],
)
def test_this_machine_is_told_a_token_in_clear(url: str) -> None:
    assert api_of(url, "t0ken", None).token == "t0ken"
    assert api_of(url, None, None).token == ""


@pytest.mark.usefixtures("configuration")
def test_another_machine_is_told_a_token_by_https_alone() -> None:
    assert api_of("https://count.example", "t0ken", None).token == "t0ken"
    assert api_of("https://count.example", None, None).token == ""


def test_a_configured_token_does_not_go_out_in_clear_either(configuration: Path) -> None:
    configuration.write_text('url = "http://count.example"\ntoken = "t0ken"\n')
    with pytest.raises(Refused, match="in clear"):
        api_of(None, None, None)


# Which stack is called, and which token is for it.

HERE, THERE = "http://127.0.0.1:8101", "https://count.example"


def called(*options: str | Path | None) -> tuple[str, str]:
    url, token, state = options
    api = api_of(
        str(url) if url else None, str(token) if token else None, Path(state) if state else None
    )
    return str(api.client.base_url).rstrip("/"), api.token


@pytest.mark.usefixtures("configuration")
def test_without_an_address_the_local_stack_is_called_with_its_own_token() -> None:
    with running_on(DEFAULT_STATE, {"CIRCULATION_URL": HERE}):
        assert called(None, None, None) == (HERE, "local-t0ken")
        assert called(None, "mine", None) == (HERE, "mine")
        assert called(f"{HERE}/", None, None) == (HERE, "local-t0ken")


@pytest.mark.usefixtures("configuration")
@pytest.mark.parametrize(
    "url", [THERE, "https://127.0.0.1:8101", "http://127.0.0.1:8102", "http://localhost:8101"]
)
def test_the_token_of_the_local_stack_goes_to_no_other_address(url: str) -> None:
    with running_on(DEFAULT_STATE, {"CIRCULATION_URL": HERE}):
        assert called(url, None, None) == (url, "")
        assert called(url, None, DEFAULT_STATE) == (url, "")


def test_a_state_that_is_named_goes_before_environment_and_configuration(
    configuration: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CIRCULATION_URL", THERE)
    monkeypatch.setenv("CIRCULATION_TOKEN", "exported")
    configuration.write_text('url = "https://old.example"\ntoken = "configured"\n')
    with running_on(tmp_path / "state", {"CIRCULATION_URL": HERE}):
        assert called(None, None, tmp_path / "state") == (HERE, "local-t0ken")
        assert called(None, None, None) == (THERE, "exported")
    with pytest.raises(Refused, match=r"no local stack is running on .*/state"):
        called(None, None, tmp_path / "state")


def test_an_exported_or_configured_token_goes_to_its_own_address_alone(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration.write_text(f'url = "{THERE}/"\ntoken = "configured"\n')
    assert called(None, None, None) == (THERE, "configured")
    assert called(HERE, None, None) == (HERE, "")
    monkeypatch.setenv("CIRCULATION_URL", "https://news.example")
    assert called(None, None, None) == ("https://news.example", "")
    assert called(THERE, None, None) == (THERE, "configured")
    monkeypatch.setenv("CIRCULATION_TOKEN", "exported")
    assert called(None, None, None) == ("https://news.example", "exported")
    assert called(THERE, None, None) == (THERE, "configured")
    assert called(HERE, None, None) == (HERE, "")
    assert called(HERE, "mine", None) == (HERE, "mine")


def test_a_token_that_names_no_address_is_for_the_one_that_is_called(
    configuration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCULATION_TOKEN", "exported")
    assert called(THERE, None, None) == (THERE, "exported")
    configuration.write_text(f'url = "{THERE}"\ntoken = "configured"\n')
    assert called(None, None, None) == (THERE, "exported")


sources = st.lists(
    st.builds(Target, st.sampled_from(["", HERE, THERE, f"{THERE}/"]), st.sampled_from(["", *"ab"]))
)


@given(sources)
def test_no_token_leaves_for_an_address_that_its_source_did_not_name(
    sources: list[Target],
) -> None:
    target = choose_target(sources)
    named = [source.url.rstrip("/") for source in sources if source.url]
    assert target.url == (named[0] if named else "")
    if target.token:
        assert any(
            source.token == target.token and source.url.rstrip("/") in ("", target.url)
            for source in sources
        )
    else:
        assert all(
            source.url.rstrip("/") not in ("", target.url) for source in sources if source.token
        )


@pytest.mark.usefixtures("configuration")
def test_what_a_killed_stack_has_left_is_not_believed() -> None:
    """Another program may have its port by now, and would be told the token."""
    with running_on(DEFAULT_STATE, {"CIRCULATION_URL": HERE}):
        left = (DEFAULT_STATE / ENVIRONMENT).read_text()
    (DEFAULT_STATE / ENVIRONMENT).write_text(left)
    with pytest.raises(Refused, match=r"no local stack is running on \.circulation; .* --url"):
        called(None, None, None)
    assert called(HERE, None, None) == (HERE, "")


@pytest.mark.usefixtures("configuration")
def test_a_stack_that_has_not_yet_said_where_it_is_is_not_called() -> None:
    with running_on(DEFAULT_STATE, {"CIRCULATION_URL": HERE}):
        (DEFAULT_STATE / ENVIRONMENT).unlink()
        with pytest.raises(Refused, match="no local stack"):
            called(None, None, None)


# The configuration.


@pytest.mark.parametrize("name", ["adress", "URL", "tokens", "section"])
def test_a_setting_that_there_is_not_is_named(configuration: Path, name: str) -> None:
    configuration.write_text(f'url = "https://count.example"\n{name} = "x"\n')
    with pytest.raises(Refused, match=f"{name} is no setting"):
        api_of(None, None, None)


@pytest.mark.parametrize("value", ["8080", "[]", "true", "{ a = 1 }"])
def test_a_setting_that_is_no_text_is_named(configuration: Path, value: str) -> None:
    configuration.write_text(f"url = {value}\n")
    with pytest.raises(Refused, match="url must be a text"):
        api_of(None, None, None)


# Waiting.


def test_a_busy_stack_is_asked_again_when_it_says() -> None:
    stack = Stack(busy(503, "7"), busy(429, "2"), busy(503), httpx.Response(200, json=DONE))
    assert stack.api().put_all([{"id": "a"}]) == DONE["results"]
    assert stack.waits[:2] == [7, 2]
    assert len({each.content for each in stack.asked}) == 1


@pytest.mark.parametrize("status", [429, 503])
@given(asks=st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_no_wait_is_shorter_than_asked_for_nor_all_of_them_longer_than_the_patience(
    status: int, asks: list[int]
) -> None:
    stack = Stack(*(busy(status, str(each)) for each in asks))
    with pytest.raises(Busy):
        stack.api().put_all([{"id": "a"}])
    asked = [*asks, *[asks[-1]] * len(stack.waits)]
    assert all(wait >= ask for wait, ask in zip(stack.waits, asked, strict=False))
    assert sum(stack.waits) <= BUSY_PATIENCE
    left = asked[len(stack.waits)]
    assert sum(stack.waits) + max(left, api_module.LONGEST_WAIT) > BUSY_PATIENCE


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("no route"), httpx.ReadTimeout("late"), busy(502), busy(500)]
)
def test_a_stack_that_fails_is_not_waited_for_as_long(fault: httpx.Response | Exception) -> None:
    stack = Stack(fault)
    with pytest.raises(Busy):
        stack.api().put_all([{"id": "a"}])
    assert 1 < len(stack.asked) < 10
    assert sum(stack.waits) <= FAULT_PATIENCE


@pytest.mark.parametrize("header", ["-1", "soon", "1.5", "Fri, 26 Dec 2025 07:11:00 GMT", ""])
def test_a_retry_after_that_is_no_number_of_seconds_is_not_followed(header: str) -> None:
    stack = Stack(busy(503, header), httpx.Response(200, json=DONE))
    stack.api().put_all([{"id": "a"}])
    assert stack.waits == [0.2]


def test_what_is_refused_is_not_asked_again() -> None:
    stack = Stack(httpx.Response(422, json={"detail": "no"}))
    with pytest.raises(Refused):
        stack.api().put_all([{"id": "a"}])
    assert len(stack.asked) == 1


def test_an_export_goes_on_after_a_busy_page() -> None:
    last = {"articles": [{"id": "b"}]}
    stack = Stack(
        httpx.Response(200, json={"articles": [{"id": "a"}], "cursor": "c"}),
        busy(429, "1"),
        httpx.Response(200, json=last),
    )
    assert [each["id"] for each in stack.api().articles()] == ["a", "b"]
    assert [each.url.params.get("cursor") for each in stack.asked] == [None, "c", "c"]


# What is sent.


def sent_batches(
    monkeypatch: pytest.MonkeyPatch, articles: list[dict[str, Any]]
) -> list[httpx.Request]:
    """Import articles, and give the requests that were made."""
    stack = Stack()

    def answer(request: httpx.Request) -> httpx.Response:
        stack.asked.append(request)
        batch = json.loads(request.content)["articles"]
        return httpx.Response(
            200, json={"results": [{"id": each["id"], "status": "created"} for each in batch]}
        )

    stack.answer = answer  # type: ignore[method-assign]

    def read(*_: object) -> Iterator[SourceItem]:
        return (SourceItem(each["title"], dict(each)) for each in articles)

    monkeypatch.setattr("circulation_cli.importing.read_source", read)
    monkeypatch.setattr("circulation_cli.api.api_of", lambda *_: stack.api())
    done = CliRunner().invoke(import_, ["-"], input="")
    assert done.exit_code == 0, done.output
    return stack.asked


BODIES: dict[str, Callable[[int], str]] = {
    "plain": lambda length: "x" * length,
    "quotes": lambda length: '"' * length,
    "backslashes": lambda length: "\\" * length,
    "letters of three bytes": lambda length: "一" * (length // 3),
    "half a surrogate pair": lambda length: "x\ud800" * (length // 4),
    "lines": lambda length: "a\n" * (length // 2),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("number", "length"), [(250, 100), (60, 250_000), (9, 256 * 1024)])
def test_each_batch_fits_into_an_event_however_the_gateway_hands_it_on(
    monkeypatch: pytest.MonkeyPatch, body: Callable[[int], str], number: int, length: int
) -> None:
    articles = [
        submitted(id=f"a{each}", body=body(length), url=f"https://news.example/{each}")
        for each in range(number)
    ]
    requests = sent_batches(monkeypatch, articles)
    ids = [each["id"] for request in requests for each in json.loads(request.content)["articles"]]
    assert ids == [each["id"] for each in articles]
    for request in requests:
        assert request.headers["content-type"] == "application/json"
        assert len(json.loads(request.content)["articles"]) <= MAX_BATCH
        assert len(base64.b64encode(request.content)) <= EVENT_BYTES
        as_text = json.dumps(request.content.decode(), ensure_ascii=False).encode()
        assert len(as_text) <= EVENT_BYTES


# Files.


def run_publish(monkeypatch: pytest.MonkeyPatch, stack: Stack, *arguments: str) -> Result:
    monkeypatch.setattr("circulation_cli.api.api_of", lambda *_: stack.api())
    return CliRunner().invoke(circulation, ["publish", *arguments])


@pytest.mark.parametrize("bad", ["nowhere.json", "{", "[]", '{"id": "No Id"}', '{"id": "refused"}'])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_file_that_is_refused_keeps_no_other_from_being_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str, place: int
) -> None:
    stack = Stack()

    def answer(request: httpx.Request) -> httpx.Response:
        (article,) = json.loads(request.content)["articles"]
        result = {"id": article["id"], "status": "unchanged"}
        if article["id"] == "refused":
            fault = {"field": "title", "detail": "is required"}
            result = {"id": "refused", "status": "refused", "errors": [fault]}
        return httpx.Response(200, json={"results": [result]})

    stack.answer = answer  # type: ignore[method-assign]
    files = []
    for name in ("a", "b"):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(submitted(id=name)))
    files.insert(place, tmp_path / "nowhere.json")
    if not bad.endswith(".json"):
        files[place].write_text(bad)
    done = run_publish(monkeypatch, stack, *map(str, files))
    assert done.exit_code == 2
    assert done.stdout == "unchanged a\nunchanged b\n"
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    told = run_publish(monkeypatch, stack, *map(str, files), "--json").stdout.splitlines()
    assert [json.loads(each)["status"] == "refused" for each in told] == [
        number == place for number in range(3)
    ]


def test_a_stack_that_cannot_be_reached_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(submitted(id="a")))
    stack = Stack(httpx.ConnectError("no route"))
    done = run_publish(monkeypatch, stack, str(file), str(file))
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


# Answers that no stack gives: a proxy's page, a captive portal's, another service's.

STRANGE = {
    "a page": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "half of it": b'{"articles": [',
    "bytes": b"\xff\xfe\x00",
    "a list": b"[1, 2]",
    "a text": b'"ok"',
    "no object": b"null",
    "another service": b'{"ok": true}',
    "too deep": b"[" * 100_000,
}
CALLS = (["list"], ["show", "a"], ["export"], ["publish", "a.json"], ["import", "a.ndjson"])


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
@pytest.mark.parametrize("body", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_no_stack_gives_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: list[str], body: bytes, status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.json", "a.ndjson"):
        Path(name).write_text(json.dumps(submitted(id="a")))
    stack = Stack(httpx.Response(status, content=body))
    monkeypatch.setattr("circulation_cli.api.api_of", lambda *_: stack.api())
    done = CliRunner().invoke(circulation, call)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert ("https://count.example" in line) == (status == 200)


@pytest.mark.parametrize(
    "problem",
    [
        {"errors": ["no"]},
        {"errors": "no"},
        {"errors": None},
        {"errors": [{"message": "no"}]},
        {"errors": {"field": "no"}},
        {"detail": ["no"]},
        {"message": {}},
    ],
)
@pytest.mark.parametrize("status", [400, 401, 500])
def test_a_refusal_of_another_shape_is_a_line_too(problem: object, status: int) -> None:
    stack = Stack(httpx.Response(status, json=problem))
    with pytest.raises(Refused, match="DELETE /articles/a: "):
        stack.api().delete("a")


@pytest.mark.usefixtures("configuration")
@pytest.mark.parametrize("url", ["http://[::1", "https://count.example:port", "http://a\tb"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="is no address"):
        api_of(url, None, None)
