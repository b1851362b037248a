"""A run that was written: read its verdict, requirements and columns without any engine."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from holdfast.base.errors import RunError, UsageError
from holdfast.plan.faults import suggestion
from holdfast.plan.load import load
from holdfast.plan.model import Plan
from holdfast.store import read
from holdfast.store.layout import Layout, chunks

if TYPE_CHECKING:
    import pyarrow as pa


class Run:
    """A finished run.

    ``path`` is its folder; ``verdict`` one of ``holds``, ``fails``, ``undecided``; ``requirements`` and ``measures``
    are those of ``summary.json``.  Raises RunError when the folder is missing, foreign, damaged or unfinished.
    """

    def __init__(self, folder: Path | str) -> None:
        self.layout, self.about = read.open_layout(Path(folder))
        if self.about.get("state") != "finished":
            raise RunError(f"{folder}: the run is {self.about.get('state')!r}; finish it with --resume")
        self.summary = read.read_json(self.layout.summary)

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.layout.folder

    @property
    def id(self) -> str:
        """The run's name: UTC time and part of its hash."""
        return str(self.about["id"])

    @property
    def verdict(self) -> str:
        """``holds``, ``fails`` or ``undecided``."""
        return str(self.summary["verdict"])

    def as_dict(self) -> dict[str, Any]:
        """The run as ``run --json`` prints it: its summary, each requirement with the moves of its origins, and where
        it stands.
        """
        moves = self.summary["origins"]
        requirements = [
            {**item, "origins": [move for move in moves if move["requirement"] == item["id"]]}
            for item in self.requirements
        ]
        about = {"run_id": self.id, "path": str(self.path), "timings": self.about["timings"]}
        return {**self.summary, "requirements": requirements, **about}

    @property
    def requirements(self) -> list[dict[str, Any]]:
        """Every requirement with its probability, bands, status and what breaks it first."""
        return list(self.summary["requirements"])

    @property
    def measures(self) -> dict[str, dict[str, Any]]:
        """Mean and quantiles of every measure over the draws, by address."""
        return dict(self.summary["measures"])

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.about["draws"])

    @cached_property
    def plan(self) -> Plan:
        """The plan that was run, from the run's own copy, with its overrides."""
        return load(self.layout.plan).with_(dict(self.about["overrides"]))

    def column(self, address: str) -> NDArray[np.generic]:
        """One stored column over all draws, [draws], in the order of the draws.

        Raises UsageError, with the nearest address, when the run holds no such column.
        """
        if address not in self.columns:
            hint = suggestion(address, self.columns, "see run.columns")
            raise UsageError(f"the run holds no column {address[:80]!r}; {hint}")
        return read_column(self.layout, self.draws, address)

    def frame(self, kind: str = "measures") -> pa.Table:
        """An Arrow table of all draws: ``measures``, ``assumptions`` or ``requirements``, with the draw number."""
        import pyarrow as pa

        prefixes = {"measures": "measure/", "assumptions": "assumption/", "requirements": "requirement/"}
        if kind not in prefixes:
            raise UsageError(f"no frame {kind!r}; there are {', '.join(prefixes)}")
        wanted = ["draw", *(name for name in self.columns if name.startswith(prefixes[kind]))]
        parts = [read.read_table(self.layout.chunk(number), wanted) for number, _, _ in chunks(self.draws)]
        return pa.concat_tables(parts)

    @cached_property
    def columns(self) -> list[str]:
        """Addresses of every stored column."""
        return column_names(self.layout)


def column_names(layout: Layout) -> list[str]:
    """Addresses of the columns of a run, in stored order."""
    return read.column_names(layout.chunk(0))


def read_column(layout: Layout, draws: int, address: str) -> NDArray[np.generic]:
    """One column over all chunks, in the order of the draws."""
    parts = [read.read_table(layout.chunk(number), [address]) for number, _, _ in chunks(draws)]
    return np.concatenate([part.column(address).to_numpy() for part in parts])
