"""Whatever moves a number is in its lineage, and the way back from any measure ends at claims."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from holdfast.ensemble.nominal import nominal_batch
from holdfast.findings.lineage import address_of, closure, lineage
from holdfast.plan.model import Plan
from tests.ensemble.small_plan import finished, small, tiny

CLAIMS = {f"claim/C{number}" for number in range(1, 7)}


@cache
def numbers(plan_name: str, overrides: tuple[tuple[str, str], ...] = ()) -> dict[str, float]:
    """Every measure of the central draw."""
    plan = plans()[plan_name]
    batch = nominal_batch(plan.with_(dict(overrides)) if overrides else plan, seed=1)
    return {name: float(np.asarray(values)[0]) for name, values in batch.measure_columns().items()}


def plans() -> dict[str, Plan]:
    return {"small": small(), "tiny": tiny()}


CHANGES = {
    "small": [
        ("units/N-inf.quantity", "2"),
        ("units/W-inf.quantity", "1"),
        ("units/W-team.quantity", "0"),
        ("tasks/line.quantity", "4"),
        ("tasks/school.quantity", "1"),
        ("nations/XNL.max_people_deployed", "100"),
        ("nations/XWL.max_people_deployed", "100"),
        ("unit_types/infantry.people", "60"),
        ("assumption/west_days", "20"),
        ("assumption/north_offer", "100"),
        ("assumption/west_offer", "130"),
    ],
    "tiny": [
        ("units/N-inf.quantity", "1"),
        ("units/W-inf.quantity", "1"),
        ("units/W-trn.quantity", "1"),
        ("tasks/deter.quantity", "1"),
        ("tasks/train.quantity", "1"),
        ("nations/XWL.max_people_deployed", "70"),
        ("policies/north.overlap_days", "0"),
        ("policies/west.bog_days", "20"),
        ("assumption/xnl_army_people", "500"),
        ("assumption/xwl_ceiling", "70"),
    ],
}


@pytest.mark.parametrize(("plan", "cell", "value"), [(name, *change) for name in CHANGES for change in CHANGES[name]])
def test_whatever_moves_a_number_is_in_its_lineage(plan: str, cell: str, value: str) -> None:
    before, after = numbers(plan), numbers(plan, ((cell, value),))
    moved = [name for name in before if before[name] != after[name]]
    assert moved, f"{cell} moves nothing: no test"
    nodes = lineage(plans()[plan])["nodes"]
    for name in moved:
        assert cell.split(".")[0] in closure(nodes, [name]), name


def test_every_measure_and_requirement_reaches_the_claims_behind_it() -> None:
    nodes = lineage(small())["nodes"]
    stored = [name for name in finished(300).columns if name.startswith("measure/")]
    assert set(stored) == {name for name in nodes if name.startswith("measure/")}
    for name in (*stored, "requirement/both", "requirement/teams"):
        assert closure(nodes, [name]).keys() >= CLAIMS, name


def test_what_stands_apart_is_not_in_the_lineage() -> None:
    """Northland's companies alone serve the line once Westland has none: nothing of Westland is behind them."""
    plan = small().with_({"units/W-inf.unit_type": "team"})
    found = closure(lineage(plan)["nodes"], ["measure/people_in_place?component=deterrence"])
    assert "assumption/north_offer" in found
    assert not {"assumption/west_offer", "units/W-team", "tasks/school", "claim/C5"} & set(found)


def test_the_nearest_comes_first_and_everything_is_a_node() -> None:
    nodes = lineage(small())["nodes"]
    found = closure(nodes, ["requirement/both"])
    assert list(found.values()) == sorted(found.values())
    assert found["requirement/both"] == 0
    assert found["measure/people_in_place?component=deterrence"] == 1
    assert found["tasks/line"] == 2
    assert set(found) <= set(nodes)


@pytest.mark.parametrize("name", ["small", "tiny"])
def test_every_row_of_the_plan_is_a_node_and_every_link_leads_to_one(name: str) -> None:
    plan = plans()[name]
    nodes = lineage(plan)["nodes"]
    for table in plan.tables.values():
        for row in table:
            assert address_of(row) in nodes
    for address, node in nodes.items():
        assert set(node["uses"]) <= set(nodes), address
        assert address not in node["uses"]


def test_a_relayed_claim_leads_to_the_one_that_it_relays() -> None:
    assert "claim/C1" in lineage(small())["nodes"]["claim/C4"]["uses"]
