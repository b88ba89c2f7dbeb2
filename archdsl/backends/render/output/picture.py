"""The public functions: a network to a file, to DOT, to svg. Must not decide how a picture looks.

`render` writes through a temporary file in the same folder, so a file appears whole or not at all.
"""

from __future__ import annotations

import os
from pathlib import Path

from archdsl.backends.render.layout.box_sizes import box_size
from archdsl.backends.render.layout.chunks import units
from archdsl.backends.render.layout.geometry import read_tile
from archdsl.backends.render.layout.whole_picture import place
from archdsl.backends.render.output.dot import free_source, placed_source, unit_source
from archdsl.backends.render.output.engine import INSTALL, Engine, EngineFailed, find_engine, has_letters
from archdsl.backends.render.output.legend import Key, keys, marks
from archdsl.backends.render.output.svg import hints, svg_source
from archdsl.backends.render.scene.drawing import LEVELS, Drawing, Level, RenderError
from archdsl.backends.render.scene.loads import measure
from archdsl.backends.render.scene.outline import outline
from archdsl.backends.render.scene.paint import PAINTS, Colours, PaintBy, by_cost, by_family
from archdsl.ir import Network

FORMS = ("svg", "png", "pdf", "dot")
_DOTS_PER_INCH = "192"
_FONT_ADVICE = "write an svg, which uses the reader's fonts, or install one (for example the package `fonts-dejavu-core`)"


class UnknownSetting(RenderError, ValueError):
    """No such level, paint or ending."""


class NoEngine(RenderError):
    """No layout engine is installed. `written` is the `.dot` file that was written instead of the picture, if any."""

    def __init__(self, written: Path | None) -> None:
        self.written = written
        instead = f"wrote `{written}` instead; " if written is not None else ""
        super().__init__(instead + INSTALL)


class NoFont(RenderError):
    """The machine has no font, and the form needs one."""


def render(network: Network, path: str | Path, level: str = "block", paint: str = "op") -> Path:
    """Draw a network into a file; the suffix (svg, png, pdf, dot) says which form. Returns the path written.

    Raises:
        NoEngine: neither `dot` nor pygraphviz is installed; the `.dot` file was written beside the picture's path.
        UnknownSetting: the suffix, level or paint is unknown (a ValueError too).
        TooDetailed: the level has too many boxes.
        NoFont: no font is installed, and a png or pdf needs one.
        RenderError: Graphviz failed, or a cost has no number; those above are RenderErrors too.
        OSError: the file cannot be written.
    """
    target = Path(path)
    form = target.suffix[1:].lower()
    if form not in FORMS:
        raise UnknownSetting(f"`{target.name}` must end in {', '.join('.' + known for known in FORMS)}")
    drawing, colours, legend = _drawn(network, level, paint)
    if form == "dot":
        return _written(target, free_source(drawing, colours).encode("utf-8"))
    engine = find_engine()
    if engine is None:
        instead = target.with_suffix(".dot")
        raise NoEngine(_written(instead, free_source(drawing, colours).encode("utf-8")))
    return _written(target, _picture(engine, drawing, colours, legend, form))


def to_dot(network: Network, level: str = "block", paint: str = "op") -> str:
    """The DOT text, without positions: any Graphviz lays it out."""
    drawing, colours, _ = _drawn(network, level, paint)
    return free_source(drawing, colours)


def svg(network: Network, level: str = "block", paint: str = "op") -> str:
    """The picture as svg text, for notebooks.

    Raises:
        NoEngine: neither `dot` nor pygraphviz is there.
    """
    drawing, colours, legend = _drawn(network, level, paint)
    engine = find_engine()
    if engine is None:
        raise NoEngine(None)
    return _picture(engine, drawing, colours, legend, "svg").decode("utf-8")


def _drawn(network: Network, level: str, paint: str) -> tuple[Drawing, list[Colours], list[Key]]:
    known_level: Level | None = next((known for known in LEVELS if known == level), None)
    known_paint: PaintBy | None = next((known for known in PAINTS if known == paint), None)
    if known_level is None:
        raise UnknownSetting(f"level `{level}` is not one of {', '.join(LEVELS)}")
    if known_paint is None:
        raise UnknownSetting(f"paint `{paint}` is not one of {', '.join(PAINTS)}")
    drawing = outline(network, known_level)
    colours = by_family(drawing) if known_paint == "op" else by_cost(drawing, known_paint, measure(known_paint))
    return drawing, colours, keys(drawing, colours, known_paint)


def _picture(engine: Engine, drawing: Drawing, colours: list[Colours], legend: list[Key], form: str) -> bytes:
    try:
        cut = units(drawing)
        sizes = [box_size(box, bool(look.figure)) for box, look in zip(drawing.boxes, colours, strict=True)]
        laid = engine.layout([unit_source(drawing, sizes, unit.boxes) for unit in cut])
        placed = place(drawing, cut, [read_tile(one, sizes) for one in laid])
        above = marks(drawing.title, legend, placed.bounds)
        if form == "svg":
            return svg_source(drawing, colours, placed, above, hints(drawing)).encode("utf-8")
        if not has_letters(engine):
            raise NoFont(f"no font is installed, and a {form} would show boxes in place of letters: {_FONT_ADVICE}")
        source = placed_source(drawing, colours, placed, above, _DOTS_PER_INCH if form == "png" else None)
        return engine.draw(source, form)
    except EngineFailed as error:
        raise RenderError(str(error)) from None


def _written(target: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return target


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
