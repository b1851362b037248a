"""Draws: keyed by names, cut anywhere, true to the weights, and fit to answer for a plan without an origin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from holdfast.analyses.evidence.outcome import OWN, EvidenceOutcome, without_origin
from holdfast.analyses.evidence.problem import build
from holdfast.analyses.evidence.simulate import sample
from holdfast.plan.model import Plan
from tests.analyses.evidence.samples import claim, one_pool, plan_of, pooled
from tests.analyses.evidence.test_problem import claim_forests
from tests.naive.evidence import draw_one

DRAWS = np.arange(20_000)


def two_pools(*more: dict[str, object]) -> Plan:
    """Two assumptions that share the origin ``shared``, with a ceiling over the first."""
    claims = [
        claim("a", origin="shared", credibility=3, low=900, high=900),
        claim("b", source="D", credibility=4, high=5000),
        claim("cap", origin="capper", source="C", credibility=3, kind="ceiling", high=3000),
        claim("c", subject="FRA", origin="shared", credibility=2, low=100, high=300),
        claim("d", subject="FRA", source="E", low=2000),
        *more,
    ]
    listed = ["a", "b", "cap", *(str(row["id"]) for row in more)]
    return plan_of(claims, [pooled("x", ";".join(listed)), pooled("y", "c;d")])


def drawn(plan: Plan, **options: object) -> EvidenceOutcome:
    return sample(build(plan, **options), DRAWS, 7)  # type: ignore[arg-type]


def test_the_sampler_equals_its_slow_twin_draw_by_draw() -> None:
    problem = build(two_pools())
    outcome = sample(problem, np.arange(200), 7)
    for column, name in enumerate(problem.names):
        for draw in range(200):
            value, origin = draw_one(problem, name, draw, 7)
            assert outcome.values[name][draw] == pytest.approx(value, rel=1e-12)
            assert problem.origins[outcome.chosen_origin[draw, column]] == origin


@given(claim_forests())
@settings(max_examples=15)
def test_the_sampler_equals_its_slow_twin_on_random_forests(claims: list[dict[str, object]]) -> None:
    problem = build(one_pool(*claims))
    outcome = sample(problem, np.arange(20), 3)
    for draw in range(20):
        value, origin = draw_one(problem, "x", draw, 3)
        assert outcome.values["x"][draw] == pytest.approx(value, rel=1e-12)
        code = outcome.chosen_origin[draw, 0]
        assert ("" if code == OWN else problem.origins[code]) == origin


def test_draws_give_the_same_bytes_however_they_are_cut() -> None:
    problem = build(two_pools())
    whole = sample(problem, np.arange(300), 7)
    for size in (1, 7, 256):
        cuts = [sample(problem, np.arange(first, min(first + size, 300)), 7) for first in range(0, 300, size)]
        for name in problem.names:
            assert np.concatenate([cut.values[name] for cut in cuts]).tobytes() == whole.values[name].tobytes()
        for field in ("chosen_origin", "held", "origin_right", "used"):
            joined = np.concatenate([getattr(cut, field) for cut in cuts])
            assert joined.tobytes() == getattr(whole, field).tobytes()


def test_no_draws_are_no_draws() -> None:
    outcome = sample(build(two_pools()), np.arange(0), 7)
    assert outcome.values["x"].shape == (0,)
    assert outcome.chosen_origin.shape == (0, 2)


def test_origins_are_believed_as_often_as_they_weigh_and_right_as_often_as_they_are_credible() -> None:
    problem = build(two_pools())
    outcome = sample(problem, DRAWS, 7)
    for column, name in enumerate(problem.names):
        for origin, weight in problem.pool(name).weights().items():
            share = np.mean(outcome.chosen_origin[:, column] == problem.origins.index(origin))
            assert share == pytest.approx(weight, abs=4 * np.sqrt(weight * (1 - weight) / len(DRAWS)))
    assert outcome.origin_right.mean(axis=0) == pytest.approx(problem.origin_truth, abs=0.015)


def test_quantiles_of_the_draws_are_the_exact_ones() -> None:
    problem = build(two_pools())
    outcome = sample(problem, DRAWS, 7)
    for name in problem.names:
        p = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
        exact = problem.quantiles(name, p)
        reached = np.array([np.mean(outcome.values[name] <= x + 1e-9) for x in exact])
        assert reached == pytest.approx(p, abs=0.015)


def test_an_origin_is_right_or_wrong_once_for_everything_it_says() -> None:
    problem = build(two_pools())
    outcome = sample(problem, DRAWS, 7)
    shared = problem.origins.index("shared")
    x, y = (outcome.chosen_origin[:, column] == shared for column in (0, 1))
    both = x & y
    weaker, stronger = outcome.held[both, 0], outcome.held[both, 1]
    assert np.all(stronger[weaker])  # what is believed at 0.5 never holds where what is believed at 0.7 does not
    assert np.array_equal(weaker, outcome.origin_right[both, shared])
    assert np.mean(both) == pytest.approx(np.mean(x) * np.mean(y), abs=0.01)  # the choice is made for each pool


def test_without_an_origin_the_draws_that_did_not_use_it_are_the_same_draws() -> None:
    plan, whole = two_pools(), drawn(two_pools())
    for origin in ("shared", "b", "capper"):
        left = without_origin(whole, origin, revives=False)
        rerun = drawn(plan, without_origins=[origin])
        for name in whole.names:
            assert rerun.values[name][left.mask].tobytes() == whole.values[name][left.mask].tobytes()
        assert left.kept == left.mask.sum() > 400


def test_the_draws_that_did_not_use_an_origin_answer_for_the_plan_without_it() -> None:
    plan, whole = two_pools(), drawn(two_pools())
    for origin in ("shared", "b", "capper"):
        left = without_origin(whole, origin, revives=False)
        problem = build(plan, without_origins=[origin])
        for name in whole.names:
            exact = problem.quantiles(name, [0.2, 0.5, 0.8])
            kept = whole.values[name][left.mask]
            share = np.array([np.mean(kept <= x + 1e-9) for x in exact])
            assert share == pytest.approx([0.2, 0.5, 0.8], abs=4 * 0.5 / np.sqrt(left.kept))


def test_too_few_draws_or_a_statement_that_revives_ask_for_a_rerun() -> None:
    single = drawn(one_pool(claim("a", high=900)))
    assert without_origin(single, "a", revives=False)[1:] == (0, True)
    outcome = drawn(two_pools())
    assert not without_origin(outcome, "b", revives=False).rerun
    assert without_origin(outcome, "b", revives=True).rerun
    with pytest.raises(ValueError, match="not in tuple"):
        without_origin(outcome, "nobody", revives=False)


def test_the_problem_knows_which_origin_holds_down_an_older_statement() -> None:
    plan = one_pool(
        claim("old", date="2025-05-01", high=900),
        claim("new", date="2025-06-01", high=500, supersedes="old"),
        claim("other", high=700),
    )
    problem = build(plan)
    assert dict(zip(problem.origins, problem.revives, strict=True)) == {"new": True, "other": False}


def test_a_new_claim_takes_draws_only_for_itself() -> None:
    before, after = drawn(two_pools()), drawn(two_pools(claim("e", low=4000, high=4000)))
    assert after.values["y"].tobytes() == before.values["y"].tobytes()
    kept = after.chosen_origin[:, 0] != after.origins.index("e")
    assert 0.3 < kept.mean() < 0.9
    assert after.values["x"][kept].tobytes() == before.values["x"][kept].tobytes()


def test_assumptions_of_one_group_rise_and_fall_together() -> None:
    claims = [claim("a", low=100, high=900), claim("b", subject="FRA", low=1000, high=9000)]
    pools = [pooled("x", "a", group="g"), pooled("y", "b", group="g")]
    outcome = sample(build(plan_of(claims, pools)), DRAWS, 7)
    both = outcome.held.all(axis=1)
    assert np.corrcoef(outcome.values["x"][both], outcome.values["y"][both])[0, 1] > 0.999
    apart = sample(build(plan_of(claims, [pooled("x", "a"), pooled("y", "b")])), DRAWS, 7)
    assert abs(np.corrcoef(apart.values["x"], apart.values["y"])[0, 1]) < 0.05


def test_an_assumption_without_origins_draws_its_own_range_and_says_so() -> None:
    outcome = drawn(one_pool(claim("a", high=900)), without_origins=["a"])
    assert outcome.unsupported == ("x",)
    assert np.all(outcome.chosen_origin == OWN)
    assert outcome.used.shape == (len(DRAWS), 0)
    assert np.median(outcome.values["x"]) == pytest.approx(4000, rel=0.02)


def test_seeds_differ() -> None:
    problem = build(two_pools())
    assert not np.array_equal(sample(problem, DRAWS, 1).values["x"], sample(problem, DRAWS, 2).values["x"])
