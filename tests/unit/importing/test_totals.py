"""Totals of other counters, in the formats that these write."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.importing.csv_records import read_records, split_lines
from circulation.importing.items import SourceError
from circulation.importing.totals import Total, Totals, read_totals
from circulation.importing.view_numbers import find_decimal_mark, read_number

SITE = "https://news.example"
Put = Callable[[str | bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "totals"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def views_at(totals: Totals, path: str) -> int | None:
    total = totals.of({"id": f"of-{path.strip('/')}".lower(), "url": f"{SITE}{path}"})
    return total.views_before if total else None


GA4 = '''\
# ----------------------------------------
# Pages and screens: Page path and screen class
# Account: The Daily Example, Ltd
# ----------------------------------------
#
# Start date: 20240101
Nth day,Active users
0000,12
0001,9

# Start date: 20240101
Page path and screen class,Views,Active users,Views per active user
,400,90,4.4,Grand total
/a,300,70,4.2
"/b,%20or%20""c""",50,20,2.5
(not set),20,5,4
(other),30,6,5
'''
FORMATS: dict[str, tuple[str, dict[str, int]]] = {
    "GA4 report": (GA4, {"/a": 300, '/b,%20or%20"c"': 50}),
    "GA4 exploration": (
        "# a comment\n\nPage path + query string,Views\n/a?utm_source=x,3\n/a,4\n/p?id=7,5\n",
        {"/a": 7, "/p?id=7": 5, "/p": 0},
    ),
    "GA4 full address": (
        "Full page URL,Views\nnews.example/a?fbclid=1,3\nother.example/a,4\n",
        {"/a": 3},
    ),
    "GA4 host and path": (
        "Hostname,Page path,Views\nnews.example,/a,3\nstaging.example,/a,4\n",
        {"/a": 3},
    ),
    "GA4 Data API": (
        '[{"pagePath": "/a", "screenPageViews": "3", "activeUsers": "2"}]',
        {"/a": 3},
    ),
    "Plausible": ("name,visitors,pageviews,bounce_rate\n/a,7,9,80\n/b,1,2,\n", {"/a": 9, "/b": 2}),
    "Plausible's own export": (
        (
            'date,hostname,page,visits,visitors,pageviews\n"2024-01-01","news.example","/a",1,1,2\n'
            '"2024-01-02","news.example","/a",3,2,4\n"2024-01-02","old.example","/a",9,9,9\n'
        ),
        {"/a": 6},
    ),
    "Matomo": (
        "label,nb_visits,nb_hits,url\n/a,3,5,https://news.example/a\nb,9,10,\n",
        {"/a": 5, "/b": 0},
    ),
    "Matomo in words": ("Label,Unique Pageviews,Pageviews\n/a,3,5\nOthers,3,4\n", {"/a": 5}),
    "GoatCounter": (
        "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,"
        "Screen size,Location,FirstVisit,Date\n"
        + "".join(
            f"{path},T,{event},,,,1,{bot},,,,,true,2024-01-01T00:00:00Z\n"
            for path, event, bot in (
                ("/a", "false", 0),
                ("/a/", "false", 0),
                ("/b", "false", 0),
                ("/b", "false", 7),
                ("download", "true", 0),
            )
        ),
        {"/a": 2, "/b": 1, "/download": 0},
    ),
    "GoatCounter's pages": ("path,count\n/a,5\n", {"/a": 5}),
    "Umami's events": (
        (
            "hostname,url_path,url_query,event_type,created_at\nnews.example,/a,utm_source=b,1,x\n"
            "news.example,/a,,1,x\nnews.example,/a,,2,x\nnews.example,/p,id=7,1,x\n"
        ),
        {"/a": 2, "/p?id=7": 1},
    ),
    "Umami's API": ('[{"x": "/a", "y": 46}]', {"/a": 46}),
    "Fathom": ("Hostname,Pathname,Views,Uniques\nhttps://news.example,/a,4,2\n", {"/a": 4}),
    "Simple Analytics": (
        "added_iso,path,is_unique\n2024-01-01T00:00:00Z,/a,true\n2024-01-01T00:00:01Z,/a,false\n",
        {"/a": 2},
    ),
    "semicolons of a spreadsheet": ('sep=;\nURL;Aufrufe,ganz;Views\n"/a;b";x,y;4\n', {"/a;b": 4}),
    "a rank before the page": ("#,Page,Views\n1,/a,4\n2,/b,3\n", {"/a": 4, "/b": 3}),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_formats(put: Put, name: str, ends: str) -> None:
    content, expected = FORMATS[name]
    totals = read_totals(put(content.replace("\n", ends)))
    found = {path: views_at(totals, path) or 0 for path in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("post_id,meta_key,meta_value\n7,views,5\n7,_edit_last,1\n8,views,6\n", {"7": 5, "8": 6}),
        ("id,type,period,count\n7,4,total,5\n7,0,20240101,2\n7,3,2024,5\n", {"7": 5}),
        ("postid,day,last_viewed,pageviews\n7,2024-01-01,2024-01-02,5\n", {"7": 5}),
    ],
)
def test_tables_of_wordpress_plugins(put: Put, content: str, expected: dict[str, int]) -> None:
    totals = read_totals(put(content))
    assert {name: total.views for name in expected if (total := totals.of({"id": name}))} == (
        expected
    )


def test_two_numbers_of_views_are_not_added_up(put: Put) -> None:
    with pytest.raises(SourceError, match="several numbers"):
        read_totals(put("post_id,meta_key,meta_value\n7,views,5\n7,post_views_count,5\n"))


def test_quotes_and_line_ends_in_fields_shift_nothing(put: Put) -> None:
    content = (
        'id,title,views\na,"Poll: ""yes, 99, no"" wins",10\nb,"two\nlines\r\nand\rthree",20\n'
        'c,"He said ""hi, there""",30\n'
    )
    totals = read_totals(put(content))
    assert not totals.faults
    assert [totals.of({"id": name}) for name in "abc"] == [Total(10), Total(20), Total(30)]


def test_a_bad_row_spoils_itself_alone(put: Put) -> None:
    content = (
        "id,title,views\n"
        "a,one,1\n"
        "b,two, or more,2\n"  # 3: a field too many
        "c,3\n"  # 4: one too few
        'd,"open,4\n'  # 5: the quote is not closed
        'e,"five",5\n'
        'f,"six"x,6\n'  # 7: text after the closing quote
        "g,seven,-\n"  # 8
        "h,eight,\n"  # 9
        "i,nine,1.2K\n"  # 10
        "J!,ten,10\n"  # 11: no id
        ",eleven,11\n"  # 12
        "l,twelve,12\n"
    )
    totals = read_totals(put(content))
    assert [fault.where for fault in totals.faults] == [
        f"line {number}" for number in (3, 4, 5, 7, 8, 9, 10, 11, 12)
    ]
    assert all(fault.reason for fault in totals.faults)
    found = {name: total.views for name in "abcdefghil" if (total := totals.of({"id": name}))}
    assert found == {"a": 1, "e": 5, "l": 12}


def test_of_a_file_of_which_no_row_can_be_read_the_first_line_is_named(put: Put) -> None:
    with pytest.raises(SourceError, match="line 2"):
        read_totals(put("id,views\na,many\n"))
    with pytest.raises(SourceError, match="Seite, Besucher lacks"):
        read_totals(put("Seite,Besucher\n/a,3\n"))
    with pytest.raises(SourceError, match="lacks one of"):
        read_totals(put("page,visitors\n/a,3\n"))
    with pytest.raises(SourceError, match="missing"):
        read_totals(put(""))


def test_a_second_table_is_named_and_not_read(put: Put) -> None:
    totals = read_totals(put("# All\nPage path,Views\n/a,3\n\n# Mobile\nPage path,Views\n/a,2\n"))
    assert views_at(totals, "/a") == 3
    assert [fault.where for fault in totals.faults] == ["line 5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings(put: Put, encoding: str) -> None:
    totals = read_totals(put("url,views\n/caf\u00e9,4\n".encode(encoding)))
    assert views_at(totals, "/caf%C3%A9") == 4
    assumed = [note for note in totals.notes if "windows-1252" in note]
    assert bool(assumed) is (encoding == "windows-1252")


@pytest.mark.parametrize(
    "content",
    [b"id,views\na,\x81\n", "id,views\na,1\n".encode("utf-16-le"), b"\x1f\x8bnothing",
     b"\xff\xfeid"],
)  # fmt: skip
def test_what_is_no_text_is_refused(put: Put, content: bytes) -> None:
    with pytest.raises(SourceError):
        read_totals(put(content))


def test_a_gzipped_export_is_read(put: Put) -> None:
    assert views_at(read_totals(put(gzip.compress(b"path,count\n/a,5\n"))), "/a") == 5


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["1234", "70"], [1234, 70]),
        (["70.0", "1234.00"], [70, 1234]),
        (["1,234", "5"], [1234, 5]),
        (["1.234", "5"], [1234, 5]),
        (["1.234.567", "70.000"], [1234567, 70000]),
        (["1,234.0", "70.000"], [1234, 70]),
        (["1.234,0", "70.000"], [1234, 70000]),
        (["12,5000", "70,000"], [None, 70]),  # no view has a half
        (["1 234", "1\u202f234\u00a0567", "1'234", "2\u2019345"], [1234, 1234567, 1234, 2345]),
        (["1,234", "1.2", "70.5"], [1234, None, None]),
        (["1,23", "1"], [None, 1]),
        (["-5", "1.2K", "-", "", "1e3", "\u0664", "0x1f", "NaN", "+5"], [None] * 9),
        ([str(10**12), str(10**12 + 1), "9" * 5000], [10**12, None, None]),
        (["0.000", "0,5"], [0, None]),
    ],
)  # fmt: skip
def test_numbers_are_read_by_all_of_their_column(
    numbers: list[str], expected: list[int | None]
) -> None:
    mark = find_decimal_mark(numbers) if numbers != ["0.000", "0,5"] else "."

    def read(text: str) -> int | None:
        try:
            return read_number(text, mark)
        except ValueError:
            return None

    assert [read(text) for text in numbers] == expected


@pytest.mark.parametrize(
    "numbers",
    [["70.000"], ["1,000", "5"], ["1.234", "1,234"], ["1.234.567", "1,234,567"], ["70.0", "70,0"]],
)
def test_numbers_that_can_be_read_in_two_ways_are_refused(numbers: list[str]) -> None:
    with pytest.raises(SourceError, match="--decimal"):
        find_decimal_mark(numbers)


def test_the_decimal_mark_can_be_said(put: Put) -> None:
    path = put("id;views\na;70.000\n")
    assert read_totals(path, decimal=".").of({"id": "a"}) == Total(70)
    assert read_totals(path, decimal=",").of({"id": "a"}) == Total(70_000)


def test_what_was_assumed_is_said(put: Put) -> None:
    totals = read_totals(put(GA4 + "/a/,1.0\n".replace("1.0", "1,1,1")))
    assert views_at(totals, "/a") == 301
    notes = "\n".join(totals.notes)
    for part in (
        "column Views", "Page path and screen class says", "1 rows are left out: they are of grand",
        "2 rows are left out: they are of no page", "2 rows are of 1 articles", "/a as /a/",
    ):  # fmt: skip
        assert part in notes


def test_what_no_article_has_is_said_in_order(put: Put) -> None:
    content = "url,views\n/a,1\n/b,2\nhttps://other.example/c,3\n/d,4\n"
    totals = read_totals(put(content))
    assert views_at(totals, "/a") == 1
    assert views_at(totals, "/c") is None
    unmatched = [(entry.where, entry.name, entry.total.views) for entry in totals.unmatched()]
    assert unmatched == [
        ("line 3", "/b", 2), ("line 4", "https://other.example/c", 3), ("line 5", "/d", 4)
    ]  # fmt: skip


def test_rows_with_a_host_are_of_its_articles_alone(put: Put) -> None:
    totals = read_totals(put("url,views\nhttp://www.news.example/a,1\nhttps://b.example/a,2\n/a,4"))
    assert totals.of({"id": "x", "url": "https://b.example/a"}) == Total(6)
    # The path alone went to the article before.
    assert totals.of({"id": "y", "url": "https://news.example/a"}) == Total(1)
    assert any("of several articles" in note and "y" in note for note in totals.notes)


def test_former_addresses_are_an_articles_own(put: Put) -> None:
    totals = read_totals(put("url,views\n/new,1\n/old,2\n"))
    source = {"id": "x", "url": f"{SITE}/new", "aliases": [f"{SITE}/old", 7, "http://[bad"]}
    assert totals.of(source) == Total(3)
    assert totals.of(source) == Total(3)
    assert not totals.unmatched()


def test_an_address_beside_an_id_of_another_system_is_the_articles(put: Put) -> None:
    totals = read_totals(put("id,url,views\n7,/a,1\n8,/a/,2\n9,/b,4\nx,/c,8\ny,,16\n"))
    assert totals.of({"id": "x", "url": f"{SITE}/moved"}) == Total(8)
    assert totals.of({"id": "of-a", "url": f"{SITE}/a"}) == Total(3)
    assert totals.of({"id": "7", "url": f"{SITE}/seven"}) is None
    assert any("line 2: 7 is" in note for note in totals.notes)
    assert [entry.name for entry in totals.unmatched()] == ["9", "y"]


def test_an_address_of_several_articles_is_of_none(put: Put) -> None:
    totals = read_totals(put("url,views\n/,1\n"))
    assert totals.of({"id": "x", "url": f"{SITE}/", "shared_url": True}) is None


def test_corrections_come_with_an_export(put: Put) -> None:
    correction = {"id": "c1", "views": -5, "at": "2026-03-14T15:09:26Z", "reason": 'attack, "x"'}
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["id", "views_before", "views_counted", "corrections"],
            ["a", 3, 9, json.dumps([correction])],
        ]
    )
    total = read_totals(put(out.getvalue())).of({"id": "a"})
    assert total
    assert total.fields() == {
        "views_before": 3, "views_counted": 9, "corrections": [correction]
    }  # fmt: skip
    with pytest.raises(SourceError, match="line 2"):
        read_totals(put("id,views_before,views_counted,corrections\na,3,9,{}\n"))


CELLS = st.text(st.sampled_from('ab,;"\n\r\t# \u2028'), max_size=6)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_writer_of_csv_wrote_is_read_back(rows: list[list[Any]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    lines = split_lines(out.getvalue())
    assert "".join(lines) == out.getvalue()
    assert [list(record.cells) for record in read_records(lines, ",")] == rows


@given(st.text(st.sampled_from('ab,"\n'), max_size=60))
def test_any_text_is_read_to_its_end(text: str) -> None:
    lines = split_lines(text + "\nlast,1\n")
    records = list(read_records(lines, ","))
    assert all(record.cells or record.fault for record in records)
    begins = [record.line for record in records]
    assert begins == sorted(set(begins))
