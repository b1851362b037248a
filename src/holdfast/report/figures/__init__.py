"""Figures of the report: one file a figure, each a pure function from rows to a :class:`canvas.Picture`."""
