"""The compiler, whole: text to checked network as a tuple of named passes. Must not know any target."""

from __future__ import annotations

import sys
from _thread import allocate_lock
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archdsl import wording
from archdsl.checks.circles import refuse_circles
from archdsl.checks.fixes import Trials, keep_tried
from archdsl.checks.structure import deciding_names
from archdsl.diagnostics import ArchError, ArchWarning, Diagnostic
from archdsl.diagnostics.applied import Texts
from archdsl.diagnostics.mistake import LimitReached
from archdsl.elaborate.arch import Overrides, build
from archdsl.elaborate.file_scope import base_file, library
from archdsl.elaborate.nameless import head_of_nameless
from archdsl.elaborate.uncalled import check_uncalled, uncalled
from archdsl.ir import Network, Step
from archdsl.loading.loader import Loader
from archdsl.program.file import LoadedFile
from archdsl.program.scope import Scope
from archdsl.program.state import Context, place_key
from archdsl.program.values import Evaluated
from archdsl.provenance import Origin
from archdsl.records import NamedTuple
from archdsl.shapes import Shape
from archdsl.text import Places, Source, Span

if TYPE_CHECKING:
    from archdsl.checks.input_sizes import Answer


class Program:
    """What goes from pass to pass: the text, then its tree, then its network, and every diagnostic so far."""

    def __init__(self, source: Source, folder: Path | None, overrides: Overrides, warnings: bool, texts: Texts) -> None:
        self.source = source
        self.texts = texts
        self.warnings = warnings
        self.folder = folder
        self.overrides = overrides
        self.report: list[Diagnostic] = []
        self.called: set[int] = set()
        self.uncalled = 0
        self.effort = len(source.text)
        self.steps_made: Sequence[Step] = ()
        self.file: LoadedFile | None = None
        self.network: Network | None = None

    @cached_property
    def told(self) -> list[Diagnostic]:
        """The report as people see it: each fix in it was applied, and the text read again."""
        return keep_tried(self.report, Trials(self._again, self.effort, len(self.report)))

    def _again(self, texts: Texts) -> list[Diagnostic]:
        source = Source(self.source.name, texts.get(self.source.name, self.source.text))
        return _run(Program(source, self.folder, self.overrides, self.warnings, texts)).report

    @property
    def recipe(self) -> Recipe:
        """How the network was made."""
        return Recipe(self.source, self.folder, self.overrides.parameters, self.overrides.inputs)


def parse_files(program: Program) -> None:
    """Text -> trees, of the file and of all that it imports."""
    program.file = Loader(program.report, program.texts).load_root(program.source, program.folder)
    program.source = program.file.source


def refuse_recursion(program: Program) -> None:
    """No definition calls itself."""
    assert program.file is not None
    refuse_circles(program.file, program.report)


def elaborate_network(program: Program) -> None:
    """Trees -> regions and nodes, with every shape checked."""
    file = program.file
    assert file is not None
    ctx = Context(program.report)
    ctx.misread = Places(one.primary.span for one in program.report if one.primary is not None)
    with _stopped_at_limits(ctx, file):
        if file.head is None:
            file.head = head_of_nameless(ctx, file)
        if file.head is None:
            library(ctx, file)
        else:
            program.network = build(ctx, file, program.overrides)
    program.steps_made = ctx.steps_made
    program.effort += 20 * (ctx.steps + ctx.runs)
    program.called = {start for name, start in ctx.called if name == program.source.name}


@contextmanager
def _stopped_at_limits(ctx: Context, file: LoadedFile) -> Iterator[None]:
    """A limit that is reached ends what runs inside, and is reported."""
    try:
        yield
    except LimitReached as reached:
        ctx.say(wording.limits.reached(reached.limit, reached.span), Scope(None, file.source))
    except RecursionError:
        whole = Span(file.source, 0, min(1, len(file.source.text)))
        ctx.say(wording.limits.nested_too_deeply(whole), Scope(None, file.source))


def check_the_rest(program: Program) -> None:
    """Definitions and shared modules that nothing called are checked as far as that goes without shapes."""
    file = program.file
    assert file is not None
    if file.tree.is_broken:
        return
    waiting = uncalled(file, program.called)
    if not waiting and file.head is not None:
        return
    program.uncalled = len(waiting)
    ctx = Context(program.report)
    ctx.seen = {place_key(diagnostic) for diagnostic in program.report}
    with _stopped_at_limits(ctx, file):
        check_uncalled(ctx, file, waiting)


def find_suspects(program: Program) -> None:
    """Warnings, where someone wants them: all where nothing is wrong, else those that may be the cause of what is."""
    if not program.warnings:
        return
    from archdsl.checks import lints

    assert program.file is not None
    if program.report:
        program.report += lints.find_causes(program.steps_made, program.source)
    else:
        program.report += lints.find_suspects(program.file, program.network)


def leave_out_heads(program: Program) -> None:
    """An auxiliary head that does not fit into an input from outside never refuses inference: heads are left out then."""
    file, overrides = program.file, program.overrides
    refused = [diagnostic for diagnostic in program.report if diagnostic.severity == "error"]
    if program.network is not None or not refused or not overrides.inputs or file is None or file.head is None:
        return
    if not file.speaks_of("aux") or file.tree.is_broken:
        return
    ctx = Context([], drops_aux=True)
    try:
        network = build(ctx, file.apart(), overrides)
    except LimitReached:
        return
    if network is not None and not ctx.report:
        program.network = network
        program.report = [wording.outputs.heads_left_out(refused[0], _training_sizes(file, overrides))]


def _training_sizes(file: LoadedFile, overrides: Overrides) -> str:
    """In words, the sizes that training accepts."""
    from archdsl.checks.input_sizes import answer

    found = answer(file, overrides)
    training = found.network_exists.training if found is not None else None
    return wording.sizes.NOT_KNOWN if training is None else wording.sizes.accepted(training)


def suggest_sizes(program: Program) -> None:
    """Where the input's size from outside is wrong: the sizes that are right, and the nearest of them."""
    given = program.overrides.inputs
    if program.network is not None or not given or not program.report:
        return
    from archdsl.checks.input_sizes import EMPTY  # slow to import, and needed only here

    found = accepted_sizes(program)
    sizes = found.network_exists.inference if found is not None else None
    known = [stretch for stretch in sizes.stretches if stretch.sizes is not None] if sizes is not None else []
    if sizes is None or not known or all(stretch.sizes == EMPTY for stretch in known):
        return
    nearest: tuple[int, ...] = ()
    for stretch in known:
        axis = stretch.axes[0]
        size = given[axis.input][axis.position] if axis.input in given else None
        if not nearest and isinstance(size, int) and stretch.sizes is not None and not stretch.sizes.holds(size):
            nearest = stretch.sizes.nearest(size)
    note = wording.sizes.nearest(wording.sizes.accepted(sizes), nearest)
    program.report.sort(key=_order(program.source))
    first = program.report[0]
    program.report[0] = first._replace(notes=(*first.notes, note))


def accepted_sizes(program: Program) -> Answer | None:
    """The sizes that a program's file accepts with the parameters in force; None if that is not a question."""
    from archdsl.checks.input_sizes import answer

    file = program.file
    if file is None or file.head is None or file.tree.is_broken:
        return None
    with deep_recursion:
        return answer(file, program.overrides)


PASSES: tuple[Callable[[Program], None], ...] = (
    parse_files,
    refuse_recursion,
    elaborate_network,
    leave_out_heads,
    suggest_sizes,
    check_the_rest,
    find_suspects,
)


def run(
    source: Source,
    folder: Path | None = None,
    overrides: Mapping[str, Evaluated] | None = None,
    inputs: Mapping[str, Shape] | None = None,
    warnings: bool = False,
) -> Program:
    """Run the passes; `report` holds what they found, in the order of the text.

    Args:
        folder: the folder of the text: its relative imports start there and stay inside; None for a text that is not in a file.
        warnings: also look for what is allowed but most likely not intended.
    """
    return _run(Program(source, folder, Overrides(overrides, inputs), warnings, {}))


def _run(program: Program) -> Program:
    with deep_recursion:
        for step in PASSES:
            step(program)
    program.report.sort(key=_order(program.source))
    _name_settings(program)
    return program


def _name_settings(program: Program) -> None:
    """Parameters that were set from outside may be what is wrong: the first mistake names them."""
    from archdsl.wording.values import whole

    settings = [f"{name}={whole(value)}" for name, value in program.overrides.parameters.items()]
    first = next((at for at, one in enumerate(program.report) if one.severity == "error"), None)
    if first is None or not settings or program.report[first].name == "unknown-parameter":
        return
    wrong = program.report[first]
    program.report[first] = wrong._replace(notes=(*wrong.notes, wording.arch.set_from_outside(settings)))


def compile_source(
    source: Source,
    folder: Path | None = None,
    overrides: Mapping[str, Evaluated] | None = None,
    inputs: Mapping[str, Shape] | None = None,
) -> Network:
    """The checked network of a text.

    Raises:
        ArchError: the program has mistakes; all of them are in it.
    """
    return network_of(run(source, folder, overrides, inputs))


class Recipe(NamedTuple):
    """How a network was made, so that it can be made again with other values of the arch's parameters.

    `free`: parameters that are symbols.
    """

    source: Source
    folder: Path | None
    parameters: Mapping[str, Evaluated]
    inputs: Mapping[str, Shape] | None
    free: tuple[str, ...] = ()

    def again(self, parameters: Mapping[str, Evaluated]) -> Network | None:
        """The network with these values; None if that is a mistake."""
        try:
            return compile_source(self.source, self.folder, {**self.parameters, **parameters}, self.inputs)
        except ArchError:
            return None

    @property
    def origin(self) -> Origin:
        """What a file made from the network was made from."""
        from archdsl.wording.values import whole

        settings = tuple(f"{name}={whole(value)}" for name, value in self.parameters.items())
        inputs = tuple(f"{name}={'x'.join(map(str, shape))}" for name, shape in (self.inputs or {}).items())
        return Origin((Path(self.source.name).name,), settings, inputs)

    def files(self) -> frozenset[Path]:
        """The files that were read: the text's own, and all that it imports."""
        loader = Loader([])
        root = loader.load_root(self.source, self.folder)
        own = () if self.folder is None else (self.folder / Path(root.source.name).name,)
        return frozenset((*own, *loader.files))

    def digest(self) -> str:
        """The start of SHA-256 over the text and all that it imports, in the order of reading."""
        from hashlib import sha256

        loader = Loader([])
        loader.load_root(self.source, self.folder)
        texts = [self.source.text, *(file.source.text for file in loader.files.values())]
        return sha256("\0".join(texts).encode()).hexdigest()[:32]

    def deciding(self) -> frozenset[str]:
        """Parameters on which the structure depends, so that no class can have them as its own."""
        file = Loader([]).load_root(self.source, self.folder)
        while (base := base_file(file)) is not None:
            file = base
        return deciding_names(file)


def network_of(program: Program) -> Network:
    """The network of a program that ran through all passes. Warnings not asked for are given as `ArchWarning`.

    Raises:
        ArchError: the program has mistakes; all of them are in it.
    """
    errors = [diagnostic for diagnostic in program.report if diagnostic.severity == "error"]
    if errors:
        raise ArchError(program.report, lambda: program.told)
    if program.network is None:
        raise ArchError([wording.arch.no_arch(Span(program.source, 0, 0)).diagnostic])
    for diagnostic in () if program.warnings else program.report:
        import warnings

        warnings.warn(ArchWarning(diagnostic), stacklevel=2)
    return program.network


def _order(source: Source) -> Callable[[Diagnostic], tuple[int, int]]:
    """Mistakes in the file itself come in the order of its text, those in other files after them."""
    return lambda diagnostic: diagnostic.sort_key[1:] if _is_root(diagnostic, source) else (sys.maxsize, 0)


def _is_root(diagnostic: Diagnostic, source: Source) -> bool:
    return diagnostic.primary is not None and diagnostic.primary.span.source is source


class _DeepRecursion:
    """Bodies and calls nest in Python's stack, a dozen frames a level; the limits are ours, not Python's.

    Python has one limit for all threads. So the first run raises it, the last one to end puts it back, and none pulls it
    from under another. If other code set a limit meanwhile, that stays.
    """

    _FRAMES = 8000

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._running = 0
        self._before = 0

    def __enter__(self) -> None:
        with self._lock:
            self._running += 1
            if self._running == 1:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self._before, self._FRAMES))

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0 and sys.getrecursionlimit() == max(self._before, self._FRAMES):
                sys.setrecursionlimit(self._before)


deep_recursion = _DeepRecursion()
