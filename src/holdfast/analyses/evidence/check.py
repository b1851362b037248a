"""What is wrong with the claims of a plan: one fault a place, all at once.

The loader has checked cell by cell (types, words, bounds, ids, circles, dates after ``compiled``); the rules here
span claims, and hold for plans built in Python, too.  No NumPy here: checking a plan stays light.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping

from holdfast.analyses.evidence import tables
from holdfast.analyses.evidence.claims import (
    BASES,
    CEILING,
    ESTIMATE,
    KINDS,
    NO_DAY,
    REPORTED_KINDS,
    STANCE_UNIT,
    STANCES,
    VALUE_KINDS,
    ZERO,
    Claim,
    independent_origins,
    number,
    read_claims,
    read_sources,
    split,
    text,
)
from holdfast.analyses.evidence.rules import MAX_SPREAD, RULES, judgement_faults
from holdfast.base import units
from holdfast.base.errors import Fault
from holdfast.plan.model import Plan, Row


def check(plan: Plan) -> list[Fault]:
    """Every fault of the claims of a plan, of the pools over them and of the tables behind them, sorted by place."""
    checker = _Checker(plan)
    for part in (checker.claims, checker.links, checker.grades, checker.pools, checker.judgements):
        part()
    return sorted(set(checker.faults))


class _Checker:
    """Collects faults; each method looks at one thing."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.all = read_claims(plan)
        self.sources = read_sources(plan)
        self.faults: list[Fault] = []

    def report(self, table: str, row: Row, column: str, code: str, message: str) -> None:
        cell, rule = row.cells.get(column), RULES[code]
        path = os.path.join(self.plan.folder, self.plan[table].path) if table in self.plan.tables else f"{table}.csv"
        line, place = (row.line, 0) if cell is None else (cell.line or row.line, cell.column)
        shown = "" if cell is None else cell.text or row.text(column)
        origin = "" if cell is None else cell.origin
        self.faults.append(Fault(origin or path, line, place, code, message, shown[:80], rule.rule, rule.remedy))

    def claims(self) -> None:
        """Words, dates and numbers of single claims."""
        for row in self.plan["claims"]:
            self._claim(row, self.all[row.id])

    def _claim(self, row: Row, claim: Claim) -> None:
        def say(column: str, code: str, message: str) -> None:
            self.report("claims", row, column, code, f"{claim.id} {message}")

        if claim.last_day == NO_DAY:
            say("date", "not-a-date", "has no date that can be read")
        elif claim.first_day > self.plan.compiled:
            say("date", "claim-date", f"is dated after {self.plan.compiled.isoformat()}")
        if claim.source not in self.sources:
            say("source", "unknown-id", f"was read in {claim.source!r}, which sources do not hold")
        for base in claim.basis:
            if base not in BASES:
                say("basis", "claim-word", f"has the basis {base!r}")
        if claim.kind and claim.kind not in KINDS:
            say("kind", "claim-word", f"has the kind {claim.kind!r}")
        if claim.stance not in (*STANCES, "n/a"):
            say("stance", "claim-word", f"has the stance {claim.stance!r}")
        if not 1 <= claim.credibility <= 6:
            say("credibility", "claim-word", f"has the credibility {claim.credibility}")
        self._numbers(claim, say)

    def _numbers(self, claim: Claim, say: Callable[[str, str, str], None]) -> None:
        low, high = claim.low, claim.high
        for column, value in (("low", low), ("high", high)):
            if value is not None and not (value >= 0 and math.isfinite(value)):
                say(column, "claim-negative", f"has {column} {value:g}")
        if low is not None and high is not None and low > high:
            say("low", "low-above-high", f"has low {low:g} and high {high:g}")
        if claim.kind == ZERO:
            if (low, high) != (0, 0):
                say("kind", "claim-number", "is a stated zero with another number")
        elif claim.kind == CEILING and high is None:
            say("high", "claim-number", "is a ceiling without high")
        elif claim.kind and not claim.has_number:
            say("kind", "claim-number", "has a kind and no number")
        elif claim.kind in VALUE_KINDS and not high and (high == 0 or not low):
            say("kind", "claim-zero", "gives zero as a quantity")

    def links(self) -> None:
        """References between claims: they exist, run in no circle, and mean what they say."""
        for row in self.plan["claims"]:
            claim = self.all[row.id]
            for column in ("derived_from", "supersedes", "contradicts"):
                for other in getattr(claim, column):
                    if other not in self.all:
                        message = f"{claim.id} names {other!r}, which claims do not hold"
                        self.report("claims", row, column, "unknown-id", message)
            self._replaces(row, claim)
            self._contradicts(row, claim)
        for column in ("derived_from", "supersedes"):
            graph = {claim.id: getattr(claim, column) for claim in self.all.values()}
            for member in _on_circles(graph):
                row = self.plan["claims"][member]
                self.report("claims", row, column, "cycle", f"{column} runs in a circle through {member}")

    def _replaces(self, row: Row, claim: Claim) -> None:
        for old in claim.supersedes:
            other = self.all.get(old)
            if other is not None and other.id != claim.id and other.first_day >= claim.last_day:
                message = f"{claim.id} of {text(row, 'date')} supersedes {old}, which is not older"
                self.report("claims", row, "supersedes", "supersedes-older", message)

    def _contradicts(self, row: Row, claim: Claim) -> None:
        for name in claim.contradicts:
            other = self.all.get(name)
            if other is None:
                continue
            if claim.id not in other.contradicts:
                message = f"{claim.id} contradicts {name}, and {name} does not say so"
                self.report("claims", row, "contradicts", "contradicts-one-way", message)
            if _is_count(claim) and _is_count(other) and claim.topic != other.topic:
                message = f"{claim.id} is about {' '.join(claim.topic)}, {name} about {' '.join(other.topic)}"
                self.report("claims", row, "contradicts", "contradicts-topic", message)

    def grades(self) -> None:
        """A grade 1 says "confirmed by independent sources": somebody else must have said it."""
        for row in self.plan["claims"]:
            claim = self.all[row.id]
            if claim.credibility == 1:
                agreeing = [other.id for other in self.all.values() if _agrees(claim, other)]
                if len(independent_origins(self.all, [claim.id, *agreeing])) < 2:
                    message = f"{claim.id} is graded 1 and rests on one origin"
                    self.report("claims", row, "credibility", "grade-one", message)

    def pools(self) -> None:
        """Assumptions of kind claims: one meaning each, and numbers that suit it."""
        for row in self.plan["assumptions"]:
            if row["kind"] == "claims":
                listed = split(text(row, "claims"))
                for name in listed:
                    if name not in self.all:
                        message = f"{row.id} names {name!r}, which claims do not hold"
                        self.report("assumptions", row, "claims", "unknown-id", message)
                known = [self.all[name] for name in listed if name in self.all]
                for column, code, message in (*_pool_faults(row, known), *_range_faults(row, known)):
                    self.report("assumptions", row, column, code, f"{row.id} {message}")

    def judgements(self) -> None:
        """The plan's own rows of grades, stances and pooling."""
        for table in tables.TABLES:
            for row in tables.own_rows(self.plan, table):
                numbers = tables.numbers_of(row, table)
                for column, message in judgement_faults(table, row.id, numbers):
                    self.report(table, row, column, "judgement-table", f"{table}: {row.id} {message}")


def _is_count(claim: Claim) -> bool:
    """Whether a claim is a quantity that a pool could hold, not words and not a refusal."""
    return claim.has_number and claim.kind not in ("", ZERO)


def _agrees(claim: Claim, other: Claim) -> bool:
    if other.id == claim.id or other.topic != claim.topic:
        return False
    if other.id in claim.contradicts or claim.id in other.contradicts or other.has_number != claim.has_number:
        return False
    ends = [(one.low or 0.0, math.inf if one.high is None else one.high) for one in (claim, other)]
    return max(low for low, _ in ends) <= min(high for _, high in ends)


def _pool_faults(row: Row, listed: list[Claim]) -> Iterator[tuple[str, str, str]]:
    """Column, code and message of what is wrong with the claims of one assumption."""
    if not listed:
        yield "claims", "pool-empty", "is of kind claims and names none"
        return
    if len({claim.subject for claim in listed}) > 1:
        yield "claims", "pool-mixed", f"mixes the subjects {_names(claim.subject for claim in listed)}"
    if text(row, "unit") == STANCE_UNIT:
        for claim in listed:
            if claim.stance not in STANCES:
                yield "claims", "pool-stance", f"pools stances, and {claim.id} has none"
        return
    if len({claim.quantity for claim in listed}) > 1:
        yield "claims", "pool-mixed", f"mixes the quantities {_names(claim.quantity for claim in listed)}"
    said = {_unit(claim.unit): claim.unit for claim in listed if claim.has_number}
    if len(said) > 1:
        yield "claims", "pool-mixed", f"mixes the units {_names(iter(said.values()))}"
    elif said and _unit(text(row, "unit")) not in said:
        yield "unit", "pool-unit", f"is in {text(row, 'unit') or '1'}, its claims in {_names(iter(said.values()))}"
    contribution = any(claim.quantity.startswith("contribution") for claim in listed)
    for kind in split(text(row, "kinds")):
        if kind in (*REPORTED_KINDS, ZERO, CEILING) or kind not in KINDS or (kind == ESTIMATE and contribution):
            yield "kinds", "pool-kinds", f"admits the kind {kind!r}"


def _range_faults(row: Row, listed: list[Claim]) -> Iterator[tuple[str, str, str]]:
    low, mode, high = (number(row, column) for column in ("low", "mode", "high"))
    if low is None or mode is None or high is None:
        yield "low", "pool-empty", "lacks low, mode or high of its own"
    elif not low <= mode <= high:
        yield "low", "low-above-high", f"has low {low:g}, mode {mode:g}, high {high:g}"
    else:
        willing = text(row, "unit") == STANCE_UNIT
        if (willing or any(claim.quantity.startswith("contribution") for claim in listed)) and low < 0:
            yield "low", "pool-range", f"begins at {low:g}"
        if willing and high > 1:
            yield "high", "pool-range", f"ends at {high:g}"
    spread = number(row, "spread")
    if spread is not None and not 0 < spread <= MAX_SPREAD:
        yield "spread", "spread-tail", f"reads points with a spread of {spread:g}"


def _names(words: Iterator[str]) -> str:
    return ", ".join(sorted({word or "(blank)" for word in words}))


def _unit(unit: str) -> str:
    try:
        return str(units.parse(unit))
    except ValueError:
        return unit


def _on_circles(graph: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The members of circles, each circle once: by its smallest member that leads back to itself."""
    found: list[str] = []
    done: set[str] = set()
    for start in sorted(graph):
        reached = _reach(graph, start)
        if start in reached and start not in done:
            found.append(start)
            done |= {name for name in reached if start in _reach(graph, name)} | {start}
    return found


def _reach(graph: Mapping[str, tuple[str, ...]], start: str) -> set[str]:
    reached: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name in graph and name not in reached:
            reached.add(name)
            todo.extend(graph[name])
    return reached
