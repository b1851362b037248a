"""What a run has to compute: the chunks of draws, then some draws again, to answer "what if this were otherwise?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from holdfast.analyses.evidence.outcome import LEAST_DRAWS
from holdfast.analyses.evidence.problem import EvidenceProblem
from holdfast.analyses.evidence.simulate import sample
from holdfast.ensemble import draws as assumptions
from holdfast.ensemble.draws import AS_WRITTEN, Reading
from holdfast.ensemble.pipeline import Job, simulate_job
from holdfast.plan.model import Plan
from holdfast.store import read, write
from holdfast.store.layout import CHUNK_DRAWS, OVER_DRAWS, Layout, chunks

JUDGED_DRAWS = 1024
"""Draws that are run again for each end of each judged assumption."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked for; with the plan, all that its draws depend on."""

    draws: int
    seed: int
    reading: Reading = AS_WRITTEN

    @property
    def judged_draws(self) -> int:
        """Draws run again for each judged end."""
        return min(self.draws, JUDGED_DRAWS)

    @property
    def without_draws(self) -> int:
        """Draws run again without an origin: those of chunk 0."""
        return min(self.draws, CHUNK_DRAWS)


@dataclass(frozen=True, slots=True)
class Task:
    """A job and the file that its result goes to."""

    job: Job
    target: Path


@dataclass(frozen=True, slots=True)
class OriginCheck:
    """How a run answers for the plan without one origin: from the ``kept`` draws that rest on it nowhere, or again."""

    origin: str
    kept: int
    rerun: bool
    unsupported: tuple[str, ...]  # assumptions that rest on this one voice


@dataclass(frozen=True, slots=True)
class JudgedEnd:
    """A judged assumption (or group of them, read together) at its ``low`` or ``high`` end."""

    name: str
    end: str
    pinned: tuple[tuple[str, float], ...]


def all_tasks(plan: Plan, layout: Layout, settings: Settings) -> list[Task]:
    """Every task of a run, in a fixed order."""
    evidence = settings.reading.evidence(plan)

    again = Job(plan, settings.seed, 0, settings.draws, settings.reading, only_requirements=True)
    tasks = [
        Task(Job(plan, settings.seed, first, count, settings.reading, bands=number == 0), layout.chunk(number))
        for number, first, count in chunks(settings.draws)
    ]
    for item in judged_ends(plan, evidence):
        job = replace(again, draws=settings.judged_draws, pinned=item.pinned)
        tasks.append(Task(job, layout.judged(item.name, item.end)))
    for check in origin_checks(plan, evidence, settings):
        if check.rerun:
            reading = settings.reading.without(check.origin)
            job = replace(again, draws=settings.without_draws, reading=reading)
            tasks.append(Task(job, layout.without(check.origin)))
    return tasks


def judged_ends(plan: Plan, evidence: EvidenceProblem) -> list[JudgedEnd]:
    """Both ends of every judged assumption that has a range; a pool of claims is read at its 5 % and 95 %."""
    groups: dict[str, list[tuple[str, tuple[float, float]]]] = {}
    for row in plan["assumptions"]:
        if not row["judged"] or row["kind"] == "formula":
            continue
        if row["kind"] == "claims":
            low, high = (float(value) for value in evidence.quantiles(row.id, [0.05, 0.95]))
        else:
            low, high = assumptions.bounds(row)
        if low < high:
            groups.setdefault(str(row["group"] or row.id), []).append((row.id, (low, high)))
    return [
        JudgedEnd(name, end, tuple((member, ends[side]) for member, ends in members))
        for name, members in groups.items()
        for side, end in enumerate(assumptions.ENDS)
    ]


def origin_checks(plan: Plan, evidence: EvidenceProblem, settings: Settings) -> list[OriginCheck]:
    """For every origin: how many draws rest on it nowhere, and whether that is enough to answer without it."""
    kept = np.zeros(len(evidence.origins), np.int64)
    for numbers in _blocks(settings.draws):
        kept += (~sample(evidence, numbers, settings.seed).used).sum(axis=0)
    return [
        OriginCheck(
            origin, int(count), revives or int(count) < LEAST_DRAWS, _left_alone(plan, evidence, settings, origin)
        )
        for origin, count, revives in zip(evidence.origins, kept, evidence.revives, strict=True)
    ]


def _left_alone(plan: Plan, evidence: EvidenceProblem, settings: Settings, origin: str) -> tuple[str, ...]:
    """The assumptions for which nobody speaks any more without an origin."""
    if not any({entry.origin for entry in pool.entries} == {origin} for pool in evidence.pools):
        return ()
    without = settings.reading.without(origin).evidence(plan)
    return tuple(name for name in without.unsupported if name not in evidence.unsupported)


def _blocks(draws: int, size: int = 65_536) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    for first in range(0, draws, size):
        yield np.arange(first, min(first + size, draws), dtype=np.int64)


def work(task: Task) -> Path:
    """Compute one task and write its file; module-level, so that worker processes can run it."""
    import pyarrow as pa

    result = simulate_job(task.job)
    layout = Layout(task.target.parent.parent)
    for name, columns in result.tables.items():
        write.write_table(layout.over_draws(name), pa.table(dict(columns)))
    write.write_table(task.target, pa.table(dict(result.columns)))
    return task.target


def is_done(task: Task) -> bool:
    """Whether every file that a task writes is there and whole."""
    layout = Layout(task.target.parent.parent)
    others = [layout.over_draws(name) for name in OVER_DRAWS] if task.job.bands else []
    return read.is_whole(task.target, task.job.draws) and all(read.is_whole(path) for path in others)
