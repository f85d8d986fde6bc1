import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from circulation.articles.article import read_submission
from circulation.importing import lines, source, totals
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.importing.source import open_source, read_source
from circulation.importing.totals import Total, read_totals

GROUND = SourceDefaults("https://news.example/", "news", ZoneInfo("Asia/Baku"))
Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        return file

    return write


def taken(found: list[SourceItem]) -> list[dict[str, Any]]:
    told = [each.article for each in found if each.article]
    for each in told:
        read_submission(each["id"], each)
    return told


def test_our_own_lines_come_back_with_their_totals(put: Put) -> None:
    line = {"id": "a", "title": "T", "section": "s", "body": "b", "url": "https://a.example/",
            "published": "2025-12-26T07:11:00Z", "views": 346}  # fmt: skip
    found = list(read_source(put("all.ndjson", f"{json.dumps(line)}\n\nnothing\n"), GROUND))
    assert taken(found)[0]["views_counted"] == 346
    assert [each.where for each in found if each.reason] == ["line 3"]


@pytest.mark.parametrize(
    "content",
    [
        "id,views\n264384,346\n",
        "URL;Pageviews\nhttps://news.example/x/?utm_source=y;300\n/x/index.html;46\n",
        '{"264384": 346}',
        '[{"path": "/x", "total": "346"}]',
    ],
)
def test_totals_are_found_by_id_and_by_address(put: Put, content: str) -> None:
    totals = read_totals(put("totals", content))
    assert totals.of({"id": "264384", "url": "https://news.example/x"}) == Total(346)
    assert totals.of({"id": "other", "url": "https://news.example/y"}) is None


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"views": 346}, 346),
        ({"views": 346, "views_before": 300}, 46),
        ({"views": 300, "views_before": 346}, 0),
        ({"views": 346, "views_before": 300, "views_counted": 46}, 46),
        ({"views_before": 346}, None),
        ({"views": None}, None),
        ({"views": "many"}, "many"),  # the API says what is wrong with it
    ],
)
def test_lifetime_views_of_a_line_are_never_an_older_total(
    put: Put, fields: dict[str, Any], counted: object
) -> None:
    line = {"id": "a", "title": "T"} | fields
    found = next(read_source(put("all.ndjson", json.dumps(line)), GROUND)).article
    assert found
    assert found.get("views_counted") == counted
    assert found.get("views_before") == fields.get("views_before")
    assert "views" not in found


@pytest.mark.parametrize(
    "content",
    [
        "id,section,views,views_before,views_counted\na,city,351,346,5\n",
        '[{"id": "a", "views": 351, "views_before": 346, "views_counted": 5}]',
        "url,views_counted,views_before\nhttps://news.example/x?utm_source=y,2,300\n/x/,3,46\n",
    ],
)
def test_totals_of_our_own_export_are_known_by_their_parts(put: Put, content: str) -> None:
    totals = read_totals(put("totals", content))
    assert totals.of({"id": "a", "url": "https://news.example/x"}) == Total(346, 5)


def test_an_export_whose_parts_were_cut_apart_is_refused(put: Put) -> None:
    with pytest.raises(SourceError, match="views_before"):
        read_totals(put("totals", "id,views,views_counted\na,351,5\n"))


@pytest.mark.parametrize("content", ["id,views\nx,many\n", "a,b\n1,2\n", "[1]", '{"x": -1}'])
def test_totals_that_cannot_be_read_are_refused_with_their_place(put: Put, content: str) -> None:
    with pytest.raises(SourceError):
        read_totals(put("totals", content))


def test_lines_and_totals_are_bounded(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.dumps({"id": "a", "title": "b"})
    monkeypatch.setattr(lines, "MAX_LINE", 100)
    path = put("x.ndjson", f"{line}\n{'x' * 250}\n{line}\n")
    told_lines = list(lines.read_lines(path))
    assert [bool(each.article) for each in told_lines] == [True, False, True]
    assert [each.where for each in told_lines] == ["b", "line 2", "b"]
    monkeypatch.setattr(totals, "MAX_BYTES", 10)
    with pytest.raises(SourceError, match="longer than"):
        read_totals(put("totals.csv", "id,views\na,1\n"))


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless:
        buffer = None

        def read(self, size: int) -> bytes:
            return b"x" * size

    endless = Endless()
    endless.buffer = endless  # type: ignore[assignment]
    monkeypatch.setattr("sys.stdin", endless)
    monkeypatch.setattr(source, "MAX_STREAM_BYTES", 1_000_000)
    with pytest.raises(SourceError, match="longer than"), open_source("-"):
        pytest.fail("it was read")
