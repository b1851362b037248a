"""The tables of what the result rests on: assumptions in full, claims, facts and sources."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.report import addresses
from holdfast.report.content import AssumptionRow, ClaimRow, FactRow, ReportContent, SourceRow
from holdfast.report.tables import Cell, Column, Link, Row, Table
from holdfast.report.wording import number, plain, quantity


def tables(content: ReportContent) -> dict[str, Table]:
    """The four tables, by key; ids that stand in another of them are linked to it."""
    sources = {row.id: f"source-{place}" for place, row in enumerate(content.sources, 1)}
    claims = {row.id: f"claim-{place}" for place, row in enumerate(content.claims, 1)}
    facts = {row.id: f"fact-{place}" for place, row in enumerate(content.facts, 1)}
    made = (
        _assumptions(content, {**facts, **claims, **sources}),
        _claims(content.claims, sources, claims),
        _facts(content.facts, facts),
        _sources(content.sources, sources),
    )
    return {table.key: table for table in made}


def _linked(ids: Iterable[str], anchors: dict[str, str]) -> tuple[Link, ...]:
    """Links to rows of this page; a name that is a web address leads out, any other stays text."""
    names = dict.fromkeys(ids)
    return tuple(Link(name, f"#{anchors[name]}") if name in anchors else Link("", name) for name in names)


def _assumptions(content: ReportContent, anchors: dict[str, str]) -> Table:
    columns = (
        Column("Assumption"),
        Column("Kind and unit"),
        Column("Low, mode, high", True),
        Column("Central", True),
        Column("Why this"),
        Column("Grade, rests on"),
        Column("Move, points", True),
    )
    rows = tuple(_assumption(row, anchors) for row in content.assumptions)
    return Table("assumptions", "Every assumption, with its reasoning and sources", columns, rows, stacked=True)


def _assumption(row: AssumptionRow, anchors: dict[str, str]) -> Row:
    marks = [
        row.kind,
        row.unit,
        "judged" if row.judged else "",
        "unsupported: no origin left" if row.unsupported else "",
    ]
    why = " ".join(part for part in (f"= {row.formula}." if row.formula else "", row.rationale) if part)
    rests = _linked((*row.sources, *row.claims), anchors)
    cells = (
        Cell(row.name),
        Cell("; ".join(mark for mark in marks if mark)),
        Cell(_spread(row)),
        Cell(quantity(row.central)),
        Cell(why or "no reason given"),
        Cell("; ".join(part for part in (row.grade, "" if rests else "no source given") if part), links=rests),
        Cell(_move(row)),
    )
    return Row(cells, addresses.row("assumption", row.name))


def _spread(row: AssumptionRow) -> str:
    """Low, mode and high in one cell; the mode alone when it is all there is."""
    if row.low is None and row.high is None:
        return quantity(row.mode)
    return " · ".join(map(quantity, (row.low, row.mode, row.high)))


def _move(row: AssumptionRow) -> str:
    if row.move is None:
        return "–"
    error = f" ± {number(100 * row.move_error, 1)}" if row.move_error is not None else ""
    weak = "" if row.move > (row.move_error or 0.0) else ", not distinguishable"
    return f"{number(100 * row.move, 1)}{error}{weak}"


def _claims(rows: tuple[ClaimRow, ...], sources: dict[str, str], anchors: dict[str, str]) -> Table:
    columns = tuple(map(Column, ("Claim", "Date", "Who said it", "What was said", "Where", "Grade", "Stance", "Used")))
    made = []
    for row in rows:
        outlet = row.outlet or row.source or "not named"
        where = (Link(row.source, f"#{sources[row.source]}"),) if row.source in sources else ()
        cells = (
            Cell(row.id),
            Cell(row.date or "–"),
            Cell(row.speaker or "–"),
            Cell(row.statement),
            Cell("", links=(Link(outlet, row.url), *where)),
            Cell(f"{row.reliability}{row.credibility}" or "–"),
            Cell(plain(row.stance) or "–"),
            Cell("yes" if row.used else "no"),
        )
        made.append(Row(cells, addresses.row("claim", row.id), anchors[row.id]))
    return Table("claims", "Claims: who said what, where, and how it is graded", columns, tuple(made), stacked=True)


def _facts(rows: tuple[FactRow, ...], anchors: dict[str, str]) -> Table:
    columns = (
        Column("Fact"),
        Column("Nation"),
        Column("What"),
        Column("Value", True),
        Column("Unit"),
        Column("Year"),
        Column("Grade"),
        Column("Source"),
        Column("Note"),
    )
    made = []
    for row in rows:
        value = row.value if isinstance(row.value, str) else quantity(row.value)
        cells = (
            Cell(row.id),
            Cell(row.nation or "–"),
            Cell(plain(row.attribute)),
            Cell(value),
            Cell(row.unit or "–"),
            Cell(row.year or "–"),
            Cell(row.grade or "–"),
            Cell("" if row.url else "–", links=(Link("", row.url),) if row.url else ()),
            Cell(row.note or "–"),
        )
        made.append(Row(cells, addresses.row("fact", row.id), anchors[row.id]))
    return Table("facts", "Published figures that the plan uses", columns, tuple(made), stacked=True)


def _sources(rows: tuple[SourceRow, ...], anchors: dict[str, str]) -> Table:
    columns = tuple(map(Column, ("Source", "Outlet", "Page", "Date", "Reliability", "Why")))
    made = []
    for row in rows:
        cells = (
            Cell(row.id),
            Cell(row.outlet),
            Cell("" if row.url else "–", links=(Link("", row.url),) if row.url else ()),
            Cell(row.date or "–"),
            Cell(row.reliability or "–"),
            Cell(row.reason or "–"),
        )
        made.append(Row(cells, addresses.row("source", row.id), anchors[row.id]))
    return Table("sources", "Sources: outlets and pages", columns, tuple(made), stacked=True)
