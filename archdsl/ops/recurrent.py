"""Recurrent layers over tokens: `lstm`, `gru`, `rnn`. Must not know how their steps run.

They go through a sequence token by token. Each layer and direction has one matrix for its input and one for its state, and two
biases, as in PyTorch. Hochreiter, Schmidhuber, "Long Short-Term Memory", Neural Computation 1997; Cho et al., EMNLP 2014;
Elman, "Finding Structure in Time", 1990.
"""

from __future__ import annotations

from archdsl.ops import operation_counts
from archdsl.ops.arguments import count, flag
from archdsl.ops.captions import if_set
from archdsl.ops.facts import ArgumentFact
from archdsl.ops.operator import (
    ON_TOKENS,
    Argument,
    Attributes,
    Example,
    Operator,
    Saved,
    Site,
    Symbol,
    Tensor,
    TorchModule,
)
from archdsl.ops.views import EVERYTHING
from archdsl.ops.windows import FLOAT_BYTES
from archdsl.records import NamedTuple
from archdsl.shapes import Dim, Formula, Shape, numel


class Kind(NamedTuple):
    """A recurrent layer.

    Attributes:
        gates: how many vectors of the state's width each step computes from the input and the state.
        flops: of one number of the state at one step, beside the products.
        kept: numbers that backward needs of a step, for each number of the state.
        starts: whether the state before the first step is kept too.
    """

    gates: int
    flops: int
    kept: int
    starts: bool


_A_GATE = 3 * operation_counts.ADD
"""Two biases, and the sum of what comes from the input and from the state."""
_OF_LSTM = 3 * operation_counts.SIGMOID + 2 * operation_counts.TANH + 3 * operation_counts.MULTIPLY + operation_counts.ADD
"""Three gates, the candidate and the state through tanh; `f*c + i*g`, and the result `o*tanh(c)`."""
_OF_GRU = 2 * operation_counts.SIGMOID + operation_counts.TANH + 3 * operation_counts.MULTIPLY + 2 * operation_counts.ADD
"""Two gates and the candidate, in which one gate multiplies the state's part; `(1 - z)*n + z*h`."""

KINDS = {
    "lstm": Kind(4, 4 * _A_GATE + _OF_LSTM, 7, False),
    "gru": Kind(3, 3 * _A_GATE + _OF_GRU, 7, False),
    "rnn": Kind(1, _A_GATE + operation_counts.TANH, 1, True),
}


def _layers(value: object) -> int:
    """How many there are, one after the other."""
    got = count(value)
    if isinstance(got, Formula) or got > 64:
        raise ArgumentFact("a positive integer up to 64", value)
    return got


def _directions(a: Attributes) -> int:
    return 2 if a.bidirectional else 1


def _inputs(s: Site) -> list[Dim]:
    """The width of what comes into each layer."""
    return [s.x[1], *(s.y[1] for _ in range(s.a.layers - 1))]


def _shape(a: Attributes, xs: tuple[Shape, ...]) -> Shape:
    return (xs[0][0], a.d * _directions(a))


def _parameters(gates: int, s: Site) -> tuple[Tensor, ...]:
    """In PyTorch's order: of each layer, of each direction, two matrices and two biases."""
    d, found = s.a.d, list[Tensor]()
    for layer, width in enumerate(_inputs(s)):
        for suffix in ("", "_reverse")[: _directions(s.a)]:
            end = f"l{layer}{suffix}"
            found += [Tensor(f"weight_ih_{end}", (gates * d, width)), Tensor(f"weight_hh_{end}", (gates * d, d))]
            found += [Tensor(f"bias_ih_{end}", (gates * d,)), Tensor(f"bias_hh_{end}", (gates * d,))]
    return tuple(found)


def _macs(gates: int, s: Site) -> Dim:
    whole: Dim = 0
    for width in _inputs(s):
        whole = whole + s.x[0] * gates * s.a.d * (width + s.a.d) * _directions(s.a)
    return whole


def _macs_worked(gates: int, s: Site) -> str:
    both = "2*" if s.a.bidirectional else ""
    return " + ".join(f"{both}{s.x[0]} tokens * {gates}*{s.a.d}*({width} + {s.a.d})" for width in _inputs(s))


def _saved(kind: Kind, s: Site) -> Saved:
    """What PyTorch's own steps keep, measured; a kernel for all steps (cuDNN, oneDNN) keeps as much in a form of its own."""
    tokens, both = s.x[0], _directions(s.a)
    states = both * s.a.d * (kind.kept * tokens + (1 if kind.starts else 0))
    numbers = both * tokens * s.x[1] + states + (s.a.layers - 1) * (numel(s.y) + states)
    return Saved(extra_bytes=FLOAT_BYTES * numbers)


def _scratch(gates: int, s: Site) -> Dim:
    """What the input gives to the gates of all steps of one direction, which is computed at once."""
    return s.x[0] * gates * s.a.d


def _head(name: str, s: Site) -> str:
    return f"{name} {s.a.d}" if s.a.layers == 1 else f"{name} {s.a.d}, {s.a.layers} layers"


def _recurrent(name: str, what: str, called: tuple[str, ...]) -> Operator:
    kind = KINDS[name]

    def torch(s: Site) -> TorchModule:
        settings = [("num_layers", s.a.layers)] if s.a.layers != 1 else []
        settings += [("bidirectional", True)] if s.a.bidirectional else []
        return TorchModule(name.upper(), (s.x[1], s.a.d), tuple(settings))

    return Operator(
        name=name,
        meaning=f"{what} through tokens, `[T, D] -> [T, d]`; `bidirectional` also goes back, `[T, 2*d]`",
        arguments=(
            Argument("d", count, told="in head"),
            Argument("bidirectional", flag, False, told=if_set("bidirectional", "both ways"), by_name=True),
            Argument("layers", _layers, 1, told="in head"),
        ),
        ranks=(2,),
        shape=_shape,
        parameters=lambda s: _parameters(kind.gates, s),
        macs=lambda s: _macs(kind.gates, s),
        macs_worked=lambda s: _macs_worked(kind.gates, s),
        flops=lambda s: s.x[0] * s.a.d * (_directions(s.a) * s.a.layers * kind.flops),
        depth=lambda s: s.a.layers,
        in_memory=True,
        in_place=False,
        is_view=False,
        saved=lambda s: _saved(kind, s),
        view=lambda s: EVERYTHING,
        torch=torch,
        symbol=Symbol("linear", lambda s: _head(name, s)),
        scratch=lambda s: _scratch(kind.gates, s),
        example=Example(ON_TOKENS, f"{name} 256"),
        called_elsewhere=called,
    )


LSTM = _recurrent("lstm", "long short-term memory", ("bilstm", "long_short_term_memory"))
GRU = _recurrent("gru", "a gated recurrent unit", ("bigru", "gated_recurrent_unit"))
RNN = _recurrent("rnn", "a recurrent layer, a tanh a step,", ("elman", "simple_rnn", "recurrent"))

TITLE = "Recurrent layers"
"""Of the family, in the reference."""
OPERATORS = (LSTM, GRU, RNN)
