"""Networks to draw, and their drawings, placed or not. Must not test anything itself."""

from __future__ import annotations

from functools import cache

import archdsl
from archdsl.backends.render import outline
from archdsl.backends.render.layout.box_sizes import box_size
from archdsl.backends.render.layout.chunks import units
from archdsl.backends.render.layout.geometry import Placed
from archdsl.backends.render.output.engine import find_engine
from archdsl.backends.render.output.fitting import placed_by
from archdsl.backends.render.scene.drawing import Box, Drawing, Level
from archdsl.ir import Network
from helpers.folders import CASES

SAMPLES = ("alexnet", "vgg16", "resnet50", "googlenet", "vit_b_16", "unet", "segnet", "densenet121", "mobilenet_v2")
FURTHER = ("inception_v3", "swin_t", "maxvit_t", "enet", "fcn8s", "lraspp_mobilenet_v3_large", "deeplabv3_resnet50", "dla34")
"""Networks in which pictures go wrong first: deep nesting, long skips, auxiliary heads, trees."""


def network(text: str) -> Network:
    return archdsl.loads(text).network


def zoo(name: str) -> Network:
    return archdsl.load(name).network


def program(name: str) -> Network:
    """A program of the zoo, or of the tests."""
    path = CASES / "expressiveness" / f"{name}.arch"
    return archdsl.load(str(path) if path.exists() else name).network


def words(box: Box) -> tuple[str, ...]:
    return tuple(line.text for line in box.lines)


def boxes(drawing: Drawing, kind: str = "operator") -> list[tuple[str, ...]]:
    return [words(box) for box in drawing.boxes if box.kind == kind]


@cache
def placed(name: str, level: Level = "block") -> tuple[Drawing, Placed]:
    """The picture of a program, laid out once for all tests that look at it."""
    net = program(name)
    drawing = outline(net, level)
    cut = units(drawing)
    engine = find_engine()
    assert engine is not None, "the tests need Graphviz or pygraphviz"
    sizes = [box_size(box) for box in drawing.boxes]
    return drawing, placed_by(engine, drawing, cut, sizes)
