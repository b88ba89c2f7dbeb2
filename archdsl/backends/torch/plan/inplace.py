"""Where an activation may overwrite its input. Must not guess: what cannot be shown safe is not in place."""

from __future__ import annotations

from collections import Counter

from archdsl.backends.torch.plan.forms import Forms, is_module
from archdsl.ir import Declare, Node, Region, Use

CLASSES = frozenset({"nn.ReLU", "nn.ReLU6"})
"""Those whose backward needs the output only, so that overwriting saves memory."""
_PASSING = frozenset({"regularise", "reshape", "resize"})
"""Families whose result may be the input itself, or share its storage: dropout in evaluation, flatten, a cut."""
_MAKING = frozenset({"conv", "linear", "norm", "pool", "join", "activation"})
"""Families whose result is always a tensor of its own."""


class Overwriting:
    """Says for each node whether it may run in place.

    It may if its input is a new tensor that nothing else reads: made in the same region (the caller may still need what came
    in) by an operator whose backward does not need its output, and used by this node alone.
    """

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._known: dict[int, tuple[Region, Counter[int], dict[int, Node | Use]]] = {}

    def is_safe(self, node: Node, region: Region) -> bool:
        """Whether the node may overwrite its input: it is a module that can, and nothing else reads the input."""
        lowering = self._forms.lowering(node)
        return is_module(lowering) and lowering.name in CLASSES and self._is_new(node.inputs[0], region)

    def _is_new(self, value: int, region: Region) -> bool:
        """Made in the region, unneeded by its maker's backward, and read once."""
        _, uses, makers = self._facts(region)
        maker = makers.get(value)
        if maker is None or uses[value] != 1:
            return False
        if isinstance(maker, Use):
            position = maker.outputs.index(value)
            inner = maker.region
            return position < len(inner.results) and self._is_new(inner.results[position], inner)
        if maker.operator.symbol.paint in _PASSING:
            return self._is_new(maker.inputs[0], region)
        if maker.operator.symbol.paint not in _MAKING or self._forms.is_alias(maker):
            return False
        return not maker.operator.saved(maker.site).output and maker.indices is None

    def _facts(self, region: Region) -> tuple[Region, Counter[int], dict[int, Node | Use]]:
        """How often each value is read, and what makes it."""
        known = self._known.get(id(region))
        if known is not None:
            return known
        uses = Counter([*region.results, *(output.value for output in region.outputs)])
        makers: dict[int, Node | Use] = {}
        for step in self._forms.steps(region):
            if isinstance(step, Declare):
                continue
            uses.update(step.inputs)
            makers |= dict.fromkeys(step.outputs, step)
        self._known[id(region)] = (region, uses, makers)
        return self._known[id(region)]
