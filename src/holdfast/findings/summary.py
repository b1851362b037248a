"""The summary of a run: every requirement with its bands, every measure with its quantiles, and the verdict.

Computed from stored columns alone, in the order of the draws, so that equal draws give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.rotation.outcome import CAUSES
from holdfast.findings import verdict
from holdfast.plan.measures import MEASURES
from holdfast.plan.model import Plan, Requirement

Column = NDArray[np.generic]
ReadColumn = Callable[[str], Column]


@dataclass(frozen=True, slots=True)
class JudgedEnd:
    """The first draws again with one judged assumption (or group of them) at one end."""

    name: str
    end: str  # low | high
    column: ReadColumn


def summarise(
    plan: Plan, names: Sequence[str], column: ReadColumn, judged: Sequence[JudgedEnd], tasks: Sequence[str]
) -> dict[str, Any]:
    """The content of ``summary.json`` but for the run's own settings.

    ``names`` are the addresses of all stored columns, ``column`` reads one of them over all draws, ``tasks`` are the
    tasks in the order of the breach codes.
    """
    assumptions = {name.removeprefix("assumption/"): name for name in names if name.startswith("assumption/")}
    values = {short: np.asarray(column(name), np.float64) for short, name in assumptions.items()}
    found = [_requirement(item, column, judged, values, tasks) for item in plan.requirements]
    met = [np.asarray(column(f"requirement/{item.id}.met"), bool) for item in plan.requirements]
    joint = np.logical_and.reduce(met) if met else np.zeros(0, bool)
    return {
        "verdict": verdict.overall([item.status for item in found]),
        "joint_probability": _round(float(joint.mean())) if len(joint) else None,
        "requirements": [_as_json(item) for item in found],
        "measures": {name: _quantiles(name, column(name)) for name in names if name.startswith("measure/")},
    }


def _requirement(
    requirement: Requirement,
    column: ReadColumn,
    judged: Sequence[JudgedEnd],
    values: Mapping[str, NDArray[np.float64]],
    tasks: Sequence[str],
) -> verdict.RequirementFinding:
    address = f"requirement/{requirement.id}"
    met = np.asarray(column(f"{address}.met"), bool)
    share = float(met.mean())
    sampling = verdict.wilson(int(met.sum()), len(met))
    ends = _judged_shares(address, met, judged)
    shares = [value for pair in ends.values() for value in pair]
    judgement = min([share, *shares]), max([share, *shares])
    codes = np.asarray(column(f"{address}.breach"), np.int32)[~met]
    days = np.asarray(column(f"{address}.breach_day"), np.int32)[~met]
    return verdict.RequirementFinding(
        id=requirement.id,
        title=requirement.title,
        measure=requirement.measure,
        component=requirement.component,
        given=requirement.given,
        required=requirement.probability,
        probability=share,
        low=sampling[0],
        high=sampling[1],
        judgement_low=judgement[0],
        judgement_high=judgement[1],
        status=verdict.status(requirement.probability, sampling, judgement),
        breaks_first=verdict.breaks_first(tasks, CAUSES, codes, days),
        assumptions=verdict.moves(met, values),
        judged_by=ends,
    )


def _judged_shares(address: str, met: NDArray[np.bool_], judged: Sequence[JudgedEnd]) -> dict[str, tuple[float, float]]:
    """P(met) with each judged assumption at its low and at its high end.

    The share over all draws, moved by the paired difference on the draws that were run again.
    """
    found: dict[str, dict[str, float]] = {}
    for item in judged:
        again = np.asarray(item.column(f"{address}.met"), bool)
        moved = float(met.mean()) + float(again.mean()) - float(met[: len(again)].mean())
        found.setdefault(item.name, {})[item.end] = min(1.0, max(0.0, moved))
    return {name: (ends["low"], ends["high"]) for name, ends in found.items()}


def _as_json(item: verdict.RequirementFinding) -> dict[str, Any]:
    content = asdict(item)
    content["assumptions"] = [{**asdict(move), "distinguishable": move.distinguishable} for move in item.assumptions]
    content["judged_by"] = {name: list(ends) for name, ends in item.judged_by.items()}
    rounded = _rounded(content)
    assert isinstance(rounded, dict)
    return rounded


def _quantiles(name: str, values: Column) -> dict[str, Any]:
    numbers = np.asarray(values, np.float64)
    unit = MEASURES[name.removeprefix("measure/").split("?")[0]].unit
    p05, p50, p95 = np.percentile(numbers, [5, 50, 95])
    levels = {"mean": float(numbers.mean()), "p05": float(p05), "p50": float(p50), "p95": float(p95)}
    return {"unit": unit, **{key: _round(value) for key, value in levels.items()}}


def _round(value: float) -> float:
    return float(f"{value:.9g}")


def _rounded(content: object) -> object:
    if isinstance(content, float):
        return _round(content)
    if isinstance(content, Mapping):
        return {key: _rounded(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded(value) for value in content]
    return content
