"""Small pictures in rows under a main one. Must not change any of them."""

from __future__ import annotations

from collections.abc import Sequence

from archdsl.backends.render.layout.geometry import Rect, Tile
from archdsl.backends.render.layout.page import Page

_GAP, _BELOW = 28.0, 30.0


def under(tiles: Sequence[Tile], page: Page) -> list[Tile]:
    """The first tile above, the others under it from left to right, in as many rows as make the whole largest on a page."""
    main, *others = tiles
    options = [[main, *_rows(main, others, count)] for count in range(len(others), 0, -1)]
    return min(options, key=lambda option: _over(option, page))


def _over(tiles: Sequence[Tile], page: Page) -> float:
    bounds = Rect.around(tile.bounds for tile in tiles)
    return page.over(bounds.width, bounds.height)


def _rows(main: Tile, others: Sequence[Tile], count: int) -> list[Tile]:
    """`count` in each row but the last."""
    placed: list[Tile] = []
    top = main.bounds.bottom - _BELOW
    for start in range(0, len(others), count):
        row = others[start : start + count]
        left = main.bounds.left
        for tile in row:
            placed.append(tile.moved(left - tile.bounds.left, top - tile.bounds.top))
            left += tile.bounds.width + _GAP
        top -= max(tile.bounds.height for tile in row) + _BELOW
    return placed
