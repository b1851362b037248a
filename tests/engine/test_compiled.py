"""Kept compiled code is used again, and never after any file behind it has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = """
from holdfast.engine.compiled import entry
from helper import add

@entry
def run(x):
    return add(x)
"""
HELPER = """
from holdfast.engine.compiled import kernel

@kernel
def add(x):
    return x + {step}
"""
CALL = "import main; y = main.run(1); print(y, sum(main.run.stats.cache_hits.values()))"


def call(folder: Path) -> str:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "kept"), "NUMBA_DISABLE_JIT": "0"}
    done = subprocess.run(
        [sys.executable, "-c", CALL], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.jit
def test_a_change_to_an_inlined_helper_voids_the_kept_code_of_its_caller(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "helper.py").write_text(HELPER.format(step=1))
    assert call(tmp_path) == "2 0"
    assert call(tmp_path) == "2 1"
    (tmp_path / "helper.py").write_text(HELPER.format(step=5))
    assert call(tmp_path) == "6 0"
