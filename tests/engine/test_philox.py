from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base import streams
from holdfast.engine.philox import philox, uniform

WORD = 2**32 - 1
LONG = 2**64 - 1

# Known answers of the authors' library (Random123, kat_vectors, "philox4x32 10"): counter, key, first two words.
KNOWN = [
    ((0, 0, 0, 0), 0, (0x6627E8D5, 0xE169C58D)),
    ((WORD, WORD, WORD, WORD), LONG, (0x408F276D, 0x41C83B0E)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        0x299F31D0_A4093822,
        (0xD16CFE09, 0x94FDCCEB),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_a_block_has_the_published_known_answer(
    counter: tuple[int, int, int, int], key: int, words: tuple[int, int]
) -> None:
    a, b, c, d = (np.uint64(word) for word in counter)
    found = philox(a, b, c, d, np.uint64(key))
    assert tuple(int(word) for word in found) == words


@given(
    st.integers(0, LONG),
    st.integers(0, LONG),
    st.integers(0, WORD),
    st.integers(0, 2**20 - 1),
    st.integers(0, 2**12 - 1),
)
def test_a_number_equals_that_of_the_plain_stream_bit_for_bit(
    key: int, stream: int, draw: int, unit: int, index: int
) -> None:
    ours = uniform(np.uint64(key), np.uint64(stream), draw, unit, index)
    assert float(ours) == float(streams.uniforms(key, stream, draw, unit, index))
    assert 0.0 < ours < 1.0


@pytest.mark.jit
def test_many_numbers_are_spread_evenly_over_the_unit_interval() -> None:
    key, stream = np.uint64(streams.stream_key(1, "test")), np.uint64(streams.hash64("pool"))
    numbers = [uniform(key, stream, draw, unit, 0) for draw in range(200) for unit in range(100)]
    counts = np.histogram(numbers, bins=20, range=(0.0, 1.0))[0]
    expected = len(numbers) / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8  # chi-squared, 19 degrees of freedom, 0.1 %
