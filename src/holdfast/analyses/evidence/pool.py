"""The pool of one assumption: its origins, their weights, and the exact distribution of the mixture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence.opinions import effective_n
from holdfast.analyses.evidence.shapes import Shape, capped_distribution, ends

Floats = NDArray[np.float64]

HALVINGS = 80
GRID = 4001


class Entry(NamedTuple):
    """One origin in a pool."""

    origin: str
    claim: str  # the statement that counts
    weight: float  # authenticity times age; not normalised
    truth: float  # chance that the statement holds
    right: Shape  # what the quantity is if it holds
    wrong: Shape  # and if it does not
    grade: str  # best letter of the outlets that carry it, and the number of the claim
    unjudged: bool  # F or 6: weighs as the middle grade, spread widened


class Ceiling(NamedTuple):
    """One origin that says "no more than": truncates the pool in the draws in which it is heard and holds."""

    origin: str
    claim: str
    cap: float
    heard: float  # chance that it is heard: authenticity times age
    truth: float  # chance that it holds


class Pool(NamedTuple):
    """The origins of one assumption, sorted by name; without any, the analyst's own range stands."""

    own: Shape  # low, mode and high of the assumption
    capacity: float  # most that the nation can give; infinity where it is not known
    entries: tuple[Entry, ...]
    ceilings: tuple[Ceiling, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin on which the pool rests, sorted."""
        return tuple(sorted({entry.origin for entry in self.entries} | {ceiling.origin for ceiling in self.ceilings}))

    def truths(self, origin: str) -> list[float]:
        """The chances that the statements hold which the pool takes from one origin."""
        found = [entry.truth for entry in self.entries if entry.origin == origin]
        return found + [ceiling.truth for ceiling in self.ceilings if ceiling.origin == origin]

    def weights(self) -> dict[str, float]:
        """The share of each origin in the pool; they sum to 1, or the pool is empty."""
        total = sum(entry.weight for entry in self.entries)
        return {entry.origin: entry.weight / total for entry in self.entries}


def distribution(pool: Pool, x: Floats) -> Floats:
    """The distribution function of the linear pool at ``x``, ceilings included (Stone, 1961)."""
    if not pool.entries:
        return _under_ceilings(pool.own, x, np.inf, [(ceiling, ceiling.truth) for ceiling in pool.ceilings])
    weights = pool.weights()
    parts = [weights[entry.origin] * _of_origin(pool, entry, x) for entry in pool.entries]
    return np.asarray(np.sum(parts, axis=0))


def _of_origin(pool: Pool, entry: Entry, x: Floats) -> Floats:
    """The distribution function of one origin: right and wrong branch, each under the ceilings that may stand."""
    found = np.zeros(np.shape(x))
    for holds, chance, shape in ((True, entry.truth, entry.right), (False, 1 - entry.truth, entry.wrong)):
        if chance > 0:
            stands = [(ceiling, _truth_given(ceiling, entry, holds=holds)) for ceiling in pool.ceilings]
            found = found + chance * _under_ceilings(shape, x, pool.capacity, stands)
    return found


def _truth_given(ceiling: Ceiling, entry: Entry, *, holds: bool) -> float:
    """Chance that a ceiling holds when a statement does or does not: one origin is right or wrong once."""
    if ceiling.origin != entry.origin:
        return ceiling.truth
    if holds:
        return min(ceiling.truth, entry.truth) / entry.truth
    return max(ceiling.truth - entry.truth, 0.0) / (1 - entry.truth)


def _under_ceilings(shape: Shape, x: Floats, capacity: float, stands: Iterable[tuple[Ceiling, float]]) -> Floats:
    """The distribution function under the lowest ceiling that stands; each does so on its own."""
    found, none_yet = np.zeros(np.shape(x)), 1.0
    for ceiling, truth in sorted(stands, key=lambda pair: (pair[0].cap, pair[0].claim)):
        chance = ceiling.heard * truth
        found = found + none_yet * chance * capped_distribution(shape, x, min(ceiling.cap, capacity))
        none_yet *= 1 - chance
    return found + none_yet * capped_distribution(shape, x, capacity)


def quantiles(pool: Pool, probabilities: Iterable[float]) -> Floats:
    """Exact quantiles of the linear pool, by halving on the distribution function.

    Raises ValueError for a probability outside (0, 1).
    """
    p = np.asarray(list(probabilities), np.float64)
    if not np.all((p > 0) & (p < 1)):
        raise ValueError("quantiles are asked for at probabilities between 0 and 1")
    bottom, top = support(pool)
    low, high = np.full(len(p), bottom), np.full(len(p), top)
    at_bottom = distribution(pool, low) >= p
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        reached = distribution(pool, middle) >= p
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return np.where(at_bottom, bottom, high)


def support(pool: Pool) -> tuple[float, float]:
    """The least and the greatest value of a pool; a ceiling may bring the least down to 0."""
    shapes = [shape for entry in pool.entries for shape in (entry.right, entry.wrong)] or [pool.own]
    lows, highs = zip(*map(ends, shapes), strict=True)
    capped = bool(pool.ceilings) or np.isfinite(pool.capacity)
    return 0.0 if capped else min(lows), max(highs)


def log_pool_quantiles(pool: Pool, probabilities: Iterable[float], rho: float) -> Floats:
    """Quantiles of the logarithmic pool, its n origins correlated by ``rho``.

    The product of the origins' distributions, each to the power of its weight times ``effective_n(n, rho)`` (Genest
    and Zidek, 1986), on a grid of 4,000 cells.  NaN where the origins have no common ground.  With one origin, or
    none, it is the linear pool.
    """
    p = np.asarray(list(probabilities), np.float64)
    bottom, top = support(pool)
    if len(pool.entries) < 2 or bottom == top:
        return quantiles(pool, p)
    edges = np.linspace(bottom, top, GRID)
    weights, sharpness = pool.weights(), effective_n(len(pool.entries), rho)
    logs = np.zeros(GRID)
    with np.errstate(divide="ignore"):
        for entry in pool.entries:
            mass = np.maximum(np.diff(_of_origin(pool, entry, edges), prepend=0.0), 0.0)
            logs += np.log(mass) * (weights[entry.origin] * sharpness)
    if not np.isfinite(logs).any():
        return np.full(len(p), np.nan)
    mass = np.exp(logs - logs.max())
    cumulative = np.cumsum(mass) / mass.sum()
    return np.asarray(edges[np.minimum(np.searchsorted(cumulative, p), GRID - 1)])
