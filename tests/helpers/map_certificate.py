"""Name maps proven by outputs, and the record of it. Must not find the maps.

Their network gets random weights and random statistics, its state dict goes through `Arch.load_weights` with the map into ours,
and both run on the same input: in evaluation, and in training too where heads run there only.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any, NamedTuple

import torch

import archdsl
from archdsl.backends.torch.weights.name_map import SCHEMA
from archdsl.ir.digest import network_digest
from helpers.comparison import apart, example
from helpers.folders import TESTS, ZOO
from helpers.map_rules import rules_of
from helpers.map_sources import Candidate
from helpers.name_maps import built, correspondence, on_meta
from helpers.oracle import randomise, without_chance

FOLDER = ZOO / "weights"
PAGE = FOLDER / "README.md"
KEPT = TESTS / "zoo" / "weights_certificate.json"
TOLERANCE = {"float64": 1e-10, "float32": 1e-4}
"""The largest relative difference of outputs that are the same."""
HEAD = """\
# Name maps, certified

A file here says of what tensors of another library's network each tensor of a zoo entry is made. `load_weights` and
`archdsl weights` take it when a file has exactly these names; [the page on weights](../../grammar/weights.md) has the format.

`python tests/zoo/certify_maps.py` makes the maps and this page. A map is found module by module and proven by outputs:
their network gets random weights and random statistics of normalisations, its state dict is loaded into ours with the map,
and both run on the same random input. The error is the largest difference of any output number, relative to the
largest output number. Up to {float64:.0e} in float64 the networks are the same; what differs has no map, and stands here too.

*also* names networks of the same library with the same names and shapes that compute something else. Where every library
that has these names has such a twin, a file alone does not say which it is, and is refused until `map=` says it.

{maps} maps for {entries} entries, from {sources} networks; the largest error of a map is {largest:.1e}.

"""


class Proof(NamedTuple):
    """What a comparison found.

    Attributes:
        network: the digest of ours.
        library: whose theirs is, with its version.
        tensors: how many tensors of ours were made.
        input: the input's shape without the batch.
        dtype: in which both ran.
        training: whether they were compared in training too.
        error: the largest relative difference of outputs; None where their tensors do not even correspond.
        also: networks with the same names and shapes and other outputs.
    """

    network: str
    library: str
    tensors: int
    input: list[int]
    dtype: str
    training: bool
    error: float | None
    also: list[str]

    @property
    def is_same(self) -> bool:
        return self.error is not None and self.error <= TOLERANCE[self.dtype]


def map_for(candidate: Candidate) -> dict[str, Any]:
    """The name map of a candidate, as JSON has it; not yet proven.

    Raises:
        AssertionError: their tensors do not correspond to ours.
    """
    arch = archdsl.load(candidate.entry)
    with on_meta():
        theirs = candidate.build()
    rules = rules_of(correspondence(arch.module(device="meta"), theirs))
    network = network_digest(arch.network)
    return {"schema": SCHEMA, "network": network, "sources": [candidate.source], "same_names": {}, "tensors": rules}


def prove(candidate: Candidate, given: Any, dtype: str) -> Proof:
    """Compare outputs, with weights that go through the map.

    Args:
        given: the map, as `Arch.load_weights` takes it; None for the one that is taken by the names alone.
    """
    (image,) = archdsl.load(candidate.entry).inputs
    arch = archdsl.load(candidate.entry, inputs={image: candidate.shape})
    kind = getattr(torch, dtype)
    theirs = built(candidate.build).to(kind)
    randomise(theirs)
    mine = arch.module(device="meta", dtype=kind)
    report = arch.load_weights(mine, theirs.state_dict(), map=given)
    training = len(arch.outputs) > 1
    error = apart(mine.eval(), theirs.eval(), example(candidate.shape, 1).to(kind))
    if training:
        without_chance(mine)
        without_chance(theirs)
        error = max(error, apart(mine.train(), theirs.train(), example(candidate.shape, 2).to(kind)))
    library = f"{candidate.library} {version(candidate.library)}"
    also: list[str] = []
    return Proof(network_digest(arch.network), library, len(report.loaded), list(candidate.shape), dtype, training, error, also)


def twins_apart(candidate: Candidate, twin: Candidate) -> bool:
    """Whether a network with the same names and shapes computes something else."""
    theirs, others = built(candidate.build).eval(), built(twin.build).eval()
    randomise(theirs)
    others.load_state_dict(theirs.state_dict())
    x = example(candidate.shape, 1).float()
    try:
        return apart(others, theirs, x) > TOLERANCE["float32"]
    except (AssertionError, RuntimeError):
        # Another output's shape, or it does not take this input.
        return True


# The record


def kept() -> dict[str, Proof]:
    """What the comparisons found, by `ENTRY SOURCE`."""
    if not KEPT.exists():
        return {}
    return {key: Proof(**value) for key, value in json.loads(KEPT.read_text(encoding="utf-8")).items()}


def keep(key: str, proof: Proof) -> None:
    entries = {**kept(), key: proof}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entries[name]._asdict())}" for name in sorted(entries))
    KEPT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def write_maps(entry: str, maps: list[dict[str, Any]]) -> None:
    """The proven maps of an entry; those that do the same are one file, with several sources."""
    for old in FOLDER.glob(f"{entry}.*.json"):
        old.unlink()
    merged: list[dict[str, Any]] = []
    for one in maps:
        same = next((other for other in merged if other["tensors"] == one["tensors"]), None)
        if same is None:
            merged.append(dict(one))
        else:
            same["sources"] = [*same["sources"], *one["sources"]]
            same["same_names"] = {**same["same_names"], **one["same_names"]}
    for one in merged:
        library = one["sources"][0].partition(":")[0]
        document = {key: value for key, value in one.items() if value or key != "same_names"}
        (FOLDER / f"{entry}.{library}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def page() -> str:
    """The page beside the maps."""
    proofs = kept()
    same = {key: proof for key, proof in proofs.items() if proof.is_same}
    lines = [
        HEAD.format(
            float64=TOLERANCE["float64"],
            maps=len(list(FOLDER.glob("*.json"))),
            entries=len({key.split()[0] for key in same}),
            sources=len({key.split()[1] for key in same}),
            largest=max((proof.error or 0 for proof in same.values() if proof.dtype == "float64"), default=0),
        ),
        "| entry | source | library | tensors | input | in | error | map | also |\n",
        f"|{' --- |' * 9}\n",
    ]
    for key, proof in proofs.items():
        entry, source = key.split()
        error = "other tensors" if proof.error is None else f"{proof.error:.1e}" if proof.error else "0"
        mode = proof.dtype + (", t" if proof.training else "")
        cells = (entry, source, proof.library, str(proof.tensors), "x".join(map(str, proof.input)), mode, error)
        also = ", ".join(proof.also)
        lines.append(f"| {' | '.join(cells)} | {'yes' if proof.is_same else 'no'} | {also} |\n".replace("|  |", "| |"))
    return "".join(lines)
