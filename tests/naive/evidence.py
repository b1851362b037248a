"""The sampler of evidence, one draw and one assumption at a time, with no arrays."""

from __future__ import annotations

import math

import numpy as np

from holdfast.analyses.evidence.pool import Pool
from holdfast.analyses.evidence.problem import EvidenceProblem
from holdfast.analyses.evidence.shapes import distribution, quantile
from holdfast.base.streams import hash64, stream_key, uniforms


def one(seed: int, purpose: str, stream: str, draw: int) -> float:
    return float(uniforms(stream_key(seed, purpose), hash64(stream), np.array([draw]))[0])


def draw_one(problem: EvidenceProblem, name: str, draw: int, seed: int) -> tuple[float, str]:
    """The value of one assumption in one draw and the origin believed; blank for none."""
    pool: Pool = problem.pool(name)
    caps = [
        ceiling.cap
        for ceiling in pool.ceilings
        if one(seed, "evidence.ceiling", f"{name}|{ceiling.origin}", draw) < ceiling.heard
        and one(seed, "evidence.truth", ceiling.origin, draw) < ceiling.truth
    ]
    chosen, shape = "", pool.own
    best = math.inf
    for entry in pool.entries:
        time = -math.log(one(seed, "evidence.choice", f"{name}|{entry.origin}", draw)) / entry.weight
        if time < best:
            best, chosen = time, entry.origin
            holds = one(seed, "evidence.truth", entry.origin, draw) < entry.truth
            shape = entry.right if holds else entry.wrong
    if chosen:
        caps.append(pool.capacity)
    u = one(seed, "assumption", problem.streams[problem.names.index(name)], draw)
    cap = min(caps, default=math.inf)
    below = 1.0 if math.isinf(cap) else float(distribution(shape, np.array([cap]))[0])
    value = float(quantile(shape, np.array([u * below]))[0]) if below > 0 else cap
    return min(value, cap), chosen
