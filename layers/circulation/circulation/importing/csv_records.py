"""Records of CSV as RFC 4180 defines it, each with the line that it begins on."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a record, or the reason why it has none; lines count from 1."""

    line: int
    cells: tuple[str, ...]
    end: int
    """The line after its last one."""
    fault: str = ""


def split_lines(text: str) -> list[str]:
    """Split a text after each CRLF, LF or CR, and at nothing else that Unicode calls a line end."""
    return list(io.StringIO(text, newline=""))


def read_records(lines: Sequence[str], delimiter: str, first: int = 1) -> Iterator[Record]:
    """Read the records from a line on.

    A doubled quote inside quotes is a quote, and a field in quotes may have line ends (RFC 4180,
    2.6 and 2.7). Where a quote is not closed, or text follows a closing one, the line that the
    record begins on is a fault, and reading goes on after it: a quote too many spoils no other
    line. Blank lines are passed over.
    """
    while first <= len(lines):
        rest = map(lines.__getitem__, range(first - 1, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        begin = first
        try:
            for cells in reader:
                end = first + reader.line_num
                if cells:
                    yield Record(begin, tuple(cells), end)
                begin = end
        except csv.Error as error:
            yield Record(begin, (), begin + 1, f"is no CSV: {error}")
            first = begin + 1
        else:
            return
