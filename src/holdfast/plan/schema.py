"""The schema of a plan: one CSV a table, which drives the loader, the checks and the reference page."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLES = (
    "nations", "units", "policies", "tasks", "substitutions", "unit_types", "commitments", "assumptions", "facts",
    "sources", "claims", "costs", "grades", "stances", "pooling",
)  # fmt: skip
"""The CSV files that a plan folder may hold."""

SECTIONS = ("plan", "requirements", "phases", "options")
"""The parts of ``plan.yaml``; ``plan`` stands for its top-level keys."""

NUMERIC = frozenset(("integer", "number", "fixed_integer", "fixed_number", "plain_integer", "plain_number"))
"""Types of numbers: integer and number may vary by draw, fixed ones may be a constant ``=name``, plain ones not."""


class Bound(NamedTuple):
    """One end of a range; ``text`` as the schema writes it (``>0`` excludes the end itself)."""

    value: float
    open: bool
    text: str


class Column(NamedTuple):
    """One column of a table or one key of plan.yaml."""

    name: str
    type: str
    unit: str
    required: bool
    default: str
    low: Bound | None
    high: Bound | None
    refers_to: str
    description: str
    choices: tuple[str, ...]


class TableSchema(NamedTuple):
    """One table: its columns in order and the columns that make its key."""

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]


@cache
def table_schema(name: str) -> TableSchema:
    """The schema of a table or of a section of plan.yaml."""
    stem = name if name in TABLES or name == "plan" else f"plan.{name}"
    path = Path(__file__).with_name("schema") / f"{stem}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = {row["column"]: _column(row) for row in csv.DictReader(file, strict=True)}
    key = ("id", "phase") if name == "policies" else tuple(columns)[:1]
    return TableSchema(name, columns, key)


def _column(row: Mapping[str, str]) -> Column:
    kind, _, choices = row["type"].partition(":")
    return Column(
        row["column"], kind, row["unit"], row["required"] == "yes", row["default"], _bound(row["min"]),
        _bound(row["max"]), row["refers_to"], row["description"], tuple(choices.split("|")) if choices else (),
    )  # fmt: skip


def _bound(text: str) -> Bound | None:
    return Bound(float(text.lstrip("<>")), text[0] in "<>", text) if text else None


def describe_tables() -> dict[str, str]:
    """Markdown, one table a plan table or section, by name: what the reference page prints."""
    return {name: _described(table_schema(name)) for name in (*TABLES, *SECTIONS)}


def _described(schema: TableSchema) -> str:
    lines = ["| column | type | unit | default | range | refers to | meaning |", "|---|---|---|---|---|---|---|"]
    for column in schema.columns.values():
        kind = " \\| ".join(column.choices) if column.choices else column.type.replace("_", " ")
        default = "**required**" if column.required else _default_text(column.default)
        ends = ["" if end is None else end.text for end in (column.low, column.high)]
        span = " … ".join(ends) if any(ends) else ""
        unit = column.unit.replace("row:", "as ")
        meaning = column.description.replace("|", "\\|")
        cells = [f"`{column.name}`", kind, unit, default, span, column.refers_to, meaning]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _default_text(default: str) -> str:
    if default.startswith("row:"):
        return f"`{default[4:]}` of the row"
    if ":" in default:
        via, _, column = default.partition(":")
        return f"`{column}` of its {via}"
    return default
