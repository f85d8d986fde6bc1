"""circulation digest over the tables: what it shows, and that a stopped digest goes on."""

import json

import pytest
from click.testing import CliRunner, Result

from circulation.aws.sdk import session
from circulation.mail.digest_queue import read_portion
from circulation.mail.subscriber import Frequency, all_buckets
from circulation.runtime import Container
from circulation_cli import digest as command
from circulation_cli.deployment import Deployment
from tests.builders import NOW, TODAY, digest, digest_entry


@pytest.fixture(autouse=True)
def stack(store: Container, monkeypatch: pytest.MonkeyPatch) -> Container:
    monkeypatch.setattr(Deployment, "container", lambda *_: store)
    store.digests.freeze(digest(digest_entry(1)))
    store.digests.freeze(digest(digest_entry(2), frequency=Frequency.WEEKLY, date="2026-03-13"))
    store.digests.freeze(digest(date="2026-03-13"))
    store.deliveries.record_begun(Frequency.DAILY, TODAY, NOW)
    store.deliveries.count(Frequency.DAILY, TODAY, {"sent": 1_200, "bounced": 60})
    store.deliveries.stop(Frequency.DAILY, TODAY, "bounced")
    return store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.digest, arguments)


def queued(stack: Container) -> list[str]:
    client = session().create_client("sqs")
    bodies: list[str] = []
    url = stack.settings.digest_queue_url
    while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [message["Body"] for message in found]
    return bodies


def test_every_digest_with_an_article_is_shown() -> None:
    daily, weekly = run("show").stdout.splitlines()
    assert daily.split("\t") == [
        "daily-2026-03-14", "stopped bounced", "1200 sent", "0 refused", "60 bounced",
        "0 complained", "Harbour ferry runs aground 1",
    ]  # fmt: skip
    assert weekly.split("\t")[:3] == ["weekly-2026-03-13", "not begun", "0 sent"]
    rows = [json.loads(line) for line in run("show", "--json").stdout.splitlines()]
    assert [row["digest"] for row in rows] == ["daily-2026-03-14", "weekly-2026-03-13"]
    (row,) = map(json.loads, run("show", "daily", TODAY, "--json").stdout.splitlines())
    assert row == {key: value for key, value in rows[0].items() if key != "title"}


def test_a_stopped_digest_goes_on_with_every_bucket(stack: Container) -> None:
    done = run("resume", "daily", TODAY)
    assert (done.exit_code, done.stdout) == (0, "daily-2026-03-14 goes on\n")
    progress = stack.deliveries.progress(Frequency.DAILY, TODAY)
    assert (progress.stopped, progress.sent) == ("", 1_200)
    portions = list(map(read_portion, queued(stack)))
    assert sorted(portion.bucket for portion in portions) == sorted(all_buckets())
    assert {(portion.frequency, portion.date) for portion in portions} == {("daily", TODAY)}
    assert run("show", "daily", TODAY).stdout.startswith("daily-2026-03-14\tsending\t")
    # Again, as after a run that was broken off.
    assert json.loads(run("resume", "daily", TODAY, "--json").stdout) == {
        "digest": "daily-2026-03-14"
    }
    assert len(queued(stack)) == len(portions)


@pytest.mark.parametrize(
    "arguments",
    [
        ("daily", "2026-03-13"),  # it has no article
        ("weekly", TODAY),
        ("hourly", TODAY),
        ("daily", "yesterday"),
        ("daily", "2026-02-30"),
        ("daily",),
    ],
)
def test_what_names_no_digest_is_refused(stack: Container, arguments: tuple[str, ...]) -> None:
    for name in ("show", "resume"):
        refused = run(name, *arguments)
        assert (refused.exit_code, refused.stdout) == (2, "")
    assert queued(stack) == []
    assert stack.deliveries.progress(Frequency.DAILY, TODAY).stopped == "bounced"
