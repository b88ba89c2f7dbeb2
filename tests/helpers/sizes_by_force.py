"""Which sizes a file accepts: compiled at each of them, against the answer that is told without trying.

In `tests/`, `python -m helpers.sizes_by_force FOLDER… [--sizes 400] [--pairs 2000] [--programs 500]` compares every file of the
folders and that many random programs; it prints each disagreement and the figures.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archdsl.checks.input_sizes import Answer, Axis, Sizes, answer
from archdsl.checks.input_sizes.accepted import same_parameters
from archdsl.compiler import deep_recursion
from archdsl.diagnostics.mistake import LimitReached
from archdsl.elaborate.arch import Overrides, build, input_shapes
from archdsl.ir import Network
from archdsl.loading.loader import Loader
from archdsl.program.file import LoadedFile
from archdsl.program.state import Context, Stopped
from archdsl.shapes import Dim, axis_names
from archdsl.shapes.dimension import value_at
from archdsl.text import Source

MODES = ("inference", "training")


class Tried:
    """Files and sizes that were tried, and what did not agree."""

    def __init__(self) -> None:
        self.builds = 0
        self.unknown = 0
        self.wrong: list[str] = []


class Force:
    """One file, built at sizes."""

    def __init__(self, name: str, file: LoadedFile, overrides: Overrides, tried: Tried) -> None:
        self.name = name
        self.file = file
        self.overrides = overrides
        self.tried = tried
        declared = input_shapes(file.apart(), overrides)
        self.shapes = {name: tuple(map(_at_eight, shape)) for name, shape in declared.items()}
        self.answer = answer(file, overrides)
        self.references = {mode: self.built(self.shapes, mode) for mode in MODES}

    @property
    def axes(self) -> list[Axis]:
        """The axes that are sizes."""
        positions = {2: (0,), 3: (1, 2)}
        places = [(name, shape, at) for name, shape in self.shapes.items() for at in positions.get(len(shape), ())]
        return [Axis(name, at, axis_names(shape)[at]) for name, shape, at in places]

    def built(self, shapes: Mapping[str, Any], mode: str) -> Network | None:
        """The network at these shapes; None if there is none."""
        self.tried.builds += 1
        with deep_recursion:
            try:
                ctx = Context([], drops_aux=mode == "inference", stops=True)
                return build(ctx, self.file, Overrides(self.overrides.parameters, shapes))
            except (Stopped, LimitReached):
                return None

    def compare(self, sizes: Sequence[int], pairs: int, source: random.Random) -> None:
        """Each direction at `sizes`, and `pairs` random combinations."""
        if self.answer is None:
            return
        alone = [(axis,) for axis in self.axes]
        groups = dict.fromkeys((*alone, *(s.axes for sizes in _every(self.answer) for s in sizes.stretches)))
        for axes in groups:
            for size in sizes:
                self._judge(dict.fromkeys(axes, size))
        for _ in range(pairs):
            self._judge({axis: source.randint(1, 400) for axis in self.axes})

    def _judge(self, sizes: Mapping[Axis, int]) -> None:
        shapes = {name: list(shape) for name, shape in self.shapes.items()}
        for axis, size in sizes.items():
            shapes[axis.input][axis.position] = size
        given = {name: tuple(shape) for name, shape in shapes.items()}
        whole = {axis: own for axis in self.axes if isinstance(own := given[axis.input][axis.position], int)}
        for mode in MODES:
            network, reference = self.built(given, mode), self.references[mode]
            fits = network is not None and reference is not None and same_parameters(network.root, reference.root, {})
            assert self.answer is not None
            self._expect("network_exists", self.answer.network_exists, mode, sizes, whole, network is not None)
            if reference is not None and getattr(self.answer.weights_fit, mode) is not None:
                self._expect("weights_fit", self.answer.weights_fit, mode, sizes, whole, fits)

    def _expect(
        self, which: str, modes: Any, mode: str, sizes: Mapping[Axis, int], whole: Mapping[Axis, int], truth: bool
    ) -> None:
        told = says(getattr(modes, mode), sizes, whole)
        if told is None:
            self.tried.unknown += 1
        elif told != truth:
            where = ", ".join(f"{axis.input}.{axis.position}={size}" for axis, size in sizes.items())
            self.tried.wrong.append(f"{self.name}: {which} in {mode} at {where}: told {told}, found {truth}")


def _at_eight(dim: Dim) -> int:
    return dim if isinstance(dim, int) else int(value_at(dim, 8))


def says(sizes: Sizes, changed: Mapping[Axis, int], whole: Mapping[Axis, int]) -> bool | None:
    """Whether sizes are accepted by an answer; None if it does not tell."""
    if sizes.independent:
        return all(s.sizes is not None and s.sizes.holds(whole[axis]) for s in sizes.stretches for axis in s.axes)
    if len(set(changed.values())) == 1:
        for stretch in sizes.stretches:
            if set(stretch.axes) == set(changed) and stretch.sizes is not None:
                return stretch.sizes.holds(next(iter(changed.values())))
    return None


def _every(found: Answer) -> Iterator[Sizes]:
    for modes in (found.network_exists, found.weights_fit):
        yield from (sizes for sizes in modes if sizes is not None)


def force(name: str, source: Source, folder: Path | None, tried: Tried) -> Force | None:
    """A text, ready to be tried; None for one that has no network to speak of."""
    file = Loader([]).load_root(source, folder)
    if file.head is None or file.tree.is_broken:
        return None
    with deep_recursion:
        try:
            return Force(name, file, Overrides({}, {}), tried)
        except (Stopped, LimitReached):
            return None


def programs(first: int, count: int) -> Iterator[tuple[str, Source]]:
    """Random programs, each with its number."""
    from fuzz.networks import NetworkWriter

    for number in range(first, first + count):
        yield f"program {number}", Source("net.arch", NetworkWriter(random.Random(number)).program())


def main() -> int:
    """Compare, and print what did not agree."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--sizes", type=int, default=400)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--programs", type=int, default=0)
    options = parser.parse_args()
    tried, files = Tried(), 0
    texts = [
        (str(path), Source(str(path), path.read_text()), path.parent)
        for f in options.folders
        for path in sorted(f.glob("*.arch"))
    ]
    for name, source, folder in [*texts, *((n, s, None) for n, s in programs(0, options.programs))]:
        found = force(name, source, folder, tried)
        if found is None or found.answer is None:
            continue
        files += 1
        found.compare(range(1, options.sizes + 1), options.pairs, random.Random(1))
        print(name, tried.builds, len(tried.wrong), flush=True)
    print("\n".join(tried.wrong[:200]))
    print(f"{files} files, {tried.builds} builds, {tried.unknown} not told, {len(tried.wrong)} wrong")
    return 1 if tried.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
