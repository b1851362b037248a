"""The rotation Problem: frozen arrays in declared units, built from a plan and sampled values.

The draw is the leading axis of every array that may vary.  An array whose leading length is 1 holds for every draw.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = 2**31 - 1
"""A day that never comes."""

POSTURES = ("rotating", "permanent", "standby", "forward")
STARTS = ("even", "fixed", "seeded")


class RotationProblem(NamedTuple):
    """Pools of identical units, the policies that bind them, the tasks that want them.

    Lengths: D draws (or 1), P pools, F phases of policy, T tasks, N nations.  Days count from C-day; the horizon
    is days 0 .. horizon_days - 1.
    """

    draws: int
    first_draw: int  # number of the first draw: keeps keyed streams equal in every chunk
    seed: int
    horizon_days: int
    # pools, in the order of the supply records (rule 4)
    quantity: Ints  # [D|1, P] units
    people_per_unit: Ints  # [D|1, P] people
    available_from_day: Ints  # [D|1, P] units may be sent from this day; clocks run before it
    available_to_day: Ints  # [D|1, P] first day on which the pool is gone; NEVER = stays
    cut_day: Ints  # [D|1, P] day from which only cut_quantity units remain; NEVER = no cut
    cut_quantity: Ints  # [D|1, P] units that remain (highest unit numbers leave first)
    readiness: Floats  # [D|1, P] probability that a unit is ready when its window opens
    not_ready_days: Ints  # [D|1, P] days out after failing
    arrival_delay_days: Ints  # [D|1, P] days from being sent to counting as fill; the tour's end does not move
    stream: NDArray[np.uint64]  # [P] key of the pool's random stream, a hash of its id (not of its position)
    nation: Ints  # [P] index of the nation
    component_class: Ints  # [P] index into component_classes; -1 = none
    posture: Ints  # [P] index into POSTURES
    home_place: Ints  # [P] index of the place; -1 = none
    start: Ints  # [P] index into STARTS
    start_clock_day: Ints  # [P] clock on day 0 where start = fixed
    policy: Ints  # [P] row of the policy tables; -1 for permanent and stand-by pools
    # policies by phase
    cycle_days: Ints  # [K, F]
    start_deployable_day: Ints  # [K, F]
    stop_deployable_day: Ints  # [K, F]
    bog_days: Ints  # [K, F]
    overlap_days: Ints  # [K, F]
    demobilisation_days: Ints  # [K, F]
    max_extension_days: Ints  # [K, F]
    min_dwell_days: Ints  # [K, F]
    max_callups: Ints  # [K, F] tours a unit may serve in all; NEVER = no limit
    phase_from_day: Ints  # [F] first day of each phase; the first is 0
    # tasks, already in the order of rule 3
    task_quantity: Ints  # [D|1, T] thousandths of a unit
    task_from_day: Ints  # [D|1, T]
    task_to_day: Ints  # [D|1, T] first day on which the task no longer stands
    source_first: Ints  # [T] index into component_classes; -1 = uniform
    group: Ints  # [T] index of the group; -1 = none
    task_place: Ints  # [T] index of the place; -1 = none
    # who may serve what
    effectiveness: Ints  # [P, T] thousandths of a unit that one unit of the pool fills; 0 = cannot serve
    rank: Ints  # [P, T] 0 = the type asked for, else the rank of the substitution
    # nations
    max_people_deployed: Ints  # [D|1, N] cap on people counting as fill; NEVER = none
    withdrawal_days: Ints  # [N] days that deployed units take to leave after available_to_day


class RotationLabels(NamedTuple):
    """The names behind the indices of a Problem, and what the measures need of unit types."""

    pools: tuple[str, ...]  # ids of units.csv
    tasks: tuple[str, ...]  # ids of tasks.csv, in the order of rule 3; a commitment is "commitment/<id>"
    nations: tuple[str, ...]
    component_classes: tuple[str, ...]
    places: tuple[str, ...]
    policies: tuple[str, ...]
    phases: tuple[str, ...]
    groups: tuple[str, ...]
    task_component: tuple[str, ...]  # [T] component of each task; "" = a commitment
    task_combat: tuple[float, ...]  # [T] combat battalions that one unit of the task's type is worth
    task_weight: tuple[float, ...]  # [T] shortfall_weight
