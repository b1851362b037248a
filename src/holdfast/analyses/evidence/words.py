"""Words of probability: the seven terms of Intelligence Community Directive 203 (2015) and what they stand for."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A term and the range of probability that it stands for."""

    term: str
    low: float
    high: float


ICD_203 = (
    Word("almost no chance", 0.01, 0.05),
    Word("very unlikely", 0.05, 0.20),
    Word("unlikely", 0.20, 0.45),
    Word("roughly even chance", 0.45, 0.55),
    Word("likely", 0.55, 0.80),
    Word("very likely", 0.80, 0.95),
    Word("almost certain", 0.95, 0.99),
)
"""The scale; it names nothing below 1 % and above 99 %, where the outermost words are used."""


def probability_word(probability: float) -> Word:
    """The term of ICD 203 (2015) for a probability, with its range; a shared bound belongs to the higher term.

    Raises ValueError outside [0, 1].
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"not a probability: {probability}")
    return next((word for word in ICD_203 if probability < word.high), ICD_203[-1])
