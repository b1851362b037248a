"""What can go wrong, and how it is said: one fault a place, all faults at once.

A :class:`Fault` points at a file, a line and a column and says what is wrong, the value found, the rule and the
remedy.  The command line turns the exceptions here into exit codes; nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """One thing wrong at one place of a plan.

    ``line`` and ``column`` count from 1; 0 means the whole file.  ``code`` is stable and documented in
    ``docs/reference/faults.md``.
    """

    path: str
    line: int
    column: int
    code: str
    message: str
    value: str = ""
    rule: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}:{self.column}: [{self.code}] {self.message}"
        parts = [f"found {self.value!r}" if self.value else "", self.rule and f"rule: {self.rule}"]
        parts.append(self.remedy and f"remedy: {self.remedy}")
        return "; ".join([text, *(part for part in parts if part)])

    def as_dict(self) -> dict[str, object]:
        """The fault as it stands in ``check --json``."""
        return asdict(self)


class HoldfastError(Exception):
    """Base of every error that a user may see; ``exit_code`` is what the command line ends with."""

    exit_code = 70


class UsageError(HoldfastError):
    """The call itself is wrong: an unknown address, an impossible option."""

    exit_code = 2


class PlanError(HoldfastError):
    """A plan that cannot be used.  ``faults`` holds every fault found, sorted by place."""

    exit_code = 3

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[PlanError], tuple[tuple[Fault, ...]]]:
        """Pickle with the faults, so that they survive the way out of a worker process."""
        return type(self), (self.faults,)


class RunError(HoldfastError):
    """A run folder that cannot be written, read or resumed: damaged, foreign, read-only, or a full disk."""

    exit_code = 3


class SolverError(HoldfastError):
    """The optimiser ended without an answer (time out of the child process, infeasible model, solver failure)."""

    exit_code = 70
