"""Fixes are tried before they are offered: one that leads nowhere is not shown, one that leads on is."""

from __future__ import annotations

from pathlib import Path

import pytest

import archdsl
from archdsl.cli.main import main
from archdsl.compiler import Program, run
from archdsl.diagnostics import Diagnostic, Edit, Fix
from archdsl.diagnostics.applied import applied, one_after_another
from archdsl.text import Source, Span

START = "arch mine\ninput image[3, 32, 32]\n"


def checked(text: str, folder: Path | None = None) -> Program:
    return run(Source("mine.arch", text), folder, warnings=True)


def offered(text: str) -> list[list[str]]:
    """For each mistake the texts that its fixes with edits give."""
    return [
        [changed["mine.arch"] for fix in one.fixes if fix.edits and (changed := applied(fix, {})) is not None]
        for one in checked(text).told
    ]


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("conv 3x3 64 // comment", ["conv 3x3 64 # comment"]),
        ("conv 3x3 64 / comment", []),
        ("reshap [3, 1024]", ["reshape [3, 1024]"]),
        ("conw 3x3 64", ["conv 3x3 64"]),
        ("conv 3x3 64 strid=2", ["conv 3x3 64 stride=2"]),
    ],
)
def test_a_fix_is_shown_where_it_mends(line: str, fixed: list[str]) -> None:
    assert offered(f"{START}{line}\n") == [[f"{START}{one}\n" for one in fixed]]


def test_a_fix_that_uncovers_the_next_mistake_is_shown_with_the_fix_of_that() -> None:
    assert offered(f"{START}conw 3x3 64 strid=2\n") == [[f"{START}conv 3x3 64 stride=2\n"]]
    assert offered(f"{START}conw 3x3 64 strid=2 pading=1\n") == [[f"{START}conv 3x3 64 stride=2 pad=1\n"]]


def test_the_edits_of_fixes_one_after_another_are_those_of_both() -> None:
    for first, second in (
        ((2, 4, "WXY"), (0, 1, "")),
        ((2, 4, "WXY"), (3, 6, "!")),
        ((2, 4, ""), (2, 2, "?")),
        ((5, 5, "+"), (4, 7, "-")),
    ):
        source = Source("mine.arch", "abcdefgh")
        one = Fix("one", (Edit(Span(source, first[0], first[1]), first[2]),))
        between = applied(one, {})
        assert between is not None
        edited = Source("mine.arch", between["mine.arch"])
        two = Fix("two", (Edit(Span(edited, second[0], second[1]), second[2]),))
        both = one_after_another(one, two)
        assert applied(both, {}) == applied(two, between)
        assert both.message == "one; two"


def test_a_right_name_is_shown_though_it_uncovers_what_stands_elsewhere() -> None:
    text = f"{START}conw 3x3 64\nlinear 10\n"
    assert [one.name for one in checked(text).told] == ["unknown-operator"]
    assert offered(text) == [[f"{START}conv 3x3 64\nlinear 10\n"]]


def test_other_mistakes_stay_and_are_not_taken_for_new_ones() -> None:
    text = f"{START}conw 3x3 64\nconv 3x3 frob\nconw 3x3 64\n"
    first, second, third = offered(text)
    assert (first, second) == ([text.replace("conw", "conv", 1)], [])
    assert third == [text[::-1].replace("wnoc", "vnoc", 1)[::-1]]


def test_fixes_in_other_files_are_tried_too(tmp_path: Path) -> None:
    (tmp_path / "parts.arch").write_text("def unit(c) < conw 3x3 c >\n")
    program = checked(f'from "parts.arch" import unit\n{START}unit(8)\n', tmp_path)
    (wrong,) = program.told
    assert [fix.message for fix in wrong.fixes] == ["did you mean `conv`?"]


def test_a_long_program_is_not_read_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []
    inner = Program._again

    def counted(self: Program, texts: object) -> list[Diagnostic]:
        tries.append(1)
        return inner(self, texts)  # type: ignore[arg-type]

    monkeypatch.setattr(Program, "_again", counted)
    short = checked(START + "conw 3x3 64\n" * 500)
    assert len(short.told) == 500
    assert 0 < len(tries) <= 60
    tries.clear()
    assert sum(bool(one.fixes) for one in checked(START + "conw 3x3 64\n" * 20_000).told) == len(tries) <= 10
    tries.clear()
    assert len(checked(START + "3x3 conv, 64\n" * 1000).told) == 1000
    assert 0 < len(tries) <= 5, "each try words a thousand mistakes"


def test_the_exception_of_the_api_has_tried_fixes() -> None:
    with pytest.raises(archdsl.ArchError) as caught:
        archdsl.loads(f"{START}conv 3x3 64 / comment\n", "mine.arch")
    (wrong,) = caught.value.diagnostics
    assert wrong.fixes == ()


def test_a_text_that_is_only_formatted_gets_tried_fixes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.arch"
    path.write_text(f"{START}conv 3x3 64 |> relu\nconv 3x3 64 / (1\n", encoding="utf-8")
    assert main(["fmt", "--color", "never", str(path)]) == 1
    shown = capsys.readouterr().err
    assert "help: write `conv 3x3 64 ; relu`" in shown
    assert shown.count("help:") == 1
