"""``plan.yaml`` cut into raw tables, one a section, so that overrides and typing treat it like the CSV files."""

from __future__ import annotations

from holdfast.base.errors import Fault
from holdfast.base.tables import RawCell, RawRow, RawTable
from holdfast.plan.faults import make, suggestion
from holdfast.plan.schema import SECTIONS, TABLES, table_schema
from holdfast.plan.yaml_file import YamlList, YamlMapping, YamlNode, read_yaml

_SHAPES = {"list": "a list of mappings (`- key: value`)", "mapping": "a mapping (`key: value`)"}


def read(data: bytes | None, path: str, faults: list[Fault]) -> dict[str, RawTable]:
    """The sections of plan.yaml by name; ``plan`` and ``options`` have exactly one row when the file is usable."""
    tables = {name: RawTable(path) for name in SECTIONS}
    root = read_yaml(data, path, faults) if data is not None else None
    if root is None:
        for table in tables.values():
            table.usable = False
        return tables
    columns = table_schema("plan").columns
    top = YamlMapping(root.line, root.column)
    for key, node in root.items.items():
        kind = columns[key].type if key in columns else ""
        if kind in _SHAPES:
            tables[key].rows = _section(key, node, kind, path, faults)
        else:
            top.items[key], top.keys[key] = node, root.keys[key]
    tables["plan"].rows = [_row("plan", top, path, faults)]
    if not tables["options"].rows:
        tables["options"].rows = [RawRow(root.line, {})]
    return tables


def _section(name: str, node: YamlNode, kind: str, path: str, faults: list[Fault]) -> list[RawRow]:
    if isinstance(node, RawCell) and not node.text and not node.quoted:
        return []
    if kind == "mapping" and isinstance(node, YamlMapping):
        return [_row(name, node, path, faults)]
    if kind == "list" and isinstance(node, YamlList):
        found = []
        for item in node.items:
            if isinstance(item, YamlMapping):
                found.append(_row(name, item, path, faults))
            else:
                _wrong_shape(item, f"an item of {name}", "a mapping (`key: value`)", path, faults)
        return found
    _wrong_shape(node, name, _SHAPES[kind], path, faults)
    return []


def _row(name: str, node: YamlMapping, path: str, faults: list[Fault]) -> RawRow:
    columns = table_schema(name).columns
    cells: dict[str, RawCell] = {}
    for key, value in node.items.items():
        where = key if name == "plan" else f"{name}.{key}"
        place = node.keys[key]
        if key not in columns:
            remedy = suggestion(key, columns, _elsewhere(key))
            faults.append(make(path, (place.line, place.column), "unknown-key", f"{name} has no such key", key,
                               remedy=remedy))  # fmt: skip
        elif isinstance(value, RawCell):
            cells[key] = value
        else:
            _wrong_shape(value, where, "one value", path, faults)
    for key, column in columns.items():
        if column.required and key not in node.items:
            cells[key] = RawCell("", node.line, node.column)
    return RawRow(node.line, cells)


def _elsewhere(key: str) -> str:
    if key in TABLES:
        return f"put the rows into {key}.csv: what has a second row is a table"
    return "correct the key or remove it"


def _wrong_shape(node: YamlNode, where: str, wanted: str, path: str, faults: list[Fault]) -> None:
    found = "a mapping" if isinstance(node, YamlMapping) else "a list" if isinstance(node, YamlList) else "one value"
    value = node.text if isinstance(node, RawCell) else ""
    faults.append(make(path, (node.line, node.column), "yaml-shape", f"{where} is {found}", value,
                       rule=f"{where} is {wanted}"))  # fmt: skip
