from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.base.units import ONE
from holdfast.base.units import parse as unit
from holdfast.ensemble.draws import ArrayOperations
from holdfast.plan import formulas
from holdfast.plan.formulas import CycleError, FloatOperations, FormulaError

VALUES = {"a": 3.0, "b": 0.25, "N067": 1200.0}


def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(" ".join)
    return st.one_of(
        binary,
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=4)).map(
            lambda call: f"{call[0]}({', '.join(call[1])})"
        ),
        inner.map("floor({})".format),
        inner.map("({}) / 7".format),
    )


expressions = st.recursive(st.sampled_from(["1", "0.5", "2e1", ".25", "a", "b", "N067"]), extend, max_leaves=12)


@given(expressions)
def test_a_formula_has_the_value_that_python_gives_it(text: str) -> None:
    expected = eval(text, {"min": min, "max": max, "floor": math.floor}, dict(VALUES))
    assert formulas.evaluate(formulas.parse(text), VALUES, FloatOperations) == expected


@given(expressions)
def test_the_signs_of_print_are_those_of_the_keyboard(text: str) -> None:
    printed = text.replace("-", "−").replace("*", "×").replace("/", "÷")
    one, other = (formulas.evaluate(formulas.parse(form), VALUES, FloatOperations) for form in (text, printed))
    assert one == other


@given(expressions, st.lists(st.integers(-50, 50), min_size=1, max_size=5))
def test_arrays_are_evaluated_element_by_element(text: str, numbers: list[int]) -> None:
    tree = formulas.parse(text)
    arrays: dict[str, Any] = {**VALUES, "a": np.array(numbers, float)}
    found = np.broadcast_to(formulas.evaluate(tree, arrays, ArrayOperations), len(numbers))
    each = [formulas.evaluate(tree, {**VALUES, "a": float(number)}, FloatOperations) for number in numbers]
    np.testing.assert_array_equal(found, each)


@given(st.text(alphabet="ab1.e+-*/() ,minfloor×÷−=$é\n", max_size=40))
def test_a_text_is_a_formula_or_a_fault_inside_it(text: str) -> None:
    offset = 0
    try:
        used = formulas.names(formulas.parse(text))
    except FormulaError as error:
        used, offset = (), error.offset
    assert 0 <= offset <= len(text)
    assert set(used) <= set(re.findall(r"[a-z]\w*", text)) - {"min", "floor"}


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "is empty"),
        ("1 +", 3, "has the end where a number or a name belongs"),
        ("1 2", 2, "goes on with '2'"),
        ("a b", 2, "goes on with 'b'"),
        ("(a", 2, "lacks ')'"),
        ("a)", 1, "goes on with ')'"),
        ("a ** b", 3, "has '*' where"),
        ("a ^ 2", 2, "holds '^'"),
        ("ceil(a)", 0, "calls 'ceil'"),
        ("sqrt(a)", 0, "calls 'sqrt'"),
        ("min(a)", 0, "gives min 1 argument(s)"),
        ("floor(a, b)", 0, "gives floor 2 argument(s)"),
        ("min + 1", 0, "uses 'min' as a name"),
        ("1e999", 0, "holds a number that is too large"),
        ("=a", 0, "holds '='"),
        ("1,5 + a", 1, "goes on with ','"),
        ("()", 1, "has ')' where"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_place(text: str, offset: int, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formulas.parse(text)
    assert caught.value.offset == offset
    assert caught.value.message.startswith(message)


def test_depth_and_length_are_limited_and_chains_are_not() -> None:
    for text in ("(" * 51 + "1" + ")" * 51, "-" * 60 + "1", "floor(" * 60 + "1" + ")" * 60, "1" * 2001):
        with pytest.raises(FormulaError) as caught:
            formulas.parse(text)
        assert caught.value.code == "formula-too-long"
    assert formulas.evaluate(formulas.parse("+".join(["1"] * 1000)), {}, FloatOperations) == 1000


def test_names_come_once_each_in_order_of_first_use() -> None:
    tree = formulas.parse("b × (a + min(N067, b)) − floor(a)")
    assert formulas.names(tree) == ("b", "a", "N067")
    assert [(name.name, name.offset) for name in formulas.references(tree)] == [
        ("b", 0), ("a", 5), ("N067", 13), ("b", 19), ("a", 31),
    ]  # fmt: skip


@given(st.permutations(range(8)), st.data())
def test_formulas_come_after_those_they_use(names: list[int], data: st.DataObject) -> None:
    trees = {}
    for index, name in enumerate(names):
        used = data.draw(st.lists(st.sampled_from(names[:index]), max_size=3)) if index else []
        trees[f"x{name}"] = formulas.parse(" + ".join(["1", *(f"x{other}" for other in used)]))
    shuffled = dict(data.draw(st.permutations(list(trees.items()))))
    order = formulas.order(shuffled)
    assert sorted(order) == sorted(trees)
    place = {name: index for index, name in enumerate(order)}
    assert all(place[used] < place[name] for name, tree in trees.items() for used in formulas.names(tree))


def test_a_circle_is_named_from_end_to_end() -> None:
    trees = {name: formulas.parse(text) for name, text in {"a": "b", "b": "c + 1", "c": "d × b", "d": "1"}.items()}
    with pytest.raises(CycleError) as caught:
        formulas.order(trees)
    assert caught.value.names == ("b", "c", "b")
    assert str(caught.value) == "b → c → b"


def test_a_chain_of_many_formulas_needs_no_deep_stack() -> None:
    trees = {f"x{n}": formulas.parse(f"x{n + 1}") for n in range(5000)}
    assert formulas.order(trees)[0] == "x4999"
    with pytest.raises(CycleError) as caught:
        formulas.order({**trees, "x5000": formulas.parse("x0")})
    assert len(caught.value.names) == 5002
    assert "more" in str(caught.value)


UNITS = {"people": unit("persons"), "units": unit("units"), "each": unit("persons/unit"), "share": ONE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("people ÷ each", "units"),
        ("units × each", "persons"),
        ("people × share + 100", "persons"),
        ("floor(people) − max(people, 5, 0)", "persons"),
        ("−people", "persons"),
        ("1 − share", "1"),
        ("share × share ÷ 2", "1"),
        ("1 ÷ people × people", "1"),
    ],
)
def test_units_follow_the_operations(text: str, expected: str) -> None:
    assert formulas.unit_of(formulas.parse(text), UNITS) == unit(expected)


def test_bare_numbers_fit_any_unit_and_so_do_names_without_one() -> None:
    assert formulas.unit_of(formulas.parse("2 × 3 + min(1, 2)"), UNITS) is None
    assert formulas.unit_of(formulas.parse("other × people"), UNITS) is None


@pytest.mark.parametrize(
    ("text", "offset"), [("people + units", 9), ("2 × (people − share)", 14), ("min(1, people, units)", 15)]
)
def test_a_sum_of_two_units_is_refused_at_the_second(text: str, offset: int) -> None:
    with pytest.raises(FormulaError) as caught:
        formulas.unit_of(formulas.parse(text), UNITS)
    assert (caught.value.code, caught.value.offset) == ("unit-mismatch", offset)
