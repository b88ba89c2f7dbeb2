"""What a call of something unknown most likely meant. Must not resolve calls."""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.diagnostics.nearest import nearest
from archdsl.ops.registry import OPERATORS, called_elsewhere
from archdsl.wording.forms import FORMS

_OF_FORMS = {"skip": "residual", "shortcut": "residual", "resblock": "residual"}
"""Lower-case names in other frameworks and papers for what is not an operator; an operator's are in its entry."""

_NOT_HERE = {
    "activation": "an activation is a step of its own: `relu`",
    "assert": "a contract is written `expect params == 1000`",
    "chunk": "`concat split=true < a | b >` gives each branch its own slice of the channels, `slice 0 32` takes some of them",
    "class": "a network is named by `arch NAME`, a part of it by `def NAME(…) < … >`",
    "dim": "the channels are `in.c`",
    "downsample": "`downsample stride=2` is written directly in the body of a `stage`",
    "einsum": "`matmul @other` multiplies two values",
    "end": "a body ends with `>`",
    "endif": "a body ends with `>`",
    "exit": "a body ends with `>`",
    "expand": "`mul` and `upsample` spread what has one row and one column",
    "forward": "the steps themselves are the forward pass",
    "input": "an input is written `input image[3, 224, 224]`, at the top of the file",
    "mean": "`gap` takes the mean over height and width, or over tokens",
    "pass": "a body that does nothing is empty: `< >`; as a step it is `identity`",
    "permute": "`transpose` swaps tokens and channels, `tokens` makes tokens of a map, `grid` a map of tokens",
    "pixelunshuffle": "`spacetodepth` does so in another order of the channels",
    "print": "`expect stem.out == [64, 56, 56]` checks a shape, `archdsl explain FILE:LINE` shows those of a line",
    "reshape": "`flatten` makes a vector, `tokens` makes tokens of a map, `grid` a map of tokens",
    "return": "the value at the end of a body is its result",
    "self": "a step is called by its name alone",
    "sequential": "steps that belong together are written in `< … >`",
    "split": "`concat split=true < a | b >` gives each branch its own slice of the channels, `slice 0 32` takes some of them",
    "squeeze": "`gap` without `keep=true` leaves a vector",
    "stack": "`concat < a | b >` puts values side by side on their channels",
    "sub": "`scale (-1)` negates a value, so that `add` takes it away",
    "subtract": "`scale (-1)` negates a value, so that `add` takes it away",
    "unflatten": "`grid` makes a map of tokens; a vector is a map of one position: `input z[96, 1, 1]`",
    "unsqueeze": "`gap keep=true` keeps the axes",
    "view": "`flatten` makes a vector, `tokens` makes tokens of a map, `grid` a map of tokens",
    "while": "a repetition is written `x3 < … >`, and its number is known before it runs",
}
"""Words of other languages that no operator bears, with what does their work; the nearest name in letters is none of them."""


def nearest_callee(name: str, definitions: Iterable[str]) -> str | None:
    """A definition with a similar name, an operator with this name elsewhere, or one with a similar name."""
    found = nearest(name, definitions) or elsewhere(name)
    return found or (None if advice(name) else nearest(name, [*OPERATORS, *FORMS]))


def elsewhere(name: str) -> str | None:
    """What other frameworks and papers call so: an operator or a form of the language."""
    return called_elsewhere(name) or _OF_FORMS.get(name.lower())


def advice(name: str) -> str:
    """What does the work of a word that has no operator here; empty for other words."""
    return _NOT_HERE.get(name.lower().replace("_", ""), "")
