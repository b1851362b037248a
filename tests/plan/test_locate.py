from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base.errors import PlanError, UsageError
from holdfast.plan.load import build, load
from holdfast.plan.locate import Address, locate, parse
from holdfast.plan.measures import Measure
from holdfast.plan.model import ADDRESS_WORDS, Cell, Plan, Ref, Row
from holdfast.plan.schema import TABLES, table_schema
from tests.plan.folder import as_bytes

ids = st.builds("{}{}".format, st.sampled_from("aZ0"), st.text("aZ09_-", max_size=5))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build(Path("plan"), as_bytes(), {})


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    table = draw(st.sampled_from([*TABLES, "requirements", "phases"]))
    key = draw(ids) + (draw(st.sampled_from(["", "@surge"])) if table == "policies" else "")
    return Address(table, key, draw(st.sampled_from(["", *table_schema(table).columns])))


@given(addresses())
def test_an_address_is_read_back_as_it_is_printed(address: Address) -> None:
    assert parse(str(address)) == address


@given(st.dictionaries(st.sampled_from(["component", "nation", "place"]), ids), st.integers(0, 999))
def test_parts_of_a_measure_come_in_one_order(parts: dict[str, str], day: int) -> None:
    query = "&".join(f"{name}={value}" for name, value in {"day": str(day), **parts}.items())
    address = parse(f"measure/fill_share?{query}")
    assert dict(address.query) == {"day": str(day), **parts}
    assert parse(str(address)) == address
    assert [name for name, _ in address.query] == [*sorted(parts), "day"]


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_wrong_usage(text: str) -> None:
    try:
        address = parse(text)
    except UsageError:
        return
    assert parse(str(address)) == address


@given(st.sampled_from(sorted(ADDRESS_WORDS.items())), ids)
def test_the_table_and_its_singular_are_one_address(words: tuple[str, str], key: str) -> None:
    table, word = words
    assert parse(f"{table}/{key}") == parse(f"{word}/{key}")


def test_every_kind_of_address_finds_its_thing(plan: Plan) -> None:
    cell = locate(plan, "units/NO-inf.quantity")
    assert isinstance(cell, Cell)
    assert (cell.value, cell.line, cell.column) == (Ref("no_companies"), 2, 20)
    for text, key in {
        "units/NO-inf": "NO-inf", "assumption/handover": "handover", "claim/C001": "C001", "fact/N001": "N001",
        "source/S001": "S001", "requirement/r1": "r1", "policies/north@surge": "north@surge", "phase/steady": "steady",
    }.items():  # fmt: skip
        row = locate(plan, text)
        assert isinstance(row, Row)
        assert (row.id, row.address) == (key, text)
    for text, value in {
        "policies/north@surge.bog_days": 180, "requirement/r1.at_least": 500, "plan/horizon_days": 360,
        "assumption/no_share.mode": 0.4,
    }.items():  # fmt: skip
        found = locate(plan, text)
        assert isinstance(found, Cell)
        assert found.value == value
    measure = locate(plan, parse("measure/people_in_place?component=deterrence&day=60"))
    assert isinstance(measure, Measure)
    assert measure.unit == "persons"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("units", "an address looks like"),
        ("", "an address looks like"),
        ("unit/NO-inf", "did you mean 'units'?"),
        ("units/NO_inf", "did you mean 'NO-inf'?"),
        ("units/NO-inf.quantitty", "did you mean 'quantity'?"),
        ("policies/north@surg", "did you mean 'north@surge'?"),
        ("assumption/handovr", "did you mean 'handover'?"),
        ("requirement/x", "there are: r1, r2"),
        ("plan/horizon", "did you mean 'horizon_days'?"),
        ("plan/horizon_days.value", "a setting has no columns"),
        ("measure/people_in_plce", "did you mean 'people_in_place'?"),
        ("measure/people_in_place.mean", "a measure has no columns"),
        ("measure/people_in_place?compnent=x", "did you mean 'component'?"),
        ("measure/people_in_place?component=deterence", "did you mean 'deterrence'?"),
        ("measure/people_in_place?component", "is not name=value"),
        ("measure/people_in_place?nation=NO", "there is no part of people_in_place called 'nation'"),
        ("measure/people_in_place?day=360", "days run from 0 to 359"),
        ("measure/people_in_place?day=x", "day is a whole number"),
        ("measure/missed_unit_days?day=3", "has one value, not one a day"),
        ("units/NO-inf?day=3", "only measures take a part"),
    ],
)
def test_an_address_that_names_nothing_is_wrong_usage_with_a_hint(plan: Plan, text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        locate(plan, text)
    assert hint in str(caught.value)


def test_an_override_sets_a_cell_and_leaves_the_first_plan_alone(plan: Plan) -> None:
    other = plan.with_({"units/NA-inf.quantity": 5, "policies/north@surge.bog_days": "200"})
    assert (plan["units"]["NA-inf"]["quantity"], other["units"]["NA-inf"]["quantity"]) == (2, 5)
    assert other["policies"]["north@surge"]["bog_days"] == 200
    assert other["policies"]["north"]["bog_days"] == 180
    assert dict(other.overrides) == {"units/NA-inf.quantity": "5", "policies/north@surge.bog_days": "200"}
    assert other.files == plan.files


def test_an_override_of_an_assumption_fixes_it_and_keeps_the_rest_in_the_audit(plan: Plan) -> None:
    other = plan.with_({"assumption/no_ceiling": 450})
    row = other["assumptions"]["no_ceiling"]
    assert [row[name] for name in ("kind", "mode", "low", "high", "claims", "spread", "unit")] == [
        "fixed", 450, None, None, "", None, "persons",
    ]  # fmt: skip
    assert b"no_ceiling,persons,claims,300,500,800,,C001;C002" in other.files["assumptions.csv"]


def test_a_fixed_assumption_may_then_stand_where_one_value_is_wanted(plan: Plan) -> None:
    other = plan.with_({"assumption/no_share": 0.3, "tasks/guard.shortfall_weight": "=no_share"})
    assert other["tasks"]["guard"]["shortfall_weight"] == 0.3


def test_a_formula_can_be_overridden_by_a_number_or_another_formula(plan: Plan) -> None:
    assert plan.with_({"assumption/no_companies": 3})["assumptions"]["no_companies"]["kind"] == "fixed"
    other = plan.with_({"assumption/no_companies.formula": "floor(N001 ÷ company_people)"})
    assert other["assumptions"]["no_companies"]["kind"] == "formula"


def test_facts_settings_and_requirements_can_be_set(plan: Plan) -> None:
    other = plan.with_({"fact/N001": 3000.0, "plan/horizon_days": 400, "requirements/r1.at_least": 600})
    assert other["facts"]["N001"]["value"] == 3000
    assert other.horizon_days == 400
    assert other.requirements[0].at_least == 600
    assert "requirement/r1.at_least" in other.overrides


def test_a_later_override_of_the_same_cell_wins(plan: Plan) -> None:
    other = plan.with_({"assumption/handover": 20}).with_({"assumptions/handover": 30})
    assert dict(other.overrides) == {"assumption/handover": "30"}
    assert other["policies"]["north"]["overlap_days"] == 30


def test_a_blank_override_gives_the_default(plan: Plan) -> None:
    assert (
        plan.with_({"units/NA-inf.start_clock_day": None, "units/NA-inf.start": ""})["units"]["NA-inf"]["start"]
        == "even"
    )


@pytest.mark.parametrize(
    ("address", "value", "code", "found"),
    [
        ("units/NA-inf.quantity", "many", "not-a-number", "many"),
        ("units/NA-inf.quantity", 2.5, "not-an-integer", "2.5"),
        ("units/NA-inf.quantity", "=nothing", "unknown-name", "=nothing"),
        ("units/NA-inf.policy", "south", "unknown-id", "south"),
        ("policies/north.overlap_days", 180, "policy-overlap", "180"),
        ("assumption/handover", "=N001", "reference-not-allowed", "=N001"),
        ("plan/horizon_days", float("nan"), "not-finite", "nan"),
        ("requirement/r1.share", 2, "out-of-range", "2"),
    ],
)
def test_a_faulty_override_is_named_by_the_fault(
    plan: Plan, address: str, value: object, code: str, found: str
) -> None:
    with pytest.raises(PlanError) as caught:
        plan.with_({address: value})
    text = str(int(value)) if isinstance(value, float) and value == value and value.is_integer() else str(value)
    assert [(fault.path, fault.line, fault.column, fault.code, fault.value) for fault in caught.value.faults] == [
        (f"--set {address}={text}", 0, 0, code, found)
    ]


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("units/NA-inf", "is a whole row and cannot be set; add a column: nation, unit_type"),
        ("units/NA-inf.id", "is (part of) the key of the row"),
        ("policies/north@surge.phase", "is (part of) the key of the row"),
        ("measure/people_in_place", "is a result and cannot be set"),
        ("plan/requirements", "cannot be set as a whole"),
        ("units/XX-inf.quantity", "there is no row 'XX-inf'; did you mean 'NO-inf'?"),
    ],
)
def test_what_cannot_be_set_is_wrong_usage(plan: Plan, address: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan.with_({address: 1})
    assert hint in str(caught.value)


def test_load_takes_overrides_too(tmp_path: Path) -> None:
    for name, data in as_bytes().items():
        (tmp_path / name).write_bytes(data)
    assert load(tmp_path, {"units/NA-inf.quantity": 9})["units"]["NA-inf"]["quantity"] == 9
