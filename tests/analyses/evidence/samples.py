"""Small plans of claims, written as the tables that a user would write."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from holdfast.plan import load
from holdfast.plan.model import Plan

COMPILED = "2026-03-01"
PLAN = f"""schema_version: 1
title: claims
c_day: 2027-03-01
compiled: {COMPILED}
horizon_days: 10
"""
TEXTS = Mapping[str, object]

CLAIM = {
    "date": "2026-02-01",
    "source": "B",
    "speaker": "",
    "basis": "anonymous",
    "origin": "",
    "credibility": "2",
    "subject": "GBR",
    "quantity": "contribution_troops",
    "kind": "offered",
    "low": "",
    "high": "",
    "unit": "troops",
    "stance": "n/a",
    "derived_from": "",
    "supersedes": "",
    "contradicts": "",
}
"""A claim read in the outlet of reliability B; outlets are called by their letters, and ``B2`` is a second B."""

ASSUMPTION = {"unit": "persons", "kind": "claims", "low": "0", "mode": "4000", "high": "8000"}
SOURCES = [{"id": f"{letter}{more}", "outlet": f"outlet {letter}{more}", "reliability": letter}
           for letter in "ABCDEF" for more in ("", "2")]  # fmt: skip


def claim(claim_id: str, **changed: object) -> dict[str, object]:
    """One claim; its origin is its id unless given."""
    return {"id": claim_id, **CLAIM, "origin": claim_id, **changed}


def pooled(name: str, claims: str, **changed: object) -> dict[str, object]:
    """One assumption of kind claims."""
    return {**ASSUMPTION, "name": name, "claims": claims, **changed}


def table(rows: Iterable[TEXTS]) -> bytes:
    """Rows as a CSV file."""
    listed = list(rows)
    columns = list(dict.fromkeys(column for row in listed for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode()


def plan_of(claims: Iterable[TEXTS], assumptions: Iterable[TEXTS], **tables: Iterable[TEXTS]) -> Plan:
    """A checked plan of some claims, the assumptions over them, and other tables by name."""
    written = {"sources": SOURCES, "claims": claims, "assumptions": assumptions, **tables}
    files = {f"{name}.csv": table(rows) for name, rows in written.items() if rows}
    return load.build(Path("plan"), {"plan.yaml": PLAN.encode(), **files}, {})


def one_pool(*claims: TEXTS, **changed: object) -> Plan:
    """A plan with one assumption ``x`` over all of the claims."""
    return plan_of(claims, [pooled("x", ";".join(str(row["id"]) for row in claims), **changed)])


def reference(*assumptions: TEXTS) -> Plan:
    """The claims and sources of the shipped reassurance plan under other assumptions."""
    folder = Path(load.__file__).parents[1] / "plans" / "reassurance"
    files = {name: (folder / name).read_bytes() for name in ("claims.csv", "sources.csv")}
    files["plan.yaml"] = PLAN.replace(COMPILED, "2026-11-22").encode()
    if assumptions:
        files["assumptions.csv"] = table(assumptions)
    return load.build(folder, files, {})
