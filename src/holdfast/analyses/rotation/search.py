"""A good plan before the solver starts: unit by unit, each unit's best sequence of tours given all the others.

For one unit the best sequence is a longest path over days: send it on the task with the largest gain now, or wait.
The search takes some units out, puts each back by its own best sequence, and keeps the result unless it is worse
(ruin and recreate: Schrimpf, Schneider, Stamm-Wilbrandt and Dueck, 2000).  It counts steps, never time, and its
random numbers are seeded, so it always finds the same plan.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.formulation import Formulation
from holdfast.analyses.rotation.groups import ROTATING
from holdfast.analyses.rotation.problem import NEVER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


SEED = 20250905
"""The search's own stream; it is no part of the ensemble, whose numbers are keyed by draw."""


class _Choices(NamedTuple):
    """The tours that one group may start, day by day."""

    columns: Ints  # columns of the model, by day
    day_at: Ints  # [days] first of the columns of each day
    day_of: Ints  # [columns] index of the day
    first: Ints  # [columns] first stretch filled
    past: Ints
    next_day: Ints  # [columns] index of the first day on which the unit may start again
    same_next: list[int]  # [days] the same where all columns of a day share it; else empty
    effect: Floats  # [columns] units filled
    tours_left: int  # tours that a unit may serve in all
    nation: int
    people: int


class Search:
    """A plan for a :class:`Formulation`, one list of tours a unit, and its improvement.

    ``shadow`` [stretches] are the shadow prices of the coverage rows in the linear relaxation.
    """

    def __init__(self, form: Formulation, shadow: Floats) -> None:
        self.form = form
        self.random = np.random.default_rng(SEED)
        problem, tours, groups = form.problem, form.tours, form.groups
        self.asked = form.model.row_lower[: len(form.stretch_task)]
        self.weight = form.model.cost[form.shortfall]
        self.shadow = np.clip(shadow, 0.0, self.weight)
        self.price = self.weight
        self.lacking = self.asked.copy()
        order = form.stretch_task * (problem.horizon_days + 1) + form.stretch_day
        base = tours.task * (problem.horizon_days + 1)
        self.first = np.searchsorted(order, base + tours.fill_from)
        self.past = np.searchsorted(order, base + tours.fill_to)
        self.effect = problem.effectiveness[groups.pool[tours.group], tours.task] / 1000.0
        self.choices = [self._choices(group) for group in range(len(groups.pool))]
        self.plan: list[list[int]] = [[] for _ in groups.unit_group]
        self.room = problem.max_people_deployed[0][:, None] - np.zeros((1, problem.horizon_days), np.int64)
        self.capped = problem.max_people_deployed[0] < NEVER
        self.begin = [self._begin(unit) for unit in range(len(groups.unit_group))]
        self.serves = [np.unique(tours.group[tours.task == k]) for k in range(problem.task_quantity.shape[1])]
        self.members = [np.flatnonzero(groups.unit_group == group) for group in range(len(groups.pool))]

    def _choices(self, group: int) -> _Choices:
        problem, tours, pool = self.form.problem, self.form.tours, int(self.form.groups.pool[group])
        mine = np.flatnonzero(tours.group == group)
        mine = mine[np.argsort(tours.day[mine], kind="stable")]
        days, day_at, day_of = np.unique(tours.day[mine], return_index=True, return_inverse=True)
        next_day = np.searchsorted(days, tours.rested[mine])
        rotating = bool(problem.posture[pool] == ROTATING)
        limit = int(problem.max_callups[problem.policy[pool]].max()) if rotating else NEVER
        return _Choices(
            mine, day_at, day_of.ravel(), self.first[mine], self.past[mine], next_day,
            [int(i) for i in next_day[day_at]] if rotating else [], self.effect[mine], limit,
            int(problem.nation[pool]), int(problem.people_per_unit[0, pool]),
        )  # fmt: skip

    def _begin(self, unit: int) -> int:
        """Index of the first start day of the unit among its group's start days."""
        group = int(self.form.groups.unit_group[unit])
        choice = self.choices[group]
        days = self.form.tours.day[choice.columns[choice.day_at]] if len(choice.columns) else np.zeros(0, np.int64)
        return int(np.searchsorted(days, self.form.groups.rested[unit]))

    def shortfall(self) -> float:
        """The weighted shortfall of the plan as it stands."""
        return float(self.weight @ np.maximum(self.lacking, 0.0))

    def counts(self) -> Ints:
        """How often the plan starts each tour."""
        started = np.array([column for tours in self.plan for column in tours], np.int64)
        return np.bincount(started, minlength=len(self.form.tours.day))

    def _apply(self, unit: int, sign: int) -> None:
        """Put the unit's tours into the plan (sign 1) or take them out (-1)."""
        tours, choice = self.form.tours, self.choices[int(self.form.groups.unit_group[unit])]
        for column in self.plan[unit]:
            self.lacking[self.first[column] : self.past[column]] -= sign * self.effect[column]
            if self.capped[choice.nation]:
                self.room[choice.nation, tours.day[column] : tours.fill_to[column]] -= sign * choice.people

    def _respond(self, unit: int) -> list[int]:
        """The unit's best sequence of tours, given all others."""
        choice = self.choices[int(self.form.groups.unit_group[unit])]
        if not len(choice.columns):
            return []
        gain = self._gains(choice)
        if not choice.same_next or choice.tours_left < NEVER:
            return self._longest_path(choice, gain, self.begin[unit])
        best = np.maximum.reduceat(gain, choice.day_at).tolist()
        days, follow = len(best), choice.same_next
        value = [0.0] * (days + 1)
        for day in range(days - 1, self.begin[unit] - 1, -1):
            go, stay = best[day] + value[follow[day]], value[day + 1]
            value[day] = go if go > stay else stay
        chosen, day = [], self.begin[unit]
        while day < days and value[day] > 1e-9:
            if value[day] == value[day + 1]:
                day += 1
                continue
            at = choice.day_at[day]
            end = choice.day_at[day + 1] if day + 1 < days else len(gain)
            chosen.append(int(choice.columns[at + int(np.argmax(gain[at:end]))]))
            day = follow[day]
        return chosen

    def _gains(self, choice: _Choices) -> Floats:
        """The shortfall that each tour of the group would take away."""
        lacking = np.maximum(self.lacking, 0.0)
        gain = np.zeros(len(choice.columns))
        for effect in set(choice.effect.tolist()):
            total = np.concatenate([[0.0], np.cumsum(self.price * np.minimum(lacking, effect))])
            gain = np.where(choice.effect == effect, total[choice.past] - total[choice.first], gain)
        if self.capped[choice.nation]:
            full = np.concatenate([[0], np.cumsum(self.room[choice.nation] < choice.people)])
            tours = self.form.tours
            blocked = full[tours.fill_to[choice.columns]] > full[tours.day[choice.columns]]
            gain[blocked] = -1.0
        return gain

    def _longest_path(self, choice: _Choices, gain: Floats, begin: int) -> list[int]:
        """The same where the next day depends on the tour, or where the number of tours is limited."""
        days = len(choice.day_at)
        layers = min(choice.tours_left, days)
        value = np.zeros((layers + 1, days + 1))
        pick = np.full((layers + 1, days + 1), -1, np.int64)
        ends = np.append(choice.day_at[1:], len(gain))
        for left in range(1, layers + 1):
            before = value[left - 1] if choice.tours_left < NEVER else value[left]
            for day in range(days - 1, begin - 1, -1):
                part = slice(choice.day_at[day], ends[day])
                go = gain[part] + before[choice.next_day[part]]
                best = int(np.argmax(go))
                value[left, day] = max(go[best], value[left, day + 1])
                pick[left, day] = part.start + best if go[best] > value[left, day + 1] + 1e-9 else -1
            if choice.tours_left == NEVER:
                layers = left
                break
        chosen, day, left = [], begin, layers
        while day < days and left > 0:
            at = int(pick[left, day])
            if at < 0:
                day += 1
                continue
            chosen.append(int(choice.columns[at]))
            day, left = int(choice.next_day[at]), left - (choice.tours_left < NEVER)
        return chosen

    def put(self, units: Ints | range, price: Floats) -> None:
        """Give each of these units, in turn, its best sequence of tours at these prices of shortfall [stretches]."""
        self.price = price
        for unit in units:
            self.plan[unit] = self._respond(int(unit))
            self._apply(int(unit), 1)

    def adopt(self, plan: list[list[int]]) -> None:
        """Take over a plan, one list of tours a unit."""
        for unit, tours in enumerate(plan):
            self.plan[unit] = tours
            self._apply(unit, 1)

    def improve(self, steps: int, target: float, most: int = 8) -> None:
        """Ruin and recreate ``steps`` times, or until the shortfall is no more than ``target``.

        Each step values days of shortfall at a random mixture of their weight and their shadow price in the linear
        relaxation: where fill is easy to come by later, the price is low, and units go where it is not.
        """
        now = self.shortfall()
        for _ in range(steps):
            if now <= target:
                return
            units = self._victims(most)
            if not len(units):
                return
            before = [self.plan[unit] for unit in units]
            for unit in units:
                self._apply(int(unit), -1)
            share = self.random.random()
            self.put(units, (1.0 - share) * self.weight + share * self.shadow)
            after = self.shortfall()
            if after <= now + 1e-9:
                now = after
                continue
            for unit, tours in zip(units, before, strict=True):
                self._apply(int(unit), -1)
                self.plan[unit] = tours
                self._apply(int(unit), 1)

    def _victims(self, most: int) -> Ints:
        """Some units that could serve a task that is short, in random order."""
        short = np.flatnonzero(self.lacking > 1e-9)
        if not len(short):
            return np.zeros(0, np.int64)
        task = int(self.form.stretch_task[self.random.choice(short)])
        pool = [self.members[group] for group in self.serves[task]]
        if not pool:
            return np.zeros(0, np.int64)
        units = np.concatenate(pool)
        count = min(len(units), int(self.random.integers(2, most + 1)))
        return self.random.permutation(units)[:count]
