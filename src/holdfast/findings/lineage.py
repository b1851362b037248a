"""From a number back to what it rests on: measure → rows → assumptions → facts and claims → origins.

Written as ``lineage.json`` when a run builds its Problems, so that ``why`` needs no engine.  A node is an address with
a few words about it and the addresses that it uses directly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holdfast.plan import formulas
from holdfast.plan.measures import MEASURES
from holdfast.plan.model import Plan, Requirement, Row

SCHEMA_VERSION = 1
SINGULAR = {"assumptions": "assumption", "facts": "fact", "claims": "claim", "sources": "source"}
LINKS = {
    "units": {"nation": "nations", "unit_type": "unit_types", "policy": "policies"},
    "tasks": {"unit_type": "unit_types"},
    "commitments": {"nation": "nations", "unit_type": "unit_types"},
    "substitutions": {"task_type": "unit_types", "unit_type": "unit_types"},
    "claims": {"source": "sources"},
}
"""Columns that name a row of another table."""

WORDS = {
    "units": ("nation", "unit_type", "quantity", "policy"),
    "tasks": ("component", "unit_type", "quantity"),
    "policies": ("cycle_days", "start_deployable_day", "bog_days", "overlap_days"),
    "nations": ("name", "max_people_deployed"),
    "unit_types": ("name", "people"),
    "commitments": ("nation", "people", "kind"),
    "substitutions": ("task_type", "unit_type", "effectiveness"),
    "facts": ("nation", "attribute", "value", "unit", "year"),
    "claims": ("date", "speaker", "statement"),
    "sources": ("outlet", "date", "url"),
    "assumptions": ("kind", "low", "mode", "high", "formula", "unit"),
}
"""Columns that say in a few words what a row is."""


def address_of(row: Row) -> str:
    """The address of a row: ``assumption/x``, ``fact/N067``, ``claim/C001``, ``units/GBR-inf``."""
    return f"{SINGULAR.get(row.table, row.table)}/{row.id}"


def lineage(plan: Plan) -> dict[str, Any]:
    """The content of ``lineage.json``: every node of a plan, by address."""
    nodes: dict[str, dict[str, Any]] = {}
    for table in plan.tables.values():
        for row in table:
            nodes[address_of(row)] = {"text": _words(row), "uses": list(dict.fromkeys(_uses(plan, row)))}
    for requirement in plan.requirements:
        nodes[f"requirement/{requirement.id}"] = {"text": requirement.title, "uses": [_measured(requirement)]}
    components = dict.fromkeys(row.text("component") for row in plan["tasks"] if row["component"])
    nations = dict.fromkeys(row.text("nation") for row in plan["units"] if row["nation"])
    for measure in MEASURES.values():
        by_nation = "nation" in measure.by
        for part in ("", *(nations if by_nation else components)):
            query = f"?{measure.by[0]}={part}" if part else ""
            rows = _rows_of_nation(plan, part) if by_nation else _rows_of_component(plan, part)
            uses = [address_of(row) for row in rows]
            nodes[f"measure/{measure.name}{query}"] = {"text": f"{measure.meaning} ({measure.unit})", "uses": uses}
    return {"schema_version": SCHEMA_VERSION, "nodes": nodes}


def closure(nodes: Mapping[str, Mapping[str, Any]], start: Iterable[str]) -> dict[str, int]:
    """Every address that the given ones rest on, with its distance; the given ones are at 0."""
    found = dict.fromkeys(start, 0)
    ring = list(found)
    while ring:
        following = []
        for address in ring:
            for used in nodes.get(address, {}).get("uses", ()):
                if used not in found:
                    found[used] = found[address] + 1
                    following.append(used)
        ring = following
    return found


def _measured(requirement: Requirement) -> str:
    parts = (("component", requirement.component), ("nation", requirement.nation))
    query = "&".join(f"{key}={value}" for key, value in parts if value)
    return f"measure/{requirement.measure}" + (f"?{query}" if query else "")


def _rows_of_component(plan: Plan, component: str) -> list[Row]:
    """The tasks of a component and whatever serves them, then all that competes for it, however far away."""
    return _with_rivals(plan, [row for row in plan["tasks"] if not component or row["component"] == component], [])


def _rows_of_nation(plan: Plan, nation: str) -> list[Row]:
    """The units of a nation and the tasks that they can serve, then all that competes for either."""
    return _with_rivals(plan, [], [row for row in plan["units"] if not nation or row.text("nation") == nation])


def _with_rivals(plan: Plan, tasks: list[Row], units: list[Row]) -> list[Row]:
    """Tasks and units that hang together, the given ones first.

    A unit serves tasks of its type or of one that it may stand in for; units of one nation share its ceiling and its
    commitments; who serves one task is not there for another.
    """
    serves = {(row.text("unit_type"), row.text("task_type")) for row in plan["substitutions"]}
    commitments: dict[str, Row] = {}

    def fits(unit: Row, task: Row) -> bool:
        pair = unit.text("unit_type"), task.text("unit_type")
        return pair[0] == pair[1] or pair in serves

    found_tasks, found_units = {row.id: row for row in tasks}, {row.id: row for row in units}
    before = -1
    while before != len(found_tasks) + len(found_units):
        before = len(found_tasks) + len(found_units)
        found_units |= {u.id: u for u in plan["units"] if any(fits(u, task) for task in found_tasks.values())}
        nations = {row.text("nation") for row in found_units.values()}
        found_units |= {row.id: row for row in plan["units"] if row.text("nation") in nations}
        commitments = {row.id: row for row in plan["commitments"] if row.text("nation") in nations}
        found_tasks |= {t.id: t for t in plan["tasks"] if any(fits(unit, t) for unit in found_units.values())}
    types = {row.text("unit_type") for row in (*found_tasks.values(), *commitments.values())}
    swaps = [row for row in plan["substitutions"] if row.text("task_type") in types]
    return [*found_tasks.values(), *found_units.values(), *swaps, *commitments.values()]


def _uses(plan: Plan, row: Row) -> Iterator[str]:
    for cell in row.cells.values():
        if cell.ref:
            yield _named(plan, cell.ref)
    if row.table == "assumptions" and row["kind"] == "formula":
        for name in formulas.names(formulas.parse(row.text("formula"))):
            yield _named(plan, name)
    for column, table in LINKS.get(row.table, {}).items():
        yield from _linked(plan, table, row.text(column))
    for column in ("claims", "source", "derived_from", "supersedes"):
        if column in row.cells and not (row.table == "claims" and column == "source"):
            yield from _cited(plan, row.text(column))


def _named(plan: Plan, name: str) -> str:
    return f"assumption/{name}" if name in plan["assumptions"].by_id else f"fact/{name}"


def _linked(plan: Plan, table: str, row_id: str) -> Iterator[str]:
    if table == "policies":
        yield from (f"policies/{row.id}" for row in plan["policies"] if row.id.split("@")[0] == row_id)
    elif row_id in plan[table].by_id:
        yield f"{SINGULAR.get(table, table)}/{row_id}"


def _cited(plan: Plan, text: str) -> Iterator[str]:
    for part in (piece.strip() for piece in text.split(";")):
        for table in ("claims", "facts", "sources"):
            if part in plan[table].by_id:
                yield f"{SINGULAR[table]}/{part}"


def _words(row: Row) -> str:
    columns = [column for column in WORDS.get(row.table, ()) if column in row.cells and row.text(column)]
    return ", ".join(f"{column} {row.text(column)}" for column in columns)
