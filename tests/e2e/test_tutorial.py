"""The tutorial, followed to the letter: every command runs, and every line of output that it shows is printed."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.cli import main

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
LEFT_OUT = "…"
LEEWAY = 0.1
"""Another processor may round a draw to the other side: shares and differences are rough at a hundred draws anyway."""
POINTS = 4


def steps(page: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Commands and the lines shown as their output, block by block, in the order of the page."""
    blocks = BLOCK.findall(page.read_text("utf-8"))
    for place, (kind, text) in enumerate(blocks):
        if not kind:
            follows = blocks[place + 1] if place + 1 < len(blocks) else ("", "")
            yield text.splitlines(), follows[1].splitlines() if follows[0] == "text" else []


def spoken(line: str, folder: Path) -> list[str]:
    """The words of a command, with ``*`` filled in as a shell does."""
    found: list[str] = []
    for word in shlex.split(line):
        matches = sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]
        assert len(matches) == 1, f"{word}: {matches}"
        found += matches
    return found


def same(shown: str, printed: str) -> bool:
    """Whether two lines say the same: words exactly, numbers within the leeway, blanks however many."""
    if NUMBER.sub("#", " ".join(shown.split())) != NUMBER.sub("#", " ".join(printed.split())):
        return False
    pairs = zip(*(NUMBER.findall(line) for line in (shown, printed)), strict=True)
    numbers = [tuple(float(text.replace(",", "")) for text in pair) for pair in pairs]
    return all(abs(a - b) <= max(LEEWAY * abs(a), POINTS if "%" in shown else LEEWAY) for a, b in numbers)


def ended_with() -> object:
    """Run the command line in this process; its exit code."""
    try:
        main()
    except SystemExit as end:
        return end.code or 0
    return 0


def missing(shown: list[str], printed: list[str]) -> list[str]:
    """The lines shown that are not printed in this order; the next line must come at once where none are left out."""
    absent, place, skipping = [], 0, False
    for line in shown:
        if line == LEFT_OUT:
            skipping = True
            continue
        ahead = range(place, len(printed) if skipping else min(place + 1, len(printed)))
        found = next((at for at in ahead if same(line, printed[at])), None)
        if found is None:
            absent.append(line)
        else:
            place, skipping = found + 1, False
    return absent


def test_the_tutorial_does_what_it_says(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = set()
    for commands, shown in steps(root / "docs" / "tutorial.md"):
        printed: list[str] = []
        for line in commands:
            words = spoken(line, tmp_path)
            monkeypatch.setattr(sys, "argv", words)
            code = ended_with()
            found = capsys.readouterr()
            assert (code, found.err) == (int(words[1] == "run"), ""), line  # no run of this plan holds
            printed += found.out.splitlines()
            done.add(words[1])
        assert missing(shown, [text for text in printed if text.strip()]) == [], "\n".join(printed)
    assert done == {"init", "check", "run", "why", "compare", "report"}
    assert len(list(tmp_path.glob("runs/*/*/report.html"))) == 5


@pytest.mark.parametrize(
    ("shown", "printed", "absent"),
    [
        (["a 15 %", "…", "c"], ["a  18 %", "b", "c", "d"], []),
        (["a", "c"], ["a", "b", "c"], ["c"]),
        (["…", "r1 15 %"], ["r1 25 %"], ["r1 15 %"]),
        (["central 5,733"], ["central 5,100"], ["central 5,733"]),
        (["…", "b", "…", "a"], ["a", "b"], ["a"]),
        (["a holds"], ["a fails"], ["a holds"]),
    ],
)
def test_a_line_that_is_not_printed_is_noticed(shown: list[str], printed: list[str], absent: list[str]) -> None:
    assert missing(shown, printed) == absent
