"""The rotation optimum by trying everything: every unit, every day, every choice.  For tiny problems only.

Written from the rules, not from the optimiser: units are named, days are walked one by one, and nothing is counted
or aggregated.  One draw, one phase, no follow-on, no extension; tours cut short by their task's end still keep their
unit for the whole reuse time, as the optimiser's docstring says.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from holdfast.analyses.rotation.problem import NEVER, RotationProblem

Unit = tuple[int, int, int, int, int, int, int]
"""Free from, rested from, tours served, task (-1 = none), first and past day of fill, day home."""

HOME = (-1, 0, 0, 0)


def best(problem: RotationProblem, weight: tuple[float, ...]) -> tuple[float, int, int]:
    """The least weighted shortfall, then the fewest tours with broken dwell, then the fewest people-days deployed."""
    pools = [p for p in range(len(problem.nation)) for _ in range(int(problem.quantity[0, p]))]
    numbers = [i for p in range(len(problem.nation)) for i in range(int(problem.quantity[0, p]))]
    units = tuple(_first_state(problem, p, i) for p, i in zip(pools, numbers, strict=True))

    @cache
    def walk(day: int, states: tuple[Unit, ...]) -> tuple[float, int, int]:
        if day == problem.horizon_days:
            return (0.0, 0, 0)
        options = [_choices(problem, p, i, s, day) for p, i, s in zip(pools, numbers, states, strict=True)]
        found = []
        for chosen in product(*options):
            after = tuple(state for state, _ in chosen)
            if _over_cap(problem, pools, after, day, any(task >= 0 for _, task in chosen)):
                continue
            broken = sum(task >= 0 and before[1] > day for before, (_, task) in zip(states, chosen, strict=True))
            people = sum(int(problem.people_per_unit[0, p]) for p, s in zip(pools, after, strict=True) if day < s[6])
            later = walk(day + 1, after)
            missed = _missed(problem, pools, after, day, weight)
            found.append((round(missed + later[0], 9), broken + later[1], people + later[2]))
        return min(found)

    return walk(0, units)


def _first_state(problem: RotationProblem, pool: int, unit: int) -> Unit:
    """A unit on day 0: walk its clock until it is first inside its window after it has joined."""
    join = int(problem.available_from_day[0, pool])
    if problem.policy[pool] < 0:
        return (join, join, 0, *HOME)
    k = int(problem.policy[pool])
    cycle, start, stop = (
        int(x[k, 0]) for x in (problem.cycle_days, problem.start_deployable_day, problem.stop_deployable_day)
    )
    least = int(problem.min_dwell_days[k, 0])
    clock = at_home = unit * cycle // int(problem.quantity[0, pool])
    day = 0
    while not (day >= join and min(start, least) <= clock < stop):
        day, clock, at_home = day + 1, clock + 1, at_home + 1
        clock = 0 if clock == cycle else clock
        if day > problem.horizon_days:
            return (NEVER, NEVER, 0, *HOME)
    return (day, day + max(0, max(start, least) - at_home), 0, *HOME)


def _choices(problem: RotationProblem, pool: int, unit: int, state: Unit, day: int) -> list[tuple[Unit, int]]:
    """Stay as it is, or start a tour for any task that the unit fits."""
    stay = [(state, -1)]
    gone = int(problem.available_to_day[0, pool])
    if unit >= problem.cut_quantity[0, pool]:
        gone = min(gone, int(problem.cut_day[0, pool]))
    if day < state[0] or day >= gone:
        return stay
    k = int(problem.policy[pool])
    if k >= 0 and state[2] >= problem.max_callups[k, 0]:
        return stay
    leave = gone + int(problem.withdrawal_days[problem.nation[pool]])
    for task in np.flatnonzero(problem.effectiveness[pool]):
        if problem.task_from_day[0, task] <= day < problem.task_to_day[0, task] and problem.task_quantity[0, task]:
            stay.append((_sent(problem, pool, (k, leave), state, int(task), day), int(task)))
    return stay


def _sent(
    problem: RotationProblem, pool: int, policy_and_leave: tuple[int, int], state: Unit, task: int, day: int
) -> Unit:
    k, leave = policy_and_leave
    last = min(int(problem.task_to_day[0, task]), leave)
    begin = day + int(problem.arrival_delay_days[0, pool])
    if k < 0:
        return (min(last, problem.horizon_days), min(last, problem.horizon_days), state[2] + 1, task, begin, last, last)
    end = day + int(problem.bog_days[k, 0])
    back = end + int(problem.demobilisation_days[k, 0])
    start, least = int(problem.start_deployable_day[k, 0]), int(problem.min_dwell_days[k, 0])
    rested = max(back + start, end + least)
    fill = min(end - int(problem.overlap_days[k, 0]), last)
    return (back + min(start, least), rested, state[2] + 1, task, begin, fill, min(end, last))


def _over_cap(
    problem: RotationProblem, pools: list[int], states: tuple[Unit, ...], day: int, somebody_is_sent: bool
) -> bool:
    out = np.zeros(len(problem.withdrawal_days), np.int64)
    for pool, state in zip(pools, states, strict=True):
        if state[3] >= 0 and day < state[5]:
            out[problem.nation[pool]] += problem.people_per_unit[0, pool]
    return somebody_is_sent and bool((out > problem.max_people_deployed[0]).any())


def _missed(
    problem: RotationProblem, pools: list[int], states: tuple[Unit, ...], day: int, weight: tuple[float, ...]
) -> float:
    fill = np.zeros(problem.task_quantity.shape[1])
    for pool, state in zip(pools, states, strict=True):
        if state[3] >= 0 and state[4] <= day < state[5]:
            fill[state[3]] += problem.effectiveness[pool, state[3]]
    stands = (problem.task_from_day[0] <= day) & (day < problem.task_to_day[0])
    return float((np.maximum(problem.task_quantity[0] - fill, 0.0) * stands / 1000.0) @ np.asarray(weight))
