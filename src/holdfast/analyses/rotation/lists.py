"""Pools, policies, tasks and nations as plain records: what a rotation Problem is assembled from.

Tests, published cases and benchmarks write these by hand; ``tables`` reads them from a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEVER = 2**31 - 1
"""A day that never comes."""

COMMITMENT = "commitment/"
"""Prefix of the tasks that stand for commitments."""

PerDraw = float | Sequence[float] | NDArray[np.floating] | NDArray[np.integer]
"""One number for every draw, or one number a draw."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rotation policy of one phase; the clock counts days from the start of the unit's cycle.

    ``phase`` blank means every phase without a row of its own; ``stop_deployable_day`` blank means the end of the
    cycle, and ``min_dwell_days`` blank the start of the window.
    """

    id: str
    cycle_days: int
    start_deployable_day: int
    stop_deployable_day: int | None = None
    bog_days: int = 180
    overlap_days: int = 0
    demobilisation_days: int = 0
    max_extension_days: int = 0
    min_dwell_days: int | None = None
    max_callups: int = NEVER
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """A number of identical units under one policy (blank for permanent, stand-by and forward pools)."""

    policy: str = ""
    quantity: PerDraw = 1
    unit_type: str = "A"
    component_class: str = ""
    nation: str = ""
    id: str = ""  # blank = "pool-<row>"; its hash is the stream of the pool's random numbers
    posture: str = "rotating"
    home_place: str = ""
    people_per_unit: PerDraw = 1
    available_from_day: PerDraw = 0
    available_to_day: PerDraw = NEVER
    cut_day: PerDraw = NEVER
    cut_quantity: PerDraw = 0
    readiness: PerDraw = 1.0
    not_ready_days: PerDraw = 0
    arrival_delay_days: PerDraw = 0
    start: str = "even"
    start_clock_day: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A number of units wanted on the days ``from_day`` .. ``to_day`` - 1 (None = to the end of the horizon).

    ``quantity`` is in units and may be a fraction, kept to the thousandth.  A ``nation`` limits the task to the pools
    of that nation.
    """

    quantity: PerDraw = 1
    unit_type: str = "A"
    from_day: PerDraw = 0
    to_day: PerDraw | None = None
    priority: float = 1
    id: str = ""  # blank = "task-<row>"
    source_first: str = ""  # blank or "Uniform" = no preference
    group: str = ""
    place: str = ""
    nation: str = ""
    component: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Nation:
    """A nation's cap on people deployed, and the days that its deployed units take to leave once withdrawn."""

    id: str
    max_people_deployed: PerDraw = NEVER
    withdrawal_days: int = 0


@dataclass(frozen=True, slots=True)
class Substitution:
    """One unit of ``unit_type`` fills ``effectiveness`` of a unit where ``task_type`` is asked for."""

    task_type: str
    unit_type: str
    effectiveness: float = 1.0
    rank: int = 1
