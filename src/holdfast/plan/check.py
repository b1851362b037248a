"""Checks across rows and files: references, names and units, policies, days, requirements."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.base.clock import last_day_of
from holdfast.base.errors import Fault
from holdfast.plan import formulas, scoping
from holdfast.plan.cells import is_plain_id, split_ids
from holdfast.plan.distributions import check_assumption
from holdfast.plan.faults import make, suggestion
from holdfast.plan.measures import MEASURES
from holdfast.plan.model import Cell, Plan, Ref, Row, Table
from holdfast.plan.names import Names, unit_of_text
from holdfast.plan.schema import SECTIONS, Column, table_schema

_TIMELESS = ("statistic", "share", "from_day", "to_day")


def check(plan: Plan, names: Names, broken: frozenset[str]) -> tuple[list[Fault], list[Fault]]:
    """Faults and warnings of a typed plan; ``broken`` names the tables that could not be read, which are not held
    against the rest.
    """
    checker = _Checker(plan, names, broken)
    checker.references()
    checker.assumptions()
    checker.policies()
    checker.units()
    checker.commitments()
    checker.claims()
    checker.days()
    checker.phases()
    checker.requirements()
    faults = [*names.faults, *checker.faults]
    return faults, scoping.warnings(plan, names, broken)


class _Checker:
    """One pass over a plan; cells that are already at fault (value None, text there) are passed over."""

    def __init__(self, plan: Plan, names: Names, broken: frozenset[str]) -> None:
        self.plan, self.names, self.broken = plan, names, broken
        self.faults: list[Fault] = []
        self.ids: dict[str, set[str]] = {}

    def fault(self, table: Table, cell: Cell, code: str, message: str, *, rule: str = "", remedy: str = "") -> None:
        """Note a fault at a cell."""
        value = cell.text or ("" if cell.value is None or code == "missing-value" else str(cell.value))
        place = (cell.line, cell.column)
        self.faults.append(make(cell.origin or table.path, place, code, message, value, rule=rule, remedy=remedy))

    def table(self, name: str) -> Table:
        """A table or a section of plan.yaml."""
        return self.plan.settings[name] if name in SECTIONS else self.plan.tables[name]

    # references

    def references(self) -> None:
        """Ids that refer to rows, ``=names`` with their units, and ids under ``source``."""
        ids = {name: {row.text("id") for row in self.plan[name]} for name in self.plan.tables if name != "assumptions"}
        ids["phases"] = {phase.name for phase in self.plan.phases}
        ids["claims, sources or facts"] = ids["claims"] | ids["sources"] | ids["facts"]
        self.ids = ids
        for table in (*self.plan.tables.values(), *self.plan.settings.values()):
            columns = table_schema(table.name).columns.values()
            for row in table:
                for column in columns:
                    if column.name in row.cells:
                        self._reference(table, row, column)

    def _reference(self, table: Table, row: Row, column: Column) -> None:
        cell = row.cells[column.name]
        if isinstance(cell.value, Ref):
            if cell.text:  # a value taken over from another cell is checked there
                self._name(table, row, column, cell, cell.value)
        elif column.refers_to and isinstance(cell.value, str) and column.refers_to not in self.broken:
            for item in split_ids(cell.value):
                self._refers(table, row, column, cell, item)
        elif column.type == "sources" and isinstance(cell.value, str):
            self._sources(table, column, cell)

    def _refers(self, table: Table, row: Row, column: Column, cell: Cell, item: str) -> None:
        known = self.ids[column.refers_to]
        where = f"{table.name}.{column.name}"
        if item not in known:
            otherwise = f"add the row to {column.refers_to}, or correct the id"
            remedy = suggestion(item, sorted(known), otherwise)
            self.fault(table, cell, "unknown-id", f"{where} names {item!r}, which {column.refers_to} do not hold",
                       rule=f"an id of {column.refers_to}", remedy=remedy)  # fmt: skip
        elif column.refers_to == table.name and item == row.text("id"):
            self.fault(table, cell, "self-reference", f"{where} names its own row")

    def _name(self, table: Table, row: Row, column: Column, cell: Cell, reference: Ref) -> None:
        where, name = f"{table.name}.{column.name}", reference.name
        kind = self.names.kinds.get(name)
        if kind is None:
            if not self.names.partial:
                remedy = suggestion(name, self.names.kinds, "correct the name, or add the assumption")
                self.fault(table, cell, "unknown-name", f"{where} names {name!r}, which is nothing", remedy=remedy)
            return
        if kind == "text fact":
            self.fault(table, cell, "text-fact", f"{where} names the fact {name}, which is text")
            return
        unit = row.text(column.unit[4:]) if column.unit.startswith("row:") else column.unit
        if unit and unit_of_text(unit) != self.names.units[name]:
            message = f"{where} is in {unit}, {name} in {self.names.units[name]}"
            self.fault(table, cell, "unit-mismatch", message)

    def _sources(self, table: Table, column: Column, cell: Cell) -> None:
        if self.broken & {"claims", "sources", "facts"}:
            return
        known = self.ids["claims, sources or facts"]
        for item in split_ids(str(cell.value)):
            if is_plain_id(item) and item not in known:
                remedy = suggestion(item, sorted(known), "add the row, or write the source out")
                message = f"{table.name}.{column.name} names {item!r}, which is no claim, source or fact"
                rule = "an id of claims, sources or facts, or words"
                self.fault(table, cell, "unknown-id", message, rule=rule, remedy=remedy)

    # tables, one by one

    def assumptions(self) -> None:
        """The numbers that each kind needs, and no others."""
        table = self.plan["assumptions"]
        for row in table:
            check_assumption(table, row, self.fault)

    def policies(self) -> None:
        """Windows and overlaps of every row, and a row for every phase of every policy in use."""
        table = self.plan["policies"]
        phases: dict[str, set[str]] = {}
        for row in table:
            phases.setdefault(row.text("id"), set()).add(row.text("phase"))
            start, stop, cycle = (row[name] for name in ("start_deployable_day", "stop_deployable_day", "cycle_days"))
            called = [row[name] for name in ("mobilisation_days", "training_days")]
            days = sum(day for day in called if isinstance(day, int))
            if _above(days, stop, equal=True):
                message = f"call-up and training take {days} days and the window closes on day {stop}"
                self.fault(table, row.cells["mobilisation_days"], "policy-window", message)
            elif _above(start, stop, equal=True):
                cell = row.cells["start_deployable_day"]
                self.fault(table, cell, "policy-window", f"the window opens on day {start} and closes on day {stop}")
            elif _above(stop, cycle):
                cell = row.cells["stop_deployable_day"]
                self.fault(table, cell, "policy-window", f"the window closes on day {stop} of a cycle of {cycle} days")
            if _above(row["overlap_days"], row["bog_days"], equal=True):
                message = f"overlap of {row['overlap_days']} days in a tour of {row['bog_days']}"
                self.fault(table, row.cells["overlap_days"], "policy-overlap", message)
        for name, given in phases.items():
            missing = [phase.name for phase in self.plan.phases if phase.name not in given]
            if "" not in given and missing and "phases" not in self.broken and "plan" not in self.broken:
                row = next(row for row in table if row.text("id") == name)
                self.fault(table, row.cells["id"], "policy-phase", f"policy {name} has no row for {', '.join(missing)}")

    def units(self) -> None:
        """What each posture needs and what it makes void."""
        table = self.plan["units"]
        for row in table:
            posture = row["posture"]
            if posture == "rotating":
                if not row["policy"] and not row.cells["policy"].text:
                    message = "units.policy is blank for rotating units"
                    self.fault(table, row.cells["policy"], "missing-value", message, remedy="name a policy, or set "
                               "posture to permanent, standby or forward")  # fmt: skip
                if row.cells["start_clock_day"].text and row["start"] in ("even", "seeded"):
                    self._void(table, row, "start_clock_day", f"start is {row['start']}")
                self._readiness(table, row)
            elif posture is not None:
                for name in ("policy", "start", "start_clock_day", "readiness", "not_ready_days"):
                    if row.cells[name].text:
                        self._void(table, row, name, f"posture is {posture}")
            if posture == "forward" and not row["home_place"] and not row.cells["home_place"].text:
                message = "units.home_place is blank for forward units"
                self.fault(table, row.cells["home_place"], "missing-value", message)

    def _readiness(self, table: Table, row: Row) -> None:
        given, days = row["readiness"] not in (1, None), row.cells["not_ready_days"]
        if given and not days.text:
            message = "units.not_ready_days is blank although readiness is below 1"
            self.fault(table, days, "missing-value", message, remedy="say for how many days a unit that fails is out")
        elif days.text and not given and not row.cells["readiness"].text:
            self._void(table, row, "not_ready_days", "readiness is 1")

    def _void(self, table: Table, row: Row, column: str, because: str) -> None:
        message = f"{table.name}.{column} has no effect because {because}"
        self.fault(table, row.cells[column], "ignored-cell", message)

    def commitments(self) -> None:
        """Parts do not contain each other in a circle; what ties up units is not subtracted as well."""
        table = self.plan["commitments"]
        self._circles(table, "contained_in")
        subtracted = scoping.subtracted_names(self.plan, self.names)
        for row in table:
            cell = row.cells["people"]
            if row["unit_type"] and cell.ref in subtracted and not row["contained_in"]:
                self.fault(table, cell, "counted-twice", f"{row.id} ties up units and lowers a quantity by formula")

    def claims(self) -> None:
        """Dates up to ``compiled``, low up to high, and no circles of derivation or supersession."""
        table = self.plan["claims"]
        compiled = self.plan.compiled
        for row in table:
            date = row["date"]
            if isinstance(date, str) and date and compiled.year > 1 and _first_day(date) > compiled.isoformat():
                message = f"a claim of {date} in a plan compiled on {compiled.isoformat()}"
                self.fault(table, row.cells["date"], "claim-date", message)
            if _above(row["low"], row["high"]):
                self.fault(table, row.cells["low"], "low-above-high", f"low is {row['low']}, high is {row['high']}")
        self._circles(table, "derived_from")
        self._circles(table, "supersedes")

    def _circles(self, table: Table, column: str) -> None:
        """One fault for every circle of references inside a table."""
        state: dict[str, int] = {}
        for start in table.by_id:
            path: list[tuple[str, list[str]]] = []
            if start not in state:
                state[start] = 1
                path.append((start, split_ids(table.by_id[start].text(column))))
            while path:
                current, pending = path[-1]
                if not pending:
                    state[current] = 2
                    path.pop()
                    continue
                following = pending.pop(0)
                if following not in table.by_id or following == current:
                    continue
                if state.get(following) == 1:
                    names = [name for name, _ in path]
                    circle = formulas.circle((*names[names.index(following) :], following))
                    cell = table.by_id[following].cells[column]
                    self.fault(table, cell, "cycle", f"{table.name}.{column} runs in a circle: {circle}")
                elif following not in state:
                    state[following] = 1
                    path.append((following, split_ids(table.by_id[following].text(column))))

    def days(self) -> None:
        """The first day comes before the last."""
        pairs = {"units": ("available_from_day", "available_to_day"), "commitments": ("from_day", "to_day"),
                 "costs": ("from_day", "to_day")}  # fmt: skip
        for name, (first, last) in pairs.items():
            table = self.plan[name]
            for row in table:
                if _above(row[first], row[last], equal=True):
                    message = f"{name}.{first} is {row[first]}, {last} is {row[last]}"
                    self.fault(table, row.cells[last], "days-order", message, rule=f"{first} < {last}")

    # plan.yaml

    def phases(self) -> None:
        """The first begins on day 0, each later one on a later day."""
        table = self.table("phases")
        before = -1
        for index, row in enumerate(table):
            day = row["from_day"]
            if not isinstance(day, int):
                continue
            if index == 0 and day != 0:
                self.fault(table, row.cells["from_day"], "phase-start", f"the first phase begins on day {day}")
            elif day <= before:
                message = f"phase {row.id} begins on day {day}, the one before it on day {before}"
                self.fault(table, row.cells["from_day"], "phase-start", message)
            before = max(before, day)

    def requirements(self) -> None:
        """Measures, bounds, days and parts of every requirement."""
        table = self.table("requirements")
        for row in table:
            bounds = [name for name in ("at_least", "at_most") if row.cells[name].text]
            if len(bounds) != 1:
                cell = row.cells["at_most"] if bounds else row.cells["id"]
                message = f"requirement {row.id} has {'both' if bounds else 'neither'} of at_least and at_most"
                self.fault(table, cell, "requirement-bound", message)
            self._parts(table, row)
            measure = MEASURES.get(row.text("measure"))
            if measure is None:
                if row["measure"]:
                    self.fault(table, row.cells["measure"], "unknown-measure", f"requirement {row.id} names no measure",
                               rule="one of: " + ", ".join(MEASURES),
                               remedy=suggestion(row.text("measure"), MEASURES, ""))  # fmt: skip
                continue
            for name in ("component", "nation", "place"):
                if row[name] and name not in measure.by:
                    message = f"{measure.name} is not kept by {name}"
                    self.fault(table, row.cells[name], "measure-part", message)
            if measure.unit == "share":
                self._share_bound(table, row, bounds)
            if measure.daily:
                self._daily(table, row)
            else:
                for name in _TIMELESS:
                    if row.cells[name].text:
                        self._void(table, row, name, f"{measure.name} has one value for the whole horizon")

    def _share_bound(self, table: Table, row: Row, bounds: Iterable[str]) -> None:
        for name in bounds:
            value = row[name]
            if isinstance(value, int | float) and not 0 <= value <= 1:
                message = f"{name} of a share is {value}"
                self.fault(table, row.cells[name], "out-of-range", message, rule="a share lies from 0 to 1",
                           remedy="write 0.95 for 95 %")  # fmt: skip

    def _parts(self, table: Table, row: Row) -> None:
        for name in ("component", "place"):
            known = {task.text(name) for task in self.plan["tasks"]} - {""}
            if row[name] and row[name] not in known and "tasks" not in self.broken:
                remedy = suggestion(row.text(name), sorted(known), f"use the {name} of a task, or add the task")
                message = f"no task has the {name} {row[name]}"
                self.fault(table, row.cells[name], "unknown-component", message, remedy=remedy,
                           rule=f"the {name} of a requirement is that of a task")  # fmt: skip

    def _daily(self, table: Table, row: Row) -> None:
        shared = row["statistic"] == "share_of_days"
        if shared and row["share"] is None and not row.cells["share"].text:
            self.fault(table, row.cells["statistic"], "requirement-share", f"requirement {row.id} lacks share")
        if not shared and row["statistic"] is not None and row.cells["share"].text:
            self.fault(table, row.cells["share"], "requirement-share", f"share has no effect with {row['statistic']}")
        horizon = self.plan.horizon_days
        first, last = row["from_day"], row["to_day"]
        if horizon < 1:
            return
        for name, day in (("from_day", first), ("to_day", last)):
            if isinstance(day, int) and day >= horizon:
                message = f"{name} is {day} and the last day of the horizon {horizon - 1}"
                self.fault(table, row.cells[name], "requirement-days", message)
        if _above(first, last):
            message = f"from_day is {first}, to_day is {last}"
            self.fault(table, row.cells["to_day"], "requirement-days", message)


def _above(a: object, b: object, *, equal: bool = False) -> bool:
    """Whether two plain numbers are in the wrong order; False when either is blank, faulty or a reference."""
    if not isinstance(a, int | float) or not isinstance(b, int | float):
        return False
    return a >= b if equal else a > b


def _first_day(text: str) -> str:
    """The first day that a full or partial date can mean: a fault only when the whole of it is too late."""
    last_day_of(text)
    return text + "-01" * (2 - text.count("-"))
