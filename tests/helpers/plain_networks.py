"""Networks that neither torchvision nor timm has, in plain PyTorch, from their papers and their authors' Caffe or Lua files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from helpers.oracle import Oracle


def _classifier(width: int, classes: int = 1000) -> list[nn.Module]:
    layers: list[nn.Module] = [nn.Flatten()]
    for inputs in (width, 4096):
        layers += [nn.Linear(inputs, 4096), nn.ReLU()]
    return [*layers, nn.Linear(4096, classes)]


def _contrast() -> nn.Module:
    return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)


def alexnet_2012() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 96, 11, 4), nn.ReLU(), _contrast(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), _contrast(), nn.MaxPool2d(3, 2)),
        *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *_classifier(256 * 36),
    )


def zfnet() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 96, 7, 2, 1), nn.ReLU(), nn.MaxPool2d(3, 2, 1), _contrast()),
        *(nn.Conv2d(96, 256, 5, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1), _contrast()),
        *(nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 384, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2)),
        *_classifier(256 * 36),
    )


def alexnet_bn() -> nn.Module:
    layers: list[nn.Module] = []
    inputs = 3
    for c, k, stride, pad, pool in (
        (64, 11, 4, 2, 1),
        (192, 5, 1, 2, 1),
        (384, 3, 1, 1, 0),
        (256, 3, 1, 1, 0),
        (256, 3, 1, 1, 1),
    ):
        layers += [nn.Conv2d(inputs, c, k, stride, pad, bias=False), nn.BatchNorm2d(c), nn.ReLU()]
        layers += [nn.MaxPool2d(3, 2)] if pool else []
        inputs = c
    return nn.Sequential(*layers, *_classifier(256 * 36))


def lecture_vgg16() -> nn.Module:
    layers: list[nn.Module] = []
    inputs = 3
    for n, c in ((2, 64), (2, 128), (2, 256), (3, 512), (3, 512)):
        for _ in range(n):
            layers += [nn.Conv2d(inputs, c, 3, padding=1), nn.ReLU()]
            inputs = c
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(7), *_classifier(512 * 49))


def _nin(norm: bool) -> nn.Module:
    layers: list[nn.Module] = []
    inputs = 3
    for c, k, stride, pad, out in ((96, 11, 4, 0, 96), (256, 5, 1, 2, 256), (384, 3, 1, 1, 384), (1024, 3, 1, 1, 1000)):
        for channels, window, step, side in ((c, k, stride, pad), (c, 1, 1, 0), (out, 1, 1, 0)):
            layers.append(nn.Conv2d(inputs, channels, window, step, side, bias=not norm))
            layers += [nn.BatchNorm2d(channels)] if norm else []
            layers.append(nn.ReLU())
            inputs = channels
        layers += [nn.MaxPool2d(3, 2, ceil_mode=True)] if c < 1024 else []
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Inception(nn.Module):
    def __init__(self, inputs: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(inputs, c1, 1)
        self.three: Any = nn.ModuleList((nn.Conv2d(inputs, r3, 1), nn.Conv2d(r3, c3, 3, padding=1)))
        self.five: Any = nn.ModuleList((nn.Conv2d(inputs, r5, 1), nn.Conv2d(r5, c5, 5, padding=2)))
        self.pooled = nn.Conv2d(inputs, p, 1)

    def forward(self, x: Any) -> Any:
        branches = [F.relu(self.one(x))]
        for first, second in (self.three, self.five):
            branches.append(F.relu(second(F.relu(first(x)))))
        branches.append(F.relu(self.pooled(F.max_pool2d(x, 3, 1, 1))))
        return torch.cat(branches, 1)


class Side(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, 128, 1)
        self.fc1 = nn.Linear(2048, 1024)
        self.fc2 = nn.Linear(1024, 1000)

    def forward(self, x: Any) -> Any:
        x = F.relu(self.conv(F.avg_pool2d(x, 5, 3)))
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class GoogLeNet2014(nn.Module):
    ROWS = (
        *((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), "pool"),
        *(
            (192, 96, 208, 16, 48, 64),
            "aux",
            (160, 112, 224, 24, 64, 64),
            (128, 128, 256, 24, 64, 64),
            (112, 144, 288, 32, 64, 64),
        ),
        *("aux", (256, 160, 320, 32, 128, 128), "pool", (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
    )

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            *(nn.Conv2d(3, 64, 7, 2, 3), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), nn.LocalResponseNorm(5)),
            *(nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, 192, 3, padding=1), nn.ReLU()),
            *(nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2, ceil_mode=True)),
        )
        self.rows = nn.ModuleList()
        inputs = 192
        for row in self.ROWS:
            if isinstance(row, tuple):
                self.rows.append(Inception(inputs, *row))
                inputs = row[0] + row[2] + row[4] + row[5]
            else:
                self.rows.append(Side(inputs) if row == "aux" else nn.MaxPool2d(3, 2, ceil_mode=True))
        self.fc = nn.Linear(inputs, 1000)

    def forward(self, x: Any) -> Any:
        x = self.stem(x)
        sides = []
        for row in self.rows:
            if isinstance(row, Side):
                sides += [row(x)] if self.training else []
            else:
                x = row(x)
        return [self.fc(x.mean((2, 3))), *sides]


def _convolutions(inputs: int, n: int, c: int, norm: bool = False, pad: int = 1) -> nn.Sequential:
    layers: list[nn.Module] = []
    for _ in range(n):
        layers += [nn.Conv2d(inputs, c, 3, padding=pad), *([nn.BatchNorm2d(c)] if norm else []), nn.ReLU()]
        inputs = c
    return nn.Sequential(*layers)


class FullyConvolutional(nn.Module):
    """FCN-32s, 16s and 8s: `finest` is 32, 16 or 8."""

    def __init__(self, finest: int) -> None:
        super().__init__()
        first = _convolutions(3, 2, 64)
        first[0] = nn.Conv2d(3, 64, 3, padding=100)
        self.stages = nn.ModuleList(
            (first, *(_convolutions(i, n, c) for i, n, c in ((64, 2, 128), (128, 3, 256), (256, 3, 512), (512, 3, 512))))
        )
        self.fc6 = nn.Conv2d(512, 4096, 7)
        self.fc7 = nn.Conv2d(4096, 4096, 1)
        self.score = nn.Conv2d(4096, 21, 1)
        self.doubles: Any = nn.ModuleList()
        for c in {32: (), 16: (512,), 8: (512, 256)}[finest]:
            self.doubles.append(nn.ModuleList((nn.ConvTranspose2d(21, 21, 4, 2, bias=False), nn.Conv2d(c, 21, 1))))
        self.last = nn.ConvTranspose2d(21, 21, 2 * finest, finest, bias=False)
        self.offset = {32: 19, 16: 27, 8: 31}[finest]

    def forward(self, image: Any) -> Any:
        x = image
        pools = []
        for stage in self.stages:
            x = F.max_pool2d(stage(x), 2, ceil_mode=True)
            pools.append(x)
        x = self.score(F.relu(self.fc7(F.relu(self.fc6(x)))))
        for (double, score), pool, offset in zip(self.doubles, (pools[3], pools[2]), (5, 9), strict=False):
            x = double(x)
            x = x + _cut(score(pool), x, offset)
        return _cut(self.last(x), image, self.offset)


def _cut(x: Any, like: Any, offset: int) -> Any:
    return x[:, :, offset : offset + like.shape[2], offset : offset + like.shape[3]]


class UNet2015(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = (64, 128, 256, 512, 1024)
        self.down = nn.ModuleList(_convolutions(i, 2, c, pad=0) for i, c in zip((1, *widths), widths, strict=False))
        self.up: Any = nn.ModuleList(
            nn.ModuleList((nn.ConvTranspose2d(2 * c, c, 2, 2), _convolutions(2 * c, 2, c, pad=0))) for c in (512, 256, 128, 64)
        )
        self.last = nn.Conv2d(64, 2, 1)

    def forward(self, x: Any) -> Any:
        skips = []
        for i, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if i else x)
            skips.append(x)
        for (double, step), skip in zip(self.up, reversed(skips[:-1]), strict=True):
            x = double(x)
            side = (skip.shape[2] - x.shape[2]) // 2
            x = step(torch.cat((_cut(skip, x, side), x), 1))
        return self.last(x)


class SegNet2015(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        rows = ((3, 2, 64), (64, 2, 128), (128, 3, 256), (256, 3, 512), (512, 3, 512))
        self.encoder = nn.ModuleList(_convolutions(*row, norm=True) for row in rows)
        self.decoder = nn.ModuleList(
            nn.Sequential(*_convolutions(i, n, i, norm=True), *_convolutions(i, 1, c, norm=True))
            for i, n, c in ((512, 2, 512), (512, 2, 256), (256, 2, 128), (128, 1, 64), (64, 0, 64))
        )
        self.last = nn.Conv2d(64, 12, 3, padding=1)

    def forward(self, x: Any) -> Any:
        places: list[Any] = []
        for step in self.encoder:
            x = step(x)
            size = x.shape
            x, indices = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            places.append((indices, size))
        for step in self.decoder:
            indices, size = places.pop()
            x = step(F.max_unpool2d(x, indices, [2, 2], output_size=list(size[2:])))
        return self.last(x)


class Narrowed(nn.Module):
    """ENet's bottleneck: `kind` is regular, asymmetric, down or up; PReLU in the encoder, ReLU in the decoder."""

    def __init__(self, inputs: int, c: int, kind: str = "regular", dilation: int = 1, decoder: bool = False) -> None:
        super().__init__()
        inner = c // 4
        first = nn.Conv2d(inputs, inner, 2, 2, bias=False) if kind == "down" else nn.Conv2d(inputs, inner, 1, bias=False)
        middle: list[nn.Module] = [nn.Conv2d(inner, inner, 3, padding=dilation, dilation=dilation, bias=False)]
        if kind == "asymmetric":
            middle = [nn.Conv2d(inner, inner, k, padding=(k[0] // 2, k[1] // 2), bias=False) for k in ((5, 1), (1, 5))]
        elif kind == "up":
            middle = [nn.ConvTranspose2d(inner, inner, 3, 2, 1, 1, bias=False)]
        layers = [first, _norm(inner), _act(inner, decoder), *middle, _norm(inner), _act(inner, decoder)]
        self.path = nn.Sequential(*layers, nn.Conv2d(inner, c, 1, bias=False), _norm(c))
        self.side = nn.Sequential(nn.Conv2d(inputs, c, 1, bias=False), _norm(c)) if kind == "up" else None
        self.act = _act(c, decoder)
        self.kind = kind

    def forward(self, x: Any, indices: Any = None) -> Any:
        y = self.path(x)
        if self.kind == "down":
            x, indices = F.max_pool2d(x, 2, return_indices=True)
            padded = torch.cat((x, x.new_zeros(x.shape[0], y.shape[1] - x.shape[1], *x.shape[2:])), 1)
            return self.act(y + padded), indices
        if self.side is not None:
            x = F.max_unpool2d(self.side(x), indices, [2, 2])
        return self.act(y + x)


def _norm(c: int) -> nn.Module:
    return nn.BatchNorm2d(c, eps=1e-3)


def _act(c: int, decoder: bool) -> nn.Module:
    return nn.ReLU() if decoder else nn.PReLU(c)


def _regular(*dilations: int) -> list[tuple[str, int]]:
    return [("regular", dilation) for dilation in dilations]


class ENet2016(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 13, 3, 2, 1, bias=False)
        self.after = nn.Sequential(_norm(16), nn.PReLU(16))
        self.down1 = Narrowed(16, 64, "down")
        self.stage1 = nn.Sequential(*(Narrowed(64, 64) for _ in range(4)))
        self.down2 = Narrowed(64, 128, "down")
        strip = ("asymmetric", 1)
        rows = (*_regular(1, 2), strip, *_regular(4, 1, 8), strip, *_regular(16))
        self.stage2 = nn.Sequential(*(Narrowed(128, 128, *row) for row in (*rows, *rows)))
        self.up4 = Narrowed(128, 64, "up", decoder=True)
        self.stage4 = nn.Sequential(*(Narrowed(64, 64, decoder=True) for _ in range(2)))
        self.up5 = Narrowed(64, 16, "up", decoder=True)
        self.stage5 = Narrowed(16, 16, decoder=True)
        self.last = nn.ConvTranspose2d(16, 19, 2, 2, bias=False)

    def forward(self, x: Any) -> Any:
        x = self.after(torch.cat((self.first(x), F.max_pool2d(x, 2)), 1))
        x, first = self.down1(x)
        x, second = self.down2(self.stage1(x))
        x = self.stage4(self.up4(self.stage2(x), second))
        return self.last(self.stage5(self.up5(x, first)))


def attend(x: Any, q: nn.Linear, k: nn.Linear, v: nn.Linear, out: nn.Linear) -> Any:
    """The lecture's formula, a row of the result at a time."""
    queries, keys, values = q(x), k(x), v(x)
    rows = []
    for i in range(x.shape[1]):
        weights = torch.exp((queries[:, i : i + 1] * keys).sum(-1, keepdim=True) / queries.shape[-1] ** 0.5)
        rows.append((weights * values).sum(1) / weights.sum(1))
    return out(torch.stack(rows, 1))


class AttentionByHand(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.out = (nn.Linear(64, 64) for _ in range(4))

    def forward(self, x: Any) -> Any:
        return attend(x, self.q, self.k, self.v, self.out)


class AttentionOfPyTorch(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(64, 1, batch_first=True)

    def forward(self, x: Any) -> Any:
        return self.attention(x, x, x)[0]


def _convolutions_in_a_row(k: int, n: int) -> nn.Module:
    return nn.Sequential(*(nn.Conv2d(8, 8, k, padding=k // 2, bias=False) for _ in range(n)))


def vgg_stage() -> nn.Module:
    layers = nn.Conv2d(8, 8, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
    for layer in layers:
        layer.bias = None
    return nn.Sequential(*layers)


_BUILD: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "alexnet_2012": (alexnet_2012, (3, 227, 227)),
    "alexnet_bn": (alexnet_bn, (3, 224, 224)),
    "attention": (AttentionByHand, (196, 64)),
    "attention_op": (AttentionOfPyTorch, (196, 64)),
    "conv5x5": (lambda: _convolutions_in_a_row(5, 1), (8, 9, 10)),
    "enet": (ENet2016, (3, 64, 96)),
    "fcn16s": (lambda: FullyConvolutional(16), (3, 61, 97)),
    "fcn32s": (lambda: FullyConvolutional(32), (3, 61, 97)),
    "fcn8s": (lambda: FullyConvolutional(8), (3, 61, 97)),
    "googlenet": (GoogLeNet2014, (3, 224, 224)),
    "lecture_vgg16": (lecture_vgg16, (3, 64, 64)),
    "nin": (lambda: _nin(False), (3, 131, 131)),
    "nin_bn": (lambda: _nin(True), (3, 131, 131)),
    "segnet": (SegNet2015, (3, 70, 90)),
    "two_conv3x3": (lambda: _convolutions_in_a_row(3, 2), (8, 9, 10)),
    "unet": (UNet2015, (1, 188, 188)),
    "vgg_stage": (vgg_stage, (8, 12, 10)),
    "zfnet": (zfnet, (3, 224, 224)),
}
PLAIN = {name: Oracle(build, shape, "plain") for name, (build, shape) in _BUILD.items()}
