"""How kernels are compiled: one place for the options, typed so that callers stay typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile on first call, keep the machine code on disk, let other threads run meanwhile; no fast mathematics."""
    compiled: Function = nb.njit(cache=True, nogil=True)(function)
    return compiled
