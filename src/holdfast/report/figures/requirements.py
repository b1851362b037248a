"""Each requirement: how often it is met, with both bands, against what was asked."""

from __future__ import annotations

from holdfast.report import addresses
from holdfast.report.content import RequirementResult
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import in_hundred, percent


def picture(rows: tuple[RequirementResult, ...]) -> canvas.Picture | None:
    """The figure, or None without requirements."""
    if not rows:
        return None
    title, alt = _finding(rows), _describe(rows)

    def svg(narrow: bool) -> str:
        height = 1.0 + 0.66 * len(rows) + (0.75 if narrow else 0.0)
        return canvas.draw(lambda sheet: _paint(sheet, rows), height, narrow=narrow, title=title, alt=alt)

    address = " ".join(addresses.row("requirement", row.id) for row in rows)
    return canvas.Picture("requirements", title, alt, svg(False), svg(True), address)


def _finding(rows: tuple[RequirementResult, ...]) -> str:
    weakest = min(rows, key=lambda row: row.estimate - row.probability_required)
    name = one_line(weakest.title, 60)
    met = in_hundred(weakest.estimate, weakest.probability_required)
    asked = f"{weakest.probability_required * 100:g} asked for"
    if len(rows) == 1:
        return f"“{name}” is met in {met} futures; {asked}"
    failing = sum(row.status == "fails" for row in rows)
    unsettled = sum(row.status == "undecided" for row in rows)
    if failing:
        return f"{failing} of {len(rows)} requirements fail; the weakest, “{name}”, is met in {met} futures, {asked}"
    if unsettled:
        return f"{unsettled} of {len(rows)} requirements are undecided; the weakest, “{name}”, is met in {met} futures"
    return f"All {len(rows)} requirements hold; the closest call, “{name}”, is met in {met} futures, {asked}"


def _describe(rows: tuple[RequirementResult, ...]) -> str:
    told = []
    for row in rows:
        band = f"sampling {percent(row.low, 1)} to {percent(row.high, 1)}"
        if row.judgement_low is not None and row.judgement_high is not None:
            band += f", judgement {percent(row.judgement_low, 1)} to {percent(row.judgement_high, 1)}"
        asked = percent(row.probability_required, 1)
        told.append(f"{one_line(row.title, 120)}: {percent(row.estimate, 1)} ({band}), {asked} asked, {row.status}.")
    return "Interval chart, one row a requirement. " + " ".join(told)


def _paint(sheet: canvas.Sheet, rows: tuple[RequirementResult, ...]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    axes = canvas.rows_axes(sheet, len(rows))
    for place, row in enumerate(rows):
        if row.judgement_low is not None and row.judgement_high is not None:
            low, high = 100 * row.judgement_low, 100 * row.judgement_high
            axes.barh(place + 0.12, high - low, left=low, height=0.34, color=canvas.PALE, edgecolor=canvas.GREY, lw=0.6)
        axes.barh(place + 0.12, 100 * (row.high - row.low), left=100 * row.low, height=0.16, color=canvas.BLUE)
        axes.plot([100 * row.estimate], [place + 0.12], "o", ms=6, mfc="white", mec=canvas.INK, mew=1.4, clip_on=False)
        asked = 100 * row.probability_required
        axes.plot([asked, asked], [place - 0.13, place + 0.37], color=canvas.VERMILION, lw=2.2, clip_on=False)
        canvas.row_label(sheet, axes, place, row.title, row.status)
    axes.set_xlim(0, 100)
    axes.set_xlabel("met in … of 100 futures")
    asked_mark = Line2D([], [], color=canvas.VERMILION, lw=2.2, label="asked for")
    estimate = Line2D([], [], marker="o", ls="", ms=6, mfc="white", mec=canvas.INK, mew=1.4, label="estimate")
    judgement = Patch(facecolor=canvas.PALE, edgecolor=canvas.GREY, lw=0.6, label="judgement")
    sampling = Patch(color=canvas.BLUE, label="sampling error")
    canvas.legend(sheet, [estimate, sampling, judgement, asked_mark], 4, 2)
