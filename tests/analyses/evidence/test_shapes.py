"""What a number said becomes, and the laws of the distributions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analyses.evidence import shapes
from holdfast.analyses.evidence.shapes import Shape, capped_distribution, capped_quantile, distribution, quantile
from holdfast.analyses.evidence.tables import Pooling

POOLING = Pooling(180, 0.2, 0.5, 0.85, 0.15, 2, 0.5)
LEVELS = np.array([0.05, 0.5, 0.95])


def said(low: float | None, high: float | None, *, wider: bool = False, spread: float = 0.2) -> Shape:
    return shapes.statement(low, high, POOLING, spread=spread, wider=wider)


def test_an_interval_is_the_central_ninety_per_cent() -> None:
    assert quantile(said(5000, 10000), LEVELS) == pytest.approx([5000, 7500, 10000])


def test_a_point_has_its_spread_as_the_central_ninety_per_cent() -> None:
    assert quantile(said(200, 200), LEVELS) == pytest.approx([160, 200, 240], rel=1e-9)


def test_at_most_starts_at_half_and_is_most_likely_at_0_85() -> None:
    assert said(None, 7500) == Shape(shapes.PERT, 3750, 6375, 7500)


def test_at_least_exceeds_by_an_exponential_of_mean_0_15() -> None:
    assert quantile(said(10000, None), LEVELS) == pytest.approx(10000 * (1 - 0.15 * np.log1p(-LEVELS)), rel=1e-5)
    assert shapes.ends(said(10000, None))[1] < 35_000  # no tail is unlimited


@pytest.mark.parametrize(("low", "high"), [(5000, 10000), (200, 200), (None, 7500), (10000, None)])
def test_what_cannot_be_judged_is_read_with_twice_the_spread(low: float | None, high: float | None) -> None:
    narrow, wide = (np.diff(quantile(said(low, high, wider=wider), LEVELS[[0, 2]])) for wider in (False, True))
    assert wide > 1.5 * narrow
    assert shapes.ends(said(low, high, wider=True))[0] >= 0


def test_an_interval_from_zero_has_no_negative_tail() -> None:
    assert quantile(said(0, 100), np.array([0.0, 0.05, 0.95])) == pytest.approx([0, 0, 100])


def test_words_without_a_number_have_no_distribution() -> None:
    with pytest.raises(ValueError, match="without a number"):
        said(None, None)


SHAPES = st.one_of(
    st.builds(shapes.constant, st.floats(0, 1e5)),
    st.builds(
        lambda a, b, c: shapes.pert(*sorted((a, b, c))), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(1.1e4, 1e5)
    ),
    st.builds(lambda a, b: said(a, a + b), st.floats(0, 1e4), st.floats(1, 1e4)),
    st.builds(lambda a: said(a, None), st.floats(1, 1e4)),
)


@given(SHAPES, st.floats(0, 2e4))
def test_quantiles_turn_back_into_their_probabilities_under_any_cap(shape: Shape, cap: float) -> None:
    u = np.linspace(0.01, 0.99, 9)
    x = capped_quantile(shape, u, np.full(9, cap))
    assert np.all(x <= cap)
    assert np.all(np.diff(x) >= 0)
    assert np.all(x >= min(shapes.ends(shape)[0], cap))
    back = capped_distribution(shape, x * (1 + 1e-12), cap)
    assert np.all(back >= u - 1e-6)


@given(SHAPES)
def test_distribution_functions_rise_from_zero_to_one(shape: Shape) -> None:
    low, high = shapes.ends(shape)
    x = np.linspace(low - 1, high + 1, 50)
    share = distribution(shape, x)
    assert share[0] == 0
    assert share[-1] == 1
    assert np.all(np.diff(share) >= 0)


def test_a_cap_below_everything_leaves_the_cap() -> None:
    assert capped_quantile(said(500, 900), LEVELS, np.full(3, 100.0)).tolist() == [100, 100, 100]
