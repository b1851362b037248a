"""What the user wrote, typed and frozen: a :class:`Plan` of tables, rows and cells, each with its place.

No NumPy here: checking a plan stays light.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

Value = int | float | str | bool | None


@dataclass(frozen=True, slots=True)
class Ref:
    """A cell ``=name``: its value is that of an assumption or of a fact, draw by draw."""

    name: str

    def __str__(self) -> str:
        return f"={self.name}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One typed value with its place; blank cells carry the schema's default."""

    value: Value | Ref
    text: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``row["people"]`` is the typed value of that column, a :class:`Ref` or None."""

    table: str
    id: str
    line: int
    cells: Mapping[str, Cell]

    def __getitem__(self, column: str) -> Value | Ref:
        return self.cells[column].value

    def text(self, column: str) -> str:
        """The value as text; blank for None."""
        value = self.cells[column].value
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of one CSV file, in file order; an absent file is an empty table."""

    name: str
    path: str
    rows: tuple[Row, ...] = ()
    by_id: Mapping[str, Row] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row_id: str) -> Row:
        return self.by_id[row_id]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that the plan must do; the verdict is made of these."""

    id: str
    title: str
    measure: str
    statistic: str  # every_day | mean | share_of_days | last_day
    probability: float
    from_day: int
    to_day: int  # last day, counted in
    at_least: float | None = None
    at_most: float | None = None
    share: float | None = None  # for share_of_days
    component: str = ""
    nation: str = ""
    place: str = ""
    given: str = "trigger"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the plan under which policies and tasks may differ; it runs until the next phase begins."""

    name: str
    from_day: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked plan, immutable.  ``folder`` is where it came from; nothing is read from there again."""

    folder: Path
    title: str
    c_day: date
    compiled: date
    horizon_days: int
    requirements: tuple[Requirement, ...]
    phases: tuple[Phase, ...]
    options: Mapping[str, Value]
    tables: Mapping[str, Table]
    files: Mapping[str, bytes]  # every input as read, by relative path: the audit copy of a run
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # --set address: value

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]
