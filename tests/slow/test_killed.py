"""A run that is killed at any moment goes on to the bytes of a run that was left in peace."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from holdfast.base.errors import RunError
from holdfast.ensemble.executors import Processes
from holdfast.ensemble.run import resume, run
from tests.ensemble.small_plan import contents, finished, small, write
from tests.slow.children import PATIENCE_S, holdfast, leftovers

pytestmark = pytest.mark.slow

DRAWS = 4700


def begun(out: Path, child: subprocess.Popen[str]) -> Path:
    """The run folder of a child, as soon as it is there."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if out.is_dir() and (found := list(out.iterdir())):
            return found[0]
        assert child.poll() is None, child.communicate()
        time.sleep(0.002)
    raise AssertionError("the child never began")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("killed") / "plan")


@pytest.fixture(scope="module")
def seconds(plan: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a child takes from making its folder to its end."""
    out = tmp_path_factory.mktemp("whole") / "out"
    child = holdfast("run", plan, "--draws", DRAWS, "--out", out, "--workers", 2)
    folder = begun(out, child)
    start = time.monotonic()
    child.communicate(timeout=PATIENCE_S)
    assert contents(folder) == contents(finished(DRAWS).path)
    return time.monotonic() - start


@pytest.mark.parametrize("moment", range(20))
def test_a_run_that_is_killed_at_a_random_moment_goes_on_to_the_same_bytes(
    plan: Path, seconds: float, tmp_path: Path, moment: int
) -> None:
    child = holdfast("run", plan, "--draws", DRAWS, "--out", tmp_path / "out", "--workers", 2)
    folder = begun(tmp_path / "out", child)
    wait = seconds * random.Random(moment).uniform(0, 1) ** 2  # more of them early, where most files are written
    try:
        child.wait(wait)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
    child.communicate(timeout=PATIENCE_S)
    if not begun_in_full(folder):
        with pytest.raises(RunError, match="is missing"):
            resume(folder)
        assert not any((folder / "draws").glob("*.parquet"))
        return
    kept = {name: (folder / name).stat().st_mtime_ns for name in contents(folder) if finished_name(name)}
    assert contents(resume(folder, workers=1).path) == contents(finished(DRAWS).path)
    assert leftovers(folder) == []
    assert kept == {name: (folder / name).stat().st_mtime_ns for name in kept}


def begun_in_full(folder: Path) -> bool:
    """Whether the run had come as far as a whole copy of its plan."""
    try:
        files = json.loads((folder / "run.json").read_text())["files"]
    except FileNotFoundError:
        return False
    return all((folder / "plan" / name).exists() for name in files)


def finished_name(name: str) -> bool:
    """Whether a file of draws has its last name: whole, and so not to be done again.

    The small tables of chunk 0 come before it and are done again with it.
    """
    return name.startswith("draws/") and "-" in name and not Path(name).name.startswith(".")


def test_a_worker_process_that_is_killed_is_told_and_loses_nothing(tmp_path: Path) -> None:
    def kill(done: int, total: int) -> None:
        workers = multiprocessing.active_children()
        if done == 1 and workers:
            os.kill(workers[0].pid or 0, signal.SIGKILL)

    with pytest.raises(RunError, match="a worker process ended unexpectedly; run again with --resume"):
        run(small(), draws=40_000, seed=1, out=tmp_path, workers=Processes(2), on_progress=kill)
    (folder,) = tmp_path.iterdir()
    done = resume(folder, workers=Processes(2))
    assert contents(done.path) == contents(finished(40_000).path)
    assert leftovers(folder) == []


SCRIPT = """
from pathlib import Path
from holdfast import api
from holdfast.ensemble.executors import Processes

if __name__ == "__main__":
    api.run(Path({plan!r}), draws=2_000_000, seed=1, out={out!r}, workers=Processes(2))
"""


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_worker_processes_end_with_the_process_that_started_them(plan: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(plan=str(plan), out=str(tmp_path / "out")))
    parent = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and not list(tmp_path.glob("out/*/draws/chunk-*")):
        assert parent.poll() is None
        time.sleep(0.02)
    workers = children_of(parent.pid)
    assert len(workers) >= 2
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    while time.monotonic() < end and any(map(is_running, workers)):
        time.sleep(0.02)
    assert not [pid for pid in workers if is_running(pid)]
