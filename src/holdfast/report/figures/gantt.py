"""Unit Gantt: where each unit is in the nominal run, pool by pool."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.report import addresses
from holdfast.report.content import UnitSpan
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import number, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_POOLS = 24
_MOST_UNITS = 72
_AWAY = ("fill", "overlap")
_LOOKS = {
    "fill": (canvas.BLUE, ""),
    "overlap": (canvas.ORANGE, "////"),
    "deployable": ("#9ed3c1", ""),
    "not_ready": ("#eceef1", ""),
}
_NAMES = {"fill": "in place", "overlap": "handover or on the way", "deployable": "at home, could go"}

Lanes = dict[str, dict[int, list[UnitSpan]]]


def picture(spans: tuple[UnitSpan, ...]) -> canvas.Picture | None:
    """The figure, or None without timelines."""
    lanes = _lanes(spans)
    if not lanes:
        return None
    shown = _selection(lanes)
    title, alt = _finding(lanes), _describe(lanes)
    units, drawn = _count(lanes), _count(shown)
    note = ""
    if drawn < units:
        note = (
            f"{drawn} of {units} units are drawn: the first of each pool, the pools most often away first. "
            "The run folder has them all."
        )

    def svg(narrow: bool) -> str:
        height = 1.05 + (0.25 if narrow else 0.0) + 0.12 * drawn + 0.24 * len(shown)
        return canvas.draw(lambda sheet: _paint(sheet, shown), height, narrow=narrow, title=title, alt=alt)

    address = addresses.measure(addresses.TOURS)
    return canvas.Picture("gantt", title, alt, svg(False), svg(True), address, note)


def _lanes(spans: Sequence[UnitSpan]) -> Lanes:
    lanes: Lanes = {}
    for span in spans:
        if span.to_day > span.from_day:
            lanes.setdefault(span.pool, {}).setdefault(span.unit, []).append(span)
    return lanes


def _count(lanes: Lanes) -> int:
    return sum(len(units) for units in lanes.values())


def days_away(spans: Sequence[UnitSpan]) -> int:
    """Days deployed: in place, handing over or on the way."""
    return sum(span.to_day - span.from_day for span in spans if span.state in _AWAY)


def _pool_away(units: dict[int, list[UnitSpan]]) -> int:
    return sum(days_away(spans) for spans in units.values())


def _selection(lanes: Lanes) -> Lanes:
    """The pools most often away, and as many units of each as fit."""
    pools = sorted(lanes, key=lambda pool: (-_pool_away(lanes[pool]), pool))[:_MOST_POOLS]
    each = next(
        (most for most in range(_MOST_UNITS, 1, -1) if sum(min(most, len(lanes[p])) for p in pools) <= _MOST_UNITS), 1
    )
    return {pool: {unit: lanes[pool][unit] for unit in sorted(lanes[pool])[:each]} for pool in pools}


def _finding(lanes: Lanes) -> str:
    away = {(pool, unit): days_away(spans) for pool, units in lanes.items() for unit, spans in units.items()}
    serving = sum(days > 0 for days in away.values())
    if not serving:
        return f"In the nominal run none of {len(away)} units leaves home"
    pool, unit = max(away, key=lambda key: away[key])
    return (
        f"In the nominal run {number(serving)} of {number(len(away))} units deploy; the busiest, "
        f"{one_line(pool, 40)} unit {number(unit)}, is away {number(away[pool, unit])} days"
    )


def _describe(lanes: Lanes) -> str:
    told = [
        f"{one_line(pool, 40)}: {number(len(units))} units, {number(_pool_away(units))} unit-days away."
        for pool, units in lanes.items()
    ]
    return "Gantt chart of the nominal run, one lane a unit. " + " ".join(told[:_MOST_POOLS])


def _paint(sheet: canvas.Sheet, lanes: Lanes) -> None:
    from matplotlib.patches import Patch

    axes = sheet.figure.add_subplot()
    level, states = 0.0, set()
    last = max(span.to_day for units in lanes.values() for spans in units.values() for span in spans)
    first = min(span.from_day for units in lanes.values() for spans in units.values() for span in spans)
    for pool, units in lanes.items():
        name = sheet.fit(pool, bold=True)
        axes.text(first, level + 0.95, name, va="center", ha="left", fontweight="bold", in_layout=False)
        level += 2.0
        for unit in sorted(units):
            states |= _lane(axes, level, units[unit])
            level += 1.0
    axes.set_ylim(level, 0)
    axes.set_xlim(first, max(last, first + 1))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    canvas.grid(axes)
    axes.set_xlabel("day from C-day")
    order = [state for state in _LOOKS if state in states] + sorted(states - set(_LOOKS))
    patches: list[object] = [
        Patch(facecolor=_look(state)[0], hatch=_look(state)[1], edgecolor=canvas.GREY, lw=0.5, label=_label(state))
        for state in order
    ]
    canvas.legend(sheet, patches, 4, 1)


def _look(state: str) -> tuple[str, str]:
    return _LOOKS.get(state, (canvas.PURPLE, ""))


def _label(state: str) -> str:
    return {**_NAMES, "not_ready": "not ready"}.get(state, one_line(plain(state), 24))


def _lane(axes: Axes, level: float, spans: list[UnitSpan]) -> set[str]:
    """Draw one unit's spans, one collection a state; returns the states seen."""
    states = {span.state for span in spans}
    for state in sorted(states):
        face, hatch = _look(state)
        bars = [(span.from_day, span.to_day - span.from_day) for span in spans if span.state == state]
        edge = canvas.INK if hatch else face
        axes.broken_barh(bars, (level + 0.1, 0.8), facecolor=face, hatch=hatch or None, edgecolor=edge, lw=0.0)
    return states
