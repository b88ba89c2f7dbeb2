"""Tokens to tree. After a mistake the parser recovers on the automaton's stacks and continues.

Recovery: first a missing closing bracket is put in if that makes the next token fit; then an extra closer is left out;
else the statement is given up: a `BROKEN` statement takes its place and parsing continues at the next separator or closer of
its body. So one mistake costs one statement, and what comes after it is still read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from archdsl.diagnostics import Diagnostic, Label
from archdsl.records import NamedTuple
from archdsl.syntax import tree
from archdsl.syntax.automaton import Automaton, Misfit, Rules
from archdsl.syntax.keywords import KINDS
from archdsl.syntax.reductions import LONGEST_NAME, NumberTooLong, Reductions, is_too_long
from archdsl.syntax.scanner import MOST_DEPTH, Scanner, Terminals, Token, terminals
from archdsl.syntax.tables import Tables, load
from archdsl.text import Source, Span

if TYPE_CHECKING:
    from archdsl.syntax.errors.context import Brackets
    from archdsl.syntax.errors.unclosed import Unclosed

_CLOSERS = (("CLOSE", ")"), ("END_LIST", "]"), ("END", ">"))
_MOST_ENDS = 10
"""So many forgotten `>` are looked for, each by reading the text again."""
_NUMBERS = frozenset({"NUMBER", "SIZE", "REPEAT"})
_NAMES = frozenset({"NAME", "REFERENCE"})
_SYNC = frozenset({"SEP", "END", "BAR", "$END"})


class _NameTooLong(Exception):
    """A name, or one of the two in `@label.NAME`, with more characters than files may be named by."""


class _Engine(NamedTuple):
    terminals: Terminals
    tables: Tables
    rules: Rules


@lru_cache(maxsize=1)
def _engine() -> _Engine:
    tables = load()
    return _Engine(terminals(tables.terminals), tables, Rules(tables, Reductions()))


def scanner_terminals() -> Terminals:
    """What the scanner needs, for code that needs only tokens (formatting, highlighting)."""
    return _engine().terminals


def parse(source: Source, report: list[Diagnostic]) -> tree.File:
    """The tree of a whole file. Mistakes go to `report`; their statements are `Broken` in the tree."""
    ends: list[int] = []
    unclosed: dict[int, Diagnostic] = {}
    scanned = source
    while True:
        run = _Parse(source, "file", [], ends, scanned, may_go_back=len(unclosed) < _MOST_ENDS)
        result = run.run()
        missing = run.unclosed
        if missing is None or not missing.is_before_more or missing.begin in unclosed or len(unclosed) == _MOST_ENDS:
            break
        # What comes after the place of a forgotten closing sign is read again as if the sign were there.
        if source.text[missing.begin] == "(":
            text = scanned.text
            scanned = Source(source.name, f"{text[: missing.end]}){text[missing.end + 1 :]}")
        else:
            ends.append(missing.end)
        unclosed[missing.begin] = missing.said
    report += [*unclosed.values(), *run.report]
    assert isinstance(result, tree.File)
    return result


def parse_expression(source: Source, report: list[Diagnostic]) -> tree.Expression | None:
    """The tree of one expression; None if the text is not one (and `report` says why)."""
    before = len(report)
    result = _Parse(source, "expression", report).run()
    return None if len(report) > before else cast("tree.Expression", result)


def _is_long_name(text: str) -> bool:
    return any(len(name) > LONGEST_NAME for name in text.removeprefix("@").split("."))


def _with_ends(tokens: Iterator[Token], ends: Sequence[int]) -> Iterator[Token]:
    """The tokens, with a `>` at each of the offsets."""
    waiting = sorted(ends, reverse=True)
    for token in tokens:
        while waiting and token.start >= waiting[-1]:
            yield Token("END", ">", waiting[-1], waiting.pop())
        yield token


class _Parse:
    """One parse: the automaton, the tokens to come, and what was already reported."""

    def __init__(
        self,
        source: Source,
        start: str,
        report: list[Diagnostic],
        ends: Sequence[int] = (),
        scanned: Source | None = None,
        may_go_back: bool = False,
    ) -> None:
        """`ends`: offsets at which a body ends although there is no `>`; `scanned`: the text with `)` in place of some blanks.

        `may_go_back`: a `)` that was forgotten before a body ends this parse, so that there is another one.
        """
        engine = _engine()
        self.source = source
        self.report = report
        self.start = start
        self.may_go_back = may_go_back
        self.scanner = Scanner(scanned or source, engine.terminals)
        self.tokens: Iterator[Token] = _with_ends(iter(self.scanner), ends) if ends else iter(self.scanner)
        self.brackets: Brackets | None = None
        self.unclosed: Unclosed | None = None
        self.automaton = Automaton(engine.tables, engine.rules, start)
        self.last: Token | None = None

    def run(self) -> object:
        feed = self.automaton.feed
        token = next(self.tokens)
        while True:
            try:
                while True:
                    if token.type in _NUMBERS and is_too_long(token.value):
                        raise NumberTooLong
                    if token.end - token.start > LONGEST_NAME and token.type in _NAMES and _is_long_name(token.value):
                        raise _NameTooLong
                    whole = feed(token)
                    if token.type == "$END":
                        return whole
                    self.last = token
                    token = next(self.tokens)
            except Misfit:
                states = list(self.automaton.state_stack)
                following = self._recover(token)
                if following is None or (following is token and states == self.automaton.state_stack):
                    # Nothing of it could be read, or recovery makes no progress: the rest is given up.
                    return tree.File((tree.Broken(None, 0, len(self.source.text)),), True)
                token = following
            except (NumberTooLong, _NameTooLong) as wrong:
                self._say_too_long(token, isinstance(wrong, _NameTooLong))
                following = self._give_up(token)
                if following is None:
                    return tree.File((tree.Broken(None, 0, len(self.source.text)),), True)
                token = following

    # Recovery

    def _recover(self, token: Token) -> Token | None:
        # Only a text with a mistake pays for the wording of mistakes.
        from archdsl.syntax.errors.context import Brackets
        from archdsl.syntax.errors.describe import describe
        from archdsl.syntax.errors.unclosed import never_closed

        stack, after = self.automaton.state_stack, self.automaton.after
        # Where the nesting ends is unknown, so there is nothing to continue with.
        if token.type == "TOO_DEEP":
            self._say(
                "too-deep",
                "bodies and brackets are nested too deeply",
                f"up to {MOST_DEPTH} of them may be open at once",
                token,
            )
            return None
        if self._is_open_before_body(token):
            return None
        opens = token.type in ("OPEN", "CALL", "LIST", "INDEX", "REPEAT_OPEN")
        if self.scanner.depth > opens and self.last is not None and "\n" in self.source.text[self.last.end : token.start]:
            # A bracket was forgotten on an earlier line: this token starts a statement.
            self.scanner.depth = 0
            self.tokens = chain([token], self.tokens)
            token = Token("SEP", "\n", self.last.end, self.last.end)
        # The file ends inside a body. The indentation shows which body was not closed. Only the first one is reported, and
        # one `>` is put in each time.
        if self._is_in_a_body(token):
            begin = next(v.start for v in reversed(self.automaton.value_stack) if isinstance(v, Token) and v.type == "BEGIN")
            missing = never_closed(self.source, begin)
            if self.unclosed is None:
                self.unclosed = missing
                self.report.append(missing.said)
            at = self.last.end if self.last else token.start
            self.automaton.feed(Token("END", ">", at, at))
            return token
        self.brackets = self.brackets or Brackets(self.source)
        found = describe(self.source, self.automaton.accepted(), self.last, token, self.brackets)
        if not self.report or self.report[-1] != found:
            self.report.append(found)
        if self.start == "expression":
            return None
        # To put in a closer here would turn one mistake into several.
        if found.name == "gap-before-bracket":
            return self._give_up(token)
        # A closer is missing: put in the one that makes the token fit.
        for kind, text in _CLOSERS:
            closed = after(stack, kind)
            # A `>` closes a body only if its last statement is whole; otherwise it compares.
            if closed is None or token.type.startswith("BAD") or (kind == "END" and after(stack, "SEP") is None):
                continue
            if after(closed, token.type) is not None:
                at = self.last.end if self.last else token.start
                if kind != "END":
                    self.scanner.depth = max(0, self.scanner.depth - 1)
                self.automaton.feed(Token(kind, text, at, at))
                return token
        # There is an extra closer: leave it out.
        if token.type in ("END", "CLOSE", "END_LIST", "BAR") and not self._ends_a_broken_statement(token):
            following = next(self.tokens)
            if after(stack, following.type) is not None:
                return following
            token = following
        return self._give_up(token)

    def _is_open_before_body(self, token: Token) -> bool:
        """Whether a `)` was forgotten before a body, or a body's end, on the line of its `(`; the text is then read again."""
        if not self.scanner.depth or self.unclosed is not None or not self.may_go_back:
            return False
        from archdsl.syntax.errors.context import Brackets
        from archdsl.syntax.errors.unclosed import open_before_body

        self.brackets = self.brackets or Brackets(self.source)
        signs = self.brackets.before(token.start)
        if not signs or signs[-1][0] != "(":
            return False
        is_in_body = any(sign == "<" for sign, _ in signs)
        self.unclosed = open_before_body(self.source, signs[-1][1], token.start, is_in_body)
        return self.unclosed is not None

    def _is_in_a_body(self, token: Token) -> bool:
        """Whether the file ends after a whole statement of a body; in an `expect` a `>` would compare."""
        if token.type != "$END" or self.automaton.after(self.automaton.state_stack, "END") is None:
            return False
        kinds = [value.type for value in self.automaton.value_stack if isinstance(value, Token)]
        return "BEGIN" in kinds and kinds[-1] != "EXPECT"

    def _ends_a_broken_statement(self, token: Token) -> bool:
        """Whether the body around continues after the token, or ends with it, as soon as its last statement is given up."""
        stack, after = self.automaton.state_stack, self.automaton.after
        if token.type not in ("END", "BAR"):
            return False
        broken = (after(stack[:size], "BROKEN") for size in range(len(stack), 0, -1))
        return any(after(states, token.type) is not None for states in broken if states is not None)

    def _give_up(self, token: Token) -> Token | None:
        """Replace the statement by a `Broken` one; the token to go on with, or None if no body is open."""
        start = self.last.start if self.last else token.start
        misfit, token = token, self._skip(token)
        while True:
            stack, values, after = self.automaton.state_stack, self.automaton.value_stack, self.automaton.after
            for size in range(len(stack), 0, -1):
                broken = after(stack[:size], "BROKEN")
                # At the end of the file a body may still be open: that is reported next, on its own.
                fits = broken is not None and (
                    after(broken, token.type) is not None or (token.type == "$END" and after(broken, "END") is not None)
                )
                if fits:
                    del stack[size:]
                    lost = values[size - 1 :]
                    del values[size - 1 :]
                    start = next((part.start for part in lost if getattr(part, "start", -1) >= 0), start)
                    self.automaton.feed(Token("BROKEN", self._first_word(lost, misfit), start, token.start))
                    return token
            if token.type == "$END":
                return None
            token = self._skip(next(self.tokens))

    def _first_word(self, lost: list[Any], misfit: Token) -> str:
        """The word of the language that a lost statement starts with, from the parts before `misfit`; "" for none."""
        if not lost or (len(lost) == 1 and misfit.type in ("EQUAL", "EQ")):
            return ""  # In `let = 3` it was meant as a name.
        word, first = "", lost[0]
        if isinstance(first, Token):
            word = first.value
        elif isinstance(first, tree.Ident) and self.last is not None and self.last.start == first.start:
            # No statement starts with `import`, so it was taken for a name before what comes after it misfits.
            word = first.text
        return word if word in KINDS else ""

    def _skip(self, token: Token) -> Token:
        """The next token that ends a statement, whole bodies passed over."""
        depth = 0
        if token.type == "BEGIN" and not self._opens_body(token):
            token = next(self.tokens)
        while token.type != "$END":
            if depth == 0 and token.type in _SYNC:
                return token
            depth += (token.type == "BEGIN") - (token.type == "END")
            token = next(self.tokens)
        return token

    def _opens_body(self, token: Token) -> bool:
        """Whether a `<` that does not fit was meant as a body: its line ends there, or has the `>`."""
        line_end = self.source.text.find("\n", token.end)
        rest = self.source.text[token.end : line_end if line_end >= 0 else None].partition("#")[0].strip()
        return not rest or ">" in rest

    def _say_too_long(self, token: Token, is_name: bool) -> None:
        if is_name:
            self._say("name-too-long", "this name is too long", f"a name may have up to {LONGEST_NAME} characters", token)
            return
        note = "a number may have up to 100 digits and an exponent up to 100"
        self._say("number-too-long", "this number has more digits than a network can need", note, token)

    def _say(self, name: str, message: str, note: str, token: Token) -> None:
        label = Label(Span(self.source, token.start, token.end), "", primary=True)
        self.report.append(Diagnostic(name, "error", message, (label,), notes=(note,)))
