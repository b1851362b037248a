"""Pools of probabilities, and what independence is worth.

The linear pool is the answer; the logarithmic pool with a correlation between origins is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Opinion(NamedTuple):
    """A subjective-logic opinion; belief, disbelief and uncertainty sum to 1."""

    belief: float
    disbelief: float
    uncertainty: float
    evidence: tuple[float, float]  # for and against


def opinion_fusion(evidence: Iterable[tuple[float, float]], prior_weight: float = 2.0) -> Opinion:
    """Cumulative fusion of independent evidence (r for, s against): counts add up.

    b = r/(W + r + s), d = s/(W + r + s), u = W/(W + r + s) (Jøsang, subjective logic).  Raises ValueError for
    negative counts or a prior weight that is not positive.
    """
    pairs = list(evidence)
    if prior_weight <= 0 or any(count < 0 for pair in pairs for count in pair):
        raise ValueError("evidence counts are at least 0 and the prior weight is above 0")
    for_it, against = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    total = prior_weight + for_it + against
    return Opinion(for_it / total, against / total, prior_weight / total, (for_it, against))


def effective_n(n: float, rho: float) -> float:
    """How many independent voices n equally correlated ones are worth: n / (1 + (n - 1) rho).

    Raises ValueError unless n >= 1 and 0 <= rho <= 1.
    """
    if n < 1 or not 0 <= rho <= 1:
        raise ValueError(f"n is at least 1 and rho lies in [0, 1]: {n}, {rho}")
    return n / (1 + (n - 1) * rho)


def linear_pool(probabilities: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """The weighted mean of probabilities (Stone, 1961); equal weights unless given.

    Raises ValueError for no probabilities, or weights that are negative, all zero, or of another number.
    """
    p, w = _checked(probabilities, weights)
    return float(w @ p)


def log_pool(probabilities: Sequence[float], weights: Sequence[float] | None = None, sharpness: float = 1.0) -> float:
    """The weighted geometric mean of odds, as a probability; ``sharpness`` multiplies the weights' sum of 1.

    A sharpness of ``effective_n(n, rho)`` reads n origins as correlated by rho.  Raises as :func:`linear_pool`, and
    where one says 0 and another 1.
    """
    p, w = _checked(probabilities, weights)
    heard = w > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        total = float(np.sum(w[heard] * (np.log(p[heard]) - np.log1p(-p[heard])))) * sharpness
    if np.isnan(total):
        raise ValueError("one says never and another always: they have no common ground")
    return float(np.exp(-np.logaddexp(0.0, -total)))


def _checked(probabilities: Sequence[float], weights: Sequence[float] | None) -> tuple[Floats, Floats]:
    p = np.asarray(probabilities, np.float64)
    w = np.ones(len(p)) if weights is None else np.asarray(weights, np.float64)
    if not len(p) or len(p) != len(w) or not np.all((p >= 0) & (p <= 1)) or not np.all(w >= 0) or not w.sum() > 0:
        raise ValueError("a pool needs probabilities and as many weights, none negative, not all zero")
    return p, w / w.sum()
