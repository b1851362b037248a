"""Supply nobody demands, demand nobody can supply: each with its reason, and never against the simulator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from holdfast.analyses.rotation.problem import Nation, Policy, Pool, RotationLabels, Task, labelled
from holdfast.analyses.rotation.scoping import Scope, scope
from holdfast.analyses.rotation.simulate import simulate
from tests.naive.rotation_problems import numbers, random_problem

POLICY = Policy("p", 20, 5, bog_days=5)
LATE = Pool("p", id="a", available_from_day=29, arrival_delay_days=1)


def scoped(pools: list[Pool], tasks: list[Task], *policies: Policy) -> Scope:
    return scope(*labelled(pools, [POLICY, *policies], tasks, 50, nations=[Nation("N", withdrawal_days=3)]))


def test_a_plan_in_which_everything_fits_leaves_nothing_over() -> None:
    assert scoped([Pool("p", 3, id="a")], [Task(2, id="X")]) == Scope((), (), ())


@pytest.mark.parametrize(
    ("pool", "reason"),
    [
        (Pool(id="a", posture="standby"), "stand-by units are never sent"),
        (Pool("p", 0, id="a"), "it has no units"),
        (Pool("p", id="a", available_from_day=60), "it is never there within the horizon"),
        (Pool("p", id="a", cut_day=-1), "it is never there within the horizon"),
        (Pool("never", id="a"), "its policy never opens a window"),
        (Pool("handover", id="a"), "its policy leaves no day of a tour for fill"),
        (Pool("home", id="a"), "its policy allows no call-up"),
        (Pool("p", id="a", unit_type="B"), "no task asks for its type or accepts it as a substitute"),
        (Pool(id="a", posture="forward", home_place="north"), "no task it fits can use it: units are bound to north"),
        (Pool("p", id="a", available_from_day=31), "no task it fits can use it: units join too late"),
        (LATE, "no task it fits can use it: units join too late"),
        (Pool("p", id="a", available_to_day=7, nation="N"), "no task it fits can use it: units leave too early"),
    ],
)  # fmt: skip
def test_a_pool_left_over_is_named_with_the_reason(pool: Pool, reason: str) -> None:
    others = (
        Policy("never", 20, 20, bog_days=5),
        Policy("handover", 20, 5, bog_days=5, overlap_days=5),
        Policy("home", 20, 5, bog_days=5, max_callups=0),
    )
    found = scoped([pool, Pool("p", id="b")], [Task(id="X", from_day=10, to_day=30, place="south")], *others)
    assert [(note.id, note.reason) for note in found.idle_pools] == [("a", reason)]
    assert found.unserved_tasks == ()


def test_a_unit_that_may_stay_until_the_task_begins_is_not_left_over() -> None:
    pool = Pool("p", id="a", available_to_day=8, nation="N")  # deployed units leave on day 11
    assert scoped([pool], [Task(id="X", from_day=10)]).idle_pools == ()


def test_a_task_nobody_can_serve_is_named_with_the_reason_for_each_pool_of_its_type() -> None:
    pools = [
        Pool(id="s", posture="standby"),
        Pool("p", id="l", available_from_day=45),
        Pool("p", id="b", unit_type="B"),
    ]
    found = scoped(pools, [Task(id="X", to_day=40), Task(id="Y", unit_type="C"), Task(id="Z", unit_type="B")])
    assert [(note.id, note.reason) for note in found.unserved_tasks] == [
        ("X", "s: stand-by units are never sent; l: units join too late"),
        ("Y", "no pool is of its type, substitutes for it or belongs to its nation"),
    ]


def test_a_task_that_asks_for_more_than_fits_is_short_not_unserved() -> None:
    found = scoped([Pool("p", 2, id="a"), Pool("p", 1, id="b")], [Task(3.5, id="X")])
    assert found.unserved_tasks == ()
    assert [(note.id, note.reason) for note in found.short_tasks] == [
        ("X", "asks for 3.5 units, all that fit fill at most 3")
    ]


@given(numbers)
@settings(max_examples=120)
def test_what_scoping_leaves_over_the_simulator_never_uses(number: int) -> None:
    problem = random_problem(number)
    pools = tuple(f"pool-{p}" for p in range(len(problem.posture)))
    tasks = tuple(f"task-{t}" for t in range(len(problem.group)))
    labels = RotationLabels(pools, tasks, ("X", "Y"), (), ("north", "south"), (), (), (), (), (), ())
    found, outcome = scope(problem, labels), simulate(problem)
    idle = {pools.index(note.id) for note in found.idle_pools}
    alone = problem.effectiveness.copy()
    for p in range(len(pools)):
        alone[p] *= p in idle
    # A pool left over fills nothing, even with all the others away; a task left over is never filled.
    assert not simulate(problem._replace(effectiveness=alone)).fill_units.any()
    for note in found.unserved_tasks:
        assert not outcome.fill_units[:, tasks.index(note.id)].any()
    for note in found.short_tasks:
        assert (outcome.missed_unit_days[:, tasks.index(note.id)] > 0).all()
    assert np.isfinite(outcome.missed_unit_days).all()
