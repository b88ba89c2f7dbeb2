"""Runs the generated source and builds the network from it: what a user reads is what is executed. Must not print source."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from hashlib import sha256
from types import ModuleType
from typing import TYPE_CHECKING

from archdsl.analysis.dtypes import UnknownChoice
from archdsl.backends.torch.printing.source_file import Generated, generate
from archdsl.diagnostics import Missing, Refusal

if TYPE_CHECKING:
    from torch import device as Device
    from torch import dtype as NumberType
    from torch.nn import Module

    from archdsl.backends.torch.plan.arch_parameters import Again
    from archdsl.ir import Network, Region

TYPES = ("float32", "float64", "float16", "bfloat16")
"""The types in which a network's weights can be."""
LARGEST = 200_000
"""How many modules may be built: a repetition of a thousand million is a short text and too large a network."""


class TooManyModules(Refusal):
    """The network has more modules than can be built; `count` is how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"the network has {count:,} modules, and at most {LARGEST:,} can be built")


class FreeDimensions(Refusal):
    """The network's parameters (or its values) depend on dimensions that are free; `names` are theirs."""

    def __init__(self, names: tuple[str, ...], sizes_of: str = "parameters") -> None:
        self.names = names
        free = ", ".join(names)
        super().__init__(f"the sizes of the network's {sizes_of} depend on the free dimensions {free}: give the input a shape")


def build(
    network: Network,
    device: str | int | Device | None = None,
    dtype: str | NumberType | None = None,
    recipe: Again | None = None,
) -> Module:
    """A `torch.nn.Module` with fresh weights; `torch.manual_seed` before makes it reproducible.

    Args:
        network: the network.
        device: where its tensors are made, as `torch.device` takes it.
        dtype: a floating `torch.dtype` or its name (`"bfloat16"`), one of `TYPES`.
        recipe: as for `source`, if the text must be the same.

    Raises:
        TooLarge: it has too many modules.
        FreeDimensions: its parameters have no sizes.
        Refusal: the device cannot be used here, or the dtype is not one of `TYPES`.
        ModuleNotFoundError: torch is not installed.
    """
    import torch

    numbers = None if dtype is None else _number_type(dtype)
    if device is not None:
        _check_device(device)
    count = modules_in(network.root)
    if count > LARGEST:
        raise TooManyModules(count)
    generated = _generated(network, recipe)
    if generated.required:
        raise FreeDimensions(generated.required)
    make: Callable[[], Module] = getattr(execute(generated, network.name), generated.function)
    if device is None:
        model = make()
    else:
        with torch.device(device):
            model = make()
    return model if numbers is None else model.to(numbers)


def _number_type(dtype: object) -> NumberType:
    """The `torch.dtype` of a name or of itself.

    Raises:
        Refusal: a module cannot have it.
    """
    import torch

    name = str(dtype).removeprefix("torch.") if isinstance(dtype, torch.dtype) else dtype
    if name in TYPES:
        chosen: NumberType = getattr(torch, str(name))
        return chosen
    if isinstance(name, str) and isinstance(getattr(torch, name, None), torch.dtype):
        raise Refusal(
            f"a network cannot have its weights in `{name}`: the choices are {', '.join(f'`{one}`' for one in TYPES)}"
        )
    raise UnknownChoice("dtype", name, TYPES)


def _check_device(device: str | int | Device) -> None:
    """A tensor can be made there.

    Raises:
        Refusal: it cannot.
    """
    import torch

    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError, TypeError, ImportError):
        # Each kind of device says in its own way that it is not there.
        kinds = ("cpu", "meta", *(kind for kind in ("cuda", "mps", "xpu") if getattr(torch, kind).is_available()))
        there = ", ".join(f"`{kind}`" for kind in kinds)
        raise Missing(f"this PyTorch cannot use the device `{device}` here; it has {there}") from None


_last: list[tuple[Network, bool, Generated]] = []
"""The network that was built last: building it again prints nothing again."""


def _generated(network: Network, recipe: Again | None) -> Generated:
    for known, has_parameters, generated in _last:
        if known is network and has_parameters is (recipe is not None):
            return generated
    generated = generate(network, recipe)
    _last[:] = [(network, recipe is not None, generated)]
    return generated


def execute(generated: Generated, name: str) -> ModuleType:
    """The source as a module of its own, registered under a name that belongs to this very text.

    `torch.compile` and `pickle` look modules up by name, and tracebacks their lines, so both are registered.
    """
    digest = sha256(generated.text.encode()).hexdigest()[:16]
    module_name = f"archdsl_generated_{name}_{digest}"
    known = sys.modules.get(module_name)
    if known is not None:
        return known
    file = f"<{module_name}>"
    module = ModuleType(module_name)
    module.__file__ = file
    code = compile(generated.text, file, "exec")
    linecache.cache[file] = (len(generated.text), None, generated.text.splitlines(keepends=True), file)
    sys.modules[module_name] = module
    try:
        # Our own text: names are checked, strings quoted.
        exec(code, module.__dict__)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def modules_in(root: Region) -> int:
    """How many steps the network has when every repetition is written out."""
    from archdsl.ir import Declare, Node

    known: dict[int, int] = {}

    def count(region: Region) -> int:
        found = known.get(id(region))
        if found is None:
            found = 0
            for step in region.steps:
                if isinstance(step, Node):
                    found += step.count
                elif not isinstance(step, Declare):
                    found += step.count * count(step.region)
            known[id(region)] = found
        return found

    return count(root)
