"""The laws of operators, each tested on every sample: what an entry says of itself agrees with PyTorch."""

from __future__ import annotations

import pytest
import torch
from helpers.lowered import inputs_of, module_of, site_of
from helpers.uses import use_of
from samples import BAD, SAMPLES, Bad, Sample, file_of
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from archdsl.ops.binding import complete
from archdsl.ops.facts import Fact
from archdsl.ops.operator import Attributes, TorchModule
from archdsl.ops.registry import OPERATORS
from archdsl.shapes import Dim, Formula, Indices, Shape, Undecided, decide

pytestmark = pytest.mark.torch

CPU_BYTES = {"dropout": 4}
"""Operators whose masks are counted at 1 byte, as GPUs keep them, and are larger on a CPU: bytes a number."""

each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def test_every_operator_has_a_sample_and_a_bad_use() -> None:
    for operator in OPERATORS.values():
        file = file_of(operator.name)
        assert operator.name in {row.operator for row in SAMPLES}, f"`{operator.name}` has no row in SAMPLES of {file}"
        if operator.arguments:
            assert operator.name in {row.operator for row in BAD}, f"`{operator.name}` has no row in BAD of {file}"


OF_STEPS = ("axis", "kernel", "window", "shift", "grid")
"""Arguments of attention that make other steps of it, which `test_attention_windows.py` and `test_linear_attention.py` hold."""


def test_every_argument_is_written_in_a_sample() -> None:
    written = {(row.operator, name) for row in SAMPLES for name in row.written}
    for operator in OPERATORS.values():
        for argument in operator.arguments:
            message = f"no row in SAMPLES of {file_of(operator.name)} writes `{argument.name}` of `{operator.name}`"
            of_steps = operator.by_steps and argument.name in OF_STEPS
            assert of_steps or (operator.name, argument.name) in written, message


def test_every_rank_has_a_sample() -> None:
    written = {(row.operator, len(row.inputs[0])) for row in SAMPLES}
    for operator in OPERATORS.values():
        for rank in operator.ranks:
            message = f"no row in SAMPLES of {file_of(operator.name)} gives `{operator.name}` an input of {rank} axes"
            # On maps attention is made of other steps.
            assert operator.by_steps or (operator.name, rank) in written, message


def test_every_word_is_written_in_a_sample() -> None:
    words = {(o.name, argument.name, word) for o in OPERATORS.values() for argument in o.arguments for word in argument.words}
    written = {
        (row.operator, name, "none" if value is None else value) for row in SAMPLES for name, value in row.written.items()
    }
    of_steps = {use for use in words if OPERATORS[use[0]].by_steps and use[1] in OF_STEPS}
    assert {use for use in words - of_steps if use not in written and use[2] != "none"} == set()


@each_sample
def test_shape(sample: Sample) -> None:
    operator, site = site_of(sample)
    y = module_of(operator, site).to("meta")(*inputs_of(sample, batch=2, device="meta"))
    assert tuple(y.shape) == (2, *site.y)


@each_sample
def test_parameters(sample: Sample) -> None:
    operator, site = site_of(sample)
    module = module_of(operator, site)
    learned = [(name, tuple(value.shape)) for name, value in module.named_parameters()]
    assert [(tensor.name, tensor.shape) for tensor in site.parameters if tensor.learned] == learned
    kept = {name: tuple(value.shape) for name, value in module.state_dict().items()}
    assert [tensor.name for tensor in site.parameters] == list(kept)
    assert {tensor.name: tensor.shape for tensor in site.parameters} == kept


@each_sample
def test_macs(sample: Sample) -> None:
    operator, site = site_of(sample)
    module = module_of(operator, site).to("meta").eval()
    with FlopCounterMode(display=False) as counter:
        module(*inputs_of(sample, device="meta"))
    assert counter.get_total_flops() == 2 * operator.macs(site)


@each_sample
def test_saved(sample: Sample) -> None:
    """Batch 2 tells what grows with the batch from what does not."""
    operator, site = site_of(sample)
    module = module_of(operator, site).train()
    xs = [x.requires_grad_() * 1 if x.is_floating_point() else x for x in inputs_of(sample, batch=2)]
    kept: dict[int, Tensor] = {}
    # oneDNN's kernel for all steps of a recurrent layer keeps what PyTorch's own steps do, in one block that no one can read.
    steps = torch.backends.mkldnn.flags(enabled=sample.operator != "lstm")
    with steps, torch.autograd.graph.saved_tensors_hooks(lambda x: kept.setdefault(_storage(x), x) * 1, lambda x: x):
        y = module(*xs)
    for value in (*module.parameters(), *module.buffers(), *(x for x in xs if not x.is_floating_point())):
        kept.pop(_storage(value), None)
    inputs = tuple(number for number, x in enumerate(xs) if kept.pop(_storage(x), None) is not None)
    output = kept.pop(_storage(y), None) is not None
    further = sum(x.untyped_storage().nbytes() for x in kept.values())
    saved = operator.saved(site)
    kinds = ", ".join(f"{x.dtype} {tuple(x.shape)}" for x in kept.values()) or "nothing"
    where = f"`saved` in the entry of `{sample.operator}`: autograd keeps of a batch of 2, beside inputs and output, {kinds}"
    assert (saved.inputs, saved.output) == (inputs, output), where
    assert 2 * saved.extra_bytes * CPU_BYTES.get(sample.operator, 1) + saved.fixed_bytes == further, where


def test_the_fused_dropout_keeps_a_boolean_mask() -> None:
    """The kernel of GPUs, here run on the CPU: a byte a number."""
    _, mask = torch.native_dropout(torch.ones(8), 0.5, True)
    assert mask.dtype == torch.bool


def _storage(x: Tensor) -> int:
    return x.untyped_storage().data_ptr()


@each_sample
def test_is_view(sample: Sample) -> None:
    operator, site = site_of(sample)
    xs = inputs_of(sample)
    y = module_of(operator, site).eval()(*xs)
    if operator.views(site) or not operator.in_place:
        assert (_storage(y) == _storage(xs[0])) == operator.views(site)


@each_sample
def test_one_lowering_serves_every_size(sample: Sample) -> None:
    """Where another size gives the same lowering (a shared module is applied to several), that is right there too."""
    operator, site = site_of(sample)
    other = sample._replace(inputs=tuple(_larger(shape) for shape in sample.inputs))
    try:
        _, there = site_of(other)
    except Fact:
        assert is_particular(sample)
        return
    if operator.torch(site) != operator.torch(there):
        assert sample.operator in SIZED, "the lowering depends on the size of the input"
        return
    y = module_of(operator, site).to("meta")(*inputs_of(other, batch=2, device="meta"))
    assert tuple(y.shape) == (2, *there.y)


SIZED = {"attention", "posembed", "relpos", "unpool"}
"""Operators whose lowering holds the size of their input: places of a pool, a table of positions."""

PARTICULAR = {
    *(
        "attend",
        "attention",
        "causal",
        "crop",
        "deform_conv",
        "fold",
        "grid",
        "lookup",
        "matmul",
        "rearrange",
        "relpos",
        "reshape",
        "rotary",
    ),
    *("slice", "spacetodepth", "split", "weigh"),
}
"""Operators that take only some sizes, so that others raise a fact and free ones may be undecided."""


def is_particular(sample: Sample) -> bool:
    """A convolution too, whose weights are another value, and means of areas, whose windows may overlap."""
    return sample.operator in PARTICULAR or "weights" in sample.written or sample.written.get("mode") == "area"


def _larger(shape: Shape) -> Shape:
    """12 more positions an axis, which whatever divided the first size mostly divides; an axis of 1 stays one."""
    return _like(shape, [size + 12 if letter in "THW" and size != 1 else size for letter, size in _lettered(shape)])


def _like(shape: Shape, sizes: list[Dim]) -> Shape:
    return Indices(sizes, shape.below) if isinstance(shape, Indices) else tuple(sizes)


def _lettered(shape: Shape) -> list[tuple[str, Dim]]:
    if isinstance(shape, Indices):
        return list(zip("T" if len(shape) == 1 else "HW", shape, strict=True))
    return list(zip({1: "D", 2: "TD", 3: "CHW", 4: "CTHW"}[len(shape)], shape, strict=True))


@each_sample
def test_free_sizes(sample: Sample) -> None:
    """Formulas of free height, width and tokens give the numbers when these are put in."""
    operator, site = site_of(sample)
    free = tuple(_freed(shape) for shape in sample.inputs)
    values: dict[str, Dim] = {f"{letter}{size}": size for shape in sample.inputs for letter, size in _lettered(shape)}

    def put(dim: Dim) -> Dim:
        return dim.substitute(values) if isinstance(dim, Formula) else dim

    try:
        there = use_of(operator, sample.written, free)
    except (Fact, Undecided):
        assert is_particular(sample)
        return
    assert tuple(map(put, there.y)) == site.y
    assert [tuple(map(put, tensor.shape)) for tensor in there.parameters] == [tensor.shape for tensor in site.parameters]
    assert put(operator.macs(there)) == operator.macs(site)
    free_flops, flops = put(operator.flops(there)), operator.flops(site)
    assert decide(">=" if sample.operator in BOUNDED else "==", free_flops, flops)
    assert operator.saved(there).output == operator.saved(site).output
    assert operator.view(there)


BOUNDED = {"attention"}
"""Operators whose operations depend on whether the map is smaller than the window; formulas count the most."""


def _freed(shape: Shape) -> Shape:
    """The shape with a symbol for each size above 1 (`H12` for a height of 12, the same everywhere)."""
    sizes = _lettered(shape)
    return _like(shape, [Formula.symbol(f"{letter}{n}") if letter in "THW" and n != 1 else n for letter, n in sizes])


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_bad_use(bad: Bad) -> None:
    operator = OPERATORS[bad.operator]
    with pytest.raises(Fact) as raised:
        operator.site(complete(operator, bad.written, bad.inputs), bad.inputs)
    assert type(raised.value) is bad.fact
    if bad.argument is not None:
        assert getattr(raised.value, "argument", None) == bad.argument


def test_attributes_stand_in_the_order_of_the_arguments() -> None:
    operator = OPERATORS["conv"]
    attributes = complete(operator, {"c": 4, "stride": 2, "k": 3}, ((3, 8, 8),))
    assert isinstance(attributes, Attributes)
    assert list(attributes) == [argument.name for argument in operator.arguments]
    assert (attributes.k, attributes.stride, attributes.pad) == ((3, 3), (2, 2), "same")


def test_a_pool_strides_by_its_window() -> None:
    operator = OPERATORS["maxpool"]
    assert complete(operator, {"k": 3}, ((2, 6, 6),)).stride == (3, 3)
    assert operator.torch(site_of(Sample("maxpool", ((2, 6, 6),), {"k": 3}))[1]) == TorchModule("nn.MaxPool2d", (3,))
