"""Requirements judged on series small enough to work by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from holdfast.findings.requirements import judge_daily, judge_scalar
from holdfast.plan.model import Requirement


def requirement(statistic: str = "every_day", **changes: object) -> Requirement:
    settings: dict[str, object] = {"at_least": 10.0, "from_day": 1, "to_day": 4, "probability": 0.8}
    return Requirement(
        id="r",
        title="t",
        measure="people_in_place",
        statistic=statistic,
        **{**settings, **changes},  # type: ignore[arg-type]
    )


SERIES = np.array(
    [
        [0, 10, 11, 10, 12, 0],  # meets every day of the window
        [0, 10, 9, 10, 12, 0],  # one bad day: day 2
        [0, 9, 9, 12, 12, 0],  # bad on days 1 and 2
    ],
    float,
)


def test_every_day_takes_the_worst_day_of_the_window_and_names_the_first_breach() -> None:
    found = judge_daily(requirement(), SERIES)
    assert found.met.tolist() == [True, False, False]
    assert found.value.tolist() == [10, 9, 9]
    assert found.breach_day.tolist() == [-1, 2, 1]


def test_mean_averages_the_window() -> None:
    found = judge_daily(requirement("mean"), SERIES)
    assert found.value.tolist() == [10.75, 10.25, 10.5]
    assert found.met.all()


def test_share_of_days_breaks_on_the_day_that_uses_up_the_allowance() -> None:
    found = judge_daily(requirement("share_of_days", share=0.75), SERIES)
    assert found.value.tolist() == [1.0, 0.75, 0.5]
    assert found.met.tolist() == [True, True, False]
    assert found.breach_day.tolist() == [-1, -1, 2]


def test_last_day_looks_at_the_end_of_the_window_only() -> None:
    found = judge_daily(requirement("last_day", at_least=12.0), SERIES)
    assert found.met.tolist() == [True, True, True]
    assert judge_daily(requirement("last_day", at_least=13.0), SERIES).breach_day.tolist() == [4, 4, 4]


def test_at_most_turns_the_comparison_round() -> None:
    found = judge_daily(requirement(at_least=None, at_most=11.0), SERIES)
    assert found.value.tolist() == [12, 12, 12]
    assert found.breach_day.tolist() == [4, 4, 3]


def test_a_scalar_measure_has_no_breach_day() -> None:
    found = judge_scalar(requirement(at_least=None, at_most=0.1), np.array([0.0, 0.1, 0.2]))
    assert found.met.tolist() == [True, True, False]
    assert found.breach_day.tolist() == [-1, -1, -1]


@given(
    arrays(float, (3, 8), elements=st.floats(0, 20)),
    st.sampled_from(["every_day", "mean", "share_of_days", "last_day"]),
)
def test_more_people_never_break_a_floor(series: np.ndarray, statistic: str) -> None:
    stated = requirement(statistic, share=0.5)
    before, after = judge_daily(stated, series), judge_daily(stated, series + 1)
    assert not (before.met & ~after.met).any()


@given(arrays(float, (3, 8), elements=st.floats(0, 20)))
def test_every_day_implies_every_other_statistic(series: np.ndarray) -> None:
    strict = judge_daily(requirement(), series).met
    for statistic in ("mean", "share_of_days", "last_day"):
        assert not (strict & ~judge_daily(requirement(statistic, share=1.0), series).met).any()


@pytest.mark.parametrize("statistic", ["every_day", "share_of_days"])
def test_the_breach_day_lies_inside_the_window(statistic: str) -> None:
    found = judge_daily(requirement(statistic, share=1.0, at_least=100.0), SERIES)
    assert found.breach_day.tolist() == [1, 1, 1]
