"""The run folder: the same bytes however it is worked, and whatever is cut off, removed or spoilt on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from holdfast.analyses.evidence.simulate import sample as sample_evidence
from holdfast.analyses.rotation import measures
from holdfast.base.errors import RunError, UsageError
from holdfast.ensemble import pipeline
from holdfast.ensemble.draws import AS_WRITTEN, sample, varying
from holdfast.ensemble.executors import Processes
from holdfast.ensemble.pipeline import Batch, Job, simulate_job
from holdfast.ensemble.run import resume, run
from holdfast.ensemble.tasks import Settings, judged_ends, origin_checks
from holdfast.findings.opened import Run
from holdfast.plan.load import load
from holdfast.plan.model import Plan
from tests.ensemble.small_plan import (
    ENVOY,
    LEAK,
    ORIGINS,
    contents,
    copy_of,
    finished,
    finished_tiny,
    fresh,
    small,
    tiny,
    write,
)

DRAWS = 4700


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_threads_gives_the_same_bytes(tmp_path: Path, workers: int) -> None:
    assert contents(fresh(tmp_path, DRAWS, workers).path) == contents(finished(DRAWS).path)


def test_worker_processes_give_the_same_bytes(tmp_path: Path) -> None:
    assert contents(fresh(tmp_path, DRAWS, Processes(2)).path) == contents(finished(DRAWS).path)


def test_the_tiny_plan_gives_the_same_bytes_on_threads(tmp_path: Path) -> None:
    done = run(tiny(), draws=300, seed=1, out=tmp_path, workers=3)
    assert contents(done.path) == contents(finished_tiny(300).path)


def test_another_seed_gives_other_draws_of_the_same_plan() -> None:
    a, b = finished(600, 1), finished(600, 2)
    assert not np.array_equal(a.column("assumption/unrelated"), b.column("assumption/unrelated"))
    assert a.summary["voices"] == b.summary["voices"]


def test_a_draw_is_the_same_in_a_run_of_any_length() -> None:
    few, many = finished(300), finished(DRAWS)
    assert few.columns == many.columns
    for address in few.columns:
        assert np.array_equal(few.column(address), many.column(address)[:300]), address


def test_a_last_chunk_of_one_draw_has_every_column() -> None:
    done = finished(4097)
    assert len(done.column("assumption/unrelated")) == 4097
    assert done.column("assumption/unrelated")[-1] == finished(DRAWS).column("assumption/unrelated")[4096]


def test_a_run_of_one_draw_is_a_run() -> None:
    assert finished(1).draws == 1
    assert finished(1).verdict in ("holds", "fails", "undecided")


def test_constants_are_not_stored_and_what_follows_from_a_range_is() -> None:
    assert varying(small()) == ["north_offer", "west_offer", "west_share", "west_delay", "unrelated"]


# ---- resume -------------------------------------------------------------------------------------------------------


def every_file() -> list[str]:
    return sorted(name for name in contents(finished(600).path) if not name.startswith("plan/"))


def test_a_run_whose_every_file_was_lost_is_mended_to_the_same_bytes(tmp_path: Path) -> None:
    folder, whole = copy_of(finished(600), tmp_path), contents(finished(600).path)
    assert len(every_file()) > 15
    for name in every_file():
        (folder / name).unlink()
        resume(folder, workers=1)
        assert contents(folder) == whole, name


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_run_whose_every_file_was_cut_short_is_mended_to_the_same_bytes(tmp_path: Path, kept: float) -> None:
    folder, whole = copy_of(finished(600), tmp_path), contents(finished(600).path)
    for name in every_file():
        (folder / name).write_bytes(whole[name][: int(len(whole[name]) * kept)])
    resume(folder, workers=1)
    assert contents(folder) == whole


def test_one_wrong_bit_in_the_middle_of_a_chunk_is_found_and_mended(tmp_path: Path) -> None:
    folder, whole = copy_of(finished(600), tmp_path), contents(finished(600).path)
    path = folder / "draws" / "chunk-00000.parquet"
    for where in (0.1, 0.3, 0.5):
        data = bytearray(path.read_bytes())
        data[int(len(data) * where)] ^= 1
        path.write_bytes(bytes(data))
        resume(folder, workers=1)
        assert contents(folder) == whole


def test_a_folder_that_was_lost_is_made_again(tmp_path: Path) -> None:
    folder = copy_of(finished(600), tmp_path)
    for part in ("draws", "nominal"):
        for path in (folder / part).iterdir():
            path.unlink()
        (folder / part).rmdir()
    assert contents(resume(folder, workers=1).path) == contents(finished(600).path)


def test_what_a_killed_process_left_half_written_is_swept_away(tmp_path: Path) -> None:
    folder = copy_of(finished(600), tmp_path)
    for name in (
        ".run.json.12.abc.tmp",
        "draws/.chunk-00000.parquet.12.abc.tmp",
        "nominal/.x.1.a.tmp",
        "plan/.y.1.b.tmp",
    ):
        (folder / name).write_bytes(b"half")
    assert contents(resume(folder, workers=1).path) == contents(finished(600).path)


def test_nothing_that_is_finished_is_done_again(tmp_path: Path) -> None:
    folder = copy_of(finished(600), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (folder / "draws").iterdir()}
    lost = folder / "draws" / "judged-west_share-low.parquet"
    lost.unlink()
    seen: list[tuple[int, int]] = []
    resume(folder, workers=1, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(len(seen_tasks()) - 1, len(seen_tasks())), (len(seen_tasks()), len(seen_tasks()))]
    after = {path: path.stat().st_mtime_ns for path in (folder / "draws").iterdir()}
    assert [path.name for path in after if after[path] != before[path]] == [lost.name]


def seen_tasks() -> list[str]:
    return [name for name in contents(finished(600).path) if name.startswith("draws/") and "-" in name]


@pytest.mark.parametrize(("before", "after"), [(300, 600), (600, DRAWS), (4096, DRAWS), (4097, DRAWS)])
def test_a_run_that_was_extended_equals_a_longer_one(tmp_path: Path, before: int, after: int) -> None:
    folder = copy_of(finished(before), tmp_path)
    assert contents(resume(folder, draws=after, workers=1).path) == contents(finished(after).path)
    assert Run(folder).draws == after


def test_a_longer_run_needs_fewer_draws_again_and_keeps_no_stale_file() -> None:
    short, long = ({name for name in contents(finished(n).path) if "without" in name} for n in (300, DRAWS))
    assert len(short) == len(ORIGINS)
    assert len(long) == 1
    assert "draws/without-envoy.parquet" in long


def test_the_name_of_an_origin_never_leaves_the_folder() -> None:
    files = [name for name in contents(finished(300).path) if "without-leak" in name]
    assert len(files) == 1
    assert files[0].startswith("draws/without-leak-who-")


def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    calls: list[int] = []

    def enough() -> bool:
        calls.append(1)
        return len(calls) > 2

    with pytest.raises(UsageError, match="stopped; go on with --resume") as stopped:
        run(small(), draws=DRAWS, seed=1, out=tmp_path, workers=1, should_stop=enough)
    (folder,) = tmp_path.iterdir()
    assert str(folder) in str(stopped.value)
    assert json.loads((folder / "run.json").read_text())["state"] == "stopped"
    with pytest.raises(RunError, match="finish it with --resume"):
        Run(folder)
    done = resume(folder, workers=2)
    assert contents(done.path) == contents(finished(DRAWS).path)


def test_a_run_may_be_stopped_before_it_begins(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="stopped"):
        run(small(), draws=300, out=tmp_path, workers=1, should_stop=lambda: True)
    (folder,) = tmp_path.iterdir()
    assert contents(resume(folder, workers=1).path) == contents(finished(300).path)


def test_an_error_of_the_caller_in_mid_run_loses_nothing(tmp_path: Path) -> None:
    def interrupted(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(small(), draws=DRAWS, seed=1, out=tmp_path, workers=2, on_progress=interrupted)
    (folder,) = tmp_path.iterdir()
    assert contents(resume(folder, workers=1).path) == contents(finished(DRAWS).path)


# ---- what resume refuses ------------------------------------------------------------------------------------------


def alter(folder: Path, **changes: object) -> None:
    path = folder / "run.json"
    about = json.loads(path.read_text())
    path.write_text(json.dumps({**about, **changes}))


def change_plan(folder: Path) -> None:
    path = folder / "plan" / "tasks.csv"
    path.write_text(path.read_text().replace(",11,", ",12,"))


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no run.json": (lambda folder: (folder / "run.json").unlink(), "run.json is missing"),
    "empty run.json": (lambda folder: (folder / "run.json").write_text(""), "run.json is damaged"),
    "half a run.json": (lambda folder: (folder / "run.json").write_text('{"id": '), "run.json is damaged"),
    "another program's": (lambda folder: (folder / "run.json").write_text('{"a": 1}'), "schema_version None"),
    "no seed": (lambda folder: alter(folder, seed=None), "run.json is damaged"),
    "draws in words": (lambda folder: alter(folder, draws="many"), "run.json is damaged"),
    "overrides as a list": (lambda folder: alter(folder, overrides=[1]), "run.json is damaged"),
    "a date that is none": (lambda folder: alter(folder, as_of="soon"), "run.json is damaged"),
    "another seed": (lambda folder: alter(folder, seed=9), "another plan than its run.json says"),
    "another override": (lambda f: alter(f, overrides={"units/N-inf.quantity": "3"}), "another plan"),
    "an override of nothing": (lambda f: alter(f, overrides={"units/X.quantity": "3"}), "was changed since"),
    "another version": (lambda f: alter(f, versions={"holdfast": "0.0.0"}), "begun by version 0.0.0 of Holdfast"),
    "a changed plan": (change_plan, "tasks.csv was changed since the run began"),
    "a lost table": (lambda folder: (folder / "plan" / "units.csv").unlink(), "units.csv is missing"),
    "a further table": (lambda f: (f / "plan" / "facts.csv").write_text("id,nation,attribute,value\n"), "another plan"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_resume_refuses_what_is_not_the_run_that_was_begun(tmp_path: Path, what: str) -> None:
    spoil, told = REFUSED[what]
    folder = copy_of(finished(300), tmp_path)
    spoil(folder)
    before = contents(folder)
    with pytest.raises(RunError, match=told) as refused:
        resume(folder, workers=1)
    assert "\n" not in str(refused.value)
    assert folder.name in str(refused.value)
    assert contents(folder) == before


def test_resume_refuses_to_go_back_to_fewer_draws(tmp_path: Path) -> None:
    folder = copy_of(finished(300), tmp_path)
    with pytest.raises(UsageError, match="has 300 draws; --resume can only add some, not go back to 299"):
        resume(folder, draws=299)
    assert contents(folder) == contents(finished(300).path)


@pytest.mark.parametrize("path", ["nothing", "a/b/c"])
def test_resume_of_nothing_says_so(tmp_path: Path, path: str) -> None:
    with pytest.raises(RunError, match="is missing"):
        resume(tmp_path / path)


def test_a_run_that_goes_on_elsewhere_warns_of_it(tmp_path: Path) -> None:
    folder = copy_of(finished(300), tmp_path)
    about = json.loads((folder / "run.json").read_text())
    alter(folder, cpu={**about["cpu"], "processor": "another"}, versions={**about["versions"], "numpy": "1.0"})
    with pytest.warns(RuntimeWarning, match=r"numpy 1\.0 -> .*processor another -> "):
        resume(folder, workers=1)


def test_no_draws_are_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="draws must be at least 1"):
        run(small(), draws=0, out=tmp_path)


# ---- folders ------------------------------------------------------------------------------------------------------


def test_runs_at_once_never_share_a_folder(tmp_path: Path) -> None:
    found: list[Run] = []
    threads = [
        threading.Thread(target=lambda: found.append(run(small(), draws=50, seed=1, out=tmp_path, workers=1)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({done.path for done in found}) == 4
    assert len({json.dumps(done.summary) for done in found}) == 1


def test_a_run_under_way_is_not_resumed_by_another(tmp_path: Path) -> None:
    refused: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        (folder,) = tmp_path.iterdir()
        with pytest.raises(RunError, match="another process is at work on this run") as error:
            resume(folder)
        refused.append(str(error.value))

    run(small(), draws=50, seed=1, out=tmp_path, workers=1, on_progress=meanwhile)
    assert len(refused) > 3


def test_a_run_in_memory_leaves_nothing_behind() -> None:
    done = run(small(), draws=50, out="memory", workers=1)
    path = done.path
    assert done.frame("measures").num_rows == 50
    del done
    assert not path.parent.exists()


def test_a_run_in_memory_that_is_stopped_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(UsageError, match="stopped"):
        run(small(), draws=50, out="memory", workers=1, should_stop=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_the_default_place_is_results_beside_the_plan(tmp_path: Path) -> None:
    done = run(load(write(tmp_path / "plan")), draws=20, workers=1)
    assert done.path.parent == tmp_path / "results"


# ---- what is run again --------------------------------------------------------------------------------------------


def test_judged_assumptions_are_read_at_both_ends() -> None:
    ends = judged_ends(small(), Settings(10, 1).reading.evidence(small()))
    assert [(item.name, item.end) for item in ends] == [
        ("north_offer", "low"),
        ("north_offer", "high"),
        ("west_share", "low"),
        ("west_share", "high"),
    ]
    assert [item.pinned for item in ends[2:]] == [(("west_share", 0.0),), (("west_share", 1.0),)]


def test_the_only_voice_is_always_run_again_and_its_assumption_named() -> None:
    settings = Settings(100_000, 1)
    checks = {item.origin: item for item in origin_checks(small(), settings.reading.evidence(small()), settings)}
    assert tuple(checks) == ORIGINS
    assert checks[ENVOY].kept == 0
    assert checks[ENVOY].rerun
    assert checks[ENVOY].unsupported == ("west_offer",)
    assert not checks[LEAK].rerun
    assert checks[LEAK].unsupported == ()


# ---- measures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("plan", [small(), tiny()], ids=["small", "tiny"])
def test_a_batch_reads_the_measures_off_its_outcome_as_they_are_defined(plan: Plan) -> None:
    numbers = np.arange(9)
    pooled = sample_evidence(AS_WRITTEN.evidence(plan), numbers, 3).values
    batch = Batch(plan, sample(plan, numbers, 3, pooled=pooled), 9, 0, 3)
    for name in ("people_in_place", "combat_battalions_in_place", "fill_share"):
        for component in batch.components:
            defined = measures.daily(name, batch.problem, batch.labels, batch.outcome, component)
            assert np.array_equal(batch.series(name, component), defined), (name, component)
    asked = measures.demand(batch.problem).sum(axis=1)
    filled = np.minimum(batch.outcome.fill_units, measures.demand(batch.problem)).sum(axis=1)
    assert batch.series("fill_share", "") == pytest.approx(filled / asked, abs=1e-6)


def test_batches_of_any_size_give_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(small(), 1, 100, 60, bands=True)
    whole = simulate_job(job)
    monkeypatch.setattr(pipeline, "BATCH", 7)
    parts = simulate_job(job)
    for name, column in whole.columns.items():
        assert np.array_equal(column, parts.columns[name]), name
    for name, column in whole.tables["bands"].items():
        assert np.array_equal(column, parts.tables["bands"][name]), name
