"""The compiled rotation simulator against the same rules in SimPy: identical totals, and how many times faster.

    python benchmarks/rotation_simpy.py [--json FILE]

The twin is event-driven and written as a competent SimPy user would: a process for each stretch at home and each tour,
a dispatcher only on days on which something changed, random numbers made in one vectorised call a draw.  Both engines
run in this process, one thread each, in turns; the table shows medians.

What ratio the rules allow (reasoning, not measured): with one tour length and monthly steps a list in order of dwell
needs no comparison, because units join it in that order.  By day and by share of the cycle (rule 4) units of different
cycles overtake each other, so the heads of all pools that fit must be compared, and a tour has more events (window
opens, sent, fill ends, home, end of the cycle).  More nations mean more heads: the ratio falls with their number.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import simpy

from holdfast.analyses.rotation.problem import Policy, Pool, RotationProblem, Task, from_lists
from holdfast.analyses.rotation.simulate import simulate
from holdfast.base.streams import stream_key, uniforms

MONTH, TYPES, ROUNDS = 30, 5, 5
SIZES = {"40 x 60 x 8": (40, 60, 8), "200 x 120 x 25": (200, 120, 25)}
DRAWS = {"40 x 60 x 8": (20_000, 40), "200 x 120 x 25": (2_000, 6)}  # compiled, SimPy
CYCLES = 64


def instance(units: int, months: int, nations: int, draws: int) -> RotationProblem:
    """A tight synthetic plan: demand is about what the units sustain; bases stand, surges end and are taken over."""
    rng = np.random.default_rng(units)
    policies, pools, supply = [], [], np.zeros(TYPES)
    for n in range(nations):
        tour, ratio = int(rng.integers(4, 7)) * MONTH, int(rng.integers(3, 5))
        policies.append(Policy(f"n{n}", tour * (1 + ratio) + 60, tour * ratio, bog_days=tour + 15, overlap_days=15,
                               demobilisation_days=int(rng.choice([0, 30]))))  # fmt: skip
    for kind, n in sorted(zip(rng.integers(TYPES, size=units), rng.integers(nations, size=units), strict=True)):
        pools.append((int(kind), int(n)))
        supply[kind] += 1 / (1 + policies[n].start_deployable_day / policies[n].bog_days)
    listed = [
        Pool(f"n{n}", pools.count((kind, n)), f"T{kind}", id=f"n{n}-T{kind}", start="seeded", readiness=0.85,
             not_ready_days=60)
        for kind, n in dict.fromkeys(pools)
    ]  # fmt: skip
    tasks = []
    for kind in range(TYPES):
        base = max(1, int(0.7 * supply[kind]))
        more, third = max(1, round(supply[kind]) - base), months * MONTH // 3
        tasks += [
            Task(base, f"T{kind}", id=f"base{kind}"),
            Task(more, f"T{kind}", 200, third + 40, id=f"first{kind}", priority=2, group=f"g{kind}"),
            Task(more, f"T{kind}", third + 40, 2 * third, id=f"next{kind}", priority=2, group=f"g{kind}"),
        ]
    return from_lists(listed, policies, tasks, months * MONTH, draws=draws, seed=1)


class Unit:
    """A unit's own facts; ``epoch`` counts its stretches, so that a process of a stretch that is over stops."""

    __slots__ = ("birth", "cycle", "drawn", "epoch", "fill_end", "number", "pool", "sent", "task", "tour_end", "used")

    def __init__(self, pool: int, number: int, clock: int) -> None:
        self.pool, self.number, self.birth = pool, number, -clock
        self.used = self.cycle = self.epoch = self.sent = self.fill_end = self.tour_end = 0
        self.task = self.drawn = -1


class Force:
    """One draw in SimPy: days are whole numbers of its clock, the passes run half a day later."""

    def __init__(self, problem: RotationProblem, draw: int) -> None:
        self.env = simpy.Environment()
        self.p, self.horizon = problem, problem.horizon_days
        row = {name: getattr(problem, name)[:, 0][problem.policy].tolist() for name in (
            "cycle_days", "start_deployable_day", "stop_deployable_day", "bog_days", "overlap_days",
            "demobilisation_days")}  # fmt: skip
        self.cycle_days, self.start, self.stop = (
            row["cycle_days"],
            row["start_deployable_day"],
            row["stop_deployable_day"],
        )
        self.bog, self.overlap, self.demob = row["bog_days"], row["overlap_days"], row["demobilisation_days"]
        self.wanted = (problem.task_quantity[0] // 1000).tolist()
        self.begins, self.ends = problem.task_from_day[0].tolist(), problem.task_to_day[0].tolist()
        self.group, self.prefers = problem.group.tolist(), problem.source_first.tolist()
        self.fits = (problem.effectiveness > 0).tolist()
        self.share, self.out = problem.readiness[0].tolist(), problem.not_ready_days[0].tolist()
        self.on: list[list[Unit]] = [[] for _ in self.wanted]
        self.servers = [[p for p, row in enumerate(self.fits) if row[t]] for t in range(len(self.wanted))]
        self.classes = problem.component_class.tolist()
        self.ready: list[list[Unit]] = [[] for _ in self.fits]
        self.handing_over: dict[int, list[Unit]] = {}
        self.held: list[Unit] = []
        self.filled = [0] * len(self.wanted)
        self.missed, self.since = [0] * len(self.wanted), [0] * len(self.wanted)
        self.tours = [0] * len(self.share)
        self.called: set[int] = set()
        self.chance: list[list[list[float]]] = []
        self.raise_units(draw)

    def raise_units(self, draw: int) -> None:
        starts, ready = stream_key(self.p.seed, "rotation.start"), stream_key(self.p.seed, "rotation.readiness")
        for pool, quantity in enumerate(self.p.quantity[0].tolist()):
            stream, numbers = int(self.p.stream[pool]), np.arange(quantity)
            clocks = uniforms(starts, stream, draw, numbers) * self.cycle_days[pool]
            self.chance.append(uniforms(ready, stream, draw, numbers[:, None], np.arange(CYCLES)).tolist())
            for number, clock in enumerate(clocks.astype(int).tolist()):
                self.env.process(self.at_home(Unit(pool, number, clock)))
        for task, end in enumerate(self.ends):
            self.env.process(self.stand(task, end))

    def run(self) -> None:
        self.env.run(until=self.horizon)
        for task, quantity in enumerate(self.wanted):
            if self.begins[task] <= self.since[task] < self.ends[task]:
                self.missed[task] += max(0, quantity - self.filled[task]) * (self.horizon - self.since[task])

    # ---- stretches of a unit's life

    def at_home(self, unit: Unit) -> Iterator[simpy.Event]:
        """Cycles at home until sent (rules 1 and 2); a window that opens draws readiness."""
        epoch, pool, env = unit.epoch, unit.pool, self.env
        while True:
            if (wait := unit.birth + self.start[pool] - env.now) > 0:
                yield env.timeout(wait)
            turn = unit.birth + self.cycle_days[pool]
            if env.now < unit.birth + self.stop[pool] and unit.used < self.bog[pool] - self.overlap[pool]:
                if unit.drawn != unit.cycle:
                    unit.drawn = unit.cycle
                    if self.share[pool] < 1 and self.chance[pool][unit.number][unit.cycle] >= self.share[pool]:
                        yield env.timeout(min(self.out[pool], turn - env.now))
                if env.now < turn:
                    self.ready[pool].append(unit)
                    self.call()
            yield env.timeout(turn - env.now)
            if unit.epoch != epoch:
                return
            if unit in self.ready[pool]:
                self.ready[pool].remove(unit)
            unit.birth, unit.used, unit.cycle = int(env.now), 0, unit.cycle + 1

    def tour(self, unit: Unit) -> Iterator[simpy.Event]:
        """Fill, overlap, home (rules 5 and 6)."""
        epoch, env = unit.epoch, self.env
        yield env.timeout(unit.fill_end - int(env.now) - 0.5)
        if unit.epoch != epoch:
            return
        self.on[unit.task].remove(unit)
        self.call()
        if unit.tour_end > unit.fill_end:
            self.handing_over.setdefault(unit.task, []).append(unit)
            yield env.timeout(unit.tour_end - unit.fill_end)
            if unit.epoch != epoch:
                return
            self.handing_over[unit.task].remove(unit)
        self.spent(unit)

    def spent(self, unit: Unit) -> None:
        unit.birth, unit.used, unit.cycle = int(self.env.now) + self.demob[unit.pool], 0, unit.cycle + 1
        self.home(unit)

    def back(self, unit: Unit) -> None:
        """Rule 7."""
        if int(self.env.now) - unit.birth >= self.cycle_days[unit.pool]:
            self.spent(unit)
        else:
            unit.used += int(self.env.now) - unit.sent
            self.home(unit)

    def home(self, unit: Unit) -> None:
        unit.epoch, unit.task = unit.epoch + 1, -1
        self.env.process(self.at_home(unit))

    # ---- tasks and the passes of a day

    def stand(self, task: int, end: int) -> Iterator[simpy.Event]:
        """A task begins and ends; its units are offered on, or go home."""
        yield self.env.timeout(self.begins[task])
        self.call()
        if end >= self.horizon:
            return
        yield self.env.timeout(end - self.begins[task])
        self.call()
        for unit in self.handing_over.pop(task, []):
            self.spent(unit)
        for unit in self.on[task]:
            if unit.fill_end <= end:
                self.spent(unit)
            elif self.group[task] >= 0:
                self.held.append(unit)
            else:
                self.back(unit)
        self.on[task] = []

    def call(self) -> None:
        """The passes run today, or tomorrow when today's are over."""
        day = int(self.env.now)
        when = day if self.env.now == day else day + 1
        if when not in self.called:
            self.called.add(when)
            self.env.process(self.passes(when))

    def passes(self, day: int) -> Iterator[simpy.Event]:
        """Follow-on, units at home, the unused home, score (rules 3, 4, 8, 9)."""
        yield self.env.timeout(day + 0.5 - self.env.now)
        standing = [task for task, begin in enumerate(self.begins) if begin <= day < self.ends[task]]
        for task in standing:
            group = self.group[task]
            while group >= 0 and len(self.on[task]) < self.wanted[task]:
                offered = [u for u in self.held if self.group[u.task] == group and self.fits[u.pool][task]]
                if not offered:
                    break
                unit = min(offered, key=lambda u: self.order(u, task, day))
                self.held.remove(unit)
                self.on[task].append(unit)
                unit.task = task
        for task in standing:
            while len(self.on[task]) < self.wanted[task]:
                able = [u for p in self.servers[task] for u in self.ready[p] if day - u.birth < self.stop[p]]
                if not able:
                    break
                self.send(min(able, key=lambda u: self.order(u, task, day)), task, day)
        for unit in self.held:
            self.back(unit)
        self.held.clear()
        self.score(day)

    def order(self, unit: Unit, task: int, day: int) -> tuple[bool, float, int, int]:
        """Rule 4; shares of cycles shorter than a million days differ by more than a double can hide."""
        wish = self.prefers[task]
        other = wish >= 0 and self.classes[unit.pool] != wish
        return other, (unit.birth - day) / self.cycle_days[unit.pool], unit.pool, unit.number

    def send(self, unit: Unit, task: int, day: int) -> None:
        self.ready[unit.pool].remove(unit)
        self.on[task].append(unit)
        self.tours[unit.pool] += 1
        unit.epoch, unit.task, unit.sent = unit.epoch + 1, task, day
        unit.tour_end = day + self.bog[unit.pool] - unit.used
        unit.fill_end = unit.tour_end - self.overlap[unit.pool]
        self.env.process(self.tour(unit))

    def score(self, day: int) -> None:
        """Days since the last passes were short by what was missing then; a change in (1) always calls the passes."""
        for task, quantity in enumerate(self.wanted):
            if self.begins[task] <= self.since[task] < self.ends[task]:
                self.missed[task] += max(0, quantity - self.filled[task]) * (
                    min(day, self.ends[task]) - self.since[task]
                )
            self.since[task], self.filled[task] = day, len(self.on[task])


# ---- measuring


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def assert_same_totals(problem: RotationProblem, draws: int) -> None:
    """Missed unit-days by task and tours by pool, draw by draw."""
    outcome = simulate(problem._replace(draws=draws), daily=False)
    for draw in range(draws):
        force = Force(problem, draw)
        force.run()
        ours = outcome.missed_unit_days[draw].tolist(), outcome.tours[draw].tolist()
        assert ours == (force.missed, force.tours), f"draw {draw} differs: {ours}, {(force.missed, force.tours)}"


def measure(size: str) -> dict[str, float]:
    """Draws a second of both engines, medians of interleaved runs on one thread."""
    compiled, slow = DRAWS[size]
    problem = instance(*SIZES[size], draws=compiled)
    assert_same_totals(problem, slow)
    kernel_s, simpy_s = [], []
    for _ in range(ROUNDS):
        kernel_s.append(timed(lambda: simulate(problem, daily=False, threads=1)))
        simpy_s.append(timed(lambda: [Force(problem, draw).run() for draw in range(slow)]))
    outcome = simulate(problem._replace(draws=min(compiled, 500)), daily=False)
    fast, plain = compiled / statistics.median(kernel_s), slow / statistics.median(simpy_s)
    return {
        "simpy_draws_per_s": plain,
        "kernel_draws_per_s": fast,
        "ratio": fast / plain,
        "us_per_draw": 1e6 / fast,
        "tours_per_draw": float(outcome.tours.sum(axis=1).mean()),
        "ns_per_tour": 1e9 / fast / float(outcome.tours.sum(axis=1).mean()),
        "share_missed": float(outcome.missed_unit_days.sum(axis=1).mean()) / asked(problem),
    }


def asked(problem: RotationProblem) -> float:
    return float((problem.task_quantity * (problem.task_to_day - problem.task_from_day)).sum()) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {size: measure(size) for size in SIZES}
    print(f"{'units x months x nations':26}{'SimPy /s':>10}{'kernel /s':>12}{'ratio':>8}{'tours':>8}", end="")
    print(f"{'ns/tour':>9}{'missed':>8}")
    for size, row in found.items():
        print(f"{size:26}{row['simpy_draws_per_s']:>10.1f}{row['kernel_draws_per_s']:>12.0f}{row['ratio']:>8.0f}"
              f"{row['tours_per_draw']:>8.0f}{row['ns_per_tour']:>9.0f}{row['share_missed']:>8.1%}")  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
