"""A network with parameters that have no value: its dimensions are formulas in them. Must not know what it is used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from archdsl.compiler import compile_source
from archdsl.diagnostics import ArchError, Refusal, WrongUse
from archdsl.ir import Network
from archdsl.program.values import Evaluated
from archdsl.records import replace
from archdsl.shapes import Formula, Shape
from archdsl.text import Source


def compile_free(
    source: Source,
    folder: Path | None,
    values: Mapping[str, Evaluated],
    inputs: Mapping[str, Shape] | None,
    free: Sequence[str],
) -> Network:
    """The network with the parameters `free` as symbols, positive integers.

    Raises:
        ArchError: the program has mistakes, or no such parameter.
        WrongUse: a parameter has a value as well, or is not an integer.
        Refusal: it decides the structure.
    """
    for name in free:
        if name in values:
            raise WrongUse(f"`{name}` cannot be left free and have a value at once; leave one of them out")
    symbols = {name: Formula.symbol(name) for name in free}
    # The program is checked with numbers first, so that a mistake below is one that the symbols make.
    usual = compile_source(source, folder, values, inputs)
    for name in free:
        value = usual.parameters.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int):
            raise WrongUse(f"`{name}` cannot be left free: only a parameter that is an integer can, and it is {_words(value)}")
    try:
        network = compile_source(source, folder, {**values, **symbols}, inputs)
    except ArchError as error:
        raise _depends(error, free, usual) from None
    return replace(network, symbols=(*symbols, *network.symbols))


def _depends(error: ArchError, free: Sequence[str], usual: Network) -> Exception:
    """One sentence that says where the structure depends on the free parameters."""
    first = error.diagnostics[0]
    if first.name in ("unknown-parameter", "unknown-argument") or first.primary is None:
        return error
    span = first.primary.span
    names = ", ".join(f"`{name}`" for name in free)
    values = " ".join(f"{name}={usual.parameters[name]}" for name in free if name in usual.parameters)
    return Refusal(
        f"{names} cannot be left free, since the structure depends on it: {first.message} "
        f"({span.source.name}:{span.place.line}); give it a value, such as {values}"
    )


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return "a list"
    return str(value).lower() if value is None or isinstance(value, bool) else str(value)
