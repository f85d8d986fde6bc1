"""circulation subscribers over the tables: what an import takes and never undoes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from circulation.aws.table import Change
from circulation.mail.keys import subscriber_key
from circulation.mail.limits import friend_limit, limits_of, recommendation_limits
from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import Choices, subscriber_id
from circulation.mail.subscribers import Pending, State
from circulation.runtime import Container
from circulation_cli import subscribers as command
from circulation_cli.deployment import Deployment
from tests.builders import NOW

ROWS = """address,frequency,sections,confirmed
sam@mail.example,weekly,city; sport,2025-12-26
Kim@MAIL.example,,,
nobody,daily,,
lee@mail.example,hourly,,
ann@mail.example,daily,,yesterday
"""


@pytest.fixture(autouse=True)
def stack(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(Deployment, "container", lambda *_: store)
    return store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.subscribers, arguments)


def person(stack: Container, address: str) -> str:
    return subscriber_id(stack.subscribers.mail_key(bytes), read_mailbox(address))


def test_every_row_that_is_not_taken_is_told_with_its_line(
    stack: Container, tmp_path: Path
) -> None:
    file = tmp_path / "readers.csv"
    file.write_text(ROWS)
    first = run("import", str(file))
    assert first.exit_code == 1
    assert [line.split(": ")[0] for line in first.stdout.splitlines()] == [
        "readers.csv:4", "readers.csv:5", "readers.csv:6",
    ]  # fmt: skip
    assert "2 imported, 0 subscribed already, 0 not to be written to, 3 refused" in first.stderr
    before = list(stack.subscribers_table.scan())
    again = run("import", str(file))
    assert "0 imported, 2 subscribed already" in again.stderr
    assert list(stack.subscribers_table.scan()) == before
    assert "mail.example" not in first.stdout + again.stdout


def test_an_export_is_what_an_import_takes(tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text(ROWS)
    run("import", str(file))
    exported = run("export").stdout
    assert len(exported.splitlines()) == 2
    for address in ("sam@mail.example", "kim@mail.example"):
        assert run("erase", address).exit_code == 0
    assert run("export").stdout == ""
    lines = tmp_path / "readers.ndjson"
    lines.write_text(exported + "\n[]\nnonsense\n")
    assert run("import", str(lines)).exit_code == 1
    assert run("export").stdout == exported


def test_who_ended_or_is_suppressed_is_never_subscribed_again(
    stack: Container, tmp_path: Path
) -> None:
    file = tmp_path / "readers.csv"
    file.write_text("address\nsam@mail.example\nkim@mail.example\n")
    run("import", str(file))
    stack.subscribers.end(person(stack, "sam@mail.example"), now=NOW)
    suppressed = Change.setting({"state": State.SUPPRESSED.value})
    kim = person(stack, "kim@mail.example")
    stack.subscribers_table.update(subscriber_key(kim), suppressed)
    again = run("import", str(file))
    assert again.exit_code == 0
    assert "2 not to be written to" in again.stderr
    assert json.loads(run("list", "--json").stdout) == {
        "confirmed": 0, "ended": 1, "suppressed": 1, "daily": 0, "weekly": 0,
    }  # fmt: skip
    assert run("erase", "kim@mail.example").exit_code == 0
    assert "1 imported" in run("import", str(file)).stderr


def test_erasing_leaves_nothing_of_a_person(stack: Container) -> None:
    pending = Pending(read_mailbox("Sam@mail.example"), Choices(), NOW, "text")
    stack.subscribers.put_pending("0" * 64, pending, now=NOW)
    assert run("erase", "sam@MAIL.example").exit_code == 0
    assert [item["pk"] for item in stack.subscribers_table.scan()] == ["KEY"]
    refused = run("erase", "sam@mail.example")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert run("erase", "nobody").exit_code == 2


def test_erasing_leaves_no_count_of_any_period(stack: Container) -> None:
    sam = read_mailbox("Sam+Paper@mail.example")
    inbox = subscriber_id(stack.subscribers.mail_key(bytes), sam.inbox)
    for days in (0, 40):
        now = NOW - timedelta(days=days)
        limits = (
            *limits_of(inbox, "network", 9, now=now)[:2],
            recommendation_limits(inbox, "network", 9, now=now)[0],
            friend_limit(inbox, now),
        )
        assert stack.limits.admit(f"request-{days}", limits, now=now) is None
    assert inbox in str(list(stack.subscribers_table.scan()))
    assert run("erase", sam.address).exit_code == 0
    assert inbox not in str(list(stack.subscribers_table.scan()))
    assert run("erase", sam.address).exit_code == 2


def test_addresses_are_listed_on_demand_alone(tmp_path: Path) -> None:
    file = tmp_path / "readers.csv"
    file.write_text(ROWS)
    run("import", str(file))
    assert "@" not in run("list").output
    assert "sam@mail.example\tweekly" in run("list", "--addresses").stdout


@pytest.mark.parametrize("content", [b"name\nsam\n", b"\xff\xfe\x00", b""])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "readers.csv"
    file.write_bytes(content)
    assert run("import", str(file)).exit_code == 2
