"""Which parameters of an arch its class keeps: other settings of them show how the network follows from each. Must not print.

`def resnet50(depths=(3, 4, 6, 3), classes=1000)` is right only if the printed expressions give the network of every other
setting too. So the arch is elaborated again with other values, one parameter at a time and all together, and the class must
be one for all of these networks; a parameter for which this fails stays a constant and is called settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Protocol

from archdsl.ir import Network
from archdsl.ops.operator import Setting
from archdsl.records import NamedTuple
from archdsl.shapes import channels


class Again(Protocol):
    """How the arch is elaborated with other settings."""

    def again(self, parameters: Mapping[str, Setting]) -> Network | None:
        """The network with other values of some parameters; None if these are a mistake."""
        ...

    def deciding(self) -> frozenset[str]:
        """Parameters on which the structure depends."""
        ...


Shows = Callable[[Sequence[Network]], "frozenset[str] | None"]
"""The parameters that a class for all of these networks has; None if there is no such class."""
_TRIED = 2
_MOST_PROPOSALS = 6
_MOST_TOGETHER = 8


class Shown(NamedTuple):
    """Parameters from which the class follows (those that change nothing in it too), and the networks that show it."""

    names: frozenset[str]
    networks: list[Network]


def showing(network: Network, recipe: Again, shows: Shows) -> Shown:
    """As many of the arch's parameters as the class can have.

    All parameters are tried at once. If that fails, each is tried by itself, then those that worked are tried together.
    """
    deciding = recipe.deciding()
    values = {name: value for name, value in network.parameters.items() if name not in deciding}
    others = {name: _others(name, value, recipe, shows) for name, value in values.items()}
    names = [name for name, found in others.items() if found]
    everything = _together(names, others, recipe)
    if _is_shown(names, everything, shows):
        return Shown(frozenset(names), everything)
    names = [name for name in names if shows([others[name][0][1]]) is not None]
    alone = [name for name in names if _is_shown([name], [other for _, other in others[name]], shows)]
    for without in (None, *alone):
        some = [name for name in alone if name != without]
        found = _together(some, others, recipe)
        if _is_shown(some, found, shows):
            return Shown(frozenset(some), found)
    # What people change most is the number of outputs; of the others, the first one that works together with it.
    outputs = {channels(shape) for shape in network.root.result_shapes if shape}
    alone.sort(key=lambda name: network.parameters[name] not in outputs)
    for count in (2, 1):
        found = _together(alone[:count], others, recipe)
        if _is_shown(alone[:count], found, shows):
            return Shown(frozenset(alone[:count]), found)
    return Shown(frozenset(), [])


def _is_shown(names: Sequence[str], networks: Sequence[Network], shows: Shows) -> bool:
    """Whether the class is one for all, and has no parameters but these."""
    found = shows(networks) if networks else None
    return found is not None and found <= frozenset(names)


def _others(name: str, value: object, recipe: Again, shows: Shows) -> list[tuple[Setting, Network]]:
    """Other values of the parameter with their networks, at least two of them: one could fit by chance."""

    def tried(values: Iterable[Setting]) -> Iterator[tuple[Setting, Network]]:
        networks = ((other, recipe.again({name: other})) for other in values)
        return ((other, network) for other, network in networks if network is not None)

    found = list(islice(tried(islice(_proposals(value), _MOST_PROPOSALS)), _TRIED))
    if len(found) < _TRIED:
        return []
    wider = [*found, *tried(_wider(value))]
    if len(wider) == len(found):
        return found
    # A list that may be longer must come out so as well; an integer that may be a fraction (a width multiplier) stays one
    # where Python's arithmetic would make a float of a width.
    is_needed = isinstance(value, tuple) or _is_shown([name], [other for _, other in wider], shows)
    return wider if is_needed else found


def _together(names: Sequence[str], others: Mapping[str, list[tuple[Setting, Network]]], recipe: Again) -> list[Network]:
    """The networks of each parameter alone and of all at once; empty if no setting of all is a network."""
    found = [network for name in names for _, network in others[name]]
    if len(names) < 2:
        return found
    # One value may need another (heads divide a width), so the values are combined in several ways.
    choices = islice(product(range(_TRIED), repeat=len(names)), 0, None, max(1, 2 ** len(names) // _MOST_TOGETHER))
    settings = ({name: others[name][at][0] for name, at in zip(names, choice, strict=True)} for choice in choices)
    joint = (recipe.again(setting) for setting in settings)
    several = list(islice((network for network in joint if network is not None), _TRIED))
    return [*found, *several] if several else []


def _proposals(value: object) -> Iterator[Setting]:
    """Other values of one kind, so different that few expressions give the same for all."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from (value + 1, 2 * value + 3, 2 * value, value // 2, 3 * value, 4 * value)
    elif isinstance(value, Fraction):
        yield from (value / 2, value * 3 / 4, value / 4)
    elif isinstance(value, tuple) and value and all(type(item) is int for item in value):
        yield tuple(item + 1 + at for at, item in enumerate(value))
        yield tuple(2 * item + 2 * (len(value) - at) for at, item in enumerate(value))
        yield tuple(item * (2 + at) for at, item in enumerate(value))
        yield tuple(item * (len(value) + 2 - at) for at, item in enumerate(value))
        yield from (tuple(item * factor for item in value) for factor in (2, 4))


def _wider(value: object) -> Iterator[Setting]:
    if isinstance(value, int):
        yield value + Fraction(1, 2)
    elif isinstance(value, tuple):
        yield (*value, value[-1])
