"""The judgements behind the weighing, as tables anyone can read and replace: grades, stances, pooling.

The defaults ship beside this module.  A plan table of the same name replaces single rows of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.plan.model import Plan, Row

LETTERS, NUMBERS = "ABCDEF", "123456"
UNJUDGED = ("F", "6")
"""Grades that say "cannot be judged": missing values, not one half."""

MIDDLE = {"F": "C", "6": "3"}
TABLES = ("grades", "stances", "pooling")
_KEYS = {
    "grades": ("weight",),
    "stances": ("low", "mode", "high", "reversal"),
    "pooling": ("value",),
}

Numbers = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Stance:
    """Willingness behind a stance: a range if the statement holds, and one number if it does not.

    ``reversal`` None: if the statement does not hold, nothing is known beyond the assumption's own range.
    """

    low: float
    mode: float
    high: float
    reversal: float | None


@dataclass(frozen=True, slots=True)
class Pooling:
    """How a statement becomes a distribution, and how fast it ages; see ``data/pooling.csv``."""

    half_life_days: float
    point_spread: float
    at_most_low: float
    at_most_mode: float
    at_least_scale: float
    unjudged_spread: float
    origin_correlation: float


@dataclass(frozen=True, slots=True)
class Judgements:
    """The effective tables of one plan."""

    weights: Mapping[str, float]  # by grade, letters and numbers; F and 6 as the middle grade
    stances: Mapping[str, Stance]
    pooling: Pooling

    def authenticity(self, reliability: str) -> float:
        """Chance that an origin said what an outlet of this reliability (A-F) reports."""
        return self.weights[reliability]

    def truth(self, credibility: int) -> float:
        """Chance that a statement of this credibility (1-6) holds."""
        return self.weights[str(credibility)]


def judgements(plan: Plan) -> Judgements:
    """The shipped tables with the plan's own rows over them.

    Raises KeyError where the plan's rows name unknown ids and ValueError where a value is missing: see
    :func:`holdfast.analyses.evidence.check.check`.
    """
    grades, stances, pooling = (effective(plan, name) for name in TABLES)
    weights = {grade: row["weight"] for grade, row in grades.items()}
    for grade, middle in MIDDLE.items():
        if weights[grade] is None:
            weights[grade] = weights[middle]
    return Judgements(
        {grade: _filled(grade, weight) for grade, weight in weights.items()},
        {name: _stance(name, row) for name, row in stances.items()},
        Pooling(**{name: _filled(name, row["value"]) for name, row in pooling.items()}),
    )


def effective(plan: Plan, table: str) -> dict[str, dict[str, float | None]]:
    """The numbers of one table (grades, stances or pooling) by row id, as this plan reads them."""
    found = {row_id: dict(numbers) for row_id, numbers in defaults(table).items()}
    for row in own_rows(plan, table):
        known = found.setdefault(row.id, dict.fromkeys(_KEYS[table]))
        known.update(
            {key: value for key, value in numbers_of(row, table).items() if table == "stances" or value is not None}
        )
    return found


def own_rows(plan: Plan, table: str) -> Iterator[Row]:
    """The rows that the plan itself writes in one of the three tables."""
    found = plan.tables.get(table)
    return iter(()) if found is None else iter(found)


def numbers_of(row: Row, table: str) -> dict[str, float | None]:
    """The numbers of a plan's row; columns that its file lacks are left out, blank cells are None."""
    found: dict[str, float | None] = {}
    for key in _KEYS[table]:
        if key in row.cells:
            value = row[key]
            found[key] = float(value) if isinstance(value, int | float) else None
    return found


@cache
def defaults(table: str) -> Mapping[str, Numbers]:
    """The shipped numbers of one table by row id."""
    path = Path(__file__).with_name("data") / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: {key: float(row[key]) if row[key] else None for key in _KEYS[table]}
            for row in csv.DictReader(file, strict=True)
        }


def _stance(name: str, row: Numbers) -> Stance:
    low, mode, high = (_filled(name, row[end]) for end in ("low", "mode", "high"))
    return Stance(low, mode, high, row["reversal"])


def _filled(name: str, value: float | None) -> float:
    if value is None:
        raise ValueError(f"{name} has no value")
    return value


def grade_gap(grade: str) -> int | None:
    """Steps between letter and number of a grade like ``B2``, with A as 1 and E as 5; None where one is F or 6.

    Raises ValueError when the text is no grade.
    """
    letter, number = grade[:1].upper(), grade[1:]
    if len(grade) != 2 or letter not in LETTERS or number not in NUMBERS:
        raise ValueError(f"not a grade: {grade!r}")
    return None if letter in UNJUDGED or number in UNJUDGED else abs(LETTERS.index(letter) - NUMBERS.index(number))


def grade_warning(grade: str) -> bool:
    """Whether letter and number of a grade stand two or more steps apart.

    The rule rests on the published finding that readers take such pairs in different ways (doi:10.1002/bdm.2307).
    Raises ValueError when the text is no grade.
    """
    gap = grade_gap(grade)
    return gap is not None and gap >= 2
