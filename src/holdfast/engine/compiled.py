"""How kernels are compiled: one place for the options, typed so that callers stay typed.

Compiled code is kept on disk.  No fast mathematics: the same numbers on any number of threads.

Numba looks only at a function's own file when it decides whether kept code is current, and would go on with code that
a change to an inlined helper has made wrong.  So the stamp that it compares is replaced by a digest of every file that
the code may come from: those beside the function, and those of this folder.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import numba as nb

Function = TypeVar("Function", bound=Callable[..., Any])

_njit: Any = nb.njit  # its type stubs leave out options that its documentation names


def entry(function: Function) -> Function:
    """Compile a function that Python calls; other threads run meanwhile."""
    return stamped(_njit(cache=True, nogil=True, _nrt=False)(function), function)


def kernel(function: Function) -> Function:
    """Compile a function that only compiled code calls: without the way in from Python, which costs compile time."""
    compiled = _njit(
        cache=True, nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True
    )(function)
    return stamped(compiled, function)


def stamped(compiled: Any, function: Function) -> Function:
    """The compiled function, whose kept code counts as current only while no file behind it has changed."""
    if compiled is not function:  # it is, where compilation is switched off
        compiled._cache._cache_file._source_stamp = digest(Path(function.__code__.co_filename).parent)
    found: Function = compiled
    return found


@cache
def digest(folder: Path) -> str:
    """A digest of the Python files of a folder and of this one, and of Numba's version."""
    found = blake2b(nb.__version__.encode(), digest_size=16)
    for place in (folder, Path(__file__).parent):
        for path in sorted(place.glob("*.py")):
            found.update(path.name.encode())
            found.update(path.read_bytes())
    return found.hexdigest()
