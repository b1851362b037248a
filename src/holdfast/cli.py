"""The command line: parse, call :mod:`holdfast.api`, print.  Heavy imports stay inside the commands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from holdfast import __version__
from holdfast.base.errors import HoldfastError, PlanError, UsageError

EPILOG = """Exit codes: 0 holds or done; 1 the plan fails or is undecided, or a published case is out of tolerance;
2 wrong usage; 3 plan or run folder invalid; 70 internal error."""
PLAN = click.argument("plan", type=click.Path(path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
DRAWS = click.option(
    "--draws", type=click.IntRange(1, 100_000_000), default=8192, show_default=True, help="Sampled worlds."
)
SEED = click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Seed of every random number.")
WORKERS = click.option("--workers", type=click.IntRange(1), help="Threads (default: one a core).")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder for run folders (default: results/ beside).")
RUN = click.Path(path_type=Path)
SET = click.option("--set", "overrides", multiple=True, metavar="ADDRESS=VALUE", help="Change one cell for this run.")
SCENARIO = click.option("--scenario", metavar="NAME", help="Run the plan under a scenario; --set still wins.")
RESUME = click.option(
    "--resume", type=click.Path(path_type=Path), metavar="RUN", help="Finish a run, or add draws; PLAN is not needed."
)


def _last_day(_context: click.Context, _option: click.Parameter, text: str | None) -> date | None:
    """A full or partial ISO 8601 date as the last day that it can mean; wrong usage when it is none."""
    from holdfast.base.clock import last_day_of

    try:
        return None if text is None else last_day_of(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a date; write 2025-09-05, 2025-09 or 2025") from None


AS_OF = click.option("--as-of", metavar="DATE", callback=_last_day, help="Leave out claims dated later than DATE.")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run reads differently from the plan as it is written."""

    overrides: tuple[str, ...]
    scenario: str | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run, and with what: these may be given anew when a run is resumed."""

    draws: int
    workers: int | None


def bundled(name: str, kind: type[Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command some options that reach it as one argument, a dataclass whose fields are their names."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def _called(**given: Any) -> None:
            bundle = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
            command(**given, **{name: bundle})

        for option in reversed(options):
            _called = option(_called)
        return _called

    return decorate


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="holdfast")
def commands() -> None:
    """Will a multinational force plan hold?  Every number anchored."""


@commands.command()
@DRAWS
@SEED
@WORKERS
@JSON
def demo(draws: int, seed: int, workers: int | None, as_json: bool) -> None:
    """Copy the reassurance plan into the current folder, run it, print the verdict and the report's path."""
    from holdfast import api

    folder = api.demo_plan(Path.cwd())
    _talk(f"plan: {folder}")
    run = api.run(folder, draws=draws, seed=seed, workers=workers, on_progress=_progress())
    _print_run(run, as_json)


@commands.command()
@click.argument("name", type=click.Path(path_type=Path))
@click.option("--from", "source", type=click.Choice(["tiny", "reassurance"]), default="tiny", show_default=True)
def init(name: Path, source: str) -> None:
    """Make a new plan folder NAME from an example plan."""
    from holdfast import api

    click.echo(api.init(name, source))


@commands.command()
@PLAN
@JSON
@click.option("--verbose", is_flag=True, help="Show every warning, not one of each code.")
def check(plan: Path, as_json: bool, verbose: bool) -> None:
    """Check a plan folder and report every fault at once."""
    from holdfast import api
    from holdfast.report.terminal import fault_text

    try:
        warnings = api.check(plan)
        faults: tuple[Any, ...] = ()
    except PlanError as error:
        warnings, faults = (), error.faults
    if as_json:
        content = {"schema_version": 1, "faults": [fault.as_dict() for fault in faults]}
        _print_json({**content, "warnings": [fault.as_dict() for fault in warnings]})
    elif faults:
        click.echo(fault_text(faults), err=True)
        _talk(f"{len(faults)} faults in {plan}")
    else:
        if warnings:
            click.echo(fault_text(warnings, verbose), err=True)
        click.echo(f"{plan}: no faults, {len(warnings)} warnings")
    if faults:
        sys.exit(PlanError.exit_code)


@commands.command()
@click.argument("plan", type=click.Path(path_type=Path), required=False)
@bundled("effort", Effort, DRAWS, WORKERS)
@SEED
@bundled("changes", Changes, SET, SCENARIO, AS_OF)
@RESUME
@OUT
@JSON
def run(
    plan: Path | None, effort: Effort, seed: int, changes: Changes, resume: Path | None, out: Path | None, as_json: bool
) -> None:
    """Run a plan over many draws and give the verdict."""
    from holdfast import api

    if resume is not None:
        done = _resumed(plan, resume, effort)
    elif plan is None:
        raise UsageError("give the folder of a plan: holdfast run PLAN; or go on with a run: holdfast run --resume RUN")
    else:
        loaded = api.load(plan)
        if changes.scenario is not None:
            loaded = loaded.scenario(changes.scenario)
        if changes.overrides:
            loaded = loaded.with_(_overrides(changes.overrides))
        done = api.run(
            loaded,
            draws=effort.draws,
            seed=seed,
            as_of=changes.as_of,
            out=out,
            workers=effort.workers,
            on_progress=_progress(),
        )
    _print_run(done, as_json)
    sys.exit(0 if done.verdict == "holds" else 1)


def _resumed(plan: Path | None, folder: Path, effort: Effort) -> Any:
    """The run gone on with; whatever would make it another run is refused."""
    from holdfast import api
    from holdfast.store.layout import Layout

    fixed = {"seed": "--seed", "overrides": "--set", "scenario": "--scenario", "as_of": "--as-of", "out": "--out"}
    given = [option for name, option in fixed.items() if _is_given(name)]
    if given:
        raise UsageError(f"{', '.join(given)} cannot go with --resume: a run keeps what it was begun with; run anew")
    stored = Layout(folder).plan
    if plan is not None and stored.is_dir() and api.load(plan).files != api.load(stored).files:
        raise UsageError(f"{plan} is not the plan that {folder} was run from; leave it out, or run it anew")
    draws = effort.draws if _is_given("draws") else None
    return api.resume(folder, draws=draws, workers=effort.workers, on_progress=_progress())


def _is_given(name: str) -> bool:
    """Whether an option of the running command stands on the command line."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not click.core.ParameterSource.DEFAULT


@commands.command()
@PLAN
@click.argument("analysis", type=click.Choice(["rotation"]))
@SET
@click.option("--start-every", type=click.IntRange(0), default=0, help="Days between start days (0: by size).")
@click.option(
    "--gap", type=click.FloatRange(0, 1), default=0.001, show_default=True, help="Stop at this share of demand."
)
@click.option("--seconds", type=click.FloatRange(1), default=30.0, show_default=True, help="Most time per objective.")
@JSON
def optimise(
    plan: Path, analysis: str, overrides: tuple[str, ...], start_every: int, gap: float, seconds: float, as_json: bool
) -> None:
    """Find the best schedule for a plan's central values, with a bound on what any schedule could do."""
    from holdfast import api
    from holdfast.report.terminal import optimise_text

    loaded = api.load(plan).with_(_overrides(overrides))
    answer = api.optimise(loaded, analysis, start_every_days=start_every, gap=gap, seconds=seconds)
    if as_json:
        _print_json(answer)
    else:
        click.echo(optimise_text(answer))


@commands.command()
@PLAN
@click.argument("pool")
@SET
@click.option(
    "--tolerance", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Share of unit-days to miss."
)
@JSON
def need(plan: Path, pool: str, overrides: tuple[str, ...], tolerance: float, as_json: bool) -> None:
    """Say how many units of POOL its tasks take, by closed form and by simulating every number."""
    from holdfast import api
    from holdfast.report.terminal import least_units_text

    answer = api.least_units(api.load(plan).with_(_overrides(overrides)), pool, tolerance=tolerance)
    if as_json:
        _print_json(answer)
    else:
        click.echo(least_units_text(answer))


@commands.command()
@click.argument("run", type=RUN)
@click.argument("address")
@JSON
def why(run: Path, address: str, as_json: bool) -> None:
    """Say what stands behind ADDRESS in a run: its value, what moves it, and the rows and claims that it rests on."""
    from holdfast import api
    from holdfast.report.terminal import why_text

    answer = api.why(run, address)
    if as_json:
        _print_json(answer)
    else:
        click.echo(why_text(answer))


@commands.command()
@click.argument("run_a", type=RUN)
@click.argument("run_b", type=RUN)
@JSON
def compare(run_a: Path, run_b: Path, as_json: bool) -> None:
    """Say what differs between two runs: the cells that were changed, and what that does."""
    from holdfast import api
    from holdfast.report.terminal import compare_text

    answer = api.compare(run_a, run_b).as_dict()
    if as_json:
        _print_json(answer)
    else:
        click.echo(compare_text(answer))


@commands.command()
@click.argument("run", type=RUN)
def report(run: Path) -> None:
    """Write the report of a run again."""
    from holdfast import api

    click.echo(api.write_report(api.open_run(run)))


@commands.command()
@JSON
def cases(as_json: bool) -> None:
    """Run the published known-answer cases and print ours beside theirs."""
    from holdfast import api
    from holdfast.report.terminal import cases_text

    found = api.cases()
    if as_json:
        _print_json({"schema_version": 1, "cases": found})
    else:
        click.echo(cases_text(found))
    sys.exit(1 if any(case["status"] == "fail" for case in found) else 0)


@commands.command()
@JSON
def doctor(as_json: bool) -> None:
    """Say what this machine gives: versions, cores, compiled-kernel cache, free disk."""
    from holdfast import api

    facts = api.doctor()
    if as_json:
        _print_json({"schema_version": 1, **facts})
    else:
        for name, value in facts.items():
            click.echo(f"{name}: {value}")


def _print_run(run: Any, as_json: bool) -> None:
    from holdfast import api
    from holdfast.report.terminal import verdict_text

    page = api.write_report(run)
    if as_json:
        _print_json(run.as_dict())
    else:
        click.echo(verdict_text(run.summary, str(run.path), str(page)))


def _overrides(texts: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in texts:
        address, equals, value = text.partition("=")
        if not equals or not address:
            raise UsageError(f"--set {text!r}: write ADDRESS=VALUE, as in assumption/deployable_share=0.4")
        found[address] = value
    return found


def _progress() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        click.echo(f"\r{done} of {total} jobs", err=True, nl=done == total)

    return show


def _talk(text: str) -> None:
    click.echo(text, err=True)


def _print_json(content: object) -> None:
    click.echo(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))


def main() -> None:
    """Run the command line and end the process with its exit code; no traceback reaches a user for bad input."""
    try:
        commands.main(prog_name="holdfast", standalone_mode=False)
    except click.exceptions.Abort:
        _talk("stopped")
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except HoldfastError as error:
        _talk(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # the one broad door: whatever is left is our own fault
        import traceback

        text = traceback.format_exc() if os.environ.get("HOLDFAST_DEBUG") else f"{type(error).__name__}: {error}"
        _talk(f"internal error: {text}\nPlease report it with the command and the plan (HOLDFAST_DEBUG=1 shows more).")
        sys.exit(70)
