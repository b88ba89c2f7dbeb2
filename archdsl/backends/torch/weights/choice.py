"""Which reading of a file is taken: the only one that fits. If none or several fit, none is taken. Must not look at numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from archdsl.backends.torch.weights.making import make
from archdsl.backends.torch.weights.readings import Candidate, is_derived
from archdsl.backends.torch.weights.report import SHOWN, WAY_ON, WeightsMismatch, indented, mismatch, some
from archdsl.diagnostics import Refusal
from archdsl.diagnostics.nearest import nearest

Shapes = Mapping[str, tuple[int, ...]]


def choose(possible: Sequence[Candidate], shapes: Shapes) -> Candidate:
    """The one candidate that has every name.

    Raises:
        Refusal: there is none, or more than one, or something speaks against it.
    """
    complete = [one for one in possible if one.reading.fits(one.of.tensors)]
    if not complete:
        raise _incomplete(max(possible, key=_names_there), shapes)
    free = [one for one in complete if not one.reading.obstacle]
    if not free:
        raise Refusal(complete[0].reading.obstacle)
    _refuse_several(free)
    chosen = free[0]
    _refuse_strangers(chosen, shapes)
    return chosen


def choose_parts(possible: Sequence[Candidate], shapes: Shapes) -> Candidate:
    """The candidate that fills most, if it fills everything that any other would fill.

    Raises:
        Refusal: nothing can be filled, or two candidates would fill with different tensors.
    """
    parts = [(_fitting(one, shapes), one) for one in possible]
    parts = [(names, one) for names, one in parts if names]
    if not parts:
        raise _incomplete(max(possible, key=_names_there), shapes)
    _, chosen = max(parts, key=lambda part: len(part[0]))
    if chosen.reading.obstacle:
        raise Refusal(chosen.reading.obstacle)
    assignment = chosen.assignment
    others = [one for names, one in parts if not {pair for pair in one.assignment if pair[0] in names} <= assignment]
    _refuse_several([chosen, *others])
    return chosen


def _names_there(one: Candidate) -> int:
    return len(one.reading.names.keys() & one.of.tensors.keys())


def _fitting(one: Candidate, shapes: Shapes) -> set[str]:
    """Our tensors that can be made with our shape."""
    values, _ = make(one.reading.made_of(one.of.tensors), one.of.tensors, shapes)
    return {name for name in values if not is_derived(name)}


def _refuse_several(fitting: Sequence[Candidate]) -> None:
    if len({one.assignment for one in fitting}) <= 1:
        return
    ways = [f"as {one.reading.name}" + (f", after `{one.of.place}.`" if one.of.place else "") for one in fitting]
    raise mismatch("the weights can be read in several ways, so nothing was loaded", indented(ways), [_NAME_ONE])


_NAME_ONE = "give the tensors of only one, or a name map (`map=`, in the command `--map`)"


def _refuse_strangers(chosen: Candidate, shapes: Shapes) -> None:
    """Tensors for the network's own parts that it does not have belong to another, larger network."""
    if not chosen.reading.is_own:
        return
    parts = {name.partition(".")[0] for name in shapes if "." in name}
    strangers = [name for name in chosen.reading.extras(chosen.of.tensors) if name.partition(".")[0] in parts]
    if strangers:
        raise mismatch(
            f"the file has {len(strangers)} tensors of a larger network, so nothing was loaded",
            [f"  not in the network: {some(strangers)}"],
            ["`strict=False` loads the rest"],
        )


def _incomplete(best: Candidate, shapes: Shapes) -> WeightsMismatch:
    """What is missing for the reading that comes nearest."""
    reading, tensors = best.reading, best.of.tensors
    missing = [name for name in reading.names if name not in tensors]
    extras = list(reading.extras(tensors))
    if len(missing) == len(reading.names):
        ours = some([name for name in shapes if not is_derived(name)])
        return mismatch(
            "none of the file's names is known, so nothing was loaded",
            [f"  the file has {some(list(tensors))}", f"  the network has {ours}"],
            [f"no name map for this network has them either; {WAY_ON}"],
        )
    nears = [_near(name, extras) for name in missing[:SHOWN]]
    return mismatch(
        f"the file lacks {len(missing)} of {len(reading.names)} tensors (read as {reading.name}), so nothing was loaded",
        [f"  missing: {near}" for near in nears],
        [f"  … and {len(missing) - SHOWN:,} more"] if len(missing) > SHOWN else [],
        [f"  in the file but not needed: {some(extras)}"] if extras else [],
        [WAY_ON],
    )


def _near(name: str, others: Sequence[str]) -> str:
    near = nearest(name, others)
    return name if near is None else f"{name}; the nearest name there is {near}"
