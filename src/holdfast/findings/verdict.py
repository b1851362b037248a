"""The verdict: holds, fails or undecided, with the band of chance and the band of judgement.

Sampling error: Wilson (1927) score interval for a share of independent draws.  Judgement: the range of that share
when each judged assumption in turn is read at its low and at its high end, on the same draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"
Z95 = 1.959963984540054
ASKED_TOO_LITTLE, UNTRACED = -1, -2
"""Breach codes without a task: every task is filled and the plan still asks for less; no task is to blame."""


def wilson(successes: int, draws: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for a share; (0, 1) when there are no draws.

    Source: E. B. Wilson, 1927, "Probable inference, the law of succession, and statistical inference".
    """
    if draws == 0:
        return 0.0, 1.0
    share = successes / draws
    middle = share + z * z / (2 * draws)
    half = z * sqrt(share * (1 - share) / draws + z * z / (4 * draws * draws))
    whole = 1 + z * z / draws
    low, high = max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
    return (low if successes else 0.0), (high if successes < draws else 1.0)


def status(required: float, sampling: tuple[float, float], judgement: tuple[float, float]) -> str:
    """``holds`` when both bands lie at or above what is required, ``fails`` when both lie below, else ``undecided``."""
    low, high = min(sampling[0], judgement[0]), max(sampling[1], judgement[1])
    if low >= required:
        return HOLDS
    return FAILS if high < required else UNDECIDED


def overall(statuses: Sequence[str]) -> str:
    """The plan's verdict: any failure fails it, else any doubt leaves it undecided."""
    if FAILS in statuses:
        return FAILS
    return UNDECIDED if UNDECIDED in statuses or not statuses else HOLDS


@dataclass(frozen=True, slots=True)
class Move:
    """How far an assumption moves a number: its mean in the assumption's top third less that in its bottom third.

    For a requirement the number is whether it is met, so its mean is P(met).

    ``distinguishable`` is false within twice the standard error of that difference.
    """

    name: str
    move: float
    standard_error: float

    @property
    def distinguishable(self) -> bool:
        """Whether the move is told apart from chance."""
        return abs(self.move) > 2 * self.standard_error


def moves(numbers: NDArray[np.generic], assumptions: Mapping[str, NDArray[np.float64]]) -> tuple[Move, ...]:
    """Every assumption's move on a number of each draw, the largest first; constant assumptions are left out."""
    found = []
    for name, values in assumptions.items():
        low, high = np.quantile(values, [1 / 3, 2 / 3])
        bottom, top = (np.asarray(numbers[chosen], np.float64) for chosen in (values <= low, values >= high))
        if low == high or not len(bottom) or not len(top):
            continue
        error = sqrt(float(top.var()) / len(top) + float(bottom.var()) / len(bottom))
        found.append(Move(name, float(top.mean()) - float(bottom.mean()), error))
    return tuple(sorted(found, key=lambda move: (-abs(move.move), move.name)))


@dataclass(frozen=True, slots=True)
class Break:
    """What broke first, most often: a cause at the earliest breach, with its share of the failing draws."""

    what: str  # address of the task, or of the measure where no task is to blame
    cause: str
    share: float
    median_day: int


@dataclass(frozen=True, slots=True)
class RequirementFinding:
    """One requirement with its probability, its bands, its status and what breaks it first."""

    id: str
    title: str
    measure: str
    component: str
    given: str
    required: float
    probability: float
    low: float
    high: float
    judgement_low: float
    judgement_high: float
    status: str
    breaks_first: Break | None
    assumptions: tuple[Move, ...] = ()
    judged_by: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # P(met) at low and high end


def breaks_first(
    names: Sequence[str], causes: Sequence[str], codes: NDArray[np.int32], days: NDArray[np.int32]
) -> Break | None:
    """The most frequent breach among failing draws.

    ``codes`` [failing draws] = task index x 16 + cause index, ASKED_TOO_LITTLE or UNTRACED; ``days`` [failing draws]
    the breach days; ties go to the lower code.  None where no draw fails, or none can be traced to a task.
    """
    traced = codes != UNTRACED
    if not traced.any():
        return None
    everything, codes, days = len(codes), codes[traced], days[traced]
    found, counts = np.unique(codes, return_counts=True)
    code = int(found[np.argmax(counts)])
    share, day = float(counts.max() / everything), int(np.median(days[codes == code]))
    if code == ASKED_TOO_LITTLE:
        return Break("", "", share, day)
    return Break(names[code >> 4], causes[code & 15], share, day)
