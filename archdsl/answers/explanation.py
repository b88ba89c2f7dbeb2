"""`archdsl.explain`: a page, an operator, or what stands on a line worked out. Must not work it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archdsl.answers.answer import WIDTH, Answer, lines_in_markdown
from archdsl.answers.check import counted
from archdsl.diagnostics import WrongUse
from archdsl.diagnostics.nearest import did_you_mean
from archdsl.records import NamedTuple
from archdsl.sources import Shapes, language_values, read

if TYPE_CHECKING:
    from archdsl.compiler import Program
    from archdsl.sources import ParameterValue

PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?")
_MOST_OTHERS = 4
_WIDEST = 120


class Part(NamedTuple):
    """One thing that is explained: its title, what is told of it under names, and other places where it is the same."""

    title: str
    lines: list[tuple[str, str]]
    others: tuple[str, ...] = ()


class Explanation(Answer):
    """What was asked for, explained.

    Attributes:
        kind: `diagnostic`, `operator`, `line` or `list`.
        subject: what was asked for.
        head: a line before the parts; a diagnostic's page as a whole.
        parts: what is told.
    """

    def __init__(self, kind: str, subject: str, head: str, parts: list[Part]) -> None:
        self.kind = kind
        self.subject = subject
        self.head = head
        self.parts = parts

    def to_dict(self) -> dict[str, Any]:
        """`text` is the line, or the page of a diagnostic; `parts` have what is told under names."""
        parts = [
            {
                "title": part.title,
                "lines": [{"name": name, "text": text} for name, text in part.lines],
                "likewise": list(part.others),
            }
            for part in self.parts
        ]
        return {"schema": "archdsl.explain/1", "kind": self.kind, "subject": self.subject, "text": self.head, "parts": parts}

    def table(self, width: int = WIDTH) -> str:
        """Names to the left, what is told under them to the right."""
        blocks = [self.head] if self.head else []
        for part in self.parts:
            body = _listed(part, width) if self.kind == "list" else _told(part)
            blocks.append("\n".join([*([part.title] if part.title else []), *body]))
        return ("\n" if self.kind == "operator" else "\n\n").join(blocks)

    def markdown(self) -> str:
        """Lists under titles; a diagnostic's page is Markdown already."""
        if self.kind == "diagnostic":
            return self.head
        head = [f"`{self.head}`" if self.kind == "line" else self.head] if self.head else []
        return "\n\n".join([*head, *(lines_in_markdown(part.title, [*part.lines, *_likewise(part)]) for part in self.parts)])

    def __repr__(self) -> str:
        return f"<archdsl.Explanation of {self.subject or 'what there is'}>"


def explain(subject: str | None = None, /, *, inputs: Shapes | None = None, **parameters: ParameterValue) -> Explanation:
    """A diagnostic's page, an operator, or what stands on a line of a file, as `archdsl explain` shows it.

    Args:
        subject: `shape-mismatch`, `conv`, `resnet50:16` or `resnet50:16:3`; None lists the diagnostics and operators.
        inputs, parameters: for a line, as `archdsl.load` takes them.

    Raises:
        ArchError: the program has mistakes, or cannot be read.
        ValueError: there is nothing of that name, or nothing stands on that line.
    """
    if subject is None:
        return everything()
    place = PLACE.fullmatch(subject)
    if place is None:
        return page(subject)
    from archdsl.compiler import run

    source, folder = read(place["file"])
    program = run(source, folder, language_values(parameters), inputs, warnings=True)
    return on_line(program, int(place["line"]), None if place["column"] is None else int(place["column"]))


def on_line(program: Program, line: int, column: int | None) -> Explanation:
    """What stands on a line of a program that ran through all passes.

    Raises:
        ArchError: the program has mistakes.
        WrongUse: there is no such line or column, or nothing stands there.
    """
    from archdsl.analysis.reports import line as reports
    from archdsl.compiler import network_of

    source = program.source
    assert program.file is not None
    is_library = program.file.head is None and not any(wrong.severity == "error" for wrong in program.report)
    network = None if is_library else network_of(program)
    lines = source.text.count("\n") + (not source.text.endswith("\n"))
    if not 1 <= line <= lines:
        raise WrongUse(f"`{source.name}` has {counted(lines, 'line')}, and no line {line}")
    if column is not None and not 1 <= column <= len(source.line(line)):
        raise WrongUse(f"line {line} of `{source.name}` has {counted(len(source.line(line)), 'character')}")
    told = reports.on_line(network, source, program.file.tree, line, column) if network is not None else []
    why = reports.why_nothing(network, source, program.file.tree, line) if not told else None
    if not told and why is None:
        raise WrongUse(f"`{source.name}:{line}` holds no step, part, definition or contract")
    head = f"{source.name}:{line}  {source.line(line).strip()}"
    parts = [Part(why, [])] if why is not None else [Part(one.title, list(one.lines), tuple(one.others)) for one in told]
    return Explanation("line", f"{source.name}:{line}", head, parts)


def page(name: str) -> Explanation:
    """A diagnostic's page, an operator, or a form.

    Raises:
        WrongUse: there is none of that name.
    """
    from archdsl.analysis.reports.operator_page import form_page, operator_page
    from archdsl.ops.outside import find_anywhere as find
    from archdsl.resources import page_text
    from archdsl.wording.callees import elsewhere
    from archdsl.wording.forms import FORMS

    text = page_text(name)
    if text is not None:
        return Explanation("diagnostic", name, text.rstrip(), [])
    known = name if find(name) or name in FORMS else elsewhere(name)
    if known is None:
        raise WrongUse(_unknown(name))
    operator = find(known)
    (title, _), *lines = form_page(known) if operator is None else operator_page(operator)
    return Explanation("operator", known, f"`{name}` is called `{known}` here" if known != name else "", [Part(title, lines)])


def everything() -> Explanation:
    """The operators family by family, then the diagnostics."""
    from archdsl.ops.registry import FAMILIES
    from archdsl.resources import page_names
    from archdsl.wording.forms import FORMS

    families = [(family.TITLE, ", ".join(operator.name for operator in family.OPERATORS)) for family in FAMILIES]
    operators = Part("operators: `archdsl explain conv` shows one", [*families, ("Forms", ", ".join(FORMS))])
    diagnostics = Part("diagnostics: `archdsl explain shape-mismatch` shows one", [("", ", ".join(page_names()))])
    return Explanation("list", "", "", [operators, diagnostics])


def _likewise(part: Part) -> Iterator[tuple[str, str]]:
    if part.others:
        shown = ", ".join(part.others[:_MOST_OTHERS])
        yield "likewise", f"{shown} …" if len(part.others) > _MOST_OTHERS else shown


def _told(part: Part) -> list[str]:
    return [f"  {name:<15} {text}".rstrip() for name, text in (*part.lines, *_likewise(part))]


def _listed(part: Part, width: int) -> list[str]:
    from textwrap import wrap

    found = []
    for name, names in part.lines:
        lines = wrap(names, max(min(width, _WIDEST) - 24, 40), break_long_words=False, break_on_hyphens=False)
        for number, line in enumerate(lines):
            found.append(f"  {name if not number else '':<21} {line}".rstrip() if name else f"  {line}")
    return found


def _unknown(name: str) -> str:
    from os.path import isfile

    from archdsl.ops.registry import OPERATORS
    from archdsl.resources import page_names, zoo_path

    file = name.rpartition(":")[0] or name
    if isfile(file) or zoo_path(file) is not None:
        return f"a place is named by its line, such as `{file}:3`"
    others = "`archdsl explain` lists them"
    return f"there is no diagnostic and no operator `{name}`; {did_you_mean(name, [*page_names(), *OPERATORS], others)}"
