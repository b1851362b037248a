"""The public surface: load, check, run, optimise, open a run, write its report.  Engines are imported inside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.base.errors import Fault, RunError, UsageError
from holdfast.plan.model import Plan

if TYPE_CHECKING:
    from datetime import date

    from holdfast.ensemble.executors import JobExecutor
    from holdfast.findings.compare import Comparison
    from holdfast.findings.opened import Run

__all__ = [
    "cases",
    "check",
    "compare",
    "demo_plan",
    "doctor",
    "init",
    "least_units",
    "load",
    "open_run",
    "optimise",
    "resume",
    "run",
    "why",
    "write_report",
]

EXAMPLES = ("tiny", "reassurance")


def load(folder: Path | str, overrides: Mapping[str, object] | None = None) -> Plan:
    """The checked plan in a folder, with overrides (address to value) if any; immutable.

    Raises PlanError with every fault, UsageError for an override whose address is not there.
    """
    from holdfast.analyses.evidence.check import check as check_evidence
    from holdfast.plan.load import load as load_plan

    return load_plan(Path(folder), overrides, check_evidence)


def check(plan: Plan | Path | str) -> tuple[Fault, ...]:
    """Check a plan; returns its warnings.  Raises PlanError with every fault."""
    return _loaded(plan).warnings


def run(
    plan: Plan | Path | str,
    *,
    draws: int = 8192,
    seed: int = 1,
    as_of: date | None = None,
    out: Path | str | None = None,
    workers: int | JobExecutor | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Run:
    """Run a plan over ``draws`` sampled worlds and write its run folder; see :func:`holdfast.ensemble.run.run`.

    Raises PlanError, UsageError for impossible options, RunError when the folder cannot be written.
    """
    from holdfast.ensemble import run as ensemble

    return ensemble.run(
        _loaded(plan),
        draws=draws,
        seed=seed,
        as_of=as_of,
        out=out,
        workers=workers,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def resume(
    folder: Path | str,
    *,
    draws: int | None = None,
    workers: int | JobExecutor | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Run:
    """Finish a run that was cut short, or extend it to more draws; see :func:`holdfast.ensemble.run.resume`.

    Raises RunError when the folder is foreign or damaged, UsageError when it has more draws already.
    """
    from holdfast.ensemble import run as ensemble

    return ensemble.resume(folder, draws=draws, workers=workers, on_progress=on_progress, should_stop=should_stop)


def open_run(folder: Path | str) -> Run:
    """Open a finished run folder, or one of ``results/`` by its name; no engine is loaded.

    Raises RunError when it is none.
    """
    from holdfast.findings.opened import Run

    path = Path(folder)
    beside = Path("results") / path
    return Run(beside if not path.exists() and beside.exists() else path)


def why(run: Run | Path | str, address: str) -> dict[str, Any]:
    """What stands behind a number of a run; see :func:`holdfast.findings.why.why`.

    Raises UsageError for an address that is not there, RunError when the folder is no finished run.
    """
    from holdfast.findings.why import why as explain

    return explain(_opened(run), address)


def compare(a: Run | Path | str, b: Run | Path | str) -> Comparison:
    """Paired differences between two runs, and the inputs that differ.  Raises RunError."""
    from holdfast.findings.compare import compare as compare_runs

    return compare_runs(_opened(a), _opened(b))


def write_report(run: Run) -> Path:
    """Write ``report.html`` into the run folder and return its path."""
    from holdfast.report.fill import content_of
    from holdfast.report.page import write_report as write_page

    return write_page(content_of(run), run.layout.report)


def init(folder: Path | str, source: str = "tiny") -> Path:
    """Copy an example plan (``tiny`` or ``reassurance``) to a new folder.

    Raises UsageError when the folder exists or there is no such example, RunError when it cannot be written.
    """
    target = Path(folder)
    if source not in EXAMPLES:
        raise UsageError(f"no example plan {source!r}; there are {', '.join(EXAMPLES)}")
    if target.exists():
        raise UsageError(f"{target} exists already; give another name")
    try:
        with as_file(files("holdfast") / "plans" / source) as original:
            shutil.copytree(original, target, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    except OSError as error:
        raise RunError(f"cannot write {target}: {error.strerror}") from error
    return target


def demo_plan(parent: Path) -> Path:
    """The reassurance plan in ``parent``: reused when unchanged, else copied under a numbered name."""
    with as_file(files("holdfast") / "plans" / "reassurance") as original:
        wanted = _contents(original)
    number = 1
    while True:
        folder = parent / ("reassurance" if number == 1 else f"reassurance-{number}")
        if not folder.exists():
            return init(folder, "reassurance")
        if folder.is_dir() and _contents(folder) == wanted:
            return folder
        number += 1


def optimise(
    plan: Plan | Path | str,
    analysis: str = "rotation",
    *,
    start_every_days: int = 0,
    gap: float = 1e-3,
    seconds: float = 30.0,
) -> dict[str, Any]:
    """The best schedule for the central values, with a bound; see :func:`holdfast.ensemble.optimise.optimise`.

    Raises PlanError, UsageError for an analysis without an optimiser, SolverError.
    """
    from holdfast.ensemble.optimise import optimise as find_best

    return find_best(_loaded(plan), analysis, start_every_days=start_every_days, gap=gap, seconds=seconds)


def least_units(plan: Plan | Path | str, pool: str, *, tolerance: float = 0.0) -> dict[str, Any]:
    """How many units of a pool its tasks take; see :func:`holdfast.ensemble.optimise.least_units`.

    Raises PlanError, UsageError for a pool that is not there or a share outside 0 .. 1.
    """
    from holdfast.ensemble.optimise import least_units as search

    return search(_loaded(plan), pool, tolerance=tolerance)


def cases() -> list[dict[str, Any]]:
    """The published known-answer cases, ours beside theirs: id, analysis, expected, ours, tolerance, status, reason."""
    from holdfast.cases import run_cases

    return [case.as_dict() for case in run_cases()]


def doctor() -> dict[str, Any]:
    """What this machine gives: versions, cores, the compiled-kernel cache, free disk."""
    import os
    import platform
    from importlib.metadata import version

    import holdfast

    home = Path(holdfast.__file__).parent
    cache = Path(os.environ.get("NUMBA_CACHE_DIR", home))
    kernels = len(list(cache.rglob("*.nbi")))
    packages = {name: version(name) for name in ("numpy", "numba", "scipy", "highspy", "pyarrow")}
    return {
        "holdfast": holdfast.__version__,
        "python": platform.python_version(),
        **packages,
        "cores": os.cpu_count() or 1,
        "compiled kernels cached": kernels,
        "free disk GiB": round(shutil.disk_usage(Path.cwd()).free / 2**30, 1),
    }


def _loaded(plan: Plan | Path | str) -> Plan:
    return plan if isinstance(plan, Plan) else load(plan)


def _opened(run: Run | Path | str) -> Run:
    return open_run(run) if isinstance(run, Path | str) else run


def _contents(folder: Path) -> dict[str, bytes]:
    names = (path for path in folder.rglob("*") if path.is_file() and path.name != "__init__.py")
    return {str(path.relative_to(folder)): path.read_bytes() for path in names if "__pycache__" not in path.parts}
