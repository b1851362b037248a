"""Burden by nation: the share of people-days that each carries, beside its share of the armies' people."""

from __future__ import annotations

from holdfast.report import addresses
from holdfast.report.content import NationBurden
from holdfast.report.figures import canvas
from holdfast.report.safety import one_line
from holdfast.report.wording import percent

_MOST = 30


def army_shares(rows: tuple[NationBurden, ...]) -> dict[str, float]:
    """Each nation's share of the army people of all nations shown whose army size is known."""
    total = sum(row.army_people or 0.0 for row in rows)
    return {row.nation: row.army_people / total for row in rows if row.army_people is not None and total > 0}


def picture(rows: tuple[NationBurden, ...]) -> canvas.Picture | None:
    """The figure, or None when nobody carries anything."""
    carrying = sorted((row for row in rows if row.people_days > 0), key=lambda row: (-row.share, row.nation))
    if not carrying:
        return None
    shares = army_shares(rows)
    shown = tuple(carrying[:_MOST])
    title, alt = _finding(shown, shares), _describe(shown, shares)
    note = _note(carrying, shares)

    def svg(narrow: bool) -> str:
        height = 1.05 + (0.44 if narrow else 0.42) * len(shown)
        return canvas.draw(lambda sheet: _paint(sheet, shown, shares), height, narrow=narrow, title=title, alt=alt)

    address = addresses.measure(addresses.PEOPLE_DEPLOYED)
    return canvas.Picture("burden", title, alt, svg(False), svg(True), address, note)


def _note(carrying: list[NationBurden], shares: dict[str, float]) -> str:
    said = []
    if len(carrying) > _MOST:
        said.append(f"{len(carrying) - _MOST} nations with smaller shares are in the table only.")
    unknown = [_name(row, 30) for row in carrying if row.nation not in shares]
    if unknown:
        said.append(f"Army size not known, so left out of the army shares: {', '.join(unknown)}.")
    return " ".join(said)


def _name(row: NationBurden, longest: int) -> str:
    return one_line(row.name or row.nation, longest)


def _finding(rows: tuple[NationBurden, ...], shares: dict[str, float]) -> str:
    known = [row for row in rows if row.nation in shares]
    if not known:
        return f"{_name(rows[0], 40)} carries {percent(rows[0].share)} of all people-days; no army size is known"
    over = max(known, key=lambda row: row.share - shares[row.nation])
    return (
        f"{_name(over, 40)} carries {percent(over.share)} of all people-days "
        f"with {percent(shares[over.nation])} of the army people"
    )


def _describe(rows: tuple[NationBurden, ...], shares: dict[str, float]) -> str:
    told = []
    for row in rows:
        army = f"{percent(shares[row.nation])} of army people" if row.nation in shares else "army size unknown"
        told.append(f"{_name(row, 40)}: {percent(row.share)} of people-days, {army}.")
    return "Bar for each nation's share of people-days, diamond for its share of army people. " + " ".join(told)


def _paint(sheet: canvas.Sheet, rows: tuple[NationBurden, ...], shares: dict[str, float]) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    axes = canvas.rows_axes(sheet, len(rows))
    most = max(100 * max(row.share, shares.get(row.nation, 0.0)) for row in rows)
    for place, row in enumerate(rows):
        axes.barh(place + 0.16, 100 * row.share, height=0.34, color=canvas.BLUE)
        if row.nation in shares:
            axes.plot(
                [100 * shares[row.nation]], [place + 0.16], "D", ms=6, mfc=canvas.ORANGE, mec=canvas.INK, clip_on=False
            )
        canvas.row_label(sheet, axes, place, _name(row, 60), percent(row.share))
    axes.set_xlim(0, most * 1.06)
    axes.set_xlabel("share of the whole, %")
    bar = Patch(color=canvas.BLUE, label="people-days deployed")
    diamond = Line2D([], [], marker="D", ls="", ms=6, mfc=canvas.ORANGE, mec=canvas.INK, label="army people")
    canvas.legend(sheet, [bar, diamond], 2, 2)
