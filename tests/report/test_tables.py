"""Cells of the page, cells of CSV files, and web addresses from strangers."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.report import tables
from holdfast.report.safety import clean, one_line, web_address
from tests.report.samples import HOSTILE_URLS, realistic


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠x", "-", "="]
)
def test_a_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    (row,) = csv.reader(io.StringIO(tables.csv_text([[text]]), newline=""))
    assert row == [f"'{text}"]


def test_numbers_stay_numbers_and_gaps_stay_gaps() -> None:
    rows: list[list[object]] = [
        ["a", -5, -0.25, None, float("nan"), float("inf"), True, False],
        ["b;=1", 'say "hi"', "x,y"],
    ]
    assert tables.csv_text(rows) == '"a",-5,-0.25,"","","","yes","no"\n"b;=1","say ""hi""","x,y"\n'


@given(st.lists(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1), min_size=1))
def test_what_is_written_as_csv_is_read_back_and_never_starts_as_a_formula(rows: list[list[str]]) -> None:
    back = list(csv.reader(io.StringIO(tables.csv_text(rows), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in back for cell in row)


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_only_plain_web_pages_are_linked(url: str) -> None:
    assert web_address(url) == ""


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1&z=%20#part", "http://a.example", "HTTPS://A.EXAMPLE/", "https://a.example:8443/é"]
)
def test_plain_web_pages_are_linked_as_they_are(url: str) -> None:
    assert web_address(url) == url


@given(st.text())
def test_cleaned_text_is_printable_everywhere_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")
    assert not set(once) & set("\x00\x08\x1b\u202e\u2066\ufeff\uffff")
    assert len(one_line(text, 20)) <= 20


def test_cleaning_leaves_other_scripts_and_joined_pictures_alone() -> None:
    kept = "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u6f22 \U0001f469\u200d\U0001f680 a\tb\nc"
    assert clean(kept) == kept


def test_a_long_series_is_shown_by_about_two_dozen_days_with_the_last_one() -> None:
    made = tables.daily(realistic().daily[0], "Deterrence", "daily-1")
    assert 20 <= len(made.rows) <= 26
    assert made.rows[-1].cells[0].text == "729"
    assert made.rows[0].address == "measure/people_in_place?component=deterrence&day=0"


def test_nations_stand_in_the_order_of_what_they_carry() -> None:
    made = tables.burden(realistic().burden, {})
    assert [row.cells[0].text for row in made.rows][:2] == ["United Kingdom (GBR)", "France (FRA)"]
    sweden = next(row for row in made.rows if "SWE" in row.cells[0].text)
    assert [cell.text for cell in sweden.cells][3:6] == ["–", "–", "–"]


def test_origins_stand_in_the_order_of_how_far_the_verdict_moves_without_them() -> None:
    content = realistic()
    made = tables.origins(content.origins[::-1], {row.id: row.title for row in content.requirements})
    assert [row.cells[0].text for row in made.rows] == ["daily-diplomat", "speaker-defence-secretary"]
    assert [cell.text for cell in made.rows[0].cells][1:] == [
        "More than ten thousand in place",
        "33.0%",
        "29.0% to 37.0%",
        "−29",
        "512",
        "kept",
    ]
    assert [row.cells[4].text for row in made.rows] == ["−29", "+3.9"]


def test_an_empty_table_has_no_examples() -> None:
    assert tables.shortfalls(()).examples == ()
