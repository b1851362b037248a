"""One time axis: whole days counted from C-day; calendar dates only at the edges."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Days 0 .. horizon_days - 1, where day 0 is ``c_day``."""

    c_day: date
    horizon_days: int

    def date_of(self, day: int) -> date:
        """The calendar date of a day of the axis."""
        return self.c_day + timedelta(days=day)

    def day_of(self, when: date) -> int:
        """The day of the axis on which a date falls; negative before C-day."""
        return (when - self.c_day).days


def last_day_of(text: str) -> date:
    """The last day that a full or partial ISO 8601 date (``2025``, ``2025-09``, ``2025-09-05``) can mean.

    Raises ValueError when the text is none of these.
    """
    parts = text.split("-")
    lengths = [4, 2, 2][: len(parts)]
    if len(parts) > 3 or [len(part) for part in parts] != lengths or not all(part.isdigit() for part in parts):
        raise ValueError(f"not a date: {text!r}")
    year = int(parts[0])
    month = int(parts[1]) if len(parts) > 1 else 12
    if not 1 <= month <= 12 or year < 1:
        raise ValueError(f"not a date: {text!r}")
    day = int(parts[2]) if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return date(year, month, day)
