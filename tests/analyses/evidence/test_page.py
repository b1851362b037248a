"""The worked example of the page runs as it stands and prints what the page says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HEADINGS = ["Question", "Tables in", "Mathematics", "Simulator", "Worked example", "Limits and published checks"]


def page(root: Path) -> str:
    return (root / "docs" / "analyses" / "evidence.md").read_text("utf-8")


def test_the_page_has_the_six_headings(root: Path) -> None:
    assert re.findall(r"^## (.+)$", page(root), re.MULTILINE) == HEADINGS


def test_the_worked_example_prints_what_was_worked_out_by_hand(root: Path) -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", page(root), re.MULTILINE | re.DOTALL)
    (printed,) = re.findall(r"^```text\n(.*?)^```", page(root), re.MULTILINE | re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == printed
    t = 5000 / 8000
    wrong = 10 * t**3 - 15 * t**4 + 6 * t**5
    by_hand = (0.7 * (0.3 * wrong) + 0.15 * (0.5 + 0.5 * wrong)) / 0.85
    assert f"{by_hand:.4f}" in printed
