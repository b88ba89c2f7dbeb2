"""The lists of words in the TextMate grammar, made from the language's own tables. Must not make other patterns.

`pytest tests/units/syntax/test_highlight.py --update-golden` writes them into grammar/arch.tmLanguage.json, whose patterns are
found by the scope that they give: the first group of each is a list. Everything around the lists is written there by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from json import dumps, loads
from typing import Any

from archdsl.elaborate.joins import JOINS
from archdsl.expressions.functions import FUNCTIONS
from archdsl.ops.registry import OPERATORS
from archdsl.syntax import keywords
from helpers.folders import ROOT

FILE = ROOT / "grammar" / "arch.tmLanguage.json"
NAMED = {
    "entity.name.function.arch": ("def", "shared"),
    "entity.name.type.arch": ("arch",),
    "entity.name.constant.arch": ("input", "let", "output", "aux"),
}
"""Statements whose name has a color: the scope of the name, and the words in front of it."""
FORMS = ("pick", "body")
"""What is called like an operator and is neither one nor a join."""
_LIST = re.compile(r"(\((?:\?:)?)[a-z0-9_|]+\)")


def lists() -> dict[str, Iterable[str]]:
    """The words of each list by the scope that its pattern gives: to its name, where it has one."""
    named = [word for words in NAMED.values() for word in words]
    return {
        **NAMED,
        "keyword.declaration.arch": [word for word in keywords.STATEMENTS if word not in named],
        "storage.type.role.arch": keywords.ROLES,
        "keyword.control.arch": keywords.CONTROL,
        "keyword.operator.word.arch": keywords.WORD_OPERATORS,
        "constant.language.arch": keywords.CONSTANTS,
        "support.function.operator.arch": {*OPERATORS, *JOINS, *FORMS},
        "support.function.builtin.arch": FUNCTIONS,
    }


def fresh(text: str) -> str:
    """The text of the grammar with all lists as they should be."""
    grammar = loads(text)
    wanted = lists()
    for pattern in _patterns(grammar):
        scope = pattern.get("name") or pattern.get("captures", {}).get("3", {}).get("name")
        if scope in wanted and "match" in pattern:
            # In alphabetical order, so that nothing changes here when a rule of the grammar moves.
            words = "|".join(sorted(wanted.pop(scope)))
            found = _LIST.match(pattern["match"])
            assert found is not None, f"the pattern for {scope} does not begin with a list"
            pattern["match"] = f"{found.group(1)}{words}){pattern['match'][found.end() :]}"
    assert not wanted, f"no pattern in {FILE.name} for {', '.join(wanted)}"
    return dumps(grammar, indent=2) + "\n"


def _patterns(grammar: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in grammar["repository"].values():
        yield from group["patterns"]
