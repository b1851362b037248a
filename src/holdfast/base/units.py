"""Units of measure as products of named units, so that formulas can be checked; nothing is converted.

``persons/unit``, ``GBP million/year``, ``person-days`` and ``USD per person-month`` are units; products and quotients
run from the left.  A name and its plural are one unit; ``troops``, ``soldiers``, ``personnel`` and ``people`` are
persons; ``share``, ``ratio``, ``probability``, ``1`` and blank have no dimension.  Hours are not days: two units of one
kind are two units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SYNONYMS = {
    "troop": "person", "soldier": "person", "people": "person", "personnel": "person", "head": "person",
    "share": "", "ratio": "", "probability": "", "1": "", "": "", "dimensionless": "",
    "hr": "hour", "h": "hour", "km": "km", "kilometre": "km", "t": "tonne", "bn": "battalion",
    "%": "percent", "flying hour": "flight hour",
}  # fmt: skip
_PLURALS = {
    "person": "persons", "unit": "units", "day": "days", "battalion": "battalions", "brigade": "brigades",
    "hour": "hours", "year": "years", "month": "months", "tonne": "tonnes", "flight hour": "flight hours",
    "nation": "nations", "division": "divisions",
}  # fmt: skip
_NO_PLURAL = frozenset({"series", "gas", "personnel"})
_NAME = re.compile(r"(?:1|%|[^\W\d_][\w %]*)(?:\^(-?\d))?\Z")


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of named units; ``powers`` is sorted and holds no zero."""

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return _product(self.powers + other.powers)

    def __truediv__(self, other: Unit) -> Unit:
        return _product(self.powers + tuple((name, -power) for name, power in other.powers))

    def __str__(self) -> str:
        above = [
            _shown(name, power, index == 0)
            for index, (name, power) in enumerate((name, power) for name, power in self.powers if power > 0)
        ]
        below = [_shown(name, -power, False) for name, power in self.powers if power < 0]
        top = "*".join(above) or "1"
        return "/".join([top, *below])


ONE = Unit()
"""The unit of shares, ratios and probabilities."""


def parse(text: str) -> Unit:
    """The unit that a text names.  Raises ValueError when the text is no product or quotient of names."""
    pieces = re.split(r"(/|[*·×]|\bper\b)", text.strip())
    unit = _factor(pieces[0], text)
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        unit = unit / _factor(piece, text) if sign in ("/", "per") else unit * _factor(piece, text)
    return unit


def _factor(piece: str, text: str) -> Unit:
    """Names joined by hyphens bind before the rest: ``USD/person-month`` is USD over (persons times months)."""
    factor = ONE
    for name in re.split(r"(?<=\w)-(?=[^\W\d])", piece):
        factor = factor * _named(name, text)
    return factor


def _named(name: str, text: str) -> Unit:
    name = " ".join(name.split())
    if not name:
        if text.strip():
            raise ValueError(f"not a unit: {text!r}")
        return ONE
    match = _NAME.match(name)
    if match is None:
        raise ValueError(f"not a unit: {text!r}")
    power = int(match[1]) if match[1] else 1
    base = _canonical(name.partition("^")[0].strip())
    return Unit(((base, power),)) if base and power else ONE


def _canonical(name: str) -> str:
    lower = name if name[:3].isupper() else name.lower()
    if lower in _SYNONYMS:
        return _SYNONYMS[lower]
    if len(lower) > 3 and lower.endswith("s") and not lower.endswith("ss") and lower not in _NO_PLURAL:
        lower = lower[:-1]
    return _SYNONYMS.get(lower, lower)


def _product(powers: tuple[tuple[str, int], ...]) -> Unit:
    total: dict[str, int] = {}
    for name, power in powers:
        total[name] = total.get(name, 0) + power
    return Unit(tuple(sorted((name, power) for name, power in total.items() if power)))


def _shown(name: str, power: int, plural: bool) -> str:
    shown = _PLURALS.get(name, name) if plural else name
    return shown if power == 1 else f"{shown}^{power}"
