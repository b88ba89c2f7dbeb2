"""A short slice of the programs by chance: nothing but a network or diagnostics comes out, without too much work. Long runs: `tests/fuzz`."""

from __future__ import annotations

import io
import random
import re
from pathlib import Path

import pytest
from helpers.every_form import FORMS

import archdsl
from fuzz import judge as judging
from fuzz.corpus import program
from fuzz.faults import fault_of
from fuzz.judge import TooMuch, judge, limited_work
from fuzz.mutations import HOSTILE

HEAD = "arch t\ninput x[3, 8, 8]\n"
PLACES = (
    "{}",
    HEAD + "{}",
    HEAD + "conv 3 {}",
    HEAD + "let a = {}\nlinear a",
    HEAD + "stage x2 < {} > ; relu",
    "arch t(n={})\ninput x[3, n, 8]",
)
NESTED = (
    "<",
    "(",
    "[",
    "residual <",
    "x2 <",
    "x1000000000 <",
    "-",
    "not ",
    "f(",
    "if (true) <",
    "def f <",
    "for i in [1, 2] <",
    "{",
    "a.",
    "a[",
    "1 if 1 else ",
    "2**",
)
CLOSERS = {"<": ">", "(": ")", "[": "]"}


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_programs_by_chance(first: int) -> None:
    faults = {number: fault_of(program(number)) for number in range(first, first + 50)}
    assert {number: fault for number, fault in faults.items() if fault is not None} == {}


@pytest.mark.parametrize("place", PLACES)
def test_hostile_words(place: str) -> None:
    faults = {word: fault_of(place.replace("{}", word)) for word in HOSTILE}
    assert {word: fault for word, fault in faults.items() if fault is not None} == {}


@pytest.mark.parametrize("times", [99, 150, 3000])
def test_forms_nested_without_end(times: int) -> None:
    for opening in NESTED:
        closing = CLOSERS.get(opening[-1], "")
        for text in (opening * times, opening * times + closing * times, opening * times + " relu " + closing * (times - 1)):
            assert fault_of(HEAD + text) is None, (opening, times)
            assert fault_of(HEAD + "conv 3 " + text) is None, (opening, times)


@pytest.mark.parametrize(
    "text",
    [
        "x1000000000 < x1000000000 < x1000000000 < conv 3 3 > > >",
        "x1000000000 < stage x1000000000 < residual < conv 3 3 > > ; x1000000000 relu >",
        "x1000000000 < conv 3 (3 + index) >",
        "x20000 < upsample >",
        "x(10**99) < " * 60 + "conv 3 3" + " >" * 60,
        "gap keep=true ; x(10**900) avgpool 2 ceil=true\nexpect stride == 3",
        "stage x(1) < output a >",
        "stage x(20000) < conv 3 (in.c + 1) ; bn ; relu ; conv 3 (in.c + 1) ; bn ; relu >",
        "x(2**60) < parallel < relu | relu > ; pick 0 >",
        "for i in range(99999) < conv 3 3 >",
        "for i in range(99999) < for j in range(99999) < for k in range(99999) < > > >",
        "let a = [i for i in range(99999)]\nlet b = [a for i in range(99999)]\nlet c = b + b + b",
        "let a = [0] * 99999\nlet b = [[j for j in a] for i in a]",
        "conv 999999999 3",
        "conv 3 999999999999999999",
        "conv 3 3 pad=999999999999 stride=999999999999 dilation=99999",
        "pad 999999999 ; flatten ; linear 999999999999999999999999",
        "let s = \"" + "a" * 1_000_000 + "\"",
        "conv 3 3 # " + "c" * 1_000_000,
        "conv 3 3\n" * 2000,
        "let a" + "a" * 100_000 + " = 1",
        "conv 3 " + "1" * 100_000,
        "concat for i in range(20000) < conv 3 3 >",
        "\n".join(f"def f{i} < f{i + 1} ; f{i + 1} >" for i in range(60)) + "\ndef f60 < relu >\nf0",
        "\n".join(f"def f{i}(x) < f{i + 1}(x + 1) ; f{i + 1}(x + 2) >" for i in range(20)) + "\ndef f20(x) < conv 3 x >\nf0(1)",
        "\n".join(f"let a{i + 1} = a{i} * a{i}" for i in range(60)).replace("a0", "9", 2),
        "arch w = unit(" + "9" * 200 + " \n = - 0.5 // [ #\n2K \n / \n 25_557_032 // 1e-5\t, 2K",
        "stage x(100000) < dwconv 7 ; if (index == 0) < dwconv 3 > ; attention heads=1 window=4 >",
        "let a0 = [1]\n" + "\n".join(f"let a{i + 1} = [a{i}, a{i}]" for i in range(60)) + "\nlet b = a60 == a60",
    ],
)  # fmt: skip
def test_texts_that_ask_for_too_much(text: str) -> None:
    assert fault_of(HEAD + text) is None


@pytest.mark.parametrize(
    "form",
    [
        "{conv 3 3\n}",
        "{conv 3 3 ; }relu",
        "add < {conv 3 3 | }relu >",
        "let a = [{1, }1]",
        "let a = {1 + }1",
        "linear (1{ if true else 2})",
        "{x2 < conv 3 3 ; relu >\n}",
        "{stage < conv 3 3 ; residual < conv 3 3 > >\n}",
        "{def f# < relu >\n}",
        "{def f# < relu >\nf# ; f#\n}",
        "{let a# = #\n}",
        "{a#: relu\nadd @a#\n}",
        "{cnv 3 3\n}",
        "{conv (\n}",
        "{# a comment\n}",
        "{\n}",
    ],
)
def test_work_grows_with_the_length_of_a_text(form: str) -> None:
    """Twice the text, twice the calls: nothing looks through all that came before it."""
    before, repeated, after = re.split("[{}]", form)
    calls = []

    def text(times: int) -> str:
        return HEAD + before + "".join(repeated.replace("#", str(number)) for number in range(times)) + after

    judge(text(50))  # what a first mistake imports and compiles is no part of it
    for times in (100, 200, 400):
        with limited_work() as work:
            judge(text(times))
        calls.append(work.calls)
    assert calls[2] - calls[1] < 2.25 * (calls[1] - calls[0]), calls


@pytest.mark.parametrize(
    "text",
    [
        "arch t\ninput x[3, H, W]\nx100000 < conv 3 8 ; avgpool 2 ceil=true >",
        "arch t\ninput x[3, H, W]\nx100000 < pad 1 ; relu ; posembed >",
        "arch t = " + "resnet50" * 100,
        "def f < expect",
        "def f < expect params",
        "< a | expect b.c.d <",
        "stage < relu\n" * 100 + "rleu >\n" * 3000,
    ],
)
def test_texts_with_free_sizes_and_long_names(text: str) -> None:
    assert fault_of(text) is None


@pytest.mark.parametrize("text", [FORMS, "residual < for i in a < if (a) < relu ; expect(macs < 3"])
def test_a_text_that_ends_too_soon(text: str) -> None:
    """Every beginning of a program, as it is while someone types it. Calls are not counted: that takes three times as long."""
    for end in range(len(text)):
        assert fault_of(HEAD + text[:end], None) is None, text[:end]


def test_bytes_by_chance() -> None:
    source = random.Random(0)
    for _ in range(300):
        data = bytes(source.choice(b'<>|;()[]x3 \n"#@=\\\0\xff\xc3\xa4aconv') for _ in range(source.randrange(60)))
        with pytest.raises(archdsl.ArchError) as caught:
            archdsl.load(io.BytesIO(data))
        assert caught.value.diagnostics, data


def test_files_that_import_by_chance(tmp_path: Path) -> None:
    source = random.Random(1)
    (tmp_path / "outside.arch").write_text("def f0 < relu >\n")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.arch").symlink_to(tmp_path / "outside.arch")
    (folder / "self.arch").symlink_to(folder / "self.arch")
    (folder / "up").symlink_to(tmp_path)
    paths = (
        "f0.arch",
        "f1.arch",
        "f2.arch",
        "f3.arch",
        "./f1.arch",
        "../in/f2.arch",
        "../outside.arch",
        "link.arch",
        "self.arch",
        "up/outside.arch",
        "up/in/f1.arch",
        "/dev/zero",
        "/dev/zero.arch",
        "f1.arch/../f2.arch",
        "resnet50",
        "",
        ".",
        "..",
        "\x00",
    )
    for _ in range(60):
        for number in range(4):
            lines = [f'from "{source.choice(paths)}" import f{source.randrange(4)}' for _ in range(source.randrange(3))]
            calls = " ; ".join(f"f{source.randrange(4)}" for _ in range(source.randrange(3)))
            (folder / f"f{number}.arch").write_text("\n".join([*lines, f"def f{number} < {calls} >", ""]))
        text = f'from "f0.arch" import f0\n{HEAD}f0\n'
        with limited_work():
            judge(text, folder)


def test_too_much_work_is_noticed() -> None:
    with pytest.raises(TooMuch), limited_work(1000):
        any(False for _ in range(10**11))
    with limited_work(1000) as work:
        any(False for _ in range(500))
    assert 500 < work.calls < 520


def test_another_exception_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: dict[str, object] = {}
    monkeypatch.setattr(judging, "run", lambda *_, **__: nothing["nothing"])
    assert fault_of("arch t") is not None
