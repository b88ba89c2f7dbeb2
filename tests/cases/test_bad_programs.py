"""Bad programs, one test each: what the terminal shows, to the character; and laws that every message keeps."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from helpers.bad_cases import Case, cases, rewrite
from helpers.folders import PACKAGE

from archdsl.cli.main import main
from archdsl.resources import page_names, page_text

CASES = cases()
HEADLINE = re.compile(r"^(error|warning)\[([a-z-]+)\]: (.+)$", re.MULTILINE)
SAID_WITH = {"mistake": 0, "Diagnostic": 0, "error": 0, "warning": 0, "_say": 0, "_unknown": 0}
"""What a diagnostic is made with, and which argument is its name."""

NEVER = (
    *("Traceback", "archdsl itself", "<class", "object at 0x", "Fraction(", "Formula(", "NoneType", "None", "True", "False"),
    *("END_LIST", "REPEAT_OPEN", "$END", "BAD_", "frozenset", "{'", "('", "['", "1 errors", "1 values"),
)
"""What no user should read: Python, and the names of the grammar's terminals."""


def run(case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what the terminal shows, colorless."""
    for name, data in case.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name, value in case.limits:
        monkeypatch.setenv(f"ARCHDSL_LIMIT_{name.upper()}", value)
    monkeypatch.chdir(folder)
    code = main(case.arguments)
    shown = capsys.readouterr().err
    return code, shown.rstrip("\n") + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_bad_program_is_told_exactly_this(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update_golden: bool
) -> None:
    code, shown = run(case, tmp_path, monkeypatch, capsys)
    if update_golden and shown != case.shown:
        rewrite(case, shown)
        case = case._replace(shown=shown)
    assert shown == case.shown
    assert (code != 0) == ("error[" in shown)


def test_no_two_cases_share_a_title() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))


def test_there_are_enough_bad_programs() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_message_is_fit_for_a_person(case: Case) -> None:
    headlines = HEADLINE.findall(case.shown)
    assert headlines, "nothing is said"
    for _, _, message in headlines:
        assert not message.endswith((".", "…")), message
        assert not message[0].isupper(), message
        assert message.count("`") % 2 == 0, message
    programs = "".join(file.data.decode("latin-1") for file in case.files)
    for text in NEVER:
        assert text not in case.shown or text in programs, text


def names_raised() -> set[str]:
    """The names of all diagnostics that the package makes, read from its source."""
    names: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in SAID_WITH and node.args:
                names |= _texts(node.args[SAID_WITH[called]])
    return names


def _texts(node: ast.expr) -> set[str]:
    """The texts that an argument may be; none where it is a variable, whose text is in another call."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()


def names_shown() -> set[str]:
    return {name for case in CASES for _, name, _ in HEADLINE.findall(case.shown)}


def test_every_diagnostic_has_a_page_and_a_case() -> None:
    raised = names_raised()
    assert len(raised) > 80
    assert raised == set(page_names())
    assert raised == names_shown()
    assert all(page_text(name) for name in raised)
