"""Where things stand in a run folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

SCHEMA_VERSION = 1
"""Version of the run folder; readers accept the previous one too."""

OVER_DRAWS = ("bands", "causes", "pools")
"""Small tables over the draws of chunk 0."""

CHUNK_DRAWS = 4096
"""Draws in a chunk; the last chunk of a run may be short."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one run folder."""

    folder: Path

    @property
    def run(self) -> Path:
        """State, hashes, versions, seed, timings; written first as ``running``, replaced last."""
        return self.folder / "run.json"

    @property
    def plan(self) -> Path:
        """Audit copy of every input of the plan."""
        return self.folder / "plan"

    @property
    def draws(self) -> Path:
        """One Parquet file a chunk."""
        return self.folder / "draws"

    @property
    def nominal(self) -> Path:
        """The run with every assumption at its central value: daily series, events, unit timelines."""
        return self.folder / "nominal"

    @property
    def summary(self) -> Path:
        """Verdict, requirements and measures: the same bytes for the same plan, seed and draws."""
        return self.folder / "summary.json"

    @property
    def report(self) -> Path:
        """The page for people."""
        return self.folder / "report.html"

    @property
    def lineage(self) -> Path:
        """What every number rests on."""
        return self.folder / "lineage.json"

    def over_draws(self, name: str) -> Path:
        """A small table over the draws of chunk 0: daily ``bands``, ``causes`` of shortfall, ``pools``."""
        return self.draws / f"{name}.parquet"

    def chunk(self, number: int) -> Path:
        """The draws of one chunk."""
        return self.draws / f"chunk-{number:05d}.parquet"

    def judged(self, name: str, end: str) -> Path:
        """The draws of chunk 0 again, with one judged assumption (or group) at its ``low`` or ``high`` end."""
        return self.draws / f"judged-{_file_name(name)}-{end}.parquet"

    def without(self, origin: str) -> Path:
        """The draws of chunk 0 again, without one origin."""
        return self.draws / f"without-{_file_name(origin)}.parquet"

    def table(self, name: str) -> Path:
        """One table of the nominal run."""
        return self.nominal / f"{name}.parquet"


def _file_name(text: str) -> str:
    """A name or any other text as part of a file name, on every file system.

    What is not short, plain and lower case keeps what can be read of it, with 8 hex digits of its hash.
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", text):
        return text
    kept = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    return f"{kept}-{sha256(text.encode()).hexdigest()[:8]}"


def chunks(draws: int) -> list[tuple[int, int, int]]:
    """(number, first draw, draws) of every chunk of a run."""
    starts = range(0, draws, CHUNK_DRAWS)
    return [(start // CHUNK_DRAWS, start, min(CHUNK_DRAWS, draws - start)) for start in starts]
