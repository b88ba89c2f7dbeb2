"""The sets of tensors that a file holds: inside wrappers, after prefixes, raw and averaged. Must not know the network's names.

Training scripts keep weights under a key (`{"model": {"state_dict": …}}`), and what wraps a module while it is trained puts
words before its names (`module.`, `_orig_mod.`). Both are taken away here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archdsl.diagnostics import Refusal
from archdsl.records import NamedTuple

if TYPE_CHECKING:
    from typing import TypeGuard

    from numpy import ndarray
    from torch import Tensor

_RAW_KEYS = frozenset(
    ("state_dict", "model_state_dict", "model_state", "model", "module", "params", "net", "network", "weights", "backbone")
)
_AVERAGED_KEYS = frozenset(
    ("state_dict_ema", "ema_state_dict", "model_ema", "ema_model", "ema", "params_ema", "model_ema_state_dict", "shadow_params")
)
_PREFIXES = ("module", "_orig_mod", "_forward_module", "model", "backbone", "net", "network")
_AVERAGED_PREFIXES = ("model_ema", "ema_model", "ema")
_INSIDE = frozenset(("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"))
"""What wraps modules inside of others."""
_COUNTS_AVERAGES = "n_averaged"
"""The counter in the state of `torch.optim.swa_utils.AveragedModel`."""
_DEEPEST = 6


class TensorSet(NamedTuple):
    """Tensors by name.

    Attributes:
        place: where in the file they are: the keys and prefixes before their names, for people; "" for the file itself.
        averaged: whether they are averages of the weights over training (EMA).
        beside: names of tensors of the same set that do not have the prefix.
    """

    place: str
    averaged: bool
    tensors: dict[str, Tensor]
    beside: tuple[str, ...] = ()


def sets_of(found: Mapping[Any, Any], ema: bool | None, own: frozenset[str]) -> list[TensorSet]:
    """The sets that may be the weights, raw or averaged as `ema` asks.

    Args:
        own: the first parts of the network's own names, which do not mark averaged weights.

    Raises:
        Refusal: there are no tensors, or raw and averaged ones and `ema` does not say which, or not the ones it asks for.
    """
    every = [part for whole in _nested(found, (), False) for part in _by_average(whole, own)]
    if not every:
        raise Refusal(_without_tensors(found))
    raw, averaged = ([one for one in every if one.averaged is wanted] for wanted in (False, True))
    has_raw = any(tensor.ndim for one in raw for tensor in one.tensors.values())
    if ema is None and averaged and has_raw:
        places = " and ".join(f"`{one.place}`" for one in (next(one for one in raw if one.tensors), averaged[0]) if one.place)
        where = f" ({places})" if places else ""
        raise Refusal(
            f"there are raw and averaged weights (EMA){where}: `ema=True` takes the averaged ones, `ema=False` the raw"
        )
    if ema is True and not averaged:
        raise Refusal("`ema=True` needs averaged weights, but none are marked as averaged")
    if ema is False and not has_raw:
        raise Refusal("`ema=False` needs raw weights, but there are only averaged ones (EMA)")
    return averaged if averaged and ema is not False else raw


def views_of(whole: TensorSet) -> list[TensorSet]:
    """The set under its names as they are, and under those after each prefix that a wrapper may have put there."""
    found = [whole]
    waiting = [""]
    while waiting:
        before = waiting.pop()
        for word in _PREFIXES:
            prefix = f"{before}{word}."
            inside = {name[len(prefix) :]: tensor for name, tensor in whole.tensors.items() if name.startswith(prefix)}
            if inside:
                beside = tuple(name for name in whole.tensors if not name.startswith(prefix))
                place = ".".join(part for part in (whole.place, prefix.removesuffix(".")) if part)
                found.append(TensorSet(place, whole.averaged, inside, beside))
                waiting.append(prefix)
    return found


def _nested(found: Mapping[Any, Any], keys: tuple[str, ...], averaged: bool) -> Iterator[TensorSet]:
    tensors = {str(key): _tensor(value) for key, value in found.items() if _is_tensor(value)}
    if tensors:
        averaged = averaged or _COUNTS_AVERAGES in tensors
        yield TensorSet(".".join(keys), averaged, _unwrapped(tensors))
    if len(keys) == _DEEPEST:
        return
    for key, value in found.items():
        if isinstance(value, Mapping) and (key in _RAW_KEYS or key in _AVERAGED_KEYS):
            yield from _nested(value, (*keys, str(key)), averaged or key in _AVERAGED_KEYS)


def _by_average(whole: TensorSet, own: frozenset[str]) -> Iterator[TensorSet]:
    """A flat set in which averaged weights are beside the raw ones under a prefix of their own."""
    rest = whole.tensors
    for word in _AVERAGED_PREFIXES:
        if word in own:
            continue
        inside = {name[len(word) + 1 :]: tensor for name, tensor in rest.items() if name.startswith(f"{word}.")}
        if any(tensor.ndim for tensor in inside.values()):
            rest = {name: tensor for name, tensor in rest.items() if not name.startswith(f"{word}.")}
            yield TensorSet(".".join(part for part in (whole.place, word) if part), True, inside)
    if rest:
        yield TensorSet(whole.place, whole.averaged, rest)


def _unwrapped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without the words that wrap modules inside of others, unless two names would be one."""
    if not any(word in name for name in tensors for word in _INSIDE):
        return tensors
    short = {".".join(part for part in name.split(".") if part not in _INSIDE): tensor for name, tensor in tensors.items()}
    return short if len(short) == len(tensors) else tensors


def _is_tensor(value: object) -> TypeGuard[Tensor | ndarray[Any, Any]]:
    import torch

    return isinstance(value, torch.Tensor) or (type(value).__module__ == "numpy" and type(value).__name__ == "ndarray")


def _tensor(value: Tensor | ndarray[Any, Any]) -> Tensor:
    """A tensor as it is; a NumPy array as a tensor of the same numbers.

    Raises:
        Refusal: the array holds something other than numbers.
    """
    import torch

    if isinstance(value, torch.Tensor):
        return value.detach()
    try:
        # A copy: the array may be read-only, or run backwards.
        return torch.from_numpy(value.copy())
    except (TypeError, ValueError):
        raise Refusal(f"there is a NumPy array of {value.dtype}, and weights are floating-point numbers") from None


def _without_tensors(found: Mapping[Any, Any]) -> str:
    if not found:
        return "there are no weights: it is empty"
    holders = [str(key) for key, value in found.items() if isinstance(value, Mapping) and any(map(_is_tensor, value.values()))]
    if holders:
        names = ", ".join(f"`{name}`" for name in holders[:5])
        return f"the weights are under keys that archdsl does not know ({names}): give what is under one of them"
    keys = ", ".join(f"`{key}`" for key in list(found)[:5])
    return f"there are no tensors by name: the keys are {keys}"
