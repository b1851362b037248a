"""The one door to the solver (HiGHS): plain arrays in, the best point and a bound out.

Every solve runs in a child process, because the solver's own time limit is not hard: a child that overruns is ended
by its process id, and the best point and bound that it had written by then are returned.  Children are kept alive
and reused, which saves their start-up.

Reproducible results: stop by ``gap``, ``absolute_gap`` or ``max_nodes``.  The two time limits are a safety net; a
solve that ran into one says so in its status, and its answer may differ on another machine.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from holdfast.base.errors import SolverError

Floats = NDArray[np.float64]
Method = Literal["choose", "simplex", "ipm", "interior"]

INFINITY = float("inf")
IPM_NONZEROS = 10_000
"""From this many non-zeros on, ``choose`` takes the interior point method.

Measured on rotation models: at 25,000 non-zeros the simplex method takes 3 to 10 times as long, at 225,000 it does not
end in a minute; well below this size it is as fast, and its point is a vertex without crossover.
"""
PATIENCE_S = 10.0
"""Seconds that a child may overrun its time limit before it is ended, unless ``hard_limit_s`` says otherwise."""


@dataclass(frozen=True, slots=True)
class Model:
    """Minimise ``cost @ x + offset`` with row_lower <= A x <= row_upper, lower <= x <= upper; n columns, m rows.

    A is row-wise: row i holds columns ``index[starts[i]:starts[i+1]]`` with coefficients ``value[...]``.  ``integer``
    marks the columns that must be whole.  ``start`` is an optional point to begin from; it need not be feasible.
    """

    cost: Floats  # [n]
    lower: Floats  # [n]
    upper: Floats  # [n]
    integer: NDArray[np.bool_]  # [n]
    starts: NDArray[np.int64]  # [m+1]
    index: NDArray[np.int64]  # [nonzeros]
    value: Floats  # [nonzeros]
    row_lower: Floats  # [m]
    row_upper: Floats  # [m]
    offset: float = 0.0
    start: Floats | None = None  # [n]
    column_names: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()

    def misfit(self) -> str:
        """What does not fit together in the arrays, which the solver would read beyond; blank where all does."""
        wanted = dict.fromkeys(("lower", "upper", "integer"), self.columns) | {"row_upper": self.rows}
        wanted |= {"starts": self.rows + 1, "value": len(self.index)}
        wrong = [
            f"{name} holds not {size} numbers" for name, size in wanted.items() if len(getattr(self, name)) != size
        ]
        spans = bool(wrong) or (self.starts[0] == 0 and self.starts[-1] == len(self.index))
        inside = not len(self.index) or (self.index.min() >= 0 and self.index.max() < self.columns)
        return "; ".join(wrong) or ("" if spans and inside else "starts or index point outside the matrix")

    @property
    def rows(self) -> int:
        """How many rows the model has."""
        return len(self.row_lower)

    @property
    def columns(self) -> int:
        """How many columns the model has."""
        return len(self.cost)

    def activity(self, x: Floats) -> Floats:
        """A x, one number a row."""
        return np.bincount(self._row_of(), self.value * x[self.index], minlength=self.rows).astype(np.float64)

    def objective(self, x: Floats) -> float:
        """The objective at a point."""
        return float(self.cost @ x) + self.offset

    def feasible(self, x: Floats, tolerance: float = 1e-6) -> bool:
        """Whether a point keeps every bound, every row and the wholeness of integer columns."""
        activity = self.activity(x)
        slack = tolerance * np.maximum(1.0, np.abs(activity))
        within = bool(np.all(x >= self.lower - tolerance) and np.all(x <= self.upper + tolerance))
        whole = bool(np.all(np.abs(x - np.rint(x))[self.integer] <= tolerance))
        return (
            within
            and whole
            and bool(np.all(activity >= self.row_lower - slack) and np.all(activity <= self.row_upper + slack))
        )

    def relaxed(self) -> Model:
        """The same model without wholeness: a linear programme."""
        return replace(self, integer=np.zeros(self.columns, np.bool_), start=None)

    def with_row(self, coefficients: Floats, lower: float, upper: float, name: str = "") -> Model:
        """The same model with one more row, given densely."""
        index = np.flatnonzero(coefficients)
        return replace(
            self,
            starts=np.append(self.starts, self.starts[-1] + len(index)),
            index=np.concatenate([self.index, index]),
            value=np.concatenate([self.value, coefficients[index]]),
            row_lower=np.append(self.row_lower, lower),
            row_upper=np.append(self.row_upper, upper),
            row_names=(*self.row_names, name) if self.row_names else (),
        )

    def with_column(
        self,
        name: str = "",
        *,
        upper: float,
        rows: NDArray[np.int64] | None = None,
        values: Floats | None = None,
        start: float = 0.0,
    ) -> Model:
        """The same model with one more column of cost 0 between 0 and ``upper``, in these rows (rising) if any."""
        rows = np.zeros(0, np.int64) if rows is None else rows
        values = np.zeros(0) if values is None else values
        more = np.cumsum(np.bincount(rows, minlength=self.rows))
        return replace(
            self,
            cost=np.append(self.cost, 0.0),
            lower=np.append(self.lower, 0.0),
            upper=np.append(self.upper, upper),
            integer=np.append(self.integer, False),
            starts=self.starts + np.concatenate([[0], more]),
            index=np.insert(self.index, self.starts[rows + 1], self.columns),
            value=np.insert(self.value, self.starts[rows + 1], values),
            start=None if self.start is None else np.append(self.start, start),
            column_names=(*self.column_names, name) if self.column_names else (),
        )

    def lagrangian_bound(self, duals: Floats) -> float:
        """A valid lower bound from any row duals, right however loosely the solver converged.

        Each term takes the worst end of its own interval (weak duality); duals that ask for an infinite end of their
        row count as 0, and the bound is -inf where a column's needed end is infinite.
        """
        duals = np.where(np.isinf(self.row_lower), np.minimum(duals, 0.0), duals)
        duals = np.where(np.isinf(self.row_upper), np.maximum(duals, 0.0), duals)
        reduced = self.cost - np.bincount(self.index, self.value * duals[self._row_of()], minlength=self.columns)
        reduced[np.abs(reduced) < 1e-12] = 0.0
        total = self.offset
        for weight, low, high in ((duals, self.row_lower, self.row_upper), (reduced, self.lower, self.upper)):
            up, down = weight > 0, weight < 0
            total += float(weight[up] @ low[up]) + float(weight[down] @ high[down])
        return total

    def _row_of(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(self.rows), np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found; ``gap`` is (objective - bound) / |objective|.

    ``status``: ``optimal`` (within the gap asked for), ``nodes`` (stopped by the node count), ``time`` (stopped by the
    solver's time limit) or ``ended`` (the child overran its hard limit, or died, and was ended).
    """

    status: str
    x: Floats
    objective: float
    bound: float
    gap: float
    seconds: float
    cpu_seconds: float
    solver: str
    nodes: int = 0
    peak_mib: float = 0.0
    duals: Floats | None = None  # [m], of a linear programme only


def chosen_solver(model: Model, solver: Method = "choose") -> str:
    """Which method a model is solved with: ``simplex`` for small ones, ``ipm`` for large ones."""
    if solver != "choose":
        return solver
    return "ipm" if len(model.index) >= IPM_NONZEROS else "simplex"


def solve(
    model: Model,
    *,
    solver: Method = "choose",
    gap: float = 1e-6,
    absolute_gap: float = 1e-6,
    max_nodes: int | None = None,
    time_limit_s: float = 600.0,
    hard_limit_s: float | None = None,
    threads: int = 1,
) -> Solution:
    """The best point found and a bound on every point.

    ``solver`` is the method for the linear programme or for the root of a mixed-integer one; ``interior`` is ``ipm``
    without crossover (a bound and duals, no vertex).  ``gap`` is relative, ``absolute_gap`` in units of the
    objective; either stops the search.  ``hard_limit_s`` (default: ``time_limit_s`` and 10 s) ends the child.

    Raises SolverError when no feasible point is known at the end (or none exists), or the arrays do not fit together.
    """
    if misfit := model.misfit():
        raise SolverError(f"without an answer: the model's arrays do not fit together: {misfit}")
    method = chosen_solver(model, solver)
    options: dict[str, Any] = {"time_limit": time_limit_s, "threads": threads}
    if model.integer.any():
        options |= {
            "mip_rel_gap": gap,
            "mip_abs_gap": absolute_gap,
            "mip_lp_solver": "ipm" if method != "simplex" else method,
        }
        if max_nodes is not None:
            options["mip_max_nodes"] = max_nodes
    else:
        options |= {
            "solver": "ipm" if method == "interior" else method,
            "run_crossover": "off" if method == "interior" else "on",
        }
    hard = time_limit_s + PATIENCE_S if hard_limit_s is None else hard_limit_s
    began = time.perf_counter()
    heard = _Heard(model)
    ended = _converse(pickle.dumps((model, options), pickle.HIGHEST_PROTOCOL), heard, began + hard)
    return heard.solution(method, time.perf_counter() - began, ended)


class _Heard:
    """What a child has said so far: the best point, the bound, and its last word."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.x: Floats | None = None
        self.objective = INFINITY
        self.bound = -INFINITY
        self.last: dict[str, Any] | None = None
        if model.start is not None and model.feasible(model.start):
            self.point(model.start)

    def point(self, x: Floats) -> None:
        objective = self.model.objective(x)
        if objective < self.objective:
            self.x, self.objective = x, objective

    def take(self, kind: str, content: Any) -> bool:
        """Keep one message; true when it was the last."""
        if kind == "point":
            self.point(content)
        elif kind == "bound":
            self.bound = max(self.bound, content)
        else:
            self.last = content
        return self.last is not None

    def solution(self, method: str, seconds: float, ended: bool) -> Solution:
        last = self.last or {}
        if last.get("x") is not None:
            self.point(last["x"])
        if "bound" in last:
            self.bound = max(self.bound, last["bound"])
        status = "ended" if ended else str(last.get("status", "ended"))
        if self.x is None:
            raise SolverError(f"the solver ended without an answer after {seconds:.1f} s: {last.get('reason', status)}")
        bound = min(self.bound, self.objective)
        gap = 0.0 if bound == self.objective else (self.objective - bound) / max(abs(self.objective), 1e-9)
        return Solution(
            status, self.x, self.objective, bound, gap, seconds, last.get("cpu_seconds", 0.0), method,
            last.get("nodes", 0), last.get("peak_mib", 0.0), last.get("duals"),
        )  # fmt: skip


# --- the parent's side of the pipe -----------------------------------------------------------------------------


class _Child:
    """One solver process; its messages arrive on a queue, None at the end of its stream."""

    def __init__(self) -> None:
        source = str(Path(__file__).resolve().parents[2])
        paths = [source, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import _serve; _serve()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        self.messages: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self) -> None:
        stream = cast("IO[bytes]", self.process.stdout)
        while (message := _read(stream)) is not None:
            self.messages.put(pickle.loads(message))
        self.messages.put(None)

    def close(self, *, kill: bool) -> None:
        """Let the child go (it leaves when its input ends), or end it by its process id."""
        if kill:
            self.process.kill()
        with suppress(OSError):  # the child died before it had read all
            cast("IO[bytes]", self.process.stdin).close()
        self.process.wait()
        self.listener.join()
        cast("IO[bytes]", self.process.stdout).close()


_idle: list[_Child] = []
_lock = threading.Lock()


def _borrow() -> _Child:
    with _lock:
        while _idle:
            child = _idle.pop()
            if child.owner == os.getpid() and child.process.poll() is None:
                return child
    return _Child()


@atexit.register
def close_children() -> None:
    """End the idle solver processes; the next solve starts a fresh one."""
    with _lock:
        while _idle:
            child = _idle.pop()
            if child.owner == os.getpid():
                child.close(kill=False)


def _converse(request: bytes, heard: _Heard, deadline: float) -> bool:
    """Send one request and listen until the last message; true when the child overran or died."""
    child = _borrow()
    finished = False
    try:
        _write(cast("IO[bytes]", child.process.stdin), request)
        while not finished:
            message = child.messages.get(timeout=max(deadline - time.perf_counter(), 0.001))
            if message is None:
                break
            finished = heard.take(*message)
    except (queue.Empty, BrokenPipeError):
        finished = False
    finally:
        if finished:
            with _lock:
                _idle.append(child)
        else:
            child.close(kill=True)
    return not finished


def _write(stream: IO[bytes], message: bytes) -> None:
    stream.write(struct.pack("<Q", len(message)))
    stream.write(message)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    try:
        head = stream.read(8)
        body = stream.read(struct.unpack("<Q", head)[0]) if len(head) == 8 else b""
    except (OSError, ValueError):  # closed by the other side while we waited
        return None
    return body or None


# --- the child's side ------------------------------------------------------------------------------------------


def _serve() -> None:
    """Answer requests on standard input until it ends; whatever the solver prints goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (request := _read(sys.stdin.buffer)) is not None:
        model, options = pickle.loads(request)

        def say(kind: str, content: Any) -> None:
            _write(out, pickle.dumps((kind, content), pickle.HIGHEST_PROTOCOL))

        try:
            say("last", _run(model, options, say))
        except (RuntimeError, ValueError, TypeError, MemoryError) as error:
            say("last", {"status": "failed", "reason": f"{type(error).__name__}: {error}"})


def _run(model: Model, options: dict[str, Any], say: Any) -> dict[str, Any]:
    """Solve in this process; ``say`` is told every better point and bound."""
    import highspy  # the only import of the solver

    began = time.process_time()
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    mixed = bool(model.integer.any())
    highs.passModel(
        model.columns, model.rows, len(model.index), int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize), model.offset, model.cost, model.lower, model.upper,
        model.row_lower, model.row_upper, model.starts[:-1].astype(np.int32), model.index.astype(np.int32),
        model.value, model.integer.astype(np.int32),
    )  # fmt: skip
    if model.start is not None and mixed:
        highs.setSolution(model.columns, np.arange(model.columns, dtype=np.int32), model.start)
    if mixed:
        highs.cbMipImprovingSolution += lambda event: say("point", np.array(event.data_out.mip_solution, np.float64))
        highs.cbMipInterrupt += _BoundTeller(say)
    highs.run()
    return _last_word(highs, model, mixed, time.process_time() - began)


class _BoundTeller:
    """Tells each better bound, once: the solver asks many times a second whether it should go on."""

    def __init__(self, say: Any) -> None:
        self.say, self.told = say, -INFINITY

    def __call__(self, event: Any) -> None:
        bound = float(event.data_out.mip_dual_bound)
        if bound > self.told + 1e-9 * max(1.0, abs(self.told)) or (np.isinf(self.told) and bound > self.told):
            self.told = bound
            self.say("bound", bound)


def _last_word(highs: Any, model: Model, mixed: bool, cpu_seconds: float) -> dict[str, Any]:
    """The final message: status, point, bound, duals, effort."""
    import resource

    names = {"kOptimal": "optimal", "kSolutionLimit": "nodes", "kIterationLimit": "nodes", "kTimeLimit": "time"}
    verdict, info, found = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
    status = names.get(verdict.name, "failed")
    word: dict[str, Any] = {
        "status": status, "reason": highs.modelStatusToString(verdict), "cpu_seconds": cpu_seconds,
        "nodes": int(max(info.mip_node_count, 0)),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    if model.columns == 0:
        return word | {"x": np.zeros(0), "bound": model.offset, "status": "optimal"}
    if status == "failed":
        return word
    if mixed:
        x = np.array(found.col_value, np.float64) if info.primal_solution_status == 2 else None
        return word | {"x": x, "bound": float(info.mip_dual_bound)}
    duals = np.array(found.row_dual, np.float64) if found.dual_valid else None
    if status != "optimal":
        return word | {"bound": -INFINITY if duals is None else model.lagrangian_bound(duals)}
    bound = float(info.objective_function_value) if duals is None else model.lagrangian_bound(duals)
    return word | {"x": np.array(found.col_value, np.float64), "bound": bound, "duals": duals}


def lp_text(model: Model) -> str:
    """The model in the LP format, always the same text for the same model: for reading and for golden tests."""
    column = model.column_names or tuple(f"x{j}" for j in range(model.columns))
    row = model.row_names or tuple(f"r{i}" for i in range(model.rows))

    def linear(indices: NDArray[np.int64], values: Floats) -> str:
        return (
            " ".join(f"{'-' if v < 0 else '+'} {abs(v):.12g} {column[j]}" for j, v in zip(indices, values, strict=True))
            or "0"
        )

    nonzero = np.flatnonzero(model.cost)
    lines = [
        "min",
        f" obj: {linear(nonzero, model.cost[nonzero])}" + (f" + {model.offset:.12g}" if model.offset else ""),
        "st",
    ]
    for i in range(model.rows):
        part = slice(model.starts[i], model.starts[i + 1])
        text, low, high = linear(model.index[part], model.value[part]), model.row_lower[i], model.row_upper[i]
        if low == high:
            lines.append(f" {row[i]}: {text} = {low:.12g}")
            continue
        if high < INFINITY:
            lines.append(f" {row[i]}: {text} <= {high:.12g}")
        if low > -INFINITY:
            lines.append(f" {row[i]}{'_low' if high < INFINITY else ''}: {text} >= {low:.12g}")
    lines.append("bounds")
    lines += [
        f" {low:.12g} <= {name} <= {high:.12g}"
        for name, low, high in zip(column, model.lower, model.upper, strict=True)
    ]
    if model.integer.any():
        lines += ["general", " " + " ".join(column[j] for j in np.flatnonzero(model.integer))]
    return "\n".join([*lines, "end", ""])
