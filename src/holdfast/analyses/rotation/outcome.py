"""What happened to the units: fill by day, missed unit-days and their causes, dwell, burden.

Light: no compiled code is imported here, so that reports and ``why`` can read outcomes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.problem import RotationLabels

STATES = ("fill", "overlap", "deployable", "not_ready")
"""The four states of the identity: fill + overlap + deployable + not_ready = inventory, every day."""

CAUSES = (
    "none",
    "in_transit",  # enough units are sent, not all have arrived
    "national_cap",  # units are ready but a nation's cap on people deployed forbids them
    "too_few",  # fewer units that fit exist than are asked for
    "not_joined",  # enough units exist, but too many have not joined yet, were cut or withdrew
    "resting",  # most units that fit and could help are outside their window (dwell, demobilisation, overlap)
    "not_ready",  # most of them failed readiness in this cycle
    "committed",  # most of them are deployed on other tasks
)
"""Why a task was short on a day; the codes of ``RotationOutcome.cause`` index this tuple."""


class RotationOutcome(NamedTuple):
    """What the simulator found; D draws, T tasks, P pools, N nations, H days (0 .. horizon - 1).

    Arrays marked *daily* are empty (second axis 0) when the problem was simulated with ``daily=False``.
    """

    missed_unit_days: NDArray[np.float64]  # [D, T] asked minus filled, summed over days
    first_missed_day: NDArray[np.int32]  # [D, T] -1 = never
    longest_gap_days: NDArray[np.int32]  # [D, T] longest run of days with any shortfall
    state_days: NDArray[np.int64]  # [D, P, 4] unit-days in each of STATES
    inventory_days: NDArray[np.int64]  # [D, P] unit-days present (joined, not withdrawn, not cut)
    tours: NDArray[np.int32]  # [D, P] tours started
    broken_dwell: NDArray[np.int32]  # [D, P] tours started with dwell below the policy's least dwell
    dwell_days: NDArray[np.int64]  # [D, P] sum over tours of the days at home before the tour
    bog_days: NDArray[np.int64]  # [D, N] unit-days deployed (fill + overlap) by nation
    people_days: NDArray[np.int64]  # [D, N] people-days deployed (fill + overlap) by nation
    fill_units: NDArray[np.float32]  # daily [D, T, H] unit equivalents counting as fill
    fill_people: NDArray[np.int32]  # daily [D, T, H] people counting as fill
    cause: NDArray[np.int8]  # daily [D, T, H] index into CAUSES; 0 on days without shortfall


class Score(NamedTuple):
    """What both engines are judged by, most important first; each [D], smaller is better."""

    shortfall: NDArray[np.float64]  # missed unit-days, each task times its shortfall_weight
    broken_dwell: NDArray[np.float64]  # tours begun before the least dwell
    burden: NDArray[np.float64]  # the largest ratio over nations of people-days deployed to the nation's key
    people_days: NDArray[np.float64]  # people-days deployed in all


def score(outcome: RotationOutcome, labels: RotationLabels, burden_key: NDArray[np.float64] | None = None) -> Score:
    """The score of an outcome, draw by draw.

    ``burden_key`` [N] says in what proportion nations should carry the burden, in people-days; without it every
    nation counts alike.  A nation with key 0 should carry nothing and makes the ratio infinite when it does.
    """
    people_days = outcome.people_days.astype(np.float64)
    key = np.ones(people_days.shape[1]) if burden_key is None else np.asarray(burden_key, np.float64)
    ratio = np.where(key > 0, people_days / np.where(key > 0, key, 1.0), np.where(people_days > 0, np.inf, 0.0))
    return Score(
        outcome.missed_unit_days @ np.asarray(labels.task_weight, np.float64),
        outcome.broken_dwell.sum(axis=1, dtype=np.float64),
        ratio.max(axis=1, initial=0.0),
        people_days.sum(axis=1),
    )
