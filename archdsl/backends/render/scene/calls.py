"""How a network calls its definitions, and what is written of a call and of a region's contents. Must not draw.

Arguments are always beside their names. `×3` means "runs three times" and nothing else, so contents are words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Union

from archdsl.backends.render.scene.captions import node_lines, value_text, wrapped
from archdsl.backends.render.scene.drawing import TextLine
from archdsl.ir import Declare, Network, Node, Region, Use

_LONGEST_TITLE = 42
_LONGEST_BOX_TITLE = 30
_MOST_LINES = 4
_FEW_VALUES = 2
_SHORT_NAME = 4
_UNNAMED_ROLES = (None, "block", "branch")
SHARED = "shared weights"
FRAMED_ROLES = frozenset({"stem", "stage", "neck", "head"})

Definition = tuple[str, object]


def definition_of(region: Region) -> Definition:
    """What instances of one definition have in common."""
    return region.name, region.definition


class Calls:
    """How often each definition runs in a network, and with which arguments."""

    def __init__(self, network: Network) -> None:
        self._values: dict[Definition, dict[str, list[Any]]] = {}
        self._runs: dict[int, dict[Definition, int]] = {}
        self.runs = self._counted(network.root)

    def texts(self, region: Region) -> tuple[str, ...]:
        """`bottleneck(c=64, stride=2)`, `bottleneck(stride=2)` if only that differs from call to call, `bottleneck`."""
        arguments = region.arguments
        values = self._values.get(definition_of(region), {})
        differing = [(name, value) for name, value in arguments if len(values.get(name, ())) > 1]
        found = [f"{region.name}({_named(some)})" for some in (arguments, differing) if some]
        return (*(text for text in dict.fromkeys(found) if len(text) <= _LONGEST_TITLE), region.name)

    def _counted(self, region: Region) -> dict[Definition, int]:
        """How often each definition runs in a region, at any depth."""
        if id(region) not in self._runs:
            runs: dict[Definition, int] = {}
            for step in region.steps:
                if isinstance(step, Use):
                    inner = dict(self._counted(step.region))
                    if step.region.kind == "definition":
                        self._note(step.region)
                        inner[definition_of(step.region)] = inner.get(definition_of(step.region), 0) + 1
                    for definition, times in inner.items():
                        runs[definition] = runs.get(definition, 0) + times * step.count
            self._runs[id(region)] = runs
        return self._runs[id(region)]

    def _note(self, region: Region) -> None:
        values = self._values.setdefault(definition_of(region), {})
        for name, value in region.arguments:
            known = values.setdefault(name, [])
            if value not in known:
                known.append(value)


def _named(arguments: Sequence[tuple[str, Any]]) -> str:
    return ", ".join(f"{name}={value_text(value)}" for name, value in arguments)


def _with_arguments(name: str, arguments: Sequence[tuple[str, Any]]) -> tuple[TextLine, ...]:
    """A call in a box that hides what it does: in one line, or the arguments under the name."""
    text = f"{name}({_named(arguments)})" if arguments else name
    if len(text) <= _LONGEST_BOX_TITLE:
        return (TextLine(text),)
    lines = wrapped([f"{argument}={value_text(value)}" for argument, value in arguments])
    return (TextLine(name), *(TextLine(line, True) for line in lines))


def closed_title(use: Use) -> tuple[TextLine, ...]:
    """The lines of a box for a call: `se(squeeze=8)`."""
    lines = (
        _with_arguments(use.region.name, use.region.arguments)
        if use.region.kind == "definition"
        else (TextLine(use.label or _own_name(use)),)
    )
    if use.shared is None:
        return lines
    shared = SHARED if lines[0].text == use.shared.name else f"{use.shared.name}, {SHARED}"
    return (*lines, TextLine(shared, True))


def _own_name(use: Use) -> str:
    return use.shared.name if use.shared else use.name


def summary(use: Use, known: dict[int, int]) -> tuple[TextLine, ...]:
    """The lines of a box for a whole region: its name, then what it is made of."""
    region = use.region
    if region.kind == "definition":
        call = _with_arguments(region.name, region.arguments)
        named = use.role not in _UNNAMED_ROLES or use.label is not None
        title = TextLine(use.label or use.name)
        lines = (title, *(TextLine(line.text, True) for line in call)) if named and title != call[0] else call
        inside = _contents(region) if not named and len(call) == 1 else []
    else:
        lines, inside = closed_title(use), _contents(region)
    if len(inside) > _MOST_LINES:
        count = layers(region, known)
        inside = [f"{count} layers"] if count > 1 else []
    return (*lines, *(TextLine(line, True) for line in inside))


def _contents(region: Region) -> list[str]:
    """What a region does one after the other, in lines: calls counted, and operators of some weight."""
    runs: dict[object, list[tuple[Region, int]]] = {}
    times_of: dict[object, int] = {}
    for item, times in _items(region, 1):
        if isinstance(item, Region):
            runs.setdefault(definition_of(item), []).append((item, times))
        else:
            words = node_lines(item)
            if not (words[0].minor or item.operator.joins):
                times_of[words] = times_of.get(words, 0) + times
                runs.setdefault(words, [])
    found: list[str] = []
    for key, calls in runs.items():
        found += _counted_calls(calls) if calls else _counted_lines(key, times_of[key])
    return found


def _counted_lines(words: object, times: int) -> list[str]:
    """`2 conv 3×3, 64`."""
    assert isinstance(words, tuple)
    first, *rest = (line.text for line in words)
    return [first if times == 1 else f"{times} {first}", *rest]


def _items(region: Region, times: int) -> Iterator[tuple[Union[Node, Region], int]]:
    """Operators and calls that run in a region, repetitions and groups seen through, and how often."""
    for step in region.steps:
        if isinstance(step, Declare) or (isinstance(step, Use) and step.aux):
            continue
        if isinstance(step, Node):
            yield step, times * step.count
        elif step.region.kind == "definition":
            yield step.region, times * step.count
        else:
            yield from _items(step.region, times * step.count)


def inner_calls(region: Region, times: int = 1, path: tuple[str, ...] = ()) -> Iterator[tuple[Region, tuple[str, ...], int]]:
    """The calls in the boxes of level `stage`, however deep in repetitions and groups, their paths, and how often they run."""
    for step in region.steps:
        if isinstance(step, Use) and not step.aux:
            here, runs = (*path, step.name), times * step.count
            if step.region.kind == "definition" and not holds_roles(step.region):
                yield step.region, here, runs
            else:
                yield from inner_calls(step.region, runs, here)


def holds_roles(region: Region) -> bool:
    """It is a network of its own: it has a stem, stages, a neck or a head, or is an arch called like a definition."""
    if region.kind == "arch":
        return True
    return region.kind != "repetition" and any(isinstance(step, Use) and step.role in FRAMED_ROLES for step in region.steps)


def _counted_calls(runs: Sequence[tuple[Region, int]]) -> list[str]:
    """`3 bottlenecks`, then the arguments; two values of one in the order in which they come: `stride=2/1`.

    If one has several values, only those that never change are shown.
    """
    names = [name for name, _ in runs[0][0].arguments]
    values = [list(dict.fromkeys(value_text(region.arguments[at][1]) for region, _ in runs)) for at in range(len(names))]
    most = _FEW_VALUES if all(len(some) <= _FEW_VALUES for some in values) else 1
    arguments = [f"{name}={'/'.join(some)}" for name, some in zip(names, values, strict=True) if len(some) <= most]
    lines = wrapped(arguments) if arguments else []
    return [counted(runs[0][0].name, sum(times for _, times in runs)), *(lines if len(lines) < _MOST_LINES - 1 else [])]


def counted(name: str, times: int) -> str:
    """`3 bottlenecks`, `11 cbr blocks`: what has a plural in English gets it."""
    if times == 1:
        return name
    last = name.rsplit("_", 1)[-1]
    has_plural = len(last) >= _SHORT_NAME and last.isalpha() and not last.endswith(("s", "x", "z", "ch", "sh", "y"))
    return f"{times} {name}s" if has_plural else f"{times} {name} blocks"


def contents_note(region: Region) -> tuple[str, ...]:
    """What a frame holds, where each call in it has a frame of its own: `merge, 3 pairs`; only where some run several times."""
    runs: dict[str, int] = {}
    for item, times in _items(region, 1):
        if isinstance(item, Region):
            runs[item.name] = runs.get(item.name, 0) + times
    return (", ".join(counted(name, times) for name, times in runs.items()),) if max(runs.values(), default=0) > 1 else ()


def layers(region: Region, known: dict[int, int]) -> int:
    """Convolutions and linear layers in a region, every run counted. `known` keeps what was counted, by identity."""
    if id(region) not in known:
        known[id(region)] = sum(_step_layers(step, known) for step in region.steps)
    return known[id(region)]


def _step_layers(step: object, known: dict[int, int]) -> int:
    if isinstance(step, Node):
        return step.operator.layers(step.site) * step.count
    if isinstance(step, Use) and not step.aux:
        return layers(step.region, known) * step.count
    return 0
