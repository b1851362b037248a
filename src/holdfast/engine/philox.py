"""Philox4x32-10 inside compiled kernels: one uniform number a call, equal bit for bit to :mod:`holdfast.base.streams`.

Salmon, Moraes, Dror and Shaw, 2011, "Parallel random numbers: as easy as 1, 2, 3".  The words are uint64 holding 32
bits, so that the same code runs interpreted without an overflow.
"""

from __future__ import annotations

import numpy as np

from holdfast.base import streams
from holdfast.engine.compiled import entry

M0, M1 = np.uint64(streams.M0), np.uint64(streams.M1)
W0, W1 = np.uint64(streams.W0), np.uint64(streams.W1)
MASK = np.uint64(streams.MASK)
ROUNDS = streams.ROUNDS
INDEX_BITS = np.uint64(streams.INDEX_BITS)
HIGH = np.uint64(32)
DROP_A, DROP_B = np.uint64(5), np.uint64(6)
SHIFT = np.uint64(67108864)


@entry
def philox(c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, key: np.uint64) -> tuple[np.uint64, np.uint64]:
    """The first two 32-bit words of the Philox block of one counter; every argument and result is uint64."""
    k0, k1 = key & MASK, key >> HIGH
    for _ in range(ROUNDS):
        p0, p1 = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (p1 >> HIGH) ^ c1 ^ k0, p1 & MASK, (p0 >> HIGH) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return c0, c1


@entry
def uniform(key: np.uint64, stream: np.uint64, draw: int, unit: int, index: int) -> float:
    """The uniform number in (0, 1) of ``base.streams.uniforms`` for one draw, unit and index.

    ``key`` and ``stream`` are uint64; ``draw`` < 2**32, ``unit`` < 2**20 and ``index`` < 2**12 are integers.
    """
    word = (np.uint64(unit) << INDEX_BITS) + np.uint64(index)
    a, b = philox(np.uint64(draw), word, stream & MASK, stream >> HIGH, key)
    whole = (a >> DROP_A) * SHIFT + (b >> DROP_B)
    return (np.float64(whole) + 0.5) / 9007199254740992.0
