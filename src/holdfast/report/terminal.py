"""What a run says in a terminal: verdict, requirements, what breaks first, where the report is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.base.errors import Fault

VERDICTS = {
    "holds": "HOLDS",
    "fails": "FAILS",
    "undecided": "UNDECIDED",
}
CAUSE_WORDS = {
    "in_transit": "units are still on the way",
    "national_cap": "units are ready, but a nation's ceiling forbids them",
    "too_few": "too few units of the kind exist",
    "not_joined": "units have not joined, were cut or withdrew",
    "resting": "units are at rest between tours",
    "not_ready": "units failed readiness",
    "committed": "units are deployed elsewhere",
    "none": "the plan asks for less than is required",
    "": "the plan asks for less than is required",
}


def percent(share: float) -> str:
    """A share as whole per cent; never 0 % or 100 % unless it is exactly that."""
    if 0 < share < 0.005:
        return "<1 %"
    if 0.995 < share < 1:
        return ">99 %"
    return f"{100 * share:.0f} %"


def band(low: float, high: float) -> str:
    """A band of shares."""
    return f"{percent(low)} to {percent(high)}"


def verdict_text(summary: Mapping[str, Any], run_path: str, report_path: str | None) -> str:
    """The verdict of a run, ready to print."""
    lines = [f"{VERDICTS[summary['verdict']]}: {summary['plan']}", ""]
    for item in summary["requirements"]:
        lines += _requirement_lines(item)
    joint = summary["joint_probability"]
    if joint is not None:
        lines.append(f"All requirements together: met in {percent(joint)} of {summary['draws']:,} draws.")
    lines.append(f"Run: {run_path}")
    if report_path:
        lines.append(f"Report: {report_path}")
    return "\n".join(lines)


def _requirement_lines(item: Mapping[str, Any]) -> list[str]:
    lines = [
        f"  [{item['status']}] {item['id']}: {item['title']}",
        f"      met in {percent(item['probability'])} of draws, {percent(item['required'])} asked for; "
        f"chance {band(item['low'], item['high'])}, judgement {band(item['judgement_low'], item['judgement_high'])}; "
        f"given: {item['given']}",
    ]
    broken = item["breaks_first"]
    if broken:
        where = broken["what"] or "the whole plan"
        lines.append(
            f"      breaks first: {where}: {CAUSE_WORDS.get(broken['cause'], broken['cause'])} "
            f"({percent(broken['share'])} of failing draws, median day {broken['median_day']})"
        )
    told = [move for move in item["assumptions"] if move["distinguishable"]][:3]
    if told:
        words = ", ".join(f"{move['name']} ({100 * move['move']:+.0f} points)" for move in told)
        lines.append(f"      moved most by: {words}")
    return [*lines, ""]


def fault_text(faults: Sequence[Fault], verbose: bool = True) -> str:
    """Faults one a line; warnings come once per code, with their number, unless ``verbose``."""
    if verbose:
        return "\n".join(str(fault) for fault in faults)
    by_code: dict[str, list[Fault]] = {}
    for fault in faults:
        by_code.setdefault(fault.code, []).append(fault)
    lines = []
    for group in by_code.values():
        more = f" (and {len(group) - 1} more; --verbose shows all)" if len(group) > 1 else ""
        lines.append(f"{group[0]}{more}")
    return "\n".join(lines)


def cases_text(cases: Sequence[Mapping[str, Any]]) -> str:
    """Published answers beside ours; only failures and left-out cases are spelt out."""
    by_analysis: dict[str, list[Mapping[str, Any]]] = {}
    for case in cases:
        by_analysis.setdefault(str(case["analysis"]), []).append(case)
    lines = []
    for analysis, group in by_analysis.items():
        passed = sum(case["status"] == "pass" for case in group)
        left = sum(case["status"] == "left_out" for case in group)
        lines.append(f"{analysis}: {passed} of {len(group) - left} pass" + (f", {left} left out" if left else ""))
        lines += [f"  {case['id']} left out: {case['reason']}" for case in group if case["status"] == "left_out"]
        lines += [
            f"  {case['id']} FAILS: published {case['expected']}, ours {case['ours']}"
            for case in group
            if case["status"] == "fail"
        ]
    return "\n".join(lines)
