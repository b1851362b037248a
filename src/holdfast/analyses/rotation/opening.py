"""The morning of day 0: a draw's numbers read from what is given, and every unit at home with its clock."""

from __future__ import annotations

import numpy as np

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.units import schedule
from holdfast.engine.compiled import kernel
from holdfast.engine.philox import uniform

START_FIXED, START_SEEDED = 1, 2
"""As in ``problem.STARTS``."""


@kernel
def load_phase(g: s.Given, w: s.Work, phase: int) -> None:
    """Put the policy numbers of a phase into the rows of the rotating pools."""
    w.now[s.PHASE] = phase
    for p in range(w.pool.shape[0]):
        k = g.fixed[p, s.G_POLICY]
        if k >= 0:
            for j in range(g.policies.shape[2]):
                w.pool[p, s.CYCLE + j] = g.policies[k, phase, j]
            w.pool[p, s.CYCLE] = max(w.pool[p, s.CYCLE], 1)


@kernel
def load_pools(g: s.Given, w: s.Work, d: int) -> None:
    """Read the pools and nations of one draw; an array of one row holds for every draw."""
    row = d if g.pools.shape[0] > 1 else 0
    first = 0
    for p in range(w.pool.shape[0]):
        w.pool[p, :] = 0
        w.pool[p, s.FIRST] = first
        w.pool[p, s.SIZE] = g.pools[row, p, s.G_SIZE]
        first += w.pool[p, s.SIZE]
        w.pool[p, s.CYCLE] = 1
        w.pool[p, s.CALLUPS] = g.horizon_days + 1
        w.pool[p, s.JOIN] = g.pools[row, p, s.G_JOIN]
        w.pool[p, s.NOT_READY_DAYS] = g.pools[row, p, s.G_NOT_READY_DAYS]
        w.pool[p, s.DELAY] = g.pools[row, p, s.G_DELAY]
        w.pool[p, s.PEOPLE] = g.pools[row, p, s.G_PEOPLE]
        w.pool[p, s.NATION] = g.fixed[p, s.G_NATION]
        w.pool[p, s.POSTURE] = g.fixed[p, s.G_POSTURE]
        w.pool[p, s.WITHDRAWAL] = g.fixed[p, s.G_WITHDRAWAL]
        w.readiness[p] = g.readiness[d if g.readiness.shape[0] > 1 else 0, p]
    for n in range(w.nation.shape[0]):
        w.nation[n, s.DEPLOYED_PEOPLE] = 0
        w.nation[n, s.CAP] = g.caps[d if g.caps.shape[0] > 1 else 0, n]


@kernel
def load_tasks(g: s.Given, w: s.Work, d: int) -> None:
    """Read the tasks of one draw and mark the days on which tasks or phases begin or end."""
    row = d if g.tasks.shape[0] > 1 else 0
    w.mark[:] = 0
    w.mark[0] = s.TURN
    for f in range(g.phases.shape[0]):
        if 0 < g.phases[f] < g.horizon_days:
            w.mark[g.phases[f]] = s.TURN
    for k in range(w.task.shape[0]):
        w.task[k, :] = 0
        begin, end = max(g.tasks[row, k, 1], 0), g.tasks[row, k, 2]
        w.task[k, s.QUANTITY] = g.tasks[row, k, 0]
        w.task[k, s.FROM] = begin
        w.task[k, s.TO] = end
        w.task[k, s.GROUP] = g.groups[k]
        w.task[k, s.FIRST_MISSED] = -1
        if begin < min(end, g.horizon_days):
            w.mark[begin] = s.TURN
            w.mark[min(end, g.horizon_days)] = s.TURN


@kernel
def start_clock(g: s.Given, w: s.Work, p: int, i: int) -> int:
    """Rule 1: the clock of unit i of pool p on day 0."""
    cycle: int = w.pool[p, s.CYCLE]
    clock: int = i * cycle // w.pool[p, s.SIZE]
    if g.fixed[p, s.G_START] == START_FIXED:
        clock = g.fixed[p, s.G_START_CLOCK] % cycle
    elif g.fixed[p, s.G_START] == START_SEEDED:
        key: np.uint64 = w.random[w.pool.shape[0] + 1]
        stream: np.uint64 = w.random[p]
        clock = int(uniform(key, stream, w.now[s.DRAW], i, w.now[s.TODAY]) * cycle)
    return clock


@kernel
def place_units(g: s.Given, w: s.Work, d: int) -> None:
    """Set every unit at home with its clock, due on day 0; the last one put in its bucket comes out first, and it has
    the largest clock.
    """
    row = d if g.pools.shape[0] > 1 else 0
    for p in range(w.pool.shape[0]):
        size = w.pool[p, s.SIZE]
        keeps = g.pools[row, p, s.G_CUT_SIZE]
        leave = g.pools[row, p, s.G_LEAVE]
        cut = min(leave, g.pools[row, p, s.G_CUT_DAY])
        w.pool[p, s.HELD + s.ABSENT] = size
        w.pool[p, s.UNIT_DAYS + s.ABSENT] = size * g.horizon_days
        for i in range(size):
            u = w.pool[p, s.FIRST] + i
            clock = start_clock(g, w, p, i) if w.pool[p, s.POSTURE] == s.ROTATING else 0
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
            schedule(w, u, w.now[s.TODAY])


@kernel
def load(g: s.Given, w: s.Work, d: int) -> None:
    """Everything as it stands on the morning of day 0 of draw d."""
    w.now[:] = 0
    w.now[s.DRAW] = g.first_draw + d
    w.now[s.HORIZON] = g.horizon_days
    w.fit[:, :, s.ON] = 0
    w.days[:] = -1
    w.due[:, 2] = -1
    w.order[:, 2] = -1
    w.ends[:] = -1
    load_pools(g, w, d)
    load_tasks(g, w, d)
    load_phase(g, w, phase_of(g, w.now[s.TODAY]))
    place_units(g, w, d)


@kernel
def phase_of(g: s.Given, t: int) -> int:
    """The phase in force on day t: the last one that has begun."""
    phase = 0
    for f in range(g.phases.shape[0]):
        if g.phases[f] <= t:
            phase = f
    return phase
