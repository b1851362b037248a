"""Full, read-only and vanished: every refusal is one line with the path and the reason, and nothing done is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from holdfast.base.errors import RunError
from holdfast.ensemble.run import resume, run
from holdfast.plan.load import load
from tests.ensemble.small_plan import contents, copy_of, finished, small, write
from tests.slow.children import enlarge, holdfast, leftovers, protect, refusal, release, small_disk

pytestmark = pytest.mark.slow

DRAWS = 4700


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("disks") / "plan")


@pytest.mark.parametrize("kib", [4, 16, 40, 72, 200, 420, 480, 520, 560])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(plan: Path, tmp_path: Path, kib: int) -> None:
    with small_disk(tmp_path / "disk", kib) as mounted:
        out = tmp_path / "disk" / "out"
        limit = None if mounted else kib * 256  # no disk of our own: no file may be larger than a part of it
        told = refusal(holdfast("run", plan, "--draws", DRAWS, "--out", out, "--workers", 1, largest_file=limit))
        assert str(out) in told
        assert ("the disk is full" if mounted else "larger than files may be") in told or "No space left" in told
        if mounted:
            enlarge(tmp_path / "disk")
        folders = list(out.iterdir()) if out.exists() else []
        if not folders or not list(folders[0].glob("draws/*")):
            return  # too small for anything to have been done
        (folder,) = folders
        assert leftovers(folder) == []
        kept = {name: (folder / name).stat().st_mtime_ns for name in contents(folder) if "/chunk-" in name}
        assert contents(resume(folder, workers=2).path) == contents(finished(DRAWS).path)
        assert leftovers(folder) == []
        assert kept == {name: (folder / name).stat().st_mtime_ns for name in kept}


def test_some_of_those_disks_are_filled_in_the_middle_of_the_run(tmp_path: Path) -> None:
    """The sizes above must reach the draws, or they prove nothing."""
    done = []
    with small_disk(tmp_path / "disk", 480) as mounted:
        if mounted:
            with pytest.raises(RunError, match="the disk is full"):
                run(small(), draws=DRAWS, out=tmp_path / "disk", workers=1)
        else:
            run(small(), draws=DRAWS, out=tmp_path / "disk", workers=1)
        done = list((tmp_path / "disk").glob("*/draws/chunk-*"))
    assert done


def test_a_read_only_disk_is_told(plan: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4096) as mounted:
        protect(tmp_path / "disk", mounted=mounted)
        told = refusal(holdfast("run", plan, "--draws", 50, "--out", tmp_path / "disk" / "out"))
        assert str(tmp_path / "disk") in told
        assert "the file system is read-only" in told or "permission is denied" in told
        release(tmp_path / "disk", mounted=mounted)


def test_a_disk_that_becomes_read_only_in_mid_run_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8192) as mounted:
        out = tmp_path / "disk"

        def seal(done: int, total: int) -> None:
            if done == 2:
                protect(out if mounted else next(out.iterdir()) / "draws", mounted=mounted)

        with pytest.raises(RunError, match=r"cannot write .*(read-only|permission)"):
            run(small(), draws=DRAWS, seed=1, out=out, workers=1, on_progress=seal)
        (folder,) = out.iterdir()
        if mounted:
            told = refusal(holdfast("run", "--resume", folder))
            assert "the file system is read-only" in told
            assert str(folder) in told
        release(out if mounted else folder / "draws", mounted=mounted)
        assert contents(resume(folder, workers=1).path) == contents(finished(DRAWS).path)
        assert leftovers(folder) == []


def test_a_finished_run_can_be_read_on_a_read_only_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8192) as mounted:
        folder = copy_of(finished(300), tmp_path / "disk")
        protect(tmp_path / "disk", mounted=mounted)
        child = holdfast("why", folder, "requirement/both", "--json")
        out, told = child.communicate()
        assert child.returncode == 0, told
        assert '"requirement/both"' in out
        release(tmp_path / "disk", mounted=mounted)


def test_results_that_are_a_file_are_told(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("in the way")
    told = refusal(holdfast("run", plan, "--draws", 50, "--out", tmp_path / "results"))
    assert str(tmp_path / "results") in told
    assert "file" in told
    told = refusal(holdfast("run", plan, "--draws", 50, "--out", tmp_path / "results" / "more"))
    assert "a part of the path is not a folder" in told


def test_a_plan_that_is_gone_is_told(tmp_path: Path) -> None:
    told = refusal(holdfast("run", tmp_path / "nowhere", "--draws", 50))
    assert str(tmp_path / "nowhere") in told


def test_a_plan_that_vanishes_after_it_was_loaded_is_run_as_it_was_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "plan")
    loaded = load(folder)
    shutil.rmtree(folder)
    done = run(loaded, draws=300, seed=1, workers=1)
    assert done.path.parent == tmp_path / "results"
    assert contents(done.path) == contents(finished(300).path)


def test_a_run_folder_that_vanishes_in_mid_run_is_told(tmp_path: Path) -> None:
    def vanish(done: int, total: int) -> None:
        if done == 1:
            shutil.rmtree(next(tmp_path.iterdir()))

    with pytest.raises(RunError, match=r"cannot write .*the folder is gone"):
        run(small(), draws=DRAWS, seed=1, out=tmp_path, workers=1, on_progress=vanish)
