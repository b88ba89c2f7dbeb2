"""What messages say of the text comes from the tree, whatever the text looks like: comments, brackets, names within names."""

from __future__ import annotations

import pytest

from archdsl.compiler import run
from archdsl.diagnostics import Diagnostic
from archdsl.syntax import keywords, tree
from archdsl.syntax.parser import parse
from archdsl.syntax.reductions import node_of
from archdsl.text import Source

HEAD = "arch a\ninput image[3, 32, 32]\n"


def only(text: str) -> Diagnostic:
    (diagnostic,) = run(Source("a.arch", HEAD + text), None).report
    return diagnostic


def fixed(text: str) -> str:
    """The text with the first fix of its one mistake."""
    whole = HEAD + text
    for edit in sorted(only(text).fixes[0].edits, key=lambda edit: -edit.span.start):
        whole = whole[: edit.span.start] + edit.text + whole[edit.span.end :]
    return whole.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("linear 10", "gap ; linear 10"),
        ("out: head x2 linear 10", "gap ; out: head x2 linear 10"),
        ("x(min(2, 3)) linear 10", "gap ; x(min(2, 3)) linear 10"),
        ("block x(\n  2  # twice\n) linear 10", "gap ; block x(\n  2  # twice\n) linear 10"),
        ("block < head: linear 10 >", "block < gap ; head: linear 10 >"),
    ],
)
def test_a_step_is_put_before_all_of_the_next_one(written: str, mended: str) -> None:
    assert fixed(written) == mended


def test_a_step_after_a_comment_on_the_input_is_no_input() -> None:
    texts = [label.text for label in only("# this is no input\nconv 3x3 8\nlinear 10").labels]
    assert "this made [8, 32, 32]" in texts
    assert "the input is [3, 32, 32]" in [label.text for label in only("linear 10").labels]


def test_the_name_of_a_setting_is_found_beside_a_longer_one() -> None:
    text = "stage < conv 3x3 8 ; downsample stride=2 strid=2 >"
    assert fixed(text) == text.replace("strid=", "stride=")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("let a = )", "let"),
        ("def f(", "def"),
        ("import resnet50", "import"),
        ("import.x", "import"),
        ("stage = 2", None),
        ("if (true", "if"),
        ("conv = 3", None),
        ("let = 3", None),
        ("let: conv = 3", None),
        ("import: conv = 3", None),
        ("import = 3", None),
    ],
)
def test_a_broken_statement_has_its_first_word(text: str, word: str | None) -> None:
    file = parse(Source("a", text), [])
    assert [statement.word for statement in file.statements if isinstance(statement, tree.Broken)][:1] == [word]


def test_words_belong_to_forms() -> None:
    assert node_of("let") is tree.Let
    assert node_of("def") is tree.Definition
    assert node_of("arch") is tree.ArchLine
    assert node_of("from") is node_of("import") is tree.Import
    assert node_of("stage") is node_of("if") is node_of("true") is node_of(None) is None
    assert all(node_of(word) is not None for word in keywords.STATEMENTS)


@pytest.mark.parametrize("text", ["x(2) relu", "x2 relu", "a: x(2) relu", "stage x(2) relu"])
def test_a_step_starts_where_it_is_written(text: str) -> None:
    (step,) = parse(Source("a", text), []).statements
    assert (step.start, step.end) == (0, len(text))
