"""The generated PyTorch source as a text: what a person reads. Must not need torch."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch_programs import PROGRAMS, network, network_of, zoo

from archdsl.backends.torch import source, variations
from archdsl.backends.torch.layout import WIDTH, folded
from archdsl.backends.torch.names import MODULE_ATTRIBUTES, Names, class_name, module_name, one_line, titled_class_name
from archdsl.backends.torch.terms import Binary, Literal, Name, Term, Unevaluable, evaluate, text
from archdsl.cli.output import MARK

ZOO = ("alexnet", "vgg16", "googlenet", "resnet18", "resnet50", "vit_b_16", "unet", "densenet121", "mobilenet_v2", "swin_t")
STANDARD = {"__future__", "collections", "math", "typing"}


def classes(printed: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(printed).body if isinstance(node, ast.ClassDef)}


def lines_with(printed: str, part: str) -> list[str]:
    return [line.strip() for line in printed.splitlines() if part in line]


# The face


def test_resnet50_reads_as_if_written_by_hand() -> None:
    printed = source(zoo("resnet50"))
    assert len(printed.splitlines()) <= 90
    assert list(classes(printed)) == ["Shortcut", "Bottleneck", "Head", "ResNet50"]
    assert "self.conv2 = nn.Conv2d(c, c, 3, stride=stride, padding=1, bias=False)" in printed
    assert "self.conv3 = nn.Conv2d(c, 4 * c, 1, bias=False)" in printed
    assert "if stride != 1 or in_channels != 4 * c" in printed
    assert "for _ in range(5)" in printed
    assert "def resnet50() -> ResNet50:" in printed


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
    text = source(network_of(trunk + "t: trunk(8)\nupsample 2 ; concat @t.fine ; maxpool 2x2 ; concat @t.coarse"))
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
    assert printed.splitlines()[0].startswith(f"# {MARK} from ")


@pytest.mark.skipif(shutil.which("ruff") is None, reason="ruff is not installed")
@pytest.mark.parametrize("name", [*PROGRAMS, "googlenet", "resnet50", "vit_b_16", "swin_t"])
def test_formatters_and_linters_leave_it_as_it_is(name: str) -> None:
    printed = source(network(name) if name in PROGRAMS else zoo(name))
    formatted = subprocess.run(
        ["ruff", "format", "--isolated", f"--line-length={WIDTH}", "-"],
        input=printed,
        capture_output=True,
        text=True,
        check=True,
    )
    assert formatted.stdout == printed
    rules = "--select=E9,F,I"
    found = subprocess.run(
        ["ruff", "check", "--isolated", rules, "-"], input=printed, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


def test_source_needs_no_torch() -> None:
    program = "import sys, archdsl\narchdsl.load('vit_b_16').source()\nprint('torch' in sys.modules or 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_strangers_words_stay_in_comments() -> None:
    net = replace(network("captured"), title='x"""\nimport os\r\u2028os.system("echo")\u202e')
    net.meta["title"] = net.title
    printed = source(net)
    assert not [line for line in printed.splitlines() if "os" in line.split() and not line.startswith("#")]
    assert "\u202e" not in printed
    assert "\u2028" not in printed


def test_a_name_that_is_no_identifier_is_refused() -> None:
    net = replace(network("captured"), name="x()\nimport os")
    with pytest.raises(ValueError, match="is no identifier"):
        source(net)


# Parameters of the arch


def test_what_variants_show_becomes_a_parameter() -> None:
    net = zoo("resnet18")
    settings = variations(net)
    assert settings == {"classes": [{"classes": 1001}, {"classes": 2003}]}
    variants = {name: [zoo("resnet18", **values) for values in found] for name, found in settings.items()}
    printed = source(net, variants)
    assert "def resnet18(classes: int = 1000) -> ResNet18:" in printed
    assert "self.head = Head(classes)" in printed
    # What is the same in all of them is printed as without them.
    assert "self.stem = nn.Sequential(" in printed


def test_a_variant_of_another_structure_shows_nothing() -> None:
    assert source(zoo("resnet18"), {"classes": [zoo("resnet34")]}) == source(zoo("resnet18"))


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
    return st.recursive(leaves, lambda inner: st.builds(Binary, signs, inner, inner), max_leaves=12)


@given(terms(), st.tuples(*[st.integers(-5, 20)] * 3))
def test_terms_are_printed_as_they_are_evaluated(term: Term, values: tuple[int, int, int]) -> None:
    names = dict(zip("abc", values, strict=True))
    try:
        value = evaluate(term, names)
    except Unevaluable:
        return
    assert eval(text(term), {}, names) == value
