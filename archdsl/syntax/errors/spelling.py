"""What people write from other languages and by slip, and how it is written here. Must not parse."""

from __future__ import annotations

import re
from unicodedata import normalize

from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.syntax.errors.context import FARTHEST, MOST_PLACES, Met, error, places_of_words, short
from archdsl.syntax.errors.foreign_names import is_setting
from archdsl.syntax.errors.python_tables import VALUES
from archdsl.syntax.keywords import CONSTANTS, RESERVED, ROLES, kinds_of
from archdsl.syntax.scanner import Token

_SIGNS = {
    "≈": "~=",
    "≃": "~=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "×": "*",
    "·": "*",
    "−": "-",
    "–": "-",
    "÷": "/",
    "“": '"',
    "”": '"',
    "„": '"',
    "^": "**",
}
_NOTES = {
    "'": "strings are written in double quotes",
    "{": "a body is written between `<` and `>`",
    "}": "a body is written between `<` and `>`",
    "&": "steps are separated by `;` or a new line; in conditions it is `and`",
    "!": "in conditions it is `not`, and `!=` for unequal",
    "@": "a reference is `@` and a label without a space between: `@skip`",
    "\\": "inside `( )` and `[ ]` a statement may continue on the next line",
    "~": "`~=` compares a metric with a number as it is written",
}
_PARTS = ("@", "!", "~")
_FAR = 5000
"""So far the end of a body in braces is looked for."""
_VALUES = kinds_of(CONSTANTS) | {"NUMBER", "SIZE", "STRING", "REFERENCE", "IN", "LIST"}
_NO_NAMES = kinds_of(RESERVED) | {"REPEAT", "REPEAT_OPEN"}
_ROLES = kinds_of(ROLES)
_NUMBER_NOTE = "a number may end in `K M G T` (powers of 1000) or `KB MB GB` (powers of 1024); a name starts with a letter"


def bad_token(met: Met) -> Diagnostic | None:
    """What is not a token at all."""
    token = met.token
    if token.type == "BAD_NUMBER":
        return _bad_number(met)
    if token.type == "BAD_STRING":
        fix = Fix('close it with `"`', (Edit(met.at(token.end, token.end), '"'),))
        return error("unclosed-string", "this string is not closed on its line", met.span, fixes=(fix,))
    if token.type != "BAD":
        return None
    value = token.value
    if value in ("{", "}"):
        return _brace(met)
    if value == "'":
        return _quote(met)
    if value == "\\" and not met.behind[1:].strip():
        blanks = re.compile(r"\s*$").search(met.source.text[max(token.start - FARTHEST, 0) : token.start])
        start = token.start - (len(blanks.group()) if blanks is not None else 0)
        gap = re.compile(r"\s*\\[^\S\n]*\n\s*").match(met.source.text, start)
        joined = (Fix("put it on one line", (Edit(met.at(gap.start(), gap.end()), " "),)),) if gap is not None else ()
        return error("bad-character", "a line is not continued by `\\`", met.span, notes=(_NOTES[value],), fixes=joined)
    meant = _SIGNS.get(value) or normalize("NFKC", value)
    if value == "×" and re.search(r"\d$", met.before) and re.match(r"×\d", met.behind):
        meant = "x"
    if meant != value and meant.isascii():
        fixes = (Fix(f"write `{meant}`", (Edit(met.span, meant),)),)
        return error("bad-character", f"`{short(value)}` is not a token of the language", met.span, fixes=fixes)
    note = "names are written with the letters a to z, digits and `_`" if value.isalpha() else _NOTES.get(value)
    verdict = "means nothing by itself" if value in _PARTS else "is not a token of the language"
    return error("bad-character", f"`{short(value)}` {verdict}", met.span, notes=(note,) if note else ())


def _brace(met: Met) -> Diagnostic:
    """`def f(c) { conv 3x3 c }`, `arch net {`, `conv {kernel: 3}`."""
    text, start = met.source.text, met.token.start
    close = _closing_brace(text, start) if met.token.value == "{" else None
    note = "a body is written between `<` and `>`"
    fixes: tuple[Fix, ...] = ()
    if met.word == "arch":
        note = "an `arch` line has no body: the whole file is its network"
        gap = start - len(met.before) + len(met.before.rstrip())
        edits = [Edit(met.at(gap, start + 1), "")] + ([Edit(met.at(close, close + 1), "")] if close is not None else [])
        fixes = (Fix("leave the braces out", tuple(edits)),)
    elif re.match(r"\{\s*\w+\s*[:=]", met.behind):
        note = "arguments are written bare: `conv 3x3 64 stride=2`"
    elif close is not None:
        fixes = (Fix("write `<` and `>`", (Edit(met.span, "<"), Edit(met.at(close, close + 1), ">"))),)
    return error("bad-character", f"`{met.token.value}` is not a token of the language", met.span, notes=(note,), fixes=fixes)


def _closing_brace(text: str, start: int) -> int | None:
    """The brace that closes the one at the start, if it is not far."""
    depth = 0
    for at in range(start, min(len(text), start + _FAR)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    return None


def _quote(met: Met) -> Diagnostic:
    """`pad='same'`, `title='ResNet'`."""
    found = re.match(r"'([^'\n]*)'", met.behind)
    fixes: tuple[Fix, ...] = ()
    if found:
        span = met.at(met.token.start, met.token.start + found.end())
        inside = found.group(1)
        fixes = (Fix(f'write `"{inside}"`', (Edit(span, f'"{inside}"'),)),)
        if inside.isidentifier():
            fixes = (Fix(f"a word is written bare: `{inside}`", (Edit(span, inside),)), *fixes)
    return error("bad-character", "`'` is not a token of the language", met.span, notes=(_NOTES["'"],), fixes=fixes)


def _bad_number(met: Met) -> Diagnostic:
    token = met.token
    note = _NUMBER_NOTE
    fixes: tuple[Fix, ...] = ()
    if re.fullmatch(r"\d+X\d+", token.value):
        fixes = (Fix(f"write `{token.value.lower()}`", (Edit(met.span, token.value.lower()),)),)
    if met.word == "expect" and re.fullmatch(r"[\d._]+[kmgt]b?", token.value):
        fixes = (Fix(f"write `{token.value.upper()}`", (Edit(met.span, token.value.upper()),)),)
    if re.fullmatch(r"\d+x\w*", token.value):
        note = "a size has a number for each axis, height before width: `3x3`; with names it is a list: `[h, w]`"
    return error("bad-number", f"`{short(token.value)}` is neither a number nor a name", met.span, notes=(note,), fixes=fixes)


def other_languages(met: Met) -> Diagnostic | None:
    """Forms that are right elsewhere."""
    for form in (_comment, _arrow, _assignment, _imports, _comma, _setting, _reserved, _hyphen, _decimal):
        found = form(met)
        if found is not None:
            return found
    return None


def _comment(met: Met) -> Diagnostic | None:
    """`// the stem`, `/* the stem */`: two words after it that are not arithmetic."""
    found = re.match(r"(//|/\s*\*)\s*(?=[^\W\d]\w*\s+[^\W\d])", met.behind)
    if not found or met.token.type not in ("FLOOR", "OVER"):
        return None
    span = met.at(met.token.start, met.token.start + len(found.group(1)))
    rest = met.behind[: len(met.behind.rstrip())]
    edits = [Edit(span, "#")]
    if rest.endswith("*/"):
        end = met.token.start + len(rest)
        edits.append(Edit(met.at(met.token.start + len(rest[:-2].rstrip()), end), ""))
    fix = Fix("a comment starts with `#`", tuple(edits))
    return error("unexpected-token", f"`{found.group(1)}` does not start a comment", span, fixes=(fix,))


def _arrow(met: Met) -> Diagnostic | None:
    if not met.behind.startswith("->"):
        return None
    span = met.at(met.token.start, met.token.start + 2)
    arrows = [met.token.start + found.start() for found in re.finditer("->", met.behind)]
    fix = Fix("steps are separated by `;` or a new line", tuple(Edit(met.at(at, at + 2), ";") for at in arrows))
    return error("unexpected-token", "`->` is not a token of the language", span, fixes=(fix,))


def _assignment(met: Met) -> Diagnostic | None:
    """`c = 64` for `let c = 64`, `=` for `==`, `==` for `=`."""
    token = met.token
    if token.type == "EQ" and "EQUAL" in met.accepted:
        fix = Fix("set it with `=`", (Edit(met.span, "="),))
        return error("unexpected-token", "`==` compares; it does not set", met.span, fixes=(fix,))
    if token.type != "EQUAL":
        return None
    if "EQ" in met.accepted:
        fix = Fix("compare with `==`", (Edit(met.span, "=="),))
        return error("unexpected-token", "`=` sets; it does not compare", met.span, fixes=(fix,))
    if re.fullmatch(r"[A-Za-z_]\w*\s*", met.before) and met.last is not None and met.last.type == "NAME":
        notes = ("a setting is written in its step: `conv 3x3 64 stride=2`",) if is_setting(met.last.value) else ()
        message = "`=` is not allowed after a step's name"
        return error("unexpected-token", message, met.span, notes=notes, fixes=_bound(met, met.last))
    return None


def _bound(met: Met, name: Token) -> tuple[Fix, ...]:
    """What names the right side: a label if it is a step, `let` if it is computed, either if it may be both."""
    if is_setting(name.value):
        return ()
    is_read = re.search(rf"@{name.value}\b", met.source.text) is not None
    if name.value in VALUES and not is_read and re.match(r"=\s*[A-Za-z_]\w*\s+[\w@<]", met.behind):
        gap = re.match(r"=\s*", met.behind)
        assert gap is not None
        edit = Edit(met.at(name.start, met.token.start + gap.end()), "")
        return (Fix("a step leaves its result as the current value: leave the name out", (edit,)),)
    let = Fix(f"`let` defines the name `{name.value}`", (Edit(met.at(name.start, name.start), "let "),))
    label = Fix(f"the label `{name.value}` names the result of a step", (Edit(met.at(name.end, met.token.end), ":"),))
    if re.match(r"=\s*[A-Za-z_]\w*\s+[\w@<]", met.behind) and not re.match(r"=\s*\w+\s+(if|and|or|in)\b", met.behind):
        return (label,)
    return (label, let) if re.match(r"=\s*[A-Za-z_]\w*\s*$", met.behind) else (let,)


def _imports(met: Met) -> Diagnostic | None:
    token, whole = met.token, met.before + met.behind
    start = token.start - len(met.before)
    turned = re.match(r'import\s+([\w, ]*\w)\s+from\s+("[^"\n]*")', whole)
    if turned:
        edit = Edit(met.at(start, start + turned.end()), f"from {turned.group(2)} import {turned.group(1)}")
        fix = Fix("the file comes first", (edit,))
        span = met.at(start, start + len("import"))
        return error("unexpected-token", "an import starts with `from`", span, fixes=(fix,))
    if met.last_type == "FROM" and re.match(r"[\w./-]+\s+import\b", met.behind):
        path = re.match(r"[\w./-]+", met.behind)
        assert path is not None
        span = met.at(token.start, token.start + path.end())
        fix = Fix(f'write `"{short(path.group())}"`', (Edit(span, f'"{path.group()}"'),))
        return error("unexpected-token", "the file of an import is written in quotes", span, fixes=(fix,))
    return None


def _comma(met: Met) -> Diagnostic | None:
    if met.token.type != "COMMA" or "CLOSE" in met.accepted or "END_LIST" in met.accepted:
        return None
    setting = re.match(r",\s*[A-Za-z_]\w*\s*=(?!=)", met.behind)
    return error(
        "unexpected-token",
        "`,` separates nothing here",
        met.span,
        fixes=(Fix("leave it out", (Edit(met.span, ""),)),) if setting else (),
        notes=("bare arguments are separated by spaces: `conv 3x3 64`", "statements are separated by `;` or a new line"),
    )


def _setting(met: Met) -> Diagnostic | None:
    """`meta 2015`, `default conv false`."""
    if met.word not in ("meta", "default", "downsample") or "NAME" not in met.accepted or "NUMBER" in met.accepted:
        return None
    if not met.is_end and met.token.type not in _VALUES:
        return None
    example = {"meta": "`meta year=2015`", "default": "`default conv bias=false`", "downsample": "`downsample stride=2`"}
    what = "this" if met.is_end else f"`{short(met.token.value)}`"
    message = f"`{met.word}` takes settings by name" if met.is_end else f"{what} is set without a name"
    return error("unexpected-token", message, met.span, notes=(f"as in {example[met.word]}",))


def _reserved(met: Met) -> Diagnostic | None:
    """A reserved word in the place of a name: `let in = 3`, `def stage < … >`, `x1: conv 3x3 64`."""
    last, word = met.last, met.token.value.rstrip("(")
    if met.token.type == "COLON" and last is not None and last.type == "REPEAT" and met.before.rstrip() == last.value:
        return _no_name(last.value, met, last.start)
    if met.last_type in ("DEF", "SHARED") and met.token.type != "NAME" and word.isidentifier():
        return _no_name(word, met, met.token.start)
    if met.token.type not in _NO_NAMES or "NAME" not in met.accepted or met.is_at_start:
        return None
    fits = met.token.type in met.accepted or ("NUMBER" in met.accepted and met.last_type != "COMMA")
    if fits or _ROLES.isdisjoint(met.accepted):
        return None
    return _no_name(word, met, met.token.start)


def _no_name(word: str, met: Met, start: int) -> Diagnostic:
    span = met.at(start, start + len(word))
    if not re.fullmatch(r"x\d+", word):
        return error("unexpected-token", f"`{word}` is a reserved word, so it cannot be a name", span)
    name, text = f"x_{word[1:]}", met.source.text
    places = places_of_words(text).get(word, ())
    is_name = len(places) <= MOST_PLACES
    uses = sorted({start, *(at for at in places if _names(text, at, at + len(word)))}) if is_name else ()
    edits = tuple(Edit(met.at(at, at + len(word)), name) for at in uses)
    notes = (f"a repetition comes before a step, without a colon: `{word} conv 3x3 64`",) if met.token.type == "COLON" else ()
    return error(
        "unexpected-token",
        f"`{word}` is read as a repetition, so it cannot be a name",
        span,
        notes=notes,
        fixes=(Fix(f"call it `{name}`", edits),) if edits else (),
    )


def _names(text: str, start: int, end: int) -> bool:
    """Whether a word is a name: before `:`, `=`, `[`, `.`, after `@`, and where names are declared; elsewhere `x3` repeats."""
    declared = text.endswith(("@", "let ", "input ", "( ", ", ", "= "), max(start - 6, 0), start)
    return declared or re.compile(r"\s*(?:[:=\[.]|$)").match(text, end) is not None


def _hyphen(met: Met) -> Diagnostic | None:
    """`arch res-net`."""
    token, text = met.token, met.source.text
    if token.type != "MINUS" or met.word not in ("arch", "def", "shared", "let", "input", "output", "aux"):
        return None
    last = met.last
    behind = re.match(r"-(\w+)", met.behind)
    if last is None or last.end != token.start or not behind or "PLUS" in met.accepted:
        return None
    name = text[last.start : last.end] + "_" + behind.group(1)
    span = met.at(last.start, token.start + behind.end())
    return error(
        "unexpected-token", "a name cannot contain `-`", met.span, fixes=(Fix(f"write `{name}`", (Edit(span, name),)),)
    )


def _decimal(met: Met) -> Diagnostic | None:
    """`1.2.3`, and `x1.5`."""
    if met.token.type == "NUMBER" and met.last_type == "DOT":
        found = re.search(r"\d[\w.]*$", met.before)
        if found:
            start = met.token.start - len(found.group())
            text = found.group() + met.token.value
            return error("bad-number", f"`{short(text)}` is not a number", met.at(start, met.token.end))
    if met.token.type == "DOT" and met.last is not None and met.last.type == "REPEAT":
        notes = ("a repetition is `x4`, or computed: `x(depth // 2)`",)
        return error("unexpected-token", "a repetition is an integer", met.span, notes=notes)
    return None
