"""`archdsl compare FILE…`: architectures side by side, as a table and a chart. Must not compute, lay out or draw."""

from __future__ import annotations

import argparse
from pathlib import Path

from archdsl.cli.options import UsageError, add_format, add_overrides, add_size, names_of
from archdsl.cli.output import add_force, check_place, put
from archdsl.cli.screen import Screen

EXAMPLE = "archdsl compare resnet50 vit_b_16 convnext_tiny --sort=-macs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl compare`."""
    from archdsl.backends.charts import ACCURACIES, CHARTS
    from archdsl.backends.charts import FORMATS as ENDINGS
    from archdsl.backends.tables.compare import FORMATS

    parser.add_argument("files", metavar="FILE", nargs="+", help="paths, names in the zoo, or - for standard input")
    add_overrides(parser, " of every FILE")
    parser.add_argument("--columns", metavar="NAME,…", help="metrics and facts of `meta`: name,params,macs,year")
    parser.add_argument("--sort", metavar="NAME", help="sort by a column; --sort=-NAME puts the largest first")
    add_size(parser)
    add_format(parser, FORMATS)
    endings = ", ".join(f".{ending}" for ending in ENDINGS)
    parser.add_argument("--plot", metavar="OUT", help=f"also draw a chart into a file ({endings})")
    kinds = "; ".join(f"{kind}: {meaning}" for kind, meaning in CHARTS.items())
    parser.add_argument("--chart", choices=tuple(CHARTS), help=f"what `--plot` draws (default: complexity; {kinds})")
    parser.add_argument("--accuracy", choices=ACCURACIES, help="which accuracy (default: the one that more FILEs have)")
    add_force(parser)


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl compare`; return its exit code."""
    from archdsl.backends.tables.compare import comparison
    from archdsl.cli.loading import load
    from archdsl.comparison import Compared, origin_of

    for option in ("force", "chart", "accuracy"):
        if options.plot is None and getattr(options, option):
            raise UsageError(f"`--{option}` is about a chart, so it needs `--plot`")
    options.chart = options.chart or "complexity"
    path = None if options.plot is None else _picture(options.plot, options.chart, len(options.files))
    columns = names_of(options.columns)
    archs = [load(options, name) for name in options.files]
    costs = [arch.cost(options.batch, options.dtype) for arch in archs]
    for cost, name in zip(costs, _told_apart([cost.name for cost in costs], options.files), strict=True):
        cost.name = name
    compared = Compared(costs, origin_of(archs), columns, options.sort)
    # A chart that cannot be drawn is reported before anything is printed or written.
    drawn = None if path is None else compared.chart(path.suffix[1:].lower(), options.chart, options.accuracy)
    screen.result(comparison(compared.table, options.format, None if columns else screen.width))
    if path is not None and drawn is not None:
        read = [file for arch in archs for file in arch.files]
        put(path, drawn, path.suffix, force=options.force, read=read)
        screen.remark(f"wrote {path}")
    return 0


def _told_apart(names: list[str], files: list[str]) -> list[str]:
    """The names of the architectures; if several have the same name, their FILEs."""
    return [file if names.count(name) > 1 else name for name, file in zip(names, files, strict=True)]


def _picture(name: str, chart: str, files: int) -> Path:
    """The file to draw into.

    Raises:
        UsageError: its name has another extension, its folder does not exist, or the chart does not take this many FILEs.
    """
    from archdsl.backends.charts import FORMATS

    path = Path(name)
    if path.suffix[1:].lower() not in FORMATS:
        raise UsageError(f"`--plot` needs a name that ends in {', '.join(f'.{one}' for one in FORMATS)}, not `{name}`")
    if chart == "layers" and files != 2:
        raise UsageError(f"`--chart layers` shows two FILEs side by side, not {files}")
    check_place(path)
    return path
