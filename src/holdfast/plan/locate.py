"""Addresses: one grammar that names any cell, row, measure or setting of a plan.

``units/GBR-inf.quantity`` · ``policies/uk@surge.bog_days`` · ``assumption/x`` · ``claim/C001`` · ``fact/N067`` ·
``source/S001`` · ``requirement/r1`` · ``plan/horizon_days`` · ``measure/people_in_place?component=deterrence&day=60``
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from holdfast.base.errors import UsageError
from holdfast.base.tables import RawCell, RawRow, RawTable
from holdfast.plan.faults import suggestion
from holdfast.plan.measures import MEASURES, Measure
from holdfast.plan.model import ADDRESS_WORDS, Cell, Plan, Row
from holdfast.plan.schema import SECTIONS, TABLES, table_schema

_TABLES_BY_WORD = {word: table for table, word in ADDRESS_WORDS.items()} | {name: name for name in (*TABLES, *SECTIONS)}
_GRAMMAR = re.compile(
    r"(?P<word>[A-Za-z_]+)/(?P<key>[A-Za-z0-9_-]+(?:@[A-Za-z0-9_-]+)?)(?:\.(?P<column>[A-Za-z0-9_]+))?(?:\?(?P<query>.*))?\Z"
)
_EXAMPLE = "an address looks like units/GBR-inf.quantity, assumption/x or measure/people_in_place?day=60"
_QUERY = ("component", "nation", "place", "day")
_FIXED_BY = ("low", "high", "formula", "claims", "kinds", "spread")


class AddressError(UsageError):
    """An address that is none, that names nothing, or that cannot be set.

    ``code`` is that of the fault which it is inside a file, ``remedy`` the last part of the message.
    """

    def __init__(self, message: str, remedy: str = "", code: str = "bad-address") -> None:
        super().__init__(f"{message}; {remedy}" if remedy else message)
        self.message, self.remedy, self.code = message, remedy, code


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address; ``table`` is the table, the section of plan.yaml or ``measure``, ``key`` the row or setting."""

    table: str
    key: str
    column: str = ""
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        text = f"{ADDRESS_WORDS.get(self.table, self.table)}/{self.key}"
        text += f".{self.column}" if self.column else ""
        return text + ("?" + "&".join(f"{name}={value}" for name, value in self.query) if self.query else "")


def parse(text: str) -> Address:
    """The address that a text means, in its one spelling.  Raises UsageError with a suggestion."""
    match = _GRAMMAR.match(text.strip()[:500])
    if match is None:
        raise AddressError(f"{text[:80]!r} is not an address", _EXAMPLE)
    word, key, column = match["word"], match["key"], match["column"] or ""
    if word == "measure":
        return Address("measure", key, column, _query(text, match["query"], column))
    if word not in _TABLES_BY_WORD:
        hint = suggestion(word, (*_TABLES_BY_WORD, "measure"), _EXAMPLE)
        raise AddressError(f"{text[:80]!r}: there is no table {word!r}", hint)
    if match["query"] is not None:
        raise AddressError(f"{text[:80]!r}: only measures take a part after '?'")
    table = _TABLES_BY_WORD[word]
    if table in ("plan", "options"):
        if column:
            raise AddressError(f"{text[:80]!r}: a setting has no columns", f"write {word}/{key}")
        _known(key, table_schema(table).columns, text, "setting")
    elif column:
        _known(column, table_schema(table).columns, text, "column")
    return Address(table, key, column)


def _query(text: str, query: str | None, column: str) -> tuple[tuple[str, str], ...]:
    if column:
        raise AddressError(f"{text[:80]!r}: a measure has no columns", _EXAMPLE)
    found: dict[str, str] = {}
    for part in (query or "").split("&") if query is not None else ():
        name, sign, value = part.partition("=")
        if not sign or not value or name in found:
            raise AddressError(f"{text[:80]!r}: {part[:40]!r} is not name=value, once each", _EXAMPLE)
        _known(name, _QUERY, text, "part of a measure")
        if name == "day" and not re.fullmatch(r"[0-9]{1,6}", value):
            raise AddressError(f"{text[:80]!r}: day is a whole number from 0")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            raise AddressError(f"{text[:80]!r}: {value[:40]!r} is not an id")
        found[name] = value
    return tuple((name, found[name]) for name in _QUERY if name in found)


def _known(word: str, known: Iterable[str], text: str, what: str, code: str = "bad-address") -> None:
    known = list(known)
    if word not in known:
        hint = suggestion(word, known, _listed(known))
        raise AddressError(f"{text[:80]!r}: there is no {what} {word!r}", hint, code)


def _listed(known: Iterable[str]) -> str:
    words = list(known)
    more = ", …" if len(words) > 12 else ""
    return f"there are: {', '.join(words[:12])}{more}" if words else "there are none"


def locate(plan: Plan, address: str | Address) -> Row | Cell | Measure:
    """What stands at an address: the cell of a column or setting, the row of a key, or a measure.

    Raises UsageError, with the nearest id, when nothing stands there.
    """
    at = parse(address) if isinstance(address, str) else address
    text = str(at)
    if at.table == "measure":
        _known(at.key, MEASURES, text, "measure")
        measure = MEASURES[at.key]
        parts = dict(at.query)
        for name in parts.keys() & {"component", "nation", "place"}:
            _known(name, measure.by, text, f"part of {at.key} called")
        components = {row.text("component") for row in plan["tasks"]} - {""}
        if "component" in parts:
            _known(parts["component"], sorted(components), text, "component")
        if "day" in parts and (not measure.daily or int(parts["day"]) >= plan.horizon_days):
            raise UsageError(f"{text!r}: " + (f"days run from 0 to {plan.horizon_days - 1}" if measure.daily
                                              else f"{at.key} has one value, not one a day"))  # fmt: skip
        return measure
    table = plan.settings[at.table] if at.table in SECTIONS else plan.tables[at.table]
    if at.table in ("plan", "options"):
        return table.rows[0].cells[at.key]
    _known(at.key, table.by_id, text, ADDRESS_WORDS.get(at.table, "row"))
    row = table.by_id[at.key]
    return row.cells[at.column] if at.column else row


def apply(overrides: Mapping[str, str], tables: Mapping[str, RawTable]) -> dict[str, str]:
    """Put overrides into the raw cells; the overrides come back under the one spelling of their addresses.

    ``assumption/x`` makes the assumption fixed at the value; ``fact/x`` sets its value.  Raises AddressError for an
    address that names no cell.
    """
    applied = {}
    for text, value in overrides.items():
        address = parse(text)
        new = changes(address, value)
        row = raw_row(address, tables)
        for column, cell in new.items():
            row.cells[column] = RawCell(cell, origin=origin(address, value))
        applied[str(address)] = value
    return applied


def origin(address: Address | str, value: str) -> str:
    """Where a cell comes from that an override has set: what its faults name in place of a file."""
    return f"--set {address}={value[:80]}"


def changes(address: Address, value: str) -> dict[str, str]:
    """The cells, by column, that an override sets.  Raises AddressError when it can set none."""
    if address.table == "measure":
        raise AddressError(f"'{address}' is a result and cannot be set", "set a cell of the plan", "not-settable")
    if address.table == "assumptions" and not address.column:
        return {"kind": "fixed", "mode": value, **dict.fromkeys(_FIXED_BY, "")}
    column = address.column or {"facts": "value", "plan": address.key, "options": address.key}.get(address.table, "")
    schema = table_schema(address.table)
    if not column:
        columns = [name for name in schema.columns if name not in schema.key]
        hint = f"add a column: {', '.join(columns)}"
        raise AddressError(f"'{address}' is a whole row and cannot be set", hint, "not-settable")
    if address.table not in ("plan", "options") and column in schema.key:
        raise AddressError(f"'{address}' cannot be set: it is (part of) the key of the row", code="not-settable")
    if schema.columns[column].type in ("list", "mapping"):
        raise AddressError(f"'{address}' cannot be set as a whole", code="not-settable")
    return {column: value}


def raw_row(address: Address, tables: Mapping[str, RawTable]) -> RawRow:
    """The raw row that an override changes.  Raises AddressError, with the nearest id, when there is none."""
    rows = tables[address.table].rows if address.table in tables else []
    if address.table in ("plan", "options"):
        if not rows:
            raise AddressError(f"'{address}' cannot be set: plan.yaml could not be read")
        return rows[0]
    key = table_schema(address.table).key
    keys = {raw_key(row, key): row for row in reversed(rows)}
    _known(address.key, keys, str(address), ADDRESS_WORDS.get(address.table, "row"), "unknown-address")
    return keys[address.key]


def raw_key(row: RawRow, key: tuple[str, ...]) -> str:
    """The key of a raw row: its id, or ``id@phase`` where a phase is given."""
    return "@".join(filter(None, (row.cells[column].text if column in row.cells else "" for column in key)))
