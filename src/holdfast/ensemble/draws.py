"""Assumptions drawn: claims pooled, keyed uniforms through inverse distribution functions, then formulas in order.

A value is a pure function of (seed, assumption name or group, draw): plans with other assumptions stay paired, and a
run can be extended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence.problem import EvidenceProblem, build
from holdfast.base.errors import Fault, PlanError
from holdfast.base.streams import hash64, stream_key, uniforms
from holdfast.plan import formulas
from holdfast.plan.model import Plan, Row

Floats = NDArray[np.float64]
Values = dict[str, Floats]

PURPOSE = "assumption"
Z90 = 1.6448536269514722
"""Half width of the central 90 % of a standard normal."""
ENDS = ("low", "high")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the claims of a plan are read: up to a day, and without some origins or outlets (ids of sources.csv)."""

    as_of: date | None = None
    without_origins: tuple[str, ...] = ()
    without_sources: tuple[str, ...] = ()

    def evidence(self, plan: Plan) -> EvidenceProblem:
        """The pools of the plan's claims-based assumptions, read in this way."""
        return build(plan, as_of=self.as_of, without_origins=self.without_origins, without_sources=self.without_sources)

    def without(self, origin: str) -> Reading:
        """The same, without one more origin."""
        return replace(self, without_origins=(*self.without_origins, origin))


AS_WRITTEN = Reading()
"""Every claim of the plan, whatever its date."""


class ArrayOperations:
    """``min``, ``max`` and ``floor`` of formulas on arrays."""

    @staticmethod
    def minimum(a: Any, b: Any, /) -> Any:
        """See :class:`holdfast.plan.formulas.Operations`."""
        return np.minimum(a, b)

    @staticmethod
    def maximum(a: Any, b: Any, /) -> Any:
        """See :class:`holdfast.plan.formulas.Operations`."""
        return np.maximum(a, b)

    @staticmethod
    def floor(a: Any, /) -> Any:
        """See :class:`holdfast.plan.formulas.Operations`."""
        return np.floor(a + 1e-9)


def facts(plan: Plan) -> Values:
    """Every numeric fact as a constant array of length 1."""
    found = {}
    for row in plan["facts"]:
        value = row["value"]
        try:
            found[row.id] = np.array([float(value)])  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return found


def central(plan: Plan, evidence: EvidenceProblem) -> Values:
    """Every assumption at its central value (arrays of length 1): the nominal run is this one draw.

    An assumption that rests on claims takes the median of its pool.
    """
    values = facts(plan)
    for row in plan["assumptions"]:
        if row["kind"] == "claims":
            values[row.id] = evidence.quantiles(row.id, [0.5])
        elif row["kind"] != "formula":
            values[row.id] = np.array([middle(row)])
    return with_formulas(plan, values)


def sample(
    plan: Plan,
    draws: NDArray[np.int64],
    seed: int,
    *,
    pooled: Mapping[str, Floats],
    pinned: Mapping[str, float] | None = None,
) -> Values:
    """Every assumption and fact for the given draw numbers; arrays have length len(draws), or 1 when constant.

    ``pooled`` holds the values, already drawn, of the assumptions that rest on claims; ``pinned`` fixes some
    assumptions at a value, whatever their distribution.  Raises PlanError when a formula gives no finite number.
    """
    key = stream_key(seed, PURPOSE)
    values = facts(plan)
    for row in plan["assumptions"]:
        name, kind = row.id, row["kind"]
        if pinned and name in pinned:
            values[name] = np.array([pinned[name]])
        elif kind == "claims":
            values[name] = np.asarray(pooled[name])
        elif kind == "fixed":
            values[name] = np.array([middle(row)])
        elif kind != "formula":
            values[name] = quantile(row, uniforms(key, hash64(stream_name(row)), draws))
    return with_formulas(plan, values)


def with_formulas(plan: Plan, values: Values) -> Values:
    """The values with every formula evaluated, in the order that they need each other.

    Raises PlanError when a formula gives no finite number in some draw (a division by zero).
    """
    table = plan["assumptions"]
    trees = {row.id: formulas.parse(row.text("formula")) for row in table if row["kind"] == "formula"}
    for name in formulas.order(trees):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = formulas.evaluate(trees[name], values, ArrayOperations)
        values[name] = np.atleast_1d(np.asarray(result, np.float64))
        if not np.isfinite(values[name]).all():
            raise PlanError([_not_finite(table.path, table[name])])
    return values


def varying(plan: Plan) -> list[str]:
    """Assumptions that may differ between draws, in the order of the plan: all but constants and what follows from
    constants alone.
    """
    table = plan["assumptions"]
    trees = {row.id: formulas.parse(row.text("formula")) for row in table if row["kind"] == "formula"}
    found = {row.id for row in table if row["kind"] not in ("fixed", "formula")}
    for name in formulas.order(trees):
        if found & set(formulas.names(trees[name])):
            found.add(name)
    return [row.id for row in table if row.id in found]


def _not_finite(path: str, row: Row) -> Fault:
    cell = row.cells["formula"]
    return Fault(
        path,
        cell.line or row.line,
        cell.column,
        "not-finite",
        f"the formula of {row.id} gives no finite number in some draw",
        cell.text or row.text("formula"),
        "a formula gives a finite number in every draw",
        "keep what it divides by away from 0, as with max(x, 1)",
    )


def stream_name(row: Row) -> str:
    """Assumptions of one group share one stream: they move together."""
    return f"group/{row['group']}" if row["group"] else f"assumption/{row.id}"


def number(row: Row, column: str) -> float | None:
    """A numeric cell of an assumption, or None where it is blank."""
    value = row[column]
    return None if value is None else float(value)  # type: ignore[arg-type]


def bounds(row: Row) -> tuple[float, float]:
    """The low and the high end at which a judged assumption is read; equal where it has no range."""
    low, high = number(row, "low"), number(row, "high")
    centre = middle(row)
    return (centre if low is None else low), (centre if high is None else high)


def middle(row: Row) -> float:
    """The central value: the mode where one is given, else the median (fixed, uniform, lognormal, beta)."""
    mode, low, high = (number(row, column) for column in ("mode", "low", "high"))
    if mode is not None:
        return mode
    if low is None or high is None:
        return low if low is not None else high if high is not None else 0.0
    if row["kind"] in ("lognormal", "beta"):
        return float(quantile(row, np.array([0.5]))[0])
    return (low + high) / 2


def quantile(row: Row, u: Floats) -> Floats:
    """The inverse distribution function of an assumption at ``u`` in (0, 1).

    uniform: low to high.  pert and probability: beta-PERT with weight 4 (Malcolm et al., 1959; a probability
    without a range is a constant).  lognormal and beta: ``low`` and ``high`` bound the central 90 %.
    """
    kind, low, high = row["kind"], number(row, "low"), number(row, "high")
    if low is None or high is None or low == high:
        return np.full(len(u), middle(row))
    if kind == "uniform":
        return low + u * (high - low)
    if kind == "lognormal":
        from scipy.special import ndtri

        sigma = np.log(high / low) / (2 * Z90)
        return np.sqrt(low * high) * np.exp(sigma * ndtri(u))
    from scipy.special import betaincinv

    if kind == "beta":
        alpha, beta = beta_of(low, high)
        return np.asarray(betaincinv(alpha, beta, u))
    mode = middle(row) if number(row, "mode") is not None else (low + high) / 2
    alpha = 1 + 4 * (mode - low) / (high - low)
    return low + (high - low) * np.asarray(betaincinv(alpha, 6 - alpha, u))


@cache
def beta_of(low: float, high: float) -> tuple[float, float]:
    """The beta distribution on [0, 1] whose 5 % and 95 % quantiles are ``low`` and ``high``."""
    from scipy.optimize import least_squares
    from scipy.special import betainc

    def gap(logs: Floats) -> list[float]:
        alpha, beta = np.exp(logs)
        return [float(betainc(alpha, beta, low)) - 0.05, float(betainc(alpha, beta, high)) - 0.95]

    mean, sigma = (low + high) / 2, (high - low) / (2 * Z90)
    size = max(mean * (1 - mean) / sigma**2 - 1, 0.5)
    start = np.log([mean * size, (1 - mean) * size])
    alpha, beta = np.exp(least_squares(gap, start, xtol=1e-14, ftol=1e-14, gtol=1e-14).x)
    return float(alpha), float(beta)
