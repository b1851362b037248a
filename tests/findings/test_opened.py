"""Reading a run that was written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from holdfast.base.errors import RunError, UsageError
from holdfast.findings.opened import Run
from tests.ensemble.small_plan import copy_of, finished, small


def test_frames_hold_every_draw_once_in_order() -> None:
    done = finished(4700)
    for kind in ("measures", "assumptions", "requirements"):
        frame = done.frame(kind)
        assert frame.column("draw").to_pylist() == list(range(4700))
        assert frame.num_columns > 3
        assert {name.split("/")[0] + "s" for name in frame.column_names[1:]} == {kind}


def test_a_frame_that_is_none_is_named() -> None:
    with pytest.raises(UsageError, match="no frame 'people'; there are measures"):
        finished(300).frame("people")


def test_a_column_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'assumption/unrelated'"):
        finished(300).column("assumption/unrelatd")


def test_the_plan_of_a_run_is_the_one_that_was_run_with_its_overrides() -> None:
    assert finished(300).plan.fingerprint() == small().fingerprint()
    changed = finished(300, 1, (("units/W-inf.quantity", "2"),))
    assert changed.plan["units"]["W-inf"]["quantity"] == 2
    assert changed.plan.fingerprint() != small().fingerprint()


def test_a_run_is_known_by_its_folder() -> None:
    done = finished(300)
    assert done.id == done.path.name
    assert done.about["plan_hash"].startswith(done.id.split("-")[1])
    assert [item["id"] for item in done.requirements] == ["both", "teams", "burden"]


@pytest.mark.parametrize("state", ["running", "stopped", None])
def test_an_unfinished_run_is_not_read(tmp_path: Path, state: str | None) -> None:
    folder = copy_of(finished(300), tmp_path)
    about = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**about, "state": state}))
    with pytest.raises(RunError, match="finish it with --resume"):
        Run(folder)


@pytest.mark.parametrize("name", ["summary.json", "draws/chunk-00000.parquet"])
def test_a_lost_file_is_told_by_its_path(tmp_path: Path, name: str) -> None:
    folder = copy_of(finished(300), tmp_path)
    (folder / name).unlink()
    with pytest.raises(RunError, match=f"{Path(name).name} is missing"):
        Run(folder).column("measure/tours")


def test_a_run_folder_may_be_moved_anywhere(tmp_path: Path) -> None:
    odd = tmp_path / ".hidden" / "share=0.4" / "a b ü"
    odd.mkdir(parents=True)
    moved = Run(copy_of(finished(300), odd))
    assert moved.frame("measures").column_names == finished(300).frame("measures").column_names
    assert np.array_equal(moved.column("measure/tours"), finished(300).column("measure/tours"))
