"""A setting left free gives formulas, and these give the counts of every number; or it is refused, and why is said."""

from __future__ import annotations

import pytest

import archdsl
from archdsl.shapes import Formula

_PROGRAM = "arch t(k={value})\ninput x[8, 28, 28]\n{step}\n"
_FORMULAS = (
    "conv 3x3 (k)",
    "conv (k) 8",
    "attention 2 (8*k)",
    "tokens ; class_token (k) ; linear (k)",
    "conv 3x3 8 dilation=(k)",
    "deconv 2x2 (k) stride=2",
)
_REFUSED = (
    "conv 3x3 8 stride=(k)",
    "conv 1x1 8 groups=(k)",
    "avgpool (k)",
    "attention (k)",
    "attention 2 window=7 shift=(k)",
    "concat for i in range(k) < conv 1x1 2 >",
    "x(k) conv 3x3 8",
    "groupnorm (k)",
    "upsample (k)",
)


@pytest.mark.parametrize("step", _FORMULAS)
def test_formulas_give_the_counts(step: str) -> None:
    free = archdsl.loads(_PROGRAM.format(value=4, step=step), free=["k"]).cost()
    for value in (1, 2, 3, 4):
        plain = archdsl.loads(_PROGRAM.format(value=value, step=step)).cost()
        for metric in ("params", "macs", "flops", "memory", "depth"):
            formula = getattr(free, metric)
            told = formula.substitute({"k": value}) if isinstance(formula, Formula) else formula
            assert told == getattr(plain, metric), (metric, value)


@pytest.mark.parametrize("step", _REFUSED)
def test_what_has_no_formula_is_refused_at_its_place(step: str) -> None:
    with pytest.raises(ValueError, match=r"`k` cannot be left free, .*\(<text>:3\); give it a value, such as k=4"):
        archdsl.loads(_PROGRAM.format(value=4, step=step), free=["k"])


def test_how_many_windows_there_are_needs_a_number() -> None:
    with pytest.raises(ValueError, match=r"`k` cannot be left free.*`attention` cannot be checked for every size"):
        archdsl.loads(_PROGRAM.format(value=4, step="attention 2 window=(k)"), free=["k"])
