"""`archdsl.check`: mistakes, warnings and failed contracts of files, and how far they were checked. Must not write files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from archdsl.answers import input_sizes
from archdsl.api import Arch
from archdsl.diagnostics import ArchError, Diagnostic
from archdsl.project import without_allowed
from archdsl.records import NamedTuple
from archdsl.sources import File, Shapes, expand, language_values, read

if TYPE_CHECKING:
    from archdsl.checks.input_sizes import Answer
    from archdsl.compiler import Program, Recipe
    from archdsl.ir import Network
    from archdsl.sources import ParameterValue


class Found(NamedTuple):
    """One file: what is wrong; how many contracts hold, fail and were not checked; how many definitions nothing calls.

    `sizes`: the input sizes that it accepts, if that was asked for.
    """

    diagnostics: list[Diagnostic]
    hold: int = 0
    failed: int = 0
    unchecked: int = 0
    uncalled: int = 0
    sizes: Answer | None = None


class Checked:
    """What checking files found; printed it is what `archdsl check` shows.

    Attributes:
        diagnostics: mistakes, failed contracts and warnings, file by file.
        files: the names of the files.
        hold, failed, unchecked: how many contracts hold, fail, and were not checked.
        uncalled: how many definitions nothing calls: they were checked without shapes.
        sizes: the input sizes that each file accepts, if that was asked for.
        overrides: what switched contracts off, as the caller writes it.
    """

    def __init__(self, found: Mapping[str, Found], overrides: tuple[str, ...], strict: bool, with_sizes: bool) -> None:
        self.files = tuple(found)
        all_found = found.values()
        self.diagnostics = [diagnostic for one in all_found for diagnostic in one.diagnostics]
        self._is_wrong = any(diagnostic.severity == "error" for diagnostic in self.diagnostics)
        if strict:
            self.diagnostics = [diagnostic._replace(severity="error") for diagnostic in self.diagnostics]
        self.hold = sum(one.hold for one in all_found)
        self.failed = sum(one.failed for one in all_found)
        self.unchecked = sum(one.unchecked for one in all_found)
        self.uncalled = sum(one.uncalled for one in all_found)
        self.overrides = overrides
        self.sizes: dict[str, Answer | None] = {name: one.sizes for name, one in found.items()} if with_sizes else {}

    @property
    def ok(self) -> bool:
        """Whether there are no mistakes and no contract fails; with `strict`, no warnings either."""
        return all(diagnostic.severity != "error" for diagnostic in self.diagnostics)

    def __bool__(self) -> bool:
        return self.ok

    def to_dict(self) -> dict[str, Any]:
        """As the JSON of `archdsl check` has it."""
        from archdsl.diagnostics.json import to_json

        contracts = {"hold": self.hold, "failed": self.failed, "unchecked": self.unchecked}
        checked = {
            "files": len(self.files),
            "contracts": contracts,
            "overrides": list(self.overrides),
            "uncalled_definitions": self.uncalled,
        }
        more = {"input_sizes": input_sizes.to_json(self.sizes)} if self.sizes else {}
        return {**to_json(self.diagnostics), "checked": checked, **more}

    def markdown(self) -> str:
        """For a comment: the verdict, then each diagnostic as it is drawn."""
        from archdsl.diagnostics.terminal import draw_all

        blocks = [f"```text\n{draw_all([one], color=False).rstrip()}\n```" for one in self.diagnostics]
        return "\n\n".join([f"**{self.verdict}**", *blocks, *self.size_lines])

    @property
    def verdict(self) -> str:
        """`2 files: 1 error, 4 contracts hold; 1 definition that nothing calls was checked without shapes`."""
        kinds = ("error", "warning")
        counts = [(sum(diagnostic.severity == kind for diagnostic in self.diagnostics), kind) for kind in kinds]
        mistakes = ", ".join(counted(number, kind) for number, kind in counts if number) or "no mistakes"
        return "; ".join((f"{counted(len(self.files), 'file')}: {mistakes}{self._contracts}", *self.gaps))

    @property
    def _contracts(self) -> str:
        """`, 4 contracts hold`"""
        looked_at = self.hold + self.failed
        if looked_at == 0:
            return "" if self.unchecked or self._is_wrong else ", no contracts"
        if not self.failed:
            return f", {counted(self.hold, 'contract')} {'holds' if self.hold == 1 else 'hold'}"
        of_all = f"{self.failed} of {looked_at} contracts" if self.hold else counted(self.failed, "contract")
        return f", {of_all} {'fails' if self.failed == 1 else 'fail'}"

    @property
    def gaps(self) -> list[str]:
        """What was not checked, and why."""
        found = []
        if self.unchecked:
            was = "was" if self.unchecked == 1 else "were"
            why = f", because of {' and '.join(f'`{option}`' for option in self.overrides)}" if self.overrides else ""
            found.append(f"{counted(self.unchecked, 'contract')} {was} not checked{why}")
        if self.uncalled:
            calls = "that nothing calls was" if self.uncalled == 1 else "that nothing calls were"
            found.append(f"{counted(self.uncalled, 'definition')} {calls} checked without shapes")
        return found

    @property
    def size_lines(self) -> list[str]:
        """For each file the sizes that it accepts, in words."""
        return [input_sizes.in_words(name, answer) for name, answer in self.sizes.items()]

    def __str__(self) -> str:
        from archdsl.diagnostics.terminal import draw_all

        drawn = [draw_all(self.diagnostics, color=False) + "\n"] if self.diagnostics else []
        return "\n".join([*drawn, self.verdict, *self.size_lines])

    def __repr__(self) -> str:
        return f"<archdsl.Checked {self.verdict}>"


def check(
    *files: Arch | File,
    strict: bool = False,
    input_sizes: bool = False,
    inputs: Shapes | None = None,
    **parameters: ParameterValue,
) -> Checked:
    """Mistakes, warnings and failed contracts of architectures, as `archdsl check` finds them; nothing is raised for them.

    Args:
        files: paths, folders (all archs in them), zoo names, open files, or architectures, which are read again.
        strict: a warning is an error.
        input_sizes: also tell at which sizes of its inputs the declared weights fit, and at which a network exists.
        inputs, parameters: other shapes and values, as `archdsl.load` takes them; contracts are not checked then.

    Raises:
        ValueError: there is no arch in a folder.
    """
    overrides = (*(("parameters",) if parameters else ()), *(("inputs",) if inputs else ()))
    values = language_values(parameters)

    def recipe(one: Arch | File) -> Recipe:
        from archdsl.compiler import Recipe

        if isinstance(one, Arch):
            own = one.recipe
            return own._replace(parameters={**own.parameters, **values}, inputs={**(own.inputs or {}), **(inputs or {})})
        return Recipe(*read(one), values, inputs)

    recipes: dict[str, Callable[[], Recipe]] = {}
    for one in files:
        for part in expand([one]) if isinstance(one, str) else [one]:
            name = part.name if isinstance(part, Arch) else str(getattr(part, "name", part))
            recipes[name] = partial(recipe, part)
    return check_recipes(recipes, overrides, strict=strict, input_sizes=input_sizes)


def check_recipes(
    recipes: Mapping[str, Callable[[], Recipe]],
    overrides: tuple[str, ...],
    *,
    strict: bool,
    input_sizes: bool,
    through: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Checked:
    """Check programs by the names of their files; each is read when its turn comes. `through` sees the names go by."""
    found = {name: _found(recipes[name], input_sizes) for name in through(list(recipes))}
    return Checked(found, overrides, strict, input_sizes)


def _found(recipe: Callable[[], Recipe], with_sizes: bool) -> Found:
    from archdsl.compiler import accepted_sizes, run

    try:
        source, folder, parameters, inputs, _ = recipe()
        program = run(source, folder, parameters, inputs, warnings=True)
    except ArchError as error:
        return Found(error.diagnostics)
    sizes = accepted_sizes(program) if with_sizes else None
    written = _contracts_in(program)
    # A library has no network, and a broken program none that could be measured.
    is_wrong = any(diagnostic.severity == "error" for diagnostic in program.report)
    if program.network is None or is_wrong or program.network.overridden:
        # A mistake in a network keeps definitions from being called, and then which of them nothing calls is not known.
        cut_short = is_wrong and program.file is not None and program.file.head is not None
        uncalled = 0 if cut_short else program.uncalled
        told = without_allowed(program.told, folder)
        return Found(told, unchecked=written, uncalled=uncalled, sizes=sizes)
    failed = failed_contracts(program.network)
    return Found(
        [*without_allowed(program.told, folder), *failed], written - len(failed), len(failed), 0, program.uncalled, sizes
    )


def _contracts_in(program: Program) -> int:
    from archdsl.syntax.tree import Expect

    return sum(isinstance(statement, Expect) for statement in program.file.tree.statements) if program.file else 0


def failed_contracts(network: Network) -> list[Diagnostic]:
    """A diagnostic for each `expect` that does not hold."""
    from archdsl.analysis.contracts import check as check_contracts
    from archdsl.analysis.cost import Cost

    return check_contracts(network, Cost(network))


def counted(number: int, what: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
