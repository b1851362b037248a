"""What the simulator promises beside being equal to its slow twin: edges, layouts, threads, and the trace."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from holdfast.analyses.rotation import simulate as module
from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import (
    NEVER,
    POLICY_FIELDS,
    POSTURES,
    STARTS,
    Nation,
    Policy,
    Pool,
    RotationProblem,
    Substitution,
    Task,
    from_lists,
)
from holdfast.analyses.rotation.simulate import simulate
from holdfast.analyses.rotation.trace import STATES, trace
from holdfast.base.errors import UsageError
from tests.naive.rotation_problems import numbers, random_problem

POLICY = Policy("p", 60, 30, 60, bog_days=20, overlap_days=5)
POOL = Pool("p", 4, people_per_unit=100, nation="X")


def assert_equal(ours: RotationOutcome, theirs: RotationOutcome) -> None:
    for name, one, other in zip(ours._fields, ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


def problem(pools: list[Pool], tasks: list[Task], horizon: int = 100, **others: Any) -> RotationProblem:
    return from_lists(pools, [POLICY], tasks, horizon, **others)


def test_a_problem_without_tasks_leaves_every_unit_at_home() -> None:
    outcome = simulate(problem([POOL], []))
    assert outcome.missed_unit_days.shape == (1, 0)
    assert outcome.state_days.tolist() == [[[0, 0, 200, 200]]]
    assert outcome.inventory_days.tolist() == [[400]]


def test_a_problem_without_pools_misses_everything_for_want_of_units() -> None:
    outcome = simulate(problem([], [Task(2)]))
    assert outcome.missed_unit_days.tolist() == [[200.0]]
    assert outcome.longest_gap_days.tolist() == [[100]]
    assert set(outcome.cause[0, 0].tolist()) == {3}


def test_a_problem_of_nothing_has_an_outcome_of_nothing() -> None:
    outcome = simulate(problem([], [], horizon=1))
    assert [array.size for array in outcome] == [0] * len(outcome)


def test_a_pool_of_no_units_and_a_task_for_no_units_change_nothing() -> None:
    plain = simulate(problem([POOL], [Task(1, id="t")]))
    more = simulate(problem([POOL, Pool("p", 0, nation="X")], [Task(1, id="t"), Task(0, id="u")]))
    np.testing.assert_array_equal(plain.fill_units[0, 0], more.fill_units[0, 0])
    assert more.inventory_days.tolist() == [[400, 0]]
    assert more.missed_unit_days[0, 1] == 0
    assert not more.cause[0, 1].any()


def test_a_horizon_of_one_day_is_the_day_on_which_units_stand_where_they_start() -> None:
    outcome = simulate(problem([POOL], [Task(3)], horizon=1))
    assert outcome.fill_units.tolist() == [[[2.0]]]
    assert outcome.missed_unit_days.tolist() == [[1.0]]
    assert outcome.first_missed_day.tolist() == [[0]]


def test_a_task_that_ends_before_it_begins_never_stands() -> None:
    outcome = simulate(problem([POOL], [Task(3, from_day=50, to_day=40), Task(3, from_day=100, to_day=140)]))
    assert not outcome.missed_unit_days.any()
    assert not outcome.fill_units.any()


def test_without_daily_arrays_the_sums_stay_the_same() -> None:
    given_problem = random_problem(11, max_draws=3)
    full, short = simulate(given_problem), simulate(given_problem, daily=False)
    assert short.cause.shape == (given_problem.draws, full.cause.shape[1], 0)
    for name in RotationOutcome._fields[:-3]:
        np.testing.assert_array_equal(getattr(full, name), getattr(short, name), err_msg=name)


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_the_answer_is_the_same_on_any_number_of_threads(threads: int) -> None:
    pool = Pool("p", [1, 2, 3, 4, 5], readiness=0.5, not_ready_days=9, start="seeded")
    many = from_lists([pool], [POLICY], [Task(2)], 200, draws=5, seed=3)
    assert_equal(simulate(many, threads=threads), simulate(many))


def test_any_layout_of_the_arrays_gives_the_same_answer() -> None:
    given_problem = random_problem(5, max_draws=3)
    odd: dict[str, Any] = {}
    for name, array in given_problem._asdict().items():
        if isinstance(array, np.ndarray):
            odd[name] = np.asfortranarray(np.repeat(array, 2, axis=-1))[..., ::2]
            odd[name].setflags(write=False)
    assert_equal(simulate(given_problem._replace(**odd)), simulate(given_problem))


def test_simulating_changes_nothing_in_the_problem() -> None:
    given_problem = random_problem(5, max_draws=3)
    before = [np.copy(array) for array in given_problem]
    simulate(given_problem)
    for name, one, other in zip(given_problem._fields, given_problem, before, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


def test_an_array_of_another_number_of_draws_is_refused() -> None:
    wrong = from_lists([Pool("p", [1, 2])], [POLICY], [Task(1)], 10, draws=3)
    with pytest.raises(UsageError, match="quantity holds 2 draws, the problem 3"):
        simulate(wrong)


def test_days_that_never_come_do_not_overflow() -> None:
    pool = Pool("p", 2, available_to_day=NEVER, cut_day=NEVER, nation="X", people_per_unit=NEVER)
    outcome = from_lists([pool], [POLICY], [Task(2)], 90, nations=[Nation("X", NEVER, withdrawal_days=NEVER)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert simulate(outcome).fill_people.max() == NEVER  # the cap lets one unit go, not two


def test_long_cycles_are_compared_exactly() -> None:
    """Clocks 999,999 of 3,000,000 and 333,333 of 1,000,000 are equal; one day less makes the difference."""
    policies = [Policy("long", 3_000_000, 0, bog_days=50), Policy("short", 1_000_000, 0, bog_days=50)]
    for clock, chosen in ((999_999, 1), (999_998, 0)):
        pools = [
            Pool("short", 1, start="fixed", start_clock_day=333_333),
            Pool("long", 1, start="fixed", start_clock_day=clock),
        ]
        if clock == 999_999:
            pools.reverse()  # a tie goes to the pool that comes first
            chosen = 0
        outcome = simulate(from_lists(pools, policies, [Task(1)], 10))
        assert outcome.tours[0].tolist() == [1 - chosen, chosen]


def test_the_packed_columns_are_those_of_the_problem() -> None:
    """The kernel names columns by position; the names in front of it must stand in the same order."""
    posted = [POSTURES.index(name) for name in ("rotating", "permanent", "standby", "forward")]
    assert posted == [s.ROTATING, s.PERMANENT, s.STANDBY, s.FORWARD]
    assert (STARTS.index("fixed"), STARTS.index("seeded")) == (1, 2)
    assert POLICY_FIELDS.index("max_callups") == s.CALLUPS - s.CYCLE
    assert POLICY_FIELDS.index("min_dwell_days") == s.MIN_DWELL - s.CYCLE
    assert s.POOL_GIVEN[s.G_CUT_SIZE] == "cut_quantity"
    assert s.FIXED_GIVEN[s.G_POLICY] == "policy"


def test_memory_of_an_earlier_draw_leaves_no_trace_in_the_next() -> None:
    """Draws that differ in size, in one call and one by one."""
    pool = Pool("p", [5, 0, 2, 7], readiness=0.5, not_ready_days=4, available_to_day=[NEVER, 30, 60, NEVER])
    task = Task([1, 3, 0, 2], from_day=[0, 5, 0, 9], group="g")
    many = from_lists([pool], [POLICY], [task], 150, draws=4, seed=1)
    together = simulate(many)
    for d in range(4):
        alone: dict[str, Any] = {
            name: array[d : d + 1]
            for name, array in many._asdict().items()
            if isinstance(array, np.ndarray) and name in (*s.POOL_GIVEN, *s.TASK_GIVEN) and len(array) == 4
        }
        one = simulate(many._replace(draws=1, first_draw=d, **alone))
        assert_equal(RotationOutcome._make(array[d : d + 1] for array in together), one)


def test_an_extension_that_a_later_one_makes_needless_ends_on_the_next_day() -> None:
    """Half a unit and a whole one are extended on day 10 for a task that wants 0.9; then the whole one does alone."""
    policy = Policy("p", 60, 0, bog_days=10, demobilisation_days=30, max_extension_days=8)
    pools = [Pool("p", 1, unit_type="half"), Pool("p", 1)]
    task, half = Task(0.9), Substitution("A", "half", 0.5, rank=0)
    outcome = simulate(from_lists(pools, [policy], [task], 30, substitutions=[half]))
    assert outcome.fill_units[0, 0].tolist() == [1.5] * 11 + [1.0] * 7 + [0.0] * 12


@given(numbers)
@settings(max_examples=30)
def test_the_timeline_of_a_draw_adds_up_to_its_unit_days_by_state(number: int) -> None:
    given_problem = random_problem(number, max_draws=2)
    draw = given_problem.draws - 1
    told = trace(given_problem, draw)
    sums = np.zeros(simulate(given_problem, daily=False).state_days.shape[1:], np.int64)
    last: dict[tuple[int, int], int] = {}
    for stretch in told.timeline:
        assert last.get((stretch.pool, stretch.unit), 0) == stretch.from_day < stretch.to_day
        last[stretch.pool, stretch.unit] = stretch.to_day
        if stretch.state != STATES[-1]:
            sums[stretch.pool, STATES.index(stretch.state)] += stretch.to_day - stretch.from_day
    assert set(last.values()) <= {given_problem.horizon_days}
    assert len(last) == given_problem.quantity[draw % len(given_problem.quantity)].sum()
    np.testing.assert_array_equal(sums, simulate(given_problem, daily=False).state_days[draw])


@given(numbers)
@settings(max_examples=30)
def test_a_draw_tells_of_as_many_sendings_as_it_counts_tours(number: int) -> None:
    given_problem = random_problem(number, max_draws=2)
    sent = np.zeros(len(given_problem.policy), np.int64)
    for event in trace(given_problem).events:
        sent[event.pool] += event.name == "is sent"
    assert sent.tolist() == simulate(given_problem, daily=False).tours[0].tolist()


def test_the_log_of_one_unit_tells_its_life() -> None:
    alone = Pool("p", 1, start="fixed", start_clock_day=29, available_to_day=52)
    told = trace(problem([alone], [Task(1, id="t", to_day=40)]))
    assert [(event.day, event.name, event.task) for event in told.events] == [
        (1, "is ready", -1),
        (1, "is sent", 0),
        (16, "hands over", 0),
        (21, "comes home", 0),
        (51, "is ready", -1),
        (52, "leaves", -1),
    ]
    assert [(stretch.from_day, stretch.to_day, stretch.state) for stretch in told.timeline] == [
        (0, 1, "not_ready"),
        (1, 16, "fill"),
        (16, 21, "overlap"),
        (21, 51, "not_ready"),
        (51, 52, "deployable"),
        (52, 100, "absent"),
    ]


def test_a_long_log_is_told_to_the_end() -> None:
    busy = from_lists([Pool("q", 30)], [Policy("q", 4, 1, bog_days=1)], [Task(9)], 400)
    log, units = module.logged_run(busy)
    assert len(log) > 1024
    assert log[-1, 0] >= 398
    assert units.tolist() == [[0, i] for i in range(30)]


def test_a_draw_that_is_not_there_cannot_be_told() -> None:
    with pytest.raises(UsageError, match="no such draw: 1"):
        trace(problem([POOL], [Task(1)]), draw=1)
