"""From counts to named units: deal tours out first come, first served, and replay them into an outcome.

Dealing needs no search.  A tour occupies its unit for an interval of days; taking any free unit whenever a tour
starts uses no more units than the largest number of intervals that overlap, which the supply rows keep within the
units there are.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.formulation import Tours, describe
from holdfast.analyses.rotation.groups import ROTATING, Groups, phase_of
from holdfast.analyses.rotation.outcome import CAUSES, STATES, RotationOutcome
from holdfast.analyses.rotation.problem import NEVER, RotationProblem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FILL, OVERLAP, DEPLOYABLE, NOT_READY = range(len(STATES))


class TourTable(NamedTuple):
    """Tours of named units, in order of their first day."""

    pool: Ints
    unit: Ints  # number inside the pool
    task: Ints
    day: Ints  # day on which the unit is sent
    fill_from: Ints
    fill_to: Ints  # first day that does not count as fill
    home: Ints  # day on which the unit comes home
    dwell_days: Ints  # days at home before; -1 where dwell does not apply (permanent and forward pools)
    broken: Ints  # 1 = sent before the dwell that the policy asks for


def deal(problem: RotationProblem, groups: Groups, tours: Tours) -> tuple[TourTable, NDArray[np.bool_]]:
    """Give each tour a unit of its group; which tours found one.

    Tours are dealt in order of day.  Rested units go first, the longest rested before others; where none is rested,
    the unit that is furthest from it goes, which leaves the others to become rested and breaks dwell least often.
    A tour without a free unit, beyond its units' call-ups, or above its nation's cap stays undealt.
    """
    order = np.lexsort((tours.task, tours.day))
    early, rested = groups.early.copy(), groups.rested.copy()
    home, served = groups.born.copy(), np.zeros(len(groups.early), np.int64)
    members = [np.flatnonzero(groups.unit_group == group) for group in range(len(groups.pool))]
    out = np.zeros((len(problem.nation), problem.horizon_days + 1), np.int64)  # people on each day, by nation
    dealt = np.zeros(len(tours.day), np.bool_)
    rows = []
    for tour in order:
        group, day = int(tours.group[tour]), int(tours.day[tour])
        pool = int(groups.pool[group])
        nation, people = int(problem.nation[pool]), int(problem.people_per_unit[0, pool])
        rotating = problem.posture[pool] == ROTATING
        limit = problem.max_callups[problem.policy[pool]].max() if rotating else NEVER
        mine = members[group]
        free = mine[(early[mine] <= day) & (served[mine] < limit)]
        if not len(free) or out[nation, day] + people > problem.max_people_deployed[0, nation]:
            continue
        ready = free[rested[free] <= day]
        calls = served if limit < NEVER else np.zeros_like(served)
        chosen = ready if len(ready) else free
        age = rested[chosen] if len(ready) else -rested[chosen]
        unit = int(chosen[np.lexsort((groups.unit_number[chosen], groups.unit_pool[chosen], age, calls[chosen]))[0]])
        dwell = day - int(home[unit]) if rotating else -1
        rows.append((
            groups.unit_pool[unit], groups.unit_number[unit], tours.task[tour], day, tours.fill_from[tour],
            tours.fill_to[tour], tours.home[tour], dwell, int(day < rested[unit]),
        ))  # fmt: skip
        out[nation, day : tours.fill_to[tour]] += people
        early[unit], rested[unit], home[unit] = tours.early[tour], tours.rested[tour], tours.home[tour]
        served[unit] += 1
        dealt[tour] = True
    return TourTable(*np.array(rows, np.int64).reshape(-1, len(TourTable._fields)).T), dealt


def repeat(tours: Tours, counts: Ints) -> Tours:
    """Each tour as often as it is started."""
    return Tours(*(np.repeat(array, counts) for array in tours))


def as_tours(problem: RotationProblem, groups: Groups, table: tuple[Ints, Ints, Ints, Ints]) -> Tours:
    """Tours given as (pool, unit, task, day) arrays, without those of units or tasks that the optimiser may not use."""
    pool, unit, task, day = (np.asarray(column, np.int64) for column in table)
    of = {(p, u): g for p, u, g in zip(groups.unit_pool, groups.unit_number, groups.unit_group, strict=True)}
    group = np.array([of.get(key, -1) for key in zip(pool, unit, strict=True)], np.int64)
    keep = group >= 0
    keep[keep] &= (day[keep] < groups.gone[group[keep]]) & (day[keep] >= problem.task_from_day[0, task[keep]])
    tours = describe(problem, groups, group[keep], task[keep], day[keep])
    useful = (tours.fill_to > tours.fill_from) & (problem.effectiveness[groups.pool[tours.group], tours.task] > 0)
    return Tours(*(array[useful] for array in tours))


def check_dealt(problem: RotationProblem, table: TourTable) -> list[str]:
    """What is wrong with dealt tours: a unit sent before its reuse time, its join day, or while it is away."""
    faults = []
    order = np.lexsort((table.day, table.unit, table.pool))
    for a, b in pairwise(order):
        if (table.pool[a], table.unit[a]) != (table.pool[b], table.unit[b]):
            continue
        pool, policy = int(table.pool[a]), int(problem.policy[table.pool[a]])
        free = int(table.home[a])
        if problem.posture[pool] == ROTATING:
            then, now = (int(phase_of(problem, table.day[[tour]])[0]) for tour in (a, b))
            least = min(problem.start_deployable_day[policy, now], problem.min_dwell_days[policy, now])
            if len(problem.phase_from_day) > 1:  # a unit that became free in an earlier phase stays free
                least = min(int(least), int(problem.start_deployable_day[policy].min()))
            free = int(
                table.day[a] + problem.bog_days[policy, then] + problem.demobilisation_days[policy, then] + least
            )
        if table.day[b] < free:
            faults.append(f"pool {pool} unit {table.unit[a]} is sent on day {table.day[b]}, free on day {free}")
    joined = problem.available_from_day[0, table.pool]
    faults += [f"pool {table.pool[i]} is sent before it joins" for i in np.flatnonzero(table.day < joined)]
    return faults


def replay(problem: RotationProblem, groups: Groups, table: TourTable) -> RotationOutcome:
    """The outcome of dealt tours, one draw, daily.

    A unit that the plan keeps at home although it might go counts as *deployable*; where its task is short on that
    day the cause is *committed* (kept for a later tour), or *national_cap* where its nation has a cap.
    """
    days, pools, nations = problem.horizon_days, len(problem.nation), len(problem.withdrawal_days)
    state, fill_units, fill_people, deployed = _states(problem, groups, table)
    quantity = problem.task_quantity[0] / 1000.0
    today = np.arange(days)
    stands = (problem.task_from_day[0][:, None] <= today) & (today < problem.task_to_day[0][:, None])
    missed = np.where(stands, np.maximum(quantity[:, None] - fill_units, 0.0), 0.0)
    missed[missed < 1e-9] = 0.0
    people = problem.people_per_unit[0]
    bog = np.zeros(nations, np.int64)
    people_days = np.zeros(nations, np.int64)
    np.add.at(bog, problem.nation, deployed)
    np.add.at(people_days, problem.nation, deployed * people)
    rotating = table.dwell_days >= 0
    return RotationOutcome(
        missed_unit_days=missed.sum(axis=1)[None],
        first_missed_day=np.where(missed.any(axis=1), (missed > 0).argmax(axis=1), -1)[None].astype(np.int32),
        longest_gap_days=np.array([[_longest_run(row > 0) for row in missed]], np.int32),
        state_days=state.sum(axis=2)[None],
        inventory_days=state.sum(axis=(1, 2))[None],
        tours=np.bincount(table.pool, minlength=pools)[None].astype(np.int32),
        broken_dwell=np.bincount(table.pool, table.broken, minlength=pools)[None].astype(np.int32),
        dwell_days=np.bincount(table.pool[rotating], table.dwell_days[rotating], minlength=pools)[None].astype(
            np.int64
        ),
        bog_days=bog[None],
        people_days=people_days[None],
        fill_units=fill_units[None].astype(np.float32),
        fill_people=fill_people[None].astype(np.int32),
        cause=_causes(problem, table, state, missed)[None],
    )


def _longest_run(short: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], short.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _states(problem: RotationProblem, groups: Groups, table: TourTable) -> tuple[Ints, Floats, Ints, Ints]:
    """Units in each state [P, 4, H]; fill in units and people [T, H]; unit-days deployed [P]."""
    days, tasks = problem.horizon_days, problem.task_quantity.shape[1]
    state = np.zeros((len(problem.nation), len(STATES), days), np.int64)
    fill_units, fill_people = np.zeros((tasks, days)), np.zeros((tasks, days), np.int64)
    deployed = np.zeros(len(problem.nation), np.int64)
    usable = {(p, u): i for i, (p, u) in enumerate(zip(groups.unit_pool, groups.unit_number, strict=True))}
    by_unit: dict[tuple[int, int], list[int]] = {}
    for tour in range(len(table.pool)):
        by_unit.setdefault((int(table.pool[tour]), int(table.unit[tour])), []).append(tour)
    for pool, count in enumerate(problem.quantity[0]):
        for unit in range(count):
            row = np.full(days, -1, np.int64)
            at = usable.get((pool, unit))
            gone = _gone(problem, pool, unit)
            row[problem.available_from_day[0, pool] : gone] = NOT_READY
            if at is not None:
                row[groups.early[at] : gone] = DEPLOYABLE
            for tour in by_unit.get((pool, unit), ()):
                _mark(problem, groups, table, tour, row, gone)
                span = slice(table.fill_from[tour], table.fill_to[tour])
                fill_units[table.task[tour], span] += problem.effectiveness[pool, table.task[tour]] / 1000.0
                fill_people[table.task[tour], span] += problem.people_per_unit[0, pool]
                deployed[pool] += min(int(table.home[tour]), days) - int(table.day[tour])
            np.add.at(state[pool], (row[row >= 0], np.flatnonzero(row >= 0)), 1)
    return state, fill_units, fill_people, deployed


def _gone(problem: RotationProblem, pool: int, unit: int) -> int:
    cut = problem.cut_day[0, pool] if unit >= problem.cut_quantity[0, pool] else NEVER
    return int(min(problem.available_to_day[0, pool], cut))


def _mark(problem: RotationProblem, groups: Groups, table: TourTable, tour: int, row: Ints, gone: int) -> None:
    """Write one tour and the rest after it into a unit's row of states."""
    key = np.array([table.pool[tour]])
    group = groups.unit_group[(groups.unit_pool == key) & (groups.unit_number == table.unit[tour])]
    free = int(describe(problem, groups, group, table.task[[tour]], table.day[[tour]]).early[0])
    home = int(table.home[tour])
    row[home : min(free, gone)] = NOT_READY
    row[table.day[tour] : home] = OVERLAP
    row[table.fill_from[tour] : table.fill_to[tour]] = FILL


def _causes(problem: RotationProblem, table: TourTable, state: Ints, missed: Floats) -> NDArray[np.int8]:
    """Why each task was short on each day, by the simulator's order of questions."""
    cause = np.zeros(missed.shape, np.int8)
    code = {name: number for number, name in enumerate(CAUSES)}
    capped = problem.max_people_deployed[0, problem.nation] < NEVER
    for task, day in zip(*np.nonzero(missed > 0), strict=True):
        fits = problem.effectiveness[:, task]
        quantity = problem.task_quantity[0, task]
        assigned = (table.task == task) & (table.day <= day) & (day < table.fill_to)
        present = state[:, :, day].sum(axis=1)
        able = state[:, DEPLOYABLE, day] * (fits > 0)
        here = assigned & (table.fill_from <= day)
        resting = int((state[:, OVERLAP, day] + state[:, NOT_READY, day])[fits > 0].sum()) - int(
            (assigned & ~here).sum()
        )
        away = (table.task != task) & (table.day <= day) & (day < table.fill_to)
        committed = int((fits[table.pool[away]] > 0).sum()) + int(able.sum())
        if fits[table.pool[assigned]].sum() >= quantity:
            name = "in_transit"
        elif able[capped].any():
            name = "national_cap"
        elif fits @ present < quantity:
            name = "not_joined" if fits @ problem.quantity[0] >= quantity else "too_few"
        else:
            name = "resting" if resting >= committed else "committed"
        cause[task, day] = code[name]
    return cause
