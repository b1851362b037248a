"""Distributions of assumptions: their quantiles, their laws, and the independence of draws from everything else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ensemble.draws import beta_of, bounds, middle, quantile, stream_name
from holdfast.plan.model import Cell, Row

COLUMNS = ("low", "mode", "high", "kind", "group", "judged", "formula")


def assumption(kind: str, **values: object) -> Row:
    cells = {column: Cell(values.get(column)) for column in COLUMNS}  # type: ignore[arg-type]
    cells["kind"] = Cell(kind)
    return Row("assumptions", str(values.get("name", "x")), 2, cells)


U = np.linspace(0.0005, 0.9995, 1000)


def test_a_fixed_assumption_is_its_mode() -> None:
    assert quantile(assumption("fixed", mode=4.0), U).tolist() == [4.0] * 1000


def test_uniform_quantiles_are_linear() -> None:
    assert quantile(assumption("uniform", low=2.0, high=6.0), np.array([0.25, 0.5])).tolist() == [3.0, 4.0]


def test_pert_has_the_mean_of_its_definition() -> None:
    row = assumption("pert", low=0.3, mode=0.4, high=0.5)
    skewed = assumption("pert", low=3750.0, mode=6375.0, high=7500.0)
    assert quantile(row, U).mean() == pytest.approx(0.4, abs=1e-6)
    assert quantile(skewed, U).mean() == pytest.approx((3750 + 4 * 6375 + 7500) / 6, rel=1e-4)


def test_pert_with_unit_ends_and_even_weights_matches_the_cube_of_its_beta() -> None:
    # low = mode: beta(1, 5), whose quantile is 1 - (1 - u) ** (1 / 5)
    row = assumption("pert", low=0.0, mode=0.0, high=1.0)
    assert quantile(row, U) == pytest.approx(1 - (1 - U) ** 0.2, abs=1e-9)


@pytest.mark.parametrize("kind", ["lognormal", "beta"])
def test_low_and_high_bound_the_central_ninety_per_cent(kind: str) -> None:
    row = assumption(kind, low=0.2, high=0.7)
    assert quantile(row, np.array([0.05, 0.95])) == pytest.approx([0.2, 0.7], abs=1e-6)


def test_the_lognormal_median_is_the_geometric_mean() -> None:
    assert middle(assumption("lognormal", low=4.0, high=9.0)) == pytest.approx(6.0)


@given(st.floats(0.01, 0.6), st.floats(0.05, 0.39))
def test_beta_is_found_for_any_range(low: float, width: float) -> None:
    alpha, beta = beta_of(low, low + width)
    assert alpha > 0
    assert beta > 0
    found = quantile(assumption("beta", low=low, high=low + width), np.array([0.05, 0.95]))
    assert found == pytest.approx([low, low + width], abs=1e-5)


@given(
    st.sampled_from(["uniform", "pert", "probability", "beta", "lognormal"]), st.floats(0.05, 0.4), st.floats(0.1, 0.5)
)
def test_quantiles_rise_and_bounded_kinds_stay_inside(kind: str, low: float, width: float) -> None:
    row = assumption(kind, low=low, mode=low + width / 3, high=low + width)
    found = quantile(row, U)
    assert (np.diff(found) >= 0).all()
    if kind in ("uniform", "pert", "probability"):
        assert found.min() >= low
        assert found.max() <= low + width


def test_a_probability_without_a_range_is_a_constant() -> None:
    assert set(quantile(assumption("probability", mode=0.7), U)) == {0.7}


def test_a_group_shares_one_stream_and_a_loner_has_its_own() -> None:
    assert stream_name(assumption("uniform", name="a", group="g")) == stream_name(
        assumption("uniform", name="b", group="g")
    )
    assert stream_name(assumption("uniform", name="a")) != stream_name(assumption("uniform", name="b"))


def test_a_fixed_judged_assumption_may_carry_a_range_to_be_read_at() -> None:
    assert bounds(assumption("fixed", low=1.0, mode=2.0, high=3.0)) == (1.0, 3.0)
    assert bounds(assumption("fixed", mode=2.0)) == (2.0, 2.0)
