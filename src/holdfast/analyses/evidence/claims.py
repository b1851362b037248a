"""Claims as the analysis reads them: typed, dated, and traced back along ``derived_from`` to their origins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from holdfast.base.clock import last_day_of
from holdfast.plan.model import Plan, Row

VALUE_KINDS = ("planned", "offered", "committed")
"""Kinds that a pool admits as quantities unless it names others."""

CEILING, ZERO, DROPPED, ESTIMATE = "ceiling", "stance_zero", "dropped", "estimate"
REPORTED_KINDS = ("asked", "possible", DROPPED)
"""Kinds that are reported and never pooled, whatever a pool names."""

KINDS = (*VALUE_KINDS, CEILING, ZERO, *REPORTED_KINDS, ESTIMATE)
STANCES = ("will_send", "conditional", "undecided", "support_no_troops", "refuses", "opposes")
BASES = ("on_record", "anonymous", "document", "relayed", "article_voice")
STANCE_UNIT = "probability"
"""An assumption in this unit pools stances (a willingness); in any other unit it pools numbers."""

NO_DAY = date.min
"""Stands for a date that cannot be read."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One dated statement as an outlet reports it.

    ``low`` None: only an upper bound was said; ``high`` None: only a lower one; both None: words without a number.
    """

    id: str
    source: str
    speaker: str
    basis: tuple[str, ...]
    origin: str  # as written; see :func:`origin_of` for the origin that it goes back to
    credibility: int
    subject: str
    quantity: str
    kind: str
    low: float | None
    high: float | None
    unit: str
    stance: str
    first_day: date
    last_day: date  # a partial date counts as the last day that it can mean
    derived_from: tuple[str, ...]
    supersedes: tuple[str, ...]
    contradicts: tuple[str, ...]

    @property
    def topic(self) -> tuple[str, str]:
        """Subject and quantity: only claims on one topic can replace or contradict one another."""
        return self.subject, self.quantity

    @property
    def has_number(self) -> bool:
        """Whether a number was said."""
        return self.low is not None or self.high is not None

    @property
    def body(self) -> str:
        """Who can take the statement back: the named speaker; blank when nobody is named or the page only relays."""
        unnamed = "anonymous" in self.basis or "article_voice" in self.basis or bool(self.derived_from)
        return "" if unnamed else " ".join(self.speaker.casefold().split())


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet and address; ``reliability`` A-F."""

    id: str
    outlet: str
    reliability: str


def read_claims(plan: Plan) -> dict[str, Claim]:
    """Every claim of a plan by id, sorted by id; unreadable dates become :data:`NO_DAY`."""
    return {row.id: read_claim(row) for row in sorted(plan["claims"], key=lambda row: row.id)}


def read_sources(plan: Plan) -> dict[str, Source]:
    """Every source of a plan by id."""
    return {
        row.id: Source(row.id, text(row, "outlet") or row.id, text(row, "reliability") or "F")
        for row in sorted(plan["sources"], key=lambda row: row.id)
    }


def read_claim(row: Row) -> Claim:
    """One row of ``claims.csv``."""
    first, last = days_of(text(row, "date"))
    credibility = text(row, "credibility")
    return Claim(
        row.id, text(row, "source"), text(row, "speaker"), tuple(split(text(row, "basis"), "+")),
        text(row, "origin") or row.id, int(credibility) if credibility.isdigit() else 6,
        text(row, "subject"), text(row, "quantity"), text(row, "kind"), number(row, "low"), number(row, "high"),
        text(row, "unit"), text(row, "stance") or "n/a", first, last,
        *(tuple(split(text(row, column))) for column in ("derived_from", "supersedes", "contradicts")),
    )  # fmt: skip


def text(row: Row, column: str) -> str:
    """A cell as text; blank where the table lacks the column."""
    return row.text(column).strip() if column in row.cells else ""


def number(row: Row, column: str) -> float | None:
    """A cell as a number; None where it is blank, lacking, or no number."""
    value = row[column] if column in row.cells else None
    return float(value) if isinstance(value, int | float) else None


def split(cell: str, separator: str = ";") -> list[str]:
    """The parts of a cell that lists several."""
    return [part.strip() for part in cell.split(separator) if part.strip()]


def days_of(when: str) -> tuple[date, date]:
    """The first and the last day that a full or partial date can mean; :data:`NO_DAY` twice when it is none."""
    try:
        last = last_day_of(when)
    except ValueError:
        return NO_DAY, NO_DAY
    parts = when.count("-")
    return (last if parts == 2 else last.replace(day=1) if parts == 1 else last.replace(month=1, day=1)), last


def ancestors(claims: Mapping[str, Claim], claim_id: str) -> tuple[str, ...]:
    """A claim and everything that it is derived from, depth first; the first-named parent leads.

    Unknown parents are passed over, and a circle ends where it closes: both are faults of the plan.
    """
    found: dict[str, None] = {}
    todo = [claim_id]
    while todo:
        current = todo.pop()
        if current not in found:
            found[current] = None
            todo.extend(parent for parent in reversed(claims[current].derived_from) if parent in claims)
    return tuple(found)


def roots(claims: Mapping[str, Claim], claim_id: str) -> tuple[str, ...]:
    """The claims at which the derivations of a claim end: itself when it has none, or when they run in a circle."""
    found = [
        name
        for name in ancestors(claims, claim_id)
        if not any(parent in claims for parent in claims[name].derived_from)
    ]
    return tuple(found) or (claim_id,)


def origin_of(claims: Mapping[str, Claim], claim_id: str) -> str:
    """The origin that a claim goes back to: that of the root of its derivation (the first, if it has several)."""
    return claims[roots(claims, claim_id)[0]].origin


def independent_origins(claims: Mapping[str, Claim], ids: Iterable[str]) -> tuple[str, ...]:
    """The distinct origins behind some claims, sorted; a claim that relays two origins adds none of its own."""
    return tuple(sorted({claims[root].origin for claim_id in ids for root in roots(claims, claim_id)}))


def outlets(claims: Mapping[str, Claim], sources: Mapping[str, Source], ids: Iterable[str]) -> tuple[str, ...]:
    """The distinct outlets in which some claims were read, sorted."""
    read_in = {claims[claim_id].source for claim_id in ids}
    return tuple(sorted({sources[name].outlet if name in sources else name for name in read_in}))
