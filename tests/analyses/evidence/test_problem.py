"""Pools built from a plan: which claims they take, what each weighs, and what they say exactly."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analyses.evidence import shapes, summary, tables
from holdfast.analyses.evidence.check import check
from holdfast.analyses.evidence.pool import Ceiling, Entry, Pool, distribution, log_pool_quantiles, quantiles
from holdfast.analyses.evidence.problem import EvidenceProblem, build, own_range
from holdfast.analyses.evidence.simulate import sample
from holdfast.plan.model import Cell, Plan, Row
from tests.analyses.evidence.samples import claim, one_pool, plan_of, pooled

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def fates(plan: Plan) -> dict[str, str]:
    return {status.claim: status.status for status in build(plan).statuses}


def test_a_pool_takes_planned_offered_and_committed_and_reports_the_rest() -> None:
    kinds = ("planned", "offered", "committed", "asked", "possible", "dropped", "estimate", "ceiling")
    plan = one_pool(*(claim(kind, kind=kind, low=10, high=90) for kind in kinds), claim("words", kind=""))
    assert fates(plan) == {
        **dict.fromkeys(kinds[:3], "pooled"),
        **dict.fromkeys((*kinds[3:7], "words"), "reported"),
        "ceiling": "ceiling",
    }


def test_a_pool_may_name_the_kinds_that_it_admits() -> None:
    claims = [claim(kind, quantity="rotation", kind=kind, low=10, high=90) for kind in ("offered", "estimate")]
    assert fates(one_pool(*claims, kinds="estimate")) == {"offered": "reported", "estimate": "pooled"}


def test_statuses_say_why_a_claim_does_not_count() -> None:
    plan = one_pool(
        claim("old", date="2025-05-01", high=900), claim("new", date="2025-06-01", high=500, supersedes="old")
    )
    assert [status.reason for status in build(plan).statuses] == ["kind offered", "supersedes new"]
    early = build(plan, as_of=date(2025, 5, 2))
    assert [status.reason for status in early.statuses] == ["later than as-of", "kind offered"]
    assert build(plan, without_sources=["B"]).statuses[0].reason == "source left out"


def test_authenticity_and_age_make_the_weight_and_credibility_the_chance_of_being_right() -> None:
    plan = one_pool(
        claim("new", source="B", credibility=4, date="2026-03-01", high=900),
        claim("old", source="D", credibility=2, date="2025-09-02", high=900),
    )
    new, old = build(plan).pool("x").entries
    assert (new.weight, new.truth, new.grade) == (0.7, 0.3, "B4")
    assert old.weight == pytest.approx(0.3 / 2)  # 180 days: half
    assert (old.truth, old.grade) == (0.7, "D2")


def test_a_second_outlet_of_an_origin_changes_nothing_unless_it_is_better() -> None:
    said = claim("a", origin="o", source="C", high=900)
    alone = build(one_pool(said)).pool("x").entries
    assert build(one_pool(said, claim("b", origin="o", source="D", high=900))).pool("x").entries == alone
    better = build(one_pool(said, claim("b", origin="o", source="B", high=900))).pool("x").entries
    assert [entry.weight / alone[0].weight for entry in better] == [pytest.approx(0.7 / 0.5)]


def test_f_and_6_weigh_as_the_middle_grade_with_twice_the_spread_and_are_marked() -> None:
    plan = one_pool(
        claim("judged", source="C", credibility=3, low=100, high=100),
        claim("unjudged", source="F", credibility=6, low=100, high=100),
    )
    judged, unjudged = build(plan).pool("x").entries
    assert (unjudged.weight, unjudged.truth) == (judged.weight, judged.truth)
    assert (judged.unjudged, unjudged.unjudged) == (False, True)
    widths = [np.diff(shapes.quantile(entry.right, np.array([0.05, 0.95])))[0] for entry in (judged, unjudged)]
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.1)


def test_the_wrong_branch_of_a_contribution_lies_between_nothing_and_what_the_nation_has() -> None:
    claims, assumptions = [claim("a", high=900)], [pooled("x", "a")]
    nation = {"id": "GBR", "max_people_deployed": 6000}
    known = build(plan_of(claims, assumptions, nations=[nation])).pool("x")
    assert known.entries[0].wrong == shapes.pert(0, 4000, 6000)
    assert known.capacity == 6000
    unknown = build(plan_of(claims, assumptions)).pool("x")
    assert unknown.entries[0].wrong == shapes.pert(0, 4000, 8000)
    circular = build(plan_of(claims, assumptions, nations=[nation | {"max_people_deployed": "=x"}])).pool("x")
    assert circular == unknown  # a claim cannot bound itself


def test_the_capacity_of_a_nation_may_be_a_fact() -> None:
    facts = [{"id": "army", "attribute": "size", "value": 7000, "unit": "persons"}]
    nations = [{"id": "GBR", "max_people_deployed": "=army"}]
    plan = plan_of([claim("a", high=900)], [pooled("x", "a")], nations=nations, facts=facts)
    assert build(plan).pool("x").capacity == 7000


def test_another_quantity_falls_back_on_the_own_range() -> None:
    pool = build(one_pool(claim("a", subject="PLAN", quantity="force_size", high=900))).pool("x")
    assert pool.entries[0].wrong == pool.own == shapes.pert(0, 4000, 8000)


def test_a_nation_that_refuses_gives_nobody_at_any_quantile() -> None:
    plan = one_pool(claim("a", kind="stance_zero", low=0, high=0, stance="refuses"))
    problem = build(plan)
    assert problem.unsupported == ()
    assert problem.quantiles("x", [0.001, 0.5, 0.999]).tolist() == [0, 0, 0]
    assert not sample(problem, np.arange(1000), 1).values["x"].any()


def test_a_willingness_pools_stances_and_a_refusal_found_wrong_is_a_reversal() -> None:
    words = {"kind": "", "unit": "", "quantity": "stance"}
    plan = one_pool(
        claim("a", stance="refuses", **words),
        claim("b", stance="undecided", **words),
        unit="probability", mode=0.4, high=1,
    )  # fmt: skip
    refuses, undecided = build(plan).pool("x").entries
    assert (refuses.right, refuses.wrong) == (shapes.pert(0, 0.02, 0.05), shapes.constant(0.1))
    assert (undecided.right, undecided.wrong) == (shapes.pert(0.15, 0.35, 0.55), shapes.pert(0, 0.4, 1))


def test_an_origin_has_one_stance_the_latest_whatever_the_topic() -> None:
    words = {"kind": "", "unit": "", "origin": "speaker-x"}
    plan = one_pool(
        claim("a", stance="undecided", quantity="stance", **words),
        claim("b", stance="conditional", quantity="timing", date="2026-02-02", **words),
        unit="probability", mode=0.4, high=1,
    )  # fmt: skip
    assert [entry.claim for entry in build(plan).pool("x").entries] == ["b"]


def test_an_assumption_with_no_origin_left_uses_its_own_range_and_is_marked() -> None:
    plan = one_pool(claim("a", high=900))
    problem = build(plan, without_origins=["a"])
    assert problem.unsupported == ("x",)
    assert problem.quantiles("x", [0.5]) == pytest.approx([4000])  # PERT(0, 4000, 8000) is symmetric
    assert build(plan).unsupported == ()


def test_a_plans_own_tables_replace_single_rows_of_the_shipped_ones() -> None:
    plan = plan_of(
        [claim("a", source="C", credibility=2, date="2026-03-01", low=100, high=100)],
        [pooled("x", "a")],
        grades=[{"id": "C", "weight": 0.25}, {"id": "F", "weight": ""}],
        pooling=[{"id": "point_spread", "value": 0.1}],
    )
    (entry,) = build(plan).pool("x").entries
    assert (entry.weight, entry.truth) == (0.25, 0.7)
    assert shapes.quantile(entry.right, np.array([0.95])) == pytest.approx([110])
    own = one_pool(claim("a", low=100, high=100), spread=0.3)
    assert shapes.quantile(build(own).pool("x").entries[0].right, np.array([0.95])) == pytest.approx([130])


def test_only_assumptions_of_kind_claims_have_a_pool() -> None:
    with pytest.raises(ValueError, match="not an assumption of kind claims: y"):
        build(one_pool(claim("a", high=900)), names=["y"])


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_quantiles_are_asked_for_between_zero_and_one(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        build(one_pool(claim("a", high=900))).quantiles("x", [p])


# ---- laws of pools

NUMBERS = st.one_of(
    st.tuples(st.none(), st.integers(100, 9000)),
    st.tuples(st.integers(100, 9000), st.none()),
    st.integers(100, 9000).map(lambda x: (x, x)),
    st.tuples(st.integers(100, 4000), st.integers(4001, 9000)),
)


@st.composite
def claim_forests(draw: st.DrawFn) -> list[dict[str, object]]:
    """Claims about one contribution, some relayed, some replaced, some ceilings or refusals."""
    claims: list[dict[str, object]] = []
    for index in range(draw(st.integers(1, 7))):
        low, high = draw(NUMBERS)
        kind = draw(
            st.sampled_from(("offered", "planned", "committed", "possible", "dropped", "stance_zero", "ceiling"))
        )
        if kind == "stance_zero":
            low = high = 0
        if kind == "ceiling":
            high = high or low
        day = f"2025-{draw(st.integers(1, 12)):02d}-{draw(st.integers(1, 28)):02d}"
        older = [str(row["id"]) for row in claims if str(row["date"]) < day]
        old = draw(st.sampled_from(["", *older]))
        column = draw(st.sampled_from(("derived_from", "supersedes")))
        claims.append(claim(
            f"c{index}", kind=kind, low="" if low is None else low, high="" if high is None else high, date=day,
            origin=f"o{draw(st.integers(0, 3))}", source=draw(st.sampled_from("ABCDEF")),
            credibility=draw(st.integers(2, 6)), **{column: old},
        ))  # fmt: skip
    return claims


def same_pools(one: EvidenceProblem, other: EvidenceProblem) -> bool:
    return one._replace(statuses=()) == other._replace(statuses=())


@given(claim_forests(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_rows_does_not_matter(claims: list[dict[str, object]], random: object) -> None:
    shuffled = sorted(claims, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert build(one_pool(*claims)) == build(one_pool(*shuffled))


@given(claim_forests())
@settings(max_examples=40)
def test_repeating_every_claim_in_another_outlet_of_its_letter_changes_nothing(claims: list[dict[str, object]]) -> None:
    repeated = [
        {**row, "id": f"{row['id']}z", "source": f"{row['source']}2", "supersedes": "", "derived_from": row["id"]}
        for row in claims
    ]
    assert same_pools(build(one_pool(*claims)), build(one_pool(*claims, *repeated)))


@given(claim_forests())
@settings(max_examples=40)
def test_quantiles_of_a_pool_lie_between_those_of_its_members(claims: list[dict[str, object]]) -> None:
    pool = build(one_pool(*claims)).pool("x")
    whole = quantiles(pool, LEVELS)
    alone = [quantiles(pool._replace(entries=(entry,)), LEVELS) for entry in pool.entries] or [whole]
    slack = 1e-6 * (1 + whole)
    assert np.all(np.diff(whole) >= -slack[1:])
    assert np.all(whole >= np.min(alone, axis=0) - slack)
    assert np.all(whole <= np.max(alone, axis=0) + slack)


@given(claim_forests())
@settings(max_examples=40)
def test_what_was_replaced_or_is_only_reported_is_in_no_pool(claims: list[dict[str, object]]) -> None:
    problem = build(one_pool(*claims))
    used = {entry.claim for entry in problem.pool("x").entries} | {cap.claim for cap in problem.pool("x").ceilings}
    assert used == {status.claim for status in problem.statuses if status.status in ("pooled", "ceiling")}
    origins = [entry.origin for entry in problem.pool("x").entries]
    assert len(origins) == len(set(origins))
    superseded = {str(row["supersedes"]) for row in claims if row["supersedes"]}
    assert not used & superseded


@given(claim_forests())
@settings(max_examples=25)
def test_shares_of_whose_word_it_is_sum_to_one(claims: list[dict[str, object]]) -> None:
    (pool,) = summary.summarise(one_pool(*claims)).pools
    assert sum(pool.shares.values()) == pytest.approx(1)
    assert all(share >= -1e-12 for share in pool.shares.values())
    assert sum(origin.weight for origin in pool.origins) == pytest.approx(0 if pool.unsupported else 1)


# ---- exact distributions


def entry(origin: str, truth: float, right: shapes.Shape, wrong: shapes.Shape, weight: float = 1.0) -> Entry:
    return Entry(origin, origin, weight, truth, right, wrong, "C3", False)


def test_a_ceiling_of_the_origin_itself_holds_when_it_is_right_and_not_otherwise() -> None:
    own = shapes.constant(9)
    pool = Pool(
        own, np.inf, (entry("o", 0.5, shapes.constant(5), own),), (Ceiling("o", "c", 4.0, heard=1.0, truth=0.5),)
    )
    assert distribution(pool, np.array([4.0, 5.0, 8.9, 9.0])).tolist() == [0.5, 0.5, 0.5, 1.0]


def test_the_lowest_ceiling_that_stands_is_the_one_that_counts() -> None:
    value = shapes.constant(9)
    caps = (Ceiling("a", "a", 6.0, heard=0.5, truth=0.5), Ceiling("b", "b", 4.0, heard=1.0, truth=0.5))
    pool = Pool(value, np.inf, (entry("o", 1.0, value, value),), caps)
    assert distribution(pool, np.array([4.0, 6.0, 9.0])).tolist() == [0.5, 0.5 + 0.5 * 0.25, 1.0]


def test_the_logarithmic_pool_of_one_origin_is_the_linear_one() -> None:
    pool = build(one_pool(claim("a", low=500, high=900))).pool("x")
    assert log_pool_quantiles(pool, LEVELS, 0.5) == pytest.approx(quantiles(pool, LEVELS))


def test_the_logarithmic_pool_of_origins_that_agree_narrows_as_they_become_independent() -> None:
    shape = shapes.pert(0, 50, 100)
    pool = Pool(shape, np.inf, (entry("a", 1.0, shape, shape), entry("b", 1.0, shape, shape)), ())
    one_voice, two = (log_pool_quantiles(pool, LEVELS, rho) for rho in (1.0, 0.0))
    assert one_voice == pytest.approx(shapes.quantile(shape, np.array(LEVELS)), abs=0.1)
    assert two[-1] - two[0] < 0.85 * (one_voice[-1] - one_voice[0])


def test_origins_without_common_ground_have_no_logarithmic_pool() -> None:
    low, high = shapes.pert(0, 1, 2), shapes.pert(5, 6, 7)
    pool = Pool(low, np.inf, (entry("a", 1.0, low, low), entry("b", 1.0, high, high)), ())
    assert np.isnan(log_pool_quantiles(pool, LEVELS, 0.5)).all()


def test_a_summary_shows_each_origin_with_the_pool_that_is_left_without_it() -> None:
    plan = one_pool(
        claim("a", source="C", basis="on_record", low=1000, high=1000), claim("b", basis="anonymous", high=900)
    )
    (pool,) = summary.summarise(plan).pools
    a, b = pool.origins
    assert a.weight == pytest.approx(0.5 / 1.2)
    assert a.without == pytest.approx(tuple(build(plan, without_origins=["a"]).quantiles("x", [0.05, 0.5, 0.95])))
    assert not b.unsupported_without
    assert pool.shares["on_record"] == pytest.approx(a.weight * 0.7)
    assert pool.shares["judgement"] == pytest.approx(0.3)
    assert pool.quantiles == pytest.approx(tuple(build(plan).quantiles("x", [0.05, 0.5, 0.95])))


def test_the_shipped_tables_are_plan_tables_and_say_the_same_there() -> None:
    folder = Path(tables.__file__).with_name("data")
    shipped = {
        name: list(csv.DictReader((folder / f"{name}.csv").read_text("utf-8").splitlines())) for name in tables.TABLES
    }
    claims, pools = [claim("a", high=900)], [pooled("x", "a")]
    copied = plan_of(claims, pools, **shipped)
    assert check(copied) == []
    assert tables.judgements(copied) == tables.judgements(plan_of(claims, pools))
    assert tables.judgements(copied).weights["F"] == 0.5


def test_an_own_range_without_ends_is_its_one_value() -> None:
    def own(**cells: float | None) -> shapes.Shape:
        return own_range(Row("assumptions", "x", 2, {name: Cell(value) for name, value in cells.items()}))

    assert own(low=None, mode=7.0, high=None) == shapes.constant(7)
    assert own(low=2.0, mode=None, high=None) == shapes.constant(2)
    assert own(low=2.0, mode=None, high=8.0) == shapes.pert(2, 5, 8)
