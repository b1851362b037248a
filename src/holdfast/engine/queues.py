"""Doubly linked lists over plain arrays: day buckets whose items can be withdrawn, and lists kept in order.

An item is a whole number below the length of ``links``; it is in at most one list of each ``links`` array.
``links[item]`` holds the next item, the item before it and the list it is in, -1 meaning none; in an ordered list also
the item's key, set by the caller before the item is put in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdfast.engine.compiled import entry

Ints = NDArray[np.int64]

NEXT, BEFORE, PLACE, KEY = range(4)
HEAD, TAIL = 0, 1


@entry
def put(heads: Ints, links: Ints, place: int, item: int) -> None:
    """Add an item that is in no bucket at the head of bucket ``place``; ``heads`` is [places]."""
    first = heads[place]
    links[item, NEXT] = first
    links[item, BEFORE] = -1
    links[item, PLACE] = place
    if first >= 0:
        links[first, BEFORE] = item
    heads[place] = item


@entry
def take(heads: Ints, links: Ints, item: int) -> None:
    """Take an item out of its bucket; nothing happens when it is in none."""
    place = links[item, PLACE]
    if place < 0:
        return
    after, before = links[item, NEXT], links[item, BEFORE]
    if after >= 0:
        links[after, BEFORE] = before
    if before >= 0:
        links[before, NEXT] = after
    else:
        heads[place] = after
    links[item, PLACE] = -1


@entry
def put_in_order(ends: Ints, links: Ints, place: int, item: int) -> None:
    """Add an item to list ``place`` after every item whose (key, number) is smaller; the search starts at the tail.

    ``ends`` is [places, 2] (head, tail).  Items that come in the order of their keys cost one step.
    """
    key = links[item, KEY]
    before = ends[place, TAIL]
    while before >= 0 and (links[before, KEY] > key or (links[before, KEY] == key and before > item)):
        before = links[before, BEFORE]
    after = ends[place, HEAD] if before < 0 else links[before, NEXT]
    links[item, NEXT] = after
    links[item, BEFORE] = before
    links[item, PLACE] = place
    if before >= 0:
        links[before, NEXT] = item
    else:
        ends[place, HEAD] = item
    if after >= 0:
        links[after, BEFORE] = item
    else:
        ends[place, TAIL] = item


@entry
def take_from_order(ends: Ints, links: Ints, item: int) -> None:
    """Take an item out of its ordered list; nothing happens when it is in none."""
    place = links[item, PLACE]
    if place < 0:
        return
    after, before = links[item, NEXT], links[item, BEFORE]
    if after >= 0:
        links[after, BEFORE] = before
    else:
        ends[place, TAIL] = before
    if before >= 0:
        links[before, NEXT] = after
    else:
        ends[place, HEAD] = after
    links[item, PLACE] = -1
