"""The measures of rotation, computed: the numbers of an outcome that ``plan.measures`` registers.

Light: no compiled code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem
from holdfast.plan.measures import MEASURES

Floats = NDArray[np.float64]


def tasks_of(labels: RotationLabels, component: str) -> NDArray[np.int64]:
    """Indices of the tasks of a component; of all components (commitments left out) where it is blank."""
    names = labels.task_component
    chosen = [i for i, name in enumerate(names) if (name == component if component else name)]
    return np.array(chosen, np.int64)


def daily(
    name: str, problem: RotationProblem, labels: RotationLabels, outcome: RotationOutcome, component: str = ""
) -> Floats:
    """A daily measure, [D, H], over the tasks of a component (all of them where blank)."""
    tasks = tasks_of(labels, component)
    shape = (problem.draws, problem.horizon_days)
    if name == "people_in_place":
        people = np.zeros(shape, np.int32)
        for task in tasks:
            people += outcome.fill_people[:, task]
        return people.astype(np.float64)
    if name == "combat_battalions_in_place":
        battalions = np.zeros(shape)
        for task in tasks:
            if labels.task_combat[task]:
                battalions += labels.task_combat[task] * outcome.fill_units[:, task]
        return battalions
    if name == "fill_share":
        return _fill_share(problem, outcome, tasks)
    raise KeyError(name)


def _fill_share(problem: RotationProblem, outcome: RotationOutcome, tasks: NDArray[np.int64]) -> Floats:
    """Units that count as fill as a share of units asked for, in whole thousandths; 1 where none are asked for.

    Sums run in single precision, four times as fast, and are rounded to the thousandths in which fill is counted:
    the share is exact up to 4,000 units.
    """
    asked = demand(problem)[:, tasks]
    wanted = np.rint(asked.sum(axis=1) * 1000.0)
    single = asked.astype(np.float32)
    filled = np.zeros((problem.draws, problem.horizon_days), np.float32)
    scratch = np.empty_like(filled)
    for place, task in enumerate(tasks):
        filled += np.minimum(outcome.fill_units[:, task], single[:, place], out=scratch)
    share = np.multiply(filled, 1000.0, dtype=np.float64)
    np.rint(share, out=share)
    if (wanted > 0).all():
        return np.divide(share, wanted, out=share)
    return np.where(wanted > 0, share / np.where(wanted > 0, wanted, 1.0), 1.0)


def demand(problem: RotationProblem) -> Floats:
    """Units asked for by task and day, [D or 1, T, H]."""
    days = np.arange(problem.horizon_days)
    stands = (days >= problem.task_from_day[:, :, None]) & (days < problem.task_to_day[:, :, None])
    return stands * (problem.task_quantity[:, :, None] / 1000.0)


def scalar(
    name: str,
    problem: RotationProblem,
    labels: RotationLabels,
    outcome: RotationOutcome,
    part: str = "",
) -> Floats:
    """A scalar measure, [D], for one component or nation (``part``; all of them where blank)."""
    if "nation" in MEASURES[name].by:
        return _by_nation(name, problem, labels, outcome, part)
    tasks = tasks_of(labels, part)
    if name == "missed_unit_days":
        return outcome.missed_unit_days[:, tasks].sum(axis=1)
    if name == "first_missed_day":
        first = outcome.first_missed_day[:, tasks].astype(np.float64)
        first[first < 0] = problem.horizon_days
        return first.min(axis=1, initial=problem.horizon_days)
    if name == "longest_gap_days":
        return outcome.longest_gap_days[:, tasks].max(axis=1, initial=0).astype(np.float64)
    raise KeyError(name)


def _by_nation(
    name: str, problem: RotationProblem, labels: RotationLabels, outcome: RotationOutcome, nation: str
) -> Floats:
    chosen = [i for i, label in enumerate(labels.nations) if not nation or label == nation]
    if name == "people_deployed":
        return outcome.people_days[:, chosen].sum(axis=1) / problem.horizon_days
    if name == "bog_days":
        return outcome.bog_days[:, chosen].sum(axis=1).astype(np.float64)
    pools = np.isin(problem.nation, chosen) if nation else np.ones(len(problem.nation), bool)
    tours = outcome.tours[:, pools].sum(axis=1)
    if name == "tours":
        return tours.astype(np.float64)
    if name == "broken_dwell_share":
        return outcome.broken_dwell[:, pools].sum(axis=1) / np.maximum(tours, 1)
    raise KeyError(name)
