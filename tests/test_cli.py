"""The command line: exit codes, what goes to which stream, and what the options of each command do."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from holdfast import api
from holdfast.cli import main
from holdfast.findings.opened import Run


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def content(self) -> Any:
        return json.loads(self.out)


Holdfast = Callable[..., Ended]


@pytest.fixture
def holdfast(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Holdfast:
    """The command line in this process."""

    def run(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["holdfast", *map(str, words)])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        found = capsys.readouterr()
        assert isinstance(code, int)
        assert "Traceback" not in found.err
        return Ended(code, found.out, found.err)

    return run


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny plan in a folder of its own."""
    return api.init(tmp_path_factory.mktemp("cli") / "tiny", "tiny")


@pytest.fixture(scope="session")
def base(plan: Path) -> Run:
    """A finished run of it."""
    return api.run(plan, draws=20, seed=1, workers=1)


@pytest.fixture(scope="session")
def other(plan: Path) -> Run:
    """The same draws under a scenario."""
    return api.run(api.load(plan).scenario("high-ceiling"), draws=20, seed=1, workers=1)


@pytest.fixture
def broken(plan: Path, tmp_path: Path) -> Path:
    """The plan with a scenario that does not fit it."""
    folder = shutil.copytree(plan, tmp_path / "broken")
    (folder / "scenarios.yaml").write_text("x: {overrides: {units/W-inf.quantity: -1}}\n")
    return folder


# run


def test_a_scenario_is_run_and_set_wins_over_it(holdfast: Holdfast, plan: Path, tmp_path: Path) -> None:
    options = ("--draws", 20, "--workers", 1, "--out", tmp_path, "--json")
    high = holdfast("run", plan, "--scenario", "high-ceiling", *options)
    assert high.content["requirements"][1]["probability"] == 1
    low = holdfast("run", plan, "--scenario", "high-ceiling", "--set", "assumption/xwl_ceiling=120", *options)
    assert low.content["requirements"][1]["probability"] == 0
    assert (high.code, low.code) == (1, 1)  # twenty draws are too few for r1, and r2 fails below
    assert low.content["verdict"] == "fails"
    about = json.loads((Path(high.content["path"]) / "run.json").read_text())
    assert about["overrides"] == {"assumption/xwl_ceiling": "200"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("high-celing", "there is no scenario 'high-celing'; did you mean 'high-ceiling'?"),
        ("winter", "there are: no-handover, high-ceiling, without-northland"),
    ],
)
def test_an_unknown_scenario_is_wrong_usage(holdfast: Holdfast, plan: Path, name: str, message: str) -> None:
    ended = holdfast("run", plan, "--scenario", name)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_scenario_that_does_not_fit_makes_the_plan_invalid(holdfast: Holdfast, broken: Path) -> None:
    ended = holdfast("run", broken)
    assert (ended.code, ended.out) == (3, "")
    assert f"{broken / 'scenarios.yaml'}:1:39: [out-of-range] scenario x: units.quantity" in ended.err
    checked = holdfast("check", broken, "--json")
    assert checked.code == 3
    assert [(fault["line"], fault["column"], fault["value"]) for fault in checked.content["faults"]] == [(1, 39, "-1")]


@pytest.mark.parametrize(
    ("text", "day"), [("2025-09-05", "2025-09-05"), ("2024-02", "2024-02-29"), ("2025", "2025-12-31")]
)
def test_a_partial_date_means_its_last_day(holdfast: Holdfast, plan: Path, tmp_path: Path, text: str, day: str) -> None:
    ended = holdfast("run", plan, "--as-of", text, "--draws", 4, "--workers", 1, "--out", tmp_path, "--json")
    assert ended.content["as_of"] == day


@pytest.mark.parametrize("text", ["yesterday", "2025-13", "2025-02-30", "05.09.2025", ""])
def test_a_wrong_date_is_wrong_usage(holdfast: Holdfast, plan: Path, text: str) -> None:
    ended = holdfast("run", plan, "--as-of", text)
    assert (ended.code, ended.out) == (2, "")
    assert f"{text!r} is not a date; write 2025-09-05, 2025-09 or 2025" in ended.err


@pytest.mark.parametrize("words", [(), ("--draws", 20)])
def test_a_run_needs_a_plan_or_a_run_to_go_on_with(holdfast: Holdfast, words: tuple[object, ...]) -> None:
    ended = holdfast("run", *words)
    assert ended.code == 2
    assert "holdfast run PLAN" in ended.err
    assert "holdfast run --resume RUN" in ended.err


@pytest.mark.parametrize("text", ["units/W-inf.quantity", "=3"])
def test_a_set_without_address_or_value_is_wrong_usage(holdfast: Holdfast, plan: Path, text: str) -> None:
    ended = holdfast("run", plan, "--set", text)
    assert (ended.code, ended.out) == (2, "")
    assert "write ADDRESS=VALUE" in ended.err


# run --resume


def test_a_run_is_extended_without_its_plan(holdfast: Holdfast, base: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(base.path, tmp_path / base.id)
    ended = holdfast("run", "--resume", folder, "--draws", 30, "--workers", 1, "--json")
    assert (ended.content["draws"], ended.content["run_id"]) == (30, base.id)
    again = holdfast("run", "--resume", folder, "--json")
    assert again.content["draws"] == 30
    assert again.content["requirements"] == ended.content["requirements"]


def test_a_run_cannot_go_back_to_fewer_draws(holdfast: Holdfast, base: Run) -> None:
    ended = holdfast("run", "--resume", base.path, "--draws", 10)
    assert ended.code == 2
    assert "the run has 20 draws" in ended.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--seed", 1), "--seed"),
        (("--set", "plan/title=x"), "--set"),
        (("--scenario", "high-ceiling"), "--scenario"),
        (("--as-of", "2025"), "--as-of"),
        (("--out", "elsewhere"), "--out"),
        (("--out", "x", "--set", "a=b", "--seed", 2), "--seed, --set, --out"),
    ],
)
def test_options_that_would_make_another_run_are_refused(
    holdfast: Holdfast, base: Run, words: tuple[object, ...], named: str
) -> None:
    before = (base.path / "run.json").read_bytes()
    ended = holdfast("run", "--resume", base.path, *words)
    assert (ended.code, ended.out) == (2, "")
    assert f"{named} cannot go with --resume" in ended.err
    assert (base.path / "run.json").read_bytes() == before


def test_a_plan_beside_resume_must_be_the_plan_of_the_run(
    holdfast: Holdfast, plan: Path, base: Run, tmp_path: Path
) -> None:
    folder = shutil.copytree(base.path, tmp_path / base.id)
    assert holdfast("run", plan, "--resume", folder, "--json").content["run_id"] == base.id
    changed = shutil.copytree(plan, tmp_path / "changed")
    (changed / "scenarios.yaml").unlink()
    ended = holdfast("run", changed, "--resume", folder)
    assert ended.code == 2
    assert f"{changed} is not the plan that {folder} was run from" in ended.err


# reading a run


def test_why_prints_the_value_what_moves_it_and_what_it_rests_on(holdfast: Holdfast, base: Run) -> None:
    ended = holdfast("why", base.path, "requirement/r2")
    assert ended.code == 0
    assert "requirement/r2: Both training teams are in place every day" in ended.out
    assert "met in" in ended.out
    moved, rests = ended.out.index("Moves it"), ended.out.index("Rests on")
    assert moved < ended.out.index("xwl_ceiling  +") < rests < ended.out.index("assumption/xwl_ceiling")


def test_why_as_json_is_one_object(holdfast: Holdfast, base: Run) -> None:
    content = holdfast("why", base.path, "units/N-inf.quantity", "--json").content
    assert (content["schema_version"], content["address"]) == (1, "units/N-inf.quantity")
    assert content["value"]["central"] == 4


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("requirement/r3", "there are: r1, r2"),
        ("measure/people_in_plce", "did you mean 'people_in_place'?"),
        ("fill", "an address looks like"),
    ],
)
def test_why_of_nothing_is_wrong_usage_with_a_hint(holdfast: Holdfast, base: Run, address: str, hint: str) -> None:
    ended = holdfast("why", base.path, address)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err


def test_compare_prints_what_was_changed_and_what_that_does(holdfast: Holdfast, base: Run, other: Run) -> None:
    ended = holdfast("compare", base.path, other.path)
    assert ended.code == 0
    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert any(line.startswith("assumptions/xwl_ceiling kind uniform -> fixed") for line in lines)
    first, second = (next(line for line in lines if line.startswith(f"requirement/{name}")) for name in ("r2", "r1"))
    assert lines.index(first) < lines.index(second)
    assert "-> 100 % +" in first
    assert second == "requirement/r1 100 % -> 100 % no difference"


def test_compare_as_json_is_one_object(holdfast: Holdfast, base: Run, other: Run) -> None:
    content = holdfast("compare", base.path, other.path, "--json").content
    assert (content["schema_version"], content["a"]["run"], content["b"]["run"]) == (1, base.id, other.id)
    by_name = {item["address"]: item for item in content["requirements"]}
    assert by_name["requirement/r2.met"]["distinguishable"]
    assert not by_name["requirement/r1.met"]["distinguishable"]


def test_a_run_compared_with_itself_differs_in_nothing(holdfast: Holdfast, base: Run) -> None:
    ended = holdfast("compare", base.path, base.path)
    assert ended.code == 0
    assert "Both runs read the same plan." in ended.out
    assert "30 of 30 measures cannot be told apart" in ended.out


@pytest.mark.parametrize("words", [("why", "{none}", "plan/title"), ("compare", "{run}", "{none}"),
                                   ("run", "--resume", "{none}"), ("report", "{none}")])  # fmt: skip
def test_a_folder_that_is_no_run_ends_with_three(
    holdfast: Holdfast, base: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ended = holdfast(*(word.format(none=tmp_path, run=base.path) for word in words))
    assert (ended.code, ended.out) == (3, "")
    assert str(tmp_path) in ended.err
