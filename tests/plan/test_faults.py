"""Bad input of every kind: each fault stands at its place, with its code and the value found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from holdfast.base.errors import Fault, PlanError
from holdfast.plan.faults import FAULT_CODES
from holdfast.plan.load import build, load
from tests.plan.folder import TINY, as_bytes, changed, write

Found = tuple[str, int, int, str, str]


def faults_of(changes: Mapping[str, str | bytes]) -> list[Fault]:
    files = as_bytes({name: text if isinstance(text, bytes) else text.encode() for name, text in changes.items()})
    with pytest.raises(PlanError) as caught:
        build(Path(), files, {})
    return list(caught.value.faults)


def found(changes: Mapping[str, str | bytes]) -> list[Found]:
    return [(fault.path, fault.line, fault.column, fault.code, fault.value) for fault in faults_of(changes)]


def cell(name: str, old: str, new: str, line: int, column: int, code: str, value: str) -> tuple[object, ...]:
    """One passage of one file replaced, and the one fault that this gives."""
    return pytest.param(changed(name, old, new), [(name, line, column, code, value)], id=f"{code}: {name} {value[:30]}")


def whole(name: str, text: str | bytes, *expected: tuple[int, int, str, str], label: str = "") -> tuple[object, ...]:
    """One whole file replaced, and all faults that this gives in it."""
    places = [(name, *item) for item in expected]
    return pytest.param({name: text}, places, id=f"{label or expected[0][2]}: {name}")


def assumption(row: str, *expected: tuple[int, str, str]) -> tuple[object, ...]:
    """One more assumption (on line 7), and the faults that it gives."""
    places = [("assumptions.csv", 7, column, code, value) for column, code, value in expected]
    return pytest.param({"assumptions.csv": TINY["assumptions.csv"] + row + ",\n"}, places, id=f"assumption {row}")


CELLS = [
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,two", 3, 20, "not-a-number", "two"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,2.5", 3, 20, "not-an-integer", "2.5"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,-2", 3, 20, "out-of-range", "-2"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry," + "9" * 40, 3, 20, "out-of-range", "9" * 40),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,1_000", 3, 20, "digit-grouping", "1_000"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,1 000", 3, 20, "digit-grouping", "1 000"),
    cell("units.csv", "NA-inf,NA,infantry,2", 'NA-inf,NA,infantry,"1,000,000"', 3, 21, "digit-grouping", "1,000,000"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,", 3, 20, "missing-value", ""),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,0x10", 3, 20, "not-a-number", "0x10"),
    cell("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,١٢", 3, 20, "not-a-number", "١٢"),
    cell("units.csv", ",0.9,30", ",90%,30", 2, 44, "percent", "90%"),
    cell("units.csv", ",0.9,30", ",nan,30", 2, 44, "not-finite", "nan"),
    cell("units.csv", ",0.9,30", ",-inf,30", 2, 44, "not-finite", "-inf"),
    cell("units.csv", ",0.9,30", ",1e999,30", 2, 44, "not-finite", "1e999"),
    cell("units.csv", ",0.9,30", ",1.1,30", 2, 44, "out-of-range", "1.1"),
    cell("units.csv", ",0.9,30", ',"0,9",30', 2, 45, "decimal-comma", "0,9"),
    cell("units.csv", ",0.9,30", ",0.9,", 2, 48, "missing-value", ""),
    cell("units.csv", "=no_companies", "=no companies", 2, 20, "bad-reference", "=no companies"),
    cell("units.csv", "=no_companies", "=", 2, 20, "bad-reference", "="),
    cell("units.csv", "=no_companies", "=no_companies + 1", 2, 20, "bad-reference", "=no_companies + 1"),
    cell("units.csv", "=no_companies", "=N002", 2, 20, "text-fact", "=N002"),
    cell("units.csv", "=no_companies", "=handover", 2, 20, "unit-mismatch", "=handover"),
    cell("units.csv", "rotating,,fixed", "rotated,,fixed", 3, 28, "not-a-choice", "rotated"),
    cell("units.csv", ",fixed,40", ",even,40", 3, 43, "ignored-cell", "40"),
    cell("units.csv", "engineer,1,,forward", "engineer,1,north,forward", 4, 24, "ignored-cell", "north"),
    cell("units.csv", "forward,camp", "forward,", 4, 33, "missing-value", ""),
    cell("units.csv", "2,north", "2,", 3, 22, "missing-value", ""),
    cell("units.csv", "2,north", "2,nroth", 3, 22, "unknown-id", "nroth"),
    cell("units.csv", "NA-inf,NA", "NA-inf,NAM", 3, 8, "unknown-id", "NAM"),
    cell("units.csv", "NA-inf,NA", "NA.inf,NA", 3, 1, "not-an-id", "NA.inf"),
    cell("units.csv", "NA-inf,NA", "NO-inf,NA", 3, 1, "duplicate-id", "NO-inf"),
    cell("units.csv", "NA-inf,NA", ",NA", 3, 1, "missing-value", ""),
    cell("policies.csv", "surge,540", "surge,0", 3, 13, "out-of-range", "0"),
    cell("policies.csv", "300,500", "500,500", 3, 17, "policy-window", "500"),
    cell("policies.csv", "300,500", "300,541", 3, 21, "policy-window", "541"),
    cell("policies.csv", "=handover", "180", 2, 21, "policy-overlap", "180"),
    cell("policies.csv", "=handover", "=no_share", 2, 21, "varying", "=no_share"),
    cell("policies.csv", "north,surge", "north,surges", 3, 7, "unknown-id", "surges"),
    cell("policies.csv", "north,surge", "north,", 3, 1, "duplicate-id", "north"),
    cell("substitutions.csv", "0.5", "0", 2, 22, "out-of-range", "0"),
    cell(
        "commitments.csv", "part,NO,120,infantry,unifil", "part,NO,120,infantry,part", 3, 22, "self-reference", "part"
    ),
    cell("facts.csv", "N002,NO", "N-2,NO", 3, 1, "not-a-name", "N-2"),
    cell("sources.csv", "2025-09", "09/2025", 2, 16, "not-a-date", "09/2025"),
    cell("sources.csv", ",C\n", ",G\n", 2, 24, "not-a-choice", "G"),
    cell("claims.csv", "speaker,3,400", "speaker,7,400", 2, 30, "out-of-range", "7"),
    cell("claims.csv", "speaker,3,400", "speaker,3,601", 2, 32, "low-above-high", "601"),
    cell("claims.csv", "2025-09-05", "2026-02", 2, 6, "claim-date", "2026-02"),
    cell("claims.csv", "S001,speaker,3,400", "S01,speaker,3,400", 2, 17, "unknown-id", "S01"),
    cell("claims.csv", "troops,\nC002", "troops,C002\nC002", 2, 47, "cycle", "C002"),
    cell("costs.csv", ",0,360", ",360,360", 2, 37, "days-order", "360"),
    cell("costs.csv", "GBP million/year", "GBP million//year", 2, 11, "not-a-unit", "GBP million//year"),
    cell("assumptions.csv", "C001;C002", "C001;C003", 5, 40, "unknown-id", "C001;C003"),
    cell("assumptions.csv", "C001;C002", "C001;C001", 5, 40, "duplicate-id", "C001;C001"),
    cell("assumptions.csv", ",,,yes", ",,,maybe", 3, 31, "not-a-flag", "maybe"),
]

YAML = [
    cell("plan.yaml", "version: 1", "version: 2", 1, 17, "out-of-range", "2"),
    cell("plan.yaml", "c_day: 2026-03-01", "c_day: 2026-03", 3, 8, "not-a-date", "2026-03"),
    cell("plan.yaml", "c_day: 2026-03-01", "c_day: 2026-02-30", 3, 8, "not-a-date", "2026-02-30"),
    cell("plan.yaml", "horizon_days: 360", "horizon_days: =handover", 5, 15, "reference-not-allowed", "=handover"),
    cell("plan.yaml", "horizon_days: 360", "horizon_days: [360]", 5, 15, "yaml-shape", ""),
    cell("plan.yaml", "horizon_days: 360", "horizon_days: &h 360", 5, 15, "yaml-feature", "&h"),
    cell("plan.yaml", "horizon_days: 360", "horizon_days: *h", 5, 15, "yaml-feature", "*h"),
    cell("plan.yaml", "horizon_days: 360", "horizon_days: !!int 360", 5, 15, "yaml-feature", "tag:yaml.org,2002:int"),
    cell("plan.yaml", "phases:\n", "title: again\nphases:\n", 19, 1, "duplicate-key", "title"),
    cell("plan.yaml", "phases:\n", "<<: {}\nphases:\n", 19, 1, "yaml-feature", "<<"),
    cell("plan.yaml", "phases:\n", "---\nphases:\n", 19, 1, "yaml-feature", ""),
    cell("plan.yaml", "phases:\n", "units: []\nphases:\n", 19, 1, "unknown-key", "units"),
    cell("plan.yaml", "phases:\n", "options: {coalitoin: cautious}\nphases:\n", 19, 11, "unknown-key", "coalitoin"),
    cell("plan.yaml", "phases:\n", "a: " + "[" * 100 + "]" * 100 + "\nphases:\n", 19, 16, "yaml-too-deep", ""),
    cell("plan.yaml", '"Tiny"', '"\\x1b[31mTiny"', 2, 8, "control-character", "\\x1b"),
    cell("plan.yaml", '"Tiny"', '"\\ud800"', 2, 8, "control-character", "\\ud800"),
    cell("plan.yaml", '"Tiny"', "a: b: c", 2, 9, "yaml-syntax", "title: a: b: c"),
    cell("plan.yaml", "id: r2", "id: r1", 15, 9, "duplicate-id", "r1"),
    cell("plan.yaml", "missed_unit_days", "mised_unit_days", 16, 14, "unknown-measure", "mised_unit_days"),
    cell("plan.yaml", "component: deterrence", "component: deterence", 9, 16, "unknown-component", "deterence"),
    cell("plan.yaml", "component: deterrence", "nation: NO", 9, 13, "measure-part", "NO"),
    cell("plan.yaml", "at_least: 500", "at_least: 500\n    at_most: 900", 11, 14, "requirement-bound", "900"),
    cell("plan.yaml", "    at_least: 500\n", "", 7, 9, "requirement-bound", "r1"),
    cell("plan.yaml", "share: 0.9", "share: 0", 12, 12, "out-of-range", "0"),
    cell("plan.yaml", "    share: 0.9\n", "", 11, 16, "requirement-share", "share_of_days"),
    cell("plan.yaml", "share_of_days", "mean", 12, 12, "requirement-share", "0.9"),
    cell("plan.yaml", "share_of_days", "average", 11, 16, "not-a-choice", "average"),
    cell("plan.yaml", "to_day: 359", "to_day: 360", 14, 13, "requirement-days", "360"),
    cell("plan.yaml", "to_day: 359", "to_day: 29", 14, 13, "requirement-days", "29"),
    cell("plan.yaml", "probability: 0.6", "probability: 1", 18, 18, "out-of-range", "1"),
    cell("plan.yaml", "probability: 0.6", "share: 0.6", 18, 12, "ignored-cell", "0.6"),
    cell("plan.yaml", "from_day: 0", "from_day: 1", 21, 15, "phase-start", "1"),
    cell("plan.yaml", "from_day: 180", "from_day: 0", 23, 15, "phase-start", "0"),
    whole("plan.yaml", "- a\n", (1, 1, "yaml-shape", ""), label="a list"),
    whole("plan.yaml", "", (1, 1, "yaml-shape", ""), label="empty"),
    whole("plan.yaml", "%YAML 1.1\n---\na: 1\n", (1, 1, "yaml-feature", "%YAML 1.1"), label="a directive"),
    whole("plan.yaml", 'a: "\\UFFFFFFFF"\n', (1, 1, "yaml-syntax", ""), label="an escape beyond Unicode"),
    whole("plan.yaml", "a: " + "x" * 200_000, (0, 0, "file-too-large", "")),
    whole("plan.yaml", b"a: \xff\n", (1, 4, "encoding", "ff")),
]

CALLED = "id,cycle_days,start_deployable_day,bog_days,mobilisation_days,training_days\n"

TABLES = [
    whole("policies.csv", CALLED + "north,100,10,5,60,40\n", (2, 16, "policy-window", "60"), label="call-up too long"),
    whole("costs.csv", "", (1, 1, "empty-file", "")),
    whole("costs.csv", "\ufeff\n \n", (1, 1, "empty-file", ""), label="a byte order mark alone"),
    whole("costs.csv", b"id,what,unit,value\nc1,\xe9,1,2\n", (2, 4, "encoding", "e9")),
    whole("costs.csv", "id,what,unit,value\n".encode("utf-16"), (1, 1, "encoding", "ff fe"), label="UTF-16"),
    whole("costs.csv", b"id,what,unit,value\nc1,a\x00,1,2\n", (2, 5, "control-character", "\\x00")),
    whole("costs.csv", 'id,what,unit,value\nc1,"a,1,2\n', (2, 1, "broken-row", "")),
    whole("costs.csv", 'id,what,unit,value\nc1,"a"b,1,2\n', (2, 1, "broken-row", ""), label="text after a quote"),
    whole("costs.csv", "id,what,unit,value\nc1," + "a" * 140_000 + ",1,2\n", (2, 1, "broken-row", ""), label="giant"),
    whole("costs.csv", "id,what,unit,value\nc1,a,1,2,3\n", (2, 10, "ragged-row", "3")),
    whole("costs.csv", "id,what,unit,value\nc1,a,1\n", (2, 6, "ragged-row", "1"), label="too short"),
    whole("costs.csv", "id,what,unit,value,\nc1,a,1,2,\n", (1, 20, "blank-column", "")),
    whole("costs.csv", "id,what,unit,value,unit\nc1,a,1,2,1\n", (1, 20, "duplicate-column", "unit")),
    whole("costs.csv", "id,what,unit,value,frm_day\nc1,a,1,2,3\n", (1, 20, "unknown-column", "frm_day")),
    whole("costs.csv", "id,what,unit\nc1,a,1\n", (1, 1, "missing-column", "")),
    whole("costs.csv", "id;what;unit;value\nc1;a;1;2,5\n", (2, 8, "decimal-comma", "2,5")),
    whole("costs.csv", "id,what,unit,value\nc1," + "a" * 20_001 + ",1,2\n", (2, 4, "text-too-long", "a" * 79 + "…")),
    whole("nations.csv", "id\nNO\nNA\nGBR\nNO\nn o\n", (5, 1, "duplicate-id", "NO"), (6, 1, "not-an-id", "n o")),
]

ASSUMPTIONS = [
    assumption("x,1,uniform,0.5,,0.4,,,", (13, "low-above-high", "0.5")),
    assumption("x,1,uniform,0.5,,0.5,,,", (13, "bad-distribution", "0.5")),
    assumption("x,1,uniform,0.4,,,,,", (18, "missing-value", "")),
    assumption("x,1,uniform,0.4,0.45,0.5,,,", (17, "ignored-cell", "0.45")),
    assumption("x,1,pert,0.4,0.3,0.5,,,", (10, "low-above-high", "0.4")),
    assumption("x,1,pert,0.4,0.6,0.5,,,", (14, "low-above-high", "0.6")),
    assumption("x,1,lognormal,0,,2,,,", (15, "bad-distribution", "0")),
    assumption("x,1,beta,0.1,,1,,,", (15, "bad-distribution", "1")),
    assumption("x,1,probability,,1.2,,,,", (18, "bad-distribution", "1.2")),
    assumption("x,1,probability,0.1,0.2,,,,", (17, "bad-distribution", "0.1")),
    assumption("x,1,fixed,,,,,,", (12, "missing-value", "")),
    assumption("x,1,fixed,,=N001,,,,", (12, "reference-not-allowed", "=N001")),
    assumption("x,1,claims,1,2,3,,,", (19, "missing-value", "")),
    assumption("x,1,pert,1,2,3,,C001,", (17, "ignored-cell", "C001")),
    assumption("x,1,normal,1,2,3,,,", (5, "not-a-choice", "normal")),
    assumption("N002,1,fixed,,1,,,,", (1, "name-clash", "N002")),
    assumption("min,1,fixed,,1,,,,", (1, "not-a-name", "min")),
    assumption("x,1,formula,,,,,,", (16, "missing-value", "")),
    assumption("x,1,formula,,,,1 +,,", (19, "formula-syntax", "1 +")),
    assumption("x,1,formula,,,,2 $ 3,,", (18, "formula-syntax", "2 $ 3")),
    assumption("x,1,formula,,,,ceil(2),,", (16, "formula-syntax", "ceil(2)")),
    assumption('x,1,formula,,,,"min(2, 3",,', (25, "formula-syntax", "min(2, 3")),
    assumption("x,1,formula,,,,2 × no_shar,,", (20, "unknown-name", "2 × no_shar")),
    assumption("x,1,formula,,,,2 × N002,,", (20, "text-fact", "2 × N002")),
    assumption("x,1,formula,,,,N001 + handover,,", (23, "unit-mismatch", "N001 + handover")),
    assumption("x,days,formula,,,,N001 × 2,,", (19, "unit-mismatch", "N001 × 2")),
    assumption("x,1,formula,,,,1 ÷ (2 − 2),,", (16, "formula-value", "1 ÷ (2 − 2)")),
    assumption("x,1,formula,,,,x + 1,,", (16, "cycle", "x + 1")),
    assumption(
        "x,1,formula,,,," + "(" * 60 + "1" + ")" * 60 + ",,", (67, "formula-too-long", "(" * 60 + "1" + ")" * 18 + "…")
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [*CELLS, *YAML, *TABLES, *ASSUMPTIONS])
def test_a_fault_stands_at_its_place_with_its_code_and_value(
    changes: dict[str, str | bytes], expected: list[Found]
) -> None:
    assert found(changes) == expected


def test_a_reference_behind_a_faulty_name_is_reported_too() -> None:
    assert [item[3] for item in found(changed("facts.csv", "N001,NO", "N-1,NO"))] == ["unknown-name", "not-a-name"]


def test_all_faults_of_all_files_are_reported_at_once() -> None:
    changes: dict[str, str | bytes] = {
        **changed("plan.yaml", "horizon_days: 360", "horizon: 360"),
        **changed("units.csv", "NA-inf,NA,infantry,2,north", "NA-inf,NAM,infntry,two,nroth"),
        **changed("tasks.csv", "id,component", "id,compnent"),
        **changed("claims.csv", "2025-09-05", "yesterday"),
        "costs.csv": b"\xff",
        "policies.csv": TINY["policies.csv"] + "x,winter,10,20,30,40,50\n",
    }
    assert {item[0:2] + item[3:] for item in found(changes)} == {
        ("plan.yaml", 1, "missing-value", ""),
        ("plan.yaml", 5, "unknown-key", "horizon"),
        ("plan.yaml", 9, "unknown-component", "deterrence"),
        ("units.csv", 3, "unknown-id", "NAM"),
        ("units.csv", 3, "unknown-id", "infntry"),
        ("units.csv", 3, "unknown-id", "nroth"),
        ("units.csv", 3, "not-a-number", "two"),
        ("tasks.csv", 1, "unknown-column", "compnent"),
        ("claims.csv", 2, "not-a-date", "yesterday"),
        ("costs.csv", 1, "encoding", "ff"),
        ("policies.csv", 4, "unknown-id", "winter"),
        ("policies.csv", 4, "policy-window", "30"),
        ("policies.csv", 4, "policy-overlap", "50"),
        ("policies.csv", 4, "policy-phase", "x"),
    }


def test_faults_come_sorted_by_place_and_each_once() -> None:
    faults = faults_of({**changed("units.csv", "2,north", "x,y"), "costs.csv": b"\xff"})
    assert faults == sorted(set(faults))


def test_a_table_that_cannot_be_read_is_not_held_against_the_rest() -> None:
    assert [item[3] for item in found({"policies.csv": b"\xff", "facts.csv": b"\xff"})] == ["encoding", "encoding"]


def test_a_lone_bad_plan_file_leaves_the_tables_checked() -> None:
    faults = found({"plan.yaml": "]", **changed("units.csv", "2,north", "x,north")})
    assert [(item[0], item[3]) for item in faults] == [("plan.yaml", "yaml-syntax"), ("units.csv", "not-a-number")]


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        (changed("units.csv", "2,north", "2,nroth"), "did you mean 'north'?"),
        (changed("plan.yaml", "missed_unit_days", "mised_unit_days"), "did you mean 'missed_unit_days'?"),
        (changed("plan.yaml", "    at_most: 20", "    at_mots: 20"), "did you mean 'at_most'?"),
        (changed("plan.yaml", "horizon_days: 360", "horizon_day: 360"), "did you mean 'horizon_days'?"),
        (changed("tasks.csv", "id,component", "id,Component"), "did you mean 'component'?"),
        (changed("units.csv", "=no_companies", "=no_company"), "did you mean 'no_companies'?"),
        (changed("units.csv", "rotating,,fixed", "Rotating,,fixed"), "did you mean 'rotating'?"),
        (changed("units.csv", ",0.9,30", ",90%,30"), "write 0.9"),
        (changed("units.csv", "infantry,2,", "infantry,2.0,"), "write 2"),
        (
            changed("plan.yaml", "phases:\n", "units: []\nphases:\n"),
            "put the rows into units.csv: what has a second row is a table",
        ),
    ],
)
def test_the_remedy_names_what_was_probably_meant(changes: dict[str, str | bytes], remedy: str) -> None:
    assert remedy in [fault.remedy for fault in faults_of(changes)]


def test_every_fault_has_a_rule_and_a_remedy() -> None:
    for code, meaning in FAULT_CODES.items():
        assert meaning.level in ("fault", "warning"), code
        assert meaning.rule, code
        assert meaning.remedy, code


def test_a_long_value_is_cut() -> None:
    (fault,) = faults_of(changed("units.csv", "2,north", "x" * 500 + ",north"))
    assert len(fault.value) == 80


# folders


def folder_faults(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(PlanError) as caught:
        load(folder)
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert folder_faults(tmp_path / "none") == [(str(tmp_path / "none"), "no-folder")]


def test_a_file_in_place_of_a_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("x")
    assert folder_faults(tmp_path / "plan") == [(str(tmp_path / "plan"), "no-folder")]


def test_a_path_that_no_system_has_is_a_fault() -> None:
    assert [code for _, code in folder_faults(Path("a\0b"))] == ["no-folder"]


def test_an_empty_folder_lacks_plan_yaml(tmp_path: Path) -> None:
    assert folder_faults(tmp_path) == [(str(tmp_path), "no-plan-file")]


def test_a_directory_named_like_a_table_is_a_fault(tmp_path: Path) -> None:
    (write(tmp_path, {"costs.csv": None}) / "costs.csv").mkdir()
    assert folder_faults(tmp_path) == [(str(tmp_path / "costs.csv"), "unreadable")]


def test_a_dangling_link_is_a_fault(tmp_path: Path) -> None:
    (write(tmp_path, {"costs.csv": None}) / "costs.csv").symlink_to(tmp_path / "nowhere")
    assert folder_faults(tmp_path) == [(str(tmp_path / "costs.csv"), "unreadable")]


def test_a_table_that_the_plan_does_not_know_is_a_fault_with_a_suggestion(tmp_path: Path) -> None:
    (write(tmp_path) / "unit.csv").write_text("id\n")
    with pytest.raises(PlanError) as caught:
        load(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.path, fault.code, fault.remedy) == (
        str(tmp_path / "unit.csv"), "unknown-file", "did you mean 'units.csv'?",
    )  # fmt: skip


def test_a_second_spelling_of_plan_yaml_is_a_fault(tmp_path: Path) -> None:
    (write(tmp_path) / "plan.yml").write_text("title: x\n")
    assert folder_faults(tmp_path) == [(str(tmp_path / "plan.yml"), "unknown-file")]


def test_hidden_files_notes_and_results_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / ".~units.csv").write_text("x")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "results").mkdir()
    assert load(tmp_path).warnings == ()
