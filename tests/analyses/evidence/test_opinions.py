"""Pools of probabilities, effective numbers, words and grades."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.analyses.evidence.opinions import effective_n, linear_pool, log_pool, opinion_fusion
from holdfast.analyses.evidence.tables import grade_gap, grade_warning
from holdfast.analyses.evidence.words import ICD_203, probability_word
from holdfast.cases import Row, run_cases
from holdfast.cases.evidence import SOLVERS
from holdfast.cases.runner import answer

PROBABILITIES = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=6)


def test_every_published_case_of_evidence_is_reproduced() -> None:
    cases = run_cases("evidence")
    assert len(cases) == 15
    assert [case.id for case in cases if case.status != "pass"] == []


@given(PROBABILITIES, st.randoms(use_true_random=False))
def test_both_pools_lie_between_their_members_and_do_not_mind_the_order(p: list[float], random: object) -> None:
    shuffled = sorted(p, key=lambda _: random.random())  # type: ignore[attr-defined]
    for pool in (linear_pool, log_pool):
        assert min(p) - 1e-12 <= pool(p) <= max(p) + 1e-12
        assert pool(shuffled) == pytest.approx(pool(p))


def test_a_weight_of_zero_silences_and_weights_need_not_sum_to_one() -> None:
    assert linear_pool([0.2, 0.9], [3, 0]) == pytest.approx(0.2)
    assert log_pool([0.2, 0.9], [3, 0]) == pytest.approx(0.2)
    assert linear_pool([0.2, 0.8], [1, 3]) == pytest.approx(0.65)


def test_independent_origins_that_agree_sharpen_the_logarithmic_pool_and_one_voice_does_not() -> None:
    one_voice, independent = (log_pool([0.7, 0.7, 0.7], sharpness=effective_n(3, rho)) for rho in (1, 0))
    assert one_voice == pytest.approx(0.7)
    odds = (0.7 / 0.3) ** 3
    assert independent == pytest.approx(odds / (1 + odds))


def test_one_that_says_never_wins_the_logarithmic_pool_unless_another_says_always() -> None:
    assert log_pool([0.0, 0.5]) == 0
    assert log_pool([1.0, 0.5]) == 1
    with pytest.raises(ValueError, match="common ground"):
        log_pool([0.0, 1.0])


@pytest.mark.parametrize(("p", "weights"), [([], None), ([0.5], [1, 1]), ([1.5], None), ([0.5], [-1]), ([0.5], [0])])
def test_a_pool_of_nothing_or_of_nonsense_is_refused(p: list[float], weights: list[float] | None) -> None:
    with pytest.raises(ValueError, match="a pool needs"):
        linear_pool(p, weights)


def test_fused_opinions_sum_to_one_and_bad_counts_are_refused() -> None:
    opinion = opinion_fusion([(8, 0), (4, 4)])
    assert opinion.belief + opinion.disbelief + opinion.uncertainty == pytest.approx(1)
    with pytest.raises(ValueError, match="counts"):
        opinion_fusion([(-1, 0)])
    with pytest.raises(ValueError, match="counts"):
        opinion_fusion([(1, 0)], prior_weight=0)


@pytest.mark.parametrize(("n", "rho"), [(0, 0.5), (3, -0.1), (3, 1.1)])
def test_an_impossible_correlation_is_refused(n: float, rho: float) -> None:
    with pytest.raises(ValueError, match="rho"):
        effective_n(n, rho)


def test_every_probability_has_a_word_and_shared_bounds_belong_to_the_higher() -> None:
    assert [probability_word(word.low).term for word in ICD_203] == [word.term for word in ICD_203]
    assert probability_word(0).term == "almost no chance"
    assert probability_word(1).term == "almost certain"
    assert probability_word(0.5).term == "roughly even chance"
    with pytest.raises(ValueError, match="not a probability"):
        probability_word(1.01)


def test_a_grade_that_cannot_be_judged_warns_of_nothing() -> None:
    assert [grade_gap(grade) for grade in ("F1", "A6", "D1", "b2")] == [None, None, 3, 0]
    assert not grade_warning("F1")
    with pytest.raises(ValueError, match="not a grade"):
        grade_gap("G2")


def test_a_case_that_no_function_here_answers_is_left_out_with_the_reason() -> None:
    fusion = Row("X", "opinion_fusion", {"evidence": [[1, 0]], "W": 2, "rule": "averaging"}, {}, {}, "exact")
    words = Row("Y", "probability_words", {"scale": "Kent", "p": 0.5}, {}, {}, "exact")
    for row in (fusion, words):
        case = answer(row, SOLVERS)
        assert case.status == "left_out"
        assert case.reason
