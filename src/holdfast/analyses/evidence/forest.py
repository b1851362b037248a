"""Which statements count: filters by date and by hand, then one current statement an origin and topic.

Nothing here knows of numbers and weights: :mod:`problem` pools what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from holdfast.analyses.evidence.claims import (
    DROPPED,
    VALUE_KINDS,
    ZERO,
    Claim,
    Source,
    ancestors,
    independent_origins,
    origin_of,
    outlets,
    read_claims,
    read_sources,
)
from holdfast.analyses.evidence.tables import LETTERS, UNJUDGED, grade_gap
from holdfast.plan.model import Plan


class Replaced(NamedTuple):
    """Why a statement no longer counts: the claim that replaces it, and how."""

    by: str
    how: str  # supersedes | later, same origin | later, same body | same day, same origin | relay of


_REPEATED = ("same day, same origin", "relay of")


@dataclass(frozen=True, slots=True)
class Forest:
    """All claims of a plan, those that count under the filters, and what became of the rest."""

    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    origins: Mapping[str, str]  # claim -> the origin that it goes back to
    out: Mapping[str, str]  # claim -> why it is left out: later than as-of, origin left out, source left out
    reference: date  # the day from which ages are counted
    voices: Mapping[tuple[str, str, str], tuple[str, ...]]  # (origin, subject, quantity) -> its claims
    replaced: Mapping[str, Replaced] = field(default_factory=dict)

    def counts(self, claim_id: str) -> bool:
        """Whether a claim is neither left out nor replaced."""
        return claim_id not in self.out and claim_id not in self.replaced

    def carriers(self, claim_id: str) -> tuple[str, ...]:
        """Available claims of the same origin on the same topic: the outlets that vouch for the statement."""
        voice = (self.origins[claim_id], *self.claims[claim_id].topic)
        return tuple(other for other in self.voices[voice] if other not in self.out)

    def reliability(self, claim_id: str) -> str:
        """The best letter among the outlets that carry the statement; F only when none of them can be judged."""
        letters = {self.letter(other) for other in self.carriers(claim_id)}
        return min(letters - set(UNJUDGED), default="F")

    def letter(self, claim_id: str) -> str:
        """The reliability of the outlet in which one claim was read."""
        source = self.sources.get(self.claims[claim_id].source)
        return "F" if source is None or source.reliability not in LETTERS else source.reliability


def build(
    plan: Plan,
    *,
    as_of: date | None = None,
    without_origins: Collection[str] = (),
    without_sources: Collection[str] = (),
) -> Forest:
    """The claims of a plan as they stood on a day, perhaps without some origins or outlets (ids of sources).

    Origins are traced on all claims: an origin dies only with the last outlet that carries it.
    """
    claims = read_claims(plan)
    origins = {claim_id: origin_of(claims, claim_id) for claim_id in claims}
    out = {}
    for claim_id, claim in claims.items():
        if as_of is not None and claim.last_day > as_of:
            out[claim_id] = "later than as-of"
        elif origins[claim_id] in without_origins:
            out[claim_id] = "origin left out"
        elif claim.source in without_sources:
            out[claim_id] = "source left out"
    voices: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for claim_id, claim in claims.items():
        voice = (origins[claim_id], *claim.topic)
        voices[voice] = (*voices.get(voice, ()), claim_id)
    return _grown(Forest(claims, read_sources(plan), origins, out, as_of or plan.compiled, voices))


def without_origin(forest: Forest, origin: str) -> Forest:
    """The same claims without one more origin; statements that it had replaced count again."""
    more = {claim_id: "origin left out" for claim_id, found in forest.origins.items() if found == origin}
    return _grown(replace(forest, out={**more, **forest.out}))


def _grown(forest: Forest) -> Forest:
    return replace(forest, replaced=_replaced(forest))


def _replaced(forest: Forest) -> dict[str, Replaced]:
    """Explicit supersession first, then the latest statement inside each origin, then that of each named body."""
    available = [claim for claim in forest.claims.values() if claim.id not in forest.out]
    found: dict[str, Replaced] = {}
    for claim in available:
        for old in claim.supersedes:
            if old in forest.claims and old != claim.id:
                for fallen in _falls_with(forest, forest.claims[old], claim):
                    found.setdefault(fallen, Replaced(claim.id, "supersedes"))
    groups: dict[tuple[str, ...], list[Claim]] = {}
    for claim in available:
        if claim.id not in found:
            groups.setdefault((forest.origins[claim.id], *claim.topic, _sort_of(claim)), []).append(claim)
    for group in groups.values():
        found.update(_within_origin(group, forest.sources))
    bodies: dict[tuple[str, ...], list[Claim]] = {}
    for claim in available:
        if claim.body and claim.id not in found:
            bodies.setdefault((claim.body, *claim.topic, claim.kind), []).append(claim)
    for group in bodies.values():
        last = max(group, key=lambda claim: (claim.last_day, claim.id))
        for claim in group:
            if claim.last_day < last.last_day:
                for fallen in _falls_with(forest, claim, last):
                    found.setdefault(fallen, Replaced(last.id, "later, same body"))
    return found


def _falls_with(forest: Forest, old: Claim, new: Claim) -> Iterable[str]:
    """The claims that carry a replaced statement: itself, its relays, and what its origin had said until then."""
    own = forest.origins[old.id] == forest.origins[new.id]  # inside one origin its dates decide about the rest
    for other in forest.voices[(forest.origins[old.id], *old.topic)]:
        claim = forest.claims[other]
        if other in forest.out or other == new.id or _sort_of(claim) != _sort_of(old):
            continue
        if old.id in ancestors(forest.claims, other) or (not own and claim.last_day <= old.last_day):
            yield other


def _sort_of(claim: Claim) -> str:
    """Statements of one sort replace one another inside an origin; a ceiling stands beside a number."""
    return "value" if claim.kind in (*VALUE_KINDS, ZERO, DROPPED) else claim.kind


def _within_origin(group: list[Claim], sources: Mapping[str, Source]) -> Iterable[tuple[str, Replaced]]:
    own = [claim for claim in group if not claim.derived_from]

    def better(claim: Claim) -> tuple[int, str, str]:
        letter = sources[claim.source].reliability if claim.source in sources else "F"
        return claim.credibility, letter, claim.id

    last_day = max(claim.last_day for claim in own or group)
    best = min((claim for claim in own or group if claim.last_day == last_day), key=better)
    for claim in group:
        if own and claim.derived_from:
            yield claim.id, Replaced(best.id, "relay of")
        elif claim.last_day < last_day:
            yield claim.id, Replaced(best.id, "later, same origin")
        elif claim is not best and claim.kind:  # words of one day need not be about the same thing
            yield claim.id, Replaced(best.id, "same day, same origin")


class FalseConsensus(NamedTuple):
    """Several outlets, one origin: no confirmation."""

    origin: str
    subject: str
    quantity: str
    claims: tuple[str, ...]
    outlets: tuple[str, ...]


def false_consensus(forest: Forest) -> tuple[FalseConsensus, ...]:
    """Topics on which several outlets repeat what a single origin says, sorted by origin; older statements apart."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for claim_id, claim in forest.claims.items():
        older = claim_id in forest.replaced and forest.replaced[claim_id].how not in _REPEATED
        if claim_id not in forest.out and not older:
            groups.setdefault((forest.origins[claim_id], *claim.topic), []).append(claim_id)
    found = [
        FalseConsensus(*key, tuple(ids), outlets(forest.claims, forest.sources, ids))
        for key, ids in sorted(groups.items())
    ]
    return tuple(entry for entry in found if len(entry.outlets) > 1)


class Contradiction(NamedTuple):
    """Two claims that cannot both be right, in the order of their ids."""

    first: str
    second: str
    origins: tuple[str, str]
    same_topic: bool  # same subject and quantity: one pool can settle it draw by draw
    standing: tuple[str, ...]  # those of the two that nothing has replaced


def contradictions(forest: Forest) -> tuple[Contradiction, ...]:
    """Every pair marked as contradicting, among the claims that are not left out."""
    pairs = {
        (min(claim.id, other), max(claim.id, other))
        for claim in forest.claims.values()
        for other in claim.contradicts
        if other in forest.claims and not {claim.id, other} & forest.out.keys()
    }
    return tuple(
        Contradiction(
            first,
            second,
            (forest.origins[first], forest.origins[second]),
            forest.claims[first].topic == forest.claims[second].topic,
            tuple(claim for claim in (first, second) if forest.counts(claim)),
        )
        for first, second in sorted(pairs)
    )


class GradeGap(NamedTuple):
    """A claim whose letter and number stand two or more steps apart."""

    claim: str
    grade: str
    gap: int


def grade_gaps(forest: Forest) -> tuple[GradeGap, ...]:
    """Claims whose grades readers will take in different ways, for one table; F and 6 are not judged."""
    found = []
    for claim_id, claim in forest.claims.items():
        grade = f"{forest.letter(claim_id)}{claim.credibility}"
        gap = grade_gap(grade)
        if claim_id not in forest.out and gap is not None and gap >= 2:
            found.append(GradeGap(claim_id, grade, gap))
    return tuple(found)


class RelayCount(NamedTuple):
    """How many outlets repeat how many voices."""

    outlets: int
    independent_origins: int


def relay_count(claims: Mapping[str, Claim], sources: Mapping[str, Source], ids: Iterable[str]) -> RelayCount:
    """How many outlets carry some claims, and from how many independent origins they come."""
    listed = tuple(ids)
    return RelayCount(len(outlets(claims, sources, listed)), len(independent_origins(claims, listed)))
