"""Reads tables of known answers, asks the analysis that owns each for ours, and compares within the tolerance."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
Answer = Mapping[str, Json]

ANALYSES = ("rotation", "evidence")
"""Modules of this package that hold a ``BOOK``, in the order of the report."""


@dataclass(frozen=True, slots=True)
class Row:
    """One known answer as published: what goes in, what should come out, and where it was read."""

    id: str
    analysis: str
    input: Mapping[str, Json]
    expected: Answer
    tolerance: Mapping[str, Json]
    kind: str  # exact | published | back_test | bracket
    source_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer beside ours."""

    id: str
    analysis: str
    expected: Answer
    ours: Answer
    tolerance: Mapping[str, Json]
    status: Literal["pass", "fail", "left_out"]
    reason: str

    def as_dict(self) -> dict[str, object]:
        """The case as it stands in ``cases --json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why no function of ours answers a case; a case that would only echo its input is left out, too."""

    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer whose pass or fail is not a comparison key by key, with what was checked."""

    ours: Answer
    passed: bool
    reason: str


Solver = Callable[[Row], Answer | Checked | LeftOut]


@dataclass(frozen=True, slots=True)
class Book:
    """The known answers of one analysis, and the function that answers each kind (by ``Row.analysis``)."""

    rows: Callable[[], Iterable[Row]]
    solvers: Mapping[str, Solver]


def run_cases(only: str = "") -> list[Case]:
    """Rerun every known answer, or those of one analysis module (``"rotation"``), in the order of the tables."""
    names = [name for name in ANALYSES if only in ("", name)]
    books: list[Book] = [import_module(f"holdfast.cases.{name}").BOOK for name in names]
    return [answer(row, book.solvers) for book in books for row in book.rows()]


def answer(row: Row, solvers: Mapping[str, Solver]) -> Case:
    """Our answer to one row, judged."""
    solver = solvers.get(row.analysis)
    found = solver(row) if solver else LeftOut(f"no analysis here computes {row.analysis}")
    if isinstance(found, LeftOut):
        return Case(row.id, row.analysis, row.expected, {}, row.tolerance, "left_out", found.reason)
    if not isinstance(found, Checked):
        apart = differences(row.expected, found, row.tolerance)
        found = Checked(found, not apart, "; ".join(apart))
    status: Literal["pass", "fail"] = "pass" if found.passed else "fail"
    return Case(row.id, row.analysis, row.expected, found.ours, row.tolerance, status, found.reason)


def differences(expected: Answer, ours: Answer, tolerance: Mapping[str, Json]) -> list[str]:
    """What of the expected answer ours does not meet; a key that ours lacks counts."""
    by_key = tolerance.get("by_key")
    own = by_key if isinstance(by_key, Mapping) else {}
    apart = []
    for key, value in expected.items():
        within = {"abs": own[key]} if key in own else tolerance
        if key not in ours or not close(value, ours[key], within):
            apart.append(f"{key}: expected {json.dumps(value)}, ours {json.dumps(ours.get(key))}")
    return apart


def close(expected: Json, ours: Json, tolerance: Mapping[str, Json]) -> bool:
    """Equal, or numbers within the absolute or the relative tolerance; lists element by element."""
    if isinstance(expected, bool | str | None) or isinstance(ours, bool | str | None):
        return expected == ours and type(expected) is type(ours)
    if isinstance(expected, int | float) and isinstance(ours, int | float):
        relative = _number(tolerance.get("rel")) * abs(expected)
        return abs(ours - expected) <= max(_number(tolerance.get("abs")), relative) + 1e-12 * abs(expected)
    if isinstance(expected, Sequence) and isinstance(ours, Sequence):
        return len(expected) == len(ours) and all(map(lambda a, b: close(a, b, tolerance), expected, ours))
    return False


def read(name: str) -> list[dict[str, str]]:
    """The rows of a table shipped in ``data``."""
    text = (files("holdfast.cases") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def read_rows(name: str) -> list[Row]:
    """The rows of a ``*_cases`` table, its JSON columns parsed."""
    parsed = ("input", "expected", "tolerance")
    rows: list[dict[str, Any]] = [
        {key: json.loads(text) if key in parsed else text for key, text in row.items()} for row in read(name)
    ]
    return [Row(**row) for row in rows]


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
