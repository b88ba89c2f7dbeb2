"""Highlighting: editors and Pygments see the same classes, the right ones, and no error in a right program."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from json import loads
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from helpers import textmate_lists
from helpers.folders import ROOT, ZOO
from helpers.random_programs import Writer
from pygments.token import Error, _TokenType

from archdsl.resources import textmate_text
from archdsl.syntax import keywords
from archdsl.syntax.format.trivia import read
from archdsl.syntax.highlight import ArchLexer, kind_of
from archdsl.syntax.parser import scanner_terminals
from archdsl.syntax.scanner import Scanner
from archdsl.text import Source

ENTRIES = sorted(ZOO.glob("*.arch"))
GRAMMAR: dict[str, Any] = loads(textmate_text())


class Piece(NamedTuple):
    start: int
    end: int
    scope: str


# A TextMate engine, as small as the grammar allows: line by line, the leftmost match of the innermost region's patterns,
# the first of several, the region's end before all.


def textmate(text: str) -> Iterator[Piece]:
    """The scopes that an editor gives a text."""
    regions: list[dict[str, Any]] = [GRAMMAR]
    offset = 0
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        position = 0
        while (found := _leftmost(line, position, regions[-1])) is not None:
            match, pattern, is_end = found
            assert match.end() > match.start(), "a match of nothing would not move on"
            yield from _pieces(match, pattern, offset)
            if is_end:
                regions.pop()
            elif "begin" in pattern:
                regions.append(pattern)
            position = match.end()
        offset += len(line)


def _leftmost(line: str, position: int, region: dict[str, Any]) -> tuple[re.Match[str], dict[str, Any], bool] | None:
    """The match, its pattern, and whether it ends the region."""
    candidates = [(region["end"], region, True)] if "end" in region else []
    candidates += [(pattern.get("match") or pattern["begin"], pattern, False) for pattern in _flat(region["patterns"])]
    best: tuple[re.Match[str], dict[str, Any], bool] | None = None
    for regexp, pattern, is_end in candidates:
        match = re.compile(regexp).search(line, position)
        if match and (best is None or match.start() < best[0].start()):
            best = match, pattern, is_end
    return best


def _flat(patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for pattern in patterns:
        if "include" in pattern:
            yield from _flat(GRAMMAR["repository"][pattern["include"].removeprefix("#")]["patterns"])
        else:
            yield pattern


def _pieces(match: re.Match[str], pattern: dict[str, Any], offset: int) -> Iterator[Piece]:
    captures = pattern.get("captures") or pattern.get("beginCaptures") or {"0": {"name": pattern.get("name")}}
    for group, capture in captures.items():
        start, end = match.span(int(group))
        yield Piece(offset + start, offset + end, capture["name"])


def editor_classes(text: str) -> list[_TokenType | None]:
    """For each character its class, None for spaces."""
    classes: list[_TokenType | None] = [None] * len(text)
    for start, end, scope in textmate(text):
        classes[start:end] = [kind_of(scope)] * (end - start)
    return [None if character.isspace() else kind for character, kind in zip(text, classes, strict=True)]


def pygments_classes(text: str) -> list[_TokenType | None]:
    classes: list[_TokenType | None] = []
    for _, kind, value in ArchLexer().get_tokens_unprocessed(text):
        classes += [None if character.isspace() else kind for character in value]
    return classes


EXPECTED = {
    "NUMBER": "constant.numeric",
    "SIZE": "constant.numeric.size",
    "STRING": "string",
    "REFERENCE": "variable.other.reference",
    "REPEAT": "keyword.other.repetition",
    "TRUE": "constant.language",
    "FALSE": "constant.language",
    "NONE": "constant.language",
    "AND": "keyword.operator.word",
    "OR": "keyword.operator.word",
    "NOT": "keyword.operator.word",
    "IF": "keyword.control",
    "ELIF": "keyword.control",
    "ELSE": "keyword.control",
    "FOR": "keyword.control",
    "BAR": "punctuation",
    "POWER": "keyword.operator",
    "PLUS": "keyword.operator",
    "EQ": "keyword.operator",
    "LESS": "keyword.operator",
    "BEGIN": "punctuation",
    "CALL": "punctuation",
    "LIST": "punctuation",
    "CLOSE": "punctuation",
}
"""Tokens of the language whose class depends on nothing else."""


def check(text: str) -> None:
    editor, pygments = editor_classes(text), pygments_classes(text)
    assert "".join(value for _, _, value in ArchLexer().get_tokens_unprocessed(text)) == text
    assert editor == pygments
    wrong = [text[n : n + 20] for n, kind in enumerate(editor) if kind is Error]
    assert not wrong
    missed = [text[n : n + 20] for n, kind in enumerate(editor) if kind is None and not text[n].isspace()]
    assert not missed
    source = Source("a", text)
    for token in Scanner(source, scanner_terminals()):
        if token.type in EXPECTED and token.value.strip():
            wanted = kind_of(EXPECTED[token.type])
            assert set(editor[token.start : token.end]) <= {wanted, None}, token


@pytest.mark.parametrize("path", ENTRIES, ids=lambda path: path.stem)
def test_the_zoo(path: Path) -> None:
    check(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(150))
def test_random_programs(seed: int) -> None:
    """Both agree on anything; only relations of `expect` that look like bodies are colored as bodies."""
    text = Writer(random.Random(seed), 3).program()
    assert editor_classes(text) == pygments_classes(text)
    assert Error not in editor_classes(text)


@pytest.mark.parametrize("path", ENTRIES[:30], ids=lambda path: path.stem)
def test_comments_are_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    source = Source("a", text)
    comments = [
        source.line_starts[comment.line] + comment.column
        for atom in read(source, Scanner(source, scanner_terminals()))
        if atom.before is not None
        for comment in atom.before.comments
    ]
    starts = [piece.start for piece in textmate(text) if piece.scope.startswith("comment")]
    assert starts == comments
    assert comments


WORDS = [
    ("def f(head) < head 3 >", "def", "keyword.declaration"),
    ("def f(head) < head 3 >", "f", "entity.name.function"),
    ("stage x4 < a >", "stage", "storage.type.role"),
    ("stage x4 < a >", "x4", "keyword.other.repetition"),
    ("stage x(n) < a >", "x", "keyword.other.repetition"),
    ("stage: conv 1", "stage", "entity.name.label"),
    ("f stage=1", "stage", "variable.parameter"),
    ("expect stage.params == 1", "stage", "variable.other"),
    ("expect stage.params == 1", "params", "variable.other.member"),
    ("expect params == 1", "expect", "keyword.declaration"),
    ("arch net(a=1)", "net", "entity.name.type"),
    ("let wide = 4*c", "wide", "entity.name.constant"),
    ("f pad=same", "pad", "variable.parameter"),
    ("pad 1", "pad", "support.function.operator"),
    ("let a = (max(1, 2))", "max", "support.function.builtin"),
    ("let a = (stem == 1)", "stem", "variable.other"),
    ("f (in.c)", "in", "variable.language"),
    ("for a in [1] < f >", "in", "keyword.control"),
    ("f @a.b", "@a.b", "variable.other.reference"),
    ("f < g >", "<", "punctuation.section.body"),
    ("f (a < b)", "<", "keyword.operator.comparison"),
    ("f é", "é", "invalid.illegal"),
    ("f ; )", ")", "invalid.illegal"),
    ('f "open', '"', "invalid.illegal"),
]


@pytest.mark.parametrize(("text", "word", "scope"), WORDS)
def test_words(text: str, word: str, scope: str) -> None:
    start = re.search(rf"(?<!\w){re.escape(word)}", text)
    assert start is not None
    assert editor_classes(text)[start.start()] is kind_of(scope)
    assert pygments_classes(text)[start.start()] is kind_of(scope)


def test_the_lists_of_words_are_fresh(update_golden: bool) -> None:
    text = textmate_lists.FILE.read_text(encoding="utf-8")
    fresh = textmate_lists.fresh(text)
    if update_golden:
        textmate_lists.FILE.write_text(fresh, encoding="utf-8")
        return
    assert text == fresh, (
        "grammar/arch.tmLanguage.json is stale: `pytest tests/units/syntax/test_highlight.py --update-golden` writes it"
    )


def test_a_stale_list_is_seen() -> None:
    text = textmate_lists.FILE.read_text(encoding="utf-8")
    for word in ("stage|", "expect|", "dwconv|", "residual|", "sqrt|", "elif|"):
        assert word in text
        assert textmate_lists.fresh(text.replace(word, "", 1)) == textmate_lists.fresh(text) == text


def test_only_words_of_statements_give_a_name_its_colour() -> None:
    assert {word for words in textmate_lists.NAMED.values() for word in words} <= set(keywords.STARTS)


def test_pygments_finds_the_lexer() -> None:
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["pygments.lexers"]
    module, _, name = entries["arch"].partition(":")
    lexer = getattr(import_module(module), name)
    assert lexer is ArchLexer
    assert lexer.filenames == ["*.arch"]


def test_a_broken_grammar_would_be_seen() -> None:
    """The comparison can fail: with one class left out, the two differ."""
    text = "stage < conv 3x3 64 > # comment"
    assert [kind for kind in editor_classes(text) if kind is not None] != [Error] * len(text)
    assert pygments_classes(text.replace("#", "$")) != pygments_classes(text)
