"""The keywords of the language, sorted by what they do, as the grammar's rules have them. Must not list a word by hand.

So a word that the grammar gains is in every list as soon as the parser's tables are made again (`archdsl.syntax.tables`). The
scanner calls a word by its kind, which is the name of its terminal: `let` is a `LET`.
"""

from __future__ import annotations

from collections.abc import Iterable

from archdsl.syntax.tables import load

KINDS: dict[str, str] = {text: kind for kind, text, is_regexp in load().terminals if not is_regexp and text.isidentifier()}
"""Every word with its kind."""
_TEXTS = {kind: text for text, kind in KINDS.items()}

_Form = tuple[str, ...]
_RULES: dict[str, list[_Form]] = {}
"""The parts of each form of a rule, by the rule's name."""
_BUILT: dict[str, list[_Form]] = {}
"""The same by the method of the builder that makes a node of the form."""
for _rule in load().rules:
    _RULES.setdefault(_rule[0], []).append(_rule[1])
    _BUILT.setdefault(_rule[2], []).append(_rule[1])


def kinds_of(words: Iterable[str]) -> frozenset[str]:
    """The token types of some keywords."""
    return frozenset(KINDS[word] for word in words)


def _words(forms: Iterable[_Form]) -> tuple[str, ...]:
    """The words in some forms, each once."""
    return tuple(dict.fromkeys(_TEXTS[part] for parts in forms for part in parts if part in _TEXTS))


SOFT = _words(_RULES["name"])
"""Words that are ordinary names in some places: before `=` and `:`, and in expressions."""
RESERVED = tuple(word for word in KINDS if word not in SOFT)
"""Words that are never names."""
CONSTANTS = _words(_BUILT["constant"])
"""Reserved words that are values."""
WORD_OPERATORS = _words(_BUILT["logic"] + _BUILT["unary"])
"""Reserved words that compute, as operators do."""
CONTROL = tuple(word for word in RESERVED if word not in CONSTANTS + WORD_OPERATORS)
"""The other reserved words, those of conditions and loops: in statements and in expressions."""

ROLES = _words(_RULES["role"])
"""The parts of a network that a step may be, in the grammar's order."""
_STATEMENTS = [parts for (rule,) in _RULES["statement"] for parts in _RULES.get(rule, ())]
STATEMENTS = tuple(word for word in _words(_STATEMENTS) if word in SOFT)
"""The soft words in statements that are not steps, in the grammar's order: all but the roles."""
STARTS = tuple(word for word in _words(parts[:1] for parts in _STATEMENTS) if word in SOFT) + ROLES
"""The soft words that a statement may start with."""


def method_of(word: str) -> str | None:
    """The builder's method (`archdsl.syntax.reductions`) for the statement that a word belongs to; None for other words."""
    if word not in STATEMENTS:
        return None
    return next(
        method for method, forms in _BUILT.items() if any(KINDS[word] in parts and parts in _STATEMENTS for parts in forms)
    )
