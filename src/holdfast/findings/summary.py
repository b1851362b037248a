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
class Again:
    """Some of the draws once more: a judged assumption at one end, or the plan without one origin.

    ``column`` reads a stored column of these draws; None = filtered from the run's own draws.
    """

    name: str
    column: ReadColumn | None
    end: str = ""  # low | high, for a judged assumption
    unsupported: tuple[str, ...] = ()  # without the origin: assumptions for which nobody speaks any more


@dataclass(frozen=True, slots=True)
class Stored:
    """What a run stored: the addresses of its columns, how to read one over all draws, the tasks in the order of the
    breach codes, and the draws that were run again.
    """

    names: Sequence[str]
    column: ReadColumn
    tasks: Sequence[str]
    judged: Sequence[Again] = ()
    without: Sequence[Again] = ()


def summarise(plan: Plan, stored: Stored) -> dict[str, Any]:
    """The content of ``summary.json`` but for the run's own settings."""
    values = {name: np.asarray(stored.column(f"assumption/{name}"), np.float64) for name in drawn(plan, stored.names)}
    found = [_requirement(item, stored, values) for item in plan.requirements]
    met = {item.id: np.asarray(stored.column(f"requirement/{item.id}.met"), bool) for item in plan.requirements}
    joint = np.logical_and.reduce(list(met.values())) if met else np.zeros(0, bool)
    measures = [name for name in stored.names if name.startswith("measure/")]
    return {
        "verdict": verdict.overall([item.status for item in found]),
        "joint_probability": _round(float(joint.mean())) if len(joint) else None,
        "requirements": [_as_json(item) for item in found],
        "origins": _rounded(_without(met, stored)),
        "measures": {name: _quantiles(name, stored.column(name)) for name in measures},
    }


def drawn(plan: Plan, columns: Sequence[str]) -> list[str]:
    """Assumptions that are drawn, not derived by formula from others, and differ between draws."""
    stored = set(columns)
    return [row.id for row in plan["assumptions"] if row["kind"] != "formula" and f"assumption/{row.id}" in stored]


def _without(met: Mapping[str, NDArray[np.bool_]], stored: Stored) -> list[dict[str, Any]]:
    """Every requirement without each origin, the largest move first.

    Filtered: the draws that rest on the origin nowhere.  Again: the first draws without it, as a paired difference.
    """
    found = []
    for requirement, all_met in met.items():
        share = float(all_met.mean())
        for item in stored.without:
            if item.column is None:
                kept = all_met[~np.asarray(stored.column(f"used/{item.name}"), bool)]
                estimate = float(kept.mean())
                move = estimate - share
            else:
                kept = np.asarray(item.column(f"requirement/{requirement}.met"), bool)
                paired = float(kept.mean()) - float(all_met[: len(kept)].mean())
                estimate = min(1.0, max(0.0, share + paired))
                move = paired if 0.0 <= share + paired <= 1.0 else estimate - share
            low, high = verdict.wilson(int(kept.sum()), len(kept))
            found.append(
                {
                    "requirement": requirement,
                    "origin": item.name,
                    "probability": estimate,
                    "low": min(low, estimate),
                    "high": max(high, estimate),
                    "move": move,
                    "draws": len(kept),
                    "rerun": item.column is not None,
                    "unsupported": list(item.unsupported),
                }
            )
    return sorted(found, key=lambda item: (item["requirement"], -abs(item["move"]), item["origin"]))


def _requirement(
    requirement: Requirement, stored: Stored, values: Mapping[str, NDArray[np.float64]]
) -> verdict.RequirementFinding:
    address = f"requirement/{requirement.id}"
    column = stored.column
    met = np.asarray(column(f"{address}.met"), bool)
    share = float(met.mean())
    sampling = verdict.wilson(int(met.sum()), len(met))
    ends = _judged_shares(address, met, stored.judged)
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
        breaks_first=verdict.breaks_first(stored.tasks, CAUSES, codes, days),
        assumptions=verdict.moves(met, values),
        judged_by=ends,
    )


def _judged_shares(address: str, met: NDArray[np.bool_], judged: Sequence[Again]) -> dict[str, tuple[float, float]]:
    """P(met) with each judged assumption at its low and at its high end.

    The share over all draws, moved by the paired difference on the draws that were run again; where these agree in
    every draw, that is the share.
    """
    found: dict[str, dict[str, float]] = {}
    for item in judged:
        if item.column is None:
            continue
        again = np.asarray(item.column(f"{address}.met"), bool)
        moved = float(met.mean()) + float(again.mean()) - float(met[: len(again)].mean())
        if again.all() or not again.any():
            moved = float(again.mean())
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
