"""No bytes of a source ever end in a traceback: it is read, item by item, or refused as a whole."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from circulation.articles.article import read_submission
from circulation.errors import InvalidInput
from circulation.importing.items import SourceDefaults, SourceError
from circulation.importing.source import read_source
from circulation.importing.totals import read_totals
from circulation_cli.main import circulation
from tests.unit.importing.sites import MARKDOWN, PAGE, TOML
from tests.unit.importing.test_blogger import BACKUP, TAKEOUT, entry, taken
from tests.unit.importing.test_feed import ATOM, JSON_FEED, RDF, RSS
from tests.unit.importing.test_ghost import GHOST
from tests.unit.importing.test_wordpress import FILES, PICTURE, POST, post, wxr

LINE = {
    "id": "a", "title": "b", "body": "c", "section": "d", "url": "https://news.example/",
    "published": "2026-01-01T00:00:00Z", "views": 3,
}  # fmt: skip
WHOLE = {
    "rss.xml": RSS.encode(),
    "rdf.xml": RDF.encode("iso-8859-1"),
    "utf16.xml": RSS.replace("UTF-8", "UTF-16").encode("utf-16"),
    "atom.xml": ATOM.encode(),
    "feed.json": json.dumps(JSON_FEED).encode(),
    "wxr.xml": wxr(POST, PICTURE).encode(),
    "shortcodes.xml": wxr(post(content='[gallery ids="9"][caption]x[/caption]'), *FILES).encode(),
    "backup.xml": BACKUP.format(entry()).encode(),
    "takeout.atom": TAKEOUT.format(taken()).encode(),
    "ghost.json": json.dumps(GHOST).encode(),
    "page.md": MARKDOWN.encode(),
    "toml.mdx": TOML.encode(),
    "page.html": PAGE.encode(),
    "export.ndjson": (json.dumps(LINE).encode() + b"\n") * 2,
}
TOTALS = (b"id,views\na,1\nb,2\n", b'{"a": 1, "b": 2}', b'[{"id": "a", "views": 1}]')
PIECES = [
    b"<", b">", b"&", b"&#", b"&#99999999999999999999;", b"&#x110000;", b"&#0;", b"&x;", b"]]>",
    b"<![CDATA[", b"<!--", b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b[2J", "\u202e".encode(),
    "\u2100".encode(), "\u00b2".encode(), b"https://[", b"http://a]@b/", b"https://h:99999/", b"//",
    b"0001-01-01T00:00:00", b"9999-12-31T23:59:59-14:00", b"2025-02-30", b"12:60", b"-1", b"1e999",
    b"1 Jan 99999", b"Mon, 32 Foo 2025 25:61:61 +9999", b"9" * 5_000, b"null", b"[]", b"{}",
    b"true", b"NaN", b'"', b"'", b"{", b"[", b"[" * 2_000, b'{"a":' * 2_000, b"<a>" * 300, b"*a",
    b"&a", b"&a *a", b"!!python/object:os.system", b"!!timestamp x", b"!!int x", b"!!bool x",
    b"? [a]\n: b", b"1: 2\n", b"---", b"\n", b"\t", b"<?xml version='1.0' encoding='utf-16'?>",
    b" encoding='x-unknown'", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b" xml:base='http://['", b"<item>",
    b"</item>", b"<wp:x>", b"tag:", b'"authors":5', b'"tags":{"a":1}', b"&nbsp;",
]  # fmt: skip
VALUES: list[Any] = [
    None, 5, -1, 1.5, True, "", [], {}, [None], [5, {"name": 5}], {"a": {"b": [1]}}, "https://[",
    "\ud800", "0001-01-01T00:00:00", "x" * 3_000, 10**30, "\x1b[2J\n", "9" * 5_000,
]  # fmt: skip


def dice_of(name: str, seed: int) -> random.Random:
    return random.Random(f"{name} {seed}")  # noqa: S311  it has to come again


def mangled(dice: random.Random, content: bytes) -> bytes:
    """Put in, take out, overwrite or repeat a few pieces."""
    told = bytearray(content)
    for _ in range(dice.choice([1, 1, 2, 3, 8])):
        start, piece = dice.randrange(len(told) + 1), dice.choice(PIECES)
        end = start + dice.randrange(60)
        match dice.randrange(4):
            case 0:
                told[start:start] = piece
            case 1:
                del told[start:end]
            case 2:
                told[start:end] = piece
            case _:
                told[start:start] = told[dice.randrange(len(told) + 1) :][:200]
    return bytes(told)


def replaced(dice: random.Random, value: Any) -> Any:
    """Replace some values of JSON by others of any type, and leave some out."""
    if dice.random() < 0.12:
        return dice.choice(VALUES)
    if isinstance(value, dict):
        return {key: replaced(dice, each) for key, each in value.items() if dice.random() > 0.03}
    return [replaced(dice, each) for each in value] if isinstance(value, list) else value


def read(path: Path, dice: random.Random) -> None:
    zone = ZoneInfo(dice.choice(["Asia/Baku", "UTC", "America/New_York"]))
    try:
        for found in read_source(path, SourceDefaults("https://news.example/", "news", zone)):
            assert found.where.isprintable()
            assert found.reason.isprintable()
            try:
                read_submission("a", found.article or {})
            except InvalidInput:
                continue
    except SourceError:
        return


@pytest.mark.parametrize("name", WHOLE)
def test_mangled_bytes_are_read_or_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for seed in range(150):
        dice = dice_of(name, seed)
        path.write_bytes(mangled(dice, WHOLE[name]))
        try:
            read(path, dice)
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}") from error


@pytest.mark.parametrize(("name", "told"), [("feed.json", JSON_FEED), ("ghost.json", GHOST)])
def test_json_of_any_types_is_read_or_refused(name: str, told: Any, tmp_path: Path) -> None:
    path = tmp_path / name
    for seed in range(300):
        dice = dice_of(name, seed)
        path.write_text(json.dumps(replaced(dice, told)))
        try:
            read(path, dice)
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}") from error


def test_totals_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "totals"
    for seed in range(300):
        dice = dice_of("totals", seed)
        path.write_bytes(mangled(dice, dice.choice(TOTALS)))
        try:
            read_totals(path)
        except SourceError:
            continue
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


DEEP: dict[str, Callable[[int], bytes]] = {
    "list.json": lambda depth: b"[" * depth + b"]" * depth,
    "object.json": lambda depth: b'{"items":' * depth + b"1" + b"}" * depth,
    "feed.json": lambda depth: b'{"items":[{"id":' + b"[" * depth + b"]" * depth + b"}]}",
    "ghost.json": lambda depth: b'{"data":{"posts":[{"x":' + b"[" * depth + b"]" * depth + b"}]}}",
    "line.ndjson": lambda depth: b'{"title":1,"id":' + b"[" * depth + b"]" * depth + b"}\n",
    "page.md": lambda depth: b"---\ntags: " + b"[" * depth + b"]" * depth + b"\n---\nx",
    "quotes.md": lambda depth: b">" * depth + b"x",
    "toml.md": lambda depth: b"+++\na = " + b"[" * depth + b"]" * depth + b"\n+++\nx",
    "keys.md": lambda depth: b"+++\na" + b".a" * depth + b" = 1\n+++\nx",
    "json.md": lambda depth: b'{"a": ' + b"[" * depth + b"]" * depth + b"}\nx",
    "page.html": lambda depth: b"<body>" + b"<div>" * depth,
    "feed.xml": lambda depth: b"<rss version='2.0'>" + b"<a>" * depth,
    "wxr.xml": lambda depth: b"<rss xmlns:w='http://wordpress.org/export/1.2/'>" + b"<a>" * depth,
}


@pytest.mark.parametrize("depth", [90, 900, 20_000])
@pytest.mark.parametrize("name", DEEP)
def test_what_nests_deep_is_one_line_of_the_command(name: str, depth: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(DEEP[name](depth))
    command = ["import", str(path), "--dry-run", "--json", "--site", "https://news.example/"]
    result = CliRunner().invoke(circulation, command)
    assert result.exit_code in (0, 1, 2, 3), result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert len(result.stderr.splitlines()) <= 1


def entities(declared: str, before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="{{}}"?>{before}<!DOCTYPE r {declared}>'
        '<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>'
        '<title a="&amp;">&e;</title><link>https://news.example/a</link></item></channel></rss>'
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
@pytest.mark.parametrize(
    "document",
    [
        entities("[<!ENTITY e 'x'>]"),
        entities("[<!ENTITY e SYSTEM 'file:///etc/hostname'>]"),
        entities("[<!ENTITY % p SYSTEM 'https://x.example/'> %p;]"),
        entities("SYSTEM '<x' [<!ENTITY e 'x'>]"),
        entities("[<!ATTLIST a b CDATA '<x'><!ENTITY e 'x'>]"),
        entities("[<!ENTITY e 'x'>]", "<!-- <x> --><?p <x> ?>"),
        entities("[<!ENTITY e 'x'>]", f"<!--{'x' * 70_000}-->"),
        entities(f"[<!--{'x' * 70_000}--><!ENTITY e 'x'>]"),
    ],
)
@pytest.mark.parametrize("suffix", ["feed.xml", "wxr.xml"])
def test_entities_are_refused_wherever_they_are_declared(
    document: str, encoding: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / suffix
    text = document.format(encoding.removesuffix("-le").removesuffix("-be"))
    if suffix == "feed.xml":
        text = text.replace("wordpress.org/export/", "other.example/")
    path.write_bytes(text.encode(encoding))
    with pytest.raises(SourceError, match=r"entities|no element"):
        list(read_source(path, SourceDefaults("https://news.example/")))


def test_a_doctype_alone_is_no_reason_to_refuse(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">'
    path.write_text(RSS.replace("<rss", f"{doctype}<rss"))
    found = list(read_source(path, SourceDefaults("https://news.example/")))
    assert [each.article["title"] for each in found if each.article] == ["Clock & tower", "Second"]
