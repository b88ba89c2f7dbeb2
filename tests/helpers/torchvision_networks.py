"""torchvision's and timm's networks by the zoo's names: how to build each, and the input on which it is compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from helpers.oracle import Oracle, declare_torchvision

NATIVE = (3, 224, 224)
SMALL = (3, 48, 48)

_CLASSIFIERS: dict[tuple[int, ...], str] = {
    (3, 195, 227): "alexnet",
    NATIVE: "vit_b_16 vit_b_32 vit_h_14 vit_l_16 vit_l_32 maxvit_t",
    (3, 96, 160): "swin_t swin_s swin_b swin_v2_t swin_v2_s swin_v2_b",
    (3, 97, 131): "squeezenet1_0 squeezenet1_1",
    (3, 96, 128): "convnext_tiny convnext_small convnext_base convnext_large",
    SMALL: "vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn "
    "densenet121 densenet161 densenet169 densenet201 "
    "efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4 efficientnet_b5 efficientnet_b6 "
    "efficientnet_b7 efficientnet_v2_s efficientnet_v2_m efficientnet_v2_l "
    "mnasnet0_5 mnasnet0_75 mnasnet1_0 mnasnet1_3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small "
    "regnet_x_400mf regnet_x_800mf regnet_x_1_6gf regnet_x_3_2gf regnet_x_8gf regnet_x_16gf regnet_x_32gf "
    "regnet_y_400mf regnet_y_800mf regnet_y_1_6gf regnet_y_3_2gf regnet_y_8gf regnet_y_16gf regnet_y_32gf regnet_y_128gf "
    "resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d resnext101_64x4d "
    "wide_resnet50_2 wide_resnet101_2 "
    "shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0",
}
_SEGMENTATION = (
    "fcn_resnet50 fcn_resnet101 deeplabv3_resnet50 deeplabv3_resnet101 deeplabv3_mobilenet_v3_large lraspp_mobilenet_v3_large"
)
_TIMM: dict[str, tuple[str, tuple[int, ...]]] = {
    "convnextv2_atto": ("convnextv2_atto", SMALL),
    "cspdarknet53": ("cspdarknet53", SMALL),
    "cspresnet50": ("cspresnet50", SMALL),
    "dla34": ("dla34", (3, 64, 64)),
    "dpn68": ("dpn68", SMALL),
    "ecaresnet50d": ("ecaresnet50d", SMALL),
    "efficientnet_l2": ("tf_efficientnet_l2", (3, 63, 74)),
    "ghostnet_100": ("ghostnet_100", SMALL),
    "ghostnetv2_100": ("ghostnetv2_100", SMALL),
    "gmlp_s16": ("gmlp_s16_224", (3, 224, 224)),
    "inception_resnet_v2": ("inception_resnet_v2", (3, 107, 139)),
    "inception_v4": ("inception_v4", (3, 107, 139)),
    "mambaout_tiny": ("mambaout_tiny", SMALL),
    "mobilevit_s": ("mobilevit_s", (3, 64, 64)),
    "resnest50d": ("resnest50d", SMALL),
    "resnetblur50": ("resnetblur50", SMALL),
    "rexnet_100": ("rexnet_100", SMALL),
    "senet154": ("legacy_senet154", SMALL),
    "seresnet50": ("legacy_seresnet50", SMALL),
    "skresnext50_32x4d": ("skresnext50_32x4d", SMALL),
    "starnet_s1": ("starnet_s1", SMALL),
}
_HUGE = "bit_r152x4 efficientnet_l2 regnet_y_128gf vit_h_14 vit_l_16 vit_l_32"
"""More than 300 million parameters."""


def _torchvision(name: str, **settings: Any) -> Callable[[], Any]:
    def build() -> Any:
        declare_torchvision()
        import torchvision.models

        return torchvision.models.get_model(name, weights=None, **settings)

    return build


def _timm(name: str) -> Callable[[], Any]:
    def build() -> Any:
        declare_torchvision()
        import timm

        return timm.create_model(name, num_classes=1000)

    return build


def _stride_first(name: str) -> Callable[[], Any]:
    """torchvision's network with the stride of a block moved from its 3x3 to its first 1x1 convolution."""

    def build() -> Any:
        network = _torchvision(name)()
        for part in network.modules():
            if type(part).__name__ == "Bottleneck":
                part.conv1.stride, part.conv2.stride = part.conv2.stride, (1, 1)
        return network

    return build


def _zero_padded(name: str) -> Callable[[], Any]:
    """torchvision's network with shortcuts that take every second position and append channels of zeros."""

    def build() -> Any:
        network = _torchvision(name)()
        for part in network.modules():
            if type(part).__name__ == "BasicBlock" and part.downsample is not None:
                part.downsample = _Appended(part.conv2.out_channels // 2)
        return network

    return build


class _Appended(torch.nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, x: Any) -> Any:
        return torch.nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.channels))


def _preactivated(depths: tuple[int, ...]) -> Callable[[], Any]:
    """timm's pre-activation network with the normalization after the first convolution, which the authors have."""

    def build() -> Any:
        declare_torchvision()
        from timm.layers import BatchNormAct2d, create_conv2d
        from timm.models.resnetv2 import ResNetV2

        network = ResNetV2(layers=list(depths), conv_layer=create_conv2d, norm_layer=BatchNormAct2d)
        network.stem = torch.nn.Sequential(network.stem.conv, BatchNormAct2d(64), network.stem.pool)
        return network

    return build


def _big_transfer() -> Any:
    """timm's BiT; its epsilon of weight standardisation, 1e-8, is made the operator's."""
    network = _timm("resnetv2_152x4_bit")()
    for part in network.modules():
        if type(part).__name__ == "StdConv2d":
            part.eps = 1e-6
    return network


def _all() -> dict[str, Oracle]:
    found = {name: Oracle(_torchvision(name), shape) for shape, names in _CLASSIFIERS.items() for name in names.split()}
    found["inception_v3"] = Oracle(_torchvision("inception_v3", init_weights=False), (3, 299, 299))
    found["googlenet_bn"] = Oracle(_torchvision("googlenet", init_weights=False, aux_logits=True), SMALL)
    found["lecture_alexnet"] = Oracle(_torchvision("alexnet"), (3, 227, 227))
    for name in _SEGMENTATION.split():
        aux = {} if name.startswith("lraspp") else {"aux_loss": True}
        build = _torchvision(name, weights_backbone=None, num_classes=21, **aux)
        found[name] = Oracle(build, (3, 65, 97))
    found |= {name: Oracle(_timm(theirs), shape, "timm") for name, (theirs, shape) in _TIMM.items()}
    for n in (50, 101, 152):
        moved = "the stride moved to a block's first convolution"
        found[f"resnet{n}_v1"] = Oracle(_stride_first(f"resnet{n}"), SMALL, change=moved)
    found["resnet34_a"] = Oracle(_zero_padded("resnet34"), SMALL, change="shortcuts of zeros")
    for n, depths in {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}.items():
        found[f"preact_resnet{n}"] = Oracle(_preactivated(depths), SMALL, "timm", "a normalized stem")
    found["bit_r152x4"] = Oracle(_big_transfer, SMALL, "timm", "an epsilon of 1e-6 in its weights' standardisation")
    return found | {name: found[name]._replace(once=True) for name in _HUGE.split()}


ORACLES = _all()
