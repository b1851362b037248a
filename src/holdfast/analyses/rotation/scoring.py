"""Rule 9 and what is reported: shortfall, its runs and causes, unit-days by state, tours and burden.

Levels hold from one day looked at to the next, so they are written as runs of days.
"""

from __future__ import annotations

import numpy as np

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.units import capped
from holdfast.engine.compiled import kernel

IN_TRANSIT, NATIONAL_CAP, TOO_FEW, NOT_JOINED, RESTING, NOT_READY, COMMITTED = range(1, 8)
"""As in ``outcome.CAUSES``."""


@kernel
def cause_of_shortfall(w: s.Work, k: int) -> int:
    """Why task k is short after today's passes: the code of its cause."""
    quantity = w.task[k, s.QUANTITY]
    if w.task[k, s.ASSIGNED] >= quantity:
        return IN_TRANSIT
    present, all_units, resting, failed, committed = 0, 0, 0, 0, 0
    for p in range(w.pool.shape[0]):
        if w.fit[p, k, s.PREFERENCE] < 0:
            continue
        if w.pool[p, s.HELD + s.READY] > 0 and capped(w, p):
            return NATIONAL_CAP
        effect = w.fit[p, k, s.EFFECT]
        all_units += effect * w.pool[p, s.SIZE]
        present += effect * (w.pool[p, s.SIZE] - w.pool[p, s.HELD + s.ABSENT])
        resting += w.pool[p, s.HELD + s.RESTING] + w.pool[p, s.HELD + s.OVERLAP]
        failed += w.pool[p, s.HELD + s.FAILED]
        committed += (
            w.pool[p, s.HELD + s.FILL] + w.pool[p, s.HELD + s.TRANSIT] - w.fit[p, k, s.ON] + w.pool[p, s.HELD + s.READY]
        )
    if present < quantity:
        return NOT_JOINED if all_units >= quantity else TOO_FEW
    if resting >= failed and resting >= committed:
        return RESTING
    return NOT_READY if failed >= committed else COMMITTED


@kernel
def write_run(w: s.Work, found: s.Found, d: int, k: int, t: int) -> None:
    """Write the levels of task k, which held from the day they began to day t - 1."""
    since = w.task[k, s.SINCE]
    w.task[k, s.SINCE] = t
    w.task[k, s.MISSED] += w.task[k, s.SHORT] * (t - since)
    if found.cause.shape[2] > 0 and t > since:
        found.fill_units[d, k, since:t] = np.float32(w.task[k, s.LEVEL] / 1000.0)
        found.fill_people[d, k, since:t] = w.task[k, s.LEVEL_PEOPLE]
        found.cause[d, k, since:t] = w.task[k, s.CAUSE]


@kernel
def score_task(w: s.Work, found: s.Found, d: int, k: int, t: int) -> None:
    """Rule 9 for one task on day t."""
    level, people = w.task[k, s.FILLED], w.task[k, s.FILLED_PEOPLE]
    short = max(w.task[k, s.QUANTITY] - level, 0) if w.task[k, s.STANDING] else 0
    daily = found.cause.shape[2] > 0
    cause = cause_of_shortfall(w, k) if daily and short > 0 else 0
    before = w.task[k, s.SHORT]
    if (
        short == before
        and level == w.task[k, s.LEVEL]
        and people == w.task[k, s.LEVEL_PEOPLE]
        and cause == w.task[k, s.CAUSE]
    ):
        return
    write_run(w, found, d, k, t)
    w.task[k, s.SHORT] = short
    w.task[k, s.LEVEL] = level
    w.task[k, s.LEVEL_PEOPLE] = people
    w.task[k, s.CAUSE] = cause
    if short > 0 and before == 0:
        w.task[k, s.GAP_FROM] = t
        if w.task[k, s.FIRST_MISSED] < 0:
            w.task[k, s.FIRST_MISSED] = t
    elif short == 0 and before > 0:
        w.task[k, s.LONGEST] = max(w.task[k, s.LONGEST], t - w.task[k, s.GAP_FROM])


@kernel
def score(w: s.Work, found: s.Found, d: int, t: int, every: bool) -> None:
    """Score the tasks that stand on day t; every task on a day on which some may have ended."""
    if every:
        for k in range(w.task.shape[0]):
            score_task(w, found, d, k, t)
    else:
        for i in range(w.now[s.STANDINGS]):
            score_task(w, found, d, w.lists[s.STANDING_LIST, i], t)


@kernel
def collect(w: s.Work, found: s.Found, d: int) -> None:
    """Close the runs at the horizon and write the sums of draw d."""
    horizon = w.now[s.HORIZON]
    for k in range(w.task.shape[0]):
        write_run(w, found, d, k, horizon)
        if w.task[k, s.SHORT] > 0:
            w.task[k, s.LONGEST] = max(w.task[k, s.LONGEST], horizon - w.task[k, s.GAP_FROM])
        found.tasks[d, k, 0] = w.task[k, s.MISSED]
        found.tasks[d, k, 1] = w.task[k, s.FIRST_MISSED]
        found.tasks[d, k, 2] = w.task[k, s.LONGEST]
    for p in range(w.pool.shape[0]):
        for j in range(3):
            found.pools[d, p, j] = w.pool[p, s.POOL_TOURS + j]
        for j in range(s.CLASSES):
            found.pools[d, p, 3 + j] = w.pool[p, s.UNIT_DAYS + j]
