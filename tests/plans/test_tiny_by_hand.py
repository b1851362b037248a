"""The sums in the README of the tiny plan, against the simulator."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import holdfast
from holdfast.analyses.rotation.outcome import CAUSES
from holdfast.ensemble.draws import AS_WRITTEN, central, sample
from holdfast.ensemble.pipeline import Batch
from holdfast.plan.load import load
from holdfast.plan.model import Plan

TINY = Path(holdfast.__file__).with_name("plans") / "tiny"
HORIZON = 120
COMPONENT_OF = {"deter": "deterrence", "train": "training"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(TINY)


@pytest.fixture(scope="module")
def nominal(plan: Plan) -> Batch:
    return Batch(plan, central(plan, AS_WRITTEN.evidence(plan)), 1, 0, 1)


def by_day() -> list[list[str]]:
    """The cells of the fill table, one list a day."""
    days: dict[int, list[str]] = {}
    for line in (TINY / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if cells and (match := re.fullmatch(r"(\d+)-(\d+)", cells[0])):
            days.update(dict.fromkeys(range(int(match[1]), int(match[2]) + 1), cells[1:]))
    assert sorted(days) == list(range(HORIZON))
    return [days[day] for day in range(HORIZON)]


def test_fill_by_day_is_as_worked_out_by_hand(nominal: Batch) -> None:
    expected = by_day()
    for offset, task in ((0, "deter"), (2, "train")):
        index = nominal.labels.tasks.index(task)
        assert nominal.outcome.fill_units[0, index].tolist() == [float(row[offset]) for row in expected]
        assert nominal.outcome.fill_people[0, index].tolist() == [int(row[offset + 1]) for row in expected]
        assert nominal.series("people_in_place", COMPONENT_OF[task])[0].tolist() == [
            float(r[offset + 1]) for r in expected
        ]
    causes = nominal.outcome.cause[0, nominal.labels.tasks.index("deter")]
    assert [CAUSES[code] if code else "" for code in causes] == [row[4] for row in expected]


def test_gaps_and_time_at_home_are_as_worked_out_by_hand(nominal: Batch) -> None:
    deter = nominal.labels.tasks.index("deter")
    assert nominal.outcome.missed_unit_days[0, deter] == 20
    assert nominal.outcome.first_missed_day[0, deter] == 25
    assert nominal.outcome.longest_gap_days[0, deter] == 5
    assert nominal.outcome.broken_dwell.sum() == 0
    assert nominal.outcome.missed_unit_days[0].sum() == 20
    gaps = nominal.series("combat_battalions_in_place", "deterrence")[0]
    assert gaps.mean() == pytest.approx((100 * 2 + 20) * 0.25 / HORIZON)


def test_the_requirements_are_met_in_the_share_of_draws_worked_out_by_hand(plan: Plan) -> None:
    draws = 400
    batch = Batch(plan, sample(plan, np.arange(draws), 1, pooled={}), draws, 0, 1)
    r1, r2 = (batch.judge(requirement) for requirement in plan.requirements)
    assert r1.met.all()
    assert np.unique(r1.value).tolist() == [100 / 120]
    assert r2.met.mean() == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / draws) ** 0.5)
    ceiling = batch.values["xwl_ceiling"]
    assert (r2.met == (np.floor(ceiling) >= 140)).all()
    train = batch.labels.tasks.index("train")
    short = batch.outcome.cause[~r2.met][:, train]
    assert (short == CAUSES.index("national_cap")).all()


@pytest.mark.parametrize(("ceiling", "met"), [(120, False), (139, False), (140, True), (200, True)])
def test_the_judged_ceiling_decides_the_second_requirement(plan: Plan, ceiling: int, met: bool) -> None:
    pinned = sample(plan, np.arange(1), 1, pooled={}, pinned={"xwl_ceiling": float(ceiling)})
    batch = Batch(plan, pinned, 1, 0, 1)
    assert batch.judge(plan.requirements[1]).met.tolist() == [met]
    assert batch.judge(plan.requirements[0]).met.tolist() == [True]
