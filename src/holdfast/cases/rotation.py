"""Known answers of rotation: the golden unit-days of a reference simulator, and published arithmetic.

The golden rows come from the army rotation simulator at https://github.com/fsdonks/m4.  Engines are imported inside
functions: listing cases stays light.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from holdfast.cases.runner import Answer, Book, Checked, LeftOut, Row, Solver, read, read_rows

if TYPE_CHECKING:
    from holdfast.analyses.rotation.problem import Policy, RotationProblem

GOLDEN = "rotation_simulation"
POLICY_COLUMNS = {
    "cycle_days": "cycle_days",
    "start_deployable": "start_deployable_day",
    "stop_deployable": "stop_deployable_day",
    "bog_days": "bog_days",
    "overlap_days": "overlap_days",
    "demobilisation_days": "demobilisation_days",
}


def rows() -> Iterator[Row]:
    """The golden rows, then the published ones."""
    for golden in read("marathon_golden"):
        given = {"supply": json.loads(golden["supply"]), "demands": json.loads(golden["demands"])}
        expected = {"missed_unit_days": int(golden["missed_unit_days"])}
        url, note = golden["source_url"], golden["note"]
        yield Row(golden["id"], GOLDEN, given, expected, {"abs": 0.0}, "exact", url, note)
    yield from read_rows("rotation_cases")


@cache
def policies() -> tuple[Policy, ...]:
    """The twelve rotation policies of the reference simulator."""
    from holdfast.analyses.rotation.problem import Policy

    def policy(row: Mapping[str, str]) -> Policy:
        days: dict[str, Any] = {ours: int(row[theirs]) for theirs, ours in POLICY_COLUMNS.items()}
        return Policy(id=row["policy"], **days)

    return tuple(policy(row) for row in read("marathon_policies"))


def policy(name: str) -> Policy:
    """The policy of that name in ``marathon_policies``."""
    return next(policy for policy in policies() if policy.id == name)


def golden_problem(supply: Iterable[Mapping[str, Any]], demands: Sequence[Mapping[str, Any]]) -> RotationProblem:
    """A golden row as a Problem: one pool a supply record, one task a demand, to the last demand's end."""
    from holdfast.analyses.rotation.problem import Pool, Task, from_lists

    pools = [Pool(row["policy"], row["units"], component_class=row["component"]) for row in supply]
    ends = [demand["start_day"] + demand["duration_days"] for demand in demands]
    tasks = [
        Task(
            demand["quantity"],
            from_day=demand["start_day"],
            to_day=end,
            priority=demand["priority"],
            id=demand["name"],
            source_first=demand["source_first"],
            group=demand["group"] or "",
        )
        for demand, end in zip(demands, ends, strict=True)
    ]
    used = {pool.policy for pool in pools}
    return from_lists(pools, [policy for policy in policies() if policy.id in used], tasks, max(ends))


def standing_demand(name: str, quantity: int, units: int = 0) -> RotationProblem:
    """One pool under a policy against a demand on days 1 .. 3650, as in set A of the golden rows."""
    supply = {"policy": name, "units": units, "component": "AC"}
    demand = {"name": "B", "priority": 1, "quantity": quantity, "start_day": 1, "duration_days": 3650}
    return golden_problem([supply], [{**demand, "source_first": "Uniform", "group": None}])


def simulated(row: Row) -> Answer:
    """Missed unit-days of a golden row, by the simulator."""
    from holdfast.analyses.rotation.simulate import simulate

    given: Any = row.input
    problem = golden_problem(given["supply"], given["demands"])
    missed = float(simulate(problem, daily=False).missed_unit_days.sum())
    return {"missed_unit_days": int(missed) if missed.is_integer() else missed}


def units_per_slot(row: Row) -> Answer | LeftOut:
    """A slot's units from times, from shares, from a published ratio, or from the rule of thirds."""
    from holdfast.analyses.rotation import closed_form as form

    given: Any = row.input
    if "deployed_months" in given:
        found = form.units_per_slot(given["deployed_months"], given["home_months"])
    elif "ratio" in given:
        found = form.units_per_slot_from_ratio(given["ratio"], given["notation"])
    elif "sustained_share" in given:
        found = form.units_per_slot_from_shares(given["deployable_share"], given["sustained_share"])
    elif given.get("rule") == "thirds":  # one third deployed, one preparing, one recovering
        found = form.units_per_slot(deployed=1, home=2)
    else:
        return LeftOut(f"no closed form takes {', '.join(given)}")
    return {"units_per_slot": found}


def sustainable_units(row: Row) -> Answer:
    """Units that the pools keep out for ever."""
    from fractions import Fraction

    from holdfast.analyses.rotation.closed_form import SteadyPool
    from holdfast.analyses.rotation.closed_form import sustainable_units as sustain

    given: Any = row.input
    pools = []
    for pool in given["pools"]:
        reserve = "usable_months" in pool
        share = Fraction(pool["usable_months"], pool["mobilised_months"]) if reserve else 1
        pools.append(SteadyPool(pool["units"], pool["units_per_slot"], share))
    found = sustain(pools)
    return {"exact": found.exact, "by_pool_whole": list(found.by_pool_whole), "whole_units": found.whole_units}


def sustainable_people(row: Row) -> Answer | Checked:
    """People kept out; a bracket passes when ours lies in the published range."""
    from holdfast.analyses.rotation import closed_form as form

    given, expected, tolerance = _numbers(row.input), _numbers(row.expected), _numbers(row.tolerance)
    if "pool" in given:
        slot = form.units_per_slot(given["deployed_months"], given["cycle_months"] - given["deployed_months"])
        return {"units_per_slot": slot, "sustained_people": form.sustainable_people(given["pool"], slot)}
    people = form.sustainable_people(given["deployable"], given["units_per_slot"])
    low, high = expected["sustained_low"], expected["sustained_high"]
    inside = low * (1 - tolerance["rel"]) <= people <= high * (1 + tolerance["rel"])
    return Checked({"sustained_people": people}, inside, f"the published range is {low:g} to {high:g}")


def minimum_at_home(row: Row) -> Answer:
    """Active units left at home while they alone fill the demand."""
    from holdfast.analyses.rotation.closed_form import minimum_at_home as least

    given: Any = row.input
    return {"minimum_active_units_at_home": least(given["active_units"], given["demand_units"])}


def uniform_start(row: Row) -> Answer:
    """Evenly spread start positions, counted by state."""
    from holdfast.analyses.rotation.closed_form import uniform_start as spread

    given: Any = row.input
    deployed = given["deployed_states_months"]
    found = spread(given["units"], given["cycle_months"], given["step_months"], deployed)
    by_state = set(found.units_by_state)
    return {
        "states": len(found.units_by_state),
        "units_per_state": by_state.pop() if len(by_state) == 1 else list(found.units_by_state),
        "deployed_units": found.deployed_units,
    }


def reserve_groups(row: Row) -> Answer:
    """Reserve groups mobilised by the end of each year; the page cuts its decimals."""
    from fractions import Fraction

    from holdfast.analyses.rotation.closed_form import reserve_groups as groups

    given: Any = row.input
    share = Fraction(given["usable_months"], given["mobilised_months"])
    found = [groups(year, share) for year in given["years"]]
    return {"groups": found, "published_rounded": found}


def implied_tour(row: Row) -> Answer:
    """Mean tour in months behind strength and people served."""
    from holdfast.analyses.rotation.closed_form import implied_tour as tour

    given: Any = row.input
    return {"mean_tour_months": 12 * tour(given["person_years"], given["people_served"])}


def slack(row: Row) -> Answer:
    """Slack of a pool that owes two months at home for each month away."""
    from holdfast.analyses.rotation.closed_form import slack as spare
    from holdfast.analyses.rotation.closed_form import units_per_slot as per_slot

    given: Any = row.input
    found = spare(given["units"], given["slots"], given["tour_months"], per_slot(deployed=1, home=2))
    return {
        "units_per_slot": found.units_per_slot,
        "home_months": found.home,
        "slack_units": found.slack_units,
        "required_home_months": found.required_home,
    }


def closed_form_vs_simulation(row: Row) -> Answer:
    """The closed form beside the least pool that misses nothing in the simulator."""
    from holdfast.analyses.rotation.requirement import least_units

    given: Any = row.input
    found = least_units(standing_demand(given["policy"], given["quantity"]), pool=0)
    return {"closed_form_units": found.closed_form, "simulated_units": found.least}


def non_monotone(row: Row) -> Answer:
    """More units that miss more."""
    from holdfast.analyses.rotation.requirement import sweep

    given: Any = row.input
    missed = sweep(standing_demand(given["policy"], given["quantity"]), 0, given["units"]).missed_unit_days[:, 0]
    rises = any(after > before for before, after in pairwise(missed))
    return {"missed_unit_days": missed.tolist(), "more_units_can_miss_more": rises}


def identity(row: Row) -> Checked:
    """Fill + overlap + deployable + not ready = inventory, over every golden run, policy by policy."""
    from holdfast.analyses.rotation.simulate import simulate

    counted = days = 0
    for golden in (row for row in rows() if row.analysis == GOLDEN):
        given: Any = golden.input
        problem = golden_problem(given["supply"], given["demands"])
        counted += int(simulate(problem, daily=False).state_days.sum())
        days += int(problem.quantity.sum()) * problem.horizon_days
    ours = {"unit_days_in_a_state": counted, "units_times_days": days}
    return Checked(ours, counted == days, "summed over the golden runs; the tests check every day of random plans")


SOLVERS: dict[str, Solver] = {
    GOLDEN: simulated,
    "units_per_slot": units_per_slot,
    "sustainable_units": sustainable_units,
    "sustainable_people": sustainable_people,
    "minimum_at_home": minimum_at_home,
    "uniform_start": uniform_start,
    "reserve_groups": reserve_groups,
    "implied_tour": implied_tour,
    "slack": slack,
    "closed_form_vs_simulation": closed_form_vs_simulation,
    "non_monotone": non_monotone,
    "identity": identity,
    "enlistment_lp": lambda row: LeftOut("a plan of enlistment lengths: no analysis here poses that linear programme"),
}

BOOK = Book(rows, SOLVERS)


def _numbers(values: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in values.items()}
