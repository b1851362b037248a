"""How fast pools are built, drawn and summarised: the reference claims and a synthetic hundred assumptions.

python benchmarks/evidence.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from holdfast.analyses.evidence.check import check
from holdfast.analyses.evidence.problem import build
from holdfast.analyses.evidence.simulate import sample
from holdfast.plan import load
from holdfast.plan.model import Plan

DRAWS = 8192


def synthetic(assumptions: int, claims_each: int) -> Plan:
    """One nation an assumption, each spoken of by several origins in outlets of every grade."""
    sources = ["id,outlet,reliability", *(f"S{letter},outlet {letter},{letter}" for letter in "ABCDEF")]
    header = "id,date,source,basis,origin,credibility,subject,quantity,kind,low,high,unit"
    claims, rows = [header], ["name,unit,kind,low,mode,high,claims"]
    for nation in range(assumptions):
        ids = [f"C{nation}x{number}" for number in range(claims_each)]
        for number, claim in enumerate(ids):
            ends = (f",{1000 + 10 * number}", f"{900 + number},", "500,1500", "800,800")[number % 4]
            claims.append(
                f"{claim},2026-01-{1 + number % 28:02d},S{'ABCDEF'[number % 6]},anonymous,o{number},"
                f"{2 + number % 4},N{nation},contribution_troops,offered,{ends},troops"
            )
        rows.append(f"x{nation},persons,claims,0,700,2000,{';'.join(ids)}")
    yaml = "title: synthetic\nc_day: 2027-01-01\ncompiled: 2026-06-30\nhorizon_days: 1\nschema_version: 1\n"
    texts = {"plan.yaml": [yaml], "sources.csv": sources, "claims.csv": claims, "assumptions.csv": rows}
    return load.build(Path("synthetic"), {name: "\n".join(lines).encode() for name, lines in texts.items()}, {})


def seconds(work: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Measure and print; ``--json`` writes the numbers to a file, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = {}
    for assumptions, claims_each in ((40, 3), (100, 12)):
        plan = synthetic(assumptions, claims_each)
        problem = build(plan)
        found[f"{assumptions} assumptions of {claims_each} claims"] = {
            "check_s": seconds(partial(check, plan)),
            "build_s": seconds(partial(build, plan)),
            f"sample_{DRAWS}_draws_s": seconds(partial(sample, problem, np.arange(DRAWS), 1)),
            "quantiles_s": seconds(partial(problem.quantiles, "x0", [0.05, 0.5, 0.95])),
        }
    text = json.dumps(found, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
