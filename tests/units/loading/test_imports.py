"""Section 3 over several files: what imports may reach, what they bring, archs from other archs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import archdsl
from archdsl.analysis import contracts
from archdsl.analysis.cost import Cost
from archdsl.compiler import Program, run
from archdsl.program.values import Evaluated
from archdsl.text import Source

HEAD = "arch t\ninput x[8, 16, 16]\n"
LIBRARY = "let w = 4\ndefault conv bias=false\ndef f(c=w) < conv 1 c >\ndef g < f ; f(6) >\n"
BASE = (
    "arch base(n=4, deep=1)\nmeta title=\"old\" year=2000\ninput image[8, 16, 16]\n"
    "aux side < gap ; linear 3 >\nx(deep) < conv 1 8 ; relu >\noutput middle\nconv 1 n\nexpect params == 1\n"
)  # fmt: skip


def made(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def compiled(folder: Path, files: dict[str, str], root: str = "root.arch", **parameters: Evaluated) -> Program:
    """The root file of a folder, its contracts among the diagnostics."""
    path = made(folder, files) / root
    program = run(Source(str(path), path.read_text(encoding="utf-8")), path.parent, parameters)
    if program.network is not None and not program.report:
        program.report += contracts.check(program.network, Cost(program.network))
    return program


def params(program: Program) -> object:
    assert [diagnostic.message for diagnostic in program.report] == []
    assert program.network is not None
    return Cost(program.network).params


def mistakes(program: Program) -> list[str]:
    return [diagnostic.name for diagnostic in program.report]


def test_definitions_from_a_file_beside_it(tmp_path: Path) -> None:
    files = {"lib.arch": LIBRARY, "root.arch": f'from "lib.arch" import f, g\n{HEAD}f\ng\n'}
    assert params(compiled(tmp_path, files)) == 8 * 4 + 4 * 4 + 4 * 6


def test_an_imported_definition_keeps_its_files_names_and_defaults(tmp_path: Path) -> None:
    text = f'from "lib.arch" import f\n{HEAD}let w = 5\ndefault conv bias=true stride=2\nf\nexpect out == [4, 16, 16]\n'
    assert params(compiled(tmp_path, {"lib.arch": LIBRARY, "root.arch": text})) == 8 * 4


def test_the_imported_name_alone_is_bound(tmp_path: Path) -> None:
    files = {"lib.arch": LIBRARY, "root.arch": f'from "lib.arch" import g\n{HEAD}f\n'}
    assert mistakes(compiled(tmp_path, files)) == ["unknown-operator"]


def test_paths_are_relative_to_the_importing_file(tmp_path: Path) -> None:
    files = {
        "root.arch": f'from "parts/one.arch" import one\n{HEAD}one\n',
        "parts/one.arch": 'from "two.arch" import two\ndef one < two >\n',
        "parts/two.arch": 'from "../three.arch" import three\ndef two < three >\n',
        "three.arch": "def three < conv 1 3 >\n",
        "two.arch": "def two < nothing >\n",
    }
    assert params(compiled(tmp_path, files)) == 27


@pytest.mark.parametrize(
    "path", ["../out.arch", "parts/../../out.arch", "{folder}/out.arch", "/etc/hostname.arch", "..\\\\out.arch", "c:out.arch"]
)
def test_nothing_outside_the_root_files_folder(tmp_path: Path, path: str) -> None:
    written = path.replace("{folder}", str(tmp_path))
    made(tmp_path, {"out.arch": "def f < conv 1 3 >\n", "in/parts/x.arch": ""})
    program = compiled(tmp_path / "in", {"root.arch": f'from "{written}" import f\n{HEAD}f\n'})
    assert mistakes(program) == ["import-outside"]


def test_nothing_outside_from_deeper_files_either(tmp_path: Path) -> None:
    made(tmp_path, {"out.arch": "def f < conv 1 3 >\n"})
    files = {
        "root.arch": f'from "parts/one.arch" import one\n{HEAD}one\n',
        "parts/one.arch": 'from "../../out.arch" import f\ndef one < f >\n',
    }
    assert mistakes(compiled(tmp_path / "in", files)) == ["import-outside"]


def test_symbolic_links_do_not_lead_out(tmp_path: Path) -> None:
    made(tmp_path, {"out/lib.arch": "def f < conv 1 3 >\n", "in/lib.arch": "def f < conv 1 4 >\n"})
    (tmp_path / "in/link.arch").symlink_to(tmp_path / "out/lib.arch")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/inner.arch").symlink_to(tmp_path / "in/lib.arch")
    for path, found in (("link.arch", ["import-outside"]), ("folder/lib.arch", ["import-outside"]), ("inner.arch", [])):
        assert mistakes(compiled(tmp_path / "in", {"root.arch": f'from "{path}" import f\n{HEAD}f\n'})) == found


def test_what_is_no_text_file(tmp_path: Path) -> None:
    (tmp_path / "folder.arch").mkdir()
    (tmp_path / "bytes.arch").write_bytes(b"def f < conv 1 3 > # \xff\xfe\n")
    os.mkfifo(tmp_path / "pipe.arch")
    (tmp_path / "loop.arch").symlink_to(tmp_path / "loop.arch")
    wanted = {
        "folder.arch": "unknown-file",
        "bytes.arch": "unreadable-file",
        "pipe.arch": "unknown-file",
        "loop.arch": "unknown-file",
    }
    for name, mistake in wanted.items():
        assert mistakes(compiled(tmp_path, {"root.arch": f'from "{name}" import f\n{HEAD}f\n'})) == [mistake], name


@pytest.mark.parametrize("path", ["nothing.arch", "nothing", "", " ", "lib", "lib.arch ", "\\n.arch", "zoo/resnet50"])
def test_files_that_are_not_there(tmp_path: Path, path: str) -> None:
    program = compiled(tmp_path, {"lib.arch": LIBRARY, "root.arch": f'from "{path}" import f\n{HEAD}f\n'})
    assert mistakes(program) in (["unknown-file"], ["import-outside"])


def test_a_name_that_the_file_has_not(tmp_path: Path) -> None:
    program = compiled(tmp_path, {"lib.arch": LIBRARY, "root.arch": f'from "lib.arch" import h\n{HEAD}relu\n'})
    assert mistakes(program) == ["unknown-import"]


def test_a_zoo_name_has_no_suffix() -> None:
    arch = archdsl.loads('from "resnet50" import bottleneck\n' + HEAD + "bottleneck(c=2)\n")
    assert arch.cost().params == 8 * 2 + 4 + 2 * 2 * 9 + 4 + 2 * 8 + 16


def test_a_text_without_a_place_has_the_zoo_alone() -> None:
    with pytest.raises(archdsl.ArchError) as caught:
        archdsl.loads('from "lib.arch" import f\n' + HEAD + "f\n")
    assert [diagnostic.name for diagnostic in caught.value.diagnostics] == ["unknown-file"]


def test_circles_of_files(tmp_path: Path) -> None:
    files = {
        "root.arch": f'from "a.arch" import a\n{HEAD}a\n',
        "a.arch": 'from "b.arch" import b\ndef a < b >\n',
        "b.arch": 'from "a.arch" import a\ndef b < relu >\n',
    }
    assert mistakes(compiled(tmp_path, files)) == ["import-circle"]
    assert mistakes(compiled(tmp_path, {"root.arch": f'from "root.arch" import t\n{HEAD}relu\n'})) == ["import-circle"]
    assert mistakes(compiled(tmp_path, {"root.arch": f'from "./root.arch" import t\n{HEAD}relu\n'})) == ["import-circle"]


def test_one_file_on_two_ways_is_no_circle(tmp_path: Path) -> None:
    files = {
        "root.arch": f'from "a.arch" import a\nfrom "b.arch" import b\n{HEAD}a\nb\n',
        "a.arch": 'from "lib.arch" import f\ndef a < f >\n',
        "b.arch": 'from "x/../lib.arch" import f\ndef b < f >\n',
        "lib.arch": LIBRARY,
        "x/y.arch": "",
    }
    assert params(compiled(tmp_path, files)) == 8 * 4 + 4 * 4


def test_long_chains_of_files_are_refused(tmp_path: Path) -> None:
    files = {f"f{i}.arch": f'from "f{i + 1}.arch" import g{i + 1}\ndef g{i} < g{i + 1} >\n' for i in range(60)}
    files |= {"f60.arch": "def g60 < relu >\n", "root.arch": f'from "f0.arch" import g0\n{HEAD}g0\n'}
    assert mistakes(compiled(tmp_path, files)) == ["too-large"]


def test_a_mistake_in_another_file_is_told_there(tmp_path: Path) -> None:
    files = {"lib.arch": "def f < conv 1 nothing >\n", "root.arch": f'from "lib.arch" import f\n{HEAD}f\n'}
    (diagnostic,) = compiled(tmp_path, files).report
    assert diagnostic.name == "unknown-name"
    assert diagnostic.primary is not None
    assert Path(diagnostic.primary.span.source.name).name == "lib.arch"


def test_an_arch_with_other_parameters(tmp_path: Path) -> None:
    """NEW takes OLD's inputs and structure, not its `meta` and `expect`."""
    text = 'from "base.arch" import base\narch new = base(deep=3)\nmeta year=2020\nexpect params == 3 * 72 + 36\n'
    program = compiled(tmp_path, {"base.arch": BASE, "root.arch": text})
    assert params(program) == 252
    assert program.network is not None
    assert (program.network.name, program.network.meta) == ("new", {"year": 2020})
    assert [output.name for output in program.network.root.outputs] == ["side", "middle"]


def test_its_parameters_may_be_overridden_too(tmp_path: Path) -> None:
    files = {"base.arch": BASE, "root.arch": 'from "base.arch" import base\narch new = base(deep=3)\n'}
    assert params(compiled(tmp_path, files, n=2)) == 3 * 72 + 18
    assert params(compiled(tmp_path, files, deep=1)) == 72 + 36
    assert mistakes(compiled(tmp_path, files, width=1)) == ["unknown-parameter"]


def test_an_arch_with_the_same_parameters(tmp_path: Path) -> None:
    files = {"base.arch": BASE, "root.arch": 'from "base.arch" import base\narch new = base\n'}
    assert params(compiled(tmp_path, files)) == 72 + 36


def test_an_arch_from_an_arch_from_an_arch(tmp_path: Path) -> None:
    files = {
        "base.arch": BASE,
        "second.arch": 'from "base.arch" import base\narch second = base(deep=2)\n',
        "root.arch": 'from "second.arch" import second\narch third = second(n=2)\n',
    }
    assert params(compiled(tmp_path, files)) == 2 * 72 + 18


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("arch new = base(depth=3)", "unknown-parameter"),
        ("arch new = base(deep=1, deep=2)", "argument-twice"),
        ("arch new = nothing(deep=1)", "unknown-arch"),
        ("arch new = base(deep=-1)", "bad-repetition"),
        ("arch new = f(deep=1)", "unknown-arch"),
    ],
)
def test_what_cannot_be_an_arch_from_an_arch(tmp_path: Path, line: str, mistake: str) -> None:
    text = f'from "base.arch" import base\nfrom "lib.arch" import f\n{line}\n'
    assert mistakes(compiled(tmp_path, {"base.arch": BASE, "lib.arch": LIBRARY, "root.arch": text})) == [mistake]


def test_an_arch_called_like_a_definition(tmp_path: Path) -> None:
    """The current value replaces its only input; its aux heads, meta and expect are dropped."""
    body = "maxpool 2\nconv 1 3\ntrunk: base(n=5)\nconcat @trunk.middle\nexpect out == [13, 8, 8]\n"
    text = f'from "base.arch" import base\n{HEAD}{body}'
    program = compiled(tmp_path, {"base.arch": BASE, "root.arch": text})
    assert params(program) == 8 * 3 + 3 + (3 * 8 + 8) + (8 * 5 + 5)
    assert program.network is not None
    assert program.network.meta == {}
    assert program.network.root.outputs == ()


def test_an_arch_called_with_an_input_of_another_shape_than_its_own(tmp_path: Path) -> None:
    base = "arch base\ninput image[C, 2*H, 2*W]\nconv 1 (2*C)\n"
    files = {"base.arch": base, "root.arch": f'from "base.arch" import base\n{HEAD}base\n'}
    assert params(compiled(tmp_path, files)) == 8 * 16 + 16


def test_an_arch_with_two_inputs_is_not_called(tmp_path: Path) -> None:
    base = "arch base\ninput one[8, 16, 16]\ninput two[8, 16, 16]\nadd @two\n"
    files = {"base.arch": base, "root.arch": f'from "base.arch" import base\n{HEAD}base\n'}
    assert mistakes(compiled(tmp_path, files)) == ["too-many-inputs"]


def test_an_arch_does_not_call_itself() -> None:
    with pytest.raises(archdsl.ArchError) as caught:
        archdsl.loads(HEAD + "t\n")
    assert [diagnostic.name for diagnostic in caught.value.diagnostics] == ["unknown-operator"]


def test_a_library_is_no_network() -> None:
    with pytest.raises(archdsl.ArchError) as caught:
        archdsl.loads(LIBRARY)
    assert [diagnostic.name for diagnostic in caught.value.diagnostics] == ["no-arch"]
