"""The 56 golden numbers of the reference simulator, to the unit-day."""

from __future__ import annotations

import pytest

from holdfast.analyses.rotation.simulate import simulate
from holdfast.cases.rotation import GOLDEN, golden_problem, rows
from holdfast.cases.runner import Row
from tests.naive import rotation as twin

CASES = [row for row in rows() if row.analysis == GOLDEN]
QUICK = [row for row in CASES if row.id.split("-")[-1] in {"n01", "n03", "n07", "n08", "n10", "n17"}]


def missed(row: Row, engine: object) -> float:
    problem = golden_problem(row.input["supply"], row.input["demands"])  # type: ignore[arg-type]
    outcome = engine(problem, daily=False)  # type: ignore[operator]
    assert (outcome.state_days.sum(axis=2) == outcome.inventory_days).all()
    assert outcome.inventory_days.sum() == problem.quantity.sum() * 3651
    return float(outcome.missed_unit_days.sum())


def test_there_are_fifty_six_golden_numbers() -> None:
    assert (len(CASES), len({row.id for row in CASES})) == (56, 56)


@pytest.mark.jit
@pytest.mark.parametrize("row", CASES, ids=lambda row: row.id)
def test_the_simulator_misses_the_published_unit_days(row: Row) -> None:
    assert missed(row, simulate) == row.expected["missed_unit_days"]


@pytest.mark.parametrize("row", QUICK, ids=lambda row: row.id)
def test_the_slow_twin_misses_the_published_unit_days(row: Row) -> None:
    assert missed(row, twin.simulate) == row.expected["missed_unit_days"]


@pytest.mark.slow
@pytest.mark.parametrize("row", CASES, ids=lambda row: row.id)
def test_the_slow_twin_misses_all_published_unit_days(row: Row) -> None:
    assert missed(row, twin.simulate) == row.expected["missed_unit_days"]
