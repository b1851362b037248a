from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from holdfast.base.errors import PlanError
from holdfast.plan.load import build, load
from holdfast.plan.model import Phase, Ref
from tests.plan.folder import TINY, as_bytes, changed, write


def test_the_tiny_plan_loads_without_fault_or_warning(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    assert plan.warnings == ()
    assert (plan.title, plan.c_day, plan.compiled, plan.horizon_days) == (
        "Tiny", date(2026, 3, 1), date(2026, 1, 31), 360,
    )  # fmt: skip
    assert plan.phases == (Phase("surge", 0), Phase("steady", 180))


def test_requirements_take_their_defaults(tmp_path: Path) -> None:
    first, second = load(write(tmp_path)).requirements
    assert (first.statistic, first.share, first.at_least, first.at_most) == ("share_of_days", 0.9, 500.0, None)
    assert (first.from_day, first.to_day, first.probability, first.given) == (30, 359, 0.8, "trigger")
    assert (second.from_day, second.to_day, second.probability, second.title) == (0, 359, 0.6, "r2")


def test_norway_and_namibia_stay_nations(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    assert [row["id"] for row in plan["nations"]] == ["NO", "NA", "GBR"]
    assert [row["nation"] for row in plan["units"]] == ["NO", "NA", "GBR"]


def test_yaml_guesses_nothing(tmp_path: Path) -> None:
    plan = load(write(tmp_path, changed("plan.yaml", 'title: "Tiny"', "title: NO")))
    assert plan.title == "NO"


def test_blank_cells_take_defaults_of_the_schema_of_the_row_and_of_other_tables(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    unit = plan["units"]["NO-inf"]
    assert (unit["posture"], unit["start"], unit["people_per_unit"], unit["available_to_day"]) == (
        "rotating", "even", 120, None,
    )  # fmt: skip
    policy = plan["policies"]["north"]
    assert (policy["stop_deployable_day"], policy["min_dwell_days"], policy["max_callups"]) == (720, 480, None)


def test_the_key_of_a_policy_row_is_id_and_phase(tmp_path: Path) -> None:
    policies = load(write(tmp_path))["policies"]
    assert [row.id for row in policies] == ["north", "north@surge"]
    assert policies["north@surge"]["id"] == "north"


def test_a_cell_that_varies_keeps_its_reference_and_a_fixed_one_takes_the_constant(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    assert plan["units"]["NO-inf"]["quantity"] == Ref("no_companies")
    overlap = plan["policies"]["north"].cells["overlap_days"]
    assert (overlap.value, overlap.text, overlap.ref) == (14, "=handover", "handover")


def test_an_integer_cell_takes_the_floor_of_a_constant(tmp_path: Path) -> None:
    plan = load(write(tmp_path, changed("assumptions.csv", "fixed,,14", "fixed,,14.9")))
    assert plan["policies"]["north"]["overlap_days"] == 14


def test_missing_optional_tables_are_empty(tmp_path: Path) -> None:
    plan = load(write(tmp_path, {"costs.csv": None, "substitutions.csv": None}))
    assert len(plan["costs"]) == 0
    assert list(plan["substitutions"]) == []


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\n\n" + text.replace("\n", "\n\n"),
        lambda text: text.replace("Norway", '"Norway"').replace("NO", '"NO"', 1),
        lambda text: text.replace(",", " , "),
        lambda text: text + ",,\n , ,\n",
    ],
    ids=["byte order mark", "semicolons", "tabs", "CRLF", "CR", "blank lines", "quotes", "spaces", "blank rows"],
)  # fmt: skip
def test_a_table_means_the_same_however_it_is_written(tmp_path: Path, rewrite) -> None:  # type: ignore[no-untyped-def]
    plan = load(write(tmp_path, {"nations.csv": rewrite(TINY["nations.csv"])}))
    rows = [(row["id"], row["name"], str(row["max_people_deployed"])) for row in plan["nations"]]
    assert rows == [("NO", "Norway", "=no_ceiling"), ("NA", "Namibia", "None"), ("GBR", "United Kingdom", "None")]


def test_a_quoted_cell_may_hold_separators_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'id,name\nNO,"Norway, ""the north""\nand more"\nNA,Namibia\nGBR,Britain\n'
    nations = load(write(tmp_path, {"nations.csv": text}))["nations"]
    assert nations["NO"]["name"] == 'Norway, "the north"\nand more'
    assert nations["NA"].line == 4


def test_cells_know_their_place(tmp_path: Path) -> None:
    text = 'id,name,max_people_deployed\n"NO", "Norway\nof the north", 500\nNA,Namibia,\nGBR,Britain,\n'
    cells = load(write(tmp_path, {"nations.csv": text}))["nations"]["NO"].cells
    assert [(cells[name].line, cells[name].column) for name in ("id", "name", "max_people_deployed")] == [
        (2, 2), (2, 8), (3, 16),
    ]  # fmt: skip


def test_a_plan_survives_pickling(tmp_path: Path) -> None:
    plan = load(write(tmp_path)).with_({"units/NA-inf.quantity": 7})
    copy = pickle.loads(pickle.dumps(plan))
    assert copy["units"]["NA-inf"]["quantity"] == 7
    assert copy.fingerprint() == plan.fingerprint()


def test_rows_and_tables_cannot_be_changed(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    with pytest.raises(TypeError):
        plan["units"]["NO-inf"].cells["quantity"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        plan.tables["units"] = plan["tasks"]  # type: ignore[index]


def test_the_fingerprint_follows_content_and_overrides_and_not_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = load(write(tmp_path / "a")), load(write(tmp_path / "b"))
    assert one.fingerprint() == two.fingerprint()
    (tmp_path / "b" / "README.md").write_text("ignored, and no input\n")
    assert load(tmp_path / "b").fingerprint() == one.fingerprint()
    other = load(write(tmp_path / "b", changed("plan.yaml", "Tiny", "Tinier")))
    changed_by_override = one.with_({"plan/title": "Tinier"})
    assert len({one.fingerprint(), other.fingerprint(), changed_by_override.fingerprint()}) == 3
    assert one.fingerprint() == build(Path("elsewhere"), dict(reversed(as_bytes().items())), {}).fingerprint()


def test_every_input_is_kept_as_read(tmp_path: Path) -> None:
    plan = load(write(tmp_path))
    assert dict(plan.files) == as_bytes()


def test_faults_name_the_file_as_the_user_can_open_it(tmp_path: Path) -> None:
    write(tmp_path, changed("units.csv", "NA-inf,NA,infantry,2", "NA-inf,NA,infantry,x"))
    with pytest.raises(PlanError) as caught:
        load(tmp_path)
    (fault,) = caught.value.faults
    assert fault.path == str(tmp_path / "units.csv")
    assert str(fault).startswith(
        f"{tmp_path / 'units.csv'}:3:20: [not-a-number] units.quantity is not a number; found 'x'"
    )
