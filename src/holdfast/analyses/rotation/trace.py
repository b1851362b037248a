"""One draw told day by day: the event log and the timeline of every unit, by the same kernel that runs all draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation import state as s
from holdfast.analyses.rotation.problem import RotationProblem
from holdfast.analyses.rotation.simulate import logged_run

STATES = ("fill", "overlap", "deployable", "not_ready", "absent")
"""States of a timeline: those of the identity, and outside the inventory."""
STATE_OF_CLASS = (0, 1, 2, 3, 3, 1, 4, 3, 1)
"""Index into STATES of each class; the last two never outlive a day."""
AT_HOME = (s.READY, s.RESTING, s.FAILED)
DEPLOYED = (s.FILL, s.OVERLAP, s.TRANSIT)


class Event(NamedTuple):
    """Something that happened to a unit."""

    day: int
    pool: int
    unit: int
    name: str
    task: int  # -1 = none


class Stretch(NamedTuple):
    """Days ``from_day`` .. ``to_day`` - 1 that a unit spent in one of STATES, on a task or on none (-1)."""

    pool: int
    unit: int
    from_day: int
    to_day: int
    state: str
    task: int


class Trace(NamedTuple):
    """The event log in order of days, and the timeline in order of pools, units and days."""

    events: tuple[Event, ...]
    timeline: tuple[Stretch, ...]

    def event_columns(self, pools: Sequence[str], tasks: Sequence[str]) -> dict[str, list[Any]]:
        """The event log as columns, with the ids of pools and tasks."""
        return {
            "day": [event.day for event in self.events],
            "pool": [pools[event.pool] for event in self.events],
            "unit": [event.unit for event in self.events],
            "event": [event.name for event in self.events],
            "task": [tasks[event.task] if event.task >= 0 else "" for event in self.events],
        }

    def timeline_columns(self, pools: Sequence[str], tasks: Sequence[str]) -> dict[str, list[Any]]:
        """The timeline as columns, with the ids of pools and tasks."""
        return {
            "pool": [pools[stretch.pool] for stretch in self.timeline],
            "unit": [stretch.unit for stretch in self.timeline],
            "from_day": [stretch.from_day for stretch in self.timeline],
            "to_day": [stretch.to_day for stretch in self.timeline],
            "state": [stretch.state for stretch in self.timeline],
            "task": [tasks[stretch.task] if stretch.task >= 0 else "" for stretch in self.timeline],
        }


def trace(problem: RotationProblem, draw: int = 0) -> Trace:
    """What happens to every unit in one draw (an index of the Problem)."""
    log, units = logged_run(problem, draw)
    return Trace(tuple(_events(log, units)), tuple(_timeline(log, units, problem.horizon_days)))


def _events(log: NDArray[np.int64], units: NDArray[np.int64]) -> Iterator[Event]:
    """Class changes by name; what a unit is on day 0 before anything happens is no event."""
    last: dict[int, int] = {}
    for day, unit, old, new, task in log.tolist():
        placed = unit not in last
        before, last[unit] = last.get(unit, old), new
        name = "" if placed and day == 0 else _name(before, new)
        if new in (s.ASIDE, s.PENDING):
            last[unit] = before if new == s.PENDING else new
            continue
        if name:
            away = new in DEPLOYED or before in DEPLOYED or before == s.ASIDE
            yield Event(day, int(units[unit, 0]), int(units[unit, 1]), name, task if away else -1)


def _name(old: int, new: int) -> str:
    if new == s.ABSENT:
        return "leaves"
    if old == s.ABSENT:
        return "joins"
    if new in (s.FILL, s.TRANSIT):
        return {s.TRANSIT: "arrives", s.ASIDE: "follows on", s.FILL: "is extended"}.get(old, "is sent")
    if new == s.OVERLAP:
        return "hands over"
    if old in DEPLOYED or old == s.ASIDE:
        return "comes home"
    return {s.READY: "is ready", s.FAILED: "fails readiness", s.RESTING: "rests"}.get(new, "")


def _timeline(log: NDArray[np.int64], units: NDArray[np.int64], horizon: int) -> Iterator[Stretch]:
    """Stretches of every unit, which cover the horizon without a gap; every unit is absent until its first change."""
    absent = (0, STATE_OF_CLASS[s.ABSENT], -1)
    changes: dict[int, list[tuple[int, int, int]]] = {unit: [absent] for unit in range(len(units))}
    for day, unit, _, new, task in log.tolist():
        rows = changes[unit]
        if rows[-1][0] == day:
            rows.pop()
        rows.append((day, STATE_OF_CLASS[new], task if new in DEPLOYED else -1))
    for unit, rows in changes.items():
        merged: list[tuple[int, int, int]] = []
        for row in rows:
            if not merged or merged[-1][1:] != row[1:]:
                merged.append(row)
        ends = [*(row[0] for row in merged[1:]), horizon]
        for (day, state, task), end in zip(merged, ends, strict=True):
            yield Stretch(int(units[unit, 0]), int(units[unit, 1]), day, end, STATES[state], task)
