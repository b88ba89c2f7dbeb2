"""Values cut into parts that are folded into the batch, and put back: what `each` does around its body. Must not run a body.

No text calls these operators; `each rows < … >` makes one that cuts, its body for one part, and one that puts back. The value
between them has the number of parts as an axis before those of a part, so that its bytes are right; in PyTorch that axis is
in the batch.
"""

from __future__ import annotations

from collections.abc import Callable

from archdsl.ops.arguments import count, size
from archdsl.ops.attributes import Attributes
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import ArgumentFact, SettingFact
from archdsl.ops.operator import ON_MAP, ON_TOKENS, Argument, Example, Operator, Site, TorchCall
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import EVERYTHING, POINT
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Formula, Shape, channels, decide, floor_divide, numel, shape_of, shape_text, spatial

VIDEO = "[64, 8, 28, 28]"


class Kind(NamedTuple):
    """A way to cut.

    Attributes:
        one: what a part is called.
        ranks: how many axes a value may have that is cut so.
        grid: of a value's spatial axes, those along which the parts stand; None: slices of the channels.
        inner: those that a part has itself; a window has all that it stands along.
    """

    one: str
    ranks: tuple[int, ...]
    grid: Callable[[int], tuple[int, ...]] | None
    inner: Callable[[int], tuple[int, ...]]
    example: Example
    setting: str = ""


KINDS: dict[str, Kind] = {
    "rows": Kind(
        "row", (3, 4), lambda n: tuple(range(n - 1)), lambda n: (n - 1,), Example(ON_MAP, "each rows < attention heads=4 >")
    ),
    "columns": Kind(
        "column",
        (3, 4),
        lambda n: (*range(n - 2), n - 1),
        lambda n: (n - 2,),
        Example(ON_MAP, "each columns < attention heads=4 >"),
    ),
    "frames": Kind("frame", (4,), lambda n: (0,), lambda n: (1, 2), Example(VIDEO, "each frames < conv 3x3 64 ; gap >")),
    "positions": Kind(
        "position",
        (3, 4),
        lambda n: tuple(range(n - 2, n)),
        lambda n: tuple(range(n - 2)),
        Example(VIDEO, "each positions < attention heads=4 >"),
    ),
    "tokens": Kind("token", (2,), lambda n: (0,), lambda n: (), Example(ON_TOKENS, "each tokens < linear 64 >")),
    "windows": Kind(
        "window",
        (2, 3, 4),
        lambda n: tuple(range(n)),
        lambda n: tuple(range(n)),
        Example(ON_MAP, "each windows 7 < conv 7x7 64 pad=0 ; flatten >"),
        "k",
    ),
    "groups": Kind(
        "group", (1, 2, 3, 4), None, lambda n: tuple(range(n)), Example(ON_MAP, "each groups 4 < dwconv 3x3 >"), "n"
    ),
}
"""Each way under the word for it."""


def _counts(kind: Kind, a: Attributes, x: Shape) -> tuple[Dim, ...]:
    """How many parts stand along each axis of the grid."""
    sizes = spatial(x)
    if kind.grid is None:
        return (a.n,)
    if kind.setting == "k":
        return tuple(floor_divide(size + k - 1, whole_number(k)) for size, k in zip(sizes, a.k, strict=True))
    return tuple(sizes[axis] for axis in kind.grid(len(sizes)))


def _part(kind: Kind, a: Attributes, x: Shape) -> Shape:
    sizes = spatial(x)
    if kind.grid is None:
        return _with(channels(x), sizes, a.n)
    if kind.setting == "k":
        return _with(channels(x), tuple(a.k))
    return _with(channels(x), tuple(sizes[axis] for axis in kind.inner(len(sizes))))


def whole_number(k: Dim) -> int:
    """A window's side, which no formula may be.

    Raises:
        ArgumentFact: it is one.
    """
    if isinstance(k, int):
        return k
    raise ArgumentFact("the size of a window in numbers", k, "k")


def _with(c: Dim, sizes: Shape, parts: Dim = 1) -> Shape:
    c = quotient(c, parts)
    return shape_of(c, sizes) if sizes else (c,)


def _paddings(a: Attributes, x: Shape) -> tuple[Dim, ...]:
    """How much each axis lacks to be whole windows."""
    counts = _counts(KINDS["windows"], a, x)
    return tuple(many * k - size for many, k, size in zip(counts, a.k, spatial(x), strict=True))


def _is_padded(a: Attributes, x: Shape) -> bool:
    return any(not (type(more) is int and more == 0) for more in map(_plain, _paddings(a, x)))


def _plain(value: Dim) -> Dim:
    from archdsl.shapes.traced import plain

    return plain(value) if isinstance(value, int) else value


def _moved(names: list[str], wanted: list[str]) -> str:
    """The call that brings axes into another order; empty if they are in it."""
    order = [names.index(name) for name in wanted]
    differing = [at for at, axis in enumerate(order) if at != axis]
    if not differing:
        return ""
    if len(differing) == 2:
        return f".transpose({differing[0]}, {differing[1]})"
    return f".permute({', '.join(map(str, order))})"


def _axes(kind: Kind, x: Shape) -> tuple[list[str], list[str], list[str]]:
    """Names of axes: of the whole value with its parts told apart, of the grid, and of a part."""
    count = len(spatial(x))
    if kind.grid is None:
        sizes = [f"s{axis}" for axis in range(count)]
        whole = ["B", *sizes, "g", "C"] if count < 2 else ["B", "g", "C", *sizes]
        return whole, ["g"], [*sizes, "C"] if count < 2 else ["C", *sizes]
    grid, inner = kind.grid(count), kind.inner(count)
    along = [name for axis in range(count) for name in _of_axis(axis, grid, inner)]
    sizes = [f"s{axis}" for axis in inner]
    whole = ["B", *along, "C"] if count < 2 else ["B", "C", *along]
    return whole, [f"g{axis}" for axis in grid], [*sizes, "C"] if len(sizes) < 2 else ["C", *sizes]


def _of_axis(axis: int, grid: tuple[int, ...], inner: tuple[int, ...]) -> list[str]:
    return [name for name, found in ((f"g{axis}", grid), (f"s{axis}", inner)) if axis in found]


def _cut_torch(kind: Kind, s: Site) -> TorchCall:
    whole, grid, part = _axes(kind, s.x)
    first = 1 if len(s.x) < 3 else 2
    settings: list[tuple[str, Dim]] = []
    text = "{0}"
    if kind.setting == "n":
        text += f".unflatten({-1 if len(s.x) < 3 else 1}, ({{n}}, -1))"
        settings.append(("n", s.a.n))
    elif kind.setting == "k":
        if _is_padded(s.a, s.x):
            ends: list[str] = ["0, 0"] if len(s.x) < 3 else []
            for axis in reversed(range(len(s.a.k))):
                ends.append(f"0, {{pad{axis}}}")
                settings.append((f"pad{axis}", _paddings(s.a, s.x)[axis]))
            text = f"F.pad({text}, ({', '.join(ends)}))"
        for axis in reversed(range(len(s.a.k))):
            text += f".unflatten({first + axis}, (-1, {{k{axis}}}))"
            settings.append((f"k{axis}", s.a.k[axis]))
    text += _moved(whole, ["B", *grid, *part]) + f".flatten(0, {len(grid)})"
    return TorchCall(text, tuple(settings))


def _put_torch(kind: Kind, s: Site) -> TorchCall:
    """`s.a.size` are the parts along each axis of the grid, `s.a.axes` the shape of the value that was cut."""
    before = s.a.axes
    whole, grid, part = _axes(kind, before)
    is_vector = len(s.x) == 1 and len(part) > 1
    counts = [(f"many{at}", many) for at, many in enumerate(s.a.size or ())]
    text = f"{{0}}.unflatten(0, (-1, {', '.join(f'{{{name}}}' for name, _ in counts)}))"
    if kind.grid is None:
        # Slices of the channels come together; a part that ends in a vector makes a vector.
        names = ["B", "g", "C"] if is_vector else ["B", *grid, *part]
        wanted = names if is_vector else whole
        return TorchCall(f"{text}{_moved(names, wanted)}.flatten({wanted.index('g')}, {wanted.index('C')})", tuple(counts))
    names = ["B", *grid, *(["C"] if is_vector else part)]
    wanted = [name for name in whole if name in names]
    text += _moved(names, wanted)
    for axis in reversed(range(len(spatial(before)))):
        both = [wanted.index(name) for name in (f"g{axis}", f"s{axis}") if name in wanted]
        if len(both) == 2:
            text += f".flatten({both[0]}, {both[1]})"
    if is_vector and kind.setting != "k":
        for axis in kind.inner(len(spatial(before))):
            text += f".unsqueeze({axis + (1 if len(before) < 3 else 2)})"
    settings: list[tuple[str, Dim]] = list(counts)
    if not is_vector and kind.setting == "k" and spatial(s.y) != _uncropped(s):
        ends = [f":{{to{axis}}}" for axis in range(len(spatial(s.y)))]
        settings += [(f"to{axis}", size) for axis, size in enumerate(spatial(s.y))]
        text += f"[:, {', '.join(ends)}]" if len(before) < 3 else f"[:, :, {', '.join(ends)}]"
    return TorchCall(text, tuple(settings))


def _uncropped(s: Site) -> Shape:
    return tuple(many * size for many, size in zip(s.a.size or (), spatial(s.x), strict=True))


def _put_shape(kind: Kind, a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    """Where the parts stood; one that ends in a vector is one position."""
    y, before = xs[0], a.axes
    counts = a.size or ()
    inner = kind.inner(len(spatial(before)))
    if len(y) != 1 and len(spatial(y)) != len(inner):
        was = "a vector" if not inner else "a row of tokens" if len(inner) == 1 else "a map" if len(inner) == 2 else "a video"
        either = "" if not inner else " or a vector"
        raise SettingFact("kind", f"a {kind.one} must end as {was}{either}, and this one is {shape_text(y)}")
    if kind.grid is None:
        return _with(channels(y) * counts[0], spatial(y))
    grid = kind.grid(len(spatial(before)))
    sizes: list[Dim] = []
    for axis in range(len(spatial(before))):
        own = spatial(y)[inner.index(axis)] if axis in inner and len(y) > 1 else 1
        sizes.append(own * (counts[grid.index(axis)] if axis in grid else 1))
    if kind.setting == "k":
        return _with(channels(y), _unpadded(a, y, tuple(sizes)))
    return _with(channels(y), tuple(sizes))


def _unpadded(a: Attributes, y: Shape, sizes: Shape) -> Shape:
    """Without what the last windows were padded with."""
    was = spatial(a.axes)
    k = tuple(a.k)
    if len(y) > 1 and all(_is_same(own, width) for own, width in zip(spatial(y), k, strict=True)):
        return was
    padded = [not decide("==", many * width, size) for many, width, size in zip(a.size or (), k, was, strict=True)]
    if any(padded):
        words = "a vector" if len(y) == 1 else shape_text(y)
        raise SettingFact("k", f"the last windows are padded, so a window must keep its size, and this one ends as {words}")
    return sizes


def _is_same(one: Dim, other: Dim) -> bool:
    return not isinstance(one, Formula) and one == other


_VIEWS = {"tokens": (True, True), "groups": (True, True), "rows": (False, True), "columns": (False, True)}
"""Whether cutting, and putting back, only looks at the numbers in another order; what is not listed copies them."""


_ARGUMENTS = {
    "": (),
    "k": (Argument("k", size, told="in head", spatial=True),),
    "n": (Argument("n", count, told="in head"),),
}


def _operators(word: str, kind: Kind) -> tuple[Operator, Operator]:
    cut_is_view, put_is_view = _VIEWS.get(word, (False, word in ("frames", "positions")))
    stays = kind.grid is None
    cut = rearrangement(
        f"each {word}",
        f"a value cut into its {word}, which are folded into the batch",
        kind.ranks,
        lambda a, xs: (numel(_counts(kind, a, xs[0])), *_part(kind, a, xs[0])),
        lambda s: _cut_torch(kind, s),
        _ARGUMENTS[kind.setting],
        is_view=cut_is_view,
        view=lambda s: POINT if stays else EVERYTHING,
        head=lambda s: f"each {word}" if not kind.setting else f"each {word} {_written(s.a[kind.setting])}",
        example=kind.example,
    )
    put = rearrangement(
        f"{word} together",
        f"{word} back from the batch, where they stood",
        (1, 2, 3, 4),
        lambda a, xs: _put_shape(kind, a, xs),
        lambda s: _put_torch(kind, s),
        is_view=put_is_view,
        head=lambda s: f"{word} together",
        example=kind.example,
    )
    return cut, put


def _written(value: object) -> str:
    from archdsl.ops.captions import size_words

    return size_words(value) if isinstance(value, tuple) else str(value)


CUTS: dict[str, Operator] = {}
PUTS: dict[str, Operator] = {}
for _word, _kind in KINDS.items():
    CUTS[_word], PUTS[_word] = _operators(_word, _kind)

AGAIN = rearrangement(
    "in each part",
    "a value from outside, the same in every part: `[T, D] -> [parts, T, D]`",
    (1, 2, 3, 4),
    lambda a, xs: (a.n, *xs[0]),
    lambda s: TorchCall("{0}.repeat_interleave({n}, dim=0)", (("n", s.a.n),)),
    view=lambda s: EVERYTHING,
    head=lambda s: "in each part",
    example=Example(ON_MAP, "w: gap ; conv 1x1 64"),
)
"""How a value from outside enters the parts."""


class Cut(NamedTuple):
    """A value cut: the use that does it, how many parts there are, and the shape of one."""

    site: Site
    counts: tuple[Dim, ...]
    part: Shape

    @property
    def number(self) -> Dim:
        """How many parts there are."""
        return numel(self.counts)


def cut(word: str, attributes: Attributes, x: Shape) -> Cut:
    """How a value of this shape is cut.

    Raises:
        Fact: it cannot be cut so.
    """
    kind = KINDS[word]
    operator = CUTS[word]
    operator.check_rank((x,))
    if kind.grid is None:
        require_divides("the channels", channels(x), "n", attributes.n)
    return Cut(operator.site(attributes, (x,)), _counts(kind, attributes, x), _part(kind, attributes, x))


def put(word: str, attributes: Attributes, found: Cut, y: Shape) -> Site:
    """How parts that end in this shape are put back.

    Raises:
        Fact: they do not fit together.
    """
    return PUTS[word].site(Attributes({**attributes, "size": found.counts, "axes": found.site.x}), (y,))


def again(number: Dim, x: Shape) -> Site:
    """How a value from outside enters so many parts."""
    return AGAIN.site(Attributes({"n": number}), (x,))
