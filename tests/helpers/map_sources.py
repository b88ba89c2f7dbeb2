"""Other libraries' networks that may be ours under other names: which, and on what both are compared. Must not compare them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from helpers.name_maps import on_meta
from helpers.oracle import declare_torchvision
from helpers.torchvision_networks import ORACLES, SMALL

_TORCHVISION_NAMES = {"googlenet_bn": "googlenet", "lecture_alexnet": "alexnet"}
"""Where the zoo's name is another."""
_WINDOWS, _NATIVE = (3, 256, 256), (3, 224, 224)
_SAME_NAME = (
    "densenet121 densenet161 densenet169 densenet201 efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 "
    "efficientnet_b4 efficientnet_b5 efficientnet_b6 efficientnet_b7 inception_v4 resnet101 resnet152 resnet18 resnet34 "
    "resnext101_32x8d resnext101_64x4d resnext50_32x4d vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn "
    "resnet50 wide_resnet101_2 wide_resnet50_2 convnext_tiny convnext_small convnext_base convnext_large"
)
_REGNETS = {
    "400mf": "004",
    "800mf": "008",
    "1_6gf": "016",
    "3_2gf": "032",
    "8gf": "080",
    "16gf": "160",
    "32gf": "320",
    "128gf": "1280",
}
_TIMM_NAMES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in _SAME_NAME.split()},
    **{f"regnet_x_{ours}": (f"regnetx_{theirs}",) for ours, theirs in _REGNETS.items() if ours != "128gf"},
    **{f"regnet_y_{ours}": (f"regnety_{theirs}",) for ours, theirs in _REGNETS.items()},
    "regnet_x_400mf": ("regnetx_004_tv", "regnetx_004"),
    "regnet_y_800mf": ("regnety_008_tv", "regnety_008"),
    "regnet_y_8gf": ("regnety_080_tv", "regnety_080"),
    "efficientnet_l2": ("tf_efficientnet_l2",),
    "efficientnet_v2_s": ("efficientnetv2_s", "tf_efficientnetv2_s"),
    "efficientnet_v2_m": ("efficientnetv2_m", "tf_efficientnetv2_m"),
    "efficientnet_v2_l": ("efficientnetv2_l", "tf_efficientnetv2_l"),
    "mnasnet0_5": ("mnasnet_050",),
    "mnasnet0_75": ("mnasnet_075",),
    "mnasnet1_0": ("mnasnet_100",),
    "mobilenet_v2": ("mobilenetv2_100",),
    "mobilenet_v3_large": ("mobilenetv3_large_100",),
    "mobilenet_v3_small": ("mobilenetv3_small_100",),
    "senet154": ("legacy_senet154",),
    "seresnet50": ("legacy_seresnet50", "seresnet50"),
    "swin_t": ("swin_tiny_patch4_window7_224",),
    "swin_s": ("swin_small_patch4_window7_224",),
    "swin_b": ("swin_base_patch4_window7_224",),
    "swin_v2_t": ("swinv2_tiny_window8_256",),
    "swin_v2_s": ("swinv2_small_window8_256",),
    "swin_v2_b": ("swinv2_base_window8_256",),
    "vit_b_16": ("vit_base_patch16_224",),
    "vit_b_32": ("vit_base_patch32_224",),
    "vit_l_16": ("vit_large_patch16_224",),
    "vit_l_32": ("vit_large_patch32_224",),
    "vit_h_14": ("vit_huge_patch14_224",),
}
"""timm's networks that may be the entry; which of them are, outputs say."""


class Candidate(NamedTuple):
    """A network that may be the zoo entry under other names.

    Attributes:
        source: as name maps call it: `timm:resnet50`.
        build: their module, in any state of initialisation.
        shape: the input without the batch.
    """

    entry: str
    source: str
    build: Callable[[], Any]
    shape: tuple[int, ...]

    @property
    def library(self) -> str:
        return self.source.partition(":")[0]


def candidates() -> list[Candidate]:
    """torchvision's networks, then timm's."""
    found = []
    for entry, oracle in ORACLES.items():
        if oracle.library == "torchvision" and not oracle.change:
            source = f"torchvision:{_TORCHVISION_NAMES.get(entry, entry)}"
            found.append(Candidate(entry, source, oracle.build, oracle.shape))
    for entry, names in _TIMM_NAMES.items():
        found += [Candidate(entry, f"timm:{name}", _timm(name), _shape(entry)) for name in names]
    return found


def _shape(entry: str) -> tuple[int, ...]:
    if entry.startswith("swin_v2"):
        return _WINDOWS
    if entry.startswith(("swin", "vit")):
        return _NATIVE
    return ORACLES[entry].shape if entry in ORACLES else SMALL


def _timm(name: str) -> Callable[[], Any]:
    def build() -> Any:
        declare_torchvision()
        import timm

        return timm.create_model(name, num_classes=1000)

    return build


def same_names(candidate: Candidate) -> list[Candidate]:
    """Other networks of timm's file with exactly the names and shapes of the candidate."""
    with on_meta():
        model = candidate.build()
    file = type(model).__module__.rpartition(".")[2]
    own = candidate.source.partition(":")[2]
    return [
        Candidate(candidate.entry, f"timm:{name}", _timm(name), candidate.shape)
        for name, state in _states(file).items()
        if name != own and state == _state(model)
    ]


@cache
def _states(file: str) -> dict[str, frozenset[tuple[str, tuple[int, ...]]]]:
    """Names and shapes of every network in a file of timm; those that cannot be built without numbers are left out."""
    declare_torchvision()
    import timm

    found = {}
    for name in timm.list_models(module=file):
        try:
            with on_meta():
                found[name] = _state(timm.create_model(name, num_classes=1000))
        except (RuntimeError, NotImplementedError, ValueError, TypeError):
            continue
    return found


def _state(model: Any) -> frozenset[tuple[str, tuple[int, ...]]]:
    return frozenset((name, tuple(value.shape)) for name, value in model.state_dict().items())
