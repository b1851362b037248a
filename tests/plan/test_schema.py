"""The schema is data that loader, checks and reference page share: it must hang together."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from holdfast.base import units
from holdfast.plan import cells, distributions
from holdfast.plan.faults import FAULT_CODES
from holdfast.plan.schema import NUMERIC, SECTIONS, TABLES, describe_tables, table_schema

TYPES = {"choice", "list", "mapping", *NUMERIC, *cells._READERS}


@pytest.mark.parametrize("name", [*TABLES, *SECTIONS])
def test_every_column_is_well_formed(name: str) -> None:
    schema = table_schema(name)
    for column in schema.columns.values():
        assert column.type in TYPES, column
        assert column.description, column
        assert not (column.required and column.default), column
        assert column.refers_to in ("", "phases", *TABLES), column
        assert (column.type == "choice") == bool(column.choices), column
        if not column.unit.startswith("row:"):
            units.parse(column.unit)
        via, sign, target = column.default.partition(":")
        if sign and via != "row":
            assert target in table_schema(schema.columns[via].refers_to).columns
        elif sign:
            assert target in schema.columns


@pytest.mark.parametrize("name", TABLES)
def test_every_table_begins_with_its_key_and_keeps_notes(name: str) -> None:
    columns = list(table_schema(name).columns)
    assert columns[0] == ("name" if name == "assumptions" else "id")
    assert {"note", "grade"} <= set(columns) or name == "sources"


def test_the_kinds_of_assumption_are_those_of_the_schema() -> None:
    assert tuple(distributions.KINDS) == table_schema("assumptions").columns["kind"].choices


def test_the_reference_page_has_a_line_for_every_column() -> None:
    pages = describe_tables()
    assert list(pages) == [*TABLES, *SECTIONS]
    for name, page in pages.items():
        lines = page.splitlines()
        assert len(lines) == 2 + len(table_schema(name).columns)
        assert all(line.replace("\\|", "").count("|") == 8 for line in lines)
    assert "| `stop_deployable_day` | fixed integer | days | `cycle_days` of the row | 1 … 36500 |" in pages["policies"]
    assert "| `people_per_unit` | integer | persons/unit | `people` of its unit_type |" in pages["units"]


def test_every_fault_code_that_the_source_uses_is_documented_and_used() -> None:
    source = Path(cells.__file__).parents[1]
    used = set()
    for path in [*(source / "plan").glob("*.py"), source / "base" / "tables.py"]:
        if path.name != "faults.py":
            strings = (
                node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)
            )
            used |= {text for text in strings if isinstance(text, str) and text in FAULT_CODES}
    assert used == set(FAULT_CODES)
