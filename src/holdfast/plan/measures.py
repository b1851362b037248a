"""The measures that a requirement can name: what a plan may ask of a run."""

from __future__ import annotations

from typing import NamedTuple


class Measure(NamedTuple):
    """A registered number of an outcome; ``daily`` ones have a value for every day, the others one for the horizon.

    ``by`` holds the parts that it can be read for, beside the whole.
    """

    name: str
    unit: str
    daily: bool
    by: tuple[str, ...]
    meaning: str


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("people_in_place", "persons", True, ("component",), "People that count as fill"),
        Measure("combat_battalions_in_place", "battalions", True, ("component",), "Combat battalions in it"),
        Measure("fill_share", "share", True, ("component",), "Units that count as fill as a share of units wanted"),
        Measure("missed_unit_days", "unit-days", False, ("component",), "Units wanted and not there, summed over days"),
        Measure("first_missed_day", "days", False, ("component",), "First day on which any task is short"),
        Measure("longest_gap_days", "days", False, ("component",), "Longest run of days on which a task is short"),
        Measure("broken_dwell_share", "share", False, ("nation",), "Share of tours begun before the least dwell"),
        Measure("people_deployed", "persons", False, ("nation",), "Mean people deployed, handovers counted in"),
        Measure("bog_days", "unit-days", False, ("nation",), "Unit-days deployed, handovers counted in"),
        Measure("tours", "1", False, ("nation",), "Tours begun"),
    )
}
