"""How other languages write names, definitions, loops, conditions, inputs, contracts and comments. Must not parse."""

from __future__ import annotations

import re

from archdsl.ops.registry import find
from archdsl.syntax.errors.forms import Match, form, nothing
from archdsl.syntax.errors.python_tables import VALUES
from archdsl.syntax.keywords import ROLES, STATEMENTS

_ROLES = "|".join(ROLES)
_STARTS = "|".join(STATEMENTS)
_LET = "a name for what is computed is defined by `let`"
_DEF = "a definition starts with `def`"
_LOOP = "a loop is written `for i in range(3) < … >`"
_INPUT = "an input has a name and a shape in brackets"
_SIGNS = "conditions are written with `and`, `or`, `not`, `==`, `!=`"
_ARCH = "a file starts with `arch NAME`"
_BODY = "a body is written between `<` and `>`"
_VALUE = r"-?[\d.]+\w*|\[[\d., ]*\]|true|false"


def _definition(found: Match) -> str:
    names = re.findall(r"\w+(?:\s*=\s*[\w.]+)?", found.group(2))
    return f"def {found.group(1)}({', '.join(names)}) <"


def _typed(found: Match) -> str | None:
    """`def unit(int c, bias: bool = true)`: parameters have no types."""
    parts = []
    for part in found.group(2).split(","):
        named = re.fullmatch(
            r"\s*(?:[A-Za-z]\w*\s+)?([A-Za-z_]\w*)\s*(?::\s*[A-Za-z]\w*(?:\[[\w ]*\])?)?\s*(?:=\s*([\w.]+))?\s*", part
        )
        if named is None:
            return None
        parts.append(named.group(1) + (f"={named.group(2)}" if named.group(2) else ""))
    return f"{found.group(1)}({', '.join(parts)}) {found.group(3)}".rstrip()


def _parameters(found: Match) -> str | None:
    """`block unit(c) < … >`: a role before what nothing defines."""
    name, parameters, body = found.groups()
    return f"def {name}({parameters}) {body}" if find(name) is None else None


def _shape(found: Match) -> str:
    name = found.group("name") or "x"
    written = re.sub(r"\w+\s*=\s*", "", found.group("dims")).strip()
    dims = [dim for dim in re.split(r"[\s,x×*]+", written) if dim]
    return f"input {name}[{', '.join(dims)}]"


def _bare_input(found: Match) -> str | None:
    """`image[3, 32, 32]`."""
    return None if find(found.group(1)) is not None else f"input {found.group()}"


def _keras_shape(found: Match) -> str | None:
    """Channels come last in Keras."""
    dims = [dim.strip() for dim in found.group("dims").split(",") if dim.strip()]
    ordered = [*dims[2:], *dims[:2]] if len(dims) == 3 else dims
    return f"input {found.group('name') or 'x'}[{', '.join(ordered)}]" if len(dims) <= 3 else None


def _condition(found: Match) -> str:
    """Signs of C in a condition."""
    text = found.group()
    for sign, ours in (("!==", "!="), ("===", "=="), ("<>", "!=")):
        text = text.replace(sign, ours)
    text = re.sub(r"\s*&&\s*", " and ", re.sub(r"\s*\|\|\s*", " or ", text))
    return re.sub(r"!(?!=)\s*", "not ", text)


def _range(found: Match) -> str:
    """`0..3` as in Rust, `0..=3`, `1:3` as in Julia and `1 to 3` with their end."""
    first, sign, last, body = int(found.group(2)), found.group(3).strip(), int(found.group(4)), found.group(5)
    end = last if sign == ".." else last + 1
    return f"for {found.group(1)} in range({f'{first}, ' if first else ''}{end}) {body}"


def _names_in_text(found: Match) -> str:
    """`$w`, `${w}`, `{w}`, `{2*w}`."""
    text = re.sub(r"\$(?=[A-Za-z_{])", "", found.group())
    return re.sub(r"\{([^{}]*)\}", lambda one: one[1] if re.fullmatch(r"\s*\w+\s*", one[1]) else f"({one[1]})", text)


def _digits(found: Match) -> str:
    return re.sub(r"(?<![\w.)\]])\.(?=\d)", "0.", found.group())


def _lower(found: Match) -> str | None:
    """`INPUT x[3, 32, 32]`."""
    word = found.group(1)
    return word.lower() + found.group(2) if word.lower() in STATEMENTS and word != word.lower() else None


def _shares(found: Match) -> str:
    """`50%`."""
    return re.sub(r"\b(\d+)\s*%", lambda one: f"{int(one[1]) / 100:g}", found.group())


def _called(found: Match) -> str | None:
    """`unit[64]`; of an operator with a list it is not known which of the two is meant."""
    return None if find(found.group(1)) is not None or found.group(1) in VALUES else f"{found.group(1)}({found.group(2)})"


def _thousands(found: Match) -> str:
    return found.group(1) + found.group(2).replace(",", "_")


def _named_file(found: Match) -> str | None:
    word = found.group(1)
    return f"arch {word}" if re.fullmatch(r"[A-Za-z_]\w*", word) else None


LANGUAGE = (
    # Names
    form(
        r"(?:const|var|int|float|double|auto|set|val|final)\s+(?:int\s+|float\s+)?([A-Za-z_]\w*)\s*:?=\s*(.+)",
        _LET,
        r"let \1 = \2",
    ),
    form(r"(?:let\s+)?([A-Za-z_]\w*)\s*:\s*(?:int|float|bool|str|list)\s*=\s*(.+)", _LET, r"let \1 = \2"),
    form(rf"let\s+([A-Za-z_]\w*)\s*(?::=|:|\s)\s*({_VALUE})$", _LET, r"let \1 = \2"),
    form(rf"(?!(?:{_STARTS})\b)([A-Za-z_]\w*)\s*:=\s*(.+)", _LET, r"let \1 = \2"),
    form(
        rf"(?!(?:{_ROLES}|def|x\d+)\b).*(?:\$[A-Za-z_{{]|(?<=[\s=(,])\{{\s*\w+(?:\s*[*/+-]+\s*\w+)*\s*\}}).*",
        "a name stands for its value as it is",
        _names_in_text,
    ),
    form(
        r"(.*?[=(]\s*)([^=()?\s][^=()?]*?)\s*\?\s*([^:?\s][^:?]*?)\s*:\s*([^:?()\s][^:?()]*)(\)?.*)",
        "a choice is written `a if c else b`",
        r"\1\3 if \2 else \4\5",
    ),
    form(r"(?!\w+\().*?(?:^|[\s(=*/+,-])\.\d.*", "a number starts with a digit", _digits),
    form(r".*\b\d+\s*%(?!\s*[\w(.]).*", "a share is written as a number", _shares),
    form(r"(let\s+[A-Za-z_]\w*\s*=\s*)[({]([^(){}]*,[^(){}]*)[)}]$", "a list is written in brackets", r"\1[\2]"),
    form(r"(.*\b(?:len|sum))\[([^\[\]]*)\](.*)", "the arguments of a function are written in parentheses", r"\1([\2])\3"),
    # Definitions
    form(r"(?:define|function|func|fn|fun|defn|macro|class)\s+([A-Za-z_]\w*\s*\(.*)", _DEF, r"def \1"),
    form(rf"(?:{_ROLES})\s+([A-Za-z_]\w*)\(([\w=, ]*)\)\s*(<.*)", _DEF, _parameters),
    form(
        r"def\s+([A-Za-z_]\w*)\s*(\([^()]*\))?\s*=\s*(<.*)",
        "a definition has no `=`",
        lambda m: f"def {m[1]}{m[2] or '()'} {m[3]}",
    ),
    form(
        r"def\s+([A-Za-z_]\w*)\s*(\([^()]*\))\s*(?:->|=>|:=)\s*<?\s*([^<>]*?)\s*>?$",
        _BODY,
        r"def \1\2 < \3 >",
    ),
    form(r"([A-Za-z_]\w*\([\w=, ]*\))\s*(?::=|=|:)\s*(<.*)", _DEF, r"def \1 \2"),
    form(r"def\s+([A-Za-z_]\w*)\s+([A-Za-z_][\w, =.]*?)\s*<", "parameters are written in parentheses", _definition),
    form(r"(def\s+[A-Za-z_]\w*)\s*\(([^()<>]*)\)\s*(?:->\s*\w+\s*)?:?\s*(<.*)", "a parameter is a name", _typed),
    form(r"(arch\s+[A-Za-z_]\w*)\s*[(\[]([^()<>\[\]]*)[)\]]()$", "parameters are written in parentheses", _typed),
    form(r"(arch\s+[A-Za-z_]\w*)\s+([A-Za-z_]\w*\s*=[^()<>]*)()$", "parameters are written in parentheses", _typed),
    form(r"(?:call|use|apply|invoke|run|do|new)\s+(?!\")([A-Za-z_]\w*.*)", "a step starts with what it calls", r"\1"),
    form(r"([A-Za-z_]\w*)\[(\d+(?:\s*,\s*\d+){1,2})\]$", _INPUT, _bare_input),
    form(r"([A-Za-z_]\w*)[\[<]([^\[\]<>]*)[\]>]$", "arguments are written bare or in parentheses", _called),
    form(
        rf"(?!(?:{_STARTS}|for)\b)([A-Za-z_].*?)\s+as\s+([A-Za-z_]\w*)",
        "a label comes before its step, with a colon",
        r"\2: \1",
    ),
    # Loops and conditions
    form(r"for\s*\(\s*([\w, ]+?)\s+(?:in|of)\s+(.+)\)\s*(<.*)", "a loop has no parentheses", r"for \1 in \2 \3"),
    form(r"foreach\s+(.*)", "a loop starts with `for`", r"for \1"),
    form(r"for\s+([\w, ]+?)\s+of\s+(.*)", "it is written `for … in`", r"for \1 in \2"),
    form(r"for\s+([\w, ]+?)\s+in\s+\(([^()<>]*)\)\s*(<.*)", "a list is written in brackets", r"for \1 in [\2] \3"),
    form(r"for\s+(\w+)\s*(?:in|=|from)\s*(\d+)\s*(\.\.[.=]?|:|to\b|…)\s*(\d+)\s*(<.*)", _LOOP, _range),
    form(
        r"for\s*\(\s*(?:int\s+|let\s+|var\s+)?(\w+)\s*=\s*0\s*;\s*\1\s*<\s*(\w+)\s*;[^();]*\)\s*(<.*)",
        _LOOP,
        r"for \1 in range(\2) \3",
    ),
    form(r"for\s+.*:$", _LOOP, nothing, "a body goes between `<` and `>` and may span several lines: `x3 < … >`"),
    form(
        r"(?:el)?if\b.*(?:&&|\|\||===|!==|<>|!(?!=)).*",
        _SIGNS,
        _condition,
    ),
    form(
        r"(?:el)?if\s+(.+?)\s+then\s+([^<>]+?)\s+else\s+([^<>]+)$",
        _BODY,
        lambda m: f"if ({m[1].removeprefix('(').removesuffix(')')}) < {m[2]} > else < {m[3]} >",
    ),
    form(r"(.*>\s*)else\s*:?\s*([A-Za-z_][^<>]*)$", _BODY, r"\1else < \2 >"),
    form(r"unless\s*\((.*)\)\s*(<.*)", "it is written `if (not …)`", r"if (not (\1)) \2"),
    form(r"((?:el)?if\s*\(.*\))\s*then\b\s*(.*)", "a condition is followed by its body", r"\1 \2"),
    form(r"(.*>\s*)(?:else\s*if|elsif)\b(.*)", "it is written `elif`", r"\1elif\2"),
    form(r"((?:el)?if\s*\([^()]*?)\s+is\s+(?!not\b)(.*)", "`==` and `!=` compare", r"\1 == \2"),
    form(r"((?:el)?if\s*\(\s*)[A-Za-z]\w*(\.(?:c|d|h|w|t)\b.*)", "the current value is `in`", r"\1in\2"),
    # Inputs, the arch, imports, contracts
    form(r"[Ii]n(?:puts?)?\s*(?P<name>[A-Za-wyz_]\w*|x(?!\d))?\s*[:=]?\s*[({\[](?P<dims>[^()\[\]{}]*)[)}\]]$", _INPUT, _shape),
    form(r"(?P<name>[A-Za-z_]\w*)\s*[:=]\s*[Ii]nput\s*[(\[](?P<dims>[\w, =]*)[)\]]$", _INPUT, _shape),
    form(r"[Ii]nputs?(?P<name>)\s*:?\s+(?P<dims>\d+(?:\s*[x×*, ]\s*\d+)+)$", _INPUT, _shape),
    form(r"[Ii]nputs?\s+(?P<name>[A-Za-z_]\w*)\s*[:=]?\s+(?P<dims>\d+(?:\s*[x×*, ]\s*\d+)+)$", _INPUT, _shape),
    form(
        r"(?:(?P<name>\w+)\s*=\s*)?(?:[a-z.]*\.)?Input(?:Layer)?\s*\(\s*(?:(?:input_)?shape\s*=\s*)?\((?P<dims>[\d, ]+)\).*\)$",
        _INPUT,
        _keras_shape,
        "as in `input image[3, 224, 224]`, channels first and without the batch",
    ),
    form(
        r"arch\s+([A-Za-z_]\w*)\s*(\([^()]*\))?\s*[:<]$",
        "an `arch` line has no body: the whole file is its network",
        lambda m: f"arch {m[1]}{m[2] or ''}",
    ),
    form(r"(?:arch|network|model)\s+[\"']([\w-]+)[\"']$", "the name of an arch is written bare", _named_file),
    form(
        r"(?:name|arch|model|network|architecture|net)\s*[:=]\s*[\"']?([\w-]+)[\"']?$",
        _ARCH,
        _named_file,
    ),
    form(r"(\w+)\s*=\s*(?:\w+\.)*(?:Sequential|Model)\s*\(.*\)$", _ARCH, r"arch \1"),
    form(
        r'(?:include|require|use|load|import)\s+(".*")$',
        "an import names the file and what is wanted of it",
        nothing,
        'as in `from "resnet50" import bottleneck`',
    ),
    form(r"output\s+([A-Za-z_]\w*\s+\d.*)", "`output` names a labeled value; the last value is a result anyway", r"\1"),
    form(
        r"(?:assert|expect)\s+\w+\.(?:shape|size\(\))(?:\[1:\])?\s*==\s*(?:torch\.Size)?\(?[\[(]([\d, ]+)[\])]+$",
        "the shape of the result is `out`",
        r"expect out == [\1]",
    ),
    form(rf"({_STARTS})\s*:\s*(.*)", "this word takes no colon", r"\1 \2"),
    form(r"([A-Za-z]+)\b(.*)", "the words of the language are written in lower case", _lower),
    form(r"(expect\s+out\S*\s*\S+\s*)\(([\d, ]+)\)", "a shape is written in brackets", r"\1[\2]"),
    form(
        r"(expect\s+out\S*\s*\S+\s*)(\d+(?:x\d+)+)$",
        "a shape is written in brackets",
        lambda m: f"{m[1]}[{', '.join(m[2].split('x'))}]",
    ),
    form(r"(expect\s+\S+\s*(?:==|!=|<=|>=|~=|<|>)\s*[\d._]+)\s+([KMGT]B?)$", "a unit touches its number", r"\1\2"),
    form(r"(expect\s+\S+\s*(?:==|!=|<=|>=|~=|<|>)\s*)(\d{1,3}(?:,\d{3})+)", "thousands are set apart by `_`", _thousands),
    form(
        r"(?:assert|check|require|ensure)\s+(\w\S*\s*(?:==|!=|<=|>=|~=|<|>).*)", "a contract starts with `expect`", r"expect \1"
    ),
    form(r"(expect\s+\S+)\s+(?:is|equals|=>|===)\s+(.*)", "a contract compares with `==`", r"\1 == \2"),
    # Comments
    form(r"(?:--+|%%?|;;|//)\s*(?=[^\W\d])(.*)", "a comment starts with `#`", r"# \1"),
    form(r'("""|\'\'\')\s*(.*?)\s*\1$', "a comment starts with `#`", r"# \2"),
)
"""Statements that are not steps."""
