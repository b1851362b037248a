"""Run the rotation simulator: allocate, split the draws over threads, hand the arrays to the kernel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation import kernels
from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import POLICY_FIELDS, POSTURES, RotationProblem
from holdfast.base.errors import UsageError
from holdfast.base.streams import stream_key

Ints = NDArray[np.int64]

PURPOSES = ("rotation.readiness", "rotation.start")


def simulate(problem: RotationProblem, *, daily: bool = True, threads: int = 1) -> RotationOutcome:
    """What happens to the units, draw by draw; ``daily=False`` leaves the daily arrays empty.

    The answer is the same on any number of threads.  Daily arrays take 9 bytes a draw, task and day.  Raises UsageError
    when an array that varies by draw has neither one row nor one a draw.
    """
    given, order = _given(problem), _order(problem)
    found = _room(problem, problem.horizon_days if daily else 0)
    threads = max(1, min(threads, problem.draws))
    if threads == 1:
        kernels.run(given, _work(problem, order), found, 0, problem.draws)
        return _outcome(problem, found)
    cuts = [problem.draws * i // threads for i in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(kernels.run, given, _work(problem, order), found, first, last) for first, last in pairwise(cuts)
        ]
        for job in jobs:
            job.result()
    return _outcome(problem, found)


def logged_run(problem: RotationProblem, draw: int = 0) -> tuple[Ints, Ints]:
    """Run one draw with the log on, for ``trace``.

    Returns class changes [L, 5] (day, unit, old class, new class, task) in the order in which they happened, and pool
    and number of every unit [U, 2].  Raises UsageError for a draw that is not there.
    """
    if not 0 <= draw < problem.draws:
        raise UsageError(f"no such draw: {draw}; the problem holds {problem.draws}")
    room = 1024
    while True:
        work = _work(problem, _order(problem), log=room)
        kernels.run(_given(problem), work, _room(problem, 0), draw, draw + 1)
        logged = int(work.now[s.LOGGED])
        if logged <= room:
            quantity = problem.quantity[draw if problem.quantity.shape[0] > 1 else 0].sum()
            return work.log[:logged].copy(), work.unit[: int(quantity), [s.POOL, s.NUMBER]]
        room = logged


def _given(problem: RotationProblem) -> s.Given:
    """The Problem packed into the few arrays that the kernel is compiled for; the seed stays outside."""
    fixed = [getattr(problem, name) for name in s.FIXED_GIVEN] + [problem.withdrawal_days[problem.nation]]
    return s.Given(
        horizon_days=problem.horizon_days,
        first_draw=problem.first_draw,
        pools=_pack(problem, s.POOL_GIVEN),
        readiness=np.require(_rows(problem, "readiness"), np.float64, ("C", "W", "A")),
        fixed=_fresh(np.stack(fixed, axis=-1)),
        policies=_fresh(np.stack([getattr(problem, name) for name in POLICY_FIELDS], axis=-1)),
        phases=_fresh(problem.phase_from_day),
        tasks=_pack(problem, s.TASK_GIVEN),
        groups=_fresh(problem.group),
        caps=_fresh(_rows(problem, "max_people_deployed")),
    )


def _fresh(array: NDArray[Any]) -> Ints:
    """The whole numbers in the one layout that the kernel takes: in C order and writeable."""
    return np.require(array, np.int64, ("C", "W", "A"))


def _rows(problem: RotationProblem, name: str) -> NDArray[Any]:
    """An array [D|1, X] of the Problem, after a look at its first length."""
    array: NDArray[Any] = getattr(problem, name)
    if array.shape[0] not in (1, problem.draws):
        raise UsageError(f"{name} holds {array.shape[0]} draws, the problem {problem.draws}")
    return array


def _pack(problem: RotationProblem, names: tuple[str, ...]) -> Ints:
    """Arrays [D|1, X] as one array [D|1, X, names]."""
    columns = [_rows(problem, name) for name in names]
    rows = max(len(column) for column in columns)
    return _fresh(np.stack([np.broadcast_to(c, (rows, c.shape[1])) for c in columns], axis=-1))


def _room(problem: RotationProblem, days: int) -> s.Found:
    """Zeros for every draw."""
    draws, (pools, tasks) = problem.draws, problem.effectiveness.shape
    return s.Found(
        tasks=np.zeros((draws, tasks, 3), np.int64),
        pools=np.zeros((draws, pools, 3 + s.CLASSES), np.int64),
        fill_units=np.zeros((draws, tasks, days), np.float32),
        fill_people=np.zeros((draws, tasks, days), np.int32),
        cause=np.zeros((draws, tasks, days), np.int8),
    )


def _outcome(problem: RotationProblem, found: s.Found) -> RotationOutcome:
    """The sums by task, pool and nation in the units of the Outcome."""
    in_class = found.pools[:, :, 3:]
    states = [
        in_class[:, :, s.FILL],
        in_class[:, :, s.OVERLAP] + in_class[:, :, s.TRANSIT],
        in_class[:, :, s.READY],
        in_class[:, :, s.RESTING] + in_class[:, :, s.FAILED],
    ]
    deployed = states[0] + states[1]
    members = np.zeros((len(problem.nation), len(problem.withdrawal_days)), np.int64)
    members[np.arange(len(problem.nation)), problem.nation] = 1
    return RotationOutcome(
        missed_unit_days=found.tasks[:, :, 0] / 1000.0,
        first_missed_day=found.tasks[:, :, 1].astype(np.int32),
        longest_gap_days=found.tasks[:, :, 2].astype(np.int32),
        state_days=np.stack(states, axis=-1),
        inventory_days=problem.quantity * problem.horizon_days - in_class[:, :, s.ABSENT],
        tours=found.pools[:, :, 0].astype(np.int32),
        broken_dwell=found.pools[:, :, 1].astype(np.int32),
        dwell_days=found.pools[:, :, 2].copy(),
        bog_days=deployed @ members,
        people_days=(deployed * problem.people_per_unit) @ members,
        fill_units=found.fill_units,
        fill_people=found.fill_people,
        cause=found.cause,
    )


def _order(problem: RotationProblem) -> tuple[Ints, Ints]:
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
    servers = np.full((len(problem.group), len(problem.policy)), -1, np.int64)
    for k in range(len(servers)):
        pools = np.flatnonzero(sent[:, k])
        servers[k, : len(pools)] = pools[np.argsort(preference[pools, k], kind="stable")]
    return preference, servers


def _work(problem: RotationProblem, order: tuple[Ints, Ints], log: int = 0) -> s.Work:
    """Memory for one thread; ``log`` rows for class changes."""

    def table(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    preference, servers = order
    units = int(problem.quantity.sum(axis=1).max(initial=0))
    pools, tasks = problem.effectiveness.shape
    keys = [stream_key(problem.seed, purpose) for purpose in PURPOSES]
    return s.Work(
        unit=table(units, s.UNIT_COLUMNS),
        due=table(units, 3),
        order=table(units, 4),
        days=table(problem.horizon_days),
        mark=table(problem.horizon_days + 1),
        ends=table(pools + tasks, 2),
        pool=table(pools, s.POOL_COLUMNS),
        task=table(tasks, s.TASK_COLUMNS),
        nation=table(len(problem.withdrawal_days), 2),
        fit=_fresh(np.stack([problem.effectiveness, preference, np.zeros_like(preference)], axis=-1)),
        servers=servers,
        lists=table(3, max(units, tasks)),
        now=table(s.NOW_CELLS),
        log=table(log, s.LOG_COLUMNS),
        readiness=np.zeros(pools),
        random=np.concatenate([problem.stream.astype(np.uint64), np.array(keys, np.uint64)]),
    )
