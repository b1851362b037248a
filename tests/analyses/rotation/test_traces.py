"""The simulator and its slow twin against traces worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from holdfast.analyses.rotation.outcome import RotationOutcome
from holdfast.analyses.rotation.problem import RotationProblem
from holdfast.analyses.rotation.simulate import simulate
from holdfast.analyses.rotation.trace import trace as told
from tests.golden.rotation_traces import TRACES, Trace
from tests.naive import rotation as twin
from tests.naive.rotation_broken import Broken
from tests.naive.rotation_problems import numbers, random_problem


def events_of(trace: Trace, broken: Broken | None = None) -> list[str]:
    """The slow twin's events in the words of the traces."""
    problem, labels = trace.problem()
    events: list[twin.Event] = []
    twin.simulate(problem, broken=broken, events=events)
    return [
        " ".join([str(day), what, f"{labels.pools[pool]}{unit}", labels.tasks[task] if task >= 0 else ""]).strip()
        for day, what, (pool, unit), task in events
    ]


def check(trace: Trace, outcome: RotationOutcome) -> None:
    problem, labels = trace.problem()
    for t, task in enumerate(labels.tasks):
        by_hand = np.array([float(units) for units in trace.fill[task]])
        assert outcome.fill_units[0, t].tolist() == by_hand.tolist(), task
        days = np.arange(problem.horizon_days)
        stands = (problem.task_from_day[0, t] <= days) & (days < problem.task_to_day[0, t])
        short = stands * np.maximum(problem.task_quantity[0, t] / 1000 - by_hand, 0)
        assert outcome.missed_unit_days[0, t] == pytest.approx(short.sum(), abs=1e-12)
        assert outcome.first_missed_day[0, t] == (int((short > 0).argmax()) if short.any() else -1)
    for task, causes in trace.cause.items():
        assert "".join(map(str, outcome.cause[0, labels.tasks.index(task)])) == causes
    for pool, by_hand_too in trace.dwell.items():
        p = labels.pools.index(pool)
        assert (outcome.tours[0, p], outcome.dwell_days[0, p], outcome.broken_dwell[0, p]) == by_hand_too


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_the_slow_twin_does_what_was_worked_out_by_hand(trace: Trace) -> None:
    assert events_of(trace) == trace.lines
    check(trace, twin.simulate(trace.problem()[0]))


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_the_simulator_does_what_was_worked_out_by_hand(trace: Trace) -> None:
    check(trace, simulate(trace.problem()[0]))


def test_no_trace_is_longer_than_forty_days() -> None:
    assert max(trace.days for trace in TRACES) <= 40


WORDS = {
    "is sent": "sent",
    "follows on": "follow-on",
    "hands over": "overlap",
    "is extended": "extended",
    "comes home": "home",
    "fails readiness": "failed",
}


def log_of(problem: RotationProblem) -> list[tuple[int, str, tuple[int, int], int]]:
    """The simulator's own event log, in the words of the traces, sorted."""
    events = told(problem).events
    return sorted((event.day, WORDS[event.name], event[1:3], event.task) for event in events if event.name in WORDS)


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.name)
def test_the_event_log_tells_what_was_worked_out_by_hand(trace: Trace) -> None:
    problem, labels = trace.problem()
    named = {
        f"{day} {what} {labels.pools[pool]}{unit} {labels.tasks[task] if task >= 0 else ''}".strip()
        for day, what, (pool, unit), task in log_of(problem)
    }
    assert named == {line for line in trace.lines if " gone " not in line}


@pytest.mark.jit
@given(numbers)
@settings(max_examples=150)
def test_the_event_log_of_a_random_problem_tells_nothing_that_did_not_happen_and_every_sending(number: int) -> None:
    """The log tells changes of state: two in a day (home and gone) or one that changes none may be a line less."""
    problem = random_problem(number, max_draws=1)
    events: list[twin.Event] = []
    twin.simulate(problem, events=events)
    log = [event for event in log_of(problem) if event[1] != "failed"]  # told when seen at home, not when drawn
    assert set(log) <= set(events)
    assert len(set(log)) == len(log)
    sent = ("sent", "follow-on")
    assert [event for event in log if event[1] in sent] == sorted(event for event in events if event[1] in sent)
