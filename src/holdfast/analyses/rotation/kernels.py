"""The rotation simulator: one compiled call runs draws, looking only at days on which something happens.

Rules 1 to 9 of the army rotation simulator behind the published numbers (https://github.com/fsdonks/m4; recovered
from its tables and traces), with joins, withdrawals, cuts, readiness, extension, caps and phases on top.  The order
inside a day: clocks move, tours and tasks end; follow-on; units at home; unused follow-on units go home and extensions
are decided; score.
"""

from __future__ import annotations

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.opening import load, load_phase, phase_of
from holdfast.analyses.rotation.scoring import collect, score
from holdfast.analyses.rotation.units import (
    break_tour,
    capped,
    end_extension,
    enter,
    extend,
    finish_tour,
    hand_over,
    roll,
    schedule,
    send,
    serve,
    wake,
)
from holdfast.engine.compiled import entry, kernel
from holdfast.engine.queues import take


@kernel
def units_in_use(w: s.Work) -> int:
    """Number of units of this draw."""
    last = w.pool.shape[0] - 1
    return w.pool[last, s.FIRST] + w.pool[last, s.SIZE] if last >= 0 else 0


@kernel
def switch_phase(g: s.Given, w: s.Work, t: int) -> None:
    """Clocks that reach the old cycle today roll first; then every unit at home is judged by the new policies."""
    phase = phase_of(g, t)
    if phase == w.now[s.PHASE]:
        return
    for u in range(units_in_use(w)):
        if w.unit[u, s.CLASS] in (s.READY, s.RESTING, s.FAILED, s.ABSENT):
            roll(w, u, t)
    load_phase(g, w, phase)
    for u in range(units_in_use(w)):
        if w.unit[u, s.CLASS] in (s.READY, s.RESTING, s.FAILED, s.ABSENT):
            schedule(w, u, t)


@kernel
def leave_task(w: s.Work, u: int, t: int, grouped: bool) -> None:
    """Rules 6 to 8 for a unit whose task ends today."""
    state = w.unit[u, s.CLASS]
    if state in (s.OVERLAP, s.PENDING) or w.unit[u, s.LIMIT] >= 0:
        end_extension(w, u)
        finish_tour(w, u, t)
    elif grouped and t < w.unit[u, s.LEAVE]:
        enter(w, u, s.ASIDE, t)
        w.lists[s.ASIDE_LIST, w.now[s.ASIDES]] = u
        w.now[s.ASIDES] += 1
        return
    else:
        break_tour(w, u, t)
    enter(w, u, s.RESTING, t)
    schedule(w, u, t)


@kernel
def turn_tasks(w: s.Work, t: int) -> None:
    """End tasks, begin tasks and list those that stand today."""
    w.now[s.STANDINGS] = 0
    w.now[s.FRESH] = 1
    for k in range(w.task.shape[0]):
        stands = w.task[k, s.FROM] <= t < w.task[k, s.TO]
        if w.task[k, s.STANDING] and not stands:
            for u in range(units_in_use(w)):
                deployed = w.unit[u, s.CLASS] in (s.FILL, s.TRANSIT, s.OVERLAP, s.PENDING)
                if deployed and w.unit[u, s.TASK] == k:
                    leave_task(w, u, t, w.task[k, s.GROUP] >= 0)
        w.task[k, s.STANDING] = stands
        if stands:
            w.lists[s.STANDING_LIST, w.now[s.STANDINGS]] = k
            w.now[s.STANDINGS] += 1


@kernel
def wants(w: s.Work, k: int) -> bool:
    """Whether a task wants another unit; an extended unit is no reason against relief."""
    short: bool = w.task[k, s.ASSIGNED] - w.task[k, s.EXTENDED] < w.task[k, s.QUANTITY]
    return short


@kernel
def clock_and_cycle(w: s.Work, u: int, cycle: int, t: int) -> tuple[int, int]:
    """What rule 4 compares; units without a policy all stand at 0 of 1."""
    if w.pool[w.unit[u, s.POOL], s.POSTURE] == s.ROTATING:
        return t - w.unit[u, s.BIRTH], cycle
    return 0, 1


@kernel
def best_aside(w: s.Work, k: int, t: int) -> int:
    """The follow-on candidate that rule 4 puts first for task k; -1 when there is none."""
    best, best_rank, best_clock, best_cycle = -1, 0, 0, 1
    for i in range(w.now[s.ASIDES]):
        u = w.lists[s.ASIDE_LIST, i]
        rank = w.fit[w.unit[u, s.POOL], k, s.PREFERENCE]
        if w.unit[u, s.CLASS] != s.ASIDE or w.task[w.unit[u, s.TASK], s.GROUP] != w.task[k, s.GROUP] or rank < 0:
            continue
        clock, cycle = clock_and_cycle(w, u, w.unit[u, s.LEFT_CYCLE], t)
        mine, his = clock * best_cycle, best_clock * cycle
        earlier = rank < best_rank or (rank == best_rank and (mine > his or (mine == his and u < best)))
        if best < 0 or earlier:
            best, best_rank, best_clock, best_cycle = u, rank, clock, cycle
    return best


@kernel
def follow_on(w: s.Work, t: int) -> None:
    """Rule 8: units of tasks that ended today go on to other tasks of their group."""
    for i in range(w.now[s.STANDINGS]):
        k = w.lists[s.STANDING_LIST, i]
        if w.task[k, s.GROUP] < 0:
            continue
        while wants(w, k):
            u = best_aside(w, k, t)
            if u < 0:
                break
            w.unit[u, s.TASK] = k
            serve(w, u, t)


@kernel
def best_at_home(w: s.Work, k: int, t: int) -> int:
    """The unit at home that rule 4 puts first for task k; -1 when there is none.

    The head of each ready list is the best of its pool, so only heads are compared, exactly, in whole numbers.
    """
    best, best_rank, best_clock, best_cycle = -1, 0, 0, 1
    for j in range(w.servers.shape[1]):
        p = w.servers[k, j]
        if p < 0 or (best >= 0 and w.fit[p, k, s.PREFERENCE] != best_rank):
            break
        u = w.ends[p, 0]
        if u < 0 or capped(w, p):
            continue
        clock, cycle = clock_and_cycle(w, u, w.pool[p, s.CYCLE], t)
        if best < 0 or clock * best_cycle > best_clock * cycle:
            best, best_rank, best_clock, best_cycle = u, w.fit[p, k, s.PREFERENCE], clock, cycle
    return best


@kernel
def from_home(w: s.Work, t: int) -> None:
    """Rules 2 to 4: tasks in order take units at home."""
    for i in range(w.now[s.STANDINGS]):
        k = w.lists[s.STANDING_LIST, i]
        while wants(w, k):
            u = best_at_home(w, k, t)
            if u < 0:
                break
            send(w, u, k, t)


@kernel
def unused_go_home(w: s.Work, t: int) -> None:
    """Follow-on candidates that nobody took leave their tour."""
    for i in range(w.now[s.ASIDES]):
        u = w.lists[s.ASIDE_LIST, i]
        if w.unit[u, s.CLASS] == s.ASIDE:
            break_tour(w, u, t)
            enter(w, u, s.RESTING, t)
            schedule(w, u, t)
    w.now[s.ASIDES] = 0


@kernel
def relieve(w: s.Work, t: int) -> None:
    """Extended units whose task is not short without them begin their overlap, the longest extended first."""
    for i in range(w.now[s.STANDINGS]):
        k = w.lists[s.STANDING_LIST, i]
        u = w.ends[w.pool.shape[0] + k, 0]
        while u >= 0:
            following = w.order[u, 0]
            if w.task[k, s.ASSIGNED] - w.fit[w.unit[u, s.POOL], k, s.EFFECT] >= w.task[k, s.QUANTITY]:
                end_extension(w, u)
                if hand_over(w, u, t):
                    schedule(w, u, t)
            u = following


@kernel
def next_pending(w: s.Work) -> int:
    """The place in the list of the pending unit that comes first: by task, then pool order, then number; -1 = none."""
    best = -1
    for i in range(w.now[s.PENDINGS]):
        u = w.lists[s.PENDING_LIST, i]
        if w.unit[u, s.CLASS] == s.PENDING:
            k = w.unit[u, s.TASK]
            chosen = w.lists[s.PENDING_LIST, best]
            if best < 0 or k < w.unit[chosen, s.TASK] or (k == w.unit[chosen, s.TASK] and u < chosen):
                best = i
    return best


@kernel
def decide_pending(w: s.Work, t: int) -> None:
    """Units whose fill ended today are extended where their task is short and the cap allows."""
    while True:
        i = next_pending(w)
        if i < 0:
            break
        u = w.lists[s.PENDING_LIST, i]
        k = w.unit[u, s.TASK]
        if w.task[k, s.ASSIGNED] < w.task[k, s.QUANTITY] and not capped(w, w.unit[u, s.POOL]):
            extend(w, u, t)
            w.mark[t + 1] |= s.AGAIN  # one extended before it may no longer be needed
        elif hand_over(w, u, t):
            schedule(w, u, t)
    w.now[s.PENDINGS] = 0


@kernel
def passes(w: s.Work, t: int) -> None:
    """The passes of day t, then what follows from them; units that come home are due again on the same day."""
    if w.now[s.ASIDES] > 0:
        follow_on(w, t)
    if w.now[s.FRESH] > 0:
        w.now[s.FRESH] = 0
        from_home(w, t)
    if w.now[s.ASIDES] > 0:
        unused_go_home(w, t)
    if w.now[s.EXTENSIONS] > 0:
        relieve(w, t)
    if w.now[s.PENDINGS] > 0:
        decide_pending(w, t)


@entry
def run(g: s.Given, w: s.Work, found: s.Found, first: int, last: int) -> None:
    """Simulate draws first .. last - 1 into the rows of ``found``; ``w`` belongs to this call.

    On each day that matters: units due that day, then ends of tasks, then units that these sent home; the passes, then
    units that came home after them, which can be sent the next day; the score.
    """
    for d in range(first, last):
        load(g, w, d)
        for t in range(g.horizon_days):
            if w.days[t] < 0 and w.mark[t] == 0:
                continue
            w.now[s.TODAY] = t
            turns = w.mark[t] & s.TURN > 0
            if turns:
                switch_phase(g, w, t)
            for stage in range(3):
                while w.days[t] >= 0:
                    u = w.days[t]
                    take(w.days, w.due, u)
                    wake(w, u, t)
                if stage == 0 and turns:
                    turn_tasks(w, t)
                elif stage == 1:
                    passes(w, t)
            if w.now[s.FRESH] > 0:
                w.mark[t + 1] |= s.AGAIN
            if turns or w.now[s.TOUCHED] > 0 or found.cause.shape[2] > 0:
                w.now[s.TOUCHED] = 0
                score(w, found, d, t, turns)
        collect(w, found, d)
