"""The parser's tables: compiled from `grammar/arch.lark` when the package is built, or here and now in a changed checkout.

lark compiles the grammar (LALR, strict); what comes out is plain data, which `archdsl.syntax.automaton` runs, so that no start
of the command imports lark. `generate()` prints it as a module of literals, so nothing is ever unpickled; `_tables.py` holds
it, with the grammar's digest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.resources import grammar_text

if TYPE_CHECKING:
    from lark import Lark

START = ("file", "expression")


class Tables(NamedTuple):
    """An LALR automaton as plain data.

    Attributes:
        states: for each state what follows a terminal, or a rule's name on top of it: the next state, or `~rule` to reduce.
        starts, ends: first and last state by what is parsed (`file`, `expression`).
        rules: (name, length, method of the builder, where None stands for an absent optional part, whether one part alone
            stands for itself). The fourth is empty where nothing is absent, else it has the parts' positions, -1 for None.
        terminals: (name, pattern, is a regular expression).
    """

    states: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]
    rules: list[tuple[str, int, str, tuple[int, ...], bool]]
    terminals: list[tuple[str, str, bool]]


def load() -> Tables:
    """The tables of the grammar as it stands."""
    try:
        _tables: Any = import_module("archdsl.syntax._tables")
    except ImportError:
        return compiled(grammar_text())
    text = grammar_text()
    if text and _digest(text) != _tables.DIGEST:
        return compiled(text)
    return Tables(*(getattr(_tables, name.upper()) for name in Tables._fields))


def generate() -> str:
    """The source text of `_tables.py`."""
    text = grammar_text()
    lines = ['"""Made from grammar/arch.lark by archdsl.syntax.tables; do not edit."""', f"DIGEST = {_digest(text)!r}"]
    lines += [f"{name.upper()} = {value!r}" for name, value in compiled(text)._asdict().items()]
    return "\n".join(lines) + "\n"


def compiled(text: str) -> Tables:
    """The tables of a grammar. Raises lark's `GrammarError` where it is ambiguous."""
    from lark.parsers.lalr_analysis import Shift

    lark = _lark(text)
    table: Any = lark.parser.parser._parse_table
    numbers = {rule: number for number, rule in enumerate(lark.rules)}

    def entry(action: Any, target: Any) -> int:
        return target if action is Shift else ~numbers[target]

    assert sorted(table.states) == list(range(len(table.states)))
    states = [
        {str(kind): entry(*following) for kind, following in table.states[state].items()} for state in range(len(table.states))
    ]
    terminals = [(str(t.name), str(t.pattern.value), t.pattern.type == "re") for t in lark.terminals if t.pattern.value]
    return Tables(states, dict(table.start_states), dict(table.end_states), [_rule(rule) for rule in lark.rules], terminals)


def _rule(rule: Any) -> tuple[str, int, str, tuple[int, ...], bool]:
    name, size = str(rule.origin.name), len(rule.expansion)
    # Rules of such names are put into the tree of the rule that uses them; the automaton knows only rules that are built.
    assert not any(part.name.startswith("_") for part in (rule.origin, *rule.expansion)), f"a hidden rule: {rule}"
    positions: tuple[int, ...] = ()
    if any(rule.options.empty_indices):
        present = iter(range(size))
        positions = tuple(-1 if is_absent else next(present) for is_absent in rule.options.empty_indices)
    return name, size, str(rule.alias or name), positions, bool(rule.options.expand1 and not rule.alias)


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


def _digest(text: str) -> str:
    from zlib import crc32

    return f"{crc32(text.encode()):08x}-{len(text)}"
