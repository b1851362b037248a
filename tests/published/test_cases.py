"""Published known answers through the functions that plans use, and the judge that compares them."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from holdfast.cases import Case, LeftOut, Row, run_cases
from holdfast.cases.rotation import BOOK, GOLDEN, rows, sustainable_people, units_per_slot
from holdfast.cases.runner import Checked, answer, close, differences

EXACT = {"abs": 0.0}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return run_cases("rotation")


def row(analysis: str = "x", **given: object) -> Row:
    return Row("R", analysis, given, {"n": 3}, EXACT, "exact")  # type: ignore[arg-type]


@pytest.mark.jit
def test_every_known_answer_of_rotation_is_met_or_left_out_with_a_reason(cases: list[Case]) -> None:
    assert [(case.id, case.reason) for case in cases if case.status == "fail"] == []
    assert {case.id: bool(case.reason) for case in cases if case.status == "left_out"} == {"ROT-061": True}
    assert Counter(case.analysis == GOLDEN for case in cases) == {True: 56, False: len(cases) - 56}
    assert len({case.id for case in cases}) == len(cases) >= 82


@pytest.mark.jit
def test_ours_is_computed_and_stands_beside_theirs(cases: list[Case]) -> None:
    by_id = {case.id: case for case in cases}
    assert by_id["ROT-048"].ours == {"closed_form_units": 17, "simulated_units": 22}
    assert by_id["ROT-052"].ours["missed_unit_days"] == [157, 736]
    assert by_id["ROT-027"].ours == {"sustained_people": pytest.approx(56_667, abs=1)}
    assert by_id["ROT-050"].ours["unit_days_in_a_state"] == by_id["ROT-050"].ours["units_times_days"]
    assert set(by_id["ROT-001"].as_dict()) == {
        "id", "analysis", "expected", "ours", "tolerance", "status", "reason"
    }  # fmt: skip


def test_every_kind_of_row_has_a_function_of_ours() -> None:
    assert {row.analysis for row in rows()} == set(BOOK.solvers)


def test_a_wrong_answer_fails_and_says_what_differs() -> None:
    case = answer(row(), {"x": lambda row: {"n": 4}})
    assert (case.status, case.reason) == ("fail", "n: expected 3, ours 4")


def test_an_answer_without_a_published_key_fails() -> None:
    case = answer(row(), {"x": lambda row: {"m": 3}})
    assert (case.status, case.reason) == ("fail", "n: expected 3, ours null")


def test_a_case_nobody_answers_is_left_out_with_the_reason() -> None:
    assert answer(row("y"), {}).reason == "no analysis here computes y"
    left = answer(row(), {"x": lambda row: LeftOut("it would only echo its input")})
    assert (left.status, left.ours, left.reason) == ("left_out", {}, "it would only echo its input")


def test_a_check_judges_itself() -> None:
    case = answer(row(), {"x": lambda row: Checked({"m": 1}, False, "off by one")})
    assert (case.status, case.ours, case.reason) == ("fail", {"m": 1}, "off by one")


def test_an_input_that_no_closed_form_takes_is_left_out() -> None:
    assert isinstance(units_per_slot(row(rule="fifths")), LeftOut)


def test_a_bracket_fails_outside_the_published_range() -> None:
    given = {"deployable": 90_000, "units_per_slot": 3}
    expected = {"sustained_low": 56_667, "sustained_high": 70_000}
    case = Row("R", "x", given, expected, {"rel": 0.01}, "bracket")
    found = sustainable_people(case)
    assert isinstance(found, Checked)
    assert not found.passed


def test_numbers_are_close_within_the_wider_of_both_tolerances() -> None:
    assert close(100, 100.5, {"abs": 0.5})
    assert close(100, 101, {"abs": 0.5, "rel": 0.01})
    assert not close(100, 101.1, {"abs": 0.5, "rel": 0.01})
    assert close([1, [2.0]], [1, [2]], EXACT)
    assert not close([1, 2], [1], EXACT)


def test_a_truth_value_is_not_a_number_and_text_is_not_close_to_text() -> None:
    assert not close(True, 1, EXACT)
    assert not close(1, True, EXACT)
    assert close("a", "a", EXACT)
    assert not close({"a": 1}, 1, EXACT)


def test_a_keys_own_tolerance_wins() -> None:
    expected, ours = {"a": 10, "b": 10}, {"a": 11, "b": 11}
    assert differences(expected, ours, {"abs": 0.0, "by_key": {"a": 1}}) == ["b: expected 10, ours 11"]
    assert differences(expected, ours, {"abs": 1.0, "by_key": {"b": 0}}) == ["b: expected 10, ours 11"]


def test_listing_the_cases_imports_no_engine() -> None:
    code = (
        "import sys; from holdfast.cases.rotation import BOOK; list(BOOK.rows());"
        "sys.exit(any(name in sys.modules for name in ('numba', 'highspy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
