"""Random numbers as a pure function of (seed, purpose, stream, draw, unit, index).

Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011, "Parallel random numbers: as easy as 1, 2, 3").  Counter-based:
no state, no order, so the same draw sees the same weather in every alternative and on any number of workers.

The key is a hash of the seed and the purpose.  The counter holds the draw, the unit number with the index, and the
stream, which is a hash of a name (an assumption, a pool), never of a position in a table.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10
MASK = 0xFFFFFFFF
INDEX_BITS = 12
"""A counter word holds the unit number above these bits and the index (a cycle, a visit) in them."""

Words = tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]


def hash64(text: str) -> int:
    """A 64-bit hash of a text, the same on every machine and in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little")


def stream_key(seed: int, purpose: str) -> int:
    """The 64-bit Philox key for one purpose under one seed."""
    return hash64(f"{seed}|{purpose}")


def philox(counter: Words, key: int) -> Words:
    """One Philox4x32-10 block for each counter; words are uint64 arrays holding 32-bit values, broadcast together."""
    mask = np.uint64(MASK)
    c0, c1, c2, c3 = (np.asarray(word, np.uint64) for word in counter)
    k0, k1 = key & MASK, key >> 32
    for _ in range(ROUNDS):
        p0, p1 = np.uint64(M0) * c0, np.uint64(M1) * c2
        c0, c1, c2, c3 = (
            (p1 >> np.uint64(32)) ^ c1 ^ np.uint64(k0),
            p1 & mask,
            (p0 >> np.uint64(32)) ^ c3 ^ np.uint64(k1),
            p0 & mask,
        )
        k0, k1 = (k0 + W0) & MASK, (k1 + W1) & MASK
    return c0, c1, c2, c3


def uniforms(
    key: int,
    stream: int,
    draws: NDArray[np.integer] | int,
    unit: NDArray[np.integer] | int = 0,
    index: NDArray[np.integer] | int = 0,
) -> NDArray[np.float64]:
    """Uniform numbers in the open interval (0, 1), one for each element of the broadcast arguments.

    ``key`` comes from :func:`stream_key`, ``stream`` from :func:`hash64`; ``unit`` < 2**20, ``index`` < 2**12,
    ``draws`` < 2**32.
    """
    c0 = np.asarray(draws, np.uint64)
    c1 = (np.asarray(unit, np.uint64) << np.uint64(INDEX_BITS)) + np.asarray(index, np.uint64)
    c2, c3 = np.uint64(stream & MASK), np.uint64(stream >> 32)
    a, b, _, _ = philox(tuple(np.broadcast_arrays(c0, c1, c2, c3)), key)  # type: ignore[arg-type]
    whole = (a >> np.uint64(5)) * np.uint64(67108864) + (b >> np.uint64(6))
    return (whole.astype(np.float64) + 0.5) / 9007199254740992.0
