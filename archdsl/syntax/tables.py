"""The parser's tables: compiled from `grammar/arch.lark` when the package is built, or here and now in a changed checkout.

lark compiles the grammar (LALR, strict); what comes out is plain data, which `archdsl.syntax.automaton` runs, so that lark is
needed to build the package and to change the grammar, not to run. `generate()` prints the data as a module of literals, so
nothing is ever unpickled; `_tables.py` holds it, with a digest that tells whether it fits. Must not know what rules mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from archdsl.records import NamedTuple
from archdsl.resources import grammar_text

if TYPE_CHECKING:
    from lark import Lark, Token
    from lark.common import LexerConf
    from lark.grammar import Rule
    from lark.lexer import LexerState

START = ("file", "expression")
_FORM = 2
"""Goes up whenever `Tables` gets another form, so that a `_tables.py` of the old form is not read."""


class Tables(NamedTuple):
    """An LALR automaton as plain data.

    Attributes:
        states: for each state what follows a terminal, or a rule's name on top of it: the next state, or `~rule` to reduce.
        starts, ends: first and last state by what is parsed (`file`, `expression`).
        rules: (name, parts, method of the builder, arguments of the method, whether a single part is the result itself).
            The parts are names of terminals and rules. The arguments are positions of parts, -1 (for None) where an
            optional part is absent; they are empty if none is absent.
        terminals: (name, pattern, is a regular expression).
    """

    states: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]
    rules: list[tuple[str, tuple[str, ...], str, tuple[int, ...], bool]]
    terminals: list[tuple[str, str, bool]]


@lru_cache(maxsize=1)
def load() -> Tables:
    """The tables of the current grammar.

    Raises:
        ModuleNotFoundError: there are none for it, and without lark none can be made.
    """
    text = grammar_text()
    try:
        _tables: Any = import_module("archdsl.syntax._tables")
    except ImportError:
        return compiled(text)
    if _digest(text) != _tables.DIGEST:
        return compiled(text)
    return Tables(*(getattr(_tables, name.upper()) for name in Tables._fields))


def generate() -> str:
    """The source text of `_tables.py`."""
    text = grammar_text()
    lines = ['"""Made from grammar/arch.lark by archdsl.syntax.tables; do not edit."""', f"DIGEST = {_digest(text)!r}"]
    lines += [f"{name.upper()} = {value!r}" for name, value in compiled(text)._asdict().items()]
    return "\n".join(lines) + "\n"


def compiled(text: str) -> Tables:
    """The tables of a grammar. Raises lark's `GrammarError` if it is ambiguous.

    What is read of lark here is not promised by it: `_parse_table`, its actions, and the options of rules. They are the same in
    the releases that pyproject.toml allows (1.2.1, 1.2.2, 1.3.0 and 1.3.1 give equal tables); one that changes them fails here.
    """
    lark = _lark(text)
    from lark.parsers.lalr_analysis import Shift

    table: Any = lark.parser.parser._parse_table
    numbers = {rule: number for number, rule in enumerate(lark.rules)}

    def entry(action: object, target: int | Rule) -> int:
        assert isinstance(target, int) == (action is Shift)
        return target if isinstance(target, int) else ~numbers[target]

    states = {state: {str(kind): entry(*following) for kind, following in row.items()} for state, row in table.states.items()}
    starts = {start: table.start_states[start] for start in START}
    order = _in_order(states, starts.values())
    assert len(order) == len(states)
    return Tables(
        [{kind: order.get(to, to) for kind, to in sorted(states[state].items())} for state in order],
        {start: order[state] for start, state in starts.items()},
        {start: order[table.end_states[start]] for start in START},
        [_rule(rule) for rule in lark.rules],
        [(str(t.name), str(t.pattern.value), t.pattern.type == "re") for t in lark.terminals if t.pattern.value],
    )


def _in_order(states: dict[int, dict[str, int]], starts: Iterable[int]) -> dict[int, int]:
    """New numbers of the states, in the order they are reached: lark's own depend on the hashes of one run."""
    order = {state: number for number, state in enumerate(starts)}
    waiting = list(order)
    for state in waiting:
        for _, following in sorted(states[state].items()):
            if following >= 0 and following not in order:
                order[following] = len(order)
                waiting.append(following)
    return order


def _rule(rule: Rule) -> tuple[str, tuple[str, ...], str, tuple[int, ...], bool]:
    name, parts = str(rule.origin.name), tuple(str(part.name) for part in rule.expansion)
    # Rules of such names are put into the tree of the rule that uses them; the automaton knows only rules that are built.
    assert not any(part.startswith("_") for part in (name, *parts)), f"a hidden rule: {rule}"
    positions: tuple[int, ...] = ()
    if any(rule.options.empty_indices):
        present = iter(range(len(parts)))
        positions = tuple(-1 if is_absent else next(present) for is_absent in rule.options.empty_indices)
    return name, parts, str(rule.alias or name), positions, bool(rule.options.expand1 and not rule.alias)


def _lark(text: str) -> Lark:
    try:
        import interegular  # noqa: F401  what lark's `strict` compares terminals with
        from lark import Lark
        from lark.lexer import Lexer
    except ImportError:
        message = "the parser's tables do not fit grammar/arch.lark, and lark, which makes them anew, is not installed: "
        raise ModuleNotFoundError(message + "pip install 'archdsl[dev]'", name="lark") from None

    class _NoLexer(Lexer):
        """The scanner makes the tokens; this keeps lark from making them."""

        def __init__(self, conf: LexerConf) -> None:
            pass

        def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
            raise AssertionError("tokens come from archdsl.syntax.scanner")

    return Lark(
        text, parser="lalr", lexer=_NoLexer, start=list(START), strict=True, keep_all_tokens=True, maybe_placeholders=True
    )


def _digest(text: str) -> str:
    from zlib import crc32

    return f"{_FORM}-{crc32(text.encode()):08x}-{len(text)}"
