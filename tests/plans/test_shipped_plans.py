"""The shipped plans are sound: every number has a reason, nothing is counted twice, refusing nations give nothing."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

import holdfast
from holdfast.analyses.evidence import tables
from holdfast.analyses.evidence.problem import EvidenceProblem
from holdfast.ensemble.draws import AS_WRITTEN, Reading, central, middle
from holdfast.plan import formulas
from holdfast.plan.load import load
from holdfast.plan.model import Plan, Ref, Row

PLANS = Path(holdfast.__file__).with_name("plans")
NAMES = ("tiny", "reassurance")
NO_TROOPS = ("refuses", "support_no_troops")
FUNCTIONS = ("hq", "infantry", "engineer", "air_defence", "isr", "medical", "logistics", "training")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load(PLANS / "reassurance")


def claims_of(plan: Plan, nation: str) -> list[Row]:
    """Claims about a nation, oldest first; a partial date counts as its last day."""
    about = [row for row in plan["claims"] if row.text("subject") == nation]
    return sorted(about, key=lambda row: (row.text("date") + "-99-99")[:10])


def suppliers(plan: Plan) -> set[str]:
    return {row.text("nation") for row in plan["units"]}


def central_values(plan: Plan) -> dict[str, float]:
    """Every assumption and fact at its central value."""
    return {name: float(found[0]) for name, found in central(plan, AS_WRITTEN.evidence(plan)).items()}


def name_in(row: Row, column: str) -> str:
    """The name that a cell refers to, also where a constant already stands in for it."""
    return row.cells[column].text.removeprefix("=")


def formula_names(plan: Plan, name: str) -> list[str]:
    """Every name in the formula of an assumption, as often as it stands there."""
    return [found.name for found in formulas.references(formulas.parse(plan["assumptions"][name].text("formula")))]


def table_in(readme: Path, first: str) -> list[dict[str, str]]:
    """The rows of the Markdown table whose header begins with ``first``."""
    lines = readme.read_text("utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first} |".replace("  ", " ")))
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[start:]
             if line.startswith("|")]  # fmt: skip
    end = next((i for i, line in enumerate(lines[start:]) if not line.startswith("|")), len(lines))
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:end]]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_plan_loads_without_a_fault_or_a_warning(name: str) -> None:
    loaded = load(PLANS / name)
    assert loaded.warnings == ()
    assert loaded.requirements
    assert (PLANS / name / "README.md").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_every_assumption_says_why_and_every_judgement_says_that_it_is_one(name: str) -> None:
    for row in load(PLANS / name)["assumptions"]:
        assert len(row.text("rationale")) > 10, row.id
        assert row["judged"] == ("assumption:" in row.text("rationale")), row.id
        assert row["judged"] or row["kind"] == "formula" or row.text("source"), row.id


def test_numbers_in_the_other_tables_are_named_or_said_to_be_assumed(plan: Plan) -> None:
    for row in plan["policies"]:
        assert row.text("source") or row.text("note").startswith("assumption"), row.id
    for table in ("tasks", "substitutions"):
        assert all(row.text("note").startswith("assumption") for row in plan[table])
    for row in plan["units"]:
        assert row.cells["quantity"].text.startswith("="), row.id
    for row in plan["commitments"]:
        assert row.cells["people"].text.startswith("="), row.id
    assert all(row.cells["people"].text.startswith("=") for row in plan["unit_types"])
    assert all(row.cells["max_people_deployed"].text.startswith("=") for row in plan["nations"])


def test_every_id_given_as_a_source_exists(plan: Plan) -> None:
    known = {*plan["claims"].by_id, *plan["facts"].by_id, *plan["sources"].by_id}
    seen = set()
    for table in ("assumptions", "nations", "policies", "units", "commitments"):
        for row in plan[table]:
            for source in filter(None, re.split(r"\s*;\s*", row.text("source"))):
                assert source in known or source.startswith("http"), (table, row.id, source)
                seen.add(source)
    assert len(seen & known) > 20
    ids = set(re.findall(r"\b[CNS]\d{3}\b", (PLANS / "reassurance" / "README.md").read_text("utf-8")))
    assert len(ids) > 40
    assert ids <= known


def test_the_public_record_is_shipped_whole(plan: Plan) -> None:
    assert [len(plan[name]) for name in ("claims", "facts", "sources")] == [121, 414, 94]
    assert all(row.text("source_url").startswith("http") for row in plan["facts"])
    assert plan.compiled >= date(2026, 11, 1)


def test_nations_that_refuse_supply_nothing(plan: Plan) -> None:
    subjects = {row.text("subject") for row in plan["claims"]}
    last = {name: stances[-1] for name in subjects
            if (stances := [s for row in claims_of(plan, name) if (s := row.text("stance")) not in ("n/a", "opposes")])
            }  # fmt: skip
    refusing = {name for name, stance in last.items() if stance in NO_TROOPS and re.fullmatch("[A-Z]{3}", name)}
    assert {"ITA", "POL", "ROU", "HUN"} <= refusing
    assert not refusing & (suppliers(plan) | {row.id for row in plan["nations"]})


def test_only_nations_with_a_number_in_public_supply_troops(plan: Plan) -> None:
    offering = {
        row.text("subject") for row in plan["claims"]
        if row.text("quantity") == "contribution_troops" and row.text("kind") in ("offered", "planned", "committed")
    }  # fmt: skip
    assert suppliers(plan) == offering == {"GBR", "FRA", "LTU", "EST"}


def test_ceilings_rest_on_the_latest_number_of_each_nation(plan: Plan) -> None:
    for nation in plan["nations"]:
        numbers = [
            row
            for row in claims_of(plan, nation.id)
            if row.text("kind") in ("offered", "planned") and row.text("quantity") == "contribution_troops"
        ]
        named = re.findall(r"C\d{3}", nation.text("source"))
        assert named == [numbers[-1].id], nation.id
        replaced = {old for row in numbers for old in re.findall(r"C\d{3}", row.text("supersedes"))}
        assert not replaced & set(named)


def fates(evidence: EvidenceProblem) -> dict[str, dict[str, str]]:
    """What became of each claim, by assumption."""
    found: dict[str, dict[str, str]] = {}
    for status in evidence.statuses:
        found.setdefault(status.assumption, {})[status.claim] = status.status
    return found


def test_each_ceiling_is_pooled_from_what_was_said_about_that_nation(plan: Plan) -> None:
    for nation in plan["nations"]:
        pool = plan["assumptions"][name_in(nation, "max_people_deployed")]
        assert pool["kind"] == "claims"
        listed = [plan["claims"][name] for name in pool.text("claims").split(";")]
        assert {(row.text("subject"), row.text("quantity")) for row in listed} == {(nation.id, "contribution_troops")}
        said = [row for row in claims_of(plan, nation.id) if row.text("quantity") == "contribution_troops"]
        assert {row.id for row in listed} == {row.id for row in said}, nation.id


def test_claims_about_the_whole_force_drive_no_assumption(plan: Plan) -> None:
    whole = {row.id for row in plan["claims"] if row.text("subject") in ("PLAN", "COALITION")}
    assert {"C001", "C089", "C120"} <= whole
    assert not whole & {name for row in plan["assumptions"] for name in row.text("claims").split(";")}


def test_today_and_on_the_day_of_the_report_other_statements_count(plan: Plan) -> None:
    today, then = (
        fates(Reading(as_of=day).evidence(plan)) for day in (None, date(2025, 9, 5))
    )  # fmt: skip
    assert today["gbr_offer"] == {"C048": "replaced", "C088": "pooled"}
    assert today["fra_offer"] == {"C026": "reported", "C049": "replaced", "C090": "pooled"}
    assert then["gbr_offer"] == {"C048": "pooled", "C088": "left out"}
    assert then["fra_offer"] == {"C026": "reported", "C049": "pooled", "C090": "left out"}
    assert today["ltu_offer"] == then["ltu_offer"] == {"C068": "pooled"}
    assert today["est_offer"] == then["est_offer"] == {"C069": "pooled"}


def test_the_readme_gives_the_ceilings_of_both_days(plan: Plan) -> None:
    (row,) = [item for item in table_in(PLANS / "reassurance" / "README.md", "") if "middle of the pool" in item[""]]
    for column, day in (("2025-09-05", date(2025, 9, 5)), ("November 2026", None)):
        evidence = Reading(as_of=day).evidence(plan)
        found = [float(evidence.quantiles(f"{name}_offer", [0.5])[0]) for name in ("gbr", "fra")]
        printed = [float(text.replace(",", "")) for text in row[column].split(" and ")]
        assert printed == pytest.approx(found, abs=0.6)


def test_a_contingent_too_small_for_a_company_stays_at_home(plan: Plan) -> None:
    for nation, offer, size in (
        ("ltu", 60, 80),
        ("ltu", 200, 100),
        ("ltu", 400, 80),
        ("est", 50, 80),
        ("est", 120, 120),
    ):
        values = central_values(plan.with_({f"assumption/{nation}_offer": offer}))
        assert values[f"{nation}_company_people"] == size
        assert (values[f"{nation}_offer"] >= size) == (offer >= 80)


@pytest.mark.parametrize("name", tables.TABLES)
def test_the_tables_of_judgement_are_shipped_as_the_analysis_has_them(name: str) -> None:
    default = Path(tables.__file__).parent / "data" / f"{name}.csv"
    assert (PLANS / "reassurance" / f"{name}.csv").read_bytes() == default.read_bytes()


def test_every_correction_to_the_record_says_so_and_stands_in_the_readme(plan: Plan) -> None:
    corrected = {row.id for row in plan["claims"] if row.text("note")}
    assert corrected == {"C075", "C107", "C120"}
    assert all(plan["claims"][name].text("note").startswith("Corrected in ") for name in corrected)
    readme = (PLANS / "reassurance" / "README.md").read_text("utf-8")
    (section,) = re.findall(r"^### Corrected$(.*?)^##", readme, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"C\d{3}", section)) == corrected
    assert (plan["claims"]["C120"]["low"], plan["claims"]["C120"]["high"]) == (None, 10000)


def test_the_readme_sorts_the_other_nations_as_the_claims_do(plan: Plan) -> None:
    listed = table_in(PLANS / "reassurance" / "README.md", "stance on ground troops")
    for row in listed:
        cited = [plan["claims"][name] for name in row["claims"].split()]
        assert [claim.text("subject") for claim in cited] == row["nations"].split()
        for claim in cited:
            assert claim.text("stance") == row["stance on ground troops"], claim.id
    named = " ".join(row["nations"] for row in listed).split()
    assert len(named) == len(set(named))
    assert not suppliers(plan) & set(named)


def test_each_commitment_is_deducted_in_the_pool_of_its_nation_and_in_no_other(plan: Plan) -> None:
    pools = {name: formula_names(plan, f"{name.lower()}_pool_people") for name in suppliers(plan)}
    for row in plan["commitments"]:
        assert not row.text("unit_type"), "a commitment with units is simulated, not deducted"
        using = {nation for nation, names in pools.items() if name_in(row, "people") in names}
        assert using == {row.text("nation")}, row.id
    elsewhere = [
        row.id for row in plan["assumptions"]
        if row["kind"] == "formula" and not row.id.endswith("_pool_people")
        and {name_in(c, "people") for c in plan["commitments"]} & set(formula_names(plan, row.id))
    ]  # fmt: skip
    assert elsewhere == []


def test_deductions_lower_a_pool_by_people_times_units_per_slot_once(plan: Plan) -> None:
    def pool(nation: str, name: str, value: float) -> float:
        return central_values(plan.with_({f"assumption/{name}": value}))[f"{nation}_pool_people"]

    for nation, name, slope in (
        ("gbr", "gbr_poland_people", -5.0),
        ("gbr", "gbr_kfor_people", -5.0),
        ("gbr", "gbr_estonia_brigade_people", -0.5),
        ("gbr", "gbr_estonia_people", -5.0 + 0.5),  # the forward part leaves the brigade held ready
        ("fra", "fra_romania_people", -4.0),
        ("fra", "fra_unifil_people", -4.0 * 0.17),
        ("fra", "fra_alert_people", -0.5),
        ("ltu", "ltu_kfor_people", -4.0),
    ):
        assert pool(nation, name, 800) - pool(nation, name, 700) == pytest.approx(100 * slope), name


def test_the_units_of_a_nation_hold_no_more_people_than_its_pool(plan: Plan) -> None:
    values = central_values(plan)
    for nation in suppliers(plan):
        held = 0.0
        for row in plan["units"]:
            if row.text("nation") == nation:
                people = row["people_per_unit"]
                assert people is not None
                each = values[people.name] if isinstance(people, Ref) else float(people)
                held += int(values[name_in(row, "quantity")]) * int(each)
        pool = values[f"{nation.lower()}_pool_people"]
        assert 0.9 * pool < held <= pool, nation


def test_the_functions_of_a_pool_are_shares_of_one_whole(plan: Plan) -> None:
    assert sorted(formula_names(plan, "weight_sum")) == sorted(f"weight_{name}" for name in FUNCTIONS)
    for nation in ("GBR", "FRA"):
        pools = [row for row in plan["units"] if row.text("nation") == nation]
        assert sorted(row.text("unit_type") for row in pools) == sorted(FUNCTIONS)
        for row in pools:
            kind = row.text("unit_type")
            names = [f"{nation.lower()}_pool_people", f"weight_{kind}", "weight_sum", f"people_{kind}"]
            assert formula_names(plan, name_in(row, "quantity")) == names


def test_each_component_asks_for_every_function_and_for_little_more_than_required(plan: Plan) -> None:
    total = {"deterrence": 0.0, "training": 0.0}
    for component in total:
        tasks = [row for row in plan["tasks"] if row.text("component") == component]
        assert sorted(row.text("unit_type") for row in tasks) == sorted(FUNCTIONS)
        sizes = [middle(plan["assumptions"][f"people_{row.text('unit_type')}"]) for row in tasks]
        total[component] = sum(float(str(row["quantity"])) * size for row, size in zip(tasks, sizes, strict=True))
    assert total == {"deterrence": 7540, "training": 2930}
    assert 10_000 < sum(total.values()) < 10_500


def test_the_hand_estimate_of_the_readme_follows_from_the_assumptions(plan: Plan) -> None:
    values = central_values(plan)
    policies = {row.text("nation"): plan["policies"][row.text("policy")] for row in plan["units"]}
    gives = 0.0
    *rows, total = table_in(PLANS / "reassurance" / "README.md", "nation")
    for row in rows:
        nation = row["nation"].lower()
        policy = policies[row["nation"]]
        bog, home = (int(str(policy[name])) for name in ("bog_days", "start_deployable_day"))
        slots = (home + bog) / (bog - values["handover_days"])
        sustained = values[f"{nation}_pool_people"] / slots
        given = min(sustained, values[f"{nation}_offer"])
        found = [values[f"{nation}_land_people"], values[f"{nation}_pool_people"], slots, sustained,
                 values[f"{nation}_offer"], given, 0.08 * values[f"{nation}_land_people"]]  # fmt: skip
        printed = [float(cell.replace(",", "")) for cell in list(row.values())[1:]]
        assert printed == pytest.approx(found, abs=0.6), nation
        assert row["units per slot"] == f"{slots:.2f}"
        gives += given
    assert float(total["gives"].replace(",", "")) == pytest.approx(gives, abs=0.6)


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_plain_csv_with_unix_line_ends(name: str) -> None:
    for path in (PLANS / name).glob("*.csv"):
        data = path.read_bytes()
        assert data.endswith(b"\n"), path.name
        assert b"\r" not in data, path.name
        widths = {len(row) for row in csv.reader(data.decode("utf-8").splitlines())}
        assert len(widths) == 1, path.name
