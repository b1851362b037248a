"""What the figures say: titles computed from their data, and nothing lost without a word."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

from holdfast.report.content import DailyBand, NationBurden, PoolDwell, Shortfall, UnitSpan
from holdfast.report.figures import burden, canvas, dwell, fill, gantt, moves, requirements, shortfalls
from tests.report.samples import realistic

CONTENT = realistic()


def _band(p50: tuple[float, ...], required: float | None = 100.0, floor: bool = True, spread: float = 0.0) -> DailyBand:
    low, high = tuple(value - spread for value in p50), tuple(value + spread for value in p50)
    days = tuple(range(len(p50)))
    return DailyBand(
        component="a",
        days=days,
        p05=low,
        p25=low,
        p50=p50,
        p75=high,
        p95=high,
        required=required,
        required_from=1,
        required_is_floor=floor,
    )


def _title(picture: canvas.Picture | None) -> str:
    assert picture is not None
    ElementTree.fromstring(picture.wide)
    ElementTree.fromstring(picture.narrow)
    return picture.title


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (_band((0, 120, 90, 80)), "A: the median first falls below the 100 required on day 2; its worst is 80"),
        (_band((0, 120, 110, 120), spread=15), "A: the median keeps to the 100 required, but the lowest 5 of 100"),
        (_band((0, 120, 110, 120)), "A: at least 95 of 100 futures keep to the 100 required on any one day"),
        (
            _band((0, 120, 90), floor=False),
            "A: the median first rises above the 100 allowed on day 1; its worst is 120",
        ),
        (
            _band((0, 90, 95), floor=False, spread=10),
            "A: the median keeps to the 100 allowed, but the highest 5 of 100",
        ),
        (_band((0, 5), required=None), "A: the median of people in place runs between 0 and 5"),
        (_band((7,), required=None), "A: the median of people in place runs between 7 and 7"),
        (_band((0, 0)), "A: the median first falls below the 100 required on day 1; its worst is 0"),
    ],
)
def test_the_fill_figure_names_the_first_short_day(band: DailyBand, said: str) -> None:
    assert _title(fill.picture((band,))).startswith(said)


def test_the_fill_figure_s_title_is_about_the_component_that_falls_short_most() -> None:
    good, bad = _band((0, 120, 120)), dataclasses.replace(_band((0, 50, 50)), component="b", label="Second")
    assert _title(fill.picture((good, bad))).startswith("Second: ")


def test_a_step_chart_keeps_every_change_and_the_last_day() -> None:
    assert fill._changes(_band((5, 5, 5, 6, 6, 6))) == [0, 3, 5]


def test_requirements_name_the_weakest_against_what_it_was_asked() -> None:
    rows = CONTENT.requirements
    assert _title(requirements.picture(rows)).startswith(
        "1 of 3 requirements fail; the weakest, “More than ten thousand"
    )
    assert _title(requirements.picture(rows[:1])).endswith("is met in 62 of 100 futures; 80 asked for")
    assert _title(requirements.picture(rows[1:])).startswith("1 of 2 requirements are undecided")
    assert _title(requirements.picture((rows[2], rows[2]))).startswith("All 2 requirements hold; the closest call")


def test_burden_names_who_carries_more_than_the_size_of_its_army() -> None:
    picture = burden.picture(CONTENT.burden)
    assert _title(picture) == "Denmark carries 10% of all people-days with 3% of the army people"
    assert picture is not None
    assert picture.note == "Army size not known, so left out of the army shares: Sweden."
    unknown = tuple(dataclasses.replace(row, army_people=None) for row in CONTENT.burden)
    assert _title(burden.picture(unknown)).endswith("no army size is known")


def test_army_shares_add_up_to_one_over_the_armies_that_are_known() -> None:
    shares = burden.army_shares(CONTENT.burden)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert "SWE" not in shares


def test_dwell_counts_pools_below_their_floor_and_tours_begun_too_soon() -> None:
    assert _title(dwell.picture(CONTENT.dwell)).startswith(
        "3 of 8 pools rest less than their policy's floor on average; 11%"
    )
    calm = (PoolDwell(pool="a", floor_days=10, mean_dwell_days=20, tours=3),)
    assert _title(dwell.picture(calm)) == "Every pool's mean dwell reaches its policy's floor; no tour begins too soon"
    free = (PoolDwell(pool="a", mean_dwell_days=20, tours=3),)
    assert _title(dwell.picture(free)) == "No policy promises a least dwell, so none can be broken"


def test_the_gantt_says_how_many_units_deploy_and_which_is_busiest() -> None:
    spans = (
        UnitSpan(pool="a", unit=1, from_day=0, to_day=9, state="deployable"),
        UnitSpan(pool="a", unit=2, from_day=0, to_day=5, state="fill"),
        UnitSpan(pool="a", unit=2, from_day=5, to_day=7, state="overlap"),
        UnitSpan(pool="a", unit=2, from_day=7, to_day=7, state="fill"),
    )
    assert (
        _title(gantt.picture(spans)) == "In the nominal run 1 of 2 units deploy; the busiest, a unit 2, is away 7 days"
    )
    assert _title(gantt.picture(spans[:1])) == "In the nominal run none of 1 units leaves home"


def test_a_gantt_of_a_large_force_draws_some_units_of_every_busy_pool_and_says_so() -> None:
    spans = tuple(
        UnitSpan(pool=f"pool-{pool}", unit=unit, from_day=0, to_day=pool + 1, state="fill")
        for pool in range(30)
        for unit in range(1, 21)
    )
    picture = gantt.picture(spans)
    assert picture is not None
    assert picture.note.startswith(
        "72 of 600 units are drawn: the first of each pool, the pools most often away first."
    )
    assert "pool-29" in picture.wide
    assert "pool-2<" not in picture.wide


def test_shortfalls_name_the_task_that_misses_most_and_its_main_cause() -> None:
    title = _title(shortfalls.picture(CONTENT.shortfalls))
    assert title == "det-inf misses most, 812 unit-days on average; 61% of short days come from “resting between tours”"
    odd = (Shortfall(task="t", cause="solar_flare", share=1.0),)
    assert _title(shortfalls.picture(odd)) == "t: 100% of short days come from “solar flare”"


def test_moves_are_ranked_and_noise_is_called_noise() -> None:
    title = _title(moves.picture(CONTENT.assumptions))
    assert title.startswith("The verdict turns most on deployable_share: ")
    assert title.endswith("moves by 34 points for requirement size")
    noise = tuple(dataclasses.replace(row, move=0.01, move_error=0.02) for row in CONTENT.assumptions)
    assert _title(moves.picture(noise)).startswith("No single assumption moves the verdict")


def test_nothing_to_draw_draws_nothing() -> None:
    assert requirements.picture(()) is None
    assert fill.picture((_band(()),)) is None
    assert burden.picture((NationBurden(nation="GBR", people_days=0, share=0),)) is None
    assert dwell.picture((PoolDwell(pool="a", floor_days=10),)) is None
    assert gantt.picture((UnitSpan(pool="a", unit=1, from_day=3, to_day=3, state="fill"),)) is None
    assert shortfalls.picture((Shortfall(task="t", cause="resting", share=0.0),)) is None
    assert moves.picture((dataclasses.replace(CONTENT.assumptions[0], move=None),)) is None


@pytest.mark.parametrize("many", [40])
def test_rows_left_out_of_a_figure_are_counted_under_it(many: int) -> None:
    nations = tuple(
        NationBurden(nation=f"N{i}", people_days=1 + i, share=1 / many, army_people=5.0) for i in range(many)
    )
    pools = tuple(PoolDwell(pool=f"p{i}", floor_days=10, mean_dwell_days=10.0 + i, tours=1) for i in range(many))
    tasks = tuple(Shortfall(task=f"t{i}", cause="resting", share=1.0) for i in range(many))
    named = tuple(dataclasses.replace(CONTENT.assumptions[0], name=f"a{i}") for i in range(many))
    notes = [
        picture.note if picture else ""
        for picture in (burden.picture(nations), dwell.picture(pools), shortfalls.picture(tasks), moves.picture(named))
    ]
    assert [re.match(r"\d+", note) and int(note.split()[0]) for note in notes] == [10, 10, 20, 25]


def test_labels_are_cut_to_the_sheet_and_never_pushed_off_it() -> None:
    for narrow, most in ((False, 619.2), (True, 252.0)):
        for text in ("W" * 400, "i" * 400, "漢" * 400):
            sheet = canvas.Sheet(None, narrow)  # type: ignore[arg-type]
            cut = sheet.fit(text, "undecided")
            assert cut.endswith("…")
            assert len(cut) * 3 < most
    assert canvas.Sheet(None, True).fit("short") == "short"  # type: ignore[arg-type]
