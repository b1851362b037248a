"""What a run costs beside its bare kernels, and what the run folder costs to write and to ask.

python benchmarks/ensemble.py [--draws N] [--json FILE]

One thread, the shipped plans; every ratio is taken inside one process, and of several rounds the best counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from holdfast import api
from holdfast.analyses.rotation import kernels
from holdfast.ensemble import draws as assumptions
from holdfast.ensemble import pipeline
from holdfast.ensemble.executors import Threads
from holdfast.ensemble.pipeline import Batch, Job, simulate_job
from holdfast.ensemble.run import run
from holdfast.ensemble.tasks import Settings, all_tasks
from holdfast.findings.opened import Run
from holdfast.plan.model import Plan
from holdfast.store import read, write
from holdfast.store.layout import CHUNK_DRAWS, Layout

Numbers = dict[str, float]
ROUNDS = 3


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


@contextmanager
def timed(places: dict[str, tuple[Any, str]]) -> Iterator[Numbers]:
    """Seconds spent inside some functions, by label; ``places`` says where each is looked up."""
    spent: Numbers = dict.fromkeys(places, 0.0)
    before = {label: getattr(owner, name) for label, (owner, name) in places.items()}

    def watched(label: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return before[label](*given, **named)
            finally:
                spent[label] += time.perf_counter() - start

        return call

    for label, (owner, name) in places.items():
        setattr(owner, name, watched(label))
    try:
        yield spent
    finally:
        for label, (owner, name) in places.items():
            setattr(owner, name, before[label])


INSIDE = {
    "kernels": (kernels, "run"),
    "claims": (pipeline, "evidence_sample"),
    "assumptions": (assumptions, "sample"),
    "problem": (pipeline, "build"),
    "measures": (Batch, "measure_columns"),
    "requirements": (Batch, "requirement_columns"),
}


def overhead(plan: Plan, draws: int) -> Numbers:
    """Microseconds a draw in each part of one chunk, and the whole over the bare kernels."""
    best: Numbers = {}
    for _ in range(ROUNDS):
        with timed(INSIDE) as spent:
            start = time.perf_counter()
            simulate_job(Job(plan, 1, 0, draws))
            total = time.perf_counter() - start
        if not best or total < best["total"]:
            best = {**spent, "total": total}
    found = {f"{name}_us_a_draw": 1e6 * value / draws for name, value in best.items()}
    found["other_us_a_draw"] = found["total_us_a_draw"] - sum(found[f"{name}_us_a_draw"] for name in INSIDE)
    found["overhead_share"] = best["total"] / best["kernels"] - 1
    return found


def whole_run(plan: Plan, draws: int) -> Numbers:
    """Seconds of a whole run on one thread, and what of it is not spent on draws."""
    with tempfile.TemporaryDirectory() as folder, timed({**INSIDE, "writing": (write, "write_table")}) as spent:
        settings = Settings(draws, 1)
        simulated = sum(task.job.draws for task in all_tasks(plan, Layout(Path(folder)), settings))
        start = time.perf_counter()
        done = run(plan, draws=draws, seed=1, out=Path(folder), workers=1)
        total = time.perf_counter() - start
        size = sum(path.stat().st_size for path in done.path.rglob("*") if path.is_file())
    return {
        "draws": draws,
        "draws_simulated_in_all": simulated,
        "total_s": total,
        "kernels_s": spent["kernels"],
        "writing_s": spent["writing"],
        "summary_and_nominal_s": done.about["timings"]["summarise_s"],
        "folder_MB": size / 1e6,
        "overhead_share": total / spent["kernels"] - 1,
    }


def nothing(job: int) -> int:
    """A job that takes no time."""
    return job


def executor() -> Numbers:
    """Milliseconds a job on threads when the job itself takes no time."""
    jobs = list(range(20_000))
    return {f"ms_a_job_{n}_threads": 1e3 * seconds(lambda n=n: list(Threads(n).map(nothing, jobs))) / len(jobs)
            for n in (1, 2, 4)}  # fmt: skip


def folder_of(plan: Plan, draws: int, folder: Path) -> Run:
    """A run folder of many draws: the columns of the plan's first chunk, over and over."""
    done = run(plan, draws=CHUNK_DRAWS, seed=1, out=folder, workers=1)
    first = done.layout.chunk(0).read_bytes()
    for number in range(1, -(-draws // CHUNK_DRAWS)):
        done.layout.chunk(number).write_bytes(first)
    about = {**done.about, "draws": -(-draws // CHUNK_DRAWS) * CHUNK_DRAWS}
    write.write_json(done.layout.run, about)
    return Run(done.path)


def parquet(plan: Plan, draws: int) -> Numbers:
    """Writing and reading columns of many draws."""
    uniform = pa.table({"x": np.random.default_rng(1).random(draws), "n": np.arange(draws, dtype=np.int32)})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "t.parquet"
        found = {
            "write_two_columns_s": seconds(lambda: write.write_table(path, uniform)),
            "read_two_columns_s": seconds(lambda: read.read_table(path)),
            "bytes_a_float": 0.0,
        }
        write.write_table(path, uniform.select(["x"]))
        found["bytes_a_float"] = path.stat().st_size / draws
        many = folder_of(plan, draws, folder / "runs")
        address = next(item for item in many.columns if item.startswith("measure/"))
        met = [f"requirement/{item['id']}.met" for item in many.requirements]
        found |= {
            "columns": len(many.columns),
            "chunks": len(list(many.layout.draws.glob("chunk-*"))),
            "one_column_s": seconds(lambda: many.column(address)),
            "share_and_quantiles_s": seconds(lambda: np.percentile(many.column(address), [5, 50, 95])),
            "joint_probability_s": seconds(lambda: np.all([many.column(item) for item in met], axis=0).mean()),
        }
    return found


def memory(plan: Plan, draws: int) -> Numbers:
    """Peak memory of this process over a run of the tiny plan, and what each further draw of it adds."""
    found = {}
    for count in (draws // 10, draws):
        run(plan, draws=count, seed=1, out="memory", workers=1)
        found[f"peak_MB_after_{count}_draws"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first, last = found.values()
    found["bytes_a_further_draw"] = (last - first) * 2**20 / (draws - draws // 10)
    found["peak_MB_at_1000000_draws"] = last + max(1e6 - draws, 0) * found["bytes_a_further_draw"] / 2**20
    return found


def report(found: dict[str, Numbers]) -> None:
    """The numbers as tables."""
    for part, numbers in found.items():
        print(part)
        for name, value in numbers.items():
            print(f"  {name:<32} {value:>14,.4g}")


def main() -> None:
    """Measure and print; ``--json`` writes the numbers to a file, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=8192, help="of the whole run")
    parser.add_argument("--columns", type=int, default=1_000_000, help="draws in the columns that are written and read")
    parser.add_argument("--tiny", type=int, default=100_000, help="draws of the tiny plan for the peak of memory")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    plans = Path(api.__file__).parent / "plans"
    tiny, plan = api.load(plans / "tiny"), api.load(plans / "reassurance")
    simulate_job(Job(plan, 1, 0, 64))
    found = {
        "memory, tiny plan": memory(tiny, options.tiny),
        "one chunk, reassurance plan": overhead(plan, CHUNK_DRAWS),
        "whole run, reassurance plan": whole_run(plan, options.draws),
        "executor": executor(),
        f"columns of {options.columns} draws": parquet(tiny, options.columns),
    }
    report(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
