"""What Python programs use."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx
import pytest

import archdsl
from archdsl.sources import language_values

SMALL = """\
arch small(width=8, depths=[1, 2], rate=0.5)
meta title="Small" year=2024
input image[3, 32, 32]
shared unit < conv 3x3 width ; relu >
stem < conv 3x3 width ; relu >
stage x(depths[1]) < residual < unit ; bn > >
aux side < gap ; linear 2 >
output features
head < gap ; dropout rate ; linear 10 >
expect params == 1
"""


def test_what_an_arch_tells() -> None:
    arch = archdsl.loads(SMALL, filename="small.arch")
    assert arch.name == "small"
    assert arch.inputs == {"image": (3, 32, 32)}
    assert arch.outputs == {"out": (10,), "side": (2,), "features": (8, 32, 32)}
    assert arch.meta == {"title": "Small", "year": 2024}
    assert arch.parameters == {"width": 8, "depths": (1, 2), "rate": Fraction(1, 2)}
    assert repr(arch) == "<archdsl.Arch small: image[3, 32, 32] -> [10]>"
    assert arch.cost(batch=2).macs == 2 * arch.cost().macs


def test_a_path_a_zoo_name_and_a_file_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "small.arch"
    path.write_text(SMALL, encoding="utf-8")
    with path.open("rb") as file:
        archs = [archdsl.load(path), archdsl.load(str(path)), archdsl.load(io.StringIO(SMALL)), archdsl.load(file)]
    assert {arch.cost().params for arch in archs} == {archdsl.loads(SMALL).cost().params}
    assert archdsl.load("resnet50").cost().params == 25_557_032


def test_keywords_are_parameters_of_the_arch() -> None:
    deeper = archdsl.load("resnet50", depths=[3, 4, 23, 3])
    assert deeper.cost().params == 44_549_160
    assert archdsl.load("resnet50", inputs={"image": (3, 64, 64)}).inputs == {"image": (3, 64, 64)}
    assert archdsl.loads(SMALL, rate=0.25).parameters["rate"] == Fraction(1, 4)


def test_python_values_become_values_of_the_language() -> None:
    values = language_values({"a": [1, [2.0, 0.1]], "b": "same", "c": True, "d": None})
    assert values == {"a": (1, (2, Fraction(1, 10))), "b": "same", "c": True, "d": None}
    for wrong in (object(), float("nan"), float("inf"), {"a": 1}, [{1}]):
        with pytest.raises(TypeError, match="`x` cannot be"):
            language_values({"x": wrong})


def test_every_mistake_is_in_the_error() -> None:
    with pytest.raises(archdsl.ArchError) as failure:
        archdsl.loads(SMALL.replace("linear 10", "linear tne").replace("linear 2", "linaer 2"), "wrong.arch")
    assert [diagnostic.name for diagnostic in failure.value.diagnostics] == ["unknown-operator", "unknown-name"]
    assert "wrong.arch:9:" in str(failure.value)


def test_a_folder_does_not_hide_the_zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "resnet18").mkdir()
    (tmp_path / "results").mkdir()
    assert archdsl.load("resnet18").name == "resnet18"
    with pytest.raises(archdsl.ArchError, match="`results` is a folder"):
        archdsl.load("results")


def test_a_path_with_the_name_of_a_zoo_entry_names_the_zoos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(archdsl.ArchError, match=r"there is no file `resnet18\.arch`") as failure:
        archdsl.load("resnet18.arch")
    assert failure.value.diagnostics[0].notes == ("the zoo's is called `resnet18`, without `.arch`",)


@pytest.mark.parametrize(("name", "near"), [("resnet5O", "resnet50"), ("vgg61", "vgg16")])
def test_what_is_not_there(name: str, near: str) -> None:
    with pytest.raises(archdsl.ArchError, match="there is no file and no zoo entry") as failure:
        archdsl.load(name)
    assert f"did you mean `{near}`?" in str(failure.value)


def test_what_is_no_text() -> None:
    with pytest.raises(archdsl.ArchError, match="it is not UTF-8 text"):
        archdsl.load(io.BytesIO(b"\xff"))


def test_imports_start_at_the_files_folder_and_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "parts.arch").write_text("def unit(c) < conv 3x3 c >\n", encoding="utf-8")
    (tmp_path / "outside.arch").write_text("def unit(c) < conv 3x3 c >\n", encoding="utf-8")
    program = 'from "{}" import unit\narch x\ninput image[3, 8, 8]\nunit(4)\n'
    name = str(tmp_path / "nets" / "x.arch")
    assert archdsl.loads(program.format("parts.arch"), name).cost().params == 112
    with pytest.raises(archdsl.ArchError, match="import-outside"):
        archdsl.loads(program.format("../outside.arch"), name)
    with pytest.raises(archdsl.ArchError, match="unknown-file"):
        archdsl.loads(program.format("parts.arch"))


@pytest.mark.parametrize(
    "text", [SMALL, *(f'from "{name}" import {name}\narch x = {name}()' for name in ("googlenet", "resnet50"))]
)
def test_the_graph_has_every_step_in_order(text: str) -> None:
    arch = archdsl.loads(text)
    graph, cost = arch.graph, arch.cost()
    assert networkx.is_directed_acyclic_graph(graph)
    position = {name: number for number, name in enumerate(graph)}
    assert all(position[tail] < position[head] for tail, head in graph.edges)
    for metric in ("params", "macs"):
        for aux, total in ((False, getattr(cost, metric)), (True, getattr(cost, f"{metric}_aux"))):
            assert sum(node[metric] for _, node in graph.nodes(data=True) if node["aux"] == aux) == total
    sources = [name for name in graph if graph.in_degree(name) == 0]
    assert sources == ["input.image"]


def test_a_graph_that_nobody_could_hold_is_refused() -> None:
    arch = archdsl.loads("arch x\ninput image[3, 8, 8]\nstage x1000000000 < conv 3x3 3 >\n")
    with pytest.raises(ValueError, match="1,000,000,000 layers"):
        _ = arch.graph


def test_formulas_of_free_dimensions_and_parameters() -> None:
    import sympy

    width, c, h, w = (sympy.Symbol(name, integer=True, positive=True) for name in ("width", "C", "H", "W"))
    assert archdsl.load("conv5x5").formula("macs") == 25 * c**2 * h * w
    arch = archdsl.loads(SMALL.replace("rate=0.5", "rate=0"), free=["width"])
    assert arch.parameters["width"] == arch.outputs["features"][0]
    assert arch.formula("params").subs(width, 8) == archdsl.loads(SMALL).cost().params
    assert arch.formula("macs").subs(width, 5) == archdsl.loads(SMALL, width=5).cost().macs
    assert arch.network.symbols == ("width",)
    with pytest.raises(ValueError, match="did you mean `macs`"):
        arch.formula("mac")


@pytest.mark.parametrize(
    ("free", "more", "reason"),
    [
        (["depths"], {}, "`depths` cannot be left free: only a parameter that is an integer can, and it is a list"),
        (["rate"], {}, "only a parameter that is an integer can, and it is 1/2"),
        (["width"], {"width": 3}, "cannot be left free and have a value at once"),
        (["n"], {}, r"the structure depends on it: a repetition .* \(<text>:5\); give it a value, such as n=2"),
        (["width", "n"], {}, "`width`, `n` cannot be left free, since the structure depends on it"),
    ],
)
def test_parameters_that_cannot_be_free(free: list[str], more: dict[str, Any], reason: str) -> None:
    text = (
        SMALL.replace("rate=0.5", "rate=0.5, n=2").replace("x(depths[1])", "x(n)").replace('meta title="Small" year=2024\n', "")
    )
    with pytest.raises(ValueError, match=reason):
        archdsl.loads(text, free=free, **more)


def test_a_free_parameter_that_is_not_there_gets_the_near_one() -> None:
    with pytest.raises(archdsl.ArchError, match="did you mean `width`"):
        archdsl.loads(SMALL, free=["widht"])


def test_costs_show_their_table_in_a_notebook() -> None:
    arch = archdsl.load("resnet18")
    shown = arch.cost()._repr_html_()  # type: ignore[attr-defined]
    assert "<table>" in shown
    assert "11,689,512" in shown
    assert "state of sgd" not in shown
    assert "state of sgd" in arch.cost(training=True)._repr_html_()  # type: ignore[attr-defined]


def test_architectures_side_by_side(tmp_path: Path) -> None:
    small = archdsl.loads(SMALL)
    table = archdsl.compare([small, "vgg16", io.StringIO(SMALL)], columns=["name", "params", "year"], sort="-params")
    assert [row["name"] for row in table.rows] == ["vgg16", "small", "small"]
    assert table.rows[1]["params"] == small.cost().params
    assert table.to_dict()["columns"] == ["name", "params", "year"]
    assert str(table).splitlines()[2].split() == ["name", "params", "year"]
    assert "<table>" in table._repr_html_()
    assert repr(table) == "<archdsl.Compared small, vgg16, small>"
    with pytest.raises(ValueError, match="did you mean `year`"):
        archdsl.compare([small], columns=["yaer"])
    with pytest.raises(ValueError, match="nothing to compare"):
        archdsl.compare([])


def test_comparisons_are_drawn(tmp_path: Path) -> None:
    table = archdsl.compare(["vgg16", "resnet50"])
    table.plot(tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_bytes() == table.chart("svg")
    table.plot(str(tmp_path / "layers.png"), chart="layers")
    assert (tmp_path / "layers.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"not as `\.gif`"):
        table.plot(tmp_path / "chart.gif")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chart.svg", "layers.png"]


def test_tables_for_pandas() -> None:
    import pandas

    table = archdsl.compare(["vgg16", "resnet50"])
    assert list(table.to_pandas()["params"]) == [138_357_544, 25_557_032]
    frame = archdsl.load("resnet18").cost().to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["params"].sum() == 11_689_512


def test_without_pandas_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    for table in (archdsl.compare(["vgg16"]), archdsl.load("resnet18").cost()):
        with pytest.raises(ModuleNotFoundError, match="`to_pandas` needs pandas: pip install pandas"):
            table.to_pandas()


def test_names_of_the_package() -> None:
    assert {"load", "loads", "compare", "ArchError", "__version__"} <= set(dir(archdsl))
    with pytest.raises(AttributeError, match="no attribute 'lod'"):
        _ = archdsl.lod


def test_threads_leave_the_recursion_limit_as_it_was() -> None:
    before = sys.getrecursionlimit()
    with ThreadPoolExecutor(8) as pool:
        names = [arch.name for arch in pool.map(archdsl.load, ["resnet18", "vgg11", "googlenet", "vit_b_16"] * 8)]
    assert len(names) == 32
    assert sys.getrecursionlimit() == before
    deep = "arch deep\ninput image[3, 32, 32]\n" + "< " * 300 + "relu" + " >" * 300
    with pytest.raises(archdsl.ArchError):
        archdsl.loads(deep)
    assert sys.getrecursionlimit() == before


def test_two_archs_of_one_text_are_equal() -> None:
    first, second = archdsl.load("alexnet"), archdsl.loads("# the same\n" + archdsl.load("alexnet").recipe.source.text)
    assert first == second
    assert len({first, second}) == 1
    assert first != first.with_(classes=10)
    assert first != archdsl.load("resnet34")
    assert first != "resnet18"
    narrow, wide = (archdsl.loads(f"arch a\ninput x[3, 8, 8]\nconv 3x3 {c}") for c in (8, 16))
    assert narrow != wide


def test_other_settings_of_one_text() -> None:
    arch = archdsl.load("resnet18", classes=10)
    deeper = arch.with_(depths=[1, 1, 1, 1], inputs={"image": (3, 64, 64)})
    assert (deeper.outputs["out"], deeper.inputs["image"]) == ((10,), (3, 64, 64))
    assert arch.parameters["classes"] == 10
    free = archdsl.load("resnet18", free=["classes"])
    assert "classes" in str(free.cost().params)
    assert free.with_(classes=10).cost().params == arch.cost().params
    with pytest.raises(archdsl.ArchError, match="unknown-parameter"):
        arch.with_(clases=3)
    with pytest.raises(TypeError, match="of a network alone"):
        archdsl.Arch(arch.network).with_(classes=3)


def test_the_summary_is_that_of_the_command() -> None:
    text = archdsl.load("resnet50").summary()
    assert text.startswith("resnet50: image [3, 224, 224] -> [1000], batch 1, float32\n")
    assert text.endswith("\ncontracts: 4 hold")
    failing = archdsl.loads("arch a\ninput x[3]\nlinear 4\nexpect params == 16\nexpect macs == 13\n").summary()
    assert failing.endswith("\ncontracts: 1 of 2 fails")


def test_archs_are_pickled(tmp_path: Path) -> None:
    import pickle

    for arch in (
        archdsl.load("efficientnet_b1", classes=7),
        archdsl.load("vit_b_16", inputs={"image": (3, 32, 32)}),
        archdsl.load("resnet18", free=["classes"]),
        archdsl.loads(SMALL, rate=0.25),
    ):
        again = pickle.loads(pickle.dumps(arch))
        assert again == arch
        assert again.parameters == arch.parameters
        assert again.cost().to_dict() == arch.cost().to_dict()
    (tmp_path / "parts.arch").write_text("def unit(c) < conv 3x3 c >\n", encoding="utf-8")
    kept = pickle.dumps(
        archdsl.loads('from "parts.arch" import unit\narch x\ninput image[3, 8, 8]\nunit(4)\n', str(tmp_path / "x.arch"))
    )
    assert pickle.loads(kept).cost().params == 112
    (tmp_path / "parts.arch").write_text("def unit(c) < conv 3x3 (2*c) >\n", encoding="utf-8")
    with pytest.raises(ValueError, match="a file that it imports has changed since"):
        pickle.loads(kept)


def test_a_notebook_shows_the_diagnostics() -> None:
    with pytest.raises(archdsl.ArchError) as failure:
        archdsl.loads("arch a\ninput x[3]\nlinaer 4\n", "wrong.arch")
    lines = failure.value._render_traceback_()
    assert any("unknown-operator" in line for line in lines)
    assert not any("archdsl/" in line for line in lines)


def test_one_thing_has_one_name_in_rows_and_graph() -> None:
    arch = archdsl.load("alexnet")
    rows = {row["name"]: row for row in arch.cost().to_dict()["rows"]}
    assert list(arch.cost().to_pandas().columns) == list(next(iter(rows.values())))
    for name, node in arch.graph.nodes(data=True):
        if name in rows:
            assert {key: rows[name][key] for key in ("op", "params", "macs", "aux")} == {
                key: node[key] for key in ("op", "params", "macs", "aux")
            }
            assert rows[name]["output"] == list(node["output"])
    layer = arch.cost().rows[0]
    assert {"name", "op", "output", "params", "macs", "times"} <= set(layer._fields) & set(rows[layer.name])
