"""The linked lists against plain Python lists that do the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from holdfast.engine.queues import BEFORE, HEAD, KEY, NEXT, PLACE, TAIL, put, put_in_order, take, take_from_order

ITEMS, PLACES = 8, 3
Ints = NDArray[np.int64]

moves = st.lists(st.tuples(st.integers(0, ITEMS - 1), st.integers(0, PLACES - 1), st.integers(0, 4)), max_size=40)


def links() -> Ints:
    array = np.zeros((ITEMS, 4), np.int64)
    array[:, PLACE] = -1
    return array


def walk(first: int, array: Ints, way: int) -> list[int]:
    found = []
    while first >= 0:
        found.append(int(first))
        first = array[first, way]
    return found


@given(moves)
def test_a_bucket_gives_back_what_was_put_in_last_first_and_lets_any_item_go(steps: list[tuple[int, int, int]]) -> None:
    heads, array = np.full(PLACES, -1, np.int64), links()
    expected: list[list[int]] = [[] for _ in range(PLACES)]
    for item, place, _ in steps:
        take(heads, array, item)
        inside = [bucket for bucket in expected if item in bucket]
        for bucket in inside:
            bucket.remove(item)
        if not inside:
            put(heads, array, place, item)
            expected[place].insert(0, item)
        assert [walk(heads[p], array, NEXT) for p in range(PLACES)] == expected


@given(moves)
def test_an_ordered_list_stays_in_order_of_key_and_number_both_ways(steps: list[tuple[int, int, int]]) -> None:
    ends, array = np.full((PLACES, 2), -1, np.int64), links()
    expected: list[list[tuple[int, int]]] = [[] for _ in range(PLACES)]
    for item, place, key in steps:
        take_from_order(ends, array, item)
        inside = [row for row in expected if item in [number for _, number in row]]
        for row in inside:
            row[:] = [pair for pair in row if pair[1] != item]
        if not inside:
            array[item, KEY] = key
            put_in_order(ends, array, place, item)
            expected[place] = sorted([*expected[place], (key, item)])
        for p in range(PLACES):
            numbers = [number for _, number in expected[p]]
            assert walk(ends[p, HEAD], array, NEXT) == numbers
            assert walk(ends[p, TAIL], array, BEFORE) == numbers[::-1]


def test_taking_an_item_that_is_in_no_list_changes_nothing() -> None:
    heads, ends, array = np.full(PLACES, -1, np.int64), np.full((PLACES, 2), -1, np.int64), links()
    put(heads, array, 1, 4)
    take(heads, array, 5)
    take_from_order(ends, array, 5)
    assert walk(heads[1], array, NEXT) == [4]
    assert (ends == -1).all()
