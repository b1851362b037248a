"""The run: tasks over all draws, a nominal run, the summary, and the folder that holds them."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from holdfast import __version__
from holdfast.base.errors import RunError, UsageError
from holdfast.ensemble import stored
from holdfast.ensemble.draws import Reading
from holdfast.ensemble.executors import JobExecutor, Threads
from holdfast.ensemble.nominal import write_nominal
from holdfast.ensemble.tasks import Settings, Task, all_tasks, is_done, judged_ends, origin_checks, work
from holdfast.findings.lineage import lineage
from holdfast.findings.opened import Run, column_names, read_column
from holdfast.findings.summary import Again, Stored, summarise
from holdfast.findings.voices import voices
from holdfast.plan.model import Plan
from holdfast.store import read, write
from holdfast.store.layout import OVER_DRAWS, SCHEMA_VERSION, Layout

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]
Workers = int | JobExecutor | None

MEMORY = "memory"


class How(NamedTuple):
    """Who computes, who is told, and who may stop it; nothing of it changes a result."""

    workers: Workers = None
    progress: Progress | None = None
    stop: Stop | None = None


def run(
    plan: Plan,
    *,
    draws: int = 8192,
    seed: int = 1,
    as_of: date | None = None,
    out: Path | str | None = None,
    workers: Workers = None,
    on_progress: Progress | None = None,
    should_stop: Stop | None = None,
) -> Run:
    """Run a plan and write its run folder.

    ``draws`` >= 1 sampled worlds; ``as_of`` leaves out claims dated later; ``out`` the folder that run folders go to
    (default: ``results`` beside the plan; ``"memory"``: a temporary folder that goes when the run that is returned
    does); ``workers`` a number of threads
    (default: one a core) or an executor such as :class:`holdfast.ensemble.executors.Processes`;
    ``on_progress(done, all)`` is called as tasks end; when ``should_stop()`` is true the run stops and can be resumed.
    Raises UsageError for impossible options, RunError when the folder cannot be written.
    """
    if draws < 1:
        raise UsageError(f"draws must be at least 1, not {draws}")
    settings = Settings(draws, seed, Reading(as_of))
    plan_hash = settings_hash(plan, settings)
    layout = write.new_run_folder(_out_folder(plan, out), plan_hash)
    about = _about(plan, layout, plan_hash, settings)
    how = How(workers, on_progress, should_stop)
    if out == MEMORY:
        return _kept_in_memory(layout, partial(_begin, plan, layout, settings, about, how))
    return _begin(plan, layout, settings, about, how)


def resume(
    folder: Path | str,
    *,
    draws: int | None = None,
    workers: Workers = None,
    on_progress: Progress | None = None,
    should_stop: Stop | None = None,
) -> Run:
    """Finish a run that was cut short, or extend one to more ``draws``; nothing that is finished is done again.

    The plan is the run's own copy.  Raises RunError when the folder is foreign, damaged, from another version of the
    program, or holds another plan than it says; UsageError when ``draws`` is smaller than before.
    """
    layout, _ = read.open_layout(Path(folder))
    with write.alone(layout.folder):
        write.sweep(layout.folder)
        begun = stored.begun(layout)
        if draws is not None and draws < begun.draws:
            raise UsageError(f"the run has {begun.draws} draws; --resume can only add some, not go back to {draws}")
        settings = Settings(draws or begun.draws, begun.seed, Reading(begun.as_of))
        if settings_hash(begun.plan, settings) != begun.about["plan_hash"]:
            raise RunError(f"{folder} was run from another plan than its run.json says: run the plan anew")
        stored.warn_of_another_machine(begun.about, _versions(), _processor())
        about = {**begun.about, "state": "running", "draws": settings.draws}
        write.write_json(layout.run, about)
        write.write_json(layout.lineage, lineage(begun.plan))
        return _go_on(begun.plan, layout, settings, about, How(workers, on_progress, should_stop))


def _begin(plan: Plan, layout: Layout, settings: Settings, about: dict[str, Any], how: How) -> Run:
    with write.alone(layout.folder):
        write.write_json(layout.run, about)
        write.write_plan_copy(layout, plan.files)
        write.write_json(layout.lineage, lineage(plan))
        return _go_on(plan, layout, settings, about, how)


def _kept_in_memory(layout: Layout, work: Callable[[], Run]) -> Run:
    """A run whose folder goes when nobody holds the run any more, and at once when it does not come to its end."""
    keep = False
    try:
        done = work()
        weakref.finalize(done, shutil.rmtree, layout.folder.parent, ignore_errors=True)
        keep = True
        return done
    finally:
        if not keep:
            shutil.rmtree(layout.folder.parent, ignore_errors=True)


def _go_on(plan: Plan, layout: Layout, settings: Settings, about: dict[str, Any], how: How) -> Run:
    started = time.perf_counter()
    tasks = all_tasks(plan, layout, settings)
    if not _work(tasks, layout, how):
        write.write_json(layout.run, {**about, "state": "stopped"})
        raise UsageError(f"stopped; go on with --resume {layout.folder}")
    simulated = time.perf_counter()
    names = write_nominal(plan, layout, settings.seed, settings.reading)
    write.write_json(layout.summary, _summary(plan, layout, settings, names))
    ended = time.perf_counter()
    timings = {"simulate_s": round(simulated - started, 3), "summarise_s": round(ended - simulated, 3)}
    write.write_json(layout.run, {**about, "state": "finished", "finished": _now(), "timings": timings})
    return Run(layout.folder)


def settings_hash(plan: Plan, settings: Settings) -> str:
    """What a chunk is a pure function of, but for its number: plan, overrides, claims read, versions and seed."""
    parts = [plan.fingerprint(), str(SCHEMA_VERSION), __version__, str(settings.seed), str(settings.reading)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _work(tasks: Sequence[Task], layout: Layout, how: How) -> bool:
    workers, progress, stop = how
    wanted = {task.target.name for task in tasks} | {layout.over_draws(name).name for name in OVER_DRAWS}
    with write.writing(layout.draws):
        layout.draws.mkdir(exist_ok=True)
        layout.nominal.mkdir(exist_ok=True)
        for path in layout.draws.iterdir():
            if path.name not in wanted:
                path.unlink()
    missing = [task for task in tasks if not is_done(task)]
    finished = len(tasks) - len(missing)
    if progress:
        progress(finished, len(tasks))
    if stop and stop():
        return False
    for done, _ in enumerate(_executor(workers).map(work, missing), start=finished + 1):
        if progress:
            progress(done, len(tasks))
        if stop and done < len(tasks) and stop():
            return False
    return True


def _executor(workers: Workers) -> JobExecutor:
    if workers is None or isinstance(workers, int):
        return Threads(workers or os.cpu_count() or 1)
    return workers


def _summary(plan: Plan, layout: Layout, settings: Settings, tasks: Sequence[str]) -> dict[str, Any]:
    evidence = settings.reading.evidence(plan)
    judged = [
        Again(item.name, partial(_column, layout.judged(item.name, item.end)), item.end)
        for item in judged_ends(plan, evidence)
    ]
    without = [
        Again(
            item.origin,
            partial(_column, layout.without(item.origin)) if item.rerun else None,
            unsupported=item.unsupported,
        )
        for item in origin_checks(plan, evidence, settings)
    ]
    found = Stored(column_names(layout), partial(read_column, layout, settings.draws), tasks, judged, without)
    as_of = settings.reading.as_of
    return {
        "schema_version": SCHEMA_VERSION,
        "plan": plan.title,
        "seed": settings.seed,
        "draws": settings.draws,
        "as_of": as_of.isoformat() if as_of else None,
        "overrides": dict(plan.overrides),
        "unsupported": list(evidence.unsupported),
        "voices": voices(plan, evidence),
        **summarise(plan, found),
    }


def _column(path: Path, address: str) -> np.ndarray[Any, Any]:
    return np.asarray(read.read_table(path, [address]).column(address).to_numpy())


def _about(plan: Plan, layout: Layout, plan_hash: str, settings: Settings) -> dict[str, Any]:
    as_of = settings.reading.as_of
    return {
        "schema_version": SCHEMA_VERSION,
        "state": "running",
        "id": layout.folder.name,
        "started": _now(),
        "plan": plan.title,
        "plan_hash": plan_hash,
        "seed": settings.seed,
        "draws": settings.draws,
        "as_of": as_of.isoformat() if as_of else None,
        "overrides": dict(plan.overrides),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in plan.files.items()},
        "origins": list(settings.reading.evidence(plan).origins),
        "versions": _versions(),
        "cpu": {"machine": platform.machine(), "processor": _processor(), "cores": os.cpu_count()},
    }


def _processor() -> str:
    """The processor's name; results are the same bytes on one type of processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    packages = ("numpy", "numba", "scipy", "pyarrow")
    return {"holdfast": __version__, "python": platform.python_version(), **{name: version(name) for name in packages}}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _out_folder(plan: Plan, out: Path | str | None) -> Path:
    if out is not None and out != MEMORY:
        return Path(out)
    with write.writing(plan.folder):
        return (
            Path(tempfile.mkdtemp(prefix="holdfast-")) if out == MEMORY else plan.folder.absolute().parent / "results"
        )
