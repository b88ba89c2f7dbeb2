"""Statements in forms that are right elsewhere, with the form that is right here: a table of patterns. Must not parse.

A pattern sees the statement from its first sign to the end of its line, without a comment. What it proposes is tried before it
is offered, so a pattern may propose what only most likely is meant; its message has to be true in any case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.ops.registry import called_elsewhere, find
from archdsl.records import NamedTuple
from archdsl.syntax.errors.context import Met, error
from archdsl.syntax.keywords import ROLES, STATEMENTS
from archdsl.text import Span

_ROLES = "|".join(ROLES)
_JOINS = "residual|add|mul|concat|parallel"
Match = re.Match[str]


class Rewrite(NamedTuple):
    """A form, what is said of it, and the text that is meant (None: this text is no such form); a note where no fix helps."""

    pattern: re.Pattern[str]
    message: str
    meant: Callable[[Match], str | None]
    note: str = ""


def statement_at(span: Span) -> Span:
    """From the start of the span to the end of its line, without a comment and the blanks before it."""
    text = span.source.text
    end = text.find("\n", span.start)
    line = text[span.start : end if end >= 0 else len(text)]
    code = re.match(r'(?:"[^"\n]*"|[^"#\n])*', line)
    return Span(span.source, span.start, span.start + len((code.group() if code else line).rstrip()))


def rewrites(statement: Span) -> Iterator[tuple[Rewrite, Fix | None]]:
    """The forms that the statement has, each with its fix."""
    for rewrite in _REWRITES:
        found = rewrite.pattern.match(statement.text)
        if found is None:
            continue
        text = rewrite.meant(found)
        if text is None:
            continue
        place = Span(statement.source, statement.start, statement.start + found.end())
        fix = Fix(f"write `{text}`", (Edit(place, text),)) if text and text != place.text else None
        if fix is not None or rewrite.note:
            yield rewrite, fix


def rewritten(met: Met) -> Diagnostic | None:
    """The diagnostic for a statement in such a form, with the fixes of all the forms that it has."""
    anchor = met.last.end if met.is_end and met.last is not None else met.token.start
    text = met.source.text
    line = text.rfind("\n", 0, anchor) + 1
    start = anchor - len(re.split(r"[;|]", text[line:anchor])[-1].lstrip())
    statement = statement_at(met.at(start, start))
    found = list(rewrites(statement))
    if not found:
        return None
    first, _ = found[0]
    fixes = tuple(fix for _, fix in found if fix is not None)
    return error("unexpected-token", first.message, met.span, notes=(first.note,) if first.note else (), fixes=fixes)


def form_fixes(call: Span, name: str) -> list[Fix]:
    """Fixes for a call of something unknown whose statement, from this name on, has such a form; the name alone has one too."""
    fixes = [fix for _, fix in rewrites(statement_at(call)) if fix is not None]
    return [*fixes, *_with_size(call, name)]


def form_notes(call: Span) -> list[str]:
    """What is said of the form of such a statement where no fix says it."""
    return [rewrite.note for rewrite, fix in rewrites(statement_at(call)) if fix is None]


def _with_size(call: Span, name: str) -> list[Fix]:
    """`conv3x3 64`, `conv3 64`, `relu_6`."""
    found = re.fullmatch(r"([A-Za-z_]+?)_?(\d+)(?:x(\d+))?", name)
    word = found.group(1) if found else ""
    operator = find(word) or find(called_elsewhere(word) or "")
    if found is None or operator is None or "k" not in operator.positional:
        return []
    height, width = found.group(2), found.group(3) or found.group(2)
    text = f"{operator.name} {height}x{width}"
    return [Fix(f"the window is written apart: `{text}`", (Edit(Span(call.source, call.start, call.start + len(name)), text),))]


def _times(count: str, rest: str) -> str:
    return f"x{count} {rest}" if count.isdigit() else f"x({count}) {rest}"


def _branches(found: Match) -> str | None:
    """`add(conv 3x3 64, relu)`: the parts at the commas outside of brackets are branches."""
    join, inside = found.group(1), found.group(2)
    if re.match(r"\s*[@\d]", inside) or "=" in inside.split(",")[0] or "<" in inside or not re.match(r"\s*[A-Za-z_]", inside):
        return None
    parts = _apart(inside)
    if len(parts) == 1 and not re.match(r"\s*[A-Za-z_]\w*(?:\s|\(|$)", inside):
        return None
    return f"{join} < {' | '.join(parts)} >"


def _group(found: Match) -> str | None:
    parts = _apart(found.group(1).replace(";", ","))
    words = [re.match(r"[A-Za-z_]\w*", part) for part in parts]
    is_group = parts and all(word is not None and find_name(word.group()) for word in words)
    return f"< {' ; '.join(parts)} >" if is_group else None


def _apart(text: str) -> list[str]:
    """The parts between commas that stand outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _steps(found: Match) -> str | None:
    """`conv 3x3 64, bn, relu`: what stands after each comma is a step."""
    parts = _apart(found.group())
    if re.match(rf"(?:{'|'.join(STATEMENTS)}|for|if|elif)\b", found.group()):
        return None
    if len(parts) < 2 or not all(re.match(r"[A-Za-z_]\w*(?:\s|\(|$)", part) for part in parts):
        return parts[0] if len(parts) == 1 and found.group().endswith(",") else None
    return " ; ".join(parts)


def _definition(found: Match) -> str:
    names = re.findall(r"\w+(?:\s*=\s*[\w.]+)?", found.group(2))
    return f"def {found.group(1)}({', '.join(names)}) <"


def _shape(found: Match) -> str:
    name = found.group("name") or "x"
    dims = [dim for dim in re.split(r"[\s,x]+", found.group("dims").strip()) if dim]
    return f"input {name}[{', '.join(dims)}]"


def _named(found: Match) -> str | None:
    """`conv: 3x3 64`: an operator takes no colon; `depth: 3` is no layer."""
    word, rest = found.group(1), found.group(2)
    if find(word) is not None or called_elsewhere(word):
        return f"{word} {rest}"
    if re.match(r"kernel|stride|pad|filter|channel|unit|pool|bias|dilation|group|activation", word):
        return ""
    is_value = re.fullmatch(r"[\d.]+|\[[\d., ]*\]|true|false", rest)
    return f"let {word} = {rest}" if is_value else None


def _item(found: Match) -> str | None:
    word, rest = found.group(1), found.group(2)
    if word in ("type", "name", "module", "layer", "op"):
        return find_name(rest)
    name = find_name(word)
    return f"{name} {rest}" if name else None


def find_name(word: str) -> str | None:
    """What an operator is called here that is called so here or elsewhere."""
    operator = find(word.strip()) or find(called_elsewhere(word.strip()) or "")
    return operator.name if operator is not None else None


def _nothing(found: Match) -> str:
    return ""


def _form(pattern: str, message: str, meant: Callable[[Match], str | None] | str, note: str = "") -> Rewrite:
    if isinstance(meant, str):
        template = meant
        return Rewrite(re.compile(pattern), message, lambda found: found.expand(template), note)
    return Rewrite(re.compile(pattern), message, meant, note)


def _chain(found: Match) -> str | None:
    """`conv 3x3 64 >> relu`, `conv 3x3 64 + bn`: every part is a step."""
    parts = re.split(r"\s*(?:>>|=>|->|\+)\s*", found.group())
    words = [re.match(r"[A-Za-z_]\w*", part) for part in parts]
    is_chain = len(parts) > 1 and all(
        word is not None and (find(word.group()) or called_elsewhere(word.group())) for word in words
    )
    return " ; ".join(parts) if is_chain else None


def _activation(found: Match) -> str | None:
    operator = find(found.group(1).lower()) or find(called_elsewhere(found.group(1)) or "")
    return operator.name if operator is not None else None


def _parameters(found: Match) -> str | None:
    """`block unit(c) < … >`: a role before what nothing defines."""
    name, parameters, body = found.groups()
    return f"def {name}({parameters}) {body}" if find(name) is None else None


def _repeated(found: Match) -> str:
    return _times(found.group(1), found.group(2))


_BODY = "a body is written between `<` and `>`"
_REPEATS = "a repetition is written `x3`, or `x(n)` where it is computed"
_BRANCHES = "branches are written between `<` and `>`, with `|` between them"
_INPUT = "an input has a name and a shape in brackets"
_GROUP = "a group of steps is written between `<` and `>`"
_STARTS = "|".join(STATEMENTS)
_COLON = "a colon makes a label, and a label comes before a step"
_REWRITES = (
    # Repetitions and roles
    _form(r"(?:repeat|loop|times|rep)\s*\(?\s*(\w+)\s*\)?\s*:?\s*((?:<|[A-Za-z_]).*)", _REPEATS, _repeated),
    _form(r"(\d+)\s*[x*×]\s*((?:<|[A-Za-z_]).*)", _REPEATS, _repeated),
    _form(r"x\s+(\d+)\s+((?:<|[A-Za-z_]).*)", _REPEATS, _repeated),
    _form(rf"({_ROLES})\s*\(\s*x?(\w+)\s*\)\s*(<.*)", _REPEATS, lambda m: f"{m[1]} {_times(m[2], m[3])}"),
    _form(rf"({_ROLES})\d+\s+(x\d+|x\([^()]*\))\s*(<.*)", "a role is one word: its parts are numbered anyway", r"\1 \2 \3"),
    _form(rf"((?:{_ROLES})(?:\s+x\d+)?)\s*:\s*([A-Za-z_].*)", _BODY, r"\1 < \2 >"),
    # Names and definitions
    _form(
        r"(?:const|var|int|float|double|auto|set|val|final)\s+(?:int\s+|float\s+)?([A-Za-z_]\w*)\s*:?=\s*(.+)",
        "a name for what is computed is bound by `let`",
        r"let \1 = \2",
    ),
    _form(r"(?:define|function|func|fn|fun|defn|macro)\s+([A-Za-z_]\w*\s*\(.*)", "a definition starts with `def`", r"def \1"),
    _form(rf"(?:{_ROLES})\s+([A-Za-z_]\w*)\(([\w=, ]*)\)\s*(<.*)", "a definition starts with `def`", _parameters),
    _form(
        r"def\s+([A-Za-z_]\w*)\s*(\([^()]*\))?\s*=\s*(<.*)",
        "a definition has no `=`",
        lambda m: f"def {m[1]}{m[2] or '()'} {m[3]}",
    ),
    _form(r"def\s+([A-Za-z_]\w*)\s+([A-Za-z_][\w, =.]*?)\s*<", "parameters are written in parentheses", _definition),
    _form(
        rf"(?!(?:{_STARTS}|for)\b)([A-Za-z_].*?)\s+as\s+([A-Za-z_]\w*)",
        "a label comes before its step, with a colon",
        r"\2: \1",
    ),
    # Loops and conditions
    _form(r"foreach\s+(.*)", "a loop starts with `for`", r"for \1"),
    _form(r"for\s*\(\s*([\w, ]+?)\s+in\s+(.+)\)\s*(<.*)", "a loop has no parentheses", r"for \1 in \2 \3"),
    _form(r"((?:el)?if\s*\(.*\))\s*then\b\s*(.*)", "a condition is followed by its body", r"\1 \2"),
    _form(r"(.*>\s*)else\s+if\b(.*)", "it is written `elif`", r"\1elif\2"),
    _form(r"((?:el)?if\s*\([^<>]*\))\s*([A-Za-z_@][^<>]*)", _BODY, r"\1 < \2 >"),
    _form(r"((?:el)?if\s*\([^()]*?)\s+is\s+(?!not\b)(.*)", "`==` and `!=` compare", r"\1 == \2"),
    # Joins and groups
    _form(rf"({_JOINS})\s*<\s*([^<>|]*,[^<>|]*)>", _BRANCHES, _branches),
    _form(rf"({_JOINS})\s*\((.*)\)", _BRANCHES, _branches),
    _form(rf"({_JOINS})\s*\[(.*)\]", _BRANCHES, _branches),
    _form(r"\[([A-Za-z_].*)\]", _GROUP, _group),
    _form(r"\(([A-Za-z_].*)\)", _GROUP, _group),
    _form(r"\{([A-Za-z_].*)\}", _GROUP, _group),
    # Inputs, the arch, imports, contracts
    _form(r"[Ii]nputs?\s*(?P<name>[A-Za-wyz_]\w*|x(?!\d))?\s*[:=]?\s*[(\[](?P<dims>[^()\[\]]*)[)\]]$", _INPUT, _shape),
    _form(r"[Ii]nputs?(?P<name>)\s+(?P<dims>\d+(?:\s*[x, ]\s*\d+)+)$", _INPUT, _shape),
    _form(r"[Ii]nputs?\s+(?P<name>[A-Za-z_]\w*)\s+(?P<dims>\d+(?:\s*[x, ]\s*\d+)+)$", _INPUT, _shape),
    _form(
        r"arch\s+([A-Za-z_]\w*)\s*(\([^()]*\))?\s*[:{<]$",
        "an `arch` line has no body: the whole file is its network",
        lambda m: f"arch {m[1]}{m[2] or ''}",
    ),
    _form(
        r'(?:include|require|use|load)\s+(".*")',
        "an import names the file and what is wanted of it",
        _nothing,
        'as in `from "resnet50" import bottleneck`',
    ),
    _form(r"(expect\s+out\S*\s*\S+\s*)\(([\d, ]+)\)", "a shape is written in brackets", r"\1[\2]"),
    _form(
        r"(expect\s+\S+\s*(?:==|!=|<=|>=|~=|<|>)\s*)(\d{1,3}(?:,\d{3})+)",
        "thousands are set apart by `_`",
        lambda m: m[1] + m[2].replace(",", "_"),
    ),
    _form(
        r"(?:assert|check|require|ensure)\s+(\w\S*\s*(?:==|!=|<=|>=|~=|<|>).*)", "a contract starts with `expect`", r"expect \1"
    ),
    _form(r"(expect\s+\S+)\s+(?:is|equals|=>|===)\s+(.*)", "a contract compares with `==`", r"\1 == \2"),
    _form(r"(?:--+|%%?|;;|//)\s*(?=[^\W\d])(.*)", "a comment starts with `#`", r"# \1"),
    # Lists of steps
    _form(r"[Aa]ctivation\s*[:=(]?\s*[\"']?([A-Za-z_]\w*)[\"']?\)?$", "an activation is a step of its own", _activation),
    _form(r"([A-Za-z_]\w*)\s+\((\d+)\s*,\s*(\d+)\)\s*,\s*(.*)", "a size is written `3x3`", r"\1 \2x\3 \4"),
    _form(r"-\s+([A-Za-z_]\w*)\s*:\s+(.+)", "a step starts without `-`, and an operator takes no colon", _item),
    _form(
        r"([A-Za-z_]\w*)\s*:\s+([\d\[tf\"].*)",
        _COLON,
        _named,
        "a number gets a name by `let depth = 3`; a setting is written in its step: `conv 3x3 64 stride=2`",
    ),
    _form(
        r"([A-Za-z_]\w*)\s*:$",
        _COLON,
        _nothing,
        "a part of a network is written `stage < … >`, or with a name of its own `encoder: < … >`",
    ),
    _form(r"return\s+(.+)", "the value at the end of a body is its result, so nothing returns it", r"\1"),
    _form(r".*\S\s*(?:>>|=>|\+)\s*[A-Za-z_].*", "steps are separated by `;` or a new line", _chain),
    _form(
        r"[A-Za-z_].*,.*",
        "`,` separates nothing here",
        _steps,
        "steps are separated by `;` or a new line, bare arguments by blanks",
    ),
)
