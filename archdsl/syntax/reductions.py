"""The parser's reductions: each method builds the node of the rule (or alias) of its name. Must not check meaning."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_type_hints

from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.syntax.keywords import method_of
from archdsl.syntax.scanner import Token

Children = list[Any]

_SUFFIXES = {
    "K": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "KB": 1024,
    "MB": 1024**2,
    "GB": 1024**3,
}
_MOST_DIGITS = 100
_CONSTANTS = {"true": True, "false": False, "none": None}


class _Repeat(NamedTuple):
    """How often a step runs, and where its `x` is: of `x(depth - 1)` the node is the expression inside."""

    times: tree.Expression
    start: int


LONGEST_NAME = 100
"""Characters. Names become those of files, whose systems take up to 255 bytes."""


class NumberTooLong(Exception):
    """A literal with more digits than anyone counts with."""


def is_too_long(text: str) -> bool:
    """Whether a number, size or repetition has more digits, or a larger exponent, than anyone counts with."""
    if len(text) < 4:
        return False
    try:
        for part in text.removeprefix("x").split("x"):
            number_value(part)
    except NumberTooLong:
        return True
    return False


def number_value(text: str) -> int | Fraction:
    """The exact value of a literal: `4.1G` is 4100000000.

    Raises:
        NumberTooLong: it has more than 100 digits, or an exponent past 100.
    """
    digits = text.replace("_", "")
    factor = 1
    for length in (2, 1):
        suffix = digits[-length:]
        if suffix in _SUFFIXES:
            digits, factor = digits[:-length], _SUFFIXES[suffix]
            break
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) > _MOST_DIGITS or len(exponent) > 4 or abs(int(exponent or 0)) > _MOST_DIGITS:
        raise NumberTooLong
    if mantissa.isdigit() and not exponent:
        return int(mantissa) * factor
    value = Fraction(digits) * factor
    return int(value) if value.denominator == 1 else value


def significant_digits(text: str) -> int:
    """How many digits a literal is written with: `4.1G` 2, `25_557_032` 8, `0.05` 1."""
    mantissa = text.replace("_", "").rstrip("KMGTB").lower().partition("e")[0]
    return max(1, len(mantissa.replace(".", "").lstrip("0")))


def _unescape(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\") if "\\" in text else text


class Reductions:
    """Called by the parser with a rule's children: tokens (all kept) and nodes, None for an optional part that is missing."""

    def file(self, c: Children) -> tree.File:
        statements = tuple(c[0] or ())
        return tree.File(statements, any(type(s) is tree.Broken for s in statements))

    # Lists. They are appended to in place: the parser never looks back at a shorter one.

    def nothing(self, c: Children) -> list[Any]:
        return []

    def first(self, c: Children) -> list[Any]:
        return [c[0]]

    def more(self, c: Children) -> list[Any]:
        items: list[Any] = c[0]
        items.append(c[-1])
        return items

    def append(self, c: Children) -> list[Any]:
        items: list[Any] = c[0]
        items.append(c[1])
        return items

    def same(self, c: Children) -> object:
        return c[0]

    def bracketed(self, c: Children) -> object:
        return c[1]

    def parenthesised(self, c: Children) -> object:
        # An edit after a call must come after the bracket that ends it.
        return c[1]._replace(start=c[0].start, end=c[2].end)

    # Statements

    def broken(self, c: Children) -> tree.Broken:
        return tree.Broken(c[0].value or None, c[0].start, c[0].end)

    def arch(self, c: Children) -> tree.ArchLine:
        parameters, end = c[2] or ((), c[1].end)
        return tree.ArchLine(_ident(c[1]), parameters, c[0].start, end)

    def derived_arch(self, c: Children) -> tree.DerivedArch:
        end = c[6].end if c[6] else c[3].end
        return tree.DerivedArch(_ident(c[1]), _ident(c[3]), tuple(c[5] or ()), c[0].start, end)

    def imports(self, c: Children) -> tree.Import:
        path = tree.String(_unescape(c[1].value[1:-1]), c[1].start, c[1].end)
        return tree.Import(path, tuple(c[3]), c[0].start, c[3][-1].end)

    def input(self, c: Children) -> tree.Input:
        below: tree.Expression | None = c[6] if c[5] else None
        return tree.Input(c[1], tuple(c[3]), below, c[0].start, below.end if below else c[4].end)

    def let(self, c: Children) -> tree.Let:
        return tree.Let(c[1], c[3], c[0].start, c[3].end)

    def let_body(self, c: Children) -> tree.SideValue:
        return tree.SideValue(c[1], c[3], c[0].start, c[3].end)

    def default(self, c: Children) -> tree.Default:
        return tree.Default(_ident(c[1]), tuple(c[2]), c[0].start, c[2][-1].end)

    def definition(self, c: Children) -> tree.Definition:
        parameters, _ = c[2] or ((), 0)
        return tree.Definition(_ident(c[1]), parameters, c[3], c[0].start, c[3].end)

    def loop(self, c: Children) -> tree.For:
        return tree.For(tuple(c[1]), c[3], c[4], c[0].start, c[4].end)

    def elifs(self, c: Children) -> list[Any]:
        arms: list[Any] = c[0]
        arms.append((c[2], c[3]))
        return arms

    def choice(self, c: Children) -> tree.If:
        arms = ((c[1], c[2]), *c[3])
        end = c[5].end if c[5] else arms[-1][1].end
        return tree.If(arms, c[5], c[0].start, end)

    def shared(self, c: Children) -> tree.SharedLine:
        return tree.SharedLine(_ident(c[1]), c[2], c[0].start, c[2].end)

    def output(self, c: Children) -> tree.OutputOf:
        return tree.OutputOf(c[1], c[0].start, c[1].end)

    def aux(self, c: Children) -> tree.Aux:
        return tree.Aux(c[1], c[2], c[0].start, c[2].end)

    def meta(self, c: Children) -> tree.Meta:
        return tree.Meta(tuple(c[1]), c[0].start, c[1][-1].end)

    def downsample(self, c: Children) -> tree.Downsample:
        return tree.Downsample(tuple(c[1]), c[0].start, c[1][-1].end)

    def expect(self, c: Children) -> tree.Expect:
        path = tuple(part for piece in c[1] for part in _path_parts(piece))
        operator = _ident(c[3]) if c[3] else None
        metric_end = c[4].end if c[4] else c[1][-1].end
        return tree.Expect(path, operator, c[5], c[6], metric_end, c[0].start, c[6].end)

    def relation(self, c: Children) -> str:
        token: Token = c[0]
        return token.value

    comparator = relation

    # Steps

    def step(self, c: Children) -> tree.Step:
        label, role, repeat, unit = c
        start = next(part for part in c if part is not None).start
        return tree.Step(label, role, repeat.times if repeat else None, unit, start, unit.end)

    def label(self, c: Children) -> tree.Ident:
        name: tree.Ident = c[0]
        return name

    def role(self, c: Children) -> tree.RoleName:
        token = c[0]
        return tree.RoleName(token.value, token.start, token.end)

    def name(self, c: Children) -> tree.Ident:
        return _ident(c[0])

    def times(self, c: Children) -> _Repeat:
        token = c[0]
        return _Repeat(tree.Number(number_value(token.value[1:]), token.start, token.end), token.start)

    def times_of(self, c: Children) -> _Repeat:
        return _Repeat(c[1], c[0].start)

    def bare_call(self, c: Children) -> tree.Call:
        name, bare, over, body = c
        last = body or over or (bare[-1] if bare else name)
        return tree.Call(_ident(name), tuple(bare), False, over, body, name.start, last.end)

    def touching_call(self, c: Children) -> tree.Call:
        name, _, arguments, close, over, body = c
        last = body or over or close
        return tree.Call(_ident(name), tuple(arguments or ()), True, over, body, name.start, last.end)

    def over(self, c: Children) -> tree.Over:
        return tree.Over(tuple(c[1]), c[3], c[0].start, c[3].end)

    def body(self, c: Children) -> tree.Body:
        branches = tuple(c[1])
        begin, end = c[0], c[2]
        if len(branches) == 1:
            branches = (tree.Branch(branches[0].statements, begin.end, end.start),)
        return tree.Body(branches, begin.start, end.end)

    def branch(self, c: Children) -> tree.Branch:
        statements = tuple(c[0] or ())
        if not statements:
            return tree.Branch((), -1, -1)
        return tree.Branch(statements, statements[0].start, statements[-1].end)

    def positional(self, c: Children) -> tree.WrittenArgument:
        return tree.WrittenArgument(None, c[0], c[0].start, c[0].end)

    def named(self, c: Children) -> tree.WrittenArgument:
        return tree.WrittenArgument(c[0], c[2], c[0].start, c[2].end)

    def named_negative(self, c: Children) -> tree.WrittenArgument:
        value = tree.Unary("-", c[3], c[2].start, c[3].end)
        return tree.WrittenArgument(c[0], value, c[0].start, c[3].end)

    def parameters(self, c: Children) -> tuple[tuple[tree.Parameter, ...], int]:
        """The parameters, and where their bracket closes."""
        return tuple(c[1] or ()), c[-1].end

    def parameter(self, c: Children) -> tree.Parameter:
        default = c[2]
        return tree.Parameter(c[0], default, c[0].start, default.end if default else c[0].end)

    # Expressions

    def number(self, c: Children) -> tree.Number:
        token = c[0]
        return tree.Number(number_value(token.value), token.start, token.end)

    def size(self, c: Children) -> tree.SizeLiteral:
        token = c[0]
        numbers = tuple(int(number_value(number)) for number in token.value.split("x"))
        return tree.SizeLiteral(numbers, token.start, token.end)

    def string(self, c: Children) -> tree.String:
        token = c[0]
        return tree.String(_unescape(token.value[1:-1]), token.start, token.end)

    def constant(self, c: Children) -> tree.Constant:
        token = c[0]
        return tree.Constant(_CONSTANTS[token.value], token.start, token.end)

    def variable(self, c: Children) -> tree.Variable:
        return tree.Variable(*c[0])

    def current(self, c: Children) -> tree.Current:
        return tree.Current(c[0].start, c[0].end)

    def reference(self, c: Children) -> tree.Reference:
        token = c[0]
        return tree.Reference(token.value[1:], token.start, token.end)

    def attribute(self, c: Children) -> tree.Attribute:
        return tree.Attribute(c[0], c[2], c[0].start, c[2].end)

    def index(self, c: Children) -> tree.Index:
        return tree.Index(c[0], c[2], c[0].start, c[3].end)

    def slice(self, c: Children) -> tree.Slice:
        return tree.Slice(c[0], c[2], c[4], c[0].start, c[5].end)

    def function(self, c: Children) -> tree.Function:
        return tree.Function(c[0], tuple(c[2] or ()), c[0].start, c[3].end)

    def list(self, c: Children) -> tree.ListOf:
        return tree.ListOf(tuple(c[1] or ()), c[0].start, c[2].end)

    def comprehension(self, c: Children) -> tree.Comprehension:
        return tree.Comprehension(c[1], tuple(c[3]), c[5], c[7], c[0].start, c[8].end)

    def unary(self, c: Children) -> tree.Unary:
        return tree.Unary(c[0].value, c[1], c[0].start, c[1].end)

    def binary(self, c: Children) -> tree.Binary:
        return tree.Binary(c[1].value, c[0], c[2], c[0].start, c[2].end)

    def logic(self, c: Children) -> tree.Logic:
        return tree.Logic(c[1].value, c[0], c[2], c[0].start, c[2].end)

    def compare(self, c: Children) -> tree.Compare:
        return tree.Compare(c[0], ((c[1], c[2]),), c[0].start, c[2].end)

    def compare_more(self, c: Children) -> tree.Compare:
        return tree.Compare(c[0].first, (*c[0].rest, (c[1], c[2])), c[0].start, c[2].end)

    def conditional(self, c: Children) -> tree.Conditional:
        return tree.Conditional(c[0], c[2], c[4], c[0].start, c[4].end)


def node_of(word: str | None) -> type | None:
    """The form of the statement that a word of the language belongs to (`let`: `tree.Let`); None for other words."""
    method = method_of(word) if word is not None else None
    if method is None:
        return None
    node: type = get_type_hints(getattr(Reductions, method))["return"]
    return node


def _ident(token: Token) -> tree.Ident:
    return tree.Ident(token.value, token.start, token.end)


def _path_parts(piece: tree.Ident | Token) -> list[str]:
    # `2.0` between dots is two parts of a module path, not a number.
    return [piece.text] if isinstance(piece, tree.Ident) else piece.value.split(".")
