"""Uses of operators outside programs."""

from __future__ import annotations

from typing import Any

from archdsl.ops.binding import complete
from archdsl.ops.operator import Operator, Site
from archdsl.ops.views import Window
from archdsl.shapes import Shape, spatial


def use_of(operator: Operator, written: dict[str, Any], inputs: tuple[Shape, ...]) -> Site:
    """A use with these arguments; of `unpool` after a pool of 2x2."""
    site = operator.site(complete(operator, written, inputs), inputs)
    if operator.positions == "takes":
        axes = len(spatial(site.x))
        site.undoes = Window((2,) * axes, (2,) * axes, (0,) * axes, (True,) * axes)
    return site
