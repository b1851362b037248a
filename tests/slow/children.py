"""Runs in processes of their own, and disks that are small or cannot be written."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24
CAPABILITIES = (ctypes.c_uint32 * 2)(0x20080522, 0)  # linux/capability.h: version 3, this thread
PATIENCE_S = 120
"""Longer than anything here takes on a slow machine; a test that waits as long has failed."""


def holdfast(*words: object, largest_file: int | None = None) -> subprocess.Popen[str]:
    """The command line in a process of its own; no file that it writes may be larger than ``largest_file`` bytes."""

    def limit() -> None:
        LIBC.prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)  # to the superuser, too, a folder's mode is binding
        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    return subprocess.Popen(
        [sys.executable, "-m", "holdfast", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limit,
        env={**os.environ, "NO_COLOR": "1"},
    )


def refusal(child: subprocess.Popen[str]) -> str:
    """The one line with which a child ended that could not write or read; anything else fails the test."""
    _, told = child.communicate(timeout=PATIENCE_S)
    lines = [line for line in told.splitlines() if line]
    assert child.returncode == 3, (child.returncode, told)
    assert len(lines) == 1, told
    return lines[0]


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[bool]:
    """A disk of ``kib`` KiB at ``folder``; False, and a plain folder, where this user may not mount one."""
    folder.mkdir(parents=True)
    mounted = _mount("-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder))
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def enlarge(folder: Path) -> None:
    """Give the disk at ``folder`` room."""
    assert _mount("-o", "remount,size=64m", str(folder))


def protect(folder: Path, *, mounted: bool) -> None:
    """Let nobody write below ``folder``."""
    if mounted:
        assert _mount("-o", "remount,ro", str(folder))
    else:
        _override(on=False)
        folder.chmod(0o500)


def release(folder: Path, *, mounted: bool) -> None:
    """Let its owner write below ``folder`` again."""
    if mounted:
        assert _mount("-o", "remount,rw", str(folder))
    else:
        folder.chmod(0o700)
        _override(on=True)


def _override(*, on: bool) -> None:
    """Whether folders' modes do not bind this thread, where it is the superuser's."""
    sets = (ctypes.c_uint32 * 6)()
    assert LIBC.capget(CAPABILITIES, sets) == 0
    allowed = sets[1] & (1 << CAP_DAC_OVERRIDE)
    sets[0] = sets[0] | allowed if on else sets[0] & ~(1 << CAP_DAC_OVERRIDE)
    assert LIBC.capset(CAPABILITIES, sets) == 0


def _mount(*words: str) -> bool:
    try:
        return subprocess.run(["mount", *words], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def leftovers(folder: Path) -> list[str]:
    """Temporary files below a folder."""
    return [path.name for path in folder.rglob(".*") if path.is_file()]
