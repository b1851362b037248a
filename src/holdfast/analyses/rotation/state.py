"""What the simulator keeps in memory: columns of its tables and the classes a unit may be in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

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
HELD = 21  # + class: units in the class today
UNIT_DAYS = HELD + CLASSES  # + class: unit-days in the class, to the end of the horizon if nothing changes
POOL_COLUMNS = UNIT_DAYS + CLASSES

# columns of Work.task
QUANTITY, FROM, TO, GROUP, STANDING, ASSIGNED, EXTENDED, FILLED, FILLED_PEOPLE = range(9)
SINCE, SHORT, LEVEL, LEVEL_PEOPLE, CAUSE, MISSED, FIRST_MISSED, GAP_FROM, LONGEST = range(9, 18)
TASK_COLUMNS = 18

# columns of Work.nation, columns of Work.fit, rows of Work.lists
DEPLOYED_PEOPLE, CAP = range(2)
EFFECT, PREFERENCE, ON = range(3)
ASIDE_LIST, PENDING_LIST, STANDING_LIST = range(3)

# cells of Work.now, columns of Work.log
DRAW, HORIZON, PHASE, TODAY, ASIDES, PENDINGS, STANDINGS, EXTENSIONS, LOGGED = range(9)
FRESH = 9  # something changed that may let a unit be sent: one came free, a slot opened or people came under a cap
TOUCHED = 10  # the fill of some task changed
NOW_CELLS = 11
TURN, AGAIN = 1, 2
"""Bits of Work.mark: tasks or phases begin or end; units came free or were extended after the passes of yesterday."""
LOG_COLUMNS = 5  # day, unit, old class, new class, task

# columns of Given.pools, Given.fixed and Given.tasks
POOL_GIVEN = (
    "quantity",
    "people_per_unit",
    "available_from_day",
    "available_to_day",
    "cut_day",
    "cut_quantity",
    "not_ready_days",
    "arrival_delay_days",
)
G_SIZE, G_PEOPLE, G_JOIN, G_LEAVE, G_CUT_DAY, G_CUT_SIZE, G_NOT_READY_DAYS, G_DELAY = range(8)
FIXED_GIVEN = ("nation", "posture", "start", "start_clock_day", "policy")
G_NATION, G_POSTURE, G_START, G_START_CLOCK, G_POLICY, G_WITHDRAWAL = range(6)
TASK_GIVEN = ("task_quantity", "task_from_day", "task_to_day")


class Given(NamedTuple):
    """A Problem packed into few arrays (each array of a kernel's arguments costs compile time); D draws or 1."""

    horizon_days: int
    first_draw: int
    pools: Ints  # [D|1, P, 8] as POOL_GIVEN
    readiness: Floats  # [D|1, P]
    fixed: Ints  # [P, 6] as FIXED_GIVEN, then the withdrawal days of the nation
    policies: Ints  # [K, F, 9] as problem.POLICY_FIELDS
    phases: Ints  # [F] first day of each phase
    tasks: Ints  # [D|1, T, 3] as TASK_GIVEN
    groups: Ints  # [T]
    caps: Ints  # [D|1, N]


class Found(NamedTuple):
    """What the kernel writes, packed likewise; H is 0 without daily arrays."""

    tasks: Ints  # [D, T, 3] missed thousandths of unit-days, first missed day, longest gap
    pools: Ints  # [D, P, 3 + CLASSES] tours, broken dwell, dwell days, then unit-days in each class
    fill_units: NDArray[np.float32]  # [D, T, H]
    fill_people: NDArray[np.int32]  # [D, T, H]
    cause: NDArray[np.int8]  # [D, T, H]


class Work(NamedTuple):
    """Memory of one thread; U units, P pools, T tasks, N nations, H days."""

    unit: Ints  # [U, UNIT_COLUMNS]
    due: Ints  # [U, 3] links of the day buckets
    order: Ints  # [U, 4] links and keys of the ordered lists
    days: Ints  # [H] first unit due on each day
    mark: Ints  # [H + 1] reasons to look at this day even if no unit is due
    ends: Ints  # [P + T, 2] ready list of each pool, then list of extended units of each task
    pool: Ints  # [P, POOL_COLUMNS]
    task: Ints  # [T, TASK_COLUMNS]
    nation: Ints  # [N, 2]
    fit: Ints  # [P, T, 3] effect of a unit in thousandths; static order, -1 = does not fit; units assigned now
    servers: Ints  # [T, P] pools that may be sent to the task, in static order, then pool order; -1 = end
    lists: Ints  # [3, max(U, T)] follow-on candidates; units to extend or not; tasks that stand today
    now: Ints  # [NOW_CELLS] the draw, the day's state, lengths of the lists
    log: Ints  # [L, LOG_COLUMNS] class changes; L = 0 = no log
    readiness: Floats  # [P]
    random: NDArray[np.uint64]  # [P + 2] streams of the pools, then keys of the purposes readiness and start
