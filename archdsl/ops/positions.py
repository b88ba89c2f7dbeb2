"""Where a value's places are, told to attention: `relpos`, `rotary`, `sines`, `causal`. Must not attend.

Notation below: T queries, S keys, h heads of width e; along one axis n places, the larger of the queries' and the keys'.
"""

from __future__ import annotations

from archdsl.ops import operation_counts
from archdsl.ops.arguments import count, flag, natural, one_of, or_none, positive, size, value_argument
from archdsl.ops.captions import size_words
from archdsl.ops.checks import quotient, require_divides
from archdsl.ops.facts import InputFact, MismatchFact, SettingFact
from archdsl.ops.operator import (
    ON_MAP,
    ON_TOKENS,
    SPATIAL,
    Argument,
    Attributes,
    Example,
    Numbers,
    Operator,
    Saved,
    Setting,
    Site,
    Symbol,
    Tensor,
    TorchCall,
    TorchModule,
)
from archdsl.ops.views import EVERYTHING, POINT, View
from archdsl.ops.windows import FLOAT_BYTES, INDEX_BYTES
from archdsl.shapes import Dim, Shape, channels, decide, numel, shape_text, spatial

AXIS_NAMES = {1: ("token",), 2: ("row", "column"), 3: ("frame", "row", "column")}
"""What the places along each axis are called, for so many axes."""


def _places(value: object) -> Numbers:
    """The sizes of one to three axes."""
    return size(value, len(value) if isinstance(value, tuple) and 1 <= len(value) <= 3 else 1)


_SIZE = Argument("size", or_none(_places), None, ("none",))
"""What map or volume tokens are the places of, row by row; none: of a row."""
_PREFIX = Argument("prefix", natural, 0)
"""How many tokens in front have no place (class tokens)."""


def _axes(a: Attributes, x: Shape) -> Shape:
    """The sizes of the axes along which the tokens or the map `x` have their places, those of a prefix left out."""
    if len(x) != 2:
        if a.size is None:
            return spatial(x)
        window = a.size * len(spatial(x)) if len(a.size) == 1 else a.size
        if len(window) != len(spatial(x)):
            raise SettingFact("size", f"a window of {shape_text(x)} has {len(spatial(x))} sides")
        return window
    if a.size is None:
        if decide("<", x[0], a.prefix + 1):
            raise SettingFact("prefix", f"there are only {x[0]} tokens")
        return (x[0] - a.prefix,)
    if numel(a.size) + a.prefix != x[0]:
        places = f"{size_words(a.size)} is {numel(a.size)} places" + (f" and {a.prefix} in front" if a.prefix else "")
        raise SettingFact("size", f"{places}, but there are {x[0]} tokens")
    return a.size


# Relative positions

KINDS = ("bias", "abs", "mlp", "buckets", "axial")
_OWN = {"hidden": "mlp", "out_bias": "mlp", "bounded": "mlp", "buckets": "buckets", "far": "buckets", "both": "buckets"}
"""The settings that only one kind has."""
_DEFAULTS: dict[str, Setting] = {"hidden": 512, "out_bias": False, "bounded": True, "buckets": 32, "far": 128, "both": True}


def _key_axes(a: Attributes, xs: tuple[Shape, ...], queries: Shape) -> Shape:
    if not a["keys"]:
        return queries
    keys = xs[1]
    found = spatial(keys) if len(keys) > 2 else (keys[0] - a.prefix,) if len(keys) == 2 else ()
    if len(found) != len(queries):
        wanted = {1: "tokens, `[T, D]`", 2: "a map, `[C, H, W]`", 3: "a video, `[C, T, H, W]`"}[len(queries)]
        raise MismatchFact(xs, (), f"the keys' places have as many axes as the queries': {wanted}")
    for own, other in zip(queries, found, strict=True):
        if own != other and a.kind != "buckets":
            few_ones, many = (own, other) if decide("<", own, other) else (other, own)
            require_divides("the longer axis of places", many, "the shorter one", few_ones)
    return found


class _Extent:
    """The axes of the queries' and the keys' places, and all of them with the prefix: T and S."""

    def __init__(self, a: Attributes, xs: tuple[Shape, ...]) -> None:
        self.queries = _axes(a, xs[0])
        self.keys = _key_axes(a, xs, self.queries)
        self.larger = tuple(q if q == k or decide(">", q, k) else k for q, k in zip(self.queries, self.keys, strict=True))

    @property
    def offsets(self) -> Dim:
        """Different offsets, in all directions: the product of 2n - 1."""
        return numel(tuple(2 * n - 1 for n in self.larger))


def _relpos_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    for name, kind in _OWN.items():
        if a[name] != _DEFAULTS[name] and a.kind != kind:
            raise SettingFact(name, f"`kind={a.kind}` has none; it is one of `kind={kind}`")
    extent = _Extent(a, xs)
    if a.kind == "buckets":
        if len(extent.queries) != 1:
            raise SettingFact("kind", "`buckets` are of distances along one axis; this has " + str(len(extent.queries)))
        if a.prefix:
            raise SettingFact("prefix", "`buckets` are of the tokens in their order, without a prefix")
        if decide("<", a.buckets, 4 if a.both else 2):
            raise SettingFact("buckets", "there must be at least 4, or 2 with `both=false`")
        if decide("<=", a.far, quotient(a.buckets, 4 if a.both else 2)):
            raise SettingFact("far", "it must be larger than the number of buckets that hold one distance each")
    if a.kind == "axial":
        require_divides("the width of the queries", channels(xs[0]), "heads", a.heads)
    return (a.heads, numel(extent.queries) + a.prefix, numel(extent.keys) + a.prefix)


def _relpos_parameters(s: Site) -> tuple[Tensor, ...]:
    a = s.a
    if a.kind == "buckets":
        return (Tensor("table", (a.buckets, a.heads)),)
    extent = _Extent(a, s.xs)
    if a.kind == "mlp":
        first = (Tensor("mlp.0.weight", (a.hidden, len(extent.queries))), Tensor("mlp.0.bias", (a.hidden,)))
        last = (Tensor("mlp.2.weight", (a.heads, a.hidden)), *((Tensor("mlp.2.bias", (a.heads,)),) if a.out_bias else ()))
        return (*first, *last)
    if a.kind == "axial":
        names, width = AXIS_NAMES[len(extent.queries)], quotient(channels(s.x), a.heads)
        return tuple(Tensor(f"{name}_vectors", (2 * n - 1, width)) for name, n in zip(names, extent.larger, strict=True))
    rows = numel(extent.larger) if a.kind == "abs" else extent.offsets + (3 if a.prefix else 0)
    return (Tensor("table", (rows, a.heads)),)


def _relpos_macs(s: Site) -> Dim:
    a = s.a
    if a.kind not in ("mlp", "axial"):
        return 0
    extent = _Extent(a, s.xs)
    if a.kind == "mlp":
        return extent.offsets * a.hidden * (len(extent.queries) + a.heads)
    total: Dim = 0
    for keys in extent.keys:
        total = total + keys
    return numel(extent.queries) * channels(s.x) * total


def _relpos_worked(s: Site) -> str:
    extent = _Extent(s.a, s.xs)
    if s.a.kind == "mlp":
        return f"{extent.offsets} offsets * {s.a.hidden} hidden * ({len(extent.queries)} in + {s.a.heads} out)"
    keys = " + ".join(str(n) for n in extent.keys)
    return f"{numel(extent.queries)} queries * {channels(s.x)} products * ({keys}) keys along the axes"


def _relpos_flops(s: Site) -> Dim:
    a = s.a
    if a.kind == "mlp":
        offsets = _Extent(a, s.xs).offsets
        each = (operation_counts.ADD if a.out_bias else 0) + (
            operation_counts.SIGMOID + operation_counts.MULTIPLY if a.bounded else 0
        )
        return offsets * (a.hidden * (operation_counts.ADD + operation_counts.RELU) + a.heads * each)
    if a.kind == "axial":
        extent = _Extent(a, s.xs)
        return (len(extent.queries) - 1) * a.heads * numel(extent.queries) * numel(extent.keys)
    return 0


def _relpos_saved(s: Site) -> Saved:
    """An MLP's hidden numbers, which are of no sample; of `axial` the queries, axis by axis, and the vectors of all pairs."""
    a = s.a
    if a.kind == "mlp":
        numbers = _Extent(a, s.xs).offsets * (a.hidden + (a.heads if a.bounded else 0))
        return Saved(fixed_bytes=FLOAT_BYTES * numbers)
    if a.kind == "buckets":
        return Saved(fixed_bytes=INDEX_BYTES * s.y[1] * s.y[2])
    if a.kind != "axial":
        return Saved()
    extent, width = _Extent(a, s.xs), quotient(channels(s.x), a.heads)
    pairs: Dim = 0
    for queries, keys in zip(extent.queries, extent.keys, strict=True):
        pairs = pairs + queries * keys
    places = numel(extent.queries) * channels(s.x)
    return Saved(extra_bytes=FLOAT_BYTES * len(extent.queries) * places, fixed_bytes=FLOAT_BYTES * pairs * width)


def _relpos_torch(s: Site) -> TorchModule:
    a = s.a
    if a.kind == "buckets":
        given = tuple((name, a[name]) for name in ("buckets", "far", "both") if a[name] != _DEFAULTS[name])
        return TorchModule("BucketBias", (a.heads,), given)
    extent = _Extent(a, s.xs)
    keys = (("keys", extent.keys),) if extent.keys != extent.queries else ()
    prefix = (("prefix", a.prefix),) if a.prefix else ()
    more = (*keys, *prefix)
    if a.kind == "axial":
        return TorchModule("AxialPositions", (quotient(channels(s.x), a.heads), a.heads, extent.queries), more)
    if a.kind == "mlp":
        given = tuple((name, a[name]) for name in ("hidden", "out_bias", "bounded") if a[name] != _DEFAULTS[name])
        return TorchModule("OffsetMLP", (a.heads, extent.queries), (*more, *given))
    return TorchModule("DistanceBias" if a.kind == "abs" else "OffsetBias", (a.heads, extent.queries), more)


def _relpos_view(s: Site) -> View:
    return EVERYTHING if s.a.kind == "axial" else POINT


def _relpos_sizes(s: Site) -> tuple[int, ...]:
    return (1,) if s.a.kind == "axial" else (0, 1)


def _own_words(name: str) -> Argument:
    """An argument that only one kind has."""
    take = flag if isinstance(_DEFAULTS[name], bool) else count
    return Argument(name, take, _DEFAULTS[name], by_name=True)


RELPOS = Operator(
    name="relpos",
    meaning="what relative positions add to the logits, `[heads, T, S]`, in place of the current value, whose places are the "
    "queries': a learned number an offset (`bias`) or a distance (`abs`), of an MLP (`mlp`, Swin V2), by growing "
    "distances (`buckets`, T5), or the queries' products with learned vectors, axis by axis (`axial`)",
    arguments=(
        Argument("heads", count, told="in head"),
        Argument("kind", one_of(*KINDS), "bias", KINDS, told="in head"),
        _SIZE,
        value_argument("keys", required=False),
        _PREFIX,
        *(_own_words(name) for name in _OWN),
    ),
    ranks=SPATIAL,
    shape=_relpos_shape,
    parameters=_relpos_parameters,
    macs=_relpos_macs,
    macs_worked=_relpos_worked,
    flops=_relpos_flops,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=_relpos_saved,
    view=_relpos_view,
    torch=_relpos_torch,
    symbol=Symbol("learned", lambda s: f"relative {s.a.kind}, {s.a.heads} {'head' if s.a.heads == 1 else 'heads'}"),
    sizes_of=_relpos_sizes,
    example=Example("[96, 7, 7]", "relpos 3"),
    called_elsewhere=tuple("relative_position_bias rel_pos_bias relative_position rel_pos attention_biases".split()),
)


# Rotations

_PAIRS = Argument("pairs", one_of("adjacent", "halves"), "adjacent", ("adjacent", "halves"))
"""Which numbers are one pair: neighbors, or one of each half."""
_BASE = Argument("base", positive, 10_000)


def _rotary_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    require_divides("the width", x[1], "heads", a.heads)
    axes = _axes(a, x)
    require_divides("the width of a head", quotient(x[1], a.heads), "a pair along each axis,", 2 * len(axes))
    return x


def _rotated(s: Site) -> Dim:
    return (s.x[0] - s.a.prefix) * s.x[1]


def _rotary_saved(s: Site) -> Saved:
    """A cosine and a sine for each place and pair of one head."""
    return Saved(fixed_bytes=FLOAT_BYTES * (s.x[0] - s.a.prefix) * quotient(s.x[1], s.a.heads))


def _rotary_torch(s: Site) -> TorchCall:
    a = s.a
    given: list[tuple[str, Setting]] = [("size", a.size)] if a.size is not None else []
    given += [("prefix", a.prefix)] if a.prefix else []
    given += [("pairs", a.pairs)] if a.pairs != "adjacent" else []
    written = "".join(f", {name}={{{name}}}" for name, _ in given)
    settings: tuple[tuple[str, Setting], ...] = (("heads", a.heads), ("base", a.base), *given)
    return TorchCall("rotary({0}, {heads}, {base}" + written + ")", settings, ("rotary",))


ROTARY = Operator(
    name="rotary",
    meaning="pairs of each head's numbers turned by angles that grow with the token's place (RoPE): `[T, D] -> [T, D]`; with "
    "`size` an equal part of the pairs along each axis",
    arguments=(Argument("heads", count, 1, told="in head"), _BASE, _SIZE, _PREFIX, _PAIRS),
    ranks=(2,),
    shape=_rotary_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: 3 * _rotated(s),
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=_rotary_saved,
    view=lambda s: POINT,
    torch=_rotary_torch,
    symbol=Symbol("attention", lambda s: f"rotary, {s.a.heads} {'head' if s.a.heads == 1 else 'heads'}"),
    example=Example(ON_TOKENS, "rotary heads=12"),
    called_elsewhere=tuple("rope rotary_embedding rotary_pos_emb apply_rotary_pos_emb rotary_position_embedding".split()),
)


# Waves


def _sines_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    x = xs[0]
    if len(x) == 1:
        if x[0] != 1:
            raise InputFact(x, "a vector has no places; a number, `[1]`, has waves")
        require_divides("`d`", a.d, "a pair,", 2)
        return (a.d,)
    require_divides("`d`", a.d, "a pair along each axis,", 2 * len(spatial(x)))
    return (x[0], a.d) if len(x) == 2 else (a.d, *spatial(x))


def _sines_torch(s: Site) -> TorchCall:
    settings: tuple[tuple[str, Setting], ...] = (("d", s.a.d), ("base", s.a.base), ("pairs", s.a.pairs))
    pairs = "" if s.a.pairs == "adjacent" else ", {pairs}"
    name = "number_sines" if len(s.x) == 1 else "place_sines"
    return TorchCall(name + "({0}, {d}, {base}" + pairs + ")", settings, (name,))


def _sines_saved(s: Site) -> Saved:
    """Of a number the angles, and how fast each grows."""
    numbers = FLOAT_BYTES * quotient(s.a.d, 2) if len(s.x) == 1 else 0
    return Saved(extra_bytes=numbers, fixed_bytes=numbers)


SINES = Operator(
    name="sines",
    meaning="sines and cosines of growing wavelengths in place of the current value: of a number, `[1] -> [d]`; else of its "
    "places, `[T, D] -> [T, d]`, `[C, H, W] -> [d, H, W]` with an equal part along each axis",
    arguments=(Argument("d", count, told="in head"), _BASE, _PAIRS),
    ranks=(1, 2, 3, 4),
    shape=_sines_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: operation_counts.EXP * s.a.d + quotient(s.a.d, 2) if len(s.x) == 1 else 0,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=_sines_saved,
    view=lambda s: POINT,
    torch=_sines_torch,
    symbol=Symbol("learned", lambda s: f"sines {s.a.d}"),
    sizes_of=lambda s: () if len(s.x) == 1 else (0,),
    example=Example(ON_MAP, "sines 64"),
    called_elsewhere=tuple(
        "sinusoidal timestep_embedding sincos sinusoidal_embedding sinusoidal_positions positional_sines fourier".split()
    ),
)


# Masks


def _causal_shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    _, queries, keys = xs[0]
    if queries != keys:
        raise MismatchFact(xs, (1, 2), "with as many queries as keys it is known which come later")
    return xs[0]


CAUSAL = Operator(
    name="causal",
    meaning="logits `[heads, T, T]` of keys that come after their query become `-inf`, so that a softmax leaves them out",
    arguments=(),
    ranks=(3,),
    shape=_causal_shape,
    parameters=lambda s: (),
    macs=lambda s: 0,
    flops=lambda s: 0,
    depth=0,
    in_memory=False,
    in_place=False,
    is_view=False,
    saved=lambda s: Saved(fixed_bytes=s.y[1] * s.y[2]),
    view=lambda s: POINT,
    torch=lambda s: TorchCall("causal({0})", support=("causal",)),
    symbol=Symbol("attention", lambda s: "causal mask"),
    example=Example("[12, 64, 64]", "causal"),
    called_elsewhere=("causal_mask", "tril"),
)

TITLE = "Positions"
"""Of the family, in the reference."""
OPERATORS = (RELPOS, ROTARY, SINES, CAUSAL)
