"""Write docs/reference from the code: commands, tables, fault codes, measures.

``python tools/reference.py`` writes the pages; with ``--check`` it writes nothing and ends with 1 if one is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from holdfast.cli import commands
from holdfast.plan import scenarios
from holdfast.plan.faults import FAULT_CODES
from holdfast.plan.measures import MEASURES
from holdfast.plan.schema import SECTIONS, describe_tables

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "<!-- Written by `make docs`. Changes go into the code. -->"

TABLES_HEAD = """\
A plan is a folder: `plan.yaml` for structure and choices, one CSV file for anything with a second row. Every table may
also have `note`, `source` and `grade`. Days count from C-day; a blank cell takes the default. A numeric cell holds a
number or `=name`, where the name is that of an assumption or of a fact."""

SCENARIOS_HEAD = """\
## scenarios.yaml

Optional: named changes to the plan, for `holdfast run PLAN --scenario NAME`. Each name, which is an id, holds a mapping
with the keys below; a plan has at most 100 of them. Everything that an override does not set stays as the tables say. A
scenario under which the plan has a fault is a fault.

```yaml
shorter-rest:
  title: Westland rests for twenty days instead of thirty
  overrides:
    policies/west.start_deployable_day: 20
    assumption/xwl_ceiling: 160
```"""

FAULTS_HEAD = """\
Every fault names its file, line and column, what is wrong, the value found, the rule and the remedy. All faults of a
plan are reported at once. A plan with a fault is refused; a warning is not. Codes are stable."""

MEASURES_HEAD = """\
What a requirement can ask for. *Daily* measures have a number for every day and suit every statistic; the others have
one number a draw. *By* says which parts a measure can be read for."""


def commands_page() -> str:
    """Every command with its usage and its options."""
    parts = [str(commands.help), " ".join((commands.epilog or "").split())]
    for name, command in sorted(commands.commands.items()):
        usage = " ".join(command.collect_usage_pieces(click.Context(command)))
        parts += [f"## holdfast {name}", str(command.help), f"```\nholdfast {name} {usage}\n```"]
        options = [option_row(item) for item in command.params if isinstance(item, click.Option)]
        if options:
            parts.append(table(("option", "default", "meaning"), options))
    return page("Commands", *parts)


def option_row(option: click.Option) -> tuple[str, str, str]:
    """The cells of one option: how it is written, its default, what it does."""
    context = click.Context(commands, max_content_width=100)
    metavar = option.make_metavar(context).replace(" RANGE", "")
    written = ", ".join(option.opts) + ("" if option.is_flag else f" {metavar}")
    shown = option.show_default and not option.is_flag
    return f"`{written}`", f"`{option.default}`" if shown else "", option.help or ""


def tables_page() -> str:
    """Every plan table and every part of plan.yaml."""
    titles = {name: "plan.yaml" if name == "plan" else f"plan.yaml: {name}" for name in SECTIONS}
    parts = [f"## {titles.get(name, f'{name}.csv')}\n\n{text.strip()}" for name, text in describe_tables().items()]
    return page("Plan tables", TABLES_HEAD, *parts, SCENARIOS_HEAD, scenarios.describe().strip())


def faults_page() -> str:
    """Every code of a fault or a warning."""
    parts = []
    for level, title in (("fault", "Faults"), ("warning", "Warnings")):
        rows = [(f"`{name}`", code.rule, code.remedy) for name, code in FAULT_CODES.items() if code.level == level]
        parts += [f"## {title}", table(("code", "rule", "remedy"), rows)]
    return page("Faults and warnings", FAULTS_HEAD, *parts)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def page(title: str, *parts: str) -> str:
    """A page with its title, the note that it is generated, and its parts."""
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def measures_page() -> str:
    """Every registered measure."""
    rows = [(f"`{m.name}`", m.unit, "daily" if m.daily else "", ", ".join(m.by), m.meaning) for m in MEASURES.values()]
    return page("Measures", MEASURES_HEAD, "## rotation", table(("measure", "unit", "daily", "by", "meaning"), rows))


def main() -> int:
    """Write the pages, or say which are stale; returns the exit code."""
    pages = {"commands": commands_page, "tables": tables_page, "faults": faults_page, "measures": measures_page}
    stale = []
    for name, make in pages.items():
        path, text = FOLDER / f"{name}.md", make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    if stale:
        print(f"docs/reference: {'stale, run make docs' if '--check' in sys.argv else 'written'}: {', '.join(stale)}")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
