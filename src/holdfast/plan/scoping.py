"""Warnings: what is odd in a plan but possible, above all demand without supply and supply without demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from holdfast.base.errors import Fault
from holdfast.plan import formulas
from holdfast.plan.faults import make
from holdfast.plan.model import Cell, Plan, Ref, Row, Table
from holdfast.plan.names import Names

ARMY_SHARE = 0.7
"""Army share of all services above which two facts are worth a second look."""


def warnings(plan: Plan, names: Names, broken: frozenset[str]) -> list[Fault]:
    """Every warning, in no particular order; tables that could not be read give none."""
    found: list[Fault] = []
    if not broken:
        used = used_names(plan, names)
        found += _unused(plan, used)
        found += _unserved(plan)
        found += _uncounted(plan, names)
        found += _late(plan)
        found += _army_shares(plan, names, used)
    return found


def _warn(table: Table, cell: Cell, code: str, message: str) -> Fault:
    value = cell.text or ("" if cell.value is None else str(cell.value))
    return make(cell.origin or table.path, (cell.line, cell.column), code, message, value)


def _cell_names(plan: Plan) -> Iterator[str]:
    """Names used by cells, directly."""
    for table in plan.tables.values():
        for row in table:
            yield from (cell.ref for cell in row.cells.values() if cell.ref)


def _closure(start: Iterable[str], names: Names) -> set[str]:
    """Names and whatever their formulas stand on."""
    found: set[str] = set()
    pending = list(start)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            if name in names.trees:
                pending.extend(formulas.names(names.trees[name]))
    return found


def used_names(plan: Plan, names: Names) -> set[str]:
    """Assumptions and facts that some cell uses, directly or through formulas."""
    return _closure(_cell_names(plan), names)


def _unused(plan: Plan, used: set[str]) -> Iterator[Fault]:
    if not plan.requirements:
        top = plan.settings["plan"]
        place = (top.rows[0].line, 1)
        yield make(top.path, place, "no-requirement", "the plan has no requirement")
    table = plan["assumptions"]
    for row in table:
        if row.id not in used:
            yield _warn(table, row.cells["name"], "unused-assumption", f"nothing uses the assumption {row.id}")
    table = plan["policies"]
    named = {row.text("policy") for row in plan["units"]}
    for row in table:
        if row.text("id") not in named:
            yield _warn(table, row.cells["id"], "unused-policy", f"no units are under the policy {row.text('id')}")
        start, bog, cycle = (row[name] for name in ("start_deployable_day", "bog_days", "cycle_days"))
        if isinstance(start, int) and isinstance(bog, int) and isinstance(cycle, int) and start + bog > cycle:
            message = f"a tour from day {start} for {bog} days ends on day {start + bog} of a cycle of {cycle} days"
            yield _warn(table, row.cells["bog_days"], "policy-cycle", message)


def _unserved(plan: Plan) -> Iterator[Fault]:
    """Scoping: demand that nobody can supply and supply that nobody demands."""
    substitutes: dict[str, set[str]] = {}
    for row in plan["substitutions"]:
        substitutes.setdefault(row.text("task_type"), set()).add(row.text("unit_type"))
    table = plan["tasks"]
    wanted: set[str] = set()
    for row in table:
        kind = row.text("unit_type")
        fitting = {kind, *substitutes.get(kind, ())}
        wanted |= fitting
        if not any(_can_serve(unit, row, fitting) for unit in plan["units"]):
            message = f"no units can serve the task {row.id} (type {kind} or a substitute)"
            yield _warn(table, row.cells["unit_type"], "nobody-can-serve", message)
    wanted |= {row.text("unit_type") for row in plan["commitments"]}
    table = plan["units"]
    for row in table:
        if row.text("unit_type") not in wanted:
            message = f"no task wants the units {row.id} (type {row.text('unit_type')})"
            yield _warn(table, row.cells["unit_type"], "nobody-wants", message)


def _can_serve(unit: Row, task: Row, fitting: set[str]) -> bool:
    if unit.text("unit_type") not in fitting or unit["posture"] == "standby" or unit["quantity"] == 0:
        return False
    return unit["posture"] != "forward" or unit["home_place"] == task["place"]


def subtracted_names(plan: Plan, names: Names) -> set[str]:
    """Assumptions and facts behind the quantity of some pool."""
    refs = (row.cells["quantity"].ref for row in plan["units"])
    return _closure((ref for ref in refs if ref), names)


def _uncounted(plan: Plan, names: Names) -> Iterator[Fault]:
    """Commitments that neither tie up units nor lower a quantity."""
    behind = subtracted_names(plan, names)
    table = plan["commitments"]
    for row in table:
        people = row["people"]
        subtracted = isinstance(people, Ref) and people.name in behind
        if not row["unit_type"] and not subtracted and not row["contained_in"]:
            yield _warn(table, row.cells["people"], "counted-nowhere", f"the commitment {row.id} is counted nowhere")


def _late(plan: Plan) -> Iterator[Fault]:
    columns = {"tasks": "start_day", "units": "available_from_day", "commitments": "from_day", "phases": "from_day"}
    for name, column in columns.items():
        table = plan.settings[name] if name == "phases" else plan[name]
        for row in table:
            day = row[column]
            if isinstance(day, int) and day >= plan.horizon_days:
                message = f"{name}.{column} of {row.id} is {day}, the last day of the horizon {plan.horizon_days - 1}"
                yield _warn(table, row.cells[column], "beyond-horizon", message)


def _army_shares(plan: Plan, names: Names, used: set[str]) -> Iterator[Fault]:
    """Army figures that the plan uses against the all-services figure of the same nation."""
    table = plan["facts"]
    totals: dict[str, float] = {}
    for row in table:
        if row.text("attribute") == "active_personnel_all_services" and row.id in names.constants:
            totals[row.text("nation")] = names.constants[row.id]
    for row in table:
        total = totals.get(row.text("nation"), 0.0)
        if row.id in used and row.text("attribute").startswith("army_") and total > 0 and row.id in names.constants:
            share = names.constants[row.id] / total
            if "persons" in str(names.units[row.id]) and share > ARMY_SHARE:
                message = f"{row.id} is {share:.2f} of all services of {row.text('nation')}"
                yield _warn(table, row.cells["value"], "army-share", message)
