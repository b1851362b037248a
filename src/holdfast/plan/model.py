"""What the user wrote, typed and frozen: a :class:`Plan` of tables, rows and cells, each with its place.

No NumPy here: checking a plan stays light.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from holdfast.base.errors import Fault, UsageError
from holdfast.plan.faults import suggestion

Value = int | float | str | bool | None

ADDRESS_WORDS = {
    "assumptions": "assumption", "claims": "claim", "facts": "fact", "requirements": "requirement",
    "sources": "source", "phases": "phase",
}  # fmt: skip


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
    origin: str = ""  # "" = the file; else the override (``--set …``) that put the value here
    ref: str = ""  # the assumption or fact behind the value, also where a constant has been put in for it


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``row["people"]`` is the typed value of that column, a :class:`Ref` or None.

    ``id`` is the key of the row: the id, the name of an assumption, or ``id@phase`` for the row of a policy under
    one phase.  Blank texts are "", blank numbers None.
    """

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

    @property
    def address(self) -> str:
        """The address of the row, as ``why`` takes it."""
        return f"{ADDRESS_WORDS.get(self.table, self.table)}/{self.id}"


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
class Scenario:
    """A named change to a plan, from ``scenarios.yaml``: the cells that are different in it."""

    name: str
    title: str
    overrides: Mapping[str, str]  # address -> value, as ``Plan.with_`` takes them
    line: int = 0
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict, repr=False)  # address -> place of its value


Builder = Callable[[Path, Mapping[str, bytes], Mapping[str, str]], "Plan"]
"""Makes a checked plan from files and overrides; raises PlanError with every fault."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked plan, immutable.  ``folder`` is where it came from; nothing is read from there again.

    Plans pickle as their files and overrides and are built anew where they arrive.
    """

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
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # address -> value (--set)
    settings: Mapping[str, Table] = field(default_factory=lambda: MappingProxyType({}))  # plan.yaml as typed cells
    warnings: tuple[Fault, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=lambda: MappingProxyType({}))  # by name
    build: Builder | None = field(default=None, repr=False, compare=False)

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def with_(self, overrides: Mapping[str, object]) -> Plan:
        """The plan with some cells set anew, by address; checked again as a whole.

        ``{"units/GBR-inf.quantity": 4}`` sets a cell; ``{"assumption/x": 5}`` fixes an assumption and
        ``{"fact/N067": 5}`` a fact.  Raises UsageError for an address that is not there or cannot be set, PlanError
        when the plan that results is faulty.
        """
        if self.build is None:
            raise TypeError("this plan was not made by load and cannot be built anew")
        new = {address: as_text(value) for address, value in overrides.items()}
        kept = {address: value for address, value in self.overrides.items() if address not in new}
        return self.build(self.folder, self.files, kept | new)  # the last word wins

    def scenario(self, name: str) -> Plan:
        """The plan with the overrides of one of its scenarios.

        Raises UsageError, with the nearest name, when there is no such scenario.
        """
        if name not in self.scenarios:
            known = f"there are: {', '.join(self.scenarios)}" if self.scenarios else "the plan has no scenarios.yaml"
            raise UsageError(f"there is no scenario {name[:80]!r}; {suggestion(name, self.scenarios, known)}")
        return self.with_(self.scenarios[name].overrides)

    def fingerprint(self) -> str:
        """SHA-256 in hex of the files and overrides, wherever the folder stands and whatever the order of either."""
        from hashlib import sha256

        digest = sha256(b"holdfast plan 1")
        parts = [(f"file {name}", data) for name, data in self.files.items()]
        parts += [(f"set {address}", value.encode()) for address, value in self.overrides.items()]
        for name, data in sorted(parts):
            for piece in (name.encode(), data):
                digest.update(len(piece).to_bytes(8, "big"))
                digest.update(piece)
        return digest.hexdigest()

    def __reduce__(self) -> tuple[object, ...]:
        if self.build is None:
            raise TypeError("this plan was not made by load and does not pickle")
        return self.build, (self.folder, dict(self.files), dict(self.overrides))


def as_text(value: object) -> str:
    """The text that a table would hold for a value: 5.0 is 5, True is yes, None is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value == value // 1 and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
