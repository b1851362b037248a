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
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np

from holdfast.analyses.rotation.exact import Options, optimise
from holdfast.analyses.rotation.lists import Nation, Policy, Pool, Substitution, Task
from holdfast.analyses.rotation.problem import RotationLabels, RotationProblem, labelled
from holdfast.engine.milp import close_children, solve

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
    policies = [
        Policy(names[n], int(MONTH * tour[n] * (1 + ratio[n])), int(MONTH * tour[n] * ratio[n]), bog_days=int(MONTH * tour[n]))
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
