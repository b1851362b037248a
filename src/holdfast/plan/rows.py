"""Raw tables become typed ones: columns against the schema, cells against their column, keys against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from holdfast.base.errors import Fault
from holdfast.base.tables import RawCell, RawRow, RawTable
from holdfast.plan.cells import BadCellError, check_range, typed
from holdfast.plan.faults import make, suggestion
from holdfast.plan.locate import raw_key
from holdfast.plan.model import Cell, Ref, Row, Table
from holdfast.plan.names import Names
from holdfast.plan.schema import SECTIONS, Column, TableSchema, table_schema


class TypedTable(NamedTuple):
    """A table and, row by row, the dictionaries behind its cells, which stay open until all defaults are in."""

    table: Table
    cells: list[dict[str, Cell]]


def typed_table(raw: RawTable, name: str, faults: list[Fault]) -> TypedTable:
    """The typed rows of one table or section; every cell of the schema is there, in the order of the schema."""
    schema = table_schema(name)
    faults.extend(raw.faults)
    known = {cell.text for cell in raw.header}
    if raw.header:
        _check_columns(raw, schema, faults)
    found: list[Row] = []
    cells_by_row = []
    by_id: dict[str, Row] = {}
    raw_rows = raw.rows or ([RawRow(0, {})] if name in ("plan", "options") else [])
    for raw_row in raw_rows:
        cells = _cells(raw_row, schema, raw.path, faults)
        key = raw_key(raw_row, schema.key) if name not in ("plan", "options") else name
        row = Row(name, key, raw_row.line, MappingProxyType(cells))
        if key in by_id and key:
            faults.append(_duplicate(raw_row, schema, raw.path, by_id[key]))
        found.append(row)
        cells_by_row.append(cells)
        by_id.setdefault(key, row)
    if raw.header and not known.intersection(schema.key[:1]):
        raw.usable = False
    return TypedTable(Table(name, raw.path, tuple(found), MappingProxyType(by_id)), cells_by_row)


def _cells(raw: RawRow, schema: TableSchema, path: str, faults: list[Fault]) -> dict[str, Cell]:
    prefix = "" if schema.name == "plan" else f"{schema.name}."
    return {
        name: typed(raw.cells.get(name), column, f"{prefix}{name}", path, faults, raw.line)
        for name, column in schema.columns.items()
        if column.type not in ("list", "mapping")
    }


def _check_columns(raw: RawTable, schema: TableSchema, faults: list[Fault]) -> None:
    present = {cell.text for cell in raw.header}
    for cell in raw.header:
        if cell.text and cell.text not in schema.columns:
            absent = [name for name in schema.columns if name not in present]
            remedy = suggestion(cell.text, absent, "correct the name or remove the column")
            message = f"{schema.name} has no such column"
            faults.append(make(raw.path, (cell.line, cell.column), "unknown-column", message, cell.text, remedy=remedy))
    for column in schema.columns.values():
        if column.required and column.name not in present:
            place = (raw.header[0].line, 1)
            message = f"{schema.name} lacks the column {column.name}"
            faults.append(make(raw.path, place, "missing-column", message, remedy=f"add the column {column.name}"))


def _duplicate(raw: RawRow, schema: TableSchema, path: str, first: Row) -> Fault:
    cell = raw.cells.get(schema.key[0], RawCell("", raw.line, 1))
    message = f"{schema.name} has a second row with this key (the first is on line {first.line})"
    return make(path, (cell.line, cell.column), "duplicate-id", message, first.id)


def fill_defaults(tables: Mapping[str, TypedTable]) -> None:
    """Blank cells whose default is another cell of the row (``row:…``) or of the row they refer to (``column:…``)."""
    for name, (table, cells_by_row) in tables.items():
        derived = [column for column in table_schema(name).columns.values() if ":" in column.default]
        for row, cells in zip(table.rows, cells_by_row, strict=True):
            for column in derived:
                if cells[column.name].text or cells[column.name].value not in (None, ""):
                    continue
                source = _default_source(row, column, tables)
                if source is not None:
                    cells[column.name] = replace(cells[column.name], value=source.value, ref=source.ref)


def _default_source(row: Row, column: Column, tables: Mapping[str, TypedTable]) -> Cell | None:
    via, _, wanted = column.default.partition(":")
    if via == "row":
        return row.cells[wanted]
    target = table_schema(row.table).columns[via].refers_to
    other = tables[target].table.by_id.get(row.text(via))
    return other.cells[wanted] if other is not None else None


def fill_constants(tables: Mapping[str, TypedTable], names: Names, faults: list[Fault]) -> None:
    """Cells that have one value in every draw take the value of the constant they name."""
    for name, (table, cells_by_row) in tables.items():
        if name in SECTIONS:
            continue
        columns = [column for column in table_schema(name).columns.values() if column.type.startswith("fixed_")]
        for row, cells in zip(table.rows, cells_by_row, strict=True):
            for column in columns:
                cell = row.cells[column.name]
                if isinstance(cell.value, Ref) and cell.value.name in names.kinds:
                    cells[column.name] = replace(cell, value=_constant(cell, column, table, names, faults))


def _constant(cell: Cell, column: Column, table: Table, names: Names, faults: list[Fault]) -> int | float | None:
    reference = cell.ref
    path, place = cell.origin or table.path, (cell.line, cell.column)
    value = names.constants.get(reference)
    if value is None:
        if names.kinds[reference] not in ("fixed", "fact", "text fact", "faulty"):
            message = f"{table.name}.{column.name} names {reference}, which varies from draw to draw"
            faults.append(make(path, place, "varying", message, cell.text))
        return None
    if column.type == "fixed_integer":
        value = math.floor(value)
    try:
        check_range(value, column)
    except BadCellError as bad:
        message = f"{table.name}.{column.name} {bad.message} (it is {value:g})"
        faults.append(make(path, place, bad.code, message, cell.text, rule=bad.rule))
        return None
    return value
