"""What the verdict turns on: how far each assumption moves the probability that a requirement is met."""

from __future__ import annotations

from typing import Any

from holdfast.report import addresses
from holdfast.report.content import AssumptionRow
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import number

_MOST = 15


def distinguishable(row: AssumptionRow) -> bool:
    """Whether the move lies beyond twice its standard error."""
    return row.move is not None and row.move > (row.move_error or 0.0)


def picture(rows: tuple[AssumptionRow, ...]) -> canvas.Picture | None:
    """The figure, or None when no assumption's move is known."""
    moving = sorted((row for row in rows if row.move is not None), key=lambda row: (-(row.move or 0.0), row.name))
    if not moving:
        return None
    shown = tuple(moving[:_MOST])
    title, alt = _finding(shown), _describe(shown)
    note = f"{len(moving) - _MOST} assumptions that move it less are in the table only." if len(moving) > _MOST else ""

    def svg(narrow: bool) -> str:
        height = 1.05 + (0.44 if narrow else 0.42) * len(shown) + (0.2 if narrow else 0.0)
        return canvas.draw(lambda sheet: _paint(sheet, shown), height, narrow=narrow, title=title, alt=alt)

    address = " ".join(addresses.row("assumption", row.name) for row in shown[:3])
    return canvas.Picture("moves", title, alt, svg(False), svg(True), address, note)


def _points(value: float | None) -> str:
    return number(100 * (value or 0.0), 1)


def _finding(rows: tuple[AssumptionRow, ...]) -> str:
    first = rows[0]
    if not distinguishable(first):
        return "No single assumption moves the verdict by more than the sampling error"
    on = f" for requirement {one_line(first.move_on, 40)}" if first.move_on else ""
    return (
        f"The verdict turns most on {one_line(first.name, 60)}: from its bottom to its top third "
        f"the share of futures that meet what is asked moves by {_points(first.move)} points{on}"
    )


def _describe(rows: tuple[AssumptionRow, ...]) -> str:
    told = []
    for row in rows:
        error = f" give or take {_points(row.move_error)}" if row.move_error is not None else ""
        weak = "" if distinguishable(row) else ", not distinguishable"
        told.append(f"{one_line(row.name, 60)}: {_points(row.move)} points{error}{weak}.")
    return "Bars, one an assumption, with twice the standard error. " + " ".join(told)


def _paint(sheet: canvas.Sheet, rows: tuple[AssumptionRow, ...]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    axes = canvas.rows_axes(sheet, len(rows))
    most = 1.0
    for place, row in enumerate(rows):
        move, error = 100 * (row.move or 0.0), 100 * (row.move_error or 0.0)
        looks: dict[str, Any] = (
            {"color": canvas.BLUE} if distinguishable(row) else {"facecolor": "white", "hatch": "///"}
        )
        axes.barh(place + 0.16, move, height=0.34, edgecolor=canvas.GREY, lw=0.5, **looks)
        if error:
            axes.plot([max(move - error, 0.0), move + error], [place + 0.16] * 2, color=canvas.INK, lw=1.4)
        right = number(move, 1) if distinguishable(row) else "not distinguishable"
        canvas.row_label(sheet, axes, place, row.name, right)
        most = max(most, move + error)
    axes.set_xlim(0, most * 1.06)
    axes.set_xlabel("move, in futures of 100")
    marks: list[object] = [
        Patch(facecolor=canvas.BLUE, label="move"),
        Patch(facecolor="white", hatch="///", edgecolor=canvas.GREY, label="not distinguishable from none"),
        Line2D([], [], color=canvas.INK, lw=1.4, label="twice the standard error"),
    ]
    canvas.legend(sheet, marks, 3, 1)
