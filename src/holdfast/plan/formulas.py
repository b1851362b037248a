"""Formulas over assumptions and facts: parse, order, units, evaluate.

``+ − × ÷`` (also ``- * /``), ``min() max() floor()``, parentheses, numbers and names; nothing else.  ``evaluate``
works on whatever the values are (floats, arrays): it uses their operators and the caller's :class:`Operations`.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, NamedTuple, Protocol, TypeVar

from holdfast.base.units import ONE, Unit

MAX_LENGTH = 2000
MAX_DEPTH = 50

T = TypeVar("T")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[-+*/()×÷−,]))",
    re.ASCII,
)
_SIGNS = {"−": "-", "×": "*", "÷": "/"}
_FUNCTIONS = {"min": 2, "max": 2, "floor": 1}


class FormulaError(ValueError):
    """A formula that cannot be read or whose units do not fit; ``offset`` counts characters from 0."""

    def __init__(self, message: str, offset: int, code: str = "formula-syntax") -> None:
        super().__init__(message)
        self.message, self.offset, self.code = message, offset, code


class CycleError(ValueError):
    """Names that depend on each other in a circle; ``names`` begins and ends with the same one."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(circle(names))
        self.names = names


def circle(names: tuple[str, ...]) -> str:
    """A circle of names in words, its middle left out when it is long."""
    return " → ".join(names if len(names) <= 12 else (*names[:8], f"… {len(names) - 11} more …", *names[-3:]))


class Operations(Protocol):
    """What :func:`evaluate` needs beside operators; for arrays element by element."""

    @staticmethod
    def minimum(a: Any, b: Any, /) -> Any:
        """The lesser of two values."""

    @staticmethod
    def maximum(a: Any, b: Any, /) -> Any:
        """The greater of two values."""

    @staticmethod
    def floor(a: Any, /) -> Any:
        """The greatest whole number that is not above the value."""


class FloatOperations:
    """``min``, ``max`` and ``floor`` of plain numbers."""

    @staticmethod
    def minimum(a: float, b: float, /) -> float:
        """The lesser of two numbers."""
        return min(a, b)

    @staticmethod
    def maximum(a: float, b: float, /) -> float:
        """The greater of two numbers."""
        return max(a, b)

    @staticmethod
    def floor(a: float, /) -> float:
        """The greatest whole number that is not above a number."""
        return math.floor(a)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float
    offset: int


@dataclass(frozen=True, slots=True)
class Name:
    """An assumption or a fact."""

    name: str
    offset: int


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus before a term."""

    of: Expression
    offset: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms of one precedence, worked from the left: ``a - b + c`` or ``a * b / c``."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """``min``, ``max`` or ``floor``."""

    function: str
    arguments: tuple[Expression, ...]
    offset: int


Expression = Number | Name | Negative | Chain | Call


class _Token(NamedTuple):
    kind: str  # number, name, sign or end
    text: str
    offset: int


def parse(text: str) -> Expression:
    """The expression that a text means.  Raises FormulaError with the offset of what is wrong."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"has {len(text)} characters", 0, "formula-too-long")
    tokens = _tokens(text)
    if tokens[0].kind == "end":
        raise FormulaError("is empty", 0)
    parser = _Parser(tokens)
    tree = parser.chain("+-", 0)
    parser.expect_end()
    return tree


def _tokens(text: str) -> list[_Token]:
    found, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            offset = position + len(text[position:]) - len(text[position:].lstrip())
            raise FormulaError(f"holds {text[offset]!r}, which formulas do not know", offset)
        kind = match.lastgroup or ""
        found.append(_Token(kind, _SIGNS.get(match[kind], match[kind]), match.start(kind)))
        position = match.end()
    return [*found, _Token("end", "", end)]


class _Parser:
    """Recursive descent; the depth of nesting is limited, the length of a chain is not."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at = tokens, 0

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, signs: str) -> str:
        token = self.tokens[self.at]
        if token.kind == "sign" and token.text in signs:
            self.at += 1
            return token.text
        return ""

    def expect(self, sign: str, why: str) -> None:
        if not self.accept(sign):
            raise FormulaError(f"lacks {sign!r} {why}", self.tokens[self.at].offset)

    def expect_end(self) -> None:
        token = self.tokens[self.at]
        if token.kind != "end":
            raise FormulaError(f"goes on with {token.text!r} where an operator or the end belongs", token.offset)

    def chain(self, signs: str, depth: int) -> Expression:
        offset = self.tokens[self.at].offset
        if depth > MAX_DEPTH:
            raise FormulaError(f"is nested more than {MAX_DEPTH} levels deep", offset, "formula-too-long")
        first = self.chain("*/", depth) if signs == "+-" else self.term(depth)
        rest = []
        while sign := self.accept(signs):
            rest.append((sign, self.chain("*/", depth) if signs == "+-" else self.term(depth)))
        return Chain(first, tuple(rest), offset) if rest else first

    def term(self, depth: int) -> Expression:
        token = self.take()
        if token.kind == "number":
            value = float(token.text)
            if not math.isfinite(value):
                raise FormulaError("holds a number that is too large", token.offset)
            return Number(value, token.offset)
        if token.kind == "name":
            return self.call(token, depth) if self.accept("(") else self.name(token)
        if token.text in ("-", "+") and token.kind == "sign":
            if depth > MAX_DEPTH:
                raise FormulaError(f"is nested more than {MAX_DEPTH} levels deep", token.offset, "formula-too-long")
            inner = self.term(depth + 1)
            return inner if token.text == "+" else Negative(inner, token.offset)
        if token.text == "(":
            inner = self.chain("+-", depth + 1)
            self.expect(")", "for the parenthesis opened before")
            return inner
        what = repr(token.text) if token.text else "the end"
        raise FormulaError(f"has {what} where a number or a name belongs", token.offset)

    def name(self, token: _Token) -> Expression:
        if token.text in (*_FUNCTIONS, "ceil"):
            raise FormulaError(f"uses {token.text!r} as a name", token.offset)
        return Name(token.text, token.offset)

    def call(self, token: _Token, depth: int) -> Expression:
        if token.text not in _FUNCTIONS:
            raise FormulaError(f"calls {token.text!r}, which is not min, max or floor", token.offset)
        arguments = [self.chain("+-", depth + 1)]
        while self.accept(","):
            arguments.append(self.chain("+-", depth + 1))
        self.expect(")", f"after the arguments of {token.text}")
        wanted = _FUNCTIONS[token.text]
        if len(arguments) < wanted or (wanted == 1 and len(arguments) > 1):
            text = "exactly one argument" if wanted == 1 else "at least two arguments"
            raise FormulaError(f"gives {token.text} {len(arguments)} argument(s); it takes {text}", token.offset)
        return Call(token.text, tuple(arguments), token.offset)


def references(tree: Expression) -> Iterator[Name]:
    """Every name in an expression with its place, from left to right, repeats included."""
    if isinstance(tree, Name):
        yield tree
    elif isinstance(tree, Negative):
        yield from references(tree.of)
    elif isinstance(tree, Chain):
        yield from references(tree.first)
        for _, term in tree.rest:
            yield from references(term)
    elif isinstance(tree, Call):
        for argument in tree.arguments:
            yield from references(argument)


def names(tree: Expression) -> tuple[str, ...]:
    """The names that an expression uses, each once, in order of first use."""
    return tuple(dict.fromkeys(reference.name for reference in references(tree)))


def order(trees: Mapping[str, Expression]) -> tuple[str, ...]:
    """The keys of ``trees`` so that each comes after those it uses.  Raises CycleError.

    The order is that of the mapping wherever there is a choice.
    """
    done: dict[str, None] = {}
    for root in trees:
        path: dict[str, Iterator[str]] = {}
        if root not in done:
            path[root] = iter(names(trees[root]))
        while path:
            name, pending = next(reversed(path.items()))
            following = next((used for used in pending if used in trees and used not in done), None)
            if following is None:
                done[name] = None
                del path[name]
            elif following in path:
                circle = list(path)
                raise CycleError((*circle[circle.index(following) :], following))
            else:
                path[following] = iter(names(trees[following]))
    return tuple(done)


def evaluate(tree: Expression, values: Mapping[str, T], operations: type[Operations] | Operations) -> T:
    """The value of an expression, with ``values`` for its names; shapes follow the operators of the values.

    Raises KeyError for a name without a value, and what the operators raise (floats divided by zero).
    """
    result: T = _evaluate(tree, values, operations)
    return result


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def _evaluate(tree: Expression, values: Mapping[str, Any], operations: type[Operations] | Operations) -> Any:
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return values[tree.name]
    if isinstance(tree, Negative):
        return -_evaluate(tree.of, values, operations)
    if isinstance(tree, Chain):
        total = _evaluate(tree.first, values, operations)
        for sign, term in tree.rest:
            total = _OPERATORS[sign](total, _evaluate(term, values, operations))
        return total
    arguments = [_evaluate(argument, values, operations) for argument in tree.arguments]
    if tree.function == "floor":
        return operations.floor(arguments[0])
    return reduce(operations.minimum if tree.function == "min" else operations.maximum, arguments)


def unit_of(tree: Expression, units: Mapping[str, Unit]) -> Unit | None:
    """The unit of an expression; None for bare numbers, which fit any unit in a sum and none in a product.

    Names without an entry in ``units`` fit any unit.  Raises FormulaError (code ``unit-mismatch``) at the term that
    does not fit.
    """
    if isinstance(tree, Number):
        return None
    if isinstance(tree, Name):
        return units.get(tree.name)
    if isinstance(tree, Negative):
        return unit_of(tree.of, units)
    if isinstance(tree, Call):
        return _common(tree.arguments, units)
    if tree.rest[0][0] in "+-":
        return _common((tree.first, *(term for _, term in tree.rest)), units)
    if any(reference.name not in units for reference in references(tree)):
        return None
    found = [unit_of(term, units) for term in (tree.first, *(term for _, term in tree.rest))]
    if all(unit is None for unit in found):
        return None
    product = found[0] or ONE
    for (sign, _), unit in zip(tree.rest, found[1:], strict=True):
        product = product * (unit or ONE) if sign == "*" else product / (unit or ONE)
    return product


def _common(terms: tuple[Expression, ...], units: Mapping[str, Unit]) -> Unit | None:
    common: Unit | None = None
    for term in terms:
        unit = unit_of(term, units)
        if unit is None:
            continue
        if common is not None and unit != common:
            raise FormulaError(f"joins {common} and {unit}", term.offset, "unit-mismatch")
        common = unit
    return common
