"""The one name space of assumptions and facts: kinds, units, formulas in order, and what is constant."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from holdfast.base import units
from holdfast.base.errors import Fault
from holdfast.base.units import ONE, Unit
from holdfast.plan import formulas
from holdfast.plan.faults import make, suggestion
from holdfast.plan.formulas import Expression, FloatOperations, FormulaError
from holdfast.plan.model import Row, Table


@dataclass(slots=True)
class Names:
    """Every name that a cell or formula can use.

    ``kinds`` is the kind of an assumption, ``fact``, ``text fact`` or ``faulty``; ``constants`` holds what has one
    finite value in every draw; ``partial`` is True when one of the two tables could not be read.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    trees: dict[str, Expression] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    partial: bool = False


def names_of(assumptions: Table, facts: Table, broken: frozenset[str]) -> Names:
    """The names of a plan, with the faults of its formulas: syntax, unknown names, circles, units, values."""
    names = Names(partial=bool(broken & {"assumptions", "facts"}))
    for row in facts:
        _add_fact(row, names)
    for row in assumptions:
        _add_assumption(row, assumptions, names)
    rows = {row.id: row for row in assumptions}
    for name, tree in names.trees.items():
        _check_names(rows[name], tree, assumptions, names)
    _evaluate(_order(rows, assumptions, names), rows, assumptions, names)
    return names


def unit_of_text(text: str) -> Unit:
    """The unit of a text; one that cannot be parsed is a unit of its own and fits nothing else."""
    try:
        return units.parse(text)
    except ValueError:
        return Unit(((text, 1),))


def _add_fact(row: Row, names: Names) -> None:
    value = row["value"]
    numeric = isinstance(value, int | float)
    names.kinds[row.id] = "fact" if numeric else "text fact"
    names.units[row.id] = unit_of_text(row.text("unit"))
    if isinstance(value, int | float):
        names.constants[row.id] = float(value)


def _add_assumption(row: Row, table: Table, names: Names) -> None:
    if row.id in names.kinds and table.by_id.get(row.id) is row:
        cell = row.cells["name"]
        names.faults.append(make(cell.origin or table.path, (cell.line, cell.column), "name-clash",
                                 "an assumption has the id of a fact", row.id))  # fmt: skip
    names.kinds[row.id] = row.text("kind") or "faulty"
    names.units[row.id] = unit_of_text(row.text("unit")) if row["unit"] is not None else ONE
    names.constants.pop(row.id, None)
    mode = row["mode"]
    ranged = bool(row.cells["low"].text or row.cells["high"].text)  # read at its ends for the band over judgement
    if row["kind"] == "fixed" and isinstance(mode, int | float) and not ranged:
        names.constants[row.id] = float(mode)
    elif row["kind"] == "fixed" and ranged:
        names.kinds[row.id] = "fixed with a range"
    if row["kind"] == "formula" and row["formula"]:
        try:
            names.trees[row.id] = formulas.parse(row.text("formula"))
        except FormulaError as error:
            _fault(row, table, names, error)
            names.kinds[row.id] = "faulty"


def _fault(row: Row, table: Table, names: Names, error: FormulaError, remedy: str = "") -> None:
    cell = row.cells["formula"]
    place = (cell.line, cell.column + error.offset if cell.column else 0)
    message = f"the formula of {row.id} {error.message}"
    names.faults.append(make(cell.origin or table.path, place, error.code, message, cell.text, remedy=remedy))


def _check_names(row: Row, tree: Expression, table: Table, names: Names) -> None:
    for reference in formulas.references(tree):
        kind = names.kinds.get(reference.name)
        if kind is None and not names.partial:
            remedy = suggestion(reference.name, names.kinds, "correct the name, or add the assumption")
            error = FormulaError(f"names {reference.name}, which is nothing", reference.offset, "unknown-name")
            _fault(row, table, names, error, remedy)
        if kind == "text fact":
            error = FormulaError(f"names {reference.name}, a fact that is text", reference.offset, "text-fact")
            _fault(row, table, names, error)


def _order(rows: Mapping[str, Row], table: Table, names: Names) -> tuple[str, ...]:
    """Names with formulas, in order of use; members of a circle are left out and each circle is a fault."""
    trees = dict(names.trees)
    while True:
        try:
            return formulas.order(trees)
        except formulas.CycleError as error:
            _fault(rows[error.names[0]], table, names, FormulaError(f"runs in a circle: {error}", 0, "cycle"))
            for name in error.names:
                trees.pop(name, None)
                names.kinds[name] = "faulty"


def _evaluate(order: tuple[str, ...], rows: Mapping[str, Row], table: Table, names: Names) -> None:
    for name in order:
        tree, row = names.trees[name], rows[name]
        used = formulas.names(tree)
        if any(names.kinds.get(other, "faulty") in ("faulty", "text fact") for other in used):
            names.kinds[name] = "faulty"
            continue
        try:
            unit = formulas.unit_of(tree, names.units)
            if unit is not None and unit != names.units[name]:
                raise FormulaError(f"is in {unit}, not in {names.units[name]}", 0, "unit-mismatch")
            if all(other in names.constants for other in used):
                names.constants[name] = _value(tree, names)
        except FormulaError as error:
            _fault(row, table, names, error)
            names.kinds[name] = "faulty"


def _value(tree: Expression, names: Names) -> float:
    try:
        value = float(formulas.evaluate(tree, names.constants, FloatOperations))
    except (ZeroDivisionError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise FormulaError("divides by zero or grows beyond all numbers", 0, "formula-value")
    return value
