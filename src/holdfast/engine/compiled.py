"""How kernels are compiled: one place for the options, typed so that callers stay typed.

Compiled code is kept on disk.  No fast mathematics: the same numbers on any number of threads.  Numba looks only at a
function's own file when it decides whether the kept code is current, so after a change to a helper the files of its
callers must be touched too (an installation does that).

Two options matter for speed.  A call that hands over a tuple of arrays copies it and counts references to every array,
many times what the work itself costs; so kernels allocate nothing and count no references (``_nrt=False``: an array
made inside would be refused), and what only kernels call is inlined.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba as nb

Function = TypeVar("Function", bound=Callable[..., Any])

OPTIONS = {"cache": True, "nogil": True, "_nrt": False}
INNER = OPTIONS | {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def entry(function: Function) -> Function:
    """Compile a function that Python may call; other threads run meanwhile."""
    compiled: Function = nb.njit(**OPTIONS)(function)
    return compiled


def kernel(function: Function) -> Function:
    """Compile a function that only compiled code calls: inlined, and without the way in from Python."""
    compiled: Function = nb.njit(**INNER)(function)
    return compiled
