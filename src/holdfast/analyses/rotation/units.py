"""The life of one unit inside the simulator: home, sent, in overlap, home again; compiled, on plain arrays.

A unit is in exactly one class.  Counts and unit-days by pool and class follow from :func:`enter`, the one place where
a class changes; unit-days are integrals, added on entering and taken back on leaving.  Each unit waits in at most one
day bucket for the next day on which something happens to it.
"""

from __future__ import annotations

import numpy as np

from holdfast.analyses.rotation import state as s
from holdfast.engine.compiled import kernel
from holdfast.engine.philox import uniform
from holdfast.engine.queues import KEY, PLACE, put, put_in_order, take, take_from_order


@kernel
def assign(w: s.Work, u: int, old: int, new: int) -> None:
    """Keep the sums of a task and a nation in step with a class change from or to fill or transit."""
    p, k = w.unit[u, s.POOL], w.unit[u, s.TASK]
    effect, people = w.fit[p, k, s.EFFECT], w.pool[p, s.PEOPLE]
    was = old in (s.FILL, s.TRANSIT)
    will = new in (s.FILL, s.TRANSIT)
    if was != will:
        sign = 1 if will else -1
        w.task[k, s.ASSIGNED] += sign * effect
        w.nation[w.pool[p, s.NATION], s.DEPLOYED_PEOPLE] += sign * people
        w.fit[p, k, s.ON] += sign
        if was:
            w.now[s.FRESH] = 1
    if (old == s.FILL) != (new == s.FILL):
        sign = 1 if new == s.FILL else -1
        w.task[k, s.FILLED] += sign * effect
        w.task[k, s.FILLED_PEOPLE] += sign * people
        w.now[s.TOUCHED] = 1


@kernel
def enter(w: s.Work, u: int, new: int, t: int) -> None:
    """Move a unit to another class on day t; counts, unit-days and sums follow."""
    old = w.unit[u, s.CLASS]
    if old == new:
        return
    p = w.unit[u, s.POOL]
    rest = w.now[s.HORIZON] - t
    w.pool[p, s.HELD + old] -= 1
    w.pool[p, s.UNIT_DAYS + old] -= rest
    w.pool[p, s.HELD + new] += 1
    w.pool[p, s.UNIT_DAYS + new] += rest
    w.unit[u, s.CLASS] = new
    if old == s.READY:
        take_from_order(w.ends, w.order, u)
    if old in (s.FILL, s.TRANSIT) or new in (s.FILL, s.TRANSIT):
        assign(w, u, old, new)
    if w.log.shape[0] > 0:
        row = w.now[s.LOGGED]
        if row < w.log.shape[0]:
            w.log[row, 0], w.log[row, 1], w.log[row, 2] = t, u, old
            w.log[row, 3], w.log[row, 4] = new, w.unit[u, s.TASK]
        w.now[s.LOGGED] = row + 1


@kernel
def schedule(w: s.Work, u: int, day: int) -> None:
    """Wait for a later day; days beyond the horizon never come."""
    take(w.days, w.due, u)
    if day < w.now[s.HORIZON]:
        put(w.days, w.due, day, u)


@kernel
def new_cycle(w: s.Work, u: int, birth: int) -> None:
    """Set the clock so that it reads 0 on day ``birth``, with a full budget."""
    w.unit[u, s.BIRTH] = birth
    w.unit[u, s.USED] = 0
    w.unit[u, s.CYCLE_NO] += 1


@kernel
def roll(w: s.Work, u: int, t: int) -> None:
    """Start a new cycle for a rotating unit at home whose clock has reached the cycle of the phase in force."""
    p = w.unit[u, s.POOL]
    if w.pool[p, s.POSTURE] == s.ROTATING and t - w.unit[u, s.BIRTH] >= w.pool[p, s.CYCLE]:
        if w.unit[u, s.CLASS] == s.READY:  # its place in the ready list changes with its clock
            take_from_order(w.ends, w.order, u)
        new_cycle(w, u, t)


@kernel
def check_readiness(w: s.Work, u: int, t: int) -> None:
    """Draw readiness once in a cycle, when the window opens."""
    p: int = w.unit[u, s.POOL]
    cycle: int = w.unit[u, s.CYCLE_NO]
    pools: int = w.pool.shape[0]
    if w.unit[u, s.DRAWN] == cycle:
        return
    w.unit[u, s.DRAWN] = cycle
    chance = w.readiness[p]
    if chance < 1.0:
        key: np.uint64 = w.random[pools]
        stream: np.uint64 = w.random[p]
        if uniform(key, stream, w.now[s.DRAW], w.unit[u, s.NUMBER], cycle) >= chance:
            w.unit[u, s.READY_FROM] = t + w.pool[p, s.NOT_READY_DAYS]


@kernel
def judge(w: s.Work, u: int, t: int) -> tuple[int, int]:
    """The class of a rotating unit at home on day t, and the next day on which it may be another."""
    roll(w, u, t)
    p, birth = w.unit[u, s.POOL], w.unit[u, s.BIRTH]
    start, stop, end = birth + w.pool[p, s.START], birth + w.pool[p, s.STOP], birth + w.pool[p, s.CYCLE]
    if t < start:
        return s.RESTING, min(start, end)
    if t >= stop:
        return s.RESTING, end
    check_readiness(w, u, t)
    change = min(stop, end)
    fill_days = w.pool[p, s.BOG] - w.pool[p, s.OVERLAP_DAYS] - w.unit[u, s.USED]
    if fill_days <= 0 or w.unit[u, s.TOURS] >= w.pool[p, s.CALLUPS]:
        return s.RESTING, change
    if t < w.unit[u, s.READY_FROM]:
        return s.FAILED, min(change, w.unit[u, s.READY_FROM])
    return s.READY, change


@kernel
def settle(w: s.Work, u: int, t: int) -> None:
    """Find the class of a unit that is at home or gone on day t, and the next day on which it may change."""
    p, leave = w.unit[u, s.POOL], w.unit[u, s.LEAVE]
    join, posture = w.pool[p, s.JOIN], w.pool[p, s.POSTURE]
    new, change = s.READY, leave
    if t >= leave:
        new, change = s.ABSENT, w.now[s.HORIZON]
    elif posture == s.STANDBY:
        new = s.RESTING
    elif posture == s.ROTATING:
        new, change = judge(w, u, t)
        change = min(change, leave)
    if t < join:
        new, change = s.ABSENT, min(change, join)
    enter(w, u, new, t)
    if new == s.READY and w.order[u, PLACE] < 0:
        w.order[u, KEY] = w.unit[u, s.BIRTH]
        put_in_order(w.ends, w.order, p, u)
        w.now[s.FRESH] = 1
    schedule(w, u, change)


@kernel
def await_change(w: s.Work, u: int) -> None:
    """Wait for the next change of a deployed unit: arrival, end of fill, limit of its extension, end, departure."""
    state = w.unit[u, s.CLASS]
    day = w.unit[u, s.LEAVE] + w.pool[w.unit[u, s.POOL], s.WITHDRAWAL]
    if state == s.OVERLAP:
        day = min(day, w.unit[u, s.TOUR_END])
    else:
        day = min(day, w.unit[u, s.LIMIT] if w.unit[u, s.LIMIT] >= 0 else w.unit[u, s.FILL_END])
        if state == s.TRANSIT:
            day = min(day, w.unit[u, s.ARRIVE])
    schedule(w, u, day)


@kernel
def serve(w: s.Work, u: int, t: int) -> None:
    """Count a deployed unit towards its task: as fill once it has arrived."""
    enter(w, u, s.FILL if t >= w.unit[u, s.ARRIVE] else s.TRANSIT, t)
    await_change(w, u)


@kernel
def send(w: s.Work, u: int, k: int, t: int) -> None:
    """Start a tour of a ready unit for task k on day t."""
    p = w.unit[u, s.POOL]
    rotating = w.pool[p, s.POSTURE] == s.ROTATING
    w.pool[p, s.POOL_TOURS] += 1
    if rotating and w.unit[u, s.USED] == 0:
        dwell = t - w.unit[u, s.HOME_SINCE]
        w.pool[p, s.POOL_DWELL] += dwell
        if dwell < w.pool[p, s.MIN_DWELL]:
            w.pool[p, s.POOL_BROKEN] += 1
    fill_days = w.pool[p, s.BOG] - w.pool[p, s.OVERLAP_DAYS] - w.unit[u, s.USED]
    w.unit[u, s.TOURS] += 1
    w.unit[u, s.TASK] = k
    w.unit[u, s.SENT] = t
    w.unit[u, s.FILL_END] = t + fill_days if rotating else w.now[s.HORIZON]
    w.unit[u, s.ARRIVE] = t + w.pool[p, s.DELAY]
    w.unit[u, s.LIMIT] = -1
    w.unit[u, s.LEFT_CYCLE] = w.pool[p, s.CYCLE]
    w.unit[u, s.LEFT_OVERLAP] = w.pool[p, s.OVERLAP_DAYS]
    w.unit[u, s.LEFT_DEMOBILISATION] = w.pool[p, s.DEMOBILISATION]
    w.unit[u, s.LEFT_EXTENSION] = w.pool[p, s.EXTENSION]
    serve(w, u, t)


@kernel
def finish_tour(w: s.Work, u: int, t: int) -> None:
    """Rule 6: home from day t, after demobilisation with clock 0 and a full budget.  To be settled by the caller."""
    w.unit[u, s.HOME_SINCE] = t
    new_cycle(w, u, t + w.unit[u, s.LEFT_DEMOBILISATION])


@kernel
def break_tour(w: s.Work, u: int, t: int) -> None:
    """Rule 7: home at the clock reached with what is left of the budget; rule 6 when the clock passed the cycle.

    To be settled by the caller.
    """
    if w.pool[w.unit[u, s.POOL], s.POSTURE] == s.ROTATING:
        if t - w.unit[u, s.BIRTH] >= w.unit[u, s.LEFT_CYCLE]:
            finish_tour(w, u, t)
        else:
            w.unit[u, s.HOME_SINCE] = t
            w.unit[u, s.USED] += t - w.unit[u, s.SENT]


@kernel
def hand_over(w: s.Work, u: int, t: int) -> bool:
    """Begin the overlap at the end of a tour.  True = there is none: the unit is home and to be settled."""
    days = w.unit[u, s.LEFT_OVERLAP]
    enter(w, u, s.OVERLAP if days > 0 else s.RESTING, t)
    if days <= 0:
        finish_tour(w, u, t)
        return True
    w.unit[u, s.TOUR_END] = t + days
    await_change(w, u)
    return False


@kernel
def extend(w: s.Work, u: int, t: int) -> None:
    """Keep a unit whose fill would end on its task for a time."""
    k = w.unit[u, s.TASK]
    w.unit[u, s.LIMIT] = t + w.unit[u, s.LEFT_EXTENSION]
    w.task[k, s.EXTENDED] += w.fit[w.unit[u, s.POOL], k, s.EFFECT]
    w.now[s.EXTENSIONS] += 1
    w.order[u, KEY] = t
    put_in_order(w.ends, w.order, w.pool.shape[0] + k, u)
    serve(w, u, t)


@kernel
def end_extension(w: s.Work, u: int) -> None:
    """Strike a unit off the extended ones of its task, if it is one."""
    if w.unit[u, s.LIMIT] >= 0:
        w.unit[u, s.LIMIT] = -1
        take_from_order(w.ends, w.order, u)
        k = w.unit[u, s.TASK]
        w.task[k, s.EXTENDED] -= w.fit[w.unit[u, s.POOL], k, s.EFFECT]
        w.now[s.EXTENSIONS] -= 1


@kernel
def move_on(w: s.Work, u: int, t: int) -> bool:
    """What a deployed unit waited for.  True = the unit is home or gone, and to be settled."""
    if t >= w.unit[u, s.LEAVE] + w.pool[w.unit[u, s.POOL], s.WITHDRAWAL]:
        end_extension(w, u)
        return True
    if w.unit[u, s.CLASS] == s.OVERLAP:
        finish_tour(w, u, t)
        return True
    extended = w.unit[u, s.LIMIT] >= 0
    if t < (w.unit[u, s.LIMIT] if extended else w.unit[u, s.FILL_END]):
        serve(w, u, t)
        return False
    end_extension(w, u)
    if extended or w.unit[u, s.LEFT_EXTENSION] == 0:
        return hand_over(w, u, t)
    enter(w, u, s.PENDING, t)
    w.lists[s.PENDING_LIST, w.now[s.PENDINGS]] = u
    w.now[s.PENDINGS] += 1
    return False


@kernel
def wake(w: s.Work, u: int, t: int) -> None:
    """What happens to a unit on the day it waited for."""
    away = w.unit[u, s.CLASS] in (s.FILL, s.TRANSIT, s.OVERLAP)
    if not away or move_on(w, u, t):
        settle(w, u, t)


@kernel
def capped(w: s.Work, p: int) -> bool:
    """Whether one more unit of the pool would break its nation's cap on people deployed."""
    n = w.pool[p, s.NATION]
    over: bool = w.nation[n, s.DEPLOYED_PEOPLE] + w.pool[p, s.PEOPLE] > w.nation[n, s.CAP]
    return over
