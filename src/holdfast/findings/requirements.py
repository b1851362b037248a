"""Requirements: what the plan must do, judged draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.plan.model import Requirement

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Met:
    """Whether a requirement is met in each draw.

    ``met`` [D] bool; ``value`` [D] the number that was compared; ``breach_day`` [D] the first day on which the
    requirement was broken (-1 where it is met, or where the measure has no days).
    """

    met: NDArray[np.bool_]
    value: Floats
    breach_day: NDArray[np.int32]


def judge_daily(requirement: Requirement, series: Floats) -> Met:
    """Judge a daily measure; ``series`` is [D, H], days from 0."""
    window = series[:, requirement.from_day : requirement.to_day + 1]
    good: NDArray[np.bool_] = _within(requirement, window)
    met: NDArray[np.bool_]
    breach: NDArray[np.integer]
    statistic = requirement.statistic
    if statistic == "every_day":
        value = window.min(axis=1) if requirement.at_least is not None else window.max(axis=1)
        met = np.asarray(good.all(axis=1))
        breach = np.argmin(good, axis=1)
    elif statistic == "mean":
        value = window.mean(axis=1)
        met = np.asarray(_within(requirement, value))
        breach = np.argmin(good, axis=1)
    elif statistic == "share_of_days":
        value = good.mean(axis=1)
        needed = requirement.share if requirement.share is not None else 1.0
        allowed = np.floor((1.0 - needed) * window.shape[1] + 1e-9)
        bad = np.cumsum(~good, axis=1)
        met = bad[:, -1] <= allowed
        breach = np.argmax(bad > allowed, axis=1)
    else:
        value = window[:, -1]
        met = good[:, -1]
        breach = np.full(len(value), window.shape[1] - 1)
    day = np.where(met, -1, breach + requirement.from_day).astype(np.int32)
    return Met(met, value, day)


def judge_scalar(requirement: Requirement, values: Floats) -> Met:
    """Judge a measure that has one number a draw, [D]."""
    return Met(_within(requirement, values), values, np.full(len(values), -1, np.int32))


def _within(requirement: Requirement, values: Floats) -> NDArray[np.bool_]:
    if requirement.at_least is not None:
        return values >= requirement.at_least - 1e-9
    limit = requirement.at_most if requirement.at_most is not None else np.inf
    return values <= limit + 1e-9
