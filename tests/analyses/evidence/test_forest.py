"""Claims merged to origins: who speaks, what still counts, and what only looks like agreement."""

from __future__ import annotations

from datetime import date

import pytest

from holdfast.analyses.evidence import forest
from holdfast.analyses.evidence.claims import days_of, independent_origins, read_claims, roots
from holdfast.plan.model import Plan
from tests.analyses.evidence.samples import claim, one_pool, reference


def replaced(plan: Plan, as_of: date | None = None) -> dict[str, tuple[str, str]]:
    return {old: (new.by, new.how) for old, new in forest.build(plan, as_of=as_of).replaced.items()}


def test_a_speaker_counts_with_the_latest_statement() -> None:
    plan = one_pool(
        claim("old", origin="speaker-x", date="2025-05-01", high=900),
        claim("new", origin="speaker-x", date="2025-09", high=500),
    )
    assert replaced(plan) == {"old": ("new", "later, same origin")}


def test_a_plan_that_was_dropped_takes_the_number_back() -> None:
    plan = one_pool(
        claim("said", origin="o", date="2025-05-01", high=900),
        claim("dropped", origin="o", date="2025-06-01", kind="dropped", low=900, high=900),
    )
    assert replaced(plan) == {"said": ("dropped", "later, same origin")}


def test_a_ceiling_stands_beside_a_number_of_the_same_origin() -> None:
    plan = one_pool(
        claim("number", origin="o", low=300, high=900),
        claim("ceiling", origin="o", date="2026-02-02", kind="ceiling", high=800),
    )
    assert replaced(plan) == {}


def test_supersedes_works_across_origins_and_not_before_it_was_said() -> None:
    plan = one_pool(
        claim("old", date="2025-05-01", high=900), claim("new", date="2025-06-01", high=500, supersedes="old")
    )
    assert replaced(plan) == {"old": ("new", "supersedes")}
    assert replaced(plan, date(2025, 5, 31)) == {}


def test_with_a_superseded_statement_fall_its_relays_and_what_its_origin_had_said_before() -> None:
    claims = [
        claim("first", origin="o", date="2025-04-01", high=950),
        claim("old", origin="o", source="C", date="2025-05-01", high=900),
        claim("relay", origin="late", source="D", date="2025-09-01", high=900, derived_from="old"),
        claim("new", date="2025-06-01", high=500, supersedes="old"),
    ]
    fallen = dict.fromkeys(("first", "old", "relay"), ("new", "supersedes"))
    assert replaced(one_pool(*claims)) == fallen
    assert forest.build(one_pool(*claims), without_sources=["C"]).replaced["relay"] == ("new", "supersedes")
    again = claim("again", origin="o", date="2025-07-01", high=920)
    assert replaced(one_pool(*claims, again)) == fallen  # said anew after it was superseded, it stands


def test_a_named_body_replaces_its_own_earlier_word_and_an_unnamed_one_does_not() -> None:
    def said(speaker: str, basis: str) -> Plan:
        return one_pool(
            claim("old", date="2025-05-01", high=900, speaker=speaker, basis=basis),
            claim("new", date="2025-06-01", high=500, speaker=speaker.upper(), basis=basis),
        )

    assert replaced(said("Ministry of  Defence", "on_record")) == {"old": ("new", "later, same body")}
    assert replaced(said("sources", "anonymous+relayed")) == {}


def test_another_kind_or_quantity_replaces_nothing() -> None:
    plan = one_pool(
        claim("old", origin="o", date="2025-05-01", high=900),
        claim("asked", origin="o", date="2025-06-01", kind="asked", high=500),
    )
    assert replaced(plan) == {}


def test_a_relay_never_replaces_what_it_relays_and_stands_in_when_the_original_is_gone() -> None:
    plan = one_pool(
        claim("original", source="C", high=900),
        claim("relay", source="D", origin="rewrite", date="2026-02-20", high=700, derived_from="original"),
    )
    assert replaced(plan) == {"relay": ("original", "relay of")}
    grown = forest.build(plan, without_sources=["C"])
    assert grown.counts("relay")
    assert grown.origins["relay"] == "original"
    assert not forest.build(plan, without_sources=["C", "D"]).counts("relay")


def test_the_better_graded_of_two_reports_on_one_day_counts() -> None:
    plan = one_pool(claim("a", origin="o", credibility=4, high=900), claim("b", origin="o", credibility=3, high=800))
    assert replaced(plan) == {"a": ("b", "same day, same origin")}


def test_words_of_one_day_all_stand() -> None:
    words = {"origin": "o", "kind": "", "unit": "", "stance": "undecided", "quantity": "stance"}
    plan = one_pool(claim("a", **words), claim("b", **words), unit="probability", high=1, mode=0.5)
    assert replaced(plan) == {}


def test_the_best_outlet_vouches_for_an_origin_and_one_that_cannot_be_judged_only_alone() -> None:
    plan = one_pool(
        claim("a", origin="o", source="F", high=9),
        claim("b", origin="o", source="E", high=9),
        claim("c", source="F", high=9),
    )
    grown = forest.build(plan)
    assert [grown.reliability(claim_id) for claim_id in "abc"] == ["E", "E", "F"]


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-09-05", date(2025, 9, 5), date(2025, 9, 5)),
    ],
)
def test_a_partial_date_means_any_of_its_days_and_counts_as_the_last(when: str, first: date, last: date) -> None:
    assert days_of(when) == (first, last)
    plan = one_pool(claim("a", date=when, high=9))
    assert forest.build(plan, as_of=last).counts("a")
    assert not forest.build(plan, as_of=date.fromordinal(last.toordinal() - 1)).counts("a")


def test_a_claim_goes_back_to_the_root_of_its_derivation_and_one_that_relays_two_adds_no_voice() -> None:
    claims = read_claims(
        one_pool(
            claim("a", high=9),
            claim("b", high=9),
            claim("c", origin="rewrite", derived_from="a", high=9),
            claim("d", origin="digest", derived_from="c;b", high=9),
        )
    )
    assert roots(claims, "d") == ("a", "b")
    assert independent_origins(claims, ["d"]) == ("a", "b")
    assert independent_origins(claims, ["a", "c"]) == ("a",)


def test_the_reference_claims_hold_one_voice_behind_four_copied_pages() -> None:
    grown = forest.build(reference())
    found = {(entry.origin, entry.quantity): entry for entry in forest.false_consensus(grown)}
    copied = found["wsj-2025-09-05-diplomat", "air_patrol"]
    assert copied.claims == ("C003", "C010", "C012", "C013")
    assert len(copied.outlets) == 4
    assert ("speaker-carney", "stance") not in found  # two statements on two days, not one repeated


def test_contradictions_say_what_still_stands_and_whether_a_pool_could_settle_them() -> None:
    found = {(entry.first, entry.second): entry for entry in forest.contradictions(forest.build(reference()))}
    assert found["C025", "C027"].standing == ("C025",)
    assert found["C025", "C027"].same_topic
    assert found["C089", "C120"].standing == ("C089", "C120")
    assert not found["C054", "C094"].same_topic
    early = forest.contradictions(forest.build(reference(), as_of=date(2025, 9, 5)))
    assert ("C089", "C120") not in {(entry.first, entry.second) for entry in early}


def test_grades_two_steps_apart_are_listed_once_each() -> None:
    gaps = forest.grade_gaps(forest.build(one_pool(claim("a", source="E", high=9), claim("b", source="F", high=9))))
    assert gaps == (forest.GradeGap("a", "E2", 3),)


def test_leaving_out_an_origin_revives_what_it_had_replaced() -> None:
    plan = one_pool(
        claim("old", date="2025-05-01", high=900), claim("new", date="2025-06-01", high=500, supersedes="old")
    )
    assert forest.without_origin(forest.build(plan), "new").counts("old")
