"""The public functions: a network to a file, to DOT, to svg. Must not decide how a picture looks.

`render` writes through a temporary file in the same folder, so a file appears whole or not at all.
"""

from __future__ import annotations

import os
from pathlib import Path

from archdsl.backends.render.layout.page import FITS, PAGES, Fit, Page
from archdsl.backends.render.output.dot import free_source, placed_source
from archdsl.backends.render.output.engine import INSTALL, Engine, EngineFailed, find_engine, has_letters
from archdsl.backends.render.output.fitting import colours_of, fitting, sheet
from archdsl.backends.render.output.sheet import Sheet
from archdsl.backends.render.output.svg import hints, svg_source
from archdsl.backends.render.scene.drawing import LEVELS, Level, RenderError
from archdsl.backends.render.scene.outline import outline
from archdsl.backends.render.scene.paint import PAINTS, PaintBy
from archdsl.diagnostics import Missing, WrongUse
from archdsl.ir import Network
from archdsl.records import NamedTuple

FORMS = ("svg", "png", "pdf", "dot")
_DOTS_PER_INCH = "192"
_FONT_ADVICE = "write an svg, which uses the reader's fonts, or install one (for example the package `fonts-dejavu-core`)"


class UnknownSetting(RenderError, WrongUse):
    """No such level, paint or ending."""


class NoEngine(RenderError, Missing):
    """No layout engine is installed. `written` is the `.dot` file that was written instead of the picture, if any."""

    def __init__(self, written: Path | None) -> None:
        self.written = written
        instead = f"wrote `{written}` instead; " if written is not None else ""
        super().__init__(instead + INSTALL)


class NoFont(RenderError, Missing):
    """The machine has no font, and the form needs one."""


class Rendered(NamedTuple):
    """What was drawn.

    Attributes:
        has_blocks: each block is drawn once under the stages of level `stage`.
        text: how large the text is on the page that the picture was to fit, in points; None if it was to fit none.
    """

    path: Path
    level: Level
    has_blocks: bool = False
    text: float | None = None


def render(network: Network, path: str | Path, level: str | None = None, paint: str = "op", fit: str | None = None) -> Rendered:
    """Draw a network into a file; the suffix (svg, png, pdf, dot) says which form.

    Without a level it is the most detailed one whose text is legible (6.5 points) on what the picture is to `fit`: `a4` (the
    default), `slide` or `column`; between `block` and `stage` comes `stage` with each block once under it. With
    `fit="none"` it is `block`, and so it is in a dot, whose places are not known.

    Raises:
        NoEngine: neither `dot` nor pygraphviz is installed; the `.dot` file was written beside the picture's path.
        UnknownSetting: the suffix, level, paint or fit is unknown, or level and fit are both given (a ValueError too).
        TooDetailed: the level has too many boxes.
        NoFont: no font is installed, and a png or pdf needs one.
        RenderError: Graphviz failed, or a cost has no number; those above are RenderErrors too.
        OSError: the file cannot be written.
    """
    target, wish = Path(path), _wish(level, paint, fit)
    form = target.suffix[1:].lower()
    if form not in FORMS:
        raise UnknownSetting(f"`{target.name}` must end in {', '.join('.' + known for known in FORMS)}")
    engine = find_engine()
    if form == "dot" or engine is None:
        written = _written(target if form == "dot" else target.with_suffix(".dot"), _free(network, wish).encode("utf-8"))
        if form == "dot":
            return Rendered(written, wish.level or "block")
        raise NoEngine(written)
    laid = _laid(engine, network, wish)
    fits = None if wish.page is None else laid.text
    return Rendered(_written(target, _picture(engine, laid, form)), laid.drawing.level, laid.has_blocks, fits)


def to_dot(network: Network, level: str = "block", paint: str = "op") -> str:
    """The DOT text, without positions: any Graphviz lays it out."""
    return _free(network, _wish(level, paint, None))


def svg(network: Network, level: str | None = None, paint: str = "op", fit: str | None = None) -> str:
    """The picture as svg text, for notebooks.

    Raises:
        NoEngine: neither `dot` nor pygraphviz is there.
    """
    wish = _wish(level, paint, fit)
    engine = find_engine()
    if engine is None:
        raise NoEngine(None)
    return _picture(engine, _laid(engine, network, wish), "svg").decode("utf-8")


class _Wish(NamedTuple):
    """A level, or a page that chooses it."""

    level: Level | None
    page: Page | None
    paint: PaintBy


def _wish(level: str | None, paint: str, fit: str | None) -> _Wish:
    known_level: Level | None = next((known for known in LEVELS if known == level), None)
    known_paint: PaintBy | None = next((known for known in PAINTS if known == paint), None)
    known_fit: Fit | None = next((known for known in FITS if known == (fit or "a4")), None)
    if level is not None and known_level is None:
        raise UnknownSetting(f"level `{level}` is not one of {', '.join(LEVELS)}")
    if known_paint is None:
        raise UnknownSetting(f"paint `{paint}` is not one of {', '.join(PAINTS)}")
    if known_fit is None:
        raise UnknownSetting(f"fit `{fit}` is not one of {', '.join(FITS)}")
    if level is not None and fit is not None:
        raise UnknownSetting(f"the level is `{level}`, so there is none to choose for `{fit}`: leave one of the two out")
    page = PAGES.get(known_fit) if level is None else None
    return _Wish(known_level or (None if page else "block"), page, known_paint)


def _free(network: Network, wish: _Wish) -> str:
    drawing = outline(network, wish.level or "block")
    return free_source(drawing, colours_of(drawing, wish.paint))


def _laid(engine: Engine, network: Network, wish: _Wish) -> Sheet:
    try:
        if wish.level is None and wish.page is not None:
            return fitting(engine, network, wish.paint, wish.page)
        return sheet(engine, outline(network, wish.level or "block"), wish.paint)
    except EngineFailed as error:
        raise RenderError(str(error)) from None


def _picture(engine: Engine, laid: Sheet, form: str) -> bytes:
    if form == "svg":
        return svg_source(laid, hints(laid.drawing)).encode("utf-8")
    try:
        if not has_letters(engine):
            raise NoFont(f"no font is installed, and a {form} would show boxes in place of letters: {_FONT_ADVICE}")
        return engine.draw(placed_source(laid, _DOTS_PER_INCH if form == "png" else None), form)
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
