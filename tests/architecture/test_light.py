"""Commands that only read start no engine: they never import the compiler or the solver, however indirectly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast import api
from holdfast.cli import commands
from holdfast.findings.opened import Run

ENGINES = {"numba", "llvmlite", "highspy"}
READERS = {
    "--help": ["--help"],
    "check": ["check", "{plan}"],
    "init": ["init", "{new}"],
    "why": ["why", "{run}", "requirement/{requirement}"],
    "compare": ["compare", "{run}", "{run}"],
    "report": ["report", "{run}"],
}
ENGINE_COMMANDS = {"cases", "demo", "doctor", "need", "optimise", "run", "stress", "timeline"}
HEAVY = ENGINES | {"numpy", "pyarrow", "duckdb", "matplotlib"}

PROBE = """
import json, sys
from holdfast.cli import main
sys.argv = ["holdfast", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    code = end.code or 0
else:
    code = 0
print(json.dumps({"code": code, "modules": sorted({name.partition(".")[0] for name in sys.modules})}), file=sys.stderr)
"""


def modules_after(words: list[str], folder: Path) -> set[str]:
    """Top-level modules that stand in memory when a command has ended; the command must have succeeded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    found = json.loads(done.stderr.splitlines()[-1])
    assert found["code"] == 0, done.stderr
    return set(found["modules"])


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that has no faults."""
    return api.init(tmp_path_factory.mktemp("light") / "tiny", "tiny")


@pytest.fixture(scope="session")
def run(plan: Path) -> Run:
    """A finished run of that plan."""
    return api.run(plan, draws=4, seed=1, workers=1)


def filled(name: str, plan: Path, request: pytest.FixtureRequest) -> list[str]:
    """The words of a reading command, with a plan, a run and a requirement in place of the braces."""
    values = {"plan": str(plan), "new": "new"}
    if any("{run}" in word for word in READERS[name]):
        done: Run = request.getfixturevalue("run")
        values |= {"run": str(done.path), "requirement": str(done.requirements[0]["id"])}
    return [word.format(**values) for word in READERS[name]]


@pytest.mark.parametrize("name", [name for name in READERS if name == "--help" or name in commands.commands])
def test_a_reading_command_imports_no_engine(
    name: str, plan: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert modules_after(filled(name, plan, request), tmp_path) & ENGINES == set()


@pytest.mark.parametrize("name", ["--help", "check"])
def test_help_and_check_import_no_heavy_library(
    name: str, plan: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert modules_after(filled(name, plan, request), tmp_path) & HEAVY == set()


def test_the_probe_sees_an_engine(tmp_path: Path) -> None:
    assert "numba" in modules_after(["demo", "--draws", "4", "--workers", "1"], tmp_path)


def test_every_command_is_known_to_be_a_reader_or_not() -> None:
    assert set(commands.commands) - set(READERS) - ENGINE_COMMANDS == set()
