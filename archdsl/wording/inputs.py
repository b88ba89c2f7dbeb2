"""Messages about `input` lines and the shapes that are given for them. Must not evaluate."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from archdsl.diagnostics import Edit, Fix, Label
from archdsl.diagnostics.mistake import Mistake, mistake
from archdsl.diagnostics.nearest import nearest
from archdsl.ops.arguments import Size
from archdsl.shapes import Formula, Shape
from archdsl.text import Span
from archdsl.wording.phrases import first_here, meant, quoted_names, whole
from archdsl.wording.values import quoted, show

_EXAMPLE = "for example `input image[3, 224, 224]`"

# The line


def step_without_input(span: Span, comes_later: bool) -> Mistake:
    notes = ["the `input` line comes later" if comes_later else _EXAMPLE]
    return mistake("no-input", "a step needs an `input` line before it", span, notes=notes)


def arch_without_input(arch: str, span: Span) -> Mistake:
    return mistake("no-input", f"the arch `{arch}` has no `input` line", span, notes=[_EXAMPLE])


def input_after_step(span: Span) -> Mistake:
    return mistake("input-after-step", "`input` lines come before the first step", span)


def input_twice(name: str, span: Span, first: Span | None) -> Mistake:
    return mistake("duplicate-label", f"the input `{name}` is declared twice", span, labels=first_here(first))


def second_input_of_called_arch(span: Span) -> Mistake:
    return mistake("too-many-inputs", "an arch that is called like a definition has one input", span)


# Its shape


def bad_dimension(value: object, most: int, span: Span) -> Mistake:
    if isinstance(value, Size):
        fixes = [Fix("the numbers of a shape have commas between", (Edit(span, ", ".join(map(str, value))),))]
        return mistake("bad-input-shape", f"a dimension is a positive integer, not {quoted(value)}", span, fixes=fixes)
    limit = f" up to {most:,}" if isinstance(value, int) and value > most else ""
    message = f"a dimension is a positive integer{limit}, not {quoted(value)}"
    return mistake("bad-input-shape", message, span, fixes=[whole(span)] if isinstance(value, (Fraction, float)) else [])


def bad_indices(number: int, span: Span) -> Mistake:
    message = f"indices are a row, `[T]`, or a map, `[H, W]`, not {number} axes"
    return mistake("bad-input-shape", message, span, notes=["they have no channels: `embedding` gives them some"])


def free_number_of_indices(number: object, span: Span) -> Mistake:
    message = f"how many indices there are is a number, not {quoted(number)}"
    return mistake("bad-input-shape", message, span, notes=["a table has a row for each of them"])


def bad_number_of_axes(number: int, span: Span) -> Mistake:
    notes = ["a shape has no batch axis: `[C, T, H, W]`, `[C, H, W]`, `[T, D]` or `[D]`"]
    batch = re.search(r"\[\s*([-\w]+\s*,\s*)", span.text)
    fixes = []
    if number == 5 and batch is not None:
        first = Span(span.source, span.start + batch.start(1), span.start + batch.end(1))
        fixes = [Fix("leave the batch out", (Edit(first, ""),))]
    return mistake("bad-input-shape", f"an input has 1 to 4 axes, not {number}", span, notes=notes, fixes=fixes)


# What is given for it


def unknown_input(arch: str, name: str, known: Sequence[str], span: Span) -> Mistake:
    """From outside."""
    return mistake(
        "unknown-input",
        f"the arch `{arch}` has no input `{name}`",
        span,
        notes=[f"its inputs: {quoted_names(known)}"],
        fixes=meant(nearest(name, known), None),
    )


def other_number_of_axes(name: str, shape: Shape, given: Shape, span: Span) -> Mistake:
    """From outside."""
    return mistake("bad-input-shape", f"the input `{name}` has {len(shape)} axes, but {show(given)} was given", span)


def does_not_fit_symbols(name: str, dim: Formula, size: object, solved: Mapping[str, object], span: Span) -> Mistake:
    """From outside."""
    known = "".join(f", where `{symbol}` is {value}" for symbol, value in solved.items() if symbol in dim.symbols)
    message = f"the input `{name}` has an axis of `{dim}`{known}, but {size} was given"
    notes = [] if known else [f"{quoted_names(sorted(dim.symbols))}: a positive integer"]
    return mistake("bad-input-shape", message, span, notes=notes)


def does_not_fit_called_arch(arch: str, shape: Shape, given: Shape, call: Span, line: Span) -> Mistake:
    """The current value has other axes than the input of an arch that is called like a definition."""
    return mistake(
        "shape-mismatch",
        f"the arch `{arch}` takes {show(shape)}, but this is {show(given)}",
        call,
        labels=[Label(line, "its input")] if call != line else [],
    )
