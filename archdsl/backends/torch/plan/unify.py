"""Lays the builds of all instances over each other: constants become columns. Must not choose expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar, Union

from archdsl.backends.torch.expressions import torch_defaults
from archdsl.backends.torch.expressions.columns import DEPTH, MISSING, Column, Missing, constant
from archdsl.backends.torch.expressions.terms import same
from archdsl.backends.torch.expressions.torch_defaults import NoDefault
from archdsl.backends.torch.plan.templates import (
    OWN_CHANNELS,
    Build,
    Chain,
    ChainAll,
    Make,
    MakeAll,
    Nothing,
    NothingAll,
    Perhaps,
    Repeat,
    RepeatAll,
    Template,
    Times,
    columns,
)
from archdsl.ir import Node, Use
from archdsl.ops.operator import Setting
from archdsl.shapes import Formula

B = TypeVar("B")
R = TypeVar("R")
Steps = tuple[Union[Node, Use, None], ...]
Entries = tuple[tuple[Build, int], ...]
"""Builds with how often each stands in sequence."""
_EXPANDED = 10_000
"""More runs than this are not distinguished one by one."""


def unify(builds: Sequence[Build | Missing]) -> Template:
    """The template of builds that are alike; those that are missing take no part.

    Raises:
        ValueError: they are not alike.
    """
    there = [build for build in builds if not isinstance(build, (Missing, Nothing))]
    if not there:
        return NothingAll()
    if any(isinstance(build, Nothing) for build in builds):
        present = tuple(not isinstance(build, (Nothing, Missing)) for build in builds)
        return Perhaps(unify([MISSING if isinstance(build, Nothing) else build for build in builds]), present)
    first = there[0]
    if isinstance(first, Make):
        return _unify_makes(_all(builds, Make), first)
    if isinstance(first, Chain):
        chains = _all(builds, Chain)
        return ChainAll(tuple((name, unify(_each(chains, _item(at)))) for at, (name, _) in enumerate(first.items)))
    assert isinstance(first, Repeat)
    repeats = _all(builds, Repeat)
    # The text does not say how often one of several segments comes in sequence.
    is_whole = len(first.segments) == 1
    steps = tuple(build.step if isinstance(build, Repeat) and is_whole else None for build in repeats)
    parts: list[Times] = []
    for at in range(len(first.segments)):
        parts += _unify_runs(_each(repeats, _segment(at)), steps)
    return RepeatAll(tuple(parts), first.is_list)


def _all(builds: Sequence[Build | Missing], kind: type[B]) -> list[B | Missing]:
    """The builds, which are all of one kind.

    Raises:
        ValueError: they are not alike.
    """
    found: list[B | Missing] = [build for build in builds if isinstance(build, (kind, Missing))]
    if len(found) < len(builds):
        raise ValueError("not alike")
    return found


def _each(builds: Sequence[B | Missing], pick: Callable[[B], R]) -> list[R | Missing]:
    return [MISSING if isinstance(build, Missing) else pick(build) for build in builds]


def _item(at: int) -> Callable[[Chain], Build]:
    return lambda build: build.items[at][1]


def _segment(at: int) -> Callable[[Repeat], Entries]:
    return lambda build: build.segments[at]


def _unify_makes(builds: Sequence[Make | Missing], first: Make) -> MakeAll:
    callee = first.callee
    there = [build for build in builds if not isinstance(build, Missing)]
    if any(build.callee != callee for build in there):
        raise ValueError("not alike")
    steps = tuple(None if isinstance(build, Missing) else build.step for build in builds)
    names = torch_defaults.positional(callee) if isinstance(callee, str) else ()

    def column(name: str, values: list[Setting | Missing]) -> Column:
        return Column(
            name, tuple(values), steps, name in (torch_defaults.CHANNELS if isinstance(callee, str) else OWN_CHANNELS)
        )

    args = tuple(
        column(names[at] if at < len(names) else f"value{at + 1}", [_argument(build, at) for build in builds])
        for at in range(len(first.args))
    )
    # In the order of the call that has most of them.
    longest = max(there, key=lambda build: len(build.kwargs))
    keywords = dict.fromkeys(name for name, _ in longest.kwargs)
    for build in there:
        keywords |= dict.fromkeys(name for name, _ in build.kwargs)
    kwargs = []
    for name in keywords:
        if name == "inplace" and not all(dict(build.kwargs).get(name) for build in there):
            continue
        default = torch_defaults.default(callee, name) if isinstance(callee, str) else torch_defaults.NO_DEFAULT
        kwargs.append((_from_inside(column(name, [_setting(build, name, default) for build in builds]), builds), default))
    taken = tuple(_each(builds, lambda build: build.taken))
    given = tuple(_each(builds, lambda build: build.given))
    return MakeAll(callee, args, tuple(kwargs), taken, given)


def _from_inside(column: Column, builds: Sequence[Make | Missing]) -> Column:
    """The column of a group's argument with the steps inside in which it is written."""
    origins = [None if isinstance(build, Missing) else build.origins.get(column.name) for build in builds]
    holes = {origin[0] for origin in origins if origin is not None}
    if len(holes) != 1:
        return column
    steps = tuple(None if origin is None else origin[1] for origin in origins)
    return column._replace(steps=steps, hole=holes.pop())


def _argument(build: Make | Missing, at: int) -> Setting | Missing:
    return MISSING if isinstance(build, Missing) else constant(build.args[at])


def _setting(build: Make | Missing, name: str, default: Setting | NoDefault) -> Setting | Missing:
    return MISSING if isinstance(build, Missing) else constant(dict(build.kwargs).get(name, default))


# Repetitions


def _unify_runs(instances: Sequence[Entries | Missing], steps: Steps) -> list[Times]:
    """One segment of a repetition in all instances.

    1. Every instance has equal runs: one template, counted.
    2. The first run differs from the others, which are equal: two templates.
    3. Every instance has the same small number of different runs: a template for each.
    4. Each run has its own constants: one template, whose columns have a value for each run.
    """
    there = [entries for entries in instances if not isinstance(entries, Missing)]
    kinds = [len(entries) for entries in there]
    if all(kind == 1 for kind in kinds):
        return [_counted(instances, 0, steps)]
    if all(kind == 1 or (kind == 2 and entries[0][1] == 1) for kind, entries in zip(kinds, there, strict=True)):
        return [_first(instances), _rest(instances, steps)]
    if len(set(kinds)) == 1 and (kinds[0] <= 3 or max(count for entries in there for _, count in entries) > _EXPANDED):
        return [_counted(instances, at, (None,) * len(steps)) for at in range(kinds[0])]
    return _growing(instances, steps)


def _counted(instances: Sequence[Entries | Missing], at: int, steps: Steps) -> Times:
    template = unify(_each(instances, lambda entries: entries[at][0]))
    return Times(template, _count(instances, lambda entries: entries[at][1], steps))


def _first(instances: Sequence[Entries | Missing]) -> Times:
    once = _count(instances, lambda entries: 1, (None,) * len(instances))
    return Times(unify(_each(instances, lambda entries: entries[0][0])), once)


def _rest(instances: Sequence[Entries | Missing], steps: Steps) -> Times:
    """The runs after the first; an instance may have none."""

    def rest(entries: Entries) -> Build | Missing:
        return entries[-1][0] if _total(entries) > 1 else MISSING

    return Times(unify(_each(instances, rest)), _count(instances, lambda entries: _total(entries) - 1, steps))


def _total(entries: Entries) -> int:
    return sum(count for _, count in entries)


def _expanded(instances: Sequence[Entries | Missing], steps: Steps) -> Times:
    builds: list[Build | Missing] = []
    runs: list[int] = []
    for entries in instances:
        own = [] if isinstance(entries, Missing) else [build for build, count in entries for _ in range(count)]
        if len(own) > _EXPANDED:
            raise ValueError(f"a repetition of {len(own)} runs that all differ")
        builds += own
        runs.append(len(own))
    return Times(unify(builds), _count(instances, _total, steps), tuple(runs))


def _growing(instances: Sequence[Entries | Missing], steps: Steps) -> list[Times]:
    """Runs that all differ; the first by itself if only the others grow evenly."""
    whole = _expanded(instances, steps)
    if _is_even(whole):
        return [whole]
    later = _expanded([entries if isinstance(entries, Missing) else _without_first(entries) for entries in instances], steps)
    return [_first(instances), later] if _is_even(later) else [whole]


def _without_first(entries: Entries) -> Entries:
    build, count = entries[0]
    return ((build, count - 1), *entries[1:]) if count > 1 else entries[1:]


def _is_even(times: Times) -> bool:
    """Whether every column is constant, or grows by the same whole number from run to run, in each instance."""
    assert times.runs is not None
    return all(_grows_evenly(column, times.runs) for column in columns(times.template))


def _grows_evenly(column: Column, runs: Sequence[int]) -> bool:
    at = 0
    for count in runs:
        own = [value for value in column.values[at : at + count] if not isinstance(value, Missing)]
        at += count
        if all(same(value, own[0]) for value in own):
            continue
        numbers = [value for value in own if isinstance(value, (int, Formula)) and not isinstance(value, bool)]
        if len(numbers) < len(own) or any(after - before != numbers[1] - numbers[0] for before, after in pairwise(numbers)):
            return False
    return True


def _count(instances: Sequence[Entries | Missing], count: Callable[[Entries], int], steps: Steps) -> Column:
    """How often, with the repetitions in which it is written (one more is, if the first run is separate)."""
    return Column(DEPTH, tuple(_each(instances, count)), steps)
