"""Highlighting for Pygments, from the TextMate grammar that editors use. Must not have patterns of its own.

Pygments finds this module by its entry point (`pygments.lexers`), so `pygmentize resnet50.arch` works where archdsl is
installed; archdsl itself never imports it, and does not need Pygments.
"""

from __future__ import annotations

from collections.abc import Callable
from json import loads
from typing import Any, Union

from pygments.lexer import RegexLexer, bygroups, include
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
    _TokenType,
)

from archdsl.resources import textmate_text

KINDS: dict[str, _TokenType] = {
    "comment": Comment.Single,
    "string": String.Double,
    "constant.numeric": Number,
    "constant.language": Keyword.Constant,
    "keyword.declaration": Keyword.Declaration,
    "keyword.control": Keyword,
    "keyword.other.repetition": Keyword.Pseudo,
    "keyword.operator.word": Operator.Word,
    "keyword.operator": Operator,
    "storage.type.role": Keyword.Type,
    "entity.name.function": Name.Function,
    "entity.name.type": Name.Class,
    "entity.name.constant": Name.Constant,
    "entity.name.label": Name.Label,
    "support.function": Name.Builtin,
    "variable.other.reference": Name.Variable,
    "variable.other.member": Name.Property,
    "variable.language": Name.Builtin.Pseudo,
    "variable.parameter": Name.Attribute,
    "variable.other": Name,
    "punctuation": Punctuation,
    "invalid": Error,
}
"""What Pygments calls a scope of the grammar: the longest of these that it begins with."""


def kind_of(scope: str) -> _TokenType:
    """The token type of a scope such as `constant.numeric.size.arch`."""
    names = scope.removesuffix(".arch").split(".")
    for length in range(len(names), 0, -1):
        kind = KINDS.get(".".join(names[:length]))
        if kind is not None:
            return kind
    raise KeyError(scope)


_Rule = Union[str, tuple[object, ...]]
"""The name of a state whose rules are included, or a pattern with what it gives and where it leads."""


def _states(grammar: dict[str, Any]) -> dict[str, list[_Rule]]:
    """The grammar's repository as lexer states; a region with a begin and an end is a state that is pushed and popped."""
    states: dict[str, list[_Rule]] = {}

    def rules(patterns: list[dict[str, Any]]) -> list[_Rule]:
        return [_rule(pattern, states, rules) for pattern in patterns]

    for name, entry in grammar["repository"].items():
        states[name] = rules(entry["patterns"])
    states["root"] = [(r"\s+", Whitespace), *rules(grammar["patterns"])]
    return states


def _rule(
    pattern: dict[str, Any], states: dict[str, list[_Rule]], rules: Callable[[list[dict[str, Any]]], list[_Rule]]
) -> _Rule:
    if "include" in pattern:
        included: str = include(pattern["include"].removeprefix("#"))
        return included
    if "begin" in pattern:
        state = pattern["name"]
        end = (pattern["end"], kind_of(pattern["endCaptures"]["0"]["name"]), "#pop")
        states[state] = [(r"\s+", Whitespace), end, *rules(pattern["patterns"])]
        return (pattern["begin"], kind_of(pattern["beginCaptures"]["0"]["name"]), state)
    if "captures" in pattern:
        return (pattern["match"], bygroups(*_groups(pattern["captures"])))
    return (pattern["match"], kind_of(pattern["name"]))


def _groups(captures: dict[str, dict[str, str]]) -> list[_TokenType]:
    """A token type for each group; those without a scope are the spaces between."""
    return [kind_of(captures[str(n)]["name"]) if str(n) in captures else Text for n in range(1, max(map(int, captures)) + 1)]


class ArchLexer(RegexLexer):  # type: ignore[misc]
    """The lexer for `.arch` files."""

    name = "arch"
    aliases = ["arch", "archdsl"]  # noqa: RUF012
    filenames = ["*.arch"]  # noqa: RUF012
    mimetypes = ["text/x-arch"]  # noqa: RUF012
    tokens = _states(loads(textmate_text()))
