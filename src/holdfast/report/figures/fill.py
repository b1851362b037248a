"""Fill by day: bands over draws for each component, against what the plan asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.report import addresses
from holdfast.report.content import DailyBand
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import number, quantity

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def picture(bands: tuple[DailyBand, ...]) -> canvas.Picture | None:
    """The figure, or None without daily bands."""
    shown = tuple(band for band in bands if band.days)
    if not shown:
        return None
    title = max((_finding(band) for band in shown), key=lambda pair: pair[0])[1]
    alt = "Daily bands, one panel a component. " + " ".join(_describe(band) for band in shown)

    def svg(narrow: bool) -> str:
        height = (0.9 if narrow else 0.5) + (1.9 if narrow else 2.1) * len(shown)
        return canvas.draw(lambda sheet: _paint(sheet, shown), height, narrow=narrow, title=title, alt=alt)

    return canvas.Picture("fill", title, alt, svg(False), svg(True), addresses.measure(shown[0].measure))


def name_of(band: DailyBand, longest: int = 60) -> str:
    """The component's name on one line."""
    name = one_line(band.label or band.component or "whole force", longest)
    return name[:1].upper() + name[1:]


def _window(band: DailyBand) -> list[int]:
    """Positions of the days on which the plan asks for something."""
    last = band.days[-1] if band.required_to is None else band.required_to
    return [place for place, day in enumerate(band.days) if band.required_from <= day <= last]


def _finding(band: DailyBand) -> tuple[float, str]:
    """How bad the worst day is (share of what is asked), and the sentence for it."""
    name, what = name_of(band), band.measure_words
    if band.required is None or not _window(band):
        low, high = min(band.p50), max(band.p50)
        return -1.0, f"{name}: the median of {what} runs between {quantity(low)} and {quantity(high)}"
    sign = 1.0 if band.required_is_floor else -1.0
    asked, kind = band.required, "required" if band.required_is_floor else "allowed"
    median, tail = band.p50, band.p05 if band.required_is_floor else band.p95
    side = "below" if band.required_is_floor else "above"

    def gap(values: tuple[float, ...]) -> float:
        return max(sign * (asked - values[place]) for place in _window(band))

    def first_day(values: tuple[float, ...]) -> int:
        return next(band.days[place] for place in _window(band) if sign * (asked - values[place]) > 0)

    size = max(abs(asked), 1e-9)
    if gap(median) > 0:
        worst = asked - sign * gap(median)
        text = f"first falls {side}" if band.required_is_floor else f"first rises {side}"
        day = number(first_day(median))
        return 1.0 + gap(median) / size, (
            f"{name}: the median {text} the {quantity(asked)} {kind} on day {day}; its worst is {quantity(worst)}"
        )
    if gap(tail) > 0:
        day = number(first_day(tail))
        end = "lowest" if band.required_is_floor else "highest"
        return gap(tail) / size, (
            f"{name}: the median keeps to the {quantity(asked)} {kind}, but the {end} 5 of 100 futures do not, "
            f"first on day {day}"
        )
    return 0.0, f"{name}: at least 95 of 100 futures keep to the {quantity(asked)} {kind} on any one day"


def _describe(band: DailyBand) -> str:
    middle, last = len(band.days) // 2, len(band.days) - 1
    points = "; ".join(
        f"day {number(band.days[place])}: median {quantity(band.p50[place])}, "
        f"5 to 95 of 100 between {quantity(band.p05[place])} and {quantity(band.p95[place])}"
        for place in sorted({0, middle, last})
    )
    return f"{_finding(band)[1]}. {points}."


def _changes(band: DailyBand) -> list[int]:
    """Positions where any curve changes: the rest of a step chart need not be stored."""
    curves = [band.p05, band.p25, band.p50, band.p75, band.p95, *([band.nominal] if band.nominal else [])]
    kept = [0] if band.days else []
    kept += [i for i in range(1, len(band.days)) if any(curve[i] != curve[i - 1] for curve in curves)]
    return kept if kept[-1] == len(band.days) - 1 else [*kept, len(band.days) - 1]


def _paint(sheet: canvas.Sheet, bands: tuple[DailyBand, ...]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    panels = sheet.figure.subplots(len(bands), 1, sharex=True, squeeze=False)[:, 0]
    for axes, band in zip(panels, bands, strict=True):
        _panel(axes, band)
        axes.set_title(sheet.fit(f"{name_of(band)}: {band.measure_words}", "10,000", bold=True))
    panels[-1].set_xlabel("day from C-day")
    handles: list[object] = [
        Line2D([], [], color=canvas.BLUE, lw=1.8, label="median"),
        Patch(color=canvas.BLUE, alpha=0.45, lw=0, label="25 to 75 of 100"),
        Patch(color=canvas.BLUE, alpha=0.20, lw=0, label="5 to 95 of 100"),
    ]
    if any(band.nominal for band in bands):
        handles.append(Line2D([], [], color=canvas.INK, lw=1.1, ls=(0, (4, 2)), label="nominal draw"))
    if any(band.required is not None for band in bands):
        handles.append(Line2D([], [], color=canvas.VERMILION, lw=2.0, label="asked for"))
    canvas.legend(sheet, handles, 5, 2)


def _panel(axes: Axes, band: DailyBand) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    kept = _changes(band)
    days = [band.days[i] for i in kept]

    def at(curve: tuple[float, ...]) -> list[float]:
        return [curve[i] for i in kept]

    axes.fill_between(days, at(band.p05), at(band.p95), step="post", color=canvas.BLUE, alpha=0.20, lw=0)
    axes.fill_between(days, at(band.p25), at(band.p75), step="post", color=canvas.BLUE, alpha=0.45, lw=0)
    axes.step(days, at(band.p50), where="post", color=canvas.BLUE, lw=1.8)
    if band.nominal:
        axes.step(days, at(band.nominal), where="post", color=canvas.INK, lw=1.1, ls=(0, (4, 2)))
    if band.required is not None and _window(band):
        window = _window(band)
        span = [band.days[window[0]], band.days[window[-1]] + 1]
        axes.plot(span, [band.required, band.required], color=canvas.VERMILION, lw=2.0, solid_capstyle="butt")
    axes.set_xlim(band.days[0], max(band.days[-1], band.days[0] + 1))
    axes.set_ylim(0, 1.08 * max(*band.p95, *band.nominal, band.required or 0.0, 1.0))
    canvas.grid(axes, "y")
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 2)))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
