"""Section 8: what the modules are called. Must not check anything itself."""

from __future__ import annotations

from language.case import Case, case

D = "def f(c=8) < conv 1 c bias=false >\ndefault conv bias=false\n"


def named(says: str, text: str, names: str) -> Case:
    """`names` without the `.weight` after each."""
    return case(says, text, names=" ".join(f"{name}.weight" for name in names.split()))


CASES = [
    case("named by what it calls, with a number counted from 1", "conv 1 8\nbn\nconv 1 8\nrelu\nbn", names=(
        "conv1.weight conv1.bias bn1.weight bn1.bias conv2.weight conv2.bias bn2.weight bn2.bias")),
    named("a label names the step's module", D + "skip: conv 1 8\nconv 1 8", "skip conv1"),
    named("a label goes before a role", D + "first: block conv 1 8\nblock conv 1 8", "first block1"),
    named("a role names it", D + "block conv 1 8\nblock conv 1 8\nconv 1 8", "block1 block2 conv1"),
    named("a role with a group", D + "block < conv 1 8 ; conv 1 8 >\nblock < conv 1 8 >", "block1.conv1 block1.conv2 block2.conv1"),
    named("`stem`, `neck` and `head` carry no number when alone", D + "stem conv 1 8\nneck < conv 1 8 >\nhead < conv 1 8 >", "stem neck.conv1 head.conv1"),
    named("`stem`, `neck` and `head` carry one when not alone", D + "head conv 1 8\nhead < conv 1 8 >", "head1 head2.conv1"),
    named("alone in their scope", D + "block < stem conv 1 8 >\nblock < stem conv 1 8 ; stem conv 1 8 >", "block1.stem block2.stem1 block2.stem2"),
    named("other roles always carry a number", D + "stage < conv 1 8 >\nblock conv 1 8\nbranch conv 1 8", "stage1.conv1 block1 branch1"),
    named("a definition call opens a scope", D + "f\nf\nconv 1 8", "f1.conv1 f2.conv1 conv1"),
    named("a role with a call is one scope", D + "block f\nstage f", "block1.conv1 stage1.conv1"),
    named("a label with a call is one scope", D + "a: f\nb: f", "a.conv1 b.conv1"),
    named("a role with a group with a call", D + "block < f >", "block1.f1.conv1"),
    named("a label opens a scope", D + "a: < conv 1 8 ; conv 1 8 >\nconv 1 8", "a.conv1 a.conv2 conv1"),
    named("a group opens none", D + "< conv 1 8 ; conv 1 8 >\nconv 1 8", "conv1 conv2 conv3"),
    named("a join opens none", D + "add < conv 1 8 | conv 1 8 ; conv 1 8 >\nconv 1 8", "conv1 conv2 conv3 conv4"),
    named("`residual`, `concat`, `mul`, `parallel` open none", D + "residual < conv 1 8 >\nconcat < conv 1 4 | conv 1 4 >\nparallel < conv 1 8 | relu >\npick 0\nconv 1 8", "conv1 conv2 conv3 conv4 conv5"),
    named("`if` opens none", D + "if (true) < conv 1 8 > else < conv 1 9 >\nconv 1 8", "conv1 conv2"),
    named("`for` opens none", D + "for i in range(2) < conv 1 8 >\nconv 1 8", "conv1 conv2 conv3"),
    named("`join for` opens none", D + "add for i in range(2) < conv 1 8 >\nconv 1 8", "conv1 conv2 conv3"),
    named("roles in a `for` go on counting", D + "for i in range(2) < stage < conv 1 8 > >\nstage < conv 1 8 >", "stage1.conv1 stage2.conv1 stage3.conv1"),
    named("a label met again in one scope gets a number", D + "for i in range(3) < u: conv 1 8 >", "u u2 u3"),
    named("a label met again in branches", D + "add < u: conv 1 8 | u: conv 1 8 >", "u u2"),
    named("repetitions are numbered from 0", D + "stage x2 < conv 1 8 ; conv 1 8 >", "stage1.0.conv1 stage1.0.conv2 stage1.1.conv1 stage1.1.conv2"),
    named("a repeated body that is one step is that step", D + "stage x2 < conv 1 8 >\nstage x2 conv 1 8", "stage1.0 stage1.1 stage2.0 stage2.1", ),
    named("one step in it: also a definition", D + "stage x2 < f >\nx2 f", "stage1.0.conv1 stage1.1.conv1 f1.0.conv1 f1.1.conv1"),
    named("one step in it: also with a role", D + "stage x2 < block f >", "stage1.0.conv1 stage1.1.conv1"),
    named("one step in it beside a `downsample`", D + "def g(c, stride=1) < conv 1 c stride=stride >\nstage x2 < block g(c=8) ; downsample stride=2 >", "stage1.0.conv1 stage1.1.conv1"),
    named("a repeated call", D + "x2 conv 1 8\nconv 1 8", "conv1.0 conv1.1 conv2"),
    named("a bare group that repeats: `repeat`", D + "x2 < conv 1 8 ; relu >\nx1 < conv 1 8 ; relu >", "repeat1.0.conv1 repeat1.1.conv1 repeat2.0.conv1"),
    named("a label on a repetition", D + "a: x2 < conv 1 8 ; relu >", "a.0.conv1 a.1.conv1"),
    named("a role on a repetition", D + "block x2 f", "block1.0.conv1 block1.1.conv1"),
    named("x1 is a repetition", D + "stage x1 < conv 1 8 ; relu >", "stage1.0.conv1"),
    named("x0 is nothing", D + "x0 < conv 1 8 ; bn >\nconv 1 8", "conv1"),
    named("runs that differ", D + "stage x3 < f(8 + index) >", "stage1.0.conv1 stage1.1.conv1 stage1.2.conv1"),
    named("repetitions inside one another", D + "x2 < x2 < conv 1 8 ; relu > ; conv 1 8 >", (
        "repeat1.0.repeat1.0.conv1 repeat1.0.repeat1.1.conv1 repeat1.0.conv1 repeat1.1.repeat1.0.conv1 repeat1.1.repeat1.1.conv1 repeat1.1.conv1")),
    named("a definition's inner names", "def g < conv 1 8 bias=false ; residual < conv 1 8 bias=false > ; f > ; def f < conv 1 8 bias=false >\ng", "g1.conv1 g1.conv2 g1.f1.conv1"),
    named("an alias names by what is written", "input x[4, 8]\nfc 8 bias=false\nlinear 8 bias=false", "fc1 linear1"),
    named("a call through a parameter names by what is written", "def g(unit) < unit 1 8 bias=false >\ng(conv)", "g1.unit1"),
    named("a shared module has its name", D + "shared s < conv 1 8 >\ns\nconv 1 8\ns", "s.conv1 conv1"),
    named("a body handed over", D + "def g < body ; conv 1 8 bias=false >\ng < conv 1 8 >", "g1.conv1 g1.conv2"),
    named("an aux head has its name", D + "aux side < conv 1 8 >\nconv 1 8", "side.conv1 conv1"),
    case("ResNet's `stage2.0.conv1.weight`", "def b(c, stride=1) < residual < conv 1 c stride=stride bias=false | maxpool 1 stride=stride > >\n"
         "stage x1 < block b(c=8) >\nstage x2 < block b(c=8) ; downsample stride=2 >",
         names="stage1.0.conv1.weight stage2.0.conv1.weight stage2.1.conv1.weight", out="8 8 8"),
]  # fmt: skip
