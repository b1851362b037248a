"""The rotation optimiser: least shortfall, then least broken dwell, fairest burden, least cost, each with a bound.

What it decides is which pool starts how many tours for which task on which day of a grid; all else is to the day.
Where its model differs from the simulator's rules, every :class:`Decision` says so in ``notes``.

A decision is reproducible: solves stop by gap or by node count.  The time limits are a safety net; a level that ran
into one has the status ``time`` or ``ended``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.deal import TourTable, as_tours, check_dealt, deal, repeat, replay
from holdfast.analyses.rotation.formulation import Formulation, Tours, formulate, make_tours, relief_days
from holdfast.analyses.rotation.groups import FORWARD, PERMANENT, ROTATING, Groups, make_groups, one_draw
from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem
from holdfast.analyses.rotation.search import Search
from holdfast.base.errors import SolverError
from holdfast.engine.milp import INFINITY, Method, Model, Solution, chosen_solver, solve

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEVELS = ("shortfall", "dwell", "burden", "cost")
"""The objectives, most important first."""

STEPS = (1, 2, 3, 5, 7, 10, 14, 15, 21, 30)
"""Days between starts that ``start_every_days = 0`` chooses from."""
MANY_COLUMNS = 5_000
"""Tours that a model may offer before the grid becomes coarser."""
PROVABLE_NONZEROS = 60_000
"""Non-zeros beyond which whole numbers are left to the search: branching has never bettered it there."""
SEARCH_STEPS = 50
"""Steps of the search for each unit ..."""
MOST_STEPS = 10_000
"""... and at most."""
TOLERANCE = 1e-6
"""Slack that later levels leave to earlier ones, relative."""

DIFFERENCES = (
    "a unit stays eligible until it is sent: beyond its first window the upper end of the window is ignored",
    "follow-on and extension of tours are not used",
    "a tour that its task's end cuts short still occupies its unit for the whole reuse time (start of the window, BOG "
    "and demobilisation), where the simulator lets the unit go out again on what is left of its budget",
    "source preference and order of substitution do not bind",
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to optimise; the defaults suit plans of tens of pools over one or two years.

    ``start_every_days`` 0 chooses the finest grid that keeps the model small; 1 makes the bound one on every plan by
    the day.  ``gap`` and ``gap_of_demand`` stop level 1 (whichever is met first), ``later_gap`` the others.  Without
    ``prove``, and for models beyond PROVABLE_NONZEROS, the answer is the search's with the relaxation's bound.
    """

    start_every_days: int = 0
    draw: int = 0
    readiness: Literal["certain", "expected"] = "certain"
    levels: tuple[str, ...] = LEVELS
    burden_key: Sequence[float] | Floats | None = None  # [N]; None = in proportion to capacity
    cost_per_day: Sequence[float] | Floats | None = None  # [P] each unit-day deployed
    cost_per_deployment: Sequence[float] | Floats | None = None  # [P] each tour
    gap: float = 1e-6
    gap_of_demand: float = 1e-3
    later_gap: float = 0.01
    prove: bool = True
    search_steps: int | None = None
    max_nodes: int = 500
    time_limit_s: float = 120.0
    solver: Method = "choose"
    style: Literal["choose", "window", "flow"] = "choose"


@dataclass(frozen=True, slots=True)
class Level:
    """One objective of the lexicographic order: what was reached, and what no plan can beat given the levels before."""

    name: str
    value: float
    bound: float
    gap: float
    status: str
    solver: str
    seconds: float
    cpu_seconds: float
    nodes: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What the optimiser chose.  ``gap_of_demand`` is (value - bound) of level 1 over the weighted unit-days asked."""

    status: str
    levels: tuple[Level, ...]
    lp_bound: float  # of the linear relaxation of level 1
    bound: float
    gap: float
    gap_of_demand: float
    demand: float  # weighted unit-days asked for
    solver: str
    style: str
    start_every_days: int
    size: tuple[int, int, int]  # rows, columns, non-zeros
    peak_mib: float
    tours: TourTable
    incumbent_used: bool  # the plan that the caller gave was not bettered on level 1
    notes: tuple[str, ...]
    groups: Groups = field(repr=False)
    problem: RotationProblem = field(repr=False)  # the one draw that was optimised

    @property
    def shortfall(self) -> float:
        """Weighted unit-days missed."""
        return self.levels[0].value


def optimise(
    problem: RotationProblem,
    labels: RotationLabels,
    *,
    options: Options | None = None,
    incumbent: tuple[Ints, Ints, Ints, Ints] | None = None,
) -> Decision:
    """The best plan of tours for one draw, level by level, and a bound.

    ``incumbent`` is a known plan, such as the simulator's tours: arrays pool, unit, task, day of equal length.  Its
    tours join the model, whatever the grid, so the answer is never worse than it on level 1.  Tours that the model
    does not know (follow-on, second tours in a cycle) are left out of it, and a note says how many.

    Raises SolverError when a level ends without an answer.
    """
    options = options or Options()
    ready = prepare(problem, options, incumbent)
    problem, groups, tours, _, notes, step = ready
    weight = np.asarray(labels.task_weight, np.float64)
    form = formulate(problem, groups, tours, weight=weight, style=options.style)
    asked = problem.task_quantity[0, form.stretch_task] / 1000.0
    demand = float((weight[form.stretch_task] * form.stretch_days) @ asked)
    first, relaxed, given = _first_level(form, ready.plan, demand, options)
    levels, x, peak = [first[0]], first[1], relaxed.peak_mib
    rest = [name for name in LEVELS[1:] if name in options.levels]
    if rest and (not options.prove or len(form.model.index) > PROVABLE_NONZEROS):
        notes.append(f"left to the search, which knows level 1 only: {', '.join(rest)}")
        rest = []
    for level, point, mib in _later_levels(form, x, rest, options):
        levels.append(level)
        x, peak = point, max(peak, mib)
    counts = np.rint(x[: len(tours.day)]).astype(np.int64)
    table, dealt = deal(problem, groups, repeat(tours, counts))
    notes += [f"{int((~dealt).sum())} tours could not be dealt within call-ups"] if not dealt.all() else []
    faults = check_dealt(problem, table)
    if faults:
        raise SolverError(f"dealt tours break a rule: {faults[0]}")
    spread = first[0].value - first[0].bound
    return Decision(
        first[0].status, tuple(levels), relaxed.bound, first[0].bound, first[0].gap, spread / demand if demand else 0.0,
        demand, first[0].solver, form.style, step, (form.model.rows, form.model.columns, len(form.model.index)), peak,
        table, given <= first[0].value + 1e-9, (*DIFFERENCES, *notes), groups, problem,
    )  # fmt: skip


def outcome(problem: RotationProblem, decision: Decision) -> RotationOutcome:
    """What the decision does, day by day: its tours replayed on the draw that was optimised (D = 1)."""
    del problem  # the decision carries the one draw it is about
    return replay(decision.problem, decision.groups, decision.tours)


class Prepared(NamedTuple):
    """One draw, ready to be formulated."""

    problem: RotationProblem
    groups: Groups
    tours: Tours  # on offer
    plan: list[list[int]]  # [units] the tours that the incumbent gives each unit; empty without one
    notes: list[str]
    step: int  # days between starts


def prepare(
    problem: RotationProblem, options: Options, incumbent: tuple[Ints, Ints, Ints, Ints] | None = None
) -> Prepared:
    """The draw that options name, its units in groups and the tours on offer, the incumbent's among them."""
    problem = one_draw(problem, options.draw)
    groups = make_groups(problem, options.readiness, _costs(problem, options))
    step = options.start_every_days or _step(problem, groups)
    notes = _notes(problem, options, step)
    none = np.zeros(0, np.int64)
    if incumbent is None:
        return Prepared(
            problem, groups, make_tours(problem, groups, _grids(problem, step), (none,) * 3), [], notes, step
        )
    table, _ = deal(problem, groups, as_tours(problem, groups, incumbent))
    if len(table.day) < len(incumbent[0]):
        left_out = len(incumbent[0]) - len(table.day)
        notes.append(f"{left_out} of {len(incumbent[0])} tours of the plan given are outside the model")
    named = {key: at for at, key in enumerate(zip(groups.unit_pool, groups.unit_number, strict=True))}
    units = np.array([named[key] for key in zip(table.pool, table.unit, strict=True)], np.int64)
    of_group = groups.unit_group[units]
    tours = make_tours(problem, groups, _grids(problem, step), (of_group, table.task, table.day))
    place = {key: at for at, key in enumerate(zip(tours.group, tours.task, tours.day, strict=True))}
    plan: list[list[int]] = [[] for _ in groups.unit_group]
    for unit, *key in zip(units, of_group, table.task, table.day, strict=True):
        plan[unit].append(place[tuple(key)])
    return Prepared(problem, groups, tours, plan, notes, step)


def _costs(problem: RotationProblem, options: Options) -> Floats:
    """Cost per unit-day deployed and per tour [P, 2]; without any, a unit-day costs its people."""
    if options.cost_per_day is None and options.cost_per_deployment is None:
        return np.stack([problem.people_per_unit[0].astype(np.float64), np.zeros(len(problem.nation))], axis=1)
    zero = np.zeros(len(problem.nation))
    parts = [
        zero if c is None else np.asarray(c, np.float64) for c in (options.cost_per_day, options.cost_per_deployment)
    ]
    return np.stack(parts, axis=1)


def _grids(problem: RotationProblem, step: int) -> list[Ints]:
    """Days on which tours for each task may start: every ``step`` days, and when its slots change hands."""
    days = np.arange(0, problem.horizon_days, step)
    tasks = range(problem.task_quantity.shape[1])
    return [days if step == 1 else np.union1d(days, relief_days(problem, task)) for task in tasks]


def _step(problem: RotationProblem, groups: Groups) -> int:
    """The finest grid that keeps the tours on offer below MANY_COLUMNS."""
    stands = np.clip(problem.task_to_day[0], 0, problem.horizon_days) - np.clip(
        problem.task_from_day[0], 0, problem.horizon_days
    )
    daily = int(((problem.effectiveness[groups.pool] > 0) * stands).sum())
    return next((step for step in STEPS if daily / step <= MANY_COLUMNS), STEPS[-1])


def _notes(problem: RotationProblem, options: Options, step: int) -> list[str]:
    """What this answer rests on, beyond the differences that always hold."""
    notes = []
    if step > 1:
        notes.append(f"tours start every {step} days or when a slot changes hands: the bound holds for such plans")
    if (problem.readiness[0] < 1).any():
        taken = {"certain": "every unit is taken as ready", "expected": "each pool is taken at its expected readiness"}
        notes.append(taken[options.readiness])
    if len(problem.phase_from_day) > 1:
        notes.append("a unit that may be sent in one phase stays so when a later phase asks for longer dwell")
    ends = (problem.task_to_day[0] < problem.horizon_days) & (problem.task_quantity[0] > 0)
    if ends.any() and (problem.posture == ROTATING).any():
        notes.append("demand ends early: the simulator may do better than this optimum")
    if (problem.group >= 0).any():
        notes.append("tasks have follow-on groups: the simulator may do better than this optimum")
    rotating = (problem.posture == ROTATING) & (problem.policy >= 0)
    if (problem.max_extension_days[problem.policy[rotating]] > 0).any():
        notes.append("policies allow extension: the simulator may do better than this optimum")
    return notes


def completed(model: Model, counts: Ints) -> Floats:
    """The best point of the model at which tours are started so often: all other columns follow.

    Raises SolverError when the counts break a supply row or a cap.
    """
    upper, lower = model.upper.copy(), model.lower.copy()
    upper[: len(counts)] = lower[: len(counts)] = counts
    x = solve(replace(model.relaxed(), lower=lower, upper=upper), solver="simplex").x
    x[: len(counts)] = counts
    return x


def _whole(form: Formulation, model: Model, options: Options, gap: float, absolute_gap: float) -> Solution:
    """The mixed-integer solve of one level, its counts of tours rounded to exactly whole ones."""
    found = solve(
        model, solver=options.solver, gap=gap, absolute_gap=absolute_gap, max_nodes=options.max_nodes,
        time_limit_s=options.time_limit_s,
    )  # fmt: skip
    x = completed(model, np.rint(found.x[: len(form.tours.day)]).astype(np.int64))
    value = model.objective(x)
    return replace(found, x=x, objective=value, bound=min(found.bound, value))


def _first_level(
    form: Formulation, plan: list[list[int]], demand: float, options: Options
) -> tuple[tuple[Level, Floats], Solution, float]:
    """Least weighted shortfall: bound and prices from the linear relaxation, a search, then whole numbers by proof.

    The level with its point, the relaxation, and the shortfall of the plan given (infinite without one).
    """
    model = form.model
    method: Method = "interior" if chosen_solver(model, options.solver) != "simplex" else "simplex"
    try:
        relaxed = solve(model.relaxed(), solver=method, time_limit_s=options.time_limit_s)
    except SolverError:  # no time for the relaxation: the bound is 0 and the search goes by the weights alone
        relaxed = Solution("time", np.zeros(0), 0.0, 0.0, 0.0, options.time_limit_s, 0.0, method)
    bound = on_lattice(form, relaxed.bound)
    near = max(options.gap_of_demand * demand, 1e-6)
    counts, given = _searched(form, plan, relaxed, bound + near, options)
    x = completed(model, counts)
    value = model.objective(x)
    solution = Solution(
        "searched", x, value, min(bound, value), 0.0, 0.0, 0.0, relaxed.solver, peak_mib=relaxed.peak_mib
    )
    if value <= bound + max(near, options.gap * value):
        solution = replace(solution, status="optimal")
    elif options.prove and len(model.index) <= PROVABLE_NONZEROS:
        solution = _whole(form, replace(model, start=x), options, options.gap, near)
        best = max(bound, on_lattice(form, solution.bound))
        solution = replace(solution, bound=min(best, solution.objective))
    return _level("shortfall", solution, relaxed), relaxed, given


def _searched(
    form: Formulation, plan: list[list[int]], relaxed: Solution, target: float, options: Options
) -> tuple[Ints, float]:
    """Counts of a good plan, found by search from the plan given or from the shadow prices; the former's shortfall."""
    prices = form.model.cost[form.shortfall] if relaxed.duals is None else relaxed.duals[: len(form.stretch_task)]
    search, given = Search(form, prices), INFINITY
    units = len(search.plan)
    search.put(range(units), 0.5 * (search.weight + search.shadow))
    if plan:
        known = Search(form, prices)
        known.adopt(plan)
        given = known.shortfall()
        search = known if given <= search.shortfall() else search
    steps = min(SEARCH_STEPS * units, MOST_STEPS) if options.search_steps is None else options.search_steps
    search.improve(steps, target)
    return search.counts(), given


def on_lattice(form: Formulation, bound: float) -> float:
    """The bound rounded up to the next value that a shortfall can take, where these are multiples of one number.

    With whole weights every shortfall is a multiple of the greatest common divisor of weight x days of the stretches
    times that of the quantities and the effectiveness; otherwise the bound is returned as it is.
    """
    weight = form.model.cost[form.shortfall]
    if not len(weight) or (weight != np.rint(weight)).any():
        return bound
    problem = form.problem
    fits = problem.effectiveness[form.groups.pool[form.tours.group], form.tours.task]
    days = math.gcd(*weight.astype(np.int64).tolist())
    thousandths = math.gcd(*problem.task_quantity[0].tolist(), *np.unique(fits).tolist())
    step = days * thousandths / 1000.0
    return math.ceil(bound / step - 1e-6) * step if step > 0 else bound


def _level(name: str, solution: Solution, *before: Solution) -> tuple[Level, Floats]:
    gap = (solution.objective - solution.bound) / max(abs(solution.objective), 1e-9)
    effort = (*before, solution)
    return Level(
        name, solution.objective, solution.bound, max(gap, 0.0), solution.status, solution.solver,
        sum(one.seconds for one in effort), sum(one.cpu_seconds for one in effort), solution.nodes,
    ), solution.x  # fmt: skip


def _later_levels(
    form: Formulation, x: Floats, names: list[str], options: Options
) -> list[tuple[Level, Floats, float]]:
    """Dwell, burden and cost in turn; each level keeps what the levels before it reached."""
    model = replace(form.model, start=x)
    model = _kept(model, model.cost, x)
    found: list[tuple[Level, Floats, float]] = []
    for name in names:
        if name == "dwell":
            model = replace(model, cost=form.broken)
        elif name == "burden":
            model = burden_model(form, model, options)
        else:
            model = cost_model(form, model, options)
        if not model.cost.any():
            found.append((Level(name, 0.0, 0.0, 0.0, "optimal", "none", 0.0, 0.0, 0), x, 0.0))
            continue
        solution = _whole(form, model, options, options.later_gap, 1e-6)
        x = solution.x
        found.append((*_level(name, solution), solution.peak_mib))
        model = _kept(replace(model, start=x), model.cost, x)
    return found


def _kept(model: Model, cost: Floats, x: Floats) -> Model:
    """The model with a row that holds an objective at the value it has reached."""
    value = float(cost @ x)
    return model.with_row(cost, -INFINITY, value + TOLERANCE * max(1.0, abs(value))) if cost.any() else model


def capacity(problem: RotationProblem, draw: int = 0) -> Floats:
    """People-days that each nation can keep deployed in the long run [N]: the default key of burden.

    A rotating unit is deployed BOG days of every reuse time (start of the window, BOG, demobilisation), a permanent
    one always, from the day it joins to the day it leaves.
    """
    problem = one_draw(problem, draw)
    present = np.minimum(problem.available_to_day[0], problem.horizon_days) - problem.available_from_day[0]
    share = ((problem.posture == PERMANENT) | (problem.posture == FORWARD)).astype(np.float64)
    rotating = problem.posture == ROTATING
    policy = problem.policy[rotating]
    bog, back = problem.bog_days[policy, 0], problem.demobilisation_days[policy, 0]
    share[rotating] = bog / np.maximum(bog + back + problem.start_deployable_day[policy, 0], 1)
    people = problem.quantity[0] * problem.people_per_unit[0] * np.maximum(present, 0) * share
    return np.bincount(problem.nation, people, minlength=len(problem.withdrawal_days)).astype(np.float64)


def burden_key(problem: RotationProblem, options: Options) -> Floats:
    """The key of burden [N] in people-days: as stated, scaled to the capacity of all nations, or each one's own."""
    own = capacity(problem)
    if options.burden_key is None:
        return own
    stated = np.asarray(options.burden_key, np.float64)
    return stated / max(stated.sum(), 1e-9) * own.sum()


def burden_model(form: Formulation, model: Model, options: Options) -> Model:
    """Minimise the largest ratio of people-days deployed to the key: one more column, one row a nation."""
    problem, tours = form.problem, form.tours
    key = burden_key(problem, options)
    key = np.maximum(key, 1e-6 * max(key.max(initial=0.0), 1.0))
    pool = form.groups.pool[tours.group]
    days = np.minimum(tours.home, problem.horizon_days) - tours.day
    people_days = (problem.people_per_unit[0, pool] * days).astype(np.float64)
    scale = max(float(people_days.mean()) if len(people_days) else 1.0, 1.0)
    used = np.bincount(problem.nation[pool], people_days * model.start[: len(pool)], minlength=len(key))  # type: ignore[index]
    ratio = float((used / key).max(initial=0.0))
    model = model.with_column("burden", upper=max(1.0, 2.0 * ratio), start=ratio)
    model = replace(model, cost=np.append(np.zeros(model.columns - 1), 1.0))
    for nation in np.unique(problem.nation[pool]):
        row = np.zeros(model.columns)
        row[: len(pool)] = np.where(problem.nation[pool] == nation, people_days / scale, 0.0)
        row[-1] = -key[nation] / scale
        model = model.with_row(row, -INFINITY, 0.0, f"burden_n{nation}")
    return model


def cost_model(form: Formulation, model: Model, options: Options) -> Model:
    """Minimise what tours cost: their days deployed within the horizon, and each deployment itself."""
    cost = _costs(form.problem, options)[form.groups.pool[form.tours.group]]
    days = np.minimum(form.tours.home, form.problem.horizon_days) - form.tours.day
    tours = cost[:, 0] * days + cost[:, 1]
    return replace(model, cost=np.append(tours, np.zeros(model.columns - len(tours))))
