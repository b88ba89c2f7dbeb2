"""`archdsl cost FILE`: the cost report. Must not compute or lay out any of it."""

from __future__ import annotations

import argparse

from archdsl.cli.options import UsageError, add_file, add_size, add_training, training_choices
from archdsl.cli.screen import Screen

_LAYERS_ONLY = ("csv", "lecture")
"""Formats that hold only the layers."""


EXAMPLE = "archdsl cost resnet50 --by stage --device-spec a100"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `archdsl cost`."""
    from archdsl.analysis.reports.conventions import CONVENTIONS
    from archdsl.analysis.reports.rollup import BY
    from archdsl.backends.tables import FORMATS

    add_file(parser)
    parser.add_argument("--by", choices=BY, help="what a row of the report is (default: layer)")
    parser.add_argument("--format", choices=tuple(FORMATS), default="table", help="how the report is written")
    parser.add_argument("--convention", choices=tuple(CONVENTIONS), help="what counts as an operation (default: macs)")
    add_size(parser)
    add_training(parser, "also the memory of a training step, part by part")
    devices = "its name (`list` shows them), or a .json file that describes one"
    parser.add_argument(
        "--device-spec", metavar="NAME", action=_DeviceSpec, help=f"also the time on a device, by the roofline model: {devices}"
    )
    parser.add_argument("--symbolic", action="store_true", help="also every metric as a formula in the free dimensions")
    parser.add_argument(
        "--free",
        action="append",
        default=[],
        metavar="NAME",
        help="leave an arch parameter free, so that costs become formulas",
    )


class _DeviceSpec(argparse.Action):
    """`--device-spec list` shows the devices in place of a report, as `--help` shows the options."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        if values != "list":
            setattr(namespace, self.dest, values)
            return
        from archdsl.analysis.questions.devices import listing

        Screen().result(listing())
        parser.exit()


def run(options: argparse.Namespace, screen: Screen) -> int:
    """Run `archdsl cost`; return its exit code."""
    from archdsl.analysis.questions.devices import find_device
    from archdsl.backends.tables import report
    from archdsl.cli.loading import load, report_contracts

    training = training_choices(options)
    _refuse_what_a_format_lacks(options)
    device = None if options.device_spec is None else find_device(options.device_spec)
    arch = load(options, options.file)
    cost = arch.cost(options.batch, options.dtype, **training)
    if options.symbolic and not arch.network.symbols:
        screen.remark("archdsl cost: nothing is free, so the formulas are numbers; `--free NAME` leaves a parameter free")
    by, convention = options.by or "layer", options.convention or "macs"
    text = report(arch.network, cost, by, options.format, convention, screen.width, device, symbolic=options.symbolic)
    screen.result(text.removesuffix("\n"))
    return report_contracts(arch, screen)


def _refuse_what_a_format_lacks(options: argparse.Namespace) -> None:
    if options.format not in _LAYERS_ONLY:
        return
    for name in ("training", "device_spec", "symbolic"):
        if getattr(options, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError(f"`--format {options.format}` cannot show `{option}`; table, json, markdown and html can")
    if options.format == "lecture" and (options.by not in (None, "layer") or options.convention not in (None, "lecture")):
        raise UsageError("`--format lecture` is a fixed table: one row per layer, counted by the convention `lecture`")
