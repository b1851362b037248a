"""The morning of day 0: a draw's numbers read from the Problem, and every unit at home with its clock."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.problem import RotationProblem
from holdfast.analyses.rotation.units import settle
from holdfast.engine.compiled import kernel
from holdfast.engine.philox import uniform

START_FIXED, START_SEEDED = 1, 2
"""As in ``problem.STARTS``."""

Number = TypeVar("Number", np.int64, np.float64)


@kernel
def at(array: NDArray[Number], d: int, column: int) -> Number:
    """The value of draw d; an array of one row holds for every draw."""
    value: Number = array[d if array.shape[0] > 1 else 0, column]
    return value


@kernel
def load_phase(pr: RotationProblem, w: s.Work, phase: int) -> None:
    """Put the policy numbers of a phase into the rows of the rotating pools."""
    w.now[s.PHASE] = phase
    for p in range(w.pool.shape[0]):
        k = pr.policy[p]
        if k < 0:
            continue
        w.pool[p, s.CYCLE] = max(pr.cycle_days[k, phase], 1)
        w.pool[p, s.START] = pr.start_deployable_day[k, phase]
        w.pool[p, s.STOP] = pr.stop_deployable_day[k, phase]
        w.pool[p, s.BOG] = pr.bog_days[k, phase]
        w.pool[p, s.OVERLAP_DAYS] = pr.overlap_days[k, phase]
        w.pool[p, s.DEMOBILISATION] = pr.demobilisation_days[k, phase]
        w.pool[p, s.EXTENSION] = pr.max_extension_days[k, phase]
        w.pool[p, s.MIN_DWELL] = pr.min_dwell_days[k, phase]
        w.pool[p, s.CALLUPS] = pr.max_callups[k, phase]


@kernel
def load_pools(pr: RotationProblem, w: s.Work, d: int) -> None:
    """Read the pools of one draw; an array of one row holds for every draw."""
    first = 0
    for p in range(w.pool.shape[0]):
        w.pool[p, :] = 0
        w.pool[p, s.FIRST] = first
        w.pool[p, s.SIZE] = at(pr.quantity, d, p)
        first += w.pool[p, s.SIZE]
        w.pool[p, s.CYCLE] = 1
        w.pool[p, s.CALLUPS] = pr.horizon_days + 1
        w.pool[p, s.JOIN] = at(pr.available_from_day, d, p)
        w.pool[p, s.NOT_READY_DAYS] = at(pr.not_ready_days, d, p)
        w.pool[p, s.DELAY] = at(pr.arrival_delay_days, d, p)
        w.pool[p, s.PEOPLE] = at(pr.people_per_unit, d, p)
        w.pool[p, s.NATION] = pr.nation[p]
        w.pool[p, s.POSTURE] = pr.posture[p]
        w.pool[p, s.WITHDRAWAL] = pr.withdrawal_days[pr.nation[p]]
        w.readiness[p] = at(pr.readiness, d, p)
    for n in range(w.nation.shape[0]):
        w.nation[n, s.DEPLOYED_PEOPLE] = 0
        w.nation[n, s.CAP] = at(pr.max_people_deployed, d, n)


@kernel
def load_tasks(pr: RotationProblem, w: s.Work, d: int) -> None:
    """Read the tasks of one draw and mark the days on which tasks or phases begin or end."""
    horizon = pr.horizon_days
    w.mark[:] = 0
    w.mark[0] = 1
    for f in range(pr.phase_from_day.shape[0]):
        if 0 < pr.phase_from_day[f] < horizon:
            w.mark[pr.phase_from_day[f]] = 1
    for k in range(w.task.shape[0]):
        w.task[k, :] = 0
        w.task[k, s.FIRST_MISSED] = -1
        w.task[k, s.QUANTITY] = at(pr.task_quantity, d, k)
        begin = max(at(pr.task_from_day, d, k), 0)
        end = at(pr.task_to_day, d, k)
        w.task[k, s.FROM] = begin
        w.task[k, s.TO] = end
        if begin < min(end, horizon):
            w.mark[begin] = 1
            w.mark[min(end, horizon)] = 1


@kernel
def start_clock(pr: RotationProblem, w: s.Work, p: int, i: int) -> int:
    """Rule 1: the clock of unit i of pool p on day 0."""
    cycle = w.pool[p, s.CYCLE]
    if pr.start[p] == START_FIXED:
        return pr.start_clock_day[p] % cycle
    if pr.start[p] == START_SEEDED:
        return int(uniform(w.random[1], w.stream[p], w.now[s.DRAW], i, 0) * cycle)
    return i * cycle // w.pool[p, s.SIZE]


@kernel
def place_units(pr: RotationProblem, w: s.Work, d: int) -> None:
    """Set every unit at home with its clock of day 0; the largest clocks come first, which is their order."""
    for p in range(w.pool.shape[0]):
        size = w.pool[p, s.SIZE]
        keeps = at(pr.cut_quantity, d, p)
        leave = at(pr.available_to_day, d, p)
        cut = min(leave, at(pr.cut_day, d, p))
        w.count[p, s.ABSENT] = size
        w.unit_days[p, s.ABSENT] = size * pr.horizon_days
        for i in range(size - 1, -1, -1):
            u = w.pool[p, s.FIRST] + i
            clock = start_clock(pr, w, p, i) if w.pool[p, s.POSTURE] == s.ROTATING else 0
            w.unit[u, :] = 0
            w.unit[u, s.POOL] = p
            w.unit[u, s.NUMBER] = i
            w.unit[u, s.CLASS] = s.ABSENT
            w.unit[u, s.BIRTH] = -clock
            w.unit[u, s.DRAWN] = -1
            w.unit[u, s.HOME_SINCE] = -clock
            w.unit[u, s.LIMIT] = -1
            w.unit[u, s.TASK] = -1
            w.unit[u, s.LEAVE] = cut if i >= keeps else leave
            settle(w, u, 0)


@kernel
def load(pr: RotationProblem, w: s.Work, d: int) -> None:
    """Everything as it stands on the morning of day 0 of draw d."""
    w.now[:] = 0
    w.now[s.DRAW] = pr.first_draw + d
    w.now[s.HORIZON] = pr.horizon_days
    w.count[:] = 0
    w.unit_days[:] = 0
    w.on[:] = 0
    w.days[:] = -1
    w.due[:, 2] = -1
    w.order[:, 2] = -1
    w.ends[:] = -1
    load_pools(pr, w, d)
    load_tasks(pr, w, d)
    load_phase(pr, w, phase_of(pr, 0))
    place_units(pr, w, d)


@kernel
def phase_of(pr: RotationProblem, t: int) -> int:
    """The phase in force on day t: the last one that has begun."""
    phase = 0
    for f in range(pr.phase_from_day.shape[0]):
        if pr.phase_from_day[f] <= t:
            phase = f
    return phase
