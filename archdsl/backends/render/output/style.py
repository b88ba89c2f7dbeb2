"""What svg and DOT agree on: letters, lines and the looks of frames. Must not know how either writes them."""

from __future__ import annotations

from typing import Literal

from archdsl.backends.render.scene.drawing import Arrow, Cluster
from archdsl.backends.render.scene.paint import ROLES, Colours

FONT = "Helvetica,Arial,sans-serif"
LABEL_SIZE = 8.0
GREY, LINE_COLOUR, AUX = "#454545", "#454545", "#7f7f7f"
ARROW_HEAD = 1.75
"""Half the width of an arrow's head."""


def arrow_stroke(arrow: Arrow) -> Literal["", "dashed", "dotted"]:
    """How an arrow's line is broken: what exists in training only is dashed, what gives positions only dotted."""
    strokes: dict[str, Literal["dashed", "dotted"]] = {"aux": "dashed", "aside": "dotted"}
    return strokes.get(arrow.kind, "")


def frame_look(cluster: Cluster) -> Colours:
    """Fill and line of a frame."""
    role = ROLES.get(cluster.role or "")
    if cluster.aux:
        return Colours(role.fill if role else "#fafafa", AUX)
    return role or Colours("#ffffff", "#9f9f9f")
