"""What was drawn: the value of every claims-based assumption, and whose word it rests on, draw by draw.

Light: no compiled code and no distribution is imported here, so that reports and ``why`` can read outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

OWN = -1
"""In ``chosen_origin``: no origin was left, the assumption's own range was used."""

LEAST_DRAWS = 400
"""Fewer draws than this do not answer for the plan without an origin."""


class EvidenceOutcome(NamedTuple):
    """D draws, A assumptions, O origins; columns are in the order of ``names`` and ``origins``."""

    names: tuple[str, ...]
    origins: tuple[str, ...]
    values: Mapping[str, NDArray[np.float64]]  # by name, each [D]
    chosen_origin: NDArray[np.int32]  # [D, A] index into origins of the one believed in this draw; OWN = none left
    held: NDArray[np.bool_]  # [D, A] whether the statement believed holds (the value is from its right branch)
    origin_right: NDArray[np.bool_]  # [D, O] whether everything holds that the pools take from the origin
    used: NDArray[np.bool_]  # [D, O] whether the draw rests on the origin anywhere: believed, or its ceiling stood
    unsupported: tuple[str, ...]  # assumptions with no origin left


class Without(NamedTuple):
    """The draws that answer for the plan without one origin."""

    mask: NDArray[np.bool_]  # [D] draws that rest on the origin nowhere
    kept: int
    rerun: bool  # True: too few draws are left, or the forest changes; run the same draws again without the origin


def without_origin(outcome: EvidenceOutcome, origin: str, *, revives: bool) -> Without:
    """Leave one origin out: the draws that used it nowhere, and whether they are enough.

    ``revives`` is that of the Problem: without the origin an older statement counts again.  Raises ValueError for an
    origin on which nothing rests.
    """
    mask = ~outcome.used[:, outcome.origins.index(origin)]
    kept = int(mask.sum())
    return Without(mask, kept, revives or kept < LEAST_DRAWS)
