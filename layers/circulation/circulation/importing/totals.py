"""Totals of articles, by id or address, from another counter or from `circulation export`.

CSV with a heading, or JSON. A row with views_counted is from an export: its lifetime views are
views_before plus views_counted, and the very stack that it is imported into may have counted the
latter.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from circulation.articles.canonical_path import canonical_path, host_of
from circulation.ids import is_id
from circulation.importing.csv_records import DELIMITERS, Record, read_records, split_lines
from circulation.importing.documents import json_of
from circulation.importing.items import SourceError
from circulation.importing.totals_columns import (
    CORRECTIONS,
    COUNTED,
    Columns,
    find_columns,
    is_id_column,
    lacking,
    leave_out,
    plain_heading,
)
from circulation.importing.view_numbers import find_decimal_mark, read_number
from circulation.text import displayed

MAX_BYTES = 64 * 1024 * 1024
MAX_EXAMPLES = 5
"""Examples in a note."""

_WINDOWS = "windows-1252"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_COMMENT = re.compile(r"\s*+|#(?:[ \t-].*+)?|sep=.", flags=re.IGNORECASE)
"""A blank line, a comment of GA4, or what Excel says of the delimiter."""
_NO_ADDRESSES = {
    "(not set)", "(other)", "(none)", "(data deleted)", "others", "summary", "total", "totals",
    "grand total",
}  # fmt: skip
"""What reports write in place of an address, for the sum of rows that have none of their own."""

_Key = tuple[str, str]
"""A host and a canonical path, or "#" and an id; the host is empty if a row has only a path."""
_ID = "#"


@dataclass(frozen=True, slots=True)
class Total:
    """The views of an article that were counted elsewhere, by the fields of a submission."""

    views_before: int
    views_counted: int | None = None
    """None if the total is an older counter's."""
    corrections: tuple[Any, ...] = ()
    """As an export has them, for the API to check."""

    def __add__(self, other: "Total") -> "Total":
        """Sum the views under two addresses of one article."""
        pair = (self.views_counted, other.views_counted)
        counted = [views for views in pair if views is not None]
        return Total(
            self.views_before + other.views_before,
            sum(counted) if counted else None,
            self.corrections + other.corrections,
        )

    @property
    def views(self) -> int:
        """The older total and what was counted, together."""
        return self.views_before + (self.views_counted or 0)

    def fields(self) -> dict[str, Any]:
        """Give the fields of a submission."""
        counted = {} if self.views_counted is None else {"views_counted": self.views_counted}
        corrected = {"corrections": list(self.corrections)} if self.corrections else {}
        return {"views_before": self.views_before} | counted | corrected


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that could not be read; its texts are safe to show (text.displayed)."""

    where: str
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", displayed(self.where))
        object.__setattr__(self, "reason", displayed(self.reason))


@dataclass(frozen=True, slots=True)
class TotalRow:
    """The total of one row of a file, and what it is of: an id or an address."""

    where: str
    name: str
    total: Total
    is_id: bool = False
    address: str = ""
    """The address beside an id; empty if there is none."""


@dataclass(slots=True)
class TotalEntry:
    """The rows of one id or address, added up."""

    where: str
    """Where the first of them stands."""
    name: str
    """The id or address as it is written there."""
    total: Total
    rows: int = 1
    spellings: set[str] = field(default_factory=set)
    """Other spellings of the address, a few of them."""
    article: str = ""
    """The article that the total was given to; empty as long as it is unmatched."""


class Totals:
    """The totals by id, and by host and canonical path."""

    def __init__(
        self,
        rows: Iterable[TotalRow] = (),
        faults: Sequence[RowFault] = (),
        notes: Sequence[str] = (),
    ) -> None:
        self.faults = list(faults)
        """The rows that could not be read."""
        self._notes = list(notes)
        self._entries: dict[_Key, TotalEntry] = {}
        self._disputed: dict[_Key, str] = {}
        self._ids_at: dict[_Key, set[_Key]] = {}
        """The ids of rows that have an address, too, by that."""
        for row in rows:
            self._add(row)

    def _add(self, row: TotalRow) -> None:
        try:
            key = (_ID, row.name) if row.is_id else _key_of(row.name)
            if row.address:
                self._ids_at.setdefault(_key_of(row.address), set()).add(key)
        except ValueError as error:
            self.faults.append(RowFault(row.where, f"{row.name} is no address: {error}"))
            return
        entry = self._entries.get(key)
        if entry is None:
            self._entries[key] = TotalEntry(row.where, row.name, row.total)
            return
        entry.total += row.total
        entry.rows += 1
        if row.name != entry.name and len(entry.spellings) < MAX_EXAMPLES:
            entry.spellings.add(row.name)

    def __len__(self) -> int:
        """Give the number of totals."""
        return len(self._entries)

    def of(self, article: Mapping[str, Any]) -> Total | None:
        """Give the total of a submission's article, by its id or else by its addresses.

        The rows of all its addresses are added up: of its own and of its aliases, also of rows that
        have another id beside the address. A row with a host
        is of an article of that host alone. An address that several articles share is of none of
        them, and a total goes to the first article that has its address.
        """
        name = article.get("id")
        keys = [(_ID, name)] if isinstance(name, str) else []
        if not any(key in self._entries for key in keys) and not article.get("shared_url"):
            addresses = _address_keys(article)
            ids = [key for address in addresses for key in sorted(self._ids_at.get(address, ()))]
            keys = [*addresses, *ids]
        claimant = str(name or article.get("url"))
        total = None
        for key in dict.fromkeys(keys):
            entry = self._entries.get(key)
            if entry is None:
                continue
            if entry.article not in ("", claimant):
                self._disputed.setdefault(key, claimant)
                continue
            entry.article = claimant
            total = total + entry.total if total else entry.total
        return total

    def unmatched(self) -> list[TotalEntry]:
        """Give the totals that no article was found for, in the order of the file."""
        return [entry for entry in self._entries.values() if not entry.article]

    @property
    def notes(self) -> list[str]:
        """What was assumed, left out and added up."""
        several = [entry for entry in self._entries.values() if entry.rows > 1]
        spelt = [entry for entry in several if entry.spellings]
        notes = list(self._notes)
        if several:
            rows = sum(entry.rows for entry in several)
            notes.append(f"{rows} rows are of {len(several)} articles, whose views are added up")
        if spelt:
            examples = "; ".join(
                f"{entry.name} as {', '.join(sorted(entry.spellings))}"
                for entry in spelt[:MAX_EXAMPLES]
            )
            notes.append(f"{len(spelt)} of them are written in several ways, such as {examples}")
        disputed = [(self._entries[key], other) for key, other in self._disputed.items()]
        notes += [
            f"{entry.where}: {entry.name} is of several articles: its views went to "
            f"{entry.article}, and not to {other}"
            for entry, other in disputed[:MAX_EXAMPLES]
        ]
        return [displayed(note) for note in notes]


def read_totals(path: Path, *, decimal: str = "") -> Totals:
    """Read totals from a CSV or JSON file, which may be gzipped.

    A row that cannot be read is one of the totals' faults, and the others are read. Decimal is the
    decimal mark of the numbers, found by all of them if it is empty. Raises SourceError if nothing
    of the file can be read, or if it can be read in several ways.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error}") from error
    try:
        text, notes = _decode(content)
        rows = _RowReader(decimal, notes)
        if text.lstrip()[:1] in ("[", "{"):
            return rows.read(_read_json(json_of(text)))
        return rows.read(_read_csv(text, rows))
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _decode(content: bytes) -> tuple[str, list[str]]:
    """Decode a file; the notes say what was assumed."""
    if content.startswith(b"\x1f\x8b"):
        try:
            content = zlib.decompressobj(31).decompress(content, MAX_BYTES + 1)
        except zlib.error as error:
            raise SourceError(f"it is not gzip: {error}") from error
    if len(content) > MAX_BYTES:
        raise SourceError(f"it is longer than {MAX_BYTES // 2**20} MB")
    encoding = next(
        (name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8"
    )
    notes = []
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise SourceError(f"it is not {encoding}: {error}") from error
        try:
            text = content.decode(_WINDOWS)
        except UnicodeDecodeError:
            raise SourceError(f"it is neither UTF-8 nor {_WINDOWS}") from error
        notes.append(f"it is not UTF-8, and is read as {_WINDOWS}")
    if "\0" in text:
        raise SourceError("it is no text: save it as UTF-8")
    return text, notes


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row of a file, by plain headings, and its columns."""

    where: str
    row: Mapping[str, str]
    columns: Columns


class _RowReader:
    """Reads rows, and collects their faults and what has to be said of them."""

    def __init__(self, decimal: str, notes: list[str]) -> None:
        self._decimal = decimal
        self._left_out: Counter[str] = Counter()
        self._meta_keys: set[str] = set()
        self.notes = notes
        self.faults: list[RowFault] = []

    def read(self, cells: Iterable[_Cells | RowFault]) -> Totals:
        found = []
        for entry in cells:
            if isinstance(entry, RowFault):
                self.faults.append(entry)
            elif reason := leave_out(entry.row, entry.columns):
                self._left_out[reason] += 1
            else:
                found.append(entry)
                self._meta_keys.update(entry.row[name] for name in entry.row if name == "metakey")
        if len(self._meta_keys) > 1:
            raise SourceError(f"it has several numbers of views: {', '.join(self._meta_keys)}")
        mark = self._decimal or self._find_mark(found)
        rows = [row for entry in found if (row := self._read_row(entry, mark))]
        if not rows and self.faults:
            raise SourceError(f"{self.faults[0].where}: {self.faults[0].reason}")
        self.notes += [
            f"{number} rows are left out: they are of {reason}"
            for reason, number in self._left_out.items()
        ]
        return Totals(rows, self.faults, self.notes)

    def _find_mark(self, found: Sequence[_Cells]) -> str:
        mark = find_decimal_mark(
            text for entry in found for text in _numbers_of(entry.row, entry.columns)
        )
        if mark:
            self.notes.append(
                f"the numbers show that {mark} is the decimal mark (--decimal says it otherwise)"
            )
        return mark

    def _read_row(self, entry: _Cells, mark: str) -> TotalRow | None:
        column, name = entry.columns.key_of(entry.row)
        if not is_id_column(column) and name.casefold() in _NO_ADDRESSES:
            self._left_out["no page"] += 1
            return None
        try:
            return _row_of(entry, mark)
        except (ValueError, SourceError) as error:
            self.faults.append(RowFault(entry.where, str(error)))
            return None


def _row_of(entry: _Cells, mark: str) -> TotalRow:
    """Read the total in a row. Raises ValueError and SourceError."""
    row, columns = entry.row, entry.columns
    column, name = columns.key_of(row)
    of_ids = is_id_column(column)
    if not name:
        raise ValueError("it has no id and no address")
    if of_ids and not is_id(name):
        raise ValueError(f"{name} is no id of an article")
    address = name if of_ids else columns.address_of(row, column, name)
    beside = columns.address_beside(row) if of_ids else ""
    numbers = [read_number(text, mark) for text in _numbers_of(row, columns)] or [1]
    corrections = json_of(row[CORRECTIONS]) if row.get(CORRECTIONS) else []
    if not isinstance(corrections, list):
        raise ValueError("corrections must be a list")  # noqa: TRY004  a fault of the input
    counted = numbers[1] if columns.has_counted else None
    total = Total(numbers[0], counted, tuple(corrections))
    return TotalRow(entry.where, address, total, of_ids, beside)


def _numbers_of(row: Mapping[str, str], columns: Columns) -> list[str]:
    names = [columns.views, COUNTED] if columns.has_counted else [columns.views]
    return [row[name] for name in names if name]


def _read_csv(text: str, rows: _RowReader) -> Iterator[_Cells | RowFault]:
    lines = split_lines(text)
    heading, delimiter, columns = _find_heading(lines)
    key = next(shown for shown in heading.cells if plain_heading(shown) == columns.keys[0])
    views = next((shown for shown in heading.cells if plain_heading(shown) == columns.views), "")
    taken = f"views are the column {views.strip()}" if views else "each row is one view"
    rows.notes.append(f"{taken}, and {key.strip()} says of which article")
    for record in read_records(lines, delimiter, heading.end):
        where = f"line {record.line}"
        if _is_comment(lines[record.line - 1]):
            # GA4 puts comments before each of the tables of a file.
            rest = [line for line in lines[record.line :] if not _is_comment(line)]
            if rest:
                yield RowFault(where, "another table begins here: import it as a file of its own")
            return
        if record.fault:
            yield RowFault(where, record.fault)
        elif "Grand total" in record.cells:  # in a cell more than GA4's other rows have
            yield _Cells(where, {"": "Grand total"}, columns)
        elif len(record.cells) != len(heading.cells):
            yield RowFault(
                where, f"has {len(record.cells)} fields, the heading {len(heading.cells)}"
            )
        else:
            yield _Cells(where, columns.row_of(record.cells), columns)


def _is_comment(line: str) -> bool:
    return bool(_COMMENT.fullmatch(line.rstrip("\r\n")))


def _find_heading(lines: Sequence[str]) -> tuple[Record, str, Columns]:
    """Find the heading: the first line after comments, by which the delimiter is told, too.

    Tables of something else, which GA4 puts before that of the pages, end with a comment.
    """
    first_cells: tuple[str, ...] = ()
    begins = True
    for number, line in enumerate(lines, 1):
        if _is_comment(line):
            begins = True
            continue
        if not begins:
            continue
        begins = False
        records = [
            (next(read_records(lines, delimiter, number)), delimiter) for delimiter in DELIMITERS
        ]
        records.sort(key=lambda found: len(found[0].cells), reverse=True)
        for record, delimiter in records:
            columns = find_columns(record.cells)
            if columns:
                return record, delimiter, columns
        first_cells = first_cells or records[0][0].cells
    raise SourceError(
        f"its heading, {', '.join(first_cells) or 'which is missing,'} {lacking(first_cells)}"
    )


def _read_json(content: Any) -> Iterator[_Cells | RowFault]:  # noqa: ANN401  whatever JSON holds
    """Read {"264384": 346, …}, or a list of objects with views and an id or an address."""
    if isinstance(content, dict):
        for name, views in content.items():
            kind = "id" if is_id(name) else "url"
            yield _cells_of_json(f"entry {name}", {kind: name, "views": views})
        return
    for place, row in enumerate(content, 1):
        where = f"entry {place}"
        yield (
            _cells_of_json(where, row) if isinstance(row, dict) else RowFault(where, "is no object")
        )


def _cells_of_json(where: str, row: Mapping[str, Any]) -> _Cells | RowFault:
    columns = find_columns([name for name, value in row.items() if value not in (None, "")])
    if columns is None:
        return RowFault(where, lacking(list(row)))
    cells = {plain_heading(name): _text_of(value) for name, value in row.items()}
    return _Cells(where, cells, columns)


def _text_of(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    if isinstance(value, bool | dict) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value).strip()


@lru_cache(maxsize=10_000)  # an export of hits has an address many times
def _key_of(address: str) -> _Key:
    """Give the host and the canonical path of an address. Raises ValueError."""
    return host_of(address), canonical_path(address)


def _address_keys(article: Mapping[str, Any]) -> list[_Key]:
    """Give the keys under which rows of an article may stand."""
    aliases = article.get("aliases")
    keys: list[_Key] = []
    for address in [article.get("url"), *(aliases if isinstance(aliases, list) else ())]:
        if not isinstance(address, str):
            continue
        try:
            host, path = _key_of(address)
        except ValueError:  # the API refuses it
            continue
        keys += [(host, path), ("", path)]
    return keys
