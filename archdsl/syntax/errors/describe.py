"""Messages about syntax mistakes: from the parser's state and the token that does not fit to a diagnostic. Must not parse."""

from __future__ import annotations

import re

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.errors.brackets import CLOSING, closer, header_unopened, unclosed
from archdsl.syntax.errors.context import FARTHEST, MOST_PLACES, Brackets, Met, error, places_of_words, short
from archdsl.syntax.errors.contracts import contract_forms
from archdsl.syntax.errors.darknet import darknet_section
from archdsl.syntax.errors.foreign_statements import other_forms
from archdsl.syntax.errors.python_statements import python_forms
from archdsl.syntax.errors.rewrites import phrase_fixes, rewritten
from archdsl.syntax.errors.spelling import bad_token, other_languages
from archdsl.syntax.keywords import CONSTANTS, ROLES, SOFT, kinds_of
from archdsl.syntax.scanner import Token
from archdsl.text import Source

_ROLES = kinds_of(ROLES)
_COMPARISONS = frozenset({"EQ", "NE", "LE", "GE", "NEARLY", "BARE_LESS", "BARE_MORE"})
_COMPUTES = frozenset({"PLUS", "MINUS", "TIMES", "OVER", "FLOOR", "MODULO", "POWER"})
_OPERANDS = kinds_of(CONSTANTS) | {"NUMBER", "SIZE", "NAME", "STRING", "REFERENCE", "CLOSE", "END_LIST", "IN"}
_NAMES = kinds_of(SOFT) | {"NAME"}

_LEFT = re.compile(r"(?:[\w.]+|\([^()\n]*\)|[\w.]+\[[^\[\]\n]*\])\s*$")
_TERM = r"-?(?:[\w.]+(?:\([^()\n]*\)|\[[^\[\]\n]*\])?|\([^()\n]*\))"
_CHAIN = re.compile(rf"(?:(?:\*\*|//|[-+*/%])\s*{_TERM}\s*)+")
_RELATION = re.compile(rf"(?:==|!=|<=|>=|<|>)\s*{_TERM}")
_CONDITIONAL = re.compile(rf"if\b[^;|\n]*?\belse\b\s*{_TERM}")


def describe(source: Source, accepted: set[str], last: Token | None, token: Token, brackets: Brackets) -> Diagnostic:
    """The diagnostic for `token` after `last`, where only tokens of the types `accepted` fit."""
    met = Met(source, accepted, last, token, brackets)
    for special in (
        _carriage_return,
        darknet_section,
        python_forms,
        contract_forms,
        header_unopened,
        rewritten,
        bad_token,
        _late_role,
        _body_on_next_line,
        other_forms,
        _orphan,
        _current_value,
        _gap_before_bracket,
        other_languages,
        _expression,
        _comparison,
        _bare_condition,
        closer,
        unclosed,
        _twice,
    ):
        found = special(met)
        if found is not None:
            return found
    return _unexpected(met)


def _carriage_return(met: Met) -> Diagnostic | None:
    """Lines that end as on a Mac of the last century."""
    text, start = met.source.text, met.last.end if met.last is not None else 0
    at = text.find("\r", start, met.token.start)
    if at < 0 or text[at : at + 2] == "\r\n":
        return None
    ends = [found.start() for found in re.finditer(r"\r(?!\n)", text)]
    edits = tuple(Edit(met.at(end, end + 1), "\n") for end in ends) if len(ends) <= MOST_PLACES else ()
    fixes = (Fix("end the lines with a line feed", edits),) if edits else ()
    message = "a line ends with a carriage return alone; the end of a line is a line feed, or both"
    return error("unexpected-token", message, met.at(at, at + 1), fixes=fixes)


# Steps


def _late_role(met: Met) -> Diagnostic | None:
    token, last = met.token, met.last
    if token.type not in _ROLES or last is None or last.type not in ("REPEAT", "CLOSE"):
        return None
    if "NAME" not in met.accepted or "EQUAL" in met.accepted:
        return None
    start = last.start if last.type == "REPEAT" else met.source.text.rfind("x(", max(last.start - FARTHEST, 0), last.start)
    repeat = met.at(max(start, 0), last.end)
    text = f"{token.value} {repeat.text}"
    fix = Fix(f"write `{text}`", (Edit(met.at(repeat.start, token.end), text),), safe=True)
    message = f"the role `{token.value}` goes before the repetition, not after it"
    return error("repetition-before-role", message, met.span, fixes=(fix,))


def _twice(met: Met) -> Diagnostic | None:
    """A second role, repetition or label, and a repetition after its step."""
    token, last = met.token, met.last
    if token.type in _ROLES and met.last_type in _ROLES:
        notes = ("a body may have a role of its own: `stage < block conv 3x3 64 >`",)
        return error("unexpected-token", f"this step already is a `{last.value if last else ''}`", met.span, notes=notes)
    if token.type not in ("REPEAT", "REPEAT_OPEN"):
        return _late_label(met)
    if met.last_type == "REPEAT":
        notes = ("a body repeats as a whole: `x2 < x3 f >`",)
        return error("unexpected-token", "a step has at most one repetition", met.span, notes=notes)
    if token.type == "REPEAT" and "SEP" in met.accepted and not met.is_at_start:
        start = token.start - len(met.before)
        edits = (Edit(met.at(start, start), f"{token.value} "), Edit(met.at(last.end if last else start, token.end), ""))
        fixes = (*phrase_fixes(met.span), Fix(f"put `{token.value}` in front", edits))
        return error("unexpected-token", "a repetition goes before its step", met.span, fixes=fixes)
    return None


def _late_label(met: Met) -> Diagnostic | None:
    if met.token.type != "COLON" or met.last is None or met.last.type not in _NAMES or met.word in ("let", "def"):
        return None
    if re.match(r"[A-Za-z_]\w*\s*:", met.before):
        return error("unexpected-token", "a step has at most one label", met.span)
    if met.before.rstrip() != met.last.value and re.match(r":\s*(?:[\d\[\"]|\w+\s*(?:$|[,)]))", met.behind):
        return _setting_with_colon(met)
    return error(
        "unexpected-token", "a label is one name at the start of a step", met.span, notes=("as in `skip: conv 3x3 64`",)
    )


def _setting_with_colon(met: Met) -> Diagnostic:
    """`conv 3x3 64 stride: 2`, `conv(kernel: 3, filters: 64)`, `meta year: 2015`."""
    assert met.last is not None
    gap = re.match(r":\s*", met.behind)
    assert gap is not None
    start = met.last.end
    edits = [Edit(met.at(start, met.token.start + gap.end()), "=")]
    for more in re.finditer(r"(?<=\w)\s*:\s*", met.behind[gap.end() :]):
        at = met.token.start + gap.end()
        edits.append(Edit(met.at(at + more.start(), at + more.end()), "="))
    fix = Fix("a setting is written with `=`", tuple(edits))
    return error("unexpected-token", "a colon makes a label, but no step can start here", met.span, fixes=(fix,))


def _body_on_next_line(met: Met) -> Diagnostic | None:
    token = met.token
    if token.type != "SEP" or "BEGIN" not in met.accepted or "SEP" in met.accepted:
        return None
    gap = re.match(r"(?:\s|#[^\n]*)*<", met.source.text[token.end : token.end + 1000])
    if gap is None:
        return None
    begin = token.end + gap.end() - 1
    fix = Fix("put `<` on the line above", (Edit(met.at(token.start, begin + 1), " <"),), safe="#" not in gap.group())
    return error(
        "body-on-next-line", "a body starts on the same line as what it belongs to", met.at(begin, begin + 1), fixes=(fix,)
    )


def _orphan(met: Met) -> Diagnostic | None:
    token = met.token
    if token.type in ("ELSE", "ELIF"):
        return error("else-without-if", f"this `{token.value}` has no `if` before it", met.span)
    if token.type == "BAR" and met.last is not None and not any(sign == "<" for sign, _ in met.open):
        return error("branch-outside-join", "`|` separates the branches of a join, and no body is open here", met.span)
    return None


def _current_value(met: Met) -> Diagnostic | None:
    """`concat < in | @skip >`: the current value as a branch."""
    starts = met.last is None or met.last.type in ("SEP", "BEGIN", "BAR")
    if met.token.type != "IN" or not starts or not re.match(r"in\s*(?:[;|>\n#]|$)", met.behind):
        return None
    fix = Fix("write `identity`", (Edit(met.span, "identity"),))
    return error("unexpected-token", "`in` is read in expressions, as in `in.c`, and is not a step", met.span, fixes=(fix,))


# Expressions


def _gap_before_bracket(met: Met) -> Diagnostic | None:
    """`conv (3x3, 64)`: with a space the parentheses hold one argument. `conv 3x3(64)`: without one they call."""
    token, last = met.token, met.last
    if token.type == "COMMA" and "CLOSE" in met.accepted and met.open and met.open[-1][0] == "(":
        start = met.open[-1][1]
        name = re.search(r"[A-Za-z_]\w*(\s+)$", met.source.text[max(0, start - 200) : start])
        edits = (Edit(met.at(start - len(name.group(1)), start), ""),) if name else ()
        fixes = (Fix("without the space they hold all arguments", edits),) if edits else ()
        return error(
            "gap-before-bracket",
            "parentheses after a space hold one argument",
            met.span,
            notes=(
                "write arguments bare (`conv 3x3 64`), or all of them in parentheses that touch the name (`conv(3x3, 64)`)",
            ),
            fixes=fixes,
        )
    if token.type in ("CALL", "INDEX") and last is not None and met.word != "input":
        return error(
            "bracket-touches",
            f"`{token.value}` touches `{short(last.value)}`, so it would {'call' if token.type == 'CALL' else 'index'} it",
            met.span,
            fixes=(Fix("leave a space before an argument", (Edit(met.at(token.start, token.start), " "),)),),
        )
    return None


def _expression(met: Met) -> Diagnostic | None:
    """Arithmetic and conditionals among bare arguments."""
    token = met.token
    negative = re.match(r"-[\w.]+", met.behind)
    if token.type == "MINUS" and negative and met.last is not None and met.last.end < token.start:
        edits = _around(met, token.start, token.start + negative.end())
        fixes = (Fix("put it in parentheses", edits),)
        message = "a negative number needs parentheses here"
        return error("expression-needs-parentheses", message, met.at(token.start, token.start + negative.end()), fixes=fixes)
    if met.last_type not in _OPERANDS or met.is_at_start:
        return None
    if token.type in _COMPUTES:
        message = f"`{token.value}` computes, so it needs parentheses here"
        is_stride = token.type == "OVER" and re.match(r"/\d", met.behind) and met.before.endswith(" ")
        strides = phrase_fixes(met.span) if is_stride else []
        ways = (*_as_comment(met), *_as_size(met), *strides, *_wrapped(met, _CHAIN))
        is_count = token.type == "TIMES" and re.fullmatch(r"\*\s*\d+\s*", met.behind)
        notes = ("a repetition comes first: `x3 conv 3x3 64`",) if is_count else ()
        return error("expression-needs-parentheses", message, met.span, notes=notes, fixes=ways)
    if token.type == "IF":
        message = "a conditional needs parentheses here"
        return error("expression-needs-parentheses", message, met.span, fixes=_wrapped(met, _CONDITIONAL))
    return None


def _as_comment(met: Met) -> tuple[Fix, ...]:
    """`conv 3x3 64 // the stem`: words that nothing else in the text is called."""
    words = re.match(r"//+\s*([A-Za-z]\w*)((?:[ \t]+\S+)*)[ \t]*$", met.behind.partition("\n")[0])
    if words is None or (not words[2] and len(places_of_words(met.source.text)[words[1]]) > 1):
        return ()
    return (Fix("a comment starts with `#`", (Edit(met.at(met.token.start, met.token.end), "#"),)),)


def _as_size(met: Met) -> tuple[Fix, ...]:
    """`conv 3*3 64`."""
    height, width = re.search(r"(\d+)\s*$", met.before), re.match(r"\*\s*(\d+)(?=\s+\S)", met.behind)
    if met.token.type != "TIMES" or height is None or width is None:
        return ()
    size = f"{height.group(1)}x{width.group(1)}"
    span = met.at(met.token.start - len(height.group()), met.token.start + width.end())
    return (Fix(f"a size is written `{size}`", (Edit(span, size),)),)


def _comparison(met: Met) -> Diagnostic | None:
    token = met.token
    message = f"`{token.value}` compares, so it needs parentheses here"
    if token.type in _COMPARISONS and met.last_type in _OPERANDS:
        return error("comparison-needs-parentheses", message, met.span, fixes=_wrapped(met, _RELATION))
    if token.type in ("BEGIN", "END") and met.last_type in _OPERANDS and re.match(rf"[<>]\s*{_TERM}", met.behind):
        # A body's end is followed by an end or an operator, a body's start by a step.
        is_body = token.type == "BEGIN" and re.match(r"<\s*[A-Za-z_]", met.behind)
        if not is_body:
            return error("comparison-needs-parentheses", message, met.span, fixes=_wrapped(met, _RELATION))
    if met.last is not None and met.last.type == "BEGIN" and token.type in ("NUMBER", "SIZE", "STRING", "IN", "NOT"):
        return error(
            "comparison-needs-parentheses",
            "`<` starts a body here; a comparison needs parentheses",
            met.at(met.last.start, met.last.end),
        )
    return None


def _wrapped(met: Met, pattern: re.Pattern[str]) -> tuple[Fix, ...]:
    """Parentheses around the operand before the token and what `pattern` finds from it on."""
    left, right = _LEFT.search(met.before), pattern.match(met.behind)
    if not left or not right:
        return ()
    start = met.token.start - (len(met.before) - left.start())
    end = met.token.start + len(right.group().rstrip())
    return (Fix("put it in parentheses", _around(met, start, end)),)


def _around(met: Met, start: int, end: int) -> tuple[Edit, ...]:
    # What touches a name would be called.
    touches = start > 0 and (met.source.text[start - 1].isalnum() or met.source.text[start - 1] in "_)]")
    return (Edit(met.at(start, start), " (" if touches else "("), Edit(met.at(end, end), ")"))


def _bare_condition(met: Met) -> Diagnostic | None:
    if met.last is None or met.last.type not in ("IF", "ELIF") or met.token.type == "OPEN":
        return None
    if met.is_end or met.token.type == "BEGIN":
        return error("condition-needs-parentheses", f"`{met.last.value}` has no condition", met.span, "as in `if (in.c != 64)`")
    found = re.match(r"[^<\n]*[^<\s]", met.behind)
    edits = _around(met, met.token.start, met.token.start + found.end()) if found else ()
    fixes = (Fix("put it in parentheses", edits),) if edits and "<" in met.behind else ()
    span = met.at(met.token.start, met.token.start + found.end()) if found and fixes else met.span
    return error("condition-needs-parentheses", f"the condition of `{met.last.value}` needs parentheses", span, fixes=fixes)


# All others


def _unexpected(met: Met) -> Diagnostic:
    wanted = _either(_wanted(met))
    behind = f" after `{short(met.last.value)}`" if met.last is not None and met.last.type != "SEP" else ""
    if met.is_end and met.last_type in _ROLES and met.last is not None and "BEGIN" in met.accepted:
        role = met.last.value
        notes = (f"`{role}` is a role, as in `{role} < … >`; a parameter or a definition has another name",)
        return error("unexpected-token", f"a step is missing after the role `{role}`", met.span, notes=notes)
    if met.is_end:
        message = f"{wanted} is missing{behind}" if wanted else f"something is missing{behind}"
        return error("unexpected-token", message, met.span)
    value = short(met.token.value)
    text = f"expected {wanted}" if wanted else ""
    if met.is_at_start and met.token.type not in ("COLON", "EQUAL"):
        note = "a group of steps is written between `<` and `>`" if met.token.type == "OPEN" else ""
        if re.match(r"\d+\s*[*x]", met.behind):
            note = "a repetition is written `x3`"
        return error("unexpected-token", f"`{value}` cannot start a statement", met.span, text, notes=(note,) if note else ())
    return error("unexpected-token", f"`{value}` is not allowed{behind or ' here'}", met.span, text)


def _wanted(met: Met) -> list[str]:
    """What is allowed here, in plain words."""
    accepted = met.accepted
    if {"IF", "FOR", "REPEAT"} <= accepted:
        return ["a step, such as `conv 3x3 64`"]
    if "REFERENCE" in accepted and "NUMBER" not in accepted:
        return ["a step"]
    if "NEARLY" in accepted:
        return ["a comparison such as `==`"]
    ends = [f"`{closing}`" for kind, (_, closing) in CLOSING.items() if kind in accepted and kind != "END"]
    if "SEP" in accepted:
        return [*ends, "a new line or `;`"]
    if "NUMBER" in accepted:
        return ["a list" if met.word == "for" and met.last_type == "IN" else "a value", *ends]
    words = [word for kind, word in _SINGLE if kind in accepted]
    if "NAME" in accepted:
        words = [word for word in words if word not in ("`import`", "`:`")] + ["a name"]
    return [*words, *ends] or (["the end of the file"] if "$END" in accepted else [])


_SINGLE = (
    ("EQUAL", "`=`"),
    ("BEGIN", "a body `< … >`"),
    ("COLON", "`:`"),
    ("IN", "`in`"),
    ("IMPORT", "`import`"),
    ("OPEN", "a condition in parentheses"),
    ("LIST", "a shape such as `[3, 224, 224]`"),
    ("STRING", 'a file such as `"resnet50.arch"`'),
)


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1] if words else ""
