"""Executors: every job once, errors told, few jobs left behind."""

from __future__ import annotations

import pytest

from holdfast.base.errors import Fault, PlanError, RunError
from holdfast.ensemble.executors import Processes, Threads


def square(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number * number


FAULTS = (Fault("a.csv", 3, 1, "not-finite", "no number"), Fault("b.csv", 1, 2, "unknown-id", "no row"))


def refuse(number: int) -> int:
    if number == 1:
        raise PlanError(FAULTS)
    raise RunError("cannot write x: the disk is full")


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_do_every_job_once(workers: int) -> None:
    assert sorted(Threads(workers).map(square, range(50))) == sorted(n * n for n in range(50))


def test_processes_do_every_job_once() -> None:
    assert sorted(Processes(2).map(square, range(5))) == [0, 1, 4, 9, 16]


def test_an_error_in_a_job_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="-3"):
        list(Threads(2).map(square, [1, 2, -3, 4]))


def test_no_jobs_give_no_results() -> None:
    assert list(Threads(2).map(square, [])) == []


def test_faults_and_reasons_survive_the_way_out_of_a_worker_process() -> None:
    with pytest.raises(PlanError) as faulty:
        list(Processes(1).map(refuse, [1]))
    assert faulty.value.faults == FAULTS
    with pytest.raises(RunError, match="cannot write x: the disk is full"):
        list(Processes(1).map(refuse, [2]))


def test_few_jobs_are_begun_after_a_stop() -> None:
    begun: list[int] = []
    results = Threads(2).map(begun.append, range(1000))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(begun) < 20
