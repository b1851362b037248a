"""Start-up of the light commands against a bare interpreter: wall and CPU time and peak memory of whole processes.

The commands are run in turn, so that they share whatever else the machine is doing; medians are printed.  Aims: 0.15 s
for ``--help``, 0.4 s for ``check`` of the tiny plan.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

TINY = str(files("holdfast") / "plans" / "tiny")
COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "--help": ["-m", "holdfast", "--help"],
    "check tiny": ["-m", "holdfast", "check", TINY],
    "run tiny, 1,000 draws": ["-m", "holdfast", "run", TINY, "--draws", "1000", "--out"],
}


def measure(arguments: list[str], out: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of one process."""
    words = [*arguments, str(out)] if arguments[-1] == "--out" else arguments
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    """Print the table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the run folders")
    options = parser.parse_args()
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(options.rounds + 1):
        for name, arguments in COMMANDS.items():
            found[name].append(measure(arguments, options.out))
    table = {}
    for name, rows in found.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*rows[1:], strict=True))
        table[name] = {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "peak_mib": round(memory)}
        print(f"{name:<24} {wall:>7.3f} s wall {cpu:>7.3f} s CPU {memory:>6.0f} MiB")
    if options.json:
        options.json.write_text(json.dumps(table, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
