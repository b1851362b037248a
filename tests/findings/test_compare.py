"""Two runs side by side: the same draws cancel out what they share."""

from __future__ import annotations

import json

import numpy as np
import pytest

from holdfast.findings.compare import Change, compare
from holdfast.findings.opened import Run
from holdfast.plan.locate import locate
from tests.ensemble.small_plan import finished, finished_tiny

CELL = ("units/W-inf.quantity", "2")


def changed(seed: int = 1) -> Run:
    return finished(1500, seed, (CELL,))


def test_identical_runs_differ_by_nothing() -> None:
    found = compare(finished(1500), finished(1500))
    assert found.changes == ()
    assert len(found.requirements) == 3
    assert len(found.measures) > 20
    for item in (*found.requirements, *found.measures):
        assert (item.difference, item.low, item.high) == (0.0, 0.0, 0.0)
        assert item.paired
        assert not item.distinguishable


def test_the_overridden_cell_is_the_one_change() -> None:
    assert compare(finished(1500), changed()).changes == (Change("units/W-inf.quantity", "3", "2"),)


def test_an_assumption_that_is_fixed_changes_its_kind_value_and_what_it_rested_on() -> None:
    found = compare(finished(300), finished(300, 1, (("assumption/west_share", "1"),)))
    cells = {item.address.removeprefix("assumptions/").removeprefix("assumption/"): item.b for item in found.changes}
    assert cells["west_share.kind"] == "fixed"
    assert cells["west_share.mode"] in ("1", "1.0")
    assert all(name.startswith("west_share.") for name in cells)


def test_every_change_has_an_address_that_why_takes() -> None:
    for item in compare(finished(300), finished(300, 1, (("assumption/west_share", "1"),))).changes:
        assert locate(finished(300).plan, item.address) is not None


def test_one_company_less_deters_less_and_frees_room_to_train() -> None:
    found = {item.address: item for item in compare(finished(1500), changed()).measures}
    deter = found["measure/people_in_place?component=deterrence"]
    assert deter.difference < -50
    assert deter.distinguishable
    assert found["measure/people_in_place?component=training"].difference > 0
    assert found["measure/people_deployed?nation=XNL"].difference == 0


def test_the_same_draws_give_a_narrower_band_than_others() -> None:
    same = {item.address: item for item in compare(finished(1500), changed()).measures}
    other = {item.address: item for item in compare(finished(1500), changed(2)).measures}
    address = "measure/people_in_place?component=deterrence"
    assert same[address].paired
    assert not other[address].paired
    assert same[address].high - same[address].low < 0.5 * (other[address].high - other[address].low)
    assert other[address].low < same[address].difference < other[address].high


def test_a_longer_run_is_compared_on_the_draws_that_both_saw() -> None:
    found = compare(finished(300), finished(1500))
    assert all(item.draws == 300 and item.difference == 0 for item in (*found.requirements, *found.measures))


def test_numbers_that_only_one_run_has_are_left_out() -> None:
    found = compare(finished(300), finished_tiny(300))
    assert found.requirements == ()
    assert {item.address for item in found.measures} <= set(finished_tiny(300).columns)
    assert any(item.a is None for item in found.changes)
    assert any(item.b is None for item in found.changes)


def test_the_mirror_image_has_the_other_sign() -> None:
    one, two = compare(finished(1500), changed()), compare(changed(), finished(1500))
    for left, right in zip(one.measures, two.measures, strict=True):
        assert left.difference == pytest.approx(-right.difference)
        assert left.low == pytest.approx(-right.high)


def test_a_comparison_is_plain_json() -> None:
    content = compare(finished(1500), changed()).as_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert content["changes"] == [{"address": "units/W-inf.quantity", "a": "3", "b": "2"}]


def test_the_difference_is_that_of_the_means() -> None:
    for item in compare(finished(1500), changed()).measures:
        a, b = (np.asarray(run.column(item.address), np.float64).mean() for run in (finished(1500), changed()))
        assert item.difference == pytest.approx(b - a, abs=1e-9 * max(abs(a), 1))
        assert item.low <= item.difference <= item.high
