"""The rotation Problem: frozen arrays in declared units, built from a plan and sampled values.

The draw is the leading axis of every array that may vary.  An array whose leading length is 1 holds for every draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.lists import NEVER, Nation, PerDraw, Policy, Pool, Substitution, Task
from holdfast.base.errors import UsageError
from holdfast.base.streams import hash64
from holdfast.plan.model import Phase

__all__ = [
    "NEVER",
    "POSTURES",
    "STARTS",
    "Nation",
    "Phase",
    "Policy",
    "Pool",
    "RotationLabels",
    "RotationProblem",
    "Substitution",
    "Task",
    "from_lists",
    "labelled",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

POSTURES = ("rotating", "permanent", "standby", "forward")
STARTS = ("even", "fixed", "seeded")
POLICY_FIELDS = (
    "cycle_days",
    "start_deployable_day",
    "stop_deployable_day",
    "bog_days",
    "overlap_days",
    "demobilisation_days",
    "max_extension_days",
    "min_dwell_days",
    "max_callups",
)
"""The policy arrays [K, F] of a Problem."""
BY_DRAW = (
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
"""The arrays [D|1, ...] of a Problem: those that may vary by draw."""


class RotationProblem(NamedTuple):
    """Pools of identical units, the policies that bind them, the tasks that want them.

    Lengths: D draws (or 1), P pools, F phases of policy, T tasks, N nations.  Days count from C-day; the horizon
    is days 0 .. horizon_days - 1.
    """

    draws: int
    first_draw: int  # number of the first draw: keeps keyed streams equal in every chunk
    seed: int
    horizon_days: int
    # pools, in the order of the supply records (rule 4)
    quantity: Ints  # [D|1, P] units
    people_per_unit: Ints  # [D|1, P] people
    available_from_day: Ints  # [D|1, P] units may be sent from this day; clocks run before it
    available_to_day: Ints  # [D|1, P] first day on which the pool is gone; NEVER = stays
    cut_day: Ints  # [D|1, P] day from which only cut_quantity units remain; NEVER = no cut
    cut_quantity: Ints  # [D|1, P] units that remain (highest unit numbers leave first)
    readiness: Floats  # [D|1, P] probability that a unit is ready when its window opens
    not_ready_days: Ints  # [D|1, P] days out after failing
    arrival_delay_days: Ints  # [D|1, P] days from being sent to counting as fill; the tour's end does not move
    stream: NDArray[np.uint64]  # [P] key of the pool's random stream, a hash of its id (not of its position)
    nation: Ints  # [P] index of the nation
    component_class: Ints  # [P] index into component_classes; -1 = none
    posture: Ints  # [P] index into POSTURES
    home_place: Ints  # [P] index of the place; -1 = none
    start: Ints  # [P] index into STARTS
    start_clock_day: Ints  # [P] clock on day 0 where start = fixed
    policy: Ints  # [P] row of the policy tables; -1 for permanent and stand-by pools
    # policies by phase
    cycle_days: Ints  # [K, F]
    start_deployable_day: Ints  # [K, F]
    stop_deployable_day: Ints  # [K, F]
    bog_days: Ints  # [K, F]
    overlap_days: Ints  # [K, F]
    demobilisation_days: Ints  # [K, F]
    max_extension_days: Ints  # [K, F]
    min_dwell_days: Ints  # [K, F]
    max_callups: Ints  # [K, F] tours a unit may serve in all; NEVER = no limit
    phase_from_day: Ints  # [F] first day of each phase; the first is 0
    # tasks, already in the order of rule 3
    task_quantity: Ints  # [D|1, T] thousandths of a unit
    task_from_day: Ints  # [D|1, T]
    task_to_day: Ints  # [D|1, T] first day on which the task no longer stands
    source_first: Ints  # [T] index into component_classes; -1 = uniform
    group: Ints  # [T] index of the group; -1 = none
    task_place: Ints  # [T] index of the place; -1 = none
    # who may serve what
    effectiveness: Ints  # [P, T] thousandths of a unit that one unit of the pool fills; 0 = cannot serve
    rank: Ints  # [P, T] 0 = the type asked for, else the rank of the substitution
    # nations
    max_people_deployed: Ints  # [D|1, N] cap on people counting as fill; NEVER = none
    withdrawal_days: Ints  # [N] days that deployed units take to leave after available_to_day


class RotationLabels(NamedTuple):
    """The names behind the indices of a Problem, and what the measures need of unit types."""

    pools: tuple[str, ...]  # ids of units.csv
    tasks: tuple[str, ...]  # ids of tasks.csv, in the order of rule 3; a commitment is "commitment/<id>"
    nations: tuple[str, ...]
    component_classes: tuple[str, ...]
    places: tuple[str, ...]
    policies: tuple[str, ...]
    phases: tuple[str, ...]
    groups: tuple[str, ...]
    task_component: tuple[str, ...]  # [T] component of each task; "" = a commitment
    task_combat: tuple[float, ...]  # [T] combat battalions that one unit of the task's type is worth
    task_weight: tuple[float, ...]  # [T] shortfall_weight


def some_draws(problem: RotationProblem, first: int, last: int) -> RotationProblem:
    """The draws ``first`` .. ``last - 1`` of a Problem (counted from 0 inside it), as views of its arrays."""
    parts = {name: getattr(problem, name) for name in BY_DRAW}
    varying = {name: array[first:last] for name, array in parts.items() if len(array) > 1}
    return problem._replace(draws=last - first, first_draw=problem.first_draw + first, **varying)


ROUNDING = 1e-9
"""What a value may fall short of a whole number by and still count as it."""


def from_lists(
    pools: Sequence[Pool],
    policies: Sequence[Policy],
    tasks: Sequence[Task],
    horizon_days: int,
    *,
    nations: Sequence[Nation] = (),
    phases: Sequence[Phase] = (),
    substitutions: Sequence[Substitution] = (),
    draws: int = 1,
    first_draw: int = 0,
    seed: int = 0,
) -> RotationProblem:
    """The Problem of :func:`labelled` without its labels."""
    problem, _ = labelled(pools, policies, tasks, horizon_days, nations=nations, phases=phases,
                          substitutions=substitutions)  # fmt: skip
    return problem._replace(draws=draws, first_draw=first_draw, seed=seed)


def labelled(
    pools: Sequence[Pool],
    policies: Sequence[Policy],
    tasks: Sequence[Task],
    horizon_days: int,
    *,
    nations: Sequence[Nation] = (),
    phases: Sequence[Phase] = (),
    substitutions: Sequence[Substitution] = (),
) -> tuple[RotationProblem, RotationLabels]:
    """A Problem of one draw, seed 0, and the names behind its indices.

    Pools keep their order; tasks are put in the order of rule 3 (priority, then the text
    ``priority_id_type_[start...end]``, of the first draw where days vary).  Nations that only pools or tasks name have
    no cap.  Raises UsageError for a policy, phase, posture or start that is not known.
    """
    tasks = _in_order(tasks, horizon_days)
    nations = (*nations, *(Nation(n) for n in _others([*pools, *tasks], "nation", {n.id for n in nations})))
    labels = RotationLabels(
        pools=tuple(pool.id or f"pool-{i}" for i, pool in enumerate(pools)),
        tasks=tuple(task.id for task in tasks),
        nations=tuple(nation.id for nation in nations),
        component_classes=_names([p.component_class for p in pools] + [_source(t) for t in tasks]),
        places=_names([p.home_place for p in pools] + [t.place for t in tasks]),
        policies=_names(policy.id for policy in policies),
        phases=tuple(phase.name for phase in phases) or ("",),
        groups=_names(task.group for task in tasks),
        task_component=tuple(task.component for task in tasks),
        task_combat=(0.0,) * len(tasks),
        task_weight=tuple(task.weight for task in tasks),
    )
    effectiveness, rank = _fit(pools, tasks, substitutions)
    problem = RotationProblem(
        draws=1,
        first_draw=0,
        seed=0,
        horizon_days=horizon_days,
        quantity=_whole([p.quantity for p in pools], least=0),
        people_per_unit=_whole([p.people_per_unit for p in pools], least=0),
        available_from_day=_whole([p.available_from_day for p in pools]),
        available_to_day=_whole([p.available_to_day for p in pools]),
        cut_day=_whole([p.cut_day for p in pools]),
        cut_quantity=_whole([p.cut_quantity for p in pools], least=0),
        readiness=_stack([p.readiness for p in pools]),
        not_ready_days=_whole([p.not_ready_days for p in pools], least=0),
        arrival_delay_days=_whole([p.arrival_delay_days for p in pools], least=0),
        stream=np.array([hash64(name) for name in labels.pools], np.uint64),
        nation=_indices([p.nation for p in pools], labels.nations),
        component_class=_indices([p.component_class for p in pools], labels.component_classes),
        posture=_known([p.posture for p in pools], POSTURES, "posture"),
        home_place=_indices([p.home_place for p in pools], labels.places),
        start=_known([p.start for p in pools], STARTS, "start"),
        start_clock_day=np.array([p.start_clock_day for p in pools], np.int64),
        policy=_policy_of(pools, labels.policies),
        **_policy_columns(policies, labels),
        phase_from_day=np.array([0, *(phase.from_day for phase in phases[1:])], np.int64),
        task_quantity=_thousandths([t.quantity for t in tasks]),
        task_from_day=_whole([t.from_day for t in tasks]),
        task_to_day=_whole([horizon_days if t.to_day is None else t.to_day for t in tasks]),
        source_first=_indices([_source(t) for t in tasks], labels.component_classes),
        group=_indices([t.group for t in tasks], labels.groups),
        task_place=_indices([t.place for t in tasks], labels.places),
        effectiveness=effectiveness,
        rank=rank,
        max_people_deployed=_whole([n.max_people_deployed for n in nations], least=0),
        withdrawal_days=np.array([n.withdrawal_days for n in nations], np.int64),
    )
    return problem, labels


def _in_order(tasks: Sequence[Task], horizon_days: int) -> list[Task]:
    """Tasks in the order of rule 3, each with an id."""
    named = [task if task.id else replace(task, id=f"task-{i}") for i, task in enumerate(tasks)]

    def key(task: Task) -> tuple[float, str]:
        start = int(np.atleast_1d(task.from_day)[0])
        end = int(np.atleast_1d(horizon_days if task.to_day is None else task.to_day)[0])
        return task.priority, f"{task.priority:g}_{task.id}_{task.unit_type}_[{start}...{end}]"

    return sorted(named, key=key)


def _source(task: Task) -> str:
    return "" if task.source_first == "Uniform" else task.source_first


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    """The different texts in order of appearance, without the blank one."""
    return tuple(dict.fromkeys(text for text in texts if text))


def _others(rows: Sequence[Pool | Task], field: str, known: set[str]) -> list[str]:
    """Nations that rows name and nobody listed; a pool without a nation belongs to the nation ""."""
    texts = dict.fromkeys(getattr(row, field) for row in rows if isinstance(row, Pool) or getattr(row, field))
    return [text for text in texts if text not in known]


def _indices(texts: Sequence[str], names: Sequence[str]) -> Ints:
    """The index of each text in names; -1 for a text that is not there."""
    where = {name: i for i, name in enumerate(names)}
    return np.array([where.get(text, -1) for text in texts], np.int64)


def _known(texts: Sequence[str], names: Sequence[str], what: str) -> Ints:
    indices = _indices(texts, names)
    for text, index in zip(texts, indices, strict=True):
        if index < 0:
            raise UsageError(f"no such {what}: {text!r}; known: {', '.join(names)}")
    return indices


def _stack(columns: Sequence[PerDraw]) -> Floats:
    """Columns of one number or one number a draw as an array [D|1, columns]."""
    arrays = [np.atleast_1d(np.asarray(column, np.float64)) for column in columns]
    length = max((len(array) for array in arrays), default=1)
    if not arrays:
        return np.zeros((1, 0))
    return np.ascontiguousarray(np.stack([np.broadcast_to(array, length) for array in arrays], axis=1))


def _whole(columns: Sequence[PerDraw], least: int = -NEVER) -> Ints:
    """The floor of each value, not below ``least`` nor beyond NEVER; 100 x 0.29 is 29, whatever its last bit."""
    return np.clip(np.floor(_stack(columns) + ROUNDING), least, NEVER).astype(np.int64)


def _thousandths(columns: Sequence[PerDraw]) -> Ints:
    """Units to the nearest thousandth of a unit, not below 0."""
    return np.maximum(np.rint(_stack(columns) * 1000.0), 0.0).astype(np.int64)


def _policy_of(pools: Sequence[Pool], policies: Sequence[str]) -> Ints:
    bound = [pool.policy if pool.posture == "rotating" else "" for pool in pools]
    indices = _indices(bound, policies)
    for pool, index in zip(pools, indices, strict=True):
        if index < 0 and pool.posture == "rotating":
            raise UsageError(f"no such policy: {pool.policy!r}; known: {', '.join(policies)}")
    return indices


def _policy_columns(policies: Sequence[Policy], labels: RotationLabels) -> dict[str, Ints]:
    """The policy arrays [K, F] by field name."""
    rows = {(policy.id, policy.phase): policy for policy in policies}
    for policy in policies:
        if policy.phase and policy.phase not in labels.phases:
            raise UsageError(f"no such phase: {policy.phase!r} of policy {policy.id!r}")
    table = np.zeros((len(POLICY_FIELDS), len(labels.policies), len(labels.phases)), np.int64)
    for k, name in enumerate(labels.policies):
        for f, phase in enumerate(labels.phases):
            row = rows.get((name, phase)) or rows.get((name, ""))
            if row is None:
                raise UsageError(f"policy {name!r} has no row for phase {phase!r} and none for every phase")
            table[:, k, f] = _policy_row(row)
    return {field: np.ascontiguousarray(table[i]) for i, field in enumerate(POLICY_FIELDS)}


def _policy_row(policy: Policy) -> list[int]:
    """The numbers of one policy in the order of POLICY_FIELDS, defaults filled in."""
    blank = {
        "stop_deployable_day": policy.cycle_days,
        "min_dwell_days": policy.start_deployable_day,
    }
    values = [getattr(policy, field) for field in POLICY_FIELDS]
    return [blank[field] if value is None else value for field, value in zip(POLICY_FIELDS, values, strict=True)]


def _fit(pools: Sequence[Pool], tasks: Sequence[Task], substitutions: Sequence[Substitution]) -> tuple[Ints, Ints]:
    """Effectiveness in thousandths and rank [P, T]; a task of one nation is served by that nation's pools only."""
    rows = {(s.task_type, s.unit_type): (max(round(s.effectiveness * 1000), 0), s.rank) for s in substitutions}
    effectiveness = np.zeros((len(pools), len(tasks)), np.int64)
    rank = np.zeros((len(pools), len(tasks)), np.int64)
    for k, task in enumerate(tasks):
        for p, pool in enumerate(pools):
            if task.nation and task.nation != pool.nation:
                continue
            own = pool.unit_type == task.unit_type
            effectiveness[p, k], rank[p, k] = (1000, 0) if own else rows.get((task.unit_type, pool.unit_type), (0, 0))
    return effectiveness, rank
