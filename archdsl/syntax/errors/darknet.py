"""Sections of Darknet's files, `[convolutional]` and its settings, with the steps that they are. Must not read other files.

A section is a line with a name in brackets and lines `key=value` after it. Darknet's `pad=1` is half a window on each side, its
`maxpool` adds rows only at the end, and its leaky slope is 0.1 (`parser.c`, `maxpool_layer.c` and `activations.h` of Darknet).
"""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.errors.context import Met, error
from archdsl.syntax.errors.forms import find_name

_SETTING = re.compile(r"[ \t]*([a-z]\w*)[ \t]*=[ \t]*([-\w.,: \t]*?)[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_ABOVE = re.compile(r"^[ \t]*\[([a-z]\w*)\][ \t]*\n((?:[ \t]*(?:[a-z]\w*[ \t]*=[^\n]*|#[^\n]*|)\n)*)\Z", re.MULTILINE)
_FAR = 4000
"""So far a section's line is looked for."""


def darknet_section(met: Met) -> Diagnostic | None:
    """The diagnostic for a section, the same at each of its settings, so that it is reported once."""
    if met.token.type != "EQUAL" or not re.fullmatch(r"[a-z]\w*\s*", met.before):
        return None
    text, start = met.source.text, met.line_start
    first = max(0, start - _FAR)
    above = _ABOVE.search(text[first:start])
    if above is None:
        return None
    name = above.group(1)
    begin = first + above.start() + above.group().index("[")
    end, settings = _settings(text, text.index("\n", begin) + 1)
    steps = _steps(name, settings)
    fixes = (Fix(f"write `{steps}`", (Edit(met.at(begin, end), steps),)),) if steps else ()
    place = met.at(begin, begin + len(name) + 2)
    notes = () if fixes else ("as in `conv 3x3 64 stride=2 ; bn ; leaky_relu 0.1`",)
    message = f"`[{name}]` is a section of a Darknet file; here a step is its operator with its arguments"
    return error("unexpected-token", message, place, notes=notes, fixes=fixes)


def _settings(text: str, start: int) -> tuple[int, dict[str, str]]:
    """The settings from a line on, up to a line that is none, and where the last of them ends."""
    found: dict[str, str] = {}
    end = at = start
    for line in text[start : start + _FAR].split("\n"):
        setting = _SETTING.fullmatch(line)
        if setting is not None:
            found[setting.group(1)] = setting.group(2)
            end = at + len(line)
        elif line.strip() and not line.lstrip().startswith("#"):
            break
        at += len(line) + 1
    return end, found


def _steps(name: str, given: dict[str, str]) -> str:
    """The steps of a section; nothing where it reads other sections or says more."""
    size, stride = given.get("size", "1"), given.get("stride", "1")
    if name in ("net", "network") and {"width", "height"} <= set(given):
        return f"input x[{given.get('channels', '3')}, {given['height']}, {given['width']}]"
    if name == "convolutional" and "filters" in given:
        return _activated(_convolution(size, stride, given), given)
    if name == "connected" and "output" in given:
        return _activated(f"linear {given['output']}", given)
    if name == "maxpool":
        size = given.get("size", stride)
        return f"maxpool {size}x{size}" + ("" if size == stride else f" stride={stride} pad=tf")
    if name == "dropout" and re.fullmatch(r"0?\.\d+", given.get("probability", "")):
        return f"dropout 0.{given['probability'].split('.')[1]}"
    return {"avgpool": "gap keep=true", "upsample": f"upsample {given.get('stride', '2')}", "softmax": "softmax"}.get(name, "")


def _convolution(size: str, stride: str, given: dict[str, str]) -> str:
    is_same = size == "1" or (given.get("pad", "0") == "1" and size.isdigit() and int(size) % 2 == 1)
    words = [f"conv {size}x{size} {given['filters']}"]
    words += [f"stride={stride}"] if stride != "1" else []
    words += [] if is_same else [f"pad={given.get('padding', '0')}"]
    words += [f"{key}={given[key]}" for key in ("groups", "dilation") if given.get(key, "1") != "1"]
    return " ".join(words) + (" bias=false ; bn" if given.get("batch_normalize") == "1" else "")


def _activated(step: str, given: dict[str, str]) -> str:
    kind = given.get("activation", "logistic")
    if kind == "linear":
        return step
    activation = {"leaky": "leaky_relu 0.1", "logistic": "sigmoid"}.get(kind) or find_name(kind)
    return f"{step} ; {activation}" if activation else ""
