"""The LALR automaton: takes tokens one by one and builds nodes as rules are complete. Must not know the language.

Why not lark at run time? Importing it would add a fifth to the time of a command, and tie the users of archdsl to those
of its releases whose tables we know. Recovery from a syntax mistake cuts the stacks back, so they are open to the parser.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from archdsl.syntax.scanner import Token
from archdsl.syntax.tables import Tables

Build = Callable[[list[Any]], Any]


class Misfit(Exception):
    """The token does not fit here. The automaton is as if it had not come, except for rules that were complete before it."""


class Rules:
    """The rules as the automaton needs them: names, lengths, and what builds a node of the parts."""

    __slots__ = ("builds", "names", "sizes")

    def __init__(self, tables: Tables, builder: object) -> None:
        self.names = [rule[0] for rule in tables.rules]
        self.sizes = [len(rule[1]) for rule in tables.rules]
        self.builds = [_build(builder, *rule[1:]) for rule in tables.rules]


def _build(builder: object, parts: tuple[str, ...], name: str, positions: tuple[int, ...], is_alone: bool) -> Build:
    if is_alone and len(parts) == 1 and not positions:
        return itemgetter(0)
    method: Build = getattr(builder, name)
    if positions:
        return lambda given: method([given[position] if position >= 0 else None for position in positions])
    return method


class Automaton:
    """One parse.

    Attributes:
        state_stack, value_stack: the states passed, and the token or node that led to each but the first.
    """

    __slots__ = ("_end", "_rules", "state_stack", "states", "value_stack")

    def __init__(self, tables: Tables, rules: Rules, start: str) -> None:
        self.states = tables.states
        self._rules = rules
        self._end = tables.ends[start]
        self.state_stack = [tables.starts[start]]
        self.value_stack: list[Any] = []

    def feed(self, token: Token) -> object:
        """Take a token; returns what was parsed if it is the last one (`$END`).

        Raises:
            Misfit: it does not fit here.
        """
        states, stack, values = self.states, self.state_stack, self.value_stack
        names, sizes, builds = self._rules.names, self._rules.sizes, self._rules.builds
        kind = token.type
        while True:
            following = states[stack[-1]].get(kind)
            if following is None:
                raise Misfit
            if following >= 0:
                stack.append(following)
                values.append(token)
                return None
            rule = ~following
            size = sizes[rule]
            parts: list[Any] = []
            if size:
                parts = values[-size:]
                del stack[-size:]
                del values[-size:]
            values.append(builds[rule](parts))
            stack.append(states[stack[-1]][names[rule]])
            if stack[-1] == self._end and kind == "$END":
                return values[-1]

    def accepted(self) -> set[str]:
        """The kinds of token that fit here."""
        stack = self.state_stack
        return {kind for kind in self.states[stack[-1]] if kind.isupper() and self.after(stack, kind) is not None}

    def after(self, stack: list[int], kind: str) -> list[int] | None:
        """The states after a token of this kind, from the states `stack`; None if it does not fit. Nothing is built."""
        stack = list(stack)
        while True:
            following = self.states[stack[-1]].get(kind)
            if following is None:
                return None
            if following >= 0:
                stack.append(following)
                return stack
            size = self._rules.sizes[~following]
            if size:
                del stack[-size:]
            stack.append(self.states[stack[-1]][self._rules.names[~following]])
            if stack[-1] == self._end:
                return stack
