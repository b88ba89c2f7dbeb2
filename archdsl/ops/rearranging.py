"""`rearrange`: axes split, reordered and put together, in einops' notation. Must not compute.

The notation is that of Rogozhnikov, "Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation", ICLR 2022:
`"c (h p) (w q) -> (c p q) h w"`. The axes are those of the value, without the batch.
"""

from __future__ import annotations

import re
from itertools import pairwise

from archdsl.ops.arguments import Word, count
from archdsl.ops.attributes import Attributes
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import ArgumentFact, PatternFact, SettingFact
from archdsl.ops.operator import ANY_RANK, ON_MAP, Argument, Example, Setting, Site, TorchCall
from archdsl.ops.reshape import rearrangement
from archdsl.ops.views import EVERYTHING, POINT, View
from archdsl.records import NamedTuple
from archdsl.shapes import AXIS_NAMES, MOST_AXES, Dim, Shape, decide, numel, shape_text, spatial_axes

_TOKEN = re.compile(r"\s*(->|[()]|[A-Za-z_][A-Za-z0-9_]*|1\b|\S)")
_NAME = re.compile(r"[A-Za-z_]")

ONE = "1"
"""An axis of one number, without a name."""


class Axis(NamedTuple):
    """One axis of a side: the names that it is made of, the outermost first, and where it is in the pattern."""

    names: tuple[str, ...]
    start: int
    end: int


class Pattern(NamedTuple):
    """Both sides, and for each name its place on the left."""

    left: tuple[Axis, ...]
    right: tuple[Axis, ...]
    places: dict[str, tuple[int, int]]


def parse(text: str) -> Pattern:
    """The sides of a pattern.

    Raises:
        PatternFact: it is none, with the place of what is wrong.
    """
    sides: list[list[Axis]] = [[]]
    opened: int | None = None
    inside: list[str] = []
    places: list[dict[str, tuple[int, int]]] = [{}]
    for token in _TOKEN.finditer(text):
        word, start, end = token.group(1), token.start(1), token.end(1)
        if word == "->":
            if opened is not None or len(sides) == 2:
                why = "a bracket is open" if opened is not None else "there is one `->`"
                raise PatternFact(start, end, f"`->` cannot be here: {why}")
            sides.append([])
            places.append({})
        elif word == "(":
            if opened is not None:
                raise PatternFact(start, end, "a bracket is inside no other one")
            opened, inside = start, []
        elif word == ")":
            if opened is None:
                raise PatternFact(start, end, "no bracket is open")
            sides[-1].append(Axis(tuple(inside), opened, end))
            opened = None
        elif word == ONE or _NAME.match(word):
            if word != ONE and word in places[-1]:
                raise PatternFact(start, end, f"`{word}` is on this side twice")
            if word != ONE:
                places[-1][word] = (start, end)
            if opened is not None:
                inside += [] if word == ONE else [word]
            else:
                sides[-1].append(Axis((word,) if word != ONE else (), start, end))
        else:
            raise PatternFact(start, end, f"`{word}` is neither a name, a bracket, `1` nor `->`")
    if opened is not None:
        raise PatternFact(opened, opened + 1, "this bracket is never closed")
    if len(sides) < 2:
        raise PatternFact(0, len(text), "a pattern has two sides: `c h w -> (h w) c`")
    for name, (start, end) in places[1].items():
        if name not in places[0]:
            raise PatternFact(start, end, f"`{name}` is not on the left side")
    for name, (start, end) in places[0].items():
        if name not in places[1]:
            raise PatternFact(start, end, f"`{name}` is not on the right side")
    if not 1 <= len(sides[1]) <= MOST_AXES:
        start, end = (sides[1][0].start, sides[1][-1].end) if sides[1] else (len(text), len(text))
        raise PatternFact(start, end, f"a value has one to {MOST_AXES} axes, and this has {len(sides[1])}")
    return Pattern(tuple(sides[0]), tuple(sides[1]), places[0])


def _pattern(value: object) -> str:
    """A string that is a pattern."""
    if not isinstance(value, str) or isinstance(value, Word):
        raise ArgumentFact('a pattern such as `"c h w -> (h w) c"`', value)
    parse(value)
    return value


def _sizes(value: object) -> tuple[tuple[str, Dim], ...]:
    """The sizes of names, as they are written after the pattern."""
    if not isinstance(value, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        raise ArgumentFact("names with their sizes", value)
    found: list[tuple[str, Dim]] = []
    for name, size in value:
        try:
            found.append((name, count(size)))
        except ArgumentFact as fact:
            raise SettingFact(name, f"it must be {fact.wanted}") from None
    return tuple(found)


def sizes(a: Attributes, x: Shape) -> dict[str, Dim]:
    """The size of every name for a value of this shape.

    Raises:
        PatternFact, SettingFact, DivisibilityFact: they do not fit.
    """
    pattern = parse(a.pattern)
    known = dict(a.sizes)
    for name in known:
        if name not in pattern.places:
            raise SettingFact(name, "the pattern does not have this name")
    if len(pattern.left) != len(x):
        axes = " ".join(AXIS_NAMES[len(x)])
        start, end = (pattern.left[0].start, pattern.left[-1].end) if pattern.left else (0, 0)
        raise PatternFact(start, end, f"{shape_text(x)} has the axes {axes}, and here are {len(pattern.left)}")
    for axis, size in zip(pattern.left, x, strict=True):
        _solve(axis, size, known)
    return known


def _solve(axis: Axis, size: Dim, known: dict[str, Dim]) -> None:
    """The one name of an axis whose size is not given."""
    product = numel(tuple(known[name] for name in axis.names if name in known))
    unknown = [name for name in axis.names if name not in known]
    if len(unknown) > 1:
        names = " and ".join(f"`{name}`" for name in unknown)
        raise PatternFact(axis.start, axis.end, f"of {names} only one follows from the axis: give `{unknown[0]}=…`")
    if unknown:
        given = next((name for name in axis.names if name in known), "")
        if given:
            require_divides("the axis", size, given, product)
        known[unknown[0]] = quotient(size, product)
    elif not decide("==", product, size):
        what = " * ".join(str(known[name]) for name in axis.names) or ONE
        raise PatternFact(axis.start, axis.end, f"this axis is {size}, and not {what}")


def _shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    known = sizes(a, xs[0])
    return tuple(numel(tuple(known[name] for name in axis.names)) for axis in parse(a.pattern).right)


def _torch(s: Site) -> TorchCall:
    """Axes split from the last one on, moved, and put together from the last one on."""
    pattern, known, given = parse(s.a.pattern), sizes(s.a, s.x), dict(s.a.sizes)
    text, settings = "{0}", list[tuple[str, Setting]]()
    for at in reversed(range(len(pattern.left))):
        names = pattern.left[at].names
        if not names:
            text += f".squeeze({at + 1})"
        elif len(names) > 1:
            parts = []
            for name in names:
                follows = name not in given
                parts.append("-1" if follows else f"{{size_{name}}}")
                settings += [] if follows else [(f"size_{name}", known[name])]
            text += f".unflatten({at + 1}, ({', '.join(parts)}))"
    before = [name for axis in pattern.left for name in axis.names]
    after = [name for axis in pattern.right for name in axis.names]
    order = [before.index(name) + 1 for name in after]
    moved = [at for at, place in enumerate(order) if place != at + 1]
    if len(moved) == 2:
        text += f".transpose({moved[0] + 1}, {moved[1] + 1})"
    elif moved:
        text += f".permute({', '.join(map(str, [0, *order]))})"
    end = len(after)
    for axis in reversed(pattern.right):
        start = end - len(axis.names)
        if not axis.names:
            text += f".unsqueeze({end + 1})"
        elif len(axis.names) > 1:
            text += f".flatten({start + 1}, {end})"
        end = start
    return TorchCall(text, tuple(settings))


def _is_view(s: Site) -> bool:
    """Whether what is put together was beside one another, in that order."""
    pattern = parse(s.a.pattern)
    before = [name for axis in pattern.left for name in axis.names]
    pairs = [pair for axis in pattern.right for pair in pairwise(axis.names)]
    return all(before.index(second) == before.index(first) + 1 for first, second in pairs)


def _view(s: Site) -> View:
    """Where the positions stay in their order, each sees itself; else what windows after it see is not followed."""
    pattern = parse(s.a.pattern)
    left = [name for at in spatial_axes(s.x) for name in pattern.left[at].names]
    right = [name for at in spatial_axes(s.y) for name in pattern.right[at].names]
    return POINT if left == right else EVERYTHING


def _side(s: Site, number: int) -> str:
    """One side of the pattern as it is written."""
    return " ".join(s.a.pattern.split("->")[number].split())


REARRANGE = rearrangement(
    "rearrange",
    "axes split, moved and put together as a pattern says, in einops' notation; further names give sizes: "
    '`rearrange "c (h p) (w q) -> (c p q) h w" p=2 q=2`',
    ANY_RANK,
    _shape,
    _torch,
    (
        Argument("pattern", _pattern, told=lambda s: f"-> {_side(s, 1)}"),
        Argument("sizes", _sizes, (), told=lambda s: ", ".join(f"{name} {size}" for name, size in s.a.sizes), internal=True),
    ),
    is_view=_is_view,
    view=_view,
    head=lambda s: f"rearrange {_side(s, 0)}",
    names_sizes=True,
    example=Example(ON_MAP, 'rearrange "c (h p) (w q) -> (c p q) h w" p=2 q=2'),
    called_elsewhere=("einops", "depth_to_space"),
)

TITLE = "Values rearranged by a pattern"
"""Of the family, in the reference."""
OPERATORS = (REARRANGE,)
