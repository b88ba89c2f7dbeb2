"""Statements written as Python, YAML and shells write them, with the statement that is meant. Must not parse."""

from __future__ import annotations

import re
from bisect import bisect_left

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.errors.context import MOST_PLACES, Met, error, places_of_words
from archdsl.syntax.keywords import CONSTANTS, ROLES, kinds_of

_OPERANDS = kinds_of(CONSTANTS) | {"NUMBER", "SIZE", "NAME", "STRING", "REFERENCE", "IN", "LIST"}
_ALL_ROLES = ", ".join(f"`{role}`" for role in ROLES[:-1]) + f" and `{ROLES[-1]}`"
_NAMED_BY = {"def": "a definition", "shared": "a shared module", "aux": "an auxiliary head", "output": "an output"}
_EXAMPLES = {
    "aux": "`aux aux1 < gap ; linear 10 >`",
    "shared": "`shared tower < conv 3x3 256 ; relu >`",
    "output": "`output stage2`",
}


def other_forms(met: Met) -> Diagnostic | None:
    """The diagnostic for a statement in another language's form."""
    for form in _FORMS:
        found = form(met)
        if found is not None:
            return found
    return None


def _item(met: Met) -> Diagnostic | None:
    """`- conv 3x3 64`, an item of a YAML list."""
    found = re.match(r"[-*]\s+(?=[A-Za-z_])", met.behind)
    if met.token.type not in ("MINUS", "TIMES") or not met.is_at_start or not found:
        return None
    edit = Edit(met.at(met.token.start, met.token.start + found.end()), "")
    return error(
        "unexpected-token", f"a step does not start with `{met.token.value}`", met.span, fixes=(Fix("leave it out", (edit,)),)
    )


def _dotted(met: Met) -> Diagnostic | None:
    """`nn.Conv2d(3, 64, 3)`."""
    if met.token.type != "DOT" or not re.fullmatch(r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*", met.before):
        return None
    prefix = re.match(r"\.(?:[A-Za-z_]\w*\.)*(?=[A-Za-z_])", met.behind)
    if prefix is None:
        return None
    start = met.token.start - len(met.before)
    module = met.at(start, met.token.start + prefix.end())
    fix = Fix("leave the rest out", (Edit(module, ""),))
    return error("unexpected-token", f"a step is called by one name, without `{module.text}`", module, fixes=(fix,))


def _role_as_name(met: Met) -> Diagnostic | None:
    """`def block(c) < … >`."""
    if met.word not in _NAMED_BY or met.last is None or met.last.value != met.word or met.token.value not in ROLES:
        return None
    message = f"`{met.token.value}` is a role, so it cannot be the name of {_NAMED_BY[met.word]}"
    return error("unexpected-token", message, met.span, notes=(f"the roles are {_ALL_ROLES}",))


def _labeled_loop(met: Met) -> Diagnostic | None:
    """`l: for i in range(3) < … >`."""
    if met.last_type != "COLON" or met.token.type not in ("FOR", "IF") or not re.fullmatch(r"\w+\s*:\s*", met.before):
        return None
    label = met.before.split(":")[0].rstrip()
    end = met.token.start + len(met.behind.rstrip())
    edits = (Edit(met.at(met.token.start, met.token.start), "< "), Edit(met.at(end, end), " >"))
    fixes = (Fix(f"label a group with it: `{label}: < {met.token.value} … >`", edits, stands=True),)
    return error("unexpected-token", f"a `{met.token.value}` has no label of its own", met.span, fixes=fixes)


def _no_name(met: Met) -> Diagnostic | None:
    """`aux < gap ; linear 10 >`."""
    if met.token.type != "BEGIN" or met.word not in _EXAMPLES or met.last is None or met.last.value != met.word:
        return None
    message = f"`{met.word}` gives its body a name, and the name is missing"
    return error("unexpected-token", message, met.span, notes=(f"as in {_EXAMPLES[met.word]}",))


def _count(met: Met) -> Diagnostic | None:
    """`stage 2 < … >`."""
    if met.token.type != "NUMBER" or met.last is None or met.last.value not in ROLES or not met.token.value.isdigit():
        return None
    count = met.token.value
    fixes = [Fix(f"a repetition is written `x{count}`", (Edit(met.span, f"x{count}"),))] if count != "1" else []
    gap = met.at(met.last.end, met.token.end)
    fixes.append(Fix(f"the parts are numbered anyway: leave `{count}` out", (Edit(gap, ""),)))
    return error("unexpected-token", f"a number is not allowed after `{met.last.value}`", met.span, fixes=tuple(fixes))


def _role_in_capitals(met: Met) -> Diagnostic | None:
    """`Stage x2 < … >`."""
    last = met.last
    if (
        met.token.type not in ("REPEAT", "REPEAT_OPEN")
        or last is None
        or last.type != "NAME"
        or met.before.strip() != last.value
    ):
        return None
    if last.value.lower() not in ROLES:
        return None
    span = met.at(last.start, last.end)
    fix = Fix(f"write `{last.value.lower()}`", (Edit(span, last.value.lower()),))
    return error("unexpected-token", f"the role is `{last.value.lower()}`, in lower case", span, fixes=(fix,))


def _step_in_let(met: Met) -> Diagnostic | None:
    """`let y = conv 3x3 64`: a label, or a value beside the current one."""
    found = re.fullmatch(r"let\s+([A-Za-z_]\w*)\s*=\s*[A-Za-z_]\w*\s*", met.before)
    if not found or met.token.type not in ("NUMBER", "SIZE", "NAME", "BEGIN", "REFERENCE"):
        return None
    start = met.token.start - len(met.before)
    name = found.group(1)
    edit = Edit(met.at(start, start + met.before.index("=") + 1), f"{name}:")
    span = met.at(start, start + len("let"))
    fixes = [Fix(f"a label names the result of a step: `{name}: …`", (edit,))]
    whole = met.before + met.behind
    step = re.match(r"[^;|#\n]*", whole[len(met.before) - len(met.before.split("=", 1)[1].lstrip()) :])
    if step is not None and "<" not in step.group():
        text = step.group().rstrip()
        first = start + whole.index(text, met.before.index("="))
        beside = (Edit(met.at(first, first), "< "), Edit(met.at(first + len(text), first + len(text)), " >"))
        fixes.append(Fix("or, beside the current value, which stays as it is:", beside))
    return error("unexpected-token", "`let` needs `<` and `>` around steps", span, fixes=tuple(fixes))


def _two_lets(met: Met) -> Diagnostic | None:
    """`let a, b = [1, 2]`."""
    if met.token.type != "COMMA" or not re.fullmatch(r"let\s+\w+\s*", met.before):
        return None
    return error(
        "unexpected-token",
        "`let` defines one name",
        met.span,
        notes=("only `for` takes lists apart: `for a, b in pairs < … >`",),
    )


def _import(met: Met) -> Diagnostic | None:
    """`import resnet50`."""
    found = re.fullmatch(r"import\s+([\w.]+)", (met.before + met.behind).strip())
    if met.last_type != "IMPORT" or not found:
        return None
    start = met.token.start - len(met.before)
    name = found.group(1)
    edit = Edit(met.at(start, start + found.end()), f'from "{name}" import {name}')
    fixes = (Fix("name the file and what to import from it", (edit,)),) if name.isidentifier() else ()
    notes = () if fixes else ('as in `from "resnet50" import bottleneck`',)
    return error(
        "unexpected-token", "an import starts with `from`", met.at(start, start + len("import")), notes=notes, fixes=fixes
    )


def _as(met: Met) -> Diagnostic | None:
    if met.word != "from" or met.token.value != "as":
        return None
    fixes: tuple[Fix, ...] = ()
    named = re.match(r"as\s+([A-Za-z_]\w*)", met.behind)
    if named is not None and met.last is not None:
        ours, theirs, text = met.last.value, named.group(1), met.source.text
        edits = [Edit(met.at(met.last.end, met.token.start + named.end()), "")]
        places = places_of_words(text).get(theirs, ())
        first = bisect_left(places, met.token.start + named.end())
        uses = places[first : first + MOST_PLACES + 1]
        edits += [
            Edit(met.at(at, at + len(theirs)), ours)
            for at in uses
            if text[at - 1] not in '@."' and not text.startswith('"', at + len(theirs))
        ]
        fixes = (Fix(f"call it `{ours}`", tuple(edits)),) if len(uses) <= MOST_PLACES else ()
    return error("unexpected-token", "an import keeps the names of the file, so there is no `as`", met.span, fixes=fixes)


def _star(met: Met) -> Diagnostic | None:
    if met.word != "from" or met.token.type != "TIMES":
        return None
    return error("unexpected-token", "an import names each thing that it imports, so there is no `*`", met.span)


def _default_alone(met: Met) -> Diagnostic | None:
    """`default bias=false`."""
    found = re.fullmatch(r"default\s+(\w+)\s*", met.before)
    if met.token.type != "EQUAL" or not found:
        return None
    notes = (f"as in `default conv {found.group(1)}{met.behind.split()[0] if met.behind.split() else '='}`",)
    return error("unexpected-token", "`default` first names the operator that it changes", met.span, notes=notes)


def _colon(met: Met) -> Diagnostic | None:
    """`if (c == 1): relu`, `for i in range(3):`."""
    if met.token.type != "COLON" or "BEGIN" not in met.accepted or met.word not in ("if", "elif", "else", "for", "def"):
        return None
    rest = met.behind[1:].strip()
    edits = (Edit(met.at(met.token.start, met.token.start + len(met.behind.rstrip())), f" < {rest} >"),) if rest else ()
    begin = re.compile(r":\s*(?=<)").match(met.source.text, met.token.start)
    if begin is not None:
        edits = (Edit(met.at(begin.start(), begin.end()), " "),)
    notes = () if edits else ("a body may span several lines, up to its `>`",)
    return error("unexpected-token", "a body goes between `<` and `>`, not after `:`", met.span, notes=notes,
                 fixes=(Fix("write it like this", edits),) if edits else ())  # fmt: skip


def _pipe(met: Met) -> Diagnostic | None:
    """`conv 3x3 64 | relu` with no open body."""
    if met.token.type != "BAR" or any(sign == "<" for sign, _ in met.open) or not re.match(r"\|\s*[A-Za-z_]", met.behind):
        return None
    message = "`|` separates the branches of a join, and no body is open here"
    bars = [met.token.start + found.start() for found in re.finditer(r"\|", met.behind)]
    fix = Fix("steps are separated by `;`", tuple(Edit(met.at(at, at + 1), ";") for at in bars))
    return error("branch-outside-join", message, met.span, fixes=(fix,))


def _no_comma(met: Met) -> Diagnostic | None:
    """`unit(8 stride=2)`."""
    last, inside = met.last, bool(met.open) and met.open[-1][0] in "(["
    if last is None or not inside or "COMMA" not in met.accepted or last.end == met.token.start:
        return None
    if met.token.type not in _OPERANDS:
        return None
    fix = Fix("put a comma between them", (Edit(met.at(last.end, last.end), ","),))
    return error("unexpected-token", "a comma is missing before this", met.span, fixes=(fix,))


def _metric_on_the_right(met: Met) -> Diagnostic | None:
    """`expect 1792 == params`."""
    found = re.match(r"([\d._]+[KMGTB]*)\s*(==|!=|<=|>=|~=|<|>)\s*([A-Za-z_][\w.]*)\s*$", met.behind)
    if met.last_type != "EXPECT" or met.token.type != "NUMBER" or not found:
        return None
    number, relation, metric = found.groups()
    turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(relation, relation)
    edit = Edit(met.at(met.token.start, met.token.start + len(found.group().rstrip())), f"{metric} {turned} {number}")
    return error("unexpected-token", "the metric goes on the left", met.span, fixes=(Fix("swap the sides", (edit,)),))


def _size_in_parentheses(met: Met) -> Diagnostic | None:
    """`conv(64, (3, 3))`, `pad=(1, 1)`."""
    if met.token.type != "COMMA" or not met.open or met.open[-1][0] != "(":
        return None
    start = met.open[-1][1]
    found = re.match(r"\(\s*(\d+)\s*,\s*(\d+)\s*\)", met.source.text[start : start + 100])
    before = met.source.text[max(0, start - 1) : start]
    if not found or before.isalnum() or before == "_" or (before == " " and not _has_more(met, start, start + found.end())):
        return None
    height, width = found.groups()
    text = f"[{height}, {width}]" if before == "=" else f"{height}x{width}"
    span = met.at(start, start + found.end())
    return error("gap-before-bracket", "parentheses hold one value", span, fixes=(Fix(f"write `{text}`", (Edit(span, text),)),))


def _has_more(met: Met, start: int, end: int) -> bool:
    """Whether the call has arguments other than the ones in these parentheses."""
    behind = re.compile(r"[^\S\n]*[\w\[(@]").match(met.source.text, end)
    return (len(met.open) > 1 and met.open[-2][0] != "<") or behind is not None


_FORMS = (
    _size_in_parentheses,
    _item,
    _dotted,
    _role_as_name,
    _labeled_loop,
    _no_name,
    _count,
    _role_in_capitals,
    _step_in_let,
    _two_lets,
    _import,
    _as,
    _star,
    _default_alone,
    _colon,
    _pipe,
    _no_comma,
    _metric_on_the_right,
)
