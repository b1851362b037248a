"""How kernels are compiled: one place for the options, typed so that callers stay typed.

Compiled code is kept on disk.  No fast mathematics: the same numbers on any number of threads.  Numba looks only at a
function's own file when it decides whether the kept code is current, so after a change to a helper the callers' files
must be touched too (an installation does that).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb

Function = TypeVar("Function", bound=Callable[..., Any])


def entry(function: Function) -> Function:
    """Compile a function that Python calls; other threads run meanwhile."""
    compiled: Function = nb.njit(cache=True, nogil=True, _nrt=False)(function)
    return compiled


def kernel(function: Function) -> Function:
    """Compile a function that only compiled code calls: without the way in from Python, which costs compile time."""
    compiled: Function = nb.njit(
        cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True
    )(function)
    return compiled
