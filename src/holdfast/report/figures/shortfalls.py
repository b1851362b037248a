"""Why tasks fall short: the causes of each task's short days."""

from __future__ import annotations

from holdfast.report import addresses
from holdfast.report.content import Shortfall
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import SHORT_CAUSES, number, percent, short_cause

_MOST = 20
_LOOKS = {
    "resting": (canvas.BLUE, ""),
    "too_few": (canvas.VERMILION, "xx"),
    "national_cap": (canvas.ORANGE, "///"),
    "not_joined": (canvas.SKY, ""),
    "not_ready": (canvas.GREEN, "\\\\\\"),
    "committed": (canvas.PURPLE, "--"),
    "in_transit": (canvas.YELLOW, "||"),
}
_OTHER = (canvas.GREY, "+++")

Tasks = dict[str, dict[str, float]]


def picture(rows: tuple[Shortfall, ...]) -> canvas.Picture | None:
    """The figure, or None when nothing falls short."""
    missed = {row.task: row.missed_unit_days or 0.0 for row in rows}
    tasks: Tasks = {}
    for row in rows:
        if row.share > 0:
            shares = tasks.setdefault(row.task, {})
            shares[row.cause] = shares.get(row.cause, 0.0) + row.share
    if not tasks:
        return None
    order = sorted(tasks, key=lambda task: (-missed[task], task))
    shown = {task: tasks[task] for task in order[:_MOST]}
    title, alt = _finding(shown, missed), _describe(shown, missed)
    note = f"{len(order) - _MOST} tasks that miss less are in the table only." if len(order) > _MOST else ""
    causes = _causes(shown)

    def svg(narrow: bool) -> str:
        legend_rows = -(-len(causes) // (2 if narrow else 4))
        height = 0.75 + 0.2 * legend_rows + 0.44 * len(shown)
        return canvas.draw(lambda sheet: _paint(sheet, shown, causes), height, narrow=narrow, title=title, alt=alt)

    address = addresses.measure(addresses.MISSED)
    return canvas.Picture("shortfalls", title, alt, svg(False), svg(True), address, note)


def _causes(tasks: Tasks) -> list[str]:
    seen = {cause for shares in tasks.values() for cause in shares}
    return [cause for cause in _LOOKS if cause in seen] + sorted(seen - set(_LOOKS))


def _main(shares: dict[str, float]) -> str:
    return max(shares, key=lambda cause: (shares[cause], cause))


def _finding(tasks: Tasks, missed: dict[str, float]) -> str:
    task = next(iter(tasks))
    cause = _main(tasks[task])
    words = f"{percent(tasks[task][cause])} of short days come from “{one_line(short_cause(cause), 40)}”"
    if not missed[task]:
        return f"{one_line(task, 40)}: {words}"
    return f"{one_line(task, 40)} misses most, {number(missed[task])} unit-days on average; {words}"


def _describe(tasks: Tasks, missed: dict[str, float]) -> str:
    told = []
    for task, shares in tasks.items():
        parts = [f"{one_line(short_cause(cause), 40)} {percent(shares[cause])}" for cause in _causes({task: shares})]
        amount = f" ({number(missed[task])} unit-days missed)" if missed[task] else ""
        told.append(f"{one_line(task, 40)}{amount}: {', '.join(parts)}.")
    return "Stacked bars, one a task, by cause of its short days. " + " ".join(told)


def _paint(sheet: canvas.Sheet, tasks: Tasks, causes: list[str]) -> None:
    from matplotlib.patches import Patch

    axes = canvas.rows_axes(sheet, len(tasks))
    for place, (task, shares) in enumerate(tasks.items()):
        left = 0.0
        for cause in causes:
            width = 100 * shares.get(cause, 0.0)
            face, hatch = _LOOKS.get(cause, _OTHER)
            if width:
                axes.barh(
                    place + 0.16,
                    width,
                    left=left,
                    height=0.36,
                    facecolor=face,
                    hatch=hatch,
                    edgecolor=canvas.INK,
                    lw=0.4,
                )
            left += width
        main = _main(shares)
        right = f"{percent(shares[main])} {SHORT_CAUSES.get(main, '')}".rstrip()
        canvas.row_label(sheet, axes, place, task, right)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of short days, %")
    patches: list[object] = []
    for cause in causes:
        face, hatch = _LOOKS.get(cause, _OTHER)
        label = one_line(short_cause(cause), 24)
        patches.append(Patch(facecolor=face, hatch=hatch, edgecolor=canvas.INK, lw=0.4, label=label))
    canvas.legend(sheet, patches, 4, 1 if max(len(short_cause(cause)) for cause in causes) > 30 else 2)
