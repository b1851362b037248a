"""From draw numbers to measures and judged requirements: every analysis, in order, for a batch of draws.

The module-level :func:`simulate_job` is what executors run: a pure function of its job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence.outcome import EvidenceOutcome
from holdfast.analyses.evidence.simulate import sample as evidence_sample
from holdfast.analyses.rotation import measures
from holdfast.analyses.rotation.outcome import CAUSES, RotationOutcome
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem, some_draws
from holdfast.analyses.rotation.tables import build
from holdfast.ensemble import draws as assumptions
from holdfast.ensemble.draws import AS_WRITTEN, Reading
from holdfast.findings.requirements import Met, judge_daily, judge_scalar
from holdfast.findings.verdict import ASKED_TOO_LITTLE, UNTRACED
from holdfast.plan.measures import MEASURES
from holdfast.plan.model import Plan, Ref, Requirement

BATCH = 128
"""Draws simulated at once: bounds the memory of daily series, and keeps most of it in the processor's cache."""

ADDITIVE = ("people_in_place", "combat_battalions_in_place")
"""Daily measures of which the whole is the sum of its components."""

SHORTFALLS = ("missed_unit_days", "first_missed_day", "longest_gap_days")
"""Measures of shortfall: a requirement on one of them is first broken on the first day with a shortfall."""

QUANTILES = (5, 25, 50, 75, 95)
Columns = dict[str, NDArray[np.generic]]
Built = tuple[RotationProblem, RotationLabels]


@dataclass(frozen=True, slots=True)
class Job:
    """Some draws of a plan, perhaps with assumptions pinned at a value or claims read in another way."""

    plan: Plan
    seed: int
    first: int
    draws: int
    reading: Reading = AS_WRITTEN
    pinned: tuple[tuple[str, float], ...] = ()
    only_requirements: bool = False
    bands: bool = False


@dataclass(frozen=True, slots=True)
class JobResult:
    """Columns by address (each [draws]) and, where asked for, small tables over all draws of the job.

    ``bands``: daily quantiles by component, one row a day.  ``causes``: short days and missed unit-days by task and
    cause.  ``pools``: tours and dwell by pool.
    """

    columns: Columns
    tables: Mapping[str, Columns]


def simulate_job(job: Job) -> JobResult:
    """Simulate one job; equal jobs give equal results, to the bit."""
    numbers = np.arange(job.first, job.first + job.draws, dtype=np.int64)
    heard = evidence_sample(job.reading.evidence(job.plan), numbers, job.seed)
    values = assumptions.sample(job.plan, numbers, job.seed, pooled=heard.values, pinned=dict(job.pinned))
    problem, labels = build(job.plan, values, draws=job.draws, first_draw=job.first, seed=job.seed)
    common: Columns = {"draw": numbers}
    if not job.only_requirements:
        common.update(assumption_columns(job.plan, values))
        common.update(origin_columns(heard))
    parts: list[Columns] = []
    tables = Tables()
    for first in range(0, job.draws, BATCH):
        last = min(first + BATCH, job.draws)
        some = {name: value[first:last] if len(value) > 1 else value for name, value in values.items()}
        cut = some_draws(problem, first, last), labels
        batch = Batch(job.plan, some, last - first, job.first + first, job.seed, cut)
        part: Columns = {}
        if not job.only_requirements:
            part.update(batch.measure_columns())
        part.update(batch.requirement_columns())
        parts.append(part)
        if job.bands:
            tables.add(batch)
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return JobResult({**common, **columns}, tables.columns() if job.bands else {})


class Tables:
    """Gathers what the small tables need, batch by batch."""

    def __init__(self) -> None:
        self.series: dict[str, list[NDArray[np.float32]]] = {}
        self.causes: dict[tuple[str, str], list[float]] = {}
        self.tours: list[NDArray[np.float64]] = []
        self.pools: tuple[str, ...] = ()
        self.draws = 0

    def add(self, batch: Batch) -> None:
        """Take one batch in."""
        for name, series in batch.daily_series():
            self.series.setdefault(name, []).append(series.astype(np.float32))
        for key, (days, missed) in batch.shortfalls().items():
            total = self.causes.setdefault(key, [0.0, 0.0])
            total[0] += days
            total[1] += missed
        outcome = batch.outcome
        counts = (outcome.tours, outcome.broken_dwell, outcome.dwell_days)
        self.tours.append(np.stack([np.asarray(count, np.float64) for count in counts]))
        self.pools = batch.labels.pools
        self.draws += batch.draws

    def columns(self) -> dict[str, Columns]:
        """The tables by name."""
        return {"bands": self._bands(), "causes": self._causes(), "pools": self._pools()}

    def _bands(self) -> Columns:
        found: Columns = {}
        for name, series in self.series.items():
            levels = np.percentile(np.concatenate(series), QUANTILES, axis=0)
            found.update({f"{name}&quantile={q:02d}": level for q, level in zip(QUANTILES, levels, strict=True)})
        return found

    def _causes(self) -> Columns:
        rows = sorted(self.causes.items())
        return {
            "task": np.array([task for (task, _), _ in rows], np.str_),
            "cause": np.array([cause for (_, cause), _ in rows], np.str_),
            "short_days": np.array([days for _, (days, _) in rows]) / self.draws,
            "missed_unit_days": np.array([missed for _, (_, missed) in rows]) / self.draws,
        }

    def _pools(self) -> Columns:
        tours, broken, dwell = np.concatenate(self.tours, axis=1)
        each = np.where(tours > 0, dwell / np.maximum(tours, 1), np.nan)
        low, high = (np.array([_percentile(column, q) for column in each.T]) for q in (5, 95))
        return {
            "pool": np.array(self.pools, np.str_),
            "tours": tours.mean(axis=0),
            "broken": broken.mean(axis=0),
            "mean_dwell_days": dwell.sum(axis=0) / np.maximum(tours.sum(axis=0), 1),
            "low_dwell_days": low,
            "high_dwell_days": high,
        }


def _percentile(values: NDArray[np.float64], q: int) -> float:
    there = values[~np.isnan(values)]
    return float(np.percentile(there, q)) if len(there) else 0.0


def assumption_columns(plan: Plan, values: assumptions.Values) -> Columns:
    """Sampled assumptions; constants are left out."""
    return {f"assumption/{name}": values[name] for name in assumptions.varying(plan)}


def origin_columns(heard: EvidenceOutcome) -> Columns:
    """Which origin each claims-based assumption believed (index into the run's list of origins, -1 = its own range),
    and whether the draw rests on an origin anywhere.
    """
    found: Columns = {f"origin/{name}": heard.chosen_origin[:, index] for index, name in enumerate(heard.names)}
    found.update({f"used/{origin}": heard.used[:, index] for index, origin in enumerate(heard.origins)})
    return found


class Batch:
    """One batch of draws, simulated; measures and requirements are read off it."""

    def __init__(
        self, plan: Plan, values: assumptions.Values, draws: int, first: int, seed: int, built: Built | None = None
    ) -> None:
        from holdfast.analyses.rotation.simulate import simulate

        self.plan, self.values, self.draws = plan, values, draws
        self.problem, self.labels = built or build(plan, values, draws=draws, first_draw=first, seed=seed)
        self.outcome: RotationOutcome = simulate(self.problem, daily=True, threads=1)
        self._daily: dict[tuple[str, str], NDArray[np.float64]] = {}
        self._fill: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Components with tasks, in the order of the plan; the blank one stands for the whole plan."""
        return ("", *dict.fromkeys(row.text("component") for row in self.plan["tasks"] if row["component"]))

    def series(self, name: str, component: str) -> NDArray[np.float64]:
        """A daily measure, [draws, days], computed once."""
        if (name, component) not in self._daily:
            self._daily[name, component] = self._series(name, component)
        return self._daily[name, component]

    @cached_property
    def whole_of(self) -> tuple[str, ...]:
        """Components that make up the whole plan; none where some task belongs to no component."""
        return self.components[1:] if all(row["component"] for row in self.plan["tasks"]) else ()

    def _series(self, name: str, component: str) -> NDArray[np.float64]:
        """The whole as the sum of its components: each task is looked at once."""
        parts = self.whole_of
        if name == "fill_share":
            return measures.share_of(*self._fill_parts(component))
        if component or name not in ADDITIVE or not parts:
            return measures.daily(name, self.problem, self.labels, self.outcome, component)
        return np.asarray(np.add.reduce([self.series(name, part) for part in parts]))

    def _fill_parts(self, component: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        parts = self.whole_of
        if component not in self._fill:
            if component or not parts:
                self._fill[component] = measures.fill_parts(self.problem, self.labels, self.outcome, component)
            else:
                filled, wanted = zip(*(self._fill_parts(part) for part in parts), strict=True)
                self._fill[component] = np.add.reduce(filled), np.add.reduce(np.broadcast_arrays(*wanted))
        return self._fill[component]

    def measure_columns(self) -> Columns:
        """Scalar measures by component and nation, and the mean of every daily one."""
        found: Columns = {}
        for measure in MEASURES.values():
            by_nation = "nation" in measure.by
            for part in ("", *(self.labels.nations if by_nation else self.components[1:])):
                address = measure_address(measure.name, **{measure.by[0]: part})
                if measure.daily:
                    found[address] = self.series(measure.name, part).mean(axis=1)
                else:
                    found[address] = measures.scalar(measure.name, self.problem, self.labels, self.outcome, part)
        return found

    def requirement_columns(self) -> Columns:
        """Met, value, breach day and breach code (task x 16 + cause; -1 = none) of every requirement."""
        found: Columns = {}
        for requirement in self.plan.requirements:
            met = self.judge(requirement)
            address = f"requirement/{requirement.id}"
            found[f"{address}.met"] = met.met
            found[f"{address}.value"] = met.value
            found[f"{address}.breach_day"] = met.breach_day
            found[f"{address}.breach"] = self._breach_codes(requirement, met)
        return found

    def judge(self, requirement: Requirement) -> Met:
        """One requirement over all draws of the batch."""
        name = requirement.measure
        if MEASURES[name].daily:
            return judge_daily(requirement, self.series(name, requirement.component))
        part = requirement.nation or requirement.component
        met = judge_scalar(requirement, measures.scalar(name, self.problem, self.labels, self.outcome, part))
        if name not in SHORTFALLS:
            return met
        first = measures.scalar("first_missed_day", self.problem, self.labels, self.outcome, part)
        broken = ~met.met & (first < self.problem.horizon_days)
        return replace(met, breach_day=np.where(broken, first, -1).astype(np.int32))

    def _breach_codes(self, requirement: Requirement, met: Met) -> NDArray[np.int32]:
        codes = np.full(self.draws, UNTRACED, np.int32)
        tasks = measures.tasks_of(self.labels, requirement.component)
        failing = np.flatnonzero(met.breach_day >= 0)
        floor = requirement.at_least is not None and MEASURES[requirement.measure].daily
        if not (floor or requirement.measure in SHORTFALLS) or not len(failing) or not len(tasks):
            return codes
        days = met.breach_day[failing]
        at = failing[:, None], tasks[None, :], days[:, None]
        asked = np.broadcast_to(measures.demand(self.problem), self.outcome.fill_units.shape)
        short = asked[at] - self.outcome.fill_units[at]
        worst = np.argmax(short * self.people_of_tasks()[failing][:, tasks], axis=1)
        task = tasks[worst]
        found = task * 16 + self.outcome.cause[failing, task, days]
        codes[failing] = np.where(short[np.arange(len(failing)), worst] > 1e-6, found, ASKED_TOO_LITTLE)
        return codes

    def people_of_tasks(self) -> NDArray[np.float64]:
        """People in one unit of the type that each task asks for, [draws, tasks]."""
        people = {row.id: self._number(row["people"]) for row in self.plan["unit_types"]}
        types = {row.id: row.text("unit_type") for table in ("tasks", "commitments") for row in self.plan[table]}
        found = np.ones((self.draws, len(self.labels.tasks)))
        for index, task in enumerate(self.labels.tasks):
            found[:, index] = people[types[task.removeprefix("commitment/")]]
        return found

    def _number(self, value: object) -> NDArray[np.float64]:
        return self.values[value.name] if isinstance(value, Ref) else np.array([float(value or 0)])  # type: ignore[arg-type]

    def shortfalls(self) -> dict[tuple[str, str], tuple[float, float]]:
        """Days short and unit-days missed, summed over draws, by task and cause."""
        found = {}
        asked = np.broadcast_to(measures.demand(self.problem), self.outcome.fill_units.shape)
        for index, task in enumerate(self.labels.tasks):
            causes = self.outcome.cause[:, index].ravel()
            missed = (asked[:, index] - self.outcome.fill_units[:, index]).ravel()
            days = np.bincount(causes, minlength=len(CAUSES))
            units = np.bincount(causes, weights=missed, minlength=len(CAUSES))
            for code, cause in enumerate(CAUSES):
                if code and days[code]:
                    found[task, cause] = float(days[code]), float(units[code])
        return found

    def daily_series(self) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Address and [draws, days] of every daily measure by component."""
        for measure in MEASURES.values():
            if measure.daily:
                for component in self.components:
                    yield measure_address(measure.name, component), self.series(measure.name, component)


def measure_address(name: str, component: str = "", nation: str = "") -> str:
    """The address of a measure, as ``why`` takes it."""
    parts = [("component", component), ("nation", nation)]
    query = "&".join(f"{key}={value}" for key, value in parts if value)
    return f"measure/{name}" + (f"?{query}" if query else "")
