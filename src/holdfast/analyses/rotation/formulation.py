"""The rotation optimiser's model as arrays: groups of like units, the tours they may start, rows and columns.

Identical units are counts.  That is exact: a tour occupies a unit for an interval of days, and intervals on a line
need exactly as many units as the largest number that overlap, so any counts that keep the supply rows can be dealt
out to named units first come, first served (``deal.py``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.groups import ROTATING, Groups, first_day_of_phase, fit, phase_of, when_rested
from holdfast.analyses.rotation.problem import NEVER, RotationProblem
from holdfast.engine.milp import INFINITY, Model

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


FLOW_TOURS = 200
"""From this many tours on the supply rows are stock balances: a third of the non-zeros, half the solver's time."""


RELIEFS = 60
"""Most days that a task adds to the grid because its slots change hands on them."""


class Tours(NamedTuple):
    """Tours that could be started: one column of the model each; J columns.

    ``early`` and ``rested`` are the first days on which the unit may be sent again (as in :class:`Groups`).
    """

    group: Ints
    task: Ints
    day: Ints
    fill_from: Ints
    fill_to: Ints  # first day that does not count as fill
    home: Ints  # day on which the unit comes home
    early: Ints
    rested: Ints


class Formulation(NamedTuple):
    """The model of level 1 and what the later levels need."""

    problem: RotationProblem  # one draw
    groups: Groups
    tours: Tours
    model: Model
    shortfall: slice  # columns of shortfall, one a stretch of a task
    stretch_task: Ints
    stretch_day: Ints  # first day
    stretch_days: Ints  # length
    broken: Floats  # [columns] 1 for columns that break dwell
    style: str  # "window" or "flow"


def relief_days(problem: RotationProblem, task: int) -> Ints:
    """Days on which a slot of a task that is filled from its first day on, without a gap, changes hands.

    Fewest reliefs first, at most RELIEFS days: where several policies serve a task their lengths mix.
    """
    rotating = np.flatnonzero((problem.posture == ROTATING) & (problem.effectiveness[:, task] > 0))
    fresh = np.array([max(int(problem.task_from_day[0, task]), 0)])
    found = fresh
    while len(fresh) and len(found) < RELIEFS:
        phase = phase_of(problem, fresh)[:, None]
        policy, delay = problem.policy[rotating], problem.arrival_delay_days[0, rotating]
        fill = problem.bog_days[policy, phase] - problem.overlap_days[policy, phase] - delay
        days = np.unique((fresh[:, None] + fill)[fill > 0])
        fresh = np.setdiff1d(days[days < min(problem.task_to_day[0, task], problem.horizon_days)], found)
        found = np.concatenate([found, fresh])
    return np.unique(found[:RELIEFS])


def make_tours(problem: RotationProblem, groups: Groups, grids: list[Ints], extra: tuple[Ints, Ints, Ints]) -> Tours:
    """Every tour that could be started on a day of its task's grid, or is ``extra`` (group, task, day), and fills."""
    triples = [np.stack(extra)]
    for group, pool in enumerate(groups.pool):
        early = groups.early[groups.unit_group == group].min()
        for task in np.flatnonzero((fit(problem, pool) > 0) & (problem.task_quantity[0] > 0)):
            first, past = (
                max(problem.task_from_day[0, task], early),
                min(problem.task_to_day[0, task], groups.gone[group]),
            )
            stands = grids[task][(grids[task] >= first) & (grids[task] < past)]
            triples.append(np.stack([np.full_like(stands, group), np.full_like(stands, task), stands]))
    group, task, day = np.unique(np.concatenate(triples, axis=1), axis=1)
    tours = describe(problem, groups, group, task, day)
    useful = tours.fill_to > tours.fill_from
    return Tours(*(array[useful] for array in tours))


def describe(problem: RotationProblem, groups: Groups, group: Ints, task: Ints, day: Ints) -> Tours:
    """What a tour started on a day does: days of fill, the day home, the days on which its unit may go again."""
    pool = groups.pool[group]
    last = np.minimum(np.minimum(problem.task_to_day[0, task], groups.leave[group]), problem.horizon_days)
    fill_to, home = last.copy(), last.copy()
    early, rested = last.copy(), last.copy()
    for policy in np.unique(problem.policy[pool][problem.posture[pool] == ROTATING]):
        mine = np.flatnonzero((problem.policy[pool] == policy) & (problem.posture[pool] == ROTATING))
        phase = phase_of(problem, day[mine])
        end = day[mine] + problem.bog_days[policy, phase]
        fill_to[mine] = np.minimum(last[mine], end - problem.overlap_days[policy, phase])
        home[mine] = np.minimum(np.minimum(problem.task_to_day[0, task[mine]], groups.leave[group[mine]]), end)
        back = end + problem.demobilisation_days[policy, phase]
        least = np.minimum(problem.start_deployable_day[policy], problem.min_dwell_days[policy])
        early[mine] = first_day_of_phase(problem, back, [back + days for days in least])
        rested[mine] = when_rested(problem, int(policy), (end, back), early[mine])
    fill_from = np.minimum(day + problem.arrival_delay_days[0, pool], fill_to)
    return Tours(group, task, day, fill_from, fill_to, home, early, rested)


class _Rows:
    """Rows of a matrix gathered as (row, column, value) triples, family by family."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.names: list[str] = []

    def add(self, lower: Floats | Ints, upper: Floats | Ints, names: list[str]) -> int:
        """Open rows with these bounds; the number of the first."""
        at = len(self.names)
        self.lower.append(np.asarray(lower, np.float64))
        self.upper.append(np.asarray(upper, np.float64))
        self.names += names
        return at

    def put(self, row: Ints, column: Ints, value: Floats | float) -> None:
        self.row.append(np.asarray(row, np.int64))
        self.column.append(np.asarray(column, np.int64))
        self.value.append(np.broadcast_to(np.asarray(value, np.float64), self.row[-1].shape))

    def matrix(self) -> tuple[Ints, Ints, Floats]:
        row, column, value = np.concatenate(self.row), np.concatenate(self.column), np.concatenate(self.value)
        order = np.lexsort((column, row))
        starts: Ints = np.zeros(len(self.names) + 1, np.int64)
        starts[1:] = np.cumsum(np.bincount(row, minlength=len(self.names)))
        return starts, column[order], value[order]


def spans(first: Ints, past: Ints) -> tuple[Ints, Ints]:
    """For intervals [first, past) of whole numbers: which interval, and each number in it, one after another."""
    lengths = np.maximum(past - first, 0)
    which = np.repeat(np.arange(len(first)), lengths)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return which, first[which] + offset


def stretches(problem: RotationProblem, tours: Tours) -> tuple[Ints, Ints, Ints]:
    """Task, first day and length of every stretch of days over which no tour's fill begins or ends."""
    parts = [np.zeros((3, 0), np.int64)]
    for k in np.flatnonzero(problem.task_quantity[0] > 0):
        begin = max(int(problem.task_from_day[0, k]), 0)
        end = min(int(problem.task_to_day[0, k]), problem.horizon_days)
        if end <= begin:
            continue
        mine = tours.task == k
        edges = np.unique(np.concatenate([tours.fill_from[mine], tours.fill_to[mine], [begin, end]]))
        edges = edges[(edges >= begin) & (edges <= end)]
        parts.append(np.stack([np.full(len(edges) - 1, k), edges[:-1], np.diff(edges)]))
    task, first, days = np.concatenate(parts, axis=1)
    return task, first, days


def formulate(
    problem: RotationProblem,
    groups: Groups,
    tours: Tours,
    *,
    weight: Floats,
    style: str = "choose",
) -> Formulation:
    """Rows and columns of level 1: least weighted shortfall, under coverage, supply, call-ups and caps."""
    task, first, days = stretches(problem, tours)
    count, short = len(tours.day), len(task)
    sources, arcs = _early_arcs(problem, groups, tours)
    style = ("flow" if len(tours.day) > FLOW_TOURS else "window") if style == "choose" else style
    style = "flow" if len(arcs[0]) else style
    shortfall = slice(count, count + short)
    asked = problem.task_quantity[0, task] / 1000.0
    rows = _Rows()
    names = [f"x_g{g}_k{k}_d{d}" for g, k, d in zip(tours.group, tours.task, tours.day, strict=True)]
    names += [f"u_k{k}_d{d}" for k, d in zip(task, first, strict=True)]
    upper = [_largest_count(groups, tours), asked]
    _coverage(problem, groups, tours, rows, (task, first, asked))
    if style == "flow":
        names += [f"e_{a}_d{d}" for a, d in zip(arcs[0], arcs[1], strict=True)]
        upper.append(sources.units[arcs[0]])
        idle = _flow(groups, tours, rows, (sources, arcs), count + short)
        names += idle[0]
        upper.append(idle[1])
    else:
        _window(groups, tours, rows)
    _callups(problem, groups, tours, rows)
    _caps(problem, groups, tours, rows)
    high = np.concatenate(upper).astype(np.float64)
    cost = np.zeros(len(high))
    cost[shortfall] = weight[task] * days
    broken = np.zeros(len(high))
    broken[count + short : count + short + len(arcs[0])] = style == "flow"
    starts, index, value = rows.matrix() if rows.row else (np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0))
    lower_rows, upper_rows = (np.concatenate(part) if part else np.zeros(0) for part in (rows.lower, rows.upper))
    model = Model(
        cost, np.zeros(len(high)), high, np.arange(len(high)) < count, starts, index, value, lower_rows, upper_rows,
        column_names=tuple(names), row_names=tuple(rows.names),
    )  # fmt: skip
    return Formulation(problem, groups, tours, model, shortfall, task, first, days, broken, style)


def _largest_count(groups: Groups, tours: Tours) -> Ints:
    """Units of the group that may be sent by the tour's day: no column can be larger."""
    largest = np.zeros(len(tours.day), np.int64)
    for group in range(len(groups.pool)):
        mine = tours.group == group
        ready = np.sort(groups.early[groups.unit_group == group])
        largest[mine] = np.searchsorted(ready, tours.day[mine], side="right")
    return largest


def _coverage(
    problem: RotationProblem, groups: Groups, tours: Tours, rows: _Rows, stretch: tuple[Ints, Ints, Floats]
) -> None:
    """Fill and shortfall reach what is asked, on every stretch of every task."""
    task, first, asked = stretch
    at = rows.add(asked, np.full(len(task), INFINITY), [f"cover_k{k}_d{d}" for k, d in zip(task, first, strict=True)])
    order = task * (problem.horizon_days + 1) + first  # rising, because stretches stand task by task
    base = tours.task * (problem.horizon_days + 1)
    tour, row = spans(np.searchsorted(order, base + tours.fill_from), np.searchsorted(order, base + tours.fill_to))
    fits = problem.effectiveness[groups.pool[tours.group], tours.task] / 1000.0
    rows.put(at + row, tour, fits[tour])
    rows.put(at + np.arange(len(task)), len(tours.day) + np.arange(len(task)), 1.0)


def _window(groups: Groups, tours: Tours, rows: _Rows) -> None:
    """On every day on which a group may start: units occupied are no more than units that may be sent by then."""
    for group in range(len(groups.pool)):
        mine = np.flatnonzero(tours.group == group)
        days = np.unique(tours.day[mine])
        ready = np.searchsorted(np.sort(groups.early[groups.unit_group == group]), days, side="right")
        none = np.full(len(days), -INFINITY)
        at = rows.add(none, ready.astype(np.float64), [f"supply_g{group}_d{d}" for d in days])
        tour, row = spans(np.searchsorted(days, tours.day[mine]), np.searchsorted(days, tours.early[mine]))
        rows.put(at + row, mine[tour], 1.0)


class _Sources(NamedTuple):
    """Where units become free: starts of tours (one a group and day and length) and units at the outset."""

    group: Ints
    early: Ints
    rested: Ints
    units: Ints  # largest number of units
    tour: Ints  # [columns] source of each tour column


def _early_arcs(problem: RotationProblem, groups: Groups, tours: Tours) -> tuple[_Sources, tuple[Ints, Ints]]:
    """The sources of free units, and an arc (source, day) for each start that would break dwell."""
    del problem
    initial = np.stack([np.full_like(groups.unit_group, -1), groups.unit_group, groups.early, groups.rested])
    started = np.stack([tours.day, tours.group, tours.early, tours.rested])
    table, of = np.unique(np.concatenate([initial, started], axis=1), axis=1, return_inverse=True)
    of = of.ravel()
    size = np.bincount(groups.unit_group, minlength=len(groups.pool))
    units = np.where(table[0] < 0, np.bincount(of[: len(groups.unit_group)], minlength=table.shape[1]), size[table[1]])
    sources = _Sources(table[1], table[2], table[3], units, of[len(groups.unit_group) :])
    which, when = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for source in np.flatnonzero((sources.early < sources.rested) & (sources.early < NEVER)):
        days = np.unique(tours.day[tours.group == sources.group[source]])
        days = days[(days >= sources.early[source]) & (days < sources.rested[source])]
        which.append(np.full_like(days, source))
        when.append(days)
    return sources, (np.concatenate(which), np.concatenate(when))


def _flow(
    groups: Groups, tours: Tours, rows: _Rows, supply: tuple[_Sources, tuple[Ints, Ints]], arc_column: int
) -> tuple[list[str], Ints]:
    """Stock balance: idle = idle before + units rested since + units taken early - units sent, on every start day.

    Names and upper bounds of the idle columns, which stand behind the early arcs.
    """
    sources, (arc_source, arc_day) = supply
    idle_column = arc_column + len(arc_source)
    names: list[str] = []
    upper = [np.zeros(0, np.int64)]
    outset = np.bincount(sources.tour, minlength=len(sources.group)) == 0
    for group in range(len(groups.pool)):
        mine = np.flatnonzero(tours.group == group)
        days = np.unique(tours.day[mine])
        if not len(days):
            continue
        own = np.flatnonzero(sources.group == group)
        slot = np.full(len(sources.group), len(days))
        slot[own] = np.searchsorted(days, sources.rested[own])
        fresh = np.zeros(len(days) + 1)
        np.add.at(fresh, slot[own[outset[own]]], sources.units[own[outset[own]]])
        at = rows.add(fresh[:-1], fresh[:-1], [f"stock_g{group}_d{d}" for d in days])
        column = idle_column + len(names) + np.arange(len(days))
        rows.put(at + np.arange(len(days)), column, 1.0)
        rows.put(at + np.arange(1, len(days)), column[:-1], -1.0)
        rows.put(at + np.searchsorted(days, tours.day[mine]), mine, 1.0)
        back = slot[sources.tour[mine]]
        rows.put(at + back[back < len(days)], mine[back < len(days)], -1.0)
        arc = np.flatnonzero(sources.group[arc_source] == group)
        rows.put(at + np.searchsorted(days, arc_day[arc]), arc_column + arc, -1.0)
        late = arc[slot[arc_source[arc]] < len(days)]
        rows.put(at + slot[arc_source[late]], arc_column + late, 1.0)
        names += [f"idle_g{group}_d{d}" for d in days]
        upper.append(np.full(len(days), int((groups.unit_group == group).sum())))
    _arc_limits(tours, rows, supply, arc_column)
    return names, np.concatenate(upper)


def _arc_limits(tours: Tours, rows: _Rows, supply: tuple[_Sources, tuple[Ints, Ints]], arc_column: int) -> None:
    """A source gives no more early units than it has."""
    sources, (arc_source, _) = supply
    used, row = np.unique(arc_source, return_inverse=True)
    started = np.isin(used, sources.tour)
    names = [f"early_{source}" for source in used]
    at = rows.add(np.full(len(used), -INFINITY), np.where(started, 0, sources.units[used]), names)
    rows.put(at + row.ravel(), arc_column + np.arange(len(arc_source)), 1.0)
    tour = np.flatnonzero(np.isin(sources.tour, used))
    rows.put(at + np.searchsorted(used, sources.tour[tour]), tour, -1.0)


def _callups(problem: RotationProblem, groups: Groups, tours: Tours, rows: _Rows) -> None:
    """A group serves no more tours than its units may in all."""
    for group, pool in enumerate(groups.pool):
        limit = int(problem.max_callups[problem.policy[pool]].max()) if problem.posture[pool] == ROTATING else NEVER
        mine = np.flatnonzero(tours.group == group)
        if limit < NEVER and len(mine):
            units = int((groups.unit_group == group).sum())
            at = rows.add(np.array([-INFINITY]), np.array([float(units * limit)]), [f"callups_g{group}"])
            rows.put(np.full(len(mine), at), mine, 1.0)


def _caps(problem: RotationProblem, groups: Groups, tours: Tours, rows: _Rows) -> None:
    """People of a nation on their way or counting as fill stay within its cap, on every day on which it starts."""
    pool = groups.pool[tours.group]
    people = problem.people_per_unit[0, pool]
    for nation, cap in enumerate(problem.max_people_deployed[0]):
        mine = np.flatnonzero((problem.nation[pool] == nation) & (people > 0))
        if cap >= NEVER or not len(mine):
            continue
        days = np.unique(tours.day[mine])
        at = rows.add(
            np.full(len(days), -INFINITY), np.full(len(days), float(cap)), [f"cap_n{nation}_d{d}" for d in days]
        )
        tour, row = spans(np.searchsorted(days, tours.day[mine]), np.searchsorted(days, tours.fill_to[mine]))
        rows.put(at + row, mine[tour], people[mine][tour])
