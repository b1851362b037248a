from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base.tables import place_after, read_table, sniff

texts = st.text(alphabet=st.sampled_from('ab é1;,\t"\n.'), max_size=8)


@given(
    st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_is_read_and_every_cell_knows_its_place(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, quoting: int
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("one", "two", "three"), *rows])
    table = read_table(out.getvalue().encode(), "t.csv")
    assert table.faults == []
    kept = [row for row in rows if any(text.strip() for text in row)]
    assert [[cell.text for cell in row.cells.values()] for row in table.rows] == [
        [text.strip() for text in row] for row in kept
    ]
    lines = re.split(r"\r\n|\n", out.getvalue())
    for row in table.rows:
        for cell in row.cells.values():
            if cell.text:
                assert lines[cell.line - 1][cell.column - 1] == cell.text[0]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b;c,d", ","),
        ("a;b;c,d", ";"),
        ("a\tb", "\t"),
        ("alone", ","),
        ('"a;b;c",d', ","),
        ("\n\na;b", ";"),
        ('"a', ","),
    ],
)
def test_the_header_tells_the_separator(text: str, delimiter: str) -> None:
    assert sniff(text) == delimiter


@pytest.mark.parametrize(
    ("before", "place"), [("", (1, 1)), ("ab", (1, 3)), ("a\n", (2, 1)), ("a\r\nb", (2, 2)), ("a\rb\n\n", (4, 1))]
)
def test_places_count_lines_however_they_end(before: str, place: tuple[int, int]) -> None:
    assert place_after(before) == place


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_faults(data: bytes) -> None:
    table = read_table(data, "t.csv")
    assert table.usable or table.faults


def test_a_space_before_a_quote_is_no_part_of_the_cell() -> None:
    table = read_table(b'id, name\na, "x, y"\nb,  z\n', "t.csv")
    assert [(row.cells["name"].text, row.cells["name"].column) for row in table.rows] == [("x, y", 5), ("z", 5)]


def test_reading_stops_where_quoting_breaks_and_says_where() -> None:
    table = read_table(b'id,name\na,x\nb,"y\nc,z\n', "t.csv")
    assert [row.cells["id"].text for row in table.rows] == ["a"]
    assert [(fault.line, fault.code) for fault in table.faults] == [(3, "broken-row")]
    assert not table.usable
