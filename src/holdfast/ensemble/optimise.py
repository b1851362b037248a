"""The best schedule for a plan's central values beside the simulator's: shortfall, bound, largest force, scope."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdfast.analyses.rotation import exact, measures, requirement
from holdfast.analyses.rotation.outcome import RotationOutcome, score
from holdfast.analyses.rotation.scoping import scope
from holdfast.analyses.rotation.trace import trace
from holdfast.base.errors import UsageError
from holdfast.ensemble.nominal import nominal_batch
from holdfast.ensemble.pipeline import Batch
from holdfast.plan.model import Plan

SCHEMA_VERSION = 1
STEPS = 20
"""The largest force is looked for in twentieths of the plan's demand."""


def optimise(
    plan: Plan, analysis: str = "rotation", *, start_every_days: int = 0, gap: float = 1e-3, seconds: float = 30.0
) -> dict[str, Any]:
    """The content of ``optimise --json``: the optimiser's answer for the nominal draw, and the simulator's beside it.

    ``start_every_days`` is the grid of start days (0 = as fine as the size of the plan allows), ``gap`` the share of
    the demand at which the search may stop, ``seconds`` the time after which each objective makes do with what it has
    (its status is then ``time``, and the bound still holds).  Raises UsageError for an analysis without an optimiser,
    SolverError when the solver ends without an answer.
    """
    if analysis != "rotation":
        raise UsageError(f"{analysis!r} has no optimiser; rotation has")
    batch = nominal_batch(plan, seed=0)
    options = exact.Options(
        start_every_days=start_every_days,
        gap_of_demand=gap,
        time_limit_s=seconds,
        burden_key=_burden_key(plan, batch),
        **_costs(plan, batch),
    )
    decision = exact.optimise(batch.problem, batch.labels, options=options, incumbent=_incumbent(batch))
    best = exact.outcome(batch.problem, decision)
    largest = requirement.largest_sustainable(
        batch.problem, tasks=measures.tasks_of(batch.labels, ""), tolerance=0.0, steps=STEPS
    )
    found = scope(batch.problem, batch.labels)
    return {
        "schema_version": SCHEMA_VERSION,
        "analysis": analysis,
        "plan": plan.title,
        "status": decision.status,
        "weighted_demand_unit_days": decision.demand,
        "weighted_shortfall_unit_days": {
            "optimiser": decision.shortfall,
            "bound": decision.bound,
            "simulator": float(np.ravel(score(batch.outcome, batch.labels).shortfall)[0]),
        },
        "gap": decision.gap,
        "gap_of_demand": decision.gap_of_demand,
        "solver": decision.solver,
        "start_every_days": decision.start_every_days,
        "levels": [
            {"name": level.name, "value": level.value, "bound": level.bound, "status": level.status}
            for level in decision.levels
        ],
        "tasks": _tasks(batch, best),
        "nations": _nations(batch, best),
        "pools": _pools(batch),
        "largest_force": {
            "closed_form": largest.closed_form if np.isfinite(largest.closed_form) else None,
            "simulated": largest.largest,
            "simulated_for_good": largest.largest_for_good,
            "looked_up_to": largest.limit,
        },
        "scope": {
            "idle_pools": [{"id": note.id, "reason": note.reason} for note in found.idle_pools],
            "unserved_tasks": [{"id": note.id, "reason": note.reason} for note in found.unserved_tasks],
            "short_tasks": [{"id": note.id, "reason": note.reason} for note in found.short_tasks],
        },
        "notes": list(decision.notes),
    }


def least_units(plan: Plan, pool: str, *, tolerance: float = 0.0) -> dict[str, Any]:
    """How many units a pool takes to fill its tasks, for the plan's central values, with every number looked at.

    ``tolerance`` is the share of the unit-days asked that may be missed.  Missed days are not monotone in the number
    of units, so the least number that meets it and the least from which every larger one does are both given, beside
    the closed form.  Raises UsageError for a pool that is not there or a share outside 0 .. 1.
    """
    batch = nominal_batch(plan, seed=0)
    if pool not in batch.labels.pools:
        raise UsageError(f"no pool {pool!r}; there are {', '.join(batch.labels.pools)}")
    found = requirement.least_units(batch.problem, batch.labels.pools.index(pool), tolerance=tolerance)
    return {
        "schema_version": SCHEMA_VERSION,
        "plan": plan.title,
        "pool": pool,
        "units": int(batch.problem.quantity[0, batch.labels.pools.index(pool)]),
        "tolerance": tolerance,
        "closed_form": found.closed_form,
        "least": found.least,
        "least_for_good": found.least_for_good,
        "looked_up_to": found.limit,
        "sweep": [
            {"units": units, "missed_unit_days": float(missed[0]), "asked_unit_days": float(asked[0])}
            for units, missed, asked in zip(
                found.sweep.candidates, found.sweep.missed_unit_days, found.sweep.asked_unit_days, strict=True
            )
        ],
    }


def _incumbent(batch: Batch) -> tuple[Any, Any, Any, Any]:
    """The simulator's tours as pool, unit, task and day."""
    sent = [event for event in trace(batch.problem).events if event.name == "is sent"]
    rows = np.array([(event.pool, event.unit, event.task, event.day) for event in sent], np.int64).reshape(-1, 4)
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]


def _burden_key(plan: Plan, batch: Batch) -> np.ndarray[Any, Any]:
    keys = {row.id: row["burden_key"] for row in plan["nations"]}
    found = [keys.get(nation) for nation in batch.labels.nations]
    return np.array([1.0 if key is None else float(key) for key in found])  # type: ignore[arg-type]


def _costs(plan: Plan, batch: Batch) -> dict[str, Any]:
    """Stated costs of units; none at all where no unit states one."""
    rows = plan["units"].by_id
    found = {
        column: np.array([float(rows[pool][column] or 0.0) for pool in batch.labels.pools])  # type: ignore[arg-type]
        for column in ("cost_per_day", "cost_per_deployment")
    }
    return found if any(values.any() for values in found.values()) else {}


def _tasks(batch: Batch, best: RotationOutcome) -> list[dict[str, Any]]:
    asked = batch.problem.task_quantity[0] / 1000.0
    days = batch.problem.task_to_day[0] - batch.problem.task_from_day[0]
    return [
        {
            "id": name,
            "asked_unit_days": float(asked[index] * days[index]),
            "optimiser_missed": float(best.missed_unit_days[0, index]),
            "simulator_missed": float(batch.outcome.missed_unit_days[0, index]),
        }
        for index, name in enumerate(batch.labels.tasks)
    ]


def _nations(batch: Batch, best: RotationOutcome) -> list[dict[str, Any]]:
    days = batch.problem.horizon_days
    return [
        {
            "id": name,
            "optimiser_people": float(best.people_days[0, index] / days),
            "simulator_people": float(batch.outcome.people_days[0, index] / days),
        }
        for index, name in enumerate(batch.labels.nations)
    ]


def _pools(batch: Batch) -> list[dict[str, Any]]:
    """Units of each pool, and the closed form of what its tasks would need if it served them alone."""
    return [
        {
            "id": name,
            "units": int(batch.problem.quantity[0, index]),
            "needed_alone": requirement.closed_form(batch.problem, index),
        }
        for index, name in enumerate(batch.labels.pools)
    ]
