"""Rules of name maps: one pattern for many tensors. Must not know where maps come from.

On the left stands a tensor of the network, or a pattern of names. In a pattern `{b}` is a number, and a `*` at the end the
rest of the name. On the right stands an expression whose names take them up: `{b}`, `{b+1}`, `{2*b+s-1}`, `*`.

```
"stage{s}.{b}.conv{n}.*": "layer{s}.{b}.conv{n}.*"
"stage{s}.{b}.linear{n}.*": "blocks.{2*s+1}.fc{n}.*"
```
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from archdsl.backends.torch.weights.expressions import BadExpression, Expression, names_in, parse, renamed
from archdsl.backends.torch.weights.readings import is_derived
from archdsl.diagnostics import Refusal

_SLOT = re.compile(r"\{([a-z])\}")
_TERM = r"(?:\d{1,4}\*)?[a-z]"
_FORMULA = re.compile(rf"\{{({_TERM}(?:\+{_TERM})*)([+-]\d{{1,4}})?\}}")
_REST = "*"


class Rule:
    """One entry of a name map.

    Raises:
        Refusal: the entry is not one; the message says what is wrong with it.
    """

    def __init__(self, left: str, right: object) -> None:
        self.left = left
        self.is_pattern = "{" in left or _REST in left
        try:
            self.right: Expression = parse(right)
        except BadExpression as error:
            raise Refusal(f"the name map's entry of `{left}` {error}") from None
        self._pattern = _compiled(left)
        known = {*_SLOT.findall(left), *([_REST] if _REST in left else [])}
        for name in names_in(self.right):
            _check(left, name, known)

    def applied_to(self, name: str) -> Expression | None:
        """Of what the tensor of that name is made; None where the rule is not about it."""
        found = self._pattern.fullmatch(name)
        if found is None:
            return None
        parts = found.groupdict()
        numbers = {slot: int(value) for slot, value in parts.items() if slot != "rest"}
        return renamed(self.right, lambda theirs: _filled(theirs, numbers, parts.get("rest", "")))


def expand(rules: Iterable[Rule], names: Iterable[str]) -> dict[str, Expression]:
    """What each tensor of the network is made of.

    An entry for exactly one tensor comes before patterns; of several patterns the first counts.

    Raises:
        Refusal: a tensor has no entry, or an entry fits no tensor.
    """
    every = list(rules)
    exact = {rule.left: rule for rule in every if not rule.is_pattern}
    patterns = [rule for rule in every if rule.is_pattern]
    found: dict[str, Expression] = {}
    idle = set(every)
    for name in names:
        for rule in _candidates(name, exact, patterns):
            made = rule.applied_to(name)
            if made is not None:
                found[name] = made
                idle.discard(rule)
                break
        else:
            if not is_derived(name):
                raise Refusal(f"the name map has no entry for `{name}`")
    for rule in every:
        if rule in idle:
            raise Refusal(f"the name map's entry of `{rule.left}` fits no tensor of the network")
    return found


def _candidates(name: str, exact: Mapping[str, Rule], patterns: Iterable[Rule]) -> Iterator[Rule]:
    if name in exact:
        yield exact[name]
    yield from patterns


def _compiled(left: str) -> re.Pattern[str]:
    """The pattern as a regular expression."""
    whole = left.removesuffix(_REST)
    slots = _SLOT.findall(whole)
    literal = _SLOT.sub("", whole)
    if len(set(slots)) != len(slots) or any(sign in literal for sign in "{}*"):
        raise Refusal(f"the name map's `{left}` is not a pattern: `{{b}}` is a number, each letter once, and `*` ends it")
    parts = re.split(_SLOT, whole)
    text = "".join(f"(?P<{part}>0|[1-9][0-9]*)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(text + ("(?P<rest>.+)" if left.endswith(_REST) else ""))


def _check(left: str, theirs: str, known: set[str]) -> None:
    literal = _FORMULA.sub("", theirs)
    if any(sign in literal.removesuffix(_REST) for sign in "{}*"):
        raise Refusal(f"the name map's entry of `{left}` has `{theirs}`: a number is `{{b}}`, `{{b+1}}` or `{{2*b+s-1}}`")
    used = {term[-1] for found in _FORMULA.finditer(theirs) for term in found[1].split("+")}
    unknown = (used | ({_REST} if literal.endswith(_REST) else set())) - known
    if unknown:
        raise Refusal(f"the name map's entry of `{left}` takes up `{min(unknown)}`, which is not on its left")


def _filled(theirs: str, numbers: Mapping[str, int], rest: str) -> str:
    def number(found: re.Match[str]) -> str:
        terms = (term.rpartition("*") for term in found[1].split("+"))
        return str(sum(int(factor or 1) * numbers[slot] for factor, _, slot in terms) + int(found[2] or 0))

    filled = _FORMULA.sub(number, theirs.removesuffix(_REST))
    return filled + rest if theirs.endswith(_REST) else filled
