"""How other languages, YAML and papers write steps, repetitions, roles, groups and joins. Must not parse."""

from __future__ import annotations

import re

from archdsl.ops.registry import OPERATORS, called_elsewhere, find
from archdsl.syntax.errors.foreign_names import advice, is_setting
from archdsl.syntax.errors.forms import Match, apart, find_name, form, nothing
from archdsl.syntax.errors.python_tables import VALUES
from archdsl.syntax.errors.step_phrases import steps
from archdsl.syntax.keywords import RESERVED, ROLES, STATEMENTS

_ROLES = "|".join(ROLES)
_STARTS = "|".join(STATEMENTS)
_RESIDUALS = "res|skip|shortcut|resblock|res_block|residual_block|skip_connection|residual_connection"
_JOINS = "|".join(("residual", "parallel", *(name for name, operator in OPERATORS.items() if operator.joins)))
_TAKEN = "|".join((_ROLES, _JOINS, _RESIDUALS, _STARTS, *RESERVED))


def _times(count: str, rest: str) -> str:
    return f"x{count} {rest}" if count.isdigit() else f"x({count}) {rest}"


def _repeated(found: Match) -> str | None:
    """`3 x conv 3x3 64`; `2 * x` computes."""
    return None if found.group(2) in VALUES else _times(found.group(1), found.group(2))


def _repeated_after(found: Match) -> str | None:
    step, count = [part for part in found.groups() if part is not None]
    operator = find(step.split()[0])
    is_factor = operator is not None and operator.positional[:1] in (("scale",), ("factor",))
    if is_factor or step in ROLES or step.count("<") != step.count(">"):
        return None  # stage x3 <, upsample x2
    role, blank, rest = step.partition(" ")
    return f"{role} x{count} {rest}" if blank and role in ROLES else f"x{count} {step}"


def _branches(found: Match) -> str | None:
    """`add(conv 3x3 64, relu)`: the parts at the commas outside of brackets are branches."""
    join, inside = found.group(1), found.group(2)
    if re.match(r"\s*[@\d]", inside) or "=" in inside.split(",")[0] or "<" in inside or not re.match(r"\s*[A-Za-z_]", inside):
        return None
    parts = apart(inside)
    if len(parts) == 1 and not re.match(r"\s*[A-Za-z_]\w*(?:\s|\(|$)", inside):
        return None
    return f"{join} < {' | '.join(parts)} >"


def _group(found: Match) -> str | None:
    """`stage (conv 3x3 64, relu)`, `[conv 3x3 64] x 3`."""
    head, square, round_, curly, is_repeated, count = found.groups()
    parts = apart((square or round_ or curly).replace(";", ","))
    words = [re.match(r"[A-Za-z_]\w*", part) for part in parts]
    if not parts or not all(word is not None and find_name(word.group()) for word in words):
        return None
    body = f"{head}< {' ; '.join(parts)} >"
    return f"x{count} {body}" if is_repeated else body


def _steps(found: Match) -> str | None:
    """`conv 3x3 64, bn, relu`: what stands after each comma is a step."""
    parts = apart(found.group())
    if re.match(rf"(?:{_STARTS}|for|if|elif)\b", found.group()):
        return None
    if len(parts) < 2 or not all(re.match(r"[A-Za-z_]\w*(?:\s|\(|$)", part) for part in parts):
        return parts[0] if len(parts) == 1 and found.group().endswith(",") else None
    return " ; ".join(parts)


def _phrase(found: Match) -> str | None:
    meant = steps(found.group().rstrip())
    return meant if meant != found.group() else None


def _inside_out(found: Match) -> str | None:
    """`relu(conv(3x3, 64))`: the inner one comes first."""
    outer, inner = find_name(found.group(1)), found.group(2)
    if outer is None or find_name(re.split(r"\W", inner)[0]) is None:
        return None
    deeper = re.fullmatch(r"([A-Za-z_]\w*)\(([A-Za-z_]\w*\(.*\))\)", inner)
    before = _inside_out(deeper) if deeper is not None else inner.removesuffix("()")
    return None if before is None else f"{before} ; {outer}"


def _labeled(found: Match) -> str | None:
    """`conv 3x3 64 -> y`; an operator would be the next step."""
    return None if find_name(found.group(2)) else f"{found.group(2)}: {found.group(1)}"


def _named(found: Match) -> str | None:
    """`conv: 3x3 64`: an operator takes no colon; `depth: 3` is no layer."""
    word, rest = found.group(1), found.group(2)
    if find(word) is not None or called_elsewhere(word):
        return steps(f"{word} {rest}") or f"{word} {rest}"
    if is_setting(word) or re.match(r"kernel|stride|pad|filter|channel|unit|pool|bias|dilation|group|activation", word):
        return ""
    is_value = re.fullmatch(r"[\d.]+|\[[\d., ]*\]|true|false", rest)
    return f"let {word} = {rest}" if is_value else None


def _item(found: Match) -> str | None:
    word, rest = found.group(1), found.group(2)
    if word in ("type", "name", "module", "layer", "op"):
        return find_name(rest)
    name = find_name(word)
    return f"{name} {rest}" if name else None


def _record(found: Match) -> str | None:
    """`conv: {kernel: 3, filters: 64}`, `layer { type: "Convolution" num_output: 64 }`."""
    settings = re.findall(r"(\w+)\s*[:=]\s*[\"']?([-\w.]+)[\"']?", found.group(2))
    kinds = [value for key, value in settings if key in ("type", "name", "module", "layer", "op", "class_name")]
    word = next((name for name in [found.group(1) or "", *kinds] if find_name(name)), None)
    if word is None or not settings:
        return None
    return steps(" ".join([word, *(f"{key}={value}" for key, value in settings if value not in kinds)]))


def _operands(found: Match) -> str | None:
    """`a + b`."""
    left, sign, right = found.groups()
    return None if find_name(left) or find_name(right) else f"{'add' if sign == '+' else 'mul'} < @{left} | @{right} >"


def _called_operands(found: Match) -> str | None:
    """`concat(x, skip)`, `add(a, b)`."""
    names = [name.strip() for name in found.group(2).split(",")]
    if any(find_name(name) for name in names):
        return None
    if names[0] in VALUES:
        return " ".join([found.group(1), *(f"@{name}" for name in names[1:])])
    return f"{found.group(1)} < {' | '.join(f'@{name}' for name in names)} >"


def _own_group(found: Match) -> str | None:
    """`encoder < … >`; of `prenorm < … >` something else is known."""
    return None if advice(found.group(1)) else f"{found.group(1)}: {found.group(2)}"


def _references(found: Match) -> str | None:
    names = re.split(r"[\s,]+", found.group(2).strip())
    return " ".join([found.group(1), *(f"@{name}" for name in names)]) if all(map(str.isidentifier, names)) else None


def _activation(found: Match) -> str | None:
    return find_name(found.group(1).lower()) or find_name(found.group(1))


_BODY = "a body is written between `<` and `>`"
_REPEATS = "a repetition is written `x3`, or `x(n)` where it is computed"
_BRANCHES = "branches are written between `<` and `>`, with `|` between them"
_GROUP = "a group of steps is written between `<` and `>`"
_SECTIONS = "net|network|convolutional|connected|maxpool|avgpool|upsample|route|shortcut|yolo|region|dropout|softmax"
_LABELED = "values are joined by their labels"
_COLON = "a colon makes a label, and a label comes before a step"
_BETWEEN = "steps are separated by `;` or a new line"
_IN_STEP = "a setting is written in its step: `conv 3x3 64 stride=2`"
_TWICE = r"(?:\s*([x*×])\s*(\d+))?"
REPETITIONS = (
    form(r"(?:repeat|loop|times|rep)\s*\(?\s*(\w+)\s*\)?\s*:?\s*((?:[<({\[]|[A-Za-z_]).*)", _REPEATS, _repeated),
    form(r"for\s+(\d+)\s*(<.*)", _REPEATS, _repeated),
    form(r"(\d+)\s*[x*×]\s*((?:[<(\[{]|[A-Za-z_]).*)", _REPEATS, _repeated),
    form(rf"({_ROLES})\s*[*×\[]\s*(\d+)\s*\]?\s*(<.*)", _REPEATS, r"\1 x\2 \3"),
    form(r"(.+[^\s\dx×*])\s+[x×]\s*(\d+)$|(.+\S)\s+[x×]\s+(\d+)$", _REPEATS, _repeated_after),
    form(r"x\s+(\d+)\s+((?:<|[A-Za-z_]).*)", _REPEATS, _repeated),
    form(rf"({_ROLES})\s*\(\s*x?(\w+)\s*\)\s*(<.*)", _REPEATS, lambda m: f"{m[1]} {_times(m[2], m[3])}"),
    form(rf"({_ROLES})\s+(\d+)\s*x\s*(<.*)", _REPEATS, r"\1 x\2 \3"),
    form(rf"({_ROLES})\d+\s+(x\d+|x\([^()]*\))\s*(<.*)", "a role is one word: its parts are numbered anyway", r"\1 \2 \3"),
    form(rf"({_ROLES})\d+\s*(<.*)", "a role is one word: its parts are numbered anyway", r"\1 \2"),
    form(rf"((?:{_ROLES})(?:\s+x\d+)?)\s*[:=]\s*([A-Za-z_].*)", _BODY, r"\1 < \2 >"),
)
"""How often, and as which part."""
STEPS = (
    # Bodies, joins and groups
    form(r"((?:el)?if\s*\([^<>]*\))\s*([A-Za-z_@][^<>]*)", _BODY, r"\1 < \2 >"),
    form(r"(.*?)\bbegin\s+([^<>]*?)\s*end$", _BODY, r"\1< \2 >"),
    form(r"(\w+\s*<[^<>]*?)\s*</\w*>", "a body ends with `>`", r"\1 >"),
    form(rf"<({_ROLES})>\s*([^<>]*?)\s*</\w*>", _BODY, r"\1 < \2 >"),
    form(r"(concat|add|mul)\s+\[([\w, ]+)\]$", _LABELED, _references),
    form(r"(concat|add|mul)\s+([A-Za-z_][\w ,]*?)\s+(?:dim|axis)\s*=\s*-?[13]$", _LABELED, _references),
    form(r"([A-Za-z_]\w*)\s*([+*])\s*([A-Za-z_]\w*)$", _LABELED, _operands),
    form(r"(concat|add|mul)\s*\(\s*([A-Za-z_]\w*\s*(?:,\s*[A-Za-z_]\w*\s*)+)\)$", _LABELED, _called_operands),
    form(rf"({_JOINS})\s*\{{([^{{}}]*\|[^{{}}]*)\}}", _BRANCHES, r"\1 <\2>"),
    form(rf"({_JOINS})\s*<\s*([^<>|]*,[^<>|]*)>", _BRANCHES, _branches),
    form(rf"({_JOINS})\s*\((.*)\)", _BRANCHES, _branches),
    form(rf"({_JOINS})\s*\[(.*)\]", _BRANCHES, _branches),
    form(rf"({_JOINS})\s*:\s*([A-Za-z_][^<>]*)", _BRANCHES, r"\1 < \2 >"),
    form(r"(residual)\s+(?!for\b|when\b)([A-Za-z_][^<>|]*)", _BRANCHES, r"\1 < \2 >"),
    form(rf"(?:{_RESIDUALS})\s*(<.*)", _BRANCHES, r"residual \1"),
    form(
        rf"((?:(?:{_ROLES})\s+)?(?:x\d+\s+)?)(?:\[\s*([A-Za-z_].*)\]|\(\s*([A-Za-z_].*)\)|\{{\s*([A-Za-z_].*)\}}){_TWICE}$",
        _GROUP,
        _group,
    ),
    form(rf"(?!(?:{_TAKEN})\b|x\d+\b)([A-Za-z_]\w*)\s+(<.*)", "a group gets its name by a label", _own_group),
    # Layers as data
    form(
        rf"\[(?:{_SECTIONS})\]$",
        "a step is its operator with its arguments",
        nothing,
        "a section of a Darknet file is a step: `conv 3x3 32 ; bn ; leaky_relu 0.1`, `maxpool 2x2`",
    ),
    form(r"[Aa]ctivation\s*[:=(]?\s*[\"']?([A-Za-z_]\w*)[\"']?\)?$", "an activation is a step of its own", _activation),
    form(r"(?:type|layer|op|module)\s*[:=]\s*[\"']?([A-Za-z_]\w*)[\"']?$", "a step starts with its operator", _activation),
    form(
        r"-?\s*(?:([A-Za-z_]\w*)\s*:?\s*)?\{(.*)\}$",
        "a step is its operator with its arguments",
        _record,
        "as in `conv 3x3 64 stride=2`",
    ),
    form(
        r"-?\s*\[\s*(?:-?\d+|\[[-\d, ]*\])\s*,\s*\d+\s*,\s*[A-Za-z_][\w.]*\s*,.*\]$",
        "a step is its operator with its arguments",
        nothing,
        "`[-1, 1, Conv, [64, 3, 2]]` is `conv 3x3 64 stride=2 bias=false ; bn ; silu`; `nn.Upsample` is `upsample 2`, and "
        "`Concat` is `concat @label`",
    ),
    form(r"-\s+([A-Za-z_]\w*)\s*:\s+(.+)", "a step starts without `-`, and an operator takes no colon", _item),
    form(r"([A-Za-z_]\w*)\s*:\s+([\d\[tf\"].*)", _COLON, _named, f"a number gets a name by `let depth = 3`; {_IN_STEP}"),
    form(
        r"([A-Za-z_]\w*)\s*:$",
        _COLON,
        nothing,
        "a part of a network is written `stage < … >`, or with a name of its own `encoder: < … >`",
    ),
    form(
        r"(?!(?:def|class|if|elif|else|for|while|with|arch|try|function)\b).*[\w)]\s*:$",
        "a step ends where its line ends",
        nothing,
        "each step follows the one before it, one a line",
    ),
    # Words and signs between steps
    form(r"(?:view|reshape)\s*\(?\s*(?:\w+\s*,\s*)?-1\s*\)?$", "a vector of all numbers is made by `flatten`", "flatten"),
    form(
        r"([A-Za-z_]\w*)\s+@\s+[A-Za-z_]\w*",
        "a product of matrices is a step",
        lambda m: None if find_name(m[1]) else "",
        "`matmul @k transpose=true` multiplies the current value by the one labeled `k`",
    ),
    form(
        r"([A-Za-z_]\w*)(?:\[(\d+x\d+.*)\]|\{(\d+x\d+.*)\}|<(\d+x\d+.*)>)$",
        "arguments are written bare or in parentheses",
        lambda m: f"{m[1]}({m[2] or m[3] or m[4]})" if find_name(m[1]) else None,
    ),
    form(r"(.*\))\(\)$", "a step is called once", r"\1"),
    form(r"return\s+(.+)", "the value at the end of a body is its result, so nothing returns it", r"\1"),
    form(r"([A-Za-z_]\w*)\s+\((\d+)\s*,\s*(\d+)\)\s*,\s*(.*)", "a size is written `3x3`", r"\1 \2x\3 \4"),
    form(r"([A-Za-z_]\w*)\(([A-Za-z_]\w*\(.*\))\)$", _BETWEEN, _inside_out),
    form(
        r"let\s+([A-Za-z_]\w*)\s*=\s*([A-Za-z_]\w*)\(([A-Za-z_]\w*)\)$",
        "a label names the result of a step",
        lambda m: f"{m[1]}: {m[2]}" if find_name(m[2]) and m[3] in VALUES else None,
    ),
    form(r"(?:cat|concat)\s+@?cls\w*$", "a learned token is put in front by a step", "class_token"),
    form(r"(.+?)\s*->\s*([A-Za-z_]\w*)$", "a label comes before its step, with a colon", _labeled),
    form(r"@([A-Za-z_]\w*)\s*:\s*(.*)", "a label is written without `@`", r"\1: \2"),
    form(r"\d+\s*[x×]\s*\d+\s+[A-Za-z_][^<>;|]*", "a step starts with its operator", _phrase),
    form(r".*\S\s*(?:\|>|&&?|>>|=>|->|→|\+|\s-)\s*[A-Za-z_][^<;]*", _BETWEEN, _phrase),
    form(r"[A-Za-z_].*,.*", "`,` separates nothing here", _steps, f"{_BETWEEN}, bare arguments by blanks"),
)
"""Steps in other forms; the last ones are the most general."""
