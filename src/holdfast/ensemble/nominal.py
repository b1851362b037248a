"""The nominal run: one draw with every assumption at its central value, in full detail.

Tables (``nominal/*.parquet``): ``series`` one row a day, one column a daily measure; ``tasks`` one row a task and
day; ``pools`` one row a pool; ``events`` the day log; ``timeline`` one row for each stretch of a unit in one state;
``largest`` the largest force that the simulator keeps up.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from holdfast.analyses.rotation import measures
from holdfast.analyses.rotation.outcome import CAUSES, STATES
from holdfast.ensemble import draws as assumptions
from holdfast.ensemble.draws import AS_WRITTEN, Reading
from holdfast.ensemble.pipeline import Batch
from holdfast.plan.model import Plan
from holdfast.store import write
from holdfast.store.layout import Layout

STEPS, TOLERANCE = 20, 0.01
"""The largest force is looked for in twentieths of the plan's demand; it may miss this share of the unit-days asked."""


def nominal_batch(plan: Plan, seed: int, reading: Reading = AS_WRITTEN) -> Batch:
    """The one draw with every assumption at its central value."""
    return Batch(plan, assumptions.central(plan, reading.evidence(plan)), 1, 0, seed)


def write_nominal(plan: Plan, layout: Layout, seed: int, reading: Reading) -> tuple[str, ...]:
    """Simulate and store the nominal run; returns the tasks in the order of the breach codes."""
    from holdfast.analyses.rotation.trace import trace

    batch = nominal_batch(plan, seed, reading)
    log = trace(batch.problem)
    pools, tasks = batch.labels.pools, batch.labels.tasks
    write.write_table(layout.table("series"), _series(batch))
    write.write_table(layout.table("tasks"), _tasks(batch))
    write.write_table(layout.table("pools"), _pools(batch))
    write.write_table(layout.table("events"), pa.table(log.event_columns(pools, tasks)))
    write.write_table(layout.table("timeline"), pa.table(log.timeline_columns(pools, tasks)))
    write.write_table(layout.table("largest"), _largest(batch))
    central = {name: float(values[0]) for name, values in batch.values.items() if name in plan["assumptions"].by_id}
    write.write_table(layout.table("assumptions"), pa.table({"name": list(central), "value": list(central.values())}))
    return tasks


def _series(batch: Batch) -> pa.Table:
    columns = {name: series[0] for name, series in batch.daily_series()}
    return pa.table({"day": np.arange(batch.problem.horizon_days, dtype=np.int32), **columns})


def _tasks(batch: Batch) -> pa.Table:
    outcome, days, tasks = batch.outcome, batch.problem.horizon_days, batch.labels.tasks
    return pa.table(
        {
            "task": np.repeat(np.array(tasks, dtype=object), days).tolist(),
            "day": np.tile(np.arange(days, dtype=np.int32), len(tasks)),
            "asked": measures.demand(batch.problem)[0].ravel(),
            "fill_units": outcome.fill_units[0].ravel(),
            "fill_people": outcome.fill_people[0].ravel(),
            "cause": [CAUSES[code] for code in outcome.cause[0].ravel()],
        }
    )


def _pools(batch: Batch) -> pa.Table:
    problem, outcome, labels = batch.problem, batch.outcome, batch.labels
    nations = [labels.nations[index] if index >= 0 else "" for index in problem.nation]
    policies = [labels.policies[index] if index >= 0 else "" for index in problem.policy]
    floors = [int(problem.min_dwell_days[index, 0]) if index >= 0 else None for index in problem.policy]
    return pa.table(
        {
            "pool": list(labels.pools),
            "nation": nations,
            "policy": policies,
            "least_dwell_days": pa.array(floors, pa.int64()),
            "quantity": problem.quantity[0],
            "tours": outcome.tours[0],
            "broken_dwell": outcome.broken_dwell[0],
            "dwell_days": outcome.dwell_days[0],
            **{f"{state}_days": outcome.state_days[0, :, index] for index, state in enumerate(STATES)},
            "inventory_days": outcome.inventory_days[0],
        }
    )


def _largest(batch: Batch) -> pa.Table:
    """The largest multiple of the whole demand that misses at most TOLERANCE, and what is short one step above it."""
    from holdfast.analyses.rotation.requirement import largest_sustainable
    from holdfast.analyses.rotation.simulate import simulate

    tasks = measures.tasks_of(batch.labels, "")
    found = largest_sustainable(batch.problem, tasks=tasks, tolerance=TOLERANCE, steps=STEPS)
    people = batch.people_of_tasks()[0]
    asked = float((measures.demand(batch.problem)[0, tasks].T @ people[tasks]).max(initial=0.0))
    step = round(found.largest_for_good * STEPS) + 1
    quantity = batch.problem.task_quantity.copy()
    quantity[:, tasks] = quantity[:, tasks] * step // STEPS
    above = simulate(batch.problem._replace(task_quantity=quantity))
    short = np.zeros(len(people))
    short[tasks] = (above.missed_unit_days[0] * people)[tasks]
    task = int(short.argmax()) if len(short) and short.max() > 0 else -1
    causes = np.bincount(above.cause[0, task], minlength=len(CAUSES))[1:] if task >= 0 else np.zeros(1)
    return pa.table(
        {
            "scale": [found.largest_for_good],
            "asked_people": [asked],
            "limit": [found.limit],
            "tolerance": [TOLERANCE],
            "task": [batch.labels.tasks[task] if task >= 0 else ""],
            "cause": [CAUSES[int(causes.argmax()) + 1] if task >= 0 else ""],
        }
    )
