"""Statements of Python programs: layers put into the language, and for the rest what does their work here. Must not parse.

The layers themselves are translated by `archdsl.syntax.errors.python_layers`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.ops.operator import REQUIRED
from archdsl.ops.registry import called_elsewhere, find
from archdsl.syntax.errors.context import FARTHEST, Met, error
from archdsl.syntax.errors.foreign_names import advice
from archdsl.syntax.errors.python_layers import translated
from archdsl.text import Source, Span

_MOST_LINES = 60
_TURNS = re.compile(r"[()\[\]{}#;\n]")
"""Signs at which a statement may end, or not end."""
_TOKENS = re.compile(r"\b(?:tokens|class_token|posembed)\b|\[\s*\w+\s*,\s*\w+\s*\]")
"""What shows that values are tokens, whose axes are others."""
_VECTOR = re.compile(r"\b(?:gap|gmp|flatten|linear|fc)\b|\[\s*\w+\s*\]")
"""What shows that the value may be a vector."""
_AXIS = re.compile(r"(?:softmax|glu)\s*\((?:[^()]*?\b(?:dim|axis)\s*=\s*|\s*[a-z]\w*\s*,\s*|\s*)(-?\d+)", re.IGNORECASE)
"""The axis of a softmax."""
_PYTHON = re.compile(
    r"[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+\s*=|[A-Za-z_][\w.]*\s*(?:=(?!=)\s*)?[\w.]*\(|[A-Za-z_]\w*(?:\.\w+)+|"
    r"class\b|with\b|import\b|from\s+[\w.]+\s+import\b"
)
_OF_VALUES = re.compile(
    r"\w+\s*(?:[+*]?=)\s*\w+\s*[+*/\[]?|[xhy]\s*[+*]\s*\w+\s*$|[\d.]+\s*\*\s*[xh]$|[xh]\[|[xh]\s*=\s*-|layers\s*\+=|lambda\b"
)
_ARRANGED = "a value is arranged anew by a step"
_IMPORTED = "nothing of Python is imported"
_PART = "a part of a value is taken by a step"
_JOINED = "values are joined by a step"
_ADDED = "values are added by a step"
_LINES: tuple[tuple[str, str, str], ...] = (
    (r"class\s+\w+.*:", "a network is not a class", "the network is named by `arch NAME`, a part of it by `def NAME(…) < … >`"),
    (
        r"(?:async\s+)?def\s+(?:forward|call|__init__)\b.*",
        "the steps themselves are the forward pass",
        "a part of a network is `def NAME(…) < … >`",
    ),
    (r"super\s*\(.*", "a network is not a class", "the file's `arch` line names it, and nothing has to be set up"),
    (
        r"(?:import|from)\s+(?:torch|tensorflow|keras|numpy)\b.*",
        _IMPORTED,
        'an import names another file: `from "resnet50" import bottleneck`',
    ),
    (
        r"(?:model|net|network)\s*=\s*\w+\s*\(.*\)",
        "a network is not made by a call",
        'the file\'s `arch` line names it; another one is a step by its name, after `from "resnet50" import resnet50`',
    ),
    (
        r"(?:[\w.]+\s*=\s*)?(?:nn\.)?Parameter\s*\(.*",
        "learned numbers are a step",
        "`class_token` puts learned tokens in front, `posembed` adds learned positions, `learned t d` is a learned value",
    ),
    (
        r"(?:identity|residual|shortcut|skip)\w*\s*=\s*\w+$",
        "a name for the current value is a label",
        "`skip: identity` labels it for `add @skip`; `residual < … >` adds what its branch started from",
    ),
    (r"with\s+.*:", "there is no `with`", "a network is its steps, one a line"),
    (
        r"print\s*\(.*",
        "nothing is printed",
        "`expect stem.out == [64, 56, 56]` checks a shape, `archdsl explain FILE:LINE` shows those of a line",
    ),
    (
        r"(?:\w+\s*=\s*)?(?:torch\.)?(?:cat|concat|concatenate)\s*\(\s*[\[(]\s*\w*cls.*",
        _JOINED,
        "`class_token` puts learned tokens in front of the others",
    ),
    (
        r"(?:\w+\s*=\s*)?(?:torch\.)?(?:cat|concat|concatenate)\s*\(\s*[\[(]\s*\w+\s*,\s*(\w+).*",
        _JOINED,
        r"`concat @\1` joins the current value and the one labeled `\1`",
    ),
    (
        r"(?:\w+\s*=\s*)?(?:[\w.]*\.)?Concatenate\s*\(.*\)\s*\(.*",
        _JOINED,
        "`concat @skip` joins the current value and a labeled one, `concat < a | b >` two branches",
    ),
    (
        r"(?:\w+\s*=\s*)?(?:[\w.]*\.)?Add\s*\(.*\)\s*\(.*",
        _ADDED,
        "`add @skip` adds a labeled value to the current one, `residual < … >` what a branch started from",
    ),
    (
        r"(\w+)\s*(?:\+=|=\s*\1\s*\+)\s*(?:identity|residual|shortcut|skip|self\..*)$",
        _ADDED,
        "`residual < … >` adds what its branch started from",
    ),
    (
        r"(\w+)\s*(?:\+=|=\s*\1\s*\+)\s*([A-Za-z_]\w*)$",
        _ADDED,
        r"`add @\2` adds the value labeled `\2` to the current one",
    ),
    (
        r"(\w+)\s*(?:\*=|=\s*\1\s*\*)\s*([A-Za-z_]\w*)$",
        "values are multiplied by a step",
        r"`mul @\2` multiplies the current value by the one labeled `\2`",
    ),
    (
        r"(?:return\s+|\w+\s*=\s*)?[\w.]+\(.*\bself\.\w+\(",
        "calls in one another are steps after one another",
        "the innermost call is the first step: `conv 3x3 64 ; bn ; relu`",
    ),
    (r"(?:\w+\s*=\s*)?[xh]\[.*\]$", _PART, "`select 0` takes one token, `slice 0 8` some channels"),
    (
        r".*\.(?:view|reshape)\s*\(.*|.*\bReshape\s*\(.*",
        _ARRANGED,
        "`flatten` makes a vector, `tokens` tokens of a map, `grid` a map of tokens; `reshape [128, 7, 7]` gives any axes",
    ),
    (r".*\.(?:permute|transpose)\s*\(.*", _ARRANGED, "`transpose` swaps tokens and channels, `tokens` makes tokens of a map"),
    (
        r".*\.mean\s*\(.*",
        "a mean is a step",
        "`gap` takes the mean over height and width or tokens, `mean` over one axis",
    ),
    (r".*\bRescaling\s*\(.*", "a constant factor is a step", "`scale (1 / 255)` multiplies every number"),
    (
        r"(?:\w+\s*=\s*)?(?:[\w.]*\.)?Input\s*\(.*",
        "an input has a line of its own",
        "as in `input image[3, 224, 224]`, channels first and without the batch",
    ),
    (
        r"(?:\w+(?:\s*,\s*\w+)*\s*=\s*)?\w*\.?(?:chunk|split|unbind)\s*\(.*",
        _PART,
        "`split 2` makes a list of equal parts of the channels, `slice 0 32` takes some of them",
    ),
    (
        r"lambda\b.*",
        "there are no functions of values",
        "a step that does nothing is `identity`; a part with a name is `def NAME(…) < … >`",
    ),
)
"""A form, what is said of it, and what does its work."""


def python_forms(met: Met) -> Diagnostic | None:
    """The diagnostic for a statement of a Python program."""
    start = met.token.start - len(met.before)
    text = met.source.text
    end = text.find("\n", start, start + FARTHEST)
    line = text[start : end if end >= 0 else start + FARTHEST]
    if not _PYTHON.match(line) and not _OF_VALUES.match(line):
        return None
    statement = statement_of(met.source, start)
    layer = translation(statement)
    fixes = () if layer is None else (Fix(f"here it is `{layer}`", (Edit(statement, layer),), stands=True),)
    told = _line(statement, fixes)
    if told is None and layer is not None:
        return error("unexpected-token", "this is a layer as Python writes it", statement, fixes=fixes)
    return told or _called_by_self(statement) or _known_layer(statement)


@lru_cache(maxsize=4)
def _first(pattern: re.Pattern[str], text: str) -> int:
    """Where a text first speaks of something; asked at each mistake, and found once."""
    found = pattern.search(text)
    return len(text) if found is None else found.end() - 1


def translation(statement: Span) -> str | None:
    """What Python's statement is in the language; None where it is none, or where its axis is another one here."""
    layer = translated(statement.text)
    found = re.search(r"\b(?:concat|softmax|glu)\b", layer or "")
    if layer is None or found is None:
        return layer
    text = statement.source.text
    is_of_tokens = _first(_TOKENS, text) < statement.start
    if found.group() == "concat":
        return None if is_of_tokens else layer
    axis = _AXIS.search(statement.text)
    written = axis.group(1) if axis is not None else "-1" if found.group() == "glu" else None
    fitting = ("-1", "2") if is_of_tokens else ("1", "-1") if _first(_VECTOR, text) < statement.start else ("1",)
    return layer if written is None or written in fitting else None


def _line(statement: Span, fixes: tuple[Fix, ...]) -> Diagnostic | None:
    for pattern, message, note in _LINES:
        found = re.match(pattern, statement.text, re.DOTALL)
        if found is not None:
            if message == _IMPORTED:
                fixes = (Fix("leave the line out", (Edit(_whole_line(statement), ""),)),)
            return error("unexpected-token", message, statement, notes=() if fixes else (found.expand(note),), fixes=fixes)
    return None


def _whole_line(statement: Span) -> Span:
    """With its end."""
    end = statement.source.text.find("\n", statement.end)
    return Span(statement.source, statement.start, len(statement.source.text) if end < 0 else end + 1)


def _called_by_self(statement: Span) -> Diagnostic | None:
    """`x = self.relu(x)`, `x = conv(x)`."""
    found = re.fullmatch(r"(?:return\s+|\w+\s*=\s*)?(?:self\.)?([A-Za-z_]\w*)\s*\(\s*[A-Za-z_]\w*\s*\)", statement.text)
    if found is None or not re.search(r"=|self\.|return\b", statement.text):
        return None
    name = found.group(1).rstrip("0123456789").rstrip("_") or found.group(1)
    known = find(name)
    step = known.name if known is not None else called_elsewhere(name) or name
    example = {"conv": "conv 3x3 64", "linear": "linear 10"}.get(step, step)
    known = find(step)
    message = "a step is called by its name alone"
    if known is not None and not any(argument.default is REQUIRED for argument in known.arguments):
        return error("unexpected-token", message, statement, fixes=(Fix(f"write `{step}`", (Edit(statement, step),)),))
    note = f"a step takes the current value and leaves its result as the new one: `{example}`"
    return error("unexpected-token", message, statement, notes=(note,))


def _known_layer(statement: Span) -> Diagnostic | None:
    """`nn.Dropout2d(0.1)`, which has no exact equal, `Rearrange('b t d -> b d t')`, which has no operator."""
    found = re.match(r"(?:return\s+|[\w.]+\s*=\s*)?((?:\w+\.)*)(\w+)\s*\(", statement.text)
    prefix, name = found.groups() if found else ("", "")
    known = find(name)
    operator = known.name if known is not None else called_elsewhere(name)
    note = advice(name)
    if operator is not None and prefix:
        note = f"the nearest to it is `{operator}`; `archdsl explain {operator}` shows what that takes"
    if not note or not re.search(r"['.=]|\(\(", statement.text):
        return None
    return error("unexpected-token", "this is a layer as Python writes it", statement, notes=(note,))


def statement_of(source: Source, start: int) -> Span:
    """From the start to the end of the line on which its brackets are closed, without a comment."""
    text, depth, lines = source.text, 0, 0
    farthest = min(len(text), start + _MOST_LINES * FARTHEST)
    end = farthest
    for found in _TURNS.finditer(text, start, farthest):
        sign = found.group()
        lines += sign == "\n"
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "#" or (sign in ";\n" and depth <= 0) or lines > _MOST_LINES:
            end = found.start()
            break
    return Span(source, start, start + len(text[start:end].rstrip()))
