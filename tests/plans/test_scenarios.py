"""The scenarios that the shipped plans come with: what the README works out by hand, and what each one changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import holdfast
from holdfast import api
from holdfast.ensemble.draws import AS_WRITTEN, central, sample
from holdfast.ensemble.pipeline import Batch
from holdfast.plan.model import Plan

PLANS = Path(holdfast.__file__).with_name("plans")
DRAWS = 400


@pytest.fixture(scope="module")
def tiny() -> Plan:
    return api.load(PLANS / "tiny")


@pytest.fixture(scope="module")
def reassurance() -> Plan:
    return api.load(PLANS / "reassurance")


def expected() -> dict[str, tuple[float, float]]:
    """The shares of the README's table, by scenario."""
    rows = [line.split("|") for line in (PLANS / "tiny" / "README.md").read_text("utf-8").splitlines()]
    return {row[1].strip(" `"): (float(row[2]), float(row[3])) for row in rows if len(row) == 6 and "`" in row[1]}


def test_the_readme_works_out_every_scenario_of_the_tiny_plan(tiny: Plan) -> None:
    assert expected().keys() == tiny.scenarios.keys()


@pytest.mark.parametrize("name", ["no-handover", "high-ceiling", "without-northland"])
def test_a_scenario_of_the_tiny_plan_gives_what_was_worked_out_by_hand(tiny: Plan, name: str) -> None:
    plan = tiny.scenario(name)
    batch = Batch(plan, sample(plan, np.arange(DRAWS), 1, pooled={}), DRAWS, 0, 1)
    r1, r2 = (batch.judge(requirement) for requirement in plan.requirements)
    days, draws = expected()[name]
    assert np.unique(r1.value).round(3).tolist() == [days]
    assert r2.met.mean() == pytest.approx(draws, abs=4 * (draws * (1 - draws) / DRAWS) ** 0.5)


def test_every_scenario_says_what_is_different_and_differs(tiny: Plan, reassurance: Plan) -> None:
    for plan in (tiny, reassurance):
        assert len(plan.scenarios) >= 3
        prints = {plan.scenario(name).fingerprint() for name in plan.scenarios}
        assert len(prints | {plan.fingerprint()}) == len(plan.scenarios) + 1
        for scenario in plan.scenarios.values():
            assert scenario.title not in ("", scenario.name)


def test_shorter_rest_cuts_each_rule_by_a_third_and_the_commitments_with_it(reassurance: Plan) -> None:
    changed = reassurance.scenario("shorter-rest")
    values = central(changed, AS_WRITTEN.evidence(changed))
    for policy in reassurance["policies"]:
        other = changed["policies"][policy.id]
        rest, days = (int(str(row["start_deployable_day"])) for row in (policy, other))
        assert days == pytest.approx(rest * 2 / 3, abs=0.7)
        assert other["bog_days"] == policy["bog_days"]
        assert other["cycle_days"] == other["stop_deployable_day"] == days + int(str(policy["bog_days"]))
        assert other["min_dwell_days"] == days
        nation = policy.id.split("-")[0]
        slots = (days + int(str(policy["bog_days"]))) / int(str(policy["bog_days"]))
        assert float(values[f"{nation}_units_per_slot"][0]) == pytest.approx(slots, abs=0.02)


def test_the_other_scenarios_change_what_their_titles_say(reassurance: Plan) -> None:
    free = reassurance.scenario("no-alert-competes")
    pools = [central(plan, AS_WRITTEN.evidence(plan)) for plan in (reassurance, free)]
    assert all(pools[1][f"{nation}_pool_people"][0] > pools[0][f"{nation}_pool_people"][0] for nation in ("gbr", "fra"))
    assert reassurance.scenario("without-france")["nations"]["FRA"]["max_people_deployed"] == 0
    smaller = reassurance.scenario("eight-thousand").requirements
    assert [item.at_least for item in smaller[:4]] == [8000, 5, 2300, 8000]
    assert not any("10,000" in item.title for item in smaller)
    word = AS_WRITTEN.evidence(reassurance.scenario("at-their-word"))
    assert set(word.origin_truth) == {1.0}
    assert set(AS_WRITTEN.evidence(reassurance).origin_truth) == {0.5, 0.7}
