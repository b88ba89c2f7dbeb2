"""Name maps: their format, what they make of tensors, to which networks they belong, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from helpers.folders import ROOT
from helpers.small_weights import TEXT, Filled, filled, output, small

import archdsl
from archdsl.backends.torch.weights.expressions import (
    BadExpression,
    DoesNotFit,
    evaluate,
    names_in,
    parse,
    text_of,
    to_json,
)
from archdsl.backends.torch.weights.name_map import map_of, parse_map
from archdsl.backends.torch.weights.rules import Rule, expand
from archdsl.diagnostics import Refusal
from archdsl.ir.digest import network_digest

pytestmark = pytest.mark.torch

THEIRS = {
    "stem.conv1.*": "features.0.*",
    "stem.bn1.*": "features.1.*",
    "stage1.{b}.conv1.*": "features.{2*b+3}.body.0.*",
    "stage1.{b}.bn1.*": "features.{2*b+3}.body.1.*",
    "head.linear1.weight": {"permute": {"concat": ["head.first", "head.second"], "axis": 1}, "axes": [1, 0]},
    "head.linear1.bias": {"reshape": {"slice": "head.bias", "axis": 1, "from": 2, "to": 12}, "to": [-1]},
}


def document(arch: Any = None, **change: Any) -> dict[str, Any]:
    digest = network_digest((arch or small()).network)
    return {"schema": "archdsl.weights-map/1", "network": digest, "tensors": THEIRS} | change


def foreign(state: dict[str, Any]) -> dict[str, Any]:
    """The state under other names and in other forms."""
    found = {}
    for name, value in state.items():
        number = re.match(r"stage1\.(\d)\.(conv|bn)1\.(.*)", name)
        if number:
            found[f"features.{2 * int(number[1]) + 3}.body.{0 if number[2] == 'conv' else 1}.{number[3]}"] = value
    found |= {
        name.replace("stem.conv1", "features.0").replace("stem.bn1", "features.1"): value
        for name, value in state.items()
        if name.startswith("stem.")
    }
    turned = state["head.linear1.weight"].T
    found["head.first"], found["head.second"] = turned[:, :3], turned[:, 3:]
    found["head.bias"] = torch.cat([torch.zeros(2), state["head.linear1.bias"], torch.ones(1)])[None]
    return found


@pytest.fixture(scope="module")
def source() -> Filled:
    return filled(seed=1)


# Loading by a map


@pytest.mark.parametrize("form", ["document", "file"])
def test_a_map_makes_every_tensor(source: Filled, tmp_path: Path, form: str) -> None:
    ours = filled(seed=2)
    given: Any = document()
    if form == "file":
        (tmp_path / "map.json").write_text(json.dumps(given))
        given = tmp_path / "map.json"
    report = ours.arch.load_weights(ours.module, foreign(source.state), map=given)
    assert torch.equal(output(ours.module), output(source.module))
    assert dict(report.loaded)["head.linear1.weight"] == "permute(concat(head.first, head.second, axis 1), 1, 0)"
    assert dict(report.loaded)["stage1.1.bn1.running_var"] == "features.5.body.1.running_var"
    assert report.left == ()
    assert "the given name map" in report.read_as or "map.json`" in report.read_as


def test_wrappers_and_further_tensors_do_not_matter(source: Filled) -> None:
    ours = filled(seed=2)
    state = {"model": {f"module.{name}": value for name, value in foreign(source.state).items()} | {"loss.w": torch.ones(1)}}
    report = ours.arch.load_weights(ours.module, state, map=document())
    assert torch.equal(output(ours.module), output(source.module))
    assert report.left == ("loss.w",)


def test_without_the_map_the_names_are_unknown(source: Filled) -> None:
    with pytest.raises(Refusal, match="none of the file's names is known"):
        source.arch.load_weights(source.module, foreign(source.state))


def test_a_tensor_that_the_map_wants_is_missing(source: Filled) -> None:
    state = foreign(source.state)
    state["head.frist"] = state.pop("head.first")
    with pytest.raises(
        Refusal, match=r"lacks 1 of \d+ tensors[^§]*missing: head\.first; the nearest name there is head\.frist"
    ):
        source.arch.load_weights(source.module, state, map=document())


def test_a_tensor_does_not_have_the_form_that_the_map_wants(source: Filled) -> None:
    state = foreign(source.state) | {"head.bias": torch.ones(5)}
    with pytest.raises(Refusal, match=r"head\.linear1\.bias: \[10\] in the network, \[5\] in the file"):
        source.arch.load_weights(source.module, state, map=document())


def test_another_number_of_classes_in_part(source: Filled) -> None:
    tensors = THEIRS | {"head.linear1.*": "fc.*"}
    del tensors["head.linear1.weight"], tensors["head.linear1.bias"]
    state = foreign(source.state) | {"fc.weight": torch.ones(10, 8), "fc.bias": torch.ones(10)}
    ours = filled(seed=2, classes=5)
    given = document(tensors=tensors)
    with pytest.raises(Refusal, match=r"\[5, 8\] in the network, \[10, 8\] in the file"):
        ours.arch.load_weights(ours.module, state, map=given)
    report = ours.arch.load_weights(ours.module, state, map=given, strict=False)
    assert [other.name for other in report.other_shapes] == ["head.linear1.weight", "head.linear1.bias"]
    assert len(report.loaded) == 18


# To which network a map belongs


LAYOUT = TEXT.replace("arch net(", "# A comment.\narch other(").replace(
    "; bn ; relu >\nstage", "\n  bn  # here too\n  relu\n>\nstage"
)
SAME = {
    "comments, layout and its name": archdsl.loads(LAYOUT, filename="other.arch"),
    "another input": small(inputs={"image": (3, 40, 24)}),
    "another number of classes": small(classes=3),
    "more dropout": small(rate=0.5),
    "a definition": archdsl.loads(
        TEXT.replace("block < residual", "block unit").replace("< conv 3x3 8 ; bn ; relu > > >\nhead", ">\nhead")
        + "def unit() < residual < conv 3x3 8 ; bn ; relu > >\n",
        filename="net.arch",
    ),
    "a named output": archdsl.loads(
        TEXT.replace("(depth) <", "(depth) <").replace("\nhead", "\noutput mid\nhead"), filename="net.arch"
    ),
}
OTHER = {
    "another epsilon": small(eps=0.01),
    "another depth": small(depth=3),
    "another activation": archdsl.loads(TEXT.replace("bn ; relu > > >", "bn ; gelu > > >"), filename="net.arch"),
    "another stride": archdsl.loads(TEXT.replace("stem < conv 3x3 8", "stem < conv 3x3 8 stride=2"), filename="net.arch"),
    "another name": archdsl.loads(TEXT.replace("< conv 3x3 8 ; bn", "< first: conv 3x3 8 ; bn", 1), filename="net.arch"),
    "another order": archdsl.loads(
        TEXT.replace("conv 3x3 8 ; bn ; relu > > >", "conv 3x3 8 ; relu ; bn > > >"), filename="net.arch"
    ),
    "no residual": archdsl.loads(
        TEXT.replace("residual < conv 3x3 8 ; bn ; relu >", "< conv 3x3 8 ; bn ; relu >"), filename="net.arch"
    ),
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_what_does_not_change_the_digest(other: Any) -> None:
    assert network_digest(other.network) == network_digest(small().network)


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_what_changes_the_digest(other: Any) -> None:
    assert network_digest(other.network) != network_digest(small().network)


def test_the_digest_stays_from_version_to_version() -> None:
    """Maps that users keep depend on it: where this number changes, every one of them is refused."""
    assert network_digest(small().network) == "33d7c0bda3c97b3f7253cba132001b4c"


def test_a_map_of_another_network_is_refused(source: Filled) -> None:
    other = document(small(depth=3))
    sentence = (
        f"for another network: it has the digest {other['network']}, and this network has {network_digest(source.arch.network)}"
    )
    with pytest.raises(Refusal, match=sentence):
        source.arch.load_weights(source.module, foreign(source.state), map=other)
    del other["network"]
    with pytest.raises(Refusal, match=f'has `"network": "{network_digest(source.arch.network)}"`'):
        source.arch.load_weights(source.module, foreign(source.state), map=other)


# What a map can be


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no schema": ({"schema": "mine"}, '`"schema": "archdsl.weights-map/1"`'),
    "another key": ({"extra": 1}, "has no `extra`"),
    "a number for a digest": ({"network": 3}, "under `network` the digest"),
    "a list of tensors": ({"tensors": ["a"]}, "under `tensors` an object"),
    "sources": ({"sources": "a"}, "under `sources` lists of names"),
    "same names": ({"same_names": ["a"]}, "under `same_names` an object"),
    "no entry": ({"tensors": {"stem.*": "*"}}, r"no entry for `stage1\.0\.conv1\.weight`"),
    "an idle entry": ({"tensors": THEIRS | {"stem.conv9.*": "a.*"}}, r"entry of `stem\.conv9\.\*` fits no tensor"),
    "a number": (
        {"tensors": {"stem.*": 3}},
        "entry of `stem.*` needs the name of a tensor, or an object with one of `reshape`",
    ),
    "two words": ({"tensors": {"a": {"reshape": "b", "permute": "b"}}}, "needs the name of a tensor"),
    "a word too many": (
        {"tensors": {"a": {"slice": "b", "axis": 0, "from": 1, "to": 2, "step": 2}}},
        "`slice`, which goes with `axis`, `from`, `to`",
    ),
    "a negative axis": ({"tensors": {"a": {"concat": ["b"], "axis": -1}}}, "`axis`, which needs a whole number of at least 0"),
    "axes": ({"tensors": {"a": {"permute": "b", "axes": [0, "1"]}}}, "`axes`, which needs a list of whole numbers"),
    "nothing to join": ({"tensors": {"a": {"concat": [], "axis": 0}}}, "`concat`, which needs a list of expressions"),
    "a letter twice": ({"tensors": {"a{b}.{b}": "b"}}, "is not a pattern"),
    "a star inside": ({"tensors": {"a.*.b": "b"}}, "is not a pattern"),
    "an unknown letter": ({"tensors": {"a{b}": "b{c}"}}, "takes up `c`, which is not on its left"),
    "an unknown rest": ({"tensors": {"a": "b.*"}}, r"takes up `\*`, which is not on its left"),
    "a wrong formula": ({"tensors": {"a{b}": "b{b*2}"}}, r"has `b\{b\*2\}`"),
}


@pytest.mark.parametrize(("change", "sentence"), BAD.values(), ids=BAD)
def test_what_is_not_a_map(source: Filled, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        source.arch.load_weights(source.module, foreign(source.state), map=document(**change))


def test_files_that_are_not_maps(source: Filled, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    for content, sentence in {
        "{": "a name map is JSON, and this is not",
        "[]": "a name map is an object with",
        '{"schema": "a", "schema": "b"}': "has `schema` twice",
        "[" * 100_000: "a name map is JSON, and this is not",
    }.items():
        path.write_text(content)
        with pytest.raises(Refusal, match=sentence):
            source.arch.load_weights(source.module, source.state, map=path)
    with pytest.raises(Refusal, match=r"the name map `.*none\.json` cannot be read: no such file"):
        source.arch.load_weights(source.module, source.state, map=tmp_path / "none.json")
    with pytest.raises(
        Refusal, match="a name map is a file, a document or a source such as `timm:resnet50`; this is of type `int`"
    ):
        source.arch.load_weights(source.module, source.state, map=3)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="there is no name map of `timm:resnet50` for this network; there are none"):
        source.arch.load_weights(source.module, source.state, map="timm:resnet50")


# Expressions and patterns


X = {"x": torch.arange(24.0).reshape(4, 6), "y": torch.arange(6.0)}
EXPRESSIONS = [
    ("x", "x", lambda x, y: x),
    ({"reshape": "x", "to": [2, -1]}, "reshape(x, 2, -1)", lambda x, y: x.reshape(2, 12)),
    ({"reshape": "x"}, "reshape(x)", lambda x, y: x.reshape(24)),
    ({"permute": "x", "axes": [1, 0]}, "permute(x, 1, 0)", lambda x, y: x.T),
    ({"slice": "x", "axis": 1, "from": 1, "to": 3}, "slice(x, 1, 1:3)", lambda x, y: x[:, 1:3]),
    (
        {"concat": [{"reshape": "y", "to": [1, 6]}, "x"], "axis": 0},
        "concat(reshape(y, 1, 6), x, axis 0)",
        lambda x, y: torch.cat([y[None], x]),
    ),
    ({"zeros_like": "y"}, "zeros_like(y)", lambda x, y: y * 0),
]


@pytest.mark.parametrize(("written", "text", "meaning"), EXPRESSIONS, ids=[text for _, text, _ in EXPRESSIONS])
def test_expressions(written: Any, text: str, meaning: Any) -> None:
    expression = parse(written)
    assert torch.equal(evaluate(expression, X, (24,)), meaning(X["x"], X["y"]))
    assert to_json(expression) == written
    assert text_of(expression) == text
    assert set(names_in(expression)) <= set(X)


@pytest.mark.parametrize(
    "written",
    [
        {"reshape": "x", "to": [5, 5]},
        {"reshape": "x", "to": [-1, -1]},
        {"permute": "x", "axes": [0]},
        {"permute": "x", "axes": [0, 2]},
        {"slice": "x", "axis": 2, "from": 0, "to": 1},
        {"slice": "x", "axis": 0, "from": 3, "to": 9},
        {"slice": "x", "axis": 0, "from": 3, "to": 1},
        {"concat": ["x", "y"], "axis": 0},
        {"concat": ["x", "x"], "axis": 2},
    ],
)
def test_expressions_that_do_not_fit(written: Any) -> None:
    with pytest.raises(DoesNotFit, match="cannot be made of"):
        evaluate(parse(written), X, (24,))


def test_depth_is_limited() -> None:
    deep: Any = "x"
    for _ in range(50):
        deep = {"reshape": deep}
    with pytest.raises(BadExpression):
        parse(deep)


def test_patterns() -> None:
    rules = [
        Rule("a.0.w", "exact"),
        Rule("a.{n}.w", "t{3*n-3}.{n+1}"),
        Rule("a.{n}.{m}.*", "s{2*n+m-1}.*"),
        Rule("a.{n}.*", "rest{n}.*"),
    ]
    names = ["a.0.w", "a.1.w", "a.2.1.x.y", "a.2.0", "a.4.b"]
    made = {name: text_of(entry) for name, entry in expand(rules, names).items()}
    assert made == {"a.0.w": "exact", "a.1.w": "t0.2", "a.2.1.x.y": "s4.x.y", "a.2.0": "rest2.0", "a.4.b": "rest4.b"}
    assert Rule("a.{n}.w", "b").applied_to("a.01.w") is None


def test_the_pages_examples_are_maps() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "grammar" / "weights.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    assert len(parse_map(blocks[0]).rules) == 5
    weights = torch.randn(12, 3, 64, 768)
    expression = parse(json.loads(blocks[1]))
    blocked = evaluate(expression, {"attn.qkv.weight": weights.reshape(2304, 768)}, (2304, 768))
    assert torch.equal(blocked[768:832], weights[0, 1])


def test_a_map_may_come_from_any_mapping() -> None:
    from types import MappingProxyType

    assert map_of(MappingProxyType(document())).rules[0].left == "stem.conv1.*"
