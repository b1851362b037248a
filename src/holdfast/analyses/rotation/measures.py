"""The measures of rotation, computed: the numbers of an outcome that ``plan.measures`` registers.

Light: no compiled code.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.lists import COMMITMENT
from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem
from holdfast.plan.measures import MEASURES

Floats = NDArray[np.float64]


def tasks_of(labels: RotationLabels, component: str) -> NDArray[np.int64]:
    """Indices of the tasks of a component; of all components (commitments left out) where it is blank."""
    rows = enumerate(zip(labels.tasks, labels.task_component, strict=True))
    chosen = [i for i, (task, part) in rows if not task.startswith(COMMITMENT) and component in ("", part)]
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
                battalions += labels.task_combat[task] * in_thousandths(outcome.fill_units[:, task])
        return battalions
    if name == "fill_share":
        return share_of(*fill_parts(problem, labels, outcome, component))
    raise KeyError(name)


def fill_parts(
    problem: RotationProblem, labels: RotationLabels, outcome: RotationOutcome, component: str = ""
) -> tuple[Floats, Floats]:
    """Thousandths of units that count as fill [D, H], none beyond what is asked for, and those asked for [D or 1, H].

    Sums run in single precision, four times as fast, and are rounded to the thousandths in which fill is counted:
    exact up to 4,000 units.  The parts of all components add up to those of the whole.
    """
    tasks = tasks_of(labels, component)
    asked = demand(problem)[:, tasks]
    single = asked.astype(np.float32)
    filled = np.zeros((problem.draws, problem.horizon_days), np.float32)
    scratch = np.empty_like(filled)
    for place, task in enumerate(tasks):
        filled += np.minimum(outcome.fill_units[:, task], single[:, place], out=scratch)
    thousandths = np.multiply(filled, 1000.0, dtype=np.float64)
    return np.rint(thousandths, out=thousandths), np.rint(asked.sum(axis=1) * 1000.0)


def share_of(filled: Floats, wanted: Floats) -> Floats:
    """Filled as a share of wanted; 1 where nothing is wanted."""
    if (wanted > 0).all():
        return np.asarray(filled / wanted)
    return np.where(wanted > 0, filled / np.where(wanted > 0, wanted, 1.0), 1.0)


def in_thousandths(units: NDArray[np.float32]) -> Floats:
    """Units, kept in single precision, as the whole thousandths that they were counted in."""
    return np.rint(units * np.float32(1000.0)).astype(np.float64) / 1000.0


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
