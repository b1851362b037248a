"""Tables of the report, as plain cells with addresses; and rows as CSV text that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast.report import addresses
from holdfast.report.content import DailyBand, NationBurden, OriginMove, PoolDwell, RequirementResult, Shortfall
from holdfast.report.wording import cause_words, number, percent, quantity

_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads somewhere: to an anchor of this page (``#...``) or, if it is a web page, out."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``address`` explains its number, ``links`` follow the text."""

    text: str
    address: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row; the first cell is its header.  ``address`` holds for every cell without one of its own."""

    cells: tuple[Cell, ...]
    address: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column's head, and whether its cells are numbers."""

    head: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the template prints it.

    ``stacked``: on a phone each row becomes a block (wide text) instead of scrolling sideways (numbers).
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    stacked: bool = False

    @property
    def examples(self) -> tuple[str, ...]:
        """The addresses of the first row, each once: what the fold under the table shows."""
        if not self.rows:
            return ()
        first = self.rows[0]
        return tuple(dict.fromkeys([first.address, *(cell.address for cell in first.cells if cell.address)]))


def _columns(*heads: str) -> tuple[Column, ...]:
    """Columns from their heads; a head that starts with ``#`` is numeric."""
    return tuple(Column(head.removeprefix("#"), head.startswith("#")) for head in heads)


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV: comma, every text quoted, line feed at the end of each row.

    A text that starts (spaces aside) with = + - @, their full-width twins, tab or a line break gets a leading
    apostrophe, so that no spreadsheet reads it as a formula (OWASP, "CSV Injection").  Numbers stay numbers, also
    negative ones; None and NaN are blank; booleans are yes and no.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
    return buffer.getvalue()


def _csv_cell(value: object) -> str | int | float:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    risky = text.startswith(_RUNS_AS_FORMULA) or text.lstrip().startswith(_RUNS_AS_FORMULA)
    return f"'{text}" if risky else text


def requirements(rows: tuple[RequirementResult, ...]) -> Table:
    """Every requirement in one line: estimate, both bands, what was asked."""
    columns = _columns(
        "Requirement", "#Estimate", "#Sampling error", "#Judgement", "#Asked for", "#P(condition)", "Status"
    )
    return Table("requirements", "Requirements: probability and both bands", columns, tuple(map(_requirement, rows)))


def _requirement(row: RequirementResult) -> Row:
    texts = (
        row.title,
        percent(row.estimate, 1),
        _span(row.low, row.high),
        _span(row.judgement_low, row.judgement_high),
        percent(row.probability_required, 1),
        percent(row.p_given, 1),
        row.status,
    )
    return Row(tuple(map(Cell, texts)), addresses.row("requirement", row.id))


def _span(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{percent(low, 1)} to {percent(high, 1)}"


def daily(band: DailyBand, name: str, key: str) -> Table:
    """About two dozen days of one component's bands."""
    heads = ["#Day", "#5 of 100", "#25 of 100", "#Median", "#75 of 100", "#95 of 100"]
    heads += ["#Nominal"] if band.nominal else []
    step = max(1, -(-len(band.days) // 24))
    places = sorted({*range(0, len(band.days), step), *([len(band.days) - 1] if band.days else [])})
    rows = []
    for place in places:
        curves = [band.p05, band.p25, band.p50, band.p75, band.p95, *([band.nominal] if band.nominal else [])]
        keys = (("component", band.component), ("day", band.days[place]))
        cells = [Cell(number(band.days[place])), *(Cell(quantity(curve[place])) for curve in curves)]
        rows.append(Row(tuple(cells), addresses.measure(band.measure, keys)))
    return Table(key, f"{name}: {band.measure_words} by day", _columns(*heads), tuple(rows))


def burden(rows: tuple[NationBurden, ...], army: dict[str, float]) -> Table:
    """What each nation carries; ``army`` is each nation's share of the army people of all."""
    heads = ("Nation", "#People-days", "#Share", "#Army people", "#Share of all army people")
    more = ("#Army deployed", "#BOG unit-days", "#Tours", "#Tours too soon")
    ordered = sorted(rows, key=lambda row: (-row.people_days, row.nation))
    columns = _columns(*heads, *more)
    return Table("burden", "Burden by nation, means over draws", columns, tuple(_nation(row, army) for row in ordered))


def _nation(row: NationBurden, army: dict[str, float]) -> Row:
    keys = (("nation", row.nation),)

    def cell(text: str, measure: str) -> Cell:
        return Cell(text, addresses.measure(measure, keys))

    army_address = row.army_address or addresses.row("nations", row.nation)
    cells = (
        Cell(f"{row.name} ({row.nation})" if row.name else row.nation),
        cell(number(row.people_days), addresses.PEOPLE_DEPLOYED),
        cell(percent(row.share, 1), addresses.PEOPLE_DEPLOYED),
        Cell(number(row.army_people), army_address),
        Cell(percent(army.get(row.nation), 1), army_address),
        cell(percent(row.share_of_army, 2), addresses.PEOPLE_DEPLOYED),
        cell(number(row.bog_days), addresses.BOG_DAYS),
        cell(number(row.tours, 1), addresses.TOURS),
        cell(percent(row.broken_dwell_share, 1), addresses.BROKEN_DWELL),
    )
    return Row(cells, addresses.measure(addresses.PEOPLE_DEPLOYED, keys))


def dwell(rows: tuple[PoolDwell, ...]) -> Table:
    """Rest between tours by pool, against the policy's floor."""
    heads = ("Pool", "Nation", "Policy", "#Floor, days", "#Mean dwell, days", "#5 to 95 of 100", "#Tours", "#Too soon")
    return Table("dwell", "Dwell against policy, means over draws", _columns(*heads), tuple(map(_pool, rows)))


def _pool(row: PoolDwell) -> Row:
    band = "–"
    if row.low_dwell_days is not None and row.high_dwell_days is not None:
        band = f"{number(row.low_dwell_days)} to {number(row.high_dwell_days)}"
    floor = addresses.policy(row.policy, row.phase, "min_dwell_days") if row.policy else ""
    cells = (
        Cell(row.pool),
        Cell(row.nation or "–"),
        Cell(f"{row.policy} ({row.phase})" if row.phase else row.policy or "–"),
        Cell(number(row.floor_days), floor),
        Cell(number(row.mean_dwell_days)),
        Cell(band),
        Cell(number(row.tours, 1)),
        Cell(percent(row.broken / row.tours, 1) if row.tours > 0 else "–"),
    )
    return Row(cells, addresses.row("units", row.pool))


def shortfalls(rows: tuple[Shortfall, ...]) -> Table:
    """Every task's causes."""
    made = []
    for row in rows:
        missed, share = number(row.missed_unit_days, 1), percent(row.share, 1)
        cells = (Cell(row.task), Cell(missed), Cell(cause_words(row.cause)), Cell(share))
        made.append(Row(cells, addresses.task(row.task)))
    heads = _columns("Task", "#Unit-days missed", "Cause", "#Share of short days")
    return Table("shortfalls", "Causes of shortfall by task", heads, tuple(made))


def origins(rows: tuple[OriginMove, ...], titles: dict[str, str]) -> Table:
    """Every origin left out in turn, the largest move first."""
    made = []
    for row in sorted(rows, key=lambda row: (-abs(row.move), row.origin, row.requirement)):
        sign = "+" if row.move > 0 else ""
        cells = (
            Cell(row.origin),
            Cell(titles.get(row.requirement, row.requirement)),
            Cell(percent(row.estimate_without, 1)),
            Cell(_span(row.low, row.high)),
            Cell(f"{sign}{number(100 * row.move, 1)}"),
            Cell(number(row.draws_kept)),
            Cell("run again" if row.rerun else "kept"),
        )
        made.append(Row(cells, addresses.row("requirement", row.requirement)))
    heads = ("Origin left out", "Requirement", "#Met without it", "#Sampling error", "#Move, points", "#Draws", "How")
    return Table("origins", "How far each requirement moves without one origin", _columns(*heads), tuple(made))
