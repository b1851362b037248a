"""What the terminal says: aligned, short, the largest first, and nothing that chance could have done as a finding."""

from __future__ import annotations

from typing import Any

from holdfast.report.terminal import compare_text, why_text


def number(address: str, a: float, b: float, half: float, **more: Any) -> dict[str, Any]:
    """One number of a comparison; ``half`` is half the width of its band."""
    gap = b - a
    told = abs(gap) > half
    return {"address": address, "a": a, "b": b, "difference": gap, "low": gap - half, "high": gap + half,
            "draws": 4096, "paired": True, "distinguishable": told, **more}  # fmt: skip


def comparison(**more: Any) -> dict[str, Any]:
    """Two runs of which B has one cell changed."""
    return {
        "schema_version": 1,
        "a": {"run": "run-a", "verdict": "fails"},
        "b": {"run": "run-b", "verdict": "holds"},
        "requirements": [number("requirement/r1.met", 0.5, 0.504, 0.01), number("requirement/r2.met", 0.2, 0.9, 0.02)],
        "measures": [number("measure/tours", 10, 11, 0.1), number("measure/bog_days?nation=GBR", 100_000, 50_000, 9)],
        "changes": [{"address": "units/a.quantity", "a": "2", "b": "5"}],
        **more,
    }


def answer(**more: Any) -> dict[str, Any]:
    """What stands behind a measure."""
    empty: dict[str, Any] = {name: [] for name in ("rests_on", "claims", "origins", "moves", "without", "used_by")}
    value = {"unit": "persons", "mean": 9876.54, "p50": 9900.0}
    return {"schema_version": 1, "run": "r", "address": "measure/x", "text": "", "value": value, **empty, **more}


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_comparison_names_both_verdicts_the_change_and_the_largest_difference_first() -> None:
    assert squeezed(compare_text(comparison())) == [
        "A FAILS run-a",
        "B HOLDS run-b",
        "",
        "What B changes:",
        "units/a quantity 2 -> 5",
        "",
        "What that does, with its 95 % band (4,096 draws: the same draws in both, compared one by one):",
        "requirement/r2 20 % -> 90 % +70.0 points (+68.0 to +72.0)",
        "requirement/r1 50 % -> 50 % not distinguishable (-0.6 to +1.4 points)",
        "bog_days?nation=GBR 100,000 -> 50,000 -50,000 (-50,009 to -49,991)",
        "tours 10 -> 11 +1 (0.9 to 1.1)",
    ]


def test_columns_of_a_comparison_are_aligned() -> None:
    lines = compare_text(comparison()).splitlines()
    assert len({line.index("->") for line in lines if line.startswith("  requirement/")}) == 1
    assert len({line.index("+") for line in lines if line.startswith("  requirement/r2")}) == 1


def test_seeds_that_differ_are_said() -> None:
    unpaired = [number("requirement/r1.met", 0.5, 0.9, 0.1, paired=False)]
    assert "other draws in each, for the seeds differ" in compare_text(comparison(requirements=unpaired))


def test_what_cannot_be_told_apart_is_counted_and_not_listed() -> None:
    text = compare_text(comparison(measures=[number("measure/tours", 10, 10.1, 0.2)]))
    assert "1 of 1 measures cannot be told apart" in text
    assert "tours" not in text


def test_long_lists_are_cut_and_say_so() -> None:
    changes = [{"address": f"units/u{index}.quantity", "a": "1", "b": "2"} for index in range(40)]
    text = compare_text(comparison(changes=changes))
    assert "… 40 rows differ; --json shows all" in text
    assert "units/u11 " in text
    assert "units/u12 " not in text


def test_cells_of_one_row_share_a_line_and_blanks_and_missing_rows_are_named() -> None:
    changes = [
        {"address": "assumptions/x.kind", "a": "pert", "b": "fixed"},
        {"address": "assumptions/x.low", "a": "1", "b": ""},
        {"address": "units/new", "a": None, "b": "present"},
    ]
    lines = squeezed(compare_text(comparison(changes=changes)))
    assert "assumptions/x kind pert -> fixed, low 1 -> blank" in lines
    assert "units/new absent -> present" in lines


def test_runs_of_one_plan_are_said_to_be() -> None:
    text = compare_text(comparison(changes=[], requirements=[], measures=[]))
    assert text.splitlines()[-1] == "Both runs read the same plan."


def test_why_shows_the_value_with_four_figures() -> None:
    assert squeezed(why_text(answer())) == ["measure/x", "unit persons", "mean 9,877", "p50 9,900"]


def test_why_lists_only_moves_that_chance_does_not_explain_the_largest_first() -> None:
    moves = [
        {"name": "small", "move": 0.1, "standard_error": 0.01, "distinguishable": True},
        {"name": "noise", "move": 0.9, "standard_error": 0.8, "distinguishable": False},
        {"name": "large", "move": -0.4, "standard_error": 0.01, "distinguishable": True},
    ]
    lines = squeezed(why_text(answer(moves=moves)))
    assert lines[-3:] == ["large -0.4", "small +0.1", "1 of 3 cannot be told from chance"]


def test_why_says_whose_word_it_is_and_what_it_is_without_each() -> None:
    claims = [{"id": "C001", "date": "2025-09-05", "speaker": "A minister", "statement": "about 500", "grade": "C3"}]
    without = [
        {"origin": "ministry", "move": -0.01, "low": 0.5, "high": 0.6},
        {"origin": "press", "move": 0.3, "low": 0.8, "high": 0.9},
    ]
    lines = squeezed(why_text(answer(claims=claims, origins=["ministry"], without=without)))
    assert lines[lines.index("Without the word of:") + 1 :] == [
        "press +30 points (80 % to 90 %)",
        "ministry -1 points (50 % to 60 %)",
        "",
        "On whose word (origins: 1, claims: 1):",
        "claim/C001 2025-09-05 C3 A minister: about 500",
    ]


def test_lines_of_why_fit_the_terminal() -> None:
    rests_on = [{"address": f"claim/C{index}", "depth": 1, "text": "word " * 100} for index in range(30)]
    lines = why_text(answer(rests_on=rests_on, text="")).splitlines()
    assert max(map(len, lines)) <= 110
    assert lines[-1] == "  … 30 rows; --json shows all"
