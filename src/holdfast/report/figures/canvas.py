"""The paper that all figures are drawn on: sizes, colours, lettering, and SVG bytes that never change by themselves.

Matplotlib is imported inside functions, because reading a run must stay quick.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from holdfast.report.safety import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito (2008), "Color Universal Design": distinguishable with the common kinds of colour blindness.
BLUE, ORANGE, VERMILION, GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"
SKY, PURPLE, YELLOW = "#56B4E9", "#CC79A7", "#F0E442"
INK, GREY, PALE = "#1b1f24", "#6b7280", "#d5dae1"

WIDE_IN, NARROW_IN = 8.6, 3.5  # inches: a column of a page, the width of a phone
_SALT = "holdfast"


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure, drawn twice: for a page and for a phone's width.

    ``title`` states the finding, ``alt`` says what a reader who cannot see it needs, ``address`` is the measure
    behind it, ``note`` what was left out of the drawing (blank = nothing).
    """

    key: str
    title: str
    alt: str
    wide: str
    narrow: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One figure being drawn, and how wide it will be."""

    figure: Figure
    narrow: bool

    def pick(self, wide: int, narrow: int) -> int:
        """One of two values, by the width."""
        return narrow if self.narrow else wide

    def fit(self, text: str, beside: str = "", bold: bool = False) -> str:
        """The text on one line, cut with an ellipsis to the sheet's width less that of ``beside``."""
        size = _size(self.narrow)
        room = 72 * (NARROW_IN if self.narrow else WIDE_IN) - 5 * size - size * _ems(beside)
        flat = one_line(text, 400)
        while flat and size * _ems(flat) * (1.1 if bold else 1.0) > room:
            flat = flat.removesuffix("…")[:-1].rstrip() + "…" if len(flat) > 2 else ""
        return flat


def _size(narrow: bool) -> float:
    return 8.5 if narrow else 9.5


def _ems(text: str) -> float:
    """About how wide a text is in ems of DejaVu Sans, on the generous side."""
    wide = sum(letter in "MWmw@%…" or unicodedata.east_asian_width(letter) in "WF" for letter in text)
    narrow = sum(letter in " .,:;'|!iljtfrI()[]-" for letter in text)
    capital = sum(letter.isupper() and letter not in "MWI" for letter in text)
    return 1.0 * wide + 0.42 * narrow + 0.72 * capital + 0.63 * (len(text) - wide - narrow - capital)


def _settings(narrow: bool) -> dict[Any, Any]:
    size = _size(narrow)
    return {
        "svg.fonttype": "none",  # text stays text: small, and shaped by the reader's own fonts
        "svg.hashsalt": _SALT,
        "text.parse_math": False,  # a dollar sign in a plan is a dollar sign
        "text.usetex": False,
        "font.family": ["DejaVu Sans"],  # wider than the usual substitutes, so that what fits here fits there
        "font.size": size,
        "axes.titlesize": size + 0.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": size,
        "xtick.labelsize": size,
        "ytick.labelsize": size,
        "legend.fontsize": size,
        "legend.frameon": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": GREY,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": PALE,
        "grid.linewidth": 0.7,
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "path.simplify": False,
    }


@contextmanager
def _quiet_style(narrow: bool) -> Iterator[None]:
    import matplotlib

    with matplotlib.rc_context(), warnings.catch_warnings():
        matplotlib.rcParams.update(matplotlib.rcParamsDefault)  # the user's own matplotlibrc must not change bytes
        matplotlib.rcParams.update(_settings(narrow))
        # The measuring font may lack a letter; the reader's browser will have it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support", category=UserWarning)
        yield


def draw(paint: Callable[[Sheet], None], height_in: float, *, narrow: bool, title: str, alt: str) -> str:
    """One SVG document of ``paint``'s drawing; the same rows give the same bytes.

    ``title`` and ``alt`` become the document's title and description.
    """
    with _quiet_style(narrow):
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

        figure = Figure(figsize=(NARROW_IN if narrow else WIDE_IN, height_in), layout="constrained")
        FigureCanvasSVG(figure)
        paint(Sheet(figure, narrow))
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _name(buffer.getvalue(), title, alt)


def _name(svg: str, title: str, alt: str) -> str:
    """Drop the prologue (it names a remote grammar), shorten coordinates, add role, title and description."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'(?<=<path d=")[^"]*', _shorten, body)
    head, rest = body.split(">", 1)
    head = re.sub(r"\s+", " ", head)
    named = f'<title id="t">{escape(title)}</title><desc id="d">{escape(alt)}</desc>'
    return f'{head} role="img" aria-labelledby="t d">{named}{rest}'


def _shorten(path: re.Match[str]) -> str:
    return re.sub(r"(\.\d)\d+", r"\1", path.group().replace("\n", " ").strip())


def grid(axes: Axes, axis: str = "x") -> None:
    """Light lines across one axis, no ticks on the other."""
    axes.grid(visible=True, axis="x" if axis == "x" else "y")
    axes.tick_params(axis="y" if axis == "x" else "x", length=0)


def rows_axes(sheet: Sheet, count: int) -> Axes:
    """Axes for ``count`` rows from top to bottom, at 0, 1, 2 ...; ``row_label`` writes above each."""
    axes = sheet.figure.add_subplot()
    axes.set_ylim(count - 0.5, -0.72)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    grid(axes)
    return axes


def row_label(sheet: Sheet, axes: Axes, row: int, text: str, right: str = "") -> None:
    """The name of a row above its marks, from the left edge, and a number at the right edge."""
    looks: dict[str, Any] = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        "in_layout": False,
    }
    axes.text(0.0, row - 0.3, sheet.fit(text, right), ha="left", **looks)
    if right:
        axes.text(1.0, row - 0.3, right, ha="right", **looks)


def legend(sheet: Sheet, handles: list[object], wide_columns: int = 4, narrow_columns: int = 1) -> None:
    """One legend above everything."""
    columns = sheet.pick(wide_columns, narrow_columns)
    sheet.figure.legend(handles=handles, loc="outside upper left", ncols=min(columns, len(handles)), handlelength=1.6)
