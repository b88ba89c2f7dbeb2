"""The picture of an architecture: svg, png, pdf or DOT. Must not change or compute anything of the network."""

from archdsl.backends.render.output.picture import NoEngine, NoFont, Rendered, UnknownSetting, render, svg, to_dot
from archdsl.backends.render.scene.drawing import LEVELS, Drawing, Level, RenderError, TooDetailed
from archdsl.backends.render.scene.outline import outline

__all__ = [
    "LEVELS",
    "Drawing",
    "Level",
    "NoEngine",
    "NoFont",
    "RenderError",
    "Rendered",
    "TooDetailed",
    "UnknownSetting",
    "outline",
    "render",
    "svg",
    "to_dot",
]
