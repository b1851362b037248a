"""Laws that every rotation run keeps, on random problems: first of all, the simulator equals its slow twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings

from holdfast.analyses.rotation.outcome import CAUSES, RotationOutcome
from holdfast.analyses.rotation.problem import NEVER, Policy, Pool, RotationProblem, Task, from_lists
from holdfast.analyses.rotation.simulate import simulate
from tests.naive import rotation as twin
from tests.naive.rotation_problems import numbers, random_problem

PER_DRAW = (
    "quantity", "people_per_unit", "available_from_day", "available_to_day", "cut_day", "cut_quantity", "readiness",
    "not_ready_days", "arrival_delay_days", "task_quantity", "task_from_day", "task_to_day", "max_people_deployed",
)  # fmt: skip


def assert_same(ours: RotationOutcome, theirs: RotationOutcome) -> None:
    """Equal in every array: type, shape and every bit of every value."""
    for name, one, other in zip(ours._fields, ours, theirs, strict=True):
        assert np.asarray(one).dtype == np.asarray(other).dtype, name
        np.testing.assert_array_equal(one, other, err_msg=name)


def put(problem: RotationProblem, **arrays: Any) -> RotationProblem:
    return problem._replace(**arrays)


def take(outcome: RotationOutcome, draws: slice | list[int]) -> RotationOutcome:
    return RotationOutcome._make(array[draws] for array in outcome)


def asked(problem: RotationProblem) -> np.ndarray:
    """Unit equivalents asked for by task and day, [D or 1, T, H]."""
    days = np.arange(problem.horizon_days)
    stands = (problem.task_from_day[:, :, None] <= days) & (days < problem.task_to_day[:, :, None])
    wanted: np.ndarray = stands * problem.task_quantity[:, :, None] / 1000
    return wanted


@pytest.mark.jit
@given(numbers)
@settings(max_examples=400)
def test_the_simulator_equals_its_slow_twin_in_every_array(number: int) -> None:
    problem = random_problem(number)
    assert_same(simulate(problem), twin.simulate(problem))


@given(numbers)
@settings(max_examples=25)
def test_the_simulator_equals_its_slow_twin_compiled_or_not(number: int) -> None:
    problem = random_problem(number, max_draws=2)
    assert_same(simulate(problem), twin.simulate(problem))


def test_random_problems_meet_every_event() -> None:
    events: list[twin.Event] = []
    for number in range(150):
        twin.simulate(random_problem(number, 1), events=events)
    happened = [what for _, what, _, _ in events]
    counts = {what: happened.count(what) for what in set(happened)}
    assert set(counts) == {"sent", "overlap", "home", "follow-on", "extended", "failed", "gone"}
    assert min(counts.values()) >= 5, counts


def test_random_problems_meet_every_cause() -> None:
    met = {code for number in range(150) for code in np.unique(simulate(random_problem(number)).cause)}
    assert met == set(range(len(CAUSES)))


@given(numbers)
@settings(max_examples=100)
def test_the_four_states_add_up_to_the_units_present(number: int) -> None:
    problem = random_problem(number)
    outcome = simulate(problem, daily=False)
    assert (outcome.state_days >= 0).all()
    np.testing.assert_array_equal(outcome.state_days.sum(axis=2), outcome.inventory_days)
    away = outcome.state_days[:, :, :2].sum(axis=2)
    by_nation = [away[:, problem.nation == nation].sum(axis=1) for nation in range(len(problem.withdrawal_days))]
    np.testing.assert_array_equal(np.stack(by_nation, axis=1), outcome.bog_days)


@given(numbers)
@settings(max_examples=60)
def test_a_unit_that_never_leaves_is_present_every_day(number: int) -> None:
    stays = {"available_from_day": 0, "available_to_day": NEVER, "cut_day": NEVER}
    problem = random_problem(number)
    fields = {name: np.full_like(getattr(problem, name), value) for name, value in stays.items()}
    outcome = simulate(put(problem, **fields), daily=False)
    units = np.broadcast_to(problem.quantity, outcome.inventory_days.shape)
    np.testing.assert_array_equal(outcome.inventory_days, units * problem.horizon_days)


@given(numbers)
@settings(max_examples=100)
def test_missed_days_are_demand_less_fill_day_by_day(number: int) -> None:
    problem = random_problem(number)
    outcome = simulate(problem)
    short = np.maximum(asked(problem) - outcome.fill_units.astype(np.float64), 0)
    short[short < 1e-6] = 0  # fill is stored in single precision
    np.testing.assert_allclose(outcome.missed_unit_days, short.sum(axis=2), atol=1e-4)
    np.testing.assert_array_equal(outcome.cause > 0, short > 0)
    first = np.where((short > 0).any(axis=2), (short > 0).argmax(axis=2), -1)
    np.testing.assert_array_equal(outcome.first_missed_day, first)


@given(numbers)
@settings(max_examples=60)
def test_fill_exceeds_demand_by_less_than_one_unit_where_units_are_whole(number: int) -> None:
    problem = random_problem(number)
    whole = put(problem, effectiveness=np.where(problem.effectiveness > 0, 1000, 0))
    fill = simulate(whole).fill_units.astype(np.float64)
    assert (fill <= np.ceil(asked(problem)) + 1e-6).all()


@given(numbers)
@settings(max_examples=60)
def test_the_cap_on_people_filling_is_kept_every_day(number: int) -> None:
    problem = random_problem(number)
    one_nation = put(problem, nation=np.zeros_like(problem.nation))
    filling = simulate(one_nation).fill_people.sum(axis=1)
    assert (filling <= problem.max_people_deployed[:, :1]).all()


@given(numbers)
@settings(max_examples=60)
def test_more_draws_never_change_the_draws_before(number: int) -> None:
    problem = random_problem(number)
    short = {name: getattr(problem, name)[:1] for name in PER_DRAW}
    alone = simulate(put(problem, draws=1, **short))
    assert_same(alone, take(simulate(problem), slice(0, 1)))


@given(numbers)
@settings(max_examples=40)
def test_a_draw_is_the_same_in_whatever_chunk_it_is_run(number: int) -> None:
    problem = random_problem(number)
    last = problem.draws - 1
    own = {name: array[-1:] if len(array) > 1 else array for name in PER_DRAW if (array := getattr(problem, name)).size}
    alone = put(problem, draws=1, first_draw=problem.first_draw + last, **own)
    assert_same(simulate(alone), take(simulate(problem), slice(last, last + 1)))


@given(numbers)
@settings(max_examples=40)
def test_draws_that_share_no_random_number_may_be_put_in_any_order(number: int) -> None:
    problem = random_problem(number)
    sure = put(problem, readiness=np.ones_like(problem.readiness), start=np.zeros_like(problem.start))
    order = list(reversed(range(problem.draws)))
    turned = {name: array[order] if len(array := getattr(sure, name)) > 1 else array for name in PER_DRAW}
    assert_same(simulate(put(sure, **turned)), take(simulate(sure), order))


@pytest.mark.jit
@given(numbers)
@settings(max_examples=40)
def test_any_number_of_threads_gives_the_same_bytes(number: int) -> None:
    problem = put(random_problem(number), draws=1)
    short = {name: getattr(problem, name)[:1] for name in PER_DRAW}
    many = put(problem, draws=23, **short)
    one, two = simulate(many, threads=1), simulate(many, threads=2)
    assert [array.tobytes() for array in one] == [array.tobytes() for array in two]


@given(numbers)
@settings(max_examples=40)
def test_leaving_out_the_daily_arrays_changes_nothing_else(number: int) -> None:
    problem = random_problem(number)
    full, light = simulate(problem), simulate(problem, daily=False)
    assert_same(RotationOutcome._make((*full[:10], *light[10:])), light)
    assert all(array.size == 0 for array in light[10:])


@given(numbers)
@settings(max_examples=5)
def test_a_pools_random_numbers_follow_its_name_not_its_place(number: int) -> None:
    problem = random_problem(number, max_draws=1)
    idle = Pool("p", 3, id="someone else", unit_type="of no use", start="seeded", readiness=0.5)
    policy = Policy("p", 12, 4, bog_days=5, overlap_days=1)
    pools = [Pool("p", 3, id="a", start="seeded", readiness=0.5, not_ready_days=4)]
    tasks = [Task(2, id="X")]
    alone = simulate(from_lists(pools, [policy], tasks, 40, seed=problem.seed, draws=5))
    second = simulate(from_lists([idle, *pools], [policy], tasks, 40, seed=problem.seed, draws=5))
    np.testing.assert_array_equal(alone.fill_units, second.fill_units)


@given(numbers)
@settings(max_examples=40)
def test_people_scale_with_people_per_unit_where_no_cap_binds(number: int) -> None:
    problem = random_problem(number)
    free = put(problem, max_people_deployed=np.full_like(problem.max_people_deployed, NEVER))
    one, three = simulate(free), simulate(put(free, people_per_unit=3 * problem.people_per_unit))
    np.testing.assert_array_equal(3 * one.people_days, three.people_days)
    np.testing.assert_array_equal(3 * one.fill_people, three.fill_people)
    np.testing.assert_array_equal(one.fill_units, three.fill_units)


@given(numbers)
@settings(max_examples=40)
def test_demand_and_effectiveness_scale_together(number: int) -> None:
    problem = random_problem(number)
    double = put(problem, task_quantity=2 * problem.task_quantity, effectiveness=2 * problem.effectiveness)
    one, two = simulate(problem), simulate(double)
    np.testing.assert_array_equal(2 * one.missed_unit_days, two.missed_unit_days)
    assert_same(one._replace(missed_unit_days=two.missed_unit_days, fill_units=two.fill_units), two)


@given(numbers)
@settings(max_examples=60)
def test_a_longer_horizon_does_not_change_the_days_before(number: int) -> None:
    problem = random_problem(number)
    longer = simulate(put(problem, horizon_days=problem.horizon_days + 7))
    shorter = simulate(problem)
    for name in ("fill_units", "fill_people", "cause"):
        np.testing.assert_array_equal(getattr(longer, name)[:, :, : problem.horizon_days], getattr(shorter, name))
    assert (longer.missed_unit_days >= shorter.missed_unit_days).all()
    assert (longer.tours >= shorter.tours).all()


@given(numbers)
@settings(max_examples=60)
def test_a_permanent_unit_that_serves_one_task_never_makes_it_worse(number: int) -> None:
    """What is monotone: more units that never rest and arrive at once.

    Rotating units are not (see the golden numbers), nor are units that arrive late: the slower may be sent first.
    """
    problem = random_problem(number)
    everyone = put(
        problem,
        posture=np.ones_like(problem.posture),
        arrival_delay_days=np.zeros_like(problem.arrival_delay_days),
        effectiveness=np.full_like(problem.effectiveness[:, :1], 1000),
        rank=problem.rank[:, :1],
        max_people_deployed=np.full_like(problem.max_people_deployed, NEVER),
        **{name: getattr(problem, name)[:, :1] for name in ("task_quantity", "task_from_day", "task_to_day")},
        **{name: getattr(problem, name)[:1] for name in ("source_first", "group", "task_place")},
    )
    more = put(everyone, quantity=everyone.quantity + 1, cut_quantity=everyone.cut_quantity + 1)
    assert (simulate(more).missed_unit_days <= simulate(everyone).missed_unit_days).all()


@given(numbers)
@settings(max_examples=60)
def test_the_first_task_does_not_feel_the_tasks_after_it(number: int) -> None:
    """Holds where nothing the first task needs is away: every unit serves one task only."""
    problem = random_problem(number)
    alone = np.zeros_like(problem.effectiveness)
    owner = np.arange(len(problem.posture)) % problem.effectiveness.shape[1]
    alone[np.arange(len(owner)), owner] = problem.effectiveness[np.arange(len(owner)), owner]
    ungrouped = put(problem, group=np.full_like(problem.group, -1))
    free = put(ungrouped, effectiveness=alone, max_people_deployed=np.full_like(problem.max_people_deployed, NEVER))
    nobody_else = put(free, task_quantity=free.task_quantity * (np.arange(alone.shape[1]) == 0))
    before, after = simulate(free), simulate(nobody_else)
    np.testing.assert_array_equal(before.fill_units[:, 0], after.fill_units[:, 0])


@example(1)
@given(numbers)
@settings(max_examples=40)
def test_nothing_asked_nothing_sent(number: int) -> None:
    problem = random_problem(number)
    outcome = simulate(put(problem, task_quantity=np.zeros_like(problem.task_quantity)))
    assert not outcome.tours.any()
    assert not outcome.missed_unit_days.any()
    assert not outcome.bog_days.any()
    assert not outcome.cause.any()
