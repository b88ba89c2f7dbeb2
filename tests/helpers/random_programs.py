"""Random programs with valid syntax: every statement form, every expression, any spacing. Must not check what they mean.

`Writer(random).program()` works with any `random.Random`: one of hypothesis, which shrinks, or a seeded one for long runs.
The text is written in two steps: first words and marks (where spaces must, may or may not be), then the spacing.
"""

from __future__ import annotations

import random
from enum import Enum, auto
from typing import Union

from hypothesis import strategies as st


class Mark(Enum):
    """What may be between two words."""

    GAP = auto()
    """At least one space."""
    LOOSE = auto()
    """Spaces or none."""
    SEPARATOR = auto()
    """What ends a statement: `;` or line ends, with comments."""
    BREAK = auto()
    """Spaces or line ends: after `<` and `|`, before `|`, `>`, `elif` and `else`."""
    ENTER = auto()
    """A bracket is open from here: line ends and comments may be in every gap."""
    LEAVE = auto()


Word = Union[str, Mark]
GAP, LOOSE, SEPARATOR, BREAK, ENTER, LEAVE = Mark

NAMES = ("a", "b", "c", "width", "stride", "conv", "bn", "unit", "depths", "x_1", "X", "_")
ROLES = ("stem", "stage", "block", "branch", "neck", "head")
SOFT = (*ROLES, *"arch from import input let default def shared output aux meta expect downsample".split())
NUMBERS = ("0", "1", "64", "25_557_032", "0.5", "1e-5", "4.1G", "48.6MB", "2K", "3E4")
SIZES = ("3x3", "1x7", "11x11")
STRINGS = ('"a.arch"', '""', r'"say \"x\" \\"', '"# no < comment > ; |"', '"größe"')
COMMENTS = ("#", "# a comment", "#tight", '# "quoted < | ; > ) ]', "#\ttab", "# über  two", "##", "# stage < x >")
ARITHMETIC = ("+", "-", "*", "/", "//", "%", "**")
RELATIONS = ("==", "!=", "<=", ">=", "<", ">")


class Writer:
    """Writes one program; `depth` bounds how deep forms nest."""

    def __init__(self, source: random.Random, depth: int = 4) -> None:
        self.random = source
        self.depth = depth
        self.words: list[Word] = []

    def program(self) -> str:
        """The text of a whole file."""
        self.words = [BREAK]
        self.statements(self.depth, at_top=True)
        self.words.append(BREAK)
        return _spaced(self.words, self.random)

    def expression_text(self) -> str:
        """One expression, as in `let a = …`."""
        self.words = []
        self.expression(self.depth, brackets=False)
        return _spaced(self.words, self.random)

    # Choosing

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def put(self, *words: Word) -> None:
        self.words += words

    def name(self) -> None:
        """A name where any of the words that start statements may be one."""
        self.put(self.random.choice(SOFT if self.chance(6) else NAMES))

    def plain_name(self) -> None:
        self.put(self.random.choice(NAMES))

    def listed(self, item: object, least: int = 0, *, trailing: bool = True) -> None:
        """Items with commas inside an open bracket."""
        assert callable(item)
        count = self.random.randint(least, 3)
        for number in range(count):
            if number:
                self.put(",", LOOSE)
            item()
            self.put(LOOSE)
        if count and trailing and self.chance(4):
            self.put(",", LOOSE)

    # Statements

    def statements(self, depth: int, *, at_top: bool = False) -> None:
        forms = [
            self.step, self.step, self.step, self.step, self.let, self.default, self.definition, self.loop, self.choice,
            self.shared, self.output, self.aux, self.meta, self.expect, self.downsample, self.input,
        ]  # fmt: skip
        if at_top:
            forms += [self.arch, self.derived_arch, self.imports]
        for number in range(self.random.randint(0, 5 if at_top else 3)):
            if number:
                self.put(SEPARATOR)
            self.random.choice(forms)(depth - 1)

    def arch(self, depth: int) -> None:
        self.put("arch", GAP)
        self.plain_name()
        if self.chance(2):
            self.parameters(depth)

    def derived_arch(self, depth: int) -> None:
        self.put("arch", GAP)
        self.plain_name()
        self.put(LOOSE, "=", LOOSE)
        self.plain_name()
        if self.chance(2):
            self.call_arguments(depth)

    def imports(self, depth: int) -> None:
        self.put("from", LOOSE, self.random.choice(STRINGS), LOOSE, "import", GAP)
        self.names()

    def input(self, depth: int) -> None:
        self.put("input", GAP)
        self.name()
        self.put(LOOSE, "[", ENTER, LOOSE)
        self.listed(lambda: self.expression(depth), least=1)
        self.put(LEAVE, "]")

    def let(self, depth: int) -> None:
        self.put("let", GAP)
        self.name()
        self.put(LOOSE, "=", LOOSE)
        self.expression(depth, brackets=False)

    def default(self, depth: int) -> None:
        self.put("default", GAP)
        self.plain_name()
        self.put(GAP)
        self.settings(depth)

    def definition(self, depth: int) -> None:
        self.put("def", GAP)
        self.plain_name()
        if self.chance(2):
            self.parameters(depth)
        self.put(LOOSE)
        self.body(depth)

    def loop(self, depth: int) -> None:
        self.over(depth)
        self.put(LOOSE)
        self.body(depth)

    def choice(self, depth: int) -> None:
        self.put("if", LOOSE)
        self.condition(depth)
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.put(BREAK, "elif", LOOSE)
            self.condition(depth)
        if self.chance(2):
            self.put(BREAK, "else", LOOSE)
            self.body(depth)

    def condition(self, depth: int) -> None:
        self.bracketed(depth)
        self.put(LOOSE)
        self.body(depth)

    def shared(self, depth: int) -> None:
        self.put("shared", GAP)
        self.plain_name()
        self.put(LOOSE)
        self.body(depth)

    def output(self, depth: int) -> None:
        self.put("output", GAP)
        self.name()

    def aux(self, depth: int) -> None:
        self.put("aux", GAP)
        self.name()
        self.put(LOOSE)
        self.body(depth)

    def meta(self, depth: int) -> None:
        self.put("meta", GAP)
        self.settings(depth)

    def downsample(self, depth: int) -> None:
        self.put("downsample", GAP)
        self.settings(depth)

    def expect(self, depth: int) -> None:
        self.put("expect", GAP)
        self.name()
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.put(LOOSE, ".", LOOSE)
            self.put(self.random.choice(("0", "12"))) if self.chance(3) else self.name()
        if self.chance(3):
            self.put("(", ENTER, LOOSE)
            self.plain_name()
            self.put(LOOSE, LEAVE, ")")
        self.put(LOOSE, self.random.choice((*RELATIONS, "~=")), LOOSE)
        self.expression(depth, brackets=False)

    def step(self, depth: int) -> None:
        if self.chance(4):
            self.name()
            self.put(LOOSE, ":", LOOSE)
        if self.chance(4):
            self.put(self.random.choice(ROLES), GAP)
        if self.chance(4):
            self.repeat(depth)
        self.unit(depth)

    def repeat(self, depth: int) -> None:
        if self.chance(2):
            self.put(self.random.choice(("x4", "x0", "x12")), GAP)
            return
        self.put("x(", ENTER, LOOSE)
        self.expression(depth)
        self.put(LOOSE, LEAVE, ")", LOOSE)

    def unit(self, depth: int) -> None:
        form = self.random.randrange(8)
        if form == 0:
            self.put(self.random.choice(("@a", "@skip", "@a.b")))
        elif form == 1 and depth > 0:
            self.body(depth, most=3)
        else:
            self.call(depth)

    def call(self, depth: int) -> None:
        self.plain_name()
        if self.chance(3):
            self.call_arguments(depth)
        else:
            for _ in range(self.random.choice((0, 1, 1, 2, 3))):
                self.put(GAP)
                self.setting(depth) if self.chance(2) else self.primary(depth)
        if self.chance(6):
            self.put(GAP)
            self.over(depth)
        if depth > 0 and self.chance(3):
            self.put(LOOSE)
            self.body(depth, most=3)

    def over(self, depth: int) -> None:
        self.put("for", GAP)
        self.names()
        self.put(GAP, "in", GAP)
        self.sum(depth)

    def body(self, depth: int, most: int = 1) -> None:
        self.put("<", BREAK)
        for number in range(self.random.randint(1, most)):
            if number:
                self.put(BREAK, "|", BREAK)
            if depth > 0:
                self.statements(depth)
        self.put(BREAK, ">")

    # Arguments

    def names(self) -> None:
        self.name()
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.put(LOOSE, ",", LOOSE)
            self.name()

    def parameters(self, depth: int) -> None:
        self.put(*((LOOSE, "(") if self.chance(6) else ("(",)), ENTER, LOOSE)
        self.listed(lambda: self.parameter(depth))
        self.put(LEAVE, ")")

    def parameter(self, depth: int) -> None:
        self.name()
        if self.chance(2):
            self.put(LOOSE, "=", LOOSE)
            self.expression(depth)

    def call_arguments(self, depth: int) -> None:
        self.put("(", ENTER, LOOSE)
        self.listed(lambda: self.argument(depth))
        self.put(LEAVE, ")")

    def argument(self, depth: int) -> None:
        if self.chance(2):
            self.name()
            self.put(LOOSE, "=", LOOSE)
        self.expression(depth)

    def settings(self, depth: int) -> None:
        for number in range(self.random.randint(1, 3)):
            if number:
                self.put(GAP)
            self.setting(depth)

    def setting(self, depth: int) -> None:
        self.name()
        self.put(LOOSE, "=", LOOSE)
        if self.chance(6):
            self.put("-", LOOSE)
        self.primary(depth)

    # Expressions

    def bracketed(self, depth: int) -> None:
        self.put("(", ENTER, LOOSE)
        self.expression(depth)
        self.put(LOOSE, LEAVE, ")")

    def expression(self, depth: int, *, brackets: bool = True) -> None:
        """`brackets`: inside an open bracket, where `<` and `>` compare."""
        form = self.random.randrange(12) if depth > 0 else 99
        if form == 0:
            self.either(depth - 1, brackets)
            self.put(GAP, "if", GAP)
            self.either(depth - 1, brackets)
            self.put(*(() if brackets else (BREAK,)), GAP, "else", GAP)
            self.expression(depth - 1, brackets=brackets)
        elif form == 1:
            self.either(depth - 1, brackets)
        else:
            self.sum(depth)

    def either(self, depth: int, brackets: bool) -> None:
        for number in range(self.random.choice((1, 1, 2, 3))):
            if number:
                self.put(GAP, self.random.choice(("and", "or")), GAP)
            if self.chance(4):
                self.put("not", GAP)
            self.comparison(depth, brackets)

    def comparison(self, depth: int, brackets: bool) -> None:
        self.sum(depth)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            self.put(LOOSE, self.random.choice(RELATIONS if brackets else RELATIONS[:4]), LOOSE)
            self.sum(depth)

    def sum(self, depth: int) -> None:
        for number in range(self.random.choice((1, 1, 1, 2, 3)) if depth > 0 else 1):
            if number:
                self.put(LOOSE, self.random.choice(ARITHMETIC), LOOSE)
            if self.chance(8):
                self.put("-", LOOSE)
            self.primary(depth - 1)

    def primary(self, depth: int) -> None:
        form = self.random.randrange(14)
        if depth <= 0 or form < 4:
            self.literal()
        elif form < 8:
            self.name()
        elif form == 8:
            self.put("in", LOOSE, ".", LOOSE, self.random.choice(("c", "shape", "head")))
        elif form == 9:
            self.bracketed(depth - 1)
        elif form == 10:
            self.put("[", ENTER, LOOSE)
            self.listed(lambda: self.expression(depth - 1))
            self.put(LEAVE, "]")
        elif form == 11:
            self.comprehension(depth - 1)
        elif form == 12:
            self.name()
            self.call_arguments(depth - 1)
        else:
            self.primary(depth - 1)
            self.suffix(depth - 1)

    def literal(self) -> None:
        self.put(self.random.choice((*NUMBERS, *NUMBERS, *SIZES, *STRINGS, "true", "false", "none", "@a", "@a.b", "in")))

    def suffix(self, depth: int) -> None:
        # A word such as `true` cannot be indexed, and `[` after it is a list.
        if self.chance(2) or self.words[-1] in ("true", "false", "none", "in"):
            self.put(LOOSE, ".", LOOSE)
            self.name()
            return
        self.put("[", ENTER, LOOSE)
        self.expression(depth)
        self.put(LOOSE, LEAVE, "]")

    def comprehension(self, depth: int) -> None:
        self.put("[", ENTER, LOOSE)
        self.expression(depth)
        self.put(GAP, "for", GAP)
        self.names()
        self.put(GAP, "in", GAP)
        self.sum(depth)
        if self.chance(2):
            self.put(GAP, "if", GAP)
            self.expression(depth)
        self.put(LOOSE, LEAVE, "]")


def _spaced(words: list[Word], source: random.Random) -> str:
    """The words with spaces, line ends and comments at the marks."""
    parts: list[str] = []
    depth = 0
    waiting: list[Mark] = []
    for word in [*words, ""]:
        if isinstance(word, Mark):
            depth += (word is ENTER) - (word is LEAVE)
            waiting.append(word)
            continue
        marks = [mark for mark in waiting if mark not in (ENTER, LEAVE)]
        # A line inside a bracket that starts like a statement ends the bracket, so no line may end before such a word.
        may_end = (BREAK in marks) or (depth > 0 and word not in SOFT)
        if SEPARATOR in marks:
            parts.append(_separator(source))
        elif marks and may_end and source.randrange(6) == 0:
            parts.append(_line_ends(source))
        elif marks:
            parts.append(_spaces(source, least=int(GAP in marks)))
        parts.append(word)
        waiting = []
    return "".join(parts)


def _spaces(source: random.Random, least: int) -> str:
    return source.choice((" ", " ", " ", "  ", "     ", "\t", " \r ", "" if not least else " "))


def _line_ends(source: random.Random) -> str:
    lines = [source.choice(("", "", "", " ", source.choice(COMMENTS))) for _ in range(source.choice((1, 1, 1, 2, 3)))]
    return " " + "\n".join(lines) + source.choice(("\n", "\n", "\r\n")) + " " * source.choice((0, 0, 2, 4, 7))


def _separator(source: random.Random) -> str:
    form = source.randrange(6)
    if form < 2:
        return source.choice((" ; ", ";", "   ; ", " ;; "))
    return (source.choice((" ;", "; ")) if form == 2 else "") + _line_ends(source)


def programs(depth: int = 4) -> st.SearchStrategy[str]:
    """Programs for hypothesis."""
    return st.randoms(use_true_random=False).map(lambda source: Writer(source, depth).program())
