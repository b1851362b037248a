"""Rule 9 and what is reported: shortfall, its runs and causes, unit-days by state, tours and burden.

Levels hold from one day looked at to the next, so they are written as runs of days.
"""

from __future__ import annotations

import numpy as np

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.outcome import RotationOutcome
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
        if w.preference[p, k] < 0:
            continue
        if w.count[p, s.READY] > 0 and capped(w, p):
            return NATIONAL_CAP
        effect = w.effectiveness[p, k]
        all_units += effect * w.pool[p, s.SIZE]
        present += effect * (w.pool[p, s.SIZE] - w.count[p, s.ABSENT])
        resting += w.count[p, s.RESTING] + w.count[p, s.OVERLAP]
        failed += w.count[p, s.FAILED]
        committed += w.count[p, s.FILL] + w.count[p, s.TRANSIT] - w.on[p, k] + w.count[p, s.READY]
    if present < quantity:
        return NOT_JOINED if all_units >= quantity else TOO_FEW
    if resting >= failed and resting >= committed:
        return RESTING
    return NOT_READY if failed >= committed else COMMITTED


@kernel
def write_run(w: s.Work, out: RotationOutcome, d: int, k: int, t: int) -> None:
    """Write the levels of task k, which held from the day they began to day t - 1."""
    since = w.task[k, s.SINCE]
    w.task[k, s.SINCE] = t
    w.task[k, s.MISSED] += w.task[k, s.SHORT] * (t - since)
    if out.cause.shape[2] > 0 and t > since:
        out.fill_units[d, k, since:t] = np.float32(w.task[k, s.LEVEL] / 1000.0)
        out.fill_people[d, k, since:t] = w.task[k, s.LEVEL_PEOPLE]
        out.cause[d, k, since:t] = w.task[k, s.CAUSE]


@kernel
def score_task(w: s.Work, out: RotationOutcome, d: int, k: int, t: int) -> None:
    """Rule 9 for one task on day t."""
    level, people = w.task[k, s.FILLED], w.task[k, s.FILLED_PEOPLE]
    short = max(w.task[k, s.QUANTITY] - level, 0) if w.task[k, s.STANDING] else 0
    daily = out.cause.shape[2] > 0
    cause = cause_of_shortfall(w, k) if daily and short > 0 else 0
    before = w.task[k, s.SHORT]
    if (
        short == before
        and level == w.task[k, s.LEVEL]
        and people == w.task[k, s.LEVEL_PEOPLE]
        and cause == w.task[k, s.CAUSE]
    ):
        return
    write_run(w, out, d, k, t)
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
def score(w: s.Work, out: RotationOutcome, d: int, t: int, every: bool) -> None:
    """Score the tasks that stand on day t; every task on a day on which some may have ended."""
    if every:
        for k in range(w.task.shape[0]):
            score_task(w, out, d, k, t)
    else:
        for i in range(w.now[s.STANDINGS]):
            score_task(w, out, d, w.standing[i], t)


@kernel
def collect(w: s.Work, out: RotationOutcome, d: int) -> None:
    """Close the runs at the horizon and write the sums of draw d."""
    horizon = w.now[s.HORIZON]
    for k in range(w.task.shape[0]):
        write_run(w, out, d, k, horizon)
        if w.task[k, s.SHORT] > 0:
            w.task[k, s.LONGEST] = max(w.task[k, s.LONGEST], horizon - w.task[k, s.GAP_FROM])
        out.missed_unit_days[d, k] = w.task[k, s.MISSED] / 1000.0
        out.first_missed_day[d, k] = w.task[k, s.FIRST_MISSED]
        out.longest_gap_days[d, k] = w.task[k, s.LONGEST]
    for p in range(w.pool.shape[0]):
        deployed = w.unit_days[p, s.FILL] + w.unit_days[p, s.OVERLAP] + w.unit_days[p, s.TRANSIT]
        out.state_days[d, p, 0] = w.unit_days[p, s.FILL]
        out.state_days[d, p, 1] = w.unit_days[p, s.OVERLAP] + w.unit_days[p, s.TRANSIT]
        out.state_days[d, p, 2] = w.unit_days[p, s.READY]
        out.state_days[d, p, 3] = w.unit_days[p, s.RESTING] + w.unit_days[p, s.FAILED]
        out.inventory_days[d, p] = w.pool[p, s.SIZE] * horizon - w.unit_days[p, s.ABSENT]
        out.tours[d, p] = w.pool[p, s.POOL_TOURS]
        out.broken_dwell[d, p] = w.pool[p, s.POOL_BROKEN]
        out.dwell_days[d, p] = w.pool[p, s.POOL_DWELL]
        out.bog_days[d, w.pool[p, s.NATION]] += deployed
        out.people_days[d, w.pool[p, s.NATION]] += deployed * w.pool[p, s.PEOPLE]
