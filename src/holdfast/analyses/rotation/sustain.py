"""How large a force the units can sustain, and how few units a demand needs: the optimiser's answers.

Both are answers of the optimiser, under its differences from the simulator (``exact.DIFFERENCES``).  The simulator's
need may be larger, because its rule looks no day ahead and its start positions are staggered; and neither need is
monotone in the number of units, so neighbours are checked, never bisected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.exact import DIFFERENCES, Options, optimise, prepare
from holdfast.analyses.rotation.formulation import Formulation, formulate, spans
from holdfast.analyses.rotation.groups import ROTATING, one_draw
from holdfast.analyses.rotation.problem import NEVER, STARTS, RotationLabels, RotationProblem
from holdfast.base.errors import SolverError, UsageError
from holdfast.engine.milp import INFINITY, Model, Solution, solve

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ALL_OR_NOTHING = 1.0 - 1e-6
"""A relative gap that stops a solve as soon as its bound shows that some shortfall is unavoidable."""


@dataclass(frozen=True, slots=True)
class LargestForce:
    """The largest multiple of the demand that is met on every day; commitments keep their own quantity."""

    scale: float  # reached by whole tours
    bound: float  # no plan of whole tours on the grid reaches more
    lp_bound: float  # nor of tours that may be split
    status: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeastUnits:
    """The fewest units of a pool with which no day is missed."""

    units: int  # with the pool's own start positions
    free_start: int  # were every unit of the pool ready to go on the day it joins: a lower bound
    lp_bound: float  # of the free start, tours may be split
    undecided: tuple[int, ...]  # smaller numbers for which the solver's limits came first
    notes: tuple[str, ...]


def largest_force(problem: RotationProblem, labels: RotationLabels, *, options: Options | None = None) -> LargestForce:
    """The largest factor by which every task (but commitments) can be multiplied without a shortfall on any day.

    Raises SolverError where the commitments alone cannot be met, or the solver ends without an answer.
    """
    options = options or Options()
    ready = prepare(problem, options)
    form = formulate(ready.problem, ready.groups, ready.tours, weight=np.ones(len(labels.tasks)), style=options.style)
    scaled = np.array([not name.startswith("commitment/") for name in labels.tasks], np.bool_)[form.stretch_task]
    asked = form.model.row_lower[: len(scaled)]
    rows = np.flatnonzero(scaled & (asked > 0))
    model = _without_shortfall(form).with_column("scale", upper=_most(form, rows), rows=rows, values=-asked[rows])
    lower = model.row_lower.copy()
    lower[rows] = 0.0
    cost = np.zeros(model.columns)
    cost[-1] = -1.0
    model = replace(model, row_lower=lower, cost=cost, start=np.zeros(model.columns))
    relaxed = solve(model.relaxed(), solver=options.solver, time_limit_s=options.time_limit_s)
    found = solve(
        model, solver=options.solver, gap=options.gap_of_demand, max_nodes=options.max_nodes,
        time_limit_s=options.time_limit_s,
    )  # fmt: skip
    bound = min(-found.bound, -relaxed.bound)
    return LargestForce(-found.objective, bound, -relaxed.bound, found.status, (*DIFFERENCES, *ready.notes))


def _without_shortfall(form: Formulation) -> Model:
    upper = form.model.upper.copy()
    upper[form.shortfall] = 0.0
    return replace(form.model, upper=upper)


def _most(form: Formulation, rows: Ints) -> float:
    """All units that fit, at once, over what is asked: the scale cannot be larger for any stretch."""
    problem, groups = form.problem, form.groups
    size = np.bincount(groups.unit_group, minlength=len(groups.pool))
    fits = (problem.effectiveness[groups.pool] * size[:, None]).sum(axis=0)
    tasks = form.stretch_task[rows]
    return float((fits[tasks] / problem.task_quantity[0, tasks]).min(initial=INFINITY if len(rows) else 0.0))


def least_units(
    problem: RotationProblem, labels: RotationLabels, pool: int, *, at_most: int = 100, options: Options | None = None
) -> LeastUnits:
    """The fewest units of one rotating pool, all else as it is, with which every task is met on every day.

    Numbers are tried one by one from the lower bound up: start positions are spread over the cycle, so a larger pool
    is not a smaller one with units added.

    Raises UsageError for a pool that does not rotate, SolverError where ``at_most`` units are too few.
    """
    if problem.posture[pool] != ROTATING:
        raise UsageError(f"pool {labels.pools[pool]!r} does not rotate")
    options = options or Options()
    problem = one_draw(problem, options.draw)
    options = replace(options, draw=0, levels=(), gap=ALL_OR_NOTHING, gap_of_demand=0.0)
    try:
        free, lp_bound = _free_start(problem, labels, pool, at_most, options)
    except SolverError as error:
        raise SolverError(f"with up to {at_most} units of {labels.pools[pool]!r} some day is missed") from error
    undecided: list[int] = []
    for units in range(free, at_most + 1):
        decision = optimise(_with_units(problem, pool, units), labels, options=options)
        if decision.shortfall <= 1e-6:
            return LeastUnits(units, free, lp_bound, tuple(undecided), decision.notes)
        if decision.bound <= 1e-6:
            undecided.append(units)
    raise SolverError(f"with up to {at_most} units of {labels.pools[pool]!r} some day is missed")


def _with_units(problem: RotationProblem, pool: int, units: int) -> RotationProblem:
    quantity, cut = problem.quantity.copy(), problem.cut_day.copy()
    quantity[:, pool], cut[:, pool] = units, NEVER
    return problem._replace(quantity=quantity, cut_day=cut)


def _free_start(
    problem: RotationProblem, labels: RotationLabels, pool: int, at_most: int, options: Options
) -> tuple[int, float]:
    """The fewest units were all of them in their window on the day they join: one model, the number a column."""
    start, clock = problem.start.copy(), problem.start_clock_day.copy()
    start[pool] = STARTS.index("fixed")
    clock[pool] = problem.start_deployable_day[problem.policy[pool], 0] - problem.available_from_day[0, pool]
    problem = _with_units(problem, pool, at_most)._replace(
        start=start, start_clock_day=clock, min_dwell_days=problem.start_deployable_day
    )
    apart = (np.arange(len(problem.nation)) == pool).astype(np.float64)  # a cost of its own keeps the pool a group
    ready = prepare(problem, replace(options, cost_per_day=apart))
    group = int(np.flatnonzero(ready.groups.pool == pool)[0])
    form = formulate(ready.problem, ready.groups, ready.tours, weight=np.ones(len(labels.tasks)), style="window")
    rows = np.array(
        [i for i, name in enumerate(form.model.row_names) if name.startswith(f"supply_g{group}_")], np.int64
    )
    model = _without_shortfall(form).with_column("units", upper=at_most, rows=rows, values=np.full(len(rows), -1.0))
    upper, cost, integer = model.row_upper.copy(), np.zeros(model.columns), model.integer.copy()
    upper[rows], cost[-1], integer[-1] = 0.0, 1.0, True
    model = replace(model, row_upper=upper, cost=cost, integer=integer)
    relaxed = solve(model.relaxed(), solver=options.solver, time_limit_s=options.time_limit_s)
    found = solve(model, solver=options.solver, gap=0.0, absolute_gap=1.0 - 1e-6, time_limit_s=options.time_limit_s)
    return int(np.ceil(found.bound - 1e-6)), relaxed.bound


def cheapest_cover(first: Ints, past: Ints, cost: Floats, required: Floats) -> Solution:
    """The cheapest choice of intervals [first, past) that covers every period as often as required.

    The coverage family of the optimiser alone, with costs that may differ from start to start and no limit on
    supply.  Its matrix has consecutive ones, so the linear programme has whole answers at its vertices (Fulkerson
    and Gross, 1965).  Raises SolverError where a period is covered by no interval.
    """
    periods, count = len(required), len(first)
    column, row = spans(np.asarray(first, np.int64), np.asarray(past, np.int64))
    order = np.lexsort((column, row))
    starts = np.zeros(periods + 1, np.int64)
    starts[1:] = np.cumsum(np.bincount(row, minlength=periods))
    model = Model(
        np.asarray(cost, np.float64), np.zeros(count), np.full(count, float(np.max(required, initial=0.0))),
        np.zeros(count, np.bool_), starts, column[order], np.ones(len(column)), np.asarray(required, np.float64),
        np.full(periods, INFINITY),
    )  # fmt: skip
    return solve(model, solver="simplex")
