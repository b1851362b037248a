"""What a summary says must follow from the stored draws, and from runs of the plan as it would be otherwise."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
import pytest

from holdfast.analyses.evidence.outcome import LEAST_DRAWS
from holdfast.analyses.rotation.outcome import CAUSES
from holdfast.ensemble.draws import Reading
from holdfast.ensemble.pipeline import Job, simulate_job
from holdfast.ensemble.run import run
from holdfast.findings.opened import Run
from holdfast.findings.verdict import UNTRACED, overall, status
from tests.ensemble.small_plan import ENVOY, LEAK, MINISTRY, ORIGINS, TANK, finished, finished_tiny, small

DRAWS = 4700
REQUIREMENTS = ("both", "teams", "burden")


@pytest.fixture(scope="module", params=["small", "tiny"])
def done(request: pytest.FixtureRequest) -> Run:
    return finished(DRAWS) if request.param == "small" else finished_tiny(300)


def met(run: Run, requirement: str) -> np.ndarray[Any, Any]:
    return np.asarray(run.column(f"requirement/{requirement}.met"))


def test_probabilities_are_shares_of_the_stored_draws(done: Run) -> None:
    for item in done.requirements:
        assert item["probability"] == pytest.approx(met(done, item["id"]).mean(), rel=1e-8)
        assert item["low"] <= item["probability"] <= item["high"]
        assert item["judgement_low"] <= item["probability"] <= item["judgement_high"]


def test_all_together_is_no_likelier_than_any_one(done: Run) -> None:
    joint = done.summary["joint_probability"]
    assert joint <= min(item["probability"] for item in done.requirements)
    assert joint >= sum(item["probability"] for item in done.requirements) - len(done.requirements) + 1 - 1e-9
    assert joint == pytest.approx(
        np.all([met(done, item["id"]) for item in done.requirements], axis=0).mean(), rel=1e-8
    )


def test_statuses_and_verdict_follow_from_the_bands(done: Run) -> None:
    for item in done.requirements:
        bands = (item["low"], item["high"]), (item["judgement_low"], item["judgement_high"])
        assert item["status"] == status(item["required"], *bands)
    assert done.verdict == overall([item["status"] for item in done.requirements])


def test_a_met_requirement_has_no_breach_and_an_unmet_daily_one_has_its_first_day(done: Run) -> None:
    for item in done.requirements:
        day, code = (np.asarray(done.column(f"requirement/{item['id']}.{part}")) for part in ("breach_day", "breach"))
        good = met(done, item["id"])
        assert (day[good] == -1).all()
        assert (code[good] == UNTRACED).all()
        if item["measure"] == "people_in_place":
            assert (day[~good] >= 0).all()


def test_what_breaks_first_is_the_commonest_breach_with_its_share(done: Run) -> None:
    tasks = sorted({row.id for row in done.plan["tasks"]})
    for item in done.requirements:
        codes = np.asarray(done.column(f"requirement/{item['id']}.breach"))[~met(done, item["id"])]
        traced = codes[codes != UNTRACED]
        if not len(traced):
            assert item["breaks_first"] is None
            continue
        values, counts = np.unique(traced, return_counts=True)
        assert item["breaks_first"]["share"] == pytest.approx(counts.max() / len(codes))
        cause = "" if values[counts.argmax()] < 0 else CAUSES[values[counts.argmax()] & 15]
        assert item["breaks_first"]["cause"] == cause
        assert item["breaks_first"]["what"] in ["", *tasks]


def test_a_ceiling_that_is_too_low_is_named_as_the_cause() -> None:
    by_id = {item["id"]: item for item in finished(DRAWS).requirements}
    assert by_id["both"]["breaks_first"]["what"] == "line"
    assert by_id["both"]["breaks_first"]["cause"] in ("national_cap", "not_joined")


def test_an_assumption_that_nothing_uses_is_not_distinguishable() -> None:
    # five seeds, three requirements: an error of the first kind has a chance of 1 in 20 each
    told = [
        move["distinguishable"]
        for seed in range(1, 6)
        for item in finished(1500, seed).requirements
        for move in item["assumptions"]
        if move["name"] == "unrelated"
    ]
    assert len(told) == 15
    assert sum(told) <= 3


def test_the_offer_that_a_requirement_hangs_on_moves_it_most() -> None:
    by_id = {item["id"]: item["assumptions"] for item in finished(DRAWS).requirements}
    assert by_id["both"][0]["name"] == "north_offer"
    assert by_id["both"][0]["distinguishable"]
    assert by_id["both"][0]["move"] > 0
    assert by_id["burden"][0]["name"] == "north_offer"
    assert by_id["burden"][0]["move"] < 0
    assert {move["name"] for move in by_id["teams"][:2]} == {"west_offer", "west_share"}
    assert "west_delay" not in {move["name"] for move in by_id["both"]}


def test_measures_are_the_quantiles_of_their_columns(done: Run) -> None:
    assert done.measures
    for name, item in done.measures.items():
        column = np.asarray(done.column(name), np.float64)
        assert item["mean"] == pytest.approx(column.mean(), rel=1e-8)
        assert [item["p05"], item["p50"], item["p95"]] == pytest.approx(np.percentile(column, [5, 50, 95]), rel=1e-8)


def test_nations_add_up_to_the_whole(done: Run) -> None:
    for measure in ("people_deployed", "bog_days", "tours"):
        parts = [name for name in done.columns if name.startswith(f"measure/{measure}?nation=")]
        assert len(parts) == 2
        assert np.sum([done.column(name) for name in parts], axis=0) == pytest.approx(done.column(f"measure/{measure}"))


def test_components_add_up_to_the_whole(done: Run) -> None:
    parts = [done.column(f"measure/people_in_place?component={name}") for name in ("deterrence", "training")]
    assert np.sum(parts, axis=0) == pytest.approx(done.column("measure/people_in_place"))


def test_a_judged_end_is_the_plan_with_the_assumption_set_there() -> None:
    item = next(item for item in finished(300).requirements if item["id"] == "both")
    for end, value in zip(item["judged_by"]["west_share"], ("0", "1"), strict=True):
        pinned = finished(300, 1, (("assumption/west_share", value),))
        assert end == pytest.approx(met(pinned, "both").mean(), abs=1e-8)


# ---- whose word ---------------------------------------------------------------------------------------------------


@cache
def without(origin: str) -> dict[str, float]:
    """P(met) of every requirement in other draws of the plan without an origin."""
    columns = simulate_job(Job(small(), 77, 0, 6000, Reading().without(origin), only_requirements=True)).columns
    return {name: float(np.asarray(columns[f"requirement/{name}.met"]).mean()) for name in REQUIREMENTS}


@pytest.mark.parametrize("origin", ORIGINS)
def test_leaving_an_origin_out_gives_what_a_run_without_it_gives(origin: str) -> None:
    rows = [item for item in finished(DRAWS).summary["origins"] if item["origin"] == origin]
    assert sorted(item["requirement"] for item in rows) == sorted(REQUIREMENTS)
    for item in rows:
        anew, draws = without(origin)[item["requirement"]], item["draws"]
        error = sqrt(max(anew * (1 - anew), 0.01) * (1 / draws + 1 / 6000))
        assert abs(item["probability"] - anew) < 4 * error, item
        assert item["low"] <= item["probability"] <= item["high"]


def test_draws_that_rest_on_an_origin_nowhere_answer_where_they_are_enough() -> None:
    done = finished(DRAWS)
    for item in done.summary["origins"]:
        left = int((~np.asarray(done.column(f"used/{item['origin']}"))).sum())
        assert item["rerun"] == (left < LEAST_DRAWS)
        assert item["draws"] == (4096 if item["rerun"] else left)


def test_the_one_voice_is_run_again_and_what_it_leaves_unsupported_is_named() -> None:
    for item in finished(DRAWS).summary["origins"]:
        assert item["rerun"] == (item["origin"] == ENVOY)
        assert item["unsupported"] == (["west_offer"] if item["origin"] == ENVOY else [])


def test_the_list_of_whose_word_is_ranked_within_each_requirement() -> None:
    rows = finished(DRAWS).summary["origins"]
    assert rows == sorted(rows, key=lambda item: (item["requirement"], -abs(item["move"]), item["origin"]))
    top = {item["requirement"]: item for item in reversed(rows)}
    assert top["both"]["origin"] in (LEAK, MINISTRY)
    assert next(item["move"] for item in rows if (item["requirement"], item["origin"]) == ("both", LEAK)) > 0.05
    assert next(item["move"] for item in rows if (item["requirement"], item["origin"]) == ("both", MINISTRY)) < -0.05


def test_an_origin_that_a_requirement_does_not_rest_on_hardly_moves_it() -> None:
    rows = finished(DRAWS).summary["origins"]
    moved = {item["origin"]: abs(item["move"]) for item in rows if item["requirement"] == "burden"}
    assert moved[ENVOY] == 0.0
    assert min(moved[LEAK], moved[MINISTRY]) > 0.02


def test_voices_are_counted_by_origin_and_not_by_outlet() -> None:
    voices = finished(300).summary["voices"]
    assert list(voices) == ["north_offer", "west_offer"]
    assert voices["north_offer"]["origins"] == sorted([LEAK, MINISTRY, TANK])
    assert voices["north_offer"]["voices"] == 3
    assert voices["north_offer"]["note"] == ""
    assert voices["west_offer"]["voices"] == 1
    assert voices["west_offer"]["outlets"] == ["First", "Second"]
    assert voices["west_offer"]["false_consensus"]
    assert voices["west_offer"]["note"] == "this rests on one voice: envoy, relayed by 2 outlets"
    assert finished(300).summary["unsupported"] == []


def test_a_run_as_of_an_earlier_day_hears_only_what_had_been_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    done = run(small(), draws=400, out="memory", workers=1, as_of=date(2026, 1, 12))
    assert done.summary["as_of"] == "2026-01-12"
    assert done.summary["voices"]["north_offer"]["origins"] == [MINISTRY]
    assert {item["origin"] for item in done.summary["origins"]} == {MINISTRY, ENVOY}
    central = done.measures["measure/people_in_place?component=deterrence"]["mean"]
    assert central > finished(400).measures["measure/people_in_place?component=deterrence"]["mean"] + 20


def test_before_anybody_spoke_the_plans_own_ranges_stand_and_are_marked() -> None:
    done = run(small(), draws=400, out="memory", workers=1, as_of=date(2025, 12, 31))
    assert done.summary["unsupported"] == ["north_offer", "west_offer"]
    assert done.summary["origins"] == []
    assert done.summary["voices"]["north_offer"]["note"] == "nobody speaks for this: it is the plan's own range"
    assert set(np.asarray(done.column("origin/north_offer"))) == {-1}
    values = np.asarray(done.column("assumption/north_offer"))
    assert 0 <= values.min() < 150
    assert 700 < values.max() <= 900


def test_a_day_later_than_every_claim_changes_the_pools_by_their_age_alone() -> None:
    late = run(small(), draws=400, out="memory", workers=1, as_of=date(2026, 12, 31))
    assert late.summary["voices"] == finished(400).summary["voices"]
    assert late.columns == finished(400).columns


def test_every_number_of_a_summary_is_finite_json(done: Run) -> None:
    text = done.layout.summary.read_text("utf-8")
    assert json.loads(text, parse_constant=lambda name: pytest.fail(name)) == done.summary
