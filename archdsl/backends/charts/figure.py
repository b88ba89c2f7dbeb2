"""A matplotlib figure without a window, and its bytes. Must not know what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.diagnostics import WrongUse

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
INK, GRID, QUIET = "#1f2933", "#e4e7eb", "#7b8794"
PALETTE = ("#3b7dd8", "#e07b39", "#3f9b6c", "#b5508f", "#8a6fc7", "#c6a02b", "#4aa3a8", "#d65a5a")


def new_figure(width: float, height: float) -> Figure:
    """A white figure, sizes in inches.

    Raises:
        ModuleNotFoundError: matplotlib is not there; the message has the command that installs it.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise ModuleNotFoundError('a plot needs matplotlib: pip install "archdsl[plot]"') from None
    figure = Figure(figsize=(width, height), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def quiet_axes(axes: Axes) -> None:
    """Thin lines, a light grid in the background, no frame at the top and the right."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)


def to_bytes(figure: Figure, format: str) -> bytes:
    """The figure as a file's content; the same figure gives the same bytes.

    Raises:
        Refusal: no such format.
    """
    if format not in FORMATS:
        raise WrongUse(f"a plot is written as {', '.join(f'.{name}' for name in FORMATS)}, not as `.{format}`")
    from io import BytesIO

    import matplotlib

    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(format, {})
    out = BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "archdsl", "svg.fonttype": "none"}):
        figure.savefig(out, format=format, metadata=metadata)
    return out.getvalue()
