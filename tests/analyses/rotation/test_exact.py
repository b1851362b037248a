"""The rotation optimiser against brute force, against the simulator, and against itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from holdfast.analyses.rotation import exact
from holdfast.analyses.rotation.deal import check_dealt, deal, repeat
from holdfast.analyses.rotation.exact import Options, optimise, prepare
from holdfast.analyses.rotation.formulation import Formulation, formulate
from holdfast.analyses.rotation.lists import NEVER, Nation, Policy, Pool, Substitution, Task
from holdfast.analyses.rotation.outcome import CAUSES, score
from holdfast.analyses.rotation.problem import Phase, RotationLabels, RotationProblem, labelled
from holdfast.analyses.rotation.simulate import simulate
from holdfast.analyses.rotation.sustain import cheapest_cover, largest_force, least_units
from holdfast.analyses.rotation.trace import trace
from holdfast.base.errors import SolverError, UsageError
from holdfast.engine.milp import chosen_solver, lp_text, solve
from tests.naive.rotation_exact import best

GOLDEN = Path(__file__).parents[2] / "golden" / "lp"
DAILY = Options(start_every_days=1, gap_of_demand=0.0, later_gap=0.0)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Plan = tuple[RotationProblem, RotationLabels]


@st.composite
def tiny_plans(draw: st.DrawFn, *, days: int, breaks_dwell: bool = True, ends_early: bool = True) -> Plan:
    """Up to three units of two types, one or two tasks, everything that the optimiser's model knows."""

    def pick(*values: int) -> int:
        return draw(st.sampled_from(values))

    policies = []
    for name in ("p", "q"):
        start, bog = pick(1, 2, 4), pick(1, 2, 3)
        cycle = start + bog + pick(0, 2)
        least = start + pick(-1, 1) if breaks_dwell and draw(st.booleans()) else None
        policies.append(
            Policy(name, cycle, start, bog_days=bog, overlap_days=min(pick(0, 1), bog - 1),
                   demobilisation_days=pick(0, 1), min_dwell_days=least,
                   max_callups=pick(NEVER, NEVER, 1) if breaks_dwell else NEVER)
        )  # fmt: skip
    pools = [
        Pool(draw(st.sampled_from(["p", "q"])), quantity, draw(st.sampled_from(["A", "B"])), nation=f"N{i}",
             posture=draw(st.sampled_from(["rotating", "rotating", "permanent"])), people_per_unit=pick(1, 2),
             available_from_day=pick(0, 0, 2), arrival_delay_days=pick(0, 0, 1), available_to_day=pick(NEVER, NEVER, 5),
             cut_day=pick(NEVER, NEVER, 4), cut_quantity=1)
        for i, quantity in enumerate(draw(st.sampled_from([(1,), (2,), (1, 1), (2, 1)])))
    ]  # fmt: skip
    tasks = [
        Task(draw(st.sampled_from([1.0, 2.0, 1.5])), kind, pick(0, 0, 1), pick(days, days - 2) if ends_early else None,
             weight=float(pick(1, 2)))
        for kind in draw(st.sampled_from([("A",), ("A", "B")]))
    ]  # fmt: skip
    nations = [Nation("N0", pick(NEVER, NEVER, 2), withdrawal_days=pick(0, 1))]
    return labelled(pools, policies, tasks, days, nations=nations, substitutions=[Substitution("A", "B", 0.6)])


@settings(max_examples=120, deadline=None)
@given(tiny_plans(days=8))
def test_the_optimum_equals_brute_force_level_by_level(plan: Plan) -> None:
    problem, labels = plan
    naive = best(problem, labels.task_weight)
    for style in ("window", "flow"):
        decision = optimise(problem, labels, options=replace(DAILY, levels=("dwell", "cost"), style=style))
        assert decision.shortfall == pytest.approx(naive[0], abs=1e-6)
        broken, cost = decision.levels[1:]
        assert broken.value == pytest.approx(naive[1], abs=1e-6)
        assert cost.value == pytest.approx(naive[2], abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(tiny_plans(days=14))
def test_the_replayed_plan_scores_what_the_solver_says(plan: Plan) -> None:
    problem, labels = plan
    options = replace(DAILY, levels=("dwell", "burden"))
    decision = optimise(problem, labels, options=options)
    found = exact.outcome(problem, decision)
    judged = score(found, labels, exact.burden_key(problem, options))
    assert judged.shortfall[0] == pytest.approx(decision.levels[0].value, abs=1e-6)
    assert judged.broken_dwell[0] == pytest.approx(decision.levels[1].value, abs=1e-6)
    assert check_dealt(problem, decision.tours) == []
    assert (found.state_days.sum(axis=2) == found.inventory_days).all()
    assert ((found.cause > 0) == (found.fill_units < _asked(problem) - 1e-6)).all()


@settings(max_examples=60, deadline=None)
@given(tiny_plans(days=24))
def test_no_bound_is_above_its_value(plan: Plan) -> None:
    problem, labels = plan
    decision = optimise(problem, labels, options=replace(DAILY, max_nodes=1))
    assert decision.lp_bound <= decision.bound + 1e-6
    assert all(level.bound <= level.value + 1e-6 for level in decision.levels)


@settings(max_examples=60, deadline=None)
@given(tiny_plans(days=40, breaks_dwell=False, ends_early=False))
def test_the_optimiser_never_loses_to_the_simulator(plan: Plan) -> None:
    problem, labels = plan
    simulated = float(score(simulate(problem), labels).shortfall[0])
    assert optimise(problem, labels, options=replace(DAILY, levels=())).shortfall <= simulated + 1e-6
    weekly = Options(start_every_days=7, levels=(), prove=False, search_steps=0)
    decision = optimise(problem, labels, options=weekly, incumbent=_simulated_tours(problem))
    assert decision.shortfall <= simulated + 1e-6


def test_a_plan_that_is_given_is_kept_where_nothing_is_better() -> None:
    problem, labels = _two_types()
    options = Options(start_every_days=30, levels=(), prove=False, search_steps=0)
    alone = optimise(problem, labels, options=options)
    with_plan = optimise(problem, labels, options=options, incumbent=_simulated_tours(problem))
    assert not alone.incumbent_used
    assert with_plan.shortfall <= float(score(simulate(problem), labels).shortfall[0]) + 1e-6
    assert with_plan.shortfall <= alone.shortfall


def test_tours_outside_the_model_are_left_out_of_a_given_plan_and_noted() -> None:
    problem, labels = _two_types()
    twice = (np.array([0, 0, 0, 9]), np.array([0, 0, 99, 0]), np.array([0, 0, 0, 0]), np.array([10, 11, 12, 13]))
    decision = optimise(problem, labels, options=Options(start_every_days=30, levels=()), incumbent=twice)
    assert any("of 4 tours of the plan given are outside the model" in note for note in decision.notes)


def test_the_relaxation_is_whole_for_one_pool_one_task_and_one_unit() -> None:
    for units in (3, 4, 5):
        problem, labels = labelled(
            [Pool("p", units)], [Policy("p", 50, 30, bog_days=12, overlap_days=2)], [Task(1)], 200
        )
        decision = optimise(problem, labels, options=replace(DAILY, levels=()))
        assert decision.lp_bound == pytest.approx(decision.shortfall, abs=1e-4)


def test_decisions_are_the_same_twice() -> None:
    problem, labels = _two_types()
    first, second = (optimise(problem, labels, options=Options(start_every_days=15)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first.tours, second.tours, strict=True))
    assert [level.bound for level in first.levels] == [level.bound for level in second.levels]


def test_without_proof_the_answer_is_the_searchs_and_says_what_it_leaves_out() -> None:
    problem, labels = _two_types()
    decision = optimise(problem, labels, options=Options(start_every_days=15, prove=False, gap_of_demand=0.0))
    assert decision.status in {"searched", "optimal"}
    assert [level.name for level in decision.levels] == ["shortfall"]
    assert decision.bound <= decision.shortfall
    assert any("left to the search" in note for note in decision.notes)


def test_without_time_for_the_relaxation_there_is_still_a_plan_with_bound_zero() -> None:
    problem, labels = _two_types()
    decision = optimise(problem, labels, options=Options(start_every_days=15, prove=False, time_limit_s=0.0))
    assert decision.bound == decision.lp_bound == 0.0
    assert decision.shortfall == score(exact.outcome(problem, decision), labels).shortfall[0] > 0.0


def test_burden_is_shared_by_the_key_that_is_stated() -> None:
    policy = Policy("p", 60, 40, bog_days=20)
    pools = [Pool("p", 4, nation=name, people_per_unit=10, start="fixed", start_clock_day=40) for name in ("A", "B")]
    problem, labels = labelled(pools, [policy], [Task(1)], 120, nations=[Nation("A"), Nation("B")])
    people = {}
    for key in ([1.0, 1.0], [2.0, 1.0]):
        options = replace(DAILY, start_every_days=20, burden_key=key)
        decision = optimise(problem, labels, options=options)
        assert decision.shortfall == 0.0
        people[key[0]] = exact.outcome(problem, decision).people_days[0].tolist()
    assert people == {1.0: [600, 600], 2.0: [800, 400]}


def test_the_cheaper_pool_goes_when_burden_is_no_matter() -> None:
    policy = Policy("p", 60, 40, bog_days=20)
    pools = [Pool("p", 4, id=name, start="fixed", start_clock_day=40) for name in ("dear", "cheap")]
    problem, labels = labelled(pools, [policy], [Task(1)], 120)
    options = replace(
        DAILY, start_every_days=20, levels=("cost",), cost_per_day=[3.0, 1.0], cost_per_deployment=[0.0, 7.0]
    )
    decision = optimise(problem, labels, options=options)
    assert decision.levels[1].value == 120 * 1.0 + 6 * 7.0
    assert set(decision.tours.pool.tolist()) == {1}


def test_expected_readiness_leaves_units_at_home() -> None:
    policy = Policy("p", 60, 40, bog_days=20)
    problem, labels = labelled(
        [Pool("p", 4, readiness=0.5, not_ready_days=5, start="fixed", start_clock_day=40)], [policy], [Task(4)], 20
    )
    certain = optimise(problem, labels, options=DAILY)
    expected = optimise(problem, labels, options=replace(DAILY, readiness="expected"))
    assert (certain.shortfall, expected.shortfall) == (0.0, 40.0)
    assert any("expected readiness" in note for note in expected.notes)
    states = exact.outcome(problem, expected).state_days[0, 0].tolist()
    assert states == [40, 0, 0, 40]


def test_causes_of_a_shortfall_are_told_apart() -> None:
    policy = Policy("p", 100, 60, bog_days=20, overlap_days=5)
    ready = Pool("p", 2, people_per_unit=5, start="fixed", start_clock_day=60)
    one = replace(ready, quantity=1)
    later = Task(1, from_day=20, id="later")
    cases = {
        "too_few": ([one], [Task(2)], NEVER, 0),
        "not_joined": ([one, replace(one, available_from_day=90)], [Task(2)], NEVER, 0),
        "resting": ([ready], [Task(2, to_day=15, weight=9.0, id="a"), later], NEVER, 30),
        "committed": ([replace(ready, posture="permanent")], [Task(2, weight=9.0, id="a"), later], NEVER, 30),
        "national_cap": ([ready], [Task(2)], 5, 0),
        "in_transit": ([replace(ready, arrival_delay_days=3)], [Task(2)], NEVER, 0),
    }
    for cause, (pools, tasks, cap, day) in cases.items():
        days = 15 if cause == "in_transit" else 40
        problem, labels = labelled(pools, [policy], tasks, days, nations=[Nation("", cap)])
        found = exact.outcome(problem, optimise(problem, labels, options=DAILY))
        assert (cause, CAUSES[found.cause[0, -1, day]]) == (cause, cause)


def test_phases_change_tours_and_rest() -> None:
    policies = [Policy("p", 60, 40, bog_days=20, phase="peace"), Policy("p", 40, 10, bog_days=30, phase="surge")]
    pools = [Pool("p", 1, start="fixed", start_clock_day=40)]
    problem, labels = labelled(pools, policies, [Task(1)], 110, phases=[Phase("peace", 0), Phase("surge", 40)])
    decision = optimise(problem, labels, options=replace(DAILY, levels=()))
    tours = decision.tours
    assert decision.shortfall == 30.0  # 20 days of fill in peace, 30 and 30 in the surge
    assert (tours.home - tours.day).tolist() == [20, 30, 30]
    assert (tours.day[1:] - tours.home[:-1]).min() >= 10
    assert tours.day[1] >= 40
    assert check_dealt(problem, tours) == []
    assert any("phase" in note for note in decision.notes)


def test_dealing_leaves_out_what_the_units_cannot_serve() -> None:
    problem, _ = _two_types()
    ready = prepare(problem, DAILY)
    counts = np.zeros(len(ready.tours.day), np.int64)
    counts[0] = 50
    table, dealt = deal(problem, ready.groups, repeat(ready.tours, counts))
    able = int((ready.groups.early[ready.groups.unit_group == ready.tours.group[0]] <= ready.tours.day[0]).sum())
    assert dealt.sum() == len(table.day) == able < 50


def test_a_breach_of_reuse_time_is_seen() -> None:
    problem, labels = _two_types()
    tours = optimise(problem, labels, options=Options(start_every_days=30, levels=())).tours
    first = int(np.flatnonzero(tours.day >= 30)[0])
    again = tours._replace(**{name: np.append(column, column[first]) for name, column in tours._asdict().items()})
    again.day[-1] += 1
    assert len(check_dealt(problem, again)) == 1


def test_the_largest_force_fits_and_a_larger_one_does_not() -> None:
    problem, labels = _steady(units=17)
    largest = largest_force(problem, labels, options=Options(start_every_days=15))
    assert largest.scale <= largest.bound + 1e-9 <= largest.lp_bound + 1e-6
    for scale, fits in ((largest.scale, True), (largest.scale + 0.25, False)):
        scaled = problem._replace(task_quantity=np.rint(problem.task_quantity * scale).astype(np.int64))
        decision = optimise(scaled, labels, options=Options(start_every_days=15, levels=(), gap_of_demand=0.0))
        assert (decision.shortfall <= 1e-6) == fits


def test_commitments_keep_their_quantity_when_a_force_is_scaled() -> None:
    options = Options(start_every_days=15)
    alone = largest_force(*_steady(units=17), options=options)
    beside = largest_force(*_steady(units=17, beside=Task(1, id="commitment/kept")), options=options)
    assert 1.0 <= beside.scale < alone.scale
    with pytest.raises(SolverError, match="Infeasible"):
        largest_force(*_steady(units=1, beside=Task(9, id="commitment/kept")), options=options)


def test_the_least_units_suffice_and_fewer_do_not() -> None:
    problem, labels = _steady(units=1)
    options = Options(start_every_days=15)
    least = least_units(problem, labels, 0, options=options)
    assert least.lp_bound - 1e-6 <= least.free_start <= least.units
    assert least.undecided == ()
    for units, fits in ((least.units, True), (least.units - 1, False)):
        decision = optimise(_steady(units=units)[0], labels, options=replace(options, levels=(), gap_of_demand=0.0))
        assert (decision.shortfall <= 1e-6) == fits


def test_least_units_refuses_what_it_cannot_answer() -> None:
    problem, labels = _steady(units=1)
    with pytest.raises(SolverError, match="up to 2 units"):
        least_units(problem, labels, 0, at_most=2, options=Options(start_every_days=15))
    permanent, names = labelled([Pool(posture="permanent")], [], [Task(1)], 10)
    with pytest.raises(UsageError, match="does not rotate"):
        least_units(permanent, names, 0)


def test_the_cheapest_cover_equals_the_published_enlistment_optimum() -> None:
    """Model "sparta" of the GAMS model library (Wagner): years of service bought at prices that rise."""
    inflation = np.array([1, 1.05, 1.12, 1.71, 1.8, 1.9, 1.97, 2.1, 2.22, 2.38])
    required = np.array([5, 6, 7, 6, 4, 9, 8, 8, 6, 4], np.float64)
    by_length = np.array([50.0, 85.0, 115.0, 143.0])
    year, length = (grid.ravel() for grid in np.meshgrid(np.arange(10), np.arange(1, 5), indexing="ij"))
    found = cheapest_cover(year, np.minimum(year + length, 10), inflation[year] * by_length[length - 1], required)
    assert found.objective == pytest.approx(3466.38, rel=1e-6)
    assert (found.x == np.rint(found.x)).all()


@pytest.mark.parametrize(("units", "days", "solver"), [(3, 60, "simplex"), (60, 1800, "ipm")])
def test_the_solver_that_is_chosen_depends_on_size(units: int, days: int, solver: str) -> None:
    policies = [Policy(f"p{i}", 240, 120, bog_days=60 + 30 * i) for i in range(3)]
    pools = [Pool(f"p{i}", units, "A", nation=f"N{i}") for i in range(3)]
    tasks = [Task(units // 3, "A", 0, days) for _ in range(3)]
    problem, labels = labelled(pools, policies, tasks, days)
    form = _formulated(problem, labels, Options(start_every_days=30 if units == 3 else 10))
    assert chosen_solver(form.model) == solver
    assert form.style == ("window" if units == 3 else "flow")


FAMILIES = ("coverage", "supply", "stock", "early", "caps", "callups", "substitution", "burden", "cost")


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_rows_reads_as_it_did(family: str) -> None:
    text = _family(family)
    path = GOLDEN / f"rotation_{family}.lp"
    assert text == path.read_text(encoding="ascii"), f"{path.name} differs: read both, then replace the file"


def _family(name: str) -> str:
    """The model of a small plan that shows one family of rows."""
    policy = Policy("p", 30, 10, bog_days=10, overlap_days=3, min_dwell_days=5 if name == "early" else None,
                    max_callups=2 if name == "callups" else NEVER)  # fmt: skip
    pools = [Pool("p", 2, "A", nation="N0", people_per_unit=5, available_from_day=10 if name == "supply" else 0)]
    substitutions = []
    if name in ("substitution", "burden"):
        pools.append(Pool("p", 1, "B", nation="N1", people_per_unit=3))
        substitutions.append(Substitution("A", "B", 0.6))
    tasks = [Task(1.5, "A", 0, 40), Task(1, "A", 15, 30, weight=2.0)]
    tasks = tasks if name == "coverage" else tasks[:1]
    nations = [Nation("N0", 8 if name == "caps" else NEVER), Nation("N1")]
    problem, labels = labelled(pools, [policy], tasks, 40, nations=nations, substitutions=substitutions)
    style: Literal["flow", "window"] = "flow" if name in ("stock", "early") else "window"
    step = 5 if name == "early" else 10
    per_pool = [2.0] * len(pools)
    options = Options(
        start_every_days=step, style=style, cost_per_day=per_pool, cost_per_deployment=[30.0] * len(pools)
    )
    form = _formulated(problem, labels, options)
    model = replace(form.model, start=np.zeros(form.model.columns))
    if name == "burden":
        model = exact.burden_model(form, model, options)
    elif name == "cost":
        model = exact.cost_model(form, model, options)
    return lp_text(model)


def _formulated(problem: RotationProblem, labels: RotationLabels, options: Options) -> Formulation:
    ready = prepare(problem, options)
    return formulate(ready.problem, ready.groups, ready.tours, weight=np.array(labels.task_weight), style=options.style)


def _asked(problem: RotationProblem) -> Floats:
    """Units asked for by task and day [1, T, H]."""
    day = np.arange(problem.horizon_days)
    stands = (problem.task_from_day[0][:, None] <= day) & (day < problem.task_to_day[0][:, None])
    return (np.where(stands, problem.task_quantity[0][:, None] / 1000.0, 0.0))[None]


def _simulated_tours(problem: RotationProblem) -> tuple[Ints, Ints, Ints, Ints]:
    """The simulator's tours as pool, unit, task, day."""
    sent = [event for event in trace(problem).events if event.name == "is sent"]
    rows = np.array([(event.pool, event.unit, event.task, event.day) for event in sent], np.int64).reshape(-1, 4)
    return rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3]


def _two_types() -> Plan:
    """Two nations, two types, one of which may stand in for the other; demand is tight."""
    policies = [Policy("long", 180, 120, bog_days=60, overlap_days=5), Policy("short", 120, 75, bog_days=45)]
    pools = [
        Pool("long", 4, "A", nation="N0", people_per_unit=600),
        Pool("short", 3, "B", nation="N1", people_per_unit=400),
    ]
    tasks = [Task(2, "A", 10), Task(1, "B", 40, weight=2.0)]
    return labelled(pools, policies, tasks, 360, substitutions=[Substitution("A", "B", 0.75)])


def _steady(units: int, beside: Task | None = None) -> Plan:
    """One pool under a policy of 270 days away (45 of them handover) in 1,095, one standing task for two units."""
    policy = Policy("p", 1095, 645, 1005, bog_days=270, overlap_days=45)
    return labelled([Pool("p", units)], [policy], [Task(2), *([beside] if beside else [])], 1095)


def test_windows_and_stock_balances_have_the_same_relaxation() -> None:
    problem, labels = _two_types()
    window, flow = (
        solve(_formulated(problem, labels, Options(start_every_days=15, style=style)).model.relaxed())
        for style in ("window", "flow")
    )
    assert window.objective == pytest.approx(flow.objective, rel=1e-7)
