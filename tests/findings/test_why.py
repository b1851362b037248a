"""Every kind of address has its value and its way back; an address that is none gets the nearest that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from holdfast.base.errors import UsageError
from holdfast.findings.why import why
from tests.ensemble.small_plan import ENVOY, LEAK, MINISTRY, TANK, finished


def ask(address: str) -> dict[str, Any]:
    return why(finished(4700), address)


def behind(address: str) -> list[str]:
    return [item["address"] for item in ask(address)["rests_on"]]


def test_a_requirement_is_told_whole() -> None:
    found = ask("requirement/both")
    assert found["value"] == next(item for item in finished(4700).requirements if item["id"] == "both")
    assert found["text"] == "800 deter"
    assert found["origins"] == sorted([LEAK, MINISTRY, TANK, ENVOY])
    assert found["moves"] == found["value"]["assumptions"]
    assert {item["origin"] for item in found["without"]} == {LEAK, MINISTRY, TANK, ENVOY}
    assert {item["requirement"] for item in found["without"]} == {"both"}
    assert {item["assumption"]: item["voices"] for item in found["voices"]} == {"north_offer": 3, "west_offer": 1}


def test_a_cell_of_a_requirement_is_that_cell() -> None:
    assert ask("requirement/both.at_least")["value"] == {"value": 800}
    assert behind("requirement/both.at_least") == []


def test_a_measure_has_its_quantiles_and_moves() -> None:
    address = "measure/people_in_place?component=deterrence"
    found = ask(address)
    assert found["value"] == finished(4700).measures[address]
    assert found["moves"][0]["name"] == "north_offer"
    assert found["moves"][0]["distinguishable"]
    assert found["used_by"] == ["requirement/both"]


def test_a_day_of_a_measure_has_its_nominal_value_and_its_band() -> None:
    found = ask("measure/people_in_place?day=7&component=deterrence")
    assert found["address"] == "measure/people_in_place?component=deterrence&day=7"
    series = pq.read_table(finished(4700).layout.table("series")).column("measure/people_in_place?component=deterrence")
    assert found["value"]["nominal"] == series[7].as_py()
    levels = [found["value"][f"p{q:02d}"] for q in (5, 25, 50, 75, 95)]
    assert levels == sorted(levels)
    assert found["value"]["day"] == 7


def test_an_assumption_on_claims_has_its_central_value_quantiles_and_claims() -> None:
    found = ask("assumption/north_offer")
    drawn = np.asarray(finished(4700).column("assumption/north_offer"))
    assert found["value"]["p50"] == pytest.approx(np.percentile(drawn, 50))
    assert found["value"]["central"] == pytest.approx(np.percentile(drawn, 50), abs=20)
    assert [claim["id"] for claim in found["claims"]] == ["C1", "C2", "C3", "C4"]
    assert found["origins"] == sorted([LEAK, MINISTRY, TANK])
    assert next(claim for claim in found["claims"] if claim["id"] == "C2")["grade"] == "C3"
    assert next(claim for claim in found["claims"] if claim["id"] == "C2")["outlet"] == "Second"


def test_one_voice_is_said_to_be_one_voice() -> None:
    (voice,) = ask("assumption/west_offer")["voices"]
    assert voice["note"] == "this rests on one voice: envoy, relayed by 2 outlets"


def test_a_fixed_assumption_is_its_value() -> None:
    assert ask("assumption/west_days")["value"] == {"central": 3.0}


def test_a_formula_leads_to_what_it_is_made_of() -> None:
    assert behind("assumption/west_delay") == ["assumption/west_share", "assumption/west_days"]
    assert ask("assumption/west_delay")["value"]["central"] == pytest.approx(1.5)


def test_a_cell_with_a_number_is_that_number_and_rests_on_nothing() -> None:
    assert ask("units/N-inf.quantity")["value"] == {"value": 9}
    assert behind("units/N-inf.quantity") == []


def test_a_cell_that_names_an_assumption_leads_to_it() -> None:
    found = ask("nations/XNL.max_people_deployed")
    assert found["value"]["value"] == "=north_offer"
    assert found["value"]["p05"] == ask("assumption/north_offer")["value"]["p05"]
    assert behind("nations/XNL.max_people_deployed")[:2] == ["assumption/north_offer", "claim/C1"]


def test_a_row_is_told_by_its_cells() -> None:
    found = ask("units/W-inf")
    assert found["value"]["quantity"] == "3"
    assert found["value"]["available_from_day"] == "=west_delay"
    assert {"nations/XWL", "assumption/west_delay", "assumption/west_offer", "claim/C5"} <= set(behind("units/W-inf"))
    assert "measure/people_in_place?component=deterrence" in found["used_by"]


@pytest.mark.parametrize(
    ("address", "key", "value"),
    [
        ("claim/C2", "origin", LEAK),
        ("source/S2", "outlet", "Second"),
        ("unit_types/infantry", "people", "100"),
        ("tasks/line", "quantity", "11"),
        ("plan/horizon_days", "value", 40),
    ],
)
def test_other_rows_and_settings_have_their_value(address: str, key: str, value: object) -> None:
    assert ask(address)["value"][key] == value


def test_a_relayed_claim_is_the_word_of_the_one_who_said_it_first() -> None:
    assert ask("claim/C4")["origins"] == [MINISTRY]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("requirement/bth", "did you mean 'both'"),
        ("assumption/north_ofer", "did you mean 'north_offer'"),
        ("units/N-inff.quantity", "did you mean 'N-inf'"),
        ("units/N-inf.quantiti", "did you mean 'quantity'"),
        ("unit/N-inf", "did you mean 'units'"),
        ("measure/people_in_plac", "did you mean 'people_in_place'"),
        ("measure/people_in_place?component=deterence", "did you mean 'deterrence'"),
        ("measure/tours?nation=XNX", "did you mean"),
        ("measure/people_in_place?day=40", "days run from 0 to 39"),
        ("measure/tours?day=3", "one value, not one a day"),
        ("claim/C9", "claim"),
        ("nonsense", "an address looks like"),
        ("", "an address looks like"),
    ],
)
def test_an_address_that_is_none_gets_a_suggestion(address: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as error:
        ask(address)
    assert "\n" not in str(error.value)
