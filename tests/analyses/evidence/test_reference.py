"""What must hold on the claims of the shipped reassurance plan."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from holdfast.analyses.evidence import summary
from holdfast.analyses.evidence.check import check
from holdfast.analyses.evidence.problem import build
from holdfast.analyses.evidence.simulate import sample
from holdfast.plan.model import Plan
from tests.analyses.evidence.samples import pooled, reference

REPORTED = date(2025, 9, 5)
FORCE_SIZE = "C001;C021;C023;C024;C025;C027;C028;C035;C045;C046;C059;C084;C089;C120"
REFUSALS = {
    "POL": "C019", "ITA": "C037;C093", "FIN": "C040", "ESP": "C054", "SVK": "C072", "BGR": "C073", "JPN": "C074",
    "ROU": "C104", "GRC": "C105", "HRV": "C106", "CZE": "C107", "HUN": "C109",
}  # fmt: skip


@pytest.fixture(scope="module")
def plan() -> Plan:
    return reference(
        pooled("force_size", FORCE_SIZE, low=5000, mode=15000, high=30000),
        pooled("gbr", "C048;C088", mode=5000, high=10000),
        pooled("fra", "C026;C049;C090", mode=6000, high=10000),
        *(pooled(nation.lower(), claims, mode=200, high=3000) for nation, claims in REFUSALS.items()),
    )


def test_the_reference_claims_have_no_fault(plan: Plan) -> None:
    assert check(plan) == []


def test_on_the_day_of_the_report_the_force_size_has_its_median_below_twenty_thousand(plan: Plan) -> None:
    problem = build(plan, as_of=REPORTED, names=["force_size"])
    assert problem.quantiles("force_size", [0.5])[0] <= 20_000
    assert np.median(sample(problem, np.arange(8192), 1).values["force_size"]) <= 20_000
    weights = problem.pool("force_size").weights()
    assert max(weights, key=weights.__getitem__) == "wsj-2025-09-05-diplomat"
    pooled_claims = {status.claim for status in problem.statuses if status.status == "pooled"}
    assert pooled_claims == {"C001", "C025", "C028", "C035"}  # nothing asked, possible or dropped


@pytest.mark.parametrize("nation", sorted(REFUSALS))
@pytest.mark.parametrize("as_of", [REPORTED, None])
def test_a_refusing_nation_gives_no_troops_at_any_quantile(plan: Plan, nation: str, as_of: date | None) -> None:
    name = nation.lower()
    problem = build(plan, as_of=as_of, names=[name])
    if name not in problem.unsupported:  # not every refusal had been said by the day of the report
        assert problem.quantiles(name, [0.001, 0.5, 0.999]).tolist() == [0, 0, 0]
    assert as_of is None or problem.reference == REPORTED
    assert as_of is not None or name not in problem.unsupported


def test_fewer_than_7500_does_not_put_a_third_of_its_mass_below_3000(plan: Plan) -> None:
    problem = build(plan, names=["gbr"])
    assert [entry.claim for entry in problem.pool("gbr").entries] == ["C088"]  # C048 is superseded
    assert problem.quantiles("gbr", [1 / 3])[0] > 3000
    assert np.mean(sample(problem, np.arange(8192), 1).values["gbr"] < 3000) < 1 / 3


def test_most_quantities_rest_on_one_voice_and_the_summary_says_so(plan: Plan) -> None:
    pools = {pool.name: pool for pool in summary.summarise(plan).pools}
    (voice,) = pools["gbr"].origins
    assert (voice.origin, voice.weight, voice.unsupported_without) == ("times-2026-01-08", 1.0, False)
    assert voice.without[2] > pools["gbr"].quantiles[2]  # the older "up to 10,000" revives
    assert pools["gbr"].shares == pytest.approx(
        {"on_record": 0, "anonymous": 0.5, "document": 0, "judgement": 0.5}, abs=1e-12
    )


def test_the_verdict_of_a_day_reads_the_claims_of_that_day(plan: Plan) -> None:
    then, now = (build(plan, as_of=as_of, names=["gbr", "fra"]) for as_of in (REPORTED, None))
    assert then.pool("gbr").entries[0].claim == "C048"
    assert then.pool("fra").entries[0].claim == "C049"
    assert now.pool("fra").entries[0].claim == "C090"
