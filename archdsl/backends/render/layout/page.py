"""The pages that a picture can be drawn for, and how large its text is there. Must not place anything."""

from __future__ import annotations

from typing import Literal

from archdsl.backends.render.layout.box_sizes import TEXT_SIZE
from archdsl.backends.render.layout.geometry import Rect
from archdsl.records import NamedTuple

Fit = Literal["a4", "slide", "column", "none"]


class Page(NamedTuple):
    """The room for a picture, in points."""

    width: float
    height: float

    def over(self, width: float, height: float) -> float:
        """How many times a picture is too large, in the direction in which it is worse."""
        return max(width / self.width, height / self.height)

    def text(self, picture: Rect) -> float:
        """The size in points of the text of boxes after the picture was made small enough for the page."""
        return TEXT_SIZE / max(1.0, self.over(picture.width, picture.height))


PAGES: dict[Fit, Page] = {"a4": Page(480.0, 700.0), "slide": Page(900.0, 440.0), "column": Page(240.0, 700.0)}
"""The text of an A4 page with margins of 2 cm, a slide of 16:9 under its title, a column of a paper in two columns."""
FITS: tuple[Fit, ...] = (*PAGES, "none")
HALF_PAGE = Page(640.0, 430.0)
"""The shape of a picture that is to fit no page: three wide and two high."""
LEAST_TEXT = 6.5
"""Points: smaller text is not read on paper."""
