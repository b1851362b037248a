"""Requirement search, inventory sweep and the largest demand: every candidate is simulated, none is skipped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from holdfast.analyses.rotation.problem import Policy, Pool, RotationProblem, Task, from_lists
from holdfast.analyses.rotation.requirement import closed_form, largest_sustainable, least_units, lower_bound, sweep
from holdfast.analyses.rotation.simulate import simulate
from holdfast.base.errors import UsageError
from holdfast.cases.rotation import standing_demand
from tests.naive.rotation_problems import numbers, random_problem

UNREADY = Pool("p", 4, id="a", readiness=0.6, not_ready_days=8, start="seeded")
TEMPO = Policy("p", 20, 8, bog_days=7, overlap_days=1)


def unready(draws: int, quantity: int = 1) -> RotationProblem:
    return from_lists([UNREADY], [TEMPO], [Task(quantity, id="X")], 120, draws=draws, seed=5)


@pytest.mark.jit
def test_the_simulated_need_is_reported_beside_the_closed_form() -> None:
    found = least_units(standing_demand("AC13", 4), pool=0)
    assert (found.closed_form, found.least, found.limit) == (17, 22, 34)
    missed = dict(zip(found.sweep.candidates, found.sweep.missed_unit_days[:, 0], strict=True))
    assert [missed[n] for n in range(17, 23)] == [90, 30, 15, 15, 15, 0]


@pytest.mark.jit
def test_a_pool_that_does_is_not_taken_to_do_for_good() -> None:
    found = least_units(standing_demand("AC12Strict", 1), pool=0, tolerance=200 / 3650, limit=20)
    missed = dict(zip(found.sweep.candidates, found.sweep.missed_unit_days[:, 0], strict=True))
    assert (missed[10], missed[11], missed[13]) == (157, 736, 225)
    assert found.least == 10
    assert found.least_for_good is None or found.least_for_good > 14
    for units in range(found.least_for_good or found.limit + 1, found.limit + 1):
        assert missed[units] <= 200
    assert missed[(found.least_for_good or found.limit + 1) - 1] > 200


@pytest.mark.jit
def test_a_tolerance_changes_the_answer() -> None:
    assert least_units(standing_demand("AC13", 4), pool=0, tolerance=90 / 14_600).least == 17
    assert least_units(standing_demand("AC13", 4), pool=0, tolerance=89 / 14_600).least == 18


def test_no_candidate_is_no_answer() -> None:
    found = least_units(unready(1), pool=0, limit=1)
    assert (found.least, found.least_for_good) == (None, None)


def test_a_sweep_equals_one_run_for_each_quantity() -> None:
    for problem in (unready(3), standing_demand("AC11", 1)._replace(horizon_days=900)):
        found = sweep(problem, 0, [2, 5, 0])
        for row, units in zip(found.missed_unit_days, (2, 5, 0), strict=True):
            alone = simulate(problem._replace(quantity=np.array([[units]])), daily=False)
            np.testing.assert_array_equal(row, alone.missed_unit_days[:, 0])


def test_a_sweep_counts_only_the_tasks_that_the_pool_serves() -> None:
    pools = [Pool("p", 1, id="a"), Pool("p", 0, id="b", unit_type="B")]
    tasks = [Task(1, id="X"), Task(5, id="Y", unit_type="B")]
    found = sweep(from_lists(pools, [TEMPO], tasks, 30), 0, [0, 1])
    assert found.asked_unit_days.tolist() == [[30], [30]]
    assert found.missed_unit_days[0] == 30 > found.missed_unit_days[1]


def test_confidence_is_the_share_of_draws_that_must_meet_the_tolerance() -> None:
    problem = unready(12)
    found = sweep(problem, 0, range(1, 9))
    good = (found.missed_unit_days <= 0.2 * 120).mean(axis=1)
    np.testing.assert_array_equal(found.meets(0.2, 0.5), good >= 0.5)
    half, sure = (least_units(problem, 0, tolerance=0.2, confidence=share, limit=12).least for share in (0.5, 1.0))
    assert half is not None
    assert sure is None or half <= sure


@given(numbers)
@settings(max_examples=60)
def test_no_pool_below_the_lower_bound_is_enough(number: int) -> None:
    problem = random_problem(number, max_draws=1)
    for pool in range(len(problem.posture)):
        bound = lower_bound(problem, pool, 0.1)
        if bound > 0:
            assert not sweep(problem, pool, range(bound)).meets(0.1, 1.0).any()


@pytest.mark.parametrize("name", ["AC11", "AC12", "AC13", "RC14", "RC15"])
def test_the_lower_bound_becomes_the_closed_form_in_the_long_run(name: str) -> None:
    ten_years = standing_demand(name, 4)
    days = np.full_like(ten_years.task_to_day, 1_000_000)
    closed = closed_form(ten_years, 0)
    assert closed is not None
    assert lower_bound(ten_years, 0) <= closed
    assert lower_bound(ten_years._replace(horizon_days=1_000_000, task_to_day=days), 0) == closed


def test_the_lower_bound_claims_nothing_where_other_pools_help() -> None:
    pools = [Pool("p", 1, id="a"), Pool("p", 9, id="b")]
    problem = from_lists(pools, [TEMPO], [Task(3, id="X")], 100)
    assert lower_bound(problem, 0) == 0
    assert lower_bound(problem._replace(effectiveness=np.array([[1000], [0]])), 0) > 3


def test_a_pool_without_a_policy_has_no_closed_form_and_needs_what_is_asked() -> None:
    problem = from_lists([Pool(id="a", posture="permanent")], [TEMPO], [Task(3, id="X")], 20)
    found = least_units(problem, 0)
    assert (found.closed_form, found.least, found.least_for_good) == (None, 3, 3)


def test_the_closed_form_takes_the_peak_of_the_demand() -> None:
    tasks = [Task(1, id="X"), Task(2, id="Y", from_day=5, to_day=9), Task(4, id="Z", from_day=9, to_day=12)]
    problem = from_lists([Pool("p", id="a")], [Policy("p", 10, 6, bog_days=3)], tasks, 20)
    assert closed_form(problem, 0) == 15  # five units on day 9, three units a slot


def test_the_largest_demand_is_the_closed_form_of_a_pool_that_never_rests() -> None:
    problem = from_lists([Pool(id="a", posture="permanent", quantity=6)], [], [Task(4, id="X")], 20)
    found = largest_sustainable(problem, steps=4)
    assert (found.closed_form, found.largest, found.largest_for_good, found.limit) == (1.5, 1.5, 1.5, 2.0)
    assert found.sweep.candidates == tuple(range(1, 9))
    assert found.sweep.missed_unit_days[:, 0].tolist() == [0, 0, 0, 0, 0, 0, 20, 40]


@pytest.mark.jit
def test_the_largest_demand_of_a_rotating_pool_is_below_its_closed_form() -> None:
    found = largest_sustainable(standing_demand("AC13", 4, units=22), steps=4)
    assert found.closed_form == pytest.approx(22 * 225 / 915 / 4)
    assert 1 <= found.largest <= found.closed_form
    assert found.largest_for_good <= found.largest


def test_a_demand_too_large_at_every_step_is_zero_times_sustained() -> None:
    found = largest_sustainable(from_lists([Pool("p", 0)], [TEMPO], [Task(1)], 20), steps=2)
    assert (found.largest, found.largest_for_good) == (0, 0)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sweep(unready(1), 1, [1]), "no such pool: 1"),
        (lambda: sweep(unready(1), 0, [-1]), "fewer than 0"),
        (lambda: least_units(unready(1), 0, tolerance=1.5), "tolerance is a share"),
        (lambda: largest_sustainable(unready(1), confidence=-0.1), "confidence is a share"),
        (lambda: largest_sustainable(unready(1), steps=0), "no candidate"),
    ],
)
def test_impossible_questions_are_refused(call, says: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=says):
        call()
