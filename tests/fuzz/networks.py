"""Random networks that mostly make sense: operators on values of the right rank, definitions, joins, labels, stages.

Must not care whether a program is right: a wrong one is as welcome. `helpers/random_programs.py` writes texts that only have right syntax;
these here reach the elaborator, the shape rules and the costs.
"""

from __future__ import annotations

import random

_POINTWISE = ("relu", "relu6", "silu", "hardswish", "sigmoid", "tanh", "mish", "gelu", "elu", "prelu", "leaky_relu slope=0.1",
              "dropout", "dropout 0.2", "droppath 0.1", "identity", "softmax", "bn", "ln", "layerscale", "affine", "gain",
              "scale (1 / 3)", "scale 0.5")  # fmt: skip
_WIDTHS = ("8", "16", "32", "w", "(2*w)", "in.c", "(in.c * 2)", "(w if index else 16)", "widths[1]", "make_divisible(w*0.75, 8)",
           "max(w, 8)", "(w // 2 + 4)", "sum([4, 4])", "(8 if true else w)", "len([1, 2])")  # fmt: skip
_COUNTS = ("2", "3", "(index + 1)", "n", "len(widths)", "0", "1", "(n - 1)", "40", "100000")


class NetworkWriter:
    """Writes one program; `kind` is what the current value is: a map `[C, H, W]`, tokens `[T, D]` or a vector `[D]`."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.labels: list[tuple[str, str]] = []
        self.made = 0
        self.units: list[str] = []

    def program(self) -> str:
        """The text of a whole file with an `arch` line."""
        choose = self.random.choice
        lines = [f"arch net(n={self.random.randint(0, 4)}, w={choose((4, 8, 16, 32))}, widths=[8, 16, 32])"]
        size = choose((16, 32, 64, 224))
        lines.append(choose((f"input image[3, {size}, {size}]",) * 3 + ("input image[3, H, W]", "input image[C, 2*H, 32]")))
        if self.chance(3):
            lines.append(
                choose(("default conv bias=false", "default bn eps=1e-3", "default maxpool stride=2", "default gn groups=4"))
            )
        if self.chance(4):
            lines.append('meta year=2024 title="a net"')
        if self.chance(5):
            lines.append('from "seresnet50" import se')
            lines.append("def gate <\n  se(max(in.c // 4, 1), relu)\n>")
        names = [f"unit{i}" for i in range(self.random.randint(0, 3))]
        lines += [self.definition(name) for name in names]
        self.units = names
        kind = "map"
        for _ in range(self.random.randint(1, 6)):
            text, kind = self.statement(kind, 3)
            lines.append(text)
        if self.chance(2):
            lines.append("head < gap ; linear 10 >" if kind == "map" else "head < linear 10 >")
        lines += self.contracts()
        return "\n".join(lines) + "\n"

    def chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def fresh(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made}"

    def contracts(self) -> list[str]:
        forms = ("expect params > 0", "expect macs ~= 4.1G", "expect out == [10]", "expect memory(conv) < 48.6MB", "expect depth <= 10",
                 "expect stem.params == 3", "expect stage1.0.out == [8, 8, 8]", "expect receptive_field == [1, 1]", "expect peak >= 1KB",
                 "expect params == 25*w**2 + n", "expect flops != 0", "expect stride == 2")  # fmt: skip
        return [self.random.choice(forms) for _ in range(self.random.choice((0, 0, 1, 3)))]

    def definition(self, name: str) -> str:
        self.units = []
        body, kind = self.body("map", 2, "map")
        if kind != "map":
            body = "relu"
        more = self.random.choice(("", "", " ; body", " ; if (stride > 1) < avgpool 2x2 > else < identity >"))
        return f"def {name}(c=16, stride=1, g=1) <\n  {body}{more}\n>"

    def body(self, kind: str, depth: int, wanted: str | None = None) -> tuple[str, str]:
        """Statements in one line, and what they leave."""
        texts = []
        before = list(self.labels)
        for _ in range(self.random.randint(1, 3)):
            text, after = self.statement(kind, depth - 1)
            if wanted is not None and after != wanted:
                continue
            texts.append(text)
            kind = after
        self.labels = before
        return " ; ".join(texts), kind

    def statement(self, kind: str, depth: int) -> tuple[str, str]:
        form = self.random.randrange(22)
        if depth <= 0 or form < 9:
            return self.call(kind)
        if form == 9:
            body, _ = self.body(kind, depth, kind)
            again, _ = self.body(kind, depth, kind)
            join = self.random.choice(("residual", "add", "mul", "concat", "concat split=true", "residual when=(in.c == w)"))
            return f"{join} < {body} | {self.random.choice((again, 'identity', ''))} >", kind
        if form == 10:
            body, _ = self.body(kind, depth, kind)
            return f"residual < {body} >", kind
        if form == 11:
            body, after = self.body(kind, depth)
            return f"{self.random.choice(('stem', 'block', 'neck', 'head', 'branch', 'stage'))} < {body} >", after
        if form == 12:
            body, _ = self.body(kind, depth, kind)
            return f"{self.random.choice(('', 'stage ', 'block '))}x({self.random.choice(_COUNTS)}) < {body} >", kind
        if form == 13 and kind == "map":
            unit = self.random.choice([*self.units, "conv k=3"])
            return (
                f"stage x{self.random.randint(0, 5)} < block {unit} c={self.random.choice(_WIDTHS)} ; downsample stride=2 >",
                kind,
            )
        if form == 14:
            body, _ = self.body(kind, depth, kind)
            other, _ = self.body(kind, depth, kind)
            test = self.random.choice(("in.c == w", "n > 2", "index == 0", "in.h > 4", "not first", "true or n"))
            return f"if ({test}) < {body} > else < {other} >", kind
        if form == 15:
            body, _ = self.body(kind, depth, kind)
            over = self.random.choice(
                ("i in range(n)", "a, b in zip(widths, [1, 2, 3])", "i, v in enumerate(widths)", "k in [3, 5]")
            )
            return f"for {over} < {body} >", kind
        if form == 16:
            label = self.fresh("skip")
            text, after = self.call(kind)
            self.labels.append((label, after))
            return f"{label}: {text}", after
        if form == 17:
            body, _ = self.body(kind, depth)
            return f"aux {self.fresh('side')} < {body} >", kind
        if form == 18:
            name = self.fresh("common")
            body, _ = self.body(kind, depth, kind)
            return f"shared {name} < {body} > ; {name} ; {name}", kind
        if form == 19:
            return f"let {self.random.choice(('w', 'v', 'n'))} = {self.expression(2)}", kind
        if form == 20:
            body, _ = self.body(kind, depth, kind)
            return (
                f"parallel for i in range(2) < {body} > ; parallel for j in range(2) < pick j ; {body} > ; pick {self.random.randint(0, 2)}",
                kind,
            )
        return f"output {self.fresh('out')}", kind

    def call(self, kind: str) -> tuple[str, str]:
        fitting = [label for label, shape in self.labels if shape == kind]
        if fitting and self.chance(4):
            join = self.random.choice(("add", "concat", "mul"))
            return self.random.choice((f"{join} @{fitting[-1]}", f"@{fitting[0]}")), kind
        if self.chance(3):
            return self.random.choice(_POINTWISE), kind
        return {"map": self.on_map, "tokens": self.on_tokens, "vector": self.on_vector}[kind]()

    def on_map(self) -> tuple[str, str]:
        choose, width = self.random.choice, self.random.choice(_WIDTHS)
        if self.units and self.chance(4):
            return f"{choose(self.units)}(c={width}, stride={choose((1, 1, 2))})", "map"
        size = choose(("3", "1x1", "3x3", "1x7", "7", "5x5"))
        more = choose(
            (
                "",
                "",
                " stride=2",
                " pad=1",
                " pad=valid",
                " pad=tf",
                " dilation=2",
                " groups=2",
                " bias=false",
                " standardize=true",
            )
        )
        return choose((
            (f"conv {size} {width}{more}", "map"), (f"conv {size} {width}{more}", "map"), (f"dwconv {size}", "map"),
            (f"deconv 2x2 {width} stride=2", "map"), ("maxpool 2x2", "map"), ("maxpool 3x3 stride=2 pad=1", "map"),
            ("avgpool 2x2 ceil=true", "map"), ("adaptive_avgpool 4x4", "map"), ("gap", "vector"), ("gap keep=true", "map"),
            ("groupnorm groups=4", "map"), ("instancenorm", "map"), ("lrn", "map"), ("flatten", "vector"), ("tokens", "tokens"),
            ("l2norm", "map"), ("grn", "map"), ("channel_avgpool", "map"), ("channel_maxpool", "map"),
            ("upsample", "map"), ("upsample scale=2 mode=bilinear", "map"), ("pad 1", "map"), ("crop 4x4", "map"),
            ("shuffle 2", "map"), ("pixelshuffle 2", "map"), ("spacetodepth 2", "map"), ("slice 0 4", "map"),
            ("attention heads=2 window=4 relpos=bias", "map"), ("posembed", "map"), ("attention heads=2", "map"),
        ))  # fmt: skip

    def on_tokens(self) -> tuple[str, str]:
        choose, width = self.random.choice, self.random.choice(_WIDTHS)
        return choose((
            (f"linear {width}", "tokens"), ("attention heads=2", "tokens"), ("class_token", "tokens"), ("posembed", "tokens"),
            ("select 0", "vector"), ("transpose", "tokens"), ("gap", "vector"), ("grid", "map"), ("flatten", "vector"),
            ("slice from=0 to=4 axis=tokens", "tokens"), ("learned 4 16", "tokens"), ("softmax groups=2", "tokens"),
            ("l2norm axis=tokens", "tokens"), ("grn", "tokens"), ("channel_maxpool", "tokens"),
        ))  # fmt: skip

    def on_vector(self) -> tuple[str, str]:
        return f"linear {self.random.choice(_WIDTHS)}{self.random.choice(('', ' bias=false'))}", "vector"

    def expression(self, depth: int) -> str:
        choose = self.random.choice
        if depth <= 0 or self.chance(3):
            return choose(
                ("1", "2", "8", "w", "n", "0.5", "widths", "widths[0]", "in.c", "1e3", "true", "index", "3x3", "none", '"s"')
            )
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        return choose((
            f"({left} {choose(('+', '-', '*', '/', '//', '%', '**'))} {right})", f"({left} {choose(('==', '<', '>=', 'and', 'or'))} {right})",
            f"{choose(('min', 'max'))}({left}, {right})", f"{choose(('abs', 'round', 'floor', 'ceil', 'sqrt', 'log', 'sum', 'len', 'range'))}({left})",
            f"[{left}, {right}]", f"[{left} for i in range(3) if {right}]", f"({left} if {right} else 1)", f"make_divisible({left}, 8)",
            f"-{left}" if not left.startswith("-") else left, f"zip({left}, {right})", f"enumerate({left})",
        ))  # fmt: skip
