"""The evidence Problem: per assumption, which origins speak, how much each weighs and what each says.

Frozen tuples built from a plan; the numbers of one origin stand once, in the weight or in the wrong branch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from holdfast.analyses.evidence import forest as forests
from holdfast.analyses.evidence import shapes
from holdfast.analyses.evidence.claims import CEILING, STANCE_UNIT, VALUE_KINDS, ZERO, Claim, number, split, text
from holdfast.analyses.evidence.forest import Forest
from holdfast.analyses.evidence.pool import Ceiling, Entry, Pool, quantiles
from holdfast.analyses.evidence.shapes import Shape
from holdfast.analyses.evidence.tables import UNJUDGED, Judgements, judgements
from holdfast.base import units
from holdfast.plan.model import Plan, Ref, Row


class Status(NamedTuple):
    """What became of one claim listed by one assumption."""

    assumption: str
    claim: str
    origin: str
    status: str  # pooled | ceiling | reported | replaced | left out
    reason: str


class EvidenceProblem(NamedTuple):
    """The pools of a plan's claims-based assumptions; A assumptions and O origins, both sorted by name."""

    names: tuple[str, ...]  # [A]
    units: tuple[str, ...]  # [A]
    streams: tuple[str, ...]  # [A] random stream of the value; assumptions of one group share it
    pools: tuple[Pool, ...]  # [A]
    origins: tuple[str, ...]  # [O] origins that some pool rests on
    origin_truth: tuple[float, ...]  # [O] chance that everything holds that the pools take from the origin
    revives: tuple[bool, ...]  # [O] True: without the origin an older statement counts again
    statuses: tuple[Status, ...]  # by assumption, then claim
    reference: date  # the day from which ages are counted

    @property
    def unsupported(self) -> tuple[str, ...]:
        """Assumptions with no origin left: they use their own low, mode and high."""
        return tuple(name for name, pool in zip(self.names, self.pools, strict=True) if not pool.entries)

    def pool(self, name: str) -> Pool:
        """The pool of one assumption.  Raises ValueError for an unknown name."""
        return self.pools[self.names.index(name)]

    def quantiles(self, name: str, probabilities: Iterable[float]) -> NDArray[np.float64]:
        """Exact quantiles of the linear pool of one assumption, ceilings included.

        Raises ValueError for an unknown name or a probability outside (0, 1).
        """
        return quantiles(self.pool(name), probabilities)


def build(
    plan: Plan,
    *,
    as_of: date | None = None,
    without_origins: Collection[str] = (),
    without_sources: Collection[str] = (),
    names: Collection[str] | None = None,
) -> EvidenceProblem:
    """The pools of all claims-based assumptions of a plan in which :func:`check` finds no fault, or of ``names``.

    ``as_of`` leaves out claims dated later (a partial date counts as its last day) and is the day from which ages
    count, otherwise the day on which the plan was compiled.  ``without_sources`` are ids of ``sources.csv``.
    Raises ValueError when a name is not that of an assumption of kind claims.
    """
    wanted = claims_rows(plan, names)
    forest = forests.build(plan, as_of=as_of, without_origins=without_origins, without_sources=without_sources)
    pools = pools_of(plan, wanted, forest)
    origins = tuple(sorted({origin for pool in pools for origin in pool.origins}))
    without = {origin: pools_of(plan, wanted, forests.without_origin(forest, origin)) for origin in origins}
    return EvidenceProblem(
        names=tuple(row.id for row in wanted),
        units=tuple(text(row, "unit") for row in wanted),
        streams=tuple(f"group/{row['group']}" if text(row, "group") else f"assumption/{row.id}" for row in wanted),
        pools=tuple(pools),
        origins=origins,
        origin_truth=tuple(min(truth for pool in pools for truth in pool.truths(origin)) for origin in origins),
        revives=tuple([_less(pool, origin) for pool in pools] != without[origin] for origin in origins),
        statuses=tuple(
            status for row, pool in zip(wanted, pools, strict=True) for status in _statuses(row, forest, pool)
        ),
        reference=forest.reference,
    )


def claims_rows(plan: Plan, names: Collection[str] | None = None) -> list[Row]:
    """The assumptions of kind claims, or some of them, sorted by name.  Raises ValueError for an unknown name."""
    rows = {row.id: row for row in plan["assumptions"] if row["kind"] == "claims"}
    unknown = sorted(set(names or ()) - rows.keys())
    if unknown:
        raise ValueError(f"not an assumption of kind claims: {', '.join(unknown)}")
    return [rows[name] for name in sorted(rows) if names is None or name in names]


def pools_of(plan: Plan, rows: Iterable[Row], forest: Forest) -> list[Pool]:
    """The pool of each assumption over the claims that count in a forest."""
    tables = judgements(plan)
    return [_pool(plan, row, forest, tables) for row in rows]


def _less(pool: Pool, origin: str) -> Pool:
    """The pool as a filter on draws leaves it: without the statements of one origin."""
    return pool._replace(
        entries=tuple(entry for entry in pool.entries if entry.origin != origin),
        ceilings=tuple(ceiling for ceiling in pool.ceilings if ceiling.origin != origin),
    )


def _listed(row: Row, forest: Forest) -> list[Claim]:
    """The claims that an assumption names, sorted by id."""
    return [forest.claims[claim] for claim in sorted(set(split(text(row, "claims")))) if claim in forest.claims]


def _pool(plan: Plan, row: Row, forest: Forest, tables: Judgements) -> Pool:
    listed, own = _listed(row, forest), own_range(row)
    said = [claim for claim in listed if forest.counts(claim.id)]
    if text(row, "unit") == STANCE_UNIT:
        stances = _one_an_origin(forest, [claim for claim in said if claim.stance in tables.stances])
        return Pool(own, np.inf, _sorted(_stance_entry(forest, claim, own, tables) for claim in stances), ())
    kinds = split(text(row, "kinds")) or list(VALUE_KINDS)
    admitted = [claim for claim in said if claim.kind == ZERO or (claim.kind in kinds and claim.has_number)]
    caps = [claim for claim in said if claim.kind == CEILING and claim.high is not None]
    capacity, spread = capacity_of(plan, row, listed), number(row, "spread")
    wrong = wrong_branch(row, listed, capacity)
    return Pool(
        own,
        np.inf if capacity is None else capacity,
        _sorted(_number_entry(forest, claim, wrong, tables, spread) for claim in _one_an_origin(forest, admitted)),
        tuple(sorted(_ceiling(forest, claim, tables) for claim in _one_an_origin(forest, caps))),
    )


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entry for entry in entries if entry.weight > 0))


def _statuses(row: Row, forest: Forest, pool: Pool) -> Iterator[Status]:
    fates = {entry.claim: "pooled" for entry in pool.entries} | {cap.claim: "ceiling" for cap in pool.ceilings}
    for claim in _listed(row, forest):
        yield _status(row.id, forest, claim, fates.get(claim.id, ""))


def _status(name: str, forest: Forest, claim: Claim, fate: str) -> Status:
    reason = f"kind {claim.kind or 'blank'}"
    if not fate:
        if claim.id in forest.out:
            fate, reason = "left out", forest.out[claim.id]
        elif claim.id in forest.replaced:
            fate, reason = "replaced", f"{forest.replaced[claim.id].how} {forest.replaced[claim.id].by}"
        else:
            fate = "reported"
    return Status(name, claim.id, forest.origins[claim.id], fate, reason)


def _heard(forest: Forest, claim: Claim, tables: Judgements) -> float:
    """Authenticity times age: what the statement weighs."""
    age = max((forest.reference - claim.last_day).days, 0)
    weight = tables.authenticity(forest.reliability(claim.id)) * 0.5 ** (age / tables.pooling.half_life_days)
    return float(weight)


def _entry(forest: Forest, claim: Claim, tables: Judgements, right: Shape, wrong: Shape) -> Entry:
    grade = _grade(forest, claim)
    weight, truth = _heard(forest, claim, tables), tables.truth(claim.credibility)
    return Entry(forest.origins[claim.id], claim.id, weight, truth, right, wrong, grade, _unjudged(grade))


def _grade(forest: Forest, claim: Claim) -> str:
    return f"{forest.reliability(claim.id)}{claim.credibility}"


def _unjudged(grade: str) -> bool:
    return bool(set(grade) & set(UNJUDGED))


def _number_entry(forest: Forest, claim: Claim, wrong: Shape, tables: Judgements, spread: float | None) -> Entry:
    if claim.kind == ZERO:  # a stance, not a quantity: that it may be reversed is a willingness, not a number of troops
        return _entry(forest, claim, tables, shapes.constant(0.0), shapes.constant(0.0))
    wider = _unjudged(_grade(forest, claim))
    spread = tables.pooling.point_spread if spread is None else spread
    right = shapes.statement(claim.low, claim.high, tables.pooling, spread=spread, wider=wider)
    return _entry(forest, claim, tables, right, wrong)


def _stance_entry(forest: Forest, claim: Claim, own: Shape, tables: Judgements) -> Entry:
    stance = tables.stances[claim.stance]
    factor = tables.pooling.unjudged_spread if _unjudged(_grade(forest, claim)) else 1.0
    low, high = (stance.mode + factor * (end - stance.mode) for end in (stance.low, stance.high))
    wrong = own if stance.reversal is None else shapes.constant(stance.reversal)
    return _entry(forest, claim, tables, shapes.pert(low, stance.mode, min(high, 1.0)), wrong)


def _ceiling(forest: Forest, claim: Claim, tables: Judgements) -> Ceiling:
    cap, truth = float(claim.high or 0.0), tables.truth(claim.credibility)
    return Ceiling(forest.origins[claim.id], claim.id, cap, _heard(forest, claim, tables), truth)


def _one_an_origin(forest: Forest, claims: Iterable[Claim]) -> list[Claim]:
    """The latest of the claims of each origin; of one day, the best graded."""
    best: dict[str, Claim] = {}
    for claim in claims:
        other = best.setdefault(forest.origins[claim.id], claim)
        if _rank(forest, claim) < _rank(forest, other):
            best[forest.origins[claim.id]] = claim
    return list(best.values())


def _rank(forest: Forest, claim: Claim) -> tuple[int, int, str, str]:
    return -claim.last_day.toordinal(), claim.credibility, forest.letter(claim.id), claim.id


def own_range(row: Row) -> Shape:
    """The analyst's own range of an assumption: PERT(low, mode, high), or its one value."""
    low, mode, high = (number(row, column) for column in ("low", "mode", "high"))
    if low is None or high is None:
        known = [value for value in (mode, low, high) if value is not None]
        return shapes.constant(known[0] if known else 0.0)
    return shapes.pert(low, (low + high) / 2 if mode is None else mode, high)


def wrong_branch(row: Row, listed: Iterable[Claim], capacity: float | None) -> Shape:
    """What a quantity may be if the statement does not hold.

    A national contribution: PERT(0, own mode, capacity), with the own high end where no capacity is known.  Any other
    quantity: the assumption's own range.
    """
    if not is_contribution(listed):
        return own_range(row)
    _, top = shapes.ends(own_range(row))
    top = top if capacity is None else capacity
    mode = number(row, "mode")
    return shapes.pert(0.0, top / 2 if mode is None else mode, top)


def is_contribution(listed: Iterable[Claim]) -> bool:
    """Whether some claims are about what one nation gives."""
    return any(claim.quantity.startswith("contribution") for claim in listed)


def capacity_of(plan: Plan, row: Row, listed: Iterable[Claim]) -> float | None:
    """The most people that the nation of a contribution can send, by ``nations.csv``; None where it is not known.

    A number or a fact counts.  An assumption does not: the pool itself may stand behind it.
    """
    subjects = {claim.subject for claim in listed if claim.quantity.startswith("contribution")}
    if len(subjects) != 1 or units.parse(text(row, "unit")) != units.parse("persons"):
        return None
    nation = plan["nations"].by_id.get(subjects.pop())
    if nation is None or "max_people_deployed" not in nation.cells:
        return None
    value = nation["max_people_deployed"]
    if isinstance(value, Ref):
        fact = plan["facts"].by_id.get(value.name)
        return None if fact is None else number(fact, "value")
    return number(nation, "max_people_deployed")
