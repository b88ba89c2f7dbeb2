"""How diagnostics look, to the character."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archdsl.diagnostics import CallStep, Comparison, Diagnostic, Edit, Fix, Label, ShapeLine
from archdsl.diagnostics.strip import Strip, show, width
from archdsl.diagnostics.terminal import draw, draw_all
from archdsl.text import Source, Span

PROGRAM = """\
arch x
input image[3, 224, 224]
default conv bias=false

def shortcut(c, stride) <
  if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >
>


def bottleneck(c, stride=1) <
  residual <
    conv 1x1 c               ; bn ; relu
    conv 3x3 c stride=stride ; bn ; relu
  | conv 1x1 (4*c) ; bn
  >
  relu
>

stage x3 < block bottleneck(c=64) >
"""
SOURCE = Source("mine.arch", PROGRAM)


def span(part: str, occurrence: int = 0, source: Source = SOURCE) -> Span:
    """The place of the n-th `part` in the source."""
    at = -1
    for _ in range(occurrence + 1):
        at = source.text.index(part, at + 1)
    return Span(source, at, at + len(part))


def error(*labels: Label, **rest: object) -> Diagnostic:
    return Diagnostic("a-name", "error", "it is wrong", labels, **rest)  # type: ignore[arg-type]


def rendering(text: str) -> str:
    return dedent(text).strip("\n")


def test_the_drawing_of_the_house() -> None:
    behind_conv = span(" ; bn\n  >").start
    diagnostic = Diagnostic(
        "shape-mismatch",
        "error",
        "`residual` cannot add its branches: their shapes differ",
        (
            Label(span("residual"), "both branches must have one shape", primary=True),
            Label(span("stride=stride", 1), "this halves the height and width"),
        ),
        Comparison(
            (ShapeLine("branch 1", ("256", "28", "28")), ShapeLine("branch 2", ("256", "56", "56"), "identity")), (1, 2)
        ),
        ("the height was set by `image`",),
        (Fix("give the shortcut the same stride", (Edit(Span(SOURCE, behind_conv, behind_conv), " stride=stride"),)),),
        (CallStep("bottleneck", span("bottleneck", 1)),),
    )
    assert draw(diagnostic, color=False) == rendering("""
        error[shape-mismatch]: `residual` cannot add its branches: their shapes differ
           ┌─ mine.arch:11:3
           │
        11 │   residual <
           │   ^^^^^^^^ both branches must have one shape
        13 │     conv 3x3 c stride=stride ; bn ; relu
           │                ------------- this halves the height and width
           │
           = branch 1  [256, 28, 28]
           = branch 2  [256, 56, 56]   (identity)
                             ~~  ~~
           = the height was set by `image`
           = in block `bottleneck`, used at mine.arch:19
        help: give the shortcut the same stride
           │
        14 │   | conv 1x1 (4*c) stride=stride ; bn
           │                   ++++++++++++++
    """)


def test_several_texts_on_one_line_hang_from_right_to_left() -> None:
    labels = (
        Label(span("1x1"), "first"),
        Label(span("c stride=stride"), "second", primary=True),
        Label(span("bn"), "third"),
    )
    assert draw(error(*labels), color=False) == rendering("""
        error[a-name]: it is wrong
          ┌─ mine.arch:6:44
          │
        6 │   if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >
          │                                        --- ^^^^^^^^^^^^^^^   -- third
          │                                        │   │
          │                                        │   second
          │                                        first
    """)


def test_the_primary_mark_wins_where_marks_overlap() -> None:
    labels = (Label(span("c stride=stride"), "wide"), Label(span("stride=stride"), "narrow", primary=True))
    assert draw(error(*labels), color=False) == rendering("""
        error[a-name]: it is wrong
          ┌─ mine.arch:6:46
          │
        6 │   if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >
          │                                            --^^^^^^^^^^^^^
          │                                            │ │
          │                                            │ narrow
          │                                            wide
    """)


def test_lines_that_are_left_out_are_marked() -> None:
    labels = (Label(span("default"), "", primary=True), Label(span("relu\n>"), "far below"))
    # The second label ends with the line's end and the `>` below: it is a mark over two lines.
    assert draw(error(*labels), color=False) == rendering("""
        error[a-name]: it is wrong
           ┌─ mine.arch:3:1
           │
         3 │   default conv bias=false
           │   ^^^^^^^
         … │
        16 │ ╭   relu
        17 │ │ >
           │ ╰─- far below
    """)


def test_marks_over_several_lines_nest() -> None:
    whole = Span(SOURCE, span("shortcut").start, span(">\n\nstage").start + 1)
    inner = Span(SOURCE, span("residual").start, span("  >\n  relu").start + 3)
    assert draw(error(Label(inner, "inner", primary=True), Label(whole, "outer")), color=False) == rendering("""
        error[a-name]: it is wrong
           ┌─ mine.arch:11:3
           │
         5 │     def shortcut(c, stride) <
           │ ╭───────-
         … │ │
        11 │ │ ╭   residual <
        12 │ │ │     conv 1x1 c               ; bn ; relu
        13 │ │ │     conv 3x3 c stride=stride ; bn ; relu
        14 │ │ │   | conv 1x1 (4*c) ; bn
        15 │ │ │   >
           │ │ ╰───^ inner
        17 │ │   >
           │ ╰───- outer
    """)


def test_each_file_has_its_frame_the_primary_one_first() -> None:
    library = Source("lib/parts.arch", "def f(c) <\n  conv 3x3 c\n>\n")
    labels = (Label(span("conv", source=library), "defined here"), Label(span("block"), "called here", primary=True))
    assert draw(error(*labels), color=False) == rendering("""
        error[a-name]: it is wrong
           ┌─ mine.arch:19:12
           │
        19 │ stage x3 < block bottleneck(c=64) >
           │            ^^^^^ called here
           │
           ┌─ lib/parts.arch:2:3
           │
         2 │   conv 3x3 c
           │   ---- defined here
    """)


def test_tabs_wide_and_combining_characters_keep_the_marks_in_place() -> None:
    source = Source("wide.arch", "\tconv 漢字 e\u0301 bn\n")
    labels = (Label(span("字", source=source), "wide", primary=True), Label(span("bn", source=source), "behind"))
    assert draw(error(*labels), color=False) == rendering("""
        error[a-name]: it is wrong
          ┌─ wide.arch:1:8
          │
        1 │     conv 漢字 é bn
          │            ^^   -- behind
          │            │
          │            wide
    """).replace("é", "e\u0301")


def test_an_empty_place_at_the_end_of_the_text_is_shown() -> None:
    source = Source("open.arch", "stem < conv 3x3 64")
    label = Label(Span(source, 18, 18), "`>` is missing", primary=True)
    assert draw(error(label), color=False) == rendering("""
        error[a-name]: it is wrong
          ┌─ open.arch:1:19
          │
        1 │ stem < conv 3x3 64
          │                   ^ `>` is missing
    """)


def test_a_long_line_is_shown_around_its_marks() -> None:
    source = Source("long.arch", "a" * 1000 + " conv " + "b" * 1000)
    assert draw(error(Label(span("conv", source=source), "here", primary=True)), color=False) == rendering(f"""
        error[a-name]: it is wrong
          ┌─ long.arch:1:1002
          │
        1 │ …{"a" * 29} conv {"b" * 49}…
          │  {" " * 29} ^^^^ here
    """)


def test_the_longest_line_costs_no_more_than_it_shows() -> None:
    strip = Strip("x" * 50_000_000, [25_000_000])
    assert len(strip.text) < 200


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\x7f", "\x9b", "\u202e", "\u2028", "\ud800", "\r"])
def test_no_control_character_reaches_the_terminal(sign: str) -> None:
    source = Source(f"evil{sign}.arch", f"conv {sign}[31m 3x3\n")
    diagnostic = Diagnostic(
        "a-name",
        "error",
        f"message {sign}",
        (Label(Span(source, 0, 4), f"label {sign}", primary=True),),
        Comparison((ShapeLine(f"title {sign}", (f"axis {sign}",), f"remark {sign}"),), (0,)),
        (f"note {sign}",),
        (Fix(f"fix {sign}", (Edit(Span(source, 0, 4), f"edit {sign}"),)),),
        (CallStep(f"call {sign}", Span(source, 0, 4)),),
    )
    assert sign not in draw(diagnostic, color=False)
    assert show(sign) == (f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}")


def test_a_note_of_several_lines_cannot_pass_for_a_diagnostic() -> None:
    drawn = draw(error(notes=("first\nerror[fake]: second",)), color=False)
    assert drawn.splitlines()[1:] == ["  = first", "    error[fake]: second"]


def test_a_very_long_message_loses_its_middle() -> None:
    drawn = draw(Diagnostic("a-name", "error", "x" * 100_000), color=False)
    assert len(drawn) < 1000
    assert " … " in drawn


def test_colours_change_nothing_but_the_colour() -> None:
    import re

    diagnostic = error(
        Label(span("residual"), "one", primary=True),
        Label(Span(SOURCE, span("residual").start, span("  >\n  relu").start + 3), "two"),
        comparison=Comparison((ShapeLine("a", ("1", "2")), ShapeLine("b", ("1", "3"))), (1,)),
        fixes=(Fix("do it", (Edit(span("c=64"), "c=128"),)),),
    )
    colored = draw(diagnostic, color=True)
    assert "\x1b[" in colored
    plain = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert [line.rstrip() for line in plain.splitlines()] == draw(diagnostic, color=False).splitlines()


def test_comparisons_align_their_axes_and_mark_the_differing_ones() -> None:
    rows = (ShapeLine("current value", ("64", "112", "112")), ShapeLine("@skip", ("1024", "7", "H//2 + 1"), "from `skip`"))
    drawn = draw(error(comparison=Comparison(rows, (0, 2))), color=False)
    assert drawn.splitlines()[1:] == [
        "  = current value  [  64, 112,      112]",
        "  = @skip          [1024,   7, H//2 + 1]   (from `skip`)",
        "                    ~~~~       ~~~~~~~~",
    ]


def test_shapes_with_different_numbers_of_axes_stay_as_they_are() -> None:
    rows = (ShapeLine("a", ("64", "7", "7")), ShapeLine("bb", ("1000",), "flat"))
    drawn = draw(error(comparison=Comparison(rows)), color=False)
    assert drawn.splitlines()[1:] == ["  = a   [64, 7, 7]", "  = bb  [1000]       (flat)"]


def test_a_long_call_path_shows_its_ends() -> None:
    path = tuple(CallStep(f"f{number}", span("block")) for number in range(10))
    drawn = draw(error(call_path=path), color=False).splitlines()[1:]
    assert [line.split("`")[1] for line in drawn if "`" in line] == ["f0", "f1", "f2", "f7", "f8", "f9"]
    assert drawn[3] == "  = … and 4 calls between"


def test_a_fix_that_takes_away_shows_what_goes() -> None:
    drawn = draw(error(fixes=(Fix("remove it", (Edit(span(" stride=stride"), ""),)),)), color=False)
    assert drawn.splitlines()[1:] == [
        "help: remove it",
        "  │",
        "6 │   if (stride != 1 or in.c != c) < conv 1x1 c stride=stride ; bn >",
        "  │                                             --------------",
    ]


def test_a_fix_of_several_lines_shows_each() -> None:
    edits = (Edit(span("bias=false"), "bias=true"), Edit(span("  relu\n>"), "  flatten\n  relu\n>"))
    drawn = draw(error(fixes=(Fix("do both", edits),)), color=False)
    assert drawn.splitlines()[1:] == [
        "help: do both",
        "   │",
        " 3 │ default conv bias=true",
        "   │              ~~~~~~~~~",
        " … │",
        "16 │   flatten",
        "   │ ~~~~~~~~~",
        "17 │   relu",
        "   │ ~~~~~~",
        "18 │ >",
        "   │ ~",
    ]


def many(severity: str, number: int, start: int = 0) -> list[Diagnostic]:
    source = Source("many.arch", "x\n" * 200)
    return [
        Diagnostic("a-name", severity, f"{severity} {at}", (Label(Span(source, 2 * at, 2 * at + 1), primary=True),))  # type: ignore[arg-type]
        for at in range(start, start + number)
    ]


def test_twenty_are_shown_and_the_rest_is_counted() -> None:
    drawn = draw_all(many("error", 27), color=False)
    assert drawn.count("error[a-name]") == 20
    assert drawn.endswith("\n\nand 7 more")
    assert draw_all(many("error", 27), color=False, limit=None).count("error[a-name]") == 27
    assert "more" not in draw_all(many("error", 20), color=False)


def test_warnings_give_way_to_errors_and_the_order_stays() -> None:
    drawn = draw_all(many("warning", 30) + many("error", 2, start=50), color=False)
    assert drawn.count("warning[a-name]") == 18
    assert drawn.index("warning 17") < drawn.index("error 50") < drawn.index("error 51") < drawn.index("and 12 more")


def test_widths() -> None:
    assert [width(text) for text in ("conv", "漢字", "e\u0301", "×")] == [4, 4, 1, 1]


TEXTS = st.text(st.one_of(st.sampled_from("ab <>|\t\n\r漢é\u0301\u202e\x1b\u200d"), st.characters()), max_size=300)
PLACES = st.lists(st.tuples(st.integers(0, 320), st.integers(0, 320), st.booleans(), TEXTS), min_size=1, max_size=6)


@given(TEXTS, PLACES, TEXTS)
def test_any_text_with_any_marks_can_be_drawn(text: str, places: list[tuple[int, int, bool, str]], new: str) -> None:
    source = Source("any.arch", text)
    spans = [Span(source, *sorted((min(a, len(text)), min(b, len(text))))) for a, b, _, _ in places]
    labels = tuple(Label(one, said, primary) for one, (_, _, primary, said) in zip(spans, places, strict=True))
    drawn = draw(error(*labels, fixes=(Fix("fix", (Edit(spans[0], new),)),)), color=False)
    frame = drawn.partition("\nhelp: fix")[0]
    assert not [character for character in drawn if character != "\n" and show(character) != character]
    assert frame.startswith("error[a-name]: it is wrong\n")
    assert all(show(said).rstrip(" ") in frame for _, _, _, said in places)
    signs = {"^" if label is labels[0] or label.primary else "-" for label in labels}
    assert signs & set(frame)
