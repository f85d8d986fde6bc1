"""Nothing that comes from outside moves a terminal's cursor or forges a line of the command's."""

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from circulation_cli.main import circulation
from circulation_cli.printing import json_line, strip_controls
from circulation_cli.refused import Refused
from tests.unit.importing.sites import PAGE
from tests.unit.importing.test_feed import ATOM, JSON_FEED, RSS
from tests.unit.importing.test_ghost import GHOST
from tests.unit.importing.test_wordpress import POST, wxr

EVIL = "Zəng\x1b[2J\x1b]0;owned\x07\r\nrefused: forged\x85\u009b31m\u2028\u202e\u2066\u200b"
IN_XML = "".join(each for each in EVIL if each not in "\x1b\x07")


def ghost(title: str) -> str:
    post = {"id": title, "title": title, "slug": title, "status": title, "visibility": title}
    return json.dumps({"db": [{"data": GHOST["db"][0]["data"] | {"posts": [post]}}]})


SOURCES: dict[str, tuple[str, Callable[[str], str]]] = {
    "rss": ("a.xml", lambda text: RSS.replace("Second", text).replace("Fri, 26 Dec", "x")),
    "rss, broken": ("a.xml", lambda text: RSS.replace("</channel>", f"<{text}")),
    "atom": ("a.xml", lambda text: ATOM.replace("One", text).replace("2025", text)),
    "json feed": (
        "a.json",
        lambda text: json.dumps(JSON_FEED | {"items": [{"title": text, "id": text}]}),
    ),
    "no json": ("a.json", lambda text: f"{{{text}"),
    "wordpress": ("a.xml", lambda text: wxr(POST.replace("Clock", text)
                                                   .replace(">publish<", f">{text}<"))),
    "wordpress type": ("a.xml", lambda text: wxr(POST.replace(">post<", f">{text}<"))),
    "ghost": ("a.json", ghost),
    "lines": ("a.ndjson", lambda text: json.dumps({"id": text, "title": text, text: 1})),
    "lines, no json": ("a.ndjson", lambda text: f'{{"id": "a", "title": "b"}}\n{{{text}'),
    "markdown": ("a.md", lambda text: f"---\n{text}: [\n---\n"),
    "front matter": ("a.md", lambda text: f"---\ntitle: {json.dumps(text)}\n---\nx"),
    "html": ("a.html", lambda text: PAGE.replace("2025", text).replace("Clock", text)),
}  # fmt: skip


def is_safe(text: str) -> bool:
    return {unicodedata.category(each) for each in text if each != "\n"}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(circulation, arguments)


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("kind", SOURCES)
def test_what_a_source_writes_is_only_ever_shown(
    kind: str, tmp_path: Path, *, as_json: bool
) -> None:
    name, write = SOURCES[kind]
    for text in (EVIL, IN_XML):
        path = tmp_path / name
        path.write_text(write(text), newline="")
        site = ("--site", "https://news.example/")
        result = run("import", str(path), "--dry-run", *site, *(["--json"] if as_json else []))
        assert result.exit_code in (0, 1, 2, 3), result.exception
        assert not result.exception or isinstance(result.exception, SystemExit)
        assert is_safe(result.output)
        assert not [
            line for line in result.output.splitlines() if line.startswith("refused: forged")
        ]
        if as_json:
            for line in result.stdout.splitlines():
                assert json.loads(line)["status"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", f"{EVIL}.xml"),
        ("import", f"https://{EVIL}/"),
        ("import", f"https://user@{EVIL}/"),
        ("import", "setup.cfg", "--zone", EVIL),
        ("import", ".", "--views", f"{EVIL}.csv"),
        ("import", ".", "--site", EVIL),
        ("import", ".", "--site", "https://[oops/"),
        ("list", "--url", EVIL),
        ("show", EVIL),
        ("publish", f"{EVIL}.json"),
    ],
    ids=range(10),
)
def test_what_is_refused_is_one_line(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert is_safe(result.output)
    assert len(result.stderr.splitlines()) == 1


def test_the_name_of_a_page_is_only_ever_shown(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\nrefused: forged\u202e.md").write_text("x")
    result = run("import", str(tmp_path), "--dry-run")
    assert is_safe(result.output)
    assert len(result.output.splitlines()) == 2


@pytest.mark.parametrize(
    "command",
    [("list",), ("show", "a"), ("list", "--json"), ("export",), ("export", "--format", "csv")],
)
def test_what_a_stack_answers_is_only_ever_shown(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = dict.fromkeys(("title", "section", "published", "body"), EVIL) | {
        "id": "a",
        "views": 1,
    }
    answer = article if command[0] == "show" else {"articles": [article]}

    def get(_: httpx.Client, method: str, path: str, **__: object) -> httpx.Response:
        return httpx.Response(200, json=answer, request=httpx.Request(method, f"http://x{path}"))

    monkeypatch.setattr(httpx.Client, "request", get)
    monkeypatch.setenv("CIRCULATION_URL", "http://x")
    result = run(*command)
    assert result.exit_code == 0, result.exception
    assert is_safe(result.output.replace("\t", ""))
    if "--json" in command or command == ("export",):
        told = json.loads(result.output)
        assert told in (answer, article)


def test_json_stays_what_it_is() -> None:
    value = {EVIL: [EVIL, "\ud800", "ə\xa0混合 \u200c", 1.5, None, True]}
    assert json.loads(json_line(value)) == value
    assert is_safe(json_line(value))
    assert "ə" in json_line(value)


def test_words_of_several_lines_stay_so() -> None:
    assert strip_controls("one\n\ttwo\x1b[2J\r\u202ethree ə") == "one\n\ttwo[2Jthree ə"
    assert is_safe(Refused(EVIL).message)
