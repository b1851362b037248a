"""Arithmetic of rotation without a simulation: how many units keep a slot filled, how many a pool can keep out.

Three vocabularies write the same thing in different ways, so a ratio is never stored or printed bare: it is turned
into *units per slot*, the number of units needed to keep one unit's place filled for ever.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from holdfast.base.errors import UsageError

Number = int | float | Fraction


class Tempo(Protocol):
    """The days of a rotation policy that the closed form needs; a ``Policy`` is one."""

    @property
    def start_deployable_day(self) -> int:
        """Days at home before a unit may be sent."""

    @property
    def bog_days(self) -> int:
        """Days deployed in one tour."""

    @property
    def overlap_days(self) -> int:
        """Last days of a tour, spent handing over, that fill nothing."""

    @property
    def demobilisation_days(self) -> int:
        """Days after a tour before the clock starts again."""


def units_per_slot(deployed: Number, home: Number) -> float:
    """Units that keep one slot filled when each is ``deployed`` so long and then at ``home`` so long (same unit).

    (deployed + home) / deployed.  Source: C. Ordowich, *Considering a Cadre Augmented Army*, RAND, 2008, where 8
    months away and 24 at home take four units.  Raises UsageError when ``deployed`` is not positive.
    """
    _positive(deployed, "time deployed")
    return float((_exact(deployed) + _exact(home)) / _exact(deployed))


def units_per_slot_from_ratio(ratio: str, notation: str) -> float:
    """Units per slot of a published ratio, read as its notation means it.

    ``"US"`` ``"1:2"`` counts home periods a period away (3 units per slot), ``"DE"`` ``"1:5"`` likewise (6 units per
    slot), ``"UK"`` ``"1 in 5"`` counts the whole cycle (5 units per slot).  Sources: Ordowich 2008; German and British
    ministry usage in the press.  Raises UsageError for another notation or a ratio not written in it.
    """
    separator = {"US": ":", "DE": ":", "UK": "in"}.get(notation)
    if separator is None:
        raise UsageError(f"no such notation: {notation!r}; known: US, DE, UK")
    match = re.fullmatch(rf"\s*(\d+(?:\.\d+)?)\s*{separator}\s*(\d+(?:\.\d+)?)\s*", ratio)
    if match is None:
        raise UsageError(f"not a ratio in {notation} notation ('1 {separator} 5'): {ratio!r}")
    first, second = Fraction(match[1]), Fraction(match[2])
    if separator == "in":
        return units_per_slot(first, second - first)
    return units_per_slot(first, second)


def units_per_slot_from_shares(deployable_share: float, sustained_share: float) -> float:
    """Units per slot behind two usability targets: the share that can deploy, and the share kept deployed.

    Source: the usability targets of the alliance of 2006 (40 % deployable, 8 % sustained: five units per
    slot).  Raises UsageError when the sustained share is not positive.
    """
    _positive(sustained_share, "sustained share")
    return float(_exact(deployable_share) / _exact(sustained_share))


def reuse_days(policy: Tempo) -> int:
    """Days from sending a unit to sending it again at the earliest: tour, demobilisation, and home to the window."""
    return policy.start_deployable_day + policy.bog_days + policy.demobilisation_days


def units_needed(policy: Tempo, quantity: Number) -> int:
    """Units that keep ``quantity`` units filled for ever, were start positions perfect.

    ceil(quantity (start + BOG + demobilisation) / (BOG - overlap)).  A lower bound for a standing demand over a long
    horizon: evenly spread start positions can need several units more (:func:`holdfast.analyses.rotation.requirement`).
    Follows from the simulator's rules 2, 5 and 6.  Raises UsageError when no day of a tour is left for fill.
    """
    fill = policy.bog_days - policy.overlap_days
    _positive(fill, "BOG less overlap")
    return math.ceil(_exact(quantity) * reuse_days(policy) / fill)


@dataclass(frozen=True, slots=True)
class SteadyPool:
    """Units that rotate for ever; of a tour only ``usable_share`` counts (reserves train in the first months)."""

    units: Number
    units_per_slot: Number
    usable_share: Number = 1


@dataclass(frozen=True, slots=True)
class Sustained:
    """Units kept deployed: exactly, and in whole units, each pool rounded down before adding."""

    exact: float
    by_pool: tuple[float, ...]
    by_pool_whole: tuple[int, ...]

    @property
    def whole_units(self) -> int:
        """Whole units kept deployed."""
        return sum(self.by_pool_whole)


def sustainable_units(pools: Sequence[SteadyPool]) -> Sustained:
    """Units that pools keep deployed for ever: units / units per slot x usable share of the tour, summed.

    Source: Ordowich 2008 (48 active units at three a slot and 28 reserve units at six a slot, usable 8 of 12 months,
    sustain 19.11).  Raises UsageError when a pool has no positive units per slot.
    """
    shares = []
    for pool in pools:
        _positive(pool.units_per_slot, "units per slot")
        shares.append(_exact(pool.units) / _exact(pool.units_per_slot) * _exact(pool.usable_share))
    return Sustained(float(sum(shares)), tuple(map(float, shares)), tuple(math.floor(share) for share in shares))


def sustainable_people(people: Number, per_slot: Number) -> float:
    """People kept deployed out of a pool of deployable people: people / units per slot.

    Source: French Senate, report 548 (2008-2009): 80,000 with 4 months out in 16 keep 20,000 out.
    """
    return sustainable_units([SteadyPool(people, per_slot)]).exact


def minimum_at_home(units: int, slots: int) -> int:
    """Units left at home at the low point, when these units alone fill all slots (their reserves still train).

    Source: Ordowich 2008: 48 active units under a demand of 19 leave 29.
    """
    return max(units - slots, 0)


def start_clocks(units: int, cycle: int) -> tuple[int, ...]:
    """Clocks of a pool's units on day 0, spread evenly over the cycle: floor(i cycle / units) (rule 1)."""
    return tuple(i * cycle // units for i in range(units))


@dataclass(frozen=True, slots=True)
class UniformStart:
    """Evenly spread units, counted by state; a state is one step of the cycle."""

    units_by_state: tuple[int, ...]
    deployed_units: int


def uniform_start(units: int, cycle: int, step: int, deployed: Collection[int]) -> UniformStart:
    """How evenly spread units (:func:`start_clocks`) fall into states of ``step`` each, and how many are deployed.

    ``deployed`` holds the start of each state in which a unit is deployed.  Source: Ordowich 2008 (42 units, 56
    months, steps of 4: three in each of 14 states).  Raises UsageError when the step does not divide the cycle.
    """
    if step <= 0 or cycle % step:
        raise UsageError(f"a cycle of {cycle} does not fall into steps of {step}")
    counts = [0] * (cycle // step)
    for clock in start_clocks(units, cycle):
        counts[clock // step] += 1
    return UniformStart(tuple(counts), sum(n for i, n in enumerate(counts) if i * step in deployed))


def reserve_groups(year: int, usable_share: Number) -> float:
    """Groups of reserve units that must have been mobilised to keep one slot filled to the end of a year (0, 1, ..).

    One at the start, then one for each usable stretch: 1 + year x usable share.  Source: Ordowich 2008 (usable 8 of 12
    months: 1, 1.67, 2.33).
    """
    return float(1 + year * _exact(usable_share))


def implied_tour(person_years: Number, people_served: Number) -> float:
    """Mean tour in years behind a strength summed over time and the number of people who served.

    Little's law: strength x time = people x time each (J. D. C. Little, 1961).  Raises UsageError when nobody served.
    """
    _positive(people_served, "people who served")
    return float(_exact(person_years) / _exact(people_served))


@dataclass(frozen=True, slots=True)
class Slack:
    """Time at home that a pool gives between tours, against the time it owes; in the tour's unit of time."""

    units_per_slot: float  # what the pool has for each slot
    home: float  # time at home between tours if every slot is kept filled
    required_home: float
    slack_units: float  # units beyond those that the required time takes; negative = too few


def slack(units: int, slots: int, tour: Number, required_per_slot: Number) -> Slack:
    """What a pool has to spare when it keeps ``slots`` filled with tours of one length.

    ``required_per_slot`` are the units per slot that the time owed at home takes (two months home a month away: 3).
    Inverts :func:`units_per_slot`: home = tour (units / slots - 1).  Raises UsageError when there are no slots.
    """
    _positive(slots, "slots")
    have, owed = Fraction(units, slots), _exact(required_per_slot)
    return Slack(float(have), float(_exact(tour) * (have - 1)), float(_exact(tour) * (owed - 1)),
                 float(units - slots * owed))  # fmt: skip


def _exact(number: Number) -> Fraction:
    """A number as the fraction it was meant to be: 0.4 is two fifths."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def _positive(number: Number, what: str) -> None:
    if number <= 0:
        raise UsageError(f"{what} must be more than 0, found {number}")
