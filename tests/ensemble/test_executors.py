"""Executors: every job once, errors told, few jobs left behind."""

from __future__ import annotations

import pytest

from holdfast.ensemble.executors import Processes, Threads


def square(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number * number


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
