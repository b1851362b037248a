"""What a run says in a terminal: verdict, requirements, what breaks first, where the report is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.base.errors import Fault
from holdfast.report.wording import cause_words, quantity

VERDICTS = {
    "holds": "HOLDS",
    "fails": "FAILS",
    "undecided": "UNDECIDED",
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
    lines = [f"{VERDICTS[summary['verdict']]}: {summary['plan']}", *_read_as(summary), ""]
    for item in summary["requirements"]:
        lines += _requirement_lines(item, [move for move in summary["origins"] if move["requirement"] == item["id"]])
    lines += [f"{name}: {voice['note']}." for name, voice in summary["voices"].items() if voice["note"]]
    joint = summary["joint_probability"]
    if joint is not None:
        lines.append(f"All requirements together: met in {percent(joint)} of {summary['draws']:,} draws.")
    lines.append(f"Run: {run_path}")
    if report_path:
        lines.append(f"Report: {report_path}")
    return "\n".join(lines)


def _read_as(summary: Mapping[str, Any]) -> list[str]:
    """How the plan was read where that differs from what it says."""
    lines = [f"  with {address} = {value}" for address, value in summary["overrides"].items()]
    if summary["as_of"]:
        lines.append(f"  claims up to {summary['as_of']}, for the assumptions that are pooled from claims")
    lines += [f"  {name} has no voice left and uses its own range" for name in summary["unsupported"]]
    return lines


def _requirement_lines(item: Mapping[str, Any], origins: Sequence[Mapping[str, Any]]) -> list[str]:
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
            f"      breaks first: {where}: {cause_words(broken['cause'])} "
            f"({percent(broken['share'])} of failing draws, median day {broken['median_day']})"
        )
    told = [move for move in item["assumptions"] if move["distinguishable"]][:3]
    if told:
        words = ", ".join(f"{move['name']} ({100 * move['move']:+.0f} points)" for move in told)
        lines.append(f"      moved most by: {words}")
    for move in (move for move in origins[:1] if abs(move["move"]) >= 0.005):
        lines.append(f"      without the word of {move['origin']}: {percent(move['probability'])}")
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


def compare_text(comparison: Mapping[str, Any]) -> str:
    """Two runs side by side, from ``compare --json``: what was changed, and what that does, the largest first."""
    a, b = comparison["a"], comparison["b"]
    lines = [f"A  {VERDICTS[a['verdict']]:<9}  {a['run']}", f"B  {VERDICTS[b['verdict']]:<9}  {b['run']}", ""]
    by_row: dict[str, list[str]] = {}
    for change in comparison["changes"]:
        row, _, column = change["address"].partition(".")
        told = f"{_clipped(change['a'], 'absent', 32)} -> {_clipped(change['b'], 'absent', 32)}"
        by_row.setdefault(row, []).append(f"{column} {told}".strip())
    lines.append("What B changes:" if by_row else "Both runs read the same plan.")
    lines += _first([[row, ", ".join(told)] for row, told in by_row.items()], "rows differ")
    numbers = [*comparison["requirements"], *comparison["measures"]]
    if numbers:
        paired = numbers[0]["paired"]
        how = "the same draws in both, compared one by one" if paired else "other draws in each, for the seeds differ"
        lines += ["", f"What that does, with its 95 % band ({numbers[0]['draws']:,} draws: {how}):"]
    requirements = sorted(comparison["requirements"], key=lambda item: -abs(item["difference"]))
    lines += _table([_requirement_difference(item) for item in requirements])
    told_apart = [item for item in comparison["measures"] if item["distinguishable"]]
    told_apart.sort(key=lambda item: -abs(item["difference"]) / max(abs(item["a"]), abs(item["b"])))
    lines += _first([_difference(item) for item in told_apart], "measures differ")
    same = len(comparison["measures"]) - len(told_apart)
    if same:
        lines.append(f"  {same} of {len(comparison['measures'])} measures cannot be told apart")
    return "\n".join(lines)


def _requirement_difference(item: Mapping[str, Any]) -> list[str]:
    """The cells of one requirement: its address, both shares of draws, the difference in points with its band."""
    difference, low, high = (f"{100 * item[key]:+.1f}" for key in ("difference", "low", "high"))
    if item["distinguishable"]:
        told = f"{difference} points ({low} to {high})"
    elif item["low"] == item["high"] == 0:
        told = "no difference"
    else:
        told = f"not distinguishable ({low} to {high} points)"
    return [item["address"].removesuffix(".met"), f"{percent(item['a'])} -> {percent(item['b'])}", told]


def _difference(item: Mapping[str, Any]) -> list[str]:
    """The cells of one measure: its address, both means, the difference with its band."""
    a, b, difference, low, high = (_number(item[key]) for key in ("a", "b", "difference", "low", "high"))
    sign = "+" if item["difference"] > 0 else ""
    return [item["address"].removeprefix("measure/"), f"{a} -> {b}", f"{sign}{difference} ({low} to {high})"]


def why_text(answer: Mapping[str, Any]) -> str:
    """What stands behind a number, from ``why --json``: its value, what moves it, what it rests on, whose word."""
    lines = [answer["address"] + (f": {answer['text']}" if answer["text"] else "")]
    value = answer["value"]
    if "status" in value and "judgement_low" in value:
        lines += _requirement_lines(value, [])[:-1]
    else:
        lines += _table([[name, _shown(item)] for name, item in value.items() if item not in (None, "")])
    told = [move for move in answer["moves"] if move["distinguishable"]]
    if answer["moves"]:
        what = "the measure over its days" if "day" in value else "it"
        lines += ["", f"Moves {what}, top third of the assumption against its bottom third:"]
        told.sort(key=lambda move: -abs(move["move"]))
        lines += _first([[move["name"], f"{move['move']:+.3g}"] for move in told], "assumptions move it")
        if len(told) < len(answer["moves"]):
            lines.append(f"  {len(answer['moves']) - len(told)} of {len(answer['moves'])} cannot be told from chance")
    if answer["without"]:
        lines += ["", "Without the word of:"]
        without = sorted(answer["without"], key=lambda item: -abs(item["move"]))
        lines += _first(
            [
                [item["origin"], f"{100 * item['move']:+.0f} points", f"({band(item['low'], item['high'])})"]
                for item in without
            ],
            "origins",
        )
    if answer["rests_on"]:
        lines += ["", "Rests on, nearest first:"]
        lines += _first([[item["address"], item["text"]] for item in answer["rests_on"]], "rows", 24)
    if answer["claims"]:
        lines += ["", f"On whose word (origins: {len(answer['origins'])}, claims: {len(answer['claims'])}):"]
        lines += _first(
            [
                [f"claim/{claim['id']}", claim["date"], claim["grade"], f"{claim['speaker']}: {claim['statement']}"]
                for claim in answer["claims"]
            ],
            "claims",
        )
    if answer["used_by"]:
        lines += ["", "Used by:", *_first([[name] for name in answer["used_by"]], "addresses use it", 8)]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _number(value: float) -> str:
    """A number with about four figures and a plain minus sign."""
    return quantity(value).replace("−", "-")


def _clipped(text: str | None, otherwise: str, width: int) -> str:
    """A text on one line, at most ``width`` long; a blank is said to be one."""
    if text is None:
        return otherwise
    line = " ".join(text.split()) or "blank"
    return line if len(line) <= width else line[: width - 1] + "…"


def _first(rows: Sequence[Sequence[str]], what: str, most: int = 12) -> list[str]:
    """The first rows as aligned lines, and how many there are in all when that is more."""
    more = [f"  … {len(rows)} {what}; --json shows all"] if len(rows) > most else []
    return _table(rows[:most]) + more


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, indented; only the last cell of a row may be cut, at 110 characters a line."""
    if not rows:
        return []
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = []
    for row in rows:
        start = "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(row[:-1], widths, strict=False))
        lines.append((start + _clipped(row[-1], "", max(24, 110 - len(start)))).rstrip())
    return lines


def optimise_text(answer: Mapping[str, Any]) -> str:
    """The optimiser's answer beside the simulator's, ready to print."""
    missed, demand = answer["weighted_shortfall_unit_days"], answer["weighted_demand_unit_days"] or 1.0
    lines = [
        f"{answer['plan']}: rotation, every assumption at its central value",
        "",
        f"  asked for              {demand:>12,.0f} weighted unit-days",
        f"  simulator's rules miss {missed['simulator']:>12,.1f} ({percent(missed['simulator'] / demand)})",
        f"  best schedule misses   {missed['optimiser']:>12,.1f} ({percent(missed['optimiser'] / demand)})",
        f"  none on this grid less {missed['bound']:>12,.1f} (gap {100 * answer['gap_of_demand']:.2f} % of the asked; "
        f"{answer['solver']}, starts every {answer['start_every_days']} days)",
        "",
    ]
    short = [task for task in answer["tasks"] if task["simulator_missed"] or task["optimiser_missed"]]
    if short:
        lines.append("  task                       simulator misses   best misses   of unit-days")
        lines += [
            f"  {task['id'][:26]:<26} {task['simulator_missed']:>16,.1f} {task['optimiser_missed']:>13,.1f} "
            f"{task['asked_unit_days']:>14,.0f}"
            for task in short
        ]
        lines.append("")
    force = answer["largest_force"]
    lines.append(
        f"  largest force without a gap, by simulation: {force['simulated']:g} times what is asked "
        f"(every smaller one, too, up to {force['simulated_for_good']:g})"
    )
    for kind, word in (
        ("idle_pools", "nobody asks for"),
        ("unserved_tasks", "nobody can serve"),
        ("short_tasks", "too large"),
    ):
        lines += [f"  {word}: {note['id']}: {note['reason']}" for note in answer["scope"][kind]]
    lines += ["", "  Where the optimiser's model differs from the simulator's rules:"]
    lines += [f"  - {note}" for note in answer["notes"]]
    return "\n".join(lines)


def least_units_text(answer: Mapping[str, Any]) -> str:
    """The requirement search for one pool, ready to print."""
    lines = [
        f"{answer['pool']}: has {answer['units']} units; may miss {percent(answer['tolerance'])} of unit-days",
        f"  closed form                         {_units(answer['closed_form'])}",
        f"  least that meet it, simulated       {_units(answer['least'])}",
        f"  least from which all more meet it   {_units(answer['least_for_good'])} (up to {answer['looked_up_to']})",
        "",
        "  units   missed unit-days    share",
    ]
    for row in answer["sweep"]:
        share = row["missed_unit_days"] / row["asked_unit_days"] if row["asked_unit_days"] else 0.0
        lines.append(f"  {row['units']:>5} {row['missed_unit_days']:>18,.1f} {percent(share):>8}")
    return "\n".join(lines)


def _units(number: int | None) -> str:
    return "none" if number is None else str(number)
