"""The closed forms against published figures, each other, and the simulator they bound."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analyses.rotation import closed_form as form
from holdfast.analyses.rotation.problem import Policy, Pool, Task, from_lists
from holdfast.analyses.rotation.simulate import simulate
from holdfast.base.errors import UsageError
from holdfast.cases.rotation import policy

AC13 = policy("AC13")


def test_a_ratio_means_what_its_notation_means() -> None:
    assert form.units_per_slot_from_ratio("1:2", "US") == 3
    assert form.units_per_slot_from_ratio("1 in 5", "UK") == 5
    assert form.units_per_slot_from_ratio("1:5", "DE") == 6
    assert form.units_per_slot_from_ratio("1:0.5", "US") == 1.5


@pytest.mark.parametrize(("ratio", "notation"), [("1:2", "FR"), ("1 in 5", "US"), ("1:5", "UK"), ("two", "US")])
def test_a_ratio_in_another_notation_is_refused(ratio: str, notation: str) -> None:
    with pytest.raises(UsageError, match="notation"):
        form.units_per_slot_from_ratio(ratio, notation)


def test_no_time_deployed_is_refused() -> None:
    with pytest.raises(UsageError, match="time deployed must be more than 0, found 0"):
        form.units_per_slot(0, 12)


@given(st.integers(1, 60), st.integers(0, 240))
def test_shares_and_times_give_the_same_units_per_slot(deployed: int, home: int) -> None:
    per_slot = form.units_per_slot(deployed, home)
    assert per_slot == pytest.approx(1 + home / deployed)
    assert form.units_per_slot_from_shares(0.4, 0.4 * deployed / (deployed + home)) == pytest.approx(per_slot)
    assert form.slack(7, 2, deployed, per_slot).required_home == pytest.approx(home)


def test_decimals_mean_what_they_say() -> None:
    assert form.units_per_slot_from_shares(0.4, 0.08) == 5  # 0.4 / 0.08 is 5.000000000000001 in binary fractions


def test_units_needed_is_rounded_up_exactly() -> None:
    assert form.units_needed(AC13, 4) == 17  # 4 * 915 / 225 = 16.27
    assert form.units_needed(policy("RC14"), 1) == 8  # (1280 + 270 + 95) / 225 = 7.31
    assert form.units_needed(Policy("p", 10, 6, bog_days=3), 1) == 3  # 9 / 3, not a unit more
    assert form.units_needed(Policy("p", 10, 6, bog_days=3), 0.1) == 1
    assert form.reuse_days(policy("RC14")) == 1645


def test_a_tour_all_of_overlap_needs_no_number_of_units() -> None:
    with pytest.raises(UsageError, match="BOG less overlap"):
        form.units_needed(Policy("p", 10, 6, bog_days=3, overlap_days=3), 1)


@pytest.mark.jit
@given(st.integers(0, 20), st.integers(1, 12), st.integers(0, 5), st.integers(0, 5), st.integers(1, 3))
def test_fewer_units_than_the_closed_form_miss_days_in_the_long_run(
    start: int, bog: int, overlap: int, demobilisation: int, quantity: int
) -> None:
    own = Policy("p", start + 1, start, bog_days=bog + overlap, overlap_days=overlap,
                 demobilisation_days=demobilisation)  # fmt: skip
    fewer = form.units_needed(own, quantity) - 1
    days = 40 * form.reuse_days(own)
    problem = from_lists([Pool("p", fewer)], [own], [Task(quantity, id="X")], days)
    assert simulate(problem, daily=False).missed_unit_days.sum() > 0


def test_each_pool_is_rounded_down_before_adding() -> None:
    found = form.sustainable_units([form.SteadyPool(5, 2), form.SteadyPool(5, 2)])
    assert (found.exact, found.by_pool_whole, found.whole_units) == (5, (2, 2), 4)


def test_only_the_usable_share_of_a_tour_counts() -> None:
    found = form.sustainable_units([form.SteadyPool(48, 3), form.SteadyPool(28, 6, Fraction(8, 12))])
    assert found.exact == pytest.approx(19.11, abs=0.005)
    assert form.sustainable_people(80_000, form.units_per_slot(4, 12)) == 20_000


def test_nobody_is_left_at_home_below_zero() -> None:
    assert (form.minimum_at_home(48, 19), form.minimum_at_home(5, 19)) == (29, 0)


@given(st.integers(1, 60), st.integers(1, 400))
def test_start_clocks_are_those_of_the_simulator(units: int, cycle: int) -> None:
    """Every unit is sent on the day its clock reaches the last day of the cycle: the days give the clocks away."""
    problem = from_lists(
        [Pool("p", units)], [Policy("p", cycle, cycle - 1, bog_days=10**6)], [Task(units, id="X")], cycle
    )
    days = [0, *simulate(problem).fill_units[0, 0].astype(int).tolist()]
    sent = [day for day in range(cycle) for _ in range(days[day + 1] - days[day])]
    assert sorted(cycle - 1 - clock for clock in form.start_clocks(units, cycle)) == sent


def test_a_uniform_start_fills_every_state_alike() -> None:
    found = form.uniform_start(42, 56, 4, [0, 4, 8])
    assert (found.units_by_state, found.deployed_units) == ((3,) * 14, 9)
    with pytest.raises(UsageError, match="steps of 5"):
        form.uniform_start(42, 56, 5, [0])


def test_reserve_groups_follow_from_the_usable_share() -> None:
    assert [form.reserve_groups(year, 0.5) for year in range(4)] == [1, 1.5, 2, 2.5]


def test_a_tour_follows_from_strength_and_people_served() -> None:
    assert form.implied_tour(175_000, 500_000) * 12 == pytest.approx(4.2)
    with pytest.raises(UsageError, match="people who served"):
        form.implied_tour(1, 0)


def test_slack_counts_units_beyond_what_is_owed() -> None:
    assert form.slack(9, 3, 9, 3) == form.Slack(units_per_slot=3, home=18, required_home=18, slack_units=0)
    assert form.slack(10, 3, 9, 4).slack_units == -2
