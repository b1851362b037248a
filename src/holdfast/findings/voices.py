"""Who still speaks for each assumption that rests on claims: how many voices, in how many outlets."""

from __future__ import annotations

from typing import Any

from holdfast.analyses.evidence.problem import EvidenceProblem, Status
from holdfast.plan.model import Plan

REPEATS = ("relay of", "same day, same origin")
"""Why a claim is not pooled although it says what a pooled one says."""


def voices(plan: Plan, evidence: EvidenceProblem) -> dict[str, dict[str, Any]]:
    """By assumption: the origins left, the outlets that carry them, and a sentence where that should give pause.

    ``origins`` that give a number, sorted; ``ceilings`` of origins that only say "no more than"; ``outlets`` in which
    either was read; ``false_consensus`` when there are more outlets than voices; ``note`` blank when nothing is odd.
    """
    found = {}
    for name, pool in zip(evidence.names, evidence.pools, strict=True):
        origins = sorted({entry.origin for entry in pool.entries})
        ceilings = sorted({ceiling.origin for ceiling in pool.ceilings} - set(origins))
        carried = [item for item in evidence.statuses if item.assumption == name and _is_heard(item)]
        outlets = sorted({_outlet(plan, item.claim) for item in carried if item.origin in pool.origins})
        found[name] = {
            "origins": origins,
            "ceilings": ceilings,
            "voices": len(origins),
            "outlets": outlets,
            "false_consensus": len(outlets) > len(pool.origins) > 0,
            "note": _note(origins, len(outlets)),
        }
    return found


def _is_heard(item: Status) -> bool:
    return item.status in ("pooled", "ceiling") or (item.status == "replaced" and item.reason.startswith(REPEATS))


def _outlet(plan: Plan, claim: str) -> str:
    source = plan["claims"][claim].text("source")
    row = plan["sources"].by_id.get(source)
    return row.text("outlet") if row is not None and row.text("outlet") else source


def _note(origins: list[str], outlets: int) -> str:
    if not origins:
        return "nobody speaks for this: it is the plan's own range"
    if len(origins) > 1:
        return ""
    relayed = f", relayed by {outlets} outlets" if outlets > 1 else ""
    return f"this rests on one voice: {origins[0]}{relayed}"
