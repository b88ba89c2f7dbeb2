"""Formulas of free dimensions as sympy expressions. The only module that knows sympy, and only when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archdsl.analysis.dtypes import UnknownChoice
from archdsl.analysis.metrics.named import NAMES, Measured, Measures, measure
from archdsl.analysis.metrics.parts import whole
from archdsl.analysis.unavailable import Unavailable
from archdsl.diagnostics import Refusal
from archdsl.ir import Network
from archdsl.shapes import Formula

if TYPE_CHECKING:
    from sympy import Basic

    from archdsl.shapes.dimension import Atom


def formula(network: Network, metric: str) -> Basic:
    """A metric as a sympy expression; its symbols are positive integers. A shape or pair is a sympy `Tuple`.

    Raises:
        UnknownChoice: there is no such metric.
        Refusal: it cannot be computed; the message says why.
        ModuleNotFoundError: sympy is not there; the message has the command that installs it.
    """
    if metric not in NAMES:
        raise UnknownChoice("metric", metric, NAMES)
    value = measure(Measures(network), metric, whole(network))
    if isinstance(value, Unavailable):
        raise Refusal(f"`{metric}` cannot be computed: {value.reason}")
    return expression(value)


def formulas(network: Network) -> dict[str, Basic | Unavailable]:
    """Every metric as a sympy expression; what cannot be computed is an `Unavailable`.

    Raises:
        ModuleNotFoundError: sympy is not there; the message has the command that installs it.
    """
    measures, part = Measures(network), whole(network)
    values = {name: measure(measures, name, part) for name in NAMES}
    return {name: value if isinstance(value, Unavailable) else expression(value) for name, value in values.items()}


def expression(value: Measured) -> Basic:
    """A number, formula, shape or pair in sympy.

    Raises:
        ModuleNotFoundError: sympy is not there.
    """
    try:
        import sympy
    except ModuleNotFoundError:
        raise ModuleNotFoundError('formulas need sympy: pip install "archdsl[symbolic]"') from None
    if isinstance(value, tuple):
        return sympy.Tuple(*(expression(part) for part in value))
    if not isinstance(value, Formula):
        return sympy.sympify(value)
    terms = []
    for monomial, factor in value.terms.items():
        powers = [_atom(atom) ** power for atom, power in monomial]
        terms.append(sympy.Mul(sympy.Rational(factor.numerator, factor.denominator), *powers))
    return sympy.Add(*terms)


def _atom(atom: Atom) -> Basic:
    import sympy

    if isinstance(atom, str):
        return sympy.Symbol(atom, integer=True, positive=True)
    return sympy.floor(expression(atom.numerator) / atom.divisor)
