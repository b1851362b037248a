"""The distributions that statements become: quantiles and distribution functions on arrays.

Five families, three numbers each; all of them live on [0, infinity).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

from holdfast.analyses.evidence.tables import Pooling

Floats = NDArray[np.float64]

CONSTANT, PERT, INTERVAL, AT_LEAST = range(4)
"""Families: a; PERT(a, b, c); central 90 % from a to b, evenly; a·(1 + Exp(b))."""

LAST = 1 - 1e-6
"""No tail is unlimited: "at least" ends where its exponential has all but a millionth."""

HALF_90 = float(2 * betaincinv(3.0, 3.0, 0.95) - 1)
"""Half-width of the central 90 % of a symmetric PERT, as a share of its half-range (0.6215)."""

MAX_SPREAD = HALF_90
"""A point with a wider spread than this would reach below zero."""


class Shape(NamedTuple):
    """One distribution: family and parameters."""

    family: int
    a: float
    b: float = 0.0
    c: float = 0.0


def constant(value: float) -> Shape:
    """A value without spread."""
    return Shape(CONSTANT, value)


def pert(low: float, mode: float, high: float) -> Shape:
    """Beta-PERT with weight 4 (Malcolm, Roseboom, Clark and Fazar, 1959) on [max(low, 0), high]."""
    low = max(low, 0.0)
    return Shape(PERT, low, min(max(mode, low), high), high) if high > low else constant(high)


def statement(low: float | None, high: float | None, pooling: Pooling, *, spread: float, wider: bool) -> Shape:
    """What a number said means: interval, point, "at most" or "at least"; ``wider`` where it could not be judged.

    Interval: its central 90 %, evenly spread.  Point x: PERT around x with central 90 % x·(1 ± spread).  At most U:
    PERT(0.5 U, 0.85 U, U).  At least L: L·(1 + Exp(0.15)).  Raises ValueError without a number.
    """
    factor = pooling.unjudged_spread if wider else 1.0
    if low is None and high is None:
        raise ValueError("a statement without a number has no distribution")
    if high is None:
        return Shape(AT_LEAST, float(low or 0.0), pooling.at_least_scale * factor)
    if low is None:
        least, likely = (1 - factor * (1 - share) for share in (pooling.at_most_low, pooling.at_most_mode))
        return pert(high * least, high * max(likely, 0.0), high)
    if low == high:
        reach = low * min(spread * factor, 1.0) / HALF_90
        return pert(low - reach, low, low + reach)
    middle, half = (low + high) / 2, (high - low) / 2 * factor
    return Shape(INTERVAL, max(middle - half, 0.0), middle + half)


def _interval_grid(shape: Shape) -> tuple[Floats, Floats]:
    """Corners of the distribution function of an interval: uniform, 5 % of it on either side, none below zero."""
    outside = (shape.b - shape.a) / 18
    corners = (max(shape.a - outside, 0.0), shape.a, shape.b, shape.b + outside)
    return np.array([0.0, 0.05, 0.95, 1.0]), np.array(corners)


def quantile(shape: Shape, u: Floats) -> Floats:
    """The inverse distribution function at ``u`` in [0, 1]."""
    if shape.family == PERT:
        alpha = 1 + 4 * (shape.b - shape.a) / (shape.c - shape.a)
        return np.asarray(shape.a + (shape.c - shape.a) * betaincinv(alpha, 6 - alpha, u))
    if shape.family == INTERVAL:
        return np.asarray(np.interp(u, *_interval_grid(shape)))
    if shape.family == AT_LEAST:
        return np.asarray(shape.a * (1 - shape.b * np.log1p(-u * LAST)))
    return np.full(np.shape(u), shape.a)


def distribution(shape: Shape, x: Floats) -> Floats:
    """The distribution function: the chance of a value of at most ``x``."""
    if shape.family == PERT:
        alpha = 1 + 4 * (shape.b - shape.a) / (shape.c - shape.a)
        return np.asarray(betainc(alpha, 6 - alpha, np.clip((x - shape.a) / (shape.c - shape.a), 0, 1)))
    if shape.family == INTERVAL:
        shares, corners = _interval_grid(shape)
        return np.asarray(np.interp(x, corners, shares, left=0.0))
    if shape.family == AT_LEAST and shape.a > 0:
        return np.asarray(np.minimum(-np.expm1(-np.maximum(np.asarray(x) / shape.a - 1, 0) / shape.b) / LAST, 1.0))
    return (np.asarray(x) >= shape.a).astype(np.float64)


def capped_quantile(shape: Shape, u: Floats, cap: Floats) -> Floats:
    """Quantiles of the distribution truncated at ``cap`` (infinity = not at all); the cap itself where all lies above.

    ``u`` and ``cap`` have one shape.
    """
    if not np.isfinite(cap).any():
        return quantile(shape, u)
    below = np.where(np.isfinite(cap), distribution(shape, cap), 1.0)
    return np.asarray(np.minimum(np.where(below > 0, quantile(shape, u * below), cap), cap))


def capped_distribution(shape: Shape, x: Floats, cap: float) -> Floats:
    """The distribution function of the distribution truncated at ``cap``."""
    if not np.isfinite(cap):
        return distribution(shape, x)
    below = float(distribution(shape, np.array([cap]))[0])
    inside = np.minimum(distribution(shape, x) / below, 1.0) if below > 0 else np.zeros(np.shape(x))
    return np.asarray(np.where(x >= cap, 1.0, inside))


def ends(shape: Shape) -> tuple[float, float]:
    """Least and greatest value."""
    low, high = quantile(shape, np.array([0.0, 1.0]))
    return float(low), float(high)
