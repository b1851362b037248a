"""Warnings: each given for what it is about, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from holdfast.plan.load import build
from tests.plan.folder import TINY, as_bytes, changed


def warned(changes: dict[str, str]) -> list[tuple[str, int, int, str, str]]:
    plan = build(Path(), as_bytes({name: text.encode() for name, text in changes.items()}), {})
    return [(found.path, found.line, found.column, found.code, found.value) for found in plan.warnings]


def more(name: str, row: str) -> dict[str, str]:
    return {name: TINY[name] + row + "\n"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (more("assumptions.csv", "x,1,fixed,,1,,,,,"), ("assumptions.csv", 7, 1, "unused-assumption", "x")),
        (more("policies.csv", "south,,10,5,,5,"), ("policies.csv", 4, 1, "unused-policy", "south")),
        (changed("policies.csv", "500,180", "500,241"), ("policies.csv", 3, 25, "policy-cycle", "241")),
        (more("commitments.csv", "kfor,NO,50,,"), ("commitments.csv", 4, 9, "counted-nowhere", "50")),
        (more("unit_types.csv", "hq,HQ,30,") | more("tasks.csv", "lead,support,hq,1,"),
         ("tasks.csv", 4, 14, "nobody-can-serve", "hq")),
        (changed("tasks.csv", "support,engineer,1", "support,infantry,1"),
         ("units.csv", 4, 13, "nobody-wants", "engineer")),
        (changed("costs.csv", ",0,360", ",360,"), None),
        (more("tasks.csv", "late,support,infantry,1,"), None),
        (changed("plan.yaml", "from_day: 180", "from_day: 360"), ("plan.yaml", 23, 15, "beyond-horizon", "360")),
        (more("facts.csv", "N003,NO,active_personnel_all_services,3400,troops"),
         ("facts.csv", 2, 24, "army-share", "2400")),
        (more("facts.csv", "N003,NO,active_personnel_all_services,3500,troops"), None),
        (more("facts.csv", "N003,GBR,active_personnel_all_services,2400,troops"), None),
    ],
)  # fmt: skip
def test_a_warning_stands_at_its_place(
    changes: dict[str, str], expected: tuple[str, int, int, str, str] | None
) -> None:
    assert warned(changes) == ([] if expected is None else [expected])


def test_a_forward_unit_serves_only_its_own_place() -> None:
    alone = {"substitutions.csv": "id,task_type,unit_type\n"}
    assert warned(alone) == []
    moved = alone | changed("tasks.csv", "engineer,1,camp", "engineer,1,town")
    assert warned(moved) == [("tasks.csv", 3, 15, "nobody-can-serve", "engineer")]


def test_standby_units_serve_nobody() -> None:
    changes = changed("units.csv", "1,,forward,camp", "1,,standby,camp") | {
        "substitutions.csv": "id,task_type,unit_type\n"
    }
    assert [item[3] for item in warned(changes)] == ["nobody-can-serve"]


def test_a_commitment_whose_people_lower_a_quantity_is_counted() -> None:
    rows = more("commitments.csv", "kfor,NO,=kfor_people,,")
    names = {"assumptions.csv": TINY["assumptions.csv"].replace(
        "floor(N001 × no_share ÷ company_people)", "floor((N001 × no_share − kfor_people) ÷ company_people)"
    ) + "kfor_people,persons,fixed,,50,,,,,\n"}  # fmt: skip
    assert warned(rows | names) == []
    aside = more("assumptions.csv", "kfor_people,persons,fixed,,50,,,,,")
    assert [item[3] for item in warned(rows | aside)] == ["counted-nowhere"]


def test_a_plan_without_requirements_is_warned_about() -> None:
    text = TINY["plan.yaml"]
    without = text[: text.index("requirements:")] + text[text.index("phases:") :]
    assert warned({"plan.yaml": without}) == [("plan.yaml", 1, 1, "no-requirement", "")]


def test_an_assumption_used_only_by_an_unused_formula_is_unused_too() -> None:
    rows = more("assumptions.csv", "x,1,formula,,,,y + 1,,,\ny,1,fixed,,1,,,,,")
    assert [item[4] for item in warned(rows)] == ["x", "y"]
