"""Random small rotation problems that meet every feature of the simulator, for property tests.

A problem is a function of one number: the number in a failing test's report is all it takes to meet it again.
Features are switched on problem by problem, so that most problems are busy and each feature is often alone.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from holdfast.analyses.rotation.lists import PerDraw
from holdfast.analyses.rotation.problem import (
    NEVER,
    Nation,
    Phase,
    Policy,
    Pool,
    RotationProblem,
    Substitution,
    Task,
    from_lists,
)

HORIZON = 40
TYPES = ("A", "A", "A", "B")
NATIONS = ("X", "Y")
PHASES = ("peace", "surge", "recovery")
FEATURES = (
    "callups", "cap", "classes", "cut", "delay", "dwell", "extension", "groups", "join", "phases", "places",
    "postures", "readiness", "starts", "substitution", "varied", "withdrawal",
)  # fmt: skip


class Maker:
    """Rolls the parts of one problem."""

    def __init__(self, number: int, max_draws: int) -> None:
        self.dice = Random(number)
        share = self.dice.choice((0.15, 0.4, 0.8))
        self.on = {feature for feature in FEATURES if self.dice.random() < share}
        self.draws = self.dice.randint(1, max_draws)
        self.horizon = self.dice.choice((HORIZON, HORIZON, self.dice.randint(1, HORIZON)))

    def whole(self, low: int, high: int) -> int:
        return self.dice.randint(low, high)

    def when(self, feature: str, low: int, high: int, otherwise: int, chance: float = 0.6) -> int:
        """A whole number where the feature is on (most of the time), else the plain value."""
        return self.whole(low, high) if feature in self.on and self.dice.random() < chance else otherwise

    def policy(self, name: str, phase: str) -> Policy:
        cycle = self.whole(*self.dice.choice(((1, 8), (6, 20), (15, 40), (4990, 5010))))
        start = self.whole(0, min(cycle, self.dice.choice((0, 3, 9))))
        bog = self.whole(1, self.dice.choice((4, 9, 14, 25)))
        return Policy(
            name,
            cycle_days=cycle,
            start_deployable_day=start,
            stop_deployable_day=self.dice.choice((None, None, self.whole(start, cycle + 2))),
            bog_days=bog,
            overlap_days=self.dice.choice((0, 0, 1, 2, self.whole(0, bog))),
            demobilisation_days=self.dice.choice((0, 0, self.whole(1, 4))),
            max_extension_days=self.when("extension", 1, 5, 0, 0.8),
            min_dwell_days=self.whole(0, 12) if "dwell" in self.on else None,
            max_callups=self.when("callups", 0, 3, NEVER),
            phase=phase,
        )

    def pool(self) -> Pool:
        posture, place = "rotating", self.dice.choice(("", "north", "south")) if "places" in self.on else ""
        if "postures" in self.on:
            posture = self.dice.choice(("rotating", "rotating", "permanent", "forward", "standby"))
        start = self.dice.choice(("even", "fixed", "seeded")) if "starts" in self.on else "even"
        return Pool(
            policy=self.dice.choice(("p", "q")),
            quantity=self.varied(lambda: self.whole(0 if self.dice.random() < 0.1 else 1, 4)),
            unit_type=self.dice.choice(TYPES) if "substitution" in self.on else "A",
            component_class=self.dice.choice(("", "active", "reserve")) if "classes" in self.on else "",
            nation=self.dice.choice(NATIONS),
            posture=posture,
            home_place=place,
            people_per_unit=self.varied(lambda: self.whole(1, 5)),
            available_from_day=self.varied(lambda: self.when("join", -3, 25, 0)),
            available_to_day=self.varied(lambda: self.when("withdrawal", -1, 40, NEVER)),
            cut_day=self.varied(lambda: self.when("cut", 0, 30, NEVER)),
            cut_quantity=self.varied(lambda: self.whole(0, 3)),
            readiness=self.varied(lambda: self.dice.choice((0.0, 0.5, 0.8)) if "readiness" in self.on else 1.0),
            not_ready_days=self.varied(lambda: self.whole(0, 9)),
            arrival_delay_days=self.varied(lambda: self.when("delay", 1, 6, 0)),
            start=start,
            start_clock_day=self.whole(0, 30) if self.dice.random() < 0.7 else self.whole(4980, 5010),
        )

    def task(self, ends: list[int]) -> Task:
        first = self.dice.choice((0, self.whole(-2, 8), self.whole(5, 33)))
        last = self.dice.choice((None, first + self.whole(0, 8), first + self.whole(3, 20)))
        if "groups" in self.on and self.dice.random() < 0.7:  # may take over from the task before
            first = self.dice.choice((0, *ends[-1:])) - self.dice.choice((0, 0, self.whole(0, 4)))
            last = first + self.whole(3, 12)
        ends.append(self.horizon if last is None else last)
        return Task(
            quantity=self.varied(lambda: self.dice.choice((0, 0.5, 1, 1, 1, 2, 2, 2.4, 3))),
            unit_type=self.dice.choice(TYPES) if "substitution" in self.on else "A",
            from_day=first,
            to_day=last if last is None else self.varied(lambda: last + self.when("varied", -2, 3, 0)),
            priority=self.whole(1, 2),
            source_first=self.dice.choice(("", "Uniform", "active", "reserve")) if "classes" in self.on else "",
            group=self.dice.choice(("", "g", "g", "g", "h")) if "groups" in self.on else "",
            place=self.dice.choice(("", "north", "south")) if "places" in self.on else "",
            nation=self.dice.choice(("", "", *NATIONS)) if "places" in self.on else "",
        )

    def varied(self, roll: Callable[[], float]) -> PerDraw:
        """One value for every draw, or one a draw."""
        if self.draws > 1 and "varied" in self.on and self.dice.random() < 0.5:
            return [roll() for _ in range(self.draws)]
        return roll()

    def problem(self) -> RotationProblem:
        turns = sorted(self.whole(0, HORIZON) for _ in range(self.whole(1, 2))) if "phases" in self.on else []
        phases = [Phase(name, day) for name, day in zip(PHASES, [0, *turns], strict=False)]
        ends: list[int] = []
        nations = [Nation(name, self.when("cap", 0, 14, NEVER), self.whole(0, 6)) for name in NATIONS]
        return from_lists(
            [self.pool() for _ in range(self.whole(1, 4))],
            [self.policy(name, phase.name) for name in ("p", "q") for phase in phases],
            [self.task(ends) for _ in range(self.whole(1, 5))],
            self.horizon,
            nations=nations,
            phases=phases,
            substitutions=[Substitution("A", "B", self.dice.choice((0.5, 0.8, 1.0, 1.5)), rank=1)],
            draws=self.draws,
            first_draw=self.dice.choice((0, 7)),
            seed=self.whole(0, 3),
        )


def random_problem(number: int, max_draws: int = 3) -> RotationProblem:
    """A problem of up to 16 units, five tasks and forty days."""
    return Maker(number, max_draws).problem()


numbers = st.integers(0, 2**32 - 1)
"""Hypothesis draws the number of a random problem."""
