"""Where a printed number comes from: its address, and the command that explains it.

The grammar is that of ``plan.locate``.  A number that rests on several things carries their addresses with spaces
between; what only the run folder records (draws, seed) is ``run/name`` and has no command.
"""

from __future__ import annotations

import shlex
from urllib.parse import quote

from holdfast.report.content import ReportContent
from holdfast.report.safety import clean

PEOPLE_DEPLOYED = "people_deployed"
BOG_DAYS = "bog_days"
TOURS = "tours"
BROKEN_DWELL = "broken_dwell_share"
MISSED = "missed_unit_days"

_PLAN_SETTINGS = ("c_day", "compiled", "horizon_days")


def _part(text: object) -> str:
    return quote(clean(str(text)), safe="/@")


def row(word: str, row_id: str) -> str:
    """Address of a row by its word: ``requirement/r1``, ``assumption/x``, ``claim/C001``, ``fact/N1``, ``units/a``."""
    return f"{word}/{_part(row_id)}"


def task(task_id: str) -> str:
    """Address of a task's row; the tasks that commitments make are called ``commitment/id``."""
    kind, sign, name = task_id.partition("/")
    return row("commitments", name) if sign and kind == "commitment" else row("tasks", task_id)


def policy(policy_id: str, phase: str, column: str) -> str:
    """Address of one cell of a policy in a phase (blank = the policy's only row)."""
    return row("policies", f"{policy_id}@{phase}" if phase else policy_id) + f".{column}"


def measure(name: str, keys: tuple[tuple[str, object], ...] = ()) -> str:
    """Address of a measure, narrowed by ``keys`` (component, nation, place, day); blanks are left out."""
    query = "&".join(f"{key}={_part(value)}" for key, value in keys if value not in ("", None))
    return f"measure/{_part(name)}" + (f"?{query}" if query else "")


def setting(name: str) -> str:
    """Address of a setting: of the plan where it is one, else of the run."""
    return f"plan/{name}" if name in _PLAN_SETTINGS else f"run/{name}"


def verdict(content: ReportContent) -> str:
    """What the verdict rests on: every requirement."""
    return " ".join(row("requirement", item.id) for item in content.requirements) or "plan/title"


def commands(run_id: str, address: str) -> list[str]:
    """The commands that explain an address, quoted so that no plan text can become part of a shell's command."""
    run = shlex.quote(clean(run_id) or "RUN")
    return [f"holdfast why {run} {shlex.quote(one)}" for one in address.split() if not one.startswith("run/")]


def explanation(run_id: str, address: str) -> str:
    """What the title of a number says."""
    told = commands(run_id, address)
    return "why: " + "; ".join(told) if told else "recorded in the run folder (run.json)"
