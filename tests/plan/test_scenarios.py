"""Scenarios: what stands in scenarios.yaml, every kind of bad input at its place, and the plans that come out."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base.errors import Fault, PlanError, UsageError
from holdfast.plan.faults import FAULT_CODES
from holdfast.plan.load import build, load
from holdfast.plan.model import Plan, Scenario
from holdfast.plan.schema import SECTIONS, TABLES
from tests.plan.folder import as_bytes, changed, write

SCENARIOS = """\
# two of them
small:
  title: One company less
  overrides:
    units/NA-inf.quantity: 1
    assumption/handover: 7
rest:
  overrides: {policies/north@surge.cycle_days: 600, plan/title: "Rest, and more"}
"""

Found = tuple[int, int, str, str]


def plan_with(text: str) -> Plan:
    return build(Path(), as_bytes({"scenarios.yaml": text.encode()}), {})


def faults_of(text: str | bytes) -> list[Fault]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(PlanError) as caught:
        build(Path(), as_bytes({"scenarios.yaml": data}), {})
    return list(caught.value.faults)


def one(*lines: str) -> str:
    """A scenario ``x`` whose overrides, from line 3 on, are the lines given."""
    return "x:\n  overrides:\n" + "".join(f"    {line}\n" for line in lines)


def test_a_scenario_is_read_with_its_title_its_overrides_and_its_line() -> None:
    plan = plan_with(SCENARIOS)
    assert list(plan.scenarios) == ["small", "rest"]
    small, rest = plan.scenarios.values()
    assert isinstance(small, Scenario)
    assert (small.name, small.title, small.line) == ("small", "One company less", 2)
    assert dict(small.overrides) == {"units/NA-inf.quantity": "1", "assumption/handover": "7"}
    assert (rest.title, rest.line) == ("rest", 7)
    assert rest.overrides["plan/title"] == "Rest, and more"
    assert small.places["units/NA-inf.quantity"] == (5, 28)


def test_the_plan_itself_is_as_without_scenarios() -> None:
    plan, bare = plan_with(SCENARIOS), build(Path(), as_bytes(), {})
    assert {name: plan.tables[name] for name in TABLES} == {name: bare.tables[name] for name in TABLES}
    assert {name: plan.settings[name] for name in SECTIONS} == {name: bare.settings[name] for name in SECTIONS}
    assert (plan.overrides, bare.scenarios) == ({}, {})


def test_a_plan_under_a_scenario_is_the_plan_with_its_overrides() -> None:
    plan = plan_with(SCENARIOS)
    small = plan.scenario("small")
    assert small["units"]["NA-inf"]["quantity"] == 1
    assert small["policies"]["north"]["overlap_days"] == 7
    assert small.fingerprint() == plan.with_({"assumption/handover": 7, "units/NA-inf.quantity": 1}).fingerprint()
    assert small.fingerprint() != plan.fingerprint()


def test_a_later_override_wins_over_the_scenario_and_the_scenario_over_an_earlier_one() -> None:
    plan = plan_with(SCENARIOS)
    assert plan.scenario("small").with_({"units/NA-inf.quantity": 3})["units"]["NA-inf"]["quantity"] == 3
    assert plan.with_({"units/NA-inf.quantity": 3}).scenario("small")["units"]["NA-inf"]["quantity"] == 1


def test_the_last_word_wins_also_between_an_assumption_and_one_of_its_cells() -> None:
    plan = plan_with(one("assumption/handover: 7")).scenario("x")
    last = plan.with_({"assumption/handover.mode": 8}).with_({"assumption/handover": 9})
    assert last["assumptions"]["handover"]["mode"] == 9


def test_overrides_and_pickling_keep_the_scenarios(tmp_path: Path) -> None:
    plan = load(write(tmp_path, {"scenarios.yaml": SCENARIOS}), {"units/NA-inf.quantity": 3})
    assert plan.scenarios == plan_with(SCENARIOS).scenarios
    assert plan.scenario("small").scenarios == plan.scenarios
    assert pickle.loads(pickle.dumps(plan)).scenarios == plan.scenarios
    assert plan.files["scenarios.yaml"] == SCENARIOS.encode()


@pytest.mark.parametrize(
    ("name", "hint"), [("smal", "did you mean 'small'?"), ("winter", "there are: small, rest"), ("", "there are:")]
)
def test_an_unknown_scenario_is_wrong_usage_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no scenario") as caught:
        plan_with(SCENARIOS).scenario(name)
    assert hint in str(caught.value)


def test_a_plan_without_the_file_says_so_when_it_is_asked_for_a_scenario() -> None:
    with pytest.raises(UsageError, match=r"the plan has no scenarios\.yaml"):
        build(Path(), as_bytes(), {}).scenario("x")


BAD: list[tuple[str, str | bytes, list[Found]]] = [
    ("a list", "- x\n", [(1, 1, "yaml-shape", "")]),
    ("empty", "# nothing\n", [(1, 1, "yaml-shape", "")]),
    ("no YAML", "x: [", [(1, 5, "yaml-syntax", "x: [")]),
    ("not UTF-8", b"x: \xff\n", [(1, 4, "encoding", "ff")]),
    ("a scenario that is a text", "x: small\n", [(1, 4, "yaml-shape", "small")]),
    ("a scenario that is a list", "x: [a, b]\n", [(1, 4, "yaml-shape", "")]),
    ("a bad name", one("plan/title: a").replace("x:", "a b:"), [(1, 1, "not-an-id", "a b")]),
    ("no name", one("plan/title: a").replace("x:", '"":'), [(1, 2, "not-an-id", "")]),
    ("an unknown key", "x:\n  titel: X\n  overrides: {plan/title: a}\n", [(2, 3, "unknown-key", "titel")]),
    ("a title that is a list", "x:\n  title: [X]\n  overrides: {plan/title: a}\n", [(2, 10, "yaml-shape", "")]),
    ("no overrides", "x:\n  title: X\n", [(1, 1, "no-overrides", "")]),
    ("empty overrides", "x:\n  overrides: {}\n", [(1, 1, "no-overrides", "")]),
    ("blank overrides", "x:\n  overrides:\n", [(1, 1, "no-overrides", "")]),
    ("overrides that are a list", "x:\n  overrides: [plan/title]\n", [(2, 14, "yaml-shape", "")]),
    ("overrides that are a text", "x:\n  overrides: plan/title=a\n", [(2, 14, "yaml-shape", "plan/title=a")]),
    ("a value that is a list", one("plan/title: [a]"), [(3, 17, "yaml-shape", "")]),
    ("a list in a list", one("plan/title: [[a]]"), [(3, 17, "yaml-shape", "")]),
    ("a value that is a mapping", one("units/NA-inf: {quantity: 1}"), [
        (3, 5, "not-settable", "units/NA-inf"), (3, 19, "yaml-shape", ""),
    ]),
    ("no address", one("quantity: 1"), [(3, 5, "bad-address", "quantity")]),
    ("an unknown table", one("unit/NA-inf.quantity: 1"), [(3, 5, "bad-address", "unit/NA-inf.quantity")]),
    ("an unknown column", one("units/NA-inf.quantitty: 1"), [(3, 5, "bad-address", "units/NA-inf.quantitty")]),
    ("an unknown setting", one("plan/horizon: 1"), [(3, 5, "bad-address", "plan/horizon")]),
    ("an unknown row", one("units/NA_inf.quantity: 1"), [(3, 5, "unknown-address", "units/NA_inf.quantity")]),
    ("an unknown assumption", one("assumption/handovr: 1"), [(3, 5, "unknown-address", "assumption/handovr")]),
    ("a row of a file that is not there", one("grades/A.note: 1"), [(3, 5, "unknown-address", "grades/A.note")]),
    ("a whole row", one("units/NA-inf: 1"), [(3, 5, "not-settable", "units/NA-inf")]),
    ("a key", one("units/NA-inf.id: a"), [(3, 5, "not-settable", "units/NA-inf.id")]),
    ("a whole section", one("plan/requirements: a"), [(3, 5, "not-settable", "plan/requirements")]),
    ("a result", one("measure/fill_share: 1"), [(3, 5, "not-settable", "measure/fill_share")]),
    ("the same key twice", one("plan/title: a", "plan/title: b"), [(4, 5, "duplicate-key", "plan/title")]),
    ("the same scenario twice", one("plan/title: a") * 2, [(4, 1, "duplicate-key", "x")]),
    ("one cell under two spellings", one("assumption/handover: 1", "assumptions/handover: 2"),
     [(4, 5, "set-twice", "assumptions/handover")]),
    ("an assumption and its cell", one("assumption/handover: 1", "assumption/handover.mode: 2"),
     [(4, 5, "set-twice", "assumption/handover.mode")]),
    ("a value that is no number", one("units/NA-inf.quantity: many"), [(3, 28, "not-a-number", "many")]),
    ("a value out of range", one("units/NA-inf.quantity: -1"), [(3, 28, "out-of-range", "-1")]),
    ("a blank value of a required cell", one("units/NA-inf.quantity:"), [(3, 5, "missing-value", "")]),
    ("an id that nothing has", one("units/NA-inf.policy: nroth"), [(3, 26, "unknown-id", "nroth")]),
    ("a name that is nothing", one("units/NA-inf.quantity: =none"), [(3, 28, "unknown-name", "=none")]),
    ("a word for an assumption", one('assumption/handover: "long"'), [(3, 27, "not-a-number", "long")]),
    ("a formula with a mistake", one("assumption/no_companies.formula: 1 +"), [(3, 38, "formula-syntax", "1 +")]),
    ("values that do not go together", one("policies/north.bog_days: 14"), [(1, 1, "policy-overlap", "=handover")]),
    ("a horizon that ends too early", one("plan/horizon_days: 300"), [(1, 1, "requirement-days", "359")]),
    ("an anchor", one("plan/title: &a b"), [(3, 17, "yaml-feature", "&a")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [item[1:] for item in BAD], ids=[item[0] for item in BAD])
def test_bad_input_is_a_fault_at_its_place_with_its_code_and_value(text: str | bytes, expected: list[Found]) -> None:
    faults = faults_of(text)
    assert [(fault.line, fault.column, fault.code, fault.value) for fault in faults] == expected
    assert {fault.path for fault in faults} == {"scenarios.yaml"}
    assert all(FAULT_CODES[fault.code].level == "fault" and fault.rule and fault.remedy for fault in faults)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (one("unit/NA-inf.quantity: 1"), "did you mean 'units'?"),
        (one("units/NA_inf.quantity: 1"), "did you mean 'NA-inf'?"),
        (one("assumption/handovr: 1"), "did you mean 'handover'?"),
        (one("units/NA-inf.policy: nroth"), "did you mean 'north'?"),
        ("x:\n  titel: X\n  overrides: {plan/title: a}\n", "did you mean 'title'?"),
    ],
)
def test_the_remedy_names_what_is_nearest(text: str, remedy: str) -> None:
    (fault,) = faults_of(text)
    assert fault.remedy == remedy


def test_a_fault_that_a_scenario_causes_elsewhere_says_where() -> None:
    (fault,) = faults_of("\n" + one("plan/horizon_days: 300"))
    assert (fault.line, fault.column) == (2, 1)
    assert fault.message.startswith("scenario x: plan.yaml:14:13: to_day is 359")


def test_too_many_scenarios_are_refused_before_any_of_them_is_tried() -> None:
    text = "".join(f"s{number}: {{overrides: {{plan/title: a}}}}\n" for number in range(101))
    assert [(fault.line, fault.code) for fault in faults_of(text)] == [(101, "too-many-scenarios")]


def test_faults_of_scenarios_and_of_the_rest_come_together_and_each_once() -> None:
    files = {
        **changed("units.csv", "2,north", "two,north"),
        "scenarios.yaml": SCENARIOS + one("units/NA-inf.policy: nroth", "unts/a.b: 1") + "y: {}\n",
    }
    with pytest.raises(PlanError) as caught:
        build(Path(), as_bytes({name: text.encode() for name, text in files.items()}), {})
    assert [(fault.path, fault.line, fault.code) for fault in caught.value.faults] == [
        ("scenarios.yaml", 12, "bad-address"),
        ("scenarios.yaml", 13, "no-overrides"),
        ("units.csv", 3, "not-a-number"),
    ]


def test_a_scenario_is_tried_also_where_the_plan_has_faults_of_its_own() -> None:
    files = {**changed("units.csv", "2,north", "two,north"), "scenarios.yaml": one("tasks/guard.quantity: -4")}
    with pytest.raises(PlanError) as caught:
        build(Path(), as_bytes({name: text.encode() for name, text in files.items()}), {})
    assert [(fault.path, fault.code, fault.value) for fault in caught.value.faults] == [
        ("scenarios.yaml", "out-of-range", "-4"), ("units.csv", "not-a-number", "two"),
    ]  # fmt: skip


def test_a_table_that_cannot_be_read_is_not_held_against_the_scenarios() -> None:
    with pytest.raises(PlanError) as caught:
        build(Path(), as_bytes({"units.csv": b"\xff", "scenarios.yaml": SCENARIOS.encode()}), {})
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("units.csv", "encoding")]


def test_a_further_check_holds_for_every_scenario_too(tmp_path: Path) -> None:
    def at_least_two(plan: Plan) -> list[Fault]:
        cell = plan["units"]["NA-inf"].cells["quantity"]
        path = cell.origin or str(plan.folder / "units.csv")
        return [] if cell.value != 1 else [Fault(path, cell.line, cell.column, "few", "too few", "1", "r", "m")]

    write(tmp_path, {"scenarios.yaml": SCENARIOS})
    with pytest.raises(PlanError) as caught:
        load(tmp_path, further=at_least_two)
    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.column) == (str(tmp_path / "scenarios.yaml"), 5, 28)
    assert fault.message == "scenario small: too few"
    with pytest.raises(PlanError, match=r"--set units/NA-inf\.quantity=1"):
        load(write(tmp_path, {"scenarios.yaml": "{}"}), {"units/NA-inf.quantity": 1}, at_least_two)


def test_faults_name_the_file_of_scenarios_as_the_user_can_open_it(tmp_path: Path) -> None:
    write(tmp_path, {"scenarios.yaml": one("units/NA-inf.quantity: many")})
    with pytest.raises(PlanError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(
        f"{tmp_path / 'scenarios.yaml'}:3:28: [not-a-number] scenario x: units.quantity is not a number; found 'many'"
    )


KEYS = [
    "units/NA-inf.quantity", "assumption/handover", "assumption/no_share.formula", "policies/north@surge.cycle_days",
    "plan/c_day", "plan/horizon_days", "claim/C001.date", "requirement/r1.share", "phase/steady.from_day",
    "commitments/part.contained_in", "x", "measure/fill_share", "facts/N001.unit",
]  # fmt: skip
WORDS = st.sampled_from(["", "-1", "1e999", "nan", "=x", "=handover", "x", "720", "2026-01", "N001 / 0", "surge", "[]"])


def refused(text: bytes) -> tuple[Fault, ...]:
    """The faults that a file gives; none where it is a plan, under each of its scenarios, too."""
    try:
        plan = build(Path(), as_bytes({"scenarios.yaml": text}), {})
    except PlanError as error:
        return error.faults
    for name in plan.scenarios:
        plan.scenario(name)
    return ()


@given(st.dictionaries(st.sampled_from(KEYS), WORDS, max_size=4))
def test_no_overrides_whatever_give_anything_but_a_plan_or_faults_of_the_file(overrides: dict[str, str]) -> None:
    faults = refused(one(*(f"{address}: {value}" for address, value in overrides.items())).encode())
    assert {fault.path for fault in faults} <= {"scenarios.yaml"}
    assert all(1 <= fault.line <= 2 + len(overrides) and fault.column for fault in faults)
    assert all(fault.message and fault.rule and fault.remedy for fault in faults)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_whatever_give_anything_but_a_plan_or_faults_of_the_file(data: bytes) -> None:
    assert {fault.path for fault in refused(data)} <= {"scenarios.yaml"}
