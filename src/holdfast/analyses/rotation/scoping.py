"""What a plan's units and tasks cannot do for each other, before anything is simulated, each with the reason.

Light: reads a Problem and its labels, runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.problem import NEVER, POSTURES, Ints, RotationLabels, RotationProblem


@dataclass(frozen=True, slots=True)
class Note:
    """One pool or task by its id, and why it is left over."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Supply that no task can use, demand that no pool can fill, and demand that exceeds all that fits."""

    idle_pools: tuple[Note, ...]
    unserved_tasks: tuple[Note, ...]
    short_tasks: tuple[Note, ...]


def scope(problem: RotationProblem, labels: RotationLabels) -> Scope:
    """Supply nobody demands and demand nobody can supply, in every draw; pools and tasks in the Problem's order."""
    never = tuple(_never_sent(problem, pool) for pool in range(len(labels.pools)))
    meets = _meets(problem, labels, never)
    idle = [Note(name, _why_idle(problem, labels, meets, p)) for p, name in enumerate(labels.pools)]
    unserved = [Note(name, _why_unserved(labels, meets, t)) for t, name in enumerate(labels.tasks)]
    return Scope(
        tuple(note for note in idle if note.reason),
        tuple(note for note in unserved if note.reason),
        tuple(_short(problem, labels, meets)),
    )


Meets = dict[tuple[int, int], str]
"""(pool, task) -> why the pool can never fill the task; "" = it can."""

MISFIT = "no pool is of its type, substitutes for it or belongs to its nation"


def _meets(problem: RotationProblem, labels: RotationLabels, never: tuple[str, ...]) -> Meets:
    pairs = ((p, t) for p in range(len(labels.pools)) for t in range(len(labels.tasks)))
    fits = problem.effectiveness > 0
    return {(p, t): (never[p] or _why_not(problem, labels, p, t)) if fits[p, t] else MISFIT for p, t in pairs}


def _never_sent(problem: RotationProblem, pool: int) -> str:
    """Why a pool is never sent anywhere; "" when it may be."""
    posture = POSTURES[problem.posture[pool]]
    if posture == "standby":
        return "stand-by units are never sent"
    if not problem.quantity[:, pool].any():
        return "it has no units"
    first, last = _here(problem, pool)
    if (first >= np.minimum(last, problem.horizon_days)).all():
        return "it is never there within the horizon"
    return _policy_forbids(problem, pool) if posture == "rotating" else ""


def _policy_forbids(problem: RotationProblem, pool: int) -> str:
    row = int(problem.policy[pool])
    stop = np.minimum(problem.stop_deployable_day[row], problem.cycle_days[row])
    if (problem.start_deployable_day[row] >= stop).all():
        return "its policy never opens a window"
    if (problem.bog_days[row] <= problem.overlap_days[row]).all():
        return "its policy leaves no day of a tour for fill"
    return "" if problem.max_callups[row].any() else "its policy allows no call-up"


def _here(problem: RotationProblem, pool: int) -> tuple[Ints, Ints]:
    """First day and first day gone of a pool's last unit to leave, deployed ones counted, [D or 1] each."""
    cut = np.where(problem.cut_quantity[:, pool] > 0, NEVER, problem.cut_day[:, pool])
    stays = int(problem.withdrawal_days[problem.nation[pool]])
    leave = np.minimum(problem.available_to_day[:, pool], cut)
    first = problem.available_from_day[:, pool]
    return first, np.where(leave > np.maximum(first, 0), leave + stays, np.minimum(leave, first))


def _why_not(problem: RotationProblem, labels: RotationLabels, pool: int, task: int) -> str:
    """Why a pool that can be sent and is of the right type never fills one task; "" when it can."""
    if POSTURES[problem.posture[pool]] == "forward" and not _same_place(problem, pool, task):
        place = int(problem.home_place[pool])
        return f"units are bound to {labels.places[place] if place >= 0 else 'no place'}"
    first, last = _here(problem, pool)
    begins, ends = _stands(problem, task)
    arrives = first + problem.arrival_delay_days[:, pool]
    if (np.maximum(arrives, begins) < np.minimum(ends, last)).any():
        return ""
    return "units join too late" if (last > begins).any() else "units leave too early"


def _same_place(problem: RotationProblem, pool: int, task: int) -> bool:
    place = int(problem.home_place[pool])
    return place >= 0 and place == int(problem.task_place[task])


def _stands(problem: RotationProblem, task: int) -> tuple[Ints, Ints]:
    """First and end day of a task within the horizon, [D or 1] each."""
    begins = np.maximum(problem.task_from_day[:, task], 0)
    return begins, np.minimum(problem.task_to_day[:, task], problem.horizon_days)


def _asks(problem: RotationProblem, task: int) -> NDArray[np.bool_]:
    begins, ends = _stands(problem, task)
    return (begins < ends) & (problem.task_quantity[:, task] > 0)


def _why_idle(problem: RotationProblem, labels: RotationLabels, meets: Meets, pool: int) -> str:
    never = _never_sent(problem, pool)
    if never:
        return never
    asking = [task for task in range(len(labels.tasks)) if _asks(problem, task).any()]
    reasons = [meets[pool, task] for task in asking]
    if "" in reasons:
        return ""
    fitting = [reason for reason in reasons if reason != MISFIT]
    if not fitting:
        return "no task asks for its type or accepts it as a substitute"
    return f"no task it fits can use it: {_joined(fitting)}"


def _why_unserved(labels: RotationLabels, meets: Meets, task: int) -> str:
    reasons = [meets[pool, task] for pool in range(len(labels.pools))]
    if "" in reasons:
        return ""
    fitting = [f"{name}: {reason}" for name, reason in zip(labels.pools, reasons, strict=True) if reason != MISFIT]
    return _joined(fitting) if fitting else MISFIT


def _short(problem: RotationProblem, labels: RotationLabels, meets: Meets) -> Iterator[Note]:
    """Tasks that ask for more than all units that fit them, whenever they are there, in every draw."""
    for task, name in enumerate(labels.tasks):
        pools = [pool for pool in range(len(labels.pools)) if not meets[pool, task]]
        worth = problem.quantity[:, pools] @ problem.effectiveness[pools, task]
        asked = problem.task_quantity[:, task]
        if pools and (worth < asked).all() and _asks(problem, task).all():
            yield Note(name, f"asks for {asked.max() / 1000:g} units, all that fit fill at most {worth.max() / 1000:g}")


def _joined(reasons: list[str]) -> str:
    return "; ".join(dict.fromkeys(reasons))
