"""`archdsl check --input-sizes`: the sizes that a file accepts, as text and as JSON. Must not find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archdsl.checks.input_sizes import Answer, Axis, Modes, Sizes, SizeSet


def in_words(name: str, answer: Answer | None) -> str:
    """A line for each set."""
    if answer is None:
        return f"{name}: no input whose size is known"
    return "\n".join([f"{name}:", *_lines(answer.weights_fit, answer.network_exists)])


def _lines(weights: Modes, exists: Modes) -> list[str]:
    lines = [f"  weights_fit: {_accepted(weights.inference)}", f"  network_exists: {_accepted(exists.inference)}"]
    if (weights.training, exists.training) != (weights.inference, exists.inference):
        lines += ["  in training, with the auxiliary heads:"]
        lines += [f"    weights_fit: {_accepted(weights.training)}", f"    network_exists: {_accepted(exists.training)}"]
    return lines


def _accepted(sizes: Sizes | None) -> str:
    from archdsl.wording.sizes import accepted

    return accepted(sizes) if sizes is not None else "no weights, since the declared input settles none"


def to_json(answers: Mapping[str, Answer | None]) -> list[dict[str, Any]]:
    """For each file `weights_fit` and `network_exists`, in inference and in training; null if there is nothing to report."""
    return [
        {
            "file": name,
            "weights_fit": _modes(answer.weights_fit) if answer is not None else None,
            "network_exists": _modes(answer.network_exists) if answer is not None else None,
        }
        for name, answer in answers.items()
    ]


def _modes(modes: Modes) -> dict[str, Any]:
    return {"inference": _sizes(modes.inference), "training": _sizes(modes.training)}


def _sizes(sizes: Sizes | None) -> dict[str, Any] | None:
    if sizes is None:
        return None
    from archdsl.wording.sizes import accepted

    return {
        "text": accepted(sizes),
        "independent": sizes.independent,
        "axes": [{"axes": [_axis(a) for a in stretch.axes], "sizes": _set(stretch.sizes)} for stretch in sizes.stretches],
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {"input": axis.input, "axis": axis.position}


def _set(sizes: SizeSet | None) -> dict[str, Any] | None:
    """`listed`: these; and from `from` up those whose remainder by `period` is in `remainders`."""
    if sizes is None:
        return None
    return {
        "listed": list(sizes.early),
        "from": sizes.start,
        "period": sizes.period,
        "remainders": list(sizes.rests),
    }
