"""What the simulator keeps in memory: columns of its tables and the classes a unit may be in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

FILL, OVERLAP, READY, RESTING, FAILED, TRANSIT, ABSENT, ASIDE, PENDING = range(9)
"""Classes: fills a task; hands over; may be sent; may not be sent; failed readiness; sent and not arrived; not in the
inventory; its task ended today and a follow-on is sought; its fill ended today and an extension is considered."""
CLASSES = 9

ROTATING, PERMANENT, STANDBY, FORWARD = range(4)
"""As in ``problem.POSTURES``."""

# columns of Work.unit
POOL, NUMBER, CLASS, BIRTH, USED, CYCLE_NO, DRAWN, READY_FROM, TOURS, HOME_SINCE = range(10)
TASK, SENT, FILL_END, ARRIVE, TOUR_END, LIMIT, LEAVE = range(10, 17)
LEFT_CYCLE, LEFT_OVERLAP, LEFT_DEMOBILISATION, LEFT_EXTENSION = range(17, 21)
UNIT_COLUMNS = 21

# columns of Work.pool; the policy columns hold the phase in force
FIRST, SIZE, CYCLE, START, STOP, BOG, OVERLAP_DAYS, DEMOBILISATION, EXTENSION, MIN_DWELL, CALLUPS = range(11)
JOIN, NOT_READY_DAYS, DELAY, PEOPLE, NATION, POSTURE, WITHDRAWAL = range(11, 18)
POOL_TOURS, POOL_BROKEN, POOL_DWELL = range(18, 21)
POOL_COLUMNS = 21

# columns of Work.task
QUANTITY, FROM, TO, STANDING, ASSIGNED, EXTENDED, FILLED, FILLED_PEOPLE = range(8)
SINCE, SHORT, LEVEL, LEVEL_PEOPLE, CAUSE, MISSED, FIRST_MISSED, GAP_FROM, LONGEST = range(8, 17)
TASK_COLUMNS = 17

# columns of Work.nation, cells of Work.now, columns of Work.log
DEPLOYED_PEOPLE, CAP = range(2)
DRAW, HORIZON, PHASE, ASIDES, PENDINGS, STANDINGS, LOGGED, LATE = range(8)
LOG_COLUMNS = 5  # day, unit, old class, new class, task


class Work(NamedTuple):
    """Memory of one thread; U units, P pools, T tasks, N nations, H days.  Everything but the last block is scratch."""

    unit: Ints  # [U, UNIT_COLUMNS]
    key: Ints  # [U] key of the unit in the ordered list it is in
    due: Ints  # [U, 3] links of the day buckets
    days: Ints  # [H] first unit due on each day
    order: Ints  # [U, 3] links of the ordered lists
    ends: Ints  # [P + T, 2] ready list of each pool, then list of extended units of each task
    pool: Ints  # [P, POOL_COLUMNS]
    count: Ints  # [P, CLASSES] units in each class today
    unit_days: Ints  # [P, CLASSES] unit-days in each class, to the end of the horizon if nothing changes
    task: Ints  # [T, TASK_COLUMNS]
    nation: Ints  # [N, 2]
    on: Ints  # [P, T] units of the pool assigned to the task
    mark: Ints  # [H + 1] 1 = look at this day even if no unit is due
    aside: Ints  # [U] follow-on candidates
    pending: Ints  # [U] units whose extension is considered
    standing: Ints  # [T] tasks that stand today, in order
    now: Ints  # [8] the draw, the day's state, lengths of the lists above
    log: Ints  # [L, LOG_COLUMNS] class changes; L = 0 = no log
    readiness: NDArray[np.float64]  # [P]
    stream: NDArray[np.uint64]  # [P]
    random: NDArray[np.uint64]  # [2] keys of the purposes readiness and start
    effectiveness: Ints  # [P, T] thousandths
    preference: Ints  # [P, T] static part of the order of units, smaller first; -1 = does not fit
    servers: Ints  # [T, P] pools that may be sent to the task, in static order, then pool order; -1 = end
