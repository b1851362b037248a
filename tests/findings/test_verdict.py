"""Wilson's interval against published values, the three statuses, moves and what breaks first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.findings.verdict import Break, breaks_first, moves, overall, status, wilson


def test_wilson_gives_the_published_interval_for_81_of_263() -> None:
    # R. G. Newcombe, 1998, "Two-sided confidence intervals for the single proportion", table I, method 3
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(
    ("met", "draws", "low", "high"), [(15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_wilson_gives_the_other_published_intervals(met: int, draws: int, low: float, high: float) -> None:
    assert wilson(met, draws) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_wilson_holds_the_share_and_mirrors(draws: int, share: float) -> None:
    met = int(share * draws)
    low, high = wilson(met, draws)
    assert 0 <= low <= met / draws + 1e-12
    assert met / draws - 1e-12 <= high <= 1
    assert wilson(draws - met, draws) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_no_draws_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("sampling", "judgement", "expected"),
    [
        ((0.85, 0.9), (0.82, 0.95), "holds"),
        ((0.85, 0.9), (0.70, 0.95), "undecided"),
        ((0.75, 0.85), (0.80, 0.80), "undecided"),
        ((0.5, 0.6), (0.4, 0.7), "fails"),
        ((0.5, 0.6), (0.4, 0.8), "undecided"),
        ((0.8, 0.9), (0.8, 0.9), "holds"),
    ],
)
def test_a_verdict_that_flips_inside_either_band_is_undecided(
    sampling: tuple[float, float], judgement: tuple[float, float], expected: str
) -> None:
    assert status(0.8, sampling, judgement) == expected


def test_any_failure_fails_the_plan_and_any_doubt_leaves_it_undecided() -> None:
    assert overall(["holds", "undecided", "fails"]) == "fails"
    assert overall(["holds", "undecided"]) == "undecided"
    assert overall(["holds", "holds"]) == "holds"
    assert overall([]) == "undecided"


def test_the_assumption_that_decides_moves_most_and_noise_is_not_distinguishable() -> None:
    rng = np.random.default_rng(3)
    decides, noise = rng.random(6000), rng.random(6000)
    found = moves(decides > 0.5, {"noise": noise, "decides": decides, "constant": np.ones(6000)})
    assert [move.name for move in found] == ["decides", "noise"]
    assert found[0].move == pytest.approx(1.0)
    assert found[0].distinguishable
    assert abs(found[1].move) < 0.06


def test_a_move_carries_its_sign() -> None:
    values = np.linspace(0, 1, 900)
    assert moves(values < 0.5, {"x": values})[0].move == pytest.approx(-1.0)


def test_the_most_frequent_cause_breaks_first() -> None:
    codes = np.array([16 + 5, 16 + 5, 2 * 16 + 3, -1], np.int32)
    days = np.array([10, 30, 7, 5], np.int32)
    found = breaks_first(["a", "b", "c"], ["none", "x", "y", "few", "z", "resting"], codes, days)
    assert found == Break("b", "resting", 0.5, 20)
    assert breaks_first(["a"], ["none"], np.array([], np.int32), np.array([], np.int32)) is None
