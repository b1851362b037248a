"""From texts to typed cells, by the schema: what a number, an id, a date or a reference may look like."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date

from holdfast.base import units
from holdfast.base.clock import last_day_of
from holdfast.base.errors import Fault
from holdfast.base.tables import RawCell
from holdfast.plan.faults import make, suggestion
from holdfast.plan.model import Cell, Ref, Value
from holdfast.plan.schema import NUMERIC, Column

RESERVED = frozenset(("min", "max", "floor", "ceil"))
MAX_TEXT = 20_000

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?\Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+\Z")
_GROUPED = re.compile(r"[+-]?([0-9]{1,3}([,.][0-9]{3}){2,9}|[0-9][0-9 _'’\u00a0\u202f]*)\Z")
_NOT_FINITE = frozenset(("nan", "inf", "infinity", "#n/a", "n/a", "na", "#div/0!", "#value!", "#ref!"))


class BadCellError(Exception):
    """A text that its column does not allow; becomes a fault with the place of the cell."""

    def __init__(self, code: str, message: str, *, rule: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.rule, self.remedy = code, message, rule, remedy


def typed(raw: RawCell | None, column: Column, where: str, path: str, faults: list[Fault], line: int = 0) -> Cell:
    """The typed cell; blank ones carry the plain default, refused ones the value None, and say why in ``faults``.

    ``where`` is how the cell is called in messages (``units.quantity``); a cell whose column the file lacks is None
    and stands on ``line``.  Defaults that come from other cells (with ``:`` in the schema) are filled in later.
    """
    if raw is None or not raw.text:
        place = raw or RawCell("", line, 1 if line else 0)
        if column.required and raw is not None:
            faults.append(make(place.origin or path, (place.line, place.column), "missing-value", f"{where} is blank"))
        return Cell(_default(column), "", place.line, place.column, place.origin)
    value = None
    try:
        value = _convert(raw, column)
    except BadCellError as bad:
        at, message = (raw.line, raw.column), f"{where} {bad.message}"
        faults.append(make(raw.origin or path, at, bad.code, message, raw.text, rule=bad.rule, remedy=bad.remedy))
    ref = value.name if isinstance(value, Ref) else ""
    return Cell(value, raw.text, raw.line, raw.column, raw.origin, ref)


_DEFAULTS: dict[tuple[str, str], Value | Ref] = {}


def _default(column: Column) -> Value | Ref:
    """The value of a blank cell: that of its plain default, else blank text, or None for numbers; worked out once."""
    key = (column.type, column.default)
    if key not in _DEFAULTS:
        blank = "" if column.type in _TEXTS else None
        plain = column.default and ":" not in column.default
        _DEFAULTS[key] = _convert(RawCell(column.default), column) if plain else blank
    return _DEFAULTS[key]


def _convert(raw: RawCell, column: Column) -> Value | Ref:
    if len(raw.text) > MAX_TEXT:
        raise BadCellError("text-too-long", f"has {len(raw.text)} characters")
    if column.type in NUMERIC:
        return _numeric(raw.text, column)
    return _READERS[column.type](raw.text, column)


def _numeric(text: str, column: Column) -> Value | Ref:
    if text.startswith("="):
        name = text[1:].strip()
        if column.type.startswith("plain_"):
            raise BadCellError("reference-not-allowed", "is a reference", remedy="write a number")
        if not _NAME.match(name) or name in RESERVED:
            remedy = "write a formula in assumptions.csv and its name here" if name else ""
            raise BadCellError("bad-reference", "is not a reference", remedy=remedy)
        return Ref(name)
    value = integer(text) if column.type.endswith("integer") else number(text)
    check_range(value, column)
    return value


def check_range(value: float, column: Column) -> None:
    """Raise BadCellError when a number lies outside the range of its column."""
    for end, side in ((column.low, "below"), (column.high, "above")):
        if end is None:
            continue
        beyond = value < end.value if side == "below" else value > end.value
        if beyond or (end.open and value == end.value):
            wrong = f"not {'above' if side == 'below' else 'below'}" if end.open else side
            raise BadCellError("out-of-range", f"is {wrong} {end.text.lstrip('<>')}", rule=_range(column))


def _range(column: Column) -> str:
    low = "" if column.low is None else f"{'>' if column.low.open else '>='} {column.low.text.lstrip('>')}"
    high = "" if column.high is None else f"{'<' if column.high.open else '<='} {column.high.text.lstrip('<')}"
    unit = column.unit if column.unit and not column.unit.startswith("row:") else ""
    return f"{column.name} is {' and '.join(filter(None, (low, high)))}{' ' + unit if unit else ''}"


def number(text: str) -> float | int:
    """A plain number; whole ones written without point or exponent are int."""
    if _INTEGER.match(text):
        return int(text)
    if re.fullmatch(r"[+-]?[0-9]+", text):
        raise BadCellError("out-of-range", "has too many digits")
    if not _NUMBER.match(text):
        raise _bad_number(text)
    value = float(text)
    if not math.isfinite(value):
        raise BadCellError("not-finite", "is too large for a number")
    return value


def integer(text: str) -> int:
    """A whole number."""
    if _INTEGER.match(text):
        return int(text)
    value = number(text)
    whole = f"write {int(value)}" if value == int(value) and abs(value) < 1e15 else ""
    raise BadCellError("not-an-integer", "is not a whole number", remedy=whole)


def _bad_number(text: str) -> BadCellError:
    lower = text.lower()
    if lower.lstrip("+-") in _NOT_FINITE:
        return BadCellError("not-finite", "is not a finite number")
    if re.fullmatch(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})? ?%", text):
        return BadCellError("percent", "is a percentage", remedy=f"write {float(text[:-1].strip()) / 100:g}")
    if _GROUPED.match(text):
        digits = re.sub(r"[^0-9+-]", "", text)
        return BadCellError("digit-grouping", "has grouped digits", remedy=f"write {digits}")
    if re.fullmatch(r"[+-]?[0-9]{1,20},[0-9]{1,20}", text):
        return BadCellError("decimal-comma", "has a comma", remedy=f"write {text.replace(',', '.')} "
                       f"(or {text.replace(',', '')} if the comma groups thousands)")  # fmt: skip
    return BadCellError("not-a-number", "is not a number")


def _text(text: str, column: Column) -> Value:
    return text


def _id(text: str, column: Column) -> Value:
    if not _ID.match(text):
        raise BadCellError("not-an-id", "is not an id")
    return text


def _name(text: str, column: Column) -> Value:
    if not _NAME.match(text) or text in RESERVED:
        raise BadCellError("not-a-name", "is not a name")
    return text


def _ids(text: str, column: Column) -> Value:
    parts = split_ids(text)
    for part in parts:
        if not _ID.match(part):
            raise BadCellError("not-an-id", "is not a list of ids", remedy="put `;` between ids")
    repeated = [part for index, part in enumerate(parts) if part in parts[:index]]
    if repeated:
        raise BadCellError("duplicate-id", f"names {repeated[0]} twice", rule="a list names each row once",
                      remedy="remove one of the two")  # fmt: skip
    return ";".join(parts)


def split_ids(text: str) -> list[str]:
    """The ids of a cell that lists several, `;` between them."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _choice(text: str, column: Column) -> Value:
    if text not in column.choices:
        rule, near = "one of: " + ", ".join(column.choices), suggestion(text, column.choices, "")
        raise BadCellError("not-a-choice", "is not one of its words", rule=rule, remedy=near)
    return text


def _flag(text: str, column: Column) -> Value:
    if text.lower() in ("yes", "true"):
        return True
    if text.lower() in ("no", "false"):
        return False
    raise BadCellError("not-a-flag", "is neither yes nor no")


def _date(text: str, column: Column) -> Value:
    try:
        if not text.isascii():
            raise ValueError
        last_day_of(text)
        if column.name in ("c_day", "compiled"):
            date.fromisoformat(text)
            if len(text) != 10:
                raise ValueError
    except ValueError:
        exact = column.name in ("c_day", "compiled")
        rule = "a date is written 2025-09-05" if exact else "a date is written 2025-09-05, 2025-09 or 2025"
        raise BadCellError("not-a-date", "is not a date", rule=rule) from None
    return text


def _unit(text: str, column: Column) -> Value:
    try:
        units.parse(text)
    except ValueError:
        raise BadCellError("not-a-unit", "is not a unit") from None
    return text


def _value(text: str, column: Column) -> Value:
    try:
        return number(text)
    except BadCellError:
        return text


_READERS: dict[str, Callable[[str, Column], Value]] = {
    "text": _text, "id": _id, "name": _name, "ids": _ids, "choice": _choice, "flag": _flag, "date": _date,
    "unit": _unit, "value": _value, "formula": _text, "sources": _text, "measure": _text,
}  # fmt: skip
_TEXTS = frozenset(("text", "id", "name", "ids", "choice", "formula", "sources", "measure", "unit", "date"))


def is_id(text: str) -> bool:
    """Whether a text can be the id of a row."""
    return bool(_ID.match(text))


def is_plain_id(text: str) -> bool:
    """Whether an item of a ``source`` cell can only be meant as an id (one word without spaces, dots or slashes)."""
    return bool(_PLAIN_ID.match(text)) and any(character.isdigit() for character in text)
