"""Contracts: what each relation means, what a failed one says, and names that do not exist."""

from __future__ import annotations

from fractions import Fraction

import pytest

import archdsl
from archdsl.analysis.contracts import check, rounded
from archdsl.diagnostics import Diagnostic

NET = """
arch net
input x[3, 32, 32]
stem < conv 3x3 64 ; bn ; relu >
stage x3 < residual < conv 3x3 64 ; conv 1x1 64 > >
head < gap ; features: identity ; output features ; linear 10 >
aux extra < linear 20 >
"""
# By hand: 3*9*64 + 64, 2*64; three times 64*9*64 + 64 and 64*64 + 64; 650.
PARAMS = 1792 + 128 + 3 * (36_928 + 4_160) + 650


def failures(*lines: str, text: str = NET) -> list[Diagnostic]:
    arch = archdsl.loads(text + "".join(f"expect {line}\n" for line in lines))
    return check(arch.network, arch.cost())


@pytest.mark.parametrize(
    "line",
    [
        f"params == {PARAMS:_}",
        f"params != {PARAMS + 1}",
        f"params <= {PARAMS}",
        f"params >= {PARAMS}",
        f"params < {PARAMS + 1}",
        f"params > {PARAMS} - 1",
        "params ~= 126K",
        "params ~= 125.8K",
        "params ~= 125.83K",
        "params ~= 0.13M",
        "params.aux == 220",
        "macs.aux == 200",
        "memory == 10*256KB + 256 + 40",
        "stem.memory == 64*32*32*4",
        "stem.memory == 256KB",
        "memory(conv) ~= 1.75MB",
        "memory(ln) == 0",
        "params(fc) == 650",
        "stage1.2.conv1.macs == 64*64*9*32*32",
        "stage1.out == [64, 32, 32]",
        "out == [10]",
        "out.extra == [20]",
        "depth == 8",
        "receptive_field == [9, 9]",
        "receptive_field == 9",
        "receptive_field.windows == [9, 9]",
        "receptive_field <= [9, 9]",
        "receptive_field <= [9, 10]",
        "receptive_field < [10, 10]",
        "receptive_field >= [9, 8]",
        "receptive_field > [8, 8]",
        "receptive_field != [9, 8]",
        "stage1.out <= [64, 32, 32]",
        "stride <= [8, 8]",
        "stem.conv1.receptive_field < [4, 4]",
        "stride == 1",
        "peak <= 1MB",
    ],
)
def test_these_hold(line: str) -> None:
    assert failures(line) == []


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("params == 100", f"`params` is {PARAMS:,}, not `100`"),
        (f"params != {PARAMS}", f"`params` is {PARAMS:,}, equal to `{PARAMS}`"),
        ("params < 100", f"`params` is {PARAMS:,}, not below `100`"),
        ("params > 1M", f"`params` is {PARAMS:,}, not above `1M`"),
        ("params >= 1M", f"`params` is {PARAMS:,}, below `1M`"),
        ("params <= 100K", f"`params` is {PARAMS:,}, above `100K`"),
        ("params ~= 125K", f"`params` is {PARAMS:,}, not about `125K`"),
        ("out == [64, 32, 32]", "`out` is [10], not `[64, 32, 32]`"),
        ("out != [10]", "`out` is [10], equal to `[10]`"),
        ("receptive_field < [9, 10]", "`receptive_field` is [9, 9], not below `[9, 10]`"),
        ("receptive_field <= [10, 8]", "`receptive_field` is [9, 9], not at most `[10, 8]`"),
        ("receptive_field > [8, 9]", "`receptive_field` is [9, 9], not above `[8, 9]`"),
        ("receptive_field >= [10, 9]", "`receptive_field` is [9, 9], not at least `[10, 9]`"),
        ("receptive_field <= [10, 10, 10]", "`receptive_field` is [9, 9], not at most `[10, 10, 10]`"),
        ("receptive_field == 14", "`receptive_field` is [9, 9], not `14`"),
        ("stage1.0.depth == 3", "`stage1.0.depth` is 2, not `3`"),
        ("memory(conv) >= 2MB", "`memory(conv)` is 1,835,008, below `2MB`"),
    ],
)
def test_these_fail_with_the_measured_value(line: str, headline: str) -> None:
    (diagnostic,) = failures(line)
    assert (diagnostic.name, diagnostic.severity, diagnostic.message) == ("contract-failed", "error", headline)
    assert diagnostic.primary is not None
    assert line.startswith(diagnostic.primary.span.text)


def test_a_failure_names_the_layers_that_weigh_most() -> None:
    (diagnostic,) = failures("params == 1")
    blocks = "`stage1.0.conv1` 36,928 (29.3 %) x3, `stage1.0.conv2` 4,160 (3.3 %) x3"
    assert diagnostic.notes == (f"the heaviest layers: {blocks}, `stem.conv1` 1,792 (1.4 %)",)
    (edit,) = diagnostic.fixes[0].edits
    assert (edit.span.text, edit.text) == ("1", f"{PARAMS:_}")


def test_a_failed_peak_names_the_worst_moment() -> None:
    (diagnostic,) = failures("peak == 1KB")
    assert "the worst moment is at `stage1.0.conv2`" in diagnostic.notes


MIDDLE = """\
arch middle
input x[3, 32, 32]
conv 3x3 8 stride=2
expect {contract}
conv 3x3 16 stride=2
"""


def test_a_contract_in_the_middle_says_what_it_speaks_of() -> None:
    (diagnostic,) = failures(text=MIDDLE.format(contract="out == [8, 16, 16]"))
    assert diagnostic.message == "`out` is [16, 8, 8], not `[8, 16, 16]`"
    assert diagnostic.notes[0] == (
        "a contract is about the whole network, wherever it is written; `expect conv1.out …` of the step above"
    )
    assert [fix.message for fix in diagnostic.fixes] == ["of the step above it holds: `conv1.out`"]
    (edit,) = diagnostic.fixes[0].edits
    assert failures(text=MIDDLE.format(contract=f"{edit.text}out == [8, 16, 16]")) == []


def test_one_that_fails_of_the_step_above_as_well_gets_the_right_number() -> None:
    (diagnostic,) = failures(text=MIDDLE.format(contract="out == [8, 15, 15]"))
    assert diagnostic.notes[0].startswith("a contract is about the whole network")
    assert diagnostic.fixes[0].message == "if the network is right, the contract should be `[16, 8, 8]`"


def test_one_that_holds_of_the_network_is_fine_wherever_it_stands() -> None:
    assert failures(text=MIDDLE.format(contract="out == [16, 8, 8]")) == []


def test_one_at_the_end_or_of_a_part_needs_no_note() -> None:
    for text in ("arch a\ninput x[3, 8, 8]\nconv 3x3 4\nexpect out == [3]\n", MIDDLE.format(contract="conv1.out == [3]")):
        (diagnostic,) = failures(text=text)
        assert not any("wherever it stands" in note for note in diagnostic.notes)


def test_about_says_what_it_rounds_to_in_the_unit_that_was_written() -> None:
    (diagnostic,) = failures("memory(conv) ~= 1.7MB")
    assert diagnostic.notes[0] == "rounded to 2 digits it is 1.8MB"
    (diagnostic,) = failures("memory(conv) < 1MB")
    assert diagnostic.notes[0] == "it is 1.75MB"


def test_shapes_are_compared_axis_by_axis() -> None:
    (diagnostic,) = failures("stage1.out == [64, 16, 32]")
    assert diagnostic.comparison is not None
    assert diagnostic.comparison.axes == (1,)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        ("4089184256", 2, "4.1e9"),
        ("48.65", 3, "48.7"),
        ("48.649999", 3, "48.6"),
        ("0.00125", 2, "0.0013"),
        ("999.96", 4, "1000"),
        ("7", 3, "7"),
        ("0", 3, "0"),
        ("25", 1, "30"),
    ],
)
def test_rounding_takes_halves_up(value: str, digits: int, expected: str) -> None:
    assert rounded(Fraction(value), digits) == Fraction(expected)


def test_about_rounds_in_the_unit_of_the_literal() -> None:
    # 49,784 KiB are 48.617 MiB and 50.98 million bytes; the lecture prints 48.6 MB.
    text = "arch a\ninput x[1, 1, 1]\nconv 1x1 12_744_704\n"
    assert failures("memory ~= 48.6MB", text=text) == []
    assert len(failures("memory ~= 51.0MB", text=text)) == 1
    assert failures("memory ~= 51.0M", text=text) == []


@pytest.mark.parametrize(
    ("line", "name", "headline", "hint"),
    [
        ("parms == 4", "unknown-metric", "there is no metric `parms`", "params"),
        ("stem.parms == 4", "unknown-metric", "there is no metric `parms`", "params"),
        ("stag1.params == 4", "unknown-part", "there is no part `stag1` in this network", "stage1"),
        ("stage1.0.conv9.params == 4", "unknown-part", "there is no part `conv9` in `stage1.0`", "conv2"),
        ("stage1.0.conv1.deep.params == 4", "unknown-part", "there is no part `deep` in `stage1.0.conv1`", None),
        ("memory(conf) == 4", "unknown-part", "there is no operator `conf`", "conv"),
        ("depth(conv) == 4", "unknown-metric", "`depth` is not a metric of an operator", None),
        ("out.extr == [20]", "unknown-part", "this network has no output `extr`", "extra"),
        ("stem.out.extra == [20]", "unknown-part", "`stem` has no output `extra`", None),
    ],
)
def test_names_that_are_none(line: str, name: str, headline: str, hint: str | None) -> None:
    (diagnostic,) = failures(line)
    assert (diagnostic.name, diagnostic.message) == (name, headline)
    assert [edit.text for fix in diagnostic.fixes for edit in fix.edits] == ([hint] if hint else [])


def test_formulas_are_compared_as_formulas() -> None:
    text = "arch one\ninput x[C, H, W]\nconv 3x3 in.c\n"
    assert failures("params == 9*C**2 + C", "macs == 9*C**2*H*W", "out == [C, H, W]", "params > 9*C**2", text=text) == []
    (wrong,) = failures("params == 9*C**2", text=text)
    assert wrong.message == "`params` is 9*C**2 + C, not `9*C**2`"
    (open_,) = failures("params <= 1000", text=text)
    assert open_.message == "whether `params <= 1000` holds depends on the free dimensions"
    assert len(failures("params ~= 1.0K", text=text)) == 1


def test_what_cannot_be_worked_out_fails_with_the_reason() -> None:
    text = "arch mlp\ninput x[8]\nlinear 3\n"
    (diagnostic,) = failures("receptive_field == 3", text=text)
    assert diagnostic.message.startswith("`receptive_field` cannot be computed: the input has no positions")


def test_every_contract_is_checked_in_the_order_of_the_text() -> None:
    found = failures("params == 1", "out == [10]", "macs == 1", "depth == 1")
    assert [diagnostic.message.split("`")[1] for diagnostic in found] == ["params", "macs", "depth"]


def test_overridden_networks_are_not_checked() -> None:
    arch = archdsl.loads("arch a(c=4)\ninput x[3, 8, 8]\nconv 1x1 c\nexpect params == 16\n", c=5)
    assert check(arch.network, arch.cost()) == []


def test_contracts_speak_of_batch_one_whatever_the_report_is_for() -> None:
    arch = archdsl.loads(NET + "expect stem.memory == 256KB\nexpect macs(linear) == 640\n")
    assert check(arch.network, arch.cost(batch=16, dtype="float16")) == []


@pytest.mark.parametrize(
    ("step", "wanted", "setting"),
    [
        ("deconv 3x3 1 stride=2 pad=same", "[1, 28, 30]", "output_pad=1"),
        ("deconv 3x3 1 stride=[2,3] pad=same", "[1, 28, 43]", "output_pad=[1, 0]"),
        # Nothing makes these: a stride of 2 has one row to give, channels none, and one that is written is meant.
        ("deconv 3x3 1 stride=2 pad=same", "[1, 29, 31]", None),
        ("deconv 3x3 1 stride=2 pad=same", "[2, 28, 30]", None),
        ("deconv 3x3 1 stride=2 pad=same output_pad=0", "[1, 28, 30]", None),
        ("conv 3x3 1", "[1, 15, 16]", None),
    ],
)
@pytest.mark.parametrize("place", ["", "up."])
def test_a_transposed_convolution_of_another_size_is_offered_its_output_pad(
    step: str, wanted: str, setting: str | None, place: str
) -> None:
    text = f"arch net\ninput x[3, 14, 15]\nup: {step}\n"
    (found,) = failures(f"{place}out == {wanted}", text=text)
    edits = [edit for fix in found.fixes for edit in fix.edits if "output_pad" in edit.text]
    if setting is None:
        assert edits == []
        return
    (edit,) = edits
    changed = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert changed == f"arch net\ninput x[3, 14, 15]\nup: {step} {setting}\n"
    assert failures(f"{place}out == {wanted}", text=changed) == []
