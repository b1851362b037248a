"""What the pools say before anything is drawn: quantiles, weights, whose word, and the pool without each origin."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence.claims import Claim
from holdfast.analyses.evidence.forest import (
    Contradiction,
    FalseConsensus,
    Forest,
    GradeGap,
    contradictions,
    false_consensus,
    grade_gaps,
    without_origin,
)
from holdfast.analyses.evidence.forest import build as build_forest
from holdfast.analyses.evidence.pool import Entry, Pool, log_pool_quantiles, quantiles
from holdfast.analyses.evidence.problem import Status, build, claims_rows, pools_of
from holdfast.analyses.evidence.tables import judgements
from holdfast.plan.model import Plan

LEVELS = (0.05, 0.5, 0.95)
WORDS = ("on_record", "anonymous", "document", "judgement")
"""Whose word a number rests on; ``judgement`` is the analyst's own range."""

Triple = tuple[float, float, float]


class OriginWeight(NamedTuple):
    """One origin in one pool, and the pool without it."""

    origin: str
    claim: str
    grade: str
    unjudged: bool
    weight: float  # share of the pool
    without: Triple  # p05, p50, p95 of the pool without the origin
    unsupported_without: bool  # True: it is the only voice


class PoolSummary(NamedTuple):
    """One claims-based assumption."""

    name: str
    unit: str
    quantiles: Triple  # p05, p50, p95 of the linear pool
    log_pool: Triple  # the same of the logarithmic pool: sensitivity; NaN where the origins have no common ground
    unsupported: bool
    origins: tuple[OriginWeight, ...]
    shares: dict[str, float]  # by WORDS; they sum to 1


class EvidenceSummary(NamedTuple):
    """All pools, and what a reader should know of the claims behind them."""

    pools: tuple[PoolSummary, ...]
    statuses: tuple[Status, ...]
    false_consensus: tuple[FalseConsensus, ...]
    contradictions: tuple[Contradiction, ...]
    grade_gaps: tuple[GradeGap, ...]


def summarise(plan: Plan, *, as_of: date | None = None, names: Collection[str] | None = None) -> EvidenceSummary:
    """Every pool of a plan with its leave-one-origin-out range; one build for each origin, nothing is drawn."""
    problem = build(plan, as_of=as_of, names=names)
    forest, rows = build_forest(plan, as_of=as_of), claims_rows(plan, names)
    without = {
        origin: dict(zip(problem.names, pools_of(plan, rows, without_origin(forest, origin)), strict=True))
        for origin in problem.origins
    }
    rho = judgements(plan).pooling.origin_correlation
    pools = tuple(
        PoolSummary(
            name,
            unit,
            _levels(quantiles(pool, LEVELS)),
            _levels(log_pool_quantiles(pool, LEVELS, rho)),
            not pool.entries,
            tuple(_weight(entry, pool, without[entry.origin][name]) for entry in pool.entries),
            shares(pool, forest),
        )
        for name, unit, pool in zip(problem.names, problem.units, problem.pools, strict=True)
    )
    return EvidenceSummary(pools, problem.statuses, false_consensus(forest), contradictions(forest), grade_gaps(forest))


def _weight(entry: Entry, pool: Pool, without: Pool) -> OriginWeight:
    share = pool.weights()[entry.origin]
    left = _levels(quantiles(without, LEVELS))
    return OriginWeight(entry.origin, entry.claim, entry.grade, entry.unjudged, share, left, not without.entries)


def _levels(values: NDArray[np.float64]) -> Triple:
    low, middle, high = (float(value) for value in values)
    return low, middle, high


def shares(pool: Pool, forest: Forest) -> dict[str, float]:
    """The share of a pool that rests on each sort of word, by :data:`WORDS`; they sum to 1.

    An origin counts with its weight as far as it is believed; where it is not, the analyst's own range speaks.  A
    claim with several bases counts in equal parts; one that names nobody counts as anonymous.
    """
    found = dict.fromkeys(WORDS, 0.0)
    weights = pool.weights()
    for entry in pool.entries:
        bases = word_of(forest.claims[entry.claim])
        for base in bases:
            found[base] += weights[entry.origin] * entry.truth / len(bases)
    found["judgement"] = 1.0 - sum(found.values())
    return found


def word_of(claim: Claim) -> tuple[str, ...]:
    """The sorts of word behind one claim: on_record, anonymous, document."""
    return tuple(base for base in WORDS[:3] if base in claim.basis) or ("anonymous",)
