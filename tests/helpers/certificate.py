"""The zoo's certificate, `zoo/README.md`: counts of our own beside counts of others, and what their outputs differed by.

`pytest tests/zoo/test_certificate.py --update-golden` writes it anew. Counts are computed afresh; the comparisons of outputs,
which take long, are those that `pytest tests/zoo/test_oracle.py --record` kept in `tests/zoo/zoo_certificate.json`. Must not
compare or load torch itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

from archdsl.cli.screen import counted
from archdsl.resources import zoo_folder, zoo_names
from helpers.entries import cost_of, entry
from helpers.folders import TESTS
from helpers.lecture_figures import FIGURES, exact, printed, verdict

if TYPE_CHECKING:
    from helpers.comparison import Compared
    from helpers.oracle import Oracle

FOLDER = TESTS / "zoo"
KEPT = FOLDER / "zoo_certificate.json"
PAGE = zoo_folder() / "README.md"
ERRORS = {"top1_error": "top-1", "top5_error": "top-5"}
TOLERANCE = 1e-8
"""A relative difference from which on outputs are not the same."""

HEAD = """\
# The zoo, certified

{entries} architectures in {families} families, one file each: those of the lecture "Vision Architectures Since
AlexNet", all {classifiers} classifiers of torchvision 0.28 and its {segmentation} segmentation networks, and networks of
timm that say something new. Each file names the paper and the year, the accuracy where its source gives one, and states
the exact counts as contracts (`expect`). If a paper or the lecture prints a different number, a comment says why.

```
archdsl zoo list --family resnet --max-params 25M
archdsl zoo show resnet50
archdsl check zoo
```

Weights of torchvision's and timm's networks load by the [name maps](weights/README.md).

This page is generated (`pytest tests/zoo/test_certificate.py --update-golden`), and a test fails where it is stale.

## The certificate

Parameters are those of the network in inference; those of its auxiliary heads follow after a `+`. MACs are
multiply-accumulates, batch 1, of convolutions, linear layers, matrix products and attention. The *oracle* is an
independent count: torchvision 0.28.0 or timm 1.0.31 on PyTorch's meta device. If neither has the network, it is a count
from the paper. {counted} of {countable} entries agree exactly. The others have free sizes, so their costs are formulas.

*Same output as* names the network that was given the same weights: torchvision's, timm's, or *plain*, which is PyTorch
written by hand in the tests. Its parameter tensors and ours are matched one to one, in order and by shape, so neither
network has a tensor that the other lacks. Weights and statistics are random, and both networks run in float64 on an
input of the given size. *e* means that they were compared in evaluation. *t* means also in training, with batch
statistics and auxiliary heads, but without dropout and stochastic depth. *once* marks networks with more than 300
million parameters, in which each repetition of equal blocks runs only once, in both networks. The *difference* is the
largest difference of any output number, relative to the largest output number. Below 1e-8 the outputs count as equal.
{equal} of {entries} are equal, and the largest difference is {largest:.1e}.

*Lecture* summarizes the second table. An accuracy is only quoted, because only training could check it.

"""

LECTURE = """
## The lecture's figures

`rounded`: the exact number, rounded to the printed digits, is the printed one. `cut off`: the printed number results
only if digits are cut off.
MB and KB are 1024² and 1024 bytes of float32; K, M and G are 10³, 10⁶ and 10⁹; FLOP are multiply-accumulates.

"""


class Row(NamedTuple):
    """One entry: the facts of its text, its counts, and the two kinds of proof."""

    name: str
    meta: dict[str, Any]
    cost: Any
    counted: dict[str, Any] | None
    kept: dict[str, Any]


def kept() -> dict[str, dict[str, Any]]:
    """What the comparisons found, by entry."""
    found: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def record(name: str, oracle: Oracle, found: Compared) -> None:
    """Keep what a comparison found."""
    library = oracle.library if oracle.library == "plain" else f"{oracle.library} {version(oracle.library)}"
    about = {"library": library, "change": oracle.change, "input": list(oracle.shape), "once": oracle.once}
    entries = {**kept(), name: {**about, **found._asdict()}}
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(entries[key])}" for key in sorted(entries))
    KEPT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def rows() -> list[Row]:
    """The entries by family and name."""
    counts = json.loads((FOLDER / "zoo_counts.json").read_text(encoding="utf-8"))["entries"]
    compared = kept()
    found = []
    for name in zoo_names():
        own = [row for row in counts.get(name, ()) if not row.keys() & {"set", "image", "edit", "heads"}]
        found.append(Row(name, entry(name).meta, cost_of(name), own[0] if own else None, compared[name]))
    return sorted(found, key=lambda row: (row.meta["family"], row.name))


def page() -> str:
    """The whole page."""
    entries = rows()
    known = [row["id"] for row in (entry.counted for entry in entries) if row is not None]
    head = HEAD.format(
        entries=len(entries),
        families=len({row.meta["family"] for row in entries}),
        classifiers=sum(name.startswith("tv/") for name in known),
        segmentation=sum(name.startswith("tvseg/") for name in known),
        counted=sum(map(agrees, entries)),
        countable=len(known),
        equal=sum(row.kept["difference"] < TOLERANCE for row in entries),
        largest=max(row.kept["difference"] for row in entries),
    )
    columns = ("entry", "family", "year", "parameters", "oracle", "MACs", "oracle", "same output as", "difference", "lecture")
    return head + _table(columns, map(_cells, entries)) + LECTURE + _lecture()


def agrees(row: Row) -> bool:
    """Whether the oracle counted what we count."""
    return row.counted is not None and (row.cost.params, row.cost.macs) == (row.counted["params"], row.counted["macs"])


def _cells(row: Row) -> tuple[str, ...]:
    params, macs = _number(row.cost.params), _number(row.cost.macs)
    if row.cost.params_aux:
        params += f" + {row.cost.params_aux:,}"
        macs += f" + {row.cost.macs_aux:,}"
    name = f"[{row.name}]({row.name}.arch)"
    return (
        *(name, row.meta["family"], str(row.meta["year"]), params, _counted(row, "params"), macs, _counted(row, "macs")),
        *(_against(row.kept), f"{row.kept['difference']:.1e}" if row.kept["difference"] else "0", _printed(row)),
    )


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else f"`{value}`"


def _counted(row: Row, name: str) -> str:
    """The oracle's count; of an entry with free sizes that of the network that was compared."""
    if row.counted is None:
        return f"{row.kept['params']:,} at {_size(row.kept)}" if name == "params" else ""
    aux = f" + {row.counted['aux'][name]:,}" if "aux" in row.counted else ""
    return f"{row.counted[name]:,}{aux}"


def _size(entry: dict[str, Any]) -> str:
    return "x".join(str(axis) for axis in entry["input"])


def _against(entry: dict[str, Any]) -> str:
    change = f", with {entry['change']}" if entry["change"] else ""
    once = ", once" if entry["once"] else ""
    modes = "t" if entry["training"] else "e"
    return f"{entry['library']}{change}; {counted(entry['tensors'], 'tensor')}{once}; {_size(entry)}, {modes}"


def _printed(row: Row) -> str:
    """The lecture's numbers for an entry, with the verdict."""
    parts = [f"{ERRORS[key]} error {float(row.meta[key]):g} (quoted)" for key in quoted(row)]
    own = [figure for figure in FIGURES if figure.entry == row.name]
    bad = [figure.what for figure in own if verdict(figure, row.cost) == "differs"]
    if own:
        parts.append(f"{len(own) - len(bad)} of {len(own)} figures come out")
    return "; ".join([*parts, *(f"{what} differs" for what in bad)])


def quoted(row: Row) -> list[str]:
    """The errors that the entry has from the lecture: all of them, or those that its source says so of."""
    source = str(row.meta.get("source", ""))
    whole = source.startswith("the lecture")
    return [key for key, word in ERRORS.items() if key in row.meta and (whole or f"{word}: the lecture" in source)]


def _lecture() -> str:
    cells = []
    for figure in FIGURES:
        cost = cost_of(figure.entry)
        cells.append((figure.entry, figure.what, printed(figure), exact(figure, cost), verdict(figure, cost), figure.remark))
    return _table(("entry", "figure", "printed", "exact", "verdict", "remark"), cells)


def _table(columns: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *cells]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)
