"""From the tables of a plan, and values drawn for its assumptions, to a rotation Problem."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.lists import COMMITMENT, NEVER, Nation, PerDraw, Policy, Pool, Substitution, Task
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem, labelled
from holdfast.plan.model import Plan, Ref, Row

Values = Mapping[str, NDArray[np.float64]]


def build(
    plan: Plan, values: Values, *, draws: int = 1, first_draw: int = 0, seed: int = 0
) -> tuple[RotationProblem, RotationLabels]:
    """The Problem of a plan for ``draws`` draws from number ``first_draw``, and the names behind its indices.

    ``values`` holds assumptions and facts by name, each of shape [draws] or [1].  Integer columns take the floor in
    every draw, quantities at least 0.  A commitment with a unit type becomes a task that its nation serves before all
    others; one without is deducted by formula in the plan, and one contained in another is not counted again.
    """
    reader = _Reader(plan, values)
    pools = [reader.pool(row) for row in sorted(plan["units"], key=lambda row: reader.whole(row, "order"))]
    kept = [row for row in plan["commitments"] if row["unit_type"] and not row["contained_in"]]
    tasks = [*(reader.task(row) for row in plan["tasks"]), *(reader.commitment(row) for row in kept)]
    problem, labels = labelled(
        pools,
        [reader.policy(row) for row in plan["policies"]],
        tasks,
        plan.horizon_days,
        nations=[reader.nation(row) for row in plan["nations"]],
        phases=plan.phases,
        substitutions=[reader.substitution(row) for row in plan["substitutions"]],
    )
    types = {task.id: task.unit_type for task in tasks}
    combat = tuple(reader.plain(plan["unit_types"][types[name]], "combat") for name in labels.tasks)
    return problem._replace(draws=draws, first_draw=first_draw, seed=seed), labels._replace(task_combat=combat)


class _Reader:
    """Reads rows of one plan as the records of ``lists``."""

    def __init__(self, plan: Plan, values: Values) -> None:
        self.plan, self.values = plan, values
        names = [phase.name for phase in plan.phases]
        starts = [phase.from_day for phase in plan.phases]
        self.phases = dict(zip(names, zip(starts, [*starts[1:], plan.horizon_days], strict=False), strict=True))

    def number(self, row: Row, column: str, otherwise: PerDraw = 0) -> PerDraw:
        """A cell that may vary by draw: a number, or an array [draws]; ``otherwise`` where it is blank."""
        value = row[column]
        if isinstance(value, Ref):
            found = self.values[value.name]
            return float(found[0]) if len(found) == 1 else found
        return otherwise if value is None else float(value)

    def plain(self, row: Row, column: str) -> float:
        """A cell that holds the same number in every draw."""
        value = row[column]
        assert isinstance(value, int | float), (row.id, column, value)
        return float(value)

    def whole(self, row: Row, column: str, otherwise: int = 0) -> int:
        """A whole number that is the same in every draw."""
        return otherwise if row[column] is None else int(self.plain(row, column))

    def policy(self, row: Row) -> Policy:
        """A row of policies.csv; call-up and training at home keep the window shut."""
        called = self.whole(row, "mobilisation_days") + self.whole(row, "training_days")
        return Policy(
            id=row.text("id"),
            phase=row.text("phase"),
            cycle_days=self.whole(row, "cycle_days"),
            start_deployable_day=max(self.whole(row, "start_deployable_day"), called),
            stop_deployable_day=self.whole(row, "stop_deployable_day", self.whole(row, "cycle_days")),
            bog_days=self.whole(row, "bog_days"),
            overlap_days=self.whole(row, "overlap_days"),
            demobilisation_days=self.whole(row, "demobilisation_days"),
            max_extension_days=self.whole(row, "max_extension_days"),
            min_dwell_days=self.whole(row, "min_dwell_days", self.whole(row, "start_deployable_day")),
            max_callups=self.whole(row, "max_callups", NEVER),
        )

    def pool(self, row: Row) -> Pool:
        """A row of units.csv; the notice of its policy (the longest of any phase) delays its first sending."""
        rules = [rule for rule in self.plan["policies"] if rule.text("id") == row.text("policy")]
        notice = max((self.whole(rule, "notice_days") for rule in rules), default=0)
        joins = self.number(row, "available_from_day")
        return Pool(
            id=row.id,
            policy=row.text("policy"),
            quantity=self.number(row, "quantity"),
            unit_type=row.text("unit_type"),
            component_class=row.text("component_class"),
            nation=row.text("nation"),
            posture=row.text("posture"),
            home_place=row.text("home_place"),
            people_per_unit=self.number(row, "people_per_unit"),
            available_from_day=np.asarray(joins) + notice if notice else joins,
            available_to_day=self.number(row, "available_to_day", NEVER),
            readiness=self.number(row, "readiness", 1.0),
            not_ready_days=self.number(row, "not_ready_days"),
            start=row.text("start"),
            start_clock_day=self.whole(row, "start_clock_day"),
        )

    def task(self, row: Row) -> Task:
        """A row of tasks.csv, kept to the days of its phase."""
        start = np.floor(np.asarray(self.number(row, "start_day")))
        days = np.floor(np.asarray(self.number(row, "duration_days", NEVER)))
        end = np.minimum(start + days, self.plan.horizon_days)
        if row["phase"]:
            first, past = self.phases[row.text("phase")]
            start, end = np.maximum(start, first), np.minimum(end, past)
        return Task(
            id=row.id,
            quantity=self.number(row, "quantity"),
            unit_type=row.text("unit_type"),
            from_day=_scalar(start),
            to_day=_scalar(np.maximum(start, end)),
            priority=self.plain(row, "priority"),
            source_first=row.text("source_first"),
            group=row.text("group"),
            place=row.text("place"),
            component=row.text("component"),
            weight=self.plain(row, "shortfall_weight"),
        )

    def commitment(self, row: Row) -> Task:
        """A commitment with a unit type: as many units as hold its people, before every task of the plan."""
        kind = row.text("unit_type")
        people = np.asarray(self.number(row, "people"))
        size = np.maximum(np.asarray(self.number(self.plan["unit_types"][kind], "people")), 1)
        first = min((self.plain(task, "priority") for task in self.plan["tasks"]), default=1.0)
        end = np.minimum(np.asarray(self.number(row, "to_day", NEVER)), self.plan.horizon_days)
        start = np.maximum(np.asarray(self.number(row, "from_day")), 0)
        return Task(
            id=f"{COMMITMENT}{row.id}",
            quantity=_scalar(people / size),
            unit_type=kind,
            from_day=_scalar(start),
            to_day=_scalar(np.maximum(start, end)),
            priority=first - 1,
            nation=row.text("nation"),
            weight=0.0,
        )

    def nation(self, row: Row) -> Nation:
        """A row of nations.csv."""
        return Nation(row.id, self.number(row, "max_people_deployed", NEVER), self.whole(row, "withdrawal_days"))

    def substitution(self, row: Row) -> Substitution:
        """A row of substitutions.csv."""
        return Substitution(
            row.text("task_type"),
            row.text("unit_type"),
            self.plain(row, "effectiveness"),
            self.whole(row, "rank"),
        )


def _scalar(numbers: NDArray[np.float64]) -> PerDraw:
    return float(numbers) if numbers.ndim == 0 else numbers
