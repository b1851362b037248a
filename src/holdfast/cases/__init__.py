"""Published known answers, rerun by the functions that plans use: ours beside theirs.

Each analysis has one module here with its ``BOOK``; the tables ship in ``data``.
"""

from __future__ import annotations

from holdfast.cases.runner import Book, Case, LeftOut, Row, run_cases

__all__ = ["Book", "Case", "LeftOut", "Row", "run_cases"]
