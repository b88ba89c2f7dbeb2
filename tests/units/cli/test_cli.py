"""The command line: what goes where, exit codes, and bad endings that stay clean."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.shell import SMALL, WRONG, Result, Shell, process

from archdsl import __version__
from archdsl.cli.main import VERBS

# Without a verb


def test_version_and_help_are_results(shell: Shell) -> None:
    assert shell("--version") == Result(0, f"archdsl {__version__}\n", "")
    assert shell("compile", "--version") == Result(0, f"archdsl {__version__}\n", "")
    result = shell("--help")
    assert result.code == 0
    assert all(f"  {verb} " in result.out for verb in VERBS)


def test_no_verb_is_wrong_usage(shell: Shell) -> None:
    result = shell()
    assert (result.code, result.out) == (2, "")
    assert "usage: archdsl VERB" in result.err


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(shell: Shell, verb: str) -> None:
    result = shell(verb, "--help")
    assert result.code == 0
    assert result.out.startswith(f"usage: archdsl {verb}")


def test_a_misspelt_verb_gets_the_near_one(shell: Shell) -> None:
    assert shell("comple") == Result(2, "", "archdsl: there is no verb 'comple'; did you mean `compile`?\n")


def test_options_may_stand_before_the_verb(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    assert shell("--color", "never", "-q", "check", "small.arch") == Result(0, "", "")


@pytest.mark.parametrize("arguments", [["check"], ["check", "small.arch", "--nonsense"], ["compile", "a", "b"], ["cost"]])
def test_wrong_usage_is_2(shell: Shell, arguments: list[str]) -> None:
    shell.write("small.arch", SMALL)
    result = shell(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


# check


def test_a_sound_program(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    assert shell("check", "small.arch") == Result(0, "1 file: no mistakes, no contracts\n", "")


def test_a_wrong_program_is_said_on_standard_error(shell: Shell) -> None:
    shell.write("wrong.arch", WRONG)
    result = shell("check", "wrong.arch")
    assert (result.code, result.out) == (1, "1 file: 1 error\n")
    assert result.err.startswith("error[unknown-name]: ")
    assert "wrong.arch:5:21" in result.err


def test_what_was_checked_is_said(shell: Shell) -> None:
    contracts = "expect out == [10]\nexpect depth == 4\n"
    shell.write("small.arch", SMALL + contracts)
    shell.write("failing.arch", SMALL + contracts + "expect params == 1\n")
    shell.write("parts.arch", "def unit(c) < conv 3x3 c >\n")
    shell.write("wrong.arch", WRONG + contracts)
    assert shell("check", "small.arch").out == "1 file: no mistakes, 2 contracts hold\n"
    assert shell("check", "small.arch", "failing.arch").out == "2 files: 1 error, 1 of 5 contracts fails\n"
    assert shell("check", "wrong.arch").out == "1 file: 1 error; 2 contracts were not checked\n"
    uncalled = "1 definition that nothing calls was checked without shapes"
    assert shell("check", "parts.arch").out == f"1 file: no mistakes, no contracts; {uncalled}\n"
    overridden = shell("check", "small.arch", "--set", "width=9", "--input", "image=3x64x64")
    why = "because of `--set` and `--input`"
    assert overridden.out == f"1 file: no mistakes; 2 contracts were not checked, {why}\n"


def test_what_was_checked_is_in_the_json(shell: Shell) -> None:
    shell.write("small.arch", SMALL + "expect out == [10]\nexpect params == 1\ndef f() < relu >\n")
    plain = json.loads(shell("check", "small.arch", "--format", "json").out)["checked"]
    contracts = {"hold": 1, "failed": 1, "unchecked": 0}
    assert plain == {"files": 1, "contracts": contracts, "overrides": [], "uncalled_definitions": 1}
    other = json.loads(shell("check", "small.arch", "--set", "width=9", "--format", "json").out)["checked"]
    assert (other["contracts"], other["overrides"]) == ({"hold": 0, "failed": 0, "unchecked": 2}, ["--set"])
    notice = shell("check", "small.arch", "--set", "width=9", "--format", "github").out
    assert "::notice::2 contracts were not checked, because of `--set`\n" in notice


def test_what_a_mistake_kept_from_running_is_not_said_to_be_called_by_nothing(shell: Shell) -> None:
    shell.write("wrong.arch", "arch net\ninput x[3, 2, 2]\ndef convs(c) < conv 3x3 c pad=valid >\nconvs(8)\n")
    assert shell("check", "wrong.arch").out == "1 file: 1 error\n"


def test_strict_makes_errors_of_warnings(shell: Shell) -> None:
    shell.write("small.arch", SMALL + "def f() < relu >\nlet unused = 3\n")
    assert shell("check", "small.arch").code == 0
    strict = shell("check", "small.arch", "--strict")
    assert (strict.code, strict.err[:20]) == (1, "error[unused-value]:")


def test_quiet_prints_mistakes_only(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    shell.write("wrong.arch", WRONG)
    assert shell("check", "small.arch", "-q").out == ""
    assert shell("check", "wrong.arch", "-q").err.startswith("error[unknown-name]")


def test_no_annotations_are_an_empty_result(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    assert shell("check", "small.arch", "--format", "github").out == ""


def test_a_failed_contract_is_1(shell: Shell) -> None:
    shell.write("small.arch", SMALL + "expect params == 1\n")
    result = shell("check", "small.arch")
    assert result.code == 1
    assert result.err.startswith("error[contract-failed]: ")


def test_folders_are_walked_and_hidden_ones_are_not(shell: Shell) -> None:
    shell.write("a/one.arch", SMALL)
    shell.write("a/b/two.arch", WRONG)
    shell.write("a/.hidden/three.arch", WRONG)
    shell.write("a/notes.txt", "no arch")
    result = shell("check", "a")
    assert (result.code, result.out) == (1, "2 files: 1 error\n")
    shell.write("empty/notes.txt", "no arch")
    assert shell("check", "empty").code == 2


def test_a_file_named_twice_is_checked_once(shell: Shell) -> None:
    shell.write("a/one.arch", SMALL)
    assert shell("check", "a/one.arch", "a").out == "1 file: no mistakes, no contracts\n"


def test_json_is_the_result(shell: Shell) -> None:
    shell.write("wrong.arch", WRONG)
    result = shell("check", "wrong.arch", "--format", "json")
    assert (result.code, result.err) == (1, "")
    document = json.loads(result.out)
    assert document["schema"] == "archdsl.check/1"
    assert [(d["name"], d["file"], d["line"], d["column"]) for d in document["diagnostics"]] == [
        ("unknown-name", "wrong.arch", 5, 21)
    ]
    shell.write("small.arch", SMALL)
    assert json.loads(shell("check", "small.arch", "--format", "json").out)["diagnostics"] == []


def test_annotations_are_the_result(shell: Shell) -> None:
    shell.write("wrong.arch", WRONG)
    result = shell("check", "wrong.arch", "--format", "github")
    assert result.out.startswith("::error file=wrong.arch,line=5,endLine=5,col=21,endColumn=24,title=unknown-name::")
    assert result.err == ""


def test_twenty_are_shown_and_verbose_shows_all(shell: Shell) -> None:
    shell.write("many.arch", SMALL + "".join(f"let a{n} = b{n}b{n}\n" for n in range(30)))
    few, all_of_them = shell("check", "many.arch"), shell("check", "many.arch", "-v")
    assert few.out == "1 file: 30 errors\n"
    assert few.err.count("error[") == 20
    assert few.err.rstrip().endswith("and 10 more")
    assert all_of_them.err.count("error[") == 30


def test_standard_input(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    feed(SMALL)
    assert shell("check", "-").code == 0
    feed(WRONG)
    assert "<stdin>:5:21" in shell("check", "-").err
    shell.write("parts.arch", "def unit(c) < conv 3x3 c >\n")
    feed('from "parts.arch" import unit\narch x\ninput image[3, 8, 8]\nunit(4)\n')
    assert shell("check", "-").code == 0


# Files that are not there or cannot be read


@pytest.mark.parametrize("verb", ["check", "compile", "cost", "render"])
def test_a_file_that_is_not_there_is_wrong_usage(shell: Shell, verb: str) -> None:
    result = shell(verb, "resnet5O")
    assert (result.code, shell.files) == (2, [])
    assert "error[unknown-file]: there is no file and no zoo entry `resnet5O`" in result.err
    assert "help: did you mean `resnet50`?" in result.err


def test_an_empty_name_is_none(shell: Shell) -> None:
    for verb in ("check", "cost"):
        assert shell(verb, "").code == 2


def test_a_misspelt_path_gets_the_near_one(shell: Shell) -> None:
    shell.write("nets/small.arch", SMALL)
    result = shell("check", "nets/smal.arch")
    assert result.code == 2
    assert "did you mean `nets/small.arch`?" in result.err


def test_what_cannot_be_read_is_a_mistake(shell: Shell) -> None:
    (shell.folder / "latin.arch").write_bytes("# é\n".encode("latin-1"))
    result = shell("cost", "latin.arch")
    assert result.code == 1
    assert "error[unreadable-file]" in result.err
    assert "not UTF-8" in result.err
    (shell.folder / "folder.arch").mkdir()
    result = shell("cost", "folder.arch")
    assert result.code == 2
    assert "`folder.arch` is a folder" in result.err


@pytest.mark.parametrize("endless", ["/dev/zero", "-"])
def test_an_endless_file_is_read_no_further_than_the_limit(tmp_path: Path, endless: str) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        running = process(["check", endless], tmp_path, stdin=zeros, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert b"error[unreadable-file]" in err
    assert b"ARCHDSL_LIMIT_FILE_BYTES" in err


# --set and --input


def test_set_gives_another_value(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    before = json.loads(shell("cost", "small.arch", "--format", "json").out)
    after = json.loads(shell("cost", "small.arch", "--format", "json", "--set", "depths=[1,3]", "--set", "width=16").out)
    assert len(after["rows"]) == len(before["rows"]) + 2
    assert after["out"] == [10]


@pytest.mark.parametrize(
    ("text", "value", "params"),
    [("k=5x5", "3x3", 9), ("k=5x5", "7x3", 21), ("k=3", "-2", None), ("p=same", "valid", 25), ("p=valid", "same", 25)],
)
def test_set_takes_each_kind_of_value(shell: Shell, text: str, value: str, params: int | None) -> None:
    name = text.partition("=")[0]
    call = "conv 5x5 1 pad=p bias=false" if name == "p" else "conv k 1 bias=false"
    shell.write("net.arch", f"arch net({text})\ninput x[1, 9, 9]\n{call}\n")
    result = shell("cost", "net.arch", "--format", "json", "--set", f"{name}={value}")
    if params is None:
        assert result.code == 1
        assert value in result.err
    else:
        assert json.loads(result.out)["params"] == params


def test_input_gives_another_shape(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    result = shell("cost", "small.arch", "--format", "json", "--input", "image=3x64x48")
    assert json.loads(result.out)["input"] == {"image": [3, 64, 48]}


@pytest.mark.parametrize(
    "option",
    [
        ["--set", "width"],
        ["--set", "=3"],
        ["--set", "width=2+2"],
        ["--set", "width=__import__('os')"],
        ["--set", "width=[1,"],
        ["--set", "width=range(3)"],
        ["--input", "image"],
        ["--input", "image=3x-1x3"],
        ["--input", "image=3x0x3"],
        ["--input", "image=axb"],
        ["--input", "image=" + "9" * 5000],
    ],
)
def test_a_value_that_is_none_is_wrong_usage(shell: Shell, option: list[str]) -> None:
    shell.write("small.arch", SMALL)
    result = shell("cost", "small.arch", *option)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


@pytest.mark.parametrize(("option", "near"), [(["--set", "widht=16"], "width"), (["--input", "imaeg=3x64x64"], "image")])
def test_a_name_that_the_arch_does_not_have_gets_the_near_one(shell: Shell, option: list[str], near: str) -> None:
    shell.write("small.arch", SMALL)
    result = shell("cost", "small.arch", *option)
    assert result.code in (1, 2)
    assert f"`{near}`" in result.err


# compile


def test_compile_writes_the_source_and_prints_the_summary(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    result = shell("compile", "small.arch")
    assert result.code == 0
    assert "stage" in result.out
    assert result.err == "wrote small.py\n"
    assert "from torch import" in (shell.folder / "small.py").read_text()
    assert shell("compile", "small.arch").code == 0


@pytest.mark.torch
def test_verify_compares_with_the_built_module(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("small.arch", SMALL)
    result = shell("compile", "small.arch", "--verify")
    assert result.code == 0
    assert re.match(r"verified with PyTorch: \d+ shapes, \d+ tensors, 1,482 parameters and 1,400,912 MACs agree\n", result.err)
    # A module that is another one is found out, and nothing is written.
    from archdsl.backends.torch.printing import source_file

    source = source_file.generate

    def other(*arguments: object) -> object:
        made = source(*arguments)  # type: ignore[arg-type]
        return made._replace(text=made.text.replace("nn.Linear(8, 10)", "nn.Linear(8, 11)"))

    monkeypatch.setattr("archdsl.backends.torch.running.execute.generate", other)
    (shell.folder / "small.py").unlink()
    wrong = shell("compile", "small.arch", "--verify")
    assert wrong.code == 1
    assert "archdsl compile: the network: parameters 1,482 expected, 1,491 found\n" in wrong.err
    assert shell.files == ["small.arch"]


@pytest.mark.torch
def test_what_cannot_be_built_says_why(shell: Shell) -> None:
    shell.write("deep.arch", "arch deep\ninput image[3, 8, 8]\nstage x1000000000 < conv 3x3 3 >\n")
    result = shell("compile", "deep.arch", "--verify")
    assert (result.code, shell.files) == (1, ["deep.arch"])
    assert result.err.startswith("archdsl compile: the network has 1,000,000,000 modules")


def test_a_wrong_program_writes_nothing(shell: Shell) -> None:
    shell.write("wrong.arch", WRONG)
    shell.write("failed.arch", SMALL + "expect params == 1\n")
    for name in ("wrong.arch", "failed.arch"):
        result = shell("compile", name)
        assert (result.code, result.out) == (1, "")
    assert shell.files == ["failed.arch", "wrong.arch"]


def test_a_file_of_a_person_stays_without_force(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    shell.write("small.py", "mine")
    result = shell("compile", "small.arch")
    assert result.code == 2
    assert "--force" in result.err
    assert (shell.folder / "small.py").read_text() == "mine"
    assert shell("compile", "small.arch", "--force").code == 0
    assert (shell.folder / "small.py").read_text() != "mine"


def test_to_standard_output_the_summary_steps_aside(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    result = shell("compile", "small.arch", "-o", "-")
    assert result.code == 0
    compile(result.out, "small.py", "exec")
    assert "stage" in result.err
    assert shell("compile", "small.arch", "-o", "-", "-q") == result._replace(err="")
    assert shell.files == ["small.arch"]


@pytest.mark.parametrize(("target", "schema", "name"), [("json", "ir", "small.json"), ("cost", "cost", "small.cost.json")])
def test_other_targets_are_json(shell: Shell, target: str, schema: str, name: str) -> None:
    shell.write("small.arch", SMALL)
    for _ in range(2):
        assert shell("compile", "small.arch", "--target", target).code == 0
    document = json.loads((shell.folder / name).read_text())
    assert document["schema"] == f"archdsl.{schema}/1"
    assert document["name"] == "small"


def test_emit_stops_after_a_pass(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    tree, ir = shell("compile", "small.arch", "--emit", "tree"), shell("compile", "small.arch", "--emit", "ir")
    assert tree.out.startswith("File\n  statements: [5]\n    ArchLine @1:1\n")
    assert "conv(%0)" in ir.out
    assert shell.files == ["small.arch"]


def test_a_name_that_hides_a_module_of_python_is_refused(shell: Shell) -> None:
    shell.write("torch.arch", SMALL.replace("arch small", "arch torch"))
    result = shell("compile", "torch.arch")
    assert (result.code, shell.files) == (2, ["torch.arch"])
    assert "`-o`" in result.err
    assert shell("compile", "torch.arch", "-o", "net.py").code == 0


# The others


def test_cost_is_a_result(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    result = shell("cost", "small.arch")
    assert (result.code, result.err) == (0, "")
    assert "params" in result.out


def test_render_writes_a_picture(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    assert shell("render", "small.arch") == Result(0, "", "wrote small.svg: level layer, text of 10.0 points on a4\n")
    assert "<svg" in (shell.folder / "small.svg").read_text()
    assert shell("render", "small.arch", "-o", "small.jpg").code == 2
    assert shell("render", "small.arch", "-o", "missing/small.svg").code == 2
    assert shell.files == ["small.arch", "small.svg"]


def test_the_zoo_is_listed_shown_and_found(shell: Shell) -> None:
    listed = shell("zoo")
    assert re.search(r"^resnet50 +ResNet-50 +resnet +2015 +25,557,032 +4,089,184,256$", listed.out, re.MULTILINE)
    path = shell("zoo", "path", "resnet50").out.strip()
    assert shell("zoo", "show", "resnet50").out == Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["show"], ["path", "resnet5O"], ["list", "resnet50"], ["show", "../README"]])
def test_zoo_asked_wrongly(shell: Shell, arguments: list[str]) -> None:
    result = shell("zoo", *arguments)
    assert (result.code, result.out) == (2, "")


def test_explain_shows_the_page(shell: Shell) -> None:
    result = shell("explain", "shape-mismatch")
    assert result.code == 0
    assert result.out.startswith("# shape-mismatch\n")
    misspelt = shell("explain", "window-to-large")
    assert (misspelt.code, misspelt.out) == (2, "")
    assert misspelt.err.startswith(
        "archdsl explain: there is no diagnostic and no operator `window-to-large`; did you mean `window-too-large`"
    )


def test_explain_wants_a_line_that_is_there(shell: Shell) -> None:
    shell.write("three.arch", "arch three\ninput x[3, 8, 8]\nconv 3 8\n")
    assert shell("explain", "three.arch").err == "archdsl explain: a place is named by its line, such as `three.arch:3`\n"
    assert shell("explain", "three.arch:4").err == "archdsl explain: `three.arch` has 3 lines, and no line 4\n"
    assert shell("explain", "three.arch:3").code == 0


def test_the_sizes_that_would_do_stand_below_the_first_mistake(shell: Shell) -> None:
    text = """
def deeper < conv 3 8 stride=2 pad=valid >
arch small
input image[3, 40, 40]
aux side < avgpool 30 >
deeper ; deeper ; deeper
"""
    shell.write("small.arch", text)
    first, _, _ = shell("check", "small.arch", "--input", "image=3x9x9").err.partition("\n\n")
    assert "= this network accepts height and width from 15 up; nearest: 15" in first


# explain


def test_explain_alone_lists_operators_and_diagnostics(shell: Shell) -> None:
    from archdsl.ops.registry import FAMILIES
    from archdsl.resources import page_names

    result = shell("explain")
    assert (result.code, result.err) == (0, "")
    words = set(re.findall(r"[\w-]+", result.out))
    assert words >= {operator.name for family in FAMILIES for operator in family.OPERATORS}
    assert words >= set(page_names())


def test_explain_shows_an_operator(shell: Shell) -> None:
    result = shell("explain", "deconv")
    assert result.code == 0
    assert result.out.startswith("deconv k c stride=1 pad=0 output_pad=0 groups=1 bias=true dilation=1\n")
    for text in ("pad            0; or same, valid", "example         `deconv 2x2 32 stride=2` on [64, 56, 56]", "= 112\n"):
        assert text in result.out
    assert shell("explain", "fc").out.startswith("linear c bias=true\n")
    assert shell("explain", "Dense").out.startswith("`Dense` is called `linear` here\nlinear c bias=true\n")
    assert shell("explain", "residual").out.startswith("residual < a | b >\n")
    assert "eps            1e-5; by name only" in shell("explain", "layernorm").out
    assert "did you mean `attention`" in shell("explain", "atention").err


def test_every_operator_has_a_page(shell: Shell) -> None:
    from archdsl.ops.registry import OPERATORS
    from archdsl.wording.forms import FORMS

    for name in [*OPERATORS, *FORMS]:
        result = shell("explain", name)
        assert result.code == 0, result.err
        assert "  output  " in result.out or name == "identity", name


def test_explain_takes_a_place_as_diagnostics_print_it(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("small.arch", SMALL)
    assert shell("explain", "small.arch:4").out.count("\n\n") == 4
    one = shell("explain", "small.arch:4:34").out
    assert one.count("\n\n") == 1
    assert "conv 3x3, 8" in one
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    assert shell("explain", "-:3").out.startswith("<stdin>:3  stem <")
    assert "has 5 lines" in shell("explain", "small.arch:9").err
    assert "line 1 of `small.arch` has" in shell("explain", "small.arch:1:99").err
    assert shell("explain", "resnet50").code == 2
    assert "a place is named by its line, such as `resnet50:3`" in shell("explain", "resnet50").err


def test_explain_of_what_does_not_run_says_why(shell: Shell) -> None:
    shell.write("idle.arch", SMALL + "def f() <\n  relu\n>\n# nothing\n")
    assert shell("explain", "idle.arch:7").out.endswith("\nthe definition `f` is never called, so nothing runs this line\n")
    assert shell("explain", "idle.arch:9").code == 2
    shell.write("parts.arch", "def f() <\n  relu\n>\n")
    assert "the file is a library" in shell("explain", "parts.arch:1").out
    shell.write("wrong.arch", WRONG)
    assert shell("explain", "wrong.arch:3").code == 1


# render


def test_a_page_and_a_level_are_two_answers(shell: Shell) -> None:
    shell.write("small.arch", SMALL)
    result = shell("render", "small.arch", "--fit", "a4", "--level", "block")
    assert (result.code, result.out) == (2, "")
    assert "give it or `--level`" in result.err
    assert shell.files == ["small.arch"]


def test_without_graphviz_the_dot_is_written_and_the_picture_that_is_there_stays(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archdsl.backends.render.output import picture

    monkeypatch.setattr(picture, "find_engine", lambda: None)
    shell.write("small.arch", SMALL)
    result = shell("render", "small.arch")
    assert result.code != 0
    assert "small.dot" in result.err
    assert shell.files == ["small.arch", "small.dot"]
    shell.write("small.dot", "mine")
    assert shell("render", "small.arch").code == 2
    assert (shell.folder / "small.dot").read_text("utf-8") == "mine"


@pytest.mark.parametrize("option", [["-o", "x.txt"], ["--verify"], ["--force"]])
def test_a_listing_takes_no_option_that_it_would_ignore(shell: Shell, option: list[str]) -> None:
    shell.write("small.arch", SMALL)
    result = shell("compile", "small.arch", "--emit", "ir", *option)
    assert (result.code, result.out) == (2, "")
    assert f"takes no `{option[0]}`" in result.err
    assert shell.files == ["small.arch"]
