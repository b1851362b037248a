"""The run: jobs over all draws, a nominal run, the summary, and the folder that holds them."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from holdfast import __version__
from holdfast.base.errors import UsageError
from holdfast.ensemble import draws as assumptions
from holdfast.ensemble.executors import JobExecutor, Threads
from holdfast.ensemble.nominal import write_nominal
from holdfast.ensemble.pipeline import Job, simulate_job
from holdfast.findings.lineage import lineage
from holdfast.findings.opened import Run, column_names, read_column
from holdfast.findings.summary import JudgedEnd, summarise
from holdfast.plan.model import Plan
from holdfast.store import read, write
from holdfast.store.layout import SCHEMA_VERSION, Layout, chunks

DRAWS, SEED = 8192, 1
JUDGED_DRAWS = 1024
"""Draws that are run again for each end of each judged assumption."""

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Task:
    """A job and the file that its result goes to."""

    job: Job
    target: Path


def run(
    plan: Plan,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    out: Path | str | None = None,
    workers: int | JobExecutor | None = None,
    on_progress: Progress | None = None,
    should_stop: Stop | None = None,
) -> Run:
    """Run a plan and write its run folder.

    ``draws`` >= 1 sampled worlds; ``out`` the folder that run folders go to (default: ``results`` beside the plan,
    a temporary folder where ``out`` is ``"memory"``); ``workers`` a number of threads (default: one a core) or an
    executor such as :class:`holdfast.ensemble.executors.Processes`; ``on_progress(done, all)`` is called as jobs end; when ``should_stop()`` is true the run stops, marked
    ``stopped``.  Raises UsageError for impossible options, RunError when the folder cannot be written.
    """
    if draws < 1:
        raise UsageError(f"draws must be at least 1, not {draws}")
    started = time.perf_counter()
    plan_hash = settings_hash(plan, seed)
    layout = write.new_run_folder(_out_folder(plan, out), plan_hash)
    about = _about(plan, layout, plan_hash, draws, seed)
    write.write_json(layout.run, about)
    write.write_plan_copy(layout, plan.files)
    write.write_json(layout.lineage, lineage(plan))
    tasks = all_tasks(plan, layout, draws, seed)
    finished = _work(tasks, _executor(workers), on_progress, should_stop)
    simulated = time.perf_counter()
    if not finished:
        write.write_json(layout.run, {**about, "state": "stopped"})
        raise UsageError(f"stopped; {layout.folder} holds what was finished")
    names = write_nominal(plan, layout, seed)
    summary = _summary(plan, layout, draws, seed, names)
    write.write_json(layout.summary, summary)
    ended = time.perf_counter()
    timings = {"simulate_s": round(simulated - started, 3), "summarise_s": round(ended - simulated, 3)}
    write.write_json(layout.run, {**about, "state": "finished", "finished": _now(), "timings": timings})
    return Run(layout.folder)


def settings_hash(plan: Plan, seed: int) -> str:
    """What a chunk is a pure function of, but for its number: plan, overrides, versions and seed."""
    parts = [plan.fingerprint(), str(SCHEMA_VERSION), __version__, str(seed)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def all_tasks(plan: Plan, layout: Layout, draws: int, seed: int) -> list[Task]:
    """Every job of a run: the chunks of draws, then the first draws again for each judged end."""
    tasks = [
        Task(Job(plan, seed, first, count, bands=number == 0), layout.chunk(number))
        for number, first, count in chunks(draws)
    ]
    again = min(draws, JUDGED_DRAWS)
    for name, end, pinned in judged_ends(plan):
        job = Job(plan, seed, 0, again, pinned=pinned, only_requirements=True)
        tasks.append(Task(job, layout.judged(name, end)))
    return tasks


def judged_ends(plan: Plan) -> list[tuple[str, str, tuple[tuple[str, float], ...]]]:
    """(name or group, ``low`` or ``high``, pinned values) of every judged assumption that has a range.

    Assumptions of one group are read at the same end together.
    """
    groups: dict[str, list[tuple[str, tuple[float, float]]]] = {}
    for row in plan["assumptions"]:
        if row["judged"] and row["kind"] != "formula":
            ends = assumptions.bounds(row)
            if ends[0] < ends[1]:
                groups.setdefault(str(row["group"] or row.id), []).append((row.id, ends))
    return [
        (name, end, tuple((member, ends[side]) for member, ends in members))
        for name, members in groups.items()
        for side, end in enumerate(assumptions.ENDS)
    ]


def work(task: Task) -> Path:
    """Compute one job and write its file; module-level, so that worker processes can run it."""
    import pyarrow as pa

    result = simulate_job(task.job)
    if result.bands:
        write.write_table(Layout(task.target.parent.parent).bands, pa.table(dict(result.bands)))
        write.write_table(Layout(task.target.parent.parent).causes, pa.table(dict(result.causes)))
    write.write_table(task.target, pa.table(dict(result.columns)))
    return task.target


def _work(tasks: Sequence[Task], executor: JobExecutor, progress: Progress | None, stop: Stop | None) -> bool:
    if progress:
        progress(0, len(tasks))
    if stop and stop():
        return False
    for done, _ in enumerate(executor.map(work, tasks), start=1):
        if progress:
            progress(done, len(tasks))
        if stop and done < len(tasks) and stop():
            return False
    return True


def _executor(workers: int | JobExecutor | None) -> JobExecutor:
    if workers is None or isinstance(workers, int):
        return Threads(workers or os.cpu_count() or 1)
    return workers


def _summary(plan: Plan, layout: Layout, draws: int, seed: int, tasks: Sequence[str]) -> dict[str, Any]:
    again = min(draws, JUDGED_DRAWS)
    judged = [
        JudgedEnd(name, end, partial(_judged_column, layout.judged(name, end), again))
        for name, end, _ in judged_ends(plan)
    ]
    column = partial(read_column, layout, draws)
    content = summarise(plan, column_names(layout), column, judged, tasks)
    settings = {"schema_version": SCHEMA_VERSION, "plan": plan.title, "seed": seed, "draws": draws}
    return {**settings, "as_of": None, **content}


def _judged_column(path: Path, rows: int, address: str) -> np.ndarray[Any, Any]:
    return np.asarray(read.read_table(path, [address]).column(address).to_numpy()[:rows])


def _about(plan: Plan, layout: Layout, plan_hash: str, draws: int, seed: int) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "state": "running",
        "id": layout.folder.name,
        "started": _now(),
        "plan": plan.title,
        "plan_hash": plan_hash,
        "seed": seed,
        "draws": draws,
        "as_of": None,
        "overrides": dict(plan.overrides),
        "versions": _versions(),
        "cpu": {"machine": platform.machine(), "cores": os.cpu_count()},
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    packages = ("numpy", "numba", "scipy", "pyarrow", "highspy")
    return {"holdfast": __version__, "python": platform.python_version(), **{name: version(name) for name in packages}}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _out_folder(plan: Plan, out: Path | str | None) -> Path:
    if out == "memory":
        return Path(tempfile.mkdtemp(prefix="holdfast-"))
    return Path(out) if out is not None else plan.folder.parent / "results"
