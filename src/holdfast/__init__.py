"""Holdfast: will a multinational force plan hold?  Every number anchored.

The names of :mod:`holdfast.api` are here too (``import holdfast as hf; hf.load(...)``), loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdfast.api import (
        check,
        compare,
        doctor,
        init,
        least_units,
        load,
        open_run,
        optimise,
        resume,
        run,
        why,
        write_report,
    )

__all__ = [
    "__version__",
    "check",
    "compare",
    "doctor",
    "init",
    "least_units",
    "load",
    "open_run",
    "optimise",
    "resume",
    "run",
    "why",
    "write_report",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'holdfast' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("holdfast.api"), name)


def __dir__() -> list[str]:
    return __all__
