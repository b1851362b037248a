from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base.units import ONE, Unit, parse

units = st.dictionaries(
    st.sampled_from(["person", "unit", "day", "GBP million", "aircraft"]), st.integers(-3, 3).filter(bool)
).map(lambda powers: Unit(tuple(sorted(powers.items()))))


@given(units, units, units)
def test_units_multiply_like_numbers(a: Unit, b: Unit, c: Unit) -> None:
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * ONE == a
    assert a / a == ONE
    assert (a * b) / b == a
    assert a / b == ONE / (b / a)


@given(units)
def test_a_unit_is_read_back_as_it_is_printed(a: Unit) -> None:
    assert parse(str(a)) == a


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("troops", "persons"), ("soldiers", "person"), ("personnel", "People"), ("troops/unit", "persons / units"),
        ("persons per unit", "persons/unit"), ("person-days", "days*persons"), ("USD per person-month",
        "USD/person/month"), ("share", "1"), ("", "1"), ("probability", "ratio"), ("km^2", "km*km"),
        ("unit/unit", "1"), ("battalions/unit*unit", "battalion"), ("GBP  million", "GBP million"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_unit(one: str, other: str) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hours", "days"), ("percent", "share"), ("persons", "troops in Ukraine"), ("GBP million", "GBP"),
        ("persons/unit", "units/person"), ("km", "km^2"), ("glass", "glas"),
    ],
)  # fmt: skip
def test_two_units_are_not_one(one: str, other: str) -> None:
    assert parse(one) != parse(other)


@pytest.mark.parametrize("text", ["persons//day", "/", "persons/", "*", "5 km", "a+b", "persons^x", "-", "$", "a/1e3"])
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a unit"):
        parse(text)


def test_units_print_as_people_write_them() -> None:
    assert str(parse("troops / unit")) == "persons/unit"
    assert str(parse("1/day")) == "1/day"
    assert str(ONE) == "1"
