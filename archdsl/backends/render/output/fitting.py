"""A network laid out on its page: at a level that is asked for, or at the most detailed one that is legible there.

Must not write files or know their forms.
"""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.render.layout.box_sizes import TEXT_SIZE, box_size
from archdsl.backends.render.layout.chunks import Unit, units, whole_unit
from archdsl.backends.render.layout.geometry import Placed, Rect, Tile, read_tile
from archdsl.backends.render.layout.lanes import has_lanes, in_lanes
from archdsl.backends.render.layout.page import HALF_PAGE, LEAST_TEXT, Page
from archdsl.backends.render.layout.under import under
from archdsl.backends.render.layout.whole_picture import place
from archdsl.backends.render.output.dot import unit_source
from archdsl.backends.render.output.engine import Engine
from archdsl.backends.render.output.legend import keys, marks
from archdsl.backends.render.output.sheet import Sheet
from archdsl.backends.render.scene.drawing import LEVELS, Drawing, Level, TooDetailed
from archdsl.backends.render.scene.joined import joined
from archdsl.backends.render.scene.loads import measure
from archdsl.backends.render.scene.outline import blocks, outline
from archdsl.backends.render.scene.paint import Colours, PaintBy, by_cost, by_family
from archdsl.ir import Network

_MOST_BLOCKS = 8
_FULLEST = 0.35
"""Boxes never cover more of a picture than this share: arrows, shapes and frames need the rest."""


def colours_of(drawing: Drawing, paint: PaintBy) -> list[Colours]:
    """By operator family, or by what boxes cost."""
    return by_family(drawing) if paint == "op" else by_cost(drawing, paint, measure(paint))


def sheet(engine: Engine, drawing: Drawing, paint: PaintBy, page: Page = HALF_PAGE) -> Sheet:
    """A drawing laid out, shaped for a page, under its title and legend."""
    colours = colours_of(drawing, paint)
    placed = placed_by(engine, drawing, units(drawing), _sizes(drawing, colours), page)
    return _under_title(drawing, colours, placed, paint, page)


def placed_by(
    engine: Engine, drawing: Drawing, cut: list[Unit], sizes: Sequence[tuple[int, int]], page: Page = HALF_PAGE
) -> Placed:
    """The places of a drawing that is cut into units, or of one whose values go side by side in lanes."""
    if has_lanes(drawing):
        return in_lanes(drawing, sizes)
    laid = engine.layout([unit_source(drawing, sizes, unit.boxes) for unit in cut])
    return place(drawing, cut, [read_tile(one, sizes) for one in laid], page)


def sheet_with_blocks(engine: Engine, network: Network, paint: PaintBy, page: Page) -> Sheet | None:
    """Level `stage`, and under it each block once; None if there are none, or too many."""
    inner = blocks(network, _MOST_BLOCKS)
    if inner is None:
        return None
    stages = outline(network, LEVELS[0])
    drawing, offsets = joined([stages, *inner])
    colours = colours_of(drawing, paint)
    sizes = _sizes(drawing, colours)
    pieces = [(stages, units(stages)), *((one, [whole_unit(one)]) for one in inner)]
    placed = []
    for (one, cut), at in zip(pieces, offsets, strict=True):
        own = sizes[at.boxes : at.boxes + len(one.boxes)]
        placed.append(placed_by(engine, one, cut, own, page))
    tiles = under([one.tile for one in placed], page)
    tile = Tile.joined([tile.renumbered(*at) for tile, at in zip(tiles, offsets, strict=True)])
    texts = {number + at.arrows: text for one, at in zip(placed, offsets, strict=True) for number, text in one.texts.items()}
    return _under_title(drawing, colours, Placed(tile, texts), paint, page)._replace(has_blocks=True)


def _under_title(drawing: Drawing, colours: list[Colours], placed: Placed, paint: PaintBy, page: Page) -> Sheet:
    above = marks(drawing.title, keys(drawing, colours, paint), placed.bounds)
    area = Rect.around([placed.bounds, *(mark.rect for mark in above)])
    return Sheet(drawing, colours, placed, above, area, page.text(area))


def fitting(engine: Engine, network: Network, paint: PaintBy, page: Page) -> Sheet:
    """The most detailed level whose text is legible on a page; level `stage` with each block once, or alone, if none is.

    Raises:
        TooDetailed: even level `stage` has too many boxes.
    """
    for level in reversed(LEVELS[1:]):
        found = _if_legible(engine, network, level, paint, page)
        if found is not None:
            return found
    with_blocks = sheet_with_blocks(engine, network, paint, page)
    if with_blocks is not None and with_blocks.text >= LEAST_TEXT:
        return with_blocks
    return sheet(engine, outline(network, LEVELS[0]), paint, page)


def _if_legible(engine: Engine, network: Network, level: Level, paint: PaintBy, page: Page) -> Sheet | None:
    try:
        drawing = outline(network, level)
    except TooDetailed:
        return None
    found = sheet(engine, drawing, paint, page) if _may_fit(drawing, paint, page) else None
    return found if found is not None and found.text >= LEAST_TEXT else None


def _may_fit(drawing: Drawing, paint: PaintBy, page: Page) -> bool:
    """Whether there is room for the boxes at all, so that laying them out is worth the time."""
    covered = sum(width * height for width, height in _sizes(drawing, colours_of(drawing, paint)))
    room = page.width * page.height * (TEXT_SIZE / LEAST_TEXT) ** 2
    return covered <= _FULLEST * room


def _sizes(drawing: Drawing, colours: list[Colours]) -> list[tuple[int, int]]:
    return [box_size(box, bool(look.figure)) for box, look in zip(drawing.boxes, colours, strict=True)]
