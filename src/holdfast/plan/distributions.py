"""What each kind of assumption needs: the numbers, their order, and nothing that would be ignored."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from holdfast.plan.model import Cell, Row, Table


class Report(Protocol):
    """Notes a fault at a cell."""

    def __call__(self, table: Table, cell: Cell, code: str, message: str, *, rule: str = "", remedy: str = "") -> None:
        """Note it; rule and remedy are those of the code where none are given."""


class Kind(NamedTuple):
    """Columns that a kind needs and those it may have beside; the others would be ignored."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "fixed": Kind(("mode",), ("low", "high")),  # low and high: the range over judgement
    "uniform": Kind(("low", "high")),
    "pert": Kind(("low", "mode", "high")),
    "lognormal": Kind(("low", "high")),
    "beta": Kind(("low", "high")),
    "probability": Kind(("mode",), ("low", "high")),
    "claims": Kind(("claims", "low", "mode", "high"), ("kinds", "spread")),
    "formula": Kind(("formula",)),
}
_FIELDS = ("low", "mode", "high", "formula", "claims", "kinds", "spread")


def check_assumption(table: Table, row: Row, report: Report) -> None:
    """Report what is wrong with the numbers of one assumption."""
    kind = KINDS.get(row.text("kind"))
    if kind is None:
        return
    word = row.text("kind")
    for name in _FIELDS:
        cell = row.cells[name]
        if name in kind.needs and not cell.text:
            remedy = f"give {', '.join(kind.needs)}"
            report(table, cell, "missing-value", f"{row.id} is {word} and lacks {name}", remedy=remedy)
        elif cell.text and name not in (*kind.needs, *kind.may):
            remedy = "name claims under source, or make the kind claims" if name == "claims" else ""
            report(table, cell, "ignored-cell", f"{row.id} is {word}, so {name} has no effect", remedy=remedy)
    low, mode, high = (_number(row, name) for name in ("low", "mode", "high"))
    if (row.cells["low"].text == "") != (row.cells["high"].text == "") and "low" in kind.may:
        given = "low" if row.cells["low"].text else "high"
        report(table, row.cells[given], "bad-distribution", f"{row.id} has {given} alone", rule="low and high stand "
               "together", remedy="give both or neither")  # fmt: skip
    if _order(table, row, (low, mode, high), report):
        _support(table, row, (low, mode, high), report)


def _order(table: Table, row: Row, values: tuple[float | None, float | None, float | None], report: Report) -> bool:
    low, mode, high = values
    for name, a, b in (("low", low, mode), ("mode", mode, high), ("low", low, high)):
        if a is not None and b is not None and a > b:
            message = f"{row.id} has low {_text(low)}, mode {_text(mode)}, high {_text(high)}"
            report(table, row.cells[name], "low-above-high", message)
            return False
    if low is not None and low == high:
        report(table, row.cells["low"], "bad-distribution", f"{row.id} has low = high", rule="low < high",
               remedy="make it fixed, or widen the range")  # fmt: skip
        return False
    return True


def _support(table: Table, row: Row, values: tuple[float | None, float | None, float | None], report: Report) -> None:
    low, mode, high = values
    kind = row["kind"]
    if kind == "lognormal" and low is not None and low <= 0:
        report(table, row.cells["low"], "bad-distribution", f"{row.id} is lognormal from {_text(low)}",
               rule="a lognormal lies above 0")  # fmt: skip
    if kind == "beta":
        for name, value in (("low", low), ("high", high)):
            if value is not None and not 0 < value < 1:
                report(table, row.cells[name], "bad-distribution", f"{row.id} is beta with {name} {_text(value)}",
                       rule="the central 90 % of a beta lies between 0 and 1, both left out")  # fmt: skip
    if kind == "probability":
        for name, value in (("low", low), ("mode", mode), ("high", high)):
            if value is not None and not 0 <= value <= 1:
                report(table, row.cells[name], "bad-distribution", f"{row.id} is a probability of {_text(value)}",
                       rule="a probability lies from 0 to 1", remedy="write 0.8 for 80 %")  # fmt: skip


def _number(row: Row, name: str) -> float | None:
    value = row[name]
    return float(value) if isinstance(value, int | float) else None


def _text(value: float | None) -> str:
    return "blank" if value is None else f"{value:g}"
