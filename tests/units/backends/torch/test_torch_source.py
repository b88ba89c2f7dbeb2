"""The generated PyTorch source as a text: what a person reads. Must not need torch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from itertools import product
from typing import Any

import pytest
from helpers.torch_programs import PROGRAMS, network, network_of, zoo
from hypothesis import given
from hypothesis import strategies as st

import archdsl
from archdsl.backends.torch import source
from archdsl.backends.torch.expressions.identifiers import (
    MODULE_ATTRIBUTES,
    Names,
    class_name,
    module_name,
    one_line,
    titled_class_name,
)
from archdsl.backends.torch.expressions.terms import Literal, Name, Operation, Term, Unevaluable, evaluate, text
from archdsl.backends.torch.printing.line_breaking import WIDTH, folded
from archdsl.records import replace

ZOO = ("alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "vit_b_16", "unet", "densenet121", "mobilenet_v2", "swin_t")
RUFF = (sys.executable, "-m", "ruff")
STANDARD = {"__future__", "collections", "math", "typing"}


def classes(printed: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(printed).body if isinstance(node, ast.ClassDef)}


def lines_with(printed: str, part: str) -> list[str]:
    return [line.strip() for line in printed.splitlines() if part in line]


# The face


def test_resnet50_reads_as_if_written_by_hand() -> None:
    printed = archdsl.load("resnet50").source()
    assert len(printed.splitlines()) <= 100
    assert list(classes(printed)) == ["Shortcut", "Bottleneck", "Head", "ResNet50"]
    assert "self.conv2 = nn.Conv2d(c, c, 3, stride=stride, padding=1, bias=False)" in printed
    assert "self.conv3 = nn.Conv2d(c, 4 * c, 1, bias=False)" in printed
    assert "if stride != 1 or in_channels != 4 * c" in printed
    assert "for _ in range(depths[2] - 1)" in printed
    assert "self.head = Head(classes)" in printed
    assert "def __init__(self, depths: tuple[int, ...] = (3, 4, 6, 3), classes: int = 1000) -> None:" in printed
    assert "def resnet50(depths: tuple[int, ...] = (3, 4, 6, 3), classes: int = 1000) -> ResNet50:" in printed


def test_each_definition_is_one_class() -> None:
    printed = source(zoo("googlenet"))
    assert printed.count("class Inception(") == 1
    assert "return torch.cat([branch1, branch2, branch3, branch4], dim=1)" in printed
    assert "inception1=Inception(192, 64, 96, 128, 16, 32, 32)," in printed
    assert "class GoogLeNetOutput(NamedTuple):" in printed


def test_growing_channels_are_a_loop() -> None:
    printed = source(zoo("densenet121"))
    assert len(lines_with(printed, "DenseLayer(in_channels + 32 * i, 32) for i in range(")) == 1
    assert len(printed.splitlines()) < 120


def test_a_thousand_blocks_are_one_line() -> None:
    printed = source(network_of("conv 3x3 8\ndef unit() < residual < conv 3x3 8 > ; relu >\nstage x1000 < block unit >"))
    assert lines_with(printed, "range(1000)") == ["self.stage1 = nn.Sequential(*(Unit(8) for _ in range(1000)))"]
    assert len(printed.splitlines()) < 60


def test_runs_that_differ_by_their_index() -> None:
    printed = source(network("by_index"))
    assert "ConvDroppathResidual(i / 110) for i in range(12)" in printed
    assert "ConvRelu(16, 16), *(ConvRelu(16 + 8 * i, 24 + 8 * i) for i in range(3))" in printed
    assert "for in_channels, out_channels, p in (" in printed


def test_a_part_that_some_instances_lack_hangs_on_a_condition() -> None:
    printed = source(network("residual_at_times"))
    assert printed.count("class Inverted(") == 1
    assert "self.is_residual = stride == 1 and in_channels == c" in printed
    assert "return y + x if self.is_residual else y" in printed


def test_labels_name_local_variables() -> None:
    printed = source(zoo("unet"))
    assert "x = self.stage1(x, d)" in printed


def test_a_body_that_leaves_the_current_value_alone_does_not_take_it() -> None:
    text = source(network("started_elsewhere"))
    assert "q = self.q(a)" in text
    assert "self.o" not in text
    assert "self.q = nn.Sequential(" in text
    assert "def forward(self, x: Tensor, x2: Tensor)" not in text


def test_what_a_call_gives_beside_its_result_is_called_by_its_name() -> None:
    trunk = "def trunk(c) < conv 3x3 c stride=2 ; output fine ; conv 3x3 c stride=2 ; output coarse ; conv 1x1 c >\n"
    text = source(network_of(trunk + "t: trunk(8)\nupsample scale=2 ; concat @t.fine ; maxpool 2x2 ; concat @t.coarse"))
    assert "t, fine, coarse = self.t(x)" in text


def test_shared_modules_are_passed_on_and_made_once() -> None:
    printed = source(network("shared"))
    assert len(lines_with(printed, "self.cls = ")) == 1
    assert "def forward(self, x: Tensor, cls: nn.Module) -> Tensor:" in printed
    assert "x = self.stage1(large, self.cls)" in printed


def test_a_shared_module_that_repeats_is_a_loop_without_modules() -> None:
    text = source(network("shared_repeats"))
    assert "        for _ in range(3):\n            x = self.h(x)\n" in text
    assert "self.h1" not in text


def test_in_place_only_where_nothing_else_reads_the_value() -> None:
    printed = source(network("relu_everywhere"))
    inplace = set(re.findall(r"self\.(\w+) = nn\.ReLU\(inplace=True\)", printed))
    kept = set(re.findall(r"self\.(\w+) = nn\.ReLU\(\)", printed))
    # The first reads the input; backward of relu and sigmoid needs their results; dropout and shuffle may pass those on.
    assert kept == {"relu1", "relu2", "relu3", "relu4", "b", "relu7", "relu9", "relu12"}
    assert inplace == {"relu5", "relu6", "relu8", "relu10", "relu11"}


# The text as Python


@pytest.mark.parametrize("name", [*PROGRAMS, *ZOO])
def test_the_text_is_python_that_imports_only_torch(name: str) -> None:
    printed = source(network(name) if name in PROGRAMS else zoo(name))
    tree = ast.parse(printed)
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {module.split(".")[0] for module in modules} - STANDARD == {"torch"}
    assert all(len(line) <= WIDTH for line in printed.splitlines() if "#" not in line and '"""' not in line)
    assert ": " in printed.splitlines()[0]


@pytest.mark.parametrize("name", [*PROGRAMS, "googlenet", "resnet50", "vit_b_16", "swin_t"])
def test_formatters_and_linters_leave_it_as_it_is(name: str) -> None:
    printed = source(network(name) if name in PROGRAMS else zoo(name))
    formatted = subprocess.run(
        [*RUFF, "format", "--isolated", f"--line-length={WIDTH}", "-"],
        input=printed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert formatted.stdout == printed
    rules = "--select=E9,F,I"
    found = subprocess.run(
        [*RUFF, "check", "--isolated", rules, "-"], input=printed, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


def test_source_needs_no_torch() -> None:
    program = "import sys, archdsl\narchdsl.load('vit_b_16').source()\nprint('torch' in sys.modules or 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_strangers_words_stay_in_comments() -> None:
    title = 'x"""\nimport os\r\u2028os.system("echo")\u202e'
    net = replace(network("captured"), title=title, meta={"title": title})
    printed = source(net)
    assert not [line for line in printed.splitlines() if "os" in line.split() and not line.startswith("#")]
    assert "\u202e" not in printed
    assert "\u2028" not in printed


def test_a_name_that_is_no_identifier_is_refused() -> None:
    net = replace(network("captured"), name="x()\nimport os")
    with pytest.raises(ValueError, match="is not an identifier"):
        source(net)


# How a definition is written


def printed(body: str) -> str:
    return source(network_of(body))


def test_defaults_and_names_of_the_definition_reach_the_class() -> None:
    text = printed("def unit(c, k=3) < conv k c >\nunit(8) ; unit(16, k=5)")
    assert "def __init__(self, in_channels: int, c: int, k: int = 3) -> None:" in text
    assert "Unit(3, 8)" in text
    assert "Unit(8, 16, k=5)" in text


def test_a_value_is_called_as_its_parameter_is_never_as_the_first_caller_calls_it() -> None:
    body = "def two(other, c) < conv 1x1 c ; add @other >\na: conv 1x1 8\nb: conv 3x3 8\ntwo(@a, 8) ; two(@b, 8)"
    assert "def forward(self, x: Tensor, other: Tensor) -> Tensor:" in printed(body)


_STAGES = """arch t
input x[8, 32, 32]
def up(c, {parameter}) < upsample scale=2 ; concat < identity | @{parameter} > ; conv 3x3 c >
a: conv 3x3 16
b: conv 3x3 32 stride=2
conv 3x3 64 stride=2
stage < up(32, @b) >
stage < up(16, @a) >
"""


def test_a_group_that_takes_different_labels_names_what_it_passes_them_to() -> None:
    assert "def forward(self, x: Tensor, skip: Tensor)" in archdsl.loads(_STAGES.format(parameter="skip")).source()
    direct = _STAGES.replace("up(32, @b)", "upsample scale=2 ; concat < identity | @b > ; conv 3x3 32")
    assert "def forward(self, x: Tensor, b: Tensor)" in archdsl.loads(direct.format(parameter="skip")).source()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("c // 2", "c // 2"),
        ("4*c", "4 * c"),
        ("c // 2 + 8", "c // 2 + 8"),
        ("make_divisible(c / 4, 8)", "make_divisible(c / 4, 8)"),
        ("max(c // 4, 8)", "max(c // 4, 8)"),
        ("in.c * 2", "in_channels * 2"),
    ],
)
def test_the_expressions_of_the_author_are_kept(written: str, wanted: str) -> None:
    text = printed(f"def unit(c) < conv 1x1 ({written}) >\nconv 1x1 32\nunit(64) ; conv 1x1 64 ; unit(128)")
    assert f"nn.Conv2d(in_channels, {wanted}, 1)" in text


def test_no_formula_is_made_of_a_coincidence() -> None:
    """The second block's width is twice its input's by chance."""
    text = printed("stage < conv 1x1 6 ; relu >\nstage < conv 1x1 12 ; relu >\nstage < conv 1x1 24 ; relu >")
    assert "2 * in_channels" not in text


# Parameters of the arch


@pytest.mark.torch
@pytest.mark.parametrize(
    ("name", "signature", "settings"),
    [
        ("resnet50", "depths: tuple[int, ...] = (3, 4, 6, 3), classes: int = 1000", {"depths": (1, 5, 2, 7)}),
        (
            "vgg11_bn",
            "depths: tuple[int, ...] = (1, 1, 2, 2, 2), classes: int = 1000",
            {"depths": (2, 1, 3, 1, 1), "classes": 7},
        ),
        ("vit_b_16", "d: int = 768, depth: int = 12, heads: int = 12, classes: int = 1000", {"d": 96, "depth": 2, "heads": 8}),
        ("mobilenet_v2", "width: float = 1, classes: int = 1000", {"width": 0.35, "classes": 5}),
        ("squeezenet1_0", "classes: int = 1000", {"classes": 12}),
    ],
)
def test_the_parameters_of_the_arch_survive(name: str, signature: str, settings: dict[str, Any]) -> None:
    import torch

    arch = archdsl.load(name)
    text = arch.source()
    assert f"def {name}({signature}) ->" in " ".join(text.split()).replace("( ", "(").replace(", )", ")")
    scope: dict[str, Any] = {}
    exec(text, scope)
    with torch.device("meta"):
        ours, theirs = scope[name](**settings), archdsl.load(name, **settings).module()
    shapes = [[(key, value.shape) for key, value in model.state_dict().items()] for model in (ours, theirs)]
    assert shapes[0] == shapes[1]


def test_what_decides_on_the_structure_is_settled_and_said() -> None:
    text = archdsl.load("vgg11_bn").source()
    assert "It was written for norm=True." in text
    body = """arch net(deep=true, n=2, classes=10)
input image[3, 32, 32]
if (deep) < conv 3x3 8 >
for i in range(n) < conv 3x3 8 >
gap ; linear classes
"""
    assert "def net(classes: int = 10) -> Net:" in archdsl.loads(body).source()
    assert "It was written for deep=True, n=2." in archdsl.loads(body).source()


def test_a_list_that_a_loop_goes_over_is_settled() -> None:
    """A class for two elements would leave a third one out, without a word."""
    body = "arch net(widths=[8, 16])\ninput image[3, 32, 32]\nfor c in widths < conv 3x3 c >"
    assert "def net() -> Net:" in archdsl.loads(body).source()


# Pieces


@pytest.mark.parametrize(
    ("name", "title", "wanted"),
    [
        ("resnet50", "ResNet-50. He et al.", "ResNet50"),
        ("vit_b_16", "ViT-B/16", "ViTB16"),
        ("googlenet", "Going deeper", "Googlenet"),
        ("dense_layer", "", "DenseLayer"),
    ],
)
def test_the_title_spells_the_class(name: str, title: str, wanted: str) -> None:
    assert titled_class_name(name, title) == wanted


def test_module_names_stay_different() -> None:
    words = ["".join(signs) for length in range(1, 5) for signs in product("aT_1", repeat=length)]
    names = {word for word in words if word.isidentifier()} | {
        f"{word}{'_' * n}" for word in ("type", "class", "to") for n in range(4)
    }
    assert len({module_name(name) for name in names}) == len(names)
    assert not {module_name(name) for name in names} & (MODULE_ATTRIBUTES | {"class"})
    assert all(module_name(name).isidentifier() for name in names)
    assert [module_name(name) for name in ("__init", "__init__", "_x", "_modules")] == [
        "__init___",
        "__init_____",
        "_x",
        "_modules_",
    ]


def test_names_are_given_once() -> None:
    names = Names(["x"])
    assert [names.take("x"), names.take("x"), names.take("y"), names.take("class"), names.take("nn")] == [
        "x2",
        "x3",
        "y",
        "class_",
        "nn_",
    ]
    assert class_name("_x_1") == "X1"
    assert one_line("a\tb\x00\n c") == "a b c"


def test_long_lines_break_at_their_last_bracket() -> None:
    line = f"self.stem = nn.Sequential({', '.join(f'nn.Conv2d({n}, {n}, 3)' for n in range(100, 108))})"
    first, *items, last = folded(line, 2)
    assert (first, last) == ("        self.stem = nn.Sequential(", "        )")
    assert items == [f"            nn.Conv2d({n}, {n}, 3)," for n in range(100, 108)]
    assert folded("x = 1") == ["x = 1"]


def terms() -> st.SearchStrategy[Term]:
    leaves: st.SearchStrategy[Term] = st.one_of(st.integers(-9, 9).map(Literal), st.sampled_from("abc").map(Name))
    signs = st.sampled_from(["+", "-", "*", "//", "/", "%", "or", "and", "!=", "=="])
    return st.recursive(leaves, lambda inner: st.builds(Operation, signs, inner, inner), max_leaves=12)


@given(terms(), st.tuples(*[st.integers(-5, 20)] * 3))
def test_terms_are_printed_as_they_are_evaluated(term: Term, values: tuple[int, int, int]) -> None:
    names = dict(zip("abc", values, strict=True))
    try:
        value = evaluate(term, names)
    except Unevaluable:
        return
    assert eval(text(term), {}, names) == value


# Names.

_ODD = (
    "_2",
    "__3",
    "_",
    "__",
    "___",
    "_a",
    "__init__",
    "_asdict",
    "class",
    "None",
    "lambda",
    "self",
    "torch",
    "F",
    "nn",
    "Tensor",
    "len",
)
_WHOLE = """arch {arch}
input {first}[3, 8, 8]
input {second}[3, 8, 8]
shared {shared} < conv 1x1 3 >
def {definition}({parameter}, n) < conv 1x1 n ; add @{parameter} >
@{first}
{label}: conv 3x3 3
{definition}({parameter}=@{label}, n=3)
{shared} ; {shared}
aux a < gap >
stage < {label}: relu ; add @{second} >
"""
_PLACES = ("arch", "first", "second", "shared", "definition", "parameter", "label")


@pytest.mark.parametrize("place", _PLACES)
def test_names_that_python_cannot_have_become_others(place: str) -> None:
    for name in _ODD:
        names = {other: f"my_{other}" for other in _PLACES} | {place: name}
        text = archdsl.loads(_WHOLE.format(**names)).source()
        compile(text, "odd.py", "exec")


@pytest.mark.parametrize(
    "name", ["count", "index", "max", "self", "cls", "torch", "F", "Tensor", "NamedTuple", "str", "type", "a_"]
)
def test_a_field_bears_the_name_of_its_output(name: str) -> None:
    text = archdsl.loads(
        f"arch t\ninput x[3, 8, 8]\nconv 1x1 4 ; output {name} ; relu ; output Tensor2 ; aux side < gap >"
    ).source()
    assert f"\n    out: Tensor\n    {name}: Tensor\n    Tensor2: Tensor\n    side: Tensor | None\n" in text


def test_two_names_that_differ_in_an_underscore_stay_two_fields() -> None:
    text = archdsl.loads("arch t\ninput x[3, 8, 8]\nconv 1x1 4 ; output a ; relu ; output a_ ; tanh").source()
    assert "\n    a: Tensor\n    a_: Tensor\n" in text


@pytest.mark.torch
def test_the_result_bears_the_names() -> None:
    import torch

    model = archdsl.loads("arch t\ninput x[3, 8, 8]\nconv 1x1 4 ; output count ; relu ; output max ; gap").module()
    given = model(torch.rand(1, 3, 8, 8))
    assert given._fields == ("out", "count", "max")
    assert given.max.min() >= 0 > given.count.min()
    assert torch.equal(given.out, given.max.mean((2, 3)))


def test_names_of_a_hundred_characters() -> None:
    long = "n" * 100
    names = {place: f"{long[:99]}{number}" for number, place in enumerate(_PLACES)}
    text = archdsl.loads(_WHOLE.format(**names)).source()
    compile(text, "long.py", "exec")


def test_a_body_without_a_name_is_called_after_what_it_does() -> None:
    """A declaration does nothing, and its calls do what it declares."""
    assert "class MixReluMix(nn.Module):" in source(network("shared_inside"))
