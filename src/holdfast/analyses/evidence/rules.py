"""Every rule on claims and pools with its code and remedy, and the ranges of the judgement tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from holdfast.analyses.evidence.tables import defaults

MAX_SPREAD = 0.62
"""A point read with a wider spread than this would reach below zero: 2·q - 1, q the 95 % quantile of Beta(3, 3)."""


class Rule(NamedTuple):
    """What a code asks for, and how to mend it."""

    rule: str
    remedy: str


RULES: dict[str, Rule] = {
    "unknown-id": Rule("a reference names a row that exists", "correct the id, or add the row"),
    "cycle": Rule("references do not run in a circle", "break the circle at one of its members"),
    "not-a-date": Rule("dates are written 2025-09-05, 2025-09 or 2025", "write an ISO 8601 date"),
    "claim-date": Rule("no claim is dated after the plan was compiled", "correct the date, or move compiled"),
    "low-above-high": Rule("low <= high", "put the numbers in order"),
    "claim-word": Rule("basis, kind, stance and credibility use the listed words", "use one of the words"),
    "claim-negative": Rule("what a claim counts is not negative", "write the number without a sign"),
    "claim-number": Rule(
        "a claim with a kind has a number: a ceiling its high, a stated zero 0 and 0",
        "give the number, or leave kind blank for words without a number",
    ),
    "claim-zero": Rule(
        "a refusal written as zero troops is stance_zero, and nothing else is",
        "make the kind stance_zero, or give the number",
    ),
    "grade-one": Rule(
        "credibility 1 (confirmed) needs a second independent origin on the same subject and quantity "
        "that does not contradict it",
        "grade it 2, or add the claim that confirms it",
    ),
    "supersedes-older": Rule("a claim supersedes only older ones", "correct a date, or swap the two"),
    "contradicts-topic": Rule(
        "numbers contradict one another only on the same subject and quantity",
        "correct the id, the subject or the quantity",
    ),
    "contradicts-one-way": Rule("contradicts stands in both claims", "name the claim in the other row, too"),
    "pool-empty": Rule(
        "an assumption of kind claims names claims and a range of its own", "give claims, low, mode and high"
    ),
    "pool-mixed": Rule(
        "one assumption pools one subject, one quantity and one unit",
        "split it, or drop the claims that are about something else",
    ),
    "pool-unit": Rule(
        "an assumption has the unit of the claims that it pools", "correct the unit, or convert in a formula"
    ),
    "pool-kinds": Rule(
        "a pool admits planned, offered, committed and, except for what nations give, estimate",
        "remove the kind; asked, possible and dropped are reported, never pooled",
    ),
    "pool-stance": Rule(
        "an assumption in the unit probability pools stances of one subject", "name claims that have a stance"
    ),
    "pool-range": Rule(
        "a contribution or a willingness has no negative range, a willingness none above 1", "correct low or high"
    ),
    "spread-tail": Rule(f"0 < spread <= {MAX_SPREAD}: tails are neither negative nor unlimited", "correct the spread"),
    "judgement-table": Rule(
        "grades, stances and pooling have known rows with ordered values in range",
        "correct the row; the shipped tables show every row",
    ),
}
"""Every code that :func:`check` can report."""

POOLING_RANGES: Mapping[str, tuple[float, float]] = {
    "half_life_days": (1.0, 1e6),
    "point_spread": (1e-9, MAX_SPREAD),
    "at_most_low": (0.0, 1.0),
    "at_most_mode": (0.0, 1.0),
    "at_least_scale": (1e-9, 1.0),
    "unjudged_spread": (1.0, 10.0),
    "origin_correlation": (0.0, 1.0),
}


def judgement_faults(table: str, row_id: str, numbers: Mapping[str, float | None]) -> Iterator[tuple[str, str]]:
    """Column and message of what is wrong with one row of grades, stances or pooling as a plan writes it."""
    if row_id not in defaults(table):
        yield "id", "is no row of the shipped table"
        return
    if table == "pooling":
        low, high = POOLING_RANGES[row_id]
        value = numbers.get("value")
        if value is None or not low <= value <= high:
            yield "value", f"is not from {low:g} to {high:g}"
        return
    for column, value in numbers.items():
        if value is not None and not 0 <= value <= 1:
            yield column, "is not from 0 to 1"
    if table == "stances":
        ends = [numbers.get(column) for column in ("low", "mode", "high")]
        known = [end for end in ends if end is not None]
        if len(known) < 3 or known != sorted(known):
            yield "low", "needs low <= mode <= high"
