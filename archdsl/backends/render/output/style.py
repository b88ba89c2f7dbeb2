"""What svg and DOT agree on: letters, lines and the looks of frames. Must not know how either writes them."""

from __future__ import annotations

from archdsl.backends.render.scene.drawing import Cluster
from archdsl.backends.render.scene.paint import ROLES, Colours

FONT = "Helvetica,Arial,sans-serif"
LABEL_SIZE = 8.0
GREY, LINE_COLOUR, AUX = "#5c5c5c", "#454545", "#8c8c8c"
ARROW_HEAD = 1.75
"""Half the width of an arrow's head."""


def frame_look(cluster: Cluster) -> Colours:
    """Fill and line of a frame."""
    role = ROLES.get(cluster.role or "")
    if cluster.aux:
        return Colours(role.fill if role else "#fafafa", AUX)
    return role or Colours("#ffffff", "#c9c9c9")
