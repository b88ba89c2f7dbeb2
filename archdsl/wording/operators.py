"""Messages for what an operator reports about one use: from a fact to a diagnostic with places. Must not find mistakes.

Those about shapes that do not fit together are in `archdsl.wording.mismatches`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import gcd, isqrt

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.arguments import Size, below_one, few, start
from archdsl.ops.facts import (
    ArgumentFact,
    AxesFact,
    DivisibilityFact,
    Fact,
    IndicesFact,
    InputFact,
    MismatchFact,
    MissingArgumentFact,
    OperandsFact,
    PatternFact,
    RankFact,
    SettingFact,
    UnknownArgumentFact,
    WindowFact,
)
from archdsl.ops.operator import REQUIRED, Argument, Operator
from archdsl.shapes import AXIS_NAMES, Formula, Shape, channels, shape_text
from archdsl.syntax.errors.rewrites import phrase_fixes
from archdsl.text import Span
from archdsl.wording.arguments import missing_argument, unknown_argument
from archdsl.wording.mismatches import mismatch
from archdsl.wording.origins import CallSite, is_input, made, used_here
from archdsl.wording.phrases import WIDTH_FOLLOWS, left_out, meant, whole
from archdsl.wording.settings import other_word
from archdsl.wording.values import either, quoted

_OF_A_VECTOR = "`reshape [128, 7, 7]` makes a map of a vector with so many numbers"
_RANKS = {4: "[C, T, H, W]", 3: "[C, H, W]", 2: "[T, D]", 1: "[D]"}


def explain(fact: Fact, at: CallSite) -> Mistake:
    """The diagnostic for a fact."""
    match fact:
        case ArgumentFact():
            return _argument(fact, at)
        case MissingArgumentFact():
            return missing_argument(at.operator.name, at.operator.arguments, at.arguments, at.name)
        case UnknownArgumentFact():
            span = at.arguments.get(fact.argument, at.name)
            return unknown_argument(at.operator.name, fact.argument, fact.known, span)
        case RankFact():
            return _rank(fact, at)
        case AxesFact():
            return _axes(fact, at)
        case IndicesFact():
            return _indices(fact, at)
        case WindowFact():
            return _window(fact, at)
        case DivisibilityFact():
            return _divisibility(fact, at)
        case MismatchFact():
            return mismatch(fact, at)
        case SettingFact():
            return _setting(fact, at)
        case PatternFact():
            return _in_pattern(fact, at)
        case OperandsFact():
            message = f"`{at.operator.name}` takes exactly {fact.wanted} operands, not {fact.got}"
            note = f"`{at.operator.name}` is of the first and the second, in this order; `add` and `mul` take any number"
            return mistake("wrong-operands", message, at.name, notes=[note])
        case InputFact():
            message = f"`{at.operator.name}` cannot take {shape_text(fact.shape)}: {fact.reason}"
            return mistake("bad-input", message, at.name, labels=made(at))
        case _:
            raise AssertionError(f"a fact without words: {type(fact).__name__}")


# Arguments


def _argument(fact: ArgumentFact, at: CallSite) -> Mistake:
    name = fact.argument or "argument"
    span = at.value_span(name) or at.call
    argument = at.operator.argument(name)
    words = argument.words if argument is not None else ()
    unnamed = [f"`{word}`" for word in words if f"`{word}`" not in fact.wanted and word != "none"]
    return mistake(
        "bad-argument",
        f"`{name}` of `{at.operator.name}` must be {fact.wanted}, not {quoted(fact.got)}",
        span,
        notes=[f"it also takes {either(unnamed)}"] if unnamed else [],
        fixes=_argument_fixes(fact, span, words)
        or _width_in_the_wrong_place(fact, span, argument)
        or other_word(fact.got, at.operator.arguments, span)
        or _another_step(fact, span)
        or _window_first(fact, span, at),
        labels=used_here(at, span),
    )


def _width_in_the_wrong_place(fact: ArgumentFact, span: Span, argument: Argument | None) -> list[Fix]:
    """`layerscale 64`: other frameworks want the width of what comes in."""
    is_width = type(fact.got) is int and fact.got > 10 and span.text == str(fact.got)
    if argument is None or argument.default is REQUIRED or not is_width or argument.take not in (start, below_one, few):
        return []
    return [Fix(WIDTH_FOLLOWS, (left_out(span),))]


def _another_step(fact: ArgumentFact, span: Span) -> list[Fix]:
    """`conv 3x3 64 relu`: steps are separated."""
    if not isinstance(fact.got, Operator) or span.text != fact.got.name:
        return []
    phrase = phrase_fixes(span)
    if phrase:
        return phrase
    start = left_out(span).span.start
    return [Fix("steps are separated by `;`", (Edit(Span(span.source, start, span.start), " ; "),))]


def _window_first(fact: ArgumentFact, span: Span, at: CallSite) -> list[Fix]:
    """`conv 64 3x3`: the window and the width have changed places."""
    window = at.value_span("k")
    if not isinstance(fact.got, Size) or fact.argument != "c" or window is None or window is span:
        return []
    return [Fix("the window comes first", (Edit(window, span.text), Edit(span, window.text)))]


def _argument_fixes(fact: ArgumentFact, span: Span, words: tuple[str, ...]) -> list[Fix]:
    got = fact.got
    if isinstance(got, str):
        guess = nearest(got, words)
        return meant(guess, span) if span.text != guess else []
    if "integer" in fact.wanted and isinstance(got, (Fraction, float)):
        return [] if re.fullmatch(r"[\d.]+", span.text) else [whole(span)]
    if fact.wanted.startswith("`true` or `false`") and type(got) is int and got in (0, 1):
        word = "true" if got else "false"
        return [Fix(f"write `{word}`", (Edit(span, word),) if span.text == str(got) else ())]
    if fact.wanted.startswith("a probability") and isinstance(got, (int, float, Fraction)) and 1 < got <= 100:
        share = f"{float(got) / 100:g}"
        return [Fix(f"{float(got):g} % is {share}", (Edit(span, share),) if span.text == str(got) else ())]
    return []


# Settings


def _in_pattern(fact: PatternFact, at: CallSite) -> Mistake:
    """The place is inside the string, if that is written here as it is."""
    whole = at.value_span("pattern") or at.call
    inside = Span(whole.source, whole.start + 1 + fact.start, whole.start + 1 + fact.end)
    span = inside if whole.text.startswith('"') and "\\" not in whole.text else whole
    return mistake("bad-setting", f"this pattern cannot be: {fact.reason}", span, labels=made(at))


def _setting(fact: SettingFact, at: CallSite) -> Mistake:
    operator, written = at.operator.name, at.arguments.get(fact.argument)
    message = f"`{operator}` cannot have this `{fact.argument}`: {fact.reason}"
    if written is None:
        article = "an" if fact.argument[0] in "aeiou" else "a"
        message = f"`{operator}` needs {article} `{fact.argument}`: {fact.reason}"
    if fact.reason.startswith(f"`{operator}`"):
        message = fact.reason
    span = written or at.name
    return mistake("bad-setting", message, span, labels=[*made(at), *used_here(at, span)])


def _window(fact: WindowFact, at: CallSite) -> Mistake:
    shape = at.inputs[0].shape
    name = AXIS_NAMES[len(shape)][fact.axis]
    room = f"a {name} of {fact.size}" if name in ("height", "width") else f"{fact.size} {name}"
    padded = ", padding included" if shape[fact.axis] != fact.size else ""
    return mistake(
        "window-too-large",
        f"a window of {fact.extent} does not fit into {room}{padded}",
        at.value_span("k") or at.call,
        f"dilated, it spans {fact.extent} positions" if "dilation" in at.arguments else "",
        labels=made(at),
        notes=["the input of the network may be too small, or it was downsampled once too often"],
    )


def _divisibility(fact: DivisibilityFact, at: CallSite) -> Mistake:
    what = fact.what
    if what.startswith("the width of all heads"):
        what = "`dim`" if "dim" in at.arguments else "the channels"
    argument = fact.argument.partition("*")[0]
    written = at.value_span(argument)
    divisor = f"{fact.divisor}" if written is not None else f"{fact.divisor} by default"
    span = written or at.name
    return mistake(
        "not-divisible",
        f"{what} ({fact.value}) must be a multiple of `{fact.argument}` ({divisor})",
        span,
        labels=[*made(at), *used_here(at, span)],
        fixes=_divisor_fixes(fact, at, written),
    )


def _divisor_fixes(fact: DivisibilityFact, at: CallSite, written: Span | None) -> list[Fix]:
    if fact.argument not in ("heads", "groups") or isinstance(fact.value, Formula) or isinstance(fact.divisor, Formula):
        return []
    width = at.value_span("dim") if fact.argument == "heads" else None
    is_turned = isinstance(fact.divisor, int) and isinstance(fact.value, int) and fact.divisor > fact.value
    if width is not None and written is not None and width.source is written.source and is_turned:
        edit = Edit(Span(width.source, written.start, width.end), width.text)
        return [Fix("the heads come first, and the width follows from the value", (edit,))]
    numbers = _shared_by_groups(fact.value, at)
    if not numbers:
        return []
    common = gcd(*numbers)
    near = _nearest_divisor(common, fact.divisor)
    if near is None or (near == 1 and (fact.argument != "groups" or written is None)):
        return []
    edits: tuple[Edit, ...] = ()
    if written is None:
        at_end = Span(at.name.source, at.name.end, at.name.end)
        edits = (Edit(at_end, f" {near}" if at.operator.arguments[0].name == fact.argument else f" {fact.argument}={near}"),)
    elif written.text.isdigit():
        edits = (Edit(written, str(near)),)
    shown = " and ".join(str(number) for number in dict.fromkeys(numbers))
    return [Fix(f"{near} is the nearest number that divides {shown}", edits)]


def _shared_by_groups(value: int, at: CallSite) -> list[int]:
    """What the groups must divide: of a convolution its input and its output channels. Empty if these are not all plain."""
    if at.operator.name not in ("conv", "deconv"):
        return [int(value)]
    incoming, c = channels(at.inputs[0].shape), at.value_span("c")
    if not isinstance(incoming, int) or c is None or not c.text.isdigit():
        return []
    return list(dict.fromkeys((incoming, int(c.text))))


def _nearest_divisor(value: int, divisor: int) -> int | None:
    if not 1 <= value <= 10**6:
        return None
    divisors = [d for d in range(1, min(value, 4096) + 1) if value % d == 0]
    return min(divisors, key=lambda d: (abs(d - divisor), -d))


# The first input


def _rank(fact: RankFact, at: CallSite) -> Mistake:
    wanted = either([_RANKS[rank] for rank in sorted(fact.ranks, reverse=True)])
    is_vector = len(fact.shape) == 1 and (3 in fact.ranks or at.operator.name == "grid")
    return mistake(
        "wrong-rank",
        f"`{at.operator.name}` takes {wanted}, but this is {shape_text(fact.shape)}",
        at.name,
        labels=made(at),
        notes=[_OF_A_VECTOR] if is_vector and not _rank_fixes(fact.shape, fact.ranks, at) else [],
        fixes=_rank_fixes(fact.shape, fact.ranks, at),
    )


def _indices(fact: IndicesFact, at: CallSite) -> Mistake:
    shape = shape_text(fact.shape)
    if fact.wanted:
        message = f"`{at.operator.name}` takes indices, but this is {shape}"
        notes = ["whole numbers below n are an input: `input words[128] of 30_522`"]
    else:
        message = f"`{at.operator.name}` takes numbers, but {shape} are indices"
        notes = ["`embedding d` makes a vector of each, `onehot` ones and zeros"]
    return mistake("bad-input", message, at.name, labels=made(at), notes=notes)


def _axes(fact: AxesFact, at: CallSite) -> Mistake:
    got, shape = quoted(fact.got), shape_text(fact.shape)
    span = at.value_span(fact.argument) or at.name
    batch = _batch(fact, at)
    return mistake(
        "wrong-rank",
        f"`{fact.argument}` of `{at.operator.name}` is {got}, which is for {_RANKS[fact.rank]}, but this is {shape}",
        span,
        labels=[*made(at), *used_here(at, span)],
        notes=["a shape has no batch axis"] if batch else [],
        fixes=batch or _width_in_size(fact, at, span) or _rank_fixes(fact.shape, (fact.rank,), at),
    )


def _batch(fact: AxesFact, at: CallSite) -> list[Fix]:
    """`input image[1, 3, 32, 32]`, of a step that takes `[C, H, W]`."""
    made_in = at.inputs[0].step
    if len(fact.shape) != fact.rank + 1 or fact.shape[0] != 1 or made_in is None or not is_input(made_in):
        return []
    found = re.compile(r"\s*\[\s*(1\s*,\s*)").match(made_in.source.text, made_in.end)
    return [Fix("leave the batch out", (Edit(Span(made_in.source, found.start(1), found.end(1)), ""),))] if found else []


def _width_in_size(fact: AxesFact, at: CallSite, span: Span) -> list[Fix]:
    """`conv 3x3x64`: the last number is the width."""
    is_missing = at.operator.positional[:2] == (fact.argument, "c") and "c" not in at.arguments
    if not is_missing or len(fact.got) != len(fact.shape):
        return []
    kernel, _, width = span.text.rpartition("x")
    return [Fix("the width is a number of its own", (Edit(span, f"{kernel} {width}"),))]


def _rank_fixes(shape: Shape, ranks: tuple[int, ...], at: CallSite) -> list[Fix]:
    """Steps before this one that would give it what it takes."""

    def before(message: str, steps: str) -> Fix:
        return Fix(message, (Edit(at.before_step(), f"{steps} ; "),))

    if len(shape) > 2 and 1 in ranks:
        return [
            before(
                "`gap` takes the mean over height and width" if len(shape) == 3 else "`gap` takes the mean over all positions",
                "gap",
            ),
            before("`flatten` keeps every position", "flatten"),
        ]
    if len(shape) == 3 and 2 in ranks and at.operator.name != "grid":
        return [before("`tokens` makes a token of every position", "tokens")]
    if len(shape) == 2 and 3 in ranks and at.operator.name != "tokens":
        return [before(*found) for found in _grids(shape[0])]
    step = at.inputs[0].step if at.inputs else None
    if len(shape) == 1 and step is not None and step.text == "gap":
        edit = Edit(Span(step.source, step.end, step.end), " keep=true")
        kept = "[C, 1, 1]" if 3 in ranks else "[1, D]"
        return [Fix(f"`gap keep=true` keeps the axes: {kept}", (edit,))]
    return []


def _grids(tokens: object) -> list[tuple[str, str]]:
    """How tokens could be laid out as a map."""
    if isinstance(tokens, Formula):
        return []
    assert isinstance(tokens, int)
    if isqrt(tokens) ** 2 == tokens:
        return [("`grid` lays the tokens out as a map", "grid")]
    if tokens > 1 and isqrt(tokens - 1) ** 2 == tokens - 1:
        return [("`grid` lays the tokens after the class token out as a map", f"slice 1 {tokens} axis=tokens ; grid")]
    return []


# Pools


def no_pool(span: Span, made_by: Span | None) -> Mistake:
    """`unpool` is given the value of something else."""
    labels = [Label(made_by, "this is not a `maxpool`")] if made_by is not None else []
    return mistake("not-a-pool", "`unpool` undoes a labeled `maxpool`", span, labels=labels)
