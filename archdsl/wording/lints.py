"""Warnings about what is allowed but most likely not intended. Must not look for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from archdsl.diagnostics import Diagnostic, Edit, Fix, Label
from archdsl.diagnostics.mistake import warning
from archdsl.diagnostics.nearest import nearest
from archdsl.shapes import Dim, Shape
from archdsl.text import Span
from archdsl.wording.origins import head
from archdsl.wording.values import show

Bound = Literal["input", "value", "side value", "shared module"]
"""The kinds of things whose name nothing uses."""

# About names


def hides_operator(name: str, span: Span) -> Diagnostic:
    return warning("hides-operator", f"this definition hides the operator `{name}`", span)


def unused_label(label: str, span: Span) -> Diagnostic:
    notes = ["start a label that only names the module with `_`, or use it in an `expect`"]
    return warning("unused-label", f"nothing uses the label `{label}`", span, notes=notes)


def unused_name(what: Bound, name: str, span: Span) -> Diagnostic:
    return warning("unused-value", f"nothing uses the {what} `{name}`", span)


def hidden_index(span: Span, read: Span, hidden: Span) -> Diagnostic:
    """`index` is inside two loops that define it."""
    labels = [Label(read, "this one is read"), Label(hidden, "this one is hidden")]
    return warning("hidden-index", "`index` of the inner loop hides that of the outer one", span, labels=labels)


# About steps


def unused_result(step: Span) -> Diagnostic:
    return warning("unused-value", "nothing uses the result of this step", head(step))


def empty_stage(step: Span) -> Diagnostic:
    return warning("empty-stage", "this stage changes nothing", head(step))


def bias_before_norm(operator: str, span: Span, norm: str, norm_span: Span) -> Diagnostic:
    end = Span(span.source, span.end, span.end)
    return warning(
        "bias-before-norm",
        f"`{norm}` cancels the bias of this `{operator}`",
        span,
        labels=[Label(norm_span, "this subtracts the mean of each channel")],
        notes=["if the bias is intended, write `bias=true`"],
        fixes=[Fix("leave the bias out", (Edit(end, " bias=false"),))],
    )


def window_of_one(operator: str, span: Span) -> Diagnostic:
    return warning("window-of-one", f"`{operator}` with a window of 1 computes nothing", span)


_ENDS = {
    "height": ("row", "at the bottom"),
    "width": ("column", "at the right"),
    "frames": ("frame", "at the end"),
    "tokens": ("token", "at the end"),
}


def truncated(operator: str, axis: str, lost: int, window: tuple[Dim, Dim, Dim], span: Span) -> Diagnostic:
    """`lost` positions at the end of an axis are in no window; `window`: its kernel and stride, and the axis's size."""
    what, where = _ENDS[axis]
    kernel, stride, size = window
    return warning(
        "truncated-size",
        f"`{operator}` never sees {lost} {what}{'s' if lost > 1 else ''} {where} of its input",
        span,
        notes=[f"windows of {kernel} with stride {stride} do not cover a size of {size}"],
    )


def same_that_shrinks(operator: str, shapes: tuple[Shape, Shape], span: Span, pad: Span | None, touching: bool) -> Diagnostic:
    """`pad=same` with an even window; `pad`: where the word is written, if it is; `touching`: the call has its brackets."""
    before, after = (show(shape) for shape in shapes)
    if pad is not None:
        fixes = [Fix("`pad=tf` keeps the size", (Edit(pad, "tf"),))] if pad.text == "same" else []
    else:
        at = span.end - 1 if touching else span.end
        edit = Edit(Span(span.source, at, at), ", pad=tf" if touching else " pad=tf")
        fixes = [Fix("`pad=tf` keeps the size", (edit,))]
    return warning(
        "same-that-shrinks",
        f"`pad=same` pads both sides alike, so this `{operator}` makes {after} of {before}",
        span,
        notes=["if the smaller size is meant, write the padding as a number"],
        fixes=fixes,
    )


def channels_last(sizes: Sequence[object], span: Span) -> Diagnostic:
    """`span`: the three sizes, the channels last."""
    height, width, channels = sizes
    text = f"{channels}, {height}, {width}"
    return warning(
        "channels-last",
        f"this input has {height} channels, a height of {width} and a width of {channels}",
        span,
        notes=["the channels come first: `[C, H, W]`"],
        fixes=[Fix(f"write `[{text}]`", (Edit(span, text),))],
    )


def width_as_stride(operator: str, span: Span) -> Diagnostic:
    """After the window of a convolution come the channels of what comes in and a stride that is a width; `span`: both."""
    comes_in, goes_out = re.split(r"[\s,]+", span.text)
    return warning(
        "width-as-window",
        f"this `{operator}` makes {comes_in} channels with a stride of {goes_out}",
        span,
        notes=["if it is intended, write `stride=`"],
        fixes=[Fix(f"write `{goes_out}`, as the channels of what comes in are known", (Edit(span, goes_out),))],
    )


def width_as_window(operator: str, arguments: list[str], span: Span, touching: bool, is_last: bool) -> Diagnostic:
    """The window of a convolution is a width, of what comes in or of what goes out, whose window is then the `is_last` one.

    `span`: its arguments without names.
    """
    width, out, *more = arguments
    window = more[0] if more else None
    size, channels = (out, [width]) if is_last else (window, [out, *more[1:]])
    fixes = []
    if size is not None:
        text = (", " if touching else " ").join((f"{size}x{size}", *channels))
        call = f"`{operator}({text})`" if touching else f"`{operator} {text}`"
        why = f"which has filters of {size}x{size}" if is_last else "as the channels of what comes in are known"
        fixes = [Fix(f"write {call}, {why}", (Edit(span, text),))]
    stride = f" and a stride of {window}" if window is not None else ""
    return warning(
        "width-as-window",
        f"this `{operator}` has a window of {width}x{width}{stride}",
        span,
        notes=["the window comes first, then the channels that come out", "if it is intended, write `k=` and `stride=`"],
        fixes=fixes,
    )


# About comments that silence warnings


def allow_without_reason(name: Span) -> Diagnostic:
    notes = [f"write it after a colon: `# allow {name.text}: the page shows it`"]
    return warning("allow-without-reason", "this does not say why the warning is fine", name, notes=notes)


def unused_allow(name: Span, known: Sequence[str]) -> Diagnostic:
    if name.text in known:
        notes = ["the comment is about its own line, or, alone on a line, about the next one"]
        return warning("unused-allow", f"there is no warning `{name.text}` on that line to silence", name, notes=notes)
    guess = nearest(name.text, known)
    fixes = [Fix(f"did you mean `{guess}`?", (Edit(name, guess),))] if guess else []
    return warning("unused-allow", f"no warning is called `{name.text}`", name, fixes=fixes)
