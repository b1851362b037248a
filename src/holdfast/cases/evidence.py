"""Known answers of evidence: pools, opinions, effective numbers, words of probability, grades and origins.

The rows that name claims read the claims of the shipped reassurance plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from holdfast.cases.runner import Answer, Book, LeftOut, Row, Solver, read_rows

if TYPE_CHECKING:
    from holdfast.analyses.evidence.claims import Claim, Source


def rows() -> list[Row]:
    """The published rows."""
    return read_rows("evidence_cases")


def opinion_fusion(row: Row) -> Answer | LeftOut:
    """Independent opinions fused by adding up their evidence."""
    from holdfast.analyses.evidence.opinions import opinion_fusion as fused

    given: Mapping[str, Any] = row.input
    if given["rule"] != "cumulative":
        return LeftOut(f"no {given['rule']} fusion here")
    opinion = fused([(r, s) for r, s in given["evidence"]], given["W"])
    return {
        "belief": opinion.belief,
        "disbelief": opinion.disbelief,
        "uncertainty": opinion.uncertainty,
        "equal_evidence": list(opinion.evidence),
    }


def pool(row: Row) -> Answer:
    """A linear or a logarithmic pool of probabilities."""
    from holdfast.analyses.evidence.opinions import linear_pool, log_pool

    given: Mapping[str, Any] = row.input
    weights = None if given["weights"] == "equal" else given["weights"]
    pooled = {"linear": linear_pool, "log": log_pool}[given["rule"]]
    return {"p": pooled(given["p"], weights)}


def effective_n(row: Row) -> Answer:
    """What correlated voices are worth."""
    from holdfast.analyses.evidence.opinions import effective_n as effective

    given: Mapping[str, Any] = row.input
    return {"n_eff": effective(given["n"], given["rho"])}


def probability_words(row: Row) -> Answer | LeftOut:
    """The word for a probability, with its range."""
    from holdfast.analyses.evidence.words import probability_word

    given: Mapping[str, Any] = row.input
    if given["scale"] != "ICD 203":
        return LeftOut(f"no scale {given['scale']} here")
    return dict(probability_word(given["p"])._asdict())


def grade_warning(row: Row) -> Answer:
    """Which grades have letter and number two or more steps apart."""
    from holdfast.analyses.evidence.tables import grade_warning as warns

    given: Mapping[str, Any] = row.input
    return {"warn": [warns(grade) for grade in given["grades"]]}


@cache
def reference() -> tuple[Mapping[str, Claim], Mapping[str, Source]]:
    """Claims and sources of the shipped reassurance plan."""
    from holdfast.analyses.evidence.claims import read_claims, read_sources
    from holdfast.plan.load import load

    with as_file(files("holdfast") / "plans" / "reassurance") as folder:
        plan = load(folder)
    return read_claims(plan), read_sources(plan)


def independent_roots(row: Row) -> Answer:
    """How many origins stand behind some claims of the reference plan."""
    from holdfast.analyses.evidence.claims import independent_origins

    return {"independent_origins": len(independent_origins(reference()[0], _claims(row)))}


def relay_count(row: Row) -> Answer:
    """How many outlets repeat how many origins, in the reference plan."""
    from holdfast.analyses.evidence.forest import relay_count as count

    return dict(count(*reference(), _claims(row))._asdict())


def _claims(row: Row) -> Sequence[str]:
    given: Mapping[str, Any] = row.input
    return [str(claim) for claim in given["claims"]]


SOLVERS: Mapping[str, Solver] = {
    "opinion_fusion": opinion_fusion,
    "pool": pool,
    "effective_n": effective_n,
    "probability_words": probability_words,
    "grade_warning": grade_warning,
    "independent_roots": independent_roots,
    "relay_count": relay_count,
}

BOOK = Book(rows, SOLVERS)
