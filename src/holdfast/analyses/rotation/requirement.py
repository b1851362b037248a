"""How many units does a demand take, and how much demand can the units take?  By simulation, candidate by candidate.

Missed days are not monotone in the number of units (AC12Strict, one slot: 10 units miss 157 unit-days, 11 miss 736),
so nothing here bisects: every candidate up to a limit is simulated, and both the first that meets the tolerance and
the first after which none fails are reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.closed_form import reuse_days, units_needed
from holdfast.analyses.rotation.problem import POSTURES, STARTS, Ints, RotationProblem
from holdfast.analyses.rotation.simulate import simulate
from holdfast.base.errors import UsageError

Floats = NDArray[np.float64]
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Sweep:
    """Simulated shortfall for each candidate, over the tasks that the pool can serve (or all of them)."""

    candidates: tuple[int, ...]
    missed_unit_days: Floats  # [candidates, D]
    asked_unit_days: Floats  # [candidates, D]

    def meets(self, tolerance: float, confidence: float) -> NDArray[np.bool_]:
        """Whether at least ``confidence`` of the draws miss at most ``tolerance`` of what is asked, [candidates]."""
        good = self.missed_unit_days <= tolerance * self.asked_unit_days + ROUNDING
        return np.asarray(good.mean(axis=1) >= confidence - ROUNDING)


@dataclass(frozen=True, slots=True)
class LeastUnits:
    """The answer of :func:`least_units`; None = no candidate up to the limit."""

    closed_form: int | None  # units_needed for the peak demand; None where the policy leaves no fill
    sweep: Sweep  # every candidate looked at
    least: int | None  # least number of units that meets the tolerance
    least_for_good: int | None  # least number from which every larger one up to the limit meets it
    limit: int
    tolerance: float
    confidence: float


@dataclass(frozen=True, slots=True)
class LargestDemand:
    """The answer of :func:`largest_sustainable`, as multiples of the plan's demand."""

    closed_form: float  # units that the pools sustain / peak demand
    sweep: Sweep  # candidates are steps
    largest: float  # largest scale that meets the tolerance; 0 = none
    largest_for_good: float  # largest scale up to which every smaller one meets it, too
    limit: float
    tolerance: float
    confidence: float


def sweep(problem: RotationProblem, pool: int, quantities: Sequence[int]) -> Sweep:
    """Simulate the problem with each of the quantities of one pool (an index of the Problem), all else equal.

    Every quantity sees the same random numbers, draw by draw.  Counts the tasks that the pool can serve.  Raises
    UsageError for a pool that is not there or a negative quantity.
    """
    if not 0 <= pool < len(problem.posture):
        raise UsageError(f"no such pool: {pool}; pools are numbered 0 to {len(problem.posture) - 1}")
    if min(quantities, default=0) < 0:
        raise UsageError("a pool cannot have fewer than 0 units")

    def changed(units: int) -> Ints:
        array = problem.quantity.copy()
        array[:, pool] = units
        return array

    return _run(problem, "quantity", quantities, changed, problem.effectiveness[pool] > 0)


def least_units(
    problem: RotationProblem,
    pool: int,
    *,
    tolerance: float = 0.0,
    confidence: float = 1.0,
    limit: int | None = None,
) -> LeastUnits:
    """The least units of a pool that fill its tasks, and the least from which more units never do worse.

    ``tolerance`` is the share of asked unit-days that may be missed, ``confidence`` the share of draws that must keep
    to it.  Every number from :func:`lower_bound` to ``limit`` (default: twice the closed form, at least 8 more) is
    simulated.  Raises UsageError for a pool that is not there, or a share outside 0 .. 1.
    """
    _shares(tolerance, confidence)
    closed = closed_form(problem, pool)
    first = lower_bound(problem, pool, tolerance)
    last = limit if limit is not None else max(2 * (closed or 0), max(closed or 0, first) + 8)
    found = sweep(problem, pool, range(first, last + 1))
    good = found.meets(tolerance, confidence)
    tail = _trailing(good)
    return LeastUnits(
        closed_form=closed,
        sweep=found,
        least=first + int(good.argmax()) if good.any() else None,
        least_for_good=last + 1 - tail if tail else None,
        limit=last,
        tolerance=tolerance,
        confidence=confidence,
    )


def largest_sustainable(
    problem: RotationProblem,
    *,
    tasks: Ints | None = None,
    tolerance: float = 0.0,
    confidence: float = 1.0,
    steps: int = 10,
    limit: float = 2.0,
) -> LargestDemand:
    """The largest multiple of the whole demand that the pools sustain, in steps of 1/``steps``.

    ``tasks`` limits it to some tasks (indices); the others, such as commitments, keep their size and do not count.
    Every step up to ``limit`` times the demand is simulated.  Raises UsageError for a share outside 0 .. 1 or when
    ``steps`` or ``limit`` leave no candidate.
    """
    _shares(tolerance, confidence)
    last = math.floor(limit * steps + ROUNDING)
    if steps < 1 or last < 1:
        raise UsageError(f"no candidate: {steps} steps a multiple, up to {limit} times the demand")

    everything = np.ones(problem.task_quantity.shape[1], bool)
    if tasks is not None:
        everything[:] = False
        everything[tasks] = True

    def changed(step: int) -> Ints:
        return np.where(everything, problem.task_quantity * step // steps, problem.task_quantity)

    found = _run(problem, "task_quantity", range(1, last + 1), changed, everything)
    good = found.meets(tolerance, confidence)
    return LargestDemand(
        closed_form=_sustained(problem) / peak if (peak := _peak(problem, everything)) else math.inf,
        sweep=found,
        largest=(int(np.flatnonzero(good).max(initial=-1)) + 1) / steps,
        largest_for_good=(last if good.all() else int(good.argmin())) / steps,
        limit=last / steps,
        tolerance=tolerance,
        confidence=confidence,
    )


def closed_form(problem: RotationProblem, pool: int) -> int | None:
    """Units needed (closed form, first phase) for the peak demand of the tasks that the pool can serve.

    None for a pool without a policy and for a policy that leaves no fill.
    """
    if problem.policy[pool] < 0 or _tempo(problem, pool).bog_days <= _tempo(problem, pool).overlap_days:
        return None
    return units_needed(_tempo(problem, pool), _peak(problem, problem.effectiveness[pool] > 0))


def lower_bound(problem: RotationProblem, pool: int, tolerance: float = 0.0) -> int:
    """A number of units that no smaller pool can do with; 0 where other pools serve the same tasks.

    In every cycle a unit fills at most BOG - overlap (+ extension) days and then spends at least ``start_deployable``
    days at home; where no task ends within the horizon, overlap and demobilisation lie between two fills as well.
    Units times the most that one can fill in the horizon must reach the unit-days asked for.
    """
    serves = problem.effectiveness[pool] > 0
    others = np.delete(problem.effectiveness, pool, axis=0)[:, serves]
    if POSTURES[problem.posture[pool]] != "rotating" or others.any() or not serves.any():
        return 0
    row = int(problem.policy[pool])
    fill = int((problem.bog_days[row] - problem.overlap_days[row] + problem.max_extension_days[row]).max())
    home = int(problem.start_deployable_day[row].min())
    if (problem.task_to_day[:, serves] >= problem.horizon_days).all():
        home += int((problem.overlap_days[row] + problem.demobilisation_days[row]).min())
    if fill <= 0:
        return 0
    rounds, rest = divmod(problem.horizon_days, fill + home)
    most = (rounds * fill + min(rest, fill)) * int(problem.effectiveness[pool].max()) / 1000
    asked = _asked(problem, serves).min() * (1 - tolerance)
    return max(0, math.ceil(asked / most - ROUNDING))


def _run(
    problem: RotationProblem,
    field: str,
    candidates: Sequence[int],
    changed: Callable[[int], Ints],
    tasks: NDArray[np.bool_],
) -> Sweep:
    """Simulate each candidate; where nothing is random they are the draws of one Problem."""
    variants = [_with(problem, field, changed(candidate)) for candidate in candidates]
    asked = np.array([np.broadcast_to(_asked(variant, tasks), problem.draws) for variant in variants])
    if variants and problem.draws == 1 and not _random(problem):
        stacked = np.concatenate([getattr(variant, field) for variant in variants])
        variants = [_with(problem, field, stacked)._replace(draws=len(stacked))]
    missed = [simulate(variant, daily=False).missed_unit_days[:, tasks].sum(axis=1) for variant in variants]
    shape = (len(candidates), problem.draws)
    return Sweep(tuple(candidates), np.reshape(missed, shape), np.reshape(asked, shape))


def _with(problem: RotationProblem, field: str, array: Ints) -> RotationProblem:
    fields: dict[str, Any] = {field: array}
    return problem._replace(**fields)


def _random(problem: RotationProblem) -> bool:
    seeded = problem.start == STARTS.index("seeded")
    return bool((problem.readiness < 1).any() or seeded.any())


def _asked(problem: RotationProblem, tasks: NDArray[np.bool_]) -> Floats:
    """Unit-days asked for within the horizon, [D or 1]."""
    first = np.maximum(problem.task_from_day, 0)
    days = np.maximum(np.minimum(problem.task_to_day, problem.horizon_days) - first, 0)
    return np.asarray((days * problem.task_quantity)[:, tasks].sum(axis=1) / 1000)


def _peak(problem: RotationProblem, tasks: NDArray[np.bool_]) -> float:
    """The most units asked for on one day, in any draw; the demand only rises on a day on which a task begins."""
    begins = np.unique(np.clip(problem.task_from_day[:, tasks], 0, None))
    on = (problem.task_from_day[:, tasks, None] <= begins) & (begins < problem.task_to_day[:, tasks, None])
    asked = (on & (begins < problem.horizon_days)) * problem.task_quantity[:, tasks, None]
    return float(asked.sum(axis=1).max(initial=0)) / 1000


def _sustained(problem: RotationProblem) -> float:
    """Unit equivalents that the pools keep deployed by the closed form (first phase, best task, most units)."""
    best = problem.effectiveness.max(axis=1, initial=0) / 1000
    units = problem.quantity.max(axis=0) * best
    total = 0.0
    for pool, posture in enumerate(problem.posture):
        if POSTURES[posture] == "rotating":
            tempo = _tempo(problem, pool)
            total += units[pool] * max(tempo.bog_days - tempo.overlap_days, 0) / reuse_days(tempo)
        elif POSTURES[posture] != "standby":
            total += units[pool]
    return float(total)


def _tempo(problem: RotationProblem, pool: int) -> SimpleNamespace:
    row = int(problem.policy[pool])
    fields = ("start_deployable_day", "bog_days", "overlap_days", "demobilisation_days")
    return SimpleNamespace(**{field: int(getattr(problem, field)[row, 0]) for field in fields})


def _trailing(good: NDArray[np.bool_]) -> int:
    """How many of the last candidates all meet it."""
    return len(good) if good.all() else int(good[::-1].argmin())


def _shares(tolerance: float, confidence: float) -> None:
    for name, share in (("tolerance", tolerance), ("confidence", confidence)):
        if not 0 <= share <= 1:
            raise UsageError(f"{name} is a share from 0 to 1, found {share}")
