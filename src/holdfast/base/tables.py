"""Text tables as they are typed or exported: cells with their places, nothing interpreted.

Bytes become a :class:`RawTable` of texts.  Whatever is wrong with the bytes becomes a :class:`Fault`; nothing here
raises on bad input.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from holdfast.base.errors import Fault

DELIMITERS = (",", ";", "\t")
MAX_BYTES = 64 * 2**20
"""Larger files are refused: a plan is written by people."""

TEXT_FAULTS: dict[str, tuple[str, str]] = {
    "file-too-large": ("a plan is written by people", "split the file or remove what the plan does not use"),
    "encoding": ("files are UTF-8", "save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"),
    "control-character": ("text holds no control characters but tab and line ends", "remove the character"),
    "empty-file": ("a table has a header line", "write the header line, or remove the file"),
    "broken-row": (
        "a cell that holds a separator, a quote or a line end stands in double quotes, quotes doubled",
        "close or remove the quote",
    ),
    "ragged-row": ("every row has as many cells as the header", "add or remove a separator, or quote the cell"),
    "blank-column": ("every column has a name", "name the column or remove it"),
    "duplicate-column": ("a column stands once", "remove one of the two"),
}
"""Rule and remedy of every fault that bytes and tables can have before a schema is asked."""

_KEPT_CONTROLS = frozenset("\t\n\r")
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class RawCell:
    """A text with the place of its first character; ``quoted`` as it stood; ``origin`` names an override."""

    text: str
    line: int = 0
    column: int = 0
    quoted: bool = False
    origin: str = ""


@dataclass(frozen=True, slots=True)
class RawRow:
    """The cells of one row by column; a column that the file lacks is absent."""

    line: int
    cells: dict[str, RawCell]


@dataclass(slots=True)
class RawTable:
    """A header and its rows.  ``usable`` is False when the file could not be read as a table at all."""

    path: str
    header: tuple[RawCell, ...] = ()
    rows: list[RawRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    delimiter: str = ","
    usable: bool = True


def decode(data: bytes, path: str) -> tuple[str, Fault | None]:
    """The text of UTF-8 bytes with or without a byte order mark, or the fault that forbids it."""
    if len(data) > MAX_BYTES:
        return "", _fault(path, (0, 0), "file-too-large", f"the file has {len(data)} bytes, more than {MAX_BYTES}")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", _fault(path, (1, 1), "encoding", "the file is UTF-16", data[:2].hex(" "))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_after(data[: error.start].decode("utf-8-sig", errors="replace"))
        return "", _fault(path, place, "encoding", "a byte is not UTF-8", data[error.start : error.end].hex(" "))
    for position, character in enumerate(text):
        if (character < " " and character not in _KEPT_CONTROLS) or character == "\x7f":
            place = place_after(text[:position])
            return "", _fault(path, place, "control-character", "a control character", repr(character)[1:-1])
    return text, None


def _fault(path: str, place: tuple[int, int], code: str, message: str, value: str = "", *, remedy: str = "") -> Fault:
    rule, usual = TEXT_FAULTS[code]
    return Fault(path, *place, code, message, value[:80], rule, remedy or usual)


def place_after(text: str) -> tuple[int, int]:
    """Line and column, from 1, of the character that follows ``text``."""
    lines = io.StringIO(text, newline=None).read().split("\n")
    return len(lines), len(lines[-1]) + 1


def read_table(data: bytes, path: str) -> RawTable:
    """The table in the bytes of a CSV file; separators ``,``, ``;`` and tab are recognised by the header."""
    table = RawTable(path)
    text, fault = decode(data, path)
    if fault is None and not text.strip():
        fault = _fault(path, (1, 1), "empty-file", "the file is empty")
    if fault is not None:
        table.faults.append(fault)
        table.usable = False
        return table
    table.delimiter = sniff(text)
    records = _records(text, table)
    header = next(records, None)
    if header is None:
        table.usable = False
        return table
    table.header = tuple(header)
    _check_header(table)
    for record in records:
        _add_row(table, record)
    return table


def sniff(text: str) -> str:
    """The separator that splits the first line that holds anything into most fields; a comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {}
    for delimiter in DELIMITERS:
        try:
            counts[delimiter] = len(next(csv.reader([first], delimiter=delimiter)))
        except csv.Error:
            counts[delimiter] = 0
    return max(DELIMITERS, key=lambda delimiter: counts[delimiter])


def _records(text: str, table: RawTable) -> Iterator[list[RawCell]]:
    """The records that hold anything, each cell with its place; stops with a fault where quoting breaks."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=table.delimiter, skipinitialspace=True, strict=True)
    while True:
        start = reader.line_num
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"the row cannot be read: {error}"
            table.faults.append(_fault(table.path, (start + 1, 1), "broken-row", message))
            table.usable = False
            return
        if any(text.strip() for text in fields):
            yield _placed(fields, lines[start : reader.line_num], start + 1, table.delimiter)


def _placed(fields: list[str], lines: list[str], line: int, delimiter: str) -> list[RawCell]:
    """The fields of one record with the place of the first character that counts in each."""
    if len(lines) == 1 and '"' not in lines[0]:
        cells, column = [], 1
        for text in lines[0].rstrip("\r\n").split(delimiter):
            cells.append(_trimmed(text, line, column, quoted=False))
            column += len(text) + 1
        return cells
    starts = _starts("".join(lines), delimiter)
    return [
        _trimmed(text, line + row, column, quoted=quoted)
        for text, (row, column, quoted) in zip(fields, starts, strict=False)
    ]


def _trimmed(text: str, line: int, column: int, *, quoted: bool) -> RawCell:
    stripped = text.strip()
    lead = len(text) - len(text.lstrip()) if stripped else 0
    if lead:
        down, across = place_after(text[:lead])
        line, column = line + down - 1, across if down > 1 else column + lead
    return RawCell(stripped, line, column, quoted)


def _starts(record: str, delimiter: str) -> list[tuple[int, int, bool]]:
    """Where each field of a record with quotes begins: (lines down, column, quoted)."""
    starts: list[tuple[int, int, bool]] = []
    quoted = inside = False
    at_start = True
    row, column = 0, 0
    previous = ""
    for character in record:
        column += 1
        if previous == "\r" and character != "\n":
            row, column = row + 1, 1
        if at_start and character != " ":
            quoted = inside = character == '"'
            starts.append((row, column + quoted, quoted))
            at_start = character == delimiter
        elif not at_start:
            inside = inside != (quoted and character == '"')
            at_start = character == delimiter and not inside
        if character == "\n":
            row, column = row + 1, 0
        previous = character
    if at_start:
        starts.append((row, column + 1, False))
    return starts


def _check_header(table: RawTable) -> None:
    seen: set[str] = set()
    for cell in table.header:
        place = (cell.line, cell.column)
        if not cell.text:
            table.faults.append(_fault(table.path, place, "blank-column", "a column has no name"))
        elif cell.text in seen:
            table.faults.append(_fault(table.path, place, "duplicate-column", "a column stands twice", cell.text))
        seen.add(cell.text)


def _add_row(table: RawTable, record: list[RawCell]) -> None:
    wanted = len(table.header)
    if len(record) != wanted:
        at = record[wanted] if len(record) > wanted else record[-1]
        message = f"the row has {len(record)} cells, the header {wanted}"
        remedy = f"add or remove a {_SEPARATORS[table.delimiter]}, or quote a cell that holds one"
        table.faults.append(_fault(table.path, (at.line, at.column), "ragged-row", message, at.text, remedy=remedy))
    cells: dict[str, RawCell] = {}
    for name, cell in zip(table.header, record, strict=False):
        if name.text:
            cells.setdefault(name.text, cell)
    table.rows.append(RawRow(record[0].line, cells))
