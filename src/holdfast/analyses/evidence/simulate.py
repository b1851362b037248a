"""The simulator of evidence: in every draw, each origin is right or wrong once, and each pool believes one origin.

Random numbers are keyed by names.  Origins of a pool run a race (exponential times, rates = weights), so that a new
origin only takes draws for itself, and one left out gives its draws to the others and changes none of theirs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence.outcome import OWN, EvidenceOutcome
from holdfast.analyses.evidence.pool import Pool
from holdfast.analyses.evidence.problem import EvidenceProblem
from holdfast.analyses.evidence.shapes import Shape, capped_quantile
from holdfast.base.streams import hash64, stream_key, uniforms

Floats = NDArray[np.float64]
Draws = NDArray[np.integer]
Truth = dict[str, Floats]

TRUTH, CHOICE, CEILING = "evidence.truth", "evidence.choice", "evidence.ceiling"
VALUE = "assumption"
"""Values share the purpose of other assumptions, so that a group can hold both sorts."""


def sample(problem: EvidenceProblem, draws: Draws, seed: int) -> EvidenceOutcome:
    """Every pool for the given draw numbers [D]; equal arguments give equal bytes, however the draws are cut."""
    draws = np.asarray(draws)
    count, key = len(draws), stream_key(seed, TRUTH)
    truth = [uniforms(key, hash64(origin), draws) for origin in problem.origins]
    shape = (count, len(problem.names))
    outcome = EvidenceOutcome(
        names=problem.names,
        origins=problem.origins,
        values={},
        chosen_origin=np.full(shape, OWN, np.int32),
        held=np.zeros(shape, np.bool_),
        origin_right=_columns([u < p for u, p in zip(truth, problem.origin_truth, strict=True)], count),
        used=np.zeros((count, len(problem.origins)), np.bool_),
        unsupported=problem.unsupported,
    )
    right = dict(zip(problem.origins, truth, strict=True))
    values = {name: _draw_pool(problem, index, draws, seed, right, outcome) for index, name in enumerate(problem.names)}
    return outcome._replace(values=values)


def _columns(columns: list[NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
    return np.stack(columns, axis=1) if columns else np.zeros((count, 0), np.bool_)


def _draw_pool(
    problem: EvidenceProblem, index: int, draws: Draws, seed: int, truth: Truth, outcome: EvidenceOutcome
) -> Floats:
    """The values of one assumption; fills its columns of ``outcome``."""
    name, pool = problem.names[index], problem.pools[index]
    u = uniforms(stream_key(seed, VALUE), hash64(problem.streams[index]), draws)
    cap = _caps(problem, index, draws, seed, truth, outcome)
    if not pool.entries:
        return capped_quantile(pool.own, u, cap)
    cap = np.minimum(cap, pool.capacity)
    winner = _winner(name, pool, draws, seed)
    values = np.zeros(len(draws))
    for position, entry in enumerate(pool.entries):
        code = problem.origins.index(entry.origin)
        won = winner == position
        holds = truth[entry.origin] < entry.truth
        outcome.chosen_origin[won, index] = code
        outcome.held[:, index] |= won & holds
        outcome.used[:, code] |= won
        _fill(values, won & holds, entry.right, u, cap)
        _fill(values, won & ~holds, entry.wrong, u, cap)
    return values


def _fill(values: Floats, where: NDArray[np.bool_], shape: Shape, u: Floats, cap: Floats) -> None:
    values[where] = capped_quantile(shape, u[where], cap[where])


def _winner(name: str, pool: Pool, draws: Draws, seed: int) -> NDArray[np.intp]:
    """The position of the entry believed in each draw: the first home in a race of exponential times."""
    if len(pool.entries) == 1:
        return np.zeros(len(draws), np.intp)
    key = stream_key(seed, CHOICE)
    times = [-np.log(uniforms(key, hash64(f"{name}|{entry.origin}"), draws)) / entry.weight for entry in pool.entries]
    return np.argmin(np.stack(times), axis=0)


def _caps(
    problem: EvidenceProblem, index: int, draws: Draws, seed: int, truth: Truth, outcome: EvidenceOutcome
) -> Floats:
    """The lowest ceiling that is heard and holds in each draw; infinity where none does."""
    cap = np.full(len(draws), np.inf)
    key, name = stream_key(seed, CEILING), problem.names[index]
    for ceiling in problem.pools[index].ceilings:
        heard = uniforms(key, hash64(f"{name}|{ceiling.origin}"), draws) < ceiling.heard
        stands = heard & (truth[ceiling.origin] < ceiling.truth)
        outcome.used[:, problem.origins.index(ceiling.origin)] |= stands
        cap[stands] = np.minimum(cap[stands], ceiling.cap)
    return cap
