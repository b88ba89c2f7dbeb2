"""What changed between two architectures, in the language's terms, and what each change costs. Must not print.

Steps are aligned level by level: those of one kind (an operator, a definition, a role) match in order. What differs is a step
added, removed or replaced, a setting, a definition's argument, or a number of runs. Steps that are the same and only work on
other shapes are summed up: their changes follow from the others. So the numbers of the changes add up to the whole difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from archdsl.analysis.metrics.totals import NOTHING, Tallies, Totals, node_totals, only_parameters, total, without_parameters
from archdsl.ir import Declare, Network, Node, Region, Step, Use
from archdsl.ops.captions import caption, size_words
from archdsl.records import NamedTuple
from archdsl.shapes import shape_text

Kind = Literal["structure", "runs", "argument", "setting", "follows"]


class Change(NamedTuple):
    """One difference, and how often it occurs.

    Attributes:
        name: the dotted name of the first step with it, in the second network if it is there.
        text: what is different: `stride 2 -> 1`, `6 -> 23 runs`, `- dropout`.
        more: how much more (or less) the second network has by this change in all its places.
        places: how many steps are changed alike.
    """

    name: str
    kind: Kind
    text: str
    more: Totals
    places: int = 1


def diff(first: Network, second: Network) -> list[Change]:
    """The changes in the order of the program, those alike in several places as one.

    For each step of the arch's own body, what only follows comes last.

    Raises:
        TooManyToAlign: two bodies are so long and so different that their steps cannot be aligned in seconds.
    """
    changes = [*_inputs(first, second)]
    comparison = _Comparison()
    for name, found in comparison.tops(first.root, second.root):
        changes += [change for change in found if change.kind != "follows"]
        follows = _sum(change.more for change in found if change.kind == "follows")
        if follows != NOTHING:
            changes.append(Change(name, "follows", "the same steps on different shapes", follows))
    return _alike(changes)


def whole_difference(first: Network, second: Network) -> Totals:
    """How much more the second network has in total, without auxiliary heads."""
    tallies = Tallies()
    return _minus(total(tallies.of(second.root).main), total(tallies.of(first.root).main))


def _inputs(first: Network, second: Network) -> Iterable[Change]:
    before, after = dict(first.inputs), dict(second.inputs)
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            words = [shape_text(shape) if shape is not None else "none" for shape in (before.get(name), after.get(name))]
            yield Change(name, "setting", f"input {words[0]} -> {words[1]}", NOTHING)


class _Comparison:
    """Compares bodies. Two of them are compared once, no matter how often they are paired."""

    def __init__(self) -> None:
        self.tallies = Tallies()
        self._between: dict[tuple[int, int], list[Change]] = {}

    def tops(self, first: Region, second: Region) -> Iterable[tuple[str, list[Change]]]:
        """For each step of the outermost bodies its changes."""
        for one, other in _pairs(first, second):
            step = other or one
            assert step is not None
            yield step.name, self.steps("", one, other, 1)

    def regions(self, prefix: str, first: Region, second: Region, times: int) -> list[Change]:
        if first is second:
            return []
        key = (id(first), id(second))
        if key not in self._between:
            found = [change for one, other in _pairs(first, second) for change in self.steps("", one, other, 1)]
            found = [change._replace(more=change.more.in_parts(first.parts)) for change in found]
            self._between[key] = _alike(found)
        return [c._replace(name=prefix + c.name, more=c.more.times(times)) for c in self._between[key]]

    def steps(self, prefix: str, one: Step | None, other: Step | None, times: int) -> list[Change]:
        """The changes from one step to another; None if there is none on that side."""
        if one is None or other is None:
            step, sign = (other, "+") if one is None else (one, "-")
            assert step is not None
            more = self.all_runs(step).times(times if sign == "+" else -times)
            return [Change(prefix + step.name, "structure", f"{sign} {_words(step)}", more)]
        name = prefix + other.name
        if isinstance(one, Use) and isinstance(other, Use):
            # The cost of an auxiliary head is not part of the inference network.
            return self.uses(name, one, other, 0 if one.aux and other.aux else times)
        if isinstance(one, Declare) and isinstance(other, Declare) and one.shared.region and other.shared.region:
            # A declaration runs nothing: what its calls do differently is listed with them.
            inside = self.regions(f"{name}.", one.shared.region, other.shared.region, times)
            return [change._replace(more=only_parameters(change.more)) for change in inside]
        more = _minus(self.all_runs(other), self.all_runs(one)).times(times)
        if isinstance(one, Node) and isinstance(other, Node) and one.operator is other.operator:
            text = ", ".join(_settings(one, other))
            if text or more != NOTHING:
                return [Change(name, "setting" if text else "follows", f"{_called(one, other)} {text}".strip(), more)]
            return []
        if _words(one) == _words(other):
            return [Change(name, "follows", "", more)] if more != NOTHING else []
        return [Change(name, "structure", f"{_words(one)} -> {_words(other)}", more)]

    def uses(self, name: str, one: Use, other: Use, times: int) -> list[Change]:
        if "repetition" in (one.region.kind, other.region.kind):
            return self.repetitions(name, one, other, times)
        if one.region.parts != other.region.parts:
            more = _minus(self.once(other), self.once(one)).times(times)
            return [Change(name, "follows", f"{one.region.parts} -> {other.region.parts} parts", more)]
        found = self.regions(f"{name}.", one.region, other.region, times * min(one.count, other.count))
        if one.shared is not None and other.shared is not None:
            found = [change._replace(more=without_parameters(change.more)) for change in found]
        text = ", ".join(_arguments(one.region, other.region))
        if not text:
            return found
        # The arguments explain what is set and what follows inside; what was added or removed inside is listed by itself.
        explained = [change for change in found if change.kind in ("setting", "argument", "follows")]
        more = _sum(change.more for change in explained)
        own = Change(name, "argument", f"{other.region.name} {text}", more)
        return [own, *(change for change in found if change.kind not in ("setting", "argument", "follows"))]

    def repetitions(self, name: str, one: Use, other: Use, times: int) -> list[Change]:
        """Runs are matched in order; runs that only one side has are a change of their own."""
        before, after = _runs(one), _runs(other)
        # What does not repeat is listed under the step's own name.
        prefix = f"{name}." if other.region.kind == "repetition" else name.removesuffix(other.name)
        more = NOTHING
        found: list[Change] = []
        for position in range(max(len(before), len(after))):
            left, a = before[position] if position < len(before) else (None, 0)
            right, b = after[position] if position < len(after) else (None, 0)
            both = min(a, b)
            if left is not None:
                more = more.plus(self.once(left).times((both - a) * times))
            if right is not None:
                more = more.plus(self.once(right).times((b - both) * times))
            if left is not None and right is not None and both:
                found += self.steps(prefix, _single(left), _single(right), times * both)
        counts = sum(count for _, count in before), sum(count for _, count in after)
        if counts[0] != counts[1]:
            what = _words(after[-1][0] if after else before[-1][0])
            found.insert(0, Change(name, "runs", f"{counts[0]:,} -> {counts[1]:,} runs of {what}", more))
        elif more != NOTHING:
            found.append(Change(name, "follows", "", more))
        return found

    def all_runs(self, step: Step) -> Totals:
        return self.once(step) if isinstance(step, Declare) else self.once(step).times(step.count)

    def once(self, step: Step) -> Totals:
        """What one run of a step adds to the inference network."""
        if isinstance(step, Node):
            return node_totals(step)
        if isinstance(step, Declare):
            return only_parameters(total(self.tallies.of(step.shared.region).main)) if step.shared.region else NOTHING
        if step.aux:
            return NOTHING
        totals = total(self.tallies.of(step.region).main)
        return totals if step.shared is None else without_parameters(totals)


def _alike(changes: Iterable[Change]) -> list[Change]:
    """Changes with the same text as one, at the first place; what only follows stays with its step."""
    first: dict[tuple[Kind, str, str], Change] = {}
    for change in changes:
        key = (change.kind, change.text, change.name if change.kind == "follows" and change.text else "")
        known = first.get(key)
        first[key] = (
            change if known is None else known._replace(more=known.more.plus(change.more), places=known.places + change.places)
        )
    return list(first.values())


def _pairs(first: Region, second: Region) -> list[tuple[Step | None, Step | None]]:
    """The steps of two bodies side by side, None if a side has no counterpart."""
    from archdsl.analysis.reports.alignment import aligned

    pairs = aligned([_kind(step) for step in first.steps], [_kind(step) for step in second.steps])
    return [(None if one is None else first.steps[one], None if other is None else second.steps[other]) for one, other in pairs]


def _kind(step: Step) -> tuple[object, ...]:
    """What must be the same for two steps to be the same step."""
    if isinstance(step, Node):
        return ("node", step.operator.name)
    if isinstance(step, Declare):
        return ("declare", step.name)
    if step.role is not None:
        return ("role", step.role, step.label)
    if step.shared is not None:
        return ("call", step.shared.name)
    return ("use", step.region.name if step.region.kind in ("definition", "arch") else step.label, step.aux)


def _runs(use: Use) -> list[tuple[Node | Use, int]]:
    """The steps that a repetition runs, with their counts; another step is one run of itself."""
    if use.region.kind != "repetition":
        return [(_single(use), use.count)]
    return [(step, step.count) for step in use.region.steps if not isinstance(step, Declare)]


def _single(step: Node | Use) -> Node | Use:
    from archdsl.records import replace

    return step if step.count == 1 else replace(step, count=1)


def _words(step: Step) -> str:
    """A step as a reader names it: `conv 3x3, 64`, `bottleneck`, `aux head side`."""
    if isinstance(step, Node):
        return caption(step.operator, step.site)
    if isinstance(step, Declare):
        return f"shared {step.name}"
    if step.aux:
        return f"aux head {step.name}"
    if step.region.kind == "repetition":
        runs = _runs(step)
        many = sum(count for _, count in runs)
        return f"{many:,} run{'' if many == 1 else 's'} of {_words(runs[-1][0])}"
    if step.region.kind == "definition":
        return step.region.name
    name = step.role or step.label or step.region.name
    return "a group" if name.isdigit() else name


def _called(one: Node, other: Node) -> str:
    """The operator that both are, with the kernel that both have: `conv 1x1`."""
    kernel = one.site.a.get("k")
    if not isinstance(kernel, tuple) or kernel != other.site.a.get("k"):
        return one.operator.name
    return f"{one.operator.name} {size_words(kernel)}"


def _settings(one: Node, other: Node) -> Iterable[str]:
    for key, before in one.site.a.items():
        after = other.site.a.get(key)
        if before != after:
            yield f"{key} {_value(before)} -> {_value(after)}"


def _arguments(one: Region, other: Region) -> Iterable[str]:
    """Arguments that differ between two instances of one definition."""
    if one.kind != "definition" or other.kind != "definition" or one.name != other.name:
        return
    before = dict(one.arguments)
    for key, after in other.arguments:
        if key in before and _value(before[key]) != _value(after):
            yield f"{key} {_value(before[key])} -> {_value(after)}"


def _value(value: object) -> str:
    """As the language writes it: `3x3` as 3, true and false small."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and len(set(map(str, value))) == 1:
        return _value(value[0])
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(part) for part in value) + "]"
    return "none" if value is None else str(value)


def _minus(left: Totals, right: Totals) -> Totals:
    return left.plus(right.times(-1))


def _sum(parts: Iterable[Totals]) -> Totals:
    whole = NOTHING
    for part in parts:
        whole = whole.plus(part)
    return whole
