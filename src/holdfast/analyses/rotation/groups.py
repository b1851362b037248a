"""Units sorted into groups of like ones, with the first day on which each may be sent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.problem import NEVER, POSTURES, STARTS, RotationProblem
from holdfast.base.streams import stream_key, uniforms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ROTATING, PERMANENT, STANDBY, FORWARD = (POSTURES.index(name) for name in POSTURES)


class Groups(NamedTuple):
    """Units that are alike for the optimiser; G groups, U units in all.

    ``early`` is the first day on which a unit may be sent at all, ``rested`` the first on which it may be sent without
    a broken dwell (they differ only where the policy lets dwell be broken); NEVER = not within the horizon.
    """

    pool: Ints  # [G] a pool that stands for the group: its policy, nation, people, effectiveness are the group's
    gone: Ints  # [G] day from which units at home are gone
    leave: Ints  # [G] day by which deployed units have left
    unit_group: Ints  # [U]
    unit_pool: Ints  # [U]
    unit_number: Ints  # [U] number inside its pool
    early: Ints  # [U]
    rested: Ints  # [U]
    born: Ints  # [U] the day on which the clock stood at 0; rotating units only


def one_draw(problem: RotationProblem, draw: int) -> RotationProblem:
    """The problem of one draw: every leading axis has length 1."""
    varying = (
        "quantity", "people_per_unit", "available_from_day", "available_to_day", "cut_day", "cut_quantity", "readiness",
        "not_ready_days", "arrival_delay_days", "task_quantity", "task_from_day", "task_to_day", "max_people_deployed",
    )  # fmt: skip
    fields = {}
    for name in varying:
        array = getattr(problem, name)
        at = draw if len(array) > 1 else 0
        fields[name] = array[at : at + 1]
    return problem._replace(draws=1, first_draw=problem.first_draw + draw, **fields)


def phase_of(problem: RotationProblem, days: Ints) -> Ints:
    """The phase that each day belongs to."""
    return np.searchsorted(problem.phase_from_day, days, side="right") - 1


def start_clocks(problem: RotationProblem, pool: int) -> Ints:
    """The clock of each unit of a pool on day 0 (rule 1 and its variants)."""
    units = np.arange(problem.quantity[0, pool])
    cycle = int(problem.cycle_days[problem.policy[pool], 0])
    kind = STARTS[problem.start[pool]]
    if kind == "even":
        return units * cycle // max(len(units), 1)
    if kind == "fixed":
        return np.full(len(units), problem.start_clock_day[pool] % cycle)
    key = stream_key(problem.seed, "rotation.start")
    u = uniforms(key, int(problem.stream[pool]), problem.first_draw, units)
    return np.floor(u * cycle).astype(np.int64)


def first_eligible(problem: RotationProblem, pool: int) -> tuple[Ints, Ints, Ints]:
    """Each unit's first day in its window (rules 1 and 2, phases, join day), the same for unbroken dwell, its birth.

    A unit that starts beyond its window waits for the next cycle, as in the simulator.
    """
    policy, join = int(problem.policy[pool]), int(problem.available_from_day[0, pool])
    clock = start_clocks(problem, pool)
    born = -clock
    early = np.full(len(clock), NEVER, np.int64)
    days = np.arange(problem.horizon_days)
    phase = phase_of(problem, days)
    low = np.minimum(problem.start_deployable_day[policy, phase], problem.min_dwell_days[policy, phase])
    cycle, stop = problem.cycle_days[policy, phase], problem.stop_deployable_day[policy, phase]
    for day in days:
        clock = np.where(clock >= cycle[day], 0, clock)
        if day >= join:
            early[(early == NEVER) & (clock >= low[day]) & (clock < stop[day])] = day
            if (early < NEVER).all():
                break
        clock = clock + 1
    return early, when_rested(problem, policy, (born, born), early), born


def when_rested(problem: RotationProblem, policy: int, came: tuple[Ints, Ints], early: Ints) -> Ints:
    """The first day from ``early`` on with the dwell that policy asks for, in the phase of that day.

    ``came`` holds the day home and the day on which the clock began again at 0 (demobilisation lies between them).
    """
    home, back = came
    start, least = problem.start_deployable_day[policy], problem.min_dwell_days[policy]
    return first_day_of_phase(
        problem, early, [np.maximum(back + s, home + m) for s, m in zip(start, least, strict=True)]
    )


def first_day_of_phase(problem: RotationProblem, day: Ints, wanted: list[Ints]) -> Ints:
    """The first day from ``day`` on that is not before what the phase of that very day asks for."""
    ends = np.append(problem.phase_from_day[1:], NEVER)
    for phase, asked in enumerate(wanted):
        inside = (phase_of(problem, day) == phase) & (day < NEVER)
        day = np.where(inside, np.minimum(np.maximum(day, asked), ends[phase]), day)
    return day


def make_groups(problem: RotationProblem, readiness: str, cost: Floats) -> Groups:
    """Sort units into groups of like ones: same nation, policy, people, effectiveness, delay, last day, cost.

    ``cost`` is [P, any].  ``readiness`` is ``certain`` (every unit is ready) or ``expected`` (the share of each pool
    that is expected to be ready, rounded down, is; the others are never sent).
    """
    rows: list[tuple[int, int, int, int, int, int]] = []
    keys: dict[tuple[object, ...], int] = {}
    first: list[tuple[int, int, int]] = []
    for pool in range(len(problem.nation)):
        posture, count = int(problem.posture[pool]), int(problem.quantity[0, pool])
        if posture == STANDBY or count == 0:
            continue
        if posture == ROTATING:
            early, rested, born = first_eligible(problem, pool)
        else:
            early = rested = born = np.full(count, problem.available_from_day[0, pool])
        for unit in range(count):
            if readiness == "expected" and _is_thinned(unit, float(problem.readiness[0, pool])):
                continue
            gone, leave = _last_days(problem, pool, unit)
            key = (
                posture, problem.nation[pool], problem.policy[pool], problem.people_per_unit[0, pool],
                problem.arrival_delay_days[0, pool], gone, leave, fit(problem, pool).tobytes(),
                cost[pool].tobytes(),
            )  # fmt: skip
            group = keys.setdefault(key, len(keys))
            if group == len(first):
                first.append((pool, gone, leave))
            rows.append((group, pool, unit, int(early[unit]), int(rested[unit]), int(born[unit])))
    of_group = np.array(first, np.int64).reshape(-1, 3).T
    return Groups(*of_group, *np.array(rows, np.int64).reshape(-1, 6).T)


def _is_thinned(unit: int, readiness: float) -> bool:
    return int((unit + 1) * readiness + 1e-9) == int(unit * readiness + 1e-9)


def _last_days(problem: RotationProblem, pool: int, unit: int) -> tuple[int, int]:
    gone = int(problem.available_to_day[0, pool])
    if unit >= problem.cut_quantity[0, pool]:
        gone = min(gone, int(problem.cut_day[0, pool]))
    return gone, min(gone + int(problem.withdrawal_days[problem.nation[pool]]), NEVER) if gone < NEVER else NEVER


def fit(problem: RotationProblem, pool: int) -> Ints:
    """Thousandths that one unit of the pool fills of each task; forward pools serve only their own place."""
    place = problem.home_place[pool]
    here = (problem.posture[pool] != FORWARD) | ((problem.task_place == place) & (place >= 0))
    return np.where(here, problem.effectiveness[pool], 0)
