"""The publisher's command against a running stack, as it would be typed."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from circulation.access.tokens import sha256_of
from tests.builders import submitted
from tests.end_to_end.stack import Stack, wait_for

FEED = """<rss version="2.0"><channel><title>N</title><link>https://old.example/</link>{items}
</channel></rss>"""
ITEM = """<item><title>Imported {number}</title><link>https://old.example/{number}.html</link>
<guid isPermaLink="false">https://old.example/?p={number}</guid>
<pubDate>Fri, 26 Dec 2025 11:11:00 +0400</pubDate><category>archive</category>
<description>Text {number}</description></item>"""


def run(stack: Stack, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "circulation_cli", *arguments],
        env=os.environ | {"CIRCULATION_URL": stack.url, "CIRCULATION_TOKEN": "t0ken"},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    file = tmp_path / "feed.xml"
    items = "".join(ITEM.format(number=number) for number in range(5_000, 5_150))
    file.write_text(FEED.format(items=items))
    return file


def test_an_archive_comes_in_with_its_totals_and_again_changes_nothing(
    stack: Stack, feed: Path, tmp_path: Path
) -> None:
    totals = tmp_path / "totals.csv"
    totals.write_text("url,views\nhttps://old.example/5001.html,346\n")
    dry = run(stack, "import", str(feed), "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, "150 found: 150 public, 0 refused\n")
    first = run(stack, "import", str(feed), "--views", str(totals))
    assert first.stdout == "150 found: 150 created, 0 refused\n"
    assert stack.views("5001") == 346
    again = run(stack, "import", "-", stdin=feed.read_text())
    assert again.stdout == "150 found: 150 unchanged, 0 refused\n"
    told = [
        json.loads(line)
        for line in run(stack, "import", str(feed), "--json").stdout.split("\n")
        if line
    ]
    assert len(told) == 150
    assert told[0]["status"] == "unchanged"
    exported = run(stack, "export", "--section", "archive").stdout
    ids = [json.loads(line)["id"] for line in exported.splitlines()]
    assert sorted(ids) == [str(number) for number in range(5_000, 5_150)]
    rows = list(
        csv.DictReader(
            run(stack, "export", "--format", "csv", "--section", "archive").stdout.splitlines()
        )
    )
    assert {row["id"]: row["views"] for row in rows}["5001"] == "346"


def test_an_export_comes_in_again_and_changes_no_number(stack: Stack, tmp_path: Path) -> None:
    stack.publish("again", submitted(id="again", section="again", views_before=346))
    for address in ("127.8.0.1", "127.8.0.2", "127.8.0.3"):
        assert stack.view("again", address).status_code == 200
    wait_for(lambda: stack.count("again")["views"], 349)
    totals = tmp_path / "totals.csv"
    for _ in range(3):
        lines = run(stack, "export", "--section", "again").stdout
        totals.write_text(run(stack, "export", "--section", "again", "--format", "csv").stdout)
        for told in (
            run(stack, "import", "-", stdin=lines),
            run(stack, "import", "-", "--views", str(totals), stdin=lines),
        ):
            assert told.returncode == 0, told.stderr
            assert stack.views("again") == 349
    told = json.loads(lines)
    assert [told[name] for name in ("views", "views_before", "views_counted")] == [349, 346, 3]
    (row,) = csv.DictReader(totals.read_text().splitlines())
    assert (row["views"], row["views_before"], row["views_counted"]) == ("349", "346", "3")
    moved = json.dumps(told | {"id": "moved", "url": "https://news.example/moved"})
    for _ in range(2):  # to where none of it was counted
        assert run(stack, "import", "-", stdin=moved).returncode == 0
        assert stack.views("moved") == 349


def test_what_cannot_be_taken_is_told_and_the_rest_comes_in(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(
        FEED.format(
            items=ITEM.format(number=6_000)
            + ITEM.format(number=6_001).replace(".html", f"{'-long' * 500}.html")
        )
    )
    told = run(stack, "import", str(file))
    assert told.returncode == 1
    assert told.stdout == "2 found: 1 created, 1 refused\n"
    assert told.stderr.startswith("refused: Imported 6001: url: must be at most 2048 characters")


def test_articles_that_came_in_twice_are_merged(stack: Stack) -> None:
    address = "https://news.example/twice"
    stack.publish("twice", submitted(id="twice", url=address, views_before=346))
    stack.publish("twice-1f", submitted(url=f"{address}/elsewhere", views_before=300))
    stack.publish("twice-1f", submitted(url=address, views_before=300))
    assert stack.view("twice-1f", "127.8.0.4").status_code == 200
    wait_for(lambda: stack.count("twice-1f")["views"], 301)
    dry = run(stack, "merge", "--same-address", "--dry-run")
    assert dry.stdout == "twice-1f into twice\n1 would be merged\n"
    merged = run(stack, "merge", "--same-address")
    assert merged.stdout == "twice-1f into twice: 347 views\n1 merged\n"
    again = run(stack, "merge", "twice-1f", "twice", "--json")
    assert json.loads(again.stdout) == {"id": "twice-1f", "into": "twice", "views": 347}
    assert stack.views("twice-1f") == stack.views("twice") == 347
    assert run(stack, "merge", "--same-address").stdout == "0 merged\n"
    for arguments in (["twice"], ["twice", "twice"], ["twice", "never"], ["No Id", "twice"]):
        refused = run(stack, "merge", *arguments)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), arguments


def test_an_article_is_published_shown_listed_and_unpublished(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "article.json"
    file.write_text(json.dumps(submitted(id="typed", section="typed")))
    assert run(stack, "publish", str(file)).stdout == "created typed\n"
    assert run(stack, "publish", str(file)).stdout == "unchanged typed\n"
    file.write_text(json.dumps(submitted(id="typed", section="typed", tags=["again"])))
    assert run(stack, "publish", str(file)).stdout == "updated typed\n"
    shown = run(stack, "show", "typed").stdout
    assert "The harbour clock keeps time again" in shown
    assert shown.endswith("\nAt noon it struck twelve.\n")
    assert "typed" in run(stack, "list", "--section", "typed").stdout
    listed = json.loads(run(stack, "list", "--section", "typed", "--json").stdout)
    assert [each["id"] for each in listed["articles"]] == ["typed"]
    assert run(stack, "unpublish", "typed").stdout == "unpublished typed\n"
    assert httpx.get(f"{stack.url}/articles/typed").status_code == 410


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("show", "nobody"), "No article is published"),
        (("show", "No Id"), "is no id"),
        (("import", "nowhere.xml"), "does not exist"),
        (("import", "http://127.0.0.1/feed"), "is not an https address"),
        (("import", "https://127.0.0.1/feed"), "no public address"),
        (("import", "-"), "it is no feed"),
        (("import", "-", "--zone", "Nowhere/City"), "no zone"),
        (("publish", "nowhere.json"), "cannot be read"),
        (("unpublish", "night-bus", "--token", "wrong"), "publisher's token"),
        (("list", "--url", "http://127.0.0.1:1"), "cannot be reached"),
        (("list", "--url", "ftp://127.0.0.1"), "must begin with"),
        (("list", "--url", "http://count.example", "--token", "x"), "in clear"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(
    stack: Stack, arguments: tuple[str, ...], reason: str
) -> None:
    told = run(stack, *arguments)
    assert told.returncode == 2
    (line,) = told.stderr.splitlines()
    assert reason in line


def test_a_port_or_a_state_that_is_taken_is_told_with_the_way_to_another(
    stack: Stack, tmp_path: Path
) -> None:
    for arguments, way in (
        (("--port", str(stack.port), "--state", str(tmp_path)), "--port (make run: PORT=…)"),
        (("--port", "0", "--state", str(stack.state)), "--state (make run: STATE=…)"),
    ):
        told = run(stack, "serve", *arguments)
        assert told.returncode == 2
        (line,) = told.stderr.splitlines()
        assert line.endswith(f"choose another with {way}")


def test_a_token_is_made_used_at_once_and_revoked(own_stack: Stack, tmp_path: Path) -> None:
    stack, state = own_stack, ("--state", str(own_stack.state))
    file = tmp_path / "article.json"
    file.write_text(json.dumps(submitted(id="typed")))
    assert run(stack, "publish", str(file), "--token", "unknown").returncode == 2
    made = run(stack, "token", "new", "cms", *state).stdout.strip()
    assert len(made) == 43
    assert run(stack, "publish", str(file), "--token", made).stdout == "created typed\n"
    again = run(stack, "token", "new", "cms", *state)
    assert (again.returncode, "there is a token cms" in again.stderr) == (2, True)
    told = json.loads(run(stack, "token", "list", "--json", *state).stdout)
    assert [each["name"] for each in told] == ["cms", "local"]
    assert told[0]["scopes"] == ["publish", "read"]
    assert told[0]["sha256"] == sha256_of(made)[:8]
    lines = run(stack, "token", "list", *state).stdout.splitlines()
    assert [line.split("\t") for line in lines] == [
        [each["name"], ",".join(each["scopes"]), each["created"], each["sha256"]] for each in told
    ]
    assert run(stack, "token", "revoke", "cms", *state).stdout == "revoked cms\n"
    assert run(stack, "token", "revoke", "cms", *state).returncode == 2
    last = run(stack, "token", "revoke", "local", *state)
    assert (last.returncode, "no token is left" in last.stderr) == (0, True)


def test_a_token_is_for_its_scopes_alone(own_stack: Stack, tmp_path: Path) -> None:
    stack, state = own_stack, ("--state", str(own_stack.state))
    file = tmp_path / "article.json"
    file.write_text(json.dumps(submitted(id="typed")))
    assert run(stack, "publish", str(file)).returncode == 0
    statuses = {}
    for scope in ("read", "publish"):
        made = run(stack, "token", "new", scope, "--scope", scope, "--json", *state).stdout
        told = json.loads(made)
        assert told["scopes"] == [scope]
        bearer = {"authorization": f"Bearer {told['token']}"}
        url = f"{stack.url}/articles/typed"
        statuses[scope] = (
            httpx.get(f"{url}/statistics", headers=bearer).status_code,
            httpx.put(url, json=submitted(), headers=bearer).status_code,
        )
    assert statuses == {"read": (200, 403), "publish": (403, 200)}
    for name in ("Bad Name", "a" * 31, "", "ə"):
        refused = run(stack, "token", "new", name, *state)
        assert (refused.returncode, "is no name" in refused.stderr) == (2, True)


def test_what_was_revoked_stays_so_when_the_stack_starts_again(own_stack: Stack) -> None:
    stack, state = own_stack, ("--state", str(own_stack.state))
    made = run(stack, "token", "new", "cms", *state).stdout.strip()
    assert run(stack, "token", "revoke", "local", *state).returncode == 0
    stack.stop()
    stack.start()
    assert stack.publish("typed", submitted(id="typed")).status_code == 403
    bearer = {"authorization": f"Bearer {made}"}
    answer = httpx.put(f"{stack.url}/articles/typed", json=submitted(), headers=bearer)
    assert answer.status_code == 201
