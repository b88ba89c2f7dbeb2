"""From units laid out one by one to a whole picture: tiles arranged, arrows drawn, labels and titles placed."""

from __future__ import annotations

from archdsl.backends.render.layout.align import align
from archdsl.backends.render.layout.arrangement import arrange
from archdsl.backends.render.layout.chunks import Unit
from archdsl.backends.render.layout.curves import samples
from archdsl.backends.render.layout.geometry import Placed, Tile
from archdsl.backends.render.layout.inner_arrows import straighten
from archdsl.backends.render.layout.labels import ABOVE, BESIDE, MIDDLE, hold_labels, place_labels
from archdsl.backends.render.layout.outer_arrows import Router
from archdsl.backends.render.layout.page import HALF_PAGE, Page
from archdsl.backends.render.layout.stacks import Arrangement
from archdsl.backends.render.layout.titles import even_frames, place_titles
from archdsl.backends.render.scene.captions import axes_text
from archdsl.backends.render.scene.drawing import Drawing


def place(drawing: Drawing, units: list[Unit], tiles: list[Tile], page: Page = HALF_PAGE) -> Placed:
    """Positions of everything in a drawing whose units are laid out, shaped for a page."""
    tiles = [_facing(drawing, tile) for tile in tiles]
    for tile in tiles:
        align(drawing, tile)
        even_frames(drawing, tile)
        straighten(drawing, tile)
        place_titles(drawing, tile)
        place_labels(tile, {number: drawing.arrows[number].label for number in tile.paths}, BESIDE)
        hold_labels(drawing, tile)
        even_frames(drawing, tile)
    inner = {number for tile in tiles for number in tile.paths}
    arrangement, whole = _assembled(drawing, units, tiles, page, may_sink=True)
    if arrangement.style == "valley" and any(_runs_through(drawing, whole, number) for number in whole.paths.keys() - inner):
        arrangement, whole = _assembled(drawing, units, tiles, page, may_sink=False)
    outer = {number: axes_text(arrow.shape) for number, arrow in enumerate(drawing.arrows) if number not in inner}
    place_labels(whole, outer, MIDDLE if arrangement.style == "row" else ABOVE)
    texts = {number: outer.get(number, drawing.arrows[number].label) for number in whole.labels}
    return Placed(whole, texts)


def _facing(drawing: Drawing, tile: Tile) -> Tile:
    """The tile with what long skips come into at the left, where they come from; auxiliary heads stay at the right."""
    coming = [arrow for arrow in drawing.arrows if arrow.head in tile.boxes and arrow.tail not in tile.boxes]
    latest = max((arrow.tail for arrow in coming), default=0)
    fed = [tile.boxes[arrow.head].centre[0] for arrow in coming if arrow.tail < latest]
    flow = [tile.boxes[arrow.head].centre[0] for arrow in coming if arrow.tail == latest]
    is_wrong = bool(fed) and sum(fed) / len(fed) > sum(flow) / len(flow)
    return tile.mirrored() if is_wrong and not any(drawing.boxes[box].aux for box in tile.boxes) else tile


def _assembled(drawing: Drawing, units: list[Unit], tiles: list[Tile], page: Page, may_sink: bool) -> tuple[Arrangement, Tile]:
    """The tiles in their places, as one, with the arrows between them."""
    arrangement = arrange(drawing, units, tiles, page, may_sink)
    whole = Tile.joined(arrangement.tiles)
    router = Router(drawing, units, arrangement, whole)
    outer = [number for number in range(len(drawing.arrows)) if number not in whole.paths]
    whole.paths |= {number: router.path(number) for number in outer}
    return arrangement, whole


def _runs_through(drawing: Drawing, whole: Tile, number: int) -> bool:
    """Whether an arrow runs through a box."""
    arrow, path = drawing.arrows[number], whole.paths[number]
    near = [rect for box, rect in whole.boxes.items() if box not in (arrow.tail, arrow.head) and rect.meets(path.bounds)]
    return bool(near) and any(sample.meets(rect) for sample in samples(path, 120) for rect in near)
