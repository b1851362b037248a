"""The documents say what is so: links lead somewhere, commands exist, the example runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click

from holdfast.cli import commands

LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPOKEN = re.compile(r"^holdfast ([a-z]+)((?: +[\w./=*-]+)*)", re.MULTILINE)


def pages(root: Path) -> list[Path]:
    """Every document of the project."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md")])


def test_every_relative_link_leads_somewhere(root: Path) -> None:
    links = [(page, target) for page in pages(root) for target in LINK.findall(page.read_text("utf-8"))]
    here = [(page, target) for page, target in links if "://" not in target]
    assert len(here) > 10
    assert [f"{page.name}: {target}" for page, target in here if not (page.parent / target).exists()] == []


def test_every_command_that_a_document_shows_exists_with_its_options(root: Path) -> None:
    shown = [
        (page.name, *match)
        for page in pages(root)
        for _, block in BLOCK.findall(page.read_text("utf-8"))
        for match in SPOKEN.findall(block)
    ]
    assert len(shown) > 5
    for page, name, rest in shown:
        assert name in commands.commands, f"{page}: holdfast {name}"
        known = {
            text
            for option in commands.commands[name].params
            if isinstance(option, click.Option)
            for text in option.opts
        }
        assert {word for word in rest.split() if word.startswith("--")} <= known, f"{page}: holdfast {name}{rest}"


def test_the_example_of_the_readme_runs_as_it_stands(root: Path, tmp_path: Path) -> None:
    (example,) = [text for kind, text in BLOCK.findall((root / "README.md").read_text("utf-8")) if kind == "python"]
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] in {"holds", "fails", "undecided"}
    assert lines[-2] == "1000"
    assert (tmp_path / lines[-1]).is_file()
