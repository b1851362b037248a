"""A plan folder becomes a :class:`Plan`, or a :class:`PlanError` that holds every fault at once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from holdfast.base.errors import Fault, PlanError
from holdfast.base.tables import MAX_BYTES, RawRow, RawTable, read_table
from holdfast.plan import check, locate, rows, scenarios, sections
from holdfast.plan.faults import make, suggestion
from holdfast.plan.model import Cell, Phase, Plan, Requirement, Row, Scenario, Table, Value
from holdfast.plan.names import names_of
from holdfast.plan.schema import SECTIONS, TABLES

PLAN_FILE = "plan.yaml"
_KNOWN_FILES = frozenset((PLAN_FILE, scenarios.FILE, *(f"{name}.csv" for name in TABLES)))
_READ_SUFFIXES = (".csv", ".tsv", ".yaml", ".yml")
_NO_DATE = date(1, 1, 1)


Check = Callable[[Plan], Iterable[Fault]]
"""A further check of a plan that has no fault so far; its faults stand at their places."""


def load(
    folder: str | os.PathLike[str], overrides: Mapping[str, object] | None = None, further: Check | None = None
) -> Plan:
    """The checked plan in a folder, with overrides (address → value) if any.

    ``further`` is one more check that the plan and each of its scenarios must pass.  Raises PlanError with all
    faults, and UsageError for an override whose address is not there.  What is odd but possible stands in
    ``plan.warnings``.
    """
    plan = _loaded(Path(folder), further)
    if not overrides:
        return plan
    plan = plan.with_(overrides)
    faults = list(further(plan)) if further else []
    if faults:
        raise PlanError(faults)
    return plan


def _loaded(folder: Path, further: Check | None) -> Plan:
    faults: list[Fault] = []
    files = read_folder(folder, faults)
    return _checked(folder, files, {}, faults, further)


def build(folder: Path, files: Mapping[str, bytes], overrides: Mapping[str, str]) -> Plan:
    """The checked plan in files that are already read, by name; nothing is read from ``folder``, it only names them."""
    faults: list[Fault] = []
    if PLAN_FILE not in files:
        faults.append(make("", (0, 0), "no-plan-file", "the folder holds no plan.yaml"))
    return _checked(folder, files, overrides, faults)


def rebuild(folder: Path, files: Mapping[str, bytes], overrides: Mapping[str, str]) -> Plan:
    """As :func:`build`, from files that made a plan before: the plan under its scenarios is not checked again."""
    faults: list[Fault] = []
    raw = _raw_tables(files, faults)
    draft = _draft(folder, files, raw, overrides, faults)
    others = scenarios.read(files.get(scenarios.FILE), raw, draft.broken, draft.faults)
    return _finished(draft, others, draft.faults)


def read_folder(folder: Path, faults: list[Fault]) -> dict[str, bytes]:
    """The files of a plan by name; what cannot be read or is not known goes to ``faults``."""
    try:
        entries = sorted(os.listdir(folder))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
        faults.append(make("", (0, 0), "no-folder", f"the plan folder cannot be opened: {reason}"))
        return {}
    files = {}
    for name in entries:
        if name in _KNOWN_FILES:
            data = _read(folder / name, name, faults)
            if data is not None:
                files[name] = data
        elif name.lower().endswith(_READ_SUFFIXES) and not name.startswith((".", "~")):
            shown = name.encode("utf-8", "replace").decode()
            remedy = suggestion(name, _KNOWN_FILES, "rename the file or move it out of the folder")
            faults.append(make(shown, (0, 0), "unknown-file", "the plan has no such file", shown, remedy=remedy))
    if PLAN_FILE not in entries:
        faults.append(make("", (0, 0), "no-plan-file", "the folder holds no plan.yaml"))
    return files


def _read(path: Path, name: str, faults: list[Fault]) -> bytes | None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            faults.append(make(name, (0, 0), "unreadable", "this is not a plain file"))
            return None
        if status.st_size > MAX_BYTES:
            message, rule = f"the file has {status.st_size} bytes", f"at most {MAX_BYTES} bytes"
            faults.append(make(name, (0, 0), "file-too-large", message, rule=rule))
            return None
        return path.read_bytes()
    except OSError as error:
        faults.append(make(name, (0, 0), "unreadable", f"the file cannot be read: {error.strerror}"))
        return None


class _Draft(NamedTuple):
    """A plan with what is wrong and what is odd about it; the paths of faults are names of files."""

    plan: Plan
    faults: list[Fault]
    warnings: list[Fault]
    broken: frozenset[str]  # tables that could not be read


def _checked(
    folder: Path,
    files: Mapping[str, bytes],
    overrides: Mapping[str, str],
    faults: list[Fault],
    further: Check | None = None,
) -> Plan:
    """The plan, with ``faults`` as those already found; raises PlanError when it or a scenario has any in the end."""
    raw = _raw_tables(files, faults)
    draft = _draft(folder, files, _copied(raw), overrides, faults)
    found = list(draft.faults)
    others = scenarios.read(files.get(scenarios.FILE), raw, draft.broken, found)
    if further and not draft.faults:
        found += (_unplaced(fault, folder) for fault in further(draft.plan))
    for scenario in others.values():
        changed = scenarios.readable(scenario, draft.broken)
        other = _draft(folder, files, _copied(raw), {**overrides, **changed}, faults)
        new = other.faults
        if further and not new:
            new = [_unplaced(fault, folder) for fault in further(other.plan)]
        found += scenarios.told(scenario, (fault for fault in new if fault not in found))
    return _finished(draft, others, found)


def _draft(
    folder: Path,
    files: Mapping[str, bytes],
    raw: dict[str, RawTable],
    overrides: Mapping[str, str],
    before: list[Fault],
) -> _Draft:
    """The plan in raw tables, which take the overrides, with the faults ``before`` and those found on the way."""
    faults = list(before)
    unread = {fault.path.removesuffix(".csv") for fault in faults if fault.code in ("unreadable", "file-too-large")}
    applied = locate.apply(overrides, raw)
    typed = {name: rows.typed_table(raw[name], name, faults) for name in (*TABLES, *SECTIONS)}
    rows.fill_defaults(typed)
    broken = frozenset(unread | {name for name in typed if not raw[name].usable})
    names = names_of(typed["assumptions"].table, typed["facts"].table, broken)
    rows.fill_constants(typed, names, faults)
    tables = {name: typed[name].table for name in TABLES}
    settings = {name: typed[name].table for name in SECTIONS}
    plan = _plan(folder, tables, settings, files, applied)
    found, warnings = check.check(plan, names, broken)
    return _Draft(plan, [*faults, *found], warnings, broken)


def _finished(draft: _Draft, others: Mapping[str, Scenario], faults: list[Fault]) -> Plan:
    folder = draft.plan.folder
    if faults:
        raise PlanError(dict.fromkeys(_placed(fault, folder) for fault in faults))
    warnings = tuple(sorted(_placed(fault, folder) for fault in draft.warnings))
    return replace(draft.plan, warnings=warnings, scenarios=MappingProxyType(dict(others)))


def _raw_tables(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, RawTable]:
    """Every table and every section of plan.yaml as texts with their places."""
    raw = sections.read(files.get(PLAN_FILE), PLAN_FILE, faults)
    return raw | {name: _raw_table(files, f"{name}.csv") for name in TABLES}


def _copied(raw: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """Raw tables whose cells can be set without a change to these."""
    return {
        name: replace(table, rows=[RawRow(row.line, dict(row.cells)) for row in table.rows])
        for name, table in raw.items()
    }


def _placed(fault: Fault, folder: Path) -> Fault:
    """The fault with the path as the user can open it; overrides keep their own name."""
    if fault.path.startswith("--set"):
        return fault
    return replace(fault, path=str(folder / fault.path) if fault.path else str(folder))


def _unplaced(fault: Fault, folder: Path) -> Fault:
    """The fault of a further check with the path as the plan's own faults have it."""
    return replace(fault, path=fault.path.removeprefix(os.path.join(folder, "")))


def _raw_table(files: Mapping[str, bytes], name: str) -> RawTable:
    return read_table(files[name], name) if name in files else RawTable(name)


def _plan(
    folder: Path,
    tables: Mapping[str, Table],
    settings: Mapping[str, Table],
    files: Mapping[str, bytes],
    overrides: Mapping[str, str],
) -> Plan:
    top = settings["plan"].rows[0]
    horizon = top["horizon_days"]
    horizon_days = horizon if isinstance(horizon, int) else 0
    requirements = tuple(_requirement(row, horizon_days) for row in settings["requirements"])
    phases = tuple(Phase(row.id, _whole(row["from_day"])) for row in settings["phases"])
    options: dict[str, Value] = {
        name: cell.value for name, cell in settings["options"].rows[0].cells.items() if isinstance(cell.value, Value)
    }
    return Plan(
        folder=folder,
        title=top.text("title"),
        c_day=_date(top.cells["c_day"]),
        compiled=_date(top.cells["compiled"]),
        horizon_days=horizon_days,
        requirements=requirements,
        phases=phases or (Phase("all", 0),),
        options=MappingProxyType(options),
        tables=MappingProxyType(dict(tables)),
        files=MappingProxyType(dict(files)),
        overrides=MappingProxyType(dict(overrides)),
        settings=MappingProxyType(dict(settings)),
        build=rebuild,
    )


def _requirement(row: Row, horizon_days: int) -> Requirement:
    numbers = {name: _number(row[name]) for name in ("at_least", "at_most", "share", "probability")}
    to_day = row["to_day"]
    return Requirement(
        id=row.id,
        title=row.text("title") or row.id,
        measure=row.text("measure"),
        statistic=row.text("statistic"),
        probability=numbers["probability"] or 0.0,
        from_day=_whole(row["from_day"]),
        to_day=to_day if isinstance(to_day, int) else horizon_days - 1,
        at_least=numbers["at_least"],
        at_most=numbers["at_most"],
        share=numbers["share"],
        component=row.text("component"),
        nation=row.text("nation"),
        place=row.text("place"),
        given=row.text("given"),
        line=row.line,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _date(cell: Cell) -> date:
    return date.fromisoformat(cell.value) if isinstance(cell.value, str) and cell.value else _NO_DATE
