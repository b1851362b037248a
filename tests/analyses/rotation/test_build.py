"""From plan folders to rotation Problems."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from holdfast.analyses.rotation.problem import NEVER, POSTURES, RotationLabels, RotationProblem
from holdfast.analyses.rotation.tables import build
from holdfast.base.streams import hash64
from holdfast.plan.load import load

PLAN = """\
schema_version: 1
title: "Build"
c_day: 2026-03-01
compiled: 2026-01-31
horizon_days: 360
requirements:
  - {id: r1, measure: missed_unit_days, at_most: 20, probability: 0.6}
phases:
  - {name: surge, from_day: 0}
  - {name: steady, from_day: 180}
"""

FILES = {
    "plan.yaml": PLAN,
    "nations.csv": "id,max_people_deployed,withdrawal_days\nNO,=ceiling,20\nGBR,,\n",
    "unit_types.csv": "id,people,combat\ninfantry,120,0.3\nengineer,80,\n",
    "units.csv": """\
id,nation,unit_type,component_class,quantity,people_per_unit,policy,posture,home_place,available_from_day,\
available_to_day,readiness,not_ready_days,start,start_clock_day,order
late,NO,infantry,reserve,=companies,,reserve,,,10,200,0.9,30,fixed,40,5
early,GBR,infantry,active,2,100,north,,,,,,,seeded,,1
staff,GBR,engineer,,1,,,forward,camp,,,,,,,5
""",
    "policies.csv": """\
id,phase,cycle_days,start_deployable_day,stop_deployable_day,bog_days,overlap_days,notice_days,mobilisation_days,\
training_days,max_callups,min_dwell_days
north,,720,480,,180,14,,,,,
north,surge,540,300,500,180,,,,,,
reserve,,1000,20,900,180,,15,40,60,2,50
""",
    "tasks.csv": """\
id,component,unit_type,quantity,start_day,duration_days,priority,place,group,source_first,phase,shortfall_weight
guard,deterrence,infantry,4,,,2,camp,g,active,,2
build,support,engineer,0.5,10,100,1,,,,,
later,support,infantry,=companies,=start,300,2,,g,,steady,
first,support,infantry,1,170,50,2,,,,surge,
""",
    "substitutions.csv": "id,task_type,unit_type,effectiveness,rank\ns1,engineer,infantry,0.5,2\n",
    "commitments.csv": """\
id,nation,people,unit_type,from_day,to_day,kind,contained_in
unifil,NO,240,infantry,-30,90,rotating,
watch,GBR,180,infantry,,,alert,
part,NO,120,infantry,,,rotating,unifil
people,NO,500,,,,permanent,
""",
    "assumptions.csv": """\
name,unit,kind,low,mode,high,judged
companies,units,uniform,2,,5,yes
ceiling,persons,fixed,,300,,yes
start,days,fixed,,200,,yes
""",
}

Values = dict[str, NDArray[np.float64]]
VALUES: Values = {
    "companies": np.array([2.9, 3.0, -1.0]),
    "ceiling": np.array([300.0]),
    "start": np.array([200.7]),
}


def built(
    folder: Path, values: Values = VALUES, draws: int = 3, **arguments: int
) -> tuple[RotationProblem, RotationLabels]:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return build(load(folder), VALUES, draws=3, **arguments)


@pytest.fixture
def problem(tmp_path: Path) -> RotationProblem:
    return built(tmp_path)[0]


@pytest.fixture
def labels(tmp_path: Path) -> RotationLabels:
    return built(tmp_path)[1]


def test_pools_stand_in_the_order_of_their_order_column_then_of_the_file(labels: RotationLabels) -> None:
    assert labels.pools == ("early", "late", "staff")


def test_tasks_stand_in_the_order_of_rule_3_and_commitments_before_all(labels: RotationLabels) -> None:
    assert labels.tasks == ("commitment/unifil", "commitment/watch", "build", "first", "guard", "later")


def test_a_quantity_is_floored_in_every_draw_and_never_negative(problem: RotationProblem) -> None:
    assert problem.quantity.tolist() == [[2, 2, 1], [2, 3, 1], [2, 0, 1]]


def test_a_sampled_value_that_holds_for_every_draw_needs_one_row(problem: RotationProblem) -> None:
    assert problem.max_people_deployed.tolist() == [[300, NEVER]]
    assert problem.people_per_unit.tolist() == [[100, 120, 80]]


def test_a_task_quantity_is_kept_to_the_thousandth_of_a_unit(problem: RotationProblem, labels: RotationLabels) -> None:
    assert problem.task_quantity[:, labels.tasks.index("build")].tolist() == [500] * 3
    assert problem.task_quantity[:, labels.tasks.index("later")].tolist() == [2900, 3000, 0]


def test_a_commitment_with_a_unit_type_is_a_task_for_its_nation_alone(
    problem: RotationProblem, labels: RotationLabels
) -> None:
    unifil = labels.tasks.index("commitment/unifil")
    assert problem.task_quantity[0, unifil] == 2000
    assert (problem.task_from_day[0, unifil], problem.task_to_day[0, unifil]) == (0, 90)
    assert problem.effectiveness[:, unifil].tolist() == [0, 1000, 0]
    assert labels.task_weight[unifil] == 0.0
    assert labels.task_component[unifil] == ""


def test_an_alert_is_demand_too_and_its_people_are_units_of_its_type(
    problem: RotationProblem, labels: RotationLabels
) -> None:
    watch = labels.tasks.index("commitment/watch")
    assert problem.task_quantity[0, watch] == 1500
    assert problem.task_to_day[0, watch] == 360
    assert problem.effectiveness[:, watch].tolist() == [1000, 0, 0]


def test_a_commitment_contained_in_another_or_without_a_unit_type_is_no_task(labels: RotationLabels) -> None:
    assert not {"commitment/part", "commitment/people"} & set(labels.tasks)


def test_notice_delays_the_day_from_which_units_may_be_sent(problem: RotationProblem) -> None:
    assert problem.available_from_day.tolist() == [[0, 25, 0]]
    assert problem.available_to_day.tolist() == [[NEVER, 200, NEVER]]


def test_mobilisation_and_training_keep_the_window_shut(problem: RotationProblem, labels: RotationLabels) -> None:
    reserve = labels.policies.index("reserve")
    assert problem.start_deployable_day[reserve].tolist() == [100, 100]
    assert problem.min_dwell_days[reserve].tolist() == [50, 50]
    assert problem.max_callups[reserve].tolist() == [2, 2]


def test_a_row_without_a_phase_holds_in_every_phase_without_a_row_of_its_own(
    problem: RotationProblem, labels: RotationLabels
) -> None:
    north = labels.policies.index("north")
    assert labels.phases == ("surge", "steady")
    assert problem.phase_from_day.tolist() == [0, 180]
    assert problem.cycle_days[north].tolist() == [540, 720]
    assert problem.start_deployable_day[north].tolist() == [300, 480]
    assert problem.stop_deployable_day[north].tolist() == [500, 720]
    assert problem.overlap_days[north].tolist() == [0, 14]
    assert problem.min_dwell_days[north].tolist() == [300, 480]
    assert problem.max_callups[north].tolist() == [NEVER, NEVER]


def test_a_task_is_kept_to_the_days_of_its_phase(problem: RotationProblem, labels: RotationLabels) -> None:
    def days(task: str) -> tuple[int, int]:
        k = labels.tasks.index(task)
        return int(problem.task_from_day[0, k]), int(problem.task_to_day[0, k])

    assert days("first") == (170, 180)
    assert days("later") == (200, 360)
    assert days("guard") == (0, 360)
    assert days("build") == (10, 110)


def test_a_substitute_fills_its_effectiveness_at_its_rank(problem: RotationProblem, labels: RotationLabels) -> None:
    k = labels.tasks.index("build")
    assert problem.effectiveness[:, k].tolist() == [500, 500, 1000]
    assert problem.rank[:, k].tolist() == [2, 2, 0]


def test_names_become_indices(problem: RotationProblem, labels: RotationLabels) -> None:
    guard, later = labels.tasks.index("guard"), labels.tasks.index("later")
    early, late, staff = range(3)
    assert [POSTURES[i] for i in problem.posture] == ["rotating", "rotating", "forward"]
    assert problem.home_place[staff] == problem.task_place[guard] >= 0
    assert problem.home_place[early] == problem.task_place[later] == -1
    assert problem.source_first[guard] == problem.component_class[early]
    assert problem.source_first[later] == -1
    assert problem.group[guard] == problem.group[later] >= 0
    assert problem.policy[staff] == -1
    assert problem.nation.tolist() == [1, 0, 1]
    assert problem.withdrawal_days.tolist() == [20, 0]
    assert problem.start.tolist() == [2, 1, 0]
    assert problem.start_clock_day[late] == 40
    assert problem.readiness.tolist() == [[1.0, 0.9, 1.0]]


def test_the_random_stream_of_a_pool_is_that_of_its_name_not_of_its_place(problem: RotationProblem) -> None:
    assert problem.stream.tolist() == [hash64("early"), hash64("late"), hash64("staff")]


def test_measures_get_the_combat_worth_component_and_weight_of_each_task(labels: RotationLabels) -> None:
    columns = zip(labels.tasks, labels.task_combat, labels.task_component, labels.task_weight, strict=True)
    assert {("guard", 0.3, "deterrence", 2.0), ("build", 0.0, "support", 1.0)} <= set(columns)


def test_draws_and_seed_are_those_of_the_call(tmp_path: Path) -> None:
    problem, _ = built(tmp_path, first_draw=4096, seed=7)
    assert (problem.draws, problem.first_draw, problem.seed, problem.horizon_days) == (3, 4096, 7, 360)
