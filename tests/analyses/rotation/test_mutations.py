"""Each rule broken in the slow twin, one at a time: a trace worked by hand or a golden number must notice."""

from __future__ import annotations

from dataclasses import fields

import pytest

from holdfast.cases.rotation import GOLDEN, golden_problem, rows
from tests.analyses.rotation.test_traces import check, events_of
from tests.golden.rotation_traces import TRACES, Trace
from tests.naive import rotation as twin
from tests.naive.rotation_broken import Broken

FLAGS = [flag.name for flag in fields(Broken)]
QUICK = ("GA-AC12Strict-q1-n11", "GA-RC14-q1-n05")


def trace_notices(trace: Trace, broken: Broken) -> bool:
    if events_of(trace, broken) != trace.lines:
        return True
    try:
        check(trace, twin.simulate(trace.problem()[0], broken=broken))
    except AssertionError:
        return True
    return False


def golden_misses(broken: Broken) -> dict[str, tuple[float, object]]:
    """Missed unit-days of the quick golden cases under a broken rule, beside the published number.

    Golden numbers are sums over ten years with one pool: they cannot see the order of tasks or of units, nor follow-on.
    """
    found: dict[str, tuple[float, object]] = {}
    for row in rows():
        if row.id in QUICK and row.analysis == GOLDEN:
            problem = golden_problem(row.input["supply"], row.input["demands"])  # type: ignore[arg-type]
            missed = float(twin.simulate(problem, daily=False, broken=broken).missed_unit_days.sum())
            found[row.id] = (missed, row.expected["missed_unit_days"])
    return found


@pytest.mark.parametrize("flag", FLAGS)
def test_a_trace_worked_by_hand_notices_the_broken_rule(flag: str) -> None:
    assert any(trace_notices(trace, Broken(**{flag: True})) for trace in TRACES)


def test_no_trace_complains_when_no_rule_is_broken() -> None:
    assert not any(trace_notices(trace, Broken()) for trace in TRACES)


@pytest.mark.parametrize(
    "flag", ["start_all_at_zero", "overlap_counts_as_fill", "tour_one_day_longer", "no_demobilisation"]
)
def test_a_golden_number_notices_a_broken_rule_of_the_reference(flag: str) -> None:
    found = golden_misses(Broken(**{flag: True}))
    assert len(found) == len(QUICK)
    assert any(ours != published for ours, published in found.values())


def test_no_golden_number_complains_when_no_rule_is_broken() -> None:
    assert all(ours == published for ours, published in golden_misses(Broken()).values())
