"""Where a printed number comes from: its address, and the command that explains it.

The grammar is that of ``why``, ``--set`` and compare: ``table/row.column``, ``assumption/name``, ``claim/id``,
``requirement/id`` and ``measure/name?key=value&key=value``.
"""

from __future__ import annotations

import shlex
from urllib.parse import quote

from holdfast.report.safety import clean

RUN = "run"
"""Facts about the run itself: ``run/draws``, ``run/seed``, ``run/c_day``."""

VERDICT = "verdict"

PEOPLE_DAYS = "people_days"
SHARE_OF_ARMY = "share_of_army"
ARMY_PEOPLE = "army_people"
BOG_DAYS = "bog_days"
TOURS = "tours"
BROKEN_DWELL = "broken_dwell"
DWELL_DAYS = "dwell_days"
SHORTFALL = "shortfall"
LARGEST_FORCE = "largest_force"
UNIT_TIMELINE = "unit_timeline"


def _part(text: object) -> str:
    return quote(clean(str(text)), safe=" :;,+()[]'!*~@-_.")


def requirement(row_id: str) -> str:
    """Address of a requirement; every number about it is explained there."""
    return f"requirement/{_part(row_id)}"


def assumption(name: str) -> str:
    """Address of an assumption."""
    return f"assumption/{_part(name)}"


def claim(row_id: str) -> str:
    """Address of a claim."""
    return f"claim/{_part(row_id)}"


def origin(name: str) -> str:
    """Address of an origin."""
    return f"origin/{_part(name)}"


def cell(table: str, row_id: str, column: str) -> str:
    """Address of one cell of a plan table."""
    return f"{_part(table)}/{_part(row_id)}.{_part(column)}"


def of_run(name: str) -> str:
    """Address of a setting of the run."""
    return f"{RUN}/{_part(name)}"


def measure(name: str, keys: tuple[tuple[str, object], ...] = ()) -> str:
    """Address of a measure, narrowed by ``keys`` (component, nation, pool, task, cause, day); blanks are left out."""
    query = "&".join(f"{_part(key)}={_part(value)}" for key, value in keys if value not in ("", None))
    return f"measure/{_part(name)}" + (f"?{query}" if query else "")


def command(run_id: str, address: str) -> str:
    """The command that explains an address, quoted so that no plan text can become part of a shell's command."""
    return f"holdfast why {shlex.quote(clean(run_id) or 'RUN')} {shlex.quote(clean(address))}"
