"""Holdfast: will a multinational force plan hold?  Every number anchored."""

from __future__ import annotations

__version__ = "0.1.0"
