"""Who computes the jobs of a run: this thread, threads, or worker processes.  A cluster takes the same shape.

An executor maps a module-level function over jobs that pickle and yields results as they finish; it never decides
what a result is, so any of them gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from threading import Thread
from typing import Protocol, TypeVar

from holdfast.base.errors import RunError

Job = TypeVar("Job")
Result = TypeVar("Result")


class JobExecutor(Protocol):
    """What a run needs of an executor."""

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """Apply ``function`` to every job; results come in any order."""
        ...


class Threads:
    """Threads of this process (compiled kernels release the interpreter lock); one worker runs in the caller."""

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """See :class:`JobExecutor`."""
        if self.workers == 1 or len(jobs) < 2:
            yield from map(function, jobs)
            return
        with ThreadPoolExecutor(self.workers, thread_name_prefix="holdfast") as pool:
            yield from _in_flight(pool, function, jobs, self.workers)


class Processes:
    """Worker processes, started afresh; a worker that is killed ends the map with a clear error."""

    def __init__(self, workers: int) -> None:
        self.workers = max(1, workers)

    def map(self, function: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """See :class:`JobExecutor`.  Raises RunError when a worker dies; finished jobs are kept by the caller."""
        try:
            with ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=end_with_parent) as pool:
                yield from _in_flight(pool, function, jobs, self.workers)
        except BrokenProcessPool as error:
            raise RunError("a worker process ended unexpectedly; run again with --resume to go on") from error


def end_with_parent() -> None:
    """End this worker process when the process that started it has ended; otherwise it would wait for ever."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _in_flight(
    pool: Executor, function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Result]:
    """Keep a bounded number of jobs under way, so that a stop or an error leaves few behind."""
    waiting = iter(jobs)
    running: set[Future[Result]] = set()
    try:
        while True:
            for job in waiting:
                running.add(pool.submit(function, job))
                if len(running) >= 2 * workers:
                    break
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in running:
            future.cancel()
