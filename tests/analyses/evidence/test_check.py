"""Every fault of claims and pools is found, at its place, with its remedy."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from holdfast.analyses.evidence.check import check
from holdfast.analyses.evidence.rules import RULES, judgement_faults
from holdfast.plan.model import Cell, Plan, Row, Table
from tests.analyses.evidence.samples import claim, one_pool, plan_of, pooled

GOOD = claim("a", high=900)


def codes(plan: Plan) -> list[str]:
    return [fault.code for fault in check(plan)]


def by_hand(claims: list[dict[str, object]], compiled: date | None = None) -> Plan:
    """A plan that the loader would have refused: a good one with its claims put in afterwards."""
    rows = tuple(_row(line, values) for line, values in enumerate(claims, 2))
    plan = plan_of([GOOD], [])
    table = Table("claims", "claims.csv", rows, {row.id: row for row in rows})
    return replace(plan, tables={**plan.tables, "claims": table}, compiled=compiled or plan.compiled)


def _row(line: int, values: dict[str, object]) -> Row:
    cells = {
        key: Cell(value if isinstance(value, int) else str(value), str(value), line, column)
        for column, (key, value) in enumerate(values.items(), 1)
    }
    return Row("claims", str(values["id"]), line, cells)


def test_a_good_plan_has_no_fault() -> None:
    assert check(one_pool(GOOD)) == []


def test_a_fault_says_where_what_the_rule_is_and_the_remedy() -> None:
    (fault,) = check(one_pool(claim("a", credibility=1, high=900)))
    assert (fault.path, fault.line, fault.code) == (str(Path("plan") / "claims.csv"), 2, "grade-one")
    assert fault.column == len("a,2026-02-01,B,,anonymous,a,1")
    assert fault.value == "1"
    assert (fault.rule, fault.remedy) == RULES["grade-one"]
    assert "rests on one origin" in str(fault)


def test_grade_one_needs_a_second_origin_that_agrees() -> None:
    first = claim("a", credibility=1, low=500, high=900)
    assert codes(one_pool(first, claim("b", low=800, high=1000))) == []
    assert codes(one_pool(first, claim("b", origin="a", low=800, high=1000))) == ["grade-one"]
    assert codes(one_pool(first, claim("b", derived_from="a", low=800, high=1000))) == ["grade-one"]
    assert codes(one_pool(first, claim("b", low=1000, high=2000))) == ["grade-one"]
    against = [{**first, "contradicts": "b"}, claim("b", low=800, high=1000, contradicts="a")]
    assert codes(one_pool(*against)) == ["grade-one"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "ceiling", "low": 900}, "claim-number"),
        ({"kind": "offered"}, "claim-number"),
        ({"kind": "stance_zero", "low": 0, "high": 5}, "claim-number"),
        ({"kind": "offered", "low": 0, "high": 0}, "claim-zero"),
        ({"low": -5, "high": 900}, "claim-negative"),
        ({"high": 900, "basis": "anonymous+rumour"}, "claim-word"),
    ],
)
def test_a_claim_says_a_number_that_suits_its_kind(changed: dict[str, object], code: str) -> None:
    assert codes(one_pool(claim("a", **changed))) == [code]


def test_a_claim_supersedes_only_older_ones_and_partial_dates_get_the_benefit_of_the_doubt() -> None:
    def later(old: str, new: str) -> list[str]:
        return codes(one_pool(claim("a", date=old, high=9), claim("b", date=new, high=9, supersedes="a")))

    assert later("2025-02", "2025-02-19") == []
    assert later("2025-02-19", "2025-02-19") == ["supersedes-older"]
    assert later("2025-03", "2025-02-19") == ["supersedes-older"]


def test_contradictions_stand_in_both_rows_and_between_numbers_on_one_topic() -> None:
    a, b = claim("a", high=9, contradicts="b"), claim("b", high=900)
    assert codes(one_pool(a, b)) == ["contradicts-one-way"]
    french = claim("b", subject="FRA", high=900, contradicts="a")
    assert codes(plan_of([a, french], [])) == ["contradicts-topic"] * 2
    words = claim("b", subject="FRA", kind="", unit="", contradicts="a")
    assert codes(plan_of([a, words], [])) == []  # listed, and settled by nobody


@pytest.mark.parametrize(
    ("second", "changed", "code"),
    [
        ({"subject": "FRA", "high": 9}, {}, "pool-mixed"),
        ({"quantity": "force_size", "high": 9}, {}, "pool-mixed"),
        ({"unit": "brigades", "high": 9}, {}, "pool-mixed"),
        ({"high": 9}, {"unit": "days"}, "pool-unit"),
        ({"high": 9}, {"kinds": "planned;asked"}, "pool-kinds"),
        ({"high": 9}, {"kinds": "estimate"}, "pool-kinds"),
        ({"high": 9}, {"low": -1}, "pool-range"),
        ({"high": 9}, {"unit": "probability", "mode": 0.5, "high": 1}, "pool-stance"),
    ],
)
def test_one_assumption_has_one_meaning(second: dict[str, object], changed: dict[str, object], code: str) -> None:
    assert set(codes(one_pool(GOOD, claim("b", **second), **changed))) == {code}


def test_a_willingness_ends_at_one() -> None:
    plan = one_pool(claim("a", stance="refuses", kind="", unit=""), unit="probability", mode=0.5, high=1.2)
    assert codes(plan) == ["pool-range"]


def test_soldiers_are_persons() -> None:
    assert codes(one_pool(GOOD, claim("b", unit="personnel", high=9), unit="people")) == []


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("stances", [{"id": "refuses", "low": 0.5, "mode": 0.1, "high": 0.9}]),
        ("pooling", [{"id": "half_life_days", "value": 0}]),
        ("pooling", [{"id": "point_spread", "value": 0.7}]),
        ("pooling", [{"id": "at_least_scale", "value": 5}]),
        ("pooling", [{"id": "unjudged_spread", "value": 0.5}]),
    ],
)
def test_the_tables_behind_the_weights_hold_possible_numbers(table: str, rows: list[dict[str, object]]) -> None:
    (fault,) = check(plan_of([GOOD], [pooled("x", "a")], **{table: rows}))
    assert (fault.code, fault.line) == ("judgement-table", 2)
    assert fault.path.endswith(f"{table}.csv")


def test_what_the_loader_refuses_is_found_in_plans_made_in_python_too() -> None:
    rows = [
        claim("date", date="soon", high=9),
        claim("future", date="2026-03-02", high=9),
        claim("month", date="2026-03", high=9),
        claim("source", source="nowhere", high=9),
        claim("order", low=10, high=9),
        claim("words", kind="guess", stance="maybe", credibility=7, high=9),
        claim("lost", derived_from="nobody", high=9),
        claim("p", derived_from="q", high=9),
        claim("q", derived_from="p", high=9),
        claim("self", supersedes="self", high=9),
    ]
    found = [(rows[fault.line - 2]["id"], fault.code) for fault in check(by_hand(rows))]
    assert found == [
        ("date", "not-a-date"), ("future", "claim-date"), ("source", "unknown-id"), ("order", "low-above-high"),
        ("words", "claim-word"), ("words", "claim-word"), ("words", "claim-word"), ("lost", "unknown-id"),
        ("p", "cycle"), ("self", "cycle"),
    ]  # fmt: skip
    later = by_hand(rows[1:2], date(2026, 3, 2))
    assert check(later) == []


def test_pools_made_in_python_name_claims_that_exist_and_a_range() -> None:
    plan = one_pool(GOOD)
    cells = {**plan["assumptions"]["x"].cells, "claims": Cell("nobody", "nobody", 2, 9), "high": Cell(None)}
    broken = Table("assumptions", "assumptions.csv", (Row("assumptions", "x", 2, cells),))
    faults = check(replace(plan, tables={**plan.tables, "assumptions": broken}))
    assert sorted(fault.code for fault in faults) == ["pool-empty", "pool-empty", "unknown-id"]
    cells = {**plan["assumptions"]["x"].cells, "mode": Cell(9000), "spread": Cell(0.9)}
    broken = Table("assumptions", "assumptions.csv", (Row("assumptions", "x", 2, cells),))
    faults = check(replace(plan, tables={**plan.tables, "assumptions": broken}))
    assert sorted(fault.code for fault in faults) == ["low-above-high", "spread-tail"]


def test_every_rule_has_a_remedy() -> None:
    assert all(rule and remedy for rule, remedy in RULES.values())


def test_checking_claims_needs_no_numpy() -> None:
    program = "import sys, holdfast.analyses.evidence.check; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_tables_made_in_python_have_known_rows_and_shares() -> None:
    def found(table: str, row_id: str, **numbers: float | None) -> list[str]:
        return [column for column, _ in judgement_faults(table, row_id, numbers)]

    assert found("grades", "G", weight=0.5) == ["id"]
    assert found("grades", "A", weight=1.5) == ["weight"]
    assert found("grades", "A", weight=None) == []
    assert found("stances", "refuses", low=0.0, mode=0.1, high=0.2, reversal=-1.0) == ["reversal"]
    assert found("stances", "refuses", low=0.0, mode=None, high=0.2) == ["low"]
    assert found("pooling", "half_life_days", value=None) == ["value"]


def test_a_unit_that_is_none_is_compared_as_it_stands() -> None:
    assert codes(one_pool(claim("a", unit="?", high=9))) == ["pool-unit"]
