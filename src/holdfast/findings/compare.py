"""Two runs side by side: paired differences on the same draws, and the inputs that differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from holdfast.findings.opened import Run
from holdfast.findings.verdict import Z95
from holdfast.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """B less A for one number, with its 95 % interval; ``paired`` when both runs saw the same draws."""

    address: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    draws: int
    paired: bool

    @property
    def distinguishable(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Change:
    """One input that differs between the two plans; None where the row or the file is missing in one."""

    address: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs."""

    a: str
    b: str
    verdict_a: str
    verdict_b: str
    requirements: tuple[Difference, ...]
    measures: tuple[Difference, ...]
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """The comparison as it stands in ``compare --json``."""

        def numbers(items: tuple[Difference, ...]) -> list[dict[str, Any]]:
            names = ("address", "a", "b", "difference", "low", "high", "draws", "paired", "distinguishable")
            return [{name: getattr(item, name) for name in names} for item in items]

        return {
            "schema_version": 1,
            "a": {"run": self.a, "verdict": self.verdict_a},
            "b": {"run": self.b, "verdict": self.verdict_b},
            "requirements": numbers(self.requirements),
            "measures": numbers(self.measures),
            "changes": [{"address": item.address, "a": item.a, "b": item.b} for item in self.changes],
        }


def compare(a: Run, b: Run) -> Comparison:
    """Compare two finished runs; numbers that only one of them has are left out."""
    paired = a.about["seed"] == b.about["seed"]
    shared = [name for name in a.columns if name in set(b.columns)]
    met = [name for name in shared if name.startswith("requirement/") and name.endswith(".met")]
    measures = [name for name in shared if name.startswith("measure/")]
    return Comparison(
        a=a.id,
        b=b.id,
        verdict_a=a.verdict,
        verdict_b=b.verdict,
        requirements=tuple(_difference(a, b, name, paired) for name in met),
        measures=tuple(_difference(a, b, name, paired) for name in measures),
        changes=(*settings(a, b), *changes(a.plan, b.plan)),
    )


def _difference(a: Run, b: Run, address: str, paired: bool) -> Difference:
    x, y = (np.asarray(run.column(address), np.float64) for run in (a, b))
    if paired:
        size = min(len(x), len(y))
        gaps = y[:size] - x[:size]
        mean, error = float(gaps.mean()), float(gaps.std()) / sqrt(size)
        x, y = x[:size], y[:size]
    else:
        size = min(len(x), len(y))
        mean = float(y.mean() - x.mean())
        error = sqrt(float(x.var()) / len(x) + float(y.var()) / len(y))
    low, high = mean - Z95 * error, mean + Z95 * error
    return Difference(address, float(x.mean()), float(y.mean()), mean, low, high, size, paired)


def settings(a: Run, b: Run) -> Iterator[Change]:
    """What the two runs were asked for differently: claims up to a day, seed, draws, program version."""
    for name in ("as_of", "seed", "draws"):
        if a.about[name] != b.about[name]:
            yield Change(f"run/{name}", _said(a.about[name]), _said(b.about[name]))
    versions = [run.about["versions"]["holdfast"] for run in (a, b)]
    if versions[0] != versions[1]:
        yield Change("run/version", *versions)


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def changes(a: Plan, b: Plan) -> Iterator[Change]:
    """Every cell that differs between two plans, by address, after overrides."""
    tables_a, tables_b = {**a.tables, **a.settings}, {**b.tables, **b.settings}
    for name in dict.fromkeys([*tables_a, *tables_b]):
        rows_a = tables_a[name].by_id if name in tables_a else {}
        rows_b = tables_b[name].by_id if name in tables_b else {}
        for row_id in dict.fromkeys([*rows_a, *rows_b]):
            if row_id not in rows_a or row_id not in rows_b:
                there = "present"
                yield Change(
                    f"{name}/{row_id}", there if row_id in rows_a else None, there if row_id in rows_b else None
                )
                continue
            row_a, row_b = rows_a[row_id], rows_b[row_id]
            for column in row_a.cells:
                if row_a[column] != row_b[column]:
                    yield Change(f"{name}/{row_id}.{column}", row_a.text(column), row_b.text(column))
