"""Run the rotation simulator: allocate, split the draws over threads, hand the arrays to the kernel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation import kernels
from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import POSTURES, RotationProblem
from holdfast.base.errors import UsageError
from holdfast.base.streams import stream_key

PURPOSES = ("rotation.readiness", "rotation.start")
PER_DRAW = (
    "quantity",
    "people_per_unit",
    "available_from_day",
    "available_to_day",
    "cut_day",
    "cut_quantity",
    "readiness",
    "not_ready_days",
    "arrival_delay_days",
    "task_quantity",
    "task_from_day",
    "task_to_day",
    "max_people_deployed",
)
"""The arrays [D|1, ...] of a Problem."""

STATES = ("fill", "overlap", "deployable", "not_ready", "absent")
"""States of a trace: those of the identity, and outside the inventory."""
STATE_OF_CLASS = (0, 1, 2, 3, 3, 1, 4, 3, 1)
"""Index into STATES of each class; the last two never outlive a day."""


class Event(NamedTuple):
    """Something that happened to a unit."""

    day: int
    pool: int
    unit: int
    name: str
    task: int  # -1 = none


class Stretch(NamedTuple):
    """Days ``from_day`` .. ``to_day`` - 1 that a unit spent in one of STATES, on a task or on none (-1)."""

    pool: int
    unit: int
    from_day: int
    to_day: int
    state: str
    task: int


class Trace(NamedTuple):
    """The day event log and the timeline of every unit of one draw, in order of day and of pool and unit."""

    events: tuple[Event, ...]
    timeline: tuple[Stretch, ...]


def simulate(problem: RotationProblem, *, daily: bool = True, threads: int = 1) -> RotationOutcome:
    """What happens to the units, draw by draw; ``daily=False`` leaves the daily arrays empty.

    The answer is the same on any number of threads.  Daily arrays take 9 bytes a draw, task and day.  Raises UsageError
    when an array that varies by draw has neither one row nor one a draw.
    """
    plain = _plain(problem)
    outcome = _empty(plain, plain.horizon_days if daily else 0)
    threads = max(1, min(threads, plain.draws))
    cuts = [plain.draws * i // threads for i in range(threads + 1)]
    order = _order(plain)
    works = [_work(problem, plain, order, 0) for _ in range(threads)]
    if threads == 1:
        kernels.run(plain, works[0], outcome, 0, plain.draws)
        return outcome
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(kernels.run, plain, work, outcome, first, last)
            for work, first, last in zip(works, cuts[:-1], cuts[1:], strict=True)
        ]
        for job in jobs:
            job.result()
    return outcome


def _plain(problem: RotationProblem) -> RotationProblem:
    """The Problem in the one array layout that the kernel is compiled for; the seed stays outside."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, value in problem._asdict().items():
        if isinstance(value, np.ndarray):
            if name in PER_DRAW and value.shape[0] not in (1, problem.draws):
                raise UsageError(f"{name} holds {value.shape[0]} draws, the problem {problem.draws}")
            arrays[name] = np.require(value, requirements=("C", "W", "A"))
    return problem._replace(seed=0, **arrays)  # type: ignore[arg-type]


def _empty(problem: RotationProblem, days: int) -> RotationOutcome:
    """An outcome of zeros with room for every draw."""
    d, pools, tasks = problem.draws, len(problem.policy), len(problem.group)
    nations = len(problem.withdrawal_days)
    return RotationOutcome(
        missed_unit_days=np.zeros((d, tasks)),
        first_missed_day=np.zeros((d, tasks), np.int32),
        longest_gap_days=np.zeros((d, tasks), np.int32),
        state_days=np.zeros((d, pools, 4), np.int64),
        inventory_days=np.zeros((d, pools), np.int64),
        tours=np.zeros((d, pools), np.int32),
        broken_dwell=np.zeros((d, pools), np.int32),
        dwell_days=np.zeros((d, pools), np.int64),
        bog_days=np.zeros((d, nations), np.int64),
        people_days=np.zeros((d, nations), np.int64),
        fill_units=np.zeros((d, tasks, days), np.float32),
        fill_people=np.zeros((d, tasks, days), np.int32),
        cause=np.zeros((d, tasks, days), np.int8),
    )


def _order(problem: RotationProblem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The part of rule 4 that no day changes.

    Preference [P, T]: forward pools at the task's place, then rank of the substitution, then the component class asked
    for first, then units without a clock; -1 = does not fit.  Servers [T, P]: the pools that may be sent, in that
    order and then pool order, -1 after the last.
    """
    place = problem.home_place[:, None]
    forward = (problem.posture == POSTURES.index("forward"))[:, None]
    there = (place == problem.task_place[None, :]) & (place >= 0)
    fits = (problem.effectiveness > 0) & (there | ~forward)
    other_class = (problem.source_first >= 0) & (problem.component_class[:, None] != problem.source_first[None, :])
    ranks = int(problem.rank.max(initial=0)) + 1
    preference = np.where(forward, 0, 1) * ranks + problem.rank
    preference = (preference * 2 + other_class) * 2 + (problem.posture == POSTURES.index("rotating"))[:, None]
    preference = np.where(fits, preference, -1).astype(np.int64)
    sent = fits & (problem.posture != POSTURES.index("standby"))[:, None]
    servers = np.full(preference.T.shape, -1, np.int64)
    for k in range(servers.shape[0]):
        pools = np.flatnonzero(sent[:, k])
        servers[k, : len(pools)] = pools[np.argsort(preference[pools, k], kind="stable")]
    return preference, servers


def _work(
    problem: RotationProblem,
    plain: RotationProblem,
    order: tuple[NDArray[np.int64], NDArray[np.int64]],
    log: int,
) -> s.Work:
    """Memory for one thread; ``log`` rows for class changes."""

    def table(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, np.int64)

    units = int(plain.quantity.sum(axis=1).max(initial=0))
    pools, tasks = plain.effectiveness.shape
    return s.Work(
        unit=table(units, s.UNIT_COLUMNS),
        key=table(units),
        due=table(units, 3),
        days=table(plain.horizon_days),
        order=table(units, 3),
        ends=table(pools + tasks, 2),
        pool=table(pools, s.POOL_COLUMNS),
        count=table(pools, s.CLASSES),
        unit_days=table(pools, s.CLASSES),
        task=table(tasks, s.TASK_COLUMNS),
        nation=table(len(plain.withdrawal_days), 2),
        on=table(pools, tasks),
        mark=table(plain.horizon_days + 1),
        aside=table(units),
        pending=table(units),
        standing=table(tasks),
        now=table(8),
        log=table(log, s.LOG_COLUMNS),
        readiness=np.zeros(pools),
        stream=plain.stream,
        random=np.array([stream_key(problem.seed, purpose) for purpose in PURPOSES], np.uint64),
        effectiveness=plain.effectiveness,
        preference=order[0],
        servers=order[1],
    )
