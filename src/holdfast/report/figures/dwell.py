"""Dwell against policy: how long units rest between tours, and the least that their policy promises."""

from __future__ import annotations

from holdfast.report import addresses
from holdfast.report.content import PoolDwell
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import number, percent

_MOST = 30


def picture(rows: tuple[PoolDwell, ...]) -> canvas.Picture | None:
    """The figure, or None when no pool serves a tour."""
    served = sorted((row for row in rows if row.mean_dwell_days is not None), key=_margin)
    if not served:
        return None
    shown = tuple(served[:_MOST])
    title, alt = _finding(tuple(served)), _describe(shown)
    note = (
        f"{len(served) - _MOST} pools further above their floor are in the table only." if len(served) > _MOST else ""
    )

    def svg(narrow: bool) -> str:
        height = (1.3 if narrow else 1.05) + (0.44 if narrow else 0.42) * len(shown)
        return canvas.draw(lambda sheet: _paint(sheet, shown), height, narrow=narrow, title=title, alt=alt)

    address = addresses.measure(addresses.BROKEN_DWELL)
    return canvas.Picture("dwell", title, alt, svg(False), svg(True), address, note)


def broken_share(row: PoolDwell) -> float | None:
    """The share of a pool's tours that began below the floor; None without tours."""
    return row.broken / row.tours if row.tours > 0 else None


def _margin(row: PoolDwell) -> tuple[float, str]:
    if row.mean_dwell_days is None or not row.floor_days:
        return float("inf"), row.pool
    return row.mean_dwell_days / row.floor_days, row.pool


def _below(row: PoolDwell) -> bool:
    return row.mean_dwell_days is not None and row.floor_days is not None and row.mean_dwell_days < row.floor_days


def _finding(rows: tuple[PoolDwell, ...]) -> str:
    promised = [row for row in rows if row.floor_days is not None]
    if not promised:
        return "No policy promises a least dwell, so none can be broken"
    below = sum(_below(row) for row in promised)
    tours, broken = sum(row.tours for row in promised), sum(row.broken for row in promised)
    broke = f"{percent(broken / tours)} of tours begin too soon" if broken else "no tour begins too soon"
    if not below:
        return f"Every pool's mean dwell reaches its policy's floor; {broke}"
    return f"{below} of {len(promised)} pools rest less than their policy's floor on average; {broke}"


def _describe(rows: tuple[PoolDwell, ...]) -> str:
    told = []
    for row in rows:
        floor = f"floor {number(row.floor_days)}" if row.floor_days is not None else "no floor"
        share = broken_share(row)
        broken = f", {percent(share)} of tours too soon" if share is not None else ""
        told.append(f"{one_line(row.pool, 40)}: mean dwell {number(row.mean_dwell_days)} days, {floor}{broken}.")
    return "Dot for each pool's mean dwell, tick for its policy's floor. " + " ".join(told)


def _paint(sheet: canvas.Sheet, rows: tuple[PoolDwell, ...]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes = canvas.rows_axes(sheet, len(rows))
    most = 1.0
    for place, row in enumerate(rows):
        level, mean = place + 0.14, row.mean_dwell_days or 0.0
        low, high = row.low_dwell_days, row.high_dwell_days
        if low is not None and high is not None:
            axes.plot([low, high], [level, level], color=canvas.GREY, lw=2.2, solid_capstyle="butt")
            most = max(most, high)
        shape, face = ("v", canvas.ORANGE) if _below(row) else ("o", canvas.BLUE)
        axes.plot([mean], [level], shape, ms=7, mfc=face, mec=canvas.INK, mew=0.8, clip_on=False)
        if row.floor_days is not None:
            axes.plot([row.floor_days] * 2, [level - 0.2, level + 0.2], color=canvas.VERMILION, lw=2.2, clip_on=False)
        share = broken_share(row)
        right = "" if share is None or row.floor_days is None else f"{percent(share)} too soon"
        canvas.row_label(sheet, axes, place, row.pool, right)
        most = max(most, mean, row.floor_days or 0.0)
    axes.set_xlim(0, most * 1.06)
    axes.xaxis.set_major_locator(MaxNLocator(sheet.pick(8, 5), integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.set_xlabel("days at home before a tour")
    marks: list[object] = [
        Line2D([], [], marker="o", ls="", ms=7, mfc=canvas.BLUE, mec=canvas.INK, label="mean, floor kept"),
        Line2D([], [], marker="v", ls="", ms=7, mfc=canvas.ORANGE, mec=canvas.INK, label="mean, below floor"),
        Line2D([], [], color=canvas.GREY, lw=2.2, label="5 to 95 of 100"),
        Line2D([], [], color=canvas.VERMILION, lw=2.2, label="policy's floor"),
    ]
    canvas.legend(sheet, marks, 4, 2)
