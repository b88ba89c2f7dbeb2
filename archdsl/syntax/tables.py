"""The parser's tables: compiled from `grammar/arch.lark` when the package is built, or here and now in a changed checkout.

`generate()` prints a module of plain literals, so nothing is ever unpickled; `_tables.py` holds it, with the grammar's digest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.resources import grammar_text

if TYPE_CHECKING:
    from lark import Lark

START = ("file", "expression")


class Tables(NamedTuple):
    """lark's parse table, its rules, and the terminals as (name, pattern, is a regular expression)."""

    table: Any
    rules: list[Any]
    terminals: list[tuple[str, str, bool]]


def load() -> Tables:
    """The tables of the grammar as it stands."""
    try:
        _tables: Any = import_module("archdsl.syntax._tables")
    except ImportError:
        return _compiled(grammar_text())
    text = grammar_text()
    if text and _digest(text) != _tables.DIGEST:
        return _compiled(text)
    from lark.grammar import Rule
    from lark.lexer import TerminalDef
    from lark.parsers.lalr_analysis import IntParseTable
    from lark.utils import SerializeMemoizer

    namespace = {"Rule": Rule, "TerminalDef": TerminalDef}
    memo = SerializeMemoizer.deserialize(_tables.MEMO, namespace, {})
    rules = [Rule.deserialize(rule, memo) for rule in _tables.RULES]
    table: Any = IntParseTable
    return Tables(table.deserialize(_tables.TABLE, memo), rules, _tables.TERMINALS)


def generate() -> str:
    """The source text of `_tables.py`."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    text = grammar_text()
    lark = _lark(text)
    data, memo = lark.memo_serialize([TerminalDef, Rule])
    lines = [
        '"""Made from grammar/arch.lark by archdsl.syntax.tables; do not edit."""',
        f"DIGEST = {_digest(text)!r}",
        f"TERMINALS = {_terminals(lark)!r}",
        f"MEMO = {memo!r}",
        f"RULES = {data['rules']!r}",
        f"TABLE = {data['parser']['parser']!r}",
    ]
    return "\n".join(lines) + "\n"


def _compiled(text: str) -> Tables:
    lark = _lark(text)
    return Tables(lark.parser.parser._parse_table, lark.rules, _terminals(lark))


def _lark(text: str) -> Lark:
    from lark import Lark
    from lark.lexer import Lexer

    class _NoLexer(Lexer):
        """The scanner makes the tokens; lark only needs to be told that it should not."""

        def __init__(self, conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Any:
            raise AssertionError("tokens come from archdsl.syntax.scanner")

    return Lark(
        text, parser="lalr", lexer=_NoLexer, start=list(START), strict=True, keep_all_tokens=True, maybe_placeholders=True
    )


def _terminals(lark: Lark) -> list[tuple[str, str, bool]]:
    return [(t.name, t.pattern.value, t.pattern.type == "re") for t in lark.terminals if t.pattern.value]


def _digest(text: str) -> str:
    from zlib import crc32

    return f"{crc32(text.encode()):08x}-{len(text)}"
