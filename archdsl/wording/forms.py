"""What forms of the language do that are called like operators and are none. Must not run them."""

from __future__ import annotations

from archdsl.records import NamedTuple


class Form(NamedTuple):
    """How it is written, what it does, and an example on `[64, 56, 56]`."""

    written: str
    meaning: str
    example: str


FORMS = {
    "residual": Form(
        "residual < a | b >",
        "adds the branch `a` to the value that it starts from, or to the branch `b`; where `when=` is false it is `a` alone",
        "residual < conv 3x3 64 ; bn ; relu >",
    ),
    "parallel": Form(
        "parallel < a | b >",
        "keeps the values of its branches side by side, as a list, from which `pick` takes one",
        "parallel < conv 3x3 64 | conv 1x1 32 > ; pick 0",
    ),
    "each": Form(
        "each rows < a >",
        "runs its body once for all rows, columns, frames, positions, tokens, `windows k` or `groups n`, folded into the batch",
        "each rows < attention heads=4 >",
    ),
    "scan": Form(
        "scan h=@start < a >",
        "runs its body on one token after the other; `let h = < … >` in it sets the state that the next token sees as `@h`",
        "tokens ; scan h=[64] < let h = < add < identity | @h > > ; @h >",
    ),
    "frozen": Form(
        "frozen < a >",
        "a part whose weights do not learn and whose batch norms use their running statistics in training too",
        "frozen < conv 3x3 64 bias=false ; bn >",
    ),
    "pick": Form(
        "pick i", "takes one value of the list that `parallel` made, counted from 0", "parallel < relu | gelu > ; pick 1"
    ),
}
