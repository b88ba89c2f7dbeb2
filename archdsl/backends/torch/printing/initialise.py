"""The function of the generated file that sets fresh weights. Must not import torch.

Only layers whose PyTorch default is not what the field uses are set: normalization starts at 1 and 0 anyway, and the classes of
`support/` set tokens, position tables and scales themselves.
"""

from __future__ import annotations

from collections.abc import Collection

from archdsl.analysis.metrics.totals import Tallies
from archdsl.backends.torch import support
from archdsl.ir import Network

_CONVOLUTIONS = ("nn.Conv2d", "nn.ConvTranspose2d")
_FAN_OUT = ('nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")',)
_LARGER = (
    "fan = max(module.weight[0].numel(), module.weight[:, 0].numel()GROUPS)",
    "nn.init.normal_(module.weight, std=(2 / fan) ** 0.5)",
)
_GROUPED = (
    "fan_out = module.weight[0, 0].numel() * module.out_channels // module.groups",
    "nn.init.normal_(module.weight, std=(2 / fan_out) ** 0.5)",
)
_HE_FAN_OUT = "He et al. (normal, fan-out) for convolutions"
_HE_LARGER = "He et al. (normal, the larger fan) for convolutions"
_GLOROT = "Glorot and Bengio for linear layers"


_NORMS = frozenset({"bn", "layernorm", "groupnorm", "instancenorm"})


def keeps_scale(network: Network) -> bool:
    """Whether norms reset the scale of the activations, so that fan-out is enough, as in torchvision's ResNet.

    Without norms the larger fan is taken. The fan-in keeps the scale going forward, the fan-out going back (He et al., "Delving
    Deep into Rectifiers", section 2.2); with the larger one nothing grows either way, through layers that narrow or widen.
    """
    tally = Tallies().of(network.root)
    return not _NORMS.isdisjoint({*tally.main, *tally.aux})


def layers(callees: Collection[str], parts: Collection[str]) -> list[str]:
    """Which of the classes that `initialise` treats occur among the modules, or in the support classes `parts`."""
    bases = {support.ancestor(name) if "." not in name else name for name in {*callees, *parts}}
    found = [name for name in _CONVOLUTIONS if name in bases]
    if "nn.Linear" in bases or any("nn.Linear(" in support.part(name).source for name in parts):
        found.append("nn.Linear")
    return found


def function(name: str, classes: Collection[str], is_grouped: bool, is_fan_out: bool) -> list[str]:
    """The lines of the function; none if nothing needs it. PyTorch's fan-out does not know groups."""
    if not classes:
        return []
    convolutions = [cls for cls in classes if cls in _CONVOLUTIONS]
    lines = [f"def {name}(module: nn.Module) -> None:"]
    says = [_HE_FAN_OUT if is_fan_out else _HE_LARGER] * bool(convolutions) + [_GLOROT] * ("nn.Linear" in classes)
    lines.append(f'    """{", ".join(says)}; biases 0."""')
    word = "if"
    if convolutions:
        kinds = convolutions[0] if len(convolutions) == 1 else f"({', '.join(convolutions)})"
        lines.append(f"    if isinstance(module, {kinds}):")
        setting = _LARGER if not is_fan_out else _GROUPED if is_grouped else _FAN_OUT
        lines += [f"        {line}".replace("GROUPS", " // module.groups" * is_grouped) for line in setting]
        word = "elif"
    if "nn.Linear" in classes:
        lines.append(f"    {word} isinstance(module, nn.Linear):")
        lines.append("        nn.init.xavier_uniform_(module.weight)")
    bias = ["if module.bias is not None:", "    nn.init.zeros_(module.bias)"]
    if word == "elif" and "nn.Linear" in classes:
        return [*lines, "    else:", "        return", *(f"    {line}" for line in bias)]
    return [*lines, *(f"        {line}" for line in bias)]
