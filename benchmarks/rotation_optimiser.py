"""How fast and how near to its bound the rotation optimiser is, on synthetic tight plans.

    python benchmarks/rotation_optimiser.py [small] [medium] [large] [--json FILE]

Demand is about what the units can sustain, which is the hard regime.  Months of 30 days, one start day a month.
Units fall on (nation, type) at random; every nation has its own tour length and dwell ratio; every type
may be replaced by its neighbour; a third of the pools join late.  All numbers come from one seeded
instance a size: orders of magnitude, not statistics.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np

from holdfast.analyses.rotation.exact import Options, optimise
from holdfast.analyses.rotation.lists import Nation, Policy, Pool, Substitution, Task
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem, labelled
from holdfast.engine.milp import close_children

MONTH = 30
SIZES = {"small": (40, 60, 8), "medium": (200, 120, 25), "large": (1000, 240, 30)}
BARS = {
    "small": "0.1 % of demand in 2 s of CPU",
    "medium": "0.75 % of demand in 60 s (stretch: 0.5 %)",
    "large": "bound of the linear relaxation in 120 s",
}
TYPES = 5


def instance(units: int, months: int, nations: int, seed: int = 0) -> tuple[RotationProblem, RotationLabels]:
    """A tight synthetic plan: demand by type is about the sustainable supply of that type."""
    rng = np.random.default_rng(seed)
    names = [f"N{n:02d}" for n in range(nations)]
    tour = rng.choice([4, 5, 6], nations)
    ratio = rng.choice([3, 4], nations)
    bog = MONTH * tour
    policies = [
        Policy(names[n], int(bog[n] * (1 + ratio[n])), int(bog[n] * ratio[n]), bog_days=int(bog[n]))
        for n in range(nations)
    ]
    counts = Counter((int(rng.integers(nations)), int(rng.integers(TYPES))) for _ in range(units))
    pools, supply = [], np.zeros(TYPES)
    for (n, kind), count in sorted(counts.items()):
        join = int(rng.choice([0, 0, 0, 0, 6, 12])) * MONTH
        pools.append(Pool(names[n], count, f"T{kind}", nation=names[n], people_per_unit=600, available_from_day=join))
        supply[kind] += count / (1 + ratio[n])
    tasks = []
    for kind in range(TYPES):
        standing = max(1, int(0.7 * supply[kind]))
        length = int(rng.integers(months // 3, 2 * months // 3)) * MONTH
        begin = int(rng.integers(0, months - length // MONTH)) * MONTH
        surge = max(1, int((supply[kind] - standing) * months * MONTH / length))
        tasks.append(Task(standing, f"T{kind}", 0, months * MONTH))
        tasks.append(Task(surge, f"T{kind}", begin, begin + length, priority=2))
    swaps = [Substitution(f"T{k}", f"T{(k + 1) % TYPES}", 1.0) for k in range(TYPES)]
    caps = [Nation(name) for name in names]
    return labelled(pools, policies, tasks, months * MONTH, nations=caps, substitutions=swaps)


def cpu_seconds() -> float:
    """CPU of this process and of the solver processes that have ended."""
    close_children()
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def measure(size: str, seed: int, prove: bool, steps: int | None) -> dict[str, object]:
    """One run of level 1: what was reached, how near to the bound, at what cost."""
    problem, labels = instance(*SIZES[size], seed=seed)
    cpu, wall = cpu_seconds(), time.perf_counter()
    options = Options(
        start_every_days=MONTH, levels=(), prove=prove, search_steps=steps, max_nodes=100, time_limit_s=400.0
    )
    decision = optimise(problem, labels, options=options)
    cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    return {
        "size": size, "seed": seed, "prove": prove, "status": decision.status, "solver": decision.solver,
        "rows_columns_nonzeros": decision.size, "groups": len(decision.groups.pool),
        "demand_unit_months": decision.demand / MONTH, "shortfall_unit_months": decision.shortfall / MONTH,
        "lp_bound_unit_months": decision.lp_bound / MONTH, "bound_unit_months": decision.bound / MONTH,
        "gap_percent_of_demand": 100 * decision.gap_of_demand, "gap_percent_of_objective": 100 * decision.gap,
        "tours": len(decision.tours.day), "cpu_s": cpu, "wall_s": wall,
        "peak_mib_solver": decision.peak_mib,
        "peak_mib_self": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


RUNS = {
    "small": [(seed, prove, None) for seed in range(5) for prove in (False, True)],
    "medium": [(0, False, None), (1, False, None), (2, False, None), (0, False, 60_000)],
    "large": [(0, False, 2_000)],
}


def main() -> None:
    """Run the sizes asked for, print a line a run and the bars, write JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], default=["small", "medium"])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = []
    for size in given.sizes:
        print(f"{size}: units, months, nations = {SIZES[size]}; bar: {BARS[size]}")
        for seed, prove, steps in RUNS[size]:
            row = measure(size, seed, prove, steps)
            rows.append(row)
            print(
                f"  seed {seed} {'branching' if prove else 'search   '} {row['status']:9} "
                f"{row['gap_percent_of_demand']:.3f} % of demand, {row['gap_percent_of_objective']:.2f} % of it, "
                f"CPU {row['cpu_s']:.1f} s, wall {row['wall_s']:.1f} s, solver {row['peak_mib_solver']:.0f} MiB",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
