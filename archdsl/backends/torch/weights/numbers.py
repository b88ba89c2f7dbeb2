"""Whether tensors hold what weights are: floating-point numbers, finite ones. Must not change them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archdsl.backends.torch.running.execute import TYPES
from archdsl.backends.torch.weights.readings import is_derived
from archdsl.backends.torch.weights.report import indented, mismatch
from archdsl.diagnostics import Refusal

if TYPE_CHECKING:
    from torch import Tensor, dtype


def check_types(values: Mapping[str, Tensor], sources: Mapping[str, str]) -> None:
    """Every tensor holds floating-point numbers, counters whole ones.

    Args:
        sources: what each was made of, for the sentence.

    Raises:
        Refusal: one does not.
    """
    for name, value in values.items():
        wrong = _wrong_type(value, whole=is_derived(name))
        if wrong:
            raise Refusal(f"`{sources[name]}`, for `{name}`, {wrong}")


def _wrong_type(value: Tensor, *, whole: bool) -> str:
    """What is wrong with a tensor's type, as text that follows its name; "" if nothing is."""
    import torch

    kind = str(value.dtype).removeprefix("torch.")
    if value.device.type == "meta":
        return "has a shape but no numbers: it is on the meta device"
    if value.layout != torch.strided or value.is_quantized:
        return "is stored in a form that archdsl does not read (sparse or quantized): make it a dense tensor first"
    if kind in TYPES or (whole and not value.is_complex()):
        return ""
    if kind.startswith("float"):
        return f"holds {kind}: such numbers need scales that only their own program knows; store them as bfloat16 first"
    if value.is_complex():
        return f"holds complex numbers ({kind}), but weights are real ones"
    if value.dtype is torch.bool:
        return "holds booleans, but weights are floating-point numbers"
    return f"holds whole numbers ({kind}), but weights are floating-point ones: quantized weights need scales and are not read"


def check_finite(values: Mapping[str, Tensor], sources: Mapping[str, str]) -> None:
    """Every number is finite.

    Raises:
        WeightsMismatch: some are not.
    """
    bad = [name for name, value in values.items() if not bool(value.isfinite().all())]
    if bad:
        lines = [f"{sources[name]}: {_not_finite(values[name])}" for name in bad]
        raise mismatch(f"{len(bad)} tensors hold numbers that are not finite, so nothing was loaded", indented(lines))


def _not_finite(value: Tensor) -> str:
    nans, infinities = int(value.isnan().sum()), int(value.isinf().sum())
    parts = [f"{count:,} {what}" for count, what in ((nans, "NaN"), (infinities, "infinite")) if count]
    return f"{' and '.join(parts)} of {value.numel():,}"


def check_range(values: Mapping[str, Tensor], types: Mapping[str, dtype]) -> None:
    """Every number can be held in the type that the module has for it.

    Raises:
        WeightsMismatch: some would become infinite.
    """
    import torch

    bad = []
    for name, value in values.items():
        kind = types[name]
        if not kind.is_floating_point or not value.numel():
            continue
        end, largest = torch.finfo(kind).max, float(value.abs().max())
        if largest > end:
            bad.append(f"{name}: {largest:g}, but {str(kind).removeprefix('torch.')} ends at {end:g}")
    if bad:
        raise mismatch("the module's type cannot hold these numbers, so nothing was loaded", indented(bad))
