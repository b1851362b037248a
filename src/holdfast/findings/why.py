"""The way back from any number of a run: its value, the rows, assumptions, facts and claims behind it, whose word
they are, and how far the number moves with each.  No engine is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from holdfast.analyses.evidence.claims import origin_of, read_claims
from holdfast.base.errors import UsageError
from holdfast.findings.lineage import closure
from holdfast.findings.opened import Run
from holdfast.findings.summary import drawn
from holdfast.findings.verdict import moves
from holdfast.plan.faults import suggestion
from holdfast.plan.locate import Address, locate, parse
from holdfast.plan.model import Cell, Plan, Ref, Row
from holdfast.store import read

SCHEMA_VERSION = 1
QUANTILES = (5, 25, 50, 75, 95)


def why(run: Run, text: str) -> dict[str, Any]:
    """What stands behind an address of a run, as in ``why --json``.

    ``value`` is the number (or text) itself; ``rests_on`` every row, assumption, fact and claim behind it, nearest
    first; ``claims`` and ``origins`` whose word that is, ``voices`` how many speak for each assumption; ``moves`` how
    far it moves from the bottom to the top third of each sampled assumption; ``without`` how far it moves when an
    origin is left out.  Raises UsageError for an address that does not exist, with the nearest that does.
    """
    address = parse(text)
    plan = run.plan
    found = locate(plan, address)
    nodes = read.read_json(run.layout.lineage)["nodes"]
    start = _node(address)
    behind = closure(nodes, _starts(plan, address, found, start))
    claims = [plan["claims"][name.split("/")[1]] for name in behind if name.startswith("claim/")]
    spoken = read_claims(plan)
    origins = {row.id: origin_of(spoken, row.id) for row in claims}
    return {
        "schema_version": SCHEMA_VERSION,
        "run": run.id,
        "address": str(address),
        "text": nodes.get(start, {}).get("text", ""),
        "value": _value(run, plan, address, found),
        "rests_on": [
            {"address": name, "depth": depth, "text": nodes.get(name, {}).get("text", "")}
            for name, depth in behind.items()
            if name != str(address)
        ],
        "claims": [_claim(plan, row, origins[row.id]) for row in claims],
        "origins": sorted(set(origins.values())),
        "voices": [
            {"assumption": name, **found}
            for name, found in run.summary["voices"].items()
            if f"assumption/{name}" in behind
        ],
        "moves": _moves(run, address),
        "without": _without(run, address),
        "used_by": sorted(name for name, node in nodes.items() if start in node["uses"]),
    }


def _node(address: Address) -> str:
    """The address of the lineage's node: a whole row, or a measure without its day."""
    kept = tuple(part for part in address.query if part[0] != "day")
    return str(Address(address.table, address.key, "", kept))


def _starts(plan: Plan, address: Address, found: object, start: str) -> list[str]:
    """Where the way back begins: one cell rests on what it names, a row on all that it names."""
    if address.column and isinstance(found, Cell):
        if not found.ref:
            return []
        return [f"assumption/{found.ref}" if found.ref in plan["assumptions"].by_id else f"fact/{found.ref}"]
    return [start]


def _value(run: Run, plan: Plan, address: Address, found: object) -> dict[str, Any]:
    if address.table == "measure":
        return _measured(run, address)
    if address.table == "requirements" and not address.column:
        return dict(next(item for item in run.requirements if item["id"] == address.key))
    if address.table == "assumptions" and not address.column:
        return _assumed(run, address.key)
    if isinstance(found, Cell):
        content: dict[str, Any] = {"value": str(found.value) if isinstance(found.value, Ref) else found.value}
        if isinstance(found.value, Ref) and found.value.name in plan["assumptions"].by_id:
            content.update(_assumed(run, found.value.name))
        return content
    if isinstance(found, Row):
        return {column: found.text(column) for column in found.cells if found.text(column)}
    raise UsageError(f"{address} has no value of its own")


def _measured(run: Run, address: Address) -> dict[str, Any]:
    query = dict(address.query)
    name = _node(address)
    if "day" in query:
        day = int(query["day"])
        nominal = read.read_table(run.layout.table("series"), [name]).column(name)[day].as_py()
        bands = read.read_table(run.layout.over_draws("bands"))
        levels = {f"p{q:02d}": bands.column(f"{name}&quantile={q:02d}")[day].as_py() for q in QUANTILES}
        return {"day": day, "nominal": nominal, **levels}
    if name not in run.measures:
        raise UsageError(f"{name} was not kept in this run; {suggestion(name, run.measures, 'see run.measures')}")
    return dict(run.measures[name])


def _assumed(run: Run, name: str) -> dict[str, Any]:
    central = read.read_table(run.layout.table("assumptions")).to_pydict()
    values = dict(zip(central["name"], central["value"], strict=True))
    content: dict[str, Any] = {"central": values.get(name)}
    column = f"assumption/{name}"
    if column in run.columns:
        sampled = np.asarray(run.column(column), np.float64)
        content.update({f"p{q:02d}": float(np.percentile(sampled, q)) for q in QUANTILES})
    return content


def _moves(run: Run, address: Address) -> list[dict[str, Any]]:
    """How far the number moves between the bottom and the top third of each sampled assumption."""
    if address.table == "requirements":
        item = next(item for item in run.requirements if item["id"] == address.key)
        return list(item["assumptions"])
    name = _node(address)
    if address.table != "measure" or name not in run.columns:
        return []
    names = drawn(run.plan, run.columns)
    values = {item: np.asarray(run.column(f"assumption/{item}"), np.float64) for item in names}
    found = moves(np.asarray(run.column(name), np.float64), values)
    return [{**asdict(move), "distinguishable": move.distinguishable} for move in found]


def _without(run: Run, address: Address) -> list[Mapping[str, Any]]:
    if address.table != "requirements":
        return []
    return [item for item in run.summary.get("origins", []) if item["requirement"] == address.key]


def _claim(plan: Plan, row: Row, origin: str) -> dict[str, Any]:
    source = plan["sources"].by_id.get(row.text("source"))
    return {
        "id": row.id,
        "date": row.text("date"),
        "speaker": row.text("speaker"),
        "statement": row.text("statement"),
        "origin": origin,
        "grade": (source.text("reliability") if source else "") + row.text("credibility"),
        "source": row.text("source"),
        "outlet": source.text("outlet") if source else "",
        "url": source.text("url") if source else "",
    }
