"""Numbers as plain English."""

from __future__ import annotations

import dataclasses
import re

import pytest

from holdfast.analyses.rotation.outcome import CAUSES
from holdfast.report import wording
from holdfast.report.content import BreaksFirst, LargestForce, RequirementResult
from tests.report.samples import EMPTY, realistic

SIZE, TRAINING, REST = realistic().requirements


def test_a_requirement_is_told_as_futures_in_a_hundred() -> None:
    assert wording.met_sentence(SIZE) == (
        "In 62 of 100 simulated futures the plan keeps at least 10,000 people in place every day from day 90 to day "
        "729; 80 of 100 were asked for."
    )
    assert wording.breaks_sentence(SIZE) == (
        "It most often breaks first because the units that could help are resting between tours (task det-inf), "
        "typically on day 214; that comes first in 71% of the futures that fail."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"statistic": "mean"}, "averages at least 10,000 people in place over the days from day 90 to day 729"),
        ({"statistic": "last_day"}, "keeps at least 10,000 people in place on day 729"),
        ({"statistic": "share_of_days", "share": 0.95}, "keeps at least 10,000 people in place on 95% of days from"),
        ({"at_least": None, "at_most": 12_000}, "keeps at most 12,000 people in place every day"),
        ({"at_most": 12_000}, "keeps at least 10,000 and at most 12,000 people in place every day"),
        ({"component": "det", "nation": "GBR", "place": "lviv"}, "people in place in det from GBR at lviv every day"),
        ({"unit": "share", "at_least": 0.925, "measure": "fill_share"}, "keeps at least 92.5% fill share every day"),
    ],
)
def test_what_is_asked_follows_the_requirement(changes: dict[str, object], said: str) -> None:
    assert said in wording.asked_for(dataclasses.replace(SIZE, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("probability", "against", "said"),
    [
        (0.62, 0.8, "62 of 100"),
        (0.0, 0.8, "0 of 100"),
        (1.0, 0.8, "100 of 100"),
        (0.001, 0.8, "fewer than 1 of 100"),
        (0.9991, 0.8, "more than 99 of 100"),
        (0.7972, 0.8, "7,972 of 10,000"),
        (0.8, 0.8, "80 of 100"),
        (0.797, None, "80 of 100"),
    ],
)
def test_rounding_never_hides_a_difference_that_decides(probability: float, against: float | None, said: str) -> None:
    assert wording.in_hundred(probability, against) == said


@pytest.mark.parametrize(
    ("share", "digits", "said"),
    [
        (0.0, 0, "0%"),
        (1.0, 1, "100.0%"),
        (0.004, 0, "<1%"),
        (0.9999, 1, ">99.9%"),
        (0.0004, 1, "<0.1%"),
        (0.63, 1, "63.0%"),
        (-0.02, 0, "−2%"),
        (None, 1, "–"),
    ],
)
def test_a_share_reads_none_or_all_only_when_it_is(share: float | None, digits: int, said: str) -> None:
    assert wording.percent(share, digits) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (12_000, "12,000"),
        (0.42131, "0.4213"),
        (17.5, "17.5"),
        (-0.0, "0"),
        (350.04, "350"),
        (0.00001, "1e−05"),
        (None, "–"),
    ],
)
def test_quantities_keep_about_four_figures(value: float | None, said: str) -> None:
    assert wording.quantity(value) == said


def test_what_breaks_first_is_said_only_when_something_breaks() -> None:
    assert wording.breaks_sentence(REST) == ""
    assert wording.breaks_sentence(dataclasses.replace(REST, estimate=1.0)) == "It was met in every future simulated."
    held = dataclasses.replace(REST, breaks_first=BreaksFirst(cause="resting", share=0.5))
    assert wording.breaks_sentence(held).startswith("Where it breaks, it most often breaks first because the units")


def test_every_cause_that_the_simulator_knows_has_words() -> None:
    assert set(CAUSES) <= set(wording.CAUSES)
    assert set(CAUSES) - {"none"} == set(wording.SHORT_CAUSES)
    assert wording.cause_words("solar_flare") == "solar flare"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "holds"}, "It holds: even the low end of the sampling band reaches the 80 of 100 asked for."),
        ({"status": "fails"}, "It fails: even the high end of the sampling band stays below the 80 of 100 asked for."),
        ({"status": "undecided"}, "It is undecided: the answer changes within the judgement band"),
        ({"status": "undecided", "high": 0.83}, "It is undecided: the sampling band lies on both sides"),
    ],
)
def test_the_status_is_explained(changes: dict[str, object], said: str) -> None:
    assert wording.reason_sentence(dataclasses.replace(SIZE, **changes)).startswith(said)  # type: ignore[arg-type]


def test_conditions_are_said_with_their_own_probability_where_it_is_known() -> None:
    assert wording.given_sentence(dataclasses.replace(SIZE, p_given=None)) == (
        "This is conditional on: the ceasefire has begun."
    )
    unconditional = dataclasses.replace(SIZE, given="", given_words="")
    assert wording.given_sentence(unconditional) == "This is conditional on nothing."
    assert wording.given_sentence(dataclasses.replace(SIZE, given_words="")).startswith(
        "This is conditional on: trigger."
    )


def test_a_plan_without_judged_assumptions_says_so() -> None:
    assert "no judged assumption" in wording.judgement_sentence(dataclasses.replace(SIZE, judgement_low=None))


def test_the_verdict_counts_requirements_by_status() -> None:
    assert wording.verdict_sentences(realistic()) == (
        "Of 3 requirements, 1 fails, 1 is undecided, 1 holds.",
        "All are met together in 57 of 100 simulated futures.",
    )
    both = dataclasses.replace(EMPTY, requirements=(SIZE, dataclasses.replace(SIZE, id="again")))
    assert wording.verdict_sentences(both) == ("Of 2 requirements, 2 fail.",)
    one = dataclasses.replace(EMPTY, requirements=(TRAINING,))
    assert wording.verdict_sentences(one) == ("Of 1 requirement, 1 is undecided.",)


def test_the_largest_force_is_said_against_what_was_asked_and_what_can_be() -> None:
    force = LargestForce(scale=0.87, people=8700, limiting="air defence")
    assert wording.largest_sentence(force) == (
        "The largest force found that these units can sustain is about 8,700 people, 87% of the plan's own size."
    )
    bounded = dataclasses.replace(force, asked_people=10_000, bound_scale=0.895)
    assert wording.largest_sentence(bounded).endswith(
        "87% of the 10,000 asked for. No rotation of these units can sustain more than 89.5%."
    )


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.03, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_words_of_probability_follow_the_directive_s_bands(probability: float, word: str) -> None:
    assert wording.likelihood_word(probability) == word


def _sentences(requirement: RequirementResult) -> list[str]:
    return [
        wording.met_sentence(requirement),
        wording.breaks_sentence(requirement),
        wording.given_sentence(requirement),
        wording.reason_sentence(requirement),
        wording.sampling_sentence(requirement, 0.95),
        wording.judgement_sentence(requirement),
    ]


def test_a_likelihood_and_a_confidence_never_share_a_sentence() -> None:
    told = [line for requirement in realistic().requirements for line in _sentences(requirement)]
    told += wording.verdict_sentences(realistic())
    for sentence in re.split(r"(?<=[.;]) ", " ".join(told)):
        assert not (re.search(r"likel|chance|of 100", sentence) and "confiden" in sentence)
