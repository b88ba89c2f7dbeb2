"""Texts made worse: tokens deleted, doubled, swapped, replaced by hostile ones; brackets lost; bodies nested. Must not judge."""

from __future__ import annotations

import random
import re

_TOKEN = re.compile(r'"[^"\n]*"|#[^\n]*|[A-Za-z_@]\w*|\d[\w.]*|\*\*|//|[=!<>~]=|\s+|.', re.DOTALL)

HOSTILE = (
    "9**9**9**9", "(9**9**9**9)", "2**4096", "10**100", "1e100", "1e-100", "1e999999", "9" * 200, "99999999999999999999", "-1", "0", "0.1",
    "x1000000000", "x0", "x99999999999999999999", "x(10**12)", "x(-1)", "x(0.5)", "range(10**9)", "range(0, 10, 0)", "[1]*10**9", "[0]*99999",
    "[[1,2],[3]]", "1000000000x1000000000", "0x0", "3x", "x3x3", "1/0", "0**-1", "(1/0)", "sqrt(-1)", "log(0)", "1e300*1e300", "(2**0.5)**999999",
    "make_divisible(1, 0)", "sum([])", "min()", "max([])", "len(3)", "zip()", "\x00", "\ufeff", "\u2028", "\x0b", "\x1b[31m", "\r", "\u202e", "ñ",
    "𝟛", "٣", "\ud7ff", "é", "🙂", "`", "$", "\\", "'", '"', '"\\', "<<<<", ">>>>", "< | | >", "|", ";;;;", "((((", "]]]]", "[", "(", ")", "@", "@_",
    "@self.x", "@image", "in", "in.z", "in.shape[9]", "in.c**in.c", "if", "if (true)", "elif (1) <", "else <", "for i in", "def", "def f <f>",
    "def conv <conv 3 3>", "shared", "input y[1,1,1]", "input q[Q]", "arch a", "arch a = a", "from", 'from "../x.arch" import y', 'from "resnet50" import *',
    'from "resnet50" import resnet50', "let", "let in = 1", "let w = w", "default", "downsample stride=2", "expect params == 1", "expect", "meta", "aux a <",
    "output out", "true", "false", "none", "not", "and", "~=", "==", "**", "//", "index", "first", "last", "body", "stage", "stem:", "x:", "a: b: c:",
    "residual <>", "concat <>", "parallel < | >", "pick 9", "pick", "unpool @image", "conv", "conv 3", "conv 3 3 3 3", "linear", "unit0", "unit0(unit0)",
    "conv(k=3, k=3)", "conv k=3 c=w**9", "grid 0", "class_token 10**9", "learned 10**9 10**9", "pad 10**9", "upsample 10**9", "1KB", "4.1G", "1_000", "1__0",
)  # fmt: skip


def tokens_of(text: str) -> list[str]:
    """The text in pieces, nothing lost."""
    return _TOKEN.findall(text)


def mutated(text: str, source: random.Random, other: str = "") -> str:
    """The text with one to six faults; `other` is a text from which pieces are taken."""
    tokens = tokens_of(text)
    pieces = tokens_of(other) or ["relu"]
    for _ in range(source.choice((1, 1, 1, 2, 3, 6))):
        if not tokens:
            break
        tokens = [token for token in source.choice(_FAULTS)(tokens, pieces, source) if token]
    return "".join(tokens)


def _deleted(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(tokens))
    return tokens[:at] + tokens[at + source.choice((1, 1, 1, 2, 5)) :]


def _doubled(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(tokens))
    length = source.choice((1, 1, 3, 10, 40))
    return tokens[: at + length] + tokens[at : at + length] * source.choice((1, 1, 1, 3, 30)) + tokens[at + length :]


def _swapped(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    first, second = source.randrange(len(tokens)), source.randrange(len(tokens))
    swapped = list(tokens)
    swapped[first], swapped[second] = tokens[second], tokens[first]
    return swapped


def _replaced(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(tokens))
    return [*tokens[:at], source.choice(HOSTILE), *tokens[at + 1 :]]


def _inserted(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(tokens) + 1)
    return [*tokens[:at], source.choice((" ", "\n", "")), source.choice(HOSTILE), source.choice((" ", "\n", "")), *tokens[at:]]


def _spliced(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at, start = source.randrange(len(tokens)), source.randrange(len(pieces))
    return tokens[:at] + pieces[start : start + source.choice((1, 5, 30))] + tokens[at:]


def _number_changed(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    places = [at for at, token in enumerate(tokens) if token[0].isdigit()]
    if not places:
        return tokens
    at = source.choice(places)
    new = source.choice(
        ("0", "1", "2", "7", "1000", "10**6", "1000000007", "0.5", "-3", "9" * 30, "w", "n", "none", "[1, 2]", "3x5")
    )
    return [*tokens[:at], new, *tokens[at + 1 :]]


def _name_changed(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    places = [at for at, token in enumerate(tokens) if token[0].isalpha() or token[0] == "@"]
    if not places:
        return tokens
    at, by = source.choice(places), source.choice(places)
    return [*tokens[:at], tokens[by], *tokens[at + 1 :]]


def _nested(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    times = source.choice((2, 10, 99, 101, 250, 5000))
    before, after = source.choice((("<", ">"), ("(", ")"), ("[", "]"), ("residual <", ">"), ("x2 <", ">"), ("x1000000000 <", ">"), ("-", ""),
                                   ("not ", ""), ("f(", ")"), ("if (true) <", ">"), ("def f <", ">"), ("for i in [1, 2] <", ">")))  # fmt: skip
    at = source.randrange(len(tokens))
    to = source.randrange(at, len(tokens)) + 1
    return [*tokens[:at], before * times, *tokens[at:to], after * source.choice((times, times, times, 1, 0)), *tokens[to:]]


def _cut(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    at = source.randrange(len(tokens))
    return tokens[:at] if source.randrange(2) else tokens[at:]


def _characters(tokens: list[str], pieces: list[str], source: random.Random) -> list[str]:
    """Single characters, anywhere: also inside names, numbers and strings."""
    text = list("".join(tokens))
    for _ in range(source.choice((1, 2, 8))):
        at = source.randrange(len(text))
        text[at] = source.choice(
            (chr(source.randrange(128)), chr(source.choice((0xA0, 0x3BB, 0x2003, 0xFEFF, 0x1F600, 0x200B))))
        )
    return tokens_of("".join(text))


_FAULTS = (_deleted, _deleted, _doubled, _swapped, _replaced, _replaced, _inserted, _inserted, _spliced, _number_changed, _number_changed,
           _name_changed, _name_changed, _nested, _cut, _characters)  # fmt: skip
