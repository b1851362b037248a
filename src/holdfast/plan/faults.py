"""Every code a fault or warning of a plan can carry, with the rule behind it; the reference page prints this table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from holdfast.base.errors import Fault
from holdfast.base.tables import TEXT_FAULTS


class Code(NamedTuple):
    """What a fault code means; ``level`` is ``fault`` (the plan is refused) or ``warning``."""

    level: str
    rule: str
    remedy: str


_FAULTS = {
    # the folder and its files
    "no-folder": ("a plan is a folder", "give the path of the folder that holds plan.yaml"),
    "no-plan-file": ("a plan folder holds plan.yaml", "write plan.yaml, or start from an example plan"),
    "unreadable": ("every file of the plan can be read", "check that it is a plain file and that you may read it"),
    "unknown-file": ("tables and settings have known names", "rename the file or move it out of the folder"),
    # texts and tables
    **TEXT_FAULTS,
    "unknown-column": ("a table has the columns of its schema and no others", "correct the name or remove the column"),
    "missing-column": ("required columns are there", "add the column"),
    # plan.yaml, and YAML anywhere
    "yaml-syntax": ("plan.yaml and scenarios.yaml are YAML 1.2",
                    "correct the line; spaces indent, and text with `: ` or ` #` is quoted"),
    "yaml-feature": ("YAML here is plain: one document, no anchors, aliases, merges or tags",
                     "write the value out"),
    "yaml-too-deep": ("nothing in a plan is nested this deep", "use the keys of the reference page"),
    "yaml-shape": ("each key holds one value, one list or one mapping, as the reference page says",
                   "write the value in the shape asked for"),
    "duplicate-key": ("a key stands once in its mapping", "remove one of the two"),
    "unknown-key": ("plan.yaml and scenarios.yaml have the keys of the reference page and no others",
                    "correct the key or remove it"),
    # scenarios.yaml
    "no-overrides": ("a scenario changes at least one cell", "write `overrides:` with `address: value` below it"),
    "too-many-scenarios": ("a plan has at most 100 scenarios", "split them over several plans"),
    "bad-address": ("the key of an override is an address",
                    "write for instance units/GBR-inf.quantity or assumption/x"),
    "unknown-address": ("an override names a row that exists", "correct the address, or add the row"),
    "not-settable": ("an override sets one cell: no key, no whole row, no result", "name a cell that holds a value"),
    "set-twice": ("a scenario sets a cell once", "remove one of the two"),
    # cells
    "missing-value": ("required cells are filled", "write the value"),
    "not-a-number": ("a number is written as 12, -3, 0.5 or 1e6", "write a plain number"),
    "decimal-comma": ("the decimal sign is a point", "write a point for the comma"),
    "digit-grouping": ("numbers have no spaces, underscores or grouping commas", "write the digits without grouping"),
    "percent": ("shares are written as parts of one", "write 0.05 for 5 %"),
    "not-finite": ("numbers are finite", "write a finite number, or leave the cell blank where blank means no limit"),
    "not-an-integer": ("this column holds whole numbers", "write a whole number without a decimal point"),
    "out-of-range": ("the number lies in the range of its column", "correct the number"),
    "not-an-id": ("ids are ASCII letters, digits, `-` and `_`, at most 64, and begin with a letter or digit",
                  "rename it; use the name column for anything else"),
    "not-a-name": ("names used in formulas are ASCII letters, digits and `_`, at most 64, begin with a letter, and are "
                   "not min, max, floor or ceil", "rename it"),
    "bad-reference": ("`=` is followed by the name of an assumption or a fact", "write =name, or a number"),
    "reference-not-allowed": ("this cell holds a value, not a reference", "write the value itself"),
    "not-a-choice": ("the cell holds one of the listed words", "write one of them"),
    "not-a-date": ("dates are written 2025-09-05 (claims and sources also 2025-09 and 2025)", "write an ISO 8601 date"),
    "not-a-flag": ("the cell holds yes or no", "write yes or no"),
    "not-a-unit": ("units are names joined by * and /", "write for instance persons, persons/unit or 1"),
    "text-too-long": ("a cell holds at most 20000 characters", "shorten the text"),
    "counted-twice": ("a commitment is counted once: it ties up units, or its people are subtracted by formula",
                      "clear unit_type, or take the name out of the formula"),
    "ignored-cell": ("nothing that the plan says is ignored", "clear the cell, or change what makes it void"),
    # rows together
    "duplicate-id": ("the key of a row is unique in its table", "rename one of the two rows"),
    "unknown-id": ("a reference names a row that exists", "correct the id, or add the row"),
    "unknown-name": ("a name stands for an assumption or a fact", "correct the name, or add the assumption"),
    "name-clash": ("assumptions and facts share one name space", "rename the assumption"),
    "text-fact": ("only numeric facts stand in cells and formulas", "use a numeric fact"),
    "varying": ("this cell has one value in every draw", "use a number, a fact or a fixed assumption"),
    "unit-mismatch": ("both sides have the same unit", "correct the unit, or convert in a formula"),
    "self-reference": ("a row does not refer to itself", "clear the cell or name another row"),
    "cycle": ("references do not run in a circle", "break the circle at one of its members"),
    # assumptions
    "formula-syntax": ("formulas hold + - * / min() max() floor() ( ) numbers and names", "correct the formula"),
    "formula-too-long": ("formulas are at most 2000 characters and 50 levels deep",
                         "split it into several assumptions"),
    "formula-value": ("a formula over constants has a finite value", "correct the formula or what it stands on"),
    "low-above-high": ("low <= mode <= high", "put the numbers in order"),
    "bad-distribution": ("the numbers suit the kind of the assumption", "correct the numbers or choose another kind"),
    # what the tables mean
    "policy-window": ("start_deployable_day < stop_deployable_day <= cycle_days", "correct the policy"),
    "policy-overlap": ("overlap_days < bog_days", "shorten the overlap or lengthen the tour"),
    "policy-phase": ("a policy has a row for every phase, or one with a blank phase", "add the row"),
    "days-order": ("the first day comes before the last", "correct the days"),
    "phase-start": ("the first phase begins on day 0 and each later one on a later day", "correct from_day"),
    "requirement-bound": ("a requirement has exactly one of at_least and at_most", "keep one of the two"),
    "requirement-share": ("share stands with share_of_days and with nothing else", "give share, or change statistic"),
    "requirement-days": ("0 <= from_day <= to_day < horizon_days", "correct the days"),
    "unknown-measure": ("a requirement names a measure that exists", "use one of the measures of the reference page"),
    "measure-part": ("a measure is read for the parts it is kept by", "remove the key, or choose another measure"),
    "unknown-component": ("the component of a requirement is that of a task", "correct the component, or add the task"),
    "claim-date": ("no claim is dated after the plan was compiled", "correct the date, or move compiled"),
}  # fmt: skip

_WARNINGS = {
    "no-requirement": ("a plan without requirements gets no verdict", "add requirements to plan.yaml"),
    "unused-assumption": ("assumptions are there to be used", "use it in a cell or formula, or remove it"),
    "unused-policy": ("policies are there to be used", "name it in units.policy, or remove it"),
    "policy-cycle": ("a tour begun when the window opens ends inside the cycle", "check start_deployable_day, bog_days "
                     "and cycle_days: the unit comes home later than its cycle ends"),
    "counted-nowhere": ("a commitment ties up units, or people in a formula behind units.quantity",
                        "give unit_type, or subtract its people in the formula of a quantity"),
    "nobody-can-serve": ("every task has units that can serve it", "add units or a substitution"),
    "nobody-wants": ("every unit can serve some task", "add a task or a substitution, or remove the units"),
    "beyond-horizon": ("what begins after the horizon has no effect", "lengthen horizon_days, or correct the day"),
    "army-share": ("armies are rarely more than 0.7 of all services", "check the two facts: year and definition"),
}  # fmt: skip

FAULT_CODES: dict[str, Code] = {
    **{code: Code("fault", *texts) for code, texts in _FAULTS.items()},
    **{code: Code("warning", *texts) for code, texts in _WARNINGS.items()},
}
"""Every code with its level, rule and remedy, in the order of the reference page."""

_SHOWN = 80


def make(
    path: str, place: tuple[int, int], code: str, message: str, value: str = "", *, rule: str = "", remedy: str = ""
) -> Fault:
    """A fault whose rule and remedy come from :data:`FAULT_CODES` where none are given."""
    meaning = FAULT_CODES[code]
    shown = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return Fault(path, *place, code, message, shown, rule or meaning.rule, remedy or meaning.remedy)


def suggestion(word: str, known: Iterable[str], otherwise: str) -> str:
    """``did you mean …?`` with the known word nearest to ``word``, or ``otherwise`` when none is near."""
    from difflib import get_close_matches

    candidates = {known_word.lower(): known_word for known_word in list(known)[:5000]}
    near = get_close_matches(word[:_SHOWN].lower(), candidates, n=1, cutoff=0.6)
    return f"did you mean {candidates[near[0]]!r}?" if near else otherwise
